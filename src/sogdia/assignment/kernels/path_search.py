"""Paths that shortest-path trees offer: the best of several trees."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Longs, Work
from sogdia.assignment.kernels.trees import grow_trees, schedule, star_of

ROUNDING = 1e-12
"""Part of a cost under which two sums of the same arcs are not told apart."""


class Markets(NamedTuple):
    """Triples of origin, geometry group and destination, in this order, (M,) each."""

    origin: Ints
    group: Ints
    target: Ints


class Views(NamedTuple):
    """Costs by which paths are sought.

    Attributes:
        ptr: Views of geometry group s are ``ptr[s]`` to ``ptr[s + 1]``, (S + 1,).
        cost: Costs of arcs by view, (C, A).
        cheapest: Least of each arc's costs, (A,).
        most: Most views of a group.
    """

    ptr: Longs
    cost: Floats
    cheapest: Floats
    most: int


@nb.njit(cache=True, nogil=True, inline="always")
def same_path(r: int, s: int, target: int, graph: Graph, pred: Ints) -> bool:
    """Whether trees r and s reach ``target`` by the same arcs."""
    j = target
    while pred[r, j] == pred[s, j]:
        if pred[r, j] < 0:
            return True
        j = graph.tail[pred[r, j]]
    return False


@nb.njit(cache=True, nogil=True)
def _distinct(
    target: int, graph: Graph, costs: Floats, pred: Ints, path_cost: Floats, code: Longs, chosen: Ints
) -> int:
    """Put into ``chosen`` the trees that offer a target a path no earlier one does, with its costs."""
    views = costs.shape[0]
    unique = 0
    for r in range(pred.shape[0]):
        if pred[r, target] < 0:
            continue
        for v in range(views):
            path_cost[r, v] = 0.0
        key = np.int64(1469598103934665603)
        j = target
        while pred[r, j] >= 0:
            a = pred[r, j]
            key = (key ^ np.int64(a)) * np.int64(1099511628211)
            for v in range(views):
                path_cost[r, v] += costs[v, a]
            j = graph.tail[a]
        code[r] = key
        known = False
        for u in range(unique):
            s = chosen[u]
            if code[s] == key and same_path(r, s, target, graph, pred):
                known = True
                break
        if not known:
            chosen[unique] = r
            unique += 1
    return unique


@nb.njit(cache=True, nogil=True)
def pick_paths(
    target: int,
    graph: Graph,
    costs: Floats,
    label: Ints,
    pred: Ints,
    most: int,
    factor: float,
    slack: float,
    path_cost: Floats,
    code: Longs,
    rank: Floats,
    chosen: Ints,
) -> tuple[int, int]:
    """Choose among the paths that R trees offer to a target: trees go into ``chosen``, best first.

    Paths alike in all arcs count once: their codes (hash of the arcs, in order) and then their arcs are
    compared. A path stays where its cost in some view is at most ``factor · best + slack``; of more than
    ``most`` those go last in rank, cost over the best, those of unpenalised trees being kept first.
    ``path_cost`` is (R, C) scratch, ``code`` and ``rank`` (R,).

    Returns:
        Paths, and arcs in them.
    """
    views = costs.shape[0]
    unique = _distinct(target, graph, costs, pred, path_cost, code, chosen)
    kept = _within(unique, views, factor, slack, path_cost, rank, chosen)
    if kept > most:
        _by_rank(kept, rank, chosen, label, 1)
        kept = most
    _by_rank(kept, rank, chosen, label, 0)
    total = 0
    for u in range(kept):
        j = target
        while pred[chosen[u], j] >= 0:
            total += 1
            j = graph.tail[pred[chosen[u], j]]
    return kept, total


@nb.njit(cache=True, nogil=True)
def _within(
    unique: int, views: int, factor: float, slack: float, path_cost: Floats, rank: Floats, chosen: Ints
) -> int:
    """Keep in ``chosen`` the paths near the best of some view, and rank them."""
    for u in range(unique):
        rank[chosen[u]] = np.inf
    for v in range(views):
        best = np.inf
        for u in range(unique):
            best = min(best, path_cost[chosen[u], v])
        if best == np.inf:
            continue
        limit = (factor * best + slack) * (1.0 + ROUNDING)
        unit = best + slack if best + slack > 0.0 else 1.0
        for u in range(unique):
            r = chosen[u]
            if path_cost[r, v] <= limit:
                rank[r] = min(rank[r], (path_cost[r, v] - best) / unit)
    kept = 0
    for u in range(unique):
        if rank[chosen[u]] < np.inf:
            chosen[kept] = chosen[u]
            kept += 1
    return kept


@nb.njit(cache=True, nogil=True)
def _by_rank(count: int, rank: Floats, chosen: Ints, label: Ints, plain_first: int) -> None:
    """Sort the first ``count`` of ``chosen`` by rank, if asked after whether they were penalised."""
    for u in range(1, count):
        r = chosen[u]
        late = plain_first == 1 and label[r] == -2
        place = u
        while place > 0:
            s = chosen[place - 1]
            late_s = plain_first == 1 and label[s] == -2
            if late_s < late or (late_s == late and rank[s] <= rank[r]):
                break
            chosen[place] = s
            place -= 1
        chosen[place] = r


@nb.njit(cache=True, nogil=True, inline="always")
def _write(tree: int, target: int, graph: Graph, pred: Ints, end: int, arcs: Ints) -> int:
    """Write a path backwards, its last arc at ``end - 1``; where it starts."""
    j = target
    while pred[tree, j] >= 0:
        end -= 1
        arcs[end] = pred[tree, j]
        j = graph.tail[pred[tree, j]]
    return end


@nb.njit(cache=True, nogil=True)
def wider(arcs: Ints, used: int, size: int) -> Ints:
    """The used part of an array in a larger one."""
    out = np.empty(size, np.int32)
    for s in range(used):
        out[s] = arcs[s]
    return out


@nb.njit(cache=True, nogil=True)
def write_forward(tree: int, target: int, graph: Graph, pred: Ints, begin: int, arcs: Ints) -> int:
    """Write a path from ``begin`` on, with room for any path; how many arcs it has."""
    size, j = 0, target
    while pred[tree, j] >= 0:
        size += 1
        j = graph.tail[pred[tree, j]]
    _write(tree, target, graph, pred, begin + size, arcs)
    return size


@nb.njit(cache=True, nogil=True, inline="always")
def end_of_run(group: Ints, first: int, last: int) -> int:
    """First market from ``first`` on that has another geometry group, or ``last``."""
    end = first + 1
    while end < last and group[end] == group[first]:
        end += 1
    return end


@nb.njit(cache=True, nogil=True)
def paths_from(
    first: int,
    last: int,
    graph: Graph,
    markets: Markets,
    views: Views,
    masks: Bools,
    trees: int,
    penalty: float,
    most: int,
    factor: float,
    slack: float,
    work: Work,
) -> tuple[Ints, Ints, Ints]:
    """Paths of markets ``first`` to ``last``, of one origin (:func:`grow_trees`, :func:`pick_paths`).

    Returns:
        Paths of each market, arcs of each path, and the arcs, one path after another.
    """
    widest = views.most
    room = masks.shape[0] + max(trees, widest)
    view, label = np.empty(room, np.int32), np.empty(room, np.int32)
    pred, path_cost = np.empty((room, graph.through.size), np.int32), np.empty((room, widest))
    code, rank, chosen = np.empty(room, np.int64), np.empty(room), np.empty(room, np.int32)
    counts = np.zeros(last - first, np.int32)
    sizes = np.empty((last - first) * min(room, most), np.int32)
    arcs = np.empty(256, np.int32)
    paths, used, until, many = 0, 0, first, 0
    costs = views.cost
    for m in range(first, last):
        if m == until:
            until = end_of_run(markets.group, m, last)
            costs = views.cost[views.ptr[markets.group[m]] : views.ptr[markets.group[m] + 1]]
            many = schedule(costs.shape[0], masks.shape[0], trees, view, label)
            targets = markets.target[m:until]
            star = star_of(markets.origin[m], graph, costs[0], targets, work)
            grow_trees(star, graph, costs, view, label, masks, penalty, targets, pred[:many])
        target = markets.target[m]
        kept, total = pick_paths(
            target, graph, costs, label, pred[:many], most, factor, slack, path_cost, code, rank, chosen
        )
        counts[m - first] = kept
        if used + total > arcs.size:
            arcs = wider(arcs, used, 2 * (used + total))
        used += total
        end = used
        for u in range(kept - 1, -1, -1):
            begin = _write(chosen[u], target, graph, pred, end, arcs)
            sizes[paths + u] = end - begin
            end = begin
        paths += kept
    return counts, sizes[:paths], arcs[:used]
