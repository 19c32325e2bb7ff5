"""Run the withdrawal of partners, alone and together, and measure the loss of each home country.

Every coalition S of partners is a case of its own: the plan and the scenario with the partners of S
withdrawn. Its loss for a home country, a year, in money of the baseline and as a share of GDP, is

    ``v(S) = [W(∅) − W(S)] + [E(S) − E(∅)] − D(S) + [K(S) − K(∅)]``

with W the gain of real spending from freight coupled with trade, E the cost of the power system
(:mod:`sogdia.dependence.home_results`), D the fuel that both would count, and K the yearly cost of lost
finance (:mod:`sogdia.finance.finance_losses`). The portfolio is fixed; ∅ is the plan and scenario without
withdrawals. The transit income that a home country loses is reported and is no part of v.

By channel, for one partner: *trade* is a rerun without trade with the partner, *transit* the further loss of
a rerun in which its territory and lines are closed as well (closing the territory alone would end trade with
it too), *energy* and *capital* are E and K of the joint run, which no other channel enters. The *residual* is
the joint loss less their sum.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.case.shocks import Channel
from sogdia.codes import ALL_GOODS
from sogdia.coupling.baseline import baseline_case
from sogdia.dependence.engine_runs import EngineResults, RequiredJobs, read_results, required_jobs
from sogdia.dependence.fuel import fuel_counted_twice, fuel_elasticities
from sogdia.dependence.games import coalitions_in, permutations_of
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.withdrawal import WITHDRAWAL, partners_of, resolve, with_withdrawn
from sogdia.errors import InputError
from sogdia.finance.finance_losses import capital_losses
from sogdia.runs.executor import Executor
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store

Longs = npt.NDArray[np.int64]
Progress = Callable[[int, int, str], None]
"""Called with the number of finished jobs, the number of all, and the label of the last."""
RERUNS: dict[str, tuple[Channel, ...]] = {"trade": ("trade",), "transit": ("trade", "transit")}
"""Channels closed in the rerun of each; a rerun counts its loss beyond the one before."""
LOSSES = (
    "home", "loss_musd", "loss_pct", "goods_musd", "energy_musd", "capital_musd", "fuel_twice_musd",
    "undelivered_t", "trade_lost_t", "days_longer", "unserved_gwh", "refinance_musd", "transit_income_musd",
    "transit_income_low_musd", "transit_income_high_musd",
)  # fmt: skip

TRANSIT = ("transit_musd", "transit_low_musd", "transit_high_musd")
"""Columns of transit income of a run of freight and trade."""


@dataclass(frozen=True, eq=False)
class WithdrawalStudy:
    """Cases in which partners withdraw; they are built when first used.

    Attributes:
        case: The plan and scenario without withdrawals.
        settings: Settings.
        baseline_plan: Plan of the baseline.
    """

    case: Case
    settings: DependenceSettings
    baseline_plan: Plan

    @cached_property
    def baseline(self) -> Case:
        """The baseline case."""
        return baseline_case(self.case, self.baseline_plan)

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """Partners in order of rank.

        Raises:
            UnknownNameError: If a partner does not exist.
            InputError: If there is none.
        """
        partners = partners_of(self.case.region, self.settings.partners)
        if not partners:
            raise InputError("a study of dependence needs at least one partner")
        return partners

    @cached_property
    def coalitions(self) -> dict[int, tuple[str, ...]]:
        """Partners of each coalition to run, by bit mask, the empty one first."""
        n = len(self.partners)
        ends = sorted({0, *(1 << p for p in range(n)), (1 << n) - 1})
        if not self.settings.coalitions:
            masks = ends
        elif self.orders is None:
            masks = list(range(1 << n))
        else:
            masks = sorted({*ends, *coalitions_in(self.orders)})
        return {mask: tuple(p for k, p in enumerate(self.partners) if mask >> k & 1) for mask in masks}

    @cached_property
    def orders(self) -> Longs | None:
        """Orders of partners that coalitions are sampled from; ``None`` if they are not sampled."""
        n, settings = len(self.partners), self.settings
        if not settings.coalitions or n <= settings.most_exact:
            return None
        return permutations_of(n, settings.pairs, settings.seed)

    @cached_property
    def reruns(self) -> dict[tuple[str, str], Scenario]:
        """Scenario of each pair of a partner and a channel of :data:`RERUNS`."""
        pressure = resolve(self.settings.pressure, self.case)
        if not self.settings.channels or pressure.level != WITHDRAWAL:
            return {}
        return {
            (partner, channel): with_withdrawn(self.case.scenario, (partner,), pressure, closed)
            for partner in self.partners
            for channel, closed in RERUNS.items()
        }

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Every case, by name.

        Raises:
            UnknownNameError: If a partner, level or home country does not exist.
            InputError: If a case is invalid.
        """
        pressure = resolve(self.settings.pressure, self.case)
        scenarios = {
            case_name(partners): with_withdrawn(self.case.scenario, partners, pressure)
            for partners in self.coalitions.values()
        }
        scenarios |= {rerun_name(*key): scenario for key, scenario in self.reruns.items()}
        return {
            name: build_case(self.case.region, self.case.plan, scenario)
            for name, scenario in scenarios.items()
        }

    @cached_property
    def required(self) -> RequiredJobs:
        """The jobs that the cases require."""
        return required_jobs(
            self.cases,
            self.baseline,
            coupling=self.settings.study,
            power=self.settings.power,
            structure=case_name(()),
            without_power=[rerun_name(*key) for key in self.reruns],
        )


