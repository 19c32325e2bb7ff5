"""Zones and lines: which plant stands in which zone, which line ends where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, radians

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError

DEMAND = "demand_gwh"


@dataclass(frozen=True, eq=False)
class Zones:
    """The zones of a case.

    Attributes:
        table: By zone: ``iso3``, ``name``, ``share`` (of the country's demand), ``demand_gwh``, ``lat``,
            ``lon``.
        listed: Zone of each plant that ``power_zones`` names.
        ends: Zones that name each line.
    """

    table: pd.DataFrame
    listed: dict[str, str]
    ends: dict[str, tuple[str, ...]]

    def of_country(self, iso3: str) -> list[str]:
        """Zones of a country; none where it is not modelled."""
        return self._by_country.get(iso3, [])

    @cached_property
    def _by_country(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for zone, iso3 in zip(self.table.index, self.table["iso3"], strict=True):
            found.setdefault(str(iso3), []).append(str(zone))
        return found


def zones_of(case: Case) -> Zones:
    """The zones of every country whose demand ``electricity`` tells: its rows of ``power_zones``, or itself.

    The demand is that of the case's year, or the latest before it.

    Raises:
        InputError: If a country's demand begins after the year, or its zones' shares do not sum to one.
    """
    declared = case.table("power_zones")
    names = case.table("parties")["name"]
    rows = []
    for code, demand in sorted(_demand(case).items()):
        own = declared[declared["iso3"] == code]
        if own.empty:
            rows.append((code, code, str(names.get(code, code)), 1.0, demand, np.nan, np.nan))
            continue
        if abs(float(own["demand_share"].sum()) - 1.0) > 1e-6:
            raise InputError(f"power_zones.csv: shares of {code} sum to {own['demand_share'].sum():g}, not 1")
        for row in own.sort_index().to_dict("records"):
            share = float(row["demand_share"])
            rows.append((row["id"], code, row["name"], share, share * demand, row["lat"], row["lon"]))
    columns = ["zone", "iso3", "name", "share", "demand_gwh", "lat", "lon"]
    table = pd.DataFrame(rows, columns=columns).set_index("zone")
    listed: dict[str, str] = {}
    ends: dict[str, tuple[str, ...]] = {}
    for told in declared.sort_index().to_dict("records"):
        zone = str(told["id"])
        for plant in filter(None, str(told["plants"]).split(";")):
            if listed.setdefault(plant, zone) != zone:
                raise InputError(f"power_zones.csv: {plant} is named by {listed[plant]} and {zone}")
        for line in filter(None, str(told["lines"]).split(";")):
            ends[line] = (*ends.get(line, ()), zone)
    return Zones(table, listed, ends)


def _demand(case: Case) -> dict[str, float]:
    rows = case.table("electricity")
    rows = rows[(rows["item"] == DEMAND) & rows["value"].notna()].sort_values("year")
    found: dict[str, float] = {}
    for code, part in rows.groupby("iso3"):
        known = part[part["year"] <= case.year]
        if known.empty:
            raise InputError(f"electricity.csv: no demand_gwh of {code} in {case.year} or before")
        found[str(code)] = float(known["value"].iloc[-1])
    return found


def zone_of_plants(zones: Zones, plants: pd.DataFrame) -> pd.Series[str]:
    """Zone of each plant: the one that names it, else the nearest by middle of load.

    Plants of countries that are not modelled are left out.

    Raises:
        InputError: If a plant of a country with several zones is named by none and has no position.
    """
    found = {}
    middles = {
        str(zone): (float(lat), float(lon))
        for zone, lat, lon in zip(zones.table.index, zones.table["lat"], zones.table["lon"], strict=True)
    }
    columns = (plants.index, plants["iso3"], plants["lat"], plants["lon"])
    for plant, iso3, lat, lon in zip(*columns, strict=True):
        own = zones.of_country(str(iso3))
        if not own:
            continue
        if str(plant) in zones.listed:
            found[plant] = zones.listed[str(plant)]
        elif len(own) == 1:
            found[plant] = own[0]
        elif pd.isna(lat) or pd.isna(lon):
            raise InputError(
                f"plants.csv: {plant} has no position; name it in the column plants of power_zones.csv"
            )
        else:
            found[plant] = min(own, key=lambda zone: _apart(middles[zone], (float(lat), float(lon))))
    return pd.Series(found, name="zone", dtype="str")


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two positions in degrees of latitude, near enough to compare."""
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(other[0])))


def line_ends(zones: Zones, line: str, start: str, end: str) -> tuple[str, str] | None:
    """Buses at the two ends of a line: a zone, or the code of a country that is not modelled.

    A line inside a country of one zone, or between countries of which neither is modelled, has none.

    Raises:
        InputError: If the zones of a country do not say which of them the line ends in.
    """
    named = zones.ends.get(line, ())
    if start == end:
        own = zones.of_country(start)
        if len(own) < 2:
            return None
        mine = [zone for zone in named if zone in own]
        if len(mine) != 2:
            raise InputError(f"power_zones.csv: line {line} inside {start} must be named by two of its zones")
        return mine[0], mine[1]
    if not zones.of_country(start) and not zones.of_country(end):
        return None
    return _end(zones, line, start, named), _end(zones, line, end, named)


def _end(zones: Zones, line: str, iso3: str, named: tuple[str, ...]) -> str:
    own = zones.of_country(iso3)
    if len(own) < 2:
        return own[0] if own else iso3
    mine = [zone for zone in named if zone in own]
    if len(mine) != 1:
        raise InputError(
            f"power_zones.csv: line {line} must be named by one zone of {iso3}, not by {len(mine)}"
        )
    return mine[0]
