"""Runs of freight, trade and power together: computed once, stored, compared."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from sogdia.api import plots
from sogdia.api.comparison_intervals import with_intervals
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import (
    PlanLike,
    RegionLike,
    ScenarioLike,
    load_region,
    load_scenario,
    load_with_plans,
)
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.result import Headline, Result, title_of
from sogdia.case import counterfactual
from sogdia.coupling.joint import JointSettings
from sogdia.errors import CannotRunError, InputError
from sogdia.extras import require_extra
from sogdia.region import Region
from sogdia.runs import comparison
from sogdia.runs.definition import LoadedStudy, Run, Study, define_run
from sogdia.runs.locations import default_store
from sogdia.runs.measures import BUILT_IN, read_measure
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.studies import run_study

LOG = logging.getLogger(__name__)
StoreLike = Store | Path | str | None
"""A store, its folder, or ``None`` for the default one: ``$SOGDIA_STORE``, or the user's data folder."""
COMPARED = {"region": "the region pack", "settings": "settings", "version": "the version of the engines"}
"""Parts of a run's identity that a comparison remarks on if they differ."""
HEADLINES = {
    "home_gain_musd": "Gain of the home countries",
    "home_gain_pct_of_gdp": "Gain",
    "waiting_tonne_h": "Waiting at capacity limits",
    "undelivered_t": "Undeliverable freight that the baseline delivers",
    "power_cost_musd": "Cost of electricity generation",
    "power_co2_mt": "CO2 of electricity generation",
    "power_unserved_gwh": "Unserved energy",
}
"""Built-in measures of the summary, with their labels."""


def open_store(store: StoreLike = None) -> Store:
    """Return a store given as an object or a folder, or the default one.

    Raises:
        CannotRunError: If the libraries of the store are not installed, or the store is a file.
    """
    require_extra("study", "the store of runs")
    if isinstance(store, Store):
        return store
    folder = Path(store) if store else default_store()
    if folder.exists() and not folder.is_dir():
        raise CannotRunError(f"the store {folder} is a file: give a folder")
    return Store(folder)


class StoredTables(Mapping[str, pd.DataFrame]):
    """Tables of a stored run, each read when it is first used.

    Args:
        store: The store.
        run: Description of the run.
    """

    def __init__(self, store: Store, run: RunMetadata) -> None:
        self._store, self._run = store, run

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._store.read(self._run.run, name)

    def __contains__(self, name: object) -> bool:
        return name in self._run.tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._run.tables)

    def __len__(self) -> int:
        return len(self._run.tables)

    def __repr__(self) -> str:
        return f"<tables {', '.join(self)}>"


@dataclass(frozen=True, eq=False, repr=False)
class RunResult(Result):
    """Freight, trade and power of a plan under a scenario, as stored.

    Attributes:
        store: The store.
        metadata: Identity of the run: region, plan, scenario, year, digests and settings.
        own_region: Its region; a run looked up by name has none.
        definition: Its plan, scenario and baseline; a run looked up by name has none.
    """

    store: Store
    metadata: RunMetadata
    own_region: Region | None = None
    definition: Run | None = None

    @property
    def region(self) -> Region:
        """Region of the run; that of a run looked up by name is a shipped one.

        Raises:
            UnknownNameError: If no shipped region has its name.
        """
        return self.own_region or load_region(self.metadata.region)

    @property
    def title(self) -> str:
        """One line: region, plan, scenario and year."""
        return title_of(self.metadata.region, self.metadata.plan, self.metadata.scenario, self.metadata.year)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Result tables by name (:meth:`sogdia.coupling.joint.JointResult.tables`)."""
        return StoredTables(self.store, self.metadata)

    def measures(self) -> pd.DataFrame:
        """Return all built-in measures.

        Returns:
            ``measure``, ``of``, ``value``, ``unit``.
        """
        parts = [read_measure(measure, self.tables[measure.table]) for measure in BUILT_IN.values()]
        return pd.concat(parts, ignore_index=True)

    def headline(self) -> Iterable[Headline]:
        """Yield gains of the home countries, delays, and the power system's cost and emissions."""
        names = self.tables["economies"].set_index("economy")["name"].to_dict()
        for row in self.measures().to_dict("records"):
            if row["measure"] in HEADLINES:
                of = names.get(row["of"], row["of"])
                yield HEADLINES[row["measure"]], of, row["value"], row["unit"]

    def baseline_run(self) -> RunResult:
        """Return the run of its baseline under the same scenario: the country without the plan.

        It is computed if the store lacks it.

        Raises:
            InputError: If an engine does not converge, or the run was looked up by name.
        """
        if self.definition is None:
            raise InputError(
                f"{self.metadata.label}: a run looked up by name does not hold its plans; give the run to "
                "compare it with"
            )
        plan, scenario = self.definition.baseline_plan, self.definition.scenario
        return run(
            self.region, plan, scenario, baseline=plan, store=self.store,
            settings=JointSettings.model_validate(self.metadata.settings),
        )  # fmt: skip

    def compare(self, baseline: RunResult | None = None) -> RunComparison:
        """Return the differences of this run from another one.

        Args:
            baseline: A run; that of its own baseline under the same scenario if not given.

        Raises:
            InputError: If the runs are of different regions.
        """
        return compare(self, baseline or self.baseline_run())

    def plot(self, kind: Literal["flows", "gains"] = "flows") -> Any:
        """Draw freight flows on a map, or the gains of the home countries as bars.

        Raises:
            CannotRunError: If matplotlib is not installed, or the region is not a shipped one.
        """
        if kind == "gains":
            table = self.tables["economies"]
            home = table[table["home"]]
            return plots.bar_plot(
                home, "name", "gain_musd", "Gain against the baseline", "USD million a year"
            )
        return plots.flow_plot(self.region, self.tables["links"])


