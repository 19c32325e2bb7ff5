"""Generators: plant classes, unserved energy, trade with neighbours, candidates of an expansion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.availability import ThermalAvailability
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import BATTERY, COAL, FUEL_CARRIERS, FUEL_OF, NUCLEAR, PowerCosts, lost_load_tiers
from sogdia.power.fleet import FLEET, HYDRO, NEW
from sogdia.power.links import boundary_bus
from sogdia.power.monthly import HEAT_FLOOR, MonthlyFigures, hourly, months_between
from sogdia.power.profiles import CAPACITY_FACTORS, Profiles
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import HOURS_PER_YEAR
from sogdia.power.zones import Zones
from sogdia.units import KW_PER_MW

PLANT, SHED, SELLS, BUYS, CANDIDATE = "plant", "shed", "sells", "buys", "candidate"
"""Kinds of generators; a neighbour's sales and purchases are named as in ``power_boundaries``."""
NEED_A_SITE = {
    HYDRO: "its inflow belongs to a river",
    "pumped_hydro": "its reservoirs belong to a site",
}
"""Carriers that are no candidates, with the reason."""
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
    "firm_share",
    "ramp_per_h",
    "potential_mw",
)


@dataclass(frozen=True, eq=False)
class GeneratorInputs:
    """Inputs of :func:`build_generators`; see :class:`sogdia.power.PowerInputs`."""

    case: Case
    settings: PowerSettings
    zones: Zones
    costs: PowerCosts
    constants: PowerConstants
    profiles: Profiles
    monthly: MonthlyFigures
    availability: ThermalAvailability
    candidates: tuple[str, ...]
    fleet: pd.DataFrame
    fuel_availability: Mapping[tuple[str, str], float]
    neighbours: tuple[str, ...]
    load_mw: Floats
    suppressed_mw: Floats

    @cached_property
    def fleet_carriers(self) -> frozenset[tuple[str, str]]:
        """Countries and carriers of the fleet, whether its plants operate or not."""
        return frozenset(zip(self.fleet["iso3"], self.fleet["carrier"], strict=True))


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
    generators += _candidates(data)
    shape = (HOURS_PER_YEAR, 1)
    p_max = np.column_stack([np.broadcast_to(np.reshape(item.p_max, (-1, 1)), shape) for item in generators])
    p_min = np.column_stack([np.broadcast_to(np.reshape(item.p_min, (-1, 1)), shape) for item in generators])
    index = pd.Index([item.name for item in generators], name="name", dtype="str")
    table = pd.DataFrame([item.row for item in generators], index=index, columns=list(COLUMNS))
    return table, p_max, p_min


def _running_cost(data: GeneratorInputs, carrier: str, iso3: str, *, new: bool) -> dict[str, float]:
    """Return the cost of energy, ``(fuel + co2 · price) / efficiency + variable cost``, and its parts."""
    costs = data.costs
    efficiency = costs.efficiency(carrier, iso3, new=new)
    burnt = FUEL_OF.get(carrier, carrier)
    fuel = costs.fuel_usd_per_mwh_th(carrier, iso3) * data.constants.get("fuel", iso3, burnt)
    co2 = costs.get(burnt, "co2_t_per_mwh_th", iso3, 0.0)
    heat = fuel + co2 * data.settings.co2_usd_per_t
    variable = costs.get(carrier, "vom_usd_per_mwh", iso3, 0.0)
    return {
        "cost_usd_per_mwh": heat / efficiency + variable,
        "fuel_usd_per_mwh": heat / efficiency,
        "efficiency": efficiency,
        "co2_t_per_mwh_th": co2,
    }


def _availability(data: GeneratorInputs, zone: str, iso3: str, carrier: str, *, new: bool) -> Floats:
    """Return the maximum output per unit of capacity in every hour, (8760,).

    It is the capacity factor, or availability (:class:`sogdia.power.availability.ThermalAvailability`) times
    fuel.
    """
    if carrier in CAPACITY_FACTORS:
        factor = data.constants.get("availability", iso3, carrier)
        return np.minimum(1.0, factor * data.profiles.series(zone, iso3, CAPACITY_FACTORS[carrier]))
    fuel = data.fuel_availability.get((iso3, FUEL_OF.get(carrier, carrier)), 1.0)
    return hourly(data.availability.by_month(carrier, iso3, new=new) * fuel)


def _technical(data: GeneratorInputs, carrier: str, iso3: str) -> dict[str, float]:
    """Return the firm share of capacity at the peak, and the largest change of output in an hour."""
    outage = data.costs.get(carrier, "forced_outage", iso3, 0.0)
    return {
        "firm_share": data.costs.get(carrier, "capacity_credit", iso3, 1.0 - outage),
        "ramp_per_h": data.costs.get(carrier, "ramp_per_h", iso3, 1.0),
    }


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
        running = _running_cost(data, carrier, iso3, new=new)
        row = {"bus": zone, "kind": PLANT, "iso3": iso3, "carrier": carrier, "vintage": vintage}
        capacity = float(sums.get((zone, iso3, carrier, vintage), 0.0))
        for part in _class_parts(data, zone, carrier, iso3, new=new):
            cost = running["cost_usd_per_mwh"] - running["fuel_usd_per_mwh"]
            terms = {
                "p_nom_mw": capacity * part.share,
                "cost_usd_per_mwh": cost + part.fuel * part.heat_rate * running["fuel_usd_per_mwh"],
                "efficiency": running["efficiency"] / part.heat_rate,
                "co2_t_per_mwh_th": running["co2_t_per_mwh_th"],
                "capital_usd_per_mw": 0.0,
                **_technical(data, carrier, iso3),
            }
            name = " ".join((zone, carrier, vintage, *part.suffix))
            generators.append(Generator(name, {**row, **terms}, part.p_max, part.p_min))
    return generators


