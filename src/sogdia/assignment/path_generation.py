"""Column generation: paths that delays make the least-cost ones are added to a path set.

Between solutions of the restricted problem, over the paths known so far, least-cost paths at its costs are
added (Leventhal, Nemhauser & Trotter 1973; for path-based logit: Bekhor & Toledo 2005). A set is complete
at given costs if for no OD group and no cost vector c there is a path of lower cost, by a tolerance τ, than
all paths of the set: ``L ≥ (1 − τ) B``, L the least cost of any path and B that of the set's paths.

L of one search bounds that at other costs c' from below: all paths are sums of arcs, so

    ``L' ≥ L · min(1, min_a c'_a / c_a)``,

and B' is known from the paths. A tree is computed only if ``L' ≥ (1 − τ) B'`` does not follow already. The
paths found are therefore those of a full search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import path_generation as kernel
from sogdia.assignment.kernels.arrays import Floats, Longs, Work
from sogdia.assignment.kernels.path_generation import CostBounds
from sogdia.assignment.kernels.path_search import ROUNDING, CostVectors, ODGroups
from sogdia.assignment.network import Network
from sogdia.assignment.od_groups import class_cost_vectors, cost_vectors
from sogdia.assignment.path_sets import PathArcs, PathRules, PathSet, by_origin, concatenate_paths


@dataclass(frozen=True, eq=False)
class PathSearch:
    """The record of a search for paths, with which a later one saves trees.

    Attributes:
        od_groups: OD groups of the search.
        free_flow: Cost vectors without delays.
        cost: Costs at the search, (C, A).
        bounds: Bounds of least costs at these.
    """

    od_groups: ODGroups
    free_flow: CostVectors
    cost: Floats
    bounds: CostBounds

    def bounds_at(self, od_groups: ODGroups, free_flow: CostVectors, cost: Floats) -> CostBounds | None:
        """Return bounds at other costs; ``None`` for other OD groups or other free-flow costs."""
        same = all(np.array_equal(*pair) for pair in zip(od_groups, self.od_groups, strict=True))
        if not (
            same
            and np.array_equal(free_flow.ptr, self.free_flow.ptr)
            and np.array_equal(free_flow.cost, self.free_flow.cost)
        ):
            return None
        ratio = least_cost_ratio(self.cost, cost)[_vectors_of_groups(free_flow)][od_groups.class_group]
        lower = np.where(np.isinf(self.bounds.lower), np.inf, self.bounds.lower * ratio)
        return CostBounds(lower, self.bounds.nearest.copy())


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
    vectors = cost_vectors(free_flow.ptr, free_flow.cost + delay[network.graph.group])
    bounds = None if previous is None else previous.bounds_at(paths.od_groups, free_flow, vectors.cost)
    if bounds is None:
        shape = (paths.origin.size, vectors.max_count)
        bounds = CostBounds(np.zeros(shape), np.zeros(shape, np.int32))

    def search(first: int, last: int, work: Work) -> PathArcs:
        return kernel.missing_paths(
            first, last, network.graph, paths.od_groups, vectors, paths.table, rules.tolerance, bounds, work
        )

    counts, sizes, arcs = concatenate_paths(by_origin(network, paths.origin, workers, search))
    record = PathSearch(paths.od_groups, free_flow, vectors.cost, bounds)
    if sizes.size == 0:
        return paths, 0, record
    return paths.with_added_paths(counts, sizes, arcs, paths.length, workers), int(sizes.size), record
