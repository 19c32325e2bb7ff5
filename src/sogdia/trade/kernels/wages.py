"""Solve for market-clearing wages and rents by an accelerated fixed point.

It raises each log wage by the log of the economy's receipts from abroad over its payments,
lending and borrowing included, divided by ``1 + 2 θ̄``. Under gross substitution this is a tâtonnement as in
Alvarez & Lucas (2007), with a step length that does not depend on openness. Anderson acceleration (Walker &
Ni 2011) combines the last steps. With the response of the base year the steps are those of a chord method.
Each group of economies has one redundant wage, which the numeraire sets.

Log rents of specific factors are further unknowns: each rises by the log of demand over supply, divided by
``1 + η + θ γR (1 − o)``, the slope at fixed expenditure, with o the mean share of the economy in the markets
of its sales.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sogdia.numerics.compiled import CALLEE, CALLEE_IN_PLACE, ENTRY, IN_PLACE, INLINE
from sogdia.trade.arrays import Floats
from sogdia.trade.kernels.equilibrium import (
    INNER_PART,
    INNER_TOLERANCE,
    LOOSE_TOLERANCE,
    evaluate,
)
from sogdia.trade.kernels.vectors import copy_into, dot
from sogdia.trade.kernels.world import State, World

MEMORY = 6
"""Earlier steps that the acceleration combines."""
MAX_STEP = 1.5
"""Largest change of a log wage or rent in one step."""
RIDGE = 1e-13
"""Regularisation of the acceleration's least squares, relative to the trace."""
RESOLVED = 10.0
"""Excess demand over the inner tolerance, above which it counts as resolved."""
PATIENCE = 15
"""Fixed-point steps without a new minimum before Newton's method takes over."""


@nb.njit(**IN_PLACE)
def limit(step: Floats) -> None:
    """Scale a step so that no log wage or rent changes by more than ``MAX_STEP``."""
    largest = 0.0
    for i in range(step.size):
        largest = max(largest, abs(step[i]))
    if largest > MAX_STEP:
        for i in range(step.size):
            step[i] *= MAX_STEP / largest


@nb.njit(**INLINE)
def _own_shares(world: World, state: State) -> Floats:
    """Return the mean share of an economy in the markets of each specific factor, by its sales, (M,)."""
    out = np.ones(world.rent.size)
    for m in range(world.rent.size):
        k, i = world.rent_cell[m]
        total, owned = 0.0, 0.0
        for j in range(state.log_wage.size):
            if state.phi[k, j] > 0.0:
                weight = world.home_weight[k, i] if i == j else world.import_weight[k, i, j]
                share = weight * state.cost_term[k, i] / state.phi[k, j]
                total += share * state.expenditure[k, j]
                owned += share * share * state.expenditure[k, j]
        if total > 0.0 and not world.is_unsupplied[k, i]:
            out[m] = min(max(owned / total, 0.0), 1.0)
    return out


@nb.njit(**CALLEE)
def fixed_point_step(world: World, state: State, response: Floats, damping: float, out: Floats) -> None:
    """Write the step of wages and rents into ``out``.

    It is ``−response · excess demand`` with the response of wages and rents in the base year, (N + M, N + M).
    Without it, (0, 0), it is the tâtonnement step, in which θ̄ is the mean of θ weighted by sales.
    """
    size = state.log_wage.size
    if response.size > 0:
        for i in range(out.size):
            out[i] = -damping * dot(response[i], state.excess_demand)
        return
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
    own_share = _own_shares(world, state)
    for m in range(world.rent.size):
        slope = world.theta[world.rent_cell[m, 0]] * world.rent_share[m] * (1.0 - own_share[m])
        out[size + m] = damping * state.excess_demand[size + m] / (1.0 + world.supply_elasticity[m] + slope)


