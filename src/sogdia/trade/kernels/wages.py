"""Solve for market-clearing wages and rents: an accelerated fixed point, then Newton's method.

The fixed point raises each log wage by the log of the economy's receipts from abroad over its payments,
lending and borrowing included, divided by ``1 + 2 θ̄``. Under gross substitution this is a tâtonnement as in
Alvarez & Lucas (2007), with a step length that does not depend on openness. Anderson acceleration (Walker &
Ni 2011) combines the last steps. Where it stalls, Newton's method with finite-difference derivatives follows.
Each group of economies has one redundant wage, which the numeraire sets.

Log rents of specific factors are further unknowns: each rises by the log of demand over supply, divided by
``1 + η + θ γR (1 − o)``, the slope at fixed expenditure, with o the mean share of the economy in the markets
of its sales.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sogdia.numerics.compiled import CALLEE, ENTRY, INLINE
from sogdia.trade.arrays import Floats
from sogdia.trade.kernels.equilibrium import INNER_PART, INNER_TOLERANCE, LOOSE_TOLERANCE, copy_into, evaluate
from sogdia.trade.kernels.world import State, World

MEMORY = 6
"""Earlier steps that the acceleration combines."""
MAX_STEP = 1.5
"""Largest change of a log wage or rent in one step."""
DIFFERENCE = 1e-6
"""Change of a log wage or rent in finite differences."""
RIDGE = 1e-13
"""Regularisation of the acceleration's least squares, relative to the trace."""
SETTLED = 1e-12
"""Step of log rents at which they have settled."""
MAX_HALVINGS = 12
MAX_NEWTON_STEPS = 60
STALLED = 0.99
"""Newton's method ends after a step that retains more than this part of the excess demand."""
MAX_ROUNDS = 3
DECREASE = 0.9
"""A full Newton step must reduce the excess demand to this part."""
RESOLVED = 10.0
"""Excess demand over the inner tolerance, above which it counts as resolved."""
PATIENCE = 15
"""Fixed-point steps without a new minimum before Newton's method takes over."""


@nb.njit(**CALLEE)
def _limit(step: Floats) -> None:
    """Scale a step so that no log wage or rent changes by more than ``MAX_STEP``."""
    largest = 0.0
    for i in range(step.size):
        largest = max(largest, abs(step[i]))
    if largest > MAX_STEP:
        for i in range(step.size):
            step[i] *= MAX_STEP / largest


@nb.njit(**CALLEE)
def _fixed_point_step(world: World, state: State, damping: float, out: Floats) -> None:
    """Write the tâtonnement step into ``out``; θ̄ is the mean of θ weighted by sales."""
    size = state.log_wage.size
    for i in range(size):
        total, mean = 0.0, 0.0
        for k in range(state.output.shape[0]):
            total += state.output[k, i]
            mean += state.output[k, i] * world.theta[k]
        mean = mean / total if total > 0.0 else 0.0
        lent = state.imbalance[i] + state.scarcity_received[i] - state.scarcity_paid[i]
        receipts = state.exports[i] + max(lent, 0.0)
        payments = state.imports[i] - min(lent, 0.0)
        out[i] = 0.0
        if receipts > 0.0 or payments > 0.0:
            ratio = min(max(receipts, 1e-9 * payments) / max(payments, 1e-9 * receipts), 1e9)
            out[i] = damping * math.log(ratio) / (1.0 + 2.0 * mean)
    for m in range(world.rent.size):
        k, i = world.rent_cell[m]
        slope = world.theta[k] * world.rent_share[m] * (1.0 - _own_share(world, state, k, i))
        out[size + m] = damping * state.excess_demand[size + m] / (1.0 + world.supply_elasticity[m] + slope)


@nb.njit(**INLINE)
def _own_share(world: World, state: State, k: int, i: int) -> float:
    """Return the mean share of economy i in the markets of sector k, weighted by its sales there."""
    if world.is_unsupplied[k, i]:
        return 1.0
    total, owned = 0.0, 0.0
    for j in range(state.log_wage.size):
        if state.phi[k, j] > 0.0:
            weight = world.home_weight[k, i] if i == j else world.import_weight[k, i, j]
            share = weight * state.cost_term[k, i] / state.phi[k, j]
            total += share * state.expenditure[k, j]
            owned += share * share * state.expenditure[k, j]
    return min(max(owned / total, 0.0), 1.0) if total > 0.0 else 1.0


