"""Shocks of policy: tariffs, sanctions, withdrawals of partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case.editor import Mask
from sogdia.case.shock_edits.context import ShockContext, member_mask
from sogdia.case.shock_edits.ownership import release_plants
from sogdia.case.shock_edits.transport import add_restrictions
from sogdia.case.shocks import FRICTION, SECONDARY, Sanction, Tariff, Withdrawal
from sogdia.case.tables import FINANCE
from sogdia.codes import ALL_GOODS, ANNOUNCED, ANY, CANCELLED, CLOSED, EXPORT, HOME, SIGNED
from sogdia.tables import KEY_SEPARATOR

_NOT_DISBURSED = (SIGNED, ANNOUNCED)
_NO_BARRIER = {
    "tariff_pct": 0.0,
    "cost_pct": 0.0,
    "nontariff_factor": 1.0,
    "trade_factor": 1.0,
    "prohibited": False,
}
"""Barriers of a pair without a row in ``barriers``."""
_FACTORS = ("nontariff_factor", "trade_factor")
"""Barriers that increases multiply."""
Pairs = Iterable[tuple[str, str]]


def raise_tariff(context: ShockContext, shock: Tariff) -> int:
    """Add a tariff to the barriers between exporters and importers."""
    pairs = [(a, b) for a, b in product(shock.exporters, shock.importers) if a != b]
    groups = (ALL_GOODS,) if ALL_GOODS in shock.commodities else shock.commodities
    return sum(_raise_barriers(context, pairs, group, {"tariff_pct": shock.tariff_pct}) for group in groups)


def _raise_barriers(context: ShockContext, pairs: Pairs, group: str, increase: Mapping[str, Any]) -> int:
    """Raise the barriers of pairs: percentages add up, factors multiply, a prohibition stays.

    A pair's row for ``all`` applies to the groups without a row of their own. So an increase for all
    also changes the rows of single groups, and a group's new row starts from the row for all.
    """
    frame, chosen = context.editor.frame("barriers"), set(pairs)
    keys = list(zip(frame["exporter"], frame["importer"], frame["commodity"], strict=True))
    affected = np.array([key[:2] in chosen and group in (ALL_GOODS, key[2]) for key in keys], dtype=bool)
    position_of, rows = {key: i for i, key in enumerate(keys)}, []
    for exporter, importer in sorted(chosen):
        if (exporter, importer, group) in position_of:
            continue
        general = position_of.get((exporter, importer, ALL_GOODS))
        start = _NO_BARRIER if general is None else frame[list(_NO_BARRIER)].iloc[general].to_dict()
        terms = {name: _raised(name, start[name], increase) for name in _NO_BARRIER}
        if terms != start:
            rows.append({"exporter": exporter, "importer": importer, "commodity": group, **terms})
    edited = int(affected.sum())
    _raise_existing(context, affected, increase)
    return edited + context.editor.add("barriers", rows, context.reason)


def _raised(field: str, old: Any, increase: Mapping[str, Any]) -> Any:
    known = _NO_BARRIER[field] if pd.isna(old) else old
    if field not in increase:
        return known
    if field == "prohibited":
        return bool(known) or bool(increase[field])
    return known * increase[field] if field in _FACTORS else max(0.0, known + increase[field])


def _raise_existing(context: ShockContext, rows: Mask, increase: Mapping[str, Any]) -> None:
    editor = context.editor
    for field, value in increase.items():
        blank = rows & editor.frame("barriers")[field].isna().to_numpy(dtype=bool)
        editor.set("barriers", blank, field, _raised(field, np.nan, increase), context.reason)
        if field == "prohibited":
            editor.set("barriers", rows & bool(value), field, True, context.reason)
        elif field in _FACTORS:
            editor.scale("barriers", rows & ~blank, field, value, context.reason)
        elif value:
            editor.shift("barriers", rows & ~blank, field, value, context.reason)


def _both_directions(first: Iterable[str], second: Iterable[str]) -> list[tuple[str, str]]:
    pairs = [(a, b) for a, b in product(first, second) if a != b]
    return sorted({*pairs, *((b, a) for a, b in pairs)})


def impose_sanctions(context: ShockContext, shock: Sanction) -> int:
    """Apply a pressure level between senders and targets, then the secondary sanctions.

    Between senders and targets: the level's cost, factors and prohibition in both directions, and finance
    of either side delayed or withdrawn. Territory closes to own goods: that of the senders to all trade of
    the targets, that of the targets to exports of the senders. For home economies under secondary sanctions:
    friction with the targets, the secondary level with the senders, withdrawal of the senders' finance.
    """
    senders = context.codes_of(shock.senders)
    targets = context.codes_of(shock.targets)
    edited = _apply_pressure(context, senders, targets, shock.level, shock.at)
    if shock.secondary:
        edited += _apply_pressure(context, shock.secondary, targets, FRICTION, shock.at)
        edited += _apply_pressure(context, shock.secondary, senders, SECONDARY, shock.at)
    return edited


def _apply_pressure(
    context: ShockContext, senders: tuple[str, ...], targets: tuple[str, ...], level: str, at: str
) -> int:
    terms = context.editor.frame("pressure_levels").to_dict("index")[level]
    low, high = float(terms["cost_low_pct"]), float(terms["cost_high_pct"])
    cost = {"low": low, "mid": (low + high) / 2.0, "high": high}[at]
    first, second = context.economies(senders), context.economies(targets)
    increase = {
        "cost_pct": cost,
        "nontariff_factor": float(terms["nontariff_factor"]),
        "trade_factor": float(terms["trade_factor"]),
        "prohibited": bool(terms["prohibited"]),
    }
    edited = _raise_barriers(context, _both_directions(first, second), ALL_GOODS, increase)
    delay_a, withdrawn = float(terms["finance_delay_a"]), bool(terms["finance_lost"])
    # A sender bans by origin: goods of others that it buys may cross the targets.
    for financiers, recipients, side in ((senders, targets, EXPORT), (targets, senders, ANY)):
        if terms["territory_closed"]:
            users = context.economies(financiers)
            closed = context.territories(recipients)
            edited += add_restrictions(context, "territory", closed, (ANY,), users, side)
        edited += _delay_or_withdraw_finance(context, financiers, recipients, delay_a, withdrawn)
    return edited


def _delay_or_withdraw_finance(
    context: ShockContext,
    financiers: Iterable[str],
    recipients: Iterable[str],
    delay_a: float,
    withdrawn: bool,
) -> int:
    """Delay or withdraw the financiers' part of the plan's projects in the recipients' countries.

    Finance of home countries is exempt: a project across a border also lies in their own territory.
    """
    finance = context.finance
    outside = set(financiers) - set(context.editor.region.home)
    countries = context.editor.frame("projects")["iso3"]
    in_recipients = member_mask(countries.reindex(finance["project"]).fillna(""), recipients)
    affected = member_mask(finance["partner"], outside) & in_recipients
    keys = finance["project"] + KEY_SEPARATOR + finance["partner"]
    delayed = affected & (finance["delay_a"] < delay_a).to_numpy(dtype=bool)
    lost = affected & ~finance["withdrawn"].to_numpy(dtype=bool) & withdrawn
    for rows, field, value in ((delayed, "delay_a", delay_a), (lost, "withdrawn", True)):
        finance.loc[rows, field] = value
        context.editor.log(FINANCE.name, field, "set", value, keys[rows], context.reason)
    return int(affected.sum())


def withdraw_partner(context: ShockContext, shock: Withdrawal) -> int:
    """Withdraw a partner from the region, channel by channel.

    Always counts as an edit: that a partner has nothing to withdraw is a finding, not an input error.
    """
    members = context.codes_of((shock.partner,))
    homes = shock.homes or context.editor.region.home
    outside = tuple(code for code in members if code not in homes)
    edited = 1
    if "trade" in shock.channels:
        pairs = _both_directions(homes, context.economies(outside))
        edited += _raise_barriers(context, pairs, ALL_GOODS, {"prohibited": True})
    if "transit" in shock.channels:
        users = (HOME,) if set(homes) == set(context.editor.region.home) else homes
        edited += add_restrictions(context, "territory", context.territories(outside), (ANY,), users)
        edited += _close_pipelines_through(context, outside, homes)
    if "energy" in shock.channels:
        edited += _cut_energy(context, outside, homes)
        edited += release_plants(context, outside, tuple(homes), shock.years_since)
    if "capital" in shock.channels:
        edited += _withdraw_capital(context, outside, homes)
    return edited


def _close_pipelines_through(context: ShockContext, members: tuple[str, ...], homes: tuple[str, ...]) -> int:
    pipelines = context.editor.frame("pipelines")
    through = member_mask(pipelines["via_iso3"], members) & member_mask(pipelines["via_iso3"], homes)
    return context.editor.set("pipelines", through, "status", CLOSED, context.reason)


def _cut_energy(context: ShockContext, members: tuple[str, ...], homes: tuple[str, ...]) -> int:
    """Close gas pipelines and interconnectors between partner and homes."""
    editor = context.editor
    pipelines = editor.frame("pipelines")
    gas = (pipelines["product"] == "natural_gas").to_numpy(dtype=bool)
    between = gas & member_mask(pipelines["via_iso3"], members) & member_mask(pipelines["via_iso3"], homes)
    edited = editor.set("pipelines", between, "status", CLOSED, context.reason)
    lines = editor.frame("interconnectors")
    outward = lines["from_iso3"].isin(homes) & lines["to_iso3"].isin(members)
    inward = lines["to_iso3"].isin(homes) & lines["from_iso3"].isin(members)
    closed = (outward | inward).to_numpy(dtype=bool)
    return edited + editor.set("interconnectors", closed, "status", CLOSED, context.reason)


def _withdraw_capital(context: ShockContext, members: tuple[str, ...], homes: tuple[str, ...]) -> int:
    deals = context.editor.frame("deals")
    open_deals = deals["status"].isin(_NOT_DISBURSED).to_numpy(dtype=bool)
    affected = open_deals & member_mask(deals["partner"], members) & member_mask(deals["recipient"], homes)
    edited = context.editor.set("deals", affected, "status", CANCELLED, context.reason)
    return edited + _delay_or_withdraw_finance(context, members, homes, 0.0, withdrawn=True)
