"""Shocks of policy: tariffs, sanctions, partners that leave."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case.effects.base import Setting, member_mask
from sogdia.case.effects.network import CLOSED, HOME, restrict
from sogdia.case.projects import plant_owners
from sogdia.case.shocks import Sanction, Tariff, Withdrawal
from sogdia.tables import cell

ALL = "all"
MILDEST, SECONDARY = "friction", "secondary"
_NOT_PAID = ("signed", "announced")


def raise_tariff(setting: Setting, shock: Tariff) -> int:
    """Add a tariff to the barriers between exporters and importers."""
    pairs = [(a, b) for a, b in product(shock.exporters, shock.importers) if a != b]
    return sum(
        _raise_barriers(setting, pairs, group, {"tariff_pct": shock.tariff_pct})
        for group in shock.commodities
    )


def _raise_barriers(
    setting: Setting, pairs: Iterable[tuple[str, str]], group: str, rise: dict[str, Any]
) -> int:
    """Put barriers on pairs: percentages add up, factors multiply, a ban stays a ban."""
    bench, rows, touched = setting.bench, [], 0
    for exporter, importer in pairs:
        key = f"{exporter}/{importer}/{group}"
        frame = bench.frame("barriers")
        if key not in frame.index:
            row = {"exporter": exporter, "importer": importer, "commodity": group, "prohibited": False}
            rows.append({**row, "tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, **rise})
            continue
        here = np.asarray(frame.index == key)
        for field, value in rise.items():
            old: Any = cell(frame, key, field)
            new = value
            if field.endswith("_pct"):
                new = value + (0.0 if pd.isna(old) else old)
            elif field == "nontariff_factor":
                new = value * (1.0 if pd.isna(old) else old)
            elif field == "prohibited":
                new = bool(value) or bool(old)
            bench.set("barriers", here, field, new, setting.why)
        touched += 1
    return touched + bench.add("barriers", rows, setting.why)


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
    if terms["territory_closed"] and first:
        touched += restrict(setting, "territory", targets, ("any",), first)
    for givers, takers in ((senders, targets), (targets, senders)):
        delay, lost = float(terms["finance_delay_a"]), bool(terms["finance_lost"])
        touched += _hold_money(setting, givers, takers, delay, lost)
    return touched


def _hold_money(
    setting: Setting, givers: Iterable[str], takers: Iterable[str], delay: float, lost: bool
) -> int:
    """Make the givers' part of the plan's projects in the takers' countries late, or lost."""
    finance = setting.finance
    where = setting.bench.frame("projects")["iso3"]
    ours = member_mask(finance["partner"], givers) & member_mask(
        where.reindex(finance["project"]).fillna(""), takers
    )
    finance.loc[ours, "delay_a"] = np.maximum(finance.loc[ours, "delay_a"], delay)
    if lost:
        finance.loc[ours, "withdrawn"] = True
    return int(ours.sum())


def withdraw(setting: Setting, shock: Withdrawal) -> int:
    """Take a partner out of the region, channel by channel."""
    members = setting.members((shock.partner,))
    homes = shock.homes or setting.bench.region.home
    outside = tuple(code for code in members if code not in homes)
    touched = 1
    if "trade" in shock.channels:
        pairs = _both_ways(homes, setting.economies(outside))
        touched += _raise_barriers(setting, pairs, ALL, {"prohibited": True})
    if "transit" in shock.channels:
        users = (HOME,) if set(homes) == set(setting.bench.region.home) else homes
        touched += restrict(setting, "territory", outside, ("any",), users)
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