@dataclass(frozen=True, eq=False)
class WithdrawalResults:
    """Results of a withdrawal study.

    Attributes:
        study: The study.
        losses: One row for each coalition and home country: ``coalition``, ``partners``, ``size`` and
            :data:`LOSSES`.
        by_rerun: Losses of goods by partner and channel of :data:`RERUNS`: ``home``, ``partner``,
            ``channel``, ``loss_musd``.
        engines: Results of the engines.
        seconds: Time it took.
    """

    study: WithdrawalStudy
    losses: pd.DataFrame
    by_rerun: pd.DataFrame
    engines: EngineResults
    seconds: float


def run_withdrawals(
    study: WithdrawalStudy,
    store: Store,
    executor: Executor | None = None,
    progress: Progress = lambda _finished, _all, _label: None,
) -> WithdrawalResults:
    """Run every coalition of a study, each state of each engine once.

    Args:
        study: The study.
        store: The store.
        executor: Where jobs run; in this process if not given.
        progress: Called after each job.

    Raises:
        InputError: If a case is invalid.
        NotConvergedError: If a model does not converge.
        CannotRunError: If the store cannot be used, or a worker ends without a result.
    """
    started, required = time.perf_counter(), study.required
    new: set[str] = set()
    total = len(required.goods_jobs) + len(required.power_jobs)
    batches = required.batches(required.own_baseline(store))
    for count, report in enumerate(run_jobs(batches, store, executor, threads=1), start=1):
        progress(count, total, report.label)
        if report.is_new:
            new.add(report.key)
    results = read_results(required, store, new)
    return _withdrawal_results(study, results, time.perf_counter() - started)


def read_withdrawals(study: WithdrawalStudy, store: Store) -> WithdrawalResults:
    """Read the results of a study whose jobs are all in the store.

    Raises:
        UnknownNameError: If a run is not in the store.
        CannotRunError: If the store cannot be read.
    """
    return _withdrawal_results(study, read_results(study.required, store), 0.0)


