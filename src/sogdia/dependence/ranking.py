"""Composite scores for ranking, and how far a ranking depends on the weights.

A score is ``Σ_m w_m x_m`` with weights on the simplex (``w ≥ 0``, ``Σ w = 1``). Each ranking is reported with
the share of the weight simplex under which it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
LOG2_POINTS = 14


def scaled(measures: Floats) -> Floats:
    """Scale each measure from 0 (minimum) to 1 (maximum) over the rows; 0 if all rows are equal, (n, m)."""
    lowest, highest = measures.min(axis=0), measures.max(axis=0)
    span = np.where(highest > lowest, highest - lowest, 1.0)
    return np.asarray((measures - lowest) / span)


def share_above(difference: Floats) -> float:
    """Compute the share of the weight simplex with ``w · d > 0`` for the lead d of a row over another, (m,).

    Exact, by Varsi's (1973) recursion for the volume of a simplex cut by a half-space. Measures on which the
    two rows are equal do not count: the other weights, divided by their sum, are uniform on their own
    simplex.
    """
    above, below = difference[difference > 0.0], -difference[difference < 0.0]
    if above.size == 0 or below.size == 0:
        return float(above.size > 0)
    table = np.zeros(below.size + 1)
    table[0] = 1.0
    for lead in above:
        for k, lag in enumerate(below, start=1):
            table[k] = (lag * table[k] + lead * table[k - 1]) / (lag + lead)
    return float(table[-1])


@dataclass(frozen=True, eq=False)
class Ranking:
    """Rows ranked by a composite score.

    Attributes:
        scores: Score of each row, (n,).
        order: Rows from the highest score to the lowest, (n,).
        share_of_weights: Share of the weight simplex under which the complete order holds.
        share_first: For each row, the share under which it ranks first, (n,).
        above: Share under which row i scores above row j, exact, (n, n).
    """

    scores: Floats
    order: Longs
    share_of_weights: float
    share_first: Floats
    above: Floats


def ranking(measures: Floats, weights: Floats) -> Ranking:
    """Rank rows by measures on a common scale (:func:`scaled`).

    The shares of pairs are exact; those of the complete order and of the first rank use 2^14 Sobol points,
    mapped to the simplex by the spacings of sorted uniforms (Kraemer 1999).

    Args:
        measures: x, (n, m); more is worse.
        weights: w, (m,).

    Raises:
        InputError: If weights are negative or do not sum to 1.
    """
    n, m = measures.shape
    if len(weights) != m or (weights < 0.0).any() or abs(float(weights.sum()) - 1.0) > 1e-9:
        raise InputError(f"a composite of {m} measures needs {m} weights of at least 0 that sum to 1")
    scores = measures @ weights
    order = np.argsort(-scores, kind="stable")
    drawn = measures @ _weights(m).T
    held = np.ones(drawn.shape[1], dtype=bool)
    for first, second in pairwise(order):
        held &= drawn[first] >= drawn[second]
    best = np.bincount(drawn.argmax(axis=0), minlength=n) / drawn.shape[1]
    above = np.array([[share_above(measures[i] - measures[j]) for j in range(n)] for i in range(n)])
    return Ranking(scores, order, float(held.mean()), best, above)


def _weights(m: int) -> Floats:
    if m == 1:
        return np.ones((1, 1))
    points = np.sort(qmc.Sobol(m - 1, scramble=True, rng=np.random.default_rng(1)).random_base2(LOG2_POINTS))
    edges = np.column_stack([np.zeros(len(points)), points, np.ones(len(points))])
    return np.asarray(np.diff(edges, axis=1))
