"""Column generation: paths that delays make the least-cost ones are added to a path set.

Between solutions of the restricted problem, over the paths known so far, least-cost paths at its costs are
added (Leventhal, Nemhauser & Trotter 1973; for path-based logit: Bekhor & Toledo 2005). A set is complete
at given costs if for no OD group and no cost vector c there is a path of lower cost, by a tolerance τ, than
all paths of the set: ``L ≥ (1 − τ) B``, L the least cost of any path and B that of the set's paths.

L of one search bounds that at other costs c' from below: all paths are sums of arcs, so

    ``L' ≥ L · min(1, min_a c'_a / c_a)``,  ``L' ≥ L − Σ_i max_a (c_a − c'_a)⁺``,  ``L' ≥ L₀``

with a the arcs out of node i, or those into it, since a path passes a node once, and L₀ the least cost
without delays, less its largest fall where free-flow costs change as well. B' is known from the paths. A tree
is computed only if ``L' ≥ (1 − τ) B'`` does not follow already. The paths found are therefore those of a full
search. Path generation has computed L₀, so that the first search saves trees as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import path_generation as kernel
from sogdia.assignment.kernels.arrays import Floats, Longs, Work
from sogdia.assignment.kernels.path_search import ROUNDING, CostBounds, CostVectors, ODGroups
from sogdia.assignment.network import Network
from sogdia.assignment.od_groups import class_cost_vectors, cost_vectors
from sogdia.assignment.path_arcs import PathArcs, by_origin, concatenate_paths
from sogdia.assignment.path_sets import PathRules, PathSet, no_bounds


@dataclass(frozen=True, eq=False)
class PathSearch:
    """The record of a search for paths, with which a later one saves trees.

    Attributes:
        od_groups: OD groups of the search.
        free_flow: Cost vectors without delays.
        cost: Costs at the search, (C, A).
        delay: Delay of each arc at the search, (A,).
        bounds: Bounds of least costs at these.
        floor: Lower bounds at any delays, (M, v).
    """

    od_groups: ODGroups
    free_flow: CostVectors
    cost: Floats
    delay: Floats
    bounds: CostBounds
    floor: Floats

    def bounds_at(
        self, network: Network, od_groups: ODGroups, free_flow: CostVectors, cost: Floats, delay: Floats
    ) -> tuple[CostBounds, Floats] | None:
        """Return bounds and floor at other costs; ``None`` for other OD groups, or if an arc opens.

        Args:
            network: The network.
            od_groups: OD groups of the new search.
            free_flow: Its cost vectors without delays.
            cost: Its costs, (C, A).
            delay: Its delays of arcs, (A,).
        """
        before, now = self.free_flow.cost, free_flow.cost
        same = all(np.array_equal(*pair) for pair in zip(od_groups, self.od_groups, strict=True))
        if not (same and np.array_equal(free_flow.ptr, self.free_flow.ptr)):
            return None
        if (np.isinf(before) & np.isfinite(now)).any():
            return None
        at = _vectors_of_groups(free_flow)[od_groups.class_group]
        fall, floor = largest_fall(network, self.delay - delay), self.floor
        changed = np.flatnonzero((before != now).any(axis=0))
        if changed.size:
            open_before = np.isfinite(before[:, changed])
            falls = np.subtract(
                before[:, changed], now[:, changed], out=np.zeros(open_before.shape), where=open_before
            )
            price_fall = largest_fall(network, falls, changed)[at]
            fall, floor = fall + price_fall, np.maximum(floor * (1.0 - ROUNDING) - price_fall, 0.0)
        # Where all paths are closed, they stay so.
        is_closed = np.isinf(self.bounds.lower)
        known, ratio = np.where(is_closed, 0.0, self.bounds.lower), least_cost_ratio(self.cost, cost)[at]
        lower = np.maximum(known * ratio, np.maximum(known * (1.0 - ROUNDING) - fall, floor))
        return CostBounds(np.where(is_closed, np.inf, lower), self.bounds.nearest.copy()), floor


def least_cost_ratio(before: Floats, after: Floats) -> Floats:
    """Return a lower bound of the ratio of any path's cost after to its cost before, by cost vector, (C,).

    ``min(1, min_a after_a / before_a)``, less a margin for rounding errors of sums.

    Args:
        before: Costs before, (C, A).
        after: Costs after, (C, A).
    """
    comparable = np.isfinite(before) & (before > 0.0)
    ratio = np.divide(after, before, out=np.ones_like(after), where=comparable)
    return np.asarray(np.minimum(ratio.min(axis=1, initial=1.0), 1.0) * (1.0 - ROUNDING))


def largest_fall(network: Network, fall: Floats, arcs: Longs | None = None) -> Floats:
    """Return an upper bound of the fall of any path's cost.

    A path passes each node at most once.

    Args:
        network: The network.
        fall: Fall of the cost of each arc, (A,), or by cost vector, (C, A).
        arcs: The arcs, A of them, if the cost of others does not fall.

    Returns:
        The bound, (), or by cost vector, (C,).
    """
    ends = []
    for node in (network.graph.tail, network.graph.head):
        at = node if arcs is None else node[arcs]
        order = np.argsort(at, kind="stable")
        first = np.flatnonzero(np.diff(at[order], prepend=-1))
        largest = np.maximum.reduceat(fall[..., order], first, axis=-1)
        ends.append(np.maximum(largest, 0.0).sum(axis=-1))
    return np.asarray(np.minimum(*ends) * (1.0 + ROUNDING))


def generated_search(
    network: Network, paths: PathSet, vectors: CostVectors, bounds: CostBounds
) -> PathSearch:
    """Return the record of path generation as of a search without delays."""
    floor = bounds.lower * (1.0 - ROUNDING)
    return PathSearch(paths.od_groups, vectors, vectors.cost, np.zeros(network.size), bounds, floor)


def _vectors_of_groups(vectors: CostVectors) -> Longs:
    """Numbers of each class group's cost vectors, the last one repeated for groups with fewer, (S, v)."""
    each = vectors.ptr[:-1, None] + np.arange(vectors.max_count)
    return np.asarray(np.minimum(each, vectors.ptr[1:, None] - 1))


