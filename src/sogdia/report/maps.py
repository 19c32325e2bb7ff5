"""Maps of flows: what goes where, and what a plan moves, on the region in a conic projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outlined

from sogdia.region import Region
from sogdia.report.labels import Box
from sogdia.report.map_names import Spot, marks_on, write_names
from sogdia.report.outlines import CREDIT, MISSING, Outline, area, middle, outlines
from sogdia.report.projection import Albers, albers_of, extent_of, frame_of
from sogdia.report.style import (
    DARK,
    FAINT,
    HOME_LAND,
    INK,
    LAND,
    LIGHT,
    MIDDLE,
    POINTS_PER_INCH,
    SOFT,
    WATER,
    WIDTH_IN,
    Picture,
    box_of,
    figure,
    picture,
)
from sogdia.report.wording import number

NEUTRAL = "Boundaries and names are those of the data set and say nothing about the status of any territory."
WIDEST_PT, THINNEST_PT = 7.0, 0.35
T_PER_MT = 1e6
WIDEST_BEYOND = 1.4
"""Lines outside the region that carry more than the region's busiest are drawn so much wider, no more."""
NO_CHANGE_PART = 0.002
"""Changes under this part of the largest are not drawn."""
MOST_TOWNS = 24
SMALLEST_NAMED = 0.006
"""Part of the map below which a country outside the region is not named."""
Dash = str | tuple[int, tuple[float, float]]
EDGE_PT = 2.0
HOME_RANK, PASSING_RANK = 0.6, 0.5
"""How much it counts for a town's label that it is one of the region's own, and what passes it."""
DASHES: dict[str, Dash] = {"rail": "solid", "road": "solid", "ferry": (0, (2.2, 1.2)), "sea": (0, (2.2, 1.2))}
COLOURS = {"rail": DARK, "road": MIDDLE, "ferry": LIGHT, "sea": LIGHT}
NAMES = {"rail": "rail", "road": "road", "ferry": "ship"}


@dataclass(frozen=True, eq=False)
class Sheet:
    """A region's map without anything on it.

    Attributes:
        region: The region.
        projection: Its projection.
        frame: Its edges in the plane.
        shapes: Outlines of countries; none where the installation has no atlas.
    """

    region: Region
    projection: Albers
    frame: Box
    shapes: Sequence[Outline]

    @property
    def height_in(self) -> float:
        """Height of the map at full width."""
        left, bottom, right, top = self.frame
        return WIDTH_IN * (top - bottom) / (right - left)


def sheet_of(region: Region) -> Sheet:
    """The map of a region: window, projection and outlines, all from its places."""
    extent = extent_of(region)
    projection = albers_of(extent)
    frame = frame_of(extent, projection)
    grain = (frame[2] - frame[0]) / (WIDTH_IN * POINTS_PER_INCH) * 0.6
    return Sheet(region, projection, frame, outlines(extent, projection, frame, grain))


def flow_map(sheet: Sheet, links: pd.DataFrame, name: str, title: str, alt: str) -> Picture:
    """Tonnes on every link as the width of its line.

    Args:
        sheet: The map.
        links: ``link``, ``tonnes`` of all goods in both directions.
        name: Short name.
        title: What the map is of, for the caption.
        alt: What it shows, in words.
    """
    drawn = _segments(sheet, links)
    most = max(_largest(drawn), 1.0)
    with figure(WIDTH_IN, sheet.height_in) as page:
        axes = _ground(page, sheet)
        for mode in ("sea", "ferry", "road", "rail"):
            own = drawn[(drawn["mode"] == mode) & (drawn["tonnes"] > 0.0)]
            _lines(axes, own, most, COLOURS[mode], DASHES[mode])
        handles = [
            Line2D([], [], color=COLOURS[mode], lw=2.5, ls=DASHES[mode], label=label)
            for mode, label in NAMES.items()
        ]
        corner = _legend(page, axes, [*handles, *_scale(most, INK)])
        _names(page, axes, sheet, drawn, [corner])
        return picture(page, name, alt, f"{title} {_credit(sheet)}")