def _withdrawal_results(study: WithdrawalStudy, engines: EngineResults, seconds: float) -> WithdrawalResults:
    finance = capital_losses(study.cases[case_name(())], (), study.settings.rate)
    losses = []
    for mask, partners in study.coalitions.items():
        table = _losses(study, partners, finance, engines)
        table.insert(0, "size", len(partners))
        table.insert(0, "partners", ";".join(partners))
        table.insert(0, "coalition", mask)
        losses.append(table)
    by_rerun = [
        _goods_lost(engines, rerun_name(*key)).assign(partner=key[0], channel=key[1]) for key in study.reruns
    ]
    empty = pd.DataFrame(columns=["home", "loss_musd", "partner", "channel"])
    return WithdrawalResults(
        study,
        pd.concat(losses, ignore_index=True),
        pd.concat(by_rerun, ignore_index=True) if by_rerun else empty,
        engines,
        seconds,
    )


def case_name(partners: Sequence[str]) -> str:
    """Return the name of the case in which partners have withdrawn."""
    return "without " + ", ".join(partners) if partners else "all partners"


def rerun_name(partner: str, channel: str) -> str:
    """Return the name of the case in which a partner withdraws by one channel only."""
    return f"without {partner}, {channel} alone"


def _losses(
    study: WithdrawalStudy, partners: tuple[str, ...], finance: pd.DataFrame, engines: EngineResults
) -> pd.DataFrame:
    """Return the losses of each home country from a coalition; ``finance`` is that without withdrawals."""
    name, reference, settings = case_name(partners), case_name(()), study.settings
    case = study.cases[name]
    goods, goods_before = (engines.goods[key]["homes"].set_index("home") for key in (name, reference))
    power, power_before = (engines.power[key]["homes"].set_index("home") for key in (name, reference))
    general = float(case.table("commodities")["elasticity"][ALL_GOODS])
    before, after = (engines.power[key]["fuel"] for key in (reference, name))
    fuel_twice = fuel_counted_twice(before, after, fuel_elasticities(case, settings.study), general)
    capital = capital_losses(case, partners, settings.rate).set_index("home")
    capital_before = finance.set_index("home")
    table = pd.DataFrame(index=goods.index)
    table["goods_musd"] = goods_before["gain_musd"] - goods["gain_musd"]
    table["fuel_twice_musd"] = table.index.map(fuel_twice).fillna(0.0).astype(float)
    table["energy_musd"] = energy_cost(power) - energy_cost(power_before) - table["fuel_twice_musd"]
    table["capital_musd"] = capital["capital_musd"] - capital_before["capital_musd"]
    table["loss_musd"] = table["goods_musd"] + table["energy_musd"] + table["capital_musd"]
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)
    table["loss_pct"] = 100.0 * table["loss_musd"] / gdp.reindex(table.index)
    table["undelivered_t"] = goods["undelivered_t"] - goods_before["undelivered_t"]
    table["trade_lost_t"] = goods_before["traded_t"] - goods["traded_t"]
    table["days_longer"] = goods["days_longer"] - goods_before["days_longer"]
    table["unserved_gwh"] = power["unserved_gwh"] - power_before["unserved_gwh"]
    table["refinance_musd"] = capital["refinance_musd"] - capital_before["refinance_musd"]
    lost = pd.DataFrame({name: goods_before[name] - goods[name] for name in TRANSIT})
    table["transit_income_musd"] = lost["transit_musd"]
    table["transit_income_low_musd"], table["transit_income_high_musd"] = lost.min(axis=1), lost.max(axis=1)
    return table.reset_index()[list(LOSSES)]


def energy_cost(power: pd.DataFrame) -> pd.Series[float]:
    """Return E of :mod:`sogdia.dependence.home_results`, USD million a year."""
    return power["plants_musd"] + power["imports_musd"] - power["exports_musd"] + power["unserved_musd"]


def _goods_lost(engines: EngineResults, name: str) -> pd.DataFrame:
    goods, before = (engines.goods[key]["homes"].set_index("home") for key in (name, case_name(())))
    return (before["gain_musd"] - goods["gain_musd"]).rename("loss_musd").reset_index()
