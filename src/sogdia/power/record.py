"""Bring the constants of output up to the last record.

The constants ``availability`` and ``inflow`` are the state of fleets and rivers in the years of the
calibration. In a later year Y, the constant β of each country and carrier whose output follows its own
availability is multiplied by

``u = G_y / (β P_y)``,

with y the last recorded year before Y, G_y its generation, and β P_y what the plants of y could generate:
capacity times availability or capacity factor, or inflow in the water of y. The record of Y itself is
never used. A record counts if it is at least :data:`LEAST_GWH` and at most :data:`MOST_NEW` of the capacity
opened in the year, because the months in which new plants operated are not known; otherwise the record
before it counts. Gas plants follow the load, and their record says little about their state.

Between 2015 and 2021 the last record predicted hydropower, coal and nuclear power better than the mean of the
last three years, one to three years ahead (``docs/power.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.power.availability import ThermalAvailability
from sogdia.power.cascades import passing_mw
from sogdia.power.constants import CALIBRATION_YEARS, PowerConstants, read_constants
from sogdia.power.costs import COAL, NUCLEAR, PowerCosts
from sogdia.power.fleet import HYDRO, build_fleet
from sogdia.power.monthly import MonthlyFigures
from sogdia.power.profiles import CAPACITY_FACTORS, Profiles
from sogdia.power.reservoirs import build_reservoirs
from sogdia.power.snapshots import DAYS, HOURS_PER_YEAR
from sogdia.power.zones import build_zones
from sogdia.region import Region
from sogdia.units import MWH_PER_GWH

LEAST_GWH = 1000.0
"""Least record that counts: smaller ones are rounded too coarsely."""
MOST_NEW = 0.2
"""Largest share of capacity that opened in a year whose record counts."""
THERMAL = (COAL, NUCLEAR, "oil", "biomass")
"""Carriers with fuel whose output follows their availability."""
Key = tuple[str, str]
_NO_PROJECTS = Plan(title="No projects", filler="none")


def update_constants(constants: PowerConstants, case: Case) -> PowerConstants:
    """Return the constants with ``availability`` and ``inflow`` brought up to the last record.

    Years up to the last one of the calibration keep them.

    Args:
        constants: Constants of the case.
        case: Case, of whose region the record is read; plan and scenario do not matter.
    """
    if case.year <= max(CALIBRATION_YEARS):
        return constants
    values = {}
    for (iso3, carrier), factor in record_factors(case.region, case.year).items():
        if carrier == HYDRO:
            values[f"inflow/{iso3}"] = factor * constants.get("inflow", iso3)
        else:
            values[f"availability_{carrier}/{iso3}"] = factor * constants.get("availability", iso3, carrier)
    return constants.updated(values)


@lru_cache(maxsize=64)
def record_factors(region: Region, year: int) -> Mapping[Key, float]:
    """Return ``u`` by country and carrier from the last records before a year."""
    factors = {}
    for key, records in sorted(_generation(region).items()):
        known = (y for y, gwh in records.items() if min(CALIBRATION_YEARS) <= y < year and gwh >= LEAST_GWH)
        for last in sorted(known, reverse=True):
            potential = _potential(region, last).get(key)
            if potential is not None and potential.new_share <= MOST_NEW:
                factors[key] = (records[last] - potential.own_gwh) / potential.gwh
                break
    return MappingProxyType({key: factor for key, factor in factors.items() if factor > 0.0})


@dataclass(frozen=True, slots=True)
class _Potential:
    """Energy that the plants of a country and carrier could generate in a year.

    Attributes:
        gwh: At the shipped constants, GWh.
        own_gwh: Inflow of plants that the constants do not scale, GWh.
        new_share: Share of the capacity that opened in the year.
    """

    gwh: float
    own_gwh: float
    new_share: float


def _generation(region: Region) -> dict[Key, dict[int, float]]:
    """Return recorded generation by country and carrier, and year, GWh."""
    rows = region.table("electricity")
    rows = rows[rows["value"].notna()]
    carrier = rows["item"].str.extract(r"^generation_(?P<carrier>[a-z]+)_gwh$")["carrier"]
    record: dict[Key, dict[int, float]] = {}
    for iso3, name, year, value in zip(rows["iso3"], carrier, rows["year"], rows["value"], strict=True):
        if isinstance(name, str) and name in {*THERMAL, *CAPACITY_FACTORS, HYDRO}:
            record.setdefault((str(iso3), name), {})[int(year)] = float(value)
    return record


@lru_cache(maxsize=16)
def _potential(region: Region, year: int) -> Mapping[Key, _Potential]:
    """Return the potential of a recorded year by country and carrier, at the region's own constants."""
    base, past = (
        build_case(region, _NO_PROJECTS, Scenario(title=f"Record of {y}", year=y), past=True)
        for y in (region.base_year, year)
    )
    costs, profiles, constants = PowerCosts(past), Profiles(past), read_constants(past)
    fleet = build_fleet(past, build_zones(base), costs)
    availability = ThermalAvailability(past, costs, MonthlyFigures(past), constants)
    energy: dict[Key, float] = {}
    columns = (fleet[name] for name in ("zone", "iso3", "carrier", "capacity_mw"))
    for zone, iso3, carrier, mw in zip(*columns, strict=True):
        if carrier in CAPACITY_FACTORS:
            share = constants.get("availability", iso3, carrier)
            share *= float(profiles.series(zone, iso3, CAPACITY_FACTORS[carrier]).mean())
        elif carrier in THERMAL:
            share = float(np.average(availability.by_month(carrier, iso3), weights=DAYS))
        else:
            continue
        gwh = share * float(mw) * HOURS_PER_YEAR / MWH_PER_GWH
        energy[iso3, carrier] = energy.get((iso3, carrier), 0.0) + gwh
    none = constants.updated({f"inflow/{iso3}": 0.0 for iso3 in set(fleet["iso3"])})
    water, own = (_inflow_gwh(past, fleet, costs, values, profiles) for values in (constants, none))
    new = _new_share(past, fleet)
    potential = {key: _Potential(gwh, 0.0, new.get(key, 0.0)) for key, gwh in energy.items()}
    for key, gwh in water.items():
        potential[key] = _Potential(gwh - own[key], own[key], new.get(key, 0.0))
    return MappingProxyType({key: item for key, item in potential.items() if item.gwh > 0.0})


