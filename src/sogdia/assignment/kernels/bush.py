"""User equilibrium by origin-based bushes (Dial 2006, Algorithm B; Nie 2010; Bar-Gera 2002).

Each pair of an origin and a user class has a bush: an acyclic set of arcs that carries its flow, with its
nodes in topological order. An iteration updates each bush (unused arcs outside its least-cost tree are
removed, arcs that shorten the maximum label are added), then shifts flow at each node from the used segment
of maximum cost to the segment of minimum cost by Newton's method with bisection. Each shift changes the
delays at once, so that later shifts take it into account.

Three measures make gaps near machine precision possible. Flows are scaled back to balance with the demand
whenever a bush is updated: rounding otherwise gives flow on arcs out of nodes without inflow, which blocks
their removal for good. Newton's steps of a pair are repeated until its cost difference has fallen to a third,
which makes steep delay functions converge. Added arcs satisfy ``max_label_i + c < max_label_j`` strictly, so
that no cycle arises even from arcs without cost.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import (
    AdjacentArcs,
    Bools,
    Bushes,
    Delays,
    Floats,
    Graph,
    Ints,
    Longs,
    SegmentPairs,
    State,
    Work,
)
from sogdia.assignment.kernels.bush_update import update_bush
from sogdia.assignment.kernels.delay import delay_and_slope
from sogdia.assignment.kernels.flow_shift import equalise_pairs, label_bush, shift_bush
from sogdia.assignment.kernels.shortest_tree import shortest_tree
from sogdia.numerics.compiled import IN_PLACE, INLINE


@nb.njit(**IN_PLACE)
def initialise_bushes(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pred: Ints,
    first: int,
    last: int,
) -> None:
    """Set bushes ``first`` to ``last`` to their least-cost trees, with all demand loaded on them.

    Each tree is found at the delays after the loading of the bushes before it.

    Args:
        bushes: The bushes; written.
        graph: The graph.
        free_flow_costs: Free-flow costs by class and arc, (K, A).
        delays: Delay functions.
        state: Flows and delays of the capacity groups; updated.
        work: Scratch space.
        pred: Scratch space, (N,).
        first: First bush.
        last: Bush after the last one.
    """
    order, ptr, arc, flow = bushes.order, bushes.ptr, bushes.arc, bushes.flow
    tail, group, load, by_cost = graph.tail, graph.group, work.load, work.order
    demand_node, demand = bushes.demand_node, bushes.demand
    kind, scale, capacity, power = delays.kind, delays.scale, delays.capacity, delays.power
    preload, total, delay, slope = delays.preload, state.flow, state.delay, state.slope
    for b in range(first, last):
        free_flow_cost = free_flow_costs[bushes.user_class[b]]
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        count = shortest_tree(bushes.origin[b], graph, free_flow_cost, state.delay, work, pred)
        bushes.nodes[b] = count
        for d in range(bushes.demand_ptr[b], bushes.demand_ptr[b + 1]):
            load[demand_node[d]] += demand[d]
        ptr[p0 : p0 + 2] = 0
        order[n0] = by_cost[0]
        for p in range(1, count):
            j = by_cost[p]
            order[n0 + p] = j
            arc[m0 + p - 1] = pred[j]
            ptr[p0 + p + 1] = p
        for p in range(count - 1, 0, -1):
            j = by_cost[p]
            a = pred[j]
            shifted = load[j]
            load[j] = 0.0
            flow[m0 + p - 1] = shifted
            if shifted > 0.0:
                load[tail[a]] += shifted
                g = group[a]
                total[g] += shifted
                delay[g], slope[g] = delay_and_slope(
                    kind[g], scale[g], capacity[g], power[g], preload[g] + total[g]
                )
        load[bushes.origin[b]] = 0.0


@nb.njit(**IN_PLACE)
def update_bushes(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    state: State,
    in_arcs: AdjacentArcs,
    needed: Longs,
    first: int,
    last: int,
    work: Work,
) -> None:
    """Update bushes ``first`` to ``last`` at the present delays, which do not change.

    Args:
        bushes: The bushes; changed.
        graph: The graph.
        free_flow_costs: Free-flow costs by class and arc, (K, A).
        state: Flows and delays of the capacity groups.
        in_arcs: Arcs in the order of ``Graph.in_arc``.
        needed: Capacity in arcs that a bush would have needed, where that is more than it has, (B,); written.
        first: First bush.
        last: Bush after the last one.
        work: Scratch space.
    """
    for b in range(first, last):
        k = bushes.user_class[b]
        size = update_bush(b, bushes, graph, free_flow_costs[k], state, work, in_arcs.end, in_arcs.cost[k])
        if size > bushes.arc_at[b + 1] - bushes.arc_at[b]:
            needed[b] = size


@nb.njit(**IN_PLACE)
def shift_flows(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pairs: SegmentPairs,
    tolerance: float,
    rounds: int,
    repetitions: int,
    active: Bools,
) -> None:
    """Shift flow in every bush, then in those not yet equalised, up to ``rounds`` times.

    Bushes are shifted one after another, each at the delays after the shifts before it: in parallel they
    would overshoot together and oscillate. After each round its pairs of segments are equalised
    ``repetitions`` times: that reads only the arcs in which segments differ, and lets bushes react to each
    other at a small part of the time (as the pairs of alternative segments of Bar-Gera 2010).

    Args:
        bushes: The bushes; flows are changed.
        graph: The graph.
        free_flow_costs: Free-flow costs by class and arc, (K, A).
        delays: Delay functions.
        state: Flows and delays of the capacity groups; changed.
        work: Scratch space.
        pairs: Storage for pairs of segments; those of the last round remain in it.
        tolerance: Cost difference up to which segments count as equal.
        rounds: Largest number of shifts of a bush.
        repetitions: Largest number of passes over the pairs after each round.
        active: Bushes whose last shift met a larger cost difference, (B,); written.
    """
    active[:] = True
    for _ in range(rounds):
        unequal = 0
        pairs.pair_count[0] = 0
        for b in range(bushes.origin.size):
            if active[b]:
                free_flow_cost = free_flow_costs[bushes.user_class[b]]
                difference = shift_bush(
                    b, bushes, graph, free_flow_cost, delays, state, work, pairs, tolerance
                )
                active[b] = difference > tolerance
                unequal += active[b]
        if unequal == 0:
            break
        for _ in range(repetitions):
            if equalise_pairs(bushes, graph, free_flow_costs, delays, state, pairs, tolerance) <= tolerance:
                break


@nb.njit(**IN_PLACE)
def bush_costs(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    state: State,
    out_arcs: AdjacentArcs,
    total_cost: Floats,
    min_cost: Floats,
    first: int,
    stride: int,
    work: Work,
) -> None:
    """Compute total and minimum cost of bushes ``first``, ``first + stride``, … at the present delays.

    Least costs are found by label correcting from the minimum labels of the bush: near equilibrium that
    reads each arc once.

    Args:
        bushes: The bushes.
        graph: The graph.
        free_flow_costs: Free-flow costs by class and arc, (K, A).
        state: Flows and delays of the capacity groups.
        out_arcs: Arcs in the order of ``Graph.out_arc``.
        total_cost: Cost of the bush's flow, ``Σ_a v_a c_a``, (B,); written.
        min_cost: Cost of its demand on least-cost paths, ``Σ_d q_d u_d``, (B,); written.
        first: First bush.
        stride: Distance to the next one.
        work: Scratch space.
    """
    demand_node, demand, min_label = bushes.demand_node, bushes.demand, work.min_label
    arc, flow, group, delay = bushes.arc, bushes.flow, graph.group, state.delay
    for b in range(first, bushes.origin.size, stride):
        k = bushes.user_class[b]
        if bushes.nodes[b] < work.min_label.size:
            work.min_label[:] = np.inf
        label_bush(b, bushes, graph, free_flow_costs[k], state.delay, work, False)
        _correct_labels(b, bushes, graph, out_arcs.end, out_arcs.cost[k], work)
        total = 0.0
        for d in range(bushes.demand_ptr[b], bushes.demand_ptr[b + 1]):
            total += demand[d] * min_label[demand_node[d]]
        min_cost[b] = total
        free_flow_cost, m0, total = free_flow_costs[k], bushes.arc_at[b], 0.0
        for s in range(m0, m0 + bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]):
            if flow[s] > 0.0:
                total += flow[s] * (free_flow_cost[arc[s]] + delay[group[arc[s]]])
        total_cost[b] = total


@nb.njit(**INLINE)
def _correct_labels(b: int, bushes: Bushes, graph: Graph, head_of: Ints, cost: Floats, work: Work) -> None:
    """Lower the minimum labels of a bush to the least costs over all arcs, given in order of their tails."""
    order, count = bushes.order[bushes.node_at[b] :], bushes.nodes[b]
    out_ptr, through = graph.out_ptr, graph.through
    min_label, queue, seen, position = work.min_label, work.queue, work.seen, work.position
    origin, capacity, head, queued = order[0], queue.size, 0, 0
    # First all nodes in the topological order of the bush: only labels lowered after their turn are queued.
    for p in range(count):
        i = order[p]
        if p > 0 and not through[i]:
            continue
        label = min_label[i]
        for q in range(out_ptr[i], out_ptr[i + 1]):
            j = head_of[q]
            label_j = label + cost[q]
            if label_j < min_label[j]:
                min_label[j] = label_j
                if position[j] <= p and not seen[j]:
                    seen[j] = True
                    queue[queued] = j
                    queued += 1
    while queued > 0:
        i = queue[head]
        head = head + 1 if head + 1 < capacity else 0
        queued -= 1
        seen[i] = False
        if i != origin and not through[i]:
            continue
        label = min_label[i]
        for q in range(out_ptr[i], out_ptr[i + 1]):
            j = head_of[q]
            label_j = label + cost[q]
            if label_j < min_label[j]:
                min_label[j] = label_j
                if not seen[j]:
                    seen[j] = True
                    last = head + queued
                    queue[last if last < capacity else last - capacity] = j
                    queued += 1


@nb.njit(**IN_PLACE)
def sum_flows(bushes: Bushes, graph: Graph, arcs: Floats, state: State) -> None:
    """Sum the flow of each class on each arc, into ``arcs`` (K, A), and of each capacity group."""
    arcs[:] = 0.0
    state.flow[:] = 0.0
    arc, flow = bushes.arc, bushes.flow
    for b in range(bushes.origin.size):
        m0, own = bushes.arc_at[b], arcs[bushes.user_class[b]]
        size = bushes.ptr[bushes.node_at[b] + b + bushes.nodes[b]]
        for s in range(m0, m0 + size):
            own[arc[s]] += flow[s]
    for k in range(arcs.shape[0]):
        for a in range(arcs.shape[1]):
            state.flow[graph.group[a]] += arcs[k, a]
