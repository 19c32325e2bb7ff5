"""Selection of paths from least-cost trees: the best distinct paths of several trees."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Longs, Work
from sogdia.assignment.kernels.trees import compute_trees, schedule, star_of
from sogdia.numerics.compiled import CALLEE, CALLEE_IN_PLACE, ENTRY, IN_PLACE, INLINE

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
        typical: Geometric mean of each arc's finite costs, infinite if it has none, (A,).
        max_count: Largest number of vectors of a group.
    """

    ptr: Longs
    cost: Floats
    typical: Floats
    max_count: int


@nb.njit(**INLINE)
def same_path(r: int, s: int, destination: int, graph: Graph, pred: Ints) -> bool:
    """Test if trees r and s reach a destination by the same arcs."""
    j = destination
    while pred[r, j] == pred[s, j]:
        if pred[r, j] < 0:
            return True
        j = graph.tail[pred[r, j]]
    return False


class CostBounds(NamedTuple):
    """Bounds of least costs of each OD group by each cost vector of its class group, (M, v) each.

    Attributes:
        lower: Lower bound of the cost of any path; infinite if there is none.
        nearest: Path of the OD group, counted from its first, that had the least cost when last computed. It
            is tried first; results do not depend on it.
    """

    lower: Floats
    nearest: Ints


class TracedPaths(NamedTuple):
    """Paths of R trees of one origin to the nodes on its paths to destinations.

    Attributes:
        turn: Number of the turn in which an entry was written; older entries are void, (R, N).
        first: Earliest tree that has the same path to the node, (R, N).
        cost: Cost of the path by each cost vector, where no earlier tree has it, (R, N, v).
        size: Its number of arcs, (R, N).
        stack: Scratch space, (N,).
    """

    turn: Ints
    first: Ints
    cost: Floats
    size: Ints
    stack: Ints


@nb.njit(**ENTRY)
def new_traced_paths(trees: int, nodes: int, vectors: int) -> TracedPaths:
    """Allocate space for the paths of trees."""
    return TracedPaths(
        np.zeros((trees, nodes), np.int32),
        np.empty((trees, nodes), np.int32),
        np.empty((trees, nodes, vectors)),
        np.empty((trees, nodes), np.int32),
        np.empty(nodes, np.int32),
    )


@nb.njit(**IN_PLACE)
def trace_paths(
    destinations: Ints, graph: Graph, costs: Floats, pred: Ints, turn: int, traced: TracedPaths
) -> None:
    """Trace the paths of R trees to destinations from the origin on, each common part once.

    Two trees have the same path to a node if they reach it by the same arc and have the same path to its
    tail: no path is compared arc by arc.

    Args:
        destinations: Destinations.
        graph: The graph.
        costs: Cost vectors, (v, A).
        pred: Arc by which each tree reaches each node, (R, N).
        turn: Number of this call, from 1 on.
        traced: The paths; written.
    """
    written, first, stack, tail = traced.turn, traced.first, traced.stack, graph.tail
    for r in range(pred.shape[0]):
        for destination in destinations:
            i, depth = destination, 0
            while written[r, i] != turn and pred[r, i] >= 0:
                stack[depth] = i
                depth += 1
                i = tail[pred[r, i]]
            if written[r, i] != turn:
                written[r, i], first[r, i], traced.size[r, i] = turn, 0, 0
                traced.cost[r, i] = 0.0
            while depth > 0:
                depth -= 1
                j, a = stack[depth], pred[r, stack[depth]]
                before = first[r, i]
                own = r
                for s in range(before, r):
                    if written[s, j] == turn and pred[s, j] == a and first[s, i] == before:
                        own = first[s, j]
                        break
                if own == r:
                    traced.size[r, j] = traced.size[before, i] + 1
                    for v in range(costs.shape[0]):
                        traced.cost[r, j, v] = traced.cost[before, i, v] + costs[v, a]
                written[r, j], first[r, j] = turn, own
                i = j


