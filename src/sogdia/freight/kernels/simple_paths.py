"""Paths as sequences of arcs: all simple ones, those of trees under several costs, cheaper ones."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.freight.kernels.arrays import Bools, Floats, Graph, Ints, Longs, Work
from sogdia.freight.kernels.paths import shortest_tree

ROUNDING = 1e-12
"""Part of a cost under which two sums of the same arcs are not told apart."""


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


@nb.njit(cache=True, nogil=True)
def grow_trees(
    origin: int,
    graph: Graph,
    costs: Floats,
    view: Ints,
    label: Ints,
    masks: Bools,
    penalty: float,
    targets: Ints,
    work: Work,
    zeros: Floats,
    pred: Ints,
) -> None:
    """Shortest-path trees of one origin under several costs.

    Tree r minimises view ``view[r]`` of the costs (C, A). Where ``label[r] >= 0`` the arcs of that mask
    (L, A) are removed; where it is -1 costs are as they are; where it is -2 they are multiplied by
    ``1 + penalty`` for each earlier tree in which the arc leads to a target (link penalty: de la Barra,
    Pérez & Anez 1993). Fills ``pred`` (R, N); ``zeros`` are the delays, (G,).
    """
    factor = np.ones(costs.shape[1])
    cost = np.empty(costs.shape[1])
    stamp = np.zeros(pred.shape[1], np.int32)
    for r in range(view.size):
        v = view[r]
        if label[r] >= 0:
            for a in range(cost.size):
                cost[a] = np.inf if masks[label[r], a] else costs[v, a]
        else:
            for a in range(cost.size):
                cost[a] = costs[v, a] * (factor[a] if label[r] == -2 else 1.0)
        shortest_tree(origin, graph, cost, zeros, work, pred[r])
        for d in range(targets.size):
            j = targets[d]
            while stamp[j] != r + 1 and pred[r, j] >= 0:
                stamp[j] = r + 1
                factor[pred[r, j]] *= 1.0 + penalty
                j = graph.tail[pred[r, j]]


@nb.njit(cache=True, nogil=True, inline="always")
def _same(r: int, s: int, target: int, graph: Graph, pred: Ints) -> bool:
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
            if code[s] == key and _same(r, s, target, graph, pred):
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
def _wider(arcs: Ints, used: int, size: int) -> Ints:
    """The used part of an array in a larger one."""
    out = np.empty(size, np.int32)
    for s in range(used):
        out[s] = arcs[s]
    return out


@nb.njit(cache=True, nogil=True)
def paths_from(
    origin: int,
    graph: Graph,
    costs: Floats,
    view: Ints,
    label: Ints,
    masks: Bools,
    penalty: float,
    targets: Ints,
    most: int,
    factor: float,
    slack: float,
    work: Work,
    zeros: Floats,
    pred: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Paths from one origin to its targets (:func:`grow_trees`, :func:`pick_paths`).

    Returns:
        Paths of each target (D,), arcs of each path, and the arcs, one path after another.
    """
    grow_trees(origin, graph, costs, view, label, masks, penalty, targets, work, zeros, pred)
    trees = view.size
    counts = np.zeros(targets.size, np.int32)
    sizes = np.empty(targets.size * min(trees, most), np.int32)
    arcs = np.empty(256, np.int32)
    path_cost = np.empty((trees, costs.shape[0]))
    code, rank, chosen = np.empty(trees, np.int64), np.empty(trees), np.empty(trees, np.int32)
    paths, used = 0, 0
    for d in range(targets.size):
        kept, total = pick_paths(
            targets[d], graph, costs, label, pred, most, factor, slack, path_cost, code, rank, chosen
        )
        counts[d] = kept
        if used + total > arcs.size:
            arcs = _wider(arcs, used, 2 * (used + total))
        end = used + total
        used = end
        for u in range(kept - 1, -1, -1):
            begin = _write(chosen[u], targets[d], graph, pred, end, arcs)
            sizes[paths + u] = end - begin
            end = begin
        paths += kept
    return counts, sizes[:paths], arcs[:used]


@nb.njit(cache=True, nogil=True)
def _best_of(first: int, last: int, path_ptr: Longs, path_arc: Ints, cost: Floats) -> float:
    """Least cost of paths ``first`` to ``last``; infinite where there is none."""
    best = np.inf
    for p in range(first, last):
        total = 0.0
        for s in range(path_ptr[p], path_ptr[p + 1]):
            total += cost[path_arc[s]]
        best = min(best, total)
    return best


@nb.njit(cache=True, nogil=True)
def cheaper_from(
    origin: int,
    graph: Graph,
    costs: Floats,
    targets: Ints,
    od_ptr: Longs,
    path_ptr: Longs,
    path_arc: Ints,
    tolerance: float,
    work: Work,
    zeros: Floats,
    pred: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Paths cheaper, in some view of ``costs`` (C, A) and by a ``tolerance``, than all that a target has.

    Paths of the d-th target stand at ``od_ptr[d]`` to ``od_ptr[d + 1]``. ``pred`` is (C, N) scratch.
    Returns new paths of each target (D,), arcs of each, and the arcs.
    """
    views = costs.shape[0]
    least = np.empty((views, targets.size))
    for v in range(views):
        shortest_tree(origin, graph, costs[v], zeros, work, pred[v])
        for d in range(targets.size):
            least[v, d] = work.low[targets[d]]
    counts = np.zeros(targets.size, np.int32)
    sizes = np.empty(targets.size * views, np.int32)
    arcs = np.empty(256, np.int32)
    chosen = np.empty(views, np.int32)
    paths, used = 0, 0
    for d in range(targets.size):
        count = 0
        for v in range(views):
            best = _best_of(od_ptr[d], od_ptr[d + 1], path_ptr, path_arc, costs[v])
            if best == np.inf or least[v, d] >= best * (1.0 - tolerance):
                continue
            known = False
            for u in range(count):
                known = known or _same(v, chosen[u], targets[d], graph, pred)
            if not known:
                chosen[count] = v
                count += 1
        counts[d] = count
        room = count * graph.through.size
        if used + room > arcs.size:
            arcs = _wider(arcs, used, 2 * (used + room))
        for u in range(count):
            end = used + graph.through.size
            begin = _write(chosen[u], targets[d], graph, pred, end, arcs)
            size = end - begin
            for s in range(size):
                arcs[used + s] = arcs[begin + s]
            sizes[paths] = size
            paths += 1
            used += size
    return counts, sizes[:paths], arcs[:used]
