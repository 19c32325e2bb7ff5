"""Tables of ``sogdia trade``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sogdia.cli.tables import Column, page, print_table

MOST_FLOWS, MOST_COSTS, MOST_UNDELIVERED, MOST_OTHERS = 15, 15, 10, 10
CHANGED = 1e-6
"""Relative change of a trade cost from which it is printed."""

Columns = tuple[Column, ...]
_ENDS: Columns = (Column("exporter", "from"), Column("importer", "to"))
_WELFARE: Columns = (
    Column("name", "economy"),
    Column("welfare_pct", "welfare, %", "+.3f"),
    Column("gain_musd", "USD million", "+,.0f"),
    Column("gdp_pct", "% of GDP", "+.3f"),
    Column("real_wage_pct", "real wage, %", "+.3f"),
    Column("terms_of_trade_pct", "terms of trade, %", "+.3f"),
    Column("domestic_share", "domestic share", ".3f"),
)
_FLOWS: Columns = (
    *_ENDS,
    Column("before_musd", "USD million before", ",.0f"),
    Column("after_musd", "after", ",.0f"),
    Column("change_musd", "change", "+,.0f"),
    Column("change_pct", "%", "+.1f"),
)
_COSTS: Columns = (
    *_ENDS,
    Column("commodity", "goods"),
    Column("cost_pct", "trade cost, %", "+.2f"),
    Column("before_usd_per_t", "freight, USD/t", ",.0f"),
    Column("after_usd_per_t", "after", ",.0f"),
    Column("carriage_pct", "%", "+.1f"),
    Column("value_usd_per_t", "value, USD/t", ",.0f"),
    Column("policy_pct", "policy, %", ".1f"),
)
_UNDELIVERED: Columns = (
    *_ENDS,
    Column("commodity", "goods"),
    Column("tonnes", "t/a", ",.0f"),
    Column("value_musd", "USD million", ",.1f"),
    Column("in_base", "in the baseline too"),
)
_POWER: Columns = (
    Column("economy", "economy"),
    Column("before_usd_per_mwh", "USD/MWh before", ",.2f"),
    Column("after_usd_per_mwh", "after", ",.2f"),
    Column("share_pct", "share of unit cost, %", ".2f"),
    Column("cost_pct", "unit cost, %", "+.3f"),
)


def print_tables(head: Mapping[str, Any], tables: Mapping[str, Any], remarks: Sequence[str]) -> None:
    """Print the case, remarks, and each table that has rows."""
    console = page()
    rounds = f"{head['rounds']} rounds to {head['residual']:.0e}" if head["feedback"] else "no feedback"
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}, compared with "
        f"plan {head['baseline_plan']} without shocks: {rounds}, {head['seconds']:.1f} s"
    )
    for remark in remarks:
        console.print(f"note: {remark}", markup=False)
    for title, table, columns in _shown(tables):
        if len(table):
            console.print()
            print_table(console, title, table, columns)
    cut = tables["costs"].merge(tables["flows"], on=["exporter", "importer", "commodity"])
    cut = cut[cut["cut_off"]]
    if len(cut):
        pairs, value = len(cut.drop_duplicates(["exporter", "importer"])), cut["before_musd"].sum()
        console.print(
            f"\n{len(cut)} goods of {pairs} pairs are cut off: USD {value:,.0f} million in the baseline"
        )


def _shown(tables: Mapping[str, Any]) -> list[tuple[str, Any, Columns]]:
    economies, pairs = tables["economies"], tables["pairs"]
    abroad = pairs[pairs["exporter"] != pairs["importer"]]
    others = _largest(economies[~economies["home"]], "welfare_pct", MOST_OTHERS)
    shown = [
        ("Home countries: change of real spending on goods", economies[economies["home"]], _WELFARE),
        ("Other economies, by size of the change", others, _WELFARE),
        ("Trade that changes most", _largest(abroad, "change_musd", MOST_FLOWS), _FLOWS),
        ("Costs that change most, by value of the trade", _changed_costs(tables), _COSTS),
        ("Undeliverable freight", tables["undelivered"].head(MOST_UNDELIVERED), _UNDELIVERED),
    ]
    if "power_link" in tables:
        link = tables["power_link"]
        table = link.assign(cost_pct=100.0 * (link["cost_hat"] - 1.0))
        shown.append(("Mean cost of electricity, and its effect on the cost of goods", table, _POWER))
    if "compositions" in tables:
        shown.append(_compositions(tables["compositions"]))
    return shown


def _largest(table: Any, column: str, most: int) -> Any:
    order = table[column].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].head(most)


def _changed_costs(tables: Mapping[str, Any]) -> Any:
    """Return costs that changed, of goods still sold, those of much trade first."""
    costs = tables["costs"][~tables["costs"]["cut_off"]]
    keys = ["exporter", "importer", "commodity"]
    table = costs[(costs["cost_hat"] - 1.0).abs() > CHANGED].merge(
        tables["flows"][[*keys, "before_musd"]], on=keys
    )
    table["carriage_pct"] = 100.0 * (table["after_usd_per_t"] / table["before_usd_per_t"] - 1.0)
    table["cost_pct"] = 100.0 * (table["cost_hat"] - 1.0)
    table["weight"] = table["before_musd"] * table["cost_pct"].abs().clip(upper=100.0)
    return _largest(table, "weight", MOST_COSTS)


def _compositions(table: Any) -> tuple[str, Any, Columns]:
    wide = table.pivot(index="name", columns="composition", values="welfare_pct")
    names = list(dict.fromkeys(table["composition"]))
    wide = wide.loc[list(dict.fromkeys(table["name"])), names].reset_index()
    columns = (Column("name", "economy"), *(Column(name, name.replace("_", " "), "+.3f") for name in names))
    return "Welfare, %, by assignment of unsplit goods to sectors", wide, columns
