"""Figures that no model can use or that are in another unit than their column, though of the right type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

OF_ALL = ("gdp_musd",)
OF_HOME = ("population", "goods_output_musd", "electricity_demand_gwh")
"""Figures that shares, growth or demand are calculated from: those of all economies, and of home ones."""
PER_HEAD: tuple[tuple[str, float, str, float, float], ...] = (
    ("gdp_musd", 1e6, "USD", 100.0, 500_000.0),
    ("electricity_demand_gwh", 1e6, "kWh", 10.0, 100_000.0),
)
"""Figure, factor to the unit of the text, that unit, least and largest amount a head of any economy: below
the poorest and above the richest of 2023."""
PEERS: tuple[tuple[str, str, str | None], ...] = (
    ("links", "capacity_t", "mode"),
    ("links", "speed_kmh", "mode"),
    ("crossings", "capacity_t", None),
    ("crossings", "dwell_h", "mode"),
    ("transfers", "capacity_t", None),
    ("transfers", "capacity_teu", None),
    ("transfers", "dwell_h", None),
    ("capacities", "capacity_t", None),
    ("pipelines", "capacity_mt", None),
    ("pipelines", "capacity_bcm", None),
    ("pipelines", "length_km", None),
    ("plants", "capacity_mw", "carrier"),
    ("interconnectors", "capacity_mw", None),
    ("domestic_traffic", "tonnes", None),
    ("rates", "usd_per_tkm", "mode"),
    ("rates", "usd_per_teu_km", "mode"),
    ("rates", "fixed_usd_per_t", None),
)
"""Table, field and the column within which its rows are compared with each other."""
LEAST_PEERS = 5
GAP = 30.0
"""Factor between two neighbouring figures of a field that no distribution of the shipped pack comes near to:
their largest is 12."""
PREFIXES = (1e3, 1e6)
"""Factors between units that are taken for each other, such as kt for t or kW for MW."""


def check_economy_figures(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Check that no economy has a GDP, and no home economy goods or demand, of zero, or an unlikely one."""
    economies = tables["economies"]
    for position, row in enumerate(economies.data.to_dict("records")):
        names = (*OF_ALL, *OF_HOME) if row["group"] == block.home_group else OF_ALL
        for name in names:
            if row[name] == 0:
                problem, fix = f"{row['iso3']} has 0", "expected a value > 0"
                yield row_fault(economies, position, name, problem, fix, "sense")
        yield from (
            row_fault(economies, position, name, problem, fix, "sense")
            for name, problem, fix in _unlikely_per_head(row)
        )


def _unlikely_per_head(row: dict[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield field, problem and fix of the figures of an economy that are unlikely for its population."""
    for name, factor, unit, least, most in PER_HEAD:
        figure, persons = row[name], row["population"]
        if not (figure > 0 and persons > 0):
            continue
        each = factor * figure / persons
        if not least <= each <= most:
            problem = f"{figure:,.6g} for {persons:,.6g} persons is {each:,.3g} {unit} a head"
            fix = f"expected {least:,.0f} to {most:,.0f}: is the figure or the population in another unit?"
            yield name, problem, fix


def check_peers(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that no figure is a thousand or a million times less or more than all others of its kind.

    Figures of a kind are sorted. Where two neighbours differ by more than :data:`GAP`, the smaller part of
    the two is in another unit if times a prefix it falls among the others.
    """
    for name, field, by in PEERS:
        table = tables[name]
        figures = table.data[field].to_numpy(dtype=np.float64, na_value=np.nan)
        kinds = np.zeros(figures.size, dtype=np.int64) if by is None else pd.factorize(table.data[by])[0]
        for kind in np.unique(kinds):
            rows = np.flatnonzero((kinds == kind) & (figures > 0.0))
            for position, prefix, low, high in _unexpected_rows(rows, figures[rows]):
                value, others = figures[position], f"{rows.size - 1} others"
                ratio = f"{prefix:,.0f} times {'less' if value < low else 'more'}"
                problem = f"{value:,.6g} is about {ratio} than {others}, {low:,.6g} to {high:,.6g}"
                fix = f"is it in another unit than {field}?"
                yield row_fault(table, position, field, problem, fix, "sense")


def _unexpected_rows(
    rows: npt.NDArray[np.int64], figures: npt.NDArray[np.float64]
) -> Iterator[tuple[int, float, float, float]]:
    """Yield the rows in another unit, the prefix, and the least and largest figure of the others."""
    if rows.size < LEAST_PEERS:
        return
    order = np.argsort(figures, kind="stable")
    ranked = figures[order]
    ratios = ranked[1:] / ranked[:-1]
    at = int(ratios.argmax()) + 1
    if ratios[at - 1] < GAP or 2 * at == rows.size:
        return
    unlike, others = (ranked[:at], ranked[at:]) if 2 * at < rows.size else (ranked[at:], ranked[:at])
    low, high = float(others[0]), float(others[-1])
    is_less = unlike[0] < low
    for prefix in PREFIXES:
        scaled = unlike * prefix if is_less else unlike / prefix
        if ((scaled >= low / 2) & (scaled <= high * 2)).all():
            chosen = order[:at] if 2 * at < rows.size else order[at:]
            yield from ((int(rows[place]), prefix, low, high) for place in np.sort(chosen))
            return
