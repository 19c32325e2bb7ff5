"""Wages at which nobody wants more labour than there is: an accelerated fixed point, then Newton's method.

The fixed point raises each log wage by the log of what the economy takes in from abroad over what it pays,
lending and borrowing included, over ``1 + 2 θ̄``: under gross substitution this is a tâtonnement as in Alvarez
& Lucas (2007), with a step that does not depend on how open the economy is. Anderson's acceleration
(Walker & Ni 2011) looks at the last steps. Where it does not get on, Newton's method with derivatives by
differences takes over; each group of economies has one wage too many, which the numeraire sets.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sogdia.trade.kernels.equilibrium import Floats, State, World, evaluate

MEMORY = 6
"""Earlier steps that the acceleration looks at."""
LONGEST = 1.5
"""Largest change of a log wage in one step."""
NUDGE = 1e-6
"""Change of a log wage by which derivatives are taken."""
RIDGE = 1e-13
"""Part of the trace by which the least squares of the acceleration are kept regular."""
HALVINGS = 12
MOST_NEWTON = 30
STUCK = 0.99
"""A step of Newton's that leaves more of the excess demand is the last."""
ROUNDS = 3
FALL = 0.9
"""A step of Newton's must bring the excess demand to this part of itself before a full one is taken."""
PATIENCE = 15
"""Steps without a new best after which the fixed point is given up."""


@nb.njit(cache=True, nogil=True)
def _bounded(step: Floats) -> None:
    longest = 0.0
    for i in range(step.size):
        longest = max(longest, abs(step[i]))
    if longest > LONGEST:
        for i in range(step.size):
            step[i] *= LONGEST / longest


@nb.njit(cache=True, nogil=True)
def _response(world: World, state: State, damping: float, out: Floats) -> None:
    """The plain step, θ̄ weighted by sales."""
    for i in range(out.size):
        total, mean = 0.0, 0.0
        for k in range(state.output.shape[0]):
            total += state.output[k, i]
            mean += state.output[k, i] * world.theta[k]
        mean = mean / total if total > 0.0 else 0.0
        taken = state.exports[i] + max(state.imbalance[i], 0.0)
        paid = state.imports[i] - min(state.imbalance[i], 0.0)
        out[i] = 0.0
        if taken > 0.0 or paid > 0.0:
            ratio = min(max(taken, 1e-9 * paid) / max(paid, 1e-9 * taken), 1e9)
            out[i] = damping * math.log(ratio) / (1.0 + 2.0 * mean)


@nb.njit(cache=True, nogil=True)
def _mix(points: Floats, turns: Floats, step: Floats) -> None:
    """Anderson's step: the plain one less what of it earlier steps explain, by least squares."""
    kept = len(points)
    normal, right = np.empty((kept, kept)), np.empty(kept)
    trace = 0.0
    for a in range(kept):
        right[a] = np.dot(turns[a], step)
        for b in range(kept):
            normal[a, b] = np.dot(turns[a], turns[b])
        trace += normal[a, a]
    for a in range(kept):
        normal[a, a] += RIDGE * trace + 1e-300
    weights = np.linalg.solve(normal, right)
    for a in range(kept):
        for i in range(step.size):
            step[i] -= weights[a] * (points[a, i] + turns[a, i])


