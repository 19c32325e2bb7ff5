"""Paths as sequences of arcs: all simple ones of a small network."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Graph, Ints


@nb.njit(cache=True, nogil=True)
def leads_to(target: int, graph: Graph, leads: Bools, queue: Ints) -> None:
    """Mark in ``leads`` (N,) the nodes from which a path may reach ``target``; ``queue`` is (N,)."""
    for i in range(leads.size):
        leads[i] = False
    leads[target] = True
    queue[0] = target
    head, count = 0, 1
    while head < count:
        j = queue[head]
        head += 1
        if j != target and not graph.through[j]:
            continue
        for s in range(graph.in_ptr[j], graph.in_ptr[j + 1]):
            i = graph.tail[graph.in_arc[s]]
            if not leads[i]:
                leads[i] = True
                queue[count] = i
                count += 1


@nb.njit(cache=True, nogil=True)
def all_simple(
    origin: int,
    target: int,
    graph: Graph,
    barred: Bools,
    leads: Bools,
    most_arcs: int,
    most_steps: int,
    sizes: Ints,
    arcs: Ints,
) -> tuple[int, int, int]:
    """Every path from ``origin`` to ``target`` that visits no node twice, depth first.

    Barred arcs (A,) are left out. Paths are written to ``sizes`` (arcs of each) and ``arcs`` as far as
    these have room: with empty ones the paths are only counted. Stops beyond ``most_arcs`` arcs in all
    paths or ``most_steps`` steps of the search.

    Returns:
        Paths, arcs in all paths, steps.
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
        if visited[j] or barred[a] or not leads[j]:
            continue
        if j == target:
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
        if total > most_arcs or steps > most_steps:
            break
    return paths, total, steps
