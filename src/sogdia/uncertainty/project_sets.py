"""Results of the engines for many sets of projects and scenarios, each state of an engine run once.

A set of projects and a scenario make a case. Freight with trade, and the power system, each see only those
projects and shocks that change a table that they read (:mod:`sogdia.dependence.run_keys`); cases that look
the same to an engine share its run. What an engine sees of a project is found from the project alone. The
results by home country are stored once more under the set and the scenario, so that a finished search reads
them without building a case.

The cost of electricity does not enter trade here, as in a study of dependence, so the results of both engines
add up exactly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from sogdia.case import Case, Plan, ProjectChoice, Scenario, build_case
from sogdia.coupling.settings import CouplingSettings
from sogdia.dependence.engine_runs import GoodsCase, RequiredJobs, no_power, required_jobs
from sogdia.dependence.horizons import HORIZONS
from sogdia.dependence.jobs import WithdrawalBaseline
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.withdrawal import Pressure, resolve, with_withdrawn
from sogdia.region import Region
from sogdia.runs.executor import Executor
from sogdia.runs.job import JobGroup
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import engine_version

Engine = Literal["goods", "power"]
ENGINES: tuple[Engine, ...] = ("goods", "power")
Built = frozenset[int]
"""Projects of a set, by position."""
KIND, HOMES, RUN = "project_set", "homes", "engine_run"
NO_POWER = "none"
"""Run of a region without a power system."""
CHUNK = 24
"""Sets whose cases are built at once: a case takes tens of megabytes."""
HORIZON: Literal["year_10"] = "year_10"
"""Horizon of withdrawals: elasticities of the long run, as of the benefits."""
Report = Callable[[str], None]


@dataclass(frozen=True)
class SetScenario:
    """A scenario of the search: one of its own, or the reference scenario without a partner.

    Attributes:
        name: Name.
        scenario: The scenario.
        partner: Row of ``partners`` that withdraws; empty for none.
    """

    name: str
    scenario: Scenario
    partner: str = ""


@dataclass(frozen=True)
class State:
    """Request to one engine: projects built, and the scenario by position."""

    engine: Engine
    built: Built
    scenario: int


@dataclass(eq=False)
class ProjectSets:
    """Sets of projects on top of a baseline, and their results.

    Attributes:
        region: The region.
        baseline: Plan of the baseline, without the projects.
        projects: The projects with their opening years.
        scenarios: The scenarios; the first is the reference scenario.
        settings: Settings of the engines and of withdrawals.
        store: The store.
        executor: Where jobs run.
        report: Called with the label of each finished job.
    """

    region: Region
    baseline: Plan
    projects: tuple[ProjectChoice, ...]
    scenarios: tuple[SetScenario, ...]
    settings: DependenceSettings
    store: Store
    executor: Executor
    report: Report = lambda _label: None
    _known: dict[State, tuple[str, pd.DataFrame]] = field(default_factory=dict, repr=False)

    @cached_property
    def baseline_case(self) -> Case:
        """The baseline in the reference scenario."""
        return build_case(self.region, self.baseline, self.scenarios[0].scenario)

    def plan_of(self, built: Built) -> Plan:
        """Return the plan that builds a set of the projects on top of the baseline."""
        chosen = [self.projects[i] for i in sorted(built)]
        held = tuple(choice.project for choice in self.baseline.projects)
        projects = sorted((*self.baseline.projects, *chosen), key=lambda choice: choice.project)
        names = {choice.project for choice in chosen}
        return self.baseline.model_copy(
            update={
                "name": f"{self.baseline.name}_with_{len(chosen)}_projects",
                "projects": tuple(projects),
                "excludes": tuple(name for name in self.baseline.excludes if name not in names),
                "in_baseline": held,
            }
        )

    def results(self, states: Sequence[State]) -> dict[State, pd.DataFrame]:
        """Return the results of an engine by home country for each state; what the store lacks is run.

        Returns:
            The table ``homes`` of each job (:mod:`sogdia.dependence.home_results`).

        Raises:
            InputError: If a case is invalid.
            NotConvergedError: If an engine does not converge.
            CannotRunError: If the store cannot be used.
        """
        missing = []
        for state in dict.fromkeys(states):
            if state in self._known:
                continue
            key = self._key(state)
            if key in self.store:
                run = str(self.store.read(key, RUN)["run"].iloc[0])
                self._known[state] = run, self.store.read(key, HOMES)
            else:
                missing.append(state)
        if missing:
            self._run(missing)
        return {state: self._known[state][1] for state in states}

    def runs_of(self, engine: Engine) -> int:
        """Return the number of distinct runs of an engine that all states so far took."""
        return len({run for state, (run, _) in self._known.items() if state.engine == engine})

    @cached_property
    def seen(self) -> dict[Engine, Built]:
        """Projects that each engine sees: those whose case alone gives it another run than the baseline."""
        singles = [State(e, frozenset({i}), 0) for e in ENGINES for i in range(len(self.projects))]
        empty = [State(engine, frozenset(), 0) for engine in ENGINES]
        self.results([*empty, *singles])
        base = {state.engine: self._known[state][0] for state in empty}
        return {
            engine: frozenset(
                i
                for state in singles
                if state.engine == engine and self._known[state][0] != base[engine]
                for i in state.built
            )
            for engine in ENGINES
        }

    def _key(self, state: State) -> str:
        scenario = self.scenarios[state.scenario]
        parts = (
            KIND, state.engine, self.region.digest, self.baseline.digest, self.plan_of(state.built).digest,
            scenario.scenario.digest, scenario.partner, self._settings_text, engine_version(),
        )  # fmt: skip
        return hashlib.sha256(";".join(parts).encode()).hexdigest()

    @cached_property
    def _settings_text(self) -> str:
        return self._coupling.model_dump_json() + self.settings.power.model_dump_json()

    @cached_property
    def _coupling(self) -> CouplingSettings:
        elasticities = HORIZONS[HORIZON].elasticities
        return self.settings.study.model_copy(update={"horizon": elasticities})

    @cached_property
    def _pressure(self) -> Pressure:
        return resolve(self.settings.pressure, self.baseline_case)

    def _scenario_of(self, engine: Engine, position: int) -> Scenario:
        """Return the scenario of an engine: each gets those channels of a withdrawal that it models."""
        each = self.scenarios[position]
        if not each.partner:
            return each.scenario
        if engine == "goods":
            return with_withdrawn(each.scenario, (each.partner,), self._pressure, ("trade", "transit"))
        years = HORIZONS[HORIZON].years_since
        return with_withdrawn(each.scenario, (each.partner,), self._pressure, years_since=years)

    def _run(self, states: Sequence[State]) -> None:
        """Run states that the store lacks, in one call of the scheduler with one baseline."""
        names: dict[State, str] = {}
        keys: dict[str, str] = {}
        baseline = WithdrawalBaseline(self.baseline_case, self._coupling, self.settings.power)

        def batches() -> Iterator[list[JobGroup]]:
            for start in range(0, len(states), CHUNK):
                chunk = states[start : start + CHUNK]
                required = self._required(chunk, names)
                keys.update(required.goods)
                keys.update(required.power)
                yield from required.batches(baseline)

        for report in run_jobs(batches(), self.store, self.executor, threads=1):
            self.report(report.label)
        for state in states:
            key = keys.get(names[state], NO_POWER)
            homes = self.region.home
            table = no_power(homes)[HOMES] if key == NO_POWER else self.store.read(key, HOMES)
            self.store.write(self._metadata(state), {HOMES: table, RUN: pd.DataFrame({"run": [key]})})
            self._known[state] = key, table

    def _required(self, states: Sequence[State], names: dict[State, str]) -> RequiredJobs:
        """Build the cases of states, and find the jobs that they require."""
        structure = f"goods of no project in {self.scenarios[0].name}"
        goods = {structure: GoodsCase(self.baseline_case, self._coupling)}
        power, titles = {}, {structure: structure}
        for state in states:
            plan = self.plan_of(state.built)
            projects = " + ".join(self.projects[i].project for i in sorted(state.built)) or "no project"
            name = names[state] = f"{state.engine} of {projects} in {self.scenarios[state.scenario].name}"
            titles[name] = f"{projects}, {self.scenarios[state.scenario].name}"
            case = build_case(self.region, plan, self._scenario_of(state.engine, state.scenario))
            if state.engine == "goods":
                goods[name] = GoodsCase(case, self._coupling)
            else:
                power[name] = (case, False)
        return required_jobs(
            goods, power, self.baseline_case, power=self.settings.power, structure=structure, titles=titles
        )

    def _metadata(self, state: State) -> RunMetadata:
        scenario = self.scenarios[state.scenario]
        return RunMetadata(
            run=self._key(state),
            kind=KIND,
            region=self.region.name,
            plan=self.plan_of(state.built).name,
            scenario=scenario.name,
            year=scenario.scenario.year,
            parts={"version": engine_version()},
            settings={},
        )
