"""The printed tables of ``sogdia trade`` on a region, as wide as the terminal lets them be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

MOST_FLOWS, MOST_COSTS, MOST_LOST, MOST_OTHERS = 15, 15, 10, 10
GAP = 2
"""Blanks between columns."""

Columns = tuple[tuple[str, str, str], ...]
"""Column, heading (a line a line) and format of its cells; of a table too wide the last ones are left out."""
_ENDS: Columns = (("exporter", "from", ""), ("importer", "to", ""))
_WELFARE: Columns = (
    ("name", "", ""),
    ("welfare_pct", "welfare,\n%", "+.3f"),
    ("gain_musd", "USD\nmillion", "+,.0f"),
    ("gdp_pct", "% of\nGDP", "+.3f"),
    ("real_wage_pct", "real\nwage, %", "+.3f"),
    ("terms_of_trade_pct", "terms of\ntrade, %", "+.3f"),
    ("domestic_share", "home\ngoods", ".3f"),
)
_FLOWS: Columns = (
    *_ENDS,
    ("before_musd", "USD million\nbefore", ",.0f"),
    ("after_musd", "after", ",.0f"),
    ("change_musd", "change", "+,.0f"),
    ("change_pct", "%", "+.1f"),
)
_COSTS: Columns = (
    *_ENDS,
    ("commodity", "goods", ""),
    ("cost_pct", "trade\ncost, %", "+.2f"),
    ("before_usd_per_t", "carriage,\nUSD/t", ",.0f"),
    ("after_usd_per_t", "after", ",.0f"),
    ("carriage_pct", "%", "+.1f"),
    ("value_usd_per_t", "worth,\nUSD/t", ",.0f"),
    ("policy_pct", "policy,\n%", ".1f"),
)
_LOST: Columns = (
    *_ENDS,
    ("commodity", "goods", ""),
    ("tonnes", "t a year", ",.0f"),
    ("value_musd", "USD\nmillion", ",.1f"),
    ("in_base", "in the\nbase too", "yes"),
)
_POWER: Columns = (
    ("economy", "", ""),
    ("before_usd_per_mwh", "USD/MWh\nbefore", ",.2f"),
    ("after_usd_per_mwh", "after", ",.2f"),
    ("share_pct", "part of\nunit cost, %", ".2f"),
    ("cost_pct", "unit\ncost, %", "+.3f"),
)


def print_tables(head: dict[str, Any], tables: dict[str, Any], remarks: Sequence[str]) -> None:
    """Print what was run, remarks, and each table that has rows."""
    from rich.console import Console

    console = Console()
    rounds = f"{head['rounds']} rounds to {head['residual']:.0e}" if head["feedback"] else "no feedback"
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}, against plan "
        f"{head['base_plan']} with nothing that befalls: {rounds}, {head['seconds']:.1f} s",
        highlight=False,
    )
    for remark in remarks:
        console.print(f"note: {remark}", highlight=False)
    for title, table, columns in _shown(tables):
        if len(table):
            shown, left_out = _rich(table, columns, console.width)
            more = f" ({left_out} more columns: --out, or a wider terminal)" if left_out else ""
            console.print(f"\n{title}{more}", style="italic", highlight=False)
            console.print(shown)
    cut = tables["costs"].merge(tables["flows"], on=["exporter", "importer", "commodity"])
    cut = cut[cut["cut_off"]]
    if len(cut):
        pairs = len(cut.drop_duplicates(["exporter", "importer"]))
        worth = cut["before_musd"].sum()
        told = f"{len(cut)} goods of {pairs} pairs are cut off, worth USD {worth:,.0f} million in the base"
        console.print(f"\n{told}", highlight=False)


def _shown(tables: dict[str, Any]) -> list[tuple[str, Any, Columns]]:
    economies, pairs = tables["economies"], tables["pairs"]
    abroad = pairs[pairs["exporter"] != pairs["importer"]]
    shown = [
        ("The region: real spending on goods", economies[economies["home"]], _WELFARE),
        ("Others, by size of the change", _largest(economies[~economies["home"]], "welfare_pct", MOST_OTHERS),
         _WELFARE),
        ("Trade that changes most", _largest(abroad, "change_musd", MOST_FLOWS), _FLOWS),
        ("Costs that change most, by value of the trade", _costly(tables), _COSTS),
        ("Without a way", tables["undelivered"].head(MOST_LOST), _LOST),
    ]  # fmt: skip
    if "power_link" in tables:
        link = tables["power_link"]
        table = link.assign(cost_pct=100.0 * (link["cost_hat"] - 1.0))
        shown.append(("Mean cost of power, and what it does to the cost of what is sold", table, _POWER))
    if "compositions" in tables:
        shown.append(_compared(tables["compositions"]))
    return shown


def _largest(table: Any, column: str, most: int) -> Any:
    order = table[column].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].head(most)


def _costly(tables: dict[str, Any]) -> Any:
    """Costs that changed, those of much trade first; of goods still sold."""
    costs = tables["costs"][~tables["costs"]["cut_off"]]
    keys = ["exporter", "importer", "commodity"]
    table = costs[(costs["cost_hat"] - 1.0).abs() > 1e-6].merge(
        tables["flows"][[*keys, "before_musd"]], on=keys
    )
    table["carriage_pct"] = 100.0 * (table["after_usd_per_t"] / table["before_usd_per_t"] - 1.0)
    table["cost_pct"] = 100.0 * (table["cost_hat"] - 1.0)
    table["weight"] = table["before_musd"] * table["cost_pct"].abs().clip(upper=100.0)
    return _largest(table, "weight", MOST_COSTS)


def _compared(table: Any) -> tuple[str, Any, Columns]:
    wide = table.pivot(index="name", columns="composition", values="welfare_pct")
    names = list(dict.fromkeys(table["composition"]))
    wide = wide.loc[list(dict.fromkeys(table["name"])), names].reset_index()
    columns: Columns = (("name", "", ""), *((name, name.replace("_", "\n"), "+.3f") for name in names))
    return "Welfare, %, by how goods not split by commodity are put into sectors", wide, columns


def _rich(table: Any, columns: Columns, width: int) -> tuple[Any, int]:
    """A table no wider than the terminal: of columns that do not fit the last are left out, and counted."""
    from rich.table import Table

    rows = table.to_dict("records")
    cells = {name: [_cell(row[name], form) for row in rows] for name, _, form in columns}
    fitting, used = 0, -GAP
    for name, heading, _ in columns:
        used += GAP + max(map(len, (*heading.split("\n"), *cells[name])))
        if used > width and fitting:
            break
        fitting += 1
    shown = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), collapse_padding=True)
    for _, heading, form in columns[:fitting]:
        right = form not in ("", "yes")
        shown.add_column(heading, justify="right" if right else "left", no_wrap=True, vertical="bottom")
    for row in zip(*(cells[name] for name, _, _ in columns[:fitting]), strict=True):
        shown.add_row(*row)
    return shown, len(columns) - fitting


def _cell(value: Any, form: str) -> str:
    if form == "yes":
        return "yes" if value else "no"
    if not form:
        return str(value)
    if value != value:
        return "–"
    return "cut off" if math.isinf(value) else format(value, form)
