"""Names on a map: towns, countries and the numbers of a plan's works, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sogdia.report.labels import Box, Wanted, placed
from sogdia.report.style import INK, SOFT, box_of

TOWN_PT, LAND_PT, TOWN_GAP, ON_IT = 6.8, 7.6, 4.0, -1.0
DOT, MARK = 2.0, 8.0
"""Half sizes of a town's dot and a work's number, in points."""


@dataclass(frozen=True)
class Spot:
    """Something with a name at a point.

    Attributes:
        name: What is written.
        x: Place in the plane of the map.
        y: Likewise.
        px: Place on the page, in points.
        py: Likewise.
    """

    name: str
    x: float
    y: float
    px: float
    py: float


def around(spot: Spot, half: float) -> Box:
    """A square about a spot, in points of the page."""
    return spot.px - half, spot.py - half, spot.px + half, spot.py + half


def marks_on(axes: Axes, marks: Sequence[Spot]) -> list[Box]:
    """Draw numbered works; the boxes they take."""
    for spot in marks:
        axes.plot(spot.x, spot.y, marker="s", ms=8.5, mfc="white", mec=INK, mew=0.9, zorder=7)
        axes.text(
            spot.x,
            spot.y,
            spot.name,
            ha="center",
            va="center_baseline",
            fontsize=6.0,
            zorder=8,
            weight="bold",
        )
    return [around(spot, MARK) for spot in marks]


def write_names(
    page: Figure, axes: Axes, towns: Sequence[Spot], lands: Sequence[Spot], frame: Box, taken: Sequence[Box]
) -> None:
    """Write towns with a dot and countries, each where there is room, the first ones first.

    Args:
        page: The page.
        axes: The map.
        towns: Towns, the most important first.
        lands: Countries, likewise.
        frame: Where names must lie, in points of the page.
        taken: Boxes in use.
    """
    used = [*taken, *(around(town, DOT) for town in towns)]
    for spot, box in _fitted(page, axes, towns, frame, used, TOWN_PT, TOWN_GAP):
        axes.plot(spot.x, spot.y, "o", ms=2.6, mfc=INK, mec="white", mew=0.5, zorder=6)
        _write(axes, box, spot.name, TOWN_PT, INK, "normal")
        used.append(box)
    for spot, box in _fitted(page, axes, lands, frame, used, LAND_PT, ON_IT):
        _write(axes, box, spot.name, LAND_PT, SOFT, "italic")


def _fitted(
    page: Figure, axes: Axes, spots: Sequence[Spot], frame: Box, taken: Sequence[Box], size: float, gap: float
) -> list[tuple[Spot, Box]]:
    """Spots whose names found room, with their boxes."""
    wanted = []
    for spot in spots:
        text = axes.text(0, 0, spot.name, fontsize=size)
        left, bottom, right, top = box_of(text, page)
        text.remove()
        wanted.append(Wanted(spot.px, spot.py, right - left + 1.0, top - bottom, gap))
    boxes = placed(wanted, frame, taken)
    return [(spot, box) for spot, box in zip(spots, boxes, strict=True) if box is not None]


def _write(
    axes: Axes, box: Box, text: str, size: float, colour: str, style: Literal["normal", "italic"]
) -> None:
    left, bottom = axes.transData.inverted().transform((box[0], box[1]))
    axes.text(
        float(left), float(bottom), text, fontsize=size, color=colour, style=style, va="bottom", zorder=8,
        path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip
