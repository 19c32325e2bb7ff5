"""What a calibration leaves: rows for the tables ``calibration`` and ``calibration_fit``, and its scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sogdia.assignment.kernels.arrays import Bools
from sogdia.case import Case
from sogdia.freight.calibration.estimate import Estimate
from sogdia.freight.supernetwork.constants import ENGINE

DIGITS = 4
CALIBRATION, VALIDATION = "calibration", "validation"


@dataclass(frozen=True, slots=True)
class Score:
    """How well a set of observations is met.

    Attributes:
        use: ``calibration`` or ``validation``.
        count: Observations.
        median_error_pct: Median of ``|m − o| / o``, per cent.
        rank: Spearman's rank correlation of model and observation among flows; NaN below three.
        left_out: Root of the mean squared residual, in doubts, each row left out; NaN for validation.
    """

    use: str
    count: int
    median_error_pct: float
    rank: float
    left_out: float


def parameter_rows(found: Estimate, case: Case) -> pd.DataFrame:
    """The table ``calibration`` with the estimates in it: what was believed before stays as it is."""
    sources = sorted(
        {part for m in found.measurements if m.use == CALIBRATION for part in m.sources.split(";")}
    )
    rows = case.region.table("calibration").reset_index(drop=True)
    errors = dict(zip((prior.name for prior in found.priors), found.standard_error.tolist(), strict=True))
    for i, (engine, name) in enumerate(zip(rows["engine"], rows["parameter"], strict=True)):
        if engine != ENGINE:
            continue
        if name not in errors:
            rows.loc[i, "value"] = found.constants.value(name)
            continue
        rows.loc[i, "value"] = round(found.constants.value(name), DIGITS)
        rows.loc[i, "standard_error"] = round(errors[name], DIGITS)
        rows.loc[i, "basis"] = "derived"
        rows.loc[i, "source"] = ";".join(sources)
    return rows


def fit_rows(found: Estimate) -> pd.DataFrame:
    """Rows of ``calibration_fit``: observed and modelled, residuals, and those of each row left out."""
    left_out = found.left_out
    rows = []
    for i, m in enumerate(found.measurements):
        lost = bool(np.isnan(found.modelled[i]))
        used = m.use == CALIBRATION
        rows.append(
            {
                "engine": ENGINE,
                "observation": m.observation,
                "use": m.use,
                "observed": _rounded(m.observed),
                "modelled": 0.0 if lost else _rounded(float(found.modelled[i])),
                "unit": m.unit,
                "residual_sd": round(float(found.residual[i]), 3),
                "left_out_sd": round(float(left_out[i]), 3) if used else None,
                "leverage": round(float(found.leverage[i]), 3) if used else None,
                "basis": "derived",
                "source": m.sources,
                "note": "no way past these places in the model" if lost else "modelled at the estimate",
            }
        )
    return pd.DataFrame(rows)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def scores(found: Estimate) -> tuple[Score, Score]:
    """Scores of the calibration and, untouched by it, of the validation."""
    return _score(found, CALIBRATION), _score(found, VALIDATION)


def _score(found: Estimate, use: str) -> Score:
    mine: Bools = np.array([m.use == use for m in found.measurements], dtype=np.bool_)
    observed = np.array([m.observed for m in found.measurements])
    modelled = np.nan_to_num(found.modelled)
    error = np.abs(modelled - observed) / observed
    flows = mine & np.array([m.unit == "t/a" for m in found.measurements], dtype=np.bool_)
    rank = float(spearmanr(observed[flows], modelled[flows]).statistic) if flows.sum() > 2 else float("nan")
    left_out = found.left_out[mine]
    spread = float(np.sqrt(np.mean(left_out**2))) if use == CALIBRATION else float("nan")
    return Score(use, int(mine.sum()), 100.0 * float(np.median(error[mine])), rank, spread)