@nb.njit(**INLINE)
def _accelerate(changes: Floats, step_changes: Floats, step: Floats) -> None:
    """Apply Anderson acceleration to ``step`` in place, by least squares on the last changes."""
    count = len(changes)
    normal, right = np.empty((count, count)), np.empty(count)
    trace = 0.0
    for a in range(count):
        right[a] = np.dot(step_changes[a], step)
        for b in range(count):
            normal[a, b] = np.dot(step_changes[a], step_changes[b])
        trace += normal[a, a]
    for a in range(count):
        normal[a, a] += RIDGE * trace + 1e-300
    weights = np.linalg.solve(normal, right)
    for a in range(count):
        for i in range(step.size):
            step[i] -= weights[a] * (changes[a, i] + step_changes[a, i])


@nb.njit(**INLINE)
def _evaluate(world: World, state: State, inner_tolerance: float, tolerance: float) -> float:
    """Evaluate to an inner tolerance, and again to the smallest one where that is too coarse.

    It is so if the excess demand is within the tolerance, or not far above the inner one. Without inputs and
    tariffs prices and expenditure need no iteration.
    """
    inner_tolerance = max(min(inner_tolerance, LOOSE_TOLERANCE), INNER_TOLERANCE)
    if world.input_share.size == 0 and not world.has_tariffs:
        inner_tolerance = INNER_TOLERANCE
    residual = evaluate(world, state, inner_tolerance)
    if inner_tolerance > INNER_TOLERANCE and residual <= max(tolerance, RESOLVED * inner_tolerance):
        residual = evaluate(world, state, INNER_TOLERANCE)
    return float(residual)


@nb.njit(**INLINE)
def _iterate_fixed_point(
    world: World, state: State, tolerance: float, damping: float, residuals: Floats
) -> int:
    """Iterate the accelerated fixed point until it converges, stalls or ``residuals`` is full.

    Returns the number of residuals written; the last one is that of the state.
    """
    size = state.unknown.size
    changes, step_changes = np.empty((MEMORY, size)), np.empty((MEMORY, size))
    last, last_step, step = np.empty(size), np.empty(size), np.empty(size)
    best_unknown = state.unknown.copy()
    residual = _evaluate(world, state, LOOSE_TOLERANCE, tolerance)
    best, since_best, stored, step_count = residual, 0, 0, 0
    residuals[0], count = residual, 1
    while residual > tolerance and count < residuals.size:
        _fixed_point_step(world, state, damping, step)
        if step_count > 0:
            slot = (step_count - 1) % MEMORY
            for i in range(size):
                changes[slot, i] = state.unknown[i] - last[i]
                step_changes[slot, i] = step[i] - last_step[i]
            stored = min(stored + 1, MEMORY)
        copy_into(last, state.unknown)
        copy_into(last_step, step)
        step_count += 1
        if stored > 0:
            _accelerate(changes[:stored], step_changes[:stored], step)
        _limit(step)
        for i in range(size):
            state.unknown[i] += step[i]
        residual = _evaluate(world, state, INNER_PART * residual, tolerance)
        residuals[count] = residual
        count += 1
        since_best += 1
        if residual < best:
            best, since_best = residual, 0
            copy_into(best_unknown, state.unknown)
        elif not residual < 10.0 * best:
            # Diverging: discard the memory and continue unaccelerated from the best state, by shorter steps
            # if this step was unaccelerated.
            if stored == 0:
                damping *= 0.5
            stored, step_count = 0, 0
            copy_into(state.unknown, best_unknown)
            evaluate(world, state, INNER_TOLERANCE)
            residual = best
        if since_best >= PATIENCE:
            break
    if residual > best:
        copy_into(state.unknown, best_unknown)
        residuals[count - 1] = evaluate(world, state, INNER_TOLERANCE)
    return count


