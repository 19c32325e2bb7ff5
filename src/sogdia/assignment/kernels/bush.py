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

from sogdia.assignment.kernels.arrays import (
    Bools,
    Bushes,
    Delays,
    Floats,
    Graph,
    Ints,
    Longs,
    Pairs,
    Sides,
    State,
    Work,
)
from sogdia.assignment.kernels.compiled import DOOR, WITHIN
from sogdia.assignment.kernels.delay import delay_and_slope
from sogdia.assignment.kernels.improve import improve_bush
from sogdia.assignment.kernels.shift import label_bush, shift_again, shift_bush
from sogdia.assignment.kernels.shortest_tree import shortest_tree


@nb.njit(**DOOR)
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
    order, ptr, arc, flow = bushes.order, bushes.ptr, bushes.arc, bushes.flow
    tail, group, load, nearest = graph.tail, graph.group, work.load, work.order
    need_node, need = bushes.need_node, bushes.need
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    total, delay, slope = state.flow, state.delay, state.slope
    for b in range(first, last):
        fixed = base[bushes.klass[b]]
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        count = shortest_tree(bushes.origin[b], graph, fixed, state.delay, work, pred)
        bushes.nodes[b] = count
        for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
            load[need_node[d]] += need[d]
        ptr[p0] = 0
        ptr[p0 + 1] = 0
        order[n0] = nearest[0]
        for p in range(1, count):
            j = nearest[p]
            order[n0 + p] = j
            arc[m0 + p - 1] = pred[j]
            ptr[p0 + p + 1] = p
        for p in range(count - 1, 0, -1):
            j = nearest[p]
            a = pred[j]
            moved = load[j]
            load[j] = 0.0
            flow[m0 + p - 1] = moved
            if moved > 0.0:
                load[tail[a]] += moved
                g = group[a]
                total[g] += moved
                delay[g], slope[g] = delay_and_slope(kind[g], scale[g], capacity[g], power[g], total[g])
        load[bushes.origin[b]] = 0.0


@nb.njit(**DOOR)
def improve(
    bushes: Bushes,
    graph: Graph,
    base: Floats,
    state: State,
    entry: Sides,
    needed: Longs,
    first: int,
    last: int,
    work: Work,
) -> None:
    """Improve bushes ``first`` to ``last`` at the present delays, which stay as they are.

    ``entry`` has the arcs as they stand in ``Graph.in_arc``. ``needed`` (B,) gets the room that a bush
    would have needed where it had too little.
    """
    for b in range(first, last):
        k = bushes.klass[b]
        size = improve_bush(b, bushes, graph, base[k], state, work, entry.end, entry.cost[k])
        if size > bushes.arc_at[b + 1] - bushes.arc_at[b]:
            needed[b] = size


@nb.njit(**DOOR)
def shift(
    bushes: Bushes,
    graph: Graph,
    base: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pairs: Pairs,
    tolerance: float,
    rounds: int,
    again: int,
    active: Bools,
) -> None:
    """Shift flow in every bush, then again in those still uneven, up to ``rounds`` times in all.

    One bush after another, each at the delays that those before it made: bushes that did not see each
    other's shifts would overshoot together and swing. After each round the pairs of ways it met are evened
    out ``again`` times over: that reads only the arcs where ways differ, not whole bushes, and lets
    bushes answer to each other at a small part of the cost (as the pairs of segments of Bar-Gera 2010).

    Args:
        bushes: The bushes; flows are changed.
        graph: The graph.
        base: Fixed costs by class and arc, (K, A).
        delays: Delay functions.
        state: Flows and delays; changed.
        work: Scratch space.
        pairs: Room for pairs of ways; those of the last round are left in it.
        tolerance: Spread of costs at a node that is left alone.
        rounds: Most shifts of a bush.
        again: How often pairs are evened out after each round.
        active: Bushes whose last shift met a wider spread, (B,); changed.
    """
    active[:] = True
    for _ in range(rounds):
        uneven = 0
        pairs.kept[0] = 0
        for b in range(bushes.origin.size):
            if active[b]:
                fixed = base[bushes.klass[b]]
                spread = shift_bush(b, bushes, graph, fixed, delays, state, work, pairs, tolerance)
                active[b] = spread > tolerance
                uneven += active[b]
        if uneven == 0:
            break
        for _ in range(again):
            if shift_again(bushes, graph, base, delays, state, pairs, tolerance) <= tolerance:
                break


