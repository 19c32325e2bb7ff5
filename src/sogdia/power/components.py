"""Generators: classes of plants, load that goes unserved, what neighbours sell and buy, what may be built."""

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
from sogdia.power.costs import BURNT, PowerCosts, value_of_lost_load
from sogdia.power.fleet import HYDRO
from sogdia.power.links import boundary_bus
from sogdia.power.profiles import YIELDS, Profiles
from sogdia.power.reservoirs import BATTERY
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import Hourly
from sogdia.power.zones import Zones

PLANT, SHED, SELLS, BUYS, FREE = "plant", "shed", "sells", "buys", "free"
FLEET, NEW = "fleet", "new"
STEPS = 3
"""Steps of heat rate that a standing fleet is taken apart into."""
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
class Setting:
    """All that generators are made from; see :class:`sogdia.power.inputs.PowerInputs`."""

    case: Case
    settings: PowerSettings
    hourly: Hourly
    zones: Zones
    costs: PowerCosts
    constants: PowerConstants
    profiles: Profiles
    fleet: pd.DataFrame
    left: Mapping[tuple[str, str], float]
    neighbours: tuple[str, ...]
    load_mw: Floats


@dataclass(frozen=True, eq=False)
class Generator:
    """One generator: name, row of ``generators``, most and least that it may run, (T,) or one figure."""

    name: str
    row: dict[str, Any]
    p_max: Floats | float
    p_min: Floats | float = 0.0


def generators_of(setting: Setting) -> tuple[pd.DataFrame, Floats, Floats]:
    """All generators, with most and least of ``p_nom_mw`` that each may run, (T, G) each.

    Raises:
        InputError: If a price, a profile or a cost is missing.
    """
    found = [*_classes(setting), *_boundaries(setting)]
    if setting.settings.shedding:
        found += _shedding(setting)
    if setting.settings.mode == "expansion":
        found += _free(setting)
    shape = (setting.profiles.length, 1)
    p_max = np.column_stack([np.broadcast_to(np.reshape(item.p_max, (-1, 1)), shape) for item in found])
    p_min = np.column_stack([np.broadcast_to(np.reshape(item.p_min, (-1, 1)), shape) for item in found])
    index = pd.Index([item.name for item in found], name="name", dtype="str")
    return pd.DataFrame([item.row for item in found], index=index, columns=list(COLUMNS)), p_max, p_min


def _running(setting: Setting, carrier: str, iso3: str, *, new: bool) -> dict[str, float]:
    """Cost of energy, ``(fuel + co2 · price) / efficiency + variable cost``, efficiency and emission."""
    costs = setting.costs
    efficiency = costs.efficiency(carrier, iso3, new=new)
    fuel = costs.fuel_usd_per_mwh_th(carrier, iso3) * setting.constants.of("fuel", iso3, carrier)
    co2 = costs.get(carrier, "co2_t_per_mwh_th", iso3, 0.0)
    heat = fuel + co2 * setting.settings.co2_usd_per_t
    variable = costs.get(carrier, "vom_usd_per_mwh", iso3, 0.0)
    return {
        "cost_usd_per_mwh": heat / efficiency + variable,
        "fuel_usd_per_mwh": heat / efficiency,
        "efficiency": efficiency,
        "co2_t_per_mwh_th": co2,
    }


def _ready(setting: Setting, carrier: str, iso3: str, *, new: bool) -> Floats | float:
    """Part of capacity that can run: the yield of sun or wind, else availability, less fuel that is lost.

    What is calibrated of availability is the state of the plants that stand and holds for those alone.
    """
    factor = setting.constants.of("availability", iso3, carrier)
    if carrier in YIELDS:
        return np.minimum(1.0, factor * setting.profiles.of(iso3, YIELDS[carrier]))
    factor = 1.0 if new else factor
    left = setting.left.get((iso3, carrier), 1.0)
    return min(1.0, factor * setting.costs.get(carrier, "availability", iso3, 1.0)) * left


def _classes(setting: Setting) -> list[Generator]:
    """Plants of a zone, carrier and vintage together; both vintages are there even where they are empty.

    A plan gives plants their years and with them their vintage: so all plans of a region share one network.
    """
    thermal = setting.fleet[setting.fleet["carrier"] != HYDRO]
    keys = ["zone", "iso3", "carrier"]
    sums = thermal.groupby([*keys, "vintage"])["capacity_mw"].sum().to_dict()
    found = []
    for (zone, iso3, carrier), vintage in product(
        sorted(set(thermal[keys].itertuples(index=False, name=None))), (FLEET, NEW)
    ):
        new = vintage == NEW
        ready = _ready(setting, carrier, iso3, new=new)
        running = _running(setting, carrier, iso3, new=new)
        row = {"bus": zone, "kind": PLANT, "iso3": iso3, "carrier": carrier, "vintage": vintage}
        capacity = float(sums.get((zone, iso3, carrier, vintage), 0.0))
        for part, share, heat_rate, fuel in _parts(setting, carrier, iso3, new=new):
            cost = running["cost_usd_per_mwh"] - running["fuel_usd_per_mwh"]
            terms = {
                "p_nom_mw": capacity * share,
                "cost_usd_per_mwh": cost + fuel * heat_rate * running["fuel_usd_per_mwh"],
                "efficiency": running["efficiency"] / heat_rate,
                "co2_t_per_mwh_th": running["co2_t_per_mwh_th"],
                "capital_usd_per_mw": 0.0,
            }
            found.append(Generator(" ".join((zone, carrier, vintage, *part)), {**row, **terms}, ready))
    return found


