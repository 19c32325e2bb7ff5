"""Networks as arrays with labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Bytes, Delays, Floats, Graph, Ints
from sogdia.assignment.kernels.delay import CONICAL, NONE, POWER
from sogdia.errors import Fault, FaultsError, did_you_mean
from sogdia.tables.summary import ShortRepr

DELAYS: Mapping[str, int] = {"none": NONE, "power": POWER, "conical": CONICAL}
"""Delay functions by name: none, power (Bureau of Public Roads 1964), conical (Spiess 1990)."""
NUMBERS = ("free_flow_cost", "delay_scale", "capacity", "delay_power", "preload")
GROUP_WIDE = ("delay", "delay_scale", "capacity", "delay_power", "preload")
"""Columns in which all arcs of a capacity group must agree."""


@dataclass(frozen=True, eq=False, repr=False)
class Network(ShortRepr):
    """A directed network with delay functions.

    The cost of arc a to user class k is ``free_flow_cost_a + class_cost_ka + D_g(p_g + v_g)``: the free-flow
    cost, the cost specific to the class (:class:`sogdia.assignment.demand.Demand`), and the delay of the
    arc's capacity group g at its preload (traffic that is there whatever is assigned) and flow. Arcs of one
    group (the berths of a port, the two directions of a gate) share its capacity; most arcs are a group of
    their own.

    Attributes:
        nodes: Names of the N nodes.
        arcs: One row per arc with at least ``from``, ``to``, ``free_flow_cost``, ``delay``, ``delay_scale``,
            ``capacity``, ``delay_power``, ``preload`` and ``group``; further columns are carried along.
        through: Nodes that a path may pass through, as a mask, (N,).
        zones: Names of the nodes at which demand starts and ends, in their own order.
    """

    nodes: tuple[str, ...]
    arcs: pd.DataFrame
    through: Bools
    zones: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of arcs."""
        return len(self.arcs)

    @cached_property
    def node_of(self) -> Mapping[str, int]:
        """Position of each node by name."""
        return {name: i for i, name in enumerate(self.nodes)}

    def positions(self, names: pd.Series[str]) -> Ints:
        """Return the position of each named node, all of which the network must have."""
        codes, unique = pd.factorize(names)
        position = np.array([self.node_of[str(name)] for name in unique], dtype=np.int32)
        return position[codes]

    @cached_property
    def free_flow_cost(self) -> Floats:
        """Free-flow cost of each arc, (A,)."""
        return np.ascontiguousarray(self.arcs["free_flow_cost"].to_numpy(dtype=np.float64))

    @cached_property
    def graph(self) -> Graph:
        """The network as the kernels read it."""
        tail, head = self.positions(self.arcs["from"]), self.positions(self.arcs["to"])
        out_ptr, out_arc = _by_node(tail, len(self.nodes))
        in_ptr, in_arc = _by_node(head, len(self.nodes))
        group = np.ascontiguousarray(self._group_codes[0])
        return Graph(tail, head, out_ptr, out_arc, in_ptr, in_arc, group, np.ascontiguousarray(self.through))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Names of the G capacity groups, in order of first appearance."""
        return tuple(self._group_codes[1])

    @cached_property
    def _group_codes(self) -> tuple[Ints, list[str]]:
        codes, names = pd.factorize(self.arcs["group"])
        return codes.astype(np.int32), [str(name) for name in names]

    @cached_property
    def delays(self) -> Delays:
        """Delay functions by capacity group, (G,) each."""
        first = np.unique(self._group_codes[0], return_index=True)[1]
        rows = self.arcs.iloc[first]
        kind: Bytes = np.array([DELAYS[name] for name in rows["delay"]], dtype=np.int8)
        # Copies: pandas returns read-only arrays, for which numba would compile the kernels a second time.
        scale, capacity, power, preload = (np.array(rows[name], dtype=np.float64) for name in GROUP_WIDE[1:])
        flat = (scale == 0.0) | (kind == NONE)
        kind = np.where(flat, NONE, kind).astype(np.int8)
        capacity = np.where(flat, 1.0, capacity)
        return Delays(kind, scale, capacity, power, preload)


def _by_node(ends: Ints, nodes: int) -> tuple[Ints, Ints]:
    """Sort arcs by one of their ends: start of each node's arcs, (N + 1,), and the arcs, (A,)."""
    order = np.argsort(ends, kind="stable").astype(np.int32)
    starts = np.searchsorted(ends[order], np.arange(nodes + 1)).astype(np.int32)
    return starts, order


