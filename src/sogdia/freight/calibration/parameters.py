"""Which constants are estimated, and what is believed of each before: rows of ``calibration``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sogdia.assignment.kernels.arrays import Floats
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.supernetwork.constants import ENGINE, Constants


@dataclass(frozen=True, slots=True)
class Prior:
    """A constant to be estimated: ``ln value`` is normal about ``ln median`` before.

    Attributes:
        name: Its name, as :meth:`sogdia.freight.supernetwork.constants.Constants.changed` reads it.
        median: What it is taken for.
        doubt: Standard deviation of the logarithm.
    """

    name: str
    median: float
    doubt: float


def priors_of(case: Case) -> tuple[tuple[Prior, ...], Constants]:
    """What the table ``calibration`` says is to be estimated, and the constants it holds fixed.

    A row with a prior and its doubt is estimated; one with a prior alone is held at it.

    Raises:
        InputError: If nothing is to be estimated, a prior is not above 0, or a name is not known.
    """
    rows = case.table("calibration")
    mine = rows[(rows["engine"] == ENGINE) & rows["prior"].notna()]
    free = mine[mine["prior_sd_ln"].notna()]
    if free.empty:
        raise InputError(f"calibration.csv: no row of engine {ENGINE} has a prior and its doubt")
    for key, value in free["prior"].items():
        if value <= 0.0:
            raise InputError(f"calibration.csv: {key}: a prior of {value:g} has no logarithm")
    held = mine[mine["prior_sd_ln"].isna()]
    fixed = Constants().changed(
        {str(n): float(v) for n, v in zip(held["parameter"], held["prior"], strict=True)}
    )
    columns = (free["parameter"], free["prior"], free["prior_sd_ln"])
    priors = tuple(Prior(str(n), float(m), float(d)) for n, m, d in zip(*columns, strict=True))
    fixed.changed({prior.name: prior.median for prior in priors})
    return priors, fixed


def constants_at(x: Floats, priors: Sequence[Prior], base: Constants) -> Constants:
    """Constants where each parameter is ``x`` (N,) of its prior's deviations from the median."""
    return base.changed(
        {p.name: float(p.median * np.exp(p.doubt * step)) for p, step in zip(priors, x, strict=True)}
    )


def place_of(case: Case, priors: Sequence[Prior]) -> Floats:
    """Where the case's values lie, in deviations of the priors, (N,); 0 where there is none."""
    rows = case.table("calibration")
    mine = rows[(rows["engine"] == ENGINE) & (rows["value"] > 0.0)]
    values = dict(zip(mine["parameter"], mine["value"].astype(float), strict=True))
    return np.array([np.log(values.get(p.name, p.median) / p.median) / p.doubt for p in priors])
