"""Constants and demand estimated in turns, each at the last estimate of the other.

Both minimise their part of one sum, ``Σ ρ(r_i) + Σ x_p² + Σ (z_q / s_q)²`` over all observations used,
constants x and factors of demand z: the constants at given factors, the factors at given constants (over
counts alone, on which they act directly). The turns end when the sum falls by less than a part of itself,
when it rises, or when the counts do not support factors; an estimate at which it has risen is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from sogdia.case import Case
from sogdia.freight.calibration.estimate import Estimate, estimate_constants
from sogdia.freight.calibration.factors import factor_table
from sogdia.freight.calibration.matrix import DemandEstimate, estimate_demand
from sogdia.freight.supernetwork.constants import ENGINE

LEAST_FALL = 0.01
"""Relative decrease of the sum below which the turns end."""
MOST_TURNS = 4
"""Most estimates of the constants."""


@dataclass(frozen=True, eq=False)
class JointEstimate:
    """Constants and demand.

    Attributes:
        case: The case with both estimates in its tables.
        constants: The constants, at the factors of ``demand``.
        demand: The demand; ``None`` if the counts do not support factors.
        misfits: The sum after each turn.
        is_settled: True if the turns ended by their rule and not by their number.
    """

    case: Case
    constants: Estimate
    demand: DemandEstimate | None
    misfits: tuple[float, ...]
    is_settled: bool


def estimate_jointly(
    case: Case, *, from_priors: bool = False, draws: int = 0, progress: Callable[[str], None] | None = None
) -> JointEstimate:
    """Estimate constants and demand in turns.

    Only the first estimate of the constants searches from several points; later ones start at the last.

    Args:
        case: The base year; its table ``demand_factors`` is not read.
        from_priors: As for :func:`sogdia.freight.calibration.estimate.estimate_constants`.
        draws: The same.
        progress: Called with a line for each step.

    Raises:
        InputError: If there is nothing to estimate or to estimate it by.
        NotConvergedError: If the model cannot be solved at any start.
    """
    report = progress or (lambda _: None)
    report("turn 1: constants at the tonnes of trade")
    without = with_factors(case, case.table("demand_factors").iloc[:0])
    constants = estimate_constants(without, from_priors=from_priors, draws=draws, progress=report)
    best = JointEstimate(with_constants(without, constants), constants, None, (constants.misfit,), False)
    for turn in range(2, MOST_TURNS + 1):
        report(f"turn {turn}: demand, then constants")
        demand = estimate_demand(best.case, report)
        if not demand.is_accepted:
            report("the counts do not predict each other better with factors: none are taken")
            return replace(best, is_settled=True)
        moved = with_factors(best.case, factor_table(demand, best.case))
        constants = estimate_constants(moved, start=best.constants.x, progress=report)
        misfit = constants.misfit + demand.prior_misfit
        report(f"turn {turn}: sum {misfit:.2f} after {best.misfits[-1]:.2f}")
        fall = best.misfits[-1] - misfit
        if fall < 0.0:
            return replace(best, is_settled=True)
        moved = with_constants(moved, constants)
        best = JointEstimate(moved, constants, demand, (*best.misfits, misfit), False)
        if fall < LEAST_FALL * misfit:
            return replace(best, is_settled=True)
    return best


def with_constants(case: Case, estimated: Estimate) -> Case:
    """Return the case with estimated constants in its table ``calibration``."""
    rows = case.table("calibration").copy()
    names = [prior.name for prior in estimated.priors]
    own = (rows["engine"] == ENGINE) & rows["parameter"].isin(names)
    rows.loc[own, "value"] = [estimated.constants.value(str(name)) for name in rows.loc[own, "parameter"]]
    return case.with_table("calibration", rows)


def with_factors(case: Case, factors: pd.DataFrame) -> Case:
    """Return the case with other factors of demand."""
    return case.with_table("demand_factors", factors)