def make_network(
    arcs: pd.DataFrame,
    *,
    nodes: Sequence[str] | None = None,
    no_through: Sequence[str] = (),
    zones: Sequence[str] = (),
    file: str = "arcs",
    lines: npt.NDArray[np.int64] | None = None,
) -> Network:
    """Make a network from a table of arcs, and report all errors in it at once.

    Args:
        arcs: Columns ``from``, ``to``, ``free_flow_cost`` (the unit of cost); ``delay`` (``none`` if
            missing), ``delay_scale`` (the unit of cost), ``capacity`` (the unit of flow), ``delay_power``
            (exponent of ``power``, steepness of ``conical``), ``preload`` (the unit of flow; 0 if missing);
            ``group`` (one per arc if missing); any others.
        nodes: Names of nodes; those of the arcs by default. An arc to any other node is an error.
        no_through: Nodes that no path may pass through.
        zones: Nodes at which demand may start and end; all by default.
        file: Name of the table's file for messages.
        lines: Line of each row in that file; rows are counted from 2 by default.

    Raises:
        FaultsError: If an arc has an unknown node or delay function, a number that is negative or not
            finite, no capacity although its delay needs one, or a group whose arcs differ in their delay
            (such costs are asymmetric: no Beckmann objective exists, and equilibria need not be unique).
    """
    table = _completed(arcs)
    line_of = np.arange(2, len(table) + 2) if lines is None else lines
    known = list(nodes) if nodes is not None else list(dict.fromkeys([*table["from"], *table["to"]]))
    names = set(known)
    faults = _arc_faults(table, names, file, line_of)
    for field, listed in (("no_through", no_through), ("zones", zones)):
        for name in listed:
            if name not in names:
                problem = f"unknown node {name!r}"
                faults.append(Fault(file, None, field, problem, did_you_mean(name, names), "node"))
    if faults:
        raise FaultsError(faults)
    closed = set(no_through)
    through = np.array([name not in closed for name in known], dtype=np.bool_)
    return Network(tuple(known), table, through, tuple(zones) or tuple(known))


def _completed(arcs: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its missing columns at their defaults."""
    table = arcs.reset_index(drop=True)
    for end in ("from", "to"):
        table[end] = table[end].astype(str)
    defaults: dict[str, Any] = {"delay": "none", "delay_scale": 0.0, "capacity": np.inf, "delay_power": 1.0}
    defaults["preload"] = 0.0
    for name, value in defaults.items():
        if name not in table:
            table[name] = value
    if "group" not in table:
        table["group"] = np.arange(len(table))
    table["group"] = table["group"].astype(str)
    return table


def _arc_faults(
    table: pd.DataFrame, nodes: set[str], file: str, line_of: npt.NDArray[np.int64]
) -> list[Fault]:
    faults: list[Fault] = []

    def report(bad: npt.NDArray[np.bool_], field: str, problem: str, fix: str, kind: str) -> None:
        for i in np.flatnonzero(bad):
            cell = table[field].iloc[i]
            faults.append(Fault(file, int(line_of[i]), field, problem.format(cell), fix, kind))

    for end in ("from", "to"):
        report(~table[end].isin(nodes).to_numpy(dtype=bool), end, "unknown node {!r}", "", "node")
    functions = list(DELAYS)
    is_unknown = ~table["delay"].isin(functions).to_numpy(dtype=bool)
    report(is_unknown, "delay", "unknown delay function {!r}", f"one of {', '.join(functions)}", "delay")
    numbers = {
        name: pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64) for name in NUMBERS
    }
    for name, values in numbers.items():
        bad = ~np.isfinite(values) & ~((name == "capacity") & np.isposinf(values))
        report(bad, name, "{} is not a finite number", "", "number")
        report(values < 0.0, name, "{} is negative", "expected a number >= 0", "negative")
    delayed = (table["delay"] != "none").to_numpy(dtype=bool) & (numbers["delay_scale"] > 0.0)
    full = delayed & (numbers["capacity"] == 0.0)
    report(full, "capacity", "{} is no capacity", "a delay needs a capacity > 0", "capacity")
    conical = (table["delay"] == "conical").to_numpy(dtype=bool)
    flat = conical & delayed & (numbers["delay_power"] <= 1.0)
    report(flat, "delay_power", "{} is not a steepness", "a conical delay needs one > 1", "power")
    shared = table.groupby("group", sort=False)[list(GROUP_WIDE)].transform("nunique", dropna=False)
    differs = (shared > 1).any(axis=1).to_numpy(dtype=bool)
    fix = "expected one delay function, scale, capacity, power and preload for the group"
    report(differs, "group", "arcs of group {!r} differ in their delay", fix, "asymmetric")
    return faults
