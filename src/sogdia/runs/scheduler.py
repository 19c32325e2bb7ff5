"""Running a study: what the store has is not done again, and what is done is stored at once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pandas as pd

from sogdia.case import build_case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.joint import JointBaseline, JointResult, JointSettings, make_joint_baseline, solve_joint
from sogdia.errors import CannotRunError, SogdiaError
from sogdia.power import PowerModel, PowerResult
from sogdia.region import Region
from sogdia.runs.definition import OpenedStudy, Run
from sogdia.runs.executor import Executor, InProcess
from sogdia.runs.indicators import COLUMNS, Measure, read_measure
from sogdia.runs.store import RunHead, Store

KIND = "joint"


@dataclass(frozen=True, eq=False)
class RunContext:
    """What runs against one calm base share.

    Attributes:
        region: The region.
        base: Freight and trade of the base.
        power: Its power.
        settings: Settings.
        store: Folder of the store.
    """

    region: Region
    base: CoupledBaseline
    power: PowerResult
    settings: JointSettings
    store: Path

    @cached_property
    def joint(self) -> JointBaseline:
        """The base with a programme of power of this process's own, at the base's solution."""
        model = PowerModel(self.power.inputs)
        model.solve()
        return JointBaseline(self.base, self.power, model)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "joint"}


@dataclass(frozen=True)
class Done:
    """A run of a study, done or looked up.

    Attributes:
        run: Its id.
        label: ``plan/scenario/year``.
        seconds: How long it took now; 0 where it was in the store.
        fresh: Whether it was computed now.
        error: Why it could not be computed; empty where it was.
    """

    run: str
    label: str
    seconds: float
    fresh: bool
    error: str = ""


def result_tables(outcome: JointResult) -> dict[str, pd.DataFrame]:
    """All that is stored of an outcome: its tables, tonnes on links, journeys, and every edit of its case."""
    return {
        **outcome.tables(),
        "links": outcome.study.freight.links(),
        "journeys": outcome.study.freight.journeys(),
        "changes": outcome.case.changes_table(),
    }


def run_one(run: Run, bench: RunContext) -> Done:
    """Compute a run and store it, unless the store has it or another process just made it.

    What a model cannot solve is told in the result, so that the other runs go on.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    store = Store(bench.store)
    with store.claim(run.run):
        if run.run in store:
            return Done(run.run, run.label, 0.0, fresh=False)
        begun = time.perf_counter()
        try:
            case = build_case(bench.region, run.plan, run.scenario)
            outcome = solve_joint(case, bench.joint, bench.settings)
            tables = result_tables(outcome)
        except CannotRunError:
            raise
        except SogdiaError as error:
            return Done(run.run, run.label, time.perf_counter() - begun, fresh=True, error=str(error))
        seconds = time.perf_counter() - begun
        store.write(_head(run, bench, outcome, seconds), tables)
        return Done(run.run, run.label, seconds, fresh=True)


def _head(run: Run, bench: RunContext, outcome: JointResult, seconds: float) -> RunHead:
    loop = outcome.study.convergence
    return RunHead(
        run=run.run,
        kind=KIND,
        region=bench.region.name,
        plan=run.plan.name,
        scenario=run.scenario.name,
        year=run.scenario.year,
        parts=dict(run.parts),
        settings=bench.settings.model_dump(mode="json"),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=seconds,
        figures={"rounds": float(loop.iterations), "residual": loop.residual},
    )


def missing_runs(study: OpenedStudy, store: Store) -> list[Run]:
    """Runs of a study that the store does not have."""
    return [run for run in study.runs if run.run not in store]


def run_study(
    study: OpenedStudy,
    store: Store,
    executor: Executor | None = None,
    *,
    threads: int = 2,
) -> Iterator[Done]:
    """Do what the store does not have of a study, run by run; every run is stored as soon as it is done.

    Args:
        study: The study.
        store: The store.
        executor: Where runs are done; here where not given.
        threads: Threads of each run; results are the same for any number.

    Yields:
        First the runs that are in the store, then each run as it is done.

    Raises:
        CannotRunError: If the store cannot be written.
        NotConvergedError: If a base cannot be made.
    """
    store.tidy()
    missing = missing_runs(study, store)
    todo = {run.run for run in missing}
    for run in study.runs:
        if run.run not in todo:
            yield Done(run.run, run.label, 0.0, fresh=False)
    ordered = sorted(missing, key=lambda run: run.calm.digest)
    for _, group in groupby(ordered, key=lambda run: run.calm.digest):
        runs = list(group)
        bench = make_run_context(study, runs[0], store.folder, threads, alone=True)
        for done in (executor or InProcess()).map(run_one, runs, shared=bench):
            if not done.error and done.run not in store:
                raise CannotRunError(
                    f"a worker stored {done.label} where the store {store.folder} is not: workers on other "
                    "machines need a folder that all of them share"
                )
            yield done


def make_run_context(
    study: OpenedStudy, run: Run, folder: Path, threads: int, *, alone: bool = False
) -> RunContext:
    """Make the calm base that a run is measured against.

    Args:
        study: The study.
        run: The run.
        folder: Folder of the store.
        threads: Threads of each run against the base.
        alone: Whether nothing else is done meanwhile, so that the base may have all cores.
    """
    settings = with_threads(study.study.settings, threads)
    cores = max(threads, os.cpu_count() or 1) if alone else threads
    case = build_case(study.region, run.base, run.calm)
    base = make_joint_baseline(case, with_threads(settings, cores))
    return RunContext(study.region, base.base, base.power, settings, folder.resolve())


def with_threads(settings: JointSettings, threads: int) -> JointSettings:
    """The same settings with another number of threads."""
    freight = settings.study.freight.model_copy(update={"workers": threads})
    trade = settings.study.trade.model_copy(update={"workers": threads})
    chosen = settings.study.model_copy(update={"freight": freight, "trade": trade})
    return settings.model_copy(update={"study": chosen})


def measure_runs(study: OpenedStudy, store: Store, measures: Sequence[Measure] | None = None) -> pd.DataFrame:
    """Measures of the finished runs of a study.

    Args:
        study: The study.
        store: The store.
        measures: Measures; the study's own where not given.

    Returns:
        ``plan``, ``scenario``, ``year``, ``measure``, ``of``, ``value``, ``unit``; ``effect``, the value less
        that of the study's base plan under the same scenario in the same year (empty for the base itself and
        where its run is missing); ``better``, whether more or less is; and ``run``.

    Raises:
        UnknownNameError: If a table or column does not exist.
    """
    found = []
    for run in study.runs:
        if run.run not in store:
            continue
        for measure in measures or study.study.chosen_measures:
            table = read_measure(measure, store.read(run.run, measure.table))
            found.append(
                table.assign(
                    plan=run.plan.name, scenario=run.scenario.name, year=run.scenario.year, run=run.run,
                    better=measure.better,
                )
            )  # fmt: skip
    keys = ["scenario", "year", "measure", "of"]
    columns = ["plan", "scenario", "year", *COLUMNS, "effect", "better", "run"]
    if not found:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(found, ignore_index=True)
    base = study.runs[0].base.name
    against = whole[whole["plan"] == base].set_index(keys)["value"].rename("base_value")
    whole = whole.merge(against, left_on=keys, right_index=True, how="left")
    whole["effect"] = (whole["value"] - whole["base_value"]).where(whole["plan"] != base)
    return whole[columns].reset_index(drop=True)
