"""Shifting flow within a bush: labels, and the Newton step between two ways into a node.

The functions take bare arrays and not their groups: reading an array out of a group inside a loop
counts a reference each time, which more than halves the speed.
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
    Pairs,
    State,
    Work,
)
from sogdia.assignment.kernels.compiled import INNER, WITHIN
from sogdia.assignment.kernels.delay import delay_and_slope

TRIES = 12
CLOSE_ENOUGH = 0.3


@nb.njit(**INNER)
def label_bush(
    b: int, bushes: Bushes, graph: Graph, fixed: Floats, delay: Floats, work: Work, whole: bool
) -> None:
    """Least costs over the bush and greatest over its used arcs, with the slots that give them.

    Where ``whole``, the greatest are over the arcs of the least costs as well, at every node: only then do
    they nowhere fall along the arcs a bush keeps, which is what keeps added arcs from closing a cycle.
    """
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr = bushes.order[n0:], bushes.ptr[n0 + b :]
    arc, flow = bushes.arc, bushes.flow
    tail, group = graph.tail, graph.group
    low, high, position = work.low, work.high, work.position
    low_slot, high_slot = work.low_slot, work.high_slot
    origin = order[0]
    low[origin] = 0.0
    high[origin] = 0.0
    position[origin] = 0
    last = m0
    for p in range(1, bushes.nodes[b]):
        j = order[p]
        position[j] = p
        first, last = last, m0 + ptr[p + 1]
        a = arc[first]
        i = tail[a]
        cost = fixed[a] + delay[group[a]]
        if last - first == 1:
            low[j] = low[i] + cost
            high[j] = high[i] + cost
            low_slot[j] = first
            high_slot[j] = first
            continue
        least, most = low[i] + cost, -np.inf
        by_cheap = high[i] + cost
        cheap, dear = first, -1
        if flow[first] > 0.0:
            most = by_cheap
            dear = first
        for s in range(first + 1, last):
            a = arc[s]
            i = tail[a]
            cost = fixed[a] + delay[group[a]]
            here = high[i] + cost
            if low[i] + cost < least:
                least = low[i] + cost
                by_cheap = here
                cheap = s
            if flow[s] > 0.0 and here > most:
                most = here
                dear = s
        low[j] = least
        low_slot[j] = cheap
        high_slot[j] = dear if dear >= 0 else cheap
        if whole:
            high[j] = max(most, by_cheap)
        else:
            high[j] = most if dear >= 0 else least


@nb.njit(**INNER)
def shift_bush(
    b: int,
    bushes: Bushes,
    graph: Graph,
    fixed: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pairs: Pairs,
    tolerance: float,
) -> float:
    """Even out costs at each node of a bush, the farthest first; the largest spread met.

    The two ways into each node are kept in ``pairs``.
    """
    label_bush(b, bushes, graph, fixed, state.delay, work, False)
    n0 = bushes.node_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    tail, group = graph.tail, graph.group
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    total, delay, slope = state.flow, state.delay, state.slope
    kept, of, start, middle, slot, pair_arc = pairs
    low, high, low_slot, high_slot, position = (
        work.low,
        work.high,
        work.low_slot,
        work.high_slot,
        work.position,
    )
    widest = 0.0
    for p in range(bushes.nodes[b] - 1, 0, -1):
        if ptr[p + 1] - ptr[p] < 2:
            continue
        j = order[p]
        entry, spread = high_slot[j], high[j] - low[j]
        if entry == low_slot[j]:
            # The dearest way and the cheapest part farther back: the next dearest is evened out here.
            dearest = -np.inf
            for s in range(bushes.arc_at[b] + ptr[p], bushes.arc_at[b] + ptr[p + 1]):
                a = arc[s]
                here = high[tail[a]] + fixed[a] + delay[group[a]]
                if flow[s] > 0.0 and s != low_slot[j] and here > dearest:
                    entry, dearest = s, here
            if dearest < 0.0:
                continue
            spread = dearest - low[j]
        q = kept[0]
        of[q] = b
        _trace(j, q, entry, arc, tail, low_slot, high_slot, position, start, middle, slot, pair_arc)
        if spread > tolerance:
            widest = max(widest, spread)
            _even(
                start[q], middle[q], start[q + 1], pair_arc, slot, flow, group, fixed,
                kind, scale, capacity, power, total, delay, slope, tolerance,
            )  # fmt: skip
        if q + 1 < of.size and start[q + 1] + 2 * low.size <= slot.size:
            kept[0] += 1
    return widest


@nb.njit(**WITHIN)
def _trace(
    j: int,
    q: int,
    entry: int,
    arc: Ints,
    tail: Ints,
    low_slot: Ints,
    high_slot: Ints,
    position: Ints,
    start: Longs,
    middle: Longs,
    pair_slot: Ints,
    pair_arc: Ints,
) -> None:
    """Write the dearest way into ``j`` by ``entry`` and the cheapest, from where they part, as pair ``q``."""
    at = start[q]
    dear, cheap = tail[arc[entry]], tail[arc[low_slot[j]]]
    pair_slot[at], at = entry, at + 1
    # The cheap way is no longer than there are nodes, and is written behind the dear one at last.
    held = pair_slot.size - 1
    pair_slot[held] = low_slot[j]
    while dear != cheap:
        if position[dear] > position[cheap]:
            pair_slot[at], at = high_slot[dear], at + 1
            dear = tail[arc[high_slot[dear]]]
        else:
            held -= 1
            pair_slot[held] = low_slot[cheap]
            cheap = tail[arc[low_slot[cheap]]]
    middle[q] = at
    for s in range(held, pair_slot.size):
        pair_slot[at], at = pair_slot[s], at + 1
    start[q + 1] = at
    for s in range(start[q], at):
        pair_arc[s] = arc[pair_slot[s]]


@nb.njit(**WITHIN)
def shift_again(
    bushes: Bushes,
    graph: Graph,
    base: Floats,
    delays: Delays,
    state: State,
    pairs: Pairs,
    tolerance: float,
) -> float:
    """Even out all pairs that are kept, one after another; the largest difference met."""
    flow, group, slot, arc = bushes.flow, graph.group, pairs.slot, pairs.arc
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    total, delay, slope = state.flow, state.delay, state.slope
    start, middle, of, klass = pairs.start, pairs.middle, pairs.bush, bushes.klass
    widest = 0.0
    last = -1
    fixed = base[0]
    for q in range(pairs.kept[0]):
        if klass[of[q]] != last:
            last = klass[of[q]]
            fixed = base[last]
        spread = _even(
            start[q], middle[q], start[q + 1], arc, slot, flow, group, fixed,
            kind, scale, capacity, power, total, delay, slope, tolerance,
        )  # fmt: skip
        widest = max(widest, spread)
    return widest


@nb.njit(**INNER)
def _even(
    dear: int,
    middle: int,
    cheap_end: int,
    arc: Ints,
    slot: Ints,
    flow: Floats,
    group: Ints,
    fixed: Floats,
    kind: Bytes,
    scale: Floats,
    capacity: Floats,
    power: Floats,
    total: Floats,
    delay: Floats,
    slope: Floats,
    tolerance: float,
) -> float:
    """Shift flow from the dearer way of a pair to the other; their difference before."""
    cheap, dear_end = middle, middle
    gap, bend = 0.0, 0.0
    for s in range(dear, dear_end):
        a = arc[s]
        g = group[a]
        gap += fixed[a] + delay[g]
        bend += slope[g]
    for s in range(cheap, cheap_end):
        a = arc[s]
        g = group[a]
        gap -= fixed[a] + delay[g]
        bend += slope[g]
    if gap < 0.0:
        gap, dear, dear_end, cheap, cheap_end = -gap, cheap, cheap_end, dear, dear_end
    if gap <= tolerance:
        return 0.0
    movable = np.inf
    for s in range(dear, dear_end):
        movable = min(movable, flow[slot[s]])
    if movable <= 0.0:
        return 0.0
    first, least, most, moved = gap, 0.0, movable, 0.0
    for attempt in range(TRIES):
        wanted = _next(attempt, moved, gap, bend, least, most, movable)
        if wanted == moved:
            break
        gap, bend = _move(
            dear, dear_end, cheap, cheap_end, wanted - moved, arc, slot, flow, group, fixed,
            kind, scale, capacity, power, total, delay, slope,
        )  # fmt: skip
        moved = wanted
        if abs(gap) <= CLOSE_ENOUGH * first or (gap > 0.0 and moved >= movable):
            break
        if gap > 0.0:
            least = moved
        else:
            most = moved
    return first


@nb.njit(**WITHIN)
def _next(
    attempt: int, moved: float, gap: float, bend: float, least: float, most: float, movable: float
) -> float:
    """Flow to have moved next: Newton's step, halved into the bracket where it leaves it."""
    bound = most if gap > 0.0 else least
    wanted = moved + gap / bend if bend > 0.0 else bound
    if wanted <= least or wanted >= most:
        beyond = attempt == 0 or (gap > 0.0 and most == movable and wanted >= most)
        wanted = most if beyond else 0.5 * (least + most)
    return wanted


@nb.njit(**INNER)
def _move(
    dear: int,
    dear_end: int,
    cheap: int,
    cheap_end: int,
    step: float,
    arc: Ints,
    slot: Ints,
    flow: Floats,
    group: Ints,
    fixed: Floats,
    kind: Bytes,
    scale: Floats,
    capacity: Floats,
    power: Floats,
    total: Floats,
    delay: Floats,
    slope: Floats,
) -> tuple[float, float]:
    """Move ``step`` from the dear to the cheap way; cost difference and slope afterwards."""
    gap, bend = 0.0, 0.0
    for way in range(2):
        sign = 1.0 if way == 0 else -1.0
        first, last = (dear, dear_end) if way == 0 else (cheap, cheap_end)
        for s in range(first, last):
            a = arc[s]
            g = group[a]
            flow[slot[s]] = max(0.0, flow[slot[s]] - sign * step)
            total[g] = max(0.0, total[g] - sign * step)
            delay[g], slope[g] = delay_and_slope(kind[g], scale[g], capacity[g], power[g], total[g])
            gap += sign * (fixed[a] + delay[g])
            bend += slope[g]
    return gap, bend