@nb.njit(**DOOR)
def least_costs(
    bushes: Bushes,
    graph: Graph,
    base: Floats,
    state: State,
    leaving: Sides,
    spent: Floats,
    least: Floats,
    first: int,
    every: int,
    work: Work,
) -> None:
    """What the flow of bush ``first`` and of each ``every`` later ones costs, and would cost at the least.

    Label correcting from the bush's own least costs: near equilibrium a single look at each arc.
    ``leaving`` has the arcs as they stand in ``Graph.out_arc``. Fills ``spent`` and ``least``, (B,) each.
    """
    need_node, need, low = bushes.need_node, bushes.need, work.low
    arc, flow, group, delay = bushes.arc, bushes.flow, graph.group, state.delay
    for b in range(first, bushes.origin.size, every):
        k = bushes.klass[b]
        if bushes.nodes[b] < work.low.size:
            work.low[:] = np.inf
        label_bush(b, bushes, graph, base[k], state.delay, work, False)
        _correct(b, bushes, graph, leaving.end, leaving.cost[k], work)
        total = 0.0
        for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
            total += need[d] * low[need_node[d]]
        least[b] = total
        fixed, m0, total = base[k], bushes.arc_at[b], 0.0
        for s in range(m0, m0 + bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]):
            if flow[s] > 0.0:
                total += flow[s] * (fixed[arc[s]] + delay[group[arc[s]]])
        spent[b] = total


@nb.njit(**WITHIN)
def _correct(b: int, bushes: Bushes, graph: Graph, head_of: Ints, cost: Floats, work: Work) -> None:
    """Lower the labels of a bush to the least costs over all arcs, which stand by their tails."""
    order, count = bushes.order[bushes.node_at[b] :], bushes.nodes[b]
    out_ptr, through = graph.out_ptr, graph.through
    low, queue, seen, position = work.low, work.queue, work.seen, work.position
    origin, room, head, waiting = order[0], queue.size, 0, 0
    # First all nodes in the bush's order: only those lowered after their turn have to be looked at again.
    for p in range(count):
        i = order[p]
        if p > 0 and not through[i]:
            continue
        here = low[i]
        for q in range(out_ptr[i], out_ptr[i + 1]):
            j = head_of[q]
            there = here + cost[q]
            if there < low[j]:
                low[j] = there
                if position[j] <= p and not seen[j]:
                    seen[j] = True
                    queue[waiting] = j
                    waiting += 1
    while waiting > 0:
        i = queue[head]
        head = head + 1 if head + 1 < room else 0
        waiting -= 1
        seen[i] = False
        if i != origin and not through[i]:
            continue
        here = low[i]
        for q in range(out_ptr[i], out_ptr[i + 1]):
            j = head_of[q]
            there = here + cost[q]
            if there < low[j]:
                low[j] = there
                if not seen[j]:
                    seen[j] = True
                    last = head + waiting
                    queue[last if last < room else last - room] = j
                    waiting += 1


@nb.njit(**DOOR)
def sum_flows(bushes: Bushes, graph: Graph, arcs: Floats, state: State) -> None:
    """Flow of each class on each arc (K, A) and of each group, summed anew from the bushes."""
    arcs[:] = 0.0
    state.flow[:] = 0.0
    arc, flow = bushes.arc, bushes.flow
    for b in range(bushes.origin.size):
        m0, own = bushes.arc_at[b], arcs[bushes.klass[b]]
        size = bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]
        for s in range(m0, m0 + size):
            own[arc[s]] += flow[s]
    for k in range(arcs.shape[0]):
        for a in range(arcs.shape[1]):
            state.flow[graph.group[a]] += arcs[k, a]
