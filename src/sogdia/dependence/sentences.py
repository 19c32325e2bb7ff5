"""Sentences that state the main results for one home country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

CHANNEL_WORDS = {
    "trade": "trade with the partner",
    "transit": "transit through its territory",
    "energy": "electricity and fuel",
    "capital": "lost finance",
}
SMALL_PCT = 0.05
"""Loss in per cent of GDP below which a loss is small."""


def sentences(
    home: str,
    name: str,
    partners: Mapping[str, str],
    headline: pd.DataFrame,
    shares: pd.DataFrame,
    channels: pd.DataFrame,
    solo: pd.DataFrame,
) -> tuple[str, ...]:
    """Write the sentences of one home country.

    Args:
        home: Its code.
        name: Its name.
        partners: Name of each partner by id.
        headline: Table of :class:`sogdia.dependence.DependenceResult`; the others likewise.
        shares: Shapley values and solo losses; Shapley values may be missing.
        channels: Losses by channel; may be empty.
        solo: Losses of single partners.
    """
    head = headline.set_index("home").to_dict("index")[home]
    worst = str(head["worst_partner"])
    own = solo[solo["home"] == home].set_index("partner").to_dict("index")
    sentences_of_home = [
        _worst(name, partners[worst], float(head["worst_pct"]), own[worst], _channel(home, worst, channels))
    ]
    sentences_of_home += _second(home, name, worst, partners, shares, float(head["all_pct"]))
    sentences_of_home += _physical_effects(partners, own, worst)
    return tuple(sentences_of_home)


def _channel(home: str, partner: str, channels: pd.DataFrame) -> str:
    parts = channels[(channels["home"] == home) & (channels["partner"] == partner)]
    parts = parts[parts["channel"].isin(list(CHANNEL_WORDS))]
    if parts.empty or float(parts["loss_musd"].max()) <= 0.0:
        return ""
    largest = max(parts.to_dict("records"), key=lambda row: float(row["loss_musd"]))
    return (
        f", most of it through {CHANNEL_WORDS[str(largest['channel'])]} ({float(largest['loss_pct']):.1f} %)"
    )


def _worst(name: str, partner: str, loss_pct: float, figures: Mapping[Any, Any], channel: str) -> str:
    if loss_pct < SMALL_PCT:
        return f"The withdrawal of no single partner would cost {name} more than {SMALL_PCT:g} % of GDP."
    musd = float(figures["loss_musd"])
    return (
        f"{name} depends most on {partner}: its withdrawal would cost {loss_pct:.1f} % of GDP a year "
        f"(USD {musd:,.0f} million){channel}."
    )


def _second(
    home: str, name: str, worst: str, partners: Mapping[str, str], shares: pd.DataFrame, all_pct: float
) -> list[str]:
    own = shares[(shares["home"] == home) & (shares["partner"] != worst)]
    if own.empty:
        return []
    row = max(own.to_dict("records"), key=lambda record: float(record["solo_pct"]))
    total = float(shares.loc[shares["home"] == home, "solo_pct"].sum())
    tail = ""
    if own["shapley_pct"].notna().all() and abs(all_pct - total) > SMALL_PCT:
        tail = (
            ", more than the sum of their solo losses: the partners are substitutes for each other"
            if all_pct > total
            else ", less than the sum of their solo losses, which overlap"
        )
    return [
        f"{partners[str(row['partner'])]} is second ({float(row['solo_pct']):.1f} % of GDP); the withdrawal "
        f"of all {len(partners)} partners would cost {name} {all_pct:.1f} % of GDP{tail}."
    ]


def _physical_effects(
    partners: Mapping[str, str], own: Mapping[Any, Mapping[Any, Any]], worst: str
) -> list[str]:
    row, effects = own[worst], []
    if row["undelivered_t"] >= 1e4:
        effects.append(f"{row['undelivered_t'] / 1e6:,.2f} million tonnes a year could not be delivered")
    if row["days_longer"] >= 0.5:
        effects.append(f"the remaining freight would travel {row['days_longer']:.1f} days longer")
    if row["unserved_gwh"] >= 1.0:
        effects.append(f"{row['unserved_gwh']:,.0f} GWh a year of load would not be supplied")
    if row["refinance_musd"] >= 1.0:
        effects.append(f"USD {row['refinance_musd']:,.0f} million would have to be refinanced")
    if not effects:
        return []
    text = effects[0] if len(effects) == 1 else f"{', '.join(effects[:-1])} and {effects[-1]}"
    return [f"Without {partners[worst]}, {text}."]
