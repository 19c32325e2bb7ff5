"""All simple paths of a small network, as sequences of arcs."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Graph, Ints
from sogdia.numerics.compiled import ENTRY, IN_PLACE


@nb.njit(**IN_PLACE)
def leads_to(destination: int, graph: Graph, leads: Bools, queue: Ints) -> None:
    """Mark in ``leads`` (N,) the nodes from which paths may reach a destination; ``queue`` is (N,)."""
    for i in range(leads.size):
        leads[i] = False
    leads[destination] = True
    queue[0] = destination
    head, count = 0, 1
    while head < count:
        j = queue[head]
        head += 1
        if j != destination and not graph.through[j]:
            continue
        for s in range(graph.in_ptr[j], graph.in_ptr[j + 1]):
            i = graph.tail[graph.in_arc[s]]
            if not leads[i]:
                leads[i] = True
                queue[count] = i
                count += 1


@nb.njit(**ENTRY)
def all_simple(
    origin: int,
    destination: int,
    graph: Graph,
    closed: Bools,
    leads: Bools,
    max_arcs: int,
    max_steps: int,
    sizes: Ints,
    arcs: Ints,
) -> tuple[int, int, int]:
    """List the paths from an origin to a destination that visit no node twice, by depth-first search.

    Closed arcs (A,) are left out; ``leads`` (N,) marks nodes from which paths may reach the destination.
    The search stops above ``max_arcs`` arcs in all paths or ``max_steps`` steps. The number of arcs of each
    path is written to ``sizes`` and the paths to ``arcs`` while there is room: with empty arrays they are
    only counted.

    Returns:
        Number of paths, arcs in all paths, and steps.
    """
    nodes = graph.through.size
    visited = np.zeros(nodes, np.bool_)
    slot = np.empty(nodes + 1, np.int32)
    node = np.empty(nodes + 1, np.int32)
    trail = np.empty(nodes + 1, np.int32)
    depth, paths, total, steps = 0, 0, 0, 0
    node[0], slot[0] = origin, graph.out_ptr[origin]
    visited[origin] = True
    while depth >= 0:
        i = node[depth]
        if slot[depth] == graph.out_ptr[i + 1]:
            visited[i] = False
            depth -= 1
            continue
        a = graph.out_arc[slot[depth]]
        slot[depth] += 1
        steps += 1
        j = graph.head[a]
        if visited[j] or closed[a] or not leads[j]:
            continue
        if j == destination:
            trail[depth] = a
            if total + depth + 1 <= arcs.size:
                sizes[paths] = depth + 1
                for d in range(depth + 1):
                    arcs[total + d] = trail[d]
            paths += 1
            total += depth + 1
        elif graph.through[j]:
            trail[depth] = a
            depth += 1
            node[depth], slot[depth] = j, graph.out_ptr[j]
            visited[j] = True
        if total > max_arcs or steps > max_steps:
            break
    return paths, total, steps
