"""Improving a bush: flows back in balance, unused arcs out, arcs that shorten in, nodes in order."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bushes, Floats, Graph, Ints, State, Work
from sogdia.assignment.kernels.compiled import INNER, WITHIN
from sogdia.assignment.kernels.shift import label_bush

TINY = 1e-14


@nb.njit(**WITHIN)
def improve_bush(
    b: int,
    bushes: Bushes,
    graph: Graph,
    fixed: Floats,
    state: State,
    work: Work,
    in_tail: Ints,
    in_cost: Floats,
) -> int:
    """Drop unused arcs off the tree, add arcs that shorten, order anew; arcs the new bush needs.

    ``in_tail`` and ``in_cost`` are of arcs as they stand in ``Graph.in_arc``. Where the
    arcs needed are more than its room, the bush stays as it was.
    """
    had = bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]
    low, high = work.low, work.high
    if bushes.nodes[b] < low.size:
        low[:] = np.inf
        high[:] = np.inf
    label_bush(b, bushes, graph, fixed, state.delay, work, True)
    _rebalance(b, bushes, graph, work)
    size: int
    size, added, backward, left_out = _gather(b, bushes, graph, work, in_tail, in_cost, False)
    if added == 0 and left_out > 0:
        size, added, backward, _ = _gather(b, bushes, graph, work, in_tail, in_cost, True)
    if size > bushes.arc_at[b + 1] - bushes.arc_at[b] or (added == 0 and size == had):
        return size
    if backward > 0:
        _write_anew(b, bushes, work, graph.tail)
        return size
    p0, m0 = bushes.node_at[b] + b, bushes.arc_at[b]
    ptr, arc, flow = bushes.ptr, bushes.arc, bushes.flow
    new_ptr, new_arc, new_flow = work.ptr, work.arc, work.flow
    for p in range(1, bushes.nodes[b] + 1):
        ptr[p0 + p] = new_ptr[p]
    for s in range(size):
        arc[m0 + s] = new_arc[s]
        flow[m0 + s] = new_flow[s]
    return size


@nb.njit(**WITHIN)
def _rebalance(b: int, bushes: Bushes, graph: Graph, work: Work) -> None:
    """Scale the flows into each node to what leaves it or ends there; needs ``work.low_slot``."""
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    tail, load, low_slot = graph.tail, work.load, work.low_slot
    need_node, need = bushes.need_node, bushes.need
    for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
        load[need_node[d]] += need[d]
    for p in range(bushes.nodes[b] - 1, 0, -1):
        j = order[p]
        needed = load[j]
        load[j] = 0.0
        if ptr[p + 1] - ptr[p] == 1:
            s = m0 + ptr[p]
            flow[s] = needed
            load[tail[arc[s]]] += needed
            continue
        entering = 0.0
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            if flow[s] <= TINY * needed:
                flow[s] = 0.0
            entering += flow[s]
        if entering == 0.0 and needed > 0.0:
            flow[low_slot[j]] = entering = needed
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            if flow[s] > 0.0:
                flow[s] *= needed / entering
                load[tail[arc[s]]] += flow[s]
    load[order[0]] = 0.0


@nb.njit(**INNER)
def _gather(
    b: int, bushes: Bushes, graph: Graph, work: Work, in_tail: Ints, in_cost: Floats, loose: bool
) -> tuple[int, int, int, int]:
    """Collect the arcs of the new bush in scratch space.

    An arc (i, j) comes in if ``U_i + c < U_j`` and, unless ``loose``, ``L_i + c < L_j``.

    Returns:
        How many arcs there are, how many came in, how many of these run against the present order, and
        how many would have come in if ``loose``.
    """
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    in_ptr, in_arc, through = graph.in_ptr, graph.in_arc, graph.through
    low, high, low_slot = work.low, work.high, work.low_slot
    new_ptr, new_arc, new_flow = work.ptr, work.arc, work.flow
    size, added, backward, left_out, origin = 0, 0, 0, 0, order[0]
    position = work.position
    for p in range(1, bushes.nodes[b]):
        j = order[p]
        new_ptr[p] = size
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            if flow[s] > 0.0 or s == low_slot[j]:
                new_arc[size] = arc[s]
                new_flow[size] = flow[s]
                size += 1
        highest, lowest = high[j], low[j]
        for q in range(in_ptr[j], in_ptr[j + 1]):
            i = in_tail[q]
            if high[i] + in_cost[q] >= highest or (i != origin and not through[i]):
                continue
            a, held = in_arc[q], False
            for s in range(new_ptr[p], size):
                held |= new_arc[s] == a
            if held:
                continue
            if loose or low[i] + in_cost[q] < lowest:
                new_arc[size] = a
                new_flow[size] = 0.0
                size += 1
                added += 1
                backward += position[i] > p
            else:
                left_out += 1
    new_ptr[bushes.nodes[b]] = size
    return size, added, backward, left_out


@nb.njit(**WITHIN)
def _write_anew(b: int, bushes: Bushes, work: Work, tail: Ints) -> None:
    """Store the gathered bush, each node after those its arcs come from."""
    n0, m0, count = bushes.node_at[b], bushes.arc_at[b], bushes.nodes[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    old_order, position, placed, stack = work.order, work.position, work.seen, work.queue
    new_ptr, new_arc, new_flow = work.ptr, work.arc, work.flow
    for p in range(count):
        old_order[p] = order[p]
        placed[p] = False
    placed[0] = True
    size, turn, depth, waiting = 0, 1, 0, 1
    ptr[1] = 0
    while turn < count:
        if depth == 0:
            stack[0], depth = waiting, 1
            waiting += 1
        p = stack[depth - 1]
        lacking = -1
        if not placed[p]:
            for s in range(new_ptr[p], new_ptr[p + 1]):
                before = position[tail[new_arc[s]]]
                if not placed[before]:
                    lacking = before
                    break
        if lacking >= 0:
            stack[depth] = lacking
            depth += 1
            continue
        depth -= 1
        if placed[p]:
            continue
        placed[p] = True
        order[turn] = old_order[p]
        for s in range(new_ptr[p], new_ptr[p + 1]):
            arc[m0 + size] = new_arc[s]
            flow[m0 + size] = new_flow[s]
            size += 1
        turn += 1
        ptr[turn] = size
    for p in range(count):
        placed[p] = False
