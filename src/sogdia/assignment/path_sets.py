"""Sets of paths between which a logit chooses: all simple ones of a small network, or generated ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import local
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sogdia.assignment.kernels import path_search, path_tables, simple_paths
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs, Work, new_work
from sogdia.assignment.kernels.path_search import Markets
from sogdia.assignment.kernels.path_tables import Paths
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.od_groups import (
    checked_geometry,
    checked_length,
    checked_masks,
    geometry_groups,
    lengths_of,
    market_codes,
    markets_of,
    triples,
    views_of,
)
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.errors import InputError

MOST_ARCS = 2_000_000
"""Arcs in all simple paths beyond which a network is too large for the plain logit over all of them."""
STEPS_AN_ARC = 50
"""Steps of the search allowed for each of those."""
MARKETS_A_JOB, PATHS_A_JOB = 4096, 32768
Found = tuple[Ints, Ints, Ints]
"""Paths of each market, arcs of each path, and the arcs."""


class PathRules(BaseModel):
    """How paths are generated.

    Attributes:
        trees: Shortest-path trees of each origin and geometry group, besides those of labels.
        penalty: Part by which an arc's cost rises with each earlier tree that uses it.
        factor: A path stays where its cost at no flow is at most ``factor`` times the least of its
            origin and destination plus ``slack``, in at least one view of the costs.
        slack: See ``factor``; in the unit of cost.
        views: Most cost vectors by which the paths of one geometry group are sought and judged.
        rounds: Times that missing cheaper paths are looked for at the costs of the loaded network.
        tolerance: Part of a cost by which a missing path must be cheaper to be added.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trees: Annotated[int, Field(ge=1, le=200)] = 10
    penalty: Annotated[float, Field(ge=0, le=10)] = 0.2
    factor: Annotated[float, Field(ge=1)] = 1.5
    slack: Annotated[float, Field(ge=0)] = 0.0
    views: Annotated[int, Field(ge=1)] = 3
    rounds: Annotated[int, Field(ge=0)] = 20
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.01


@dataclass(frozen=True, eq=False)
class PathSet:
    """Paths of M markets: triples of origin, destination and geometry group.

    Classes of one geometry group choose from the same paths, each by its own costs. Markets are in
    order of origin, group and destination.

    Attributes:
        geometry: Geometry group of each class, (K,).
        origin: Origin of each market, (M,).
        group: Its geometry group, (M,).
        target: Its destination, (M,).
        od_ptr: Paths of market m are ``od_ptr[m]`` to ``od_ptr[m + 1]``, (M + 1,); a market may have none.
        path_ptr: Arcs of path p stand at ``path_arc[path_ptr[p]:path_ptr[p + 1]]``, (P + 1,).
        path_arc: Arcs of all paths.
        way_ptr: The same for the delayed groups of its arcs, (P + 1,).
        way_group: Delayed groups of all paths; a group stands as often as the path has arcs of it.
        delayed: Group that delays each arc, −1 where none does, (A,).
        ln_ps: Logarithm of each path's path size, at most 0, (P,).
        length: Lengths by which path sizes are measured, by geometry group, (S, A).
    """

    geometry: Ints
    origin: Ints
    group: Ints
    target: Ints
    od_ptr: Longs
    path_ptr: Longs
    path_arc: Ints
    way_ptr: Longs
    way_group: Ints
    delayed: Ints
    ln_ps: Floats
    length: Floats

    @property
    def size(self) -> int:
        """Number of paths."""
        return self.path_ptr.size - 1

    def market_of(self, network: Network, demand: Demand) -> Longs:
        """Market of each row of demand, (T,).

        Raises:
            InputError: If the paths were made for other demand.
        """
        nodes = len(network.nodes)
        mine = market_codes(self.markets, self.geometry, nodes)
        if len(demand.classes) != self.geometry.size:
            raise InputError(f"the paths are for {self.geometry.size} classes, not {len(demand.classes)}")
        wanted = market_codes(triples(network, demand, self.geometry), self.geometry, nodes)
        at = np.minimum(np.searchsorted(mine, wanted), max(mine.size - 1, 0))
        strange = np.flatnonzero(mine[at] != wanted) if mine.size else np.arange(wanted.size)
        if strange.size:
            row = demand.table.iloc[int(strange[0])]
            raise InputError(f"the path set has no market from {row['origin']} to {row['destination']}")
        return at.astype(np.int64)

    @property
    def markets(self) -> Markets:
        """Origin, geometry group and destination of each market."""
        return Markets(self.origin, self.group, self.target)

    @property
    def table(self) -> Paths:
        """Markets, paths and arcs as kernels read them."""
        return Paths(self.od_ptr, self.path_ptr, self.path_arc, self.ln_ps)

    def with_more(self, counts: Ints, sizes: Ints, arcs: Ints, length: Floats, workers: int) -> PathSet:
        """The set with some paths behind those that each market (M,) has, given by their sizes and arcs.

        Only for markets that get some are path sizes, by ``length`` (S, A), found anew, and delayed groups
        only along the new paths.
        """
        table = path_tables.merge(self.table, counts, sizes, arcs)
        _measure(table, self.group, length, np.flatnonzero(counts), workers)
        ptr, groups = _ways(_starts(sizes), arcs, self.delayed, workers)
        known = Paths(self.od_ptr, self.way_ptr, self.way_group, self.ln_ps)
        ways = path_tables.merge(known, counts, np.diff(ptr).astype(np.int32), groups)
        return replace(
            self, od_ptr=table.od_ptr, path_ptr=table.path_ptr, path_arc=table.path_arc, ln_ps=table.ln_ps,
            way_ptr=ways.path_ptr, way_group=ways.path_arc, length=length,
        )  # fmt: skip


