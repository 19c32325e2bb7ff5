"""Points and lines of a region's rows as GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.region import Region
from sogdia.report.outlines import Floats, read_outlines
from sogdia.report.projection import Extent

DIGITS = 3
"""Digits of coordinates, a hundred metres."""
OUTLINE_DIGITS = 2
TOLERANCE_DEG = 0.03
MARGIN_DEG = 8.0
LOWEST, HIGHEST = -60.0, 80.0

Feature = dict[str, Any]
Point = tuple[float, float]


def collection(features: Iterable[Feature]) -> dict[str, Any]:
    """Return features as a GeoJSON collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def point(at: Point, properties: Mapping[str, Any]) -> Feature:
    """Return a point."""
    return _feature("Point", [round(each, DIGITS) for each in at], properties)


def line(ends: tuple[Point, Point], properties: Mapping[str, Any]) -> Feature:
    """Return a straight line."""
    return _feature("LineString", [[round(each, DIGITS) for each in end] for end in ends], properties)


def _feature(kind: str, coordinates: list[Any], properties: Mapping[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {name: plain(value) for name, value in properties.items()},
    }


def plain(value: Any) -> Any:
    """Return a cell as JSON has it: nothing for what is not known, and for infinity."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def place_points(region: Region) -> dict[str, Point]:
    """Return longitude and latitude of each place."""
    places = region.table("places")
    return {
        str(key): (float(lon), float(lat))
        for key, lon, lat in zip(places.index, places["lon"], places["lat"], strict=True)
    }


def country_outlines(region: Region) -> Iterator[Feature]:
    """Yield the outlines of countries in the window of all places; none if they are not installed."""
    points = np.array(list(place_points(region).values()))
    (west, south), (east, north) = points.min(axis=0) - MARGIN_DEG, points.max(axis=0) + MARGIN_DEG
    frame = (max(west, -180.0), max(south, LOWEST), min(east, 180.0), min(north, HIGHEST))
    extent = Extent(*frame)
    names = region.table("parties")["name"]
    for outline in read_outlines(extent, _degrees, frame, TOLERANCE_DEG):
        rings = [[_closed(ring)] for ring in outline.rings]
        properties = {"iso3": outline.iso3, "name": str(names.get(outline.iso3, outline.name))}
        yield _feature("MultiPolygon", rings, properties)


def _degrees(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return lon, lat


def _closed(ring: Floats) -> list[list[float]]:
    points = [[float(x), float(y)] for x, y in ring.round(OUTLINE_DIGITS)]
    return points if points[0] == points[-1] else [*points, points[0]]
