"""Solve a linear programme with HiGHS, repeatedly with other bounds and costs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.kernels.linear_program import LinearProgram

TOLERANCE = 1e-7
"""Primal and dual feasibility tolerance of HiGHS."""


@dataclass(frozen=True, slots=True)
class SolverRecord:
    """End of a solve.

    Attributes:
        status: Status that HiGHS reports: ``Optimal``, ``Infeasible``, ``Unbounded``.
        objective_usd: Value of the objective.
        iterations: Iterations of the simplex and the interior point method.
        solver_s: Seconds in HiGHS.
    """

    status: str
    objective_usd: float
    iterations: int
    solver_s: float


@dataclass(frozen=True, eq=False)
class Solution:
    """Solution of a programme.

    Attributes:
        values: Values of columns, (C,).
        duals: Duals of rows, (R,).
        record: End of the solve.
    """

    values: Floats
    duals: Floats
    record: SolverRecord


class Highs:
    """HiGHS with one programme, solved repeatedly.

    Args:
        program: The programme.
        solver: ``simplex`` or ``ipm``, as in HiGHS.
        threads: Threads.
    """

    def __init__(self, program: LinearProgram, solver: str, threads: int) -> None:
        self.program = program
        self._threads = threads
        self._highs = silent_highs()
        for name, value in (("solver", solver), ("threads", threads), ("random_seed", 0)):
            self._highs.setOptionValue(name, value)
        if solver == "ipm":
            self._highs.setOptionValue("run_crossover", "off")
        self._highs.passModel(highs_lp(program))

    def change(self, program: LinearProgram) -> None:
        """Set bounds and costs to those of a programme with the same matrix, where they differ."""
        before, self.program = self.program, program
        columns = _differing(before.cost, program.cost)
        if len(columns):
            self._highs.changeColsCost(len(columns), columns, program.cost[columns])
        columns = np.union1d(_differing(before.lower, program.lower), _differing(before.upper, program.upper))
        if len(columns):
            at = columns.astype(np.int32)
            self._highs.changeColsBounds(len(at), at, program.lower[at], program.upper[at])
        rows = np.union1d(
            _differing(before.row_lower, program.row_lower), _differing(before.row_upper, program.row_upper)
        )
        for row in rows.tolist():
            self._highs.changeRowBounds(row, program.row_lower[row], program.row_upper[row])

    def run(self, basis: Any = None) -> Solution:
        """Solve from a basis (warm start), or from none.

        The state of the previous solve is cleared: the solution depends on the programme and the basis alone.
        """
        started = time.perf_counter()
        _set_threads(self._threads)
        self._highs.clearSolver()
        if basis is not None:
            self._highs.setBasis(basis)
        self._highs.run()
        seconds = time.perf_counter() - started
        status = self._highs.modelStatusToString(self._highs.getModelStatus())
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        iterations = max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)
        record = SolverRecord(status, float(info.objective_function_value), int(iterations), seconds)
        return Solution(np.array(solution.col_value), np.array(solution.row_dual), record)

    def basis(self) -> Any:
        """Return the basis of the last solve; ``None`` if it has none."""
        basis = self._highs.getBasis()
        return basis if basis.valid else None


_threads_in_use: list[int] = []
"""Threads of HiGHS's scheduler, which is shared by all models of a process."""


def _set_threads(threads: int) -> None:
    """Restart the scheduler if its size differs: HiGHS refuses to run a model with another one."""
    if _threads_in_use and _threads_in_use[0] != threads:
        highspy.Highs.resetGlobalScheduler(True)
    _threads_in_use[:] = [threads]


def _differing(before: Floats, after: Floats) -> Any:
    return np.flatnonzero(before != after).astype(np.int32)


class _SilentHighs(highspy.Highs):
    """HiGHS without output: the original prints a banner when its callbacks are enabled."""

    def enableCallbacks(self) -> Any:  # noqa: N802 (its name in highspy)
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()  # type: ignore[no-untyped-call]


def silent_highs() -> Any:
    """Return a HiGHS that prints nothing."""
    make: Any = _SilentHighs
    return make()


def highs_lp(program: LinearProgram) -> Any:
    """Return a programme in HiGHS's own form."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.matrix.indptr
    lp.a_matrix_.index_ = program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data
    return lp


def expand_basis(basis: Any, small: LinearProgram, large: LinearProgram, snapshot: Ints) -> Any:
    """Give the basis of a programme to a larger one with more snapshots.

    Args:
        basis: Basis of the small programme.
        small: The small programme.
        large: The large programme.
        snapshot: Snapshot of the small programme for each of the large one, (T,).
    """
    expanded = highspy.HighsBasis()
    status = highspy.HighsBasisStatus
    expanded.col_status = _expand(
        small.columns, large.columns, basis.col_status, snapshot, [status.kLower] * len(large.cost)
    )
    expanded.row_status = _expand(
        small.rows, large.rows, basis.row_status, snapshot, [status.kBasic] * len(large.row_lower)
    )
    expanded.valid = expanded.alien = True
    return expanded


def _expand(
    small: Mapping[str, Ints], large: Mapping[str, Ints], statuses: Any, snapshot: Ints, default: list[Any]
) -> list[Any]:
    known, result = np.array(list(statuses), dtype=object), np.array(default, dtype=object)
    for kind, positions in large.items():
        if kind not in small:
            continue
        # Constraints of periods exist once in both programmes, those of snapshots once for each.
        per_snapshot = positions.ndim == 2 and len(positions) == len(snapshot)
        source = small[kind][snapshot] if per_snapshot else small[kind]
        if source.shape != positions.shape:
            # Constraints between snapshots, such as ramps, of which the programmes have other numbers.
            continue
        exists = positions >= 0
        result[positions[exists]] = known[source[exists]]
    return list(result)
