"""Write names on a map: towns, countries and numbers of projects, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sogdia.report.labels import Box, Label, place_labels
from sogdia.report.style import INK, SOFT, box_of

TOWN_PT, COUNTRY_PT, TOWN_GAP, OVER_POINT = 6.8, 7.6, 4.0, -1.0
DOT, MARKER = 2.0, 8.0
"""Half sizes of a town's dot and of a project's marker, in points."""


@dataclass(frozen=True)
class NamedPoint:
    """A point of a map with a name.

    Attributes:
        name: Text to write.
        x: Coordinate in the plane of the map.
        y: Coordinate in the plane of the map.
        px: Coordinate on the page, in points.
        py: Coordinate on the page, in points.
    """

    name: str
    x: float
    y: float
    px: float
    py: float


def box_around(point: NamedPoint, half: float) -> Box:
    """Return the square around a point, in points of the page."""
    return point.px - half, point.py - half, point.px + half, point.py + half


def draw_markers(axes: Axes, points: Sequence[NamedPoint]) -> list[Box]:
    """Draw numbered markers of projects and return their boxes."""
    for point in points:
        axes.plot(point.x, point.y, marker="s", ms=8.5, mfc="white", mec=INK, mew=0.9, zorder=7)
        axes.text(
            point.x, point.y, point.name, ha="center", va="center_baseline", fontsize=6.0, zorder=8,
            weight="bold",
        )  # fmt: skip
    return [box_around(point, MARKER) for point in points]


def write_names(
    page: Figure,
    axes: Axes,
    towns: Sequence[NamedPoint],
    countries: Sequence[NamedPoint],
    frame: Box,
    occupied: Sequence[Box],
) -> None:
    """Write names of towns, each with a dot, and of countries, where there is room.

    Args:
        page: Figure.
        axes: Map.
        towns: Towns, the most important first.
        countries: Countries, the most important first.
        frame: Box that holds all names, in points of the page.
        occupied: Boxes in use.
    """
    used = [*occupied, *(box_around(town, DOT) for town in towns)]
    for point, box in _place(page, axes, towns, frame, used, TOWN_PT, TOWN_GAP):
        axes.plot(point.x, point.y, "o", ms=2.6, mfc=INK, mec="white", mew=0.5, zorder=6)
        _write(axes, box, point.name, TOWN_PT, INK, "normal")
        used.append(box)
    for point, box in _place(page, axes, countries, frame, used, COUNTRY_PT, OVER_POINT):
        _write(axes, box, point.name, COUNTRY_PT, SOFT, "italic")


def _place(
    page: Figure,
    axes: Axes,
    points: Sequence[NamedPoint],
    frame: Box,
    occupied: Sequence[Box],
    size: float,
    gap: float,
) -> list[tuple[NamedPoint, Box]]:
    """Return the points whose names have room, with their boxes."""
    labels = []
    for point in points:
        text = axes.text(0, 0, point.name, fontsize=size)
        left, bottom, right, top = box_of(text, page)
        text.remove()
        labels.append(Label(point.px, point.py, right - left + 1.0, top - bottom, gap))
    boxes = place_labels(labels, frame, occupied)
    return [(point, box) for point, box in zip(points, boxes, strict=True) if box is not None]


def _write(
    axes: Axes, box: Box, text: str, size: float, colour: str, style: Literal["normal", "italic"]
) -> None:
    left, bottom = axes.transData.inverted().transform((box[0], box[1]))
    axes.text(
        float(left), float(bottom), text, fontsize=size, color=colour, style=style, va="bottom", zorder=8,
        path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip
