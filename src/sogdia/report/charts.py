"""Draw charts: bars, ranges, stacked bars and a shaded matrix, each with its values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from sogdia.report.style import DARK, FAINT, INK, LIGHT, MIDDLE, SOFT, WIDTH_IN, Picture, figure, picture
from sogdia.report.wording import decimals_for, format_fixed

Floats = npt.NDArray[np.float64]
ROW_IN, HEAD_IN = 0.27, 0.62
LABELS_IN = 1.9
"""Width of the row labels."""
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "oooo", "++++", "----")
SHADES = ("#0b4f7d", "#e08a1e", "#8cc4e8", "#8a5a00", "#5b6673", "#b8c2cc", "#2c7a5b", "#d8b365")
SHADE = LinearSegmentedColormap.from_list("blues", ["#ffffff", "#8cc4e8", "#0b4f7d"])
VALUE_GAP = 0.012
"""Distance of a value from the end of its bar, as a share of the axis."""


def draw_bars(
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
    """Draw horizontal bars with their values; series differ in shade and hatching.

    Args:
        frame: One group of bars per row, the first on top.
        name: Short name.
        label: Column of the row labels.
        series: Columns of values with their labels; more than one get a legend.
        unit: Unit, written under the axis.
        alt: Text alternative.
        caption: Caption.
        sign: If true, values have their sign and negative bars the second colour.
    """
    names, has_legend = frame[label].astype(str).tolist(), len(series) > 1
    thickness, top = 0.78 / len(series), 0.25 if has_legend else 0.06
    height = HEAD_IN + top + (ROW_IN if not has_legend else 0.12 + 0.17 * len(series)) * len(names)
    with figure(WIDTH_IN, height) as page:
        axes = _row_axes(page, names, height, top_in=top)
        at = np.arange(len(names), dtype=np.float64)
        all_values = frame[[column for column, _ in series]].to_numpy(dtype=np.float64)
        _set_limits(axes, all_values)
        decimals = decimals_for(all_values.ravel().tolist())
        for number, (column, series_label) in enumerate(series):
            values = frame[column].to_numpy(dtype=np.float64)
            offset = (number - (len(series) - 1) / 2.0) * thickness
            colours = [MIDDLE if sign and value < 0 else SHADES[number] for value in values]
            axes.barh(
                at + offset, values, height=thickness * 0.9, color=SHADES[number] if has_legend else colours,
                hatch=HATCHES[number], edgecolor="white", linewidth=0.0, label=series_label, zorder=3,
            )  # fmt: skip
            _write_values(axes, at + offset, values, decimals, sign=sign, size=6.8 if has_legend else 7.6)
        axes.set_xlabel(unit, fontsize=8.0)
        if has_legend:
            axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(series), borderaxespad=0.2)
        return picture(page, name, alt, caption)


def draw_ranges(
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
    """Draw a point and its range per row, with their values.

    Args:
        frame: One range per row, the first on top.
        name: Short name.
        label: Column of the row labels.
        at: Column of the points.
        low: Column of the lower ends.
        high: Column of the upper ends.
        unit: Unit, written under the axis.
        alt: Text alternative.
        caption: Caption.
        points: If true, each point has its value; if false, all points are equal and one line marks them.
    """
    names = frame[label].astype(str).tolist()
    top = 0.06 if points else 0.24
    height = HEAD_IN + top + (1.15 if points else 1.0) * ROW_IN * len(names)
    with figure(WIDTH_IN, height) as page:
        axes = _row_axes(page, names, height, top_in=top)
        place = np.arange(len(names), dtype=np.float64)
        values, lows, highs = (frame[column].to_numpy(dtype=np.float64) for column in (at, low, high))
        all_values = np.column_stack([values, lows, highs])
        _set_limits(axes, all_values, margin=0.16)
        decimals = decimals_for(all_values.ravel().tolist())
        axes.hlines(place, lows, highs, color=LIGHT, lw=7.0, zorder=2)
        axes.plot(values, place, "D", color=DARK, ms=5.5, zorder=4)
        gap = VALUE_GAP * float(np.ptp(axes.get_xlim()))
        for y, value, first, last in zip(place, values, lows, highs, strict=True):
            text, low_text, high_text = (format_fixed(v, decimals, sign=True) for v in (value, first, last))
            if high_text != text:
                axes.text(max(last, value) + gap, y, high_text, va="center", fontsize=7.0)
            if low_text != text:
                axes.text(min(first, value) - gap, y, low_text, va="center", ha="right", fontsize=7.0)
            if points:
                axes.text(value, y - 0.28, text, ha="center", va="bottom", fontsize=7.0, weight="bold")
        if not points and len(names):
            axes.axvline(float(values[0]), color=DARK, lw=0.8, zorder=3)
            text = format_fixed(float(values[0]), decimals, sign=True)
            axes.text(float(values[0]), -0.55, text, ha="center", va="bottom", fontsize=7.0, weight="bold")
        axes.set_xlabel(unit, fontsize=8.0)
        return picture(page, name, alt, caption)


def draw_stacked_bars(
    names: Sequence[str],
    parts: Sequence[tuple[str, Sequence[float]]],
    unit: str,
    *,
    name: str,
    alt: str,
    caption: str,
) -> Picture:
    """Draw stacked horizontal bars; parts differ in shade and hatching.

    Args:
        names: Row labels, the first on top.
        parts: Label and values of each part; values may have both signs.
        unit: Unit, written under the axis.
        name: Short name.
        alt: Text alternative.
        caption: Caption.
    """
    height = HEAD_IN + 0.5 + ROW_IN * len(names)
    with figure(WIDTH_IN, height) as page:
        axes = _row_axes(page, names, height, top_in=0.5)
        at = np.arange(len(names))
        above, below = np.zeros(len(names)), np.zeros(len(names))
        for number, (label, part) in enumerate(parts):
            values = np.asarray(part, dtype=np.float64)
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


def draw_matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Floats,
    unit: str,
    *,
    name: str,
    alt: str,
    caption: str,
    effects: Floats | None = None,
) -> Picture:
    """Draw a table shaded by its values; darker is larger.

    Args:
        rows: Row labels.
        columns: Column labels.
        values: Values, (R, C); NaN stays white.
        unit: Unit, written in the caption.
        name: Short name.
        alt: Text alternative.
        caption: Caption.
        effects: Effects written small under the values, (R, C).
    """
    height = 0.95 + (0.36 if effects is not None else 0.32) * len(rows)
    decimals = decimals_for(values.ravel().tolist())
    largest = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    with figure(WIDTH_IN, height) as page:
        axes = page.add_axes(
            (LABELS_IN / WIDTH_IN, 0.02, 1.0 - LABELS_IN / WIDTH_IN - 0.01, 1.0 - 0.72 / height - 0.02)
        )
        edges = [np.arange(count + 1) - 0.5 for count in values.shape]
        axes.pcolormesh(edges[1], edges[0], np.nan_to_num(values), cmap=SHADE, vmin=0.0, vmax=largest or 1.0)
        axes.set_ylim(edges[0][-1], edges[0][0])
        for (row, column), value in np.ndenumerate(values):
            is_dark = np.isfinite(value) and value > 0.72 * largest
            colour = "white" if is_dark else INK
            shift = -0.14 if effects is not None else 0.0
            axes.text(
                column, row + shift, format_fixed(float(value), decimals), ha="center", va="center",
                color=colour, fontsize=8.0,
            )  # fmt: skip
            effect = 0.0 if effects is None else float(effects[row, column])
            if np.isfinite(effect) and float(format_fixed(abs(effect), max(decimals, 1))) > 0.0:
                text = format_fixed(effect, max(decimals, 1), sign=True)
                axes.text(column, row + 0.27, text, ha="center", va="center", color=colour, fontsize=6.2)
        _label_cells(axes, rows, columns)
        return picture(page, name, alt, f"{caption} Unit: {unit}.")


def _label_cells(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Label the rows and columns of a matrix, with white lines between its cells."""
    axes.set_xticks(range(len(columns)), [_wrap(label) for label in columns])
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _wrap(label: str, width: int = 13) -> str:
    """Wrap a label into lines of at largest ``width`` characters, between words."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _row_axes(page: Figure, names: Sequence[str], height: float, top_in: float = 0.06) -> Axes:
    """Add axes with row labels at the left, the first on top."""
    low = 0.46 / height
    axes = page.add_axes(
        (LABELS_IN / WIDTH_IN, low, 1.0 - LABELS_IN / WIDTH_IN - 0.08, 1.0 - low - top_in / height)
    )
    axes.set_yticks(range(len(names)), [_wrap(label, 30) for label in names])
    axes.invert_yaxis()
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.axvline(0.0, color=SOFT, lw=0.7, zorder=2)
    axes.grid(axis="x", color=FAINT, lw=0.4, zorder=0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=6)
    return axes


def _set_limits(axes: Axes, values: Floats, margin: float = 0.13) -> None:
    """Set limits that leave space for values beyond the ends."""
    low, high = (
        min(float(np.nanmin(values, initial=0.0)), 0.0),
        max(float(np.nanmax(values, initial=0.0)), 0.0),
    )
    span = (high - low) or 1.0
    axes.set_xlim(low - margin * span * (low < 0), high + margin * span)


def _write_values(
    axes: Axes, at: Floats, values: Floats, decimals: int, *, sign: bool = False, size: float = 7.6
) -> None:
    """Write values next to the ends of bars."""
    gap = VALUE_GAP * float(np.ptp(axes.get_xlim()))
    for place, value in zip(at, values, strict=True):
        is_right = value >= 0
        axes.text(
            value + (gap if is_right else -gap), place, format_fixed(value, decimals, sign=sign),
            ha="left" if is_right else "right", va="center", fontsize=size, zorder=5,
        )  # fmt: skip
