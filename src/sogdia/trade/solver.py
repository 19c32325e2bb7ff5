"""Counterfactuals: the public door of the trade engine."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sogdia.errors import UnknownNameError
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.kernels.equilibrium import new_state
from sogdia.trade.kernels.wages import solve_wages
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.world import prepare

MEASURE = "largest relative excess demand for labour"


def solve(
    baseline: Baseline,
    change: Change,
    settings: TradeSettings | None = None,
    start: TradeResult | None = None,
) -> TradeResult:
    """Solve a counterfactual by exact hat algebra (Dekle, Eaton & Kortum 2008; Caliendo & Parro 2015).

    With S sectors k and N economies, exporter i, importer j:

    - ``ĉ_ik = ŵ_i^γ_ik Π_s P̂_is^γ_isk / Â_ik``, ``κ̂_ijk = τ̂_ijk (1 + t'_ijk) / (1 + t_ijk)``
    - ``P̂_jk = (Σ_i π_ijk (ĉ_ik κ̂_ijk)^−θ_k)^(−1/θ_k)``, ``π'_ijk = π_ijk (ĉ_ik κ̂_ijk / P̂_jk)^−θ_k``
    - ``E'_jk = α_jk I'_j + Σ_s γ_jks Y'_js``, ``I'_j = ŵ_j V_j + R'_j + D'_j``, R' tariff revenue
    - ``Y'_ik = Σ_j π'_ijk E'_jk / (1 + t'_ijk)``, and labour is employed: ``Σ_k γ_ik Y'_ik = ŵ_i V_i``

    Args:
        baseline: The world as observed.
        change: What changes.
        settings: Rule for imbalances, precision, numeraire; see there.
        start: A solution of much the same case, whose wages to start from.

    Returns:
        The result, frozen; nominal figures are in the baseline's currency at the numeraire.

    Raises:
        NotConvergedError: If the precision is not reached; the record is in it.
        InputError: If the change does not fit the baseline.
        UnknownNameError: If the numeraire is no economy.
    """
    chosen = settings or TradeSettings()
    if chosen.numeraire != "world" and chosen.numeraire not in baseline.economies:
        raise UnknownNameError("economy", chosen.numeraire, (*baseline.economies, "world"))
    begun = time.perf_counter()
    world = prepare(baseline, change, chosen).world
    state = new_state(len(baseline.sectors), len(baseline.economies))
    state.spend[:] = baseline.expenditure
    state.output[:] = baseline.output
    if start is not None:
        state.log_wage[:] = np.log(start.wage_hat)
    record = np.empty(chosen.most_iterations)
    used = solve_wages(world, state, chosen.tolerance, record)
    passed = (time.perf_counter() - begun) / used
    steps = tuple(
        Step(i + 1, residual, (i + 1) * passed) for i, residual in enumerate(record[:used].tolist())
    )
    convergence = Convergence(MEASURE, chosen.tolerance, steps)
    if not convergence.converged:
        raise NotConvergedError(convergence)
    return TradeResult.of(baseline, change, chosen, convergence, state)


def solve_many(
    baseline: Baseline, changes: Iterable[Change], settings: TradeSettings | None = None
) -> list[TradeResult]:
    """Solve many counterfactuals of one baseline, each as by :func:`solve`, several at once.

    Args:
        baseline: The world as observed, shared.
        changes: What changes in each.
        settings: As for :func:`solve`; ``workers`` threads take the counterfactuals one by one, so that
            results have the same bits for any number.

    Returns:
        The results in the order of the changes. Flows are made from them when asked for.

    Raises:
        NotConvergedError: For the first one whose precision is not reached.
        InputError: If a change does not fit the baseline.
    """
    chosen = settings or TradeSettings()
    with ThreadPoolExecutor(chosen.workers) as pool:
        return list(pool.map(lambda change: solve(baseline, change, chosen), changes))
