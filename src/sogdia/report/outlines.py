"""Outlines of countries, from Natural Earth by way of the npm package world-atlas (``hatch_build.py``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pycountry
from matplotlib.path import Path as Outlined

from sogdia.report.projection import Albers, Extent

Floats = npt.NDArray[np.float64]
FILE = "countries-50m.json"
MISSING = (
    "The outlines of countries are missing in this installation, so the map shows the network alone; "
    "install Sogdia again where npm can be reached."
)
GRID = 26
FAR_DEG = 15.0
"""Rings all of which lies further than this from the window are left out."""
CREDIT = "Outlines: Natural Earth (public domain), scale 1:50 million."


@dataclass(frozen=True, eq=False)
class Outline:
    """A country's outline in the plane.

    Attributes:
        iso3: Its code; empty for land without one.
        name: Its name in the atlas.
        rings: Closed rings, each (N, 2); a later one may be a hole.
    """

    iso3: str
    name: str
    rings: tuple[Floats, ...]


@lru_cache(maxsize=1)
def _topology() -> dict[str, Any] | None:
    found = files("sogdia.report") / "outlines" / FILE
    if not found.is_file():
        return None
    content: dict[str, Any] = json.loads(found.read_text("utf-8"))
    return content


def outlines(
    extent: Extent, projection: Albers, frame: tuple[float, float, float, float], grain: float
) -> list[Outline]:
    """Outlines inside a frame of the plane; none where the installation has no atlas.

    Args:
        extent: Window in degrees; rings far from it are left out, for the cone tears the other side of the
            world apart.
        projection: Projection into the plane.
        frame: Left, bottom, right, top.
        grain: Detail finer than this is left out; arcs are thinned one by one, so that neighbours keep
            the border they share.
    """
    topology = _topology()
    if topology is None:
        return []
    degrees = _arcs(topology)
    near = [_near(arc, extent) for arc in degrees]
    arcs = [_thinned(np.column_stack(projection(arc[:, 0], arc[:, 1])), grain) for arc in degrees]
    found = []
    for shape in topology["objects"]["countries"]["geometries"]:
        rings = [_ring(ring, arcs) for ring in _rings(shape) if any(near[k if k >= 0 else ~k] for k in ring)]
        kept = tuple(clipped for ring in rings if len(clipped := clip(ring, frame)) > 2)
        if kept:
            found.append(Outline(_iso3(shape), str(shape["properties"].get("name", "")), kept))
    return found


def _iso3(shape: dict[str, Any]) -> str:
    known = pycountry.countries.get(numeric=str(shape.get("id", "")).zfill(3))
    return str(known.alpha_3) if known is not None else ""


def _arcs(topology: dict[str, Any]) -> list[Floats]:
    """Arcs in degrees: whole numbers in the file, each the step from the last (TopoJSON 1.0, 2.1.2)."""
    scale, shift = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    return [
        np.cumsum(np.array(arc, dtype=np.float64)[:, :2], axis=0) * scale + shift for arc in topology["arcs"]
    ]


def _near(arc: Floats, extent: Extent) -> bool:
    """Whether an arc comes near a window: a ring around it has one, or its neighbours in the window do."""
    (west, south), (east, north) = arc.min(axis=0), arc.max(axis=0)
    wide = FAR_DEG
    return bool(
        east >= extent.west - wide
        and west <= extent.east + wide
        and north >= extent.south - wide
        and south <= extent.north + wide
    )


def _rings(shape: dict[str, Any]) -> list[list[int]]:
    if shape.get("type") == "Polygon":
        return list(shape["arcs"])
    if shape.get("type") == "MultiPolygon":
        return [ring for polygon in shape["arcs"] for ring in polygon]
    return []


def _ring(numbers: list[int], arcs: list[Floats]) -> Floats:
    """Arcs joined; ``~k`` is arc k backwards. The first point of each repeats the last of the one before."""
    parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _thinned(points: Floats, grain: float) -> Floats:
    """The line with fewer points, none further than ``grain`` from it (Douglas & Peucker 1973)."""
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
        if away[far] > grain:
            keep[first + 1 + far] = True
            waiting += [(first, first + 1 + far), (first + 1 + far, last)]
    return np.asarray(points[keep])


def _distance(points: Floats, start: Floats, end: Floats) -> Floats:
    along = end - start
    length = float(along @ along)
    if length == 0.0:
        return np.asarray(np.hypot(*(points - start).T))
    part = np.clip((points - start) @ along / length, 0.0, 1.0)[:, None]
    return np.asarray(np.hypot(*(points - start - part * along).T))


def clip(ring: Floats, frame: tuple[float, float, float, float]) -> Floats:
    """The part of a ring inside a rectangle (Sutherland & Hodgman 1974), (M, 2)."""
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
    """The part of a ring on one side of a line: what is outside goes, crossings come in."""
    beyond = sign * (ring[:, axis] - bound)
    before = np.roll(ring, 1, axis=0)
    was = np.roll(beyond, 1)
    crosses = (beyond >= 0.0) != (was >= 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(crosses, was / (was - beyond), 0.0)[:, None]
    at = before + part * (ring - before)
    pairs = np.stack([at, ring], axis=1)
    wanted = np.column_stack([crosses, beyond >= 0.0])
    return np.asarray(pairs.reshape(-1, 2)[wanted.reshape(-1)])


def area(ring: Floats) -> float:
    """Area of a ring (the shoelace formula)."""
    x, y = ring.T
    return 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))


def middle(ring: Floats) -> tuple[float, float]:
    """Where a name stands best in a ring: the point of a grid over it that is furthest from its edge.

    Names are wider than high, so distances count a third sideways.
    """
    (left, bottom), (right, top) = ring.min(axis=0), ring.max(axis=0)
    x, y = np.meshgrid(np.linspace(left, right, GRID)[1:-1], np.linspace(bottom, top, GRID)[1:-1])
    points = np.column_stack([x.ravel(), y.ravel()])
    held = points[Outlined(ring).contains_points(points)]
    if not len(held):
        return float((left + right) / 2), float((bottom + top) / 2)
    steps = (held[:, None, :] - ring[None, :, :]) * np.array([1.0 / 3.0, 1.0])
    best = held[int(np.hypot(steps[..., 0], steps[..., 1]).min(axis=1).argmax())]
    return float(best[0]), float(best[1])
