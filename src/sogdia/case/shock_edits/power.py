"""Shocks on the power system: outages, inflow, demand, fuel prices, capital costs, value of lost load."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sogdia.case.editor import Mask
from sogdia.case.growth import DEMAND
from sogdia.case.shock_edits.context import ShockContext
from sogdia.case.shocks import DemandChange, DryYear, FuelPrice, PlantOutage, PowerCost
from sogdia.codes import CLOSED

FUEL = "fuel_usd_per_mwh_th"
CAPITAL = "capex_usd_per_"
LOAD_SHEDDING = "load_shedding"
LOST_LOAD = ("vom_usd_per_mwh", "rationing_usd_per_mwh", "disconnection_usd_per_mwh")
LOST_LOAD_BY_COUNTRY = "voll_usd_per_kwh"


def _economy_mask(frame: pd.DataFrame, economies: Iterable[str]) -> Mask:
    requested = list(economies)
    if not requested:
        return np.ones(len(frame), dtype=bool)
    return np.asarray(frame["iso3"].isin(requested).to_numpy(dtype=bool))


def close_plants(context: ShockContext, shock: PlantOutage) -> int:
    """Close the plants; those that do not operate in the year stay as they are."""
    mask = context.editor.frame("plants").index.isin(list(shock.plants))
    context.editor.set("plants", mask, "status", CLOSED, context.reason)
    return int(mask.sum())


def change_inflow(context: ShockContext, shock: DryYear) -> int:
    """Multiply the hydro inflow of every month."""
    profiles = context.editor.frame("power_profiles")
    mask = _economy_mask(profiles, shock.economies) & (profiles["item"] == "hydro_inflow").to_numpy(
        dtype=bool
    )
    return context.editor.scale("power_profiles", mask, "value", shock.factor, context.reason)


def change_demand(context: ShockContext, shock: DemandChange) -> int:
    """Multiply the electricity demand of the scenario's year."""
    electricity = context.editor.frame("electricity")
    mask = _economy_mask(electricity, shock.economies) & (electricity["item"] == DEMAND).to_numpy(dtype=bool)
    mask &= (electricity["year"] == context.year).fillna(False).to_numpy(dtype=bool)
    edited = context.editor.scale("electricity", mask, "value", shock.factor, context.reason)
    economies = context.editor.frame("economies")
    in_economies = _economy_mask(economies, shock.economies)
    return edited + context.editor.scale(
        "economies", in_economies, "electricity_demand_gwh", shock.factor, context.reason
    )


def change_fuel_price(context: ShockContext, shock: FuelPrice) -> int:
    """Multiply the fuel price of carriers."""
    costs = context.editor.frame("power_costs")
    fuel = costs["carrier"].isin(list(shock.carriers)) & (costs["item"] == FUEL)
    mask = _economy_mask(costs, shock.economies) & fuel.to_numpy(dtype=bool)
    return context.editor.scale("power_costs", mask, "value", shock.factor, context.reason)


def change_power_cost(context: ShockContext, shock: PowerCost) -> int:
    """Multiply capital costs of carriers, or the value of lost load."""
    costs = context.editor.frame("power_costs")
    if shock.quantity == "capital":
        rows = costs["item"].str.startswith(CAPITAL)
        if shock.carriers:
            rows &= costs["carrier"].isin(list(shock.carriers))
    else:
        rows = (costs["carrier"] == LOAD_SHEDDING) & costs["item"].isin(LOST_LOAD)
    mask = _economy_mask(costs, shock.economies) & rows.to_numpy(dtype=bool)
    edited = context.editor.scale("power_costs", mask, "value", shock.factor, context.reason)
    if shock.quantity == "capital":
        return edited
    macro = context.editor.frame("macro")
    mask = _economy_mask(macro, shock.economies) & (macro["item"] == LOST_LOAD_BY_COUNTRY).to_numpy(
        dtype=bool
    )
    return edited + context.editor.scale("macro", mask, "value", shock.factor, context.reason)
