"""Store what readers need of an ensemble under the key of the run that it is about.

The record of a plan's ensemble has a key made of that of the plan's run at the figures of the pack: whoever
has that run finds its intervals, without the number of samples or the seed. The record of more samples
replaces that of fewer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.runs.definition import Run
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import RunMetadata, Store
from sogdia.uncertainty.ensemble import HIGH, LOW, Ensemble, finished_key, intervals, measure_samples
from sogdia.uncertainty.prim import discover
from sogdia.uncertainty.sample_appraisal import APPRAISED
from sogdia.uncertainty.shares import FEWEST, variance_shares
from sogdia.uncertainty.table_intervals import RUN_KEYS, interval_tables, table_intervals

ENSEMBLE = "ensemble"
INTERVALS, ROWS, GAINS, INPUTS = "intervals", "row_intervals", "gains", "quantiles"
APPRAISALS = "appraisals"
APPRAISAL_COLUMNS = ("npv_musd", "bcr", "eirr_pct", "capex_musd", "benefit_musd_a")
GAIN_COLUMNS = ("gain_musd", "trade_gain_musd")
SEPARATOR = "/"


def ensemble_key(run: str) -> str:
    """Return the key of the record of an ensemble from that of its run at the figures of the pack."""
    return hashlib.sha256(f"{run};{ENSEMBLE}".encode()).hexdigest()


@dataclass(frozen=True)
class Interval:
    """Median and 80 % interval of an effect.

    Attributes:
        low: Quantile of 10 %.
        median: Median.
        high: Quantile of 90 %.
        above_zero_pct: Share of samples with a positive effect.
    """

    low: float
    median: float
    high: float
    above_zero_pct: float


def interval_of(values: pd.Series) -> Interval:
    """Return the interval of a figure over samples."""
    numbers = values.to_numpy(dtype=np.float64)
    low, median, high = np.quantile(numbers, [LOW, 0.5, HIGH]).tolist()
    return Interval(low, median, high, 100.0 * float((numbers > 0.0).mean()))


@dataclass(frozen=True, eq=False)
class StoredEnsemble:
    """Ensemble of a plan under one scenario, as stored.

    Attributes:
        intervals: Intervals of measures (:func:`sogdia.uncertainty.ensemble.intervals`).
        rows: The same of each number of each row of tables: ``table``, ``row`` (its key, with ``/`` between),
            ``column``, and the columns of intervals.
        gains: Effect of the plan by ``sample`` and ``economy``: ``gain_musd``, ``trade_gain_musd``.
        inputs: Quantile of each group, indexed by sample.
        appraisals: Appraisal of the plan by ``sample`` and ``rate_pct``: :data:`APPRAISAL_COLUMNS`, of that
            sample's benefits and drawn costs (:mod:`sogdia.uncertainty.sample_appraisal`).
    """

    intervals: pd.DataFrame
    rows: pd.DataFrame
    gains: pd.DataFrame
    inputs: pd.DataFrame
    appraisals: pd.DataFrame

    @cached_property
    def samples(self) -> int:
        """Number of samples with a result."""
        return int(self.gains["sample"].nunique())

    def effects(self, homes: tuple[str, ...], column: str = "gain_musd") -> pd.Series:
        """Return the sum of the plan's effect over countries, by sample, USD million."""
        own = self.gains[self.gains["economy"].isin(homes)]
        sums: pd.Series = own.groupby("sample")[column].sum()
        return sums

    def interval(self, homes: tuple[str, ...], column: str = "gain_musd") -> Interval:
        """Return the interval of the plan's effect on countries together, USD million."""
        return interval_of(self.effects(homes, column))

    def appraisal(self, rate_pct: float, column: str = "npv_musd") -> Interval | None:
        """Return the interval of a figure of the appraisal at a discount rate; ``None`` without an appraisal.

        A sample whose rate of return is not unique is left out of that column.

        Args:
            rate_pct: Discount rate.
            column: One of :data:`APPRAISAL_COLUMNS`.
        """
        own = self.appraisals[np.isclose(self.appraisals["rate_pct"], rate_pct)]
        values = own[column].dropna()
        return interval_of(values) if len(values) else None

    def shares(self, homes: tuple[str, ...]) -> pd.DataFrame | None:
        """Return which groups explain the spread of the effect; ``None`` for too few samples.

        See :func:`sogdia.uncertainty.shares.variance_shares`.
        """
        if self.samples < FEWEST:
            return None
        return variance_shares(self.inputs, self.effects(homes))

    def failure(self, homes: tuple[str, ...], words: dict[str, str] | None = None) -> str:
        """Return a sentence on when the plan brings no gain."""
        effects = self.effects(homes)
        fails = effects <= 0.0
        if not fails.any():
            return f"The plan brings a gain in all {len(fails)} samples."
        if fails.all():
            return f"The plan brings no gain in any of {len(fails)} samples."
        titles = {name: f"the quantile of “{title}”" for name, title in (words or {}).items()}
        return discover(self.inputs.loc[effects.index], fails.to_numpy()).sentence(
            "the plan brings no gain", titles
        )

    def row_interval(self, table: str, column: str) -> pd.DataFrame:
        """Return the intervals of a column of a result table, indexed by ``row``."""
        chosen = (self.rows["table"] == table) & (self.rows["column"] == column)
        return self.rows[chosen].set_index("row")


