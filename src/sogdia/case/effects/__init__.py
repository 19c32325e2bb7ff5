"""Shocks as edits: one function a shock, each of them editing tables on a workbench.

To add a shock, declare its record in :mod:`sogdia.case.shocks`, write its function on the page of its
subject and name the two in :data:`EFFECTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sogdia.case.effects.base import Setting
from sogdia.case.effects.network import apply_restrictions, change_delay, change_rates, close, cut_capacity
from sogdia.case.effects.policy import raise_tariff, sanction, withdraw
from sogdia.case.effects.power import change_demand, change_fuel_price, dry
from sogdia.case.shocks import (
    CapacityCut,
    Closure,
    DelayChange,
    DemandChange,
    DryYear,
    FuelPrice,
    RateChange,
    Sanction,
    Shock,
    Tariff,
    Withdrawal,
)
from sogdia.errors import InputError

EFFECTS: dict[type[Shock], Callable[[Setting, Any], int]] = {
    Closure: close,
    CapacityCut: cut_capacity,
    DelayChange: change_delay,
    RateChange: change_rates,
    Tariff: raise_tariff,
    Sanction: sanction,
    Withdrawal: withdraw,
    DryYear: dry,
    DemandChange: change_demand,
    FuelPrice: change_fuel_price,
}
"""What each shock does; the function returns how many rows it touched."""


def apply_shock(setting: Setting, shock: Shock) -> None:
    """Edit the tables as a shock says.

    Raises:
        InputError: If it touches no row, so that it would silently do nothing.
    """
    if EFFECTS[type(shock)](setting, shock) == 0:
        raise InputError(f"{setting.why.cause}: it touches no row of the region; mend what it names")


__all__ = ["EFFECTS", "Setting", "apply_restrictions", "apply_shock"]
