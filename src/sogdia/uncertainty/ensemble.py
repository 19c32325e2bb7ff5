"""Ensembles: every plan of a study under every scenario in samples of all uncertain figures at once.

The samples of an ensemble are runs like others: stored under a key of region, plan, scenario with its draw,
settings and version. An interrupted ensemble resumes, and results do not depend on the number of workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from sogdia.case import Scenario
from sogdia.case.draws import Draw
from sogdia.errors import InputError
from sogdia.runs.definition import LoadedStudy, Run, define_run
from sogdia.runs.executor import Executor
from sogdia.runs.job import RunReport
from sogdia.runs.measures import Measure, read_measure
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store
from sogdia.uncertainty.sample_appraisal import APPRAISED
from sogdia.uncertainty.sample_jobs import TABLES, sample_groups, sample_key
from sogdia.uncertainty.sampling import Method, draw_samples

Scenarios = Literal["cross", "draw"]
SCENARIOS: tuple[Scenarios, ...] = get_args(Scenarios)
PACK = 0
"""Number of the sample that has the figures of the pack."""
KEYS = ("plan", "scenario", "year", "measure", "of", "unit")
LOW, HIGH = 0.1, 0.9
"""Quantiles of the ends of an 80 % interval."""


@dataclass(frozen=True)
class SampleRun:
    """A run of an ensemble.

    Attributes:
        sample: Number of the sample; 0 has the figures of the pack.
        scenario: Name of the scenario without the sample.
        run: The run.
    """

    sample: int
    scenario: str
    run: Run


@dataclass(frozen=True, eq=False)
class Ensemble:
    """An ensemble of a study.

    Attributes:
        study: The study.
        draws: Samples, numbered from 1.
        runs: Runs of the pack's figures, then of each sample, the baseline plan's first.
        tables: Tables stored of each run.
    """

    study: LoadedStudy
    draws: tuple[Draw, ...]
    runs: tuple[SampleRun, ...]
    tables: tuple[str, ...]

    @property
    def inputs(self) -> pd.DataFrame:
        """Quantiles by group, indexed by sample; groups that only draw row by row are left out."""
        table = pd.DataFrame({draw.sample: dict(draw.scores) for draw in self.draws}).T
        table.index.name = "sample"
        return table.loc[:, table.nunique() > 1] if len(table) > 1 else table


def make_ensemble(
    study: LoadedStudy,
    samples: int,
    seed: int = 1,
    method: Method = "lhs",
    scenarios: Scenarios = "cross",
) -> Ensemble:
    """Define the runs of an ensemble.

    Args:
        study: The study.
        samples: Number of samples.
        seed: Seed.
        method: ``lhs`` or ``sobol`` (:func:`sogdia.uncertainty.sampling.unit_sample`).
        scenarios: ``cross`` runs each sample under every scenario, ``draw`` under one of equal chances.

    Raises:
        InputError: If a value is out of range, or the region has no rules of uncertainty.
    """
    if scenarios not in SCENARIOS:
        raise InputError(f"scenarios: {scenarios!r} is not known; expected {' or '.join(SCENARIOS)}")
    draws, spare = draw_samples(study.region, samples, seed, method, spare=scenarios == "draw")
    cases = list(dict.fromkeys((run.scenario.name, run.scenario.year) for run in study.runs))
    runs = [SampleRun(PACK, run.scenario.name, run) for run in study.runs]
    for number, draw in enumerate(draws):
        chosen = set(cases)
        if scenarios == "draw":
            chosen = {cases[min(int(spare[number, 0] * len(cases)), len(cases) - 1)]}
        for run in study.runs:
            if (run.scenario.name, run.scenario.year) in chosen:
                drawn = _with_draw(run.scenario, draw)
                settings = study.definition.settings
                own = define_run(study.region, run.plan, drawn, run.baseline_plan, settings)
                runs.append(SampleRun(draw.sample, run.scenario.name, own))
    read = [measure.table for measure in study.definition.chosen_measures]
    return Ensemble(study, draws, tuple(runs), tuple(dict.fromkeys([*TABLES, *read, APPRAISED])))


def _with_draw(scenario: Scenario, draw: Draw) -> Scenario:
    return scenario.model_copy(update={"draw": draw})


def run_ensemble(
    ensemble: Ensemble, store: Store, executor: Executor | None = None, *, threads: int = 1
) -> Iterator[RunReport]:
    """Run the samples that the store lacks; each run is stored as soon as its sample is finished.

    Args:
        ensemble: The ensemble.
        store: The store.
        executor: Where samples run; in this process if not given.
        threads: Threads of each run; results are the same for any number.

    Yields:
        One report for each run, stored ones first.

    Raises:
        CannotRunError: If the store cannot be written.
        SogdiaError: If a baseline fails.
    """
    runs = [each.run for each in ensemble.runs]
    settings = ensemble.study.definition.settings
    groups = sample_groups(ensemble.study.region, runs, settings, ensemble.tables)
    yield from run_jobs([groups], store, executor, threads=threads)


def finished_key(ensemble: Ensemble, run: Run, store: Store) -> str | None:
    """Return the key under which a run is stored; ``None`` if it is missing."""
    key = sample_key(run, ensemble.tables)
    return key if key in store else run.key if run.key in store else None


def measure_samples(
    ensemble: Ensemble, store: Store, measures: Sequence[Measure] | None = None
) -> pd.DataFrame:
    """Read measures of all finished runs.

    Args:
        ensemble: The ensemble.
        store: The store.
        measures: Measures; the study's own if not given.

    Returns:
        ``sample``, :data:`KEYS`, ``value``, and ``effect``, the value less that of the baseline plan in the
        same sample, scenario and year (empty for the baseline plan, or if its run is missing).
    """
    chosen = measures or ensemble.study.definition.chosen_measures
    parts = []
    for each in ensemble.runs:
        key = finished_key(ensemble, each.run, store)
        if key is None:
            continue
        tables = {name: store.read(key, name) for name in dict.fromkeys(item.table for item in chosen)}
        found = pd.concat([read_measure(measure, tables[measure.table]) for measure in chosen])
        parts.append(
            found.assign(
                sample=each.sample, plan=each.run.plan.name, scenario=each.scenario,
                year=each.run.scenario.year,
            )
        )  # fmt: skip
    columns = ["sample", *KEYS, "value"]
    if not parts:
        return pd.DataFrame(columns=[*columns, "effect"])
    table = pd.concat(parts, ignore_index=True)[columns]
    return table.assign(effect=_effects(table, ensemble.study.runs[0].baseline_plan.name))


def _effects(table: pd.DataFrame, baseline: str) -> pd.Series:
    keys = ["sample", *KEYS[1:]]
    before = table[table["plan"] == baseline].set_index(keys)["value"]
    found = before.reindex(pd.MultiIndex.from_frame(table[keys])).to_numpy()
    effects: pd.Series = (table["value"] - found).where(table["plan"] != baseline)
    return effects


def intervals(samples: pd.DataFrame, keys: Sequence[str] = KEYS) -> pd.DataFrame:
    """Return medians and 80 % intervals over the samples of an ensemble.

    Args:
        samples: ``sample``, the keys, ``value``, ``effect`` (:func:`measure_samples`).
        keys: Columns that identify a figure.

    Returns:
        The keys; ``count`` of samples; of the value ``pack`` (the figures of the pack), ``low``, ``median``
        and ``high`` (quantiles of 10, 50 and 90 %); of the effect the same with the prefix ``effect_``, and
        ``above_zero_pct``, the share of samples with a positive effect.
    """
    drawn, pack = samples[samples["sample"] != PACK], samples[samples["sample"] == PACK]
    grouped = drawn.groupby(list(keys), sort=False)
    parts: dict[str, pd.Series] = {"count": grouped["value"].count()}
    for column, prefix in (("value", ""), ("effect", "effect_")):
        parts[f"{prefix}pack"] = pack.set_index(list(keys))[column].reindex(parts["count"].index)
        for name, share in (("low", LOW), ("median", 0.5), ("high", HIGH)):
            parts[f"{prefix}{name}"] = grouped[column].quantile(share)
    known = grouped["effect"].count()
    above = grouped["effect"].agg(lambda column: int((column > 0.0).sum()))
    parts["above_zero_pct"] = 100.0 * above / known.where(known > 0)
    return pd.DataFrame(parts).reset_index()
