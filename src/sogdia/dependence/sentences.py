"""The two or three sentences that an analyst would write under the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

CHANNEL_WORDS = {
    "trade": "what it buys and sells there",
    "transit": "the ways through its land",
    "energy": "power and fuel",
    "capital": "its money",
}
SMALL_PCT = 0.05
"""Loss of GDP below which one is called small."""


def sentences(
    home: str,
    name: str,
    partners: Mapping[str, str],
    headline: pd.DataFrame,
    shares: pd.DataFrame,
    channels: pd.DataFrame,
    solo: pd.DataFrame,
) -> tuple[str, ...]:
    """Sentences of one home.

    Args:
        home: Its code.
        name: Its name.
        partners: Name of each partner by id.
        headline: As in :class:`sogdia.dependence.DependenceResult`, and so the others.
        shares: Shapley values beside solo losses; may lack the former.
        channels: Losses by channel; may be empty.
        solo: Losses of single partners.
    """
    head = headline.set_index("home").to_dict("index")[home]
    worst = str(head["worst_partner"])
    own = solo[solo["home"] == home].set_index("partner").to_dict("index")
    said = [
        _worst(name, partners[worst], float(head["worst_pct"]), own[worst], _channel(home, worst, channels))
    ]
    said += _second(home, name, worst, partners, shares, float(head["all_pct"]))
    said += _beside_money(partners, own, worst)
    return tuple(said)


def _channel(home: str, partner: str, channels: pd.DataFrame) -> str:
    parts = channels[(channels["home"] == home) & (channels["partner"] == partner)]
    parts = parts[parts["channel"].isin(list(CHANNEL_WORDS))]
    if parts.empty or float(parts["loss_musd"].max()) <= 0.0:
        return ""
    largest = max(parts.to_dict("records"), key=lambda row: float(row["loss_musd"]))
    return f", most of it by {CHANNEL_WORDS[str(largest['channel'])]} ({float(largest['loss_pct']):.1f} %)"


def _worst(name: str, partner: str, loss_pct: float, figures: Mapping[Any, Any], channel: str) -> str:
    if loss_pct < SMALL_PCT:
        return f"No single partner's leaving would cost {name} more than {SMALL_PCT:g} % of GDP."
    musd = float(figures["loss_musd"])
    return (
        f"{name} depends most on {partner}: without it {name} would lose {loss_pct:.1f} % of GDP a year "
        f"({musd:,.0f} USD million){channel}."
    )


def _second(
    home: str, name: str, worst: str, partners: Mapping[str, str], shares: pd.DataFrame, all_pct: float
) -> list[str]:
    own = shares[(shares["home"] == home) & (shares["partner"] != worst)]
    if own.empty:
        return []
    row = max(own.to_dict("records"), key=lambda told: float(told["solo_pct"]))
    whole = float(shares.loc[shares["home"] == home, "solo_pct"].sum())
    tail = ""
    if own["shapley_pct"].notna().all() and abs(all_pct - whole) > SMALL_PCT:
        tail = (
            ", more than their losses one by one: they stand in for each other"
            if all_pct > whole
            else ", less than their losses one by one, which overlap"
        )
    return [
        f"Next comes {partners[str(row['partner'])]} ({float(row['solo_pct']):.1f} % alone); all "
        f"{len(partners)} together would cost {name} {all_pct:.1f} %{tail}."
    ]


def _beside_money(partners: Mapping[str, str], own: Mapping[Any, Mapping[Any, Any]], worst: str) -> list[str]:
    row, told = own[worst], []
    if row["undelivered_t"] >= 1e4:
        told.append(f"{row['undelivered_t'] / 1e6:,.2f} million tonnes would have no way")
    if row["days_longer"] >= 0.5:
        told.append(f"the rest would travel {row['days_longer']:.1f} days longer")
    if row["unserved_gwh"] >= 1.0:
        told.append(f"{row['unserved_gwh']:,.0f} GWh of load would go unserved")
    if row["refinance_musd"] >= 1.0:
        told.append(f"{row['refinance_musd']:,.0f} USD million would have to be borrowed elsewhere")
    if not told:
        return []
    words = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return [f"Without {partners[worst]} {words}."]
