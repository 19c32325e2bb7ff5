"""Shocks of policy: tariffs, sanctions, partners that leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case.effects.base import Setting, member_mask
from sogdia.case.effects.network import CLOSED, HOME, restrict
from sogdia.case.projects import FINANCE, plant_owners
from sogdia.case.shocks import ANY, MILDEST, SECONDARY, Sanction, Tariff, Withdrawal
from sogdia.case.workbench import Mask
from sogdia.tables import KEY_SEPARATOR

ALL = "all"
_NOT_PAID = ("signed", "announced")
_FREE = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "prohibited": False}
"""What a pair without a row in ``barriers`` meets."""
Pairs = Iterable[tuple[str, str]]


def raise_tariff(setting: Setting, shock: Tariff) -> int:
    """Add a tariff to the barriers between exporters and importers."""
    pairs = [(a, b) for a, b in product(shock.exporters, shock.importers) if a != b]
    groups = (ALL,) if ALL in shock.commodities else shock.commodities
    return sum(_raise_barriers(setting, pairs, group, {"tariff_pct": shock.tariff_pct}) for group in groups)


def _raise_barriers(setting: Setting, pairs: Pairs, group: str, rise: Mapping[str, Any]) -> int:
    """Put barriers on pairs: percentages add up, factors multiply, a ban stays a ban.

    A pair's row for ``all`` holds for the groups that have no row of their own. So a rise for all goes
    on the rows of single groups too, and a group's new row starts from the row for all.
    """
    frame, chosen = setting.bench.frame("barriers"), set(pairs)
    keys = list(zip(frame["exporter"], frame["importer"], frame["commodity"], strict=True))
    meant = np.array([key[:2] in chosen and group in (ALL, key[2]) for key in keys], dtype=bool)
    standing, rows = {key: i for i, key in enumerate(keys)}, []
    for exporter, importer in sorted(chosen):
        if (exporter, importer, group) in standing:
            continue
        general = standing.get((exporter, importer, ALL))
        start = _FREE if general is None else frame[list(_FREE)].iloc[general].to_dict()
        terms = {name: _raised(name, start[name], rise) for name in _FREE}
        if terms != start:
            rows.append({"exporter": exporter, "importer": importer, "commodity": group, **terms})
    touched = int(meant.sum())
    _raise_standing(setting, meant, rise)
    return touched + setting.bench.add("barriers", rows, setting.why)


def _raised(field: str, old: Any, rise: Mapping[str, Any]) -> Any:
    known = _FREE[field] if pd.isna(old) else old
    if field not in rise:
        return known
    if field == "prohibited":
        return bool(known) or bool(rise[field])
    return known * rise[field] if field == "nontariff_factor" else max(0.0, known + rise[field])


def _raise_standing(setting: Setting, rows: Mask, rise: Mapping[str, Any]) -> None:
    bench = setting.bench
    for field, value in rise.items():
        blank = rows & bench.frame("barriers")[field].isna().to_numpy(dtype=bool)
        bench.set("barriers", blank, field, _raised(field, np.nan, rise), setting.why)
        if field == "prohibited":
            bench.set("barriers", rows & bool(value), field, True, setting.why)
        elif field == "nontariff_factor":
            bench.scale("barriers", rows & ~blank, field, value, setting.why)
        elif value:
            bench.shift("barriers", rows & ~blank, field, value, setting.why)


def _both_ways(first: Iterable[str], second: Iterable[str]) -> list[tuple[str, str]]:
    pairs = [(a, b) for a, b in product(first, second) if a != b]
    return sorted({*pairs, *((b, a) for a, b in pairs)})


def sanction(setting: Setting, shock: Sanction) -> int:
    """Press the targets at a level; then press those of the region named for helping them.

    Between senders and targets: the level's cost, ban and closed territory, both ways, and the money
    of either side late or lost to the other. On named economies of the region three sides: friction
    with the targets, the secondary level with the senders, the senders' money lost.
    """
    senders = setting.members(shock.senders)
    targets = setting.members(shock.targets)
    touched = _press(setting, senders, targets, shock.level, shock.at)
    if shock.secondary:
        touched += _press(setting, shock.secondary, targets, MILDEST, shock.at)
        touched += _press(setting, shock.secondary, senders, SECONDARY, shock.at)
    return touched


def _press(setting: Setting, senders: tuple[str, ...], targets: tuple[str, ...], level: str, at: str) -> int:
    terms = setting.bench.frame("pressure_levels").to_dict("index")[level]
    low, high = float(terms["cost_low_pct"]), float(terms["cost_high_pct"])
    cost = {"low": low, "mid": (low + high) / 2.0, "high": high}[at]
    first, second = setting.economies(senders), setting.economies(targets)
    rise = {
        "cost_pct": cost,
        "nontariff_factor": float(terms["nontariff_factor"]),
        "prohibited": bool(terms["prohibited"]),
    }
    touched = _raise_barriers(setting, _both_ways(first, second), ALL, rise)
    for givers, takers in ((senders, targets), (targets, senders)):
        if terms["territory_closed"]:
            users = setting.economies(givers)
            touched += restrict(setting, "territory", setting.lands(takers), (ANY,), users)
        delay, lost = float(terms["finance_delay_a"]), bool(terms["finance_lost"])
        touched += _hold_money(setting, givers, takers, delay, lost)
    return touched


def _hold_money(
    setting: Setting, givers: Iterable[str], takers: Iterable[str], delay: float, lost: bool
) -> int:
    """Make the givers' part of the plan's projects in the takers' countries late, or lost.

    Home's own money is not: a project across a border lies in its own land too.
    """
    finance = setting.finance
    givers = set(givers) - set(setting.bench.region.home)
    where = setting.bench.frame("projects")["iso3"]
    there = member_mask(where.reindex(finance["project"]).fillna(""), takers)
    ours = member_mask(finance["partner"], givers) & there
    keys = finance["project"] + KEY_SEPARATOR + finance["partner"]
    later = ours & (finance["delay_a"] < delay).to_numpy(dtype=bool)
    gone = ours & ~finance["withdrawn"].to_numpy(dtype=bool) & lost
    for rows, field, value in ((later, "delay_a", delay), (gone, "withdrawn", True)):
        finance.loc[rows, field] = value
        setting.bench.log(FINANCE, field, "set", value, keys[rows], setting.why)
    return int(ours.sum())


def withdraw(setting: Setting, shock: Withdrawal) -> int:
    """Take a partner out of the region, channel by channel.

    Never refused: that a partner has nothing to take away is a finding, not a slip of the pen.
    """
    members = setting.members((shock.partner,))
    homes = shock.homes or setting.bench.region.home
    outside = tuple(code for code in members if code not in homes)
    touched = 1
    if "trade" in shock.channels:
        pairs = _both_ways(homes, setting.economies(outside))
        touched += _raise_barriers(setting, pairs, ALL, {"prohibited": True})
    if "transit" in shock.channels:
        users = (HOME,) if set(homes) == set(setting.bench.region.home) else homes
        touched += restrict(setting, "territory", setting.lands(outside), (ANY,), users)
        touched += _shut_pipelines_through(setting, outside, homes)
    if "energy" in shock.channels:
        touched += _cut_energy(setting, outside, homes)
    if "capital" in shock.channels:
        touched += _withdraw_capital(setting, outside, homes)
    return touched


def _shut_pipelines_through(setting: Setting, members: tuple[str, ...], homes: tuple[str, ...]) -> int:
    pipelines = setting.bench.frame("pipelines")
    through = member_mask(pipelines["via_iso3"], members) & member_mask(pipelines["via_iso3"], homes)
    return setting.bench.set("pipelines", through, "status", CLOSED, setting.why)


def _cut_energy(setting: Setting, members: tuple[str, ...], homes: tuple[str, ...]) -> int:
    """Close gas lines and cables between the partner and the homes, and the plants it owns there."""
    bench = setting.bench
    pipelines = bench.frame("pipelines")
    gas = (pipelines["product"] == "natural_gas").to_numpy(dtype=bool)
    lines = gas & member_mask(pipelines["via_iso3"], members) & member_mask(pipelines["via_iso3"], homes)
    touched = bench.set("pipelines", lines, "status", CLOSED, setting.why)
    cables = bench.frame("interconnectors")
    outward = cables["from_iso3"].isin(homes) & cables["to_iso3"].isin(members)
    inward = cables["to_iso3"].isin(homes) & cables["from_iso3"].isin(members)
    touched += bench.set(
        "interconnectors", (outward | inward).to_numpy(dtype=bool), "status", CLOSED, setting.why
    )
    plants = bench.frame("plants")
    owned = {name for name, owners in plant_owners(bench).items() if owners & set(members)}
    theirs = plants["iso3"].isin(homes) & plants.index.isin(list(owned)) & (plants["status"] == "operating")
    return touched + bench.set("plants", theirs.to_numpy(dtype=bool), "status", CLOSED, setting.why)


def _withdraw_capital(setting: Setting, members: tuple[str, ...], homes: tuple[str, ...]) -> int:
    deals = setting.bench.frame("deals")
    unpaid = deals["status"].isin(_NOT_PAID).to_numpy(dtype=bool)
    ours = unpaid & member_mask(deals["partner"], members) & member_mask(deals["recipient"], homes)
    touched = setting.bench.set("deals", ours, "status", "cancelled", setting.why)
    return touched + _hold_money(setting, members, homes, 0.0, lost=True)