@dataclass(frozen=True, eq=False)
class _ClassPart:
    """Part of a class: share of its capacity, heat rate over the mean, share of fuel that it pays."""

    suffix: tuple[str, ...]
    share: float
    heat_rate: float
    fuel: float
    p_max: Floats
    p_min: Floats | float = 0.0


def _class_parts(data: GeneratorInputs, zone: str, carrier: str, iso3: str, *, new: bool) -> list[_ClassPart]:
    """Return the parts of a class.

    The heat rates of an existing fuel-fired fleet are spread evenly around the mean. Combined heat and power
    spends its fuel for the heat load in any case: up to the heat floor of the month its output pays no fuel
    and comes first in the merit order, so that it is cut only if nothing else is left to cut. Above the floor
    it condenses; the steps of heat rate share what is available above the floor.
    """
    available = _availability(data, zone, iso3, carrier, new=new)
    least = data.costs.get(carrier, "min_load", iso3, 0.0) if carrier in (NUCLEAR, COAL) else 0.0
    if new or carrier not in FUEL_CARRIERS:
        p_min = least * available if carrier == NUCLEAR else 0.0
        return [_ClassPart((), 1.0, 1.0, 1.0, available, p_min)]
    floor = _heat_floor(data, carrier, iso3, available)
    heat = float(floor.max())
    spread = data.constants.get("spread", iso3)
    must_run = [_ClassPart(("heat",), heat, 1.0, 0.0, floor / heat)] if heat > 0 else []
    above = (available - floor) / (1.0 - heat) if heat < 1 else np.zeros(HOURS_PER_YEAR)
    steps = [
        _ClassPart(
            (str(n + 1),), (1.0 - heat) / HEAT_RATE_STEPS, 1.0 + spread * (n - 1), 1.0, above,
            # The units with the least heat rate stay on line at their minimum load.
            least * above if n == 0 else 0.0,
        )
        for n in range(HEAT_RATE_STEPS)
    ]  # fmt: skip
    return [*must_run, *steps]


def _heat_floor(data: GeneratorInputs, carrier: str, iso3: str, available: Floats) -> Floats:
    """Return the output for heat per unit of the fleet's capacity in every hour, at most what is available.

    By month from ``power_availability``; 0 without rows.
    """
    month = data.monthly.get(HEAT_FLOOR, carrier, iso3)
    return np.zeros_like(available) if month is None else np.minimum(hourly(month), available)


def _load_shedding(data: GeneratorInputs) -> list[Generator]:
    """Return unserved energy by zone: planned rationing up to a share of load, then disconnection.

    Suppressed demand is rationed today: the first tier has all of it, in addition to its share of load.
    """
    generators = []
    for number, (zone, iso3) in enumerate(data.zones.table["iso3"].items()):
        load, suppressed = data.load_mw[:, number], data.suppressed_mw[:, number]
        tiers = lost_load_tiers(data.costs, str(iso3), data.settings.voll_usd_per_mwh)
        for position, tier in enumerate(tiers):
            cut = tier.share * load + (0.0 if position else (1.0 - tier.share) * suppressed)
            peak = float(cut.max(initial=0.0))
            shape = cut / peak if peak > 0 else 0.0
            row = _row(str(zone), SHED, str(iso3), peak, tier.usd_per_mwh)
            row["carrier"] = tier.name
            generators.append(Generator(f"{zone} {tier.name}", row, shape))
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
        "firm_share": 0.0,
        "ramp_per_h": 1.0,
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
        season = hourly(months_between(step["from_month"], step["to_month"]))
        row = _row(bus, side, iso3, float(step["capacity_mw"]), cost)
        generators.append(Generator(f"{bus} {side} {step['step']}", row, season))
    return generators


def _candidates(data: GeneratorInputs) -> list[Generator]:
    """Return the candidates of new capacity in each zone, at the costs of new plants.

    A carrier with fuel is a candidate only in countries that have it: it must have rows for the country in
    ``power_fuels``, or a plant of the country burns it.

    Raises:
        InputError: If a carrier needs a site, or lacks a cost.
    """
    generators = []
    for carrier in sorted(set(data.candidates) & set(NEED_A_SITE)):
        raise InputError(
            f"{carrier} cannot be built freely: {NEED_A_SITE[carrier]}; "
            "add the plant to plants.csv and to a plan"
        )
    for zone, iso3 in data.zones.table["iso3"].items():
        for carrier in data.candidates:
            if carrier == BATTERY or not has_fuel(data, str(iso3), carrier):
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
                **_technical(data, carrier, str(iso3)),
            }
            available = _availability(data, str(zone), str(iso3), carrier, new=True)
            generators.append(Generator(f"{zone} {carrier} {CANDIDATE}", row, available))
    return generators


def has_fuel(data: GeneratorInputs, iso3: str, carrier: str) -> bool:
    """Return whether a country can burn the fuel of a carrier; true for carriers without fuel."""
    fuel = FUEL_OF.get(carrier, carrier)
    if fuel not in FUEL_CARRIERS:
        return True
    return (iso3, fuel) in data.fleet_carriers or (iso3, fuel) in data.fuel_availability
