"""Dependence of the home countries on outside partners."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import PlanLike, RegionLike, ScenarioLike, build_case, load_plan
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.result import Headline, Result, title_of
from sogdia.api.runs import StoreLike, open_store
from sogdia.api.settings import validated
from sogdia.api.stored_dependence import store_dependence, stored_dependence
from sogdia.case import Case, Plan
from sogdia.dependence import DependenceResult, DependenceSettings, compare_dependence, dependence
from sogdia.dependence.horizons import HORIZONS
from sogdia.dependence.settings import SINGLE_THREAD
from sogdia.dependence.solve import withdrawal_study
from sogdia.dependence.study import WithdrawalStudy
from sogdia.extras import require_extra
from sogdia.runs.executor import Executor, make_executor
from sogdia.runs.store import Store
from sogdia.uncertainty.withdrawal_samples import (
    read_withdrawal_samples,
    run_withdrawal_samples,
    worst_partners,
)

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, repr=False)
class DependenceRun(Result):
    """Dependence of the home countries under a plan and a scenario.

    Attributes:
        result: The result, with sentences by home country.
        intervals: Intervals of losses (:data:`sogdia.uncertainty.withdrawal_samples.LOSS_INTERVALS`), if the
            store has samples of the study.
    """

    result: DependenceResult
    intervals: pd.DataFrame | None = None

    @property
    def title(self) -> str:
        """One line: region, plan, scenario and year."""
        return title_of(self.result.region, self.result.plan, self.result.scenario, self.result.year)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables by name (:meth:`sogdia.dependence.DependenceResult.tables`), and ``loss_intervals``."""
        own = {} if self.intervals is None else {"loss_intervals": self.intervals}
        return {**self.result.tables(), **own}

    def headline(self) -> Iterable[Headline]:
        """Yield the loss of each home country if its most important partner, and if all partners withdraw."""
        for row in self.tables["headline"].to_dict("records"):
            partner = self.result.partners.get(row["worst_partner"], row["worst_partner"])
            when = self.result.horizons[row["horizon"]]
            yield f"Loss if {partner} withdraws, {when}", row["name"], row["worst_pct"], "% of GDP"
            yield f"Loss if all partners withdraw, {when}", row["name"], row["all_pct"], "% of GDP"

    def compare(self, baseline: DependenceRun) -> pd.DataFrame:
        """Return the change of dependence from a baseline, by partner and channel.

        Returns:
            ``horizon``, ``home``, ``partner``, ``what``, ``channel``, ``before_pct``, ``after_pct``,
            ``change_pct``.

        Raises:
            InputError: If partners, home countries or years differ.
        """
        return compare_dependence(self.result, baseline.result)

    def plot(self) -> Any:
        """Draw the loss of each home country by withdrawn partner at the last horizon, % of GDP.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        last = list(self.result.horizons)[-1]
        table = self.result.at(last).shares.pivot(index="home", columns="partner", values="solo_pct")
        table = table.loc[list(self.result.homes), list(self.result.partners)]
        table = table.rename(index=dict(self.result.homes), columns=dict(self.result.partners))
        return plots.matrix_plot(
            table, f"loss if the partner withdraws, {self.result.horizons[last]}, % of GDP a year"
        )


def dependence_settings(
    *,
    partners: Sequence[str] = (),
    level: str = "withdrawal",
    withdrawn_from: Sequence[str] = (),
    targets: Sequence[str] = (),
    years_since: int | None = None,
    horizons: Sequence[str] = (),
    coalitions: bool = True,
    channels: bool = True,
    imbalance: str = "multiplicative",
    tolerance_pct: float = 2.0,
    mode: Literal["dispatch", "expansion"] = "dispatch",
    debt_ceilings: Mapping[str, float] | None = None,
) -> DependenceSettings:
    """Define a study of dependence.

    Args:
        partners: Rows of the table ``partners``; those marked ``default`` if none is given.
        level: ``withdrawal``, or a row of the table ``pressure_levels``.
        withdrawn_from: Home countries that partners withdraw from; all if none is given.
        targets: Parties that partners press; home countries are then sanctioned for helping them.
        years_since: Years since a withdrawal, by which the table ``power_withdrawals`` states what plants of
            the partner keep; 1 and 10 by horizon if not given.
        horizons: ``year_1``, ``year_10`` after the withdrawal; both if none is given.
        coalitions: Run every coalition of partners; otherwise each alone and all together.
        channels: Run each partner's withdrawal by channel too.
        imbalance: Closure of trade imbalances: ``multiplicative`` or ``additive``.
        tolerance_pct: Loss that a home country can bear, % of GDP, for pivotality.
        mode: ``dispatch`` of the power system, or ``expansion`` beyond the reserve margin too.
        debt_ceilings: Threshold of the present value of external debt over GDP by country, per cent.

    Raises:
        InputError: If a value is out of range.
    """
    study = SINGLE_THREAD.model_dump()
    study["trade"]["imbalance"] = imbalance
    return validated(
        DependenceSettings,
        {
            "study": study,
            "partners": tuple(partners),
            "pressure": {
                "level": level,
                "homes": tuple(withdrawn_from),
                "targets": tuple(targets),
                "years_since": years_since,
            },
            "horizons": tuple(horizons) or tuple(HORIZONS),
            "coalitions": coalitions,
            "channels": channels,
            "tolerance_pct": tolerance_pct,
            "power": {"mode": mode},
            "debt": {"ceilings": dict(debt_ceilings or {})},
        },
        {"homes": "withdrawn_from"},
    )


def run_dependence(
    region: RegionLike = DEFAULT_REGION,
    plan: PlanLike | None = None,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    baseline: PlanLike | None = None,
    settings: DependenceSettings | None = None,
    samples: int = 0,
    workers: int = 1,
    store: StoreLike = None,
    progress: ProgressLike = False,
) -> DependenceRun:
    """Estimate what each home country would lose if outside partners withdrew, alone and together.

    Losses are split by channel (trade, transit, energy, capital) and shared among partners by Shapley value.
    Finished runs and tables are stored: a second call is quick, and an interrupted one continues.

    Args:
        region: A region, the name of a shipped one, or the folder of a pack.
        plan: A plan, the name of a shipped one, or a YAML file.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate, in place of the scenario's own.
        baseline: Plan of the baseline, less the projects of the plan; the committed ones if not given.
        settings: Partners, pressure and coalitions (:func:`sogdia.api.dependence_settings`).
        samples: Samples of all uncertain figures, in which the partners of the largest losses withdraw.
        workers: Processes.
        store: A store or its folder; by default ``$SOGDIA_STORE`` or the user's data folder.
        progress: ``True`` for a progress bar, or a function of finished steps, all steps and a text.

    Returns:
        The dependence, with ``tables``, ``summary()``, ``plot()`` and ``compare(baseline)``.

    Raises:
        FaultsError: If a plan, scenario or region has errors.
        UnknownNameError: If a name is not known; the message lists the nearest.
        InputError: If a run has no solution.
        NotConvergedError: If a tolerance is not reached.
        CannotRunError: If the store cannot be used.

    Example:
        >>> import sogdia
        >>> sogdia.run_dependence(plan="under_construction").plot()  # doctest: +SKIP
    """
    for extra in ("trade", "power"):
        require_extra(extra, "dependence")
    cache, case = open_store(store), build_case(region, plan, scenario, year)
    compared, chosen = load_plan(baseline, case.region), settings or dependence_settings()
    executor = make_executor("processes", workers)
    result = stored_dependence(case, compared, chosen, cache)
    if result is None:
        result = _run_study(case, compared, chosen, cache, executor, progress)
    study = withdrawal_study(case, chosen, compared)
    if samples:
        _run_samples(study, result, samples, cache, executor, progress)
    run = DependenceRun(result, read_withdrawal_samples(study, cache))
    LOG.info("dependence of %s finished in %.1f s", run.title, result.engine["seconds"])
    return run


def _run_study(
    case: Case,
    baseline: Plan,
    settings: DependenceSettings,
    store: Store,
    executor: Executor,
    progress: ProgressLike,
) -> DependenceResult:
    """Run a study and store its tables."""
    with Progress(1, progress) as bar:
        result = dependence(
            case, settings, base=baseline, executor=executor, folder=store.folder, progress=bar.at
        )
    store_dependence(result, case.region, case.plan, case.scenario, baseline, store)
    return result


def _run_samples(
    study: WithdrawalStudy,
    result: DependenceResult,
    samples: int,
    store: Store,
    executor: Executor,
    progress: ProgressLike,
) -> None:
    """Run the largest losses in samples that the store lacks; samples without a solution are named."""
    with Progress(samples, progress) as bar:
        drawn = run_withdrawal_samples(
            study, worst_partners(result), samples, store, executor, progress=bar.at
        )
    for number, error in drawn.errors.items():
        LOG.warning("sample %d is left out: %s", number, error)
