"""Networks and demand as arrays with labels: what every assignment starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Bytes, Delays, Floats, Graph, Ints, Longs
from sogdia.assignment.kernels.delay import CONICAL, NONE, POWER
from sogdia.errors import Fault, FaultsError, did_you_mean

DELAYS: Mapping[str, int] = {"none": NONE, "power": POWER, "conical": CONICAL}
"""Delay functions by name: none, Bureau of Public Roads, Spiess's conical."""
Codes = tuple[tuple[Longs, list[str]], ...]
COLUMNS = ("from", "to", "fixed", "delay", "scale", "capacity", "power")


@dataclass(frozen=True, eq=False)
class Network:
    """A directed network with delay functions.

    The cost of arc a to class k is ``fixed_a + extra_ka + D_g(v_g)``: a fixed part, what the class pays
    besides, and the delay of the arc's group g at the group's flow. Arcs of one group (the berths of a
    port, the directions of a gate) share its capacity; most arcs are a group of their own.

    Attributes:
        nodes: Names of the N nodes.
        arcs: One row an arc with at least ``from``, ``to``, ``fixed``, ``delay``, ``scale``, ``capacity``,
            ``power``, ``group``; further columns are carried to the results.
        through: Whether a path may pass through a node, (N,).
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
        """Position of each named node; every name must be the network's."""
        codes, unique = pd.factorize(names)
        found = np.array([self.node_of[str(name)] for name in unique], dtype=np.int32)
        return found[codes]

    @cached_property
    def fixed(self) -> Floats:
        """Fixed cost of each arc, (A,)."""
        return np.ascontiguousarray(self.arcs["fixed"].to_numpy(dtype=np.float64))

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
        """Names of the groups, in order of first appearance."""
        return tuple(self._group_codes[1])

    @cached_property
    def _group_codes(self) -> tuple[Ints, list[str]]:
        codes, names = pd.factorize(self.arcs["group"])
        return codes.astype(np.int32), [str(name) for name in names]

    @cached_property
    def delays(self) -> Delays:
        """Delay functions by group."""
        first = np.unique(self._group_codes[0], return_index=True)[1]
        rows = self.arcs.iloc[first]
        kind: Bytes = np.array([DELAYS[name] for name in rows["delay"]], dtype=np.int8)
        # Copies, because pandas hands out read-only arrays, which kernels would be compiled for anew.
        columns = [np.array(rows[name], dtype=np.float64) for name in ("scale", "capacity", "power")]
        flat = (columns[0] == 0.0) | (kind == NONE)
        kind = np.where(flat, NONE, kind).astype(np.int8)
        capacity = np.where(flat, 1.0, columns[1])
        return Delays(kind, columns[0], capacity, columns[2])


def _by_node(ends: Ints, nodes: int) -> tuple[Ints, Ints]:
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
    """Make a network from a table of arcs; everything wrong in it is told at once.

    Args:
        arcs: Columns ``from``, ``to``, ``fixed``; ``delay`` (``none`` where missing), ``scale``,
            ``capacity``, ``power``; ``group`` (each arc its own where missing); any others.
        nodes: Names of nodes; those of the arcs where not given. An arc to another one is a fault.
        no_through: Nodes that no path may pass through.
        zones: Nodes at which demand may start and end; all where none is named.
        file: Name of the table's file for messages.
        lines: Line of each row in that file; rows are counted from 2 where not given.

    Raises:
        FaultsError: If an arc has an unknown end or delay, a figure that is not finite or is negative, no
            capacity where its delay needs one, or a group whose arcs differ in their delay: such costs
            have no Beckmann function, so that no equilibrium of this kind could be told from another.
    """
    table = _completed(arcs)
    where = np.arange(2, len(table) + 2) if lines is None else lines
    known = list(nodes) if nodes is not None else list(dict.fromkeys([*table["from"], *table["to"]]))
    faults = _arc_faults(table, set(known), file, where)
    names = set(known)
    for kind, given in (("no_through", no_through), ("zones", zones)):
        for name in given:
            if name not in names:
                problem = f"{kind} names the node {name!r}, which the network does not have"
                faults.append(Fault(file, None, kind, problem, did_you_mean(name, names), "node"))
    if faults:
        raise FaultsError(faults)
    closed = set(no_through)
    through = np.array([name not in closed for name in known], dtype=np.bool_)
    return Network(tuple(known), table, through, tuple(zones) or tuple(known))


