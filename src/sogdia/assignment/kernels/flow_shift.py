"""Flow shifts within a bush: labels, pairs of alternative segments, and Newton's step for one pair.

Two segments are alternative if they join the same two nodes of a bush and share no other node. Flow x is
shifted from the one of higher cost to the other until their costs are equal. With ``c_high − c_low`` the
cost difference and D' the slopes of the delays, Newton's step is ``x = (c_high − c_low) / Σ D'`` over both
segments (Dial 2006; Nie 2010; pairs of alternative segments: Bar-Gera 2010).

Functions take arrays, not the named tuples that hold them: numba counts a reference each time an array is
read out of a tuple inside a loop, which more than halves the speed.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import (
    Bushes,
    Bytes,
    Delays,
    Floats,
    Graph,
    Ints,
    Longs,
    SegmentPairs,
    State,
    Work,
)
from sogdia.assignment.kernels.delay import delay_and_slope
from sogdia.numerics.compiled import CALLEE_IN_PLACE, INLINE

MAX_STEPS = 12
"""Newton steps for one pair."""
REDUCTION = 0.3
"""Part of its cost difference to which a pair is reduced; steep delays need several steps for that."""


@nb.njit(**CALLEE_IN_PLACE)
def label_bush(
    b: int, bushes: Bushes, graph: Graph, free_flow_cost: Floats, delay: Floats, work: Work, all_nodes: bool
) -> None:
    """Compute minimum labels over a bush and maximum labels over its used arcs, with the slots of both.

    ``min_label_j = min_a (min_label_i + c_a)`` over the bush's arcs (i, j), ``max_label_j`` the maximum over
    those with flow. With ``all_nodes`` the maximum is also over the arc of the minimum, at every node:
    only then does it never fall along an arc that a bush retains, so that added arcs close no cycle.
    """
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr = bushes.order[n0:], bushes.ptr[n0 + b :]
    arc, flow = bushes.arc, bushes.flow
    tail, group = graph.tail, graph.group
    min_label, max_label, position = work.min_label, work.max_label, work.position
    min_slot, max_slot = work.min_slot, work.max_slot
    origin = order[0]
    min_label[origin] = 0.0
    max_label[origin] = 0.0
    position[origin] = 0
    last = m0
    for p in range(1, bushes.nodes[b]):
        j = order[p]
        position[j] = p
        first, last = last, m0 + ptr[p + 1]
        a = arc[first]
        i = tail[a]
        cost = free_flow_cost[a] + delay[group[a]]
        if last - first == 1:
            min_label[j] = min_label[i] + cost
            max_label[j] = max_label[i] + cost
            min_slot[j] = first
            max_slot[j] = first
            continue
        least, most = min_label[i] + cost, -np.inf
        by_lowest = max_label[i] + cost
        low, high = first, -1
        if flow[first] > 0.0:
            most = by_lowest
            high = first
        for s in range(first + 1, last):
            a = arc[s]
            i = tail[a]
            cost = free_flow_cost[a] + delay[group[a]]
            cost_by_max = max_label[i] + cost
            if min_label[i] + cost < least:
                least = min_label[i] + cost
                by_lowest = cost_by_max
                low = s
            if flow[s] > 0.0 and cost_by_max > most:
                most = cost_by_max
                high = s
        min_label[j] = least
        min_slot[j] = low
        max_slot[j] = high if high >= 0 else low
        if all_nodes:
            max_label[j] = max(most, by_lowest)
        else:
            max_label[j] = most if high >= 0 else least


@nb.njit(**CALLEE_IN_PLACE)
def shift_bush(
    b: int,
    bushes: Bushes,
    graph: Graph,
    free_flow_cost: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pairs: SegmentPairs,
    tolerance: float,
) -> float:
    """Shift flow at each node of a bush, in reverse topological order; return the largest cost difference.

    At each node one pair is equalised: the used segment of maximum cost and the segment of minimum cost. The
    pairs are appended to ``pairs``.
    """
    label_bush(b, bushes, graph, free_flow_cost, state.delay, work, False)
    n0 = bushes.node_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    tail, group = graph.tail, graph.group
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    preload = delays.preload
    total, delay, slope = state.flow, state.delay, state.slope
    count, bush_of, start, middle, slot, pair_arc = pairs
    min_label, max_label, min_slot, max_slot, position = (
        work.min_label,
        work.max_label,
        work.min_slot,
        work.max_slot,
        work.position,
    )
    largest = 0.0
    for p in range(bushes.nodes[b] - 1, 0, -1):
        if ptr[p + 1] - ptr[p] < 2:
            continue
        j = order[p]
        entry, difference = max_slot[j], max_label[j] - min_label[j]
        if entry == min_slot[j]:
            # Minimum and maximum share the last arc, so they diverge upstream: take the next highest here.
            highest = -np.inf
            for s in range(bushes.arc_at[b] + ptr[p], bushes.arc_at[b] + ptr[p + 1]):
                a = arc[s]
                cost_by_max = max_label[tail[a]] + free_flow_cost[a] + delay[group[a]]
                if flow[s] > 0.0 and s != min_slot[j] and cost_by_max > highest:
                    entry, highest = s, cost_by_max
            if highest < 0.0:
                continue
            difference = highest - min_label[j]
        q = count[0]
        bush_of[q] = b
        _trace_segments(j, q, entry, arc, tail, min_slot, max_slot, position, start, middle, slot, pair_arc)
        if difference > tolerance:
            largest = max(largest, difference)
            _equalise(
                start[q], middle[q], start[q + 1], pair_arc, slot, flow, group, free_flow_cost,
                kind, scale, capacity, power, preload, total, delay, slope, tolerance,
            )  # fmt: skip
        if q + 1 < bush_of.size and start[q + 1] + 2 * min_label.size <= slot.size:
            count[0] += 1
    return largest


@nb.njit(**INLINE)
def _trace_segments(
    j: int,
    q: int,
    entry: int,
    arc: Ints,
    tail: Ints,
    min_slot: Ints,
    max_slot: Ints,
    position: Ints,
    start: Longs,
    middle: Longs,
    pair_slot: Ints,
    pair_arc: Ints,
) -> None:
    """Write the segments into ``j``, of maximum cost by ``entry`` and of minimum cost, as pair ``q``.

    Both are traced back to the node where they diverge.
    """
    at = start[q]
    high, low = tail[arc[entry]], tail[arc[min_slot[j]]]
    pair_slot[at], at = entry, at + 1
    # The minimum-cost segment has at most as many arcs as there are nodes. It is written backwards from the
    # end of the array and moved behind the other one once the length of that is known.
    last = pair_slot.size - 1
    pair_slot[last] = min_slot[j]
    while high != low:
        if position[high] > position[low]:
            pair_slot[at], at = max_slot[high], at + 1
            high = tail[arc[max_slot[high]]]
        else:
            last -= 1
            pair_slot[last] = min_slot[low]
            low = tail[arc[min_slot[low]]]
    middle[q] = at
    for s in range(last, pair_slot.size):
        pair_slot[at], at = pair_slot[s], at + 1
    start[q + 1] = at
    for s in range(start[q], at):
        pair_arc[s] = arc[pair_slot[s]]


@nb.njit(**INLINE)
def equalise_pairs(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    delays: Delays,
    state: State,
    pairs: SegmentPairs,
    tolerance: float,
) -> float:
    """Equalise all stored pairs, one after another; return the largest cost difference."""
    flow, group, slot, arc = bushes.flow, graph.group, pairs.slot, pairs.arc
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    preload = delays.preload
    total, delay, slope = state.flow, state.delay, state.slope
    start, middle, bush_of, user_class = pairs.start, pairs.middle, pairs.bush, bushes.user_class
    largest = 0.0
    last = -1
    free_flow_cost = free_flow_costs[0]
    for q in range(pairs.pair_count[0]):
        if user_class[bush_of[q]] != last:
            last = user_class[bush_of[q]]
            free_flow_cost = free_flow_costs[last]
        difference = _equalise(
            start[q], middle[q], start[q + 1], arc, slot, flow, group, free_flow_cost,
            kind, scale, capacity, power, preload, total, delay, slope, tolerance,
        )  # fmt: skip
        largest = max(largest, difference)
    return largest


@nb.njit(**CALLEE_IN_PLACE)
def _equalise(
    high: int,
    middle: int,
    low_end: int,
    arc: Ints,
    slot: Ints,
    flow: Floats,
    group: Ints,
    free_flow_cost: Floats,
    kind: Bytes,
    scale: Floats,
    capacity: Floats,
    power: Floats,
    preload: Floats,
    total: Floats,
    delay: Floats,
    slope: Floats,
    tolerance: float,
) -> float:
    """Shift flow from the segment of higher cost to the other; return the cost difference before.

    Segments are ``high`` to ``middle`` and ``middle`` to ``low_end``, in any order of cost.
    """
    low, high_end, difference, slope_sum = middle, middle, 0.0, 0.0
    for s in range(high, high_end):
        a = arc[s]
        g = group[a]
        difference += free_flow_cost[a] + delay[g]
        slope_sum += slope[g]
    for s in range(low, low_end):
        a = arc[s]
        g = group[a]
        difference -= free_flow_cost[a] + delay[g]
        slope_sum += slope[g]
    if difference < 0.0:
        difference, high, high_end, low, low_end = -difference, low, low_end, high, high_end
    if difference <= tolerance:
        return 0.0
    available = np.inf
    for s in range(high, high_end):
        available = min(available, flow[slot[s]])
    if available <= 0.0:
        return 0.0
    initial, lower, upper, shifted = difference, 0.0, available, 0.0
    for attempt in range(MAX_STEPS):
        shift = _next_shift(attempt, shifted, difference, slope_sum, lower, upper, available)
        if shift == shifted:
            break
        difference, slope_sum = _shift_by(
            high, high_end, low, low_end, shift - shifted, arc, slot, flow, group, free_flow_cost,
            kind, scale, capacity, power, preload, total, delay, slope,
        )  # fmt: skip
        shifted = shift
        if abs(difference) <= REDUCTION * initial or (difference > 0.0 and shifted >= available):
            break
        if difference > 0.0:
            lower = shifted
        else:
            upper = shifted
    return initial


@nb.njit(**INLINE)
def _next_shift(
    attempt: int,
    shifted: float,
    difference: float,
    slope_sum: float,
    lower: float,
    upper: float,
    available: float,
) -> float:
    """Return the total shift to try next: Newton's step, or bisection if it is outside the bracket."""
    bound = upper if difference > 0.0 else lower
    shift = shifted + difference / slope_sum if slope_sum > 0.0 else bound
    if shift <= lower or shift >= upper:
        beyond = attempt == 0 or (difference > 0.0 and upper == available and shift >= upper)
        shift = upper if beyond else 0.5 * (lower + upper)
    return shift


@nb.njit(**CALLEE_IN_PLACE)
def _shift_by(
    high: int,
    high_end: int,
    low: int,
    low_end: int,
    step: float,
    arc: Ints,
    slot: Ints,
    flow: Floats,
    group: Ints,
    free_flow_cost: Floats,
    kind: Bytes,
    scale: Floats,
    capacity: Floats,
    power: Floats,
    preload: Floats,
    total: Floats,
    delay: Floats,
    slope: Floats,
) -> tuple[float, float]:
    """Shift ``step`` from the high-cost to the low-cost segment; return the new cost difference and slope."""
    difference, slope_sum = 0.0, 0.0
    for segment in range(2):
        sign = 1.0 if segment == 0 else -1.0
        first, last = (high, high_end) if segment == 0 else (low, low_end)
        for s in range(first, last):
            a = arc[s]
            g = group[a]
            flow[slot[s]] = max(0.0, flow[slot[s]] - sign * step)
            total[g] = max(0.0, total[g] - sign * step)
            delay[g], slope[g] = delay_and_slope(
                kind[g], scale[g], capacity[g], power[g], preload[g] + total[g]
            )
            difference += sign * (free_flow_cost[a] + delay[g])
            slope_sum += slope[g]
    return difference, slope_sum