def add_least_cost_paths(
    network: Network,
    demand: Demand,
    paths: PathSet,
    delay: Floats,
    rules: PathRules,
    workers: int = 2,
    previous: PathSearch | None = None,
) -> tuple[PathSet, int, PathSearch]:
    """Add paths of lower cost at given delays than all paths that their OD group has.

    An OD group may thereby come to have more paths than are generated at most.

    Args:
        network: The network.
        demand: The demand.
        paths: The path set.
        delay: Delay of each capacity group, (G,).
        rules: ``cost_vectors`` and ``tolerance`` are used.
        workers: Threads; the paths are the same for any number.
        previous: An earlier search; since then paths may have been added to the set, but none removed. The
            paths found do not depend on it.

    Returns:
        The set, the same object if no path is missing; the number of paths added; the record of the search.
    """
    free_flow = class_cost_vectors(free_flow_costs(network, demand), paths.group_of_class, rules.cost_vectors)
    on_arcs = delay[network.graph.group]
    vectors = cost_vectors(free_flow.ptr, free_flow.cost + on_arcs)
    found_before = None
    if previous is not None:
        found_before = previous.bounds_at(network, paths.od_groups, free_flow, vectors.cost, on_arcs)
    if found_before is None:
        bounds = no_bounds(paths.origin.size, vectors.max_count)
        floor = bounds.lower.copy()
    else:
        bounds, floor = found_before

    def search(first: int, last: int, work: Work) -> PathArcs:
        found: PathArcs = kernel.missing_paths(
            first, last, network.graph, paths.od_groups, vectors, paths.table, rules.tolerance, bounds, work
        )
        return found

    counts, sizes, arcs = concatenate_paths(by_origin(network, paths.origin, workers, search), network.size)
    record = PathSearch(paths.od_groups, free_flow, vectors.cost, on_arcs, bounds, floor)
    if sizes.size == 0:
        return paths, 0, record
    return paths.with_added_paths(counts, sizes, arcs, paths.length, workers), int(sizes.size), record
