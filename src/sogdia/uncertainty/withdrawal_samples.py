"""Losses from withdrawals in samples of all uncertain figures: intervals of dependence on chosen partners.

A sample is a study of the withdrawal of each chosen partner alone at the last horizon: with its own baseline,
freight, trade, power system and finance, at the sample's figures. Coalitions and channels are left out, which
take most of the runs. The record has a key of the study, without the number of samples: more replace fewer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sogdia.case import build_case
from sogdia.case.draws import Draw
from sogdia.dependence.coalitions import run_withdrawals
from sogdia.dependence.results import DependenceResult
from sogdia.dependence.study import WithdrawalStudy
from sogdia.errors import CannotRunError, InputError, SogdiaError
from sogdia.runs.executor import Executor
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import code_version, engine_version
from sogdia.tables.results import ResultTable, integer, number, text
from sogdia.uncertainty.ensemble import HIGH, LOW
from sogdia.uncertainty.sampling import draw_samples

KIND = "withdrawal_samples"
SAMPLES = "sample_losses"
KEYS = ["home", "partner"]
LOSSES = ("loss_pct", "loss_musd")
LOSS_INTERVALS = ResultTable(
    "loss_intervals",
    "Intervals of losses",
    "One row per home country and partner: its loss at the last horizon in samples of all uncertain figures.",
    (
        text("home", "Home country", "Code of the home country.", key=True),
        text("partner", "Partner", "Withdrawn partner, a row of partners.", key=True),
        integer("count", "1", "Samples", "Number of samples with a result."),
        number("loss_pct_low", "%", "Loss, low", "Quantile of 10 % of the loss over GDP."),
        number("loss_pct_median", "%", "Loss, median", "Median of the loss over GDP."),
        number("loss_pct_high", "%", "Loss, high", "Quantile of 90 % of the loss over GDP."),
        number("loss_musd_low", "USD million/a", "Loss, low", "Quantile of 10 % of the loss."),
        number("loss_musd_median", "USD million/a", "Loss, median", "Median of the loss."),
        number("loss_musd_high", "USD million/a", "Loss, high", "Quantile of 90 % of the loss."),
        number("largest_pct", "%", "Samples in which it is largest", "Share, among the partners drawn."),
    ),
)


@dataclass(frozen=True, eq=False)
class WithdrawalSamples:
    """Losses in samples.

    Attributes:
        losses: ``sample``, ``home``, ``partner``, ``loss_pct``, ``loss_musd``.
        errors: Messages of the samples that failed, by number.
    """

    losses: pd.DataFrame
    errors: Mapping[int, str]

    def intervals(self) -> pd.DataFrame:
        """Return table :data:`LOSS_INTERVALS`."""
        return loss_intervals(self.losses)


def worst_partners(result: DependenceResult) -> tuple[str, ...]:
    """Return the partners whose withdrawal alone costs some home country most at the last horizon."""
    worst = set(result.at(list(result.horizons)[-1]).headline["worst_partner"])
    return tuple(name for name in result.partners if name in worst)


def sample_study(study: WithdrawalStudy, draw: Draw, partners: Sequence[str]) -> WithdrawalStudy:
    """Return the study of a sample: each partner alone at the last horizon, at the sample's figures."""
    scenario = study.case.scenario.model_copy(update={"draw": draw})
    chosen = {
        "partners": tuple(partners), "horizons": study.horizons[-1:], "coalitions": False, "channels": False,
    }  # fmt: skip
    case = build_case(study.case.region, study.case.plan, scenario)
    return WithdrawalStudy(case, study.settings.model_copy(update=chosen), study.baseline_plan)


