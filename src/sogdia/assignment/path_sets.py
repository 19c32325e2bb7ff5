"""Path sets from which a logit chooses: all simple paths of a small network, or generated paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sogdia.assignment.bundling import Bundles, make_bundles
from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import path_search, path_tables, simple_paths
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs, Numbers, Work
from sogdia.assignment.kernels.path_search import CostBounds, CostVectors, ODGroups
from sogdia.assignment.kernels.path_tables import Paths
from sogdia.assignment.network import Network
from sogdia.assignment.od_groups import (
    checked_class_groups,
    checked_length,
    checked_masks,
    class_cost_vectors,
    class_groups_by_open_arcs,
    mean_free_flow_costs,
    od_group_codes,
    od_groups_of,
    od_groups_of_rows,
)
from sogdia.assignment.path_arcs import PathArcs, by_origin, concatenate_paths
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.errors import InputError
from sogdia.numerics.csr import row_starts

MAX_ARCS = 2_000_000
"""Arcs in all simple paths above which a network is too large for the logit over all of them."""
STEPS_PER_ARC = 50
"""Steps of the search allowed for each of these."""
OD_GROUPS_PER_JOB, PATHS_PER_JOB = 4096, 32768


class PathRules(BaseModel):
    """Rules of path generation.

    Attributes:
        trees: Least-cost trees of each origin and class group, without those that avoid masks.
        penalty: Part by which the cost of an arc rises with each earlier tree that uses it.
        factor: A path is retained if its free-flow cost, by at least one cost vector, is at most ``factor``
            times the least cost of its OD group plus ``slack``.
        slack: See ``factor``; in the unit of cost.
        cost_vectors: Largest number of cost vectors by which the paths of a class group are generated.
        rounds: Rounds of path generation at the costs of the loaded network (column generation).
        tolerance: Part by which a missing path must cost less than all paths of its OD group to be added.
        until_complete: Search until no path is missing; once, if false.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trees: Annotated[int, Field(ge=1, le=200)] = 10
    penalty: Annotated[float, Field(ge=0, le=10)] = 0.2
    factor: Annotated[float, Field(ge=1)] = 1.5
    slack: Annotated[float, Field(ge=0)] = 0.0
    cost_vectors: Annotated[int, Field(ge=1)] = 3
    rounds: Annotated[int, Field(ge=0)] = 20
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.01
    until_complete: bool = True


