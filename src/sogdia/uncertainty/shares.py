"""Variance shares: which group of uncertain figures decides how far a result spreads, from given samples.

* ``first``: share of the variance that a group explains by itself, ``S = V(E(y|x)) / V(y)``.
* ``delta``: Borgonovo's (2007) measure, half the mean area between the densities of y with and without x
  known; it has all interactions of the group.
* ``pawn``: median Kolmogorov–Smirnov distance between distributions of y with and without x known (Pianosi &
  Wagener 2018); robust for skewed results.

SALib estimates all three from the samples of the ensemble itself; no further run is needed.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from sogdia.errors import CannotRunError, InputError
from sogdia.extras import install_message

FEWEST = 32
RESAMPLES, CONFIDENCE = 100, 0.8
SLICES = 8
COLUMNS = ("group", "first", "first_conf", "delta", "delta_conf", "pawn", "rank_correlation")


def variance_shares(inputs: pd.DataFrame, result: pd.Series, seed: int = 1) -> pd.DataFrame:
    """Estimate how much of a result's spread each input explains.

    Args:
        inputs: Quantile of each group in each sample, indexed by sample.
        result: The result by sample; samples without one are left out.
        seed: Seed of the resampling.

    Returns:
        :data:`COLUMNS`, the largest first-order share first; ``…_conf`` are half widths of 80 % intervals by
        bootstrap; ``rank_correlation`` is Spearman's, for the sign.

    Raises:
        InputError: If fewer than 32 samples have a result, or it does not vary.
        CannotRunError: If SALib is not installed.
    """
    known = result.dropna()
    x = inputs.loc[known.index]
    if len(known) < FEWEST:
        raise InputError(f"samples: {len(known)} have a result; variance shares need at least {FEWEST}")
    if float(known.max()) == float(known.min()):
        raise InputError("the result is the same in all samples; it has no variance to share")
    problem = {
        "num_vars": x.shape[1],
        "names": list(map(str, x.columns)),
        "bounds": [[0.0, 1.0]] * x.shape[1],
    }
    points, y = x.to_numpy(dtype=np.float64), known.to_numpy(dtype=np.float64)
    found, distances = _analyse(problem, points, y, seed)
    table = pd.DataFrame(
        {
            "group": problem["names"],
            "first": np.clip(found["S1"], 0.0, 1.0),
            "first_conf": found["S1_conf"],
            "delta": found["delta_raw"],
            "delta_conf": found["delta_raw_conf"],
            "pawn": distances["median"],
            "rank_correlation": x.rank().corrwith(known.rank()).to_numpy(),
        }
    )
    return table.sort_values("first", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]


def _analyse(problem: dict[str, Any], points: Any, y: Any, seed: int) -> tuple[Any, Any]:
    """Return the results of SALib, which changes warnings and the global generator: both are put back."""
    try:
        from SALib.analyze import delta, pawn
    except ImportError as error:
        raise CannotRunError(install_message("variance shares", ["uncertainty"], ["SALib"])) from error
    state, form = np.random.get_state(), warnings.formatwarning  # noqa: NPY002 (SALib draws from it)
    with warnings.catch_warnings(record=True):
        try:
            found = delta.analyze(
                problem, points, y, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed
            )
            return found, pawn.analyze(problem, points, y, S=SLICES, seed=seed)
        finally:
            warnings.formatwarning = form
            np.random.set_state(state)  # noqa: NPY002
