"""Shortest paths on a graph whose arcs cost a base and the delay of their group."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Floats, Graph, Ints, Work
from sogdia.assignment.kernels.compiled import DOOR, WITHIN


@nb.njit(**DOOR)
def shortest_tree(origin: int, graph: Graph, base: Floats, delay: Floats, work: Work, pred: Ints) -> int:
    """Least costs from an origin by Dijkstra's method with a binary heap.

    Costs may be zero. Fills ``work.low`` (N,) with costs (inf where not reached), ``pred`` (N,) with
    the arc each node is entered by (-1 at the origin and where not reached) and ``work.order`` with the
    nodes reached, nearest first, but those that no path may pass through, which need not wait for their
    turn, at the end; returns how many.
    """
    dist = work.low
    keys, nodes, order, ends = work.heap_key, work.heap_node, work.order, work.queue
    # Taken out of their groups once: inside the loop each reading would count a reference.
    out_ptr, out_arc, head = graph.out_ptr, graph.out_arc, graph.head
    group, through = graph.group, graph.through
    for i in range(dist.size):
        dist[i] = np.inf
        pred[i] = -1
    dist[origin] = 0.0
    keys[0], nodes[0] = 0.0, origin
    size, count, ended = 1, 0, 0
    while size > 0:
        reached, i = keys[0], nodes[0]
        size -= 1
        _sift_down(keys, nodes, size)
        if reached > dist[i]:
            continue
        order[count] = i
        count += 1
        for s in range(out_ptr[i], out_ptr[i + 1]):
            a = out_arc[s]
            j = head[a]
            cost = reached + base[a] + delay[group[a]]
            if cost >= dist[j]:
                continue
            if through[j]:
                _sift_up(keys, nodes, size, cost, j)
                size += 1
            elif pred[j] < 0:
                ends[ended] = j
                ended += 1
            dist[j] = cost
            pred[j] = a
    for p in range(ended):
        order[count + p] = ends[p]
    return count + ended


@nb.njit(**WITHIN)
def _sift_down(keys: Floats, nodes: Ints, size: int) -> None:
    """Put the last entry of a heap, now ``size`` entries long, in the place of its first."""
    key, node = keys[size], nodes[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[place], nodes[place] = keys[child], nodes[child]
        place = child
    keys[place], nodes[place] = key, node


@nb.njit(**WITHIN)
def _sift_up(keys: Floats, nodes: Ints, size: int, key: float, node: int) -> None:
    """Add an entry to a heap of ``size`` entries."""
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if keys[parent] <= key:
            break
        keys[place], nodes[place] = keys[parent], nodes[parent]
        place = parent
    keys[place], nodes[place] = key, node
