"""Two cases on one network, with one set of paths, so that what differs between them is theirs alone.

Paths are generated, not listed. Generated anew for another case they come out a little different also where
nothing changed, and the expected least cost of a choice hangs on the set it is made from: on the shipped
region a line built in one corner then moves costs by some per cent in another. So both cases are put on a
network that has the arcs of either, those a case does not have closed to all goods of it, and choose from
the paths found for either one; path sizes are measured once, on all of these. A cost then changes only
where an arc that some path uses was opened, closed or changed, or where queues do: opening an arc never
makes goods worse off at given queues, and closing one never better.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.assign import LogitInputs, assign
from sogdia.assignment.kernels import path_tables
from sogdia.assignment.kernels.arrays import Floats, Ints, Longs
from sogdia.assignment.kernels.path_search import Markets
from sogdia.assignment.network import Demand, Network, make_network
from sogdia.assignment.od_groups import checked_geometry, class_numbers, lengths_of, market_codes, markets_of
from sogdia.assignment.path_sets import PathSet, for_network, generate_paths
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.stochastic import StochasticSolution
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.errors import InputError
from sogdia.freight.route_choice import RULES, choice_inputs, theta_of
from sogdia.freight.supernetwork import Supernetwork

ARC = ["from", "to", "kind", "mode", "rows", "only"]
"""What makes two arcs the same, with their count where even that is the same."""
AND = "~"
"""Between the restrictions of the case and those of the base in the name of a class."""


@dataclass(frozen=True, eq=False)
class SharedNetwork:
    """A base and a case on one network.

    Rows of demand are the base's, in its order, in both; classes tell apart what either tells apart.

    Attributes:
        base: The base.
        case: The case.
        paths: Paths that either may choose from; ``None`` where the base's own paths serve.
    """

    base: Supernetwork
    case: Supernetwork
    paths: PathSet | None

    def start(self, base_flow: Floats) -> Floats:
        """Group flows of the base as group flows of the case, (G,)."""
        out = np.zeros(self.case.network.delays.kind.size)
        out[self.case.network.graph.group] = base_flow[self.base.network.graph.group]
        return out


def share_network(
    base: Supernetwork, case: Supernetwork, at: Longs, known: PathSet, settings: AssignmentSettings
) -> SharedNetwork:
    """Put two cases on one network.

    The base's paths are those it is assigned on. Paths of the case are sought for goods to which it opens,
    closes or reprices an arc; what is open to all others, and at which cost, is as in the base.

    Args:
        base: The one.
        case: The other, with demand between the same zones.
        at: Row of the case's demand for each row of the base's, (T,).
        known: Paths of the base on its own network.
        settings: ``paths`` and ``workers`` are heeded.
    """
    here, there = _aligned(base.network.arcs, case.network.arcs)
    nodes = list(dict.fromkeys([*case.network.nodes, *base.network.nodes]))
    case = replace(case, demand=case.demand.some(at))
    labels = _labels(base.demand, case.demand)
    first = _placed(base, here, nodes, labels, labels.base)
    second = _placed(case, there, nodes, labels, labels.case)
    inputs = choice_inputs(second)
    geometry = checked_geometry(second.network, second.demand, inputs.geometry)
    before, after = (base_costs(placed.network, placed.demand) for placed in (first, second))
    markets = markets_of(second.network, second.demand, geometry)
    kept = carried_over(known, _Ways(base, here.own, first, geometry, markets), before)
    touched = (before != after).any(axis=1)
    affected = np.isin(geometry, geometry[touched])
    if not affected.any():
        return SharedNetwork(first, second, for_network(second.network, kept, settings.workers))
    rows = affected[class_numbers(second.demand)]
    some = second.demand.some(rows)
    found = generate_paths(
        second.network, some, most=settings.paths, rules=RULES, geometry=geometry, avoid=inputs.avoid,
        workers=settings.workers,
    )  # fmt: skip
    return SharedNetwork(first, second, union(second.network, kept, among(found, markets)))


@dataclass(frozen=True, eq=False)
class _Ways:
    """A base on a wider network.

    Attributes:
        base: The base on its own network.
        own: The base's own arc for each arc of the wider network, −1 where none, (A,).
        placed: The base on the wider network.
        geometry: Geometry group of each class there, (K,).
        markets: Its markets there.
    """

    base: Supernetwork
    own: Longs
    placed: Supernetwork
    geometry: Ints
    markets: Markets


def carried_over(known: PathSet, ways: _Ways, cost: Floats) -> PathSet:
    """The base's own paths as paths of the wider network's markets; those it had none for have none.

    Args:
        known: The paths on the base's network.
        ways: The base on both networks.
        cost: Costs of the base by class and arc of the wider network at no flow, (K, A).
    """
    markets, nodes = ways.markets, len(ways.base.network.nodes)
    place = {name: n for n, name in enumerate(ways.base.network.nodes)}
    node = np.array([place.get(name, -1) for name in ways.placed.network.nodes], dtype=np.int32)
    # A geometry group of the wider network lies within one of the base: it tells apart what either does.
    mine = {name: k for k, name in enumerate(ways.base.demand.classes)}
    classes = [mine[_label_of_base(name)] for name in ways.placed.demand.classes]
    group = np.zeros(int(ways.geometry.max(initial=-1)) + 1, dtype=np.int32)
    group[ways.geometry] = known.geometry[np.array(classes, dtype=np.int64)]
    wanted = market_codes(
        Markets(node[markets.origin], group[markets.group], node[markets.target]), known.geometry, nodes
    )
    have = market_codes(known.markets, known.geometry, nodes)
    there = np.minimum(np.searchsorted(have, wanted), have.size - 1)
    counts = np.where(have[there] == wanted, np.diff(known.od_ptr)[there], 0)
    path = _ranges(known.od_ptr[there], counts)
    wider = np.full(int(ways.own.max()) + 1, -1, dtype=np.int32)
    wider[ways.own[ways.own >= 0]] = np.flatnonzero(ways.own >= 0)
    ptr, arcs = path_tables.picked(known.path_ptr, known.path_arc, path, wider)
    none = np.zeros(ptr.size, np.int64), np.empty(0, np.int32), np.full(ways.own.size, -1, np.int32)
    return PathSet(
        ways.geometry, *markets, _starts(counts), ptr, arcs, *none, known.ln_ps[path],
        lengths_of(cost, ways.geometry),
    )  # fmt: skip


def among(paths: PathSet, markets: Markets) -> PathSet:
    """The same paths with other markets beside theirs, which have none."""
    nodes = 1 + int(max(markets.origin.max(), markets.target.max()))
    have, wanted = (market_codes(m, paths.geometry, nodes) for m in (paths.markets, markets))
    counts = np.zeros(wanted.size, np.int64)
    counts[np.searchsorted(wanted, have)] = np.diff(paths.od_ptr)
    return replace(
        paths, origin=markets.origin, group=markets.group, target=markets.target, od_ptr=_starts(counts)
    )


def _ranges(starts: Longs, counts: Longs) -> Longs:
    """``starts[n], starts[n] + 1, …``, as many as told, one run after another."""
    ends = np.cumsum(counts)
    whole = int(ends[-1]) if ends.size else 0
    return np.asarray(np.arange(whole) + np.repeat(starts - (ends - counts), counts), dtype=np.int64)


def _starts(sizes: Longs) -> Longs:
    out = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Arcs of both networks: as a table, and which of a network's own arc each one is, −1 where none."""

    table: pd.DataFrame
    own: Longs