def all_simple_paths(network: Network, demand: Demand, *, most_arcs: int = MOST_ARCS) -> PathSet:
    """Every path that visits no node twice, for each origin and destination of the demand.

    Parallel arcs make distinct paths.

    Raises:
        InputError: If all paths together have more than ``most_arcs`` arcs, or the search for them takes
            more than 50 steps for each of those.
    """
    graph = network.graph
    geometry = geometry_groups(network, demand)
    base = base_costs(network, demand)
    markets = markets_of(network, demand, geometry)
    leads, queue = np.empty(len(network.nodes), np.bool_), np.empty(len(network.nodes), np.int32)
    found: list[Found] = []
    arcs_left, steps_left = most_arcs, STEPS_AN_ARC * most_arcs
    for i, s, j in zip(*(part.tolist() for part in markets), strict=True):
        barred = ~np.isfinite(base[int(np.flatnonzero(geometry == s)[0])])
        simple_paths.leads_to(j, graph, leads, queue)
        empty = np.empty(0, np.int32)
        many, arcs, steps = simple_paths.all_simple(
            i, j, graph, barred, leads, arcs_left, steps_left, empty, empty
        )
        arcs_left, steps_left = arcs_left - arcs, steps_left - steps
        if arcs_left < 0 or steps_left < 0:
            raise InputError(
                f"the simple paths of this network have more than {most_arcs:,} arcs in all; "
                "choose algorithm 'sue', which generates a set of paths"
            )
        sizes, trail = np.empty(many, np.int32), np.empty(arcs, np.int32)
        simple_paths.all_simple(i, j, graph, barred, leads, arcs, steps, sizes, trail)
        found.append((np.array([many], np.int32), sizes, trail))
    return _path_set(network, geometry, markets, joined(found), lengths_of(base, geometry), 1)


def generate_paths(
    network: Network,
    demand: Demand,
    *,
    most: int = 12,
    rules: PathRules | None = None,
    geometry: Ints | None = None,
    avoid: Mapping[str, Bools] | None = None,
    length: Floats | None = None,
    workers: int = 2,
) -> PathSet:
    """Paths for each origin, destination and geometry group, from shortest-path trees at no flow.

    All destinations of an origin share its trees: one by each view of the costs, one without the arcs
    of each mask in ``avoid`` (labelling: Ben-Akiva, Bergman, Daly & Ramaswamy 1984), the others with a
    penalty on arcs that earlier trees used (de la Barra, Pérez & Anez 1993). Views are the cost vectors
    of the group's classes or, where more than ``rules.views`` differ, some of them spread evenly by
    their sum. Trees have no loops, so the paths have none.

    Args:
        network: The network.
        demand: The demand; its rows are looked at for which markets there are.
        most: Most paths of a market. Those of penalised trees give way first, the dearest first.
        rules: See there.
        geometry: Geometry group of each class, (K,), counted from 0; the same arcs must be open to all
            classes of a group. Those with the same open arcs form one where not given.
        avoid: Masks of arcs (A,), True where a path must not go, by any name.
        length: Lengths (A,) by which path sizes are measured; cost at no flow where not given.
        workers: Threads; the paths are the same for any number.

    Raises:
        InputError: If ``geometry``, ``avoid`` or ``length`` are not of the right shape, or classes of
            one group differ in the arcs open to them.
    """
    by = rules or PathRules()
    groups = checked_geometry(network, demand, geometry)
    masks = checked_masks(network, avoid)
    base = base_costs(network, demand)
    views = views_of(base, groups, by.views)
    markets = markets_of(network, demand, groups)

    def search(first: int, last: int, work: Work) -> Found:
        return path_search.paths_from(
            first, last, network.graph, markets, views, masks, by.trees, by.penalty, most, by.factor,
            by.slack, work,
        )  # fmt: skip

    found = by_origin(network, markets.origin, workers, search)
    if length is None:
        lengths = lengths_of(base, groups)
    else:
        lengths = checked_length(network, length, views.ptr.size - 1)
    return _path_set(network, groups, markets, joined(found), lengths, workers)


