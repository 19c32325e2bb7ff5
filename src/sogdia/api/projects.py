"""Value of each project of a plan: out and in, pairs, Shapley values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import PlanLike, RegionLike, ScenarioLike, load_scenario, load_with_plans
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.result import Headline, Result, title_of
from sogdia.api.runs import StoreLike, open_store
from sogdia.case import Plan, counterfactual
from sogdia.coupling.joint import JointSettings
from sogdia.errors import InputError
from sogdia.region import Region
from sogdia.runs.definition import Run, define_run
from sogdia.runs.executor import make_executor
from sogdia.runs.measures import BUILT_IN, HEADLINE, read_measure
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store
from sogdia.uncertainty.project_values import (
    Coalitions,
    Method,
    choose_coalitions,
    coalition_plan,
    pairs_of_projects,
    values_of_projects,
)
from sogdia.uncertainty.sample_jobs import TABLES, sample_groups, sample_key

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
    settings: JointSettings | None = None,
    workers: int = 1,
    store: StoreLike = None,
    progress: ProgressLike = False,
) -> ProjectValues:
    """Value each project that a plan decides: put in alone, taken out last, in pairs, by Shapley.

    Args:
        plan: As in :func:`sogdia.run`, likewise ``region``, ``scenario``, ``year``, ``baseline``, ``store``.
        region: A region, the name of a shipped one, or the folder of a pack.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate.
        baseline: Plan of the baseline.
        shapley: ``exact`` (2^n runs, n ≤ 12), ``sampled`` or ``none``; exact up to 6 projects if not given,
            else sampled.
        orders: Orders of a sampled computation.
        seed: Their seed.
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
        >>> values = sogdia.project_values("middle_corridor", shapley="none")  # doctest: +SKIP
        >>> values.tables["pairs"]  # doctest: +SKIP
    """
    cache, chosen = open_store(store), settings or JointSettings()
    loaded, (own, compared) = load_with_plans(region, plan, baseline)
    before, (evaluated,) = counterfactual([own], compared, loaded)
    conditions = load_scenario(scenario, loaded, year)
    coalitions = _coalitions(own, shapley, orders, seed)
    runs = {
        mask: define_run(loaded, coalition_plan(evaluated, coalitions, mask), conditions, before, chosen)
        for mask in coalitions.masks
    }
    _run(loaded, list(runs.values()), chosen, cache, workers, progress)
    title = title_of(loaded.name, own.name, conditions.name, conditions.year)
    return ProjectValues(title, _tables(coalitions, runs, cache))


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


def _tables(coalitions: Coalitions, runs: Mapping[int, Run], store: Store) -> Mapping[str, pd.DataFrame]:
    values = {mask: _measures(run, store) for mask, run in runs.items()}
    less = {name for name, measure in BUILT_IN.items() if measure.better == "less"}
    return {
        "projects": values_of_projects(coalitions, values),
        "pairs": pairs_of_projects(coalitions, values, less),
    }


def _measures(run: Run, store: Store) -> pd.Series:
    key = sample_key(run, TABLES)
    key = key if key in store else run.key
    parts = [read_measure(measure, store.read(key, measure.table)) for measure in BUILT_IN.values()]
    return pd.concat(parts).set_index(["measure", "of", "unit"])["value"]
