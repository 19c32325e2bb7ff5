"""Least-cost paths by Dijkstra's algorithm; arcs cost their free-flow cost and the delay of their group."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Floats, Graph, Ints, Work
from sogdia.numerics.compiled import IN_PLACE, INLINE


@nb.njit(**IN_PLACE)
def shortest_tree(
    origin: int, graph: Graph, free_flow_cost: Floats, delay: Floats, work: Work, pred: Ints
) -> int:
    """Find the least-cost tree of an origin by Dijkstra's algorithm with a binary heap.

    Costs may be zero. ``scipy.sparse.csgraph.dijkstra`` takes a cost of zero as a missing arc, has no nodes
    that paths must not pass through, and does not return the order in which nodes are reached.

    Args:
        origin: First node.
        graph: The graph.
        free_flow_cost: Free-flow cost of each arc, (A,).
        delay: Delay of each capacity group, (G,).
        work: Scratch space; ``min_label`` (N,) returns the least costs (infinite for a node not reached),
            ``order`` the nodes reached by rising cost, nodes without through paths at the end.
        pred: Arc by which each node is reached, −1 for the origin and nodes not reached, (N,); written.

    Returns:
        Number of nodes reached.
    """
    label = work.min_label
    keys, nodes, order, terminals = work.heap_key, work.heap_node, work.order, work.queue
    # Read once: inside the loop numba would count a reference at each access to a field.
    out_ptr, out_arc, head = graph.out_ptr, graph.out_arc, graph.head
    group, through = graph.group, graph.through
    for i in range(label.size):
        label[i] = np.inf
        pred[i] = -1
    label[origin] = 0.0
    keys[0], nodes[0] = 0.0, origin
    size, count, terminal_count = 1, 0, 0
    while size > 0:
        cost_to_node, i = keys[0], nodes[0]
        size -= 1
        _sift_down(keys, nodes, size)
        if cost_to_node > label[i]:
            continue
        order[count] = i
        count += 1
        for s in range(out_ptr[i], out_ptr[i + 1]):
            a = out_arc[s]
            j = head[a]
            cost = cost_to_node + free_flow_cost[a] + delay[group[a]]
            if cost >= label[j]:
                continue
            if through[j]:
                _sift_up(keys, nodes, size, cost, j)
                size += 1
            elif pred[j] < 0:
                terminals[terminal_count] = j
                terminal_count += 1
            label[j] = cost
            pred[j] = a
    for p in range(terminal_count):
        order[count + p] = terminals[p]
    return count + terminal_count


@nb.njit(**INLINE)
def _sift_down(keys: Floats, nodes: Ints, size: int) -> None:
    """Move the last entry of a heap, now ``size`` entries long, to its top and restore the order."""
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


@nb.njit(**INLINE)
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
