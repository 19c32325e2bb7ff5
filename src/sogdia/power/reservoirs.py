"""Storage: hydropower reservoirs with inflow, alone or in a cascade, and one battery per zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import CLOSED, OPERATING
from sogdia.errors import InputError, UnknownNameError
from sogdia.power.arrays import Floats
from sogdia.power.cascades import Cascade, cascade_links, read_cascades, release_energy
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import BATTERY, BATTERY_ENERGY, BATTERY_POWER, PowerCosts
from sogdia.power.fleet import HYDRO
from sogdia.power.monthly import hourly
from sogdia.power.profiles import INFLOW, Profiles
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import HOURS_PER_YEAR, MONTHS
from sogdia.power.zones import Zones
from sogdia.units import KW_PER_MW, MWH_PER_GWH

MEAN_YEAR = "normal"
MEAN_TOLERANCE = 1e-3
"""Relative difference from the mean inflow up to which a year counts as a mean one."""
ENERGY_TOLERANCE_MWH = 1.0
COLUMNS = (
    "bus", "iso3", "p_nom_mw", "p_max", "storage_mwh", "firm_share", "reservoir", "downstream",
    "downstream_ratio", "least_change_mwh", "largest_change_mwh", "change_usd_per_mwh",
)  # fmt: skip
"""Columns of the reservoirs of a power system."""


@dataclass(frozen=True, eq=False)
class _Water:
    """Tables and figures that :func:`build_reservoirs` reads."""

    case: Case
    costs: PowerCosts
    constants: PowerConstants
    fleet: pd.DataFrame
    cascades: Mapping[str, Cascade]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table ``power_reservoirs``, by country."""
        return self.case.table("power_reservoirs")

    @cached_property
    def is_existing(self) -> pd.Series[bool]:
        """Return true for each plant of the fleet that the region has today."""
        operating = self.case.region.table("plants")["status"] == OPERATING
        return operating.reindex(self.fleet.index).fillna(False).astype(bool)

    def with_water(self, plants: pd.DataFrame) -> pd.DataFrame:
        """Return plants with ``water_mw``: their capacity; that of a closed plant at a dam of its own too.

        Water of a closed plant of ``power_cascades`` is spilled and reaches those below.
        """
        rows = self.case.table("plants").loc[plants.index]
        at_dam = (rows["status"] == CLOSED) & (plants["reservoir"] != "")
        return plants.assign(water_mw=plants["capacity_mw"].where(~at_dam, rows["capacity_mw"].astype(float)))

    def figure(self, column: str, iso3: str) -> float:
        """Return a figure of ``power_reservoirs``; 0 if it is empty."""
        return float(self.table[column].fillna(0.0)[iso3])


def build_reservoirs(
    case: Case,
    fleet: pd.DataFrame,
    costs: PowerCosts,
    constants: PowerConstants,
    profiles: Profiles,
    water_year: str | None = None,
) -> tuple[pd.DataFrame, Floats]:
    """Return the hydropower of each zone as reservoirs: those of ``power_cascades``, the rest as one.

    In a mean year the inflow of the plants that the region has is ``capacity · inflow_cf · profile``, with a
    profile of mean 1. A plant with ``inflow_gwh`` adds that energy, and capacity, but no other water; a new
    one without it turbines the water that the country already uses. ``power_water_years`` multiplies the
    inflow of a water year. Storage is ``storage_h`` hours of full output of the plants that the region has,
    less the dead storage that operators keep; that of reservoirs of ``power_cascades`` counts with all it
    generates below.

    A year ends at the level at which it began, unless it has more or less water than the mean: then the level
    may change by the difference, at most by ``carry_over_share`` of storage, at the value
    ``carry_over_usd_per_mwh``. The inflow of a year of the record has what its reservoirs lost or kept, so
    that its level does not change.

    Returns:
        Reservoirs by name (``<zone> hydro``, with the name of a reservoir of ``power_cascades``): ``bus``,
        ``iso3``, ``p_nom_mw``, ``p_max`` (availability), ``storage_mwh``, ``firm_share``, ``reservoir`` (of
        ``power_cascades``), ``downstream`` (name), ``downstream_ratio``, ``least_change_mwh``,
        ``largest_change_mwh``, ``change_usd_per_mwh``. Inflow in every hour, MW, (8760, S).

    Raises:
        InputError: If a country with hydropower has no row in ``power_reservoirs`` or no inflow profile, or
            the rows of a cascade contradict each other.
        UnknownNameError: If ``power_water_years`` has no such year.
    """
    water = _Water(case, costs, constants, fleet, read_cascades(case))
    water_year = water_year or _own_water_year(case)
    factors = _water_year(case, water_year)
    is_recorded = water_year.isdigit()
    rows, shapes = [], []
    hydro = fleet[fleet["carrier"] == HYDRO]
    for key, plants in hydro.groupby(["zone", "iso3"]):
        zone, iso3 = map(str, key)
        if iso3 not in water.table.index:
            raise InputError(f"power_reservoirs.csv: {iso3} has hydropower but no row")
        shape = profiles.series(zone, iso3, INFLOW) * hourly(factors.get(iso3, np.ones(MONTHS)))
        anomaly = 0.0 if is_recorded else float(shape.mean()) - 1.0
        anomaly = anomaly if abs(anomaly) > MEAN_TOLERANCE else 0.0
        own = _zone_reservoirs(water, zone, iso3, water.with_water(plants), anomaly)
        rows += own
        shapes += [shape] * len(own)
    table = pd.DataFrame(rows, columns=["name", *COLUMNS, "passing_mw"]).set_index("name")
    inflow = [shape * mw for shape, mw in zip(shapes, _own_inflow(table).tolist(), strict=True)]
    table = table.drop(columns="passing_mw")
    return table, np.column_stack(inflow) if inflow else np.zeros((HOURS_PER_YEAR, 0))


