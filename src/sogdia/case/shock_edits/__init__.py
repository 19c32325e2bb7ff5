"""Shocks as edits: one function per kind of shock, each of which edits tables with a table editor.

To add a shock, declare its record in :mod:`sogdia.case.shocks`, write its function in the module of its
subject and enter both in :data:`SHOCK_EDITS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sogdia.case.shock_edits.context import ShockContext
from sogdia.case.shock_edits.policy import impose_sanctions, raise_tariff, withdraw_partner
from sogdia.case.shock_edits.power import (
    change_demand,
    change_fuel_price,
    change_inflow,
    change_power_cost,
    close_plants,
)
from sogdia.case.shock_edits.transport import (
    apply_restrictions,
    change_capacity,
    change_delay,
    change_rates,
    close_network,
)
from sogdia.case.shocks import (
    CapacityCut,
    Closure,
    DelayChange,
    DemandChange,
    DryYear,
    FuelPrice,
    PlantOutage,
    PowerCost,
    RateChange,
    Sanction,
    Shock,
    Tariff,
    Withdrawal,
)

SHOCK_EDITS: dict[type[Shock], Callable[[ShockContext, Any], int]] = {
    Closure: close_network,
    CapacityCut: change_capacity,
    DelayChange: change_delay,
    RateChange: change_rates,
    Tariff: raise_tariff,
    Sanction: impose_sanctions,
    Withdrawal: withdraw_partner,
    PlantOutage: close_plants,
    DryYear: change_inflow,
    DemandChange: change_demand,
    FuelPrice: change_fuel_price,
    PowerCost: change_power_cost,
}
"""Function of each kind of shock; it returns the number of rows that the shock applies to."""


def apply_shock(context: ShockContext, shock: Shock) -> int:
    """Edit the tables by a shock; return the number of rows that it applies to."""
    return SHOCK_EDITS[type(shock)](context, shock)


__all__ = ["SHOCK_EDITS", "ShockContext", "apply_restrictions", "apply_shock"]
