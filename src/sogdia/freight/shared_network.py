"""Baseline and case on one network, with one path set, so that differences between them are their own.

Paths are generated, not enumerated. Generated again for another case they differ a little even where nothing
changed, and the expected least cost of a choice depends on the set it is made from: on the shipped region a
line built in one corner then moves costs by several per cent in another. So both cases are put on a network
that has the arcs of either, those a case does not have closed to all its classes, and choose from the paths
found for either one; path sizes are computed once, on all of these. A cost then changes only where an arc
that a path uses was opened, closed or changed, or where delays change: opening an arc never raises costs at
given delays, and closing one never lowers them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.assign import LogitInputs, assign
from sogdia.assignment.demand import free_flow_costs
from sogdia.assignment.kernels import path_tables
from sogdia.assignment.kernels.arrays import Floats, Ints, Longs, numbers_type
from sogdia.assignment.kernels.path_search import ODGroups
from sogdia.assignment.network import Network, make_network
from sogdia.assignment.od_groups import (
    checked_class_groups,
    class_index,
    mean_free_flow_costs,
    od_group_codes,
    od_groups_of,
)
from sogdia.assignment.path_sets import PathSet, adapt_paths, generate_paths
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.stochastic import StochasticSolution
from sogdia.errors import InputError
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.overloads import with_rows
from sogdia.freight.route_choice import choice_inputs, theta_of
from sogdia.freight.settings import PATH_RULES
from sogdia.freight.supernetwork.restrictions import CLASS_COLUMNS, class_table
from sogdia.numerics.csr import row_starts

ARC_KEY = ["from", "to", "kind", "mode", "rows", "commodity", "cargo"]
"""Columns by which an arc of one network is that of another, with a count where even these are the same."""


@dataclass(frozen=True, eq=False)
class SharedNetwork:
    """Baseline and case on one network.

    Rows of demand are the baseline's, in its order, in both; two rows are of one class where they are in both
    cases.

    Attributes:
        base: The baseline.
        case: The case.
        paths: Paths that either may choose from; ``None`` where the baseline's own paths serve.
    """

    base: Supernetwork
    case: Supernetwork
    paths: PathSet | None

    def baseline_flow(self, own: Supernetwork, flow: Floats) -> Floats:
        """Return group flows of the baseline's own network as those of the wider one, (G,).

        Args:
            own: The baseline on its own network.
            flow: Its group flows there.
        """
        by_name = dict(zip(own.network.groups, flow.tolist(), strict=True))
        return np.array([by_name.get(name, 0.0) for name in self.base.network.groups])

    def start(self, base_flow: Floats) -> Floats:
        """Return group flows of the baseline as group flows of the case, (G,)."""
        out = np.zeros(self.case.network.delays.kind.size)
        out[self.case.network.graph.group] = base_flow[self.base.network.graph.group]
        return out


def share_network(
    base: Supernetwork, case: Supernetwork, at: Longs, known: PathSet, settings: AssignmentSettings
) -> SharedNetwork:
    """Put baseline and case on one network.

    The baseline's paths are those it is assigned on. Paths of the case are generated for the classes to which
    it opens, closes or reprices an arc; all others have the arcs and costs of the baseline.

    Args:
        base: The baseline.
        case: The case, with demand between the same zones.
        at: Row of the case's demand for each row of the baseline's, (T,).
        known: Paths of the baseline on its own network.
        settings: ``paths`` and ``workers`` are used.
    """
    base_arcs, case_arcs = _aligned(base.network.arcs, case.network.arcs)
    case = replace(case, demand=case.demand.subset(at))
    classes = _joint_classes(base, case)
    nodes = pd.concat([case.nodes, base.nodes])
    nodes = nodes[~nodes.index.duplicated()]
    first = _placed(base, base_arcs, nodes, classes, classes.base, classes.base_table)
    second = _placed(case, case_arcs, nodes, classes, classes.case, classes.table)
    inputs = choice_inputs(second)
    group_of_class = checked_class_groups(second.network, second.demand, inputs.group_of_class)
    before, after = (free_flow_costs(placed.network, placed.demand) for placed in (first, second))
    od_groups = od_groups_of(second.network, second.demand, group_of_class)
    placed = _PlacedBase(base, base_arcs.own, first, classes.base, group_of_class, od_groups)
    base_paths = carried_over(known, placed, before)
    is_changed = (before != after).any(axis=1)
    affected = np.isin(group_of_class, group_of_class[is_changed])
    if not affected.any():
        return SharedNetwork(first, second, adapt_paths(second.network, base_paths, settings.workers))
    affected_demand = second.demand.subset(affected[class_index(second.demand)])
    new_paths = generate_paths(
        second.network, affected_demand, max_paths=settings.max_paths, rules=PATH_RULES,
        group_of_class=group_of_class, avoid=inputs.avoid, workers=settings.workers,
    )  # fmt: skip
    return SharedNetwork(first, second, union(second.network, base_paths, among(new_paths, od_groups)))


@dataclass(frozen=True, eq=False)
class _PlacedBase:
    """A baseline on its own network and on a wider one.

    Attributes:
        base: The baseline on its own network.
        own: The baseline's own arc for each arc of the wider network, −1 where none, (A,).
        placed: The baseline on the wider network.
        own_class: The baseline's own class of each class of the wider network, (K,).
        group_of_class: Class group of each class there, (K,).
        od_groups: Its OD groups there.
    """

    base: Supernetwork
    own: Longs
    placed: Supernetwork
    own_class: Longs
    group_of_class: Ints
    od_groups: ODGroups


def carried_over(known: PathSet, placed: _PlacedBase, cost: Floats) -> PathSet:
    """Return the baseline's own paths as paths of the wider network's OD groups; new groups have none.

    Args:
        known: The paths on the baseline's network.
        placed: The baseline on both networks.
        cost: Costs of the baseline by class and arc of the wider network at no flow, (K, A).
    """
    od_groups, nodes = placed.od_groups, len(placed.base.network.nodes)
    position = {name: n for n, name in enumerate(placed.base.network.nodes)}
    node = np.array([position.get(name, -1) for name in placed.placed.network.nodes], dtype=np.int32)
    # Classes of one group of the wider network are of one group of the baseline: joint classes are finer.
    group = np.zeros(int(placed.group_of_class.max(initial=-1)) + 1, dtype=np.int32)
    group[placed.group_of_class] = known.group_of_class[placed.own_class]
    required = od_group_codes(
        ODGroups(node[od_groups.origin], group[od_groups.class_group], node[od_groups.destination]),
        known.group_of_class,
        nodes,
    )
    have = od_group_codes(known.od_groups, known.group_of_class, nodes)
    there = np.minimum(np.searchsorted(have, required), have.size - 1)
    counts = np.where(have[there] == required, np.diff(known.od_ptr)[there], 0)
    path = _ranges(known.od_ptr[there], counts)
    numbers = numbers_type(placed.own.size)
    wider = np.zeros(int(placed.own.max()) + 1, dtype=numbers)
    wider[placed.own[placed.own >= 0]] = np.flatnonzero(placed.own >= 0)
    ptr, arcs = path_tables.select_paths(known.path_ptr, known.path_arc, path, wider)
    none = np.zeros(ptr.size, np.int64), np.empty(0, numbers), np.full(placed.own.size, -1, np.int32)
    return PathSet(
        placed.group_of_class, *od_groups, row_starts(counts), ptr, arcs, *none, known.log_path_size[path],
        mean_free_flow_costs(cost, placed.group_of_class),
    )  # fmt: skip


def among(paths: PathSet, od_groups: ODGroups) -> PathSet:
    """Return the same paths in a larger set of OD groups, of which the others have none."""
    nodes = 1 + int(max(od_groups.origin.max(), od_groups.destination.max()))
    have, required = (od_group_codes(m, paths.group_of_class, nodes) for m in (paths.od_groups, od_groups))
    counts = np.zeros(required.size, np.int64)
    counts[np.searchsorted(required, have)] = np.diff(paths.od_ptr)
    return replace(
        paths,
        origin=od_groups.origin,
        class_group=od_groups.class_group,
        destination=od_groups.destination,
        od_ptr=row_starts(counts),
    )


def _ranges(starts: Longs, counts: Longs) -> Longs:
    """Return ``starts[n], starts[n] + 1, …``, ``counts[n]`` numbers each, one run after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if ends.size else 0
    return np.asarray(np.arange(total) + np.repeat(starts - (ends - counts), counts), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Arcs of both networks as a table, and a network's own arc for each of them, −1 where none."""

    table: pd.DataFrame
    own: Longs


def _aligned(base: pd.DataFrame, case: pd.DataFrame) -> tuple[_Arcs, _Arcs]:
    """Return both tables with the arcs of both, in one order: the case's, then those only the base has."""
    keys = [_keys(base), _keys(case)]
    only_base = np.flatnonzero(keys[1].get_indexer(keys[0]) < 0)
    base_own = np.append(keys[0].get_indexer(keys[1]), only_base)
    case_own = np.append(np.arange(len(case)), np.full(only_base.size, -1))
    closed = pd.concat([_closed(case, "case"), _closed(base, "base").iloc[only_base]], ignore_index=True)
    tables = []
    for own, frame in ((base_own, base), (case_own, case)):
        both = pd.concat([closed, frame], ignore_index=True)
        rows = np.where(own >= 0, len(closed) + own, np.arange(len(closed)))
        tables.append(_Arcs(both.iloc[rows].reset_index(drop=True), own.astype(np.int64)))
    return tables[0], tables[1]


def _keys(arcs: pd.DataFrame) -> pd.MultiIndex:
    # Tuples would become levels of their own.
    keys = arcs[ARC_KEY].assign(rows=arcs["rows"].map(";".join))
    return pd.MultiIndex.from_frame(keys.assign(count=keys.groupby(ARC_KEY, sort=False).cumcount()))


def _closed(arcs: pd.DataFrame, network: str) -> pd.DataFrame:
    """Return arcs as another network has them: without delay or shared capacity, since they carry no flow."""
    names = [f"not here: {network} {n}" for n in range(len(arcs))]
    return arcs.assign(group=names, delay="none", delay_scale=0.0, capacity=np.inf, preload=0.0)


@dataclass(frozen=True, eq=False)
class _JointClasses:
    """Classes of a wider network: commodities by the restrictions of both cases, L of them.

    Attributes:
        table: By label, sorted, with the tariff profiles of the case.
        base_table: The same with those of the baseline.
        class_of_row: Class of each row of demand, (T,).
        base: The baseline's own class that each one is part of, by number, (L,).
        case: The case's, (L,).
    """

    table: pd.DataFrame
    base_table: pd.DataFrame
    class_of_row: Longs
    base: Longs
    case: Longs


def _joint_classes(base: Supernetwork, case: Supernetwork) -> _JointClasses:
    """Return the class of each row by commodity and the restrictions of both cases."""
    old = class_index(base.demand).astype(np.int64)
    new = class_index(case.demand).astype(np.int64)
    count = len(base.demand.classes)
    pair, row = np.unique(new * count + old, return_inverse=True)
    base_class, case_class = pair % count, pair // count
    profiles = {}
    for name in CLASS_COLUMNS[1:]:
        pairs = zip(base.classes[name].iloc[base_class], case.classes[name].iloc[case_class], strict=True)
        profiles[name] = [theirs if theirs == own else f"{theirs}~{own}" for own, theirs in pairs]
    commodities = case.classes["commodity"].to_numpy(dtype=object)[case_class]
    table = class_table(commodities, *profiles.values())
    tables = [
        table.assign(tariff_profile=part.classes["tariff_profile"].to_numpy(dtype=object)[own])
        for part, own in ((case, case_class), (base, base_class))
    ]
    order = np.argsort(np.array(table.index.tolist()), kind="stable")
    position = np.empty(order.size, np.int64)
    position[order] = np.arange(order.size)
    first, second = (each.iloc[order] for each in tables)
    return _JointClasses(first, second, position[row], base_class[order], case_class[order])


def _placed(
    supernetwork: Supernetwork,
    arcs: _Arcs,
    nodes: pd.DataFrame,
    classes: _JointClasses,
    own: Longs,
    table: pd.DataFrame,
) -> Supernetwork:
    """Return a supernetwork on arcs and classes of both.

    Args:
        supernetwork: Of the baseline or of the case.
        arcs: Arcs of both, with its figures.
        nodes: Nodes of both.
        classes: Classes of both.
        own: Its own class of each of these, (L,).
        table: The classes with its own tariff profiles.
    """
    network, demand = supernetwork.network, supernetwork.demand
    closed = [name for name, open_ in zip(network.nodes, network.through, strict=True) if not open_]
    wider = make_network(
        arcs.table, nodes=list(nodes.index), no_through=closed, zones=network.zones, file="supernetwork"
    )
    class_cost = None
    if demand.class_cost is not None:
        padded = np.column_stack([demand.class_cost, np.full(len(demand.classes), np.inf)])
        class_cost = np.ascontiguousarray(padded[own][:, arcs.own])
    labels = tuple(classes.table.index)
    placed = demand.with_classes(labels, classes.class_of_row, class_cost, demand.value_of_time[own])
    return replace(supernetwork, network=wider, nodes=nodes, bare=wider, demand=placed, classes=table)


def union(network: Network, first: PathSet, second: PathSet) -> PathSet:
    """Return the paths of either set, of the same OD groups on the same arcs; path sizes are those among all.

    Args:
        network: Either network; its delayed groups are put along the paths.
        first: The one set; lengths of arcs closed in it are taken from the other.
        second: The other.
    """
    draw = np.random.default_rng(20).integers(0, 2**63, size=network.size, dtype=np.int64)
    new = path_tables.find_new_paths(second.table, first.table, draw)
    od_group = np.repeat(np.arange(second.origin.size), np.diff(second.od_ptr))
    counts = np.bincount(od_group[new], minlength=second.origin.size).astype(np.int32)
    same = np.arange(network.size, dtype=numbers_type(network.size))
    ptr, arcs = path_tables.select_paths(second.path_ptr, second.path_arc, np.flatnonzero(new), same)
    table = path_tables.merge_paths(first.table, counts, np.diff(ptr).astype(np.int32), arcs)
    length = np.ascontiguousarray(np.where(first.length > 0.0, first.length, second.length))
    path_tables.path_sizes(table, first.class_group, length, np.arange(first.origin.size))
    joined = replace(
        first, od_ptr=table.od_ptr, path_ptr=table.path_ptr, path_arc=table.path_arc,
        log_path_size=table.log_path_size, length=length,
    )  # fmt: skip
    return adapt_paths(network, joined)


def assign_among(
    supernetwork: Supernetwork,
    tonnes: Floats,
    settings: AssignmentSettings,
    paths: PathSet,
    start: Floats,
    *,
    add_paths: bool,
    until_complete: bool = True,
    before: AssignmentResult | None = None,
) -> AssignmentResult:
    """Assign tonnes of each row of demand, (T,), among given paths.

    Args:
        supernetwork: Network and demand.
        tonnes: Tonnes a year of each row; a row of 0 is not carried.
        settings: As for :func:`sogdia.assignment.assign`.
        paths: Paths to choose from.
        start: Group flows to start from, (G,).
        add_paths: Whether to add paths that delays make the least-cost ones.
        until_complete: Whether to search for them until none is missing, or once.
        before: An assignment among some of these paths, by the same settings but for the tolerance.

    Raises:
        InputError: If nothing can be carried.
        NotConvergedError: If the tolerance is not reached; it holds the record and the rows most exceeded.
    """
    changes = {"until_complete": until_complete} if add_paths else {"rounds": 0}
    rules = PATH_RULES.model_copy(update=changes)
    known = None if before is None else stochastic(before)
    inputs = LogitInputs(theta_of(supernetwork), rules=rules, paths=paths, start=start, previous=known)
    demand = supernetwork.demand.subset(tonnes > 0.0, tonnes)
    with with_rows(supernetwork):
        return assign(supernetwork.network, demand, settings, inputs)


def stochastic(result: AssignmentResult) -> StochasticSolution:
    """Return the path choices of a stochastic user equilibrium.

    Raises:
        InputError: If the result is of another algorithm.
    """
    if not isinstance(result.loading, StochasticSolution):
        raise InputError(
            f"an assignment by {result.settings.algorithm!r} has no path choice; expected algorithm 'sue'"
        )
    return result.loading


def same_network(first: Supernetwork, second: Supernetwork) -> bool:
    """Return true if two cases have the same network and the same classes with the same costs on it."""
    a, b = first.demand, second.demand
    if a.classes != b.classes or not np.array_equal(a.value_of_time, b.value_of_time):
        return False
    if (a.class_cost is None) != (b.class_cost is None) or first.network.nodes != second.network.nodes:
        return False
    is_same = a.class_cost is None or b.class_cost is None or np.array_equal(a.class_cost, b.class_cost)
    return is_same and bool(first.network.arcs.equals(second.network.arcs))