def _zone_reservoirs(
    water: _Water, zone: str, iso3: str, plants: pd.DataFrame, anomaly: float
) -> list[dict[str, Any]]:
    """Return the reservoirs of a zone: those of ``power_cascades``, then its other hydropower."""
    old = float(plants["water_mw"][water.is_existing[plants.index] & plants["inflow_gwh"].isna()].sum())
    mean = old * water.figure("inflow_cf", iso3) * water.constants.get("inflow", iso3)
    storage = old * water.figure("storage_h", iso3) * (1.0 - water.figure("dead_storage_share", iso3))
    rest = plants[plants["reservoir"] == ""]
    found = []
    for name, part in plants[plants["reservoir"] != ""].groupby("reservoir"):
        cascade = water.cascades[str(name)]
        below = f"{zone} {HYDRO} {cascade.downstream}" if cascade.downstream else f"{zone} {HYDRO}"
        one = _cascade_reservoir(water, cascade, part)
        if water.is_existing[part.index].any():
            mean -= one.passing_mw
            storage -= one.storage_mwh * release_energy(water.cascades, cascade.name)
        found.append(replace(one, downstream=below if cascade.downstream or len(rest) else ""))
    if storage < -ENERGY_TOLERANCE_MWH:
        raise InputError(
            f"power_cascades.csv: water stored in {zone} generates {-storage:,.0f} MWh more there and below "
            "than storage_h of power_reservoirs.csv; lower storage_mwh or raise storage_h"
        )
    if len(rest):
        mean += _added_mw(rest)
        capacity = float(rest["capacity_mw"].sum())
        found.append(_Reservoir("", capacity, max(0.0, storage), mean))
    return [_row(water, zone, iso3, one, anomaly) for one in found]


@dataclass(frozen=True, slots=True)
class _Reservoir:
    """A reservoir: capacity, storage, energy of all its water in a mean year, and the one below it."""

    name: str
    capacity_mw: float
    storage_mwh: float
    passing_mw: float
    downstream: str = ""
    ratio: float = 0.0
    release_energy: float = 1.0


def _cascade_reservoir(water: _Water, cascade: Cascade, plants: pd.DataFrame) -> _Reservoir:
    """Return a reservoir of ``power_cascades``; without water and storage until it has a plant."""
    if water.is_existing[plants.index].any():
        if cascade.inflow_gwh is None:
            raise InputError(
                f"power_cascades.csv: inflow_gwh of {cascade.name} is missing; its plants operate already"
            )
        passing = cascade.inflow_gwh * MWH_PER_GWH / HOURS_PER_YEAR
        passing *= water.constants.get("inflow", cascade.iso3)
    elif cascade.inflow_gwh is None:
        passing = _added_mw(plants)
    else:
        passing = cascade.inflow_gwh * MWH_PER_GWH / HOURS_PER_YEAR
    exists = bool((plants["water_mw"] > 0).any())
    return _Reservoir(
        cascade.name,
        float(plants["capacity_mw"].sum()),
        cascade.storage_mwh if exists else 0.0,
        passing if exists else 0.0,
        ratio=cascade.ratio,
        release_energy=release_energy(water.cascades, cascade.name),
    )


def _added_mw(plants: pd.DataFrame) -> float:
    """Return the energy that operating plants add in a mean year by their ``inflow_gwh``, MW."""
    opened = plants[plants["capacity_mw"] > 0]
    return float(opened["inflow_gwh"].sum()) * MWH_PER_GWH / HOURS_PER_YEAR


def _row(water: _Water, zone: str, iso3: str, one: _Reservoir, anomaly: float) -> dict[str, Any]:
    """Return the row of a reservoir."""
    available = water.costs.get(HYDRO, "availability", iso3, 1.0)
    available *= water.constants.get("availability", iso3, HYDRO)
    largest = water.figure("carry_over_share", iso3) * one.storage_mwh
    change = float(np.clip(anomaly * one.passing_mw * HOURS_PER_YEAR, -largest, largest))
    return {
        "name": f"{zone} {HYDRO} {one.name}".strip(),
        "bus": zone,
        "iso3": iso3,
        "p_nom_mw": one.capacity_mw,
        "p_max": min(1.0, available),
        "storage_mwh": one.storage_mwh,
        "firm_share": water.costs.get(HYDRO, "capacity_credit", iso3, 0.9),
        "reservoir": one.name,
        "downstream": one.downstream,
        "downstream_ratio": one.ratio if one.downstream else 0.0,
        "least_change_mwh": min(change, 0.0),
        "largest_change_mwh": max(change, 0.0),
        "change_usd_per_mwh": water.figure("carry_over_usd_per_mwh", iso3) * one.release_energy,
        "passing_mw": one.passing_mw,
    }


