"""Why a programme has no solution, in words that name zone and constraint."""

from __future__ import annotations

from typing import Any

import numpy as np

from sogdia.errors import NoSolutionError
from sogdia.power.inputs import PowerInputs
from sogdia.power.program import Program
from sogdia.power.solver import TOLERANCE, Solve, highs_lp, silent_highs

SHOWN = 5
CAP_WEIGHT = 1e-6
"""Weight of a tonne above a cap beside a megawatt of load in an hour."""
BALANCE, WATER, CAP = "Bus-nodal_balance", "StorageUnit-energy_balance", "GlobalConstraint-co2_cap"


def no_solution(program: Program, solve: Solve, inputs: PowerInputs) -> NoSolutionError:
    """The error for a programme that HiGHS did not bring to an optimum."""
    if solve.status in ("Infeasible", "Primal infeasible or unbounded"):
        clashes = _clashes(program, inputs)
        if clashes:
            told = "; ".join(clashes[:SHOWN])
            more = f"; and {len(clashes) - SHOWN} more" if len(clashes) > SHOWN else ""
            return NoSolutionError(
                solve.status, f"the constraints of the power system clash: {told}{more}", tuple(clashes)
            )
    if solve.status in ("Unbounded", "Primal infeasible or unbounded"):
        loose = _runaways(program)
        told = ", ".join(loose[:SHOWN])
        return NoSolutionError(
            solve.status, f"the cost of the power system has no floor: {told} can grow for ever", loose
        )
    return NoSolutionError(solve.status, f"the power system was not solved: HiGHS says {solve.status!r}", ())


def _clashes(program: Program, inputs: PowerInputs) -> list[str]:
    """Rows that must be breached, by the least total breach: the elastic programme of HiGHS.

    Load counts as much in every hour, a tonne above a cap far less: a cap that clashes with load is told as
    such.
    """
    highs = silent_highs()
    highs.passModel(highs_lp(program))
    weight = np.ones(program.row_lower.size)
    if CAP in program.rows:
        weight[program.rows[CAP]] = CAP_WEIGHT
    highs.feasibilityRelaxation(-1.0, -1.0, 1.0, None, None, weight)
    values = np.array(highs.getSolution().col_value)
    if values.size != program.cost.size:
        return []
    activity = program.matrix @ values
    breach = np.maximum(program.row_lower - activity, activity - program.row_upper)
    worst = np.argsort(-breach)
    return [
        _told(program, inputs, int(row), float(breach[row])) for row in worst if breach[row] > 1e3 * TOLERANCE
    ]


def _told(program: Program, inputs: PowerInputs, row: int, breach: float) -> str:
    for kind, words, unit in (
        (BALANCE, "load of zone {} cannot be met", "MW"),
        (WATER, "water of {} does not add up", "MWh"),
    ):
        found = np.argwhere(program.rows.get(kind, np.empty((0, 0))) == row)
        if len(found):
            t, n = (int(i) for i in found[0])
            when = inputs.hourly.snapshots[t]
            who = program.row_names[kind][n]
            place = f"in month {when.month}, hour {when.hour} ({kind})"
            return f"{words.format(who)} {place}: {breach:,.1f} {unit} short"
    if row in program.rows.get(CAP, ()):
        return f"the cap on emissions cannot be kept ({CAP}): {breach:,.0f} t above it"
    return f"{program.row_name(row)}: {breach:,.1f} short"


def _runaways(program: Program) -> tuple[str, ...]:
    """Columns that move along the ray on which the cost falls for ever."""
    highs = silent_highs()
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("solver", "simplex")
    highs.passModel(highs_lp(program))
    highs.run()
    _, known, ray = _ray(highs, program.cost.size)
    if not known:
        return ("a quantity without a limit",)
    order = np.argsort(-np.abs(ray))
    names = [program.column_name(int(place)) for place in order[: 10 * SHOWN] if abs(ray[place]) > TOLERANCE]
    return tuple(dict.fromkeys(name.partition(" in snapshot")[0] for name in names))


def _ray(highs: Any, size: int) -> tuple[Any, bool, Any]:
    status, known, ray = highs.getPrimalRay()
    return status, bool(known), np.asarray(ray if known else np.zeros(size))
