"""Paths cheaper than all that a market has, looked for only where bounds do not rule them out.

A look needs the least cost L of a market by each view, from a tree, and the cost B of the cheapest path it
has: it misses one where ``L < B (1 − tolerance)``. Both are dear, and seldom needed. Any path that the
market has bounds B from above; what an earlier look found bounds L from below, as costs have fallen at
most by some part since. Where these bounds already show that nothing is missing, no tree is grown.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Graph, Ints, Work
from sogdia.assignment.kernels.path_search import Markets, Views, end_of_run, same_path, wider, write_forward
from sogdia.assignment.kernels.path_tables import Paths
from sogdia.assignment.kernels.trees import Labels, Star, new_labels, star_of, sweep


class Seen(NamedTuple):
    """What is known of each market by each view of its group, v views at most, (M, v) each.

    Attributes:
        low: No way from the origin to the destination costs less; infinite where there is none.
        near: A path of the market's, counted from its first, that was the cheapest when last looked at:
            it tells where to look first, and hangs no result on it.
    """

    low: Floats
    near: Ints


@nb.njit(cache=True, nogil=True, inline="always")
def _cost_of(path: int, paths: Paths, cost: Floats) -> float:
    total = 0.0
    for s in range(paths.path_ptr[path], paths.path_ptr[path + 1]):
        total += cost[paths.path_arc[s]]
    return total


@nb.njit(cache=True, nogil=True)
def _missing(m: int, v: int, paths: Paths, cost: Floats, tolerance: float, seen: Seen) -> bool:
    """Whether by what is known a market may lack a cheaper path at costs of arcs (A,) of its view v."""
    first, last = paths.od_ptr[m], paths.od_ptr[m + 1]
    low = seen.low[m, v]
    if low == np.inf:
        return False
    if first == last:
        return True
    if low >= _cost_of(first + min(seen.near[m, v], last - first - 1), paths, cost) * (1.0 - tolerance):
        return False
    best = np.inf
    for p in range(first, last):
        total = _cost_of(p, paths, cost)
        if total < best:
            best, seen.near[m, v] = total, p - first
    return bool(low < best * (1.0 - tolerance))


@nb.njit(cache=True, nogil=True)
def _ask(
    first: int, last: int, group: Ints, views: Views, paths: Paths, tolerance: float, seen: Seen, asked: Bools
) -> bool:
    """Whether any tree is needed; which ones, is put at the first market of each group's, (M, v)."""
    some, end = False, first
    while end < last:
        begin, end = end, end_of_run(group, end, last)
        at = views.ptr[group[begin]]
        for v in range(views.ptr[group[begin] + 1] - at):
            for m in range(begin, end):
                if _missing(m, v, paths, views.cost[at + v], tolerance, seen):
                    asked[begin - first, v] = some = True
                    break
    return some


@nb.njit(cache=True, nogil=True)
def _unlike(gains: Bools, target: int, graph: Graph, pred: Ints, chosen: Ints) -> int:
    """Put into ``chosen`` the trees that gain, one for each path; how many."""
    count = 0
    for v in range(gains.size):
        known = not gains[v]
        for u in range(count):
            known = known or same_path(v, chosen[u], target, graph, pred)
        if not known:
            chosen[count] = v
            count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _places(star: Star, nodes: int) -> Ints:
    """Place of each node in a star, −1 where it is not in it, (N,)."""
    place = np.full(nodes, -1, np.int32)
    for p in range(star.node.size):
        place[star.node[p]] = p
    return place


@nb.njit(cache=True, nogil=True)
def _grow(
    star: Star, row: Floats, place: Ints, targets: Ints, labels: Labels, pred: Ints, low: Floats
) -> None:
    """Tree at costs of arcs (A,), and with it the least costs of some targets."""
    cost = np.empty(star.arc.size)
    for s in range(cost.size):
        cost[s] = row[star.arc[s]]
    sweep(star, cost, labels, pred)
    for n in range(targets.size):
        low[n] = labels.low[place[targets[n]]] if place[targets[n]] >= 0 else np.inf


@nb.njit(cache=True, nogil=True)
def cheaper_from(
    first: int,
    last: int,
    graph: Graph,
    markets: Markets,
    views: Views,
    paths: Paths,
    tolerance: float,
    seen: Seen,
    work: Work,
) -> tuple[Ints, Ints, Ints]:
    """Paths cheaper, in some view and by a ``tolerance``, than all that a market has, of one origin.

    A market whose paths are all closed gets one that is open. What is seen on the way is put into ``seen``,
    whose bounds must hold at the views' costs; on other bounds the paths do not depend.

    Returns:
        New paths of markets ``first`` to ``last``, arcs of each path, and the arcs.
    """
    widest = views.most
    counts = np.zeros(last - first, np.int32)
    sizes, arcs = np.empty((last - first) * widest, np.int32), np.empty(256, np.int32)
    asked = np.zeros((last - first, widest), np.bool_)
    if not _ask(first, last, markets.group, views, paths, tolerance, seen, asked):
        return counts, sizes[:0], arcs[:0]
    star = star_of(markets.origin[first], graph, views.cheapest, markets.target[first:last], work)
    nodes, labels = graph.through.size, new_labels(star.node.size)
    place, pred = _places(star, nodes), np.empty((widest, nodes), np.int32)
    gains, chosen = np.empty(widest, np.bool_), np.empty(widest, np.int32)
    many, used, end = 0, 0, first
    for m in range(first, last):
        at = views.ptr[markets.group[m]]
        if m == end:
            begin, end = m, end_of_run(markets.group, m, last)
            for v in range(widest):
                if asked[begin - first, v]:
                    row, targets = views.cost[at + v], markets.target[begin:end]
                    _grow(star, row, place, targets, labels, pred[v], seen.low[begin:end, v])
        for v in range(widest):
            gains[v] = asked[begin - first, v] and _missing(m, v, paths, views.cost[at + v], tolerance, seen)
        count = _unlike(gains, markets.target[m], graph, pred, chosen)
        counts[m - first] = count
        for u in range(count):
            if used + nodes > arcs.size:
                arcs = wider(arcs, used, 2 * (used + nodes))
            size = write_forward(chosen[u], markets.target[m], graph, pred, used, arcs)
            seen.near[m, chosen[u]] = paths.od_ptr[m + 1] - paths.od_ptr[m] + u
            sizes[many] = size
            many, used = many + 1, used + size
    return counts, sizes[:many], arcs[:used]