@dataclass(frozen=True, eq=False)
class PathSet:
    """Paths of M OD groups, ordered by origin, class group and destination.

    Attributes:
        group_of_class: Class group of each user class, (K,).
        origin: Origin of each OD group, (M,).
        class_group: Its class group, (M,).
        destination: Its destination, (M,).
        od_ptr: Paths of OD group m are ``od_ptr[m]`` to ``od_ptr[m + 1]``, (M + 1,); there may be none.
        path_ptr: Arcs of path p are ``path_arc[path_ptr[p]:path_ptr[p + 1]]``, (P + 1,).
        path_arc: Arcs of all paths.
        group_ptr: The same for the delayed capacity groups of its arcs, (P + 1,).
        path_group: Delayed capacity groups of all paths, once for each arc of the path in the group.
        delayed_group: Capacity group of each arc if it has a delay, else −1, (A,).
        log_path_size: Logarithm of the path size of each path, at most 0, (P,).
        length: Lengths by which path sizes are measured, by class group, (S, A).
    """

    group_of_class: Ints
    origin: Ints
    class_group: Ints
    destination: Ints
    od_ptr: Longs
    path_ptr: Longs
    path_arc: Numbers
    group_ptr: Longs
    path_group: Numbers
    delayed_group: Ints
    log_path_size: Floats
    length: Floats

    @property
    def size(self) -> int:
        """Number of paths."""
        return self.path_ptr.size - 1

    @cached_property
    def bundles(self) -> Bundles:
        """Bundles of paths with the same delayed groups: the loadings of many demands use the same."""
        return make_bundles(self.od_ptr, self.group_ptr, self.path_group)

    def passes(self, arcs: Bools) -> Bools:
        """Return a mask of the OD groups with a path that passes any of some arcs (A,), (M,)."""
        marks = path_tables.marks_of_paths(self.path_ptr, self.path_arc, arcs.astype(np.uint64))
        before = row_starts((marks != 0).astype(np.int64))[self.od_ptr]
        return np.asarray(before[1:] > before[:-1])

    def od_group_of_rows(self, network: Network, demand: Demand) -> Longs:
        """Return the number of the OD group of each row of demand, (T,).

        Raises:
            InputError: If the demand has other classes, or an OD group that the path set lacks.
        """
        nodes, groups = len(network.nodes), self.group_of_class
        known = od_group_codes(self.od_groups, groups, nodes)
        if len(demand.classes) != groups.size:
            raise InputError(f"the path set is for {groups.size} classes, not {len(demand.classes)}")
        codes = od_group_codes(od_groups_of_rows(network, demand, groups), groups, nodes)
        at = np.minimum(np.searchsorted(known, codes), max(known.size - 1, 0))
        missing = np.flatnonzero(known[at] != codes) if known.size else np.arange(codes.size)
        if missing.size:
            row = demand.subset(missing[:1]).table.iloc[0]
            raise InputError(f"the path set has no OD group from {row['origin']} to {row['destination']}")
        return at.astype(np.int64)

    @property
    def od_groups(self) -> ODGroups:
        """Origin, class group and destination of each OD group."""
        return ODGroups(self.origin, self.class_group, self.destination)

    @property
    def table(self) -> Paths:
        """The paths as the kernels read them."""
        return Paths(self.od_ptr, self.path_ptr, self.path_arc, self.log_path_size)

    def with_added_paths(
        self, counts: Ints, sizes: Ints, arcs: Numbers, length: Floats, workers: int
    ) -> PathSet:
        """Return the set with paths appended to those of each OD group.

        Path sizes are computed again only for OD groups that get paths, delayed groups only for the new
        paths.

        Args:
            counts: Number of new paths of each OD group, (M,).
            sizes: Number of arcs of each new path.
            arcs: Arcs of the new paths.
            length: Lengths by which path sizes are measured, (S, A).
            workers: Threads.
        """
        table = path_tables.merge_paths(self.table, counts, sizes, arcs)
        _compute_path_sizes(table, self.class_group, length, np.flatnonzero(counts), workers)
        ptr, groups = _delayed_groups(row_starts(sizes), arcs, self.delayed_group, workers)
        known = Paths(self.od_ptr, self.group_ptr, self.path_group, self.log_path_size)
        merged = path_tables.merge_paths(known, counts, np.diff(ptr).astype(np.int32), groups)
        return replace(
            self, od_ptr=table.od_ptr, path_ptr=table.path_ptr, path_arc=table.path_arc,
            log_path_size=table.log_path_size, group_ptr=merged.path_ptr, path_group=merged.path_arc,
            length=length,
        )  # fmt: skip


def all_simple_paths(network: Network, demand: Demand, *, max_arcs: int = MAX_ARCS) -> PathSet:
    """List every path that visits no node twice, for each OD group of the demand.

    Parallel arcs make distinct paths.

    Args:
        network: The network.
        demand: The demand.
        max_arcs: Largest number of arcs in all paths together.

    Raises:
        InputError: If there are more arcs, or the search takes more than 50 steps for each of these.
    """
    graph = network.graph
    group_of_class = class_groups_by_open_arcs(network, demand)
    costs = free_flow_costs(network, demand)
    od_groups = od_groups_of(network, demand, group_of_class)
    leads, queue = np.empty(len(network.nodes), np.bool_), np.empty(len(network.nodes), np.int32)
    path_arcs: list[PathArcs] = []
    arcs_left, steps_left = max_arcs, STEPS_PER_ARC * max_arcs
    for i, s, j in zip(*(part.tolist() for part in od_groups), strict=True):
        closed = ~np.isfinite(costs[int(np.flatnonzero(group_of_class == s)[0])])
        simple_paths.leads_to(j, graph, leads, queue)
        empty = np.empty(0, np.int32)
        count, arcs, steps = simple_paths.all_simple(
            i, j, graph, closed, leads, arcs_left, steps_left, empty, empty
        )
        arcs_left, steps_left = arcs_left - arcs, steps_left - steps
        if arcs_left < 0 or steps_left < 0:
            raise InputError(
                f"the simple paths of this network have more than {max_arcs:,} arcs in all; "
                "choose algorithm 'sue', which generates a path set"
            )
        sizes, trail = np.empty(count, np.int32), np.empty(arcs, np.int32)
        simple_paths.all_simple(i, j, graph, closed, leads, arcs, steps, sizes, trail)
        path_arcs.append((np.array([count], np.int32), sizes, trail))
    length = mean_free_flow_costs(costs, group_of_class)
    return _path_set(
        network, group_of_class, od_groups, concatenate_paths(path_arcs, network.size), length, 1
    )


