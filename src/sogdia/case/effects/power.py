"""Shocks on the power system: inflow, demand, fuel."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sogdia.case.effects.base import Setting
from sogdia.case.growth import DEMAND
from sogdia.case.shocks import DemandChange, DryYear, FuelPrice
from sogdia.case.workbench import Mask

FUEL = "fuel_usd_per_mwh_th"


def _where(frame: pd.DataFrame, economies: Iterable[str]) -> Mask:
    wanted = list(economies)
    everywhere = np.ones(len(frame), dtype=bool)
    return np.asarray(frame["iso3"].isin(wanted).to_numpy(dtype=bool)) if wanted else everywhere


def dry(setting: Setting, shock: DryYear) -> int:
    """Multiply the inflow of every month."""
    profiles = setting.bench.frame("power_profiles")
    mask = _where(profiles, shock.economies) & (profiles["item"] == "hydro_inflow").to_numpy(dtype=bool)
    return setting.bench.scale("power_profiles", mask, "value", shock.factor, setting.why)


def change_demand(setting: Setting, shock: DemandChange) -> int:
    """Multiply the demand of the scenario's year."""
    electricity = setting.bench.frame("electricity")
    mask = _where(electricity, shock.economies) & (electricity["item"] == DEMAND).to_numpy(dtype=bool)
    mask &= (electricity["year"] == setting.year).fillna(False).to_numpy(dtype=bool)
    touched = setting.bench.scale("electricity", mask, "value", shock.factor, setting.why)
    economies = setting.bench.frame("economies")
    there = _where(economies, shock.economies)
    return touched + setting.bench.scale(
        "economies", there, "electricity_demand_gwh", shock.factor, setting.why
    )


def change_fuel_price(setting: Setting, shock: FuelPrice) -> int:
    """Multiply the price of fuel of the chosen carriers."""
    costs = setting.bench.frame("power_costs")
    fuel = costs["carrier"].isin(list(shock.carriers)) & (costs["item"] == FUEL)
    mask = _where(costs, shock.economies) & fuel.to_numpy(dtype=bool)
    return setting.bench.scale("power_costs", mask, "value", shock.factor, setting.why)