def store_ensemble(ensemble: Ensemble, store: Store) -> tuple[str, ...]:
    """Store the record of each plan of an ensemble whose samples are finished; return their keys.

    A record of at least as many samples stays as it is. A plan of which every sample failed gets none.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    samples = measure_samples(ensemble, store)
    tables = {name: table_intervals(ensemble, store, name) for name in interval_tables(ensemble)}
    keys = []
    for each in ensemble.runs:
        run = each.run
        if each.sample or run.plan.name == run.baseline_plan.name:
            continue
        gains = _gains(ensemble, store, run)
        if gains.empty:
            continue
        key, count = ensemble_key(run.key), int(gains["sample"].nunique())
        keys.append(key)
        if key in store:
            if store.metadata(key).figures.get("samples", 0.0) >= count:
                continue
            store.remove(key)
        own = _of_run(samples, run)
        content = {
            INTERVALS: intervals(own),
            ROWS: pd.concat([_rows(name, _of_run(table, run)) for name, table in tables.items()]),
            GAINS: gains,
            INPUTS: ensemble.inputs.reset_index(),
            APPRAISALS: _appraisals(ensemble, store, run),
        }
        store.write(_metadata(ensemble, run, key, count), content)
    return tuple(keys)


def read_ensemble(run: str, store: Store) -> StoredEnsemble | None:
    """Return the ensemble of a run by the run's key; ``None`` if the store has none.

    Raises:
        DamagedError: If a file of it was changed.
        CannotRunError: If the store cannot be read.
    """
    key = ensemble_key(run)
    if key not in store:
        return None
    inputs = store.read(key, INPUTS).set_index("sample")
    return StoredEnsemble(
        store.read(key, INTERVALS), store.read(key, ROWS), store.read(key, GAINS), inputs,
        store.read(key, APPRAISALS),
    )  # fmt: skip


def _of_run(table: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Return the rows of a run, whatever its sample."""
    values = (run.plan.name, run.scenario.name, run.scenario.year)
    chosen = np.logical_and.reduce([
        table[column] == value for column, value in zip(RUN_KEYS, values, strict=True)
    ])  # fmt: skip
    return table[chosen]


def _rows(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the intervals of a table with the key of each row in one column."""
    keys = list(RESULT_TABLES[name].key)
    row = table[keys].astype(str).agg(SEPARATOR.join, axis=1) if len(table) else pd.Series(dtype="str")
    return table.drop(columns=[*RUN_KEYS, *keys]).assign(table=name, row=row)


def _gains(ensemble: Ensemble, store: Store, run: Run) -> pd.DataFrame:
    """Return the effect of a plan by sample and economy."""
    found: dict[tuple[int, bool], pd.DataFrame] = {}
    for each in ensemble.runs:
        is_plan = each.run.plan.name == run.plan.name
        is_same = (each.scenario, each.run.scenario.year) == (run.scenario.name, run.scenario.year)
        if each.sample and is_same and (is_plan or each.run.plan.name == run.baseline_plan.name):
            key = finished_key(ensemble, each.run, store)
            if key is not None:
                found[each.sample, is_plan] = store.read(key, "economies").set_index("economy")
    parts = []
    for sample in sorted({number for number, _ in found}):
        if (sample, True) in found and (sample, False) in found:
            after, before = (found[sample, is_plan][list(GAIN_COLUMNS)] for is_plan in (True, False))
            parts.append((after - before).reset_index().assign(sample=sample))
    columns = ["sample", "economy", *GAIN_COLUMNS]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _appraisals(ensemble: Ensemble, store: Store, run: Run) -> pd.DataFrame:
    """Return the appraisal of a plan by sample and discount rate."""
    columns = ["sample", "rate_pct", *APPRAISAL_COLUMNS]
    parts = [pd.DataFrame(columns=columns, dtype=float).astype({"sample": int})]
    for each in ensemble.runs:
        is_own = each.run.plan.name == run.plan.name
        is_same = (each.scenario, each.run.scenario.year) == (run.scenario.name, run.scenario.year)
        key = finished_key(ensemble, each.run, store) if each.sample and is_own and is_same else None
        if key is not None:
            parts.append(store.read(key, APPRAISED).assign(sample=each.sample)[columns])
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _metadata(ensemble: Ensemble, run: Run, key: str, count: int) -> RunMetadata:
    return RunMetadata(
        run=key, kind=ENSEMBLE, region=ensemble.study.region.name, plan=run.plan.name,
        scenario=run.scenario.name, year=run.scenario.year, parts=dict(run.parts),
        settings={"samples": len(ensemble.draws), "seed": ensemble.draws[0].seed},
        figures={"samples": float(count)},
    )  # fmt: skip