def generate_paths(
    network: Network,
    demand: Demand,
    *,
    max_paths: int = 12,
    rules: PathRules | None = None,
    group_of_class: Ints | None = None,
    avoid: Mapping[str, Bools] | None = None,
    length: Floats | None = None,
    workers: int = 2,
) -> PathSet:
    """Generate paths for each OD group from least-cost trees at free-flow costs.

    All destinations of an origin share its trees: one by each cost vector, one without the arcs of each
    mask in ``avoid`` (labelling: Ben-Akiva, Bergman, Daly & Ramaswamy 1984), the others with a penalty on
    arcs that earlier trees use (link penalty: de la Barra, Pérez & Anez 1993). Cost vectors are the
    free-flow costs of the group's classes or, if more than ``rules.cost_vectors`` differ, a selection
    evenly spaced in the order of their sums. Trees have no cycles, so paths have none.

    Args:
        network: The network.
        demand: The demand; only its OD groups matter.
        max_paths: Largest number of paths of an OD group. Paths of penalised trees are dropped first, those
            of highest cost first.
        rules: Rules of path generation.
        group_of_class: Class group of each class, (K,), numbered from 0; the same arcs must be open to all
            classes of a group. Classes with the same open arcs form one by default.
        avoid: Masks of arcs (A,), True where a path must not go, by any name.
        length: Lengths (A,) by which path sizes are measured; free-flow cost by default.
        workers: Threads; the paths are the same for any number.

    Raises:
        InputError: If ``group_of_class``, ``avoid`` or ``length`` has the wrong shape, or classes of one
            group differ in the arcs open to them.
    """
    return generate_bounded_paths(
        network, demand, max_paths=max_paths, rules=rules, group_of_class=group_of_class, avoid=avoid,
        length=length, workers=workers,
    )[0]  # fmt: skip


def generate_bounded_paths(
    network: Network,
    demand: Demand,
    *,
    max_paths: int,
    rules: PathRules | None,
    group_of_class: Ints | None,
    avoid: Mapping[str, Bools] | None,
    length: Floats | None,
    workers: int,
) -> tuple[PathSet, CostVectors, CostBounds]:
    """Generate paths as :func:`generate_paths` does, with the bounds of least costs that its trees give.

    Returns:
        The paths, the cost vectors of their generation, and the bounds at these costs.
    """
    by = rules or PathRules()
    groups = checked_class_groups(network, demand, group_of_class)
    masks = checked_masks(network, avoid)
    costs = free_flow_costs(network, demand)
    vectors = class_cost_vectors(costs, groups, by.cost_vectors)
    od_groups = od_groups_of(network, demand, groups)
    bounds = no_bounds(od_groups.origin.size, vectors.max_count)

    def search(first: int, last: int, work: Work) -> PathArcs:
        found: PathArcs = path_search.paths_from(
            first, last, network.graph, od_groups, vectors, masks, by.trees, by.penalty, max_paths, by.factor,
            by.slack, bounds, work,
        )  # fmt: skip
        return found

    path_arcs = by_origin(network, od_groups.origin, workers, search)
    if length is None:
        lengths = mean_free_flow_costs(costs, groups)
    else:
        lengths = checked_length(network, length, vectors.ptr.size - 1)
    paths = _path_set(
        network, groups, od_groups, concatenate_paths(path_arcs, network.size), lengths, workers
    )
    return paths, vectors, bounds


