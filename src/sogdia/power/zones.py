"""Zones of the power system: zone of each plant, and end buses of each line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, radians

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.demand import country_loads

SHARE_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones of a case.

    Attributes:
        table: By zone: ``iso3``, ``name``, ``share`` (of the country's demand), ``demand_gwh``, ``lat``,
            ``lon``.
        zone_by_plant: Zone of each plant that ``power_zones`` lists.
        zones_by_line: Zones that list each line.
    """

    table: pd.DataFrame
    zone_by_plant: dict[str, str]
    zones_by_line: dict[str, tuple[str, ...]]

    def of_country(self, iso3: str) -> list[str]:
        """Return the zones of a country; none if it is not modelled."""
        return self._by_country.get(iso3, [])

    @cached_property
    def _by_country(self) -> dict[str, list[str]]:
        zones: dict[str, list[str]] = {}
        for zone, iso3 in zip(self.table.index, self.table["iso3"], strict=True):
            zones.setdefault(str(iso3), []).append(str(zone))
        return zones


def build_zones(case: Case) -> Zones:
    """Build the zones of every country with a demand in ``electricity``: its rows of ``power_zones``, or one.

    The demand is that of :func:`sogdia.power.demand.country_loads`, without suppressed demand.

    Raises:
        InputError: If a country's demand or losses are missing or wrong, its zones' shares do not sum to one,
            or two zones list the same plant.
    """
    declared = case.table("power_zones")
    names = case.table("parties")["name"]
    rows = []
    for code, load in sorted(country_loads(case).items()):
        own, demand = declared[declared["iso3"] == code], load.served_gwh
        if own.empty:
            rows.append((code, code, str(names.get(code, code)), 1.0, demand, np.nan, np.nan))
            continue
        if abs(float(own["demand_share"].sum()) - 1.0) > SHARE_TOLERANCE:
            total = own["demand_share"].sum()
            raise InputError(f"power_zones.csv: demand shares of {code} sum to {total:g}; expected 1")
        for row in own.sort_index().to_dict("records"):
            share = float(row["demand_share"])
            rows.append((row["id"], code, row["name"], share, share * demand, row["lat"], row["lon"]))
    columns = ["zone", "iso3", "name", "share", "demand_gwh", "lat", "lon"]
    table = pd.DataFrame(rows, columns=columns).set_index("zone")
    zone_by_plant: dict[str, str] = {}
    zones_by_line: dict[str, tuple[str, ...]] = {}
    for row in declared.sort_index().to_dict("records"):
        zone = str(row["id"])
        for plant in filter(None, str(row["plants"]).split(";")):
            if zone_by_plant.setdefault(plant, zone) != zone:
                zones = f"{zone_by_plant[plant]} and {zone}"
                raise InputError(f"power_zones.csv: {plant} is listed by {zones}; expected one zone")
        for line in filter(None, str(row["lines"]).split(";")):
            zones_by_line[line] = (*zones_by_line.get(line, ()), zone)
    return Zones(table, zone_by_plant, zones_by_line)


def zone_of_plants(zones: Zones, plants: pd.DataFrame) -> pd.Series[str]:
    """Return the zone of each plant: the one that lists it, else the nearest by centre of load.

    Plants of countries that are not modelled are omitted.

    Raises:
        InputError: If a plant of a country with several zones is not listed and has no position.
    """
    zone_by_plant = {}
    centres = {
        str(zone): (float(lat), float(lon))
        for zone, lat, lon in zip(zones.table.index, zones.table["lat"], zones.table["lon"], strict=True)
    }
    columns = (plants.index, plants["iso3"], plants["lat"], plants["lon"])
    for plant, iso3, lat, lon in zip(*columns, strict=True):
        own = zones.of_country(str(iso3))
        if not own:
            continue
        if str(plant) in zones.zone_by_plant:
            zone_by_plant[plant] = zones.zone_by_plant[str(plant)]
        elif len(own) == 1:
            zone_by_plant[plant] = own[0]
        elif pd.isna(lat) or pd.isna(lon):
            raise InputError(
                f"plants.csv: {plant} has no position; list it in the column plants of power_zones.csv"
            )
        else:
            position = (float(lat), float(lon))
            zone_by_plant[plant] = min(own, key=lambda zone: _distance(centres[zone], position))
    return pd.Series(zone_by_plant, name="zone", dtype="str")


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two positions in degrees of latitude, to compare distances."""
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(other[0])))


def line_ends(zones: Zones, line: str, start: str, end: str) -> tuple[str, str] | None:
    """Return the end buses of a line: a zone, or the code of a country that is not modelled.

    A line within a country of one zone, or between countries that are not modelled, has none.

    Raises:
        InputError: If ``power_zones`` does not determine the zone of an end.
    """
    listing = zones.zones_by_line.get(line, ())
    if start == end:
        own = zones.of_country(start)
        if len(own) < 2:
            return None
        ends = [zone for zone in listing if zone in own]
        if len(ends) != 2:
            count = f"{len(ends)} of its zones"
            raise InputError(f"power_zones.csv: line {line} within {start} is listed by {count}; expected 2")
        return ends[0], ends[1]
    if not zones.of_country(start) and not zones.of_country(end):
        return None
    return _end(zones, line, start, listing), _end(zones, line, end, listing)


def _end(zones: Zones, line: str, iso3: str, listing: tuple[str, ...]) -> str:
    own = zones.of_country(iso3)
    if len(own) < 2:
        return own[0] if own else iso3
    ends = [zone for zone in listing if zone in own]
    if len(ends) != 1:
        raise InputError(f"power_zones.csv: line {line} is listed by {len(ends)} zones of {iso3}; expected 1")
    return ends[0]
