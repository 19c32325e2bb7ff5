"""Draw the flows of electricity on a map, each line with its energy and the share of its limit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sogdia.report.labels import Box, Label, place_labels
from sogdia.report.map_names import NamedPoint, write_names
from sogdia.report.maps import (
    EDGE_PT,
    BaseMap,
    build_base_map,
    country_points,
    credit,
    draw_countries,
    draw_legend,
    points_on_page,
)
from sogdia.report.power_year import Floats, PowerYear
from sogdia.report.style import DARK, INK, LIGHT, MIDDLE, WIDTH_IN, Picture, box_of, figure, picture
from sogdia.report.wording import format_number

MWH_PER_TWH = 1e6
MAX_WIDTH_PT, MIN_WIDTH_PT = 6.0, 0.8
LEAST_TWH = 0.05
"""Energy a year below which a line is drawn without a figure."""
CLASSES = ((0.3, LIGHT, "below 30 % of the limit"), (0.7, DARK, "30 to 70 %"), (np.inf, MIDDLE, "above 70 %"))
LABEL_PT = 6.2
ARROW = (0.56, 0.62)
"""Tail and tip of the arrow, as shares of the line."""
LABEL_SHARE = 0.3
"""Place of the figure, as a share of the visible line: before the arrow."""


def line_loading(year: PowerYear) -> pd.DataFrame:
    """Return the flows of a year between pairs of buses, parallel lines together; none without capacity.

    Returns:
        ``start`` and ``end`` (in the direction of the net flow), ``sent_twh`` (both directions),
        ``net_twh``, ``loading`` (energy over that at the limit all year; the limit is that of the larger
        direction).
    """
    flows = year.tables["hourly_flows"]
    rows = flows.assign(
        first=flows[["from_bus", "to_bus"]].min(axis=1),
        second=flows[["from_bus", "to_bus"]].max(axis=1),
        energy=flows["sent_mw"] * flows["weight_h"],
        limit=flows["capacity_mw"] * flows["weight_h"],
    )
    sums = rows.groupby(["first", "second", "from_bus"], as_index=False)[["energy", "limit"]].sum()
    found = []
    for (first, second), part in sums.groupby(["first", "second"]):
        energy = part.set_index("from_bus")["energy"].reindex([first, second]).fillna(0.0)
        limit = float(part["limit"].max())
        start, end = (first, second) if energy.iloc[0] >= energy.iloc[1] else (second, first)
        if limit == 0.0:
            continue
        total, net = float(energy.sum()), abs(float(energy.iloc[0] - energy.iloc[1]))
        found.append((start, end, total / MWH_PER_TWH, net / MWH_PER_TWH, total / limit))
    return pd.DataFrame(found, columns=["start", "end", "sent_twh", "net_twh", "loading"])


def draw_line_loading(year: PowerYear) -> Picture | None:
    """Draw the flows between zones and to neighbours; ``None`` if no line has both ends on a known place.

    Line width is proportional to energy, the colour shows the share of the limit, an arrow the net direction.
    """
    located = year.buses.dropna(subset=["lat", "lon"])
    lines = line_loading(year)
    lines = lines[lines["start"].isin(located.index) & lines["end"].isin(located.index)]
    if lines.empty:
        return None
    base = build_base_map(year.region)
    x, y = base.projection(located["lon"].to_numpy(dtype=float), located["lat"].to_numpy(dtype=float))
    at = pd.DataFrame({"x": x, "y": y}, index=located.index)
    with figure(WIDTH_IN, base.height_in) as page:
        axes = draw_countries(page, base)
        largest = max(float(lines["sent_twh"].max()), LEAST_TWH)
        for row in lines.sort_values("sent_twh").to_dict("records"):
            ends = at.loc[[row["start"], row["end"]]].to_numpy()
            _draw_line(axes, ends, row["sent_twh"], row["loading"], largest)
        axes.plot(at["x"], at["y"], "o", ms=4.0, mfc="white", mec=INK, mew=0.8, zorder=6)
        legend = draw_legend(page, axes, _key(largest))
        labels = _write_figures(page, axes, base, lines, at, [legend])
        _write_places(page, axes, base, year, [legend, *labels])
        caption = (
            "Electricity between zones and to neighbours: energy a year, and its share of that at the limit; "
            f"{year.title}. {credit(base)}"
        )
        return picture(page, "flow_map", "map of electricity flows with the share of each limit", caption)


def _width(twh: float, largest: float) -> float:
    return max(MAX_WIDTH_PT * twh / largest, MIN_WIDTH_PT)


def _colour(loading: float) -> str:
    return next(colour for limit, colour, _ in CLASSES if loading < limit)


def _draw_line(axes: Axes, ends: Floats, twh: float, loading: float, largest: float) -> None:
    """Draw a line with an arrow in the direction of its net flow."""
    width, colour = _width(twh, largest), _colour(loading)
    axes.plot(ends[:, 0], ends[:, 1], color=colour, lw=width, zorder=4, solid_capstyle="round")
    if twh < LEAST_TWH:
        return
    tail, head = (ends[0] + share * (ends[1] - ends[0]) for share in ARROW)
    arrow = FancyArrowPatch(
        (float(tail[0]), float(tail[1])),
        (float(head[0]), float(head[1])),
        arrowstyle="-|>",
        mutation_scale=7.0 + width,
        color=INK,
        lw=0.0,
        shrinkA=0.0,
        shrinkB=0.0,
        zorder=5,
    )
    axes.add_patch(arrow)


def _key(largest: float) -> list[Line2D]:
    """Return legend entries of the classes of loading and of two widths."""
    classes = [Line2D([], [], color=colour, lw=3.0, label=label) for _, colour, label in CLASSES]
    widths = [
        Line2D(
            [],
            [],
            color=INK,
            lw=_width(share * largest, largest),
            label=f"{format_number(share * largest)} TWh/a",
        )
        for share in (1.0, 0.2)
    ]
    return [*classes, *widths]


def _write_figures(
    page: Figure, axes: Axes, base: BaseMap, lines: pd.DataFrame, at: pd.DataFrame, occupied: list[Box]
) -> list[Box]:
    """Write energy and loading next to each line, where there is room; return the boxes."""
    labels, texts = [], []
    for row in (
        lines[lines["sent_twh"] >= LEAST_TWH].sort_values("sent_twh", ascending=False).to_dict("records")
    ):
        text = f"{format_number(row['sent_twh'])} TWh, {100.0 * row['loading']:.0f} %"
        ends = at.loc[[row["start"], row["end"]]].to_numpy()
        visible = _label_position(ends, base.frame)
        if visible is None:
            continue
        drawn = axes.text(0, 0, text, fontsize=LABEL_PT)
        left, bottom, right, top = box_of(drawn, page)
        drawn.remove()
        px, py = axes.transData.transform(visible).tolist()
        labels.append(Label(px, py, right - left + 2.0, top - bottom + 1.0, 4.0))
        texts.append(text)
    left, bottom = axes.transData.transform(base.frame[:2]).tolist()
    right, top = axes.transData.transform(base.frame[2:]).tolist()
    frame = (left + EDGE_PT, bottom + EDGE_PT, right - EDGE_PT, top - EDGE_PT)
    boxes = place_labels(labels, frame, occupied)
    placed = []
    for text, box in zip(texts, boxes, strict=True):
        if box is None:
            continue
        x, y = axes.transData.inverted().transform((box[0], box[1])).tolist()
        axes.text(
            x, y, text, fontsize=LABEL_PT, color=INK, va="bottom", zorder=8,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
        placed.append(box)
    return placed


def _label_position(ends: Floats, frame: Box) -> tuple[float, float] | None:
    """Return the place of a line's figure inside the frame; ``None`` if no part of the line is."""
    along = np.linspace(0.0, 1.0, 101)[:, None]
    points = ends[0] + along * (ends[1] - ends[0])
    left, bottom, right, top = frame
    inside = (points[:, 0] > left) & (points[:, 0] < right) & (points[:, 1] > bottom) & (points[:, 1] < top)
    if not inside.any():
        return None
    x, y = points[inside][int(LABEL_SHARE * inside.sum())].tolist()
    return x, y


def _write_places(page: Figure, axes: Axes, base: BaseMap, year: PowerYear, occupied: list[Box]) -> None:
    """Write the names of zones of countries with several, of neighbours in the frame, and of countries."""
    several = [zone for zones in year.countries.values() if len(zones) > 1 for zone in zones]
    named: list[NamedPoint] = points_on_page(base, year.buses.loc[several].dropna(subset=["lat", "lon"]))
    left, bottom = axes.transData.transform(base.frame[:2]).tolist()
    right, top = axes.transData.transform(base.frame[2:]).tolist()
    frame = (left + EDGE_PT, bottom + EDGE_PT, right - EDGE_PT, top - EDGE_PT)
    write_names(page, axes, named, country_points(base), frame, occupied)