def for_network(network: Network, paths: PathSet, workers: int = 2) -> PathSet:
    """Paths of an earlier case with the delayed groups of this one, which has the same nodes and arcs.

    Where all that is delayed was so before, group by group, these need only be called otherwise.

    Raises:
        InputError: If the network has another number of arcs.
    """
    if paths.length.shape[1] != network.size:
        raise InputError(f"the paths are for {paths.length.shape[1]} arcs, not {network.size}")
    delayed = _delayed(network)
    if np.array_equal(delayed, paths.delayed):
        return paths
    known = paths.delayed >= 0
    renamed = np.full(paths.delayed.max(initial=-1) + 1, -1, np.int32)
    renamed[paths.delayed[known]] = delayed[known]
    if np.array_equal(delayed, np.where(known, np.append(renamed, -1)[paths.delayed], -1)):
        ptr, groups = _ways(paths.way_ptr, paths.way_group, renamed, workers)
    else:
        ptr, groups = _ways(paths.path_ptr, paths.path_arc, delayed, workers)
    return replace(paths, way_ptr=ptr, way_group=groups, delayed=delayed)


def _delayed(network: Network) -> Ints:
    """Group that delays each arc, −1 where none does, (A,)."""
    group = network.graph.group
    return np.where((network.delays.kind != 0)[group], group, -1).astype(np.int32)


def _path_set(
    network: Network, geometry: Ints, markets: Markets, found: Found, length: Floats, workers: int
) -> PathSet:
    counts, sizes, arcs = found
    table = Paths(_starts(counts), _starts(sizes), arcs, np.empty(sizes.size))
    _measure(table, markets.group, length, np.arange(counts.size), workers)
    delayed = _delayed(network)
    ways = _ways(table.path_ptr, arcs, delayed, workers)
    return PathSet(geometry, *markets, *table[:3], *ways, delayed, table.ln_ps, length)


def _measure(table: Paths, group: Ints, length: Floats, markets: Longs, workers: int) -> None:
    """Find the path sizes of some markets."""
    cuts = range(0, markets.size, MARKETS_A_JOB)

    def some(n: int) -> None:
        path_tables.path_sizes(table, group, length, markets[cuts[n] : cuts[n] + MARKETS_A_JOB])

    with ThreadPool(workers) as team:
        team.each(some, len(cuts))


def _ways(path_ptr: Longs, path_arc: Ints, delayed: Ints, workers: int) -> tuple[Longs, Ints]:
    """Delayed groups along paths: where those of each path start, (P + 1,), and the groups."""
    many = path_ptr.size - 1
    counts = np.empty(many, np.int64)
    cuts = [(first, min(first + PATHS_A_JOB, many)) for first in range(0, many, PATHS_A_JOB)]
    with ThreadPool(workers) as team:
        team.each(
            lambda n: path_tables.count_delayed(path_ptr, path_arc, delayed, *cuts[n], counts), len(cuts)
        )
        ptr = _starts(counts)
        ways = np.empty(ptr[-1], np.int32)
        team.each(
            lambda n: path_tables.keep_delayed(path_ptr, path_arc, delayed, *cuts[n], ptr, ways), len(cuts)
        )
    return ptr, ways


def by_origin(
    network: Network, origin: Ints, workers: int, search: Callable[[int, int, Work], Found]
) -> list[Found]:
    """What a search finds for the markets of each origin, in their order."""
    edges = np.flatnonzero(np.diff(origin)) + 1
    runs = list(pairwise([0, *edges.tolist(), origin.size])) if origin.size else []
    own = local()

    def one(n: int) -> Found:
        if not hasattr(own, "work"):
            own.work = new_work(len(network.nodes), network.size)
        return search(*runs[n], own.work)

    with ThreadPool(workers) as team:
        return team.each(one, len(runs))


def joined(found: Sequence[Found]) -> Found:
    """What was found for one run of markets after another, as one."""
    if not found:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32)
    counts, sizes, arcs = (np.concatenate(part) for part in zip(*found, strict=True))
    return counts, sizes, arcs


def _starts(sizes: Ints | Longs) -> Longs:
    out = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out
