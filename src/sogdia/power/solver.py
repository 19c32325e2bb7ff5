"""HiGHS: one programme held ready, solved again after changes of bounds and costs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from sogdia.power.arrays import Floats
from sogdia.power.program import Program

TOLERANCE = 1e-7
"""Largest breach of a row or bound, and of optimality, that HiGHS leaves."""


@dataclass(frozen=True, slots=True)
class Solve:
    """How HiGHS ended.

    Attributes:
        status: HiGHS's own word: ``Optimal``, ``Infeasible``, ``Unbounded``.
        objective_usd: Value of the objective.
        iterations: Iterations of the simplex and the interior point method.
        solver_s: Seconds inside HiGHS.
    """

    status: str
    objective_usd: float
    iterations: int
    solver_s: float


@dataclass(frozen=True, eq=False)
class Solution:
    """Values of columns, (C,), duals of rows, (R,), and how they were had."""

    values: Floats
    duals: Floats
    solve: Solve


class Highs:
    """A programme in HiGHS, kept from one solve to the next.

    Each solve but the first starts from the basis of the first, not of the last: among equally good solutions
    HiGHS then finds the same one whatever was solved in between.

    Args:
        program: The programme.
        solver: ``simplex`` or ``ipm``, as HiGHS calls them.
        threads: Threads.
    """

    def __init__(self, program: Program, solver: str, threads: int) -> None:
        self.program = program
        self._threads = threads
        self._highs = silent_highs()
        for name, value in (("solver", solver), ("threads", threads), ("random_seed", 0)):
            self._highs.setOptionValue(name, value)
        if solver == "ipm":
            self._highs.setOptionValue("run_crossover", "off")
        self._highs.passModel(highs_lp(program))
        self._cost, self._lower, self._upper = program.cost, program.lower, program.upper
        self._row_lower, self._row_upper = program.row_lower, program.row_upper

    def change(self, program: Program) -> None:
        """Take over bounds and costs of a programme with the same matrix; only what differs is passed on."""
        self.program = program
        places = _differing(self._cost, program.cost)
        if len(places):
            self._highs.changeColsCost(len(places), places, program.cost[places])
        places = np.union1d(_differing(self._lower, program.lower), _differing(self._upper, program.upper))
        if len(places):
            at = places.astype(np.int32)
            self._highs.changeColsBounds(len(at), at, program.lower[at], program.upper[at])
        rows = np.union1d(
            _differing(self._row_lower, program.row_lower), _differing(self._row_upper, program.row_upper)
        )
        for row in rows.tolist():
            self._highs.changeRowBounds(row, program.row_lower[row], program.row_upper[row])
        self._cost, self._lower, self._upper = program.cost, program.lower, program.upper
        self._row_lower, self._row_upper = program.row_lower, program.row_upper

    def run(self, basis: Any = None) -> Solution:
        """Solve from a basis, or from none; the status says whether there is a solution.

        Nothing is left of the solve before: what comes out hangs on the programme and the basis alone.
        """
        begun = time.perf_counter()
        _take_threads(self._threads)
        self._highs.clearSolver()
        if basis is not None:
            self._highs.setBasis(basis)
        self._highs.run()
        seconds = time.perf_counter() - begun
        status = self._highs.modelStatusToString(self._highs.getModelStatus())
        info, found = self._highs.getInfo(), self._highs.getSolution()
        iterations = max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)
        solve = Solve(status, float(info.objective_function_value), int(iterations), seconds)
        return Solution(np.array(found.col_value), np.array(found.row_dual), solve)

    def basis(self) -> Any:
        """The basis at the end of the last solve; ``None`` where there is none to go on from."""
        found = self._highs.getBasis()
        return found if found.valid else None


_taken: list[int] = []
"""Threads that HiGHS has taken in this process; it has one crew for all its models."""


def _take_threads(wanted: int) -> None:
    """Let the crew go where it has another size: HiGHS refuses to run a model that asks for one."""
    if _taken and _taken[0] != wanted:
        highspy.Highs.resetGlobalScheduler(True)
    _taken[:] = [wanted]


def _differing(before: Floats, after: Floats) -> Any:
    return np.flatnonzero(before != after).astype(np.int32)


class _Silent(highspy.Highs):
    """HiGHS that says nothing: as it comes it greets on standard output when its callbacks are made."""

    def enableCallbacks(self) -> Any:  # noqa: N802 (its name in highspy)
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()  # type: ignore[no-untyped-call]


def silent_highs() -> Any:
    """A HiGHS that writes nothing anywhere."""
    make: Any = _Silent
    return make()


def highs_lp(program: Program) -> Any:
    """A programme as HiGHS takes it."""
    found = highspy.HighsLp()
    found.num_col_, found.num_row_ = len(program.cost), len(program.row_lower)
    found.col_cost_, found.col_lower_, found.col_upper_ = program.cost, program.lower, program.upper
    found.row_lower_, found.row_upper_ = program.row_lower, program.row_upper
    found.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    found.a_matrix_.start_ = program.matrix.indptr
    found.a_matrix_.index_ = program.matrix.indices
    found.a_matrix_.value_ = program.matrix.data
    return found
