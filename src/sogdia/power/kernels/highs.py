"""Solve a linear programme with HiGHS, repeatedly with other bounds and costs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from sogdia.power.arrays import Bools, Floats, Ints
from sogdia.power.kernels.linear_program import LinearProgram

TOLERANCE = 1e-7
"""Primal and dual feasibility tolerance of HiGHS."""
SCALING = 0
"""No scaling (``simplex_scale_strategy``): coefficients are near one, and HiGHS takes fewer iterations."""
_STATUS = np.array(
    [
        getattr(highspy.HighsBasisStatus, name)
        for name in ("kLower", "kBasic", "kUpper", "kZero", "kNonbasic")
    ],
    dtype=object,
)
Statuses = npt.NDArray[np.int8]
LOWER, BASIC = 0, 1
"""Statuses of a basis, as HiGHS numbers them."""


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


@dataclass(frozen=True, eq=False)
class Basis:
    """Basis of a programme: HiGHS's status of each column and row, as numbers.

    Attributes:
        columns: Status of columns, (C,).
        rows: Status of rows, (R,).
    """

    columns: Statuses
    rows: Statuses


@dataclass(frozen=True, eq=False)
class SolvedBasis:
    """Basis at the end of a solve, read from HiGHS when it is needed.

    Attributes:
        found: Basis in HiGHS's own form.
        varies: Columns of the programme that HiGHS had, (C,).
        binds: Rows that HiGHS had, (R,).
    """

    found: Any
    varies: Bools
    binds: Bools

    @cached_property
    def basis(self) -> Basis:
        """The basis of all columns and rows."""
        columns = np.full(self.varies.size, LOWER, dtype=np.int8)
        rows = np.full(self.binds.size, BASIC, dtype=np.int8)
        columns[self.varies] = [int(status) for status in self.found.col_status]
        rows[self.binds] = [int(status) for status in self.found.row_status]
        return Basis(columns, rows)


def run_highs(
    program: LinearProgram, solver: str, threads: int, basis: Basis | None = None
) -> tuple[Solution, SolvedBasis | None]:
    """Solve a programme, from a basis (warm start) or from none.

    Columns with equal bounds are constants and stay out of HiGHS unless they are basic, and with them rows
    that have no other columns. The solution depends on the programme and the basis alone.

    Args:
        program: The programme.
        solver: ``simplex`` or ``ipm``, as in HiGHS.
        threads: Threads.
        basis: Basis to start from.

    Returns:
        The solution, and its basis if the solver gives one.
    """
    started = time.perf_counter()
    varies = program.lower < program.upper
    if basis is not None:
        varies |= basis.columns == BASIC
    values = np.where(varies, 0.0, program.lower)
    _set_threads(threads)
    highs = silent_highs()
    for name, value in (
        ("solver", solver), ("threads", threads), ("random_seed", 0), ("simplex_scale_strategy", SCALING)
    ):  # fmt: skip
        highs.setOptionValue(name, value)
    if solver == "ipm":
        highs.setOptionValue("run_crossover", "off")
    small, binds = _without_constants(program, varies, program.matrix @ values)
    pass_program(highs, small)
    if basis is not None:
        highs.setBasis(_highs_basis(basis.columns[varies], basis.rows[binds]))
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    info, solution = highs.getInfo(), highs.getSolution()
    found, duals = np.array(solution.col_value), np.zeros(program.row_lower.size)
    if found.size:
        values[varies], duals[binds] = found, np.array(solution.row_dual)
    record = SolverRecord(
        status=status,
        objective_usd=float((program.cost * values).sum()),
        iterations=max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0),
        solver_s=time.perf_counter() - started,
    )
    found_basis = highs.getBasis()
    return (
        Solution(values, duals, record),
        SolvedBasis(found_basis, varies, binds) if found_basis.valid else None,
    )


def _without_constants(
    program: LinearProgram, varies: Bools, activity: Floats
) -> tuple[LinearProgram, Bools]:
    """Return the programme of the columns that vary, and which rows it has.

    Args:
        program: The programme.
        varies: Columns that vary, (C,).
        activity: Activity of the other columns, (R,).
    """
    matrix = sp.csr_array(program.matrix[:, varies])
    lower, upper = program.row_lower - activity, program.row_upper - activity
    binds = (np.diff(matrix.indptr) > 0) | (lower > 0.0) | (upper < 0.0)
    small = replace(
        program,
        matrix=sp.csr_array(matrix[binds]),
        cost=program.cost[varies],
        lower=program.lower[varies],
        upper=program.upper[varies],
        row_lower=lower[binds],
        row_upper=upper[binds],
    )
    return small, binds


def _highs_basis(columns: Statuses, rows: Statuses) -> Any:
    """Return a basis in HiGHS's own form; HiGHS completes one in which too few or too many are basic."""
    result = highspy.HighsBasis()
    result.col_status, result.row_status = list(_STATUS[columns]), list(_STATUS[rows])
    basic = np.count_nonzero(columns == BASIC) + np.count_nonzero(rows == BASIC)
    result.valid, result.alien = True, basic != rows.size
    return result


