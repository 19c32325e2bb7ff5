"""Outside studies: figures that others published, and ours of the same definition.

A row of ``studies`` names the run that gives our figure and how it is read:

    ``ours = factor · Σ column / Σ per``

over the rows of a result table that satisfy ``where``; without ``per`` there is no divisor. Nothing is fitted
to the published figures: a figure outside their range has a reason, not a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import counterfactual, load_plan, load_scenario, reference_plan
from sogdia.coupling.joint import JointSettings
from sogdia.region import Region
from sogdia.region.uncertainty_rule import parse_conditions
from sogdia.runs.definition import Run, define_run
from sogdia.runs.executor import Executor
from sogdia.runs.job import RunReport
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store
from sogdia.uncertainty.sample_jobs import sample_groups, sample_key

TABLE = "studies"
SCENARIO = "reference"
COLUMNS = (
    "study", "area", "title", "low", "high", "unit", "ours", "ratio", "is_within", "plan", "baseline",
    "run_year", "reason", "source",
)  # fmt: skip


def study_runs(region: Region, settings: JointSettings | None = None) -> dict[str, Run]:
    """Return the run of each study that has one, by study.

    Raises:
        UnknownNameError: If a plan is not shipped with the region.
    """
    chosen, runs = settings or JointSettings(), {}
    for row in region.table(TABLE).to_dict("records"):
        if not row["plan"]:
            continue
        before = load_plan(row["baseline"], region) if row["baseline"] else reference_plan(region)
        baseline, (plan,) = counterfactual([load_plan(row["plan"], region)], before, region)
        scenario = load_scenario(SCENARIO, region).at(int(row["run_year"]))
        runs[str(row["id"])] = define_run(region, plan, scenario, baseline, chosen)
    return runs


def run_studies(
    region: Region,
    runs: Mapping[str, Run],
    store: Store,
    executor: Executor | None = None,
    *,
    threads: int = 1,
) -> Iterator[RunReport]:
    """Run what the store lacks.

    Yields:
        One report for each run.

    Raises:
        SogdiaError: If a baseline fails.
    """
    unique = {run.key: run for run in runs.values()}
    groups = sample_groups(region, list(unique.values()), JointSettings(), tables_of(region), is_alone=True)
    yield from run_jobs([groups], store, executor, threads=threads)


def tables_of(region: Region) -> tuple[str, ...]:
    """Return the result tables that the studies of a region read."""
    return tuple(sorted(set(filter(None, region.table(TABLE)["table"]))))


def compare_studies(region: Region, runs: Mapping[str, Run], store: Store) -> pd.DataFrame:
    """Compare published figures with ours.

    Args:
        region: The region.
        runs: Runs by study (:func:`study_runs`).
        store: The store with them; of a missing run our figure is empty.

    Returns:
        :data:`COLUMNS`: ``low`` to ``high`` is the published range; ``ratio`` is ours over the nearer end of
        the range, 1 within it, empty if that end is 0; ``is_within`` is empty without a figure of ours.
    """
    tables = tables_of(region)
    out = []
    for row in region.table(TABLE).to_dict("records"):
        run = runs.get(str(row["id"]))
        key = "" if run is None else sample_key(run, tables)
        ours = read_figure(row, store.read(key, row["table"])) if key in store else np.nan
        low = row["value_high"] if pd.isna(row["value_low"]) else row["value_low"]
        ends = (float(low), float(row["value_high"]))
        out.append((
            row["id"], row["area"], row["title"], *ends, row["unit"], ours, ratio(ours, *ends),
            None if np.isnan(ours) else min(ends) <= ours <= max(ends), row["plan"],
            run.baseline_plan.name if run is not None else "", row["run_year"], row["reason"], row["source"],
        ))  # fmt: skip
    return pd.DataFrame(out, columns=list(COLUMNS))


def read_figure(row: Mapping[Any, Any], table: pd.DataFrame) -> float:
    """Read our figure out of a result table, by the columns of a row of ``studies``."""
    rows = np.ones(len(table), dtype=np.bool_)
    for condition in parse_conditions(str(row["where"])):
        rows &= condition.select(table)
    chosen = table[rows]
    total = float(chosen[row["column"]].sum())
    divisor = float(chosen[row["per"]].sum()) if row["per"] else 1.0
    factor = 1.0 if pd.isna(row["factor"]) else float(row["factor"])
    return factor * total / divisor if divisor else float("nan")


def ratio(ours: float, low: float, high: float) -> float:
    """Return ours over the nearer end of a range: 1 within it, NaN if that end is 0."""
    ends = sorted((low, high))
    if ends[0] <= ours <= ends[1]:
        return 1.0
    end = ends[0] if ours < ends[0] else ends[1]
    return ours / end if end else float("nan")


def sentences(table: pd.DataFrame) -> Sequence[str]:
    """Return the comparison in up to three sentences, for a brief."""
    known = table[table["ours"].notna()]
    if known.empty:
        return ()
    within = int(known["is_within"].astype(bool).sum())
    out = [
        f"{len(known)} of {len(table)} figures of studies by others are computed with the same definition; "
        f"{within} of these {'is' if within == 1 else 'are'} within the published range."
    ]
    ratios = known[known["ratio"].notna() & ~known["is_within"].astype(bool)]
    if len(ratios):
        size = np.log(ratios["ratio"].clip(lower=1e-9)).abs()
        worst = ratios.loc[size.idxmax()]
        out.append(
            f"The largest difference is that of {worst['title'][0].lower()}{worst['title'][1:]}: "
            f"{worst['ours']:.3g} {worst['unit']}, the published figure times {worst['ratio']:.2g}."
        )
        out.append(f"The reason: {worst['reason']}.")
    return tuple(out)
