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
from sogdia.trade.counterfactual import prepare
from sogdia.trade.kernels.equilibrium import Floats, State, World, new_state
from sogdia.trade.kernels.wages import solve_wages
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings

MEASURE = "largest relative excess demand for labour"
KEPT = (1.0, 0.9, 0.75, 0.5, 0.25, 0.0)
"""Parts of all imbalances that are tried in turn, until there is an equilibrium."""


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

    An imbalance that trade after the change cannot carry is made smaller, and ``report`` says so: the part
    of imports that exports do not pay (or of exports not spent on imports) may at most go half the way to all
    of it; lending and borrowing match among economies that can still trade, the larger side giving way; and
    where no equilibrium is found even so, all imbalances shrink together, step by step.

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
    wages = None if start is None else np.log(start.wage_hat)
    record: list[float] = []
    for kept in KEPT:
        state, residuals = _solved(world, baseline, chosen, kept, wages)
        record += residuals
        if residuals[-1] <= chosen.tolerance or chosen.imbalance == "zero":
            break
    passed = (time.perf_counter() - begun) / len(record)
    steps = tuple(Step(i, residual, i * passed) for i, residual in enumerate(record, start=1))
    convergence = Convergence(MEASURE, chosen.tolerance, steps)
    if not convergence.converged:
        raise NotConvergedError(convergence)
    return TradeResult.of(baseline, change, chosen, convergence, state, kept)


def _solved(
    world: World, baseline: Baseline, settings: TradeSettings, kept: float, wages: Floats | None
) -> tuple[State, list[float]]:
    """The state reached, with a part of all imbalances kept, and the excess demand on the way."""
    size = len(baseline.economies)
    state = new_state(len(baseline.sectors), size)
    state.spend[:] = baseline.expenditure
    state.output[:] = baseline.output
    if wages is not None:
        state.log_wage[:] = wages
    lent = world._replace(imbalance=kept * world.imbalance, ratio=1.0 + kept * (world.ratio - 1.0))
    record = np.empty(settings.most_iterations)
    used = solve_wages(lent, state, settings.tolerance, record)
    return state, record[:used].tolist()


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
