"""Sentences that state the main results for one home country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.codes import MEASURED

CHANNEL_WORDS = {
    "trade": "trade in goods with the partner",
    "services": "trade in services with the partner",
    "rents": "markets and routes of its fuels and metals",
    "transit": "longer routes",
    "aid": "grants",
    "remittances": "remittances",
    "transit_income": "income from transit",
    "energy": "electricity and fuel",
    "capital": "lost finance",
    "refinancing": "loans that are no longer renewed",
    "customs_union": "the customs union",
    "foreign_investment": "foreign investment",
    "technology": "technology",
}
"""Words for each channel of loss."""
SMALL_PCT = 0.05
"""Loss in per cent of GDP below which a loss is small."""


def sentences(
    home: str,
    name: str,
    partners: Mapping[str, str],
    horizons: Mapping[str, str],
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
        horizons: Words for each horizon by name, in order of time.
        headline: Table of :class:`sogdia.dependence.DependenceResult`; the others likewise.
        shares: Shapley values and solo losses; Shapley values may be missing.
        channels: Losses by channel; may be empty.
        solo: Losses of single partners.
    """
    out: list[str] = []
    for horizon, words in horizons.items():
        tables = (headline, shares, channels, solo)
        own = [table[(table["home"] == home) & (table["horizon"] == horizon)] for table in tables]
        head = own[0].to_dict("records")[0]
        worst = str(head["worst_partner"])
        effects = own[3].set_index("partner").to_dict("index")
        out.append(_worst(words, name, partners, head, effects[worst], largest_channel(own[2], worst)))
        out += _all(name, partners, own[1], float(head["all_pct"]))
        if horizon == next(iter(horizons)):
            out += _physical_effects(partners, effects, worst)
    missing = not_measured(channels[channels["home"] == home])
    if missing:
        out.append(f"Not measured: {missing}.")
    return tuple(out)


def largest_channel(channels: pd.DataFrame, partner: str) -> tuple[str, float] | None:
    """Return the words for the channel with the largest measured loss, and the loss in per cent of GDP.

    Args:
        channels: Losses of a home country at a horizon by channel; may be empty.
        partner: The partner that withdraws.
    """
    parts = channels[(channels["partner"] == partner) & (channels["status"] == MEASURED)]
    parts = parts[parts["channel"].isin(list(CHANNEL_WORDS))]
    if parts.empty or float(parts["loss_musd"].max()) <= 0.0:
        return None
    largest = max(parts.to_dict("records"), key=lambda row: float(row["loss_musd"]))
    return CHANNEL_WORDS[str(largest["channel"])], float(largest["loss_pct"])


def not_measured(channels: pd.DataFrame) -> str:
    """Return the channels without data for any partner of a home country; empty if there is none."""
    known = set(channels.loc[channels["status"] == MEASURED, "channel"])
    every = set(channels["channel"])
    names = [words for channel, words in CHANNEL_WORDS.items() if channel in every - known]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _worst(
    horizon: str,
    name: str,
    partners: Mapping[str, str],
    head: Mapping[Any, Any],
    figures: Mapping[Any, Any],
    channel: tuple[str, float] | None,
) -> str:
    loss = float(head["worst_pct"])
    if loss < SMALL_PCT:
        return (
            f"In the {horizon} the withdrawal of no single partner would cost {name} more than "
            f"{SMALL_PCT:g} % of GDP."
        )
    low, high = float(head["worst_low_pct"]), float(head["worst_high_pct"])
    interval = "" if np.isnan(low) else f", {low:.1f} to {high:.1f} % by assumption"
    text = (
        f"In the {horizon} the withdrawal of {partners[str(head['worst_partner'])]} would cost {name} most: "
        f"{loss:.1f} % of GDP a year (USD {float(figures['loss_musd']):,.0f} million{interval})"
    )
    if channel is not None:
        text += f", {channel[1]:.1f} % through {channel[0]}"
    rivals = [partners[key] for key in str(head["rivals"]).split(";") if key]
    return f"{text}; the range of {' and '.join(rivals)} overlaps." if rivals else f"{text}."


def _all(name: str, partners: Mapping[str, str], shares: pd.DataFrame, all_pct: float) -> list[str]:
    if len(shares) < 2:
        return []
    total, tail = float(shares["solo_pct"].sum()), ""
    if shares["shapley_pct"].notna().all() and abs(all_pct - total) > SMALL_PCT:
        tail = (
            ", more than the sum of their solo losses: the partners are substitutes for each other"
            if all_pct > total
            else ", less than the sum of their solo losses, which overlap"
        )
    return [f"The withdrawal of all {len(partners)} partners would cost {name} {all_pct:.1f} % of GDP{tail}."]


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
