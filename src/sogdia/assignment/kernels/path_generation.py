"""Search for missing paths of OD groups, with bounds that save most least-cost trees.

An OD group misses a path if ``L < B (1 − tolerance)`` at one of its cost vectors, L the least cost of any
path (from a tree) and B that of its own paths. Both take time to compute and are seldom needed: the cost of
any of its paths bounds B from above, and an earlier search bounds L from below. Trees are computed only for
OD groups for which these bounds leave it open.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Work
from sogdia.assignment.kernels.path_search import (
    CostBounds,
    CostVectors,
    ODGroups,
    end_of_class_group,
    enlarged,
    same_path,
    write_path,
)
from sogdia.assignment.kernels.path_tables import Paths
from sogdia.assignment.kernels.trees import Labels, Star, new_labels, star_of, sweep
from sogdia.numerics.compiled import CALLEE_IN_PLACE, ENTRY, INLINE


@nb.njit(**INLINE)
def _cost_of(path: int, paths: Paths, cost: Floats) -> float:
    """Return the cost of a path at costs of arcs (A,)."""
    total = 0.0
    for s in range(paths.path_ptr[path], paths.path_ptr[path + 1]):
        total += cost[paths.path_arc[s]]
    return total


@nb.njit(**CALLEE_IN_PLACE)
def _may_miss_path(m: int, v: int, paths: Paths, cost: Floats, tolerance: float, bounds: CostBounds) -> bool:
    """Test by the bounds if an OD group may miss a path at the costs of arcs (A,) of its cost vector v."""
    first, last = paths.od_ptr[m], paths.od_ptr[m + 1]
    lower = bounds.lower[m, v]
    if lower == np.inf:
        return False
    if first == last:
        return True
    if lower >= _cost_of(first + min(bounds.nearest[m, v], last - first - 1), paths, cost) * (
        1.0 - tolerance
    ):
        return False
    best = np.inf
    for p in range(first, last):
        total = _cost_of(p, paths, cost)
        if total < best:
            best, bounds.nearest[m, v] = total, p - first
    return bool(lower < best * (1.0 - tolerance))


@nb.njit(**INLINE)
def _list_trees(
    first: int,
    last: int,
    group: Ints,
    vectors: CostVectors,
    paths: Paths,
    tolerance: float,
    bounds: CostBounds,
    needed: Bools,
) -> bool:
    """List the trees that are needed, at the first OD group of each class group, (M, v); return if any is."""
    any_needed, end = False, first
    while end < last:
        begin, end = end, end_of_class_group(group, end, last)
        at = vectors.ptr[group[begin]]
        for v in range(vectors.ptr[group[begin] + 1] - at):
            for m in range(begin, end):
                if _may_miss_path(m, v, paths, vectors.cost[at + v], tolerance, bounds):
                    needed[begin - first, v] = any_needed = True
                    break
    return any_needed


@nb.njit(**INLINE)
def _distinct_paths(is_better: Bools, destination: int, graph: Graph, pred: Ints, trees: Ints) -> int:
    """Put into ``trees`` one tree for each distinct path that is missing; return how many."""
    count = 0
    for v in range(is_better.size):
        is_known = not is_better[v]
        for u in range(count):
            is_known = is_known or same_path(v, trees[u], destination, graph, pred)
        if not is_known:
            trees[count] = v
            count += 1
    return count


@nb.njit(**INLINE)
def _place_of_node(star: Star, nodes: int) -> Ints:
    """Return the place of each node in a star, −1 if it has none, (N,)."""
    place = np.full(nodes, -1, np.int32)
    for p in range(star.node.size):
        place[star.node[p]] = p
    return place


@nb.njit(**INLINE)
def _compute_tree(
    star: Star, row: Floats, place: Ints, destinations: Ints, labels: Labels, pred: Ints, lower: Floats
) -> None:
    """Compute the tree at costs of arcs (A,), and the least costs of some destinations, into ``lower``."""
    cost = np.empty(star.arc.size)
    for s in range(cost.size):
        cost[s] = row[star.arc[s]]
    sweep(star, cost, labels, pred)
    for n in range(destinations.size):
        lower[n] = labels.least[place[destinations[n]]] if place[destinations[n]] >= 0 else np.inf


@nb.njit(**ENTRY)
def missing_paths(
    first: int,
    last: int,
    graph: Graph,
    od_groups: ODGroups,
    vectors: CostVectors,
    paths: Paths,
    tolerance: float,
    bounds: CostBounds,
    work: Work,
) -> tuple[Ints, Ints, Ints]:
    """Find paths that OD groups of one origin miss at some cost vector, or an open one if all are closed.

    Args:
        first: First OD group of the origin.
        last: OD group after the last one.
        graph: The graph.
        od_groups: The OD groups.
        vectors: Cost vectors.
        paths: Their paths.
        tolerance: Part by which the cost of a missing path is below that of all paths of the OD group.
        bounds: Bounds at these costs; updated by the trees computed.
        work: Scratch space.

    Returns:
        Number of new paths of each OD group, number of arcs of each path, and the arcs.
    """
    most = vectors.max_count
    counts = np.zeros(last - first, np.int32)
    sizes, arcs = np.empty((last - first) * most, np.int32), np.empty(256, np.int32)
    needed = np.zeros((last - first, most), np.bool_)
    if not _list_trees(first, last, od_groups.class_group, vectors, paths, tolerance, bounds, needed):
        return counts, sizes[:0], arcs[:0]
    star = star_of(od_groups.origin[first], graph, vectors.typical, od_groups.destination[first:last], work)
    nodes, labels = graph.through.size, new_labels(star.node.size)
    place, pred = _place_of_node(star, nodes), np.empty((most, nodes), np.int32)
    is_better, trees = np.empty(most, np.bool_), np.empty(most, np.int32)
    path_count, used, end = 0, nb.int64(0), first
    for m in range(first, last):
        at = vectors.ptr[od_groups.class_group[m]]
        if m == end:
            begin, end = m, end_of_class_group(od_groups.class_group, m, last)
            for v in range(most):
                if needed[begin - first, v]:
                    row, destinations = vectors.cost[at + v], od_groups.destination[begin:end]
                    _compute_tree(star, row, place, destinations, labels, pred[v], bounds.lower[begin:end, v])
        for v in range(most):
            is_better[v] = needed[begin - first, v] and _may_miss_path(
                m, v, paths, vectors.cost[at + v], tolerance, bounds
            )
        count = _distinct_paths(is_better, od_groups.destination[m], graph, pred, trees)
        counts[m - first] = count
        for u in range(count):
            if used + nodes > arcs.size:
                arcs = enlarged(arcs, used, 2 * (used + nodes))
            size = write_path(trees[u], od_groups.destination[m], graph, pred, used, arcs)
            bounds.nearest[m, trees[u]] = paths.od_ptr[m + 1] - paths.od_ptr[m] + u
            sizes[path_count] = size
            path_count, used = path_count + 1, used + size
    return counts, sizes[:path_count], arcs[:used]
