"""Skims of solved bushes: connectivity, means over the paths of each demand, shares that use given arcs."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Bushes, Floats, Graph, Ints, Longs, Work
from sogdia.numerics.compiled import IN_PLACE


@nb.njit(**IN_PLACE)
def reached(
    order: Longs,
    key: Longs,
    origin: Ints,
    destination: Ints,
    user_class: Ints,
    graph: Graph,
    free_flow_costs: Floats,
    work: Work,
    out: Bools,
) -> None:
    """Find which rows of demand have a path, by breadth-first search.

    Args:
        order: Rows to search for, sorted by ``key``.
        key: Rows of one key start at the same node with the same arcs open and share a search, (T,).
        origin: First node of each row, (T,).
        destination: Last node of each row, (T,).
        user_class: Class of each row, (T,).
        graph: The graph.
        free_flow_costs: Free-flow costs by class and arc, (K, A); infinite where an arc is closed.
        work: Scratch space.
        out: Has a path, (T,); written for the rows in ``order``.
    """
    seen, queue = work.seen, work.queue
    head_of, out_ptr, out_arc, through = graph.head, graph.out_ptr, graph.out_arc, graph.through
    last = np.int64(-1)
    for row in order:
        if key[row] != last:
            last = key[row]
            for i in range(seen.size):
                seen[i] = False
            free_flow_cost = free_flow_costs[user_class[row]]
            start = origin[row]
            seen[start] = True
            queue[0] = start
            first, size = 0, 1
            while first < size:
                i = queue[first]
                first += 1
                if i != start and not through[i]:
                    continue
                for q in range(out_ptr[i], out_ptr[i + 1]):
                    a = out_arc[q]
                    if free_flow_cost[a] < np.inf and not seen[head_of[a]]:
                        seen[head_of[a]] = True
                        queue[size] = head_of[a]
                        size += 1
        out[row] = seen[destination[row]]
    for i in range(seen.size):
        seen[i] = False


@nb.njit(**IN_PLACE)
def mean_along(
    bushes: Bushes,
    graph: Graph,
    free_flow_costs: Floats,
    delay: Floats,
    values: Floats,
    work: Work,
    out: Floats,
) -> None:
    """Compute the flow-weighted mean of ``values`` (K, A) along the paths of each demand, into ``out``.

    ``E_j = Σ_s f_s (E_i + x_a) / Σ_s f_s`` over the arcs (i, j) of the bush; along its least-cost path where
    a node has no inflow.
    """
    for b in range(bushes.origin.size):
        k = bushes.user_class[b]
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        work.max_label[bushes.order[n0]] = 0.0
        work.min_label[bushes.order[n0]] = 0.0
        for p in range(1, bushes.nodes[b]):
            j = bushes.order[n0 + p]
            total, weighted, least, value_of_least = 0.0, 0.0, np.inf, 0.0
            for s in range(m0 + bushes.ptr[p0 + p], m0 + bushes.ptr[p0 + p + 1]):
                a = bushes.arc[s]
                i = graph.tail[a]
                value = work.max_label[i] + values[k, a]
                total += bushes.flow[s]
                weighted += bushes.flow[s] * value
                cost = work.min_label[i] + free_flow_costs[k, a] + delay[graph.group[a]]
                if cost < least:
                    least, value_of_least = cost, value
            work.min_label[j] = least
            work.max_label[j] = weighted / total if total > 0.0 else value_of_least
        for d in range(bushes.demand_ptr[b], bushes.demand_ptr[b + 1]):
            out[d] = work.max_label[bushes.demand_node[d]]


@nb.njit(**IN_PLACE)
def share_through(bushes: Bushes, graph: Graph, chosen: Bools, work: Work, out: Floats) -> None:
    """Compute the share of each demand's flow that uses at least one chosen arc (A,), into ``out``."""
    for b in range(bushes.origin.size):
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        work.max_label[bushes.order[n0]] = 0.0
        for p in range(1, bushes.nodes[b]):
            j = bushes.order[n0 + p]
            total, passed = 0.0, 0.0
            for s in range(m0 + bushes.ptr[p0 + p], m0 + bushes.ptr[p0 + p + 1]):
                a = bushes.arc[s]
                total += bushes.flow[s]
                passed += bushes.flow[s] * (1.0 if chosen[a] else work.max_label[graph.tail[a]])
            work.max_label[j] = passed / total if total > 0.0 else 0.0
        for d in range(bushes.demand_ptr[b], bushes.demand_ptr[b + 1]):
            out[d] = work.max_label[bushes.demand_node[d]]


@nb.njit(**IN_PLACE)
def flows_of(bushes: Bushes, graph: Graph, amount: Floats, work: Work, out: Floats) -> None:
    """Add the flows by class and arc if each demand were another amount (T,), to ``out`` (K, A).

    Inflow z_j of a node splits over the arcs of the bush into it as their flows do: ``z_j f_a / Σ_s f_s``. A
    demand that is 0 in the bush stays 0.
    """
    inflow = work.max_label
    for b in range(bushes.origin.size):
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        for p in range(bushes.nodes[b]):
            inflow[bushes.order[n0 + p]] = 0.0
        for d in range(bushes.demand_ptr[b], bushes.demand_ptr[b + 1]):
            inflow[bushes.demand_node[d]] += amount[d]
        for p in range(bushes.nodes[b] - 1, 0, -1):
            first, last = m0 + bushes.ptr[n0 + b + p], m0 + bushes.ptr[n0 + b + p + 1]
            total = 0.0
            for s in range(first, last):
                total += bushes.flow[s]
            if total > 0.0:
                for s in range(first, last):
                    a, part = bushes.arc[s], inflow[bushes.order[n0 + p]] * bushes.flow[s] / total
                    out[bushes.user_class[b], a] += part
                    inflow[graph.tail[a]] += part
