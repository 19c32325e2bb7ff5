"""Starting points of a search for constants, and where the searches from them ended.

The sum that is minimised may have several local minima, so it is searched from several points. Some of these
are draws from the priors, stratified in each constant (Latin hypercube: McKay, Beckman & Conover 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sogdia.assignment.kernels.arrays import Floats

SEED = 15
"""Seed of the draws from the priors."""
NEAR = 2.0
"""Difference of two misfits, −2 ln of posterior densities, below which both minima count as estimates."""
PACK, PRIORS = "values of the pack", "medians of the priors"


@dataclass(frozen=True, eq=False)
class SearchEnd:
    """Where a search from one starting point ended.

    Attributes:
        start: Name of the starting point.
        x: Constants there, in standard deviations of the priors, (N,).
        misfit: The sum that is minimised; infinite if the model could not be solved at the start.
        evaluations: Solutions of the model that the search took.
    """

    start: str
    x: Floats
    misfit: float
    evaluations: int


def starting_points(current: Floats | None, size: int, draws: int) -> tuple[tuple[str, Floats], ...]:
    """Return named starting points of ``size`` constants, in standard deviations of the priors.

    Args:
        current: Values of the pack, (N,); ``None`` not to start there.
        size: Number N of constants.
        draws: Number of draws from the priors. With another number all draws are others, since they are
            stratified.
    """
    points = [] if current is None or not current.any() else [(PACK, current)]
    points.append((PRIORS, np.zeros(size)))
    if draws:
        drawn = ndtri(qmc.LatinHypercube(size, rng=SEED).random(draws))
        points += [(f"draw {n + 1}", row) for n, row in enumerate(drawn)]
    return tuple(points)


def spread(ends: Sequence[SearchEnd]) -> tuple[Floats, Floats]:
    """Return the least and largest x over the searches that ended, (N,) each."""
    found = np.array([end.x for end in ends if np.isfinite(end.misfit)])
    return found.min(axis=0), found.max(axis=0)


def other_minima(
    ends: Sequence[SearchEnd], best: Floats, error: Floats
) -> tuple[tuple[SearchEnd, Floats], ...]:
    """Return the other minima that fit about as well, and how far off they are in standard errors, (N,).

    A minimum is another one if a constant is more than one standard error from the best; it fits as well if
    its misfit is within :data:`NEAR` of the least.

    Args:
        ends: Where the searches ended.
        best: The estimate, in standard deviations of the priors, (N,).
        error: Its standard errors in the same unit, (N,).
    """
    least = min(end.misfit for end in ends)
    near = [(end, (end.x - best) / error) for end in ends if end.misfit <= least + NEAR]
    return tuple((end, off) for end, off in near if np.abs(off).max() > 1.0)
