"""Intervals of the differences between a run and its baseline, from the ensemble of the run."""

from __future__ import annotations

import pandas as pd

from sogdia.runs.store import RunMetadata, Store
from sogdia.uncertainty.stored_ensemble import INTERVALS, ensemble_key

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
    is_effect = baseline.parts.get("plan") == run.parts.get("baseline_plan") and all(
        baseline.parts.get(part) == run.parts.get(part) for part in SAME
    )
    key = ensemble_key(run.run)
    if not is_effect or key not in store:
        return measures
    table = store.read(key, INTERVALS)[["measure", "of", *ENDS]].rename(columns=ENDS)
    return measures.merge(table, on=["measure", "of"], how="left")
