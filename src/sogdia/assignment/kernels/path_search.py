"""Selection of paths from least-cost trees: the best distinct paths of several trees."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Longs, Work
from sogdia.assignment.kernels.trees import compute_trees, schedule, star_of

ROUNDING = 1e-12
"""Relative difference up to which two sums of the costs of the same arcs count as equal."""


class ODGroups(NamedTuple):
    """Triples of origin, class group and destination, sorted in this order, (M,) each."""

    origin: Ints
    class_group: Ints
    destination: Ints


class CostVectors(NamedTuple):
    """Costs of arcs by which paths are generated, several for each class group.

    Attributes:
        ptr: Vectors of class group s are ``ptr[s]`` to ``ptr[s + 1]``, (S + 1,).
        cost: Costs of arcs by vector, (C, A).
        lowest: Lowest cost of each arc, (A,).
        max_count: Largest number of vectors of a group.
    """

    ptr: Longs
    cost: Floats
    lowest: Floats
    max_count: int


@nb.njit(cache=True, nogil=True, inline="always")
def same_path(r: int, s: int, destination: int, graph: Graph, pred: Ints) -> bool:
    """Test if trees r and s reach a destination by the same arcs."""
    j = destination
    while pred[r, j] == pred[s, j]:
        if pred[r, j] < 0:
            return True
        j = graph.tail[pred[r, j]]
    return False


@nb.njit(cache=True, nogil=True)
def _distinct(
    destination: int, graph: Graph, costs: Floats, pred: Ints, path_cost: Floats, code: Longs, chosen: Ints
) -> int:
    """Put into ``chosen`` the trees whose path no earlier tree has, and compute the costs of their paths.

    Paths are compared by a hash of their arcs in order, then arc by arc.
    """
    vectors = costs.shape[0]
    distinct = 0
    for r in range(pred.shape[0]):
        if pred[r, destination] < 0:
            continue
        for v in range(vectors):
            path_cost[r, v] = 0.0
        key = np.int64(1469598103934665603)
        j = destination
        while pred[r, j] >= 0:
            a = pred[r, j]
            key = (key ^ np.int64(a)) * np.int64(1099511628211)
            for v in range(vectors):
                path_cost[r, v] += costs[v, a]
            j = graph.tail[a]
        code[r] = key
        is_known = False
        for u in range(distinct):
            s = chosen[u]
            if code[s] == key and same_path(r, s, destination, graph, pred):
                is_known = True
                break
        if not is_known:
            chosen[distinct] = r
            distinct += 1
    return distinct


@nb.njit(cache=True, nogil=True)
def pick_paths(
    destination: int,
    graph: Graph,
    costs: Floats,
    label: Ints,
    pred: Ints,
    max_paths: int,
    factor: float,
    slack: float,
    path_cost: Floats,
    code: Longs,
    rank: Floats,
    chosen: Ints,
) -> tuple[int, int]:
    """Select paths to a destination from R trees.

    A path is retained if its cost, by at least one cost vector, is at most ``factor · best + slack``. If
    more than ``max_paths`` are, those of unpenalised trees come first, then those of least excess cost over
    the best.

    Args:
        destination: The destination.
        graph: The graph.
        costs: Cost vectors of the class group, (C, A).
        label: Label of each tree (:func:`sogdia.assignment.kernels.trees.schedule`), (R,).
        pred: Arc by which each tree reaches each node, (R, N).
        max_paths: Largest number of paths.
        factor: See above.
        slack: See above.
        path_cost: Scratch space, (R, C).
        code: Scratch space, (R,).
        rank: Scratch space, (R,).
        chosen: Trees of the selected paths, best first, (R,); written.

    Returns:
        Number of paths, and of arcs in them.
    """
    vectors = costs.shape[0]
    distinct = _distinct(destination, graph, costs, pred, path_cost, code, chosen)
    retained = _retain_near_best(distinct, vectors, factor, slack, path_cost, rank, chosen)
    if retained > max_paths:
        _by_rank(retained, rank, chosen, label, 1)
        retained = max_paths
    _by_rank(retained, rank, chosen, label, 0)
    total = 0
    for u in range(retained):
        j = destination
        while pred[chosen[u], j] >= 0:
            total += 1
            j = graph.tail[pred[chosen[u], j]]
    return retained, total


@nb.njit(cache=True, nogil=True)
def _retain_near_best(
    distinct: int, vectors: int, factor: float, slack: float, path_cost: Floats, rank: Floats, chosen: Ints
) -> int:
    """Retain in ``chosen`` the paths whose cost is near the best by some cost vector, and rank them."""
    for u in range(distinct):
        rank[chosen[u]] = np.inf
    for v in range(vectors):
        best = np.inf
        for u in range(distinct):
            best = min(best, path_cost[chosen[u], v])
        if best == np.inf:
            continue
        limit = (factor * best + slack) * (1.0 + ROUNDING)
        unit = best + slack if best + slack > 0.0 else 1.0
        for u in range(distinct):
            r = chosen[u]
            if path_cost[r, v] <= limit:
                rank[r] = min(rank[r], (path_cost[r, v] - best) / unit)
    retained = 0
    for u in range(distinct):
        if rank[chosen[u]] < np.inf:
            chosen[retained] = chosen[u]
            retained += 1
    return retained


@nb.njit(cache=True, nogil=True)
def _by_rank(count: int, rank: Floats, chosen: Ints, label: Ints, unpenalised_first: int) -> None:
    """Sort the first ``count`` of ``chosen`` by rank, with ``unpenalised_first`` unpenalised trees before."""
    for u in range(1, count):
        r = chosen[u]
        penalised = unpenalised_first == 1 and label[r] == -2
        place = u
        while place > 0:
            s = chosen[place - 1]
            other_penalised = unpenalised_first == 1 and label[s] == -2
            if other_penalised < penalised or (other_penalised == penalised and rank[s] <= rank[r]):
                break
            chosen[place] = s
            place -= 1
        chosen[place] = r


@nb.njit(cache=True, nogil=True, inline="always")
def _write_backwards(tree: int, destination: int, graph: Graph, pred: Ints, end: int, arcs: Ints) -> int:
    """Write a path so that its last arc is at ``end - 1``; return the place of its first."""
    j = destination
    while pred[tree, j] >= 0:
        end -= 1
        arcs[end] = pred[tree, j]
        j = graph.tail[pred[tree, j]]
    return end


@nb.njit(cache=True, nogil=True)
def _write_paths(
    trees: Ints, destination: int, graph: Graph, pred: Ints, end: int, sizes: Ints, arcs: Ints
) -> None:
    """Write the paths of some trees one after another, the last one before ``end``, and their sizes."""
    for u in range(trees.size - 1, -1, -1):
        begin = _write_backwards(trees[u], destination, graph, pred, end, arcs)
        sizes[u] = end - begin
        end = begin


@nb.njit(cache=True, nogil=True)
def enlarged(arcs: Ints, used: int, size: int) -> Ints:
    """Return a larger array with the used part of an array."""
    out = np.empty(size, np.int32)
    for s in range(used):
        out[s] = arcs[s]
    return out


@nb.njit(cache=True, nogil=True)
def write_path(tree: int, destination: int, graph: Graph, pred: Ints, begin: int, arcs: Ints) -> int:
    """Write a path from ``begin`` on, where any path must have room; return its number of arcs."""
    size, j = 0, destination
    while pred[tree, j] >= 0:
        size += 1
        j = graph.tail[pred[tree, j]]
    _write_backwards(tree, destination, graph, pred, begin + size, arcs)
    return size


@nb.njit(cache=True, nogil=True, inline="always")
def end_of_class_group(group: Ints, first: int, last: int) -> int:
    """Return the first OD group after ``first`` that has another class group, or ``last``."""
    end = first + 1
    while end < last and group[end] == group[first]:
        end += 1
    return end


@nb.njit(cache=True, nogil=True)
def paths_from(
    first: int,
    last: int,
    graph: Graph,
    od_groups: ODGroups,
    vectors: CostVectors,
    masks: Bools,
    trees: int,
    penalty: float,
    max_paths: int,
    factor: float,
    slack: float,
    work: Work,
) -> tuple[Ints, Ints, Ints]:
    """Generate paths of OD groups ``first`` to ``last``, all of one origin.

    See :func:`sogdia.assignment.path_sets.generate_paths` for the arguments.

    Returns:
        Number of paths of each OD group, number of arcs of each path, and the arcs, one path after another.
    """
    most = vectors.max_count
    max_trees = masks.shape[0] + max(trees, most)
    vector, label = np.empty(max_trees, np.int32), np.empty(max_trees, np.int32)
    pred, path_cost = np.empty((max_trees, graph.through.size), np.int32), np.empty((max_trees, most))
    code, rank, chosen = np.empty(max_trees, np.int64), np.empty(max_trees), np.empty(max_trees, np.int32)
    counts = np.zeros(last - first, np.int32)
    sizes = np.empty((last - first) * min(max_trees, max_paths), np.int32)
    arcs = np.empty(256, np.int32)
    paths, used, group_end, tree_count = 0, 0, first, 0
    costs = vectors.cost
    for m in range(first, last):
        if m == group_end:
            group_end = end_of_class_group(od_groups.class_group, m, last)
            group = od_groups.class_group[m]
            costs = vectors.cost[vectors.ptr[group] : vectors.ptr[group + 1]]
            tree_count = schedule(costs.shape[0], masks.shape[0], trees, vector, label)
            destinations = od_groups.destination[m:group_end]
            star = star_of(od_groups.origin[m], graph, costs[0], destinations, work)
            compute_trees(star, graph, costs, vector, label, masks, penalty, destinations, pred[:tree_count])
        destination = od_groups.destination[m]
        retained, total = pick_paths(
            destination, graph, costs, label, pred[:tree_count], max_paths, factor, slack, path_cost, code,
            rank, chosen,
        )  # fmt: skip
        counts[m - first] = retained
        if used + total > arcs.size:
            arcs = enlarged(arcs, used, 2 * (used + total))
        used += total
        _write_paths(chosen[:retained], destination, graph, pred, used, sizes[paths:], arcs)
        paths += retained
    return counts, sizes[:paths], arcs[:used]