def _inflow_gwh(
    case: Case, fleet: pd.DataFrame, costs: PowerCosts, constants: PowerConstants, profiles: Profiles
) -> dict[Key, float]:
    """Return what all water of the year generates by country, GWh."""
    reservoirs, inflow = build_reservoirs(case, fleet, costs, constants, profiles)
    energy: dict[Key, float] = {}
    passing = passing_mw(reservoirs, inflow)
    for iso3, mw in zip(reservoirs["iso3"], passing.mean(axis=0).tolist(), strict=True):
        key = (str(iso3), HYDRO)
        energy[key] = energy.get(key, 0.0) + mw * HOURS_PER_YEAR / MWH_PER_GWH
    return energy


def _new_share(case: Case, fleet: pd.DataFrame) -> dict[Key, float]:
    """Return the share of capacity that opened in the year, by country and carrier."""
    opened = case.table("plants")["opening_year"].reindex(fleet.index) == case.year
    capacity = fleet.assign(opened=fleet["capacity_mw"].where(opened.fillna(False).astype(bool), 0.0))
    sums = capacity.groupby(["iso3", "carrier"], as_index=False)[["opened", "capacity_mw"]].sum()
    columns = (sums[name] for name in ("iso3", "carrier", "opened", "capacity_mw"))
    return {
        (str(iso3), str(carrier)): float(part) / float(total) if total > 0.0 else 0.0
        for iso3, carrier, part, total in zip(*columns, strict=True)
    }
