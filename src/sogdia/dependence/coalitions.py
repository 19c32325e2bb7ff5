"""Dependence on partners: who leaves, alone and together, what each home then loses, and how that is shared.

Every coalition S of partners is a case of its own: the plan and the scenario with the partners of S gone.
Its loss for a home, a year, in money of the base and in per cent of GDP of the year, is

    ``v(S) = [W(∅) − W(S)] + [E(S) − E(∅)] − twice(S) + [K(S) − K(∅)]``

with W the gain of real spending on goods from freight coupled with trade, E the cost of the power system
(:mod:`sogdia.dependence.home_results`), ``twice`` the fuel that both would count, and K the cost of lost
finance a year (:mod:`sogdia.finance.finance_losses`). The portfolio is held fixed; ∅ is the plan and scenario
with
all partners there.

By channel, for one partner: *trade* is a rerun in which nothing is bought and sold with it, *transit* what
a rerun adds in which its land and lines are closed as well (closing the land alone would end trade with it
too), *energy* and *capital* are E and K of the joint run, into which no other channel enters. What the joint
run has beyond their sum is the *residual*.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.case.shocks import Channel
from sogdia.codes import ALL_GOODS
from sogdia.coupling.baseline import baseline_case
from sogdia.dependence.engine_runs import Made, Progress, Wanted, run_all, wanted_runs
from sogdia.dependence.games import coalitions_in, permutations_of
from sogdia.dependence.jobs import Tables
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.withdrawal import WITHDRAWAL, partners_of, resolve, with_withdrawn
from sogdia.errors import InputError
from sogdia.finance.finance_losses import capital_losses
from sogdia.runs.executor import Executor

Longs = npt.NDArray[np.int64]
NOBODY = Plan(name="as_is", title="As it is")
"""The plan that builds nothing."""
RERUNS: dict[str, tuple[Channel, ...]] = {"trade": ("trade",), "transit": ("trade", "transit")}
"""Channels that are closed in the rerun of each; a rerun counts what it adds to the one before."""
LOSSES = (
    "home", "loss_musd", "loss_pct", "goods_musd", "energy_musd", "capital_musd", "fuel_twice_musd",
    "undelivered_t", "trade_lost_t", "days_longer", "unserved_gwh", "refinance_musd",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Withdrawals:
    """All runs of a study of dependence.

    Attributes:
        case: The plan and scenario with all partners there.
        calm: What goods are measured against.
        partners: Ids in order of rank.
        masks: Coalitions that were run, nobody first.
        orders: Orders that were sampled, where coalitions were.
        losses: A row a coalition and home: ``coalition``, ``partners``, ``size`` and :data:`LOSSES`.
        by_rerun: Losses of goods by partner and channel of :data:`RERUNS`: ``home``, ``partner``,
            ``channel``, ``loss_musd``.
        made: The runs.
        seconds: How long it took.
    """

    case: Case
    calm: Case
    partners: tuple[str, ...]
    masks: tuple[int, ...]
    orders: Longs | None
    losses: pd.DataFrame
    by_rerun: pd.DataFrame
    made: Made
    seconds: float


@dataclass(frozen=True, eq=False)
class Prepared:
    """A study of dependence before its runs are made.

    Attributes:
        case: The plan and scenario with all partners there.
        settings: Settings.
        calm: What goods are measured against.
        partners: Ids in order of rank.
        coalitions: Partners of each coalition, by mask, nobody first.
        orders: Orders that were sampled, where coalitions were.
        reruns: Pairs of a partner and a channel of :data:`RERUNS`.
        cases: All cases, by name.
        wanted: The runs they ask for.
    """

    case: Case
    settings: DependenceSettings
    calm: Case
    partners: tuple[str, ...]
    coalitions: dict[int, tuple[str, ...]]
    orders: Longs | None
    reruns: tuple[tuple[str, str], ...]
    cases: dict[str, Case]
    wanted: Wanted


def prepare_withdrawals(case: Case, settings: DependenceSettings, base: Plan = NOBODY) -> Prepared:
    """Build the case of every coalition that is asked for, and tell which runs they take.

    Args:
        case: The plan and scenario with all partners there.
        settings: Settings.
        base: Plan of the calm base.

    Raises:
        UnknownNameError: If a partner, level or home is not there.
        InputError: If a case does not hold.
    """
    pressure = resolve(settings.pressure, case)
    partners = partners_of(case.region, settings.partners)
    masks, orders = _asked(len(partners), settings)
    told = {mask: tuple(p for n, p in enumerate(partners) if mask >> n & 1) for mask in masks}
    happens = {_name(gone): with_withdrawn(case.scenario, gone, pressure) for gone in told.values()}
    reruns: dict[tuple[str, str], Scenario] = {}
    if settings.channels and pressure.level == WITHDRAWAL:
        reruns = {
            (p, c): with_withdrawn(case.scenario, (p,), pressure, shut)
            for p in partners
            for c, shut in RERUNS.items()
        }
    happens |= {_rerun(*key): changed for key, changed in reruns.items()}
    cases = {name: build_case(case.region, case.plan, changed) for name, changed in happens.items()}
    calm = baseline_case(case, base)
    wanted = wanted_runs(
        cases, calm, study=settings.study, power=settings.power, structure=_name(()),
        without_power=[_rerun(*key) for key in reruns],
    )  # fmt: skip
    return Prepared(case, settings, calm, partners, told, orders, tuple(reruns), cases, wanted)


def run_withdrawals(
    prepared: Prepared,
    *,
    executor: Executor,
    folder: Path | None = None,
    progress: Progress = lambda _done, _all, _label: None,
) -> Withdrawals:
    """Run every coalition that is asked for, each state of each engine once.

    Args:
        prepared: The cases and the runs they take.
        executor: Where runs are made.
        folder: Where finished runs are kept, to be taken up again.
        progress: Told of each run.

    Raises:
        InputError: If a case cannot be run.
        NotConvergedError: If a precision is not reached.
        CannotRunError: If a worker ends without a result.
    """
    begun, settings = time.perf_counter(), prepared.settings
    made = run_all(prepared.wanted, executor=executor, folder=folder, progress=progress)
    losses, kept = [], capital_losses(prepared.cases[_name(())], (), settings.rate)
    for mask, gone in prepared.coalitions.items():
        name = _name(gone)
        table = _losses(prepared.cases[name], kept, gone, name, made, settings)
        table.insert(0, "size", len(gone))
        table.insert(0, "partners", ";".join(gone))
        table.insert(0, "coalition", mask)
        losses.append(table)
    by_rerun = [
        _goods_lost(made, _rerun(*key)).assign(partner=key[0], channel=key[1]) for key in prepared.reruns
    ]
    empty = pd.DataFrame(columns=["home", "loss_musd", "partner", "channel"])
    return Withdrawals(
        prepared.case, prepared.calm, prepared.partners, tuple(prepared.coalitions), prepared.orders,
        pd.concat(losses, ignore_index=True), pd.concat(by_rerun, ignore_index=True) if by_rerun else empty,
        made, time.perf_counter() - begun,
    )  # fmt: skip


def _asked(n: int, settings: DependenceSettings) -> tuple[list[int], Longs | None]:
    """Masks to run, nobody first; and the orders they come from, where they are sampled."""
    if n == 0:
        raise InputError("a study of dependence wants at least one partner")
    ends = sorted({0, *(1 << p for p in range(n)), (1 << n) - 1})
    if not settings.coalitions:
        return ends, None
    if n <= settings.most_exact:
        return list(range(1 << n)), None
    orders = permutations_of(n, settings.pairs, settings.seed)
    return sorted({*ends, *coalitions_in(orders)}), orders


def _name(partners: Sequence[str]) -> str:
    return "without " + ", ".join(partners) if partners else "all there"


def _rerun(partner: str, channel: str) -> str:
    return f"without {partner}, {channel} alone"


def _losses(
    case: Case,
    money: pd.DataFrame,
    gone: tuple[str, ...],
    name: str,
    made: Made,
    settings: DependenceSettings,
) -> pd.DataFrame:
    """What each home loses when a coalition is gone; ``money`` is that of the case with all there."""
    goods, before = (made.goods[key]["homes"].set_index("home") for key in (name, _name(())))
    power, calm = (made.power[key]["homes"].set_index("home") for key in (name, _name(())))
    twice = _twice(made.power[name], made.power[_name(())], case)
    lost, kept = capital_losses(case, gone, settings.rate).set_index("home"), money.set_index("home")
    table = pd.DataFrame(index=goods.index)
    table["goods_musd"] = before["gain_musd"] - goods["gain_musd"]
    table["fuel_twice_musd"] = table.index.map(twice).astype(float)
    cost = energy_cost(power, settings.co2_usd_per_t) - energy_cost(calm, settings.co2_usd_per_t)
    table["energy_musd"] = cost - table["fuel_twice_musd"]
    table["capital_musd"] = lost["capital_musd"] - kept["capital_musd"]
    table["loss_musd"] = table["goods_musd"] + table["energy_musd"] + table["capital_musd"]
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)
    table["loss_pct"] = 100.0 * table["loss_musd"] / gdp.reindex(table.index)
    table["undelivered_t"] = goods["undelivered_t"] - before["undelivered_t"]
    table["trade_lost_t"] = before["traded_t"] - goods["traded_t"]
    table["days_longer"] = goods["days_longer"] - before["days_longer"]
    table["unserved_gwh"] = power["unserved_gwh"] - calm["unserved_gwh"]
    table["refinance_musd"] = lost["refinance_musd"] - kept["refinance_musd"]
    return table.reset_index()[list(LOSSES)]


def energy_cost(power: pd.DataFrame, co2_usd_per_t: float) -> pd.Series[float]:
    """E of :mod:`sogdia.dependence.home_results`, USD million a year; CO2 in million tonnes."""
    cost = power["plants_musd"] + power["imports_musd"] - power["exports_musd"] + power["unserved_musd"]
    return cost + co2_usd_per_t * power["co2_mt"]


def _twice(power: Tables, calm: Tables, case: Case) -> dict[str, float]:
    """Fuel from abroad that is lost now and was not, over the elasticity of trade, USD million by home."""
    theta = float(case.table("commodities")["elasticity"][ALL_GOODS])
    keys = ["home", "carrier", "origin"]
    both = calm["fuel"].merge(power["fuel"][[*keys, "lost"]], on=keys, suffixes=("_before", ""))
    fresh = both[both["lost"].astype(bool) & ~both["lost_before"].astype(bool)]
    spent = fresh.groupby("home")["spent_musd"].sum()
    return {home: float(spent.get(home, 0.0)) / theta for home in case.region.home}


def _goods_lost(made: Made, name: str) -> pd.DataFrame:
    goods, before = (made.goods[key]["homes"].set_index("home") for key in (name, _name(())))
    return (before["gain_musd"] - goods["gain_musd"]).rename("loss_musd").reset_index()