def _own_inflow(table: pd.DataFrame) -> Floats:
    """Return the mean inflow of each reservoir that does not pass through one above it, MW, (S,).

    Raises:
        InputError: If the next reservoir is in another zone, or less water reaches it than the one above.
    """
    own = table["passing_mw"].astype(float).copy()
    for upper, lower, ratio in cascade_links(table):
        if lower not in own.index:
            raise InputError(
                f"power_cascades.csv: the next reservoir of {table['reservoir'][upper]} has no plants in "
                f"{table['bus'][upper]}; expected reservoirs of one zone"
            )
        own[lower] -= ratio * float(table["passing_mw"][upper])
    for name in own.index[own * HOURS_PER_YEAR < -ENERGY_TOLERANCE_MWH]:
        gwh = (table["passing_mw"][name] - own[name]) * HOURS_PER_YEAR / MWH_PER_GWH
        raise InputError(
            f"power_cascades.csv: water from above generates {gwh:,.0f} GWh at {name}, which has "
            f"{table['passing_mw'][name] * HOURS_PER_YEAR / MWH_PER_GWH:,.0f} GWh in a mean year; lower "
            "downstream_ratio or the inflow above"
        )
    return np.maximum(own.to_numpy(dtype=np.float64), 0.0)


def _own_water_year(case: Case) -> str:
    """Return the water year of a case: its own in the record, else the mean."""
    known = set(case.table("power_water_years")["water_year"].astype(str))
    return str(case.year) if str(case.year) in known else MEAN_YEAR


def _water_year(case: Case, water_year: str) -> dict[str, Floats]:
    """Return the factors on inflow of each month in a water year, (12,) by country.

    Rivers of a country count alike. A country without rows has its mean year.
    """
    rows = case.table("power_water_years")
    known = rows["water_year"].astype(str)
    if water_year == MEAN_YEAR:
        return {}
    if water_year not in set(known):
        raise UnknownNameError("water year", water_year, sorted(set(known)))
    rivers: dict[str, list[Floats]] = {}
    for (iso3, _), river in rows[known == water_year].groupby(["iso3", "river"]):
        factor = np.ones(MONTHS)
        # Rows of a month precede that of all months.
        for row in river.sort_values("month", na_position="first").to_dict("records"):
            chosen = slice(None) if pd.isna(row["month"]) else slice(int(row["month"]) - 1, int(row["month"]))
            factor[chosen] = float(row["inflow_factor"])
        rivers.setdefault(str(iso3), []).append(factor)
    return {iso3: np.asarray(np.mean(factors, axis=0)) for iso3, factors in rivers.items()}


def build_batteries(
    zones: Zones, fleet: pd.DataFrame, costs: PowerCosts, settings: PowerSettings, *, candidates: bool
) -> pd.DataFrame:
    """Return the battery of each zone: what operates, and a candidate for more.

    The annual cost per megawatt of new batteries is ``power + hours · energy``, each as an annuity. A battery
    ends each period at the level at which it began.

    Returns:
        By name (``<zone> battery``): ``bus``, ``iso3``, ``efficiency`` (one direction), ``p_nom_mw``,
        ``storage_mwh``, ``capital_usd_per_mw``, ``firm_share``.

    Raises:
        InputError: If a cost or the energy of a battery is missing.
    """
    own = fleet[fleet["carrier"] == BATTERY]
    if own["storage_mwh"].isna().any():
        plant = own.index[own["storage_mwh"].isna()][0]
        raise InputError(f"plants.csv: storage_mwh of the battery {plant} is missing")
    rows = []
    for zone, iso3 in zones.table["iso3"].items():
        here = own[own["zone"] == zone]
        if not candidates and here.empty:
            continue
        capital = 0.0
        if candidates:
            power = costs.annuity_usd_per_kw_a(BATTERY_POWER, str(iso3))
            energy = costs.annuity_usd_per_kw_a(BATTERY_ENERGY, str(iso3), "capex_usd_per_kwh")
            capital = KW_PER_MW * (power + settings.battery_h * energy)
        operates = here["capacity_mw"] > 0
        rows.append(
            (
                f"{zone} {BATTERY}", str(zone), str(iso3),
                costs.get(BATTERY_POWER, "efficiency", str(iso3), 1.0),
                float(here["capacity_mw"].sum()), float(here["storage_mwh"][operates].sum()), capital,
                costs.get(BATTERY, "capacity_credit", str(iso3), 0.0),
            )
        )  # fmt: skip
    columns = [
        "name", "bus", "iso3", "efficiency", "p_nom_mw", "storage_mwh", "capital_usd_per_mw", "firm_share"
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("name")
