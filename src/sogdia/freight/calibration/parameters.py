"""Parameters of the calibration and their priors: rows of the table ``calibration``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.supernetwork.constants import ENGINE, Constants

MOST_DEVIATIONS = 2.0
"""Standard deviations from its prior beyond which a constant needs a cause."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A constant to be estimated: a priori ``ln value`` is normal about ``ln median``.

    Attributes:
        name: Its name, as :meth:`sogdia.freight.supernetwork.constants.Constants.replaced` reads it.
        median: Median of the prior.
        sd_ln: Standard deviation of the logarithm.
    """

    name: str
    median: float
    sd_ln: float

    def value(self, x: float) -> float:
        """Return the value x standard deviations from the median."""
        return float(self.median * np.exp(self.sd_ln * x))


def read_priors(case: Case) -> tuple[tuple[Prior, ...], Constants]:
    """Return the priors of the constants to estimate, and the constants that are fixed.

    A row of ``calibration`` with a prior and its standard deviation is estimated; one with a prior alone is
    fixed at it.

    Raises:
        InputError: If nothing is to be estimated, a prior is not above 0, or a name is unknown.
    """
    rows = case.table("calibration")
    own = rows[(rows["engine"] == ENGINE) & rows["prior"].notna()]
    free = own[own["prior_sd_ln"].notna()]
    if free.empty:
        raise InputError(
            f"calibration.csv: nothing to estimate: no row of engine {ENGINE} has prior and prior_sd_ln"
        )
    for key, value in free["prior"].items():
        if value <= 0.0:
            raise InputError(
                f"calibration.csv: {key} prior: {value:g} has no logarithm; expected a prior > 0"
            )
    fixed_rows = own[own["prior_sd_ln"].isna()]
    fixed = Constants().replaced(
        {str(n): float(v) for n, v in zip(fixed_rows["parameter"], fixed_rows["prior"], strict=True)}
    )
    columns = (free["parameter"], free["prior"], free["prior_sd_ln"])
    priors = tuple(Prior(str(n), float(m), float(d)) for n, m, d in zip(*columns, strict=True))
    fixed.replaced({prior.name: prior.median for prior in priors})
    return priors, fixed


def constants_at(x: Floats, priors: Sequence[Prior], fixed: Constants) -> Constants:
    """Return the constants at ``x`` (N,), each in standard deviations of its prior from the median."""
    return fixed.replaced(
        {prior.name: prior.value(step) for prior, step in zip(priors, x.tolist(), strict=True)}
    )


def current_estimate(case: Case, priors: Sequence[Prior]) -> Floats:
    """Return the case's values in standard deviations of their priors, (N,); 0 where there is none."""
    rows = case.table("calibration")
    own = rows[(rows["engine"] == ENGINE) & (rows["value"] > 0.0)]
    values = dict(zip(own["parameter"], own["value"].astype(float), strict=True))
    return np.array([np.log(values.get(p.name, p.median) / p.median) / p.sd_ln for p in priors])


def prior_deviations(rows: pd.DataFrame) -> Floats:
    """Return how far values of ``calibration`` are from their priors, ``ln(value / prior) / sd_ln``.

    NaN for constants that are fixed or have no value.
    """
    columns = (rows[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("value", "prior"))
    sd = rows["prior_sd_ln"].to_numpy(dtype=np.float64, na_value=np.nan)
    value, prior = (np.where(each > 0.0, each, np.nan) for each in columns)
    return np.asarray(np.log(value / prior) / np.where(sd > 0.0, sd, np.nan))


def without_cause(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return a message for each constant of ``calibration`` far from its prior for which no cause is named.

    A prior is what was known before the observations: observations that move a constant far from it say that
    the prior, or the model that uses the constant, is wrong, and ``cause`` says which.
    """
    messages = []
    for row, off in zip(rows.to_dict("records"), prior_deviations(rows).tolist(), strict=True):
        if abs(off) > MOST_DEVIATIONS and not str(row["cause"] or "").strip():
            side = "above" if off > 0.0 else "below"
            messages.append(
                f"calibration.csv: {row['engine']}/{row['parameter']} value: {row['value']:g} is "
                f"{abs(off):.1f} standard deviations {side} its prior {row['prior']:g} and cause is empty; "
                "name the cause, or correct the prior"
            )
    return tuple(messages)
