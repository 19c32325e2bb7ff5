"""Output of a calibration: rows for the tables ``calibration`` and ``calibration_fit``, and scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sogdia.assignment.kernels.arrays import Bools
from sogdia.case import Case
from sogdia.freight.calibration.estimate import Estimate
from sogdia.freight.calibration.measurements import CALIBRATION, VALIDATION, Measurement
from sogdia.freight.calibration.parameters import without_cause
from sogdia.freight.calibration.starts import other_minima, spread
from sogdia.freight.supernetwork.constants import ENGINE, PER_CENT
from sogdia.tables import list_items

DIGITS = 4
NO_PATH_NOTE = "no path past these places in the model"


@dataclass(frozen=True, slots=True)
class Score:
    """Fit of a set of observations.

    Attributes:
        use: ``calibration`` or ``validation``.
        count: Observations.
        median_error_pct: Median of ``|m − o| / o``, per cent.
        rank: Spearman's rank correlation of model and observation among flows; NaN for fewer than three.
        left_out: Root mean squared residual, in standard deviations, each row left out; NaN for validation.
    """

    use: str
    count: int
    median_error_pct: float
    rank: float
    left_out: float


def parameter_table(estimated: Estimate, case: Case) -> pd.DataFrame:
    """Return the table ``calibration`` with the estimates in it; priors and causes are unchanged.

    ``lowest_end`` and ``highest_end`` are the least and largest value among the ends of the searches.
    """
    sources = sorted(
        {part for m in estimated.measurements if m.use == CALIBRATION for part in list_items(m.sources)}
    )
    rows = case.region.table("calibration").reset_index(drop=True)
    errors = dict(
        zip((prior.name for prior in estimated.priors), estimated.standard_error.tolist(), strict=True)
    )
    ends = dict(zip(errors, _values_at_ends(estimated), strict=True))
    for i, (engine, name) in enumerate(zip(rows["engine"], rows["parameter"], strict=True)):
        if engine != ENGINE:
            continue
        if name not in errors:
            rows.loc[i, "value"] = estimated.constants.value(name)
            continue
        rows.loc[i, "value"] = round(estimated.constants.value(name), DIGITS)
        rows.loc[i, "standard_error"] = round(errors[name], DIGITS)
        rows.loc[i, ["lowest_end", "highest_end"]] = ends[name]
        rows.loc[i, "basis"] = "derived"
        rows.loc[i, "source"] = ";".join(sources)
    return rows


def _values_at_ends(estimated: Estimate) -> list[tuple[float, float]]:
    """Return the least and largest value of each constant among the ends of the searches."""
    if not estimated.ends:
        return [(float("nan"), float("nan"))] * len(estimated.priors)
    low, high = spread(estimated.ends)
    return [
        (round(prior.value(a), DIGITS), round(prior.value(b), DIGITS))
        for prior, a, b in zip(estimated.priors, low.tolist(), high.tolist(), strict=True)
    ]


def fit_table(estimated: Estimate) -> pd.DataFrame:
    """Return rows of ``calibration_fit``: observed, modelled, residuals, and those of each row left out."""
    left_out, rows = estimated.left_out, []
    for i, m in enumerate(estimated.measurements):
        has_no_path = bool(np.isnan(estimated.modelled[i]))
        residuals = Residuals(float(estimated.residual[i]), float(left_out[i]), float(estimated.leverage[i]))
        note = NO_PATH_NOTE if has_no_path else "modelled at the estimate"
        modelled = 0.0 if has_no_path else float(estimated.modelled[i])
        rows.append(fit_row(ENGINE, m, modelled, residuals, note))
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class Residuals:
    """Residual of an observation in standard deviations, the same if it were left out, and its leverage."""

    own: float
    left_out: float
    leverage: float


def fit_row(
    engine: str, m: Measurement, modelled: float, residuals: Residuals, note: str
) -> dict[str, object]:
    """Return a row of ``calibration_fit``; an observation that is not used has no leverage."""
    is_used = m.use == CALIBRATION
    return {
        "engine": engine,
        "observation": m.observation,
        "use": m.use,
        "observed": rounded(m.observed),
        "modelled": rounded(modelled),
        "unit": m.unit,
        "residual_sd": round(residuals.own, 3),
        "left_out_sd": round(residuals.left_out, 3) if is_used else None,
        "leverage": round(residuals.leverage, 3) if is_used else None,
        "basis": "derived",
        "source": m.sources,
        "note": note,
    }


def search_report(estimated: Estimate, rows: pd.DataFrame) -> list[str]:
    """Return lines on the search: its ends, other minima that fit as well, constants far from their priors.

    Args:
        estimated: The estimate.
        rows: Its rows of the table ``calibration``.
    """
    lines = [f"least misfit {estimated.misfit:.2f}"] if estimated.ends else []
    for end in estimated.ends:
        found = f"misfit {end.misfit:.2f}" if np.isfinite(end.misfit) else "the model cannot be solved there"
        lines.append(f"search from {end.start}: {found}, {end.evaluations} solutions")
    error = np.sqrt(np.diag(estimated.covariance))
    for end, off in other_minima(estimated.ends, estimated.x, error):
        far = [
            f"{prior.name} {prior.value(x):.3g} for {prior.value(best):.3g}"
            for prior, x, best, distance in zip(
                estimated.priors, end.x.tolist(), estimated.x.tolist(), off.tolist(), strict=True
            )
            if abs(distance) > 1.0
        ]
        lines.append(f"another minimum fits about as well (search from {end.start}): {', '.join(far)}")
    own = rows.set_index("parameter", drop=False)
    for prior in estimated.priors:
        for message in without_cause(own.loc[[prior.name]]):
            pulled = ", ".join(estimated.pulled_by(prior.name))
            lines.append(f"{message} (pulled most by {pulled})" if pulled else message)
    return lines


def rounded(value: float) -> float:
    """Return a figure with four digits."""
    return float(f"{value:.4g}")


def scores(estimated: Estimate) -> tuple[Score, Score]:
    """Return the scores of the calibration and of the validation, whose rows it did not use."""
    return _score(estimated, CALIBRATION), _score(estimated, VALIDATION)


def _score(estimated: Estimate, use: str) -> Score:
    own: Bools = np.array([m.use == use for m in estimated.measurements], dtype=np.bool_)
    observed = np.array([m.observed for m in estimated.measurements])
    modelled = np.nan_to_num(estimated.modelled)
    error = np.abs(modelled - observed) / observed
    flows = own & np.array([m.unit == "t/a" for m in estimated.measurements], dtype=np.bool_)
    rank = float(spearmanr(observed[flows], modelled[flows]).statistic) if flows.sum() > 2 else float("nan")
    left_out = estimated.left_out[own]
    spread = float(np.sqrt(np.mean(left_out**2))) if use == CALIBRATION else float("nan")
    return Score(use, int(own.sum()), PER_CENT * float(np.median(error[own])), rank, spread)