def _aligned(base: pd.DataFrame, case: pd.DataFrame) -> tuple[_Arcs, _Arcs]:
    """Both tables with the arcs of both, in one order: the case's, then those only the base has."""
    keys = [_keys(base), _keys(case)]
    only_base = np.flatnonzero(keys[1].get_indexer(keys[0]) < 0)
    base_own = np.append(keys[0].get_indexer(keys[1]), only_base)
    case_own = np.append(np.arange(len(case)), np.full(only_base.size, -1))
    lent = pd.concat([_closed(case, "case"), _closed(base, "base").iloc[only_base]], ignore_index=True)
    tables = []
    for own, frame in ((base_own, base), (case_own, case)):
        whole = pd.concat([lent, frame], ignore_index=True)
        rows = np.where(own >= 0, len(lent) + own, np.arange(len(lent)))
        tables.append(_Arcs(whole.iloc[rows].reset_index(drop=True), own.astype(np.int64)))
    return tables[0], tables[1]


def _keys(arcs: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(arcs[ARC].assign(count=arcs.groupby(ARC, sort=False).cumcount()))


def _closed(arcs: pd.DataFrame, whose: str) -> pd.DataFrame:
    """Arcs as another network has them: nothing delays them and they share nothing, for nothing passes."""
    names = [f"not here: {whose} {n}" for n in range(len(arcs))]
    return arcs.assign(group=names, delay="none", scale=0.0, capacity=np.inf)


@dataclass(frozen=True, eq=False)
class _Labels:
    """Classes of a wider network: commodities by the restrictions of both, L of them.

    Attributes:
        names: Their names, sorted.
        klass: Class of each row of demand, (T,).
        base: The base's own class that each one is part of, by number, (L,).
        case: The case's, (L,).
    """

    names: tuple[str, ...]
    klass: Longs
    base: Longs
    case: Longs


def _labels(base: Demand, case: Demand) -> _Labels:
    """Class of each row by commodity and the restrictions of both."""
    old, new = class_numbers(base).astype(np.int64), class_numbers(case).astype(np.int64)
    pair, row = np.unique(new * len(base.classes) + old, return_inverse=True)
    mine, theirs = pair % len(base.classes), pair // len(base.classes)
    names = [_label(base.classes[k], case.classes[n]) for k, n in zip(mine, theirs, strict=True)]
    order = np.argsort(np.array(names), kind="stable")
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    return _Labels(tuple(names[n] for n in order), place[row], mine[order], theirs[order])


def _label(old: str, new: str) -> str:
    if new == old:
        return new
    return f"{new.partition('|')[0]}|{new.partition('|')[2]}{AND}{old.partition('|')[2]}"


def _label_of_base(label: str) -> str:
    """Class of the base that a common class stands for."""
    new, both, old = label.partition(AND)
    if not both:
        return new
    commodity = new.partition("|")[0]
    return f"{commodity}|{old}" if old else commodity


def _placed(
    supernetwork: Supernetwork, arcs: _Arcs, nodes: list[str], labels: _Labels, own: Longs
) -> Supernetwork:
    """A supernetwork on arcs and classes of both; ``own`` tells its own class of each of these, (L,)."""
    network, demand = supernetwork.network, supernetwork.demand
    closed = [name for name, open_ in zip(network.nodes, network.through, strict=True) if not open_]
    wider = make_network(arcs.table, nodes=nodes, no_through=closed, zones=network.zones, file="supernetwork")
    extra = None
    if demand.extra is not None:
        padded = np.column_stack([demand.extra, np.full(len(demand.classes), np.inf)])
        extra = np.ascontiguousarray(padded[own][:, arcs.own])
    placed = demand.reclassed(labels.names, labels.klass, extra, demand.worth[own])
    return replace(supernetwork, network=wider, bare=wider, demand=placed)


def union(network: Network, first: PathSet, second: PathSet) -> PathSet:
    """The paths of either set, of the same markets on the same arcs; path sizes are those among all.

    Args:
        network: Either network; its delayed groups are put along the paths.
        first: The one set; lengths of arcs closed in it are taken from the other.
        second: The other.
    """
    draw = np.random.default_rng(20).integers(0, 2**63, size=network.size, dtype=np.int64)
    new = path_tables.not_among(second.table, first.table, draw)
    market = np.repeat(np.arange(second.origin.size), np.diff(second.od_ptr))
    counts = np.bincount(market[new], minlength=second.origin.size).astype(np.int32)
    same = np.arange(network.size, dtype=np.int32)
    ptr, arcs = path_tables.picked(second.path_ptr, second.path_arc, np.flatnonzero(new), same)
    table = path_tables.merge(first.table, counts, np.diff(ptr).astype(np.int32), arcs)
    length = np.ascontiguousarray(np.where(first.length > 0.0, first.length, second.length))
    path_tables.path_sizes(table, first.group, length, np.arange(first.origin.size))
    joined = replace(
        first, od_ptr=table.od_ptr, path_ptr=table.path_ptr, path_arc=table.path_arc, ln_ps=table.ln_ps,
        length=length,
    )  # fmt: skip
    return for_network(network, joined)


def assign_among(
    supernetwork: Supernetwork,
    tonnes: Floats,
    settings: AssignmentSettings,
    paths: PathSet,
    start: Floats,
    *,
    add_paths: bool,
    before: AssignmentResult | None = None,
) -> AssignmentResult:
    """Assign tonnes of each row of demand, (T,), among given paths.

    Args:
        supernetwork: Network and demand.
        tonnes: Tonnes a year of each row; a row of 0 is not carried.
        settings: As for :func:`sogdia.assignment.assign`.
        paths: Paths to choose from.
        start: Group flows to start from, (G,).
        add_paths: Whether paths that queues make the cheapest are added.
        before: An assignment among some of these paths, by the same settings but for precision.

    Raises:
        InputError: If nothing can be carried.
        NotConvergedError: If the precision is not reached; the record is in it.
    """
    rules = RULES if add_paths else RULES.model_copy(update={"rounds": 0})
    known = None if before is None else stochastic(before)
    inputs = LogitInputs(theta_of(supernetwork), rules=rules, paths=paths, start=start, before=known)
    return assign(supernetwork.network, supernetwork.demand.some(tonnes > 0.0, tonnes), settings, inputs)


def stochastic(result: AssignmentResult) -> StochasticSolution:
    """What a stochastic equilibrium knows of its paths.

    Raises:
        InputError: If the result is none.
    """
    if not isinstance(result.loading, StochasticSolution):
        raise InputError(f"an assignment by {result.settings.algorithm} knows no choice: 'sue' is wanted")
    return result.loading


def same_network(first: Supernetwork, second: Supernetwork) -> bool:
    """Whether two cases have the same network and the same classes with the same costs on it."""
    a, b = first.demand, second.demand
    if a.classes != b.classes or not np.array_equal(a.worth, b.worth):
        return False
    if (a.extra is None) != (b.extra is None) or first.network.nodes != second.network.nodes:
        return False
    alike = a.extra is None or b.extra is None or np.array_equal(a.extra, b.extra)
    return alike and bool(first.network.arcs.equals(second.network.arcs))
