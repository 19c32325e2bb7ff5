"""Medians and 80 % intervals of the tables of an ensemble, row by row."""

from __future__ import annotations

import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import Store
from sogdia.uncertainty.ensemble import Ensemble, finished_key, intervals

RUN_KEYS = ["plan", "scenario", "year"]


def interval_tables(ensemble: Ensemble) -> tuple[str, ...]:
    """Return the tables of runs that an ensemble stores and whose rows have a key."""
    return tuple(name for name in ensemble.tables if name in RESULT_TABLES and RESULT_TABLES[name].key)


def table_intervals(ensemble: Ensemble, store: Store, name: str) -> pd.DataFrame:
    """Return the intervals of every number of a table.

    A row that a sample lacks counts as zeros there, as in a comparison of runs.

    Args:
        ensemble: The ensemble.
        store: The store with its runs.
        name: Name of the table, one of :func:`interval_tables`.

    Returns:
        ``plan``, ``scenario``, ``year``, the key of the table, ``column``, and the columns of
        :func:`sogdia.uncertainty.ensemble.intervals`.

    Raises:
        UnknownNameError: If the ensemble does not store the table.
    """
    if name not in interval_tables(ensemble):
        raise UnknownNameError("table of the ensemble", name, interval_tables(ensemble))
    declared = RESULT_TABLES[name]
    parts = []
    for each in ensemble.runs:
        key = finished_key(ensemble, each.run, store)
        if key is not None:
            parts.append(
                store.read(key, name).assign(
                    sample=each.sample, plan=each.run.plan.name, scenario=each.scenario,
                    year=each.run.scenario.year,
                )
            )  # fmt: skip
    keys = [*RUN_KEYS, *declared.key, "column"]
    if not parts:
        return pd.DataFrame(columns=keys)
    table = pd.concat(parts, ignore_index=True)
    numbers = [column for column in declared.compared if column in table.columns]
    if not numbers:
        return pd.DataFrame(columns=keys)
    by = ["sample", *RUN_KEYS, *declared.key]
    sums = table.astype(dict.fromkeys(numbers, float)).groupby(by, sort=False)[numbers].sum(min_count=1)
    sums = _complete(sums, len(RUN_KEYS) + 1)
    baseline = ensemble.study.runs[0].baseline_plan.name
    # One column at a time: keys repeated for all columns of hundreds of samples take gigabytes.
    return pd.concat([_column_intervals(sums[name], baseline, keys) for name in numbers], ignore_index=True)


def _column_intervals(values: pd.Series[float], baseline: str, keys: list[str]) -> pd.DataFrame:
    """Return the intervals of a column, with its effects against the baseline plan.

    Args:
        values: By sample, run and key.
        baseline: Name of the baseline plan.
        keys: Columns of the keys and ``column``.
    """
    samples = values.rename("value").reset_index().assign(column=str(values.name))
    other = [key for key in ["sample", *keys] if key != "plan"]
    before = samples[samples["plan"] == baseline].set_index(other)["value"]
    found = before.reindex(pd.MultiIndex.from_frame(samples[other])).to_numpy()
    samples["effect"] = (samples["value"] - found).where(samples["plan"] != baseline)
    return intervals(samples, keys)


def _complete(sums: pd.DataFrame, levels: int) -> pd.DataFrame:
    """Give every run each row that any run has, zeros where it lacks it."""
    names = list(sums.index.names)
    rows = sums.index.to_frame(index=False)
    runs, keys = rows[names[:levels]].drop_duplicates(), rows[names[levels:]].drop_duplicates()
    return sums.reindex(pd.MultiIndex.from_frame(runs.merge(keys, how="cross")), fill_value=0.0)