@nb.njit(**INLINE)
def _distinct(destination: int, pred: Ints, traced: TracedPaths, path_cost: Floats, chosen: Ints) -> int:
    """Put into ``chosen`` the trees whose path no earlier tree has, and the costs of these paths."""
    distinct = 0
    for r in range(pred.shape[0]):
        if pred[r, destination] >= 0 and traced.first[r, destination] == r:
            for v in range(path_cost.shape[1]):
                path_cost[r, v] = traced.cost[r, destination, v]
            chosen[distinct] = r
            distinct += 1
    return distinct


@nb.njit(**CALLEE_IN_PLACE)
def pick_paths(
    destination: int,
    label: Ints,
    pred: Ints,
    traced: TracedPaths,
    max_paths: int,
    factor: float,
    slack: float,
    path_cost: Floats,
    rank: Floats,
    chosen: Ints,
) -> tuple[int, int]:
    """Select paths to a destination from R trees.

    A path is retained if its cost, by at least one of v cost vectors, is at most ``factor · best + slack``.
    If more than ``max_paths`` are, those of unpenalised trees come first, then those of least excess cost
    over the best.

    Args:
        destination: The destination.
        label: Label of each tree (:func:`sogdia.assignment.kernels.trees.schedule`), (R,).
        pred: Arc by which each tree reaches each node, (R, N).
        traced: Its paths (:func:`trace_paths`).
        max_paths: Largest number of paths.
        factor: See above.
        slack: See above.
        path_cost: Scratch space, (R, v).
        rank: Scratch space, (R,).
        chosen: Trees of the selected paths, best first, (R,); written.

    Returns:
        Number of paths, and of arcs in them.
    """
    distinct = _distinct(destination, pred, traced, path_cost, chosen)
    retained = _retain_near_best(distinct, path_cost.shape[1], factor, slack, path_cost, rank, chosen)
    if retained > max_paths:
        _by_rank(retained, rank, chosen, label, nb.int64(1))
        retained = max_paths
    _by_rank(retained, rank, chosen, label, nb.int64(0))
    total = 0
    for u in range(retained):
        total += traced.size[chosen[u], destination]
    return retained, total


@nb.njit(**INLINE)
def _bound_costs(
    m: int, destination: int, vectors: int, pred: Ints, traced: TracedPaths, chosen: Ints, bounds: CostBounds
) -> None:
    """Set the bounds of an OD group by its cost vectors: tree v has the least costs by vector v."""
    for v in range(vectors):
        bounds.lower[m, v], bounds.nearest[m, v] = np.inf, 0
        if pred[v, destination] >= 0:
            r = traced.first[v, destination]
            bounds.lower[m, v] = traced.cost[r, destination, v]
            for u in range(chosen.size):
                if chosen[u] == r:
                    bounds.nearest[m, v] = u


@nb.njit(**INLINE)
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
    retained = nb.int64(0)
    for u in range(distinct):
        if rank[chosen[u]] < np.inf:
            chosen[retained] = chosen[u]
            retained += 1
    return int(retained)


@nb.njit(**CALLEE_IN_PLACE)
def _by_rank(count: int, rank: Floats, chosen: Ints, label: Ints, unpenalised_first: int) -> None:
    """Sort the first ``count`` of ``chosen`` by rank, with ``unpenalised_first`` unpenalised trees before.

    Paths of equal rank keep their order, also where sums in another order of arcs would differ.
    """
    for u in range(1, count):
        r = chosen[u]
        penalised = unpenalised_first == 1 and label[r] == -2
        place = u
        while place > 0:
            s = chosen[place - 1]
            other_penalised = unpenalised_first == 1 and label[s] == -2
            if other_penalised < penalised or (
                other_penalised == penalised and rank[s] <= rank[r] + ROUNDING
            ):
                break
            chosen[place] = s
            place -= 1
        chosen[place] = r


@nb.njit(**INLINE)
def _write_backwards(tree: int, destination: int, graph: Graph, pred: Ints, end: int, arcs: Ints) -> int:
    """Write a path so that its last arc is at ``end - 1``; return the place of its first."""
    j = destination
    while pred[tree, j] >= 0:
        end -= 1
        arcs[end] = pred[tree, j]
        j = graph.tail[pred[tree, j]]
    return end


