"""Draw maps of freight: flows by link, and the effect of a plan on them."""

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

from sogdia.codes import ALL_GOODS, ANY
from sogdia.region import Region
from sogdia.report.labels import Box
from sogdia.report.map_names import NamedPoint, draw_markers, write_names
from sogdia.report.outlines import CREDIT, MISSING, Outline, area, label_point, read_outlines
from sogdia.report.projection import Albers, albers_of, extent_of, frame_of
from sogdia.report.style import (
    COUNTRY,
    DARK,
    FAINT,
    HOME_COUNTRY,
    INK,
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
from sogdia.report.wording import format_number
from sogdia.units import convert

DISCLAIMER = (
    "Boundaries and names are those of the data set and imply no opinion on the status of any territory."
)
MAX_WIDTH_PT, MIN_WIDTH_PT = 7.0, 0.35
MAX_WIDTH_OUTSIDE = 1.4
"""Widest line outside the region, relative to the region's busiest."""
MIN_EFFECT_SHARE = 0.002
"""Effects below this share of the largest are not drawn."""
MAX_TOWNS = 24
MIN_NAMED_SHARE = 0.006
"""Share of the map below which a country outside the region is not named."""
Dash = str | tuple[int, tuple[float, float]]
EDGE_PT = 2.0
HOME_RANK, FREIGHT_RANK = 0.6, 0.5
"""Weights of a town's rank: for a home country, and for the freight through it."""
DASHES: dict[str, Dash] = {"rail": "solid", "road": "solid", "ferry": (0, (2.2, 1.2)), "sea": (0, (2.2, 1.2))}
COLOURS = {"rail": DARK, "road": MIDDLE, "ferry": LIGHT, "sea": LIGHT}
MODE_LABELS = {"rail": "rail", "road": "road", "ferry": "ship"}


@dataclass(frozen=True, eq=False)
class BaseMap:
    """Window, projection and outlines of a region's map.

    Attributes:
        region: The region.
        projection: Projection.
        frame: Edges in the plane.
        outlines: Outlines of countries; none if the atlas is not installed.
    """

    region: Region
    projection: Albers
    frame: Box
    outlines: Sequence[Outline]

    @property
    def height_in(self) -> float:
        """Height of the map at the width of the page."""
        left, bottom, right, top = self.frame
        return WIDTH_IN * (top - bottom) / (right - left)


def build_base_map(region: Region) -> BaseMap:
    """Build the map of a region; window and projection follow from its places."""
    extent = extent_of(region)
    projection = albers_of(extent)
    frame = frame_of(extent, projection)
    tolerance = (frame[2] - frame[0]) / (WIDTH_IN * POINTS_PER_INCH) * 0.6
    return BaseMap(region, projection, frame, read_outlines(extent, projection, frame, tolerance))


def draw_flows(base: BaseMap, links: pd.DataFrame, name: str, title: str, alt: str) -> Picture:
    """Draw freight by link; line width is proportional to tonnes.

    Args:
        base: Map of the region.
        links: ``link`` and ``tonnes`` a year, all goods, both directions.
        name: Short name.
        title: Caption, to which the credit of the outlines is added.
        alt: Text alternative.
    """
    drawn = _segments(base, links)
    largest = max(_largest(drawn), 1.0)
    with figure(WIDTH_IN, base.height_in) as page:
        axes = draw_countries(page, base)
        for mode in ("sea", "ferry", "road", "rail"):
            own = drawn[(drawn["mode"] == mode) & (drawn["tonnes"] > 0.0)]
            _draw_lines(axes, own, largest, COLOURS[mode], DASHES[mode])
        handles = [
            Line2D([], [], color=COLOURS[mode], lw=2.5, ls=DASHES[mode], label=label)
            for mode, label in MODE_LABELS.items()
        ]
        corner = draw_legend(page, axes, [*handles, *_width_key(largest)])
        _write_names(page, axes, base, drawn, [corner])
        return picture(page, name, alt, f"{title} {credit(base)}")


def draw_effects(
    base: BaseMap,
    baseline: pd.DataFrame,
    plan: pd.DataFrame,
    projects: pd.DataFrame,
    *,
    name: str,
    title: str,
    alt: str,
) -> Picture:
    """Draw the effect of a plan on freight by link of the region, decreases dashed.

    Links outside the region are omitted: freight there shifts between paths of nearly equal cost by more
    than the effect of the plan.

    Args:
        base: Map of the region.
        baseline: ``link`` and ``tonnes`` a year in the baseline.
        plan: ``link`` and ``tonnes`` a year with the plan.
        projects: Points to mark: ``name``, ``lat``, ``lon``.
        name: Short name.
        title: Caption, to which the credit of the outlines is added.
        alt: Text alternative.
    """
    both = plan.merge(baseline, on="link", how="outer", suffixes=("_plan", "_baseline")).fillna(0.0)
    both["tonnes"] = both["tonnes_plan"] - both["tonnes_baseline"]
    drawn = _segments(base, both[["link", "tonnes"]])
    largest = _largest(drawn)
    drawn = drawn[drawn["home"] & (drawn["tonnes"].abs() > MIN_EFFECT_SHARE * largest)]
    with figure(WIDTH_IN, base.height_in) as page:
        axes = draw_countries(page, base)
        _draw_railways(axes, base)
        handles: list[Line2D] = []
        for sign, colour, dash, label in (
            (-1.0, MIDDLE, (0, (1.6, 0.8)), "decrease"),
            (1.0, DARK, "solid", "increase"),
        ):
            own = drawn[np.sign(drawn["tonnes"]) == sign]
            _draw_lines(axes, own, max(largest, 1.0), colour, dash)
            handles.append(Line2D([], [], color=colour, lw=3.0, ls=dash, label=label))
        occupied = [
            draw_legend(page, axes, [*handles[::-1], *_width_key(largest)]),
            *draw_markers(axes, points_on_page(base, projects)),
        ]
        _write_names(page, axes, base, drawn.assign(tonnes=drawn["tonnes"].abs()), occupied)
        return picture(page, name, alt, f"{title} {credit(base)}")


def credit(base: BaseMap) -> str:
    """Return the credit of the outlines, or the note that they are missing."""
    return f"{CREDIT} {DISCLAIMER}" if base.outlines else MISSING


def _segments(base: BaseMap, links: pd.DataFrame) -> pd.DataFrame:
    """Return the links that reach into the frame, with both ends in the plane."""
    known, places = base.region.table("links"), base.region.table("places")
    x, y = base.projection(places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float))
    at = pd.DataFrame({"x": x, "y": y}, index=places.index)
    table = links.merge(known[["id", "from", "to", "mode"]], left_on="link", right_on="id")
    for end in ("from", "to"):
        table[[f"x_{end}", f"y_{end}"]] = at.loc[table[end]].to_numpy()
    table["home"] = table[["from", "to"]].isin(_home_places(base)).any(axis=1)
    left, bottom, right, top = base.frame
    near = (
        (table[["x_from", "x_to"]].max(axis=1) > left)
        & (table[["x_from", "x_to"]].min(axis=1) < right)
        & (table[["y_from", "y_to"]].max(axis=1) > bottom)
        & (table[["y_from", "y_to"]].min(axis=1) < top)
    )
    return table[near & table["mode"].isin(COLOURS)]


