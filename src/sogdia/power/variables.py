"""Kinds of variables and constraints of the linear programme, as PyPSA names them, and Sogdia's own."""

from __future__ import annotations

GENERATION, FLOW = "Generator-p", "Link-p"
STORE, DISPATCH, LEVEL, SPILL = (
    "StorageUnit-p_store",
    "StorageUnit-p_dispatch",
    "StorageUnit-state_of_charge",
    "StorageUnit-spill",
)
GENERATION_CAPACITY, STORAGE_CAPACITY = "Generator-p_nom", "StorageUnit-p_nom"
BALANCE, STORAGE_BALANCE, CO2_CAP = (
    "Bus-nodal_balance",
    "StorageUnit-energy_balance",
    "GlobalConstraint-co2_cap",
)
GENERATION_LIMIT = "Generator-ext-p-upper"
DISPATCH_LIMIT, STORE_LIMIT, LEVEL_LIMIT = (
    "StorageUnit-ext-p_dispatch-upper",
    "StorageUnit-ext-p_store-upper",
    "StorageUnit-ext-state_of_charge-upper",
)
"""Output, charging and level of what is planned, at most its capacity."""
START, FINAL = "Reservoir-start", "Reservoir-final"
"""Level at the start of each period, and at the end of the year."""
CHAIN, CARRY_OVER = "Reservoir-chain", "Reservoir-carry_over"
"""The equation that links periods, and the change of the level over the year."""
LIMIT, YEAR_LIMIT = "Limit-period", "Limit-year"
"""Limits on energy of each period, and of the year."""
SLACK, YEAR_SLACK = "Limit-period_slack", "Limit-year_slack"
"""Energy beyond a limit, which has a cost."""
RESERVE = "Country-reserve_margin"
RAMP = "Class-ramp"
"""Change of output of a class from one hour to the next."""
