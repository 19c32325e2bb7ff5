"""Solve for market-clearing wages and rents: an accelerated fixed point, then Newton's method.

The steps of the fixed point are in :mod:`sogdia.trade.kernels.wages`. Where it stalls, Newton's method with
finite-difference derivatives follows.
"""

from __future__ import annotations

import numpy as np

from sogdia.trade.arrays import Floats
from sogdia.trade.kernels.equilibrium import INNER_TOLERANCE, LOOSE_TOLERANCE
from sogdia.trade.kernels.wages import iterate_fixed_point, limit, tatonnement_step
from sogdia.trade.kernels.world import State, World

NO_RESPONSE = np.zeros((0, 0))
"""In place of the response of the base year: steps are those of a tâtonnement."""
DIFFERENCE = 1e-6
"""Change of a log wage or rent in finite differences."""
SETTLED = 1e-12
"""Step of log rents at which they have settled."""
MAX_HALVINGS = 12
MAX_NEWTON_STEPS = 60
STALLED = 0.99
"""Newton's method ends after a step that retains more than this part of the excess demand."""
MAX_ROUNDS = 3
DECREASE = 0.9
"""A full Newton step must reduce the excess demand to this part."""


def solve_wages(
    world: World, state: State, tolerance: float, most: int, response: Floats = NO_RESPONSE
) -> Floats:
    """Bring the state to equilibrium and return the residual of each iteration, at most ``most``.

    At the bounds of imbalances the excess demand has kinks, where Newton's method stalls. The two methods
    therefore alternate, the fixed point with a smaller step each time. Steps by the response of the base
    year, (N + M, N + M), come first where it is given; where they stall the others start where they did.
    """
    residuals, count, damping = np.empty(most), 0, 1.0
    if response.size:
        start = [part.copy() for part in (state.unknown, state.log_price, state.expenditure, state.output)]
        count += iterate_fixed_point(world, state, response, tolerance, damping, LOOSE_TOLERANCE, residuals)
        if residuals[count - 1] <= tolerance or count == most:
            return residuals[:count]
        for part, before in zip(
            (state.unknown, state.log_price, state.expenditure, state.output), start, strict=True
        ):
            part[:] = before
    for _ in range(MAX_ROUNDS):
        count += iterate_fixed_point(
            world, state, NO_RESPONSE, tolerance, damping, LOOSE_TOLERANCE, residuals[count:]
        )
        if residuals[count - 1] <= tolerance or count == most:
            break
        count += _iterate_newton(world, state, tolerance, residuals[count:])
        if residuals[count - 1] <= tolerance or count == most:
            break
        damping *= 0.5
    if world.rent.size > 0 and count < most and not residuals[count - 1] <= tolerance:
        count += _iterate_nested(world, state, tolerance, residuals[count:])
    return residuals[:count]


def _evaluate(world: World, state: State) -> float:
    """Evaluate the state's wages and rents to the smallest inner tolerance; return the residual."""
    residual = np.empty(1)
    iterate_fixed_point(world, state, NO_RESPONSE, 0.0, 1.0, INNER_TOLERANCE, residual)
    return float(residual[0])


def _jacobian(world: World, state: State) -> Floats:
    """Return the derivatives of excess demand by log wages and rents, (N + M, N + M).

    The mean log wage of each group is subtracted from its rows, which makes the matrix regular.
    """
    size, unknowns = state.log_wage.size, state.unknown.size
    out = np.empty((unknowns, unknowns))
    point, excess = state.unknown.copy(), state.excess_demand.copy()
    for j in range(unknowns):
        state.unknown[:] = point
        state.unknown[j] += DIFFERENCE
        _evaluate(world, state)
        out[:, j] = (state.excess_demand - excess) / DIFFERENCE
    is_together = world.group[:, None] == world.group
    out[:size, :size] -= np.where(
        is_together, world.labour_income / (is_together @ world.labour_income)[:, None], 0.0
    )
    state.unknown[:] = point
    _evaluate(world, state)
    return out


def _newton_step(matrix: Floats, excess: Floats) -> Floats:
    """Return Newton's step; rows are scaled by their diagonal, which is small where little is traded."""
    diagonal = np.abs(matrix.diagonal())
    scale = 1.0 / np.where(diagonal > 0.0, diagonal, 1.0)
    return np.asarray(np.linalg.solve(matrix * scale[:, None], -excess * scale))


def _iterate_newton(world: World, state: State, tolerance: float, residuals: Floats) -> int:
    """Iterate Newton's method with step halving until it converges, stalls or ``residuals`` is full."""
    count = 0
    residual = _evaluate(world, state)
    for _ in range(MAX_NEWTON_STEPS):
        if residual <= tolerance or count == residuals.size:
            break
        matrix = _jacobian(world, state)
        if not np.isfinite(matrix).all():
            return count
        step = _newton_step(matrix, state.excess_demand)
        limit(step)
        point, before, part = state.unknown.copy(), residual, 1.0
        for _ in range(MAX_HALVINGS):
            state.unknown[:] = point + part * step
            residual = _evaluate(world, state)
            if residual <= (1.0 - (1.0 - DECREASE) * part) * before:
                break
            part *= 0.5
        residuals[count] = residual
        count += 1
        if not residual < STALLED * before:
            break
    return count


def _iterate_nested(world: World, state: State, tolerance: float, residuals: Floats) -> int:
    """Iterate wages, with rents settled at each of them, until it converges or ``residuals`` is full.

    Where trade must vanish because none of it is two-way, wages move far and rents lag in joint steps.
    """
    count, size, step = 0, state.log_wage.size, np.empty(state.unknown.size)
    economy = world.rent_cell[:, 1]
    residual = _evaluate(world, state)
    while residual > tolerance and count < residuals.size:
        tatonnement_step(world, state, step)
        if np.abs(step[size:]).max() > SETTLED:
            step[:size] = 0.0
        else:
            step[size:] = step[economy]
        limit(step)
        state.unknown[:] += step
        residual = _evaluate(world, state)
        residuals[count] = residual
        count += 1
    return count


def wage_response(world: World, state: State) -> Floats:
    """Return the response of log wages and rents to excess demand, the inverse of its derivatives.

    Shape (N + M, N + M), at the state's equilibrium; (0, 0) if it has none.
    """
    matrix = _jacobian(world, state)
    diagonal = np.abs(matrix.diagonal())
    scale = 1.0 / np.where(diagonal > 0.0, diagonal, 1.0)
    try:
        out = np.linalg.inv(matrix * scale[:, None]) * scale
    except np.linalg.LinAlgError:
        return NO_RESPONSE
    return out if np.isfinite(out).all() else NO_RESPONSE
