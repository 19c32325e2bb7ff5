"""Draw the dispatch of a week or a day as a stack of carriers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sogdia.power.carriers import in_stack_order, style_of
from sogdia.report.power_year import HOUR, SHED, PowerYear, axis_days, dispatch_of, window_of
from sogdia.report.style import FAINT, INK, WIDTH_IN, Picture, figure, picture

MW_PER_GW, HOURS_PER_DAY, NOON = 1e3, 24, pd.Timedelta(hours=12)
HEIGHT_IN, LEFT_IN, LEGEND_IN = 3.3, 0.55, 1.72
LEAST_SHARE = 0.002
"""Share of the highest load below which a part of the stack is not drawn."""


def draw_dispatch(
    year: PowerYear, zones: list[str], place: str, name: str, first: pd.Timestamp | None = None
) -> Picture:
    """Draw generation by carrier, net imports and unserved energy against load.

    What is charged or exported is below zero. The parts sum to the load in every hour.

    Args:
        year: Solved year.
        zones: Zones that are drawn together.
        place: Their name for readers.
        name: Short name.
        first: First day of the week; by default the week with the highest load.

    Raises:
        InputError: If no snapshot is on the first day.
    """
    parts, load = dispatch_of(year, zones)
    times = window_of(load, first)
    shown, demand = parts.loc[times] / MW_PER_GW, load.loc[times] / MW_PER_GW
    least = LEAST_SHARE * float(demand.max())
    drawn = [part for part in in_stack_order(shown.columns) if shown[part].abs().max() > least]
    edges = pd.DatetimeIndex([*times, times[-1] + HOUR])
    weight = float(year.weight_h.loc[times].mean())
    with figure(WIDTH_IN, HEIGHT_IN) as page:
        axes = page.add_axes((LEFT_IN / WIDTH_IN, 0.13, 1.0 - (LEFT_IN + LEGEND_IN) / WIDTH_IN, 0.84))
        _stack(axes, edges, shown[drawn])
        line = np.append(demand.to_numpy(), demand.iloc[-1])
        axes.step(edges, line, where="post", color=INK, lw=1.3, zorder=5, label="Load")
        axes.axhline(0.0, color=INK, lw=0.6, zorder=4)
        axes.set_ylabel("GW", fontsize=8.0)
        axes.set_xlim(axis_days(edges[0]), axis_days(edges[-1]))
        axes.grid(axis="y", color=FAINT, lw=0.4, zorder=0)
        _label_time(axes, edges)
        _legend(page, axes)
        span = (
            f"{times[0]:%-d %B}"
            if len(times) <= HOURS_PER_DAY
            else f"{times[0]:%-d %B} to {times[-1]:%-d %B}"
        )
        caption = f"Dispatch, {place}, {span}; {year.title}."
        if weight > 1.0:
            caption += f" Each hour represents {weight:,.0f} hours of the year."
        return picture(page, name, f"stack of generation by carrier and load, {place}", caption)


def _stack(axes: Axes, edges: pd.DatetimeIndex, parts: pd.DataFrame) -> None:
    """Draw parts one on top of the other, positive values above zero and negative ones below."""
    above, below = np.zeros(len(edges)), np.zeros(len(edges))
    for part in parts.columns:
        values = np.append(parts[part].to_numpy(), parts[part].iloc[-1])
        style = style_of(str(part))
        hatch = "////" if part == SHED else None
        labelled = False
        for start, height in ((above, np.maximum(values, 0.0)), (below, np.minimum(values, 0.0))):
            if np.abs(height).max() > 0.0:
                axes.fill_between(
                    edges, start, start + height, step="post", facecolor=style.colour, edgecolor="white",
                    linewidth=0.0, hatch=hatch, label=None if labelled else style.name, zorder=3,
                )  # fmt: skip
                labelled = True
        above, below = above + np.maximum(values, 0.0), below + np.minimum(values, 0.0)


def _label_time(axes: Axes, edges: pd.DatetimeIndex) -> None:
    """Label the hours of a day, or the days of a week."""
    if len(edges) <= HOURS_PER_DAY + 1:
        hours = range(0, len(edges), 3)
        axes.set_xticks([axis_days(edges[hour]) for hour in hours], [f"{hour:02d}:00" for hour in hours])
        return
    days = [time for time in edges if time.hour == 0]
    axes.set_xticks([axis_days(day) for day in days], [""] * len(days))
    noons = [day + NOON for day in days if day + NOON < edges[-1]]
    axes.set_xticks([axis_days(noon) for noon in noons], [f"{noon:%a %-d %b}" for noon in noons], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.grid(axis="x", color=FAINT, lw=0.4, zorder=0)


def _legend(page: Figure, axes: Axes) -> None:
    """Draw the legend at the right, in the order of the stack from the top."""
    handles, labels = axes.get_legend_handles_labels()
    page.legend(
        handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.0 - LEGEND_IN / WIDTH_IN, 0.99),
        fontsize=7.2, handlelength=1.4, borderaxespad=0.4,
    )  # fmt: skip
