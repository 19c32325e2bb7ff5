"""A Newton step for the shifts of many pairs of alternative segments at once.

Shifts within one pair after another counteract each other where pairs share arcs: on networks loaded far
beyond capacity the relative gap then falls by one per cent per iteration. Here the shifts ``x`` of all Q
pairs are found together by Newton's method. With ``P`` (G, Q) the change of group flows by a unit shifted
in each pair, ``g = −Pᵀc`` the cost differences and ``D'`` the slopes of the delays,

    ``Pᵀ D' P x = g``

is solved by conjugate gradients with a diagonal preconditioner. ``x`` is limited to what each arc of a bush
carries, and the length of the step is found by a line search on Beckmann's objective (Newton's method for
flows of segments: Bar-Gera 2010; Xie & Xie 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from sogdia.assignment.kernels.arrays import (
    Bools,
    Bushes,
    Delays,
    Floats,
    Graph,
    Ints,
    Longs,
    SegmentPairs,
    State,
)
from sogdia.assignment.kernels.delay import refresh
from sogdia.numerics.csr import row_starts

MAX_PAIRS = 2000
"""Pairs above which a step would take longer than the iterations it saves."""
MAX_STEPS = 2
"""Newton steps one after another."""
MAX_CG_STEPS = 60
CG_TOLERANCE = 1e-2
"""Reduction of the preconditioned residual to which a Newton step is solved."""
MAX_PENALTIES = 30
LEAST_PENALTY = 1e-6
"""First weight of the penalty on shifts beyond available flows, relative to the cost that shifts save."""
LEAST_SHARE = 0.5
"""Share of a step that must be within the flows there are, for it to be taken, reduced to that share."""
NEGLIGIBLE = 1e-13
"""Flow of an arc of a bush that counts as none, relative to the largest."""
MAX_SHORTENINGS = 12
OVERSHOOT = 0.5
"""Part of the slope at its start that a step may have at its end, with the opposite sign."""


@dataclass(frozen=True, eq=False)
class StoredPairs:
    """Pairs of segments copied from their scratch space.

    Attributes:
        bush: Bush of each pair, (Q,).
        high_size: Number of arcs of its high-cost segment, (Q,).
        size: Number of arcs of both segments, (Q,).
        slot: Positions in the bushes' arrays, the high-cost segment of a pair before its low-cost one.
        arc: Arcs at these positions.
    """

    bush: Ints
    high_size: Longs
    size: Longs
    slot: Ints
    arc: Ints


def copy_pairs(pairs: SegmentPairs) -> StoredPairs:
    """Copy the pairs out of their scratch space."""
    count = int(pairs.pair_count[0])
    start, last = pairs.start[: count + 1], pairs.start[count]
    high_size = pairs.middle[:count] - start[:-1]
    return StoredPairs(
        pairs.bush[:count].copy(),
        high_size,
        np.diff(start),
        pairs.slot[:last].copy(),
        pairs.arc[:last].copy(),
    )


@dataclass(frozen=True, eq=False)
class _PairSystem:
    """The equations of the pairs. An entry is an arc of a pair; those of a pair are contiguous.

    Attributes:
        start: First entry of each pair, (Q,).
        sign: Change of each entry's flow by a unit of shift: −1 on the high-cost segment, 1 on the other.
        slots: Positions in the bushes' arrays that any pair has, (S,).
        slot: Number of each entry's position among these.
        group: Capacity group of each entry.
        free_flow_cost: Free-flow cost of each entry to the class of its bush.
        group_change: Change of group flows by a unit of shift, P, (G, Q).
        slot_change: Change of the flows at ``slots`` by a unit of shift, (S, Q).
    """

    start: Longs
    sign: Floats
    slots: Ints
    slot: Longs
    group: Ints
    free_flow_cost: Floats
    group_change: csc_array
    slot_change: csc_array


def shift_pairs_together(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    delays: Delays,
    state: State,
    known: Sequence[StoredPairs],
) -> bool:
    """Shift flow in all known pairs together; change the flows of the bushes and the state of the groups.

    Args:
        bushes: The bushes.
        graph: The graph.
        free_flow_costs: Free-flow costs by class and arc, (K, A).
        delays: Delay functions.
        state: Flows and delays of the capacity groups at the flows of the bushes.
        known: The pairs; those collected after a step are added to those before it, as equalising the new
            ones alone would undo the others.

    Returns:
        True if flow was shifted.
    """
    if not 0 < sum(stored.size.size for stored in known) <= MAX_PAIRS:
        return False
    system, shifted = _pair_system(bushes, graph, free_flow_costs, state, known), False
    # On extremely overloaded networks numbers overflow; such a step is not taken.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(MAX_STEPS):
            difference = _cost_differences(system, state)
            flow = bushes.flow[system.slots]
            available = _available_flow(system, flow, difference)
            slope_sum = np.add.reduceat(state.slope[system.group], system.start)
            free: Bools = (available > 0.0) & (slope_sum > 0.0)
            if not free.any():
                break
            shift = _feasible_shift(system, state.slope, difference, available, free, flow)
            if shift is None or not _line_search(system, bushes, delays, state, difference, shift):
                break
            shifted = True
    return shifted


def _pair_system(
    bushes: Bushes, graph: Graph, free_flow_costs: Floats, state: State, known: Sequence[StoredPairs]
) -> _PairSystem:
    bush, high_size, size, slot, arc = (
        np.concatenate([getattr(stored, name) for stored in known])
        for name in ("bush", "high_size", "size", "slot", "arc")
    )
    start = row_starts(size)
    place = np.arange(start[-1]) - np.repeat(start[:-1], size)
    sign = np.where(place < np.repeat(high_size, size), -1.0, 1.0)
    group = graph.group[arc]
    free_flow_cost = free_flow_costs[np.repeat(bushes.user_class[bush], size), arc]
    group_change = csc_array((sign, group, start), shape=(state.flow.size, size.size))
    slots, place = np.unique(slot, return_inverse=True)
    slot_change = csc_array((sign, place, start), shape=(slots.size, size.size))
    return _PairSystem(
        start[:-1].copy(), sign, slots, place, group, free_flow_cost, group_change, slot_change
    )


def _cost_differences(system: _PairSystem, state: State) -> Floats:
    """Cost of the high-cost segment of each pair less that of the other, g, (Q,)."""
    cost = system.free_flow_cost + state.delay[system.group]
    return np.asarray(-np.add.reduceat(system.sign * cost, system.start))


def _available_flow(system: _PairSystem, flow: Floats, difference: Floats) -> Floats:
    """Flow that each pair can shift towards its segment of lower cost, (Q,)."""
    sizes = np.diff(np.append(system.start, system.sign.size))
    direction = np.repeat(np.where(difference >= 0.0, 1.0, -1.0), sizes)
    loses = system.sign * direction < 0.0
    return np.asarray(np.minimum.reduceat(np.where(loses, flow[system.slot], np.inf), system.start))


def _feasible_shift(
    system: _PairSystem, slope: Floats, difference: Floats, available: Floats, free: Bools, flow: Floats
) -> Floats | None:
    """Find shifts of the free pairs (Q,) after which no arc of a bush carries a negative flow.

    If a step would take more than an arc carries, ``λ Σ (change / flow)²`` over such arcs is added to the
    objective, with λ rising from attempt to attempt. ``None`` if no attempt succeeds.
    """
    negligible, saving = NEGLIGIBLE * float(flow.max()), float((np.abs(difference) * available)[free].sum())
    # The equations are singular along directions without slope; the ridge keeps the step finite.
    ridge = LEAST_PENALTY * saving / np.where(free, available, 1.0) ** 2
    penalty, weight, sizes = np.zeros(flow.size), 0.0, np.diff(np.append(system.start, system.sign.size))
    for _ in range(MAX_PENALTIES):
        shift = _solve(system, slope, weight * penalty, ridge, np.where(free, difference, 0.0), free)
        change = system.slot_change @ shift
        below = (change < 0.0) & (flow <= negligible) & (flow + change < 0.0)
        if below.any():
            # Pairs that would take flow from an arc that carries a negligible one are left as they are.
            takes = below[system.slot] & (system.sign * np.repeat(shift, sizes) < 0.0)
            free = free & ~np.logical_or.reduceat(takes, system.start)
            continue
        loses = change < 0.0
        share = float(np.min(flow[loses] / -change[loses], initial=np.inf))
        if share >= LEAST_SHARE:
            return np.asarray(shift * min(1.0, share))
        short = flow < -change
        penalty[short] = 1.0 / flow[short] ** 2
        weight = max(10.0 * weight, LEAST_PENALTY * saving)
    return None


def _solve(
    system: _PairSystem, slope: Floats, penalty: Floats, ridge: Floats, difference: Floats, free: Bools
) -> Floats:
    """Solve for the shifts of the free pairs by conjugate gradients with a diagonal preconditioner, (Q,)."""
    weight = np.add.reduceat(slope[system.group] + penalty[system.slot], system.start)
    weight = np.where(free, weight + ridge, 1.0)
    by_group, by_slot = system.group_change, system.slot_change
    solution, residual = np.zeros(difference.size), difference.copy()
    preconditioned = residual / weight
    direction, norm = preconditioned.copy(), float(residual @ preconditioned)
    target = CG_TOLERANCE * CG_TOLERANCE * norm
    for _ in range(MAX_CG_STEPS):
        if norm <= target:
            break
        product = (
            by_group.T @ (slope * (by_group @ direction))
            + by_slot.T @ (penalty * (by_slot @ direction))
            + ridge * direction
        )
        product = np.where(free, product, 0.0)
        curvature = float(direction @ product)
        if curvature <= 0.0:
            break
        length = norm / curvature
        solution += length * direction
        residual -= length * product
        preconditioned = residual / weight
        before, norm = norm, float(residual @ preconditioned)
        direction = preconditioned + (norm / before) * direction
    return solution


def _line_search(
    system: _PairSystem, bushes: Bushes, delays: Delays, state: State, difference: Floats, shift: Floats
) -> bool:
    """Shift flow along a step, shortened until it does not overshoot the minimum of Beckmann's objective.

    Returns:
        True if flow was shifted.
    """
    descent = float(difference @ shift)
    if not 0.0 < descent < np.inf:
        return False
    before, change = state.flow.copy(), system.group_change @ shift
    length = 1.0
    for _ in range(MAX_SHORTENINGS):
        state.flow[:] = np.maximum(before + length * change, 0.0)
        refresh(delays, state)
        remaining = float(_cost_differences(system, state) @ shift)
        if remaining >= -OVERSHOOT * descent:
            added = system.slot_change @ (length * shift)
            bushes.flow[system.slots] = np.maximum(bushes.flow[system.slots] + added, 0.0)
            return True
        length *= float(np.clip(descent / (descent - remaining), 0.1, 0.7))
    state.flow[:] = before
    refresh(delays, state)
    return False
