"""Value of each project of a plan: out and in, pairs, Shapley values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import PlanLike, RegionLike, ScenarioLike, load_scenario, load_with_plans
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.result import Headline, Result, title_of
from sogdia.api.runs import StoreLike, open_store
from sogdia.case import Case, Plan, Scenario, build_case, counterfactual
from sogdia.coupling.joint import JointSettings
from sogdia.errors import InputError
from sogdia.finance.plan_finance import plan_finance
from sogdia.region import Region
from sogdia.runs.definition import Run, define_run
from sogdia.runs.executor import make_executor
from sogdia.runs.measures import BUILT_IN, HEADLINE, read_measure
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store
from sogdia.uncertainty.project_values import (
    DEBT,
    LOSS,
    Coalitions,
    Method,
    choose_coalitions,
    coalition_plan,
    pairs_of_projects,
    values_of_projects,
)
from sogdia.uncertainty.sample_jobs import TABLES, sample_groups, sample_key
from sogdia.uncertainty.stored_projects import store_project_values

INDEX = ["measure", "of", "unit"]
EXACT_BY_DEFAULT = 6
"""Projects up to which Shapley values are exact if no method is named."""


@dataclass(frozen=True, eq=False, repr=False)
class ProjectValues(Result):
    """Values of the projects of a plan.

    Attributes:
        heading: Region, plan, scenario and year.
        frames: Tables by name.
    """

    heading: str
    frames: Mapping[str, pd.DataFrame]

    @property
    def title(self) -> str:
        """One line: region, plan, scenario and year."""
        return self.heading

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``projects`` and ``pairs`` (:mod:`sogdia.uncertainty.project_values`)."""
        return self.frames

    def headline(self) -> Iterable[Headline]:
        """Yield the gain of the home countries by project: put in alone, taken out last, Shapley value."""
        table = self.tables["projects"]
        for row in table[table["measure"] == HEADLINE].to_dict("records"):
            for name, words in (("pint", "put in"), ("toot", "taken out"), ("shapley", "Shapley value")):
                yield f"Gain of the home countries, {words}", row["project"], row[name], row["unit"]

    def plot(self) -> Any:
        """Draw the gain of the home countries by project, put in alone, as bars.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        table = self.tables["projects"]
        table = table[table["measure"] == HEADLINE]
        return plots.bar_plot(table, "project", "pint", "Gain of the home countries", "USD million a year")


def project_values(
    plan: PlanLike,
    region: RegionLike = DEFAULT_REGION,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    baseline: PlanLike | None = None,
    shapley: Method | None = None,
    orders: int = 16,
    seed: int = 1,
    withdrawals: Sequence[ScenarioLike] = (),
    settings: JointSettings | None = None,
    workers: int = 1,
    store: StoreLike = None,
    progress: ProgressLike = False,
) -> ProjectValues:
    """Value each project that a plan decides: put in alone, taken out last, in pairs, by Shapley.

    Args:
        plan: As in :func:`sogdia.run`, likewise the next four and ``store``.
        region: Region.
        scenario: Scenario.
        year: Year.
        baseline: Plan of the baseline.
        shapley: ``exact`` (2^n runs, n ≤ 12; up to 6 by default), ``sampled`` or ``none``.
        orders: Orders of a sampled computation.
        seed: Their seed.
        withdrawals: Scenarios without a partner; each gives ``withdrawal_loss_musd``.
        settings: Settings of the engines.
        workers: Processes.
        store: A store or its folder.
        progress: ``True`` for a progress bar, or a function.

    Returns:
        The values, with ``tables`` ``projects`` and ``pairs``, ``summary()`` and ``plot()``.

    Raises:
        FaultsError: If an input has errors.
        UnknownNameError: If a name is not known.
        InputError: If the plan decides no project, or a run has no result.
        CannotRunError: If the store cannot be used.

    Example:
        >>> import sogdia
        >>> sogdia.project_values("middle_corridor", shapley="none").tables["pairs"]  # doctest: +SKIP
    """
    cache, chosen = open_store(store), settings or JointSettings()
    loaded, (own, compared) = load_with_plans(region, plan, baseline)
    before, (evaluated,) = counterfactual([own], compared, loaded)
    conditions = load_scenario(scenario, loaded, year)
    coalitions = _coalitions(own, shapley, orders, seed)
    shocked = [load_scenario(each, loaded, conditions.year) for each in withdrawals]
    plans = {mask: coalition_plan(evaluated, coalitions, mask) for mask in coalitions.masks}
    every = [(mask, under) for under in (conditions, *shocked) for mask in plans]
    runs = {(n, under.name): define_run(loaded, plans[n], under, before, chosen) for n, under in every}
    _run(loaded, list(runs.values()), chosen, cache, workers, progress)
    debt = _debt_by_project(build_case(loaded, evaluated, conditions))
    tables = _tables(coalitions, _values(coalitions, runs, conditions, shocked, debt, cache))
    store_project_values(runs[max(plans), conditions.name], loaded.name, tables, cache)
    return ProjectValues(title_of(loaded.name, own.name, conditions.name, conditions.year), tables)


def _coalitions(plan: Plan, shapley: Method | None, orders: int, seed: int) -> Coalitions:
    names = [choice.project for choice in plan.own]
    method = shapley or ("exact" if len(names) <= EXACT_BY_DEFAULT else "sampled")
    return choose_coalitions(names, method, max(orders // 2, 2), seed)


def _run(
    region: Region, runs: list[Run], settings: JointSettings, store: Store, workers: int,
    progress: ProgressLike,
) -> None:  # fmt: skip
    """Run what the store lacks.

    Raises:
        InputError: If a run has no result.
    """
    groups = sample_groups(region, runs, settings, is_alone=False)
    with Progress(len(runs), progress) as bar:
        for report in run_jobs([groups], store, make_executor("processes", workers), threads=1):
            if report.error:
                raise InputError(f"{report.label}: {report.error}")
            bar.step(report.label)


def _values(
    coalitions: Coalitions,
    runs: Mapping[tuple[int, str], Run],
    scenario: Scenario,
    withdrawals: Sequence[Scenario],
    debt: pd.DataFrame,
    store: Store,
) -> dict[int, pd.Series]:
    """Return the measures of each coalition, its debt, and its loss from each withdrawal."""
    values = {}
    for mask in coalitions.masks:
        run = runs[mask, scenario.name]
        losses = [_loss(run, runs[mask, under.name], store) for under in withdrawals]
        values[mask] = pd.concat([_measures(run, store), _debt(debt, coalitions, mask), *losses])
    return values


def _tables(coalitions: Coalitions, values: Mapping[int, pd.Series]) -> Mapping[str, pd.DataFrame]:
    less = {name for name, measure in BUILT_IN.items() if measure.better == "less"} | {DEBT, LOSS}
    return {
        "projects": values_of_projects(coalitions, values),
        "pairs": pairs_of_projects(coalitions, values, less),
    }


def _debt_by_project(case: Case) -> pd.DataFrame:
    """Return the present value of the debt of each project by home country, (projects, homes)."""
    table = plan_finance(case)
    return table.pivot_table(index="project", columns="home", values="pv_musd", aggfunc="sum", fill_value=0.0)


def _debt(by_project: pd.DataFrame, coalitions: Coalitions, mask: int) -> pd.Series:
    """Return the debt of a coalition: the sum over its projects, for each has loans of its own."""
    chosen = [name for i, name in enumerate(coalitions.projects) if mask >> i & 1]
    sums = by_project.reindex(chosen).fillna(0.0).sum()
    return _indexed(DEBT, {str(home): float(value) for home, value in sums.items()})


def _loss(run: Run, shocked: Run, store: Store) -> pd.Series:
    """Return the gain of the home countries in a scenario less that without a partner."""
    gains = [float(_measures(each, store).xs(HEADLINE, level="measure").sum()) for each in (run, shocked)]
    return _indexed(LOSS, {shocked.scenario.name: gains[0] - gains[1]})


def _indexed(measure: str, values: Mapping[str, float]) -> pd.Series:
    keys = [(measure, of, "USD million") for of in values]
    index = pd.MultiIndex.from_tuples(keys, names=INDEX) if keys else pd.MultiIndex.from_arrays([[]] * 3)
    return pd.Series(list(values.values()), index=index, dtype=float)


def _measures(run: Run, store: Store) -> pd.Series:
    key = sample_key(run, TABLES)
    key = key if key in store else run.key
    parts = [read_measure(measure, store.read(key, measure.table)) for measure in BUILT_IN.values()]
    return pd.concat(parts).set_index(INDEX)["value"]
