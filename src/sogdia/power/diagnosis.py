"""Diagnose an infeasible or unbounded power system: name zones and constraints."""

from __future__ import annotations

from typing import Any

import numpy as np

from sogdia.errors import NoSolutionError
from sogdia.power.kernels.highs import TOLERANCE, SolverRecord, pass_program, silent_highs
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.system import PowerInputs
from sogdia.power.variables import BALANCE, CO2_CAP, STORAGE_BALANCE

LISTED = 5
"""Violations listed in a message."""
CAP_WEIGHT = 1e-6
"""Penalty of a tonne above the emission cap, relative to a megawatt of load in an hour."""
OTHER_WEIGHT = 100.0
"""Penalty of a unit of other constraints, such as a water balance: a shortage is one of load."""
LEAST_VIOLATION = 1e3 * TOLERANCE


def diagnose(program: LinearProgram, record: SolverRecord, inputs: PowerInputs) -> NoSolutionError:
    """Return the error for a programme without an optimum."""
    if record.status in ("Infeasible", "Primal infeasible or unbounded"):
        violations = _violations(program, inputs)
        if violations:
            listed = "; ".join(violations[:LISTED])
            more = f"; and {len(violations) - LISTED} more" if len(violations) > LISTED else ""
            return NoSolutionError(
                record.status, f"the power system is infeasible: {listed}{more}", tuple(violations)
            )
    if record.status in ("Unbounded", "Primal infeasible or unbounded"):
        variables = _unbounded_variables(program)
        listed = ", ".join(variables[:LISTED])
        return NoSolutionError(
            record.status, f"the cost of the power system is unbounded: {listed} has no limit", variables
        )
    problem = f"the power system was not solved: HiGHS reports {record.status!r}"
    return NoSolutionError(record.status, problem, ())


def _violations(program: LinearProgram, inputs: PowerInputs) -> list[str]:
    """Return the violated constraints of HiGHS's elastic programme, largest violation first.

    The elastic programme minimises the sum of violations times penalties. Load has the same penalty in every
    hour, other constraints a far higher one, a tonne above the cap a far lower one, so that a cap in conflict
    with load is reported as the cause.
    """
    highs = silent_highs()
    pass_program(highs, program)
    penalty = np.full(program.row_lower.size, OTHER_WEIGHT)
    penalty[program.rows[BALANCE][program.rows[BALANCE] >= 0]] = 1.0
    if CO2_CAP in program.rows:
        penalty[program.rows[CO2_CAP]] = CAP_WEIGHT
    highs.feasibilityRelaxation(-1.0, -1.0, 1.0, None, None, penalty)
    values = np.array(highs.getSolution().col_value)
    if values.size != program.cost.size:
        return []
    activity = program.matrix @ values
    violation = np.maximum(program.row_lower - activity, activity - program.row_upper)
    return [
        _describe(program, inputs, int(row), float(violation[row]))
        for row in np.argsort(-violation)
        if violation[row] > LEAST_VIOLATION
    ]


def _describe(program: LinearProgram, inputs: PowerInputs, row: int, violation: float) -> str:
    """Return a violated constraint as text."""
    for kind, phrase, unit in (
        (BALANCE, "load of zone {} cannot be met", "MW"),
        (STORAGE_BALANCE, "the water balance of {} cannot be met", "MWh"),
    ):
        matches = np.argwhere(program.rows.get(kind, np.empty((0, 0))) == row)
        if len(matches):
            t, n = (int(i) for i in matches[0])
            time = inputs.snapshots.time[t]
            place = f"in month {time.month}, hour {time.hour} ({kind})"
            return f"{phrase.format(program.row_names[kind][n])} {place}: {violation:,.1f} {unit} missing"
    if row in program.rows.get(CO2_CAP, ()):
        return f"the cap on emissions is exceeded ({CO2_CAP}) by {violation:,.0f} t"
    return f"{program.row_name(row)} is violated by {violation:,.1f}"


def _unbounded_variables(program: LinearProgram) -> tuple[str, ...]:
    """Return the variables that grow along a ray of unbounded cost."""
    highs = silent_highs()
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("solver", "simplex")
    pass_program(highs, program)
    highs.run()
    has_ray, ray = _primal_ray(highs, program.cost.size)
    if not has_ray:
        return ("a variable",)
    order = np.argsort(-np.abs(ray))
    names = [
        program.column_name(int(column)) for column in order[: 10 * LISTED] if abs(ray[column]) > TOLERANCE
    ]
    return tuple(dict.fromkeys(name.partition(" in snapshot")[0] for name in names))


def _primal_ray(highs: Any, size: int) -> tuple[bool, Any]:
    _, has_ray, ray = highs.getPrimalRay()
    return bool(has_ray), np.asarray(ray if has_ray else np.zeros(size))
