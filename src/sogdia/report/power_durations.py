"""Draw duration curves of load and price, and reservoir levels: one panel per country, zone or reservoir."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from sogdia.power.carriers import style_of
from sogdia.report.power_year import Floats, PowerYear, axis_days, dispatch_of
from sogdia.report.style import DARK, FAINT, INK, MIDDLE, WIDTH_IN, Drawing, Picture, figure, picture
from sogdia.report.wording import format_number

COLUMNS, PANEL_IN, HEAD_IN, FOOT_IN = 3, 1.35, 0.38, 0.16
MW_PER_GW = MWH_PER_GWH = 1e3
VARIABLE = ("wind", "solar")
HIGHEST_SHOWN = 0.995
"""Share of all hours whose prices the price axis shows in full."""
LEAST_AXIS_USD = 60.0


def draw_load_durations(year: PowerYear) -> Picture:
    """Draw load, and load less wind and sun, of each country in falling order over the hours of the year."""
    weights = year.weight_h.to_numpy(dtype=np.float64)
    countries = year.countries
    with _panels(len(countries), "GW", "hours of the year") as (page, panels):
        for axes, (iso3, zones) in zip(panels, countries.items(), strict=True):
            parts, load = dispatch_of(year, zones)
            variable = parts[[name for name in VARIABLE if name in parts]].sum(axis=1)
            for values, colour, dash, label in (
                (load, DARK, "solid", "load"),
                (load - variable, MIDDLE, (0, (3.0, 1.2)), "load less wind and sun"),
            ):
                hours, falling = duration(values.to_numpy() / MW_PER_GW, weights)
                axes.step(hours, falling, where="post", color=colour, ls=dash, lw=1.4, label=label)
            peak = format_number(float(load.max()), 3)
            _title(axes, f"{year.country_name(iso3)}, peak {peak} MW")
            axes.set_ylim(bottom=min(0.0, float((load - variable).min() / MW_PER_GW)))
        _share_legend(page, panels[0])
        return picture(
            page, "load_duration", "load duration curves by country", f"Load duration; {year.title}."
        )


def draw_price_durations(year: PowerYear) -> Picture:
    """Draw the marginal price of each zone in falling order over the hours of the year."""
    prices = year.wide("hourly_prices", "price_usd_per_mwh", "bus")[year.zones]
    weights = year.weight_h.to_numpy(dtype=np.float64)
    hours, falling = duration(prices.to_numpy().T.ravel(), np.tile(weights, len(year.zones)))
    at = int(np.searchsorted(hours, (1.0 - HIGHEST_SHOWN) * hours[-1], side="right")) - 1
    highest = max(1.15 * float(falling[max(at, 0)]), LEAST_AXIS_USD)
    with _panels(len(year.zones), "USD/MWh", "hours of the year") as (page, panels):
        for axes, zone in zip(panels, year.zones, strict=True):
            hours, falling = duration(prices[zone].to_numpy(), weights)
            axes.step(hours, falling, where="post", color=DARK, lw=1.4)
            mean = float(np.average(prices[zone], weights=weights))
            axes.set_ylim(min(0.0, float(falling.min())), highest)
            _title(axes, f"{year.buses['name'][zone]}, mean {format_number(mean, 3)}")
            beyond = float(weights[prices[zone].to_numpy() > highest].sum())
            if beyond > 0.0:
                note = f"{beyond:,.0f} h above,\nup to {format_number(float(falling.max()), 3)}"
                axes.text(0.97, 0.4, note, transform=axes.transAxes, ha="right", va="top", fontsize=6.6)
        return picture(
            page, "price_duration", "price duration curves by zone", f"Price duration; {year.title}."
        )


def draw_reservoir_levels(year: PowerYear) -> Picture | None:
    """Draw the level of each reservoir at the end of each day over the year; ``None`` if there is none.

    Days that do not follow each other are joined by a thin line.
    """
    levels = year.wide("hourly_reservoirs", "level_mwh", "reservoir")
    rows = year.tables["hourly_reservoirs"].groupby("reservoir")
    if not len(levels):
        return None
    storage, zone = rows["storage_mwh"].first(), rows["zone"].first()
    daily = levels.groupby(pd.DatetimeIndex(levels.index).normalize()).last()
    days = pd.DatetimeIndex(daily.index)
    gap = np.append(np.diff(days.to_numpy()) > np.timedelta64(1, "D"), False)
    water = style_of("hydro").colour
    with _panels(len(levels.columns), "GWh", "") as (page, panels):
        for axes, name in zip(panels, levels.columns, strict=True):
            level = daily[name].to_numpy() / MWH_PER_GWH
            axes.plot(days, level, color=water, lw=0.6, ls=(0, (2.0, 1.5)) if gap.any() else "solid")
            axes.plot(days, np.where(gap, np.nan, level), color=water, lw=1.6)
            if gap.any():
                axes.plot(days, level, "o", color=water, ms=1.8)
            full = float(storage[name]) / MWH_PER_GWH
            axes.axhline(full, color=INK, lw=0.7, ls=(0, (1.0, 1.5)))
            axes.set_ylim(0.0, 1.08 * full if full > 0.0 else 1.0)
            _label_months(axes, days[0].year)
            place = str(year.buses["name"][zone[name]])
            _title(axes, f"{place}, {format_number(full, 3)} GWh")
        caption = f"Reservoir levels at the end of each day; dotted: the full reservoir; {year.title}."
        return picture(page, "reservoir_levels", "reservoir levels over the year", caption)


def duration(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return values in falling order against the hours for which they are reached or exceeded.

    Returns:
        Hours from 0, (N + 1,), and values, (N + 1,), the last one repeated.
    """
    height, width = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    order = np.argsort(-height, kind="stable")
    hours = np.concatenate([[0.0], np.cumsum(width[order])])
    falling = height[order]
    return hours, np.append(falling, falling[-1])


