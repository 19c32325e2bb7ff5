"""Charts of the brief: bars with their figures, dots before and after, a matrix in shades."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from sogdia.report.style import DARK, FAINT, INK, LIGHT, MIDDLE, SOFT, WIDTH_IN, Picture, figure, picture
from sogdia.report.wording import fixed, places_for

Floats = npt.NDArray[np.float64]
ROW_IN, HEAD_IN = 0.27, 0.62
LABELS_IN = 1.9
"""Room for names at the left of bars."""
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "oooo", "++++", "----")
SHADES = ("#0b4f7d", "#e08a1e", "#8cc4e8", "#8a5a00", "#5b6673", "#b8c2cc", "#2c7a5b", "#d8b365")
SHADE = LinearSegmentedColormap.from_list("blues", ["#ffffff", "#8cc4e8", "#0b4f7d"])
FIGURE_GAP = 0.012


def bars(
    frame: pd.DataFrame,
    name: str,
    *,
    label: str,
    series: Sequence[tuple[str, str]],
    unit: str,
    alt: str,
    caption: str,
    sign: bool = False,
) -> Picture:
    """Bars with their figures, one a row and series; series are told apart by shade and hatching.

    Args:
        frame: A row a group of bars, the first on top.
        name: Short name.
        label: Column of the names.
        series: Columns of values with the words of the legend; a legend is drawn for more than one.
        unit: Their unit, written under the axis.
        alt: What it shows, in words.
        caption: Line under it.
        sign: Whether figures are changes, shown with their sign; falls are then of the second colour.
    """
    names, many = frame[label].astype(str).tolist(), len(series) > 1
    thick, top = 0.78 / len(series), 0.25 if many else 0.06
    height = HEAD_IN + top + (ROW_IN if not many else 0.12 + 0.17 * len(series)) * len(names)
    with figure(WIDTH_IN, height) as page:
        axes = _left_named(page, names, height, top_in=top)
        at = np.arange(len(names), dtype=np.float64)
        everything = frame[[column for column, _ in series]].to_numpy(dtype=np.float64)
        _room(axes, everything)
        places = places_for(everything.ravel().tolist())
        for number, (column, words) in enumerate(series):
            values = frame[column].to_numpy(dtype=np.float64)
            offset = (number - (len(series) - 1) / 2.0) * thick
            falls = [MIDDLE if sign and value < 0 else SHADES[number] for value in values]
            axes.barh(
                at + offset, values, height=thick * 0.9, color=falls if not many else SHADES[number],
                hatch=HATCHES[number], edgecolor="white", linewidth=0.0, label=words, zorder=3,
            )  # fmt: skip
            _figures(axes, at + offset, values, values, places, sign=sign, size=6.8 if many else 7.6)
        axes.set_xlabel(unit, fontsize=8.0)
        if many:
            axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(series), borderaxespad=0.2)
        return picture(page, name, alt, caption)


def ranges(
    frame: pd.DataFrame,
    name: str,
    *,
    label: str,
    at: str,
    low: str,
    high: str,
    unit: str,
    alt: str,
    caption: str,
    points: bool = True,
) -> Picture:
    """A point and the range around it, one a row, their figures written beside them.

    Args:
        frame: A row a range, the first on top.
        name: Short name.
        label: Column of the names.
        at: Column of the points.
        low: Column of the lower ends.
        high: Column of the upper ends.
        points: Whether the points differ and each is told; else one line stands for all.
        unit: Their unit, written under the axis.
        alt: What it shows, in words.
        caption: Line under it.
    """
    names = frame[label].astype(str).tolist()
    top = 0.06 if points else 0.24
    height = HEAD_IN + top + (1.15 if points else 1.0) * ROW_IN * len(names)
    with figure(WIDTH_IN, height) as page:
        axes = _left_named(page, names, height, top_in=top)
        place = np.arange(len(names), dtype=np.float64)
        values, lows, highs = (frame[column].to_numpy(dtype=np.float64) for column in (at, low, high))
        everything = np.column_stack([values, lows, highs])
        _room(axes, everything, part=0.16)
        digits = places_for(everything.ravel().tolist())
        axes.hlines(place, lows, highs, color=LIGHT, lw=7.0, zorder=2)
        axes.plot(values, place, "D", color=DARK, ms=5.5, zorder=4)
        gap = FIGURE_GAP * float(np.ptp(axes.get_xlim()))
        for y, value, first, last in zip(place, values, lows, highs, strict=True):
            middle, low_told, high_told = (fixed(v, digits, sign=True) for v in (value, first, last))
            if high_told != middle:
                axes.text(max(last, value) + gap, y, high_told, va="center", fontsize=7.0)
            if low_told != middle:
                axes.text(min(first, value) - gap, y, low_told, va="center", ha="right", fontsize=7.0)
            if points:
                axes.text(value, y - 0.28, middle, ha="center", va="bottom", fontsize=7.0, weight="bold")
        if not points and len(names):
            axes.axvline(float(values[0]), color=DARK, lw=0.8, zorder=3)
            told = fixed(float(values[0]), digits, sign=True)
            axes.text(float(values[0]), -0.55, told, ha="center", va="bottom", fontsize=7.0, weight="bold")
        axes.set_xlabel(unit, fontsize=8.0)
        return picture(page, name, alt, caption)


def stacked(
    names: Sequence[str],
    parts: Sequence[tuple[str, Sequence[float]]],
    unit: str,
    *,
    name: str,
    alt: str,
    caption: str,
) -> Picture:
    """Bars made of parts, told apart by shade and hatching.

    Args:
        names: Names, the first on top.
        parts: Each a label and values, of one sign or both.
        unit: Their unit.
        name: Short name.
        alt: What it shows, in words.
        caption: Line under it.
    """
    height = HEAD_IN + 0.5 + ROW_IN * len(names)
    with figure(WIDTH_IN, height) as page:
        axes = _left_named(page, names, height, top_in=0.5)
        at = np.arange(len(names))
        above, below = np.zeros(len(names)), np.zeros(len(names))
        for number, (label, told) in enumerate(parts):
            values = np.asarray(told, dtype=np.float64)
            start = np.where(values >= 0.0, above, below)
            axes.barh(
                at, values, left=start, height=0.66, color=SHADES[number % len(SHADES)],
                hatch=HATCHES[number % len(HATCHES)], edgecolor="white", linewidth=0.4, label=label, zorder=3,
            )  # fmt: skip
            above += np.maximum(values, 0.0)
            below += np.minimum(values, 0.0)
        axes.set_xlabel(unit, fontsize=8.0)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=min(len(parts), 3), borderaxespad=0.2,
            columnspacing=1.0, handlelength=1.6, fontsize=7.4,
        )  # fmt: skip
        return picture(page, name, alt, caption)


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Floats,
    unit: str,
    *,
    name: str,
    alt: str,
    caption: str,
    changes: Floats | None = None,
) -> Picture:
    """A table in shades, its figures written in; darker is more.

    Args:
        rows: Names of rows.
        columns: Names of columns.
        values: Values, (R, C); NaN stays white.
        unit: Their unit.
        name: Short name.
        alt: What it shows, in words.
        caption: Line under it.
        changes: Changes written small under the values, (R, C).
    """
    height = 0.95 + (0.36 if changes is not None else 0.32) * len(rows)
    places = places_for(values.ravel().tolist())
    most = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    with figure(WIDTH_IN, height) as page:
        axes = page.add_axes(
            (LABELS_IN / WIDTH_IN, 0.02, 1.0 - LABELS_IN / WIDTH_IN - 0.01, 1.0 - 0.72 / height - 0.02)
        )
        edges = [np.arange(count + 1) - 0.5 for count in values.shape]
        axes.pcolormesh(edges[1], edges[0], np.nan_to_num(values), cmap=SHADE, vmin=0.0, vmax=most or 1.0)
        axes.set_ylim(edges[0][-1], edges[0][0])
        for (row, column), value in np.ndenumerate(values):
            dark = np.isfinite(value) and value > 0.55 * most
            colour = "white" if dark else INK
            lift = -0.14 if changes is not None else 0.0
            axes.text(
                column,
                row + lift,
                fixed(float(value), places),
                ha="center",
                va="center",
                color=colour,
                fontsize=8.0,
            )
            moved = 0.0 if changes is None else float(changes[row, column])
            if np.isfinite(moved) and float(fixed(abs(moved), max(places, 1))) > 0.0:
                told = fixed(moved, max(places, 1), sign=True)
                axes.text(column, row + 0.27, told, ha="center", va="center", color=colour, fontsize=6.2)
        _headed(axes, rows, columns)
        return picture(page, name, alt, f"{caption} Unit: {unit}.")


def _headed(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Names at the left and on top of a matrix, white lines between its cells."""
    axes.set_xticks(range(len(columns)), [_broken(label) for label in columns])
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _broken(label: str, longest: int = 13) -> str:
    """A heading in lines no longer than ``longest`` where words allow."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _left_named(page: Figure, names: Sequence[str], height: float, top_in: float = 0.06) -> Axes:
    """Axes with room for names at the left, the first name on top."""
    low = 0.46 / height
    axes = page.add_axes(
        (LABELS_IN / WIDTH_IN, low, 1.0 - LABELS_IN / WIDTH_IN - 0.08, 1.0 - low - top_in / height)
    )
    axes.set_yticks(range(len(names)), [_broken(label, 30) for label in names])
    axes.invert_yaxis()
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.axvline(0.0, color=SOFT, lw=0.7, zorder=2)
    axes.grid(axis="x", color=FAINT, lw=0.4, zorder=0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=6)
    return axes


def _room(axes: Axes, values: Floats, part: float = 0.13) -> None:
    """Limits that leave room for figures beyond the ends."""
    low, high = (
        min(float(np.nanmin(values, initial=0.0)), 0.0),
        max(float(np.nanmax(values, initial=0.0)), 0.0),
    )
    whole = (high - low) or 1.0
    axes.set_xlim(low - part * whole * (low < 0), high + part * whole)


def _figures(
    axes: Axes,
    at: Floats,
    ends: Floats,
    values: Floats,
    places: int,
    *,
    sign: bool = False,
    size: float = 7.6,
) -> None:
    """Figures beside the ends of bars."""
    gap = FIGURE_GAP * float(np.ptp(axes.get_xlim()))
    for place, end, value in zip(at, ends, values, strict=True):
        outward = value >= 0
        axes.text(
            end + (gap if outward else -gap), place, fixed(value, places, sign=sign),
            ha="left" if outward else "right", va="center", fontsize=size, zorder=5,
        )  # fmt: skip