@dataclass(frozen=True, eq=False, repr=False)
class RunComparison(Result):
    """Differences of a run from a baseline.

    Attributes:
        run: The run.
        baseline: The run it is compared with.
        difference: The differences.
    """

    run: RunResult
    baseline: RunResult
    difference: comparison.Comparison

    @property
    def remarks(self) -> tuple[str, ...]:
        """Differences of the runs apart from plan, scenario and year: region pack, settings, version."""
        first, second = self.baseline.metadata, self.run.metadata
        found = []
        for part, words in COMPARED.items():
            before, after = first.parts.get(part, ""), second.parts.get(part, "")
            if before != after:
                found.append(f"the runs differ in {words}, {before[:20]} and {after[:20]}")
        return tuple(found)

    def to_frame(self) -> pd.DataFrame:
        """Return the differences of all measures.

        Returns:
            ``measure``, ``of``, ``first`` (baseline), ``second`` (run), ``difference``, ``difference_pct``,
            ``unit``; ``low``, ``median``, ``high`` if the store has an ensemble of the run.
        """
        return self.difference.measures.copy()

    @property
    def title(self) -> str:
        """One line: the two runs."""
        return f"{self.run.title} compared with {self.baseline.metadata.label}"

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Differences by table: keys, then ``…_first``, ``…_second`` and ``…_difference``; ``measures``."""
        return {"measures": self.difference.measures, **self.difference.tables}

    def headline(self) -> Iterable[Headline]:
        """Yield the differences of the headline figures."""
        names = self.run.tables["economies"].set_index("economy")["name"].to_dict()
        for row in self.difference.measures.to_dict("records"):
            if row["measure"] in HEADLINES:
                of = names.get(row["of"], row["of"])
                yield HEADLINES[row["measure"]], of, row["difference"], row["unit"]

    def plot(self, kind: Literal["flows", "gains"] = "flows") -> Any:
        """Draw changes of freight flows on a map, or of the home countries' gains as bars.

        Raises:
            CannotRunError: If matplotlib is not installed, or the region is not a shipped one.
        """
        if kind == "gains":
            home = self.run.tables["economies"].set_index("economy")["home"]
            table = self.tables["economies"]
            table = table[table["economy"].map(home)]
            return plots.bar_plot(table, "name", "gain_musd_difference", "Gain", "USD million a year")
        links = [run.tables["links"] for run in (self.baseline, self.run)]
        return plots.difference_plot(self.run.region, *links)


def run(
    region: RegionLike = DEFAULT_REGION,
    plan: PlanLike | None = None,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    baseline: PlanLike | None = None,
    settings: JointSettings | None = None,
    store: StoreLike = None,
    threads: int | None = None,
    progress: ProgressLike = False,
) -> RunResult:
    """Run freight, trade and power of a plan under a scenario, or look the run up in the store.

    Gains are measured against the baseline plan in the same year without shocks. A run is identified by its
    region, plan, scenario, baseline, settings and engine version; a stored one takes no time.

    Args:
        region: A region, the name of a shipped one, or the folder of a pack.
        plan: A plan, the name of a shipped one, or a YAML file; the committed projects if not given.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate, in place of the scenario's own.
        baseline: Plan of the baseline; the committed projects if not given. Projects of the plan are taken
            out of it, and its other projects are built with the plan too.
        settings: Settings of the engines.
        store: A store or its folder; by default ``$SOGDIA_STORE`` or the user's data folder.
        threads: Threads, one a core if not given; results do not depend on the number.
        progress: ``True`` for a progress bar, or a function of finished steps, all steps and a text.

    Returns:
        The run, with ``tables``, ``summary()``, ``plot()`` and ``compare(baseline)``.

    Raises:
        FaultsError: If a plan, scenario or region has errors.
        UnknownNameError: If a name is not known; the message lists the nearest.
        InputError: If an engine does not converge or has no solution.
        CannotRunError: If the store cannot be written.

    Example:
        >>> import sogdia
        >>> railways = sogdia.run(plan="under_construction", year=2030)  # doctest: +SKIP
        >>> railways.summary()  # doctest: +SKIP
    """
    cache, chosen = open_store(store), settings or JointSettings()
    loaded, (own, compared) = load_with_plans(region, plan, baseline)
    before, (evaluated,) = counterfactual([own], compared, loaded)
    definition = define_run(loaded, evaluated, load_scenario(scenario, loaded, year), before, chosen)
    _compute(definition, loaded, chosen, cache, threads or os.cpu_count() or 1, progress)
    return RunResult(cache, cache.metadata(definition.key), loaded, definition)


def _compute(
    definition: Run, region: Region, settings: JointSettings, store: Store, threads: int,
    progress: ProgressLike,
) -> None:  # fmt: skip
    """Compute a run unless the store has it.

    Raises:
        InputError: If an engine does not converge or has no solution.
    """
    study = Study(
        region=region.name,
        plans=(definition.plan.name,),
        scenarios=(definition.scenario.name,),
        settings=settings,
    )
    with Progress(1, progress) as bar:
        bar.stage(definition.label)
        for report in run_study(LoadedStudy(study, region, (definition,)), store, threads=threads):
            if report.error:
                raise InputError(f"{report.label}: {report.error}")
            bar.step(report.label)
            if report.is_new:
                LOG.info("run %s finished in %.1f s, stored as %s", report.label, report.seconds, report.key)
            else:
                LOG.info("run %s found in the store", report.label)


def stored_run(name: str, store: StoreLike = None) -> RunResult:
    """Look up a run in the store.

    Args:
        name: The start of its id, or ``plan/scenario/year``.
        store: A store or its folder.

    Raises:
        UnknownNameError: If no run, or more than one, has that name.
    """
    cache = open_store(store)
    return RunResult(cache, cache.find(name))


def compare(run: RunResult | str, baseline: RunResult | str, *, store: StoreLike = None) -> RunComparison:
    """Compare two runs: run minus baseline.

    Args:
        run: A run, the start of a stored run's id, or ``plan/scenario/year``.
        baseline: The run it is compared with, likewise.
        store: Store in which names are looked up.

    Returns:
        The differences, with ``tables``, ``summary()`` and ``plot()``.

    Raises:
        UnknownNameError: If no stored run has the name.
        InputError: If a name is that of several runs, or the runs are of regions with different economies.

    Example:
        >>> import sogdia
        >>> railways = "under_construction/reference/2030"
        >>> effect = sogdia.compare(railways, "committed/reference/2030")  # doctest: +SKIP
        >>> effect.plot("gains")  # doctest: +SKIP
    """
    first, second = (
        each if isinstance(each, RunResult) else stored_run(each, store) for each in (baseline, run)
    )
    tables = [each.tables["economies"] for each in (first, second) if "economies" in each.tables]
    if len({frozenset(table["economy"]) for table in tables}) > 1:
        raise InputError(
            f"runs of regions with different economies cannot be compared: {first.metadata.region} and "
            f"{second.metadata.region}"
        )
    names = (first.metadata.label, second.metadata.label)
    difference = comparison.compare(dict(first.tables), dict(second.tables), names)
    measures = with_intervals(difference.measures, first.metadata, second.metadata, second.store)
    return RunComparison(second, first, replace(difference, measures=measures))
