"""OD groups of a demand: origin, destination and class group.

User classes to which the same arcs are open may share paths. A class group is a set of such classes, an OD
group a triple of origin, class group and destination. Paths belong to OD groups; each class chooses from
those of its OD group by its own costs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs
from sogdia.assignment.kernels.path_search import CostVectors, ODGroups
from sogdia.assignment.network import Network
from sogdia.errors import InputError

LEAST_COST = 1e-9
"""Cost as which lower ones enter the mean of logarithms."""


def class_groups_by_open_arcs(network: Network, demand: Demand) -> Ints:
    """Group the classes by the arcs open to them (those of finite cost), (K,)."""
    is_open = np.isfinite(free_flow_costs(network, demand))
    _, group = np.unique(is_open, axis=0, return_inverse=True)
    codes = pd.factorize(group.reshape(-1))[0]
    return np.ascontiguousarray(codes, dtype=np.int32)


def class_cost_vectors(costs: Floats, group_of_class: Ints, max_vectors: int) -> CostVectors:
    """Select cost vectors for each class group, the one in the middle first.

    These are the costs of the group's classes or, if more than ``max_vectors`` differ, a selection evenly
    spaced in the order of their sums.

    Args:
        costs: Free-flow costs by class, (K, A).
        group_of_class: Class group of each class, (K,).
        max_vectors: Largest number of vectors of a group.
    """
    ptr, out = [0], []
    for s in range(int(group_of_class.max(initial=-1)) + 1):
        # Rows are compared by their bytes: np.unique of rows takes longer than all searches by them.
        different = {row.tobytes(): row for row in costs[group_of_class == s]}.values()
        rows = sorted(different, key=lambda row: (float(row.sum(where=np.isfinite(row))), row.tolist()))
        at = np.unique(np.linspace(0, len(rows) - 1, min(max_vectors, len(rows))).round().astype(np.int64))
        if max_vectors == 1:
            at = np.array([len(rows) // 2])
        middle = at.size // 2
        out += [rows[n] for n in np.r_[at[middle:], at[:middle]].tolist()]
        ptr.append(len(out))
    return cost_vectors(np.array(ptr, dtype=np.int64), np.array(out))


def cost_vectors(ptr: Longs, cost: Floats) -> CostVectors:
    """Make cost vectors from their costs (C, A) and the first vector of each class group, (S + 1,)."""
    is_open = np.isfinite(cost)
    logs = np.where(is_open, np.log(np.maximum(cost, LEAST_COST)), 0.0).sum(axis=0)
    counts = is_open.sum(axis=0)
    typical = np.where(counts > 0, np.exp(logs / np.maximum(counts, 1)), np.inf)
    return CostVectors(ptr, np.ascontiguousarray(cost), typical, int(np.diff(ptr).max()))


def mean_free_flow_costs(costs: Floats, group_of_class: Ints) -> Floats:
    """Compute the mean free-flow cost of the classes of each group, (S, A); 0 for arcs closed to a group.

    Args:
        costs: Free-flow costs by class, (K, A).
        group_of_class: Class group of each class, (K,).
    """
    groups = int(group_of_class.max(initial=0)) + 1
    cost = np.where(np.isfinite(costs), costs, 0.0)
    return np.ascontiguousarray([cost[group_of_class == s].mean(axis=0) for s in range(groups)])


def class_index(demand: Demand) -> Ints:
    """Return the number of the class of each row of demand, (T,)."""
    codes, names = demand.codes[2]
    number = {name: k for k, name in enumerate(demand.classes)}
    return np.array([number[name] for name in names], dtype=np.int32)[codes]


def od_groups_of_rows(network: Network, demand: Demand, group_of_class: Ints) -> ODGroups:
    """Return origin, class group and destination of each row of demand, (T,) each."""
    origin, destination, user_class = demand.indices(network)
    return ODGroups(origin, group_of_class[user_class], destination)


def od_group_codes(od_groups: ODGroups, group_of_class: Ints, nodes: int) -> Longs:
    """Encode each triple as one number; numbers are in the order of OD groups."""
    groups = int(group_of_class.max(initial=0)) + 1
    pair = od_groups.origin.astype(np.int64) * groups + od_groups.class_group
    return np.asarray(pair * nodes + od_groups.destination)


def od_groups_of(network: Network, demand: Demand, group_of_class: Ints) -> ODGroups:
    """Return the OD groups of a demand, ordered by origin, class group and destination, (M,) each."""
    nodes, groups = len(network.nodes), int(group_of_class.max(initial=0)) + 1
    rows = od_groups_of_rows(network, demand, group_of_class)
    codes = np.unique(od_group_codes(rows, group_of_class, nodes))
    origin, group = codes // (nodes * groups), codes // nodes % groups
    return ODGroups(origin.astype(np.int32), group.astype(np.int32), (codes % nodes).astype(np.int32))


def checked_class_groups(network: Network, demand: Demand, group_of_class: Ints | None) -> Ints:
    """Return the class groups as given, after checks; by default those by open arcs.

    Raises:
        InputError: If not every class has a group, groups are not numbered from 0 without gaps, or classes
            of one group differ in the arcs open to them.
    """
    if group_of_class is None:
        return class_groups_by_open_arcs(network, demand)
    given = np.ascontiguousarray(group_of_class, dtype=np.int32)
    if given.shape != (len(demand.classes),) or set(given.tolist()) != set(range(int(given.max()) + 1)):
        raise InputError(
            f"group_of_class: expected a group, numbered from 0, for each of {len(demand.classes)} classes"
        )
    open_arcs = class_groups_by_open_arcs(network, demand)
    for s in range(int(given.max()) + 1):
        if np.unique(open_arcs[given == s]).size > 1:
            names = ", ".join(name for name, g in zip(demand.classes, given.tolist(), strict=True) if g == s)
            raise InputError(f"classes {names} of one class group differ in the arcs open to them")
    return given


def checked_masks(network: Network, avoid: Mapping[str, Bools] | None) -> Bools:
    """Stack masks of arcs, (L, A), after checks.

    Raises:
        InputError: If a mask does not have one boolean per arc.
    """
    for name, mask in (avoid or {}).items():
        if mask.shape != (network.size,) or mask.dtype != np.bool_:
            raise InputError(f"avoid {name!r} is not a mask of {network.size} arcs")
    masks = list((avoid or {}).values())
    return np.ascontiguousarray(masks) if masks else np.zeros((0, network.size), np.bool_)


def checked_length(network: Network, length: Floats, groups: int) -> Floats:
    """Return lengths of arcs as given, the same for all class groups, (S, A), after checks.

    Raises:
        InputError: If not every arc has a finite length of at least 0.
    """
    if length.shape != (network.size,) or not (np.isfinite(length) & (length >= 0.0)).all():
        raise InputError(f"length: expected a finite number >= 0 for each of {network.size} arcs")
    return np.ascontiguousarray(np.repeat(length[None, :], groups, axis=0).astype(np.float64))
