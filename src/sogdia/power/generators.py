"""Generators: plant classes, unserved energy, trade with neighbours, candidates of an expansion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.arrays import Floats
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import FUEL_CARRIERS, PowerCosts, value_of_lost_load
from sogdia.power.fleet import FLEET, HYDRO, NEW
from sogdia.power.links import boundary_bus
from sogdia.power.profiles import CAPACITY_FACTORS, Profiles
from sogdia.power.reservoirs import BATTERY
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import MONTHS, Snapshots
from sogdia.power.zones import Zones
from sogdia.units import KW_PER_MW

PLANT, SHED, SELLS, BUYS, CANDIDATE = "plant", "shed", "sells", "buys", "candidate"
"""Kinds of generators; a neighbour's sales and purchases are named as in ``power_boundaries``."""
HEAT_RATE_STEPS = 3
"""Steps of heat rate that represent an existing fleet."""
COLUMNS = (
    "bus",
    "kind",
    "iso3",
    "carrier",
    "vintage",
    "p_nom_mw",
    "cost_usd_per_mwh",
    "efficiency",
    "co2_t_per_mwh_th",
    "capital_usd_per_mw",
)


@dataclass(frozen=True, eq=False)
class GeneratorInputs:
    """Inputs of :func:`build_generators`; see :class:`sogdia.power.PowerInputs`."""

    case: Case
    settings: PowerSettings
    snapshots: Snapshots
    zones: Zones
    costs: PowerCosts
    constants: PowerConstants
    profiles: Profiles
    fleet: pd.DataFrame
    fuel_availability: Mapping[tuple[str, str], float]
    neighbours: tuple[str, ...]
    load_mw: Floats


@dataclass(frozen=True, eq=False)
class Generator:
    """One generator.

    Attributes:
        name: Name.
        row: Row of ``generators``.
        p_max: Maximum output, part of ``p_nom_mw``, (T,) or constant.
        p_min: Minimum output, likewise.
    """

    name: str
    row: dict[str, Any]
    p_max: Floats | float
    p_min: Floats | float = 0.0


def build_generators(data: GeneratorInputs) -> tuple[pd.DataFrame, Floats, Floats]:
    """Return all generators, with maximum and minimum output as parts of ``p_nom_mw``, (T, G) each.

    Raises:
        InputError: If a price, a profile or a cost is missing.
    """
    generators = [*_plant_classes(data), *_neighbours(data)]
    if data.settings.shedding:
        generators += _load_shedding(data)
    if data.settings.mode == "expansion":
        generators += _candidates(data)
    shape = (data.profiles.length, 1)
    p_max = np.column_stack([np.broadcast_to(np.reshape(item.p_max, (-1, 1)), shape) for item in generators])
    p_min = np.column_stack([np.broadcast_to(np.reshape(item.p_min, (-1, 1)), shape) for item in generators])
    index = pd.Index([item.name for item in generators], name="name", dtype="str")
    table = pd.DataFrame([item.row for item in generators], index=index, columns=list(COLUMNS))
    return table, p_max, p_min


def _running_cost(data: GeneratorInputs, carrier: str, iso3: str, *, new: bool) -> dict[str, float]:
    """Return the cost of energy, ``(fuel + co2 · price) / efficiency + variable cost``, and its parts."""
    costs = data.costs
    efficiency = costs.efficiency(carrier, iso3, new=new)
    fuel = costs.fuel_usd_per_mwh_th(carrier, iso3) * data.constants.get("fuel", iso3, carrier)
    co2 = costs.get(carrier, "co2_t_per_mwh_th", iso3, 0.0)
    heat = fuel + co2 * data.settings.co2_usd_per_t
    variable = costs.get(carrier, "vom_usd_per_mwh", iso3, 0.0)
    return {
        "cost_usd_per_mwh": heat / efficiency + variable,
        "fuel_usd_per_mwh": heat / efficiency,
        "efficiency": efficiency,
        "co2_t_per_mwh_th": co2,
    }


def _availability(data: GeneratorInputs, carrier: str, iso3: str, *, new: bool) -> Floats | float:
    """Return the maximum output per unit of capacity: the capacity factor, or availability times fuel.

    The calibrated availability describes the state of the existing fleet and does not apply to new plants.
    """
    factor = data.constants.get("availability", iso3, carrier)
    if carrier in CAPACITY_FACTORS:
        return np.minimum(1.0, factor * data.profiles.series(iso3, CAPACITY_FACTORS[carrier]))
    factor = 1.0 if new else factor
    fuel = data.fuel_availability.get((iso3, carrier), 1.0)
    return min(1.0, factor * data.costs.get(carrier, "availability", iso3, 1.0)) * fuel