_threads_in_use: list[int] = []
"""Threads of HiGHS's scheduler, which is shared by all models of a process."""


def _set_threads(threads: int) -> None:
    """Restart the scheduler if its size differs: HiGHS refuses to run a model with another one."""
    if _threads_in_use and _threads_in_use[0] != threads:
        highspy.Highs.resetGlobalScheduler(True)
    _threads_in_use[:] = [threads]


class _SilentHighs(highspy.Highs):
    """HiGHS without output: the original prints a banner when its callbacks are enabled."""

    def enableCallbacks(self) -> Any:  # noqa: N802 (its name in highspy)
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()  # type: ignore[no-untyped-call]


def silent_highs() -> Any:
    """Return a HiGHS that prints nothing."""
    make: Any = _SilentHighs
    return make()


def pass_program(highs: Any, program: LinearProgram) -> None:
    """Give HiGHS a programme as arrays: assigning them to a ``HighsLp`` takes several times as long."""
    matrix, columns = program.matrix, program.cost.size
    highs.passModel(
        columns, program.row_lower.size, matrix.nnz, int(highspy.MatrixFormat.kRowwise.value),
        int(highspy.ObjSense.kMinimize.value), 0.0, program.cost, program.lower, program.upper,
        program.row_lower, program.row_upper, matrix.indptr, matrix.indices, matrix.data,
        np.zeros(columns, dtype=np.int32),
    )  # fmt: skip


def expand_basis(basis: Basis, small: LinearProgram, large: LinearProgram, snapshot: Ints) -> Basis:
    """Give the basis of a programme to a larger one with more snapshots.

    Args:
        basis: Basis of the small programme.
        small: The small programme.
        large: The large programme.
        snapshot: Snapshot of the small programme for each of the large one, (T,).
    """
    columns = np.full(large.cost.size, LOWER, dtype=np.int8)
    rows = np.full(large.row_lower.size, BASIC, dtype=np.int8)
    _expand(small.columns, large.columns, basis.columns, snapshot, columns)
    _expand(small.rows, large.rows, basis.rows, snapshot, rows)
    columns[large.lower == large.upper] = LOWER
    return Basis(columns, rows)


def _expand(
    small: Mapping[str, Ints], large: Mapping[str, Ints], known: Statuses, snapshot: Ints, result: Statuses
) -> None:
    """Fill the statuses of a larger programme, in place."""
    for kind, positions in large.items():
        if kind not in small:
            continue
        # Constraints of periods exist once in both programmes, those of snapshots once for each.
        per_snapshot = positions.ndim == 2 and len(positions) == len(snapshot)
        source = small[kind][snapshot] if per_snapshot else small[kind]
        # Constraints between snapshots, such as ramps, have other numbers in the two programmes.
        if source.shape == positions.shape:
            result[positions] = known[source]