@nb.njit(cache=True, nogil=True)
def accelerated(
    world: World, state: State, tolerance: float, damping: float, record: Floats, used: int
) -> int:
    """Iterate the accelerated fixed point until done, out of patience or out of room in ``record``.

    Returns how much of the record is used; its last figure is the excess demand at the state.
    """
    size = state.log_wage.size
    points, turns = np.empty((MEMORY, size)), np.empty((MEMORY, size))
    last_point, last_step, step = np.empty(size), np.empty(size), np.empty(size)
    best_wage = state.log_wage.copy()
    worst = evaluate(world, state)
    best, since, kept, at = worst, 0, 0, 0
    record[used] = worst
    used += 1
    while worst > tolerance and used < record.size:
        _response(world, state, damping, step)
        if at > 0:
            slot = (at - 1) % MEMORY
            for i in range(size):
                points[slot, i] = state.log_wage[i] - last_point[i]
                turns[slot, i] = step[i] - last_step[i]
            kept = min(kept + 1, MEMORY)
        last_point[:] = state.log_wage
        last_step[:] = step
        at += 1
        if kept > 0:
            _mix(points[:kept], turns[:kept], step)
        _bounded(step)
        for i in range(size):
            state.log_wage[i] += step[i]
        worst = evaluate(world, state)
        record[used] = worst
        used += 1
        since += 1
        if worst < best:
            best, since = worst, 0
            best_wage[:] = state.log_wage
        elif not worst < 10.0 * best:
            # Far off: forget the steps that led here and go on plainly from the best wages.
            kept, at = 0, 0
            state.log_wage[:] = best_wage
            evaluate(world, state)
            worst = best
        if since >= PATIENCE:
            break
    if worst > best:
        state.log_wage[:] = best_wage
        record[used - 1] = evaluate(world, state)
    return used


@nb.njit(cache=True, nogil=True)
def _slopes(world: World, state: State) -> Floats:
    """Derivatives of excess demand by log wages, regular: each group's level of wages is held."""
    size = state.log_wage.size
    out = np.empty((size, size))
    here, excess = state.log_wage.copy(), state.excess.copy()
    total = np.zeros(size)
    for i in range(size):
        total[world.group[i]] += world.labour[i]
    for j in range(size):
        state.log_wage[:] = here
        state.log_wage[j] += NUDGE
        evaluate(world, state)
        for i in range(size):
            out[i, j] = (state.excess[i] - excess[i]) / NUDGE
    for i in range(size):
        for j in range(size):
            if world.group[i] == world.group[j]:
                out[i, j] -= world.labour[j] / total[world.group[i]]
    state.log_wage[:] = here
    evaluate(world, state)
    return out


@nb.njit(cache=True, nogil=True)
def _solved(slopes: Floats, excess: Floats) -> Floats:
    """Newton's step; rows are scaled by their diagonal, as little trade makes small ones."""
    matrix, right = slopes.copy(), -excess
    for i in range(right.size):
        scale = 1.0 / abs(matrix[i, i]) if matrix[i, i] != 0.0 else 1.0
        matrix[i] *= scale
        right[i] *= scale
    return np.linalg.solve(matrix, right).astype(np.float64)


@nb.njit(cache=True, nogil=True)
def newton(world: World, state: State, tolerance: float, record: Floats, used: int) -> int:
    """Newton's method with halved steps, until done, stuck or out of room in ``record``."""
    size = state.log_wage.size
    worst = evaluate(world, state)
    for _ in range(MOST_NEWTON):
        if worst <= tolerance or used == record.size:
            break
        slopes = _slopes(world, state)
        for i in range(size):
            for j in range(size):
                if not math.isfinite(slopes[i, j]):
                    return used
        step = _solved(slopes, state.excess)
        _bounded(step)
        here, before, part = state.log_wage.copy(), worst, 1.0
        for _ in range(HALVINGS):
            for i in range(size):
                state.log_wage[i] = here[i] + part * step[i]
            worst = evaluate(world, state)
            if worst <= (1.0 - (1.0 - FALL) * part) * before:
                break
            part *= 0.5
        record[used] = worst
        used += 1
        if not worst < STUCK * before:
            break
    return used


@nb.njit(cache=True, nogil=True)
def solve_wages(world: World, state: State, tolerance: float, record: Floats) -> int:
    """Bring the state to equilibrium; how much of ``record`` is used.

    Where imbalances are at their bounds, excess demand has kinks, at which Newton's method stops; so the two
    methods take turns, the first ever more cautiously.
    """
    used, damping = 0, 1.0
    for _ in range(ROUNDS):
        used = accelerated(world, state, tolerance, damping, record, used)
        if record[used - 1] <= tolerance or used == record.size:
            break
        used = newton(world, state, tolerance, record, used)
        if record[used - 1] <= tolerance or used == record.size:
            break
        damping *= 0.5
    return used