def _plant_classes(data: GeneratorInputs) -> list[Generator]:
    """Return the plants of each zone, carrier and vintage as one class; both vintages exist, even if empty.

    A plan sets the opening years of plants and with them their vintage. With both vintages in the programme,
    all plans of a region share one network.
    """
    thermal = data.fleet[~data.fleet["carrier"].isin([HYDRO, BATTERY])]
    keys = ["zone", "iso3", "carrier"]
    sums = thermal.groupby([*keys, "vintage"])["capacity_mw"].sum().to_dict()
    generators = []
    for (zone, iso3, carrier), vintage in product(
        sorted(set(thermal[keys].itertuples(index=False, name=None))), (FLEET, NEW)
    ):
        new = vintage == NEW
        available = _availability(data, carrier, iso3, new=new)
        running = _running_cost(data, carrier, iso3, new=new)
        row = {"bus": zone, "kind": PLANT, "iso3": iso3, "carrier": carrier, "vintage": vintage}
        capacity = float(sums.get((zone, iso3, carrier, vintage), 0.0))
        for suffix, share, heat_rate, fuel in _class_parts(data, carrier, iso3, new=new):
            cost = running["cost_usd_per_mwh"] - running["fuel_usd_per_mwh"]
            terms = {
                "p_nom_mw": capacity * share,
                "cost_usd_per_mwh": cost + fuel * heat_rate * running["fuel_usd_per_mwh"],
                "efficiency": running["efficiency"] / heat_rate,
                "co2_t_per_mwh_th": running["co2_t_per_mwh_th"],
                "capital_usd_per_mw": 0.0,
            }
            name = " ".join((zone, carrier, vintage, *suffix))
            generators.append(Generator(name, {**row, **terms}, available))
    return generators


def _class_parts(
    data: GeneratorInputs, carrier: str, iso3: str, *, new: bool
) -> list[tuple[tuple[str, ...], float, float, float]]:
    """Return the parts of a class: name suffix, share, heat rate over the mean, share of fuel that it pays.

    The heat rates of an existing fuel-fired fleet are spread evenly around the mean. The must-run part of
    combined heat and power spends its fuel in any case and therefore comes first in the merit order.
    """
    if new or carrier not in FUEL_CARRIERS:
        return [((), 1.0, 1.0, 1.0)]
    heat = data.constants.get("heat_led", iso3, carrier)
    spread = data.constants.get("spread", iso3)
    must_run = [(("heat",), heat, 1.0, 0.0)] if heat > 0 else []
    steps = [
        ((str(n + 1),), (1.0 - heat) / HEAT_RATE_STEPS, 1.0 + spread * (n - 1), 1.0)
        for n in range(HEAT_RATE_STEPS)
    ]
    return [*must_run, *steps]


def _load_shedding(data: GeneratorInputs) -> list[Generator]:
    """Return unserved energy by zone at the value of lost load, up to the load of each hour."""
    generators = []
    for number, (zone, iso3) in enumerate(data.zones.table["iso3"].items()):
        load = data.load_mw[:, number]
        peak = float(load.max(initial=0.0))
        cost = value_of_lost_load(data.case, data.costs, str(iso3))
        row = _row(str(zone), SHED, str(iso3), peak, cost)
        generators.append(Generator(f"{zone} {SHED}", row, load / peak if peak > 0 else 0.0))
    return generators


def _row(bus: str, kind: str, iso3: str, capacity: float, cost: float) -> dict[str, Any]:
    """Return a row of ``generators`` without fuel, emissions or capital cost."""
    row = {"bus": bus, "kind": kind, "iso3": iso3, "carrier": kind, "vintage": "", "p_nom_mw": capacity}
    return {
        **row,
        "cost_usd_per_mwh": cost,
        "efficiency": 1.0,
        "co2_t_per_mwh_th": 0.0,
        "capital_usd_per_mw": 0.0,
    }


def _neighbours(data: GeneratorInputs) -> list[Generator]:
    """Return the price steps of neighbours' sales and purchases; a purchase is a generator with sign −1."""
    generators = []
    steps = data.case.table("power_boundaries").sort_index()
    for step in steps.to_dict("records"):
        iso3, side = str(step["iso3"]), str(step["side"])
        bus = boundary_bus(iso3, str(step["border"]))
        if bus not in data.neighbours:
            continue
        price = float(step["price_usd_per_mwh"]) * data.constants.get(side, iso3)
        cost = price if side == SELLS else -price
        season = _season(data.snapshots, step["from_month"], step["to_month"])
        row = _row(bus, side, iso3, float(step["capacity_mw"]), cost)
        generators.append(Generator(f"{bus} {side} {step['step']}", row, season))
    return generators


def _season(snapshots: Snapshots, first: Any, last: Any) -> Floats:
    """Return 1 in the months from ``first`` to ``last``, across the turn of the year if later, (T,)."""
    start = 1 if pd.isna(first) else int(first)
    end = MONTHS if pd.isna(last) else int(last)
    after, before = snapshots.month >= start, snapshots.month <= end
    return np.asarray(after & before if start <= end else after | before, dtype=np.float64)


def _candidates(data: GeneratorInputs) -> list[Generator]:
    """Return the candidates of an expansion in each zone, at the costs of new plants."""
    generators = []
    for zone, iso3 in data.zones.table["iso3"].items():
        for carrier in data.settings.free_carriers:
            if carrier == BATTERY:
                continue
            row = {
                "bus": str(zone),
                "kind": CANDIDATE,
                "iso3": str(iso3),
                "carrier": carrier,
                "vintage": CANDIDATE,
                "p_nom_mw": 0.0,
                **_running_cost(data, carrier, str(iso3), new=True),
                "capital_usd_per_mw": KW_PER_MW * data.costs.annuity_usd_per_kw_a(carrier, str(iso3)),
            }
            available = _availability(data, carrier, str(iso3), new=True)
            generators.append(Generator(f"{zone} {carrier} {CANDIDATE}", row, available))
    return generators