def no_bounds(od_groups: int, vectors: int) -> CostBounds:
    """Return the bounds of least costs that hold at any costs, since these are not negative."""
    shape = (od_groups, vectors)
    return CostBounds(np.zeros(shape), np.zeros(shape, np.int32))


def adapt_paths(network: Network, paths: PathSet, workers: int = 2) -> PathSet:
    """Return the paths of another case with the delayed groups of this one.

    Both have the same nodes and arcs. If the same arcs are delayed as before and in the same groups, the
    groups are only renumbered.

    Raises:
        InputError: If the network has another number of arcs.
    """
    if paths.length.shape[1] != network.size:
        raise InputError(f"the path set is for {paths.length.shape[1]} arcs, not {network.size}")
    delayed = _delayed_group(network)
    if np.array_equal(delayed, paths.delayed_group):
        return paths
    known = paths.delayed_group >= 0
    number = np.full(paths.delayed_group.max(initial=-1) + 1, -1, np.int32)
    number[paths.delayed_group[known]] = delayed[known]
    if np.array_equal(delayed, np.where(known, np.append(number, -1)[paths.delayed_group], -1)):
        ptr, groups = _delayed_groups(paths.group_ptr, paths.path_group, number, workers)
    else:
        ptr, groups = _delayed_groups(paths.path_ptr, paths.path_arc, delayed, workers)
    return replace(paths, group_ptr=ptr, path_group=groups, delayed_group=delayed)


def _delayed_group(network: Network) -> Ints:
    """Capacity group of each arc that has a delay, −1 for the others, (A,)."""
    group = network.graph.group
    return np.where((network.delays.kind != 0)[group], group, -1).astype(np.int32)


def _path_set(
    network: Network,
    group_of_class: Ints,
    od_groups: ODGroups,
    path_arcs: PathArcs,
    length: Floats,
    workers: int,
) -> PathSet:
    counts, sizes, arcs = path_arcs
    table = Paths(row_starts(counts), row_starts(sizes), arcs, np.empty(sizes.size))
    _compute_path_sizes(table, od_groups.class_group, length, np.arange(counts.size), workers)
    delayed = _delayed_group(network)
    groups = _delayed_groups(table.path_ptr, arcs, delayed, workers)
    return PathSet(group_of_class, *od_groups, *table[:3], *groups, delayed, table.log_path_size, length)


def _compute_path_sizes(
    table: Paths, class_group: Ints, length: Floats, od_groups: Longs, workers: int
) -> None:
    """Compute the path sizes of some OD groups, given by number."""
    cuts = range(0, od_groups.size, OD_GROUPS_PER_JOB)

    def job(n: int) -> None:
        numbers = od_groups[cuts[n] : cuts[n] + OD_GROUPS_PER_JOB]
        path_tables.path_sizes(table, class_group, length, numbers)

    with ThreadPool(workers) as pool:
        pool.map(job, len(cuts))


def _delayed_groups(path_ptr: Longs, path_arc: Numbers, delayed: Ints, workers: int) -> tuple[Longs, Numbers]:
    """List the delayed groups along paths: start of each path's groups, (P + 1,), and the groups."""
    count = path_ptr.size - 1
    counts = np.empty(count, np.int64)
    cuts = [(first, min(first + PATHS_PER_JOB, count)) for first in range(0, count, PATHS_PER_JOB)]
    with ThreadPool(workers) as pool:
        pool.map(
            lambda n: path_tables.count_delayed(path_ptr, path_arc, delayed, *cuts[n], counts), len(cuts)
        )
        ptr = row_starts(counts)
        groups = np.empty(ptr[-1], path_arc.dtype)
        pool.map(
            lambda n: path_tables.list_delayed(path_ptr, path_arc, delayed, *cuts[n], ptr, groups), len(cuts)
        )
    return ptr, groups