def run_withdrawal_samples(
    study: WithdrawalStudy,
    partners: Sequence[str],
    samples: int,
    store: Store,
    executor: Executor | None = None,
    *,
    seed: int = 1,
    progress: Callable[[int, int, str], None] = lambda _finished, _all, _label: None,
) -> WithdrawalSamples:
    """Run the samples that the store lacks, and store the record of their losses.

    Args:
        study: The study at the figures of the pack.
        partners: Partners to withdraw, each alone.
        samples: Number of samples, drawn as those of an ensemble.
        store: The store.
        executor: Where jobs run; in this process if not given.
        seed: Seed.
        progress: Called after each sample.

    Raises:
        InputError: If the region has no rules of uncertainty, or no sample has a result.
        CannotRunError: If the store cannot be used.
    """
    draws, _ = draw_samples(study.case.region, samples, seed)
    parts, errors = [], {}
    for draw in draws:
        progress(draw.sample - 1, samples, f"withdrawals, sample {draw.sample}")
        try:
            runs = run_withdrawals(sample_study(study, draw, partners), store, executor)
        except CannotRunError:
            raise
        except SogdiaError as error:
            errors[draw.sample] = str(error)
            continue
        alone = runs.losses[runs.losses["size"] == 1].rename(columns={"partners": "partner"})
        parts.append(alone[[*KEYS, *LOSSES]].assign(sample=draw.sample))
    progress(samples, samples, "withdrawals")
    if not parts:
        raise InputError(f"no sample has a result: {next(iter(errors.values()))}")
    found = WithdrawalSamples(pd.concat(parts, ignore_index=True), errors)
    _store(study, found, store)
    return found


def loss_intervals(losses: pd.DataFrame) -> pd.DataFrame:
    """Return the intervals of losses over samples.

    Args:
        losses: As :attr:`WithdrawalSamples.losses`.

    Returns:
        Table :data:`LOSS_INTERVALS`.
    """
    grouped = losses.groupby(KEYS, sort=False)
    parts: dict[str, pd.Series] = {"count": grouped["loss_pct"].count()}
    for column in LOSSES:
        for name, share in (("low", LOW), ("median", 0.5), ("high", HIGH)):
            parts[f"{column}_{name}"] = grouped[column].quantile(share)
    largest = losses.loc[losses.groupby(["sample", "home"])["loss_pct"].idxmax()]
    times = largest.groupby(KEYS)["sample"].count().reindex(parts["count"].index, fill_value=0)
    parts["largest_pct"] = 100.0 * times / parts["count"]
    return LOSS_INTERVALS.frame(pd.DataFrame(parts).reset_index())


def read_withdrawal_samples(study: WithdrawalStudy, store: Store) -> pd.DataFrame | None:
    """Return table :data:`LOSS_INTERVALS` of a study; ``None`` if the store has no samples of it.

    Raises:
        DamagedError: If a file of it was changed.
    """
    key = _key(study)
    return loss_intervals(store.read(key, SAMPLES)) if key in store else None


def _store(study: WithdrawalStudy, found: WithdrawalSamples, store: Store) -> None:
    """Store the losses, unless the store has more samples of the study."""
    key, count = _key(study), int(found.losses["sample"].nunique())
    if key in store:
        if store.metadata(key).figures.get("samples", 0.0) > count:
            return
        store.remove(key)
    case = study.case
    metadata = RunMetadata(
        run=key, kind=KIND, region=case.region.name, plan=case.plan.name, scenario=case.scenario.name,
        year=case.year, parts={"case": case.digest, "version": engine_version()}, settings={},
        figures={"samples": float(count)},
    )  # fmt: skip
    store.write(metadata, {SAMPLES: found.losses})


def _key(study: WithdrawalStudy) -> str:
    """Return the digest of all that decides losses: not coalitions, channels or what is reported of them."""
    settings = study.settings.model_dump(mode="json", include={"study", "power", "pressure", "rate", "debt"})
    parts = (
        KIND, study.case.digest, study.baseline_plan.digest, study.horizons[-1],
        json.dumps(settings, sort_keys=True), engine_version(), code_version("finance"),
    )  # fmt: skip
    return hashlib.sha256(";".join(parts).encode()).hexdigest()
