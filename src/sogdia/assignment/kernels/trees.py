"""Shortest-path trees of one origin under many costs, by sweeps over nodes in an order that fits all.

Trees of one origin are much alike. Nodes are put in order of their least cost at the cheapest of all
views; then a tree takes a few sweeps over this order, each passing on labels that the last one lowered
(label correction: Bellman 1958; how much a good order saves: Yen 1970).
Labels end at the same sums of costs as Dijkstra's.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Longs, Work
from sogdia.assignment.kernels.shortest_tree import shortest_tree

Places = npt.NDArray[np.uint32]
"""Without a sign, which kernels would have to look at before each use as an index."""


class Star(NamedTuple):
    """The arcs that paths from one origin may use, by places of n nodes in an order.

    Attributes:
        node: Node at each place, the origin first, (n,).
        ptr: Arcs that leave place p stand at ``ptr[p]`` to ``ptr[p + 1]``, (n + 1,).
        tail: Place that each arc leaves.
        head: Place that each arc enters.
        arc: Which arc it is.
    """

    node: Ints
    ptr: Ints
    tail: Places
    head: Places
    arc: Ints


@nb.njit(cache=True, nogil=True)
def star_of(origin: int, graph: Graph, cheapest: Floats, targets: Ints, work: Work) -> Star:
    """Star of an origin, ordered by ``cheapest`` (A,), costs that are finite where any view's are.

    Nodes that no path may pass through are left out unless they are targets.
    """
    nodes = graph.through.size
    zeros, pred = np.zeros(graph.tail.size), np.empty(nodes, np.int32)
    count = shortest_tree(origin, graph, cheapest, zeros, work, pred)
    wanted = graph.through.copy()
    for j in targets:
        wanted[j] = True
    place = np.full(nodes, -1, np.int32)
    node, kept = np.empty(count, np.int32), 0
    for p in range(count):
        i = work.order[p]
        if p == 0 or wanted[i]:
            node[kept], place[i] = i, kept
            kept += 1
    ptr = np.zeros(kept + 1, np.int32)
    many, used = graph.tail.size, 0
    tail, head, arc = np.empty(many, np.uint32), np.empty(many, np.uint32), np.empty(many, np.int32)
    for p in range(kept):
        i = node[p]
        if p == 0 or graph.through[i]:
            for s in range(graph.out_ptr[i], graph.out_ptr[i + 1]):
                a = graph.out_arc[s]
                if place[graph.head[a]] > 0 and cheapest[a] < np.inf:
                    tail[used], head[used], arc[used] = p, place[graph.head[a]], a
                    used += 1
        ptr[p + 1] = used
    return Star(node[:kept], ptr, tail[:used], head[:used], arc[:used])


class Labels(NamedTuple):
    """Scratch of one search, by place, (n,) each: least cost, arc it comes by, whether to be passed on."""

    low: Floats
    entry: Longs
    waiting: Bools


@nb.njit(cache=True, nogil=True)
def new_labels(places: int) -> Labels:
    """Scratch for a star of so many places."""
    return Labels(np.empty(places), np.empty(places, np.int64), np.empty(places, np.bool_))


@nb.njit(cache=True, nogil=True)
def sweep(star: Star, cost: Floats, labels: Labels, pred: Ints) -> None:
    """Shortest-path tree at costs given by arc of the star.

    Of equal ways to a node that by the nearest one is taken, as by Dijkstra's method, whatever the order.
    Fills ``labels.low`` with least costs, inf where not reached, and ``pred`` (N,) with the arc each node
    is entered by, -1 at the origin and where not reached.
    """
    low, entry, waiting = labels.low, labels.entry, labels.waiting
    count = star.node.size
    first = _pass_all(star, cost, labels)
    while first < count:
        begin, first = first, count
        for p in range(begin, count):
            if not waiting[p]:
                continue
            waiting[p] = False
            for s in range(star.ptr[p], star.ptr[p + 1]):
                q = star.head[s]
                total = low[p] + cost[s]
                better = total < low[q]
                if total == low[q] and entry[q] >= 0:
                    better = low[p] < low[star.tail[entry[q]]]
                if better:
                    low[q], entry[q], waiting[q] = total, s, True
                    if q < p:
                        first = min(first, nb.int64(q))
    for i in range(pred.size):
        pred[i] = -1
    for p in range(1, count):
        if entry[p] >= 0:
            pred[star.node[p]] = star.arc[entry[p]]


@nb.njit(cache=True, nogil=True, inline="always")
def _pass_all(star: Star, cost: Floats, labels: Labels) -> int:
    """First sweep: pass labels along all arcs; the first place whose label was lowered too late for it.

    Which labels fall cannot be foretold, so nothing here branches on it.
    """
    low, entry, waiting = labels.low, labels.entry, labels.waiting
    first = low.size
    for p in range(first):
        low[p], entry[p], waiting[p] = np.inf, -1, False
    low[0] = 0.0
    for s in range(cost.size):
        p, q = star.tail[s], star.head[s]
        reached, old = low[p], low[q]
        total = reached + cost[s]
        better = total < old
        if total == old and entry[q] >= 0:
            better = reached < low[star.tail[entry[q]]]
        low[q] = total if better else old
        entry[q] = s if better else entry[q]
        late = better & (q < p)
        waiting[q] |= late
        first = min(first, nb.int64(q)) if late else first
    return first


@nb.njit(cache=True, nogil=True)
def schedule(views: int, masks: int, trees: int, view: Ints, label: Ints) -> int:
    """View and label of each tree: every view, every mask by the first view, penalised ones by turns.

    Labels are -1 for costs as they are, -2 for penalised ones, else the mask. Returns the number of trees.
    """
    many = views + masks + max(trees - views, 0)
    for r in range(many):
        if r < views:
            view[r], label[r] = r, -1
        elif r < views + masks:
            view[r], label[r] = 0, r - views
        else:
            view[r], label[r] = (r - views - masks) % views, -2
    return many


@nb.njit(cache=True, nogil=True, inline="always")
def _uses(targets: Ints, graph: Graph, pred: Ints, mask: Bools) -> bool:
    """Whether a tree leads to a target by an arc of a mask; if not, the tree without it leads there alike."""
    for j in targets:
        while pred[j] >= 0:
            if mask[pred[j]]:
                return True
            j = graph.tail[pred[j]]
    return False


@nb.njit(cache=True, nogil=True)
def grow_trees(
    star: Star,
    graph: Graph,
    costs: Floats,
    view: Ints,
    label: Ints,
    masks: Bools,
    penalty: float,
    targets: Ints,
    pred: Ints,
) -> None:
    """Shortest-path trees of one origin under several costs.

    Tree r minimises view ``view[r]`` of the costs (C, A). Where ``label[r] >= 0`` the arcs of that mask
    (L, A) are removed; where it is -1 costs are as they are; where it is -2 they are multiplied by
    ``1 + penalty`` for each earlier tree in which the arc leads to a target (link penalty: de la Barra,
    Pérez & Anez 1993). Tree 0 is by view 0 as it is, and masks are of this view. Fills ``pred`` (R, N).
    """
    arcs = star.arc.size
    factor, cost = np.ones(graph.tail.size), np.empty(arcs)
    labels = new_labels(star.node.size)
    stamp = np.zeros(graph.through.size, np.int32)
    for r in range(pred.shape[0]):
        row, mask = costs[view[r]], label[r]
        if mask >= 0 and not _uses(targets, graph, pred[0], masks[mask]):
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
        for j in targets:
            while stamp[j] != r + 1 and pred[r, j] >= 0:
                stamp[j] = r + 1
                factor[pred[r, j]] *= 1.0 + penalty
                j = graph.tail[pred[r, j]]