def difference_map(
    sheet: Sheet,
    before: pd.DataFrame,
    after: pd.DataFrame,
    marks: pd.DataFrame,
    *,
    name: str,
    title: str,
    alt: str,
) -> Picture:
    """What a plan moves: tonnes on the links of the region after less before, gains dark, losses dashed.

    Links that do not touch the region are left out: goods there change between ways of nearly the same cost
    whatever the plan is, by more than the plan moves.

    Args:
        sheet: The map.
        before: ``link``, ``tonnes``.
        after: Likewise.
        marks: Points of the plan to show: ``lat``, ``lon``, ``number``.
        name: Short name.
        title: What the map is of, for the caption.
        alt: What it shows, in words.
    """
    both = after.merge(before, on="link", how="outer", suffixes=("_after", "_before")).fillna(0.0)
    both["tonnes"] = both["tonnes_after"] - both["tonnes_before"]
    drawn = _segments(sheet, both[["link", "tonnes"]])
    most = _largest(drawn)
    drawn = drawn[drawn["home"] & (drawn["tonnes"].abs() > NO_CHANGE_PART * most)]
    with figure(WIDTH_IN, sheet.height_in) as page:
        axes = _ground(page, sheet)
        _network(axes, sheet)
        handles: list[Line2D] = []
        for sign, colour, dash, label in (
            (-1.0, MIDDLE, (0, (1.6, 0.8)), "fewer"),
            (1.0, DARK, "solid", "more"),
        ):
            own = drawn[np.sign(drawn["tonnes"]) == sign]
            _lines(axes, own, max(most, 1.0), colour, dash)
            handles.append(Line2D([], [], color=colour, lw=3.0, ls=dash, label=label))
        taken = [
            _legend(page, axes, [*handles[::-1], *_scale(most, INK)]),
            *marks_on(axes, _spots(sheet, marks)),
        ]
        _names(page, axes, sheet, drawn.assign(tonnes=drawn["tonnes"].abs()), taken)
        return picture(page, name, alt, f"{title} {_credit(sheet)}")


def _credit(sheet: Sheet) -> str:
    return f"{CREDIT} {NEUTRAL}" if sheet.shapes else MISSING


def _segments(sheet: Sheet, links: pd.DataFrame) -> pd.DataFrame:
    """Links that touch the frame, with both ends in the plane."""
    known, places = sheet.region.table("links"), sheet.region.table("places")
    x, y = sheet.projection(places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float))
    at = pd.DataFrame({"x": x, "y": y}, index=places.index)
    table = links.merge(known[["id", "from", "to", "mode"]], left_on="link", right_on="id")
    for end in ("from", "to"):
        table[[f"x_{end}", f"y_{end}"]] = at.loc[table[end]].to_numpy()
    table["home"] = table[["from", "to"]].isin(_own_places(sheet)).any(axis=1)
    left, bottom, right, top = sheet.frame
    near = (
        (table[["x_from", "x_to"]].max(axis=1) > left)
        & (table[["x_from", "x_to"]].min(axis=1) < right)
        & (table[["y_from", "y_to"]].max(axis=1) > bottom)
        & (table[["y_from", "y_to"]].min(axis=1) < top)
    )
    return table[near & table["mode"].isin(COLOURS)]


def _own_places(sheet: Sheet) -> set[str]:
    places = sheet.region.table("places")
    return set(places.index[places["iso3"].isin(sheet.region.home)])


def _largest(drawn: pd.DataFrame) -> float:
    """The most on a link that touches the region; 0 where none does."""
    own = drawn.loc[drawn["home"], "tonnes"].abs()
    return float(own.max()) if len(own) else 0.0


def _ground(page: Figure, sheet: Sheet) -> Axes:
    axes = page.add_axes((0.0, 0.0, 1.0, 1.0))
    left, bottom, right, top = sheet.frame
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(WATER if sheet.shapes else HOME_LAND)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for shape in sheet.shapes:
        own = shape.iso3 in sheet.region.home
        points = np.concatenate([np.vstack([ring, ring[:1]]) for ring in shape.rings])
        codes = np.concatenate([_codes(len(ring)) for ring in shape.rings])
        face, width = (HOME_LAND, 0.9) if own else (LAND, 0.45)
        outline = Outlined(points, codes)
        axes.add_patch(PathPatch(outline, facecolor=face, edgecolor=SOFT, linewidth=width, zorder=1 + own))
    return axes


