"""Tables of ``sogdia dependence``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sogdia.cli.tables import Column, print_table

MOST_CHANGES = 15
LEAST_CHANGE_PCT = 0.005
CHANNELS = ("trade", "transit", "energy", "capital")
_LOSSES = (
    Column("name", "partner"),
    Column("loss_musd", "USD million", ",.0f"),
    Column("solo_pct", "alone", ".2f"),
    Column("last_in_pct", "last", ".2f"),
    Column("shapley_pct", "Shapley", ".2f"),
    Column("pivotality", "pivotal", ".2f"),
)
_CHANNELS = tuple(Column(name, name, ".2f") for name in (*CHANNELS, "residual"))
_QUANTITIES = (
    Column("name", "partner"),
    Column("undelivered_t", "undeliverable, Mt", ".2f", 1e-6),
    Column("days_longer", "days longer", ".1f"),
    Column("unserved_gwh", "GWh unserved", ",.0f"),
    Column("refinance_musd", "USD million to borrow", ",.0f"),
    *(Column(f"{name}_share", name, ".1f") for name in CHANNELS),
)
_DEBT = (
    Column("measure", "ratio"),
    Column("before_pct", "before, %", ".1f"),
    Column("after_pct", "with the plan, %", ".1f"),
    Column("threshold_pct", "threshold, %", ".0f"),
    Column("breach", "breach"),
)
_CHANGES = (
    Column("home", "home"),
    Column("name", "partner"),
    Column("what", "measure"),
    Column("channel", "channel"),
    Column("before_pct", "before, %", ".2f"),
    Column("after_pct", "after, %", ".2f"),
    Column("change_pct", "change", "+.2f"),
)


def print_home(console: Any, result: Any, home: str) -> None:
    """Print losses by partner, quantities and shares of channels, and debt of a home country."""
    table = result.shares[result.shares["home"] == home].copy()
    parts = result.channels[result.channels["home"] == home]
    names = [*CHANNELS, "residual"]
    wide = parts.pivot(index="partner", columns="channel", values="loss_pct").reindex(columns=names)
    table = table.merge(wide, left_on="partner", right_index=True, how="left")
    exposed = result.exposure[(result.exposure["home"] == home) & (result.exposure["measure"] == "all")]
    for channel in CHANNELS:
        own = exposed[exposed["channel"] == channel].set_index("partner")["share_pct"]
        table[f"{channel}_share"] = table["partner"].map(own).astype(float).fillna(0.0)
    solo = result.solo()
    own = solo[solo["home"] == home].set_index("partner")
    for column in ("loss_musd", "undelivered_t", "days_longer", "unserved_gwh", "refinance_musd"):
        table[column] = table["partner"].map(own[column]).astype(float)
    title = f"{result.homes[home]}: loss if a partner withdraws, % of GDP a year"
    print_table(console, title, table, (*_LOSSES, *(_CHANNELS if len(parts) else ())))
    print_table(console, "Quantities, and shares of each channel, %", table, _QUANTITIES)
    burdens = result.money["burdens"]
    burdens = burdens[(burdens["home"] == home) & burdens["after_pct"].notna()]
    if len(burdens):
        shown = burdens.assign(breach=burdens["breached"].map({True: "above", False: ""}))
        print_table(console, "Debt compared with thresholds", shown, _DEBT)


def print_changes(console: Any, change: Any, results: Sequence[Any], homes: Sequence[str]) -> None:
    """Print changes from one plan to the other, largest first."""
    rows = change[change["home"].isin(homes) & (change["change_pct"].abs() >= LEAST_CHANGE_PCT)]
    order = rows["change_pct"].abs().sort_values(ascending=False, kind="stable").index
    rows = rows.loc[order].head(MOST_CHANGES)
    rows = rows.assign(name=rows["partner"].map(results[0].partners))
    title = f"From plan {results[1].plan} to plan {results[0].plan}: changes of dependence, percentage points"
    print_table(console, title, rows, _CHANGES)