@nb.njit(**INLINE)
def _jacobian(world: World, state: State) -> Floats:
    """Return the derivatives of excess demand by log wages and rents, (N + M, N + M).

    The mean log wage of each group is subtracted from its rows, which makes the matrix regular.
    """
    size, unknowns = state.log_wage.size, state.unknown.size
    out = np.empty((unknowns, unknowns))
    point, excess = state.unknown.copy(), state.excess_demand.copy()
    total = np.zeros(size)
    for i in range(size):
        total[world.group[i]] += world.labour_income[i]
    for j in range(unknowns):
        copy_into(state.unknown, point)
        state.unknown[j] += DIFFERENCE
        evaluate(world, state, INNER_TOLERANCE)
        for i in range(unknowns):
            out[i, j] = (state.excess_demand[i] - excess[i]) / DIFFERENCE
    for i in range(size):
        for j in range(size):
            if world.group[i] == world.group[j]:
                out[i, j] -= world.labour_income[j] / total[world.group[i]]
    copy_into(state.unknown, point)
    evaluate(world, state, INNER_TOLERANCE)
    return out


@nb.njit(**INLINE)
def _newton_step(jacobian: Floats, excess: Floats) -> Floats:
    """Return Newton's step; rows are scaled by their diagonal, which is small where little is traded."""
    matrix, right = jacobian.copy(), -excess
    for i in range(right.size):
        scale = 1.0 / abs(matrix[i, i]) if matrix[i, i] != 0.0 else 1.0
        matrix[i] *= scale
        right[i] *= scale
    return np.linalg.solve(matrix, right).astype(np.float64)


@nb.njit(**INLINE)
def _iterate_newton(world: World, state: State, tolerance: float, residuals: Floats) -> int:
    """Iterate Newton's method with step halving until it converges, stalls or ``residuals`` is full."""
    count, size = 0, state.unknown.size
    residual = evaluate(world, state, INNER_TOLERANCE)
    for _ in range(MAX_NEWTON_STEPS):
        if residual <= tolerance or count == residuals.size:
            break
        jacobian = _jacobian(world, state)
        for i in range(size):
            for j in range(size):
                if not math.isfinite(jacobian[i, j]):
                    return count
        step = _newton_step(jacobian, state.excess_demand)
        _limit(step)
        point, before, part = state.unknown.copy(), residual, 1.0
        for _ in range(MAX_HALVINGS):
            for i in range(size):
                state.unknown[i] = point[i] + part * step[i]
            residual = evaluate(world, state, INNER_TOLERANCE)
            if residual <= (1.0 - (1.0 - DECREASE) * part) * before:
                break
            part *= 0.5
        residuals[count] = residual
        count += 1
        if not residual < STALLED * before:
            break
    return count


@nb.njit(**INLINE)
def _iterate_nested(world: World, state: State, tolerance: float, residuals: Floats) -> int:
    """Iterate wages, with rents settled at each of them, until it converges or ``residuals`` is full.

    Where trade must vanish because none of it is two-way, wages move far and rents lag in joint steps.
    """
    count, size, step = 0, state.log_wage.size, np.empty(state.unknown.size)
    residual = evaluate(world, state, INNER_TOLERANCE)
    for _ in range(residuals.size):
        if residual <= tolerance or count == residuals.size:
            break
        _fixed_point_step(world, state, 1.0, step)
        largest = np.abs(step[size:]).max()
        if largest > SETTLED:
            step[:size] = 0.0
        else:
            for m in range(world.rent.size):
                step[size + m] = step[world.rent_cell[m, 1]]
        _limit(step)
        for i in range(step.size):
            state.unknown[i] += step[i]
        residual = evaluate(world, state, INNER_TOLERANCE)
        residuals[count] = residual
        count += 1
    return count


@nb.njit(**ENTRY)
def solve_wages(world: World, state: State, tolerance: float, residuals: Floats) -> int:
    """Bring the state to equilibrium and return the number of ``residuals`` written.

    At the bounds of imbalances the excess demand has kinks, where Newton's method stalls. The two methods
    therefore alternate, the fixed point with a smaller step each time.
    """
    count, damping = 0, 1.0
    for _ in range(MAX_ROUNDS):
        count += _iterate_fixed_point(world, state, tolerance, damping, residuals[count:])
        if residuals[count - 1] <= tolerance or count == residuals.size:
            break
        count += _iterate_newton(world, state, tolerance, residuals[count:])
        if residuals[count - 1] <= tolerance or count == residuals.size:
            break
        damping *= 0.5
    if world.rent.size > 0 and count < residuals.size and not residuals[count - 1] <= tolerance:
        count += _iterate_nested(world, state, tolerance, residuals[count:])
    return count
