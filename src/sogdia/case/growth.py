"""From the base year to the scenario's year: economies, trade and demand grow by documented rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sogdia.case.scenario import Scenario
from sogdia.case.workbench import TableEditor, Why

ANY = "any"
DEMAND = "demand_gwh"
Paths = Mapping[tuple[str, str], Sequence[tuple[int, int, float]]]
_ECONOMY_FIELDS = (
    ("gdp_musd", "gdp"),
    ("goods_output_musd", "gdp"),
    ("population", "population"),
    ("electricity_demand_gwh", "electricity_demand"),
)


def growth_factor(
    growth: pd.DataFrame, economy: str, item: str, start: int, end: int, scale: float = 1.0
) -> float:
    """How many times larger a quantity is in ``end`` than in ``start``.

    ``Π_s (1 + scale · g_s / 100) ^ n_s`` over the path's spans s, n_s the years of the span that lie
    between the two. An economy without a path of its own takes the one for ``any``.

    Args:
        growth: Table ``growth``.
        economy: Economy.
        item: ``gdp``, ``population`` or ``electricity_demand``.
        start: First year.
        end: Last year, not before the first.
        scale: Multiplies every rate.

    Returns:
        The factor; 1 where there is no path at all.
    """
    return _growth_over(_paths(growth), economy, item, start, end, scale)


def _paths(growth: pd.DataFrame) -> Paths:
    """The spans of each economy and item: first year, last year, per cent a year."""
    columns = ("iso3", "item", "from_year", "to_year", "pct_per_a")
    paths: dict[tuple[str, str], list[tuple[int, int, float]]] = {}
    for code, item, first, last, rate in zip(*(growth[name] for name in columns), strict=True):
        paths.setdefault((code, item), []).append((int(first), int(last), float(rate)))
    return paths


def _growth_over(paths: Paths, economy: str, item: str, start: int, end: int, scale: float) -> float:
    factor = 1.0
    for first, last, rate in paths.get((economy, item), paths.get((ANY, item), ())):
        years = min(end, last) - max(start, first)
        if years > 0:
            factor *= (1.0 + scale * rate / 100.0) ** years
    return factor


def grow(bench: TableEditor, scenario: Scenario) -> None:
    """Grow economies, trade and electricity demand from the base year to the scenario's.

    Trade grows by the geometric mean of both sides' growth, ``X'_ij = X_ij √(g_i g_j)``: with trade
    costs unchanged and unit income elasticities, gravity gives each flow the product of the sides'
    sizes over the world's; the mean keeps an economy's sales at home in step with its output and
    does not need the world's growth. Tonnes follow values, so values per tonne stay.
    """
    start, end = bench.region.base_year, scenario.year
    if scenario.growth == "none" or end <= start:
        return
    growth = bench.frame("growth")
    paths = _paths(growth)
    economies = bench.frame("economies")["iso3"]
    why = Why("growth", f"documented growth from {start} to {end}", _sources(growth))
    factors: dict[str, Mapping[str, float]] = {}
    for field, item in _ECONOMY_FIELDS:
        if item not in factors:
            factors[item] = {
                code: _growth_over(paths, code, item, start, end, scenario.growth_factor)
                for code in economies
            }
        each = np.array([factors[item][code] for code in economies])
        bench.scale_each("economies", field, each, f"by growth of {item}", why)
    years = np.ones(len(economies), dtype=bool)
    bench.set("economies", years, "year", end, why)
    _grow_trade(bench, factors["gdp"], end, why)
    _grow_demand(bench, paths, scenario, why)


def _sources(growth: pd.DataFrame) -> str:
    return ";".join(sorted({part for cell in growth["source"] for part in cell.split(";") if part}))


def _grow_trade(bench: TableEditor, gdp: Mapping[str, float], year: int, why: Why) -> None:
    trade = bench.frame("trade")
    exporter = trade["exporter"].map(gdp).to_numpy(dtype=np.float64)
    importer = trade["importer"].map(gdp).to_numpy(dtype=np.float64)
    factors = np.sqrt(exporter * importer)
    for field in ("value_musd", "tonnes"):
        bench.scale_each("trade", field, factors, "by √(growth of exporter · growth of importer)", why)
    bench.set("trade", np.ones(len(trade), dtype=bool), "year", year, why)


def _grow_demand(bench: TableEditor, paths: Paths, scenario: Scenario, why: Why) -> None:
    """Add the demand of the year where the record does not reach it, grown from its latest year.

    A year in the record stands as it is recorded.
    """
    electricity = bench.frame("electricity")
    recorded = electricity[(electricity["item"] == DEMAND) & electricity["value"].notna()]
    rows = []
    for code, part in recorded.groupby("iso3", sort=False):
        if (part["year"] == scenario.year).any():
            continue
        known = part[part["year"] < scenario.year]
        if known.empty:
            continue
        latest = max(known.to_dict("records"), key=lambda row: int(row["year"]))
        start = int(latest["year"])
        factor = _growth_over(
            paths, str(code), "electricity_demand", start, scenario.year, scenario.growth_factor
        )
        note = f"{latest['value']:g} GWh of {start} times {factor:.4f} by documented growth"
        value = float(latest["value"]) * factor
        rows.append({"iso3": code, "year": scenario.year, "item": DEMAND, "value": value, "note": note})
    bench.add("electricity", rows, why)