@nb.njit(**INLINE)
def _write_paths(
    trees: Ints, destination: int, graph: Graph, pred: Ints, end: int, sizes: Ints, arcs: Ints
) -> None:
    """Write the paths of some trees one after another, the last one before ``end``, and their sizes."""
    for u in range(trees.size - 1, -1, -1):
        begin = _write_backwards(trees[u], destination, graph, pred, end, arcs)
        sizes[u] = end - begin
        end = begin


@nb.njit(**CALLEE)
def enlarged(arcs: Ints, used: int, size: int) -> Ints:
    """Return a larger array with the used part of an array."""
    out = np.empty(size, np.int32)
    for s in range(used):
        out[s] = arcs[s]
    return out


@nb.njit(**CALLEE_IN_PLACE)
def write_path(tree: int, destination: int, graph: Graph, pred: Ints, begin: int, arcs: Ints) -> int:
    """Write a path from ``begin`` on, where any path must have room; return its number of arcs."""
    size, j = 0, destination
    while pred[tree, j] >= 0:
        size += 1
        j = graph.tail[pred[tree, j]]
    _write_backwards(tree, destination, graph, pred, begin + size, arcs)
    return size


@nb.njit(**INLINE)
def end_of_class_group(group: Ints, first: int, last: int) -> int:
    """Return the first OD group after ``first`` that has another class group, or ``last``."""
    end = first + 1
    while end < last and group[end] == group[first]:
        end += 1
    return end


@nb.njit(**ENTRY)
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
    bounds: CostBounds,
    work: Work,
) -> tuple[Ints, Ints, Ints]:
    """Generate paths of OD groups ``first`` to ``last``, all of one origin.

    See :func:`sogdia.assignment.path_sets.generate_paths` for the arguments; ``bounds`` of these OD groups at
    the cost vectors are written.

    Returns:
        Number of paths of each OD group, number of arcs of each path, and the arcs, one path after another.
    """
    most, nodes = vectors.max_count, graph.through.size
    max_trees = masks.shape[0] + max(trees, most)
    vector, label = np.empty(max_trees, np.int32), np.empty(max_trees, np.int32)
    pred, path_cost = np.empty((max_trees, nodes), np.int32), np.empty((max_trees, most))
    rank, chosen = np.empty(max_trees), np.empty(max_trees, np.int32)
    counts = np.zeros(last - first, np.int32)
    sizes = np.empty((last - first) * min(max_trees, max_paths), np.int32)
    arcs = np.empty(256, np.int32)
    paths, used, group_end, tree_count, turn, count = 0, nb.int64(0), first, 0, 0, 0
    traced = new_traced_paths(max_trees, nodes, most)
    for m in range(first, last):
        if m == group_end:
            group_end, turn = end_of_class_group(od_groups.class_group, m, last), turn + 1
            group = od_groups.class_group[m]
            costs = vectors.cost[vectors.ptr[group] : vectors.ptr[group + 1]]
            count = costs.shape[0]
            tree_count = schedule(count, masks.shape[0], trees, vector, label)
            destinations = od_groups.destination[m:group_end]
            star = star_of(od_groups.origin[m], graph, costs[0], destinations, work)
            compute_trees(star, graph, costs, vector, label, masks, penalty, destinations, pred[:tree_count])
            trace_paths(destinations, graph, costs, pred[:tree_count], turn, traced)
        destination = od_groups.destination[m]
        retained, total = pick_paths(
            destination, label, pred[:tree_count], traced, max_paths, factor, slack, path_cost[:, :count],
            rank, chosen,
        )  # fmt: skip
        _bound_costs(m, destination, count, pred, traced, chosen[:retained], bounds)
        counts[m - first] = retained
        if used + total > arcs.size:
            arcs = enlarged(arcs, used, 2 * (used + total))
        used += total
        _write_paths(chosen[:retained], destination, graph, pred, used, sizes[paths:], arcs)
        paths += retained
    return counts, sizes[:paths], arcs[:used]
