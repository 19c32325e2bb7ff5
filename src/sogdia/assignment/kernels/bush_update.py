"""Update of a bush: restore flow balance, remove unused arcs, add arcs that shorten, sort the nodes."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bushes, Floats, Graph, Ints, State, Work
from sogdia.assignment.kernels.flow_shift import label_bush
from sogdia.numerics.compiled import CALLEE_IN_PLACE, INLINE

TINY = 1e-14
"""Flow, relative to the outflow of its head, that is set to zero."""


@nb.njit(**INLINE)
def update_bush(
    b: int,
    bushes: Bushes,
    graph: Graph,
    free_flow_cost: Floats,
    state: State,
    work: Work,
    in_tail: Ints,
    in_cost: Floats,
) -> int:
    """Remove unused arcs outside the least-cost tree, add arcs that shorten, sort; return the new size.

    ``in_tail`` and ``in_cost`` are of arcs in the order of ``Graph.in_arc``. If the new bush has more arcs
    than its capacity, it stays as it was.
    """
    size_before = bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]
    min_label, max_label = work.min_label, work.max_label
    if bushes.nodes[b] < min_label.size:
        min_label[:] = np.inf
        max_label[:] = np.inf
    label_bush(b, bushes, graph, free_flow_cost, state.delay, work, True)
    _restore_balance(b, bushes, graph, work)
    size: int
    size, added, backward, rejected = _collect_arcs(b, bushes, graph, work, in_tail, in_cost, False)
    if added == 0 and rejected > 0:
        size, added, backward, _ = _collect_arcs(b, bushes, graph, work, in_tail, in_cost, True)
    if size > bushes.arc_at[b + 1] - bushes.arc_at[b] or (added == 0 and size == size_before):
        return size
    if backward > 0:
        _store_sorted(b, bushes, work, graph.tail)
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


@nb.njit(**INLINE)
def _restore_balance(b: int, bushes: Bushes, graph: Graph, work: Work) -> None:
    """Scale the flows into each node to its outflow and demand; reads ``work.min_slot``."""
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    tail, load, min_slot = graph.tail, work.load, work.min_slot
    demand_node, demand = bushes.demand_node, bushes.demand
    for d in range(bushes.demand_ptr[b], bushes.demand_ptr[b + 1]):
        load[demand_node[d]] += demand[d]
    for p in range(bushes.nodes[b] - 1, 0, -1):
        j = order[p]
        outflow = load[j]
        load[j] = 0.0
        if ptr[p + 1] - ptr[p] == 1:
            s = m0 + ptr[p]
            flow[s] = outflow
            load[tail[arc[s]]] += outflow
            continue
        inflow = 0.0
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            if flow[s] <= TINY * outflow:
                flow[s] = 0.0
            inflow += flow[s]
        if inflow == 0.0 and outflow > 0.0:
            flow[min_slot[j]] = inflow = outflow
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            if flow[s] > 0.0:
                flow[s] *= outflow / inflow
                load[tail[arc[s]]] += flow[s]
    load[order[0]] = 0.0


@nb.njit(**CALLEE_IN_PLACE)
def _collect_arcs(
    b: int, bushes: Bushes, graph: Graph, work: Work, in_tail: Ints, in_cost: Floats, max_label_only: bool
) -> tuple[int, int, int, int]:
    """Collect the arcs of the new bush in scratch space.

    An arc (i, j) is added if ``max_label_i + c < max_label_j`` and, unless ``max_label_only``,
    ``min_label_i + c < min_label_j`` (Dial 2006; Nie 2010).

    Returns:
        Number of arcs, of arcs added, of added arcs against the present order, and of arcs rejected for
        their minimum labels.
    """
    n0, m0 = bushes.node_at[b], bushes.arc_at[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    in_ptr, in_arc, through = graph.in_ptr, graph.in_arc, graph.through
    min_label, max_label, min_slot = work.min_label, work.max_label, work.min_slot
    new_ptr, new_arc, new_flow = work.ptr, work.arc, work.flow
    size, added, backward, rejected, origin = 0, 0, 0, 0, order[0]
    position = work.position
    for p in range(1, bushes.nodes[b]):
        j = order[p]
        new_ptr[p] = size
        for s in range(m0 + ptr[p], m0 + ptr[p + 1]):
            if flow[s] > 0.0 or s == min_slot[j]:
                new_arc[size] = arc[s]
                new_flow[size] = flow[s]
                size += 1
        highest, lowest = max_label[j], min_label[j]
        for q in range(in_ptr[j], in_ptr[j + 1]):
            i = in_tail[q]
            if max_label[i] + in_cost[q] >= highest or (i != origin and not through[i]):
                continue
            a, present = in_arc[q], False
            for s in range(new_ptr[p], size):
                present |= new_arc[s] == a
            if present:
                continue
            if max_label_only or min_label[i] + in_cost[q] < lowest:
                new_arc[size] = a
                new_flow[size] = 0.0
                size += 1
                added += 1
                backward += position[i] > p
            else:
                rejected += 1
    new_ptr[bushes.nodes[b]] = size
    return size, added, backward, rejected


@nb.njit(**INLINE)
def _store_sorted(b: int, bushes: Bushes, work: Work, tail: Ints) -> None:
    """Store the collected bush with its nodes in topological order, by depth-first search."""
    n0, m0, count = bushes.node_at[b], bushes.arc_at[b], bushes.nodes[b]
    order, ptr, arc, flow = bushes.order[n0:], bushes.ptr[n0 + b :], bushes.arc, bushes.flow
    old_order, position, is_sorted, stack = work.order, work.position, work.seen, work.queue
    new_ptr, new_arc, new_flow = work.ptr, work.arc, work.flow
    for p in range(count):
        old_order[p] = order[p]
        is_sorted[p] = False
    is_sorted[0] = True
    size, rank, depth, next_root = 0, 1, 0, 1
    ptr[1] = 0
    while rank < count:
        if depth == 0:
            stack[0], depth = next_root, 1
            next_root += 1
        p = stack[depth - 1]
        predecessor = -1
        if not is_sorted[p]:
            for s in range(new_ptr[p], new_ptr[p + 1]):
                tail_position = position[tail[new_arc[s]]]
                if not is_sorted[tail_position]:
                    predecessor = tail_position
                    break
        if predecessor >= 0:
            stack[depth] = predecessor
            depth += 1
            continue
        depth -= 1
        if is_sorted[p]:
            continue
        is_sorted[p] = True
        order[rank] = old_order[p]
        for s in range(new_ptr[p], new_ptr[p + 1]):
            arc[m0 + size] = new_arc[s]
            flow[m0 + size] = new_flow[s]
            size += 1
        rank += 1
        ptr[rank] = size
    for p in range(count):
        is_sorted[p] = False
