"""Markets of a demand: who shares paths, by which costs these are sought, and checks of both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs
from sogdia.assignment.kernels.path_search import Markets, Views
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.errors import InputError


def geometry_groups(network: Network, demand: Demand) -> Ints:
    """Classes grouped by the arcs they may use (those of finite cost), (K,)."""
    open_to = np.isfinite(base_costs(network, demand))
    _, group = np.unique(open_to, axis=0, return_inverse=True)
    first = pd.factorize(group.reshape(-1))[0]
    return np.ascontiguousarray(first, dtype=np.int32)


def views_of(base: Floats, geometry: Ints, most: int) -> Views:
    """Cost vectors by geometry group, that in the middle first.

    They are those of the group's classes or, where more than ``most`` differ, some of them spread evenly
    by their sum.

    Args:
        base: Costs by class, (K, A).
        geometry: Geometry group of each class, (K,).
        most: Most views of a group.
    """
    ptr, out = [0], []
    for s in range(int(geometry.max(initial=-1)) + 1):
        # Rows told apart by their bytes: np.unique of rows takes longer than all the sweeps they cause.
        different = {row.tobytes(): row for row in base[geometry == s]}.values()
        rows = sorted(different, key=lambda row: (float(row.sum(where=np.isfinite(row))), row.tolist()))
        at = np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(np.int64))
        if most == 1:
            at = np.array([len(rows) // 2])
        middle = at.size // 2
        out += [rows[n] for n in np.r_[at[middle:], at[:middle]].tolist()]
        ptr.append(len(out))
    return views_at(np.array(ptr, dtype=np.int64), np.array(out))


def views_at(ptr: Longs, cost: Floats) -> Views:
    """Views of given costs (C, A)."""
    cheapest = np.ascontiguousarray(cost.min(axis=0))
    return Views(ptr, np.ascontiguousarray(cost), cheapest, int(np.diff(ptr).max()))


def lengths_of(base: Floats, geometry: Ints) -> Floats:
    """Mean cost at no flow of the classes of each group, (S, A); arcs closed to a group measure 0."""
    groups = int(geometry.max(initial=0)) + 1
    cost = np.where(np.isfinite(base), base, 0.0)
    return np.ascontiguousarray([cost[geometry == s].mean(axis=0) for s in range(groups)])


def class_numbers(demand: Demand) -> Ints:
    """Number of the class of each row of demand, (T,)."""
    codes, names = demand.codes[2]
    number = {name: k for k, name in enumerate(demand.classes)}
    return np.array([number[name] for name in names], dtype=np.int32)[codes]


def triples(network: Network, demand: Demand, geometry: Ints) -> Markets:
    """Origin, geometry group and destination of each row of demand, (T,) each."""
    origin, target, klass = demand.ends(network)
    return Markets(origin, geometry[klass], target)


def market_codes(markets: Markets, geometry: Ints, nodes: int) -> Longs:
    """A number for each triple, in the order of markets."""
    groups = int(geometry.max(initial=0)) + 1
    return np.asarray((markets.origin.astype(np.int64) * groups + markets.group) * nodes + markets.target)


def markets_of(network: Network, demand: Demand, geometry: Ints) -> Markets:
    """Each origin, geometry group and destination of the demand once, in this order."""
    nodes, groups = len(network.nodes), int(geometry.max(initial=0)) + 1
    codes = np.unique(market_codes(triples(network, demand, geometry), geometry, nodes))
    origin, group = codes // (nodes * groups), codes // nodes % groups
    return Markets(origin.astype(np.int32), group.astype(np.int32), (codes % nodes).astype(np.int32))


def checked_geometry(network: Network, demand: Demand, geometry: Ints | None) -> Ints:
    """Geometry groups as given, found right; those by open arcs where not given."""
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


def checked_masks(network: Network, avoid: Mapping[str, Bools] | None) -> Bools:
    """Masks of arcs as one array, (L, A)."""
    for name, mask in (avoid or {}).items():
        if mask.shape != (network.size,) or mask.dtype != np.bool_:
            raise InputError(f"avoid {name!r} is no mask of {network.size} arcs")
    masks = list((avoid or {}).values())
    return np.ascontiguousarray(masks) if masks else np.zeros((0, network.size), np.bool_)


def checked_length(network: Network, length: Floats, groups: int) -> Floats:
    """Lengths as given, the same for all groups, (S, A)."""
    if length.shape != (network.size,) or not (np.isfinite(length) & (length >= 0.0)).all():
        raise InputError(f"length wants a finite figure of at least 0 for each of {network.size} arcs")
    return np.ascontiguousarray(np.repeat(length[None, :], groups, axis=0).astype(np.float64))
