"""Shifting flow within a bush: labels, and the Newton step between two ways into a node.

The functions take bare arrays and not their groups: reading an array out of a group inside a loop
counts a reference each time, which more than halves the speed.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.freight.kernels.arrays import Bushes, Bytes, Delays, Floats, Graph, Ints, State, Work
from sogdia.freight.kernels.delay import delay_and_slope

TRIES = 12
CLOSE_ENOUGH = 0.3


@nb.njit(cache=True, nogil=True)
def label_bush(b: int, bushes: Bushes, graph: Graph, fixed: Floats, delay: Floats, work: Work) -> None:
    """Least costs over the bush and greatest over its used arcs, with the slots that give them."""
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr = bushes.order[n0:], bushes.ptr[n0 + b :]
    arc, flow = bushes.arc, bushes.flow
    tail, group = graph.tail, graph.group
    low, high, low_slot, high_slot, position = (
        work.low,
        work.high,
        work.low_slot,
        work.high_slot,
        work.position,
    )
    origin = order[0]
    low[origin] = 0.0
    high[origin] = 0.0
    position[origin] = 0
    for p in range(1, bushes.nodes[b]):
        j = order[p]
        position[j] = p
        least, most = np.inf, -np.inf
        cheap, dear = -1, -1
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            a = arc[s]
            i = tail[a]
            cost = fixed[a] + delay[group[a]]
            if low[i] + cost < least:
                least = low[i] + cost
                cheap = s
            if flow[s] > 0.0 and high[i] + cost > most:
                most = high[i] + cost
                dear = s
        low[j] = least
        low_slot[j] = cheap
        high[j] = most if dear >= 0 else least
        high_slot[j] = dear if dear >= 0 else cheap


@nb.njit(cache=True, nogil=True)
def shift_bush(
    b: int,
    bushes: Bushes,
    graph: Graph,
    fixed: Floats,
    delays: Delays,
    state: State,
    work: Work,
    tolerance: float,
) -> float:
    """Even out costs at each node of a bush, the farthest first; the largest spread met."""
    label_bush(b, bushes, graph, fixed, state.delay, work)
    n0 = bushes.node_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    tail, group = graph.tail, graph.group
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    total, delay, slope = state.flow, state.delay, state.slope
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
        spread = high[j] - low[j]
        if high_slot[j] == low_slot[j] or spread <= tolerance:
            continue
        widest = max(widest, spread)
        parting, movable, gap, bend = _part(
            j, arc, flow, tail, group, fixed, delay, slope, low_slot, high_slot, position
        )
        if gap <= 0.0 or movable <= 0.0:
            continue
        first, least, most, moved = gap, 0.0, movable, 0.0
        for attempt in range(TRIES):
            wanted = _next(attempt, moved, gap, bend, least, most, movable)
            if wanted == moved:
                break
            gap, bend = _move(
                j, parting, wanted - moved, arc, flow, tail, group, fixed,
                kind, scale, capacity, power, total, delay, slope, low_slot, high_slot,
            )  # fmt: skip
            moved = wanted
            if abs(gap) <= CLOSE_ENOUGH * first or (gap > 0.0 and moved >= movable):
                break
            if gap > 0.0:
                least = moved
            else:
                most = moved
    return widest


@nb.njit(cache=True, nogil=True)
def _part(
    j: int,
    arc: Ints,
    flow: Floats,
    tail: Ints,
    group: Ints,
    fixed: Floats,
    delay: Floats,
    slope: Floats,
    low_slot: Ints,
    high_slot: Ints,
    position: Ints,
) -> tuple[int, float, float, float]:
    """Where the dearest used and the cheapest way into ``j`` part; movable flow, cost gap, its slope."""
    s = high_slot[j]
    movable = flow[s]
    a, c = arc[s], arc[low_slot[j]]
    gap = fixed[a] + delay[group[a]] - fixed[c] - delay[group[c]]
    bend = slope[group[a]] + slope[group[c]]
    dear, cheap = tail[a], tail[c]
    while dear != cheap:
        if position[dear] > position[cheap]:
            s = high_slot[dear]
            a = arc[s]
            gap += fixed[a] + delay[group[a]]
            bend += slope[group[a]]
            movable = min(movable, flow[s])
            dear = tail[a]
        else:
            c = arc[low_slot[cheap]]
            gap -= fixed[c] + delay[group[c]]
            bend += slope[group[c]]
            cheap = tail[c]
    return dear, movable, gap, bend


@nb.njit(cache=True, nogil=True)
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


@nb.njit(cache=True, nogil=True)
def _move(
    j: int,
    parting: int,
    step: float,
    arc: Ints,
    flow: Floats,
    tail: Ints,
    group: Ints,
    fixed: Floats,
    kind: Bytes,
    scale: Floats,
    capacity: Floats,
    power: Floats,
    total: Floats,
    delay: Floats,
    slope: Floats,
    low_slot: Ints,
    high_slot: Ints,
) -> tuple[float, float]:
    """Move ``step`` from the dear to the cheap way; cost difference and slope afterwards."""
    gap, bend = 0.0, 0.0
    for way in range(2):
        moved = step if way == 1 else -step
        i = j
        while i != parting:
            s = low_slot[i] if way == 1 else high_slot[i]
            flow[s] = max(0.0, flow[s] + moved)
            a = arc[s]
            g = group[a]
            total[g] = max(0.0, total[g] + moved)
            delay[g], slope[g] = delay_and_slope(kind[g], scale[g], capacity[g], power[g], total[g])
            cost = fixed[a] + delay[g]
            gap += -cost if way == 1 else cost
            bend += slope[g]
            i = tail[a]
    return gap, bend
