"""Output of an estimate of demand: rows for ``demand_factors`` and ``calibration_fit``, and scores."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.freight.calibration.fit import Residuals, fit_row, rounded
from sogdia.freight.calibration.matrix import DemandEstimate
from sogdia.freight.calibration.measurements import CALIBRATION, USES
from sogdia.freight.supernetwork.constants import PER_CENT
from sogdia.freight.supernetwork.demand import PAIR
from sogdia.tables import list_items

ENGINE = "demand"
"""Name of the estimate in the table ``calibration_fit``."""
LEAST = 0.01
"""Logarithm of a factor below which it is not written."""


def factor_table(estimate: DemandEstimate, case: Case) -> pd.DataFrame:
    """Return the table ``demand_factors``: the pairs that counts change by more than :data:`LEAST`."""
    pairs = estimate.pairs[np.abs(np.log(estimate.pairs["factor"])) > LEAST].reset_index(drop=True)
    sources = {part for m in estimate.measurements if m.use == CALIBRATION for part in list_items(m.sources)}
    columns = list(case.region.table("demand_factors").reset_index(drop=True).columns)
    return pd.DataFrame(
        {
            **{name: pairs[name].astype(str) for name in PAIR},
            "factor": [rounded(value) for value in pairs["factor"].tolist()],
            "prior_t": pairs["tonnes"].round(0),
            "sd_ln": pairs["sd_ln"].round(4),
            "leverage": pairs["leverage"].round(3),
            "left_out_factor": [rounded(value) for value in pairs["left_out_factor"].tolist()],
            "observation": pairs["observation"].astype(str),
            "basis": "derived",
            "source": ";".join(sorted(sources)),
            "note": [_note(row) for row in pairs.to_dict("records")],
        }
    )[columns]


def _note(pair: Mapping[Hashable, Any]) -> str:
    """Return a note for a pair at an end of its range: no count moves it farther."""
    if not pair["at_bound"]:
        return ""
    end = "largest" if pair["factor"] > 1.0 else "least"
    return f"at the {end} factor of its range; {pair['pulled_by']} would move it farther"


def fit_table(estimate: DemandEstimate) -> pd.DataFrame:
    """Return rows of ``calibration_fit``: observed, modelled, residuals, and those of each count left out."""
    rows = []
    for i, m in enumerate(estimate.measurements):
        residuals = Residuals(
            float(estimate.residual[i]), float(estimate.left_out[i]), float(estimate.leverage[i])
        )
        note = f"modelled {estimate.before[i]:.4g} at the tonnes of trade"
        rows.append(fit_row(ENGINE, m, float(estimate.modelled[i]), residuals, note))
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class DemandScore:
    """Fit of a set of counts.

    Attributes:
        use: ``calibration`` or ``validation``.
        count: Counts.
        before_pct: Median error at the tonnes of trade, per cent.
        after_pct: Median error at the estimate.
        left_out_pct: Median error of each count if it were left out; NaN for validation.
    """

    use: str
    count: int
    before_pct: float
    after_pct: float
    left_out_pct: float


def demand_scores(estimate: DemandEstimate) -> tuple[DemandScore, ...]:
    """Return the scores of the counts used and of those not used."""
    observed, sd = (
        np.array([getattr(m, name) for m in estimate.measurements]) for name in ("observed", "sd_ln")
    )
    out = []
    for use in USES:
        own = np.array([m.use == use for m in estimate.measurements], dtype=np.bool_)
        if not own.any():
            continue
        errors = [np.abs(each / observed - 1.0)[own] for each in (estimate.before, estimate.modelled)]
        left_out = np.abs(np.expm1(estimate.left_out * sd))[own]
        medians = [PER_CENT * float(np.median(each)) for each in (*errors, left_out)]
        if use != CALIBRATION:
            medians[2] = float("nan")
        out.append(DemandScore(use, int(own.sum()), medians[0], medians[1], medians[2]))
    return tuple(out)
