"""Tables of ``sogdia trade``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sogdia.cli.tables import Column, columns_of, page, print_table

MOST_FLOWS, MOST_COSTS, MOST_UNDELIVERED, MOST_OTHERS = 15, 15, 10, 10
CHANGED = 1e-6
"""Relative change of a trade cost from which it is printed."""

WELFARE = (
    "name", "welfare_pct", "gain_musd", "gdp_pct", "real_wage_pct", "terms_of_trade_pct", "domestic_share",
)  # fmt: skip
FLOWS = ("exporter", "importer", "before_musd", "after_musd", "change_musd", "change_pct")
COSTS = ("exporter", "importer", "commodity")
CARRIAGE = ("before_usd_per_t", "after_usd_per_t")
CAPACITIES = ("tonnes", "capacity_t", "price_usd_per_t", "rent_musd")
UNDELIVERED = ("exporter", "importer", "commodity", "tonnes", "value_musd", "in_base")
FORMS = {
    **dict.fromkeys(("welfare_pct", "gdp_pct", "real_wage_pct", "terms_of_trade_pct"), "+.3f"),
    **dict.fromkeys(("gain_musd", "change_musd", "equivalent_variation"), "+,.0f"),
    **dict.fromkeys(("before_musd", "after_musd", "tonnes", "value_usd_per_t", *CARRIAGE), ",.0f"),
    **dict.fromkeys(("shadow_usd_per_t", "price_usd_per_t", "rent_musd"), ",.0f"),
    **dict.fromkeys(("before_usd_per_mwh", "after_usd_per_mwh", "share_pct"), ",.2f"),
    "domestic_share": ".3f",
    "change_pct": "+.1f",
    "policy_pct": ".1f",
    "value_musd": ",.1f",
}
Shown = list[tuple[str, Any, tuple[Column, ...]]]


def _columns(table: str, *names: str) -> tuple[Column, ...]:
    from sogdia.coupling.tables import TABLES

    parts = {name: "+,.0f" for name in names if name.startswith("from_")}
    return columns_of(TABLES[table], *names, forms={**FORMS, **parts})


def print_tables(head: Mapping[str, Any], tables: Mapping[str, Any], remarks: Sequence[str]) -> None:
    """Print the case, remarks, and each table that has rows."""
    console = page()
    rounds = (
        f"residual {head['residual']:.0e} after {head['rounds']} rounds"
        if head["feedback"]
        else "no feedback"
    )
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


def _shown(tables: Mapping[str, Any]) -> Shown:
    economies, pairs = tables["economies"], tables["pairs"]
    welfare = _columns("economies", *WELFARE)
    abroad = pairs[pairs["exporter"] != pairs["importer"]]
    others = _largest(economies[~economies["home"]], "welfare_pct", MOST_OTHERS)
    flows = _largest(abroad, "change_musd", MOST_FLOWS)
    undelivered = tables["undelivered"].head(MOST_UNDELIVERED)
    shown = [
        ("Home countries: change of real expenditure", economies[economies["home"]], welfare),
        _parts(tables["welfare"], economies),
        ("Other economies, by size of the change", others, welfare),
        ("Trade that changes most", flows, _columns("flows", *FLOWS)),
        ("Costs that change most, by value of the trade", _changed_costs(tables), _cost_columns()),
        full_capacities(tables["shadow_prices"], economies),
        ("Undeliverable freight", undelivered, _columns("undelivered", *UNDELIVERED)),
    ]
    if "power_link" in tables:
        link = tables["power_link"]
        hats = {"cost_pct": link["cost_hat"], "rest_pct": link["rest_hat"]}
        table = link.assign(**{name: 100.0 * (hat - 1.0) for name, hat in hats.items()})
        columns = (
            *_columns(
                "power_link", "economy", "before_usd_per_mwh", "after_usd_per_mwh", "sector", "share_pct"
            ),
            Column("cost_pct", "Unit cost, %", "+.3f"),
            Column("rest_pct", "Unit cost of all sectors, %", "+.3f"),
        )
        shown.append(("Mean cost of electricity, and its effect on the cost of production", table, columns))
    if "compositions" in tables:
        shown.append(_compositions(tables["compositions"]))
    return shown


def _parts(welfare: Any, economies: Any) -> tuple[str, Any, tuple[Column, ...]]:
    """Return the parts of the home countries' welfare by source that any of them has."""
    names = economies[economies["home"]].set_index("economy")["name"]
    table = welfare[welfare["economy"].isin(names.index)]
    table = table.assign(name=table["economy"].map(names))
    parts = [name for name in table.columns if name.startswith("from_")]
    used = [name for name in parts if table[name].abs().max() > 0.0]
    columns = (
        Column("name", "Economy"),
        *_columns("welfare", "equivalent_variation", *used),
    )
    return "Parts of the change, by source, USD million", table, columns


def full_capacities(prices: Any, economies: Any) -> tuple[str, Any, tuple[Column, ...]]:
    """Return the hard capacities that are full, the highest rent first, with their owners in one cell."""
    from sogdia.coupling.tables import TABLES

    names = economies.set_index("economy")["name"]
    owner = prices["owner"].map(names).fillna(prices["owner"])
    shares = [f"{name} {100.0 * share:.3g} %" for name, share in zip(owner, prices["share"], strict=True)]
    each = prices.assign(owners=shares).groupby("capacity", sort=False)
    table = each.agg(
        {"name": "first", **dict.fromkeys(CAPACITIES[:3], "first"), "rent_musd": "sum", "owners": ", ".join}
    ).sort_values("rent_musd", ascending=False)
    measured = columns_of(
        TABLES["shadow_prices"], "name", *CAPACITIES, units=dict.fromkeys(CAPACITIES[:2], "Mt/a"),
        forms={**FORMS, **dict.fromkeys(CAPACITIES[:2], ",.1f")},
    )  # fmt: skip
    return (
        "Full hard capacities: what a tonne pays and who earns it",
        table,
        (*measured, Column("owners", "Owners")),
    )


def _cost_columns() -> tuple[Column, ...]:
    return (
        *_columns("costs", *COSTS),
        Column("cost_pct", "Trade cost, %", "+.2f"),
        *_columns("costs", *CARRIAGE),
        Column("carriage_pct", "Carriage, %", "+.1f"),
        *_columns("costs", "shadow_usd_per_t", "value_usd_per_t", "policy_pct"),
    )


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


def _compositions(table: Any) -> tuple[str, Any, tuple[Column, ...]]:
    wide = table.pivot(index="name", columns="composition", values="welfare_pct")
    names = list(dict.fromkeys(table["composition"]))
    wide = wide.loc[list(dict.fromkeys(table["name"])), names].reset_index()
    columns = (Column("name", "Economy"), *(Column(name, name.replace("_", " "), "+.3f") for name in names))
    return "Real expenditure, %, by sectors of the trade model", wide, columns
