"""Tables of ``sogdia dependence``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sogdia.cli.tables import Column, columns_of, print_table

MOST_CHANGES = 15
LEAST_CHANGE_PCT = 0.005
CHANNELS = (
    "trade", "services", "rents", "transit", "aid", "remittances", "transit_income", "customs_union",
    "energy", "capital", "refinancing", "foreign_investment",
)  # fmt: skip
EXPOSURES = ("trade", "transit", "energy", "capital")
SHARES = ("solo_pct", "last_in_pct", "shapley_pct", "pivotality")
SOLO = ("undelivered_t", "days_longer", "unserved_gwh", "refinance_musd")
DEBT = ("measure", "before_pct", "after_pct", "threshold_pct", "breached")
UNITS = {"undelivered_t": "Mt/a"}
"""Units of the page, where they differ from the declared ones."""
FORMS = {
    **dict.fromkeys(SHARES, ".2f"),
    **dict.fromkeys(("before_pct", "after_pct", "threshold_pct"), ".1f"),
    **dict.fromkeys(("loss_musd", "unserved_gwh", "refinance_musd"), ",.0f"),
    "undelivered_t": ",.2f",
    "days_longer": ",.1f",
}
_PARTNER = Column("name", "Partner")
_CHANNELS = tuple(
    Column(name, f"{name.replace('_', ' ')}, %", ".2f") for name in (*CHANNELS, "residual", "joint")
)
_EXPOSURE = tuple(Column(f"{name}_share", f"{name}, share, %", ".1f") for name in EXPOSURES)
_CHANGES = (
    Column("horizon", "Horizon"),
    Column("home", "Home country"),
    Column("name", "Partner"),
    Column("what", "Measure"),
    Column("channel", "Channel"),
    Column("before_pct", "Before, %", ".2f"),
    Column("after_pct", "After, %", ".2f"),
    Column("change_pct", "Change", "+.2f"),
)


_INTERVALS = (
    Column("home_name", "Home country"),
    Column("partner_name", "Partner"),
    Column("loss_pct_low", "low, %", ".2f"),
    Column("loss_pct_median", "median, %", ".2f"),
    Column("loss_pct_high", "high, %", ".2f"),
    Column("largest_pct", "largest loss in samples, %", ".0f"),
)


def print_intervals(console: Any, table: Any, result: Any, homes: Sequence[str]) -> None:
    """Print the 80 % intervals of losses over samples of all uncertain figures."""
    own = table[table["home"].isin(homes)].copy()
    own["home_name"] = own["home"].map(dict(result.homes))
    own["partner_name"] = own["partner"].map(dict(result.partners))
    last = list(result.horizons.values())[-1]
    title = f"Loss in {int(own['count'].max())} samples of all uncertain figures, {last}, % of GDP a year"
    print_table(console, title, own, _INTERVALS)


def print_home(console: Any, result: Any, home: str) -> None:
    """Print losses by horizon and partner, quantities and shares of channels, and debt of a home country."""
    for horizon, words in result.horizons.items():
        _print_losses(console, result.at(horizon), home, words)
        console.print()
    burdens = result.money["burdens"]
    burdens = burdens[(burdens["home"] == home) & burdens["after_pct"].notna()]
    if len(burdens):
        print_table(console, "Debt compared with thresholds", burdens, _columns("money_burdens", *DEBT))


def _print_losses(console: Any, result: Any, home: str, words: str) -> None:
    """Print losses at one horizon; an empty cell of a channel is not measured."""
    table = result.shares[result.shares["home"] == home].copy()
    parts = result.channels[result.channels["home"] == home]
    exposed = result.exposure[(result.exposure["home"] == home) & (result.exposure["measure"] == "all")]
    for channel in EXPOSURES:
        own = exposed[exposed["channel"] == channel].set_index("partner")["share_pct"]
        table[f"{channel}_share"] = table["partner"].map(own).astype(float).fillna(0.0)
    solo = result.solo()
    own = solo[solo["home"] == home].set_index("partner")
    for column in ("loss_musd", "undelivered_t", "days_longer", "unserved_gwh", "refinance_musd"):
        table[column] = table["partner"].map(own[column]).astype(float)
    title = f"{result.homes[home]}: loss if a partner withdraws, {words}, % of GDP a year"
    print_table(
        console, title, table, (_PARTNER, *_columns("losses", "loss_musd"), *_columns("shares", *SHARES))
    )
    if len(parts):
        names = [column.name for column in _CHANNELS]
        wide = parts.pivot(index="partner", columns="channel", values="loss_pct").reindex(columns=names)
        split = table[["partner", "name"]].merge(wide, left_on="partner", right_index=True, how="left")
        console.print()
        print_table(
            console, "By channel, % of GDP a year; empty: not measured", split, (_PARTNER, *_CHANNELS)
        )
    console.print()
    quantities = (_PARTNER, *_columns("losses", *SOLO), *_EXPOSURE)
    print_table(console, "Quantities, and shares of each channel, %", table, quantities)


def _columns(table: str, *names: str) -> tuple[Column, ...]:
    from sogdia.dependence.tables import TABLES
    from sogdia.finance.tables import TABLES as FINANCE

    return columns_of({**TABLES, **FINANCE}[table], *names, units=UNITS, forms=FORMS)


def print_changes(console: Any, change: Any, results: Sequence[Any], homes: Sequence[str]) -> None:
    """Print changes from one plan to the other, largest first."""
    rows = change[change["home"].isin(homes) & (change["change_pct"].abs() >= LEAST_CHANGE_PCT)]
    order = rows["change_pct"].abs().sort_values(ascending=False, kind="stable").index
    rows = rows.loc[order].head(MOST_CHANGES)
    rows = rows.assign(name=rows["partner"].map(results[0].partners))
    title = f"From plan {results[1].plan} to plan {results[0].plan}: changes of dependence, percentage points"
    print_table(console, title, rows, _CHANGES)
