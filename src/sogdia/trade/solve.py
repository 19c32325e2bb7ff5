"""Solve counterfactuals by exact hat algebra."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sogdia.errors import InputError
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.trade.arrays import Floats
from sogdia.trade.baseline import Baseline
from sogdia.trade.capacities import Capacities
from sogdia.trade.change import Change
from sogdia.trade.counterfactual import Counterfactual, prepare
from sogdia.trade.equilibrium import NO_RESPONSE, solve_wages, wage_response
from sogdia.trade.kernels.equilibrium import SMALLEST
from sogdia.trade.kernels.world import State, World, new_state
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.shadow_prices import TOLERANCE, solve_rents

MEASURE = "largest relative excess demand for labour"
MEASURE_WITH_RENTS = "largest relative excess demand for labour and specific factors"
MANY = 30
"""Counterfactuals of one call from which on the response of the base year is computed for their steps."""
IMBALANCE_SCALES = (1.0, 0.9, 0.75, 0.5, 0.25, 0.0)
"""Factors on all imbalances, tried in turn until an equilibrium is found."""


def solve(
    baseline: Baseline,
    change: Change,
    settings: TradeSettings | None = None,
    start: TradeResult | None = None,
) -> TradeResult:
    """Solve a counterfactual by exact hat algebra (Dekle, Eaton & Kortum 2008; Caliendo & Parro 2015).

    With S sectors k and N economies, exporter i, importer j:

    - input bundle ``ĉ_ik = ŵ_i^γL_ik r̂_ik^γR_ik Π_s P̂_is^γ_isk / Â_ik``, trade cost
      ``κ̂_ijk = τ̂_ijk (1 + ω_ijk) (1 + t'_ijk) / (1 + t_ijk)``
    - price ``P̂_jk = (Σ_i π_ijk (ĉ_ik κ̂_ijk)^−θ_k)^(−1/θ_k)``, import share
      ``π'_ijk = π_ijk (ĉ_ik κ̂_ijk / P̂_jk)^−θ_k``
    - expenditure ``E'_jk = α_jk I'_j + Σ_s γ_jks Y'_js``, final expenditure ``I'_j = ŵ_j L̂_j V_j + Σ_k r̂_jk
      K̂_jk R_jk + T'_j + S'_j + D'_j`` with labour income V and rents R of the base year, tariff revenue T'
      and scarcity rents S' = Σ ω X' of the wedges that j owns
    - output ``Y'_ik = Σ_j π'_ijk E'_jk / (1 + t'_ijk) / (1 + ω_ijk)``
    - labour market ``Σ_k γL_ik Y'_ik = ŵ_i L̂_i V_i``; specific factors ``Ŷ_ik = r̂_ik K̂_ik`` with supply
      ``K̂_ik = (r̂_ik / P̂_i)^η_ik`` and P̂_i the price of final expenditure

    An imbalance that counterfactual trade cannot carry is reduced, and ``report`` lists it. The share of
    imports not paid for by exports (or of exports not spent on imports) is bounded by the mean of its
    base-year value and one. Lending and borrowing match within each group of economies that can still trade;
    the larger side is scaled down. If no equilibrium is found, all imbalances are scaled down together in
    steps.

    Args:
        baseline: Base year.
        change: Change of trade costs, tariffs, productivity, labour supply, scarcity rents and transfers.
        settings: Imbalance rule, tolerance, numeraire.
        start: Result of a similar counterfactual, whose wages and rents are the initial values (warm start).

    Returns:
        The result; nominal figures are in the baseline's currency at the numeraire.

    Raises:
        NotConvergedError: If the tolerance is not reached; it carries the convergence record.
        InputError: If the change does not fit the baseline, negative final demand exceeds purchases of
            inputs in the counterfactual, or no scarcity rents bring quantities within their capacities.
        UnknownNameError: If the numeraire names no economy of the baseline.
    """
    return _solve(baseline, change, settings or TradeSettings(), start, None)


def _solve(
    baseline: Baseline,
    change: Change,
    settings: TradeSettings,
    start: TradeResult | None,
    base: tuple[World, Floats] | None,
) -> TradeResult:
    """Solve a counterfactual; ``base``: the base year and the response of its wages and rents."""
    started = time.perf_counter()
    case = prepare(baseline, change, settings)
    response = NO_RESPONSE if base is None else _response_of(case.world, *base)
    guess = None if start is None else _unknowns(case.world, start)
    residuals: list[float] = []
    rents = np.zeros(0)
    if change.capacities is not None:
        case, rents, guess = _solve_rationed(case, baseline, change.capacities, settings, guess, residuals)
    state, scale = _solve_case(case, baseline, settings, guess, residuals, response)
    measure = MEASURE_WITH_RENTS if case.world.rent.size else MEASURE
    convergence = _record(measure, settings.tolerance, residuals, started)
    if not convergence.converged:
        raise NotConvergedError(convergence)
    if baseline.final_rule == "residual":
        _check_expenditure(baseline, state)
    return TradeResult.from_state(baseline, change, settings, convergence, state, case, rents, scale)


def _solve_case(
    case: Counterfactual,
    baseline: Baseline,
    settings: TradeSettings,
    guess: Floats | None,
    residuals: list[float],
    response: Floats = NO_RESPONSE,
) -> tuple[State, float]:
    """Return the state reached and the factor on imbalances; add the residuals of all iterations."""
    for scale in IMBALANCE_SCALES:
        state, new_residuals = _solve_state(case.world, baseline, settings, scale, guess, response)
        residuals += new_residuals
        if new_residuals[-1] <= settings.tolerance or not case.has_imbalances:
            break
    return state, scale


def _solve_rationed(
    case: Counterfactual,
    baseline: Baseline,
    capacities: Capacities,
    settings: TradeSettings,
    guess: Floats | None,
    residuals: list[float],
) -> tuple[Counterfactual, Floats, Floats | None]:
    """Return the counterfactual with the scarcity rents ω of capacities, these, (G,), and its unknowns.

    Raises:
        InputError: If no rents bring quantities within the capacities; the message names one.
    """
    first = guess

    def excess(log_rent: Floats) -> Floats:
        nonlocal guess
        trial = case.with_wedges(capacities.wedges(np.expm1(log_rent)))
        state, _ = _solve_case(trial, baseline, settings, guess, residuals)
        if residuals[-1] <= settings.tolerance:
            guess = state.unknown.copy()
        quantity = capacities.quantities(baseline.flow, trial.world, state)
        return np.asarray(np.log(np.maximum(quantity, SMALLEST) / capacities.most))

    theta = baseline.theta[capacities.cells.sector]
    count = np.bincount(capacities.group)
    log_rent, over = solve_rents(excess, np.bincount(capacities.group, weights=theta) / count)
    g = int(np.abs(over).argmax())
    if not abs(over[g]) <= TOLERANCE:
        name, most = capacities.names[g], capacities.most[g]
        raise InputError(
            f"capacity {name}: no scarcity rent reduces its quantity to {most:g} of the base year; its "
            f"excess is {100.0 * np.expm1(over[g]):.3g} % at a rent of {100.0 * np.expm1(log_rent[g]):.3g} %"
        )
    rents = np.expm1(log_rent)
    # Where no capacity binds the result has the bits of that without capacities.
    return case.with_wedges(capacities.wedges(rents)), rents, guess if rents.any() else first


def _record(measure: str, tolerance: float, residuals: list[float], started: float) -> Convergence:
    """Return the record of the residuals, at equal times since the start."""
    seconds = (time.perf_counter() - started) / len(residuals)
    steps = tuple(Step(i, residual, i * seconds) for i, residual in enumerate(residuals, start=1))
    return Convergence(measure, tolerance, steps)


def _unknowns(world: World, start: TradeResult) -> Floats:
    """Return the log wages and rents of a result; of a factor that sold nothing, those of the base year."""
    rent = start.rent_hat[world.rent_cell[:, 0], world.rent_cell[:, 1]]
    return np.concatenate([np.log(start.wage_hat), np.log(np.where(rent > 0.0, rent, 1.0))])


def _solve_state(
    world: World,
    baseline: Baseline,
    settings: TradeSettings,
    imbalance_scale: float,
    guess: Floats | None,
    response: Floats,
) -> tuple[State, list[float]]:
    """Return the state reached with scaled imbalances, and the residuals of its iterations."""
    state = new_state(len(baseline.sectors), len(baseline.economies), world.rent.size)
    state.expenditure[:] = baseline.expenditure
    state.output[:] = baseline.output
    if guess is not None:
        state.unknown[:] = guess
    scaled = world._replace(
        imbalance=imbalance_scale * world.imbalance,
        transfer=imbalance_scale * world.transfer,
        spending_ratio=1.0 + imbalance_scale * (world.spending_ratio - 1.0),
    )
    residuals = solve_wages(scaled, state, settings.tolerance, settings.most_iterations, response)
    return state, residuals.tolist()


def _check_expenditure(baseline: Baseline, state: State) -> None:
    """Check that no negative final demand exceeds the purchases of inputs.

    Raises:
        InputError: If one does; the message names the first cell.
    """
    negative = np.argwhere(state.expenditure < 0.0)
    if len(negative):
        k, j = negative[0]
        raise InputError(
            f"{baseline.economies[j]} {baseline.sectors[k]}: negative final demand exceeds purchases of "
            f"inputs in the counterfactual; choose the rule clipped for final demand"
        )


def solve_many(
    baseline: Baseline, changes: Iterable[Change], settings: TradeSettings | None = None
) -> list[TradeResult]:
    """Solve many counterfactuals of one baseline in parallel, each as by :func:`solve`.

    Args:
        baseline: Base year, shared by all.
        changes: Change of each counterfactual.
        settings: As for :func:`solve`; results have the same bits for any number of ``workers``.

    Returns:
        Results in the order of the changes. Flows are computed when they are first read.

    Raises:
        NotConvergedError: For the first counterfactual that does not reach the tolerance.
        InputError: If a change does not fit the baseline.
    """
    settings = settings or TradeSettings()
    changes = list(changes)
    base = _base_response(baseline, settings) if len(changes) >= MANY else None
    with ThreadPoolExecutor(settings.workers) as pool:
        return list(pool.map(lambda change: _solve(baseline, change, settings, None, base), changes))


def _base_response(baseline: Baseline, settings: TradeSettings) -> tuple[World, Floats] | None:
    """Return the base year and the response of its wages and rents; ``None`` if it has no equilibrium."""
    case = prepare(baseline, Change.none(baseline), settings)
    residuals: list[float] = []
    state, scale = _solve_case(case, baseline, settings, None, residuals)
    response = wage_response(case.world, state)
    if scale < 1.0 or not residuals[-1] <= settings.tolerance or not response.size:
        return None
    return case.world, response


def _response_of(world: World, base: World, response: Floats) -> Floats:
    """Return the response for the specific factors that a counterfactual retains."""
    if world.rent.size == base.rent.size:
        return response
    retained = (base.rent_cell[:, None] == world.rent_cell).all(axis=2).any(axis=1)
    chosen = np.concatenate([np.ones(len(base.group), dtype=bool), retained])
    return np.ascontiguousarray(response[np.ix_(chosen, chosen)])
