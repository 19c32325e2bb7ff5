"""Programmes built, changed and solved: two plants and a load by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sogdia.power.kernels.highs import run_highs
from sogdia.power.kernels.linear_program import LinearProgram, set_entries
from sogdia.power.kernels.program_builder import ProgramBuilder

LOW, HIGH, LOAD = 10.0, 30.0, 8.0


def two_plants(limit: float = 5.0) -> LinearProgram:
    """Return a load of 8 MW in two hours: ``limit`` MW at 10 USD, the rest at 30 USD, and a closed plant."""
    builder = ProgramBuilder()
    output = builder.add_columns("output", ["low", "high", "closed"], (2, 3))
    balance = builder.add_rows("balance", ["A"], (2, 1))
    closed = builder.add_rows("use", ["closed"], (2, 1), is_upper=True)
    builder.put(balance, output[:, :2], 1.0)
    builder.put(closed, output[:, 2:], 1.0)
    program = builder.build()
    program.cost[program.columns_of("output", ["high", "low"])] = (HIGH, LOW)
    program.upper[program.columns["output"]] = (limit, np.inf, 0.0)
    program.row_lower[program.rows["balance"]] = program.row_upper[program.rows["balance"]] = LOAD
    return program


@pytest.mark.parametrize("solver", ["simplex", "ipm"])
def test_constant_columns_and_their_rows_do_not_change_the_solution(solver: str) -> None:
    program = two_plants()
    solution, _ = run_highs(program, solver, 1)
    assert solution.values[program.columns["output"]] == pytest.approx(np.array([[5.0, 3.0, 0.0]] * 2))
    assert solution.duals[program.rows["balance"]] == pytest.approx(HIGH)
    assert solution.duals[program.rows["use"]] == pytest.approx(0.0)
    assert solution.record.objective_usd == pytest.approx(2 * (5 * LOW + 3 * HIGH))


def test_solve_from_a_basis_reaches_the_optimum_where_other_columns_are_constant() -> None:
    _, basis = run_highs(two_plants(), "simplex", 1)
    assert basis is not None
    for limit, cost in ((0.0, LOAD * HIGH), (7.0, 7 * LOW + HIGH), (9.0, LOAD * LOW)):
        solution, _ = run_highs(two_plants(limit), "simplex", 1, basis.basis)
        assert solution.record.objective_usd == pytest.approx(2 * cost)


def test_row_that_constants_violate_is_infeasible() -> None:
    program = two_plants()
    upper = program.row_upper.copy()
    upper[program.rows["use"]] = -1.0
    assert run_highs(replace(program, row_upper=upper), "simplex", 1)[0].record.status == "Infeasible"


def test_entries_are_set_in_place_and_only_where_the_matrix_has_them() -> None:
    program = two_plants()
    rows, columns = program.rows["balance"], program.columns_of("output", ["low"])
    set_entries(program.matrix, rows, columns, np.array([[0.5], [1.0]]))
    solution, _ = run_highs(program, "simplex", 1)
    assert solution.values[program.columns_of("output", ["high"])].ravel() == pytest.approx([5.5, 3.0])
    with pytest.raises(KeyError, match="lacks an entry"):
        set_entries(program.matrix, rows, program.columns_of("output", ["closed"]), np.ones((2, 1)))


def test_digest_depends_on_costs_bounds_and_coefficients() -> None:
    first, other = two_plants(), two_plants()
    assert first.digest == other.digest
    coefficients = two_plants()
    coefficients.matrix.data[0] = 2.0
    assert len({first.digest, two_plants(6.0).digest, coefficients.digest}) == 3