def _home_places(base: BaseMap) -> set[str]:
    places = base.region.table("places")
    return set(places.index[places["iso3"].isin(base.region.home)])


def _largest(drawn: pd.DataFrame) -> float:
    """Return the largest tonnes on a link of the region; 0 if there is none."""
    own = drawn.loc[drawn["home"], "tonnes"].abs()
    return float(own.max()) if len(own) else 0.0


def draw_countries(page: Figure, base: BaseMap) -> Axes:
    """Draw countries and water over the full page, home countries in white."""
    axes = page.add_axes((0.0, 0.0, 1.0, 1.0))
    left, bottom, right, top = base.frame
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(WATER if base.outlines else HOME_COUNTRY)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for shape in base.outlines:
        is_home = shape.iso3 in base.region.home
        points = np.concatenate([np.vstack([ring, ring[:1]]) for ring in shape.rings])
        codes = np.concatenate([_path_codes(len(ring)) for ring in shape.rings])
        face, width = (HOME_COUNTRY, 0.9) if is_home else (COUNTRY, 0.45)
        outline = Outlined(points, codes)
        axes.add_patch(
            PathPatch(outline, facecolor=face, edgecolor=SOFT, linewidth=width, zorder=1 + is_home)
        )
    return axes


def _path_codes(count: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    codes = np.full(count + 1, Outlined.LINETO, dtype=np.uint8)
    codes[0], codes[-1] = Outlined.MOVETO, Outlined.CLOSEPOLY
    return codes


def _draw_railways(axes: Axes, base: BaseMap) -> None:
    """Draw all railways in a faint colour, as a background of the effects."""
    links = base.region.table("links")
    table = _segments(base, pd.DataFrame({"link": links["id"], "tonnes": 0.0}))
    ends = table[table["mode"] == "rail"][["x_from", "y_from", "x_to", "y_to"]].to_numpy()
    axes.add_collection(LineCollection(list(ends.reshape(-1, 2, 2)), colors=FAINT, linewidths=0.5, zorder=3))


def _draw_lines(axes: Axes, table: pd.DataFrame, largest: float, colour: str, dash: Dash) -> None:
    """Draw links with a width proportional to their tonnes over ``largest``."""
    ends = table[["x_from", "y_from", "x_to", "y_to"]].to_numpy(dtype=np.float64).reshape(-1, 2, 2)
    share = np.minimum(np.abs(table["tonnes"].to_numpy(dtype=np.float64)) / largest, MAX_WIDTH_OUTSIDE)
    width = np.maximum(share * MAX_WIDTH_PT, MIN_WIDTH_PT)
    order = np.argsort(width)
    lines = LineCollection(
        list(ends[order]), colors=colour, linewidths=width[order], linestyles=[dash] * len(order), zorder=4
    )
    lines.set_capstyle("round" if dash == "solid" else "butt")
    axes.add_collection(lines)


def _width_key(largest: float) -> list[Line2D]:
    """Return legend entries for the largest width and a tenth of it, with rounded tonnes."""
    if largest <= 0.0:
        return []
    return [
        Line2D(
            [],
            [],
            color=INK,
            lw=max(share * MAX_WIDTH_PT, MIN_WIDTH_PT),
            label=f"{format_number(convert(share * largest, 't/a', 'Mt/a'), 1)} Mt/a",
        )
        for share in (1.0, 0.1)
    ]


def draw_legend(page: Figure, axes: Axes, handles: list[Line2D]) -> Box:
    """Draw the legend and return its box in points of the page."""
    legend = axes.legend(
        handles=handles, loc="lower left", frameon=True, framealpha=0.92, edgecolor=FAINT, borderpad=0.6,
        handlelength=2.6, ncols=1,
    )  # fmt: skip
    legend.set_zorder(9)
    return box_of(legend, page)


def points_on_page(base: BaseMap, table: pd.DataFrame) -> list[NamedPoint]:
    """Return rows with ``name``, ``lat`` and ``lon`` as points of the page; those outside are omitted."""
    x, y = base.projection(table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float))
    left, bottom, right, top = base.frame
    wide, high = WIDTH_IN * POINTS_PER_INCH, base.height_in * POINTS_PER_INCH
    points = [
        NamedPoint(
            str(name),
            at_x,
            at_y,
            (at_x - left) / (right - left) * wide,
            (at_y - bottom) / (top - bottom) * high,
        )
        for name, at_x, at_y in zip(table["name"], x.tolist(), y.tolist(), strict=True)
    ]
    return [point for point in points if left < point.x < right and bottom < point.y < top]


