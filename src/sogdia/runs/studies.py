"""Run a study and read measures out of its stored runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from sogdia.runs.definition import LoadedStudy
from sogdia.runs.executor import Executor
from sogdia.runs.job import RunReport
from sogdia.runs.joint_jobs import joint_groups
from sogdia.runs.measures import COLUMNS, Measure, read_measure
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store


def run_study(
    study: LoadedStudy,
    store: Store,
    executor: Executor | None = None,
    *,
    threads: int = 2,
) -> Iterator[RunReport]:
    """Run the runs of a study that the store lacks; each is stored as soon as it is finished.

    Args:
        study: The study.
        store: The store.
        executor: Where jobs run; in this process if not given.
        threads: Threads of each run; results are the same for any number.

    Yields:
        One report for each run, stored ones first.

    Raises:
        CannotRunError: If the store cannot be written.
        NotConvergedError: If a baseline does not converge.
    """
    groups = joint_groups(study.region, study.runs, study.definition.settings)
    yield from run_jobs([groups], store, executor, threads=threads)


def measure_runs(study: LoadedStudy, store: Store, measures: Sequence[Measure] | None = None) -> pd.DataFrame:
    """Read the measures of a study's finished runs.

    Args:
        study: The study.
        store: The store.
        measures: Measures; the study's own if not given.

    Returns:
        ``plan``, ``scenario``, ``year``, ``measure``, ``of``, ``value``, ``unit``; ``effect``, the value less
        that of the baseline plan under the same scenario in the same year (empty for the baseline plan, and
        if its run is missing); ``better``, ``more`` or ``less``; and ``run``.

    Raises:
        UnknownNameError: If a table or column does not exist.
    """
    parts = []
    for run in study.runs:
        if run.key not in store:
            continue
        for measure in measures or study.definition.chosen_measures:
            table = read_measure(measure, store.read(run.key, measure.table))
            parts.append(
                table.assign(
                    plan=run.plan.name, scenario=run.scenario.name, year=run.scenario.year, run=run.key,
                    better=measure.better,
                )
            )  # fmt: skip
    keys = ["scenario", "year", "measure", "of"]
    columns = ["plan", "scenario", "year", *COLUMNS, "effect", "better", "run"]
    if not parts:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    baseline = study.runs[0].baseline_plan.name
    baseline_values = table[table["plan"] == baseline].set_index(keys)["value"].rename("baseline_value")
    table = table.merge(baseline_values, left_on=keys, right_index=True, how="left")
    table["effect"] = (table["value"] - table["baseline_value"]).where(table["plan"] != baseline)
    return table[columns].reset_index(drop=True)
