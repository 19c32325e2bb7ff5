"""Find the jobs that many cases require, each state of an engine once, and read their results."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.case import Case
from sogdia.coupling.baseline import baseline_case
from sogdia.coupling.case_networks import TableDigests, network_key
from sogdia.coupling.settings import CouplingSettings
from sogdia.dependence.home_results import FUEL, POWER
from sogdia.dependence.jobs import GoodsJob, PowerJob, Tables, WithdrawalBaseline
from sogdia.dependence.run_keys import ContentDigests, goods_key, power_key
from sogdia.dependence.structure import SUPPLY
from sogdia.power import PowerSettings
from sogdia.power.zones import build_zones
from sogdia.runs.job import Baseline, JobGroup
from sogdia.runs.store import Store

BASELINE = "baseline"
"""Name of the baseline case among those whose power system is run."""
POWER_CHAIN = 4
"""Jobs of the power system in one chain."""


@dataclass(frozen=True, eq=False)
class GoodsCase:
    """A case whose freight and trade are required.

    Attributes:
        case: The case.
        settings: Settings.
        start: Name of the run of the same case whose solution the loop starts from; empty for none.
    """

    case: Case
    settings: CouplingSettings
    start: str = ""


@dataclass(frozen=True, eq=False)
class RequiredJobs:
    """Jobs that cases require, each once.

    Attributes:
        baseline: The baseline case.
        own: The case without withdrawals.
        coupling: Settings of freight and trade, for the baseline.
        power_settings: Settings of the power system.
        goods: Key of each run's job of freight and trade, by name of the run.
        power: Key of each run's job of the power system, by name of the run.
        goods_jobs: Jobs of freight and trade, by key.
        power_jobs: Jobs of the power system, by key.
        unpowered: Runs that require a power system in a region without one.
    """

    baseline: Case
    own: Case
    coupling: CouplingSettings
    power_settings: PowerSettings
    goods: Mapping[str, str]
    power: Mapping[str, str]
    goods_jobs: Mapping[str, GoodsJob]
    power_jobs: Mapping[str, PowerJob]
    unpowered: tuple[str, ...]

    def batches(self, baseline: Baseline) -> list[list[JobGroup]]:
        """Return the jobs for the scheduler, freight and trade first: they take longest.

        Args:
            baseline: Definition of the baseline they are compared with.
        """
        kinds = (self.goods_jobs, self.power_jobs)
        return [[JobGroup(baseline, tuple(jobs.values()))] for jobs in kinds if jobs]

    def own_baseline(self, store: Store) -> WithdrawalBaseline:
        """Return the definition of the baseline with the engines that jobs missing in the store need."""
        needs_goods = any(key not in store for key in self.goods_jobs)
        needs_power = any(key not in store for key in self.power_jobs)
        return WithdrawalBaseline(
            self.baseline,
            self.coupling if needs_goods else None,
            self.power_settings if needs_power else None,
            self.own,
        )


@dataclass(frozen=True, eq=False)
class EngineResults:
    """Results of the engines for many cases.

    Attributes:
        goods: Tables of each run of freight and trade, by name of the run.
        power: Tables of each run of the power system, by name of the run.
        baseline_power: Power system of each home country in the baseline.
        cases: Number of cases.
        goods_runs: Jobs of freight and trade that they took.
        goods_cached: Number of these found in the store.
        power_runs: Jobs of the power system that they took.
    """

    goods: Mapping[str, Tables]
    power: Mapping[str, Tables]
    baseline_power: pd.DataFrame
    cases: int
    goods_runs: int
    goods_cached: int
    power_runs: int

    @property
    def saved(self) -> int:
        """Jobs saved by sharing: one of each engine for a case, less those that were run."""
        return 2 * self.cases - self.goods_runs - self.power_runs


def required_jobs(
    goods_cases: Mapping[str, GoodsCase],
    power_cases: Mapping[str, tuple[Case, bool]],
    baseline: Case,
    *,
    power: PowerSettings,
    structure: str,
    titles: Mapping[str, str],
) -> RequiredJobs:
    """Find the jobs that cases of one plan require.

    Args:
        goods_cases: Cases whose freight and trade are required, by name of the run; one that others start
            from comes before them.
        power_cases: Cases whose power system is required, by name of the run; true if new capacity is that
            of the plan without shocks.
        baseline: The baseline case.
        power: Settings of the power system.
        titles: Titles of the runs for readers.
        structure: Name of the run whose trade, transit and rows are stored.
    """
    digests, networks = ContentDigests(), TableDigests()
    keys: dict[str, str] = {}
    for name, each in goods_cases.items():
        keys[name] = goods_key(each.case, baseline, each.settings, digests, keys.get(each.start, ""))
    goods: dict[str, str] = {}
    goods_jobs: dict[str, GoodsJob] = {}
    for name, each in goods_cases.items():
        has_structure = keys[name] == keys[structure]
        goods[name] = f"{keys[name]}s" if has_structure else keys[name]
        if goods[name] not in goods_jobs:
            goods_jobs[goods[name]] = GoodsJob(
                goods[name], network_key(each.case, networks), name, titles[name], each.case.plan,
                each.case.scenario, each.settings, has_structure,
                goods_jobs[goods[each.start]] if each.start else None,
            )  # fmt: skip
    own, first = goods_cases[structure].case, next(iter(goods_cases.values())).settings
    powered = {**power_cases, BASELINE: (baseline, True)}
    if not has_power(baseline):
        return RequiredJobs(baseline, own, first, power, goods, {}, goods_jobs, {}, tuple(powered))
    held = {
        case.plan.digest: power_key(baseline_case(case, case.plan), baseline, power, digests)
        for case in (own, baseline)
    }
    power_keys: dict[str, str] = {}
    power_jobs: dict[str, PowerJob] = {}
    for name, (case, holds) in powered.items():
        key = power_key(case, baseline, power, digests, held[case.plan.digest] if holds else "")
        power_keys[name] = key
        if key not in power_jobs:
            number = len(power_jobs) // POWER_CHAIN
            power_jobs[key] = PowerJob(
                key, number, name, titles.get(name, name), case.plan, case.scenario, power, holds
            )
    return RequiredJobs(baseline, own, first, power, goods, power_keys, goods_jobs, power_jobs, ())


def read_results(
    required: RequiredJobs, store: Store, cases: int, new: Collection[str] = ()
) -> EngineResults:
    """Read the results of jobs from the store.

    Args:
        required: The jobs.
        store: The store.
        cases: Number of cases that the runs serve.
        new: Keys of the jobs that were computed for this reading.

    Raises:
        UnknownNameError: If a run is not in the store.
        CannotRunError: If the store cannot be read.
    """
    tables = {key: store.tables(key) for key in (*required.goods_jobs, *required.power_jobs)}
    goods = {name: tables[key] for name, key in required.goods.items()}
    power = {name: tables[key] for name, key in required.power.items()}
    power |= {name: no_power(required.baseline.region.home) for name in required.unpowered}
    baseline_power = power.pop(BASELINE)["homes"]
    cached = sum(key not in new for key in required.goods_jobs)
    return EngineResults(
        goods, power, baseline_power, cases, len(required.goods_jobs), cached, len(required.power_jobs)
    )


def has_power(case: Case) -> bool:
    """Return true if the region has a power system with demand."""
    return not build_zones(case).table.empty


def no_power(homes: tuple[str, ...]) -> Tables:
    """Return the tables of a region without a power system: all zero."""
    table = pd.DataFrame(0.0, index=range(len(homes)), columns=list(POWER))
    return {
        "homes": table.assign(home=list(homes)),
        "fuel": pd.DataFrame(columns=list(FUEL)),
        "supply": pd.DataFrame(columns=list(SUPPLY)),
    }
