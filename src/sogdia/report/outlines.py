"""Read outlines of countries: Natural Earth from the npm package world-atlas (see ``hatch_build.py``)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pycountry
from matplotlib.path import Path as Outlined

from sogdia.report.projection import Extent

Floats = npt.NDArray[np.float64]
Projection = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""Longitudes and latitudes to the plane; the identity for a plane of degrees."""
FILE = "countries-50m.json"
MISSING = (
    "The outlines of countries are not installed, so the map shows the network alone; install Sogdia again "
    "with access to npm."
)
GRID = 26
"""Points of a search grid along each side."""
FAR_DEG = 15.0
"""Rings further than this from the window are omitted."""
CREDIT = "Outlines: Natural Earth (public domain), scale 1:50 million."


@dataclass(frozen=True, eq=False)
class Outline:
    """Outline of a country in the plane.

    Attributes:
        iso3: Code; empty for a territory without one.
        name: Name in the atlas.
        rings: Closed rings, each (N, 2); a later one may be a hole.
    """

    iso3: str
    name: str
    rings: tuple[Floats, ...]


@lru_cache(maxsize=1)
def _topology() -> dict[str, Any] | None:
    path = files("sogdia.report") / "outlines" / FILE
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def read_outlines(
    extent: Extent, projection: Projection, frame: tuple[float, float, float, float], tolerance: float
) -> list[Outline]:
    """Return outlines inside a frame of the plane; none if the atlas is not installed.

    Args:
        extent: Window in degrees. Rings far from it are omitted, because a conic projection distorts the
            opposite side of the globe.
        projection: Projection to the plane.
        frame: Left, bottom, right, top.
        tolerance: Largest deviation of a simplified arc. Arcs are simplified one by one, so that
            neighbours keep the border they share.
    """
    topology = _topology()
    if topology is None:
        return []
    degrees = _arcs(topology)
    near = [_is_near(arc, extent) for arc in degrees]
    arcs = [_simplify(np.column_stack(projection(arc[:, 0], arc[:, 1])), tolerance) for arc in degrees]
    countries = []
    for shape in topology["objects"]["countries"]["geometries"]:
        rings = [_ring(ring, arcs) for ring in _rings(shape) if any(near[k if k >= 0 else ~k] for k in ring)]
        inside = tuple(clipped for ring in rings if len(clipped := clip(ring, frame)) > 2)
        if inside:
            countries.append(Outline(_iso3(shape), str(shape["properties"].get("name", "")), inside))
    return countries


def _iso3(shape: dict[str, Any]) -> str:
    known = pycountry.countries.get(numeric=str(shape.get("id", "")).zfill(3))
    return str(known.alpha_3) if known is not None else ""


def _arcs(topology: dict[str, Any]) -> list[Floats]:
    """Return arcs in degrees; the file has them as integer steps (TopoJSON 1.0, section 2.1.2)."""
    scale, shift = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    return [
        np.cumsum(np.array(arc, dtype=np.float64)[:, :2], axis=0) * scale + shift for arc in topology["arcs"]
    ]


def _is_near(arc: Floats, extent: Extent) -> bool:
    """Return true if the bounding box of an arc comes within ``FAR_DEG`` of a window."""
    (west, south), (east, north) = arc.min(axis=0), arc.max(axis=0)
    return bool(
        east >= extent.west - FAR_DEG
        and west <= extent.east + FAR_DEG
        and north >= extent.south - FAR_DEG
        and south <= extent.north + FAR_DEG
    )


def _rings(shape: dict[str, Any]) -> list[list[int]]:
    if shape.get("type") == "Polygon":
        return list(shape["arcs"])
    if shape.get("type") == "MultiPolygon":
        return [ring for polygon in shape["arcs"] for ring in polygon]
    return []


def _ring(numbers: list[int], arcs: list[Floats]) -> Floats:
    """Join arcs; ``~k`` is arc k reversed. The first point of each repeats the last of the arc before."""
    parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _simplify(points: Floats, tolerance: float) -> Floats:
    """Simplify a line so that no point is further than ``tolerance`` from it (Douglas & Peucker 1973)."""
    if len(points) < 3:
        return points
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        inner = points[first + 1 : last]
        away = _distance(inner, points[first], points[last])
        far = int(away.argmax())
        if away[far] > tolerance:
            keep[first + 1 + far] = True
            waiting += [(first, first + 1 + far), (first + 1 + far, last)]
    return np.asarray(points[keep])


def _distance(points: Floats, start: Floats, end: Floats) -> Floats:
    """Return the distance of each point from a line segment."""
    along = end - start
    squared_length = float(along @ along)
    if squared_length == 0.0:
        return np.asarray(np.hypot(*(points - start).T))
    part = np.clip((points - start) @ along / squared_length, 0.0, 1.0)[:, None]
    return np.asarray(np.hypot(*(points - start - part * along).T))


def clip(ring: Floats, frame: tuple[float, float, float, float]) -> Floats:
    """Return the part of a ring inside a rectangle (Sutherland & Hodgman 1974), (M, 2)."""
    left, bottom, right, top = frame
    if (
        ring[:, 0].max() < left
        or ring[:, 0].min() > right
        or ring[:, 1].max() < bottom
        or ring[:, 1].min() > top
    ):
        return ring[:0]
    for axis, bound, sign in ((0, left, 1.0), (0, right, -1.0), (1, bottom, 1.0), (1, top, -1.0)):
        ring = _cut(ring, axis, bound, sign)
        if not len(ring):
            return ring
    return ring


def _cut(ring: Floats, axis: int, bound: float, sign: float) -> Floats:
    """Return the part of a ring on one side of a line, with the crossings as new points."""
    beyond = sign * (ring[:, axis] - bound)
    before = np.roll(ring, 1, axis=0)
    was = np.roll(beyond, 1)
    crosses = (beyond >= 0.0) != (was >= 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(crosses, was / (was - beyond), 0.0)[:, None]
    at = before + part * (ring - before)
    pairs = np.stack([at, ring], axis=1)
    included = np.column_stack([crosses, beyond >= 0.0])
    return np.asarray(pairs.reshape(-1, 2)[included.reshape(-1)])


def area(ring: Floats) -> float:
    """Return the area of a ring (shoelace formula)."""
    x, y = ring.T
    return 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))


def label_point(ring: Floats) -> tuple[float, float]:
    """Return the point for a name in a ring: of a grid over it, the point furthest from the boundary.

    Names are wider than high, so horizontal distances count a third.
    """
    (left, bottom), (right, top) = ring.min(axis=0), ring.max(axis=0)
    x, y = np.meshgrid(np.linspace(left, right, GRID)[1:-1], np.linspace(bottom, top, GRID)[1:-1])
    points = np.column_stack([x.ravel(), y.ravel()])
    inner = points[Outlined(ring).contains_points(points)]
    if not len(inner):
        return float((left + right) / 2), float((bottom + top) / 2)
    steps = (inner[:, None, :] - ring[None, :, :]) * np.array([1.0 / 3.0, 1.0])
    best = inner[int(np.hypot(steps[..., 0], steps[..., 1]).min(axis=1).argmax())]
    return float(best[0]), float(best[1])
