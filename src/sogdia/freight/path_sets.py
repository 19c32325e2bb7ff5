"""Sets of paths between which a logit chooses: all simple ones of a small network, or generated ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from sogdia.errors import InputError
from sogdia.freight.equilibrium import base_costs
from sogdia.freight.kernels import logit, simple_paths
from sogdia.freight.kernels.arrays import Bools, Floats, Ints, Longs, Work, new_work
from sogdia.freight.model import Demand, Network

MOST_ARCS = 2_000_000
"""Arcs in all simple paths beyond which a network is too large for the plain logit over all of them."""
STEPS_AN_ARC = 50
"""Steps of the search allowed for each of those."""
Job = Callable[[Work, int], tuple[Ints, Ints, Ints]]


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
        nodes, groups = len(network.nodes), int(self.geometry.max(initial=0)) + 1
        mine = _codes(self.origin, self.group, self.target, groups, nodes)
        if len(demand.classes) != self.geometry.size:
            raise InputError(f"the paths are for {self.geometry.size} classes, not {len(demand.classes)}")
        wanted = _codes(*_triples(network, demand, self.geometry), groups, nodes)
        at = np.minimum(np.searchsorted(mine, wanted), max(mine.size - 1, 0))
        strange = np.flatnonzero(mine[at] != wanted) if mine.size else np.arange(wanted.size)
        if strange.size:
            row = demand.table.iloc[int(strange[0])]
            raise InputError(f"the path set has no market from {row['origin']} to {row['destination']}")
        return at.astype(np.int64)


def geometry_groups(network: Network, demand: Demand) -> Ints:
    """Classes grouped by the arcs they may use (those of finite cost), (K,)."""
    open_to = np.isfinite(base_costs(network, demand))
    _, group = np.unique(open_to, axis=0, return_inverse=True)
    first = pd.factorize(group.reshape(-1))[0]
    return np.ascontiguousarray(first, dtype=np.int32)


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
    origin, group, target = _markets(network, demand, geometry)
    leads, queue = np.empty(len(network.nodes), np.bool_), np.empty(len(network.nodes), np.int32)
    found: list[tuple[Ints, Ints, Ints]] = []
    arcs_left, steps_left = most_arcs, STEPS_AN_ARC * most_arcs
    for i, s, j in zip(origin.tolist(), group.tolist(), target.tolist(), strict=True):
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
    length = _lengths(base, geometry, int(geometry.max(initial=0)) + 1)
    return _path_set(network, geometry, (origin, group, target), _joined(found), length)


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
    chosen = rules or PathRules()
    groups = _checked_geometry(network, demand, geometry)
    masks = _checked_masks(network, avoid)
    base = base_costs(network, demand)
    views = _views(base, groups, chosen.views)
    keys = _markets(network, demand, groups)
    starts = _jobs(keys[0], keys[1])
    zeros = np.zeros(network.delays.kind.size)

    def job(work: Work, b: int) -> tuple[Ints, Ints, Ints]:
        first, last = starts[b], starts[b + 1]
        costs = views[int(keys[1][first])]
        view, label = _schedule(len(costs), len(masks), chosen.trees)
        pred = np.empty((view.size, len(network.nodes)), np.int32)
        return simple_paths.paths_from(
            int(keys[0][first]), network.graph, costs, view, label, masks, chosen.penalty,
            keys[2][first:last], most, chosen.factor, chosen.slack, work, zeros, pred,
        )  # fmt: skip

    found = _run(network, starts.size - 1, workers, job)
    lengths = (
        _lengths(base, groups, len(views)) if length is None else _checked_length(network, length, len(views))
    )
    return _path_set(network, groups, keys, _joined(found), lengths)


def with_cheaper(
    network: Network, demand: Demand, paths: PathSet, delay: Floats, rules: PathRules, workers: int = 2
) -> tuple[PathSet, int]:
    """The set with the paths that are cheaper at the given delays (G,) than all a market has.

    Returns:
        The set, the same where nothing is missing, and how many paths it gained. A market may come to
        have more paths than were generated.
    """
    base = base_costs(network, demand) + delay[network.graph.group]
    views = _views(base, paths.geometry, rules.views)
    starts = _jobs(paths.origin, paths.group)
    zeros = np.zeros(delay.size)

    def job(work: Work, b: int) -> tuple[Ints, Ints, Ints]:
        first, last = starts[b], starts[b + 1]
        costs = views[int(paths.group[first])]
        pred = np.empty((len(costs), len(network.nodes)), np.int32)
        return simple_paths.cheaper_from(
            int(paths.origin[first]), network.graph, costs, paths.target[first:last],
            paths.od_ptr[first : last + 1], paths.path_ptr, paths.path_arc, rules.tolerance,
            work, zeros, pred,
        )  # fmt: skip

    counts, sizes, arcs = _joined(_run(network, starts.size - 1, workers, job))
    if sizes.size == 0:
        return paths, 0
    market = np.repeat(np.arange(paths.origin.size), np.diff(paths.od_ptr))
    added = np.repeat(np.arange(paths.origin.size), counts)
    order = np.argsort(np.r_[market, added], kind="stable")
    ptr = _starts(np.r_[np.diff(paths.path_ptr), sizes])
    all_sizes = np.diff(ptr)[order].astype(np.int32)
    new_ptr, new_arc = _starts(all_sizes), np.empty(ptr[-1], np.int32)
    logit.take_paths(order, ptr, np.r_[paths.path_arc, arcs], new_ptr, new_arc)
    both = (np.diff(paths.od_ptr) + counts).astype(np.int32)
    keys = (paths.origin, paths.group, paths.target)
    return _path_set(network, paths.geometry, keys, (both, all_sizes, new_arc), paths.length), int(sizes.size)


def _path_set(
    network: Network,
    geometry: Ints,
    keys: tuple[Ints, Ints, Ints],
    found: tuple[Ints, Ints, Ints],
    length: Floats,
) -> PathSet:
    counts, sizes, arcs = found
    od_ptr, path_ptr = _starts(counts), _starts(sizes)
    congested = np.ascontiguousarray(network.delays.kind != 0)
    group = network.graph.group
    way_ptr, none = np.zeros(path_ptr.size, np.int64), np.empty(0, np.int32)
    logit.keep_congested(path_ptr, arcs, group, congested, way_ptr, none)
    way_group = np.empty(way_ptr[-1], np.int32)
    if way_group.size:
        logit.keep_congested(path_ptr, arcs, group, congested, way_ptr, way_group)
    ln_ps = np.empty(sizes.size)
    for first, last in zip(*_runs(keys[1]), strict=True):
        logit.path_sizes(od_ptr, path_ptr, arcs, length[keys[1][first]], first, last, ln_ps)
    return PathSet(geometry, *keys, od_ptr, path_ptr, arcs, way_ptr, way_group, ln_ps, length)


def _run(network: Network, jobs: int, workers: int, job: Job) -> list[tuple[Ints, Ints, Ints]]:
    """Results of numbered jobs in their order; each worker takes every n-th with scratch space of its own."""
    out: list[tuple[Ints, Ints, Ints]] = [(np.empty(0, np.int32),) * 3] * jobs

    def some(first: int) -> None:
        work = new_work(len(network.nodes), network.size)
        for b in range(first, jobs, workers):
            out[b] = job(work, b)

    if workers == 1:
        some(0)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(some, range(workers)))
    return out


def _joined(found: Sequence[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    if not found:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32)
    counts, sizes, arcs = (np.concatenate(part) for part in zip(*found, strict=True))
    return counts, sizes, arcs


def _starts(sizes: Ints | Longs) -> Longs:
    out = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out


def _runs(values: Ints) -> tuple[list[int], list[int]]:
    """First and last positions of runs of equal values."""
    if values.size == 0:
        return [], []
    edges = np.flatnonzero(np.diff(values)) + 1
    return [0, *edges.tolist()], [*edges.tolist(), values.size]


def _jobs(origin: Ints, group: Ints) -> Longs:
    new = (np.diff(origin) != 0) | (np.diff(group) != 0)
    return (
        np.r_[0, np.flatnonzero(new) + 1, origin.size].astype(np.int64)
        if origin.size
        else np.zeros(1, np.int64)
    )


def _schedule(views: int, masks: int, trees: int) -> tuple[Ints, Ints]:
    """View and label of each tree: every view, every mask by the first view, penalised ones by turns."""
    more = max(trees - views, 0)
    view = [*range(views), *[0] * masks, *(r % views for r in range(more))]
    label = [*[-1] * views, *range(masks), *[-2] * more]
    return np.array(view, np.int32), np.array(label, np.int32)


def _views(base: Floats, geometry: Ints, most: int) -> list[Floats]:
    """Cost vectors by geometry group, (C, A) each, that in the middle first."""
    out = []
    for s in range(int(geometry.max(initial=-1)) + 1):
        rows = np.unique(base[geometry == s], axis=0)
        total = np.where(np.isfinite(rows), rows, 0.0).sum(axis=1)
        rows = rows[np.argsort(total, kind="stable")]
        at = np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(np.int64))
        if most == 1:
            at = np.array([len(rows) // 2])
        middle = at.size // 2
        out.append(np.ascontiguousarray(rows[np.r_[at[middle:], at[:middle]]]))
    return out


def _lengths(base: Floats, geometry: Ints, groups: int) -> Floats:
    """Mean cost at no flow of the classes of each group; arcs closed to a group measure 0."""
    cost = np.where(np.isfinite(base), base, 0.0)
    return np.ascontiguousarray([cost[geometry == s].mean(axis=0) for s in range(groups)])


def _triples(network: Network, demand: Demand, geometry: Ints) -> tuple[Ints, Ints, Ints]:
    table = demand.table
    ends = [network.positions(table[end]) for end in ("origin", "destination")]
    codes = {name: k for k, name in enumerate(demand.classes)}
    klass = table["class"].map(codes).to_numpy(dtype=np.int32)
    return ends[0], geometry[klass], ends[1]


def _codes(origin: Ints, group: Ints, target: Ints, groups: int, nodes: int) -> Longs:
    return np.asarray((origin.astype(np.int64) * groups + group) * nodes + target)


def _markets(network: Network, demand: Demand, geometry: Ints) -> tuple[Ints, Ints, Ints]:
    """Origin, group and destination of each market, in this order."""
    nodes, groups = len(network.nodes), int(geometry.max(initial=0)) + 1
    codes = np.unique(_codes(*_triples(network, demand, geometry), groups, nodes))
    origin, group = codes // (nodes * groups), codes // nodes % groups
    return origin.astype(np.int32), group.astype(np.int32), (codes % nodes).astype(np.int32)


def _checked_geometry(network: Network, demand: Demand, geometry: Ints | None) -> Ints:
    if geometry is None:
        return geometry_groups(network, demand)
    given = np.ascontiguousarray(geometry, dtype=np.int32)
    if given.shape != (len(demand.classes),) or set(given.tolist()) != set(range(int(given.max()) + 1)):
        raise InputError(f"geometry wants a group, counted from 0, for each of {len(demand.classes)} classes")
    open_arcs = geometry_groups(network, demand)
    for s in range(int(given.max()) + 1):
        if np.unique(open_arcs[given == s]).size > 1:
            names = ", ".join(name for name, g in zip(demand.classes, given.tolist(), strict=True) if g == s)
            raise InputError(f"classes {names} of one geometry group differ in the arcs open to them")
    return given


def _checked_masks(network: Network, avoid: Mapping[str, Bools] | None) -> Bools:
    for name, mask in (avoid or {}).items():
        if mask.shape != (network.size,) or mask.dtype != np.bool_:
            raise InputError(f"avoid {name!r} is no mask of {network.size} arcs")
    masks = list((avoid or {}).values())
    return np.ascontiguousarray(masks) if masks else np.zeros((0, network.size), np.bool_)


def _checked_length(network: Network, length: Floats, groups: int) -> Floats:
    if length.shape != (network.size,) or not (np.isfinite(length) & (length >= 0.0)).all():
        raise InputError(f"length wants a finite figure of at least 0 for each of {network.size} arcs")
    return np.ascontiguousarray(np.repeat(length[None, :], groups, axis=0).astype(np.float64))