def _write_names(page: Figure, axes: Axes, base: BaseMap, drawn: pd.DataFrame, occupied: list[Box]) -> None:
    """Write the names of towns and countries where there is room."""
    left, bottom = axes.transData.transform(base.frame[:2]).tolist()
    right, top = axes.transData.transform(base.frame[2:]).tolist()
    frame = (left + EDGE_PT, bottom + EDGE_PT, right - EDGE_PT, top - EDGE_PT)
    write_names(page, axes, _towns(base, drawn), country_points(base), frame, occupied)


def _towns(base: BaseMap, drawn: pd.DataFrame) -> list[NamedPoint]:
    """Return the largest important towns, ranked by share in their economy, home country and freight."""
    places, zones = base.region.table("places"), base.region.table("zones")
    weight = (
        zones[zones["commodity"].eq(ALL_GOODS) & zones["partner"].eq(ANY)].groupby("place")["share"].max()
    )
    ends = [drawn[[end, "tonnes"]].set_axis(["place", "t"], axis=1) for end in ("from", "to")]
    freight = pd.concat(ends).groupby("place")["t"].sum()
    table = places[["name", "lat", "lon", "iso3", "kind"]].copy()
    own = table["iso3"].isin(base.region.home)
    largest = max(float(freight.max()) if len(freight) else 0.0, 1.0)
    table["rank"] = (
        own * HOME_RANK
        + weight.reindex(table.index).fillna(0.0)
        + FREIGHT_RANK * freight.reindex(table.index).fillna(0.0) / largest
    )
    table = table[table.index.isin(freight.index) | (own & table.index.isin(weight.index))]
    table = table.sort_values("rank", ascending=False).drop_duplicates("name")
    return points_on_page(base, table)[:MAX_TOWNS]


def country_points(base: BaseMap) -> list[NamedPoint]:
    """Return the visible economies of the pack, each at its largest part, home countries first."""
    known = base.region.table("economies")
    names = dict(zip(known["iso3"].astype(str), known["name"].astype(str), strict=True))
    left, bottom, right, top = base.frame
    wide, high = WIDTH_IN * POINTS_PER_INCH, base.height_in * POINTS_PER_INCH
    ranked: list[tuple[float, NamedPoint]] = []
    for shape in base.outlines:
        if shape.iso3 not in names:
            continue
        ring = max(shape.rings, key=area)
        is_home, share = shape.iso3 in base.region.home, area(ring) / ((right - left) * (top - bottom))
        if not is_home and share < MIN_NAMED_SHARE:
            continue
        x, y = label_point(ring)
        px, py = (x - left) / (right - left) * wide, (y - bottom) / (top - bottom) * high
        ranked.append((share + is_home, NamedPoint(names[shape.iso3], x, y, px, py)))
    return [spot for _, spot in sorted(ranked, key=lambda item: -item[0])]
