"""Least-cost trees of one origin at many costs, by sweeps over nodes in a common order.

Trees of one origin are similar. Nodes are sorted by their least cost at the costs of one of them, or at the
mean of all. A tree then takes a few sweeps in this order, each of which passes on the labels that the last
one lowered (label correcting: Bellman 1958; savings by a good order: Yen 1970). Labels end at the same sums
of costs as with Dijkstra's algorithm.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Longs, Work
from sogdia.assignment.kernels.shortest_tree import shortest_tree
from sogdia.numerics.compiled import CALLEE, ENTRY, IN_PLACE, INLINE

Positions = npt.NDArray[np.uint32]
"""Unsigned: signed indices would be tested for being negative at each use."""


class Star(NamedTuple):
    """The arcs that paths of one origin may use, by places of n nodes in an order.

    Ahead are arcs to a later place, sorted by their head, the first k; behind them those to an earlier place.

    Attributes:
        node: Node at each place, the origin first, (n,).
        in_ptr: Ahead arcs into place q are ``in_ptr[q]`` to ``in_ptr[q + 1]``, (n + 1,).
        tail: Place at which each arc starts.
        head: Place at which each arc ends.
        arc: Number of the arc in the graph.
        out_ptr: Arcs out of place p are ``out[out_ptr[p]:out_ptr[p + 1]]``, (n + 1,).
        out: Arcs sorted by tail.
    """

    node: Ints
    in_ptr: Ints
    tail: Positions
    head: Positions
    arc: Ints
    out_ptr: Ints
    out: Positions


@nb.njit(**ENTRY)
def star_of(origin: int, graph: Graph, cost: Floats, destinations: Ints, work: Work) -> Star:
    """Make the star of an origin, nodes sorted by their least cost.

    Nodes that no path may pass through are left out unless they are destinations.

    Args:
        origin: The origin.
        graph: The graph.
        cost: Cost of each arc, finite if that of any cost vector is, (A,).
        destinations: Destinations.
        work: Scratch space.
    """
    nodes = graph.through.size
    zeros, pred = np.zeros(graph.tail.size), np.empty(nodes, np.int32)
    count = shortest_tree(nb.int64(origin), graph, cost, zeros, work, pred)
    is_needed = graph.through.copy()
    for j in destinations:
        is_needed[j] = True
    place = np.full(nodes, -1, np.int32)
    node, size = np.empty(count, np.int32), 0
    for p in range(count):
        i = work.order[p]
        if p == 0 or is_needed[i]:
            node[size], place[i] = i, size
            size += 1
    star: Star = _sorted_star(graph, cost, node[:size], place)
    return star


@nb.njit(**CALLEE)
def _sorted_star(graph: Graph, cost: Floats, node: Ints, place: Ints) -> Star:
    """Make a star from the nodes in their order and the place of each node, −1 if it has none, (N,)."""
    size, arcs = node.size, graph.tail.size
    by_tail, by_head = np.empty(arcs, np.int32), np.empty(arcs, np.int32)
    arc, out_ptr, in_ptr = (
        np.empty(arcs, np.int32),
        np.zeros(size + 1, np.int32),
        np.zeros(size + 1, np.int32),
    )
    used = 0
    for p in range(size):
        i = node[p]
        if p == 0 or graph.through[i]:
            for s in range(graph.out_ptr[i], graph.out_ptr[i + 1]):
                a = graph.out_arc[s]
                q = place[graph.head[a]]
                if q > 0 and cost[a] < np.inf:
                    by_tail[used], by_head[used], arc[used] = p, q, a
                    used += 1
                    if q > p:
                        in_ptr[q + 1] += 1
        out_ptr[p + 1] = used
    for q in range(size):
        in_ptr[q + 1] += in_ptr[q]
    tail, head, out = np.empty(used, np.uint32), np.empty(used, np.uint32), np.empty(used, np.uint32)
    number, at, late = np.empty(used, np.int32), in_ptr.copy(), in_ptr[size]
    for s in range(used):
        p, q = by_tail[s], by_head[s]
        if q > p:
            to = at[q]
            at[q] += 1
        else:
            to = late
            late += 1
        tail[to], head[to], number[to], out[s] = p, q, arc[s], to
    return Star(node, in_ptr, tail, head, number, out_ptr, out)


class Labels(NamedTuple):
    """Labels of one search by place, (n,) each: least cost, last arc, is queued to be passed on."""

    least: Floats
    entry: Longs
    queued: Bools


@nb.njit(**ENTRY)
def new_labels(places: int) -> Labels:
    """Allocate labels for a forward star of so many places."""
    return Labels(np.empty(places), np.empty(places, np.int64), np.empty(places, np.bool_))


@nb.njit(**IN_PLACE)
def sweep(star: Star, cost: Floats, labels: Labels, pred: Ints) -> None:
    """Compute the least-cost tree at costs given by arc of the forward star.

    Among paths of equal cost to a node, the one whose last arc starts at the node of least cost is taken,
    as by Dijkstra's algorithm, whatever the order.

    Args:
        star: The forward star.
        cost: Cost of each of its arcs.
        labels: Labels; ``least`` returns the least costs, infinite for places not reached.
        pred: Arc by which each node is reached, −1 for the origin and nodes not reached, (N,); written.
    """
    least, entry, queued = labels.least, labels.entry, labels.queued
    count = star.node.size
    first = _first_sweep(star, cost, labels)
    while first < count:
        begin, first = first, count
        for p in range(begin, count):
            if not queued[p]:
                continue
            queued[p] = False
            for n in range(star.out_ptr[p], star.out_ptr[p + 1]):
                s = star.out[n]
                q = star.head[s]
                total = least[p] + cost[s]
                better = total < least[q]
                if total == least[q] and entry[q] >= 0:
                    better = least[p] < least[star.tail[entry[q]]]
                if better:
                    least[q], entry[q], queued[q] = total, s, True
                    if q < p:
                        first = min(first, nb.int64(q))
    for i in range(pred.size):
        pred[i] = -1
    for p in range(1, count):
        if entry[p] >= 0:
            pred[star.node[p]] = star.arc[entry[p]]


@nb.njit(**INLINE)
def _first_sweep(star: Star, cost: Floats, labels: Labels) -> int:
    """Label all places by arcs from earlier ones, then lower labels by the others; return the first lowered.

    Each label is written once in the first part, when those before it are known.
    """
    least, entry, queued = labels.least, labels.entry, labels.queued
    first = least.size
    least[0], entry[0], queued[0] = 0.0, -1, False
    for q in range(1, least.size):
        best, best_arc, best_start = np.inf, -1, np.inf
        for s in range(star.in_ptr[q], star.in_ptr[q + 1]):
            start = least[star.tail[s]]
            total = start + cost[s]
            if total < best or (total == best and start < best_start and best_arc >= 0):
                best, best_arc, best_start = total, s, start
        least[q], entry[q], queued[q] = best, best_arc, False
    for s in range(star.in_ptr[least.size], cost.size):
        p, q = star.tail[s], star.head[s]
        total = least[p] + cost[s]
        if total <= least[q] and total < np.inf:
            better = total < least[q]
            if total == least[q] and entry[q] >= 0:
                better = least[p] < least[star.tail[entry[q]]]
            if better:
                least[q], entry[q], queued[q] = total, s, True
                first = min(first, nb.int64(q))
    return first


@nb.njit(**INLINE)
def schedule(vectors: int, masks: int, trees: int, vector: Ints, label: Ints) -> int:
    """Set cost vector and label of each tree: every vector, every mask by the first vector, penalised trees.

    Labels are −1 for costs without change, −2 for penalised costs, else the number of the mask. Returns the
    number of trees.
    """
    tree_count = vectors + masks + max(trees - vectors, 0)
    for r in range(tree_count):
        if r < vectors:
            vector[r], label[r] = r, -1
        elif r < vectors + masks:
            vector[r], label[r] = 0, r - vectors
        else:
            vector[r], label[r] = (r - vectors - masks) % vectors, -2
    return tree_count


@nb.njit(**INLINE)
def _uses(destinations: Ints, graph: Graph, pred: Ints, mask: Bools) -> bool:
    """Test if a tree has an arc of a mask on a path to a destination; if not, the mask changes no path."""
    for j in destinations:
        while pred[j] >= 0:
            if mask[pred[j]]:
                return True
            j = graph.tail[pred[j]]
    return False


@nb.njit(**CALLEE)
def compute_trees(
    star: Star,
    graph: Graph,
    costs: Floats,
    vector: Ints,
    label: Ints,
    masks: Bools,
    penalty: float,
    destinations: Ints,
    pred: Ints,
) -> None:
    """Compute R least-cost trees of one origin at several costs.

    Tree r is by cost vector ``vector[r]``. With ``label[r] >= 0`` the arcs of that mask are removed. With
    −1 costs are not changed. With −2 they are multiplied by ``1 + penalty`` for each earlier tree in which
    the arc is on a path to a destination (link penalty: de la Barra, Pérez & Anez 1993). Tree 0 is by
    vector 0 without change, and masks apply to this vector.

    Args:
        star: Star of the origin.
        graph: The graph.
        costs: Cost vectors, (C, A).
        vector: Cost vector of each tree, (R,).
        label: Label of each tree, (R,).
        masks: Masks of arcs, (L, A).
        penalty: Penalty.
        destinations: Destinations.
        pred: Arc by which each tree reaches each node, −1 if none, (R, N); written.
    """
    arcs = star.arc.size
    factor, cost = np.ones(graph.tail.size), np.empty(arcs)
    labels = new_labels(star.node.size)
    stamp = np.zeros(graph.through.size, np.int32)
    for r in range(pred.shape[0]):
        row, mask = costs[vector[r]], label[r]
        if mask >= 0 and not _uses(destinations, graph, pred[0], masks[mask]):
            for i in range(pred.shape[1]):
                pred[r, i] = pred[0, i]
        else:
            for s in range(arcs):
                a = star.arc[s]
                if mask >= 0:
                    cost[s] = np.inf if masks[mask, a] else row[a]
                else:
                    cost[s] = row[a] * factor[a] if mask == -2 else row[a]
            sweep(star, cost, labels, pred[r])
        for j in destinations:
            while stamp[j] != r + 1 and pred[r, j] >= 0:
                stamp[j] = r + 1
                factor[pred[r, j]] *= 1.0 + penalty
                j = graph.tail[pred[r, j]]