def _parts(
    setting: Setting, carrier: str, iso3: str, *, new: bool
) -> list[tuple[tuple[str, ...], float, float, float]]:
    """Parts of a class: name, share, heat rate over the mean, and part of its fuel that it pays.

    A fleet that burns fuel is no single plant: its heat rates are spread evenly about the mean. The part
    that runs for heat burns its fuel in any case and comes first.
    """
    if new or carrier not in BURNT:
        return [((), 1.0, 1.0, 1.0)]
    heat = setting.constants.of("heat_led", iso3, carrier)
    spread = setting.constants.of("spread", iso3)
    first = [(("heat",), heat, 1.0, 0.0)] if heat > 0 else []
    steps = [((str(n + 1),), (1.0 - heat) / STEPS, 1.0 + spread * (n - 1), 1.0) for n in range(STEPS)]
    return [*first, *steps]


def _shedding(setting: Setting) -> list[Generator]:
    """Load that goes unserved, at its value: at most that of each hour, so that none is shed for export."""
    found = []
    for number, (zone, iso3) in enumerate(setting.zones.table["iso3"].items()):
        load = setting.load_mw[:, number]
        peak = float(load.max(initial=0.0))
        row = _plain(
            str(zone), SHED, str(iso3), peak, value_of_lost_load(setting.case, setting.costs, str(iso3))
        )
        found.append(Generator(f"{zone} {SHED}", row, load / peak if peak > 0 else 0.0))
    return found


def _plain(bus: str, kind: str, iso3: str, capacity: float, cost: float) -> dict[str, Any]:
    row = {"bus": bus, "kind": kind, "iso3": iso3, "carrier": kind, "vintage": "", "p_nom_mw": capacity}
    return {
        **row,
        "cost_usd_per_mwh": cost,
        "efficiency": 1.0,
        "co2_t_per_mwh_th": 0.0,
        "capital_usd_per_mw": 0.0,
    }


def _boundaries(setting: Setting) -> list[Generator]:
    """Steps of what neighbours sell and buy; a buyer is a generator whose output leaves and earns."""
    found = []
    steps = setting.case.table("power_boundaries").sort_index()
    for row in steps.to_dict("records"):
        iso3, side = str(row["iso3"]), str(row["side"])
        bus = boundary_bus(iso3, str(row["border"]))
        if bus not in setting.neighbours:
            continue
        price = float(row["price_usd_per_mwh"]) * setting.constants.of(side, iso3)
        cost = price if side == SELLS else -price
        months = _in_months(setting.hourly, row["from_month"], row["to_month"])
        told = _plain(bus, side, iso3, float(row["capacity_mw"]), cost)
        found.append(Generator(f"{bus} {side} {row['step']}", told, months))
    return found


def _in_months(hourly: Hourly, first: Any, last: Any) -> Floats:
    """1 in the months from ``first`` to ``last``, over the turn of the year if ``last`` is before, (T,)."""
    start = 1 if pd.isna(first) else int(first)
    end = 12 if pd.isna(last) else int(last)
    after, before = hourly.month >= start, hourly.month <= end
    return np.asarray(after & before if start <= end else after | before, dtype=np.float64)


def _free(setting: Setting) -> list[Generator]:
    """What an expansion may build in each zone, by the costs of new plants."""
    found = []
    for zone, iso3 in setting.zones.table["iso3"].items():
        for carrier in setting.settings.free_carriers:
            if carrier == BATTERY:
                continue
            row = {
                "bus": str(zone),
                "kind": FREE,
                "iso3": str(iso3),
                "carrier": carrier,
                "vintage": FREE,
                "p_nom_mw": 0.0,
                **_running(setting, carrier, str(iso3), new=True),
                "capital_usd_per_mw": 1e3 * setting.costs.annuity_usd_per_kw_a(carrier, str(iso3)),
            }
            found.append(
                Generator(f"{zone} {carrier} {FREE}", row, _ready(setting, carrier, str(iso3), new=True))
            )
    return found
