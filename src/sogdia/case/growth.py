"""Documented growth of economies, trade and electricity demand from the base year to the scenario's year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sogdia.case.editor import EditReason, TableEditor
from sogdia.case.scenario import Scenario
from sogdia.codes import ANY

DEMAND = "demand_gwh"
"""Item of ``electricity`` with the demand of a year."""
GrowthPaths = Mapping[tuple[str, str], Sequence[tuple[int, int, float]]]
"""First year, last year and per cent a year of each span, by economy and item."""
_ECONOMY_FIELDS = (
    ("gdp_musd", "gdp"),
    ("goods_output_musd", "gdp"),
    ("population", "population"),
    ("electricity_demand_gwh", "electricity_demand"),
)


def growth_paths(growth: pd.DataFrame) -> GrowthPaths:
    """Return the spans of table ``growth`` by economy and item."""
    columns = ("iso3", "item", "from_year", "to_year", "pct_per_a")
    paths: dict[tuple[str, str], list[tuple[int, int, float]]] = {}
    for code, item, first, last, rate in zip(*(growth[name] for name in columns), strict=True):
        paths.setdefault((code, item), []).append((int(first), int(last), float(rate)))
    return paths


def growth_factor(
    paths: GrowthPaths, economy: str, item: str, start: int, end: int, scale: float = 1.0
) -> float:
    """Return the ratio of a quantity in ``end`` to that in ``start``.

    ``Π_s (1 + scale · g_s / 100) ^ n_s`` over the spans s of the growth path, with n_s the years of the
    span between ``start`` and ``end``. An economy without a path of its own takes the one for ``any``.

    Args:
        paths: Spans by economy and item.
        economy: Economy.
        item: ``gdp``, ``population`` or ``electricity_demand``.
        start: First year.
        end: Last year, not before the first.
        scale: Multiplies every rate.

    Returns:
        The ratio; 1 without a growth path.
    """
    factor = 1.0
    for first, last, rate in paths.get((economy, item), paths.get((ANY, item), ())):
        years = min(end, last) - max(start, first)
        if years > 0:
            factor *= (1.0 + scale * rate / 100.0) ** years
    return factor


def grow(editor: TableEditor, scenario: Scenario) -> None:
    """Grow economies, trade and electricity demand from the base year to the scenario's year.

    Trade grows by the geometric mean of the growth of exporter and importer, ``X'_ij = X_ij √(g_i g_j)``:
    with constant trade costs and unit income elasticities, gravity makes each flow proportional to the
    product of both sizes over world output; the mean keeps domestic sales in line with output and does
    not need world growth. Tonnes follow values, so values per tonne stay constant. Trade by sector, goods
    that pass a hub (by origin and destination) and named transfers (by payer and receiver) grow alike;
    output and value added of a sector grow as its sales.
    """
    start, end = editor.region.base_year, scenario.year
    if scenario.growth == "none" or end <= start:
        return
    growth = editor.frame("growth")
    paths = growth_paths(growth)
    economies = editor.frame("economies")["iso3"]
    reason = EditReason("growth", f"documented growth from {start} to {end}", _sources(growth))
    factors: dict[str, Mapping[str, float]] = {}
    for field, item in _ECONOMY_FIELDS:
        if item not in factors:
            factors[item] = {
                code: growth_factor(paths, code, item, start, end, scenario.growth_factor)
                for code in economies
            }
        ratios = np.array([factors[item][code] for code in economies])
        editor.scale_each("economies", field, ratios, f"by growth of {item}", reason)
    every_row = np.ones(len(economies), dtype=bool)
    editor.set("economies", every_row, "year", end, reason)
    _grow_trade(editor, factors["gdp"], end, reason)
    _grow_sectors(editor, factors["gdp"], reason)
    _grow_demand(editor, paths, scenario, reason)


def _sources(growth: pd.DataFrame) -> str:
    return ";".join(sorted({part for cell in growth["source"] for part in cell.split(";") if part}))


def _grow_trade(editor: TableEditor, gdp: Mapping[str, float], year: int, reason: EditReason) -> None:
    trade = editor.frame("trade")
    exporter = trade["exporter"].map(gdp).to_numpy(dtype=np.float64)
    importer = trade["importer"].map(gdp).to_numpy(dtype=np.float64)
    factors = np.sqrt(exporter * importer)
    for field in ("value_musd", "tonnes"):
        editor.scale_each("trade", field, factors, "by √(growth of exporter · growth of importer)", reason)
    editor.set("trade", np.ones(len(trade), dtype=bool), "year", year, reason)


def _grow_sectors(editor: TableEditor, gdp: Mapping[str, float], reason: EditReason) -> None:
    """Grow flows by sector, goods that pass a hub and transfers; output grows as the sum of its flows."""
    flows = editor.frame("sector_flows")
    keys = ["exporter", "sector"]
    before = flows.groupby(keys)["value_musd"].sum()
    for table, ends in (
        ("sector_flows", ("exporter", "importer")),
        ("entrepot", ("origin", "destination")),
        ("income_transfers", ("payer", "receiver")),
    ):
        first, second = (editor.frame(table)[end].map(gdp).to_numpy(dtype=np.float64) for end in ends)
        words = f"by √(growth of {ends[0]} · growth of {ends[1]})"
        editor.scale_each(table, "value_musd", np.sqrt(first * second), words, reason)
    after = editor.frame("sector_flows").groupby(keys)["value_musd"].sum()
    ratio = (after / before.where(before > 0.0)).fillna(1.0)
    outputs = editor.frame("sector_outputs")
    rows = pd.MultiIndex.from_frame(outputs[["iso3", "sector"]].set_axis(keys, axis=1))
    factors = ratio.reindex(rows).fillna(1.0).to_numpy(dtype=np.float64)
    for field in ("gross_output_musd", "value_added_musd"):
        editor.scale_each("sector_outputs", field, factors, "by growth of the sector's sales", reason)


def _grow_demand(editor: TableEditor, paths: GrowthPaths, scenario: Scenario, reason: EditReason) -> None:
    """Add the demand of the year, grown from the latest recorded year, unless the year is recorded."""
    electricity = editor.frame("electricity")
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
        factor = growth_factor(
            paths, str(code), "electricity_demand", start, scenario.year, scenario.growth_factor
        )
        note = f"{latest['value']:g} GWh of {start} times {factor:.4f} by documented growth"
        value = float(latest["value"]) * factor
        rows.append({"iso3": code, "year": scenario.year, "item": DEMAND, "value": value, "note": note})
    editor.add("electricity", rows, reason)
