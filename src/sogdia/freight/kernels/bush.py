"""User equilibrium by origin-based bushes (Dial 2006, Algorithm B; Nie 2010; Bar-Gera 2002).

Each origin and class keeps a bush: an acyclic set of arcs that carries its flow, its nodes in
topological order. A sweep improves each bush (unused arcs off the tree of least costs go, arcs that
shorten come), then shifts flow at each node from the dearest used way to the cheapest until the two
cost the same: a Newton step with a bracket, applied at once, so that later nodes see its delays.

Three things make the last digits come: flows are put back in balance with the demand whenever a bush
is improved (rounding otherwise leaves arcs that carry flow into a node that nothing enters, and they
block it for good); a shift is repeated until the cost difference has fallen to a third, which tames
steep delay functions; and added arcs satisfy ``U_i + c < U_j`` strictly, so that no cycle arises even
where arcs cost nothing.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.freight.kernels.arrays import Bools, Bushes, Delays, Floats, Graph, Ints, Longs, State, Work
from sogdia.freight.kernels.delay import delay_and_slope
from sogdia.freight.kernels.improve import Entry, improve_bush
from sogdia.freight.kernels.paths import shortest_tree
from sogdia.freight.kernels.shift import label_bush, shift_bush


@nb.njit(cache=True, nogil=True)
def start(
    bushes: Bushes,
    graph: Graph,
    base: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pred: Ints,
    first: int,
    last: int,
) -> None:
    """Give bushes ``first`` to ``last`` their tree of least costs, with all demand on it.

    ``base`` is (K, A). Each bush sees the delays that those before it made.
    """
    for b in range(first, last):
        fixed = base[bushes.klass[b]]
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        count = shortest_tree(bushes.origin[b], graph, fixed, state.delay, work, pred)
        bushes.nodes[b] = count
        for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
            work.load[bushes.need_node[d]] += bushes.need[d]
        bushes.ptr[p0] = 0
        bushes.ptr[p0 + 1] = 0
        bushes.order[n0] = work.order[0]
        for p in range(1, count):
            j = work.order[p]
            bushes.order[n0 + p] = j
            bushes.arc[m0 + p - 1] = pred[j]
            bushes.ptr[p0 + p + 1] = p
        for p in range(count - 1, 0, -1):
            j = work.order[p]
            a = pred[j]
            moved = work.load[j]
            work.load[j] = 0.0
            bushes.flow[m0 + p - 1] = moved
            if moved > 0.0:
                work.load[graph.tail[a]] += moved
                _add(graph.group[a], moved, delays, state)
        work.load[bushes.origin[b]] = 0.0


@nb.njit(cache=True, nogil=True, inline="always")
def _add(g: int, flow: float, delays: Delays, state: State) -> None:
    state.flow[g] += flow
    state.delay[g], state.slope[g] = delay_and_slope(
        delays.kind[g], delays.scale[g], delays.capacity[g], delays.power[g], state.flow[g]
    )


@nb.njit(cache=True, nogil=True)
def improve(
    bushes: Bushes, graph: Graph, base: Floats, state: State, work: Work, needed: Longs, first: int, last: int
) -> None:
    """Improve bushes ``first`` to ``last`` at the present delays, which stay as they are.

    ``needed`` (B,) gets the room that a bush would have needed where it had too little.
    """
    entry = Entry(graph.tail[graph.in_arc], np.empty(graph.in_arc.size))
    priced = -1
    for b in range(first, last):
        k = bushes.klass[b]
        if k != priced:
            priced = k
            for q in range(graph.in_arc.size):
                a = graph.in_arc[q]
                entry.cost[q] = base[k, a] + state.delay[graph.group[a]]
        size = improve_bush(b, bushes, graph, base[k], state, work, entry)
        if size > bushes.arc_at[b + 1] - bushes.arc_at[b]:
            needed[b] = size


@nb.njit(cache=True, nogil=True)
def shift(
    bushes: Bushes,
    graph: Graph,
    base: Floats,
    delays: Delays,
    state: State,
    work: Work,
    tolerance: float,
    rounds: int,
    active: Bools,
) -> None:
    """Shift flow in every bush, then again in those still uneven, up to ``rounds`` times in all.

    One bush after another, each at the delays that those before it made: bushes that did not see each
    other's shifts would overshoot together and swing.

    Args:
        bushes: The bushes; flows are changed.
        graph: The graph.
        base: Fixed costs by class and arc, (K, A).
        delays: Delay functions.
        state: Flows and delays; changed.
        work: Scratch space.
        tolerance: Spread of costs at a node that is left alone.
        rounds: Most shifts of a bush.
        active: Bushes whose last shift met a wider spread, (B,); changed.
    """
    active[:] = True
    for _ in range(rounds):
        uneven = 0
        for b in range(bushes.origin.size):
            if active[b]:
                fixed = base[bushes.klass[b]]
                active[b] = shift_bush(b, bushes, graph, fixed, delays, state, work, tolerance) > tolerance
                uneven += active[b]
        if uneven == 0:
            break


@nb.njit(cache=True, nogil=True)
def least_costs(
    bushes: Bushes, graph: Graph, base: Floats, state: State, work: Work, first: int, last: int, out: Floats
) -> None:
    """Least cost of each demand of bushes ``first`` to ``last`` over the whole graph, into ``out``.

    Label correcting from the bush's own least costs: near equilibrium a single look at each arc.
    """
    for b in range(first, last):
        fixed = base[bushes.klass[b]]
        for i in range(work.low.size):
            work.low[i] = np.inf
        label_bush(b, bushes, graph, fixed, state.delay, work)
        _correct(b, bushes, graph, fixed, state, work)
        for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
            out[d] = work.low[bushes.need_node[d]]


@nb.njit(cache=True, nogil=True)
def _correct(b: int, bushes: Bushes, graph: Graph, fixed: Floats, state: State, work: Work) -> None:
    order, count = bushes.order[bushes.node_at[b] :], bushes.nodes[b]
    head_of, group, out_ptr, out_arc, through = (
        graph.head,
        graph.group,
        graph.out_ptr,
        graph.out_arc,
        graph.through,
    )
    low, queue, seen, delay = work.low, work.queue, work.seen, state.delay
    origin, room, head = order[0], queue.size, 0
    for p in range(count):
        queue[p] = order[p]
        seen[order[p]] = True
    waiting = count
    while waiting > 0:
        i = queue[head]
        head = (head + 1) % room
        waiting -= 1
        seen[i] = False
        if i != origin and not through[i]:
            continue
        for q in range(out_ptr[i], out_ptr[i + 1]):
            a = out_arc[q]
            j = head_of[a]
            cost = low[i] + fixed[a] + delay[group[a]]
            if cost < low[j]:
                low[j] = cost
                if not seen[j]:
                    seen[j] = True
                    queue[(head + waiting) % room] = j
                    waiting += 1


@nb.njit(cache=True, nogil=True)
def sum_flows(bushes: Bushes, graph: Graph, arcs: Floats, state: State) -> None:
    """Flow of each class on each arc (K, A) and of each group, summed anew from the bushes."""
    arcs[:] = 0.0
    state.flow[:] = 0.0
    for b in range(bushes.origin.size):
        m0 = bushes.arc_at[b]
        size = bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]
        for s in range(m0, m0 + size):
            arcs[bushes.klass[b], bushes.arc[s]] += bushes.flow[s]
    for k in range(arcs.shape[0]):
        for a in range(arcs.shape[1]):
            state.flow[graph.group[a]] += arcs[k, a]
