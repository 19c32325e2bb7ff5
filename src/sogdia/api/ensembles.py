"""Ensembles: a study in samples of all uncertain figures, with intervals, variance shares and failures."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.api import plots
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.result import Headline, Result
from sogdia.api.runs import StoreLike, open_store
from sogdia.errors import InputError, UnknownNameError
from sogdia.runs.definition import LoadedStudy, load_study
from sogdia.runs.executor import Executor, make_executor
from sogdia.runs.measures import HEADLINE
from sogdia.runs.store import Store
from sogdia.uncertainty import ensemble as ensembles
from sogdia.uncertainty.ensemble import Ensemble
from sogdia.uncertainty.prim import Box, discover
from sogdia.uncertainty.sampling import Method
from sogdia.uncertainty.shares import variance_shares
from sogdia.uncertainty.stored_ensemble import store_ensemble
from sogdia.uncertainty.table_intervals import interval_tables, table_intervals

LOG = logging.getLogger(__name__)
SAMPLES = 256


@dataclass(frozen=True, eq=False, repr=False)
class EnsembleRun(Result):
    """An ensemble with its stored runs.

    Attributes:
        store: The store.
        ensemble: Its definition.
        errors: Messages of the runs that failed, by label.
    """

    store: Store
    ensemble: Ensemble
    errors: Mapping[str, str]

    @property
    def title(self) -> str:
        """One line: region, plans and number of samples."""
        plans = dict.fromkeys(run.plan.name for run in self.ensemble.study.runs)
        return (
            f"{self.ensemble.study.region.name}, plans {', '.join(plans)}, {len(self.ensemble.draws)} samples"
        )

    @cached_property
    def samples(self) -> pd.DataFrame:
        """Measures of every run (:func:`sogdia.uncertainty.ensemble.measure_samples`)."""
        return ensembles.measure_samples(self.ensemble, self.store)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``intervals`` of the measures, ``samples``, ``inputs``; intervals of each table by its name."""
        measured = {
            "intervals": ensembles.intervals(self.samples),
            "samples": self.samples,
            "inputs": self.ensemble.inputs.reset_index(),
        }
        names = interval_tables(self.ensemble)
        return {**measured, **{name: table_intervals(self.ensemble, self.store, name) for name in names}}

    def shares(self, measure: str = HEADLINE, of: str = "", plan: str | None = None) -> pd.DataFrame:
        """Return how much of the spread of a plan's effect each group explains.

        Args:
            measure: Name of a measure of the study.
            of: Part of the measure: an economy, a corridor; empty for a single figure.
            plan: Name of a plan; the first after the baseline if not given.

        Returns:
            The table of :func:`sogdia.uncertainty.shares.variance_shares`.

        Raises:
            InputError: If there are too few samples, several scenarios, or no plan but the baseline.
            UnknownNameError: If a name is not known.
        """
        effects = self._effects(measure, of, plan)
        if effects.index.nlevels > 1 and effects.index.get_level_values("scenario").nunique() > 1:
            effects = effects.groupby("sample").mean()
        else:
            effects = effects.groupby("sample").first()
        return variance_shares(self.ensemble.inputs, effects)

    def failure(
        self, measure: str = HEADLINE, threshold: float = 0.0, of: str = "", plan: str | None = None
    ) -> tuple[Box | None, str]:
        """Find when a plan fails: when its effect on a measure is not better than a threshold.

        Args:
            measure: Name of a measure of the study.
            threshold: Effect at or below which the plan fails (at or above, if less is better).
            of: As in :meth:`shares`.
            plan: As in :meth:`shares`.

        Returns:
            The box of samples (``None`` if the plan never fails), and a sentence.

        Raises:
            InputError: If the study has no plan but its baseline, or no sample of it has a result.
            UnknownNameError: If a name is not known.
        """
        better = {each.name: each.better for each in self.ensemble.study.definition.chosen_measures}
        effects = self._effects(measure, of, plan)
        fails = effects >= threshold if better.get(measure) == "less" else effects <= threshold
        if not fails.any():
            return (
                None,
                f"The plan fails in none of {len(fails)} cases: {measure} is always beyond {threshold:g}.",
            )
        index = effects.index.to_frame(index=False)
        inputs = self.ensemble.inputs.loc[index["sample"]].reset_index(drop=True)
        if index["scenario"].nunique() > 1:
            inputs = inputs.assign(scenario=index["scenario"].to_numpy())
        words = {name: f"the quantile of {name}" for name in inputs.columns} | {"scenario": "the scenario"}
        box = discover(inputs, fails.to_numpy())
        return box, box.sentence("the plan fails", words)

    def _effects(self, measure: str, of: str, plan: str | None) -> pd.Series:
        """Return the effects of a plan by sample, scenario and year."""
        table = self.samples[self.samples["sample"] > 0]
        plans = [name for name in dict.fromkeys(table["plan"]) if name != self._baseline]
        if not plans:
            raise InputError("the study has no plan but its baseline, or every sample of the others failed")
        chosen = plan or plans[0]
        for what, name, known in (("measure", measure, table["measure"]), ("plan", chosen, plans)):
            if name not in set(known):
                raise UnknownNameError(what, name, dict.fromkeys(map(str, known)))
        rows = table[(table["measure"] == measure) & (table["plan"] == chosen)]
        if of not in set(rows["of"]):
            raise UnknownNameError(f"part of {measure}", of, dict.fromkeys(map(str, rows["of"])))
        rows = rows[rows["of"] == of]
        return rows.set_index(["sample", "scenario", "year"])["effect"].dropna()

    @property
    def _baseline(self) -> str:
        return self.ensemble.study.runs[0].baseline_plan.name

    def headline(self) -> Iterable[Headline]:
        """Yield the interval of each plan's effect on the gain of the home countries."""
        table = self.tables["intervals"]
        rows = table[(table["measure"] == HEADLINE) & (table["plan"] != self._baseline)]
        for row in rows.to_dict("records"):
            of = f"{row['plan']}, {row['scenario']}, {row['year']}"
            for name in ("low", "median", "high"):
                yield f"Gain of the home countries, {name}", of, row[f"effect_{name}"], row["unit"]

    def plot(self) -> Any:
        """Draw variance shares of the first plan's gain as bars.

        Raises:
            CannotRunError: If a library is not installed.
            InputError: If there are too few samples.
        """
        return plots.bar_plot(self.shares().head(10), "group", "first", "Share of the variance", "1")


