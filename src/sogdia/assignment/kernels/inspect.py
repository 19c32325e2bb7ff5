"""What a solved set of bushes says of each demand: means over its paths, shares through arcs."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Bushes, Floats, Graph, Ints, Longs, Work
from sogdia.assignment.kernels.compiled import DOOR


@nb.njit(**DOOR)
def reached(
    order: Longs,
    key: Longs,
    origin: Ints,
    target: Ints,
    klass: Ints,
    graph: Graph,
    base: Floats,
    work: Work,
    out: Bools,
) -> None:
    """Whether each row of demand has a path, into ``out``; rows are visited in ``order`` of their ``key``."""
    seen, queue = work.seen, work.queue
    head_of, out_ptr, out_arc, through = graph.head, graph.out_ptr, graph.out_arc, graph.through
    last = np.int64(-1)
    for row in order:
        if key[row] != last:
            last = key[row]
            for i in range(seen.size):
                seen[i] = False
            fixed = base[klass[row]]
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
                    if fixed[a] < np.inf and not seen[head_of[a]]:
                        seen[head_of[a]] = True
                        queue[size] = head_of[a]
                        size += 1
        out[row] = seen[target[row]]
    for i in range(seen.size):
        seen[i] = False


@nb.njit(**DOOR)
def mean_along(
    bushes: Bushes, graph: Graph, base: Floats, delay: Floats, values: Floats, work: Work, out: Floats
) -> None:
    """Mean of a sum over arcs along the paths of each demand, weighted by their flow, into ``out``.

    ``E_j = Σ_s f_s (E_i + x_a) / Σ_s f_s`` over the bush's arcs into j; ``values`` is (K, A).
    """
    for b in range(bushes.origin.size):
        k = bushes.klass[b]
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        work.high[bushes.order[n0]] = 0.0
        work.low[bushes.order[n0]] = 0.0
        for p in range(1, bushes.nodes[b]):
            j = bushes.order[n0 + p]
            total, weighted, least, by_least = 0.0, 0.0, np.inf, 0.0
            for s in range(m0 + bushes.ptr[p0 + p], m0 + bushes.ptr[p0 + p + 1]):
                a = bushes.arc[s]
                i = graph.tail[a]
                here = work.high[i] + values[k, a]
                total += bushes.flow[s]
                weighted += bushes.flow[s] * here
                cost = work.low[i] + base[k, a] + delay[graph.group[a]]
                if cost < least:
                    least, by_least = cost, here
            work.low[j] = least
            work.high[j] = weighted / total if total > 0.0 else by_least
        for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
            out[d] = work.high[bushes.need_node[d]]


@nb.njit(**DOOR)
def share_through(bushes: Bushes, graph: Graph, chosen: Bools, work: Work, out: Floats) -> None:
    """Share of each demand's flow that passes at least one chosen arc, into ``out``."""
    for b in range(bushes.origin.size):
        n0, m0 = bushes.node_at[b], bushes.arc_at[b]
        p0 = n0 + b
        work.high[bushes.order[n0]] = 0.0
        for p in range(1, bushes.nodes[b]):
            j = bushes.order[n0 + p]
            total, passed = 0.0, 0.0
            for s in range(m0 + bushes.ptr[p0 + p], m0 + bushes.ptr[p0 + p + 1]):
                a = bushes.arc[s]
                total += bushes.flow[s]
                passed += bushes.flow[s] * (1.0 if chosen[a] else work.high[graph.tail[a]])
            work.high[j] = passed / total if total > 0.0 else 0.0
        for d in range(bushes.need_ptr[b], bushes.need_ptr[b + 1]):
            out[d] = work.high[bushes.need_node[d]]