def _completed(arcs: pd.DataFrame) -> pd.DataFrame:
    table = arcs.reset_index(drop=True)
    for end in ("from", "to"):
        table[end] = table[end].astype(str)
    defaults: dict[str, Any] = {"delay": "none", "scale": 0.0, "capacity": np.inf, "power": 1.0}
    for name, value in defaults.items():
        if name not in table:
            table[name] = value
    if "group" not in table:
        table["group"] = np.arange(len(table))
    table["group"] = table["group"].astype(str)
    return table


def _arc_faults(table: pd.DataFrame, nodes: set[str], file: str, lines: npt.NDArray[np.int64]) -> list[Fault]:
    faults: list[Fault] = []

    def tell(bad: npt.NDArray[np.bool_], field_name: str, problem: str, kind: str) -> None:
        for i in np.flatnonzero(bad):
            cell = table[field_name].iloc[i]
            faults.append(Fault(file, int(lines[i]), field_name, problem.format(cell), "", kind))

    for end in ("from", "to"):
        tell(~table[end].isin(nodes).to_numpy(dtype=bool), end, "no node is called {!r}", "node")
    tell(
        ~table["delay"].isin(list(DELAYS)).to_numpy(dtype=bool),
        "delay",
        "no delay function is called {!r}",
        "delay",
    )
    numbers = {
        name: pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64)
        for name in COLUMNS[2:]
        if name != "delay"
    }
    for name, values in numbers.items():
        limit = ~np.isfinite(values) & ~((name == "capacity") & np.isposinf(values))
        tell(limit, name, "{} is not a finite number", "number")
        tell(values < 0.0, name, "{} is below 0", "negative")
    delayed = (table["delay"] != "none").to_numpy(dtype=bool) & (numbers["scale"] > 0.0)
    tell(delayed & (numbers["capacity"] == 0.0), "capacity", "{} leaves no room for any flow", "capacity")
    conical = (table["delay"] == "conical").to_numpy(dtype=bool)
    tell(
        conical & delayed & (numbers["power"] <= 1.0),
        "power",
        "{} is no steepness: a conical delay needs more than 1",
        "power",
    )
    shared = table.groupby("group", sort=False)[["delay", "scale", "capacity", "power"]].transform(
        "nunique", dropna=False
    )
    problem = "arcs of group {!r} differ in their delay, so their costs have no Beckmann function"
    tell((shared > 1).any(axis=1).to_numpy(dtype=bool), "group", problem, "asymmetric")
    return faults


@dataclass(frozen=True, eq=False)
class Demand:
    """What is to be carried, by origin, destination and class.

    Attributes:
        table: Columns ``origin``, ``destination``, ``class``, ``flow``; one row a triple.
        classes: Names of classes, in order.
        extra: What each class pays on each arc besides the network's fixed cost, (K, A), in its unit; inf
            where the class may not go.
        worth: Multiplies the costs of a class to turn them into money (a value of time), (K,).
    """

    table: pd.DataFrame
    classes: tuple[str, ...] = ("all",)
    extra: Floats | None = None
    worth: Floats = field(default_factory=lambda: np.ones(1))

    @property
    def total(self) -> float:
        """All flow."""
        return float(self.table["flow"].sum())

    def ends(self, network: Network) -> tuple[Ints, Ints, Ints]:
        """Origin, destination and class of each row, as positions."""
        place = {name: k for k, name in enumerate(self.classes)}
        (from_codes, origins), (to_codes, targets), (class_codes, names) = self.codes
        origin = np.array([network.node_of[name] for name in origins], dtype=np.int32)
        target = np.array([network.node_of[name] for name in targets], dtype=np.int32)
        klass = np.array([place[name] for name in names], dtype=np.int32)
        return origin[from_codes], target[to_codes], klass[class_codes]

    @cached_property
    def codes(self) -> Codes:
        """Code of each row and the names coded, of origins, destinations and classes."""
        return codes_of(self.table)

    def some(self, rows: Bools | Longs, flow: Floats | None = None) -> Demand:
        """Some rows, by mask (T,) or position, with other flows (T,) if given."""
        whole = np.arange(len(self.table))
        at = whole[rows]
        table = self.table if np.array_equal(at, whole) else self.table.iloc[at]
        if flow is not None:
            table = table.assign(flow=flow[at])
        part = replace(self, table=table.reset_index(drop=True))
        return part._coded(tuple((codes[at], names) for codes, names in self.codes))

    def reclassed(self, classes: Sequence[str], klass: Longs, extra: Floats | None, worth: Floats) -> Demand:
        """The same rows in other classes, of which ``klass`` (T,) tells the number."""
        names = pd.Series(list(classes), dtype="str").take(klass).set_axis(self.table.index)
        other = Demand(self.table.assign(**{"class": names}), tuple(classes), extra, worth)
        return other._coded((*self.codes[:2], (klass, list(classes))))

    def _coded(self, codes: Codes) -> Demand:
        """This demand, which is new, with codes that need not be looked up: strings take their time."""
        vars(self)["codes"] = codes
        return self