@contextmanager
def _panels(count: int, unit: str, along: str) -> Iterator[tuple[Drawing, Sequence[Axes]]]:
    """Provide a figure with a grid of panels, its unit above and the meaning of the axis below."""
    rows = -(-count // COLUMNS)
    height = HEAD_IN + FOOT_IN + rows * PANEL_IN
    with figure(WIDTH_IN, height) as page:
        left, gap = 0.42 / WIDTH_IN, 0.42 / WIDTH_IN
        width = (1.0 - left - 0.01 - (COLUMNS - 1) * gap) / COLUMNS
        panels = []
        for number in range(count):
            row, column = divmod(number, COLUMNS)
            top = 1.0 - (HEAD_IN + row * PANEL_IN + 0.12) / height
            box = (
                left + column * (width + gap),
                top - (PANEL_IN - 0.42) / height,
                width,
                (PANEL_IN - 0.42) / height,
            )
            axes = page.add_axes(box)
            axes.grid(axis="y", color=FAINT, lw=0.4, zorder=0)
            axes.tick_params(labelsize=6.8)
            axes.locator_params(axis="y", nbins=4)
            if along:
                axes.set_xlim(0.0, 8760.0)
                axes.set_xticks([0, 2000, 4000, 6000, 8000])
            panels.append(axes)
        page.text(left, 1.0 - 0.14 / height, unit, fontsize=8.0, va="center")
        page.text(0.5, 0.12 / height, along, fontsize=8.0, ha="center", va="center")
        yield page, panels


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, fontsize=7.0, weight="bold", pad=3.0)


def _share_legend(page: Drawing, axes: Axes) -> None:
    """Draw the legend of one panel for all, at the upper right."""
    handles, labels = axes.get_legend_handles_labels()
    page.legend(handles, labels, loc="upper right", ncols=len(labels), fontsize=7.4, borderaxespad=0.2)


def _label_months(axes: Axes, year: int) -> None:
    months = pd.date_range(f"{year}-01-01", periods=13, freq="MS")
    numbers = [axis_days(month) for month in months]
    axes.set_xlim(numbers[0], numbers[-1])
    axes.set_xticks(numbers[:-1:3], [f"{month:%b}" for month in months[:-1:3]])