@nb.njit(**CALLEE)
def _accelerate(changes: Floats, step_changes: Floats, count: int, step: Floats) -> None:
    """Apply Anderson acceleration to ``step`` in place, by least squares on the last ``count`` changes."""
    normal, weights = np.empty((count, count)), np.empty(count)
    trace = 0.0
    for a in range(count):
        weights[a] = dot(step_changes[a], step)
        for b in range(a + 1):
            normal[a, b] = dot(step_changes[a], step_changes[b])
        trace += normal[a, a]
    for a in range(count):
        normal[a, a] += RIDGE * trace + 1e-300
    # Cholesky's factors of a small matrix, in place: the call of a library takes longer to compile.
    for a in range(count):
        for b in range(a + 1):
            for c in range(b):
                normal[a, b] -= normal[a, c] * normal[b, c]
            normal[a, b] = normal[a, b] / normal[b, b] if b < a else math.sqrt(normal[a, a])
        for b in range(a):
            weights[a] -= normal[a, b] * weights[b]
        weights[a] /= normal[a, a]
    for a in range(count - 1, -1, -1):
        for b in range(a + 1, count):
            weights[a] -= normal[b, a] * weights[b]
        weights[a] /= normal[a, a]
        for i in range(step.size):
            step[i] -= weights[a] * (changes[a, i] + step_changes[a, i])


@nb.njit(**CALLEE_IN_PLACE)
def _move(
    unknown: Floats,
    step: Floats,
    last: Floats,
    last_step: Floats,
    changes: Floats,
    step_changes: Floats,
    stored: int,
    step_count: int,
) -> int:
    """Store the change since the last step, accelerate the step and add it to the unknowns.

    Returns how many changes are stored, at most ``MEMORY``.
    """
    if step_count > 0:
        slot = (step_count - 1) % MEMORY
        for i in range(unknown.size):
            changes[slot, i] = unknown[i] - last[i]
            step_changes[slot, i] = step[i] - last_step[i]
        stored = min(stored + 1, MEMORY)
    copy_into(last, unknown)
    copy_into(last_step, step)
    if stored > 0:
        _accelerate(changes, step_changes, stored, step)
    limit(step)
    for i in range(unknown.size):
        unknown[i] += step[i]
    return stored


@nb.njit(**ENTRY)
def iterate_fixed_point(
    world: World,
    state: State,
    response: Floats,
    tolerance: float,
    damping: float,
    inner: float,
    residuals: Floats,
) -> int:
    """Iterate the accelerated fixed point until it converges, stalls or ``residuals`` is full.

    With room for one residual it evaluates the state. The first evaluation has the inner tolerance ``inner``.
    An evaluation to an inner tolerance is repeated to the smallest one where that is too coarse: if the
    excess demand is within the tolerance, or not far above the inner one.
    Returns the number of residuals written; the last one is that of the state.
    """
    size = state.unknown.size
    changes, step_changes = np.empty((MEMORY, size)), np.empty((MEMORY, size))
    last, last_step, step, best_unknown = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    copy_into(best_unknown, state.unknown)
    best, since_best, stored, step_count, count = np.inf, 0, 0, 0, 0
    has_one_pass = world.input_share.size == 0 and not world.has_tariffs
    is_return, is_last = False, False
    # One call of a large function: each further one adds a second to the time of compiling.
    while True:
        inner = INNER_TOLERANCE if has_one_pass else inner
        residual = evaluate(world, state, inner)
        if inner > INNER_TOLERANCE and residual <= max(tolerance, RESOLVED * inner):
            inner = INNER_TOLERANCE
            continue
        if is_last:
            residuals[count - 1] = residual
            break
        if is_return:
            residual, is_return = best, False
        else:
            residuals[count] = residual
            count += 1
            since_best += 1
            if count == 1 or residual < best:
                best, since_best = residual, 0
                copy_into(best_unknown, state.unknown)
            elif not residual < 10.0 * best:
                # Diverging: discard the memory and continue unaccelerated from the best state, by shorter
                # steps if this step was unaccelerated.
                if stored == 0:
                    damping *= 0.5
                stored, step_count, is_return = 0, 0, True
        is_last = residual <= tolerance or count == residuals.size or since_best >= PATIENCE
        if is_last and not residual > best and not is_return:
            break
        if is_last or is_return:
            copy_into(state.unknown, best_unknown)
            inner = INNER_TOLERANCE
            continue
        fixed_point_step(world, state, response, damping, step)
        stored = _move(state.unknown, step, last, last_step, changes, step_changes, stored, step_count)
        step_count += 1
        inner = max(min(INNER_PART * residual, LOOSE_TOLERANCE), INNER_TOLERANCE)
    return count


@nb.njit(**ENTRY)
def tatonnement_step(world: World, state: State, out: Floats) -> None:
    """Write the step without acceleration into ``out``, for callers outside of the kernels."""
    fixed_point_step(world, state, np.empty((0, 0)), 1.0, out)
