"""An upper bound of gains that are quadratic in the projects, by an integer program.

For gains ``Σ_io b_io z_io + Σ_{i<j} q_ij y_i y_j`` with y_i = Σ_o z_io, products of binaries are linear rows
(McCormick 1976), so that the optimum of the program is that of the gains. Limits on results are left out,
which can only raise it: no portfolio that respects the limits has more.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sogdia.portfolio.arrays import Floats
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.linear import Rows, maximise
from sogdia.portfolio.surrogate import Surrogate, pairs_of, program

GAP = 1e-4
"""Relative gap at which HiGHS may end; the bound is raised by it."""


def quadratic_bound(system: LinearSystem, single: Floats, pairs: Mapping[tuple[int, int], float]) -> float:
    """Return an upper bound of a quadratic gain over the portfolios that respect the limits.

    Args:
        system: Limits.
        single: b, (K,).
        pairs: q by pair of projects, the smaller number first.

    Returns:
        The bound; −∞ if no portfolio respects the limits, ∞ if there are too many projects for pairs
        (:data:`sogdia.portfolio.surrogate.MOST_PAIRED`).

    Raises:
        SolverError: If HiGHS decides neither.
    """
    problem = system.problem
    known = pairs_of(problem)
    if pairs and not known:
        return float("inf")
    own = np.array([pairs.get(pair, 0.0) for pair in known], dtype=np.float64)
    gain, rows = program(Surrogate(problem, 0.0, single, own))
    table = Rows(
        np.array([row for row, _, _ in rows]).reshape(len(rows), gain.size),
        np.array([low for _, low, _ in rows]),
        np.array([high for _, _, high in rows]),
    )
    bounds = np.tile([0.0, 1.0], (gain.size - len(problem.options), 1))
    found = maximise(system, gain, table, extra_bounds=bounds, gap=GAP)
    return -float("inf") if found is None else found.value + GAP * abs(found.value)
