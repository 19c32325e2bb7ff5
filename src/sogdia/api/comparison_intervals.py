"""Intervals of the differences between a run and its baseline, from the ensemble of the run."""

from __future__ import annotations

import pandas as pd

from sogdia.runs.store import RunMetadata, Store
from sogdia.tables.results import ResultTable
from sogdia.uncertainty.stored_ensemble import INTERVALS, ROWS, SEPARATOR, ensemble_key

ENDS = {"effect_low": "low", "effect_median": "median", "effect_high": "high"}
SAME = ("region", "scenario", "baseline_plan", "settings", "version")
"""Digests that a run and the run of its baseline plan have in common."""


def with_intervals(
    measures: pd.DataFrame, baseline: RunMetadata, run: RunMetadata, store: Store
) -> pd.DataFrame:
    """Return the differences of measures with the median and 80 % interval of each.

    The samples of an ensemble compare a plan with its baseline plan: only such a comparison has intervals.

    Args:
        measures: Differences (:class:`sogdia.runs.comparison.Comparison`).
        baseline: The run it is compared with.
        run: The run.
        store: The store.

    Returns:
        The differences, with ``low``, ``median`` and ``high`` if the store has an ensemble of the run.

    Raises:
        DamagedError: If a file of the ensemble was changed.
    """
    if not interval_samples(baseline, run, store):
        return measures
    table = store.read(ensemble_key(run.run), INTERVALS)[["measure", "of", *ENDS]].rename(columns=ENDS)
    return measures.merge(table, on=["measure", "of"], how="left")


def interval_samples(baseline: RunMetadata, run: RunMetadata, store: Store) -> int | None:
    """Return the number of samples that intervals of the difference of two runs come from.

    Returns:
        Zero if the store has no ensemble of the run; ``None`` if the run is not compared with its own
        baseline under the same scenario, for which no ensemble has samples.
    """
    is_effect = baseline.parts.get("plan") == run.parts.get("baseline_plan") and all(
        baseline.parts.get(part) == run.parts.get(part) for part in SAME
    )
    if not is_effect:
        return None
    key = ensemble_key(run.run)
    return int(store.metadata(key).figures.get("samples", 0.0)) if key in store else 0


def table_with_intervals(
    differences: pd.DataFrame, table: ResultTable, baseline: RunMetadata, run: RunMetadata, store: Store
) -> pd.DataFrame:
    """Return the differences of a table with the ends of the 80 % interval of each.

    Args:
        differences: Differences by key (:meth:`sogdia.tables.results.ResultTable.difference`).
        table: Declaration of the table.
        baseline: The run it is compared with.
        run: The run.
        store: The store.

    Returns:
        The differences, with ``COLUMN_low`` and ``COLUMN_high`` after each ``COLUMN_difference`` if the
        store has an ensemble of the run.

    Raises:
        DamagedError: If a file of the ensemble was changed.
    """
    if not interval_samples(baseline, run, store):
        return differences
    stored = store.read(ensemble_key(run.run), ROWS)
    own = stored[stored["table"] == table.name]
    rows = differences[list(table.key)].astype(str).agg(SEPARATOR.join, axis=1)
    out = differences.copy()
    names: list[str] = []
    for name in map(str, differences.columns):
        names.append(name)
        column = name.removesuffix("_difference")
        found = own[own["column"] == column].set_index("row")
        if column != name and len(found):
            for end in ("low", "high"):
                out[f"{column}_{end}"] = rows.map(found[f"effect_{end}"])
                names.append(f"{column}_{end}")
    return out[names]
