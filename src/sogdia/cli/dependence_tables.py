"""Tables of ``sogdia partners`` on a terminal."""

from __future__ import annotations

from typing import Any

from sogdia.cli.tables import Columns, rich_table

MOST_CHANGES = 15
CHANNELS = ("trade", "transit", "energy", "capital")


def shown_home(result: Any, home: str) -> list[Any]:
    """The tables of one home: dependence by partner, and its money."""
    import pandas as pd

    shares = result.shares[result.shares["home"] == home].copy()
    parts = result.channels[result.channels["home"] == home]
    names = [*CHANNELS, "residual"]
    wide = parts.pivot(index="partner", columns="channel", values="loss_pct").reindex(columns=names)
    table = shares.merge(wide, left_on="partner", right_index=True, how="left")
    held = result.exposure[(result.exposure["home"] == home) & (result.exposure["measure"] == "all")]
    for channel in CHANNELS:
        own = held[held["channel"] == channel].set_index("partner")["share_pct"]
        table[f"{channel}_share"] = table["partner"].map(own).astype(float).fillna(0.0)
    solo = result.solo()
    beside = solo[solo["home"] == home].set_index("partner")
    for column in ("loss_musd", "undelivered_t", "days_longer", "unserved_gwh", "refinance_musd"):
        table[column] = table["partner"].map(beside[column]).astype(float)
    table["undelivered_mt"] = table["undelivered_t"] / 1e6
    found = [
        rich_table(
            f"{result.homes[home]}: loss when a partner leaves, % of GDP a year", table, _losses(parts)
        )
    ]
    found.append(rich_table("Beside money, and shares of each channel held, %", table, _BESIDE))
    owed = result.money["burdens"]
    owed = owed[(owed["home"] == home) & owed["after_pct"].notna()]
    if len(owed):
        shown = owed.assign(over=owed["breached"].map({True: "above", False: ""}))
        found.append(rich_table("Debt against thresholds", pd.DataFrame(shown), _DEBT))
    return found


def _losses(parts: Any) -> Columns:
    own: Columns = (
        ("name", "partner", ""),
        ("loss_musd", "USD million", ",.0f"),
        ("solo_pct", "alone", ".2f"),
        ("last_in_pct", "last", ".2f"),
        ("shapley_pct", "Shapley", ".2f"),
        ("pivotality", "pivotal", ".2f"),
    )
    if not len(parts):
        return own
    return (*own, *((name, name, ".2f") for name in (*CHANNELS, "residual")))


_BESIDE: Columns = (
    ("name", "partner", ""),
    ("undelivered_mt", "Mt without a way", ".2f"),
    ("days_longer", "days longer", ".1f"),
    ("unserved_gwh", "GWh unserved", ",.0f"),
    ("refinance_musd", "USD million to borrow", ",.0f"),
    ("trade_share", "trade", ".1f"),
    ("transit_share", "transit", ".1f"),
    ("energy_share", "energy", ".1f"),
    ("capital_share", "capital", ".1f"),
)
_DEBT: Columns = (
    ("measure", "ratio", ""),
    ("before_pct", "before, %", ".1f"),
    ("after_pct", "with the plan, %", ".1f"),
    ("threshold_pct", "threshold, %", ".0f"),
    ("over", "", ""),
)


def shown_change(change: Any, results: list[Any], told: tuple[str, ...]) -> list[Any]:
    """What changes from the one plan to the other, largest first."""
    title = f"From plan {results[1].plan} to plan {results[0].plan}: changes of dependence, points"
    rows = change[change["home"].isin(told) & (change["change_pct"].abs() >= 0.005)]
    order = rows["change_pct"].abs().sort_values(ascending=False, kind="stable").index
    rows = rows.loc[order].head(MOST_CHANGES)
    rows = rows.assign(name=rows["partner"].map(results[0].partners))
    columns: Columns = (
        ("home", "home", ""),
        ("name", "partner", ""),
        ("what", "what", ""),
        ("channel", "channel", ""),
        ("before_pct", "before, %", ".2f"),
        ("after_pct", "after, %", ".2f"),
        ("change_pct", "change", "+.2f"),
    )
    return [rich_table(title, rows, columns)]