def codes_of(table: pd.DataFrame) -> Codes:
    """Code of each row and the names coded, of ``origin``, ``destination`` and ``class``."""
    found = [pd.factorize(table[column]) for column in ("origin", "destination", "class")]
    return tuple((codes.astype(np.int64), [str(name) for name in names]) for codes, names in found)


def make_demand(
    table: pd.DataFrame,
    network: Network,
    *,
    extra: Mapping[str, Floats] | None = None,
    worth: Mapping[str, float] | None = None,
    file: str = "demand",
    lines: npt.NDArray[np.int64] | None = None,
) -> Demand:
    """Make demand from a table; everything wrong in it is told at once.

    Args:
        table: Columns ``origin``, ``destination``, ``flow`` and, with several classes, ``class``.
            Flows within one zone and flows of zero are left out; repeated triples add up.
        network: Network that carries it.
        extra: What a class pays on each arc besides, (A,) by class name.
        worth: Value of a class's cost unit in money, by class name.
        file: Name of the table's file for messages.
        lines: Line of each row in that file.

    Raises:
        FaultsError: If a flow is negative or not a number, or a zone is not the network's.
    """
    rows = table.reset_index(drop=True)
    where = np.arange(2, len(rows) + 2) if lines is None else lines
    flows = pd.to_numeric(rows["flow"], errors="coerce").to_numpy(dtype=np.float64)
    zones = set(network.zones)
    faults = []
    for end in ("origin", "destination"):
        for i in np.flatnonzero(~rows[end].astype(str).isin(zones).to_numpy(dtype=bool)):
            name = str(rows[end].iloc[i])
            problem = f"the network has no zone {name!r}"
            faults.append(Fault(file, int(where[i]), end, problem, did_you_mean(name, zones), "zone"))
    for i in np.flatnonzero(~(flows >= 0.0) | np.isinf(flows)):
        problem = f"{rows['flow'].iloc[i]} is no flow: a finite number of at least 0 is wanted"
        faults.append(Fault(file, int(where[i]), "flow", problem, "", "flow"))
    if faults:
        raise FaultsError(faults)
    tidy = pd.DataFrame(
        {"origin": rows["origin"].astype(str), "destination": rows["destination"].astype(str)}
    )
    tidy["class"] = rows["class"].astype(str) if "class" in rows else "all"
    tidy["flow"] = flows
    kept = (tidy["flow"] > 0.0) & (tidy["origin"] != tidy["destination"])
    grouped = tidy.loc[kept].groupby(["origin", "destination", "class"], sort=True)["flow"].sum()
    tidy = grouped.reset_index()
    classes = tuple(dict.fromkeys([*(extra or {}), *sorted(set(tidy["class"]))])) or ("all",)
    return Demand(tidy, classes, _stacked(extra, classes, network.size), _worths(worth, classes))


def _stacked(extra: Mapping[str, Floats] | None, classes: tuple[str, ...], arcs: int) -> Floats | None:
    if not extra:
        return None
    stacked = np.vstack([extra.get(name, np.zeros(arcs)) for name in classes])
    bad = np.flatnonzero(np.isnan(stacked).any(axis=1) | (stacked < 0.0).any(axis=1))
    if bad.size:
        names = ", ".join(classes[i] for i in bad)
        raise FaultsError(
            [
                Fault(
                    "demand",
                    None,
                    "extra",
                    f"costs of class {names} are negative or no numbers",
                    "",
                    "number",
                )
            ]
        )
    return np.ascontiguousarray(stacked)


def _worths(worth: Mapping[str, float] | None, classes: tuple[str, ...]) -> Floats:
    return np.array([(worth or {}).get(name, 1.0) for name in classes], dtype=np.float64)