def _codes(count: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    codes = np.full(count + 1, Outlined.LINETO, dtype=np.uint8)
    codes[0], codes[-1] = Outlined.MOVETO, Outlined.CLOSEPOLY
    return codes


def _network(axes: Axes, sheet: Sheet) -> None:
    """Every railway and road, faint, so that a change is seen where it happens."""
    links = sheet.region.table("links")
    table = _segments(sheet, pd.DataFrame({"link": links["id"], "tonnes": 0.0}))
    ends = table[table["mode"] == "rail"][["x_from", "y_from", "x_to", "y_to"]].to_numpy()
    axes.add_collection(LineCollection(list(ends.reshape(-1, 2, 2)), colors=FAINT, linewidths=0.5, zorder=3))


def _lines(axes: Axes, table: pd.DataFrame, most: float, colour: str, dash: Dash) -> None:
    """Links as lines as wide as their tonnes over ``most``."""
    ends = table[["x_from", "y_from", "x_to", "y_to"]].to_numpy(dtype=np.float64).reshape(-1, 2, 2)
    part = np.minimum(np.abs(table["tonnes"].to_numpy(dtype=np.float64)) / most, WIDEST_BEYOND)
    width = np.maximum(part * WIDEST_PT, THINNEST_PT)
    order = np.argsort(width)
    lines = LineCollection(
        list(ends[order]), colors=colour, linewidths=width[order], linestyles=[dash] * len(order), zorder=4
    )
    lines.set_capstyle("round" if dash == "solid" else "butt")
    axes.add_collection(lines)


def _scale(most: float, colour: str) -> list[Line2D]:
    """Keys of width: the most, and a tenth of it, both told round."""
    if most <= 0.0:
        return []
    return [
        Line2D(
            [],
            [],
            color=colour,
            lw=max(part * WIDEST_PT, THINNEST_PT),
            label=f"{number(part * most / T_PER_MT, 1)} Mt/a",
        )
        for part in (1.0, 0.1)
    ]


def _legend(page: Figure, axes: Axes, handles: list[Line2D]) -> Box:
    """Draw the legend; the box it takes, in points of the page."""
    legend = axes.legend(
        handles=handles, loc="lower left", frameon=True, framealpha=0.92, edgecolor=FAINT, borderpad=0.6,
        handlelength=2.6, ncols=1,
    )  # fmt: skip
    legend.set_zorder(9)
    return box_of(legend, page)


def _spots(sheet: Sheet, table: pd.DataFrame) -> list[Spot]:
    """Rows with ``name``, ``lat`` and ``lon`` as spots of the page, those outside the frame left out."""
    x, y = sheet.projection(table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float))
    left, bottom, right, top = sheet.frame
    wide, high = WIDTH_IN * POINTS_PER_INCH, sheet.height_in * POINTS_PER_INCH
    found = [
        Spot(
            str(name),
            at_x,
            at_y,
            (at_x - left) / (right - left) * wide,
            (at_y - bottom) / (top - bottom) * high,
        )
        for name, at_x, at_y in zip(table["name"], x.tolist(), y.tolist(), strict=True)
    ]
    return [spot for spot in found if left < spot.x < right and bottom < spot.y < top]


def _names(page: Figure, axes: Axes, sheet: Sheet, drawn: pd.DataFrame, taken: list[Box]) -> None:
    """Towns by weight and countries, where there is room."""
    left, bottom = axes.transData.transform(sheet.frame[:2]).tolist()
    right, top = axes.transData.transform(sheet.frame[2:]).tolist()
    frame = (left + EDGE_PT, bottom + EDGE_PT, right - EDGE_PT, top - EDGE_PT)
    write_names(page, axes, _towns(sheet, drawn), _lands(sheet), frame, taken)


def _towns(sheet: Sheet, drawn: pd.DataFrame) -> list[Spot]:
    """The towns that matter most: by weight in their economy, the region's own first, and by what passes."""
    places, zones = sheet.region.table("places"), sheet.region.table("zones")
    weight = zones[zones["commodity"].eq("all") & zones["partner"].eq("any")].groupby("place")["share"].max()
    ends = [drawn[[end, "tonnes"]].set_axis(["place", "t"], axis=1) for end in ("from", "to")]
    passing = pd.concat(ends).groupby("place")["t"].sum()
    table = places[["name", "lat", "lon", "iso3", "kind"]].copy()
    own = table["iso3"].isin(sheet.region.home)
    most = max(float(passing.max()) if len(passing) else 0.0, 1.0)
    table["rank"] = (
        own * HOME_RANK
        + weight.reindex(table.index).fillna(0.0)
        + PASSING_RANK * passing.reindex(table.index).fillna(0.0) / most
    )
    table = table[table.index.isin(passing.index) | (own & table.index.isin(weight.index))]
    table = table.sort_values("rank", ascending=False).drop_duplicates("name")
    return _spots(sheet, table)[:MOST_TOWNS]


def _lands(sheet: Sheet) -> list[Spot]:
    """Economies of the pack that are seen, each at the middle of its largest part, the region's own first."""
    known = sheet.region.table("economies")
    names = dict(zip(known["iso3"].astype(str), known["name"].astype(str), strict=True))
    left, bottom, right, top = sheet.frame
    wide, high = WIDTH_IN * POINTS_PER_INCH, sheet.height_in * POINTS_PER_INCH
    ranked: list[tuple[float, Spot]] = []
    for shape in sheet.shapes:
        if shape.iso3 not in names:
            continue
        ring = max(shape.rings, key=area)
        own, part = shape.iso3 in sheet.region.home, area(ring) / ((right - left) * (top - bottom))
        if not own and part < SMALLEST_NAMED:
            continue
        x, y = middle(ring)
        px, py = (x - left) / (right - left) * wide, (y - bottom) / (top - bottom) * high
        ranked.append((part + own, Spot(names[shape.iso3], x, y, px, py)))
    return [spot for _, spot in sorted(ranked, key=lambda item: -item[0])]
