"""The map that flows are drawn on: network, borders, terminals, power system, projects, outlines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from sogdia.region import Region
from sogdia.report.outlines import CREDIT
from sogdia.web.geometry import (
    Feature,
    Point,
    collection,
    country_outlines,
    line,
    place_points,
    plain,
    point,
)

_OF_LINES: Final = ("status", "opening_year", "project")
LINK_COLUMNS: Final = ("from", "to", "mode", "length_km", "capacity_t", *_OF_LINES)
LINE_COLUMNS: Final = ("from_iso3", "to_iso3", "capacity_mw", "voltage_kv", *_OF_LINES)
PIPELINE_COLUMNS: Final = (
    "name", "product", "capacity_mt", "capacity_bcm", "operator", "partner_shareholders", "status",
)  # fmt: skip
PLANT_COLUMNS: Final = ("name", "iso3", "carrier", "capacity_mw", "owner", *_OF_LINES)
PROJECT_COLUMNS: Final = (
    "name", "iso3", "sector", "capex_musd", "status", "start_year", "completion_year", "contractor",
    "partners",
)  # fmt: skip
NEUTRAL: Final = (
    "Boundaries, names and colours on this map do not imply any judgement on the legal status of a territory."
)


def map_base(region: Region) -> dict[str, Any]:
    """Return layers of GeoJSON by name, the window of the home countries' places, and notes."""
    places = region.table("places")
    own = places[places["iso3"].isin(region.home)]
    shown = places if own.empty else own
    return {
        "window": [
            float(shown["lon"].min()), float(shown["lat"].min()),
            float(shown["lon"].max()), float(shown["lat"].max()),
        ],
        "notes": [NEUTRAL, CREDIT],
        "countries": collection(country_outlines(region)),
        "places": collection(_places(places)),
        "links": collection(_links(region)),
        "pipelines": collection(_pipelines(region)),
        "borders": collection(_stations(region, "crossings")),
        "terminals": collection(_stations(region, "transfers")),
        "zones": collection(_zones(region)),
        "lines": collection(_lines(region)),
        "plants": collection(_plants(region)),
        "projects": collection(_projects(region)),
    }  # fmt: skip


def zone_points(region: Region) -> dict[str, Point]:
    """Return longitude and latitude of each bus of the power system: a zone, else a country."""
    zones, places = region.table("power_zones"), region.table("places")
    known = places.dropna(subset=["lon", "lat"])
    centres = known.groupby("iso3", sort=False)[["lon", "lat"]].mean()
    found = {str(code): (float(lon), float(lat)) for code, lon, lat in centres.itertuples()}
    for key, row in zones.iterrows():
        if row["lon"] == row["lon"] and row["lat"] == row["lat"]:
            found[str(key)] = (float(row["lon"]), float(row["lat"]))
    return found


def line_ends(region: Region, line_row: pd.Series) -> tuple[str, str]:
    """Return the buses that an interconnector joins: zones that list it, else the countries."""
    zones = region.table("power_zones")
    listing = [str(key) for key, cell in zones["lines"].items() if line_row.name in str(cell).split(";")]
    start, end = str(line_row["from_iso3"]), str(line_row["to_iso3"])
    if start == end and len(listing) == 2:
        return listing[0], listing[1]
    by_country = {str(zones.at[key, "iso3"]): key for key in listing}
    return by_country.get(start, start), by_country.get(end, end)


def _places(places: pd.DataFrame) -> Iterator[Feature]:
    for key, row in places.iterrows():
        columns = {name: row[name] for name in ("name", "iso3", "kind")}
        yield point((row["lon"], row["lat"]), {"id": key, **columns})


def _links(region: Region) -> Iterator[Feature]:
    points = place_points(region)
    for key, row in region.table("links").iterrows():
        ends = points[str(row["from"])], points[str(row["to"])]
        yield line(ends, {"id": key, **{name: row[name] for name in LINK_COLUMNS}})


def _pipelines(region: Region) -> Iterator[Feature]:
    points = place_points(region)
    for key, row in region.table("pipelines").iterrows():
        if row["from"] in points and row["to"] in points:
            ends = points[str(row["from"])], points[str(row["to"])]
            yield line(ends, {"id": key, **{name: row[name] for name in PIPELINE_COLUMNS}})


def _stations(region: Region, table: str) -> Iterator[Feature]:
    """Yield one point a place that has border crossings, or transfers, with their rows."""
    points, names = place_points(region), region.table("places")
    rows = region.table(table)
    left_out = {"place", "basis", "source", "note"}
    columns = [name for name in rows.columns if name not in left_out]
    for place, group in rows.groupby("place", sort=False):
        entries = [
            {"key": str(key), **{name: plain(row[name]) for name in columns}} for key, row in group.iterrows()
        ]
        head = {"id": place, "name": names.at[place, "name"], "iso3": names.at[place, "iso3"]}
        yield point(points[str(place)], {**head, "rows": entries})


def _zones(region: Region) -> Iterator[Feature]:
    zones, names = region.table("power_zones"), region.table("parties")["name"]
    split = set(zones["iso3"])
    for bus, at in zone_points(region).items():
        if bus in zones.index:
            yield point(at, {"id": bus, "name": zones.at[bus, "name"], "iso3": zones.at[bus, "iso3"]})
        elif bus not in split:
            yield point(at, {"id": bus, "name": names.get(bus, bus), "iso3": bus})


def _lines(region: Region) -> Iterator[Feature]:
    points = zone_points(region)
    for key, row in region.table("interconnectors").iterrows():
        start, end = line_ends(region, row)
        if start in points and end in points:
            head = {"id": key, "from_bus": start, "to_bus": end}
            yield line((points[start], points[end]), {**head, **{name: row[name] for name in LINE_COLUMNS}})


def _plants(region: Region) -> Iterator[Feature]:
    for key, row in region.table("plants").iterrows():
        if row["lon"] == row["lon"] and row["lat"] == row["lat"]:
            yield point((row["lon"], row["lat"]), {"id": key, **{name: row[name] for name in PLANT_COLUMNS}})


def _projects(region: Region) -> Iterator[Feature]:
    """Yield the projects whose rows have a place, each at the middle of these places."""
    at = _row_points(region)
    effects = region.table("project_effects")
    rows = region.table("projects")
    for project, group in effects.groupby("project", sort=False):
        found = [at[key] for key in zip(group["table"], group["row"], strict=True) if key in at]
        if not found or project not in rows.index:
            continue
        middle = sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found)
        edits = [f"{table}/{row}" for table, row in zip(group["table"], group["row"], strict=True)]
        row = rows.loc[str(project)]
        head = {"id": project, "edits": list(dict.fromkeys(edits))}
        yield point(middle, {**head, **{name: row[name] for name in PROJECT_COLUMNS}})


def _row_points(region: Region) -> dict[tuple[str, str], Point]:
    """Return the point of each row that a project may edit, by table and key."""
    points = place_points(region)
    found: dict[tuple[str, str], Point] = {}
    for key, row in region.table("links").iterrows():
        (x, y), (u, v) = points[str(row["from"])], points[str(row["to"])]
        found["links", str(key)] = (x + u) / 2, (y + v) / 2
    for table in ("crossings", "transfers"):
        for key, place in region.table(table)["place"].items():
            found[table, str(key)] = points[str(place)]
    for key, row in region.table("plants").iterrows():
        if row["lon"] == row["lon"] and row["lat"] == row["lat"]:
            found["plants", str(key)] = float(row["lon"]), float(row["lat"])
    buses = zone_points(region)
    for key, row in region.table("interconnectors").iterrows():
        start, end = line_ends(region, row)
        if start in buses and end in buses:
            (x, y), (u, v) = buses[start], buses[end]
            found["interconnectors", str(key)] = (x + u) / 2, (y + v) / 2
    return found
