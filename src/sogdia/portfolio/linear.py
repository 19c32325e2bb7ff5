"""Integer programs over a problem's options, solved by HiGHS through SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from sogdia.errors import SogdiaError
from sogdia.logs import silent_output
from sogdia.portfolio.arrays import Bools, Choices, Floats
from sogdia.portfolio.feasible import LinearSystem

OPTIMAL, INFEASIBLE = 0, 2


class SolverError(SogdiaError):
    """HiGHS ended an integer program without an optimum and without a proof that there is none."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows ``lower ≤ A z + B y ≤ upper`` on top of a linear system, y being further variables.

    Attributes:
        matrix: (R, K + Y).
        lower: (R,).
        upper: (R,).
    """

    matrix: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Solution:
    """Optimum of an integer program.

    Attributes:
        choice: The portfolio, (n,).
        value: Value of the objective that was maximised.
    """

    choice: Choices
    value: float


def maximise(
    system: LinearSystem,
    gain: Floats,
    rows: Rows | None = None,
    *,
    extra_bounds: Floats | None = None,
    active: Bools | None = None,
    gap: float = 0.0,
) -> Solution | None:
    """Maximise ``g'(z, y)`` over portfolios z and further continuous variables y.

    Args:
        system: Limits on z.
        gain: g, (K + Y,).
        rows: Further rows.
        extra_bounds: Bounds of y, (Y, 2).
        active: Rows of the system that hold, (R,); all by default.
        gap: Relative gap at which HiGHS may end.

    Returns:
        The optimum; ``None`` if no portfolio respects the rows.

    Raises:
        SolverError: If HiGHS decides neither.
    """
    problem = system.problem
    size = len(problem.options)
    further = 0 if extra_bounds is None else len(extra_bounds)
    one = np.zeros((len(problem.projects), size))
    one[[i for i, _ in problem.options], np.arange(size)] = 1.0
    used = np.ones(len(system.names), dtype=np.bool_) if active is None else active
    matrix = np.vstack([one, system.matrix[used]])
    matrix = np.hstack([matrix, np.zeros((len(matrix), further))])
    lower = np.concatenate([np.full(len(one), -np.inf), system.lower[used]])
    upper = np.concatenate([np.ones(len(one)), system.upper[used]])
    if rows is not None:
        matrix = np.vstack([matrix, rows.matrix])
        lower, upper = np.concatenate([lower, rows.lower]), np.concatenate([upper, rows.upper])
    low = np.concatenate([np.zeros(size), np.empty(0) if extra_bounds is None else extra_bounds[:, 0]])
    high = np.concatenate([np.ones(size), np.empty(0) if extra_bounds is None else extra_bounds[:, 1]])
    with silent_output():
        found = milp(
            -gain,
            integrality=np.concatenate([np.ones(size), np.zeros(further)]),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(csr_array(matrix), lower, upper),
            options={"mip_rel_gap": gap},
        )
    if found.status == INFEASIBLE:
        return None
    if found.status != OPTIMAL or found.x is None:
        raise SolverError(f"HiGHS: {found.message}")
    choice = problem.choices_of((found.x[:size] > 0.5)[None])[0]
    return Solution(choice, -float(found.fun))