def ensemble(
    study: LoadedStudy | Path | str,
    samples: int = SAMPLES,
    *,
    seed: int = 1,
    method: Method = "lhs",
    scenarios: ensembles.Scenarios = "cross",
    workers: int = 1,
    executor: Executor | None = None,
    store: StoreLike = None,
    progress: ProgressLike = False,
) -> EnsembleRun:
    """Run a study in samples of all uncertain figures at once.

    Every sample draws all figures that the rules of the region make uncertain, and runs the baseline plan and
    each plan with them. Finished runs are stored; an interrupted ensemble continues. Results do not depend on
    the number of workers.

    Args:
        study: A study, or its YAML file.
        samples: Number of samples.
        seed: Seed; equal seeds give equal samples.
        method: ``lhs`` (Latin hypercube) or ``sobol``.
        scenarios: ``cross`` runs each sample under every scenario of the study, ``draw`` under one.
        workers: Processes.
        executor: Where samples run, in place of ``workers``.
        store: A store or its folder; by default ``$SOGDIA_STORE`` or the user's data folder.
        progress: ``True`` for a progress bar, or a function of finished steps, all steps and a text.

    Returns:
        The ensemble, with ``tables`` of intervals, ``shares()``, ``failure()`` and ``summary()``.

    Raises:
        FaultsError: If the study has errors.
        InputError: If a value is out of range, or the region has no rules of uncertainty.
        CannotRunError: If the store cannot be used.

    Example:
        >>> import sogdia
        >>> result = sogdia.ensemble("study.yaml", samples=64)  # doctest: +SKIP
        >>> result.tables["intervals"]  # doctest: +SKIP
        >>> result.failure()[1]  # doctest: +SKIP
    """
    cache = open_store(store)
    loaded = study if isinstance(study, LoadedStudy) else load_study(Path(study))
    defined = ensembles.make_ensemble(loaded, samples, seed, method, scenarios)
    place = executor or make_executor("processes", workers)
    errors: dict[str, str] = {}
    with Progress(len(defined.runs), progress) as bar:
        for report in ensembles.run_ensemble(defined, cache, place):
            bar.step(report.label)
            if report.error:
                errors[report.label] = report.error
    if len(errors) == len(defined.runs):
        raise InputError(f"no sample has a result: {next(iter(errors.values()))}")
    store_ensemble(defined, cache)
    LOG.info("ensemble of %d runs finished, %d failed", len(defined.runs), len(errors))
    return EnsembleRun(cache, defined, errors)
