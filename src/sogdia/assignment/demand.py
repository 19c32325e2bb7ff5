"""Demand by origin, destination and user class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs
from sogdia.assignment.network import Network
from sogdia.errors import Fault, FaultsError, did_you_mean
from sogdia.tables.summary import ShortRepr

COLUMNS = ("origin", "destination", "class")
LabelCodes = tuple[tuple[Longs, list[str]], ...]
"""For origins, destinations and classes: code of each row, (T,), and the label of each code."""


@dataclass(frozen=True, eq=False, repr=False)
class Demand(ShortRepr):
    """Flows between zones, by user class: T rows, one per triple of origin, destination and class.

    Attributes:
        codes: For origins, destinations and classes: code of each row and the label of each code.
        flow: Flow of each row, (T,).
        classes: Names of the K user classes, in order.
        class_cost: Cost of each arc that is specific to a class, added to the free-flow cost, (K, A), in
            the unit of cost; infinite where the arc is closed to the class. ``None`` for none.
        value_of_time: Money per unit of cost, by class, (K,); for freight in hours, USD/(t·h).
    """

    codes: LabelCodes
    flow: Floats
    classes: tuple[str, ...] = ("all",)
    class_cost: Floats | None = None
    value_of_time: Floats = field(default_factory=lambda: np.ones(1))

    @property
    def size(self) -> int:
        """Number T of rows."""
        return int(self.flow.size)

    @property
    def total(self) -> float:
        """Sum of all flows."""
        return float(self.flow.sum())

    @property
    def table(self) -> pd.DataFrame:
        """Columns ``origin``, ``destination``, ``class``, ``flow``; computed at each call."""
        labels = {
            column: pd.Series(names, dtype="str").take(codes).reset_index(drop=True)
            for column, (codes, names) in zip(COLUMNS, self.codes, strict=True)
        }
        return pd.DataFrame(labels).assign(flow=self.flow)

    def indices(self, network: Network) -> tuple[Ints, Ints, Ints]:
        """Return origin and destination (positions of nodes) and class (number) of each row, (T,) each."""
        class_number = {name: k for k, name in enumerate(self.classes)}
        (from_codes, origins), (to_codes, destinations), (class_codes, names) = self.codes
        origin = np.array([network.node_of[name] for name in origins], dtype=np.int32)
        destination = np.array([network.node_of[name] for name in destinations], dtype=np.int32)
        user_class = np.array([class_number[name] for name in names], dtype=np.int32)
        return origin[from_codes], destination[to_codes], user_class[class_codes]

    def subset(self, rows: Bools | Longs, flow: Floats | None = None) -> Demand:
        """Return some rows, by mask (T,) or position, with other flows (T,) if given."""
        every = np.arange(self.size)
        at = every[rows]
        codes = self.codes
        if not np.array_equal(at, every):
            codes = tuple((of_row[at], names) for of_row, names in codes)
        return replace(self, codes=codes, flow=(self.flow if flow is None else flow)[at])

    def with_table(self, table: pd.DataFrame) -> Demand:
        """Return other rows, with the columns of :attr:`table`, of the same classes."""
        return replace(self, codes=label_codes(table), flow=_flows(table))

    def with_classes(
        self, classes: Sequence[str], user_class: Longs, class_cost: Floats | None, value_of_time: Floats
    ) -> Demand:
        """Return the same rows in other user classes.

        Args:
            classes: Names of the classes.
            user_class: Number of each row's class, (T,).
            class_cost: See :class:`Demand`.
            value_of_time: See :class:`Demand`.
        """
        codes = (*self.codes[:2], (user_class, list(classes)))
        return Demand(codes, self.flow, tuple(classes), class_cost, value_of_time)


def _flows(table: pd.DataFrame) -> Floats:
    # A copy: pandas returns a read-only array, for which numba would compile the kernels a second time.
    return np.array(table["flow"], dtype=np.float64)


def label_codes(table: pd.DataFrame) -> LabelCodes:
    """Factorise the columns ``origin``, ``destination`` and ``class`` of a table of demand."""
    factors = [pd.factorize(table[column]) for column in COLUMNS]
    return tuple((codes.astype(np.int64), [str(name) for name in names]) for codes, names in factors)


def make_demand(
    table: pd.DataFrame,
    network: Network,
    *,
    class_cost: Mapping[str, Floats] | None = None,
    value_of_time: Mapping[str, float] | None = None,
    file: str = "demand",
    lines: npt.NDArray[np.int64] | None = None,
) -> Demand:
    """Make demand from a table, and report all errors in it at once.

    Args:
        table: Columns ``origin``, ``destination``, ``flow`` and, for several classes, ``class``. Flows
            within one zone and flows of zero are left out; flows of repeated triples are added.
        network: Network that carries it.
        class_cost: Cost of each arc that is specific to a class, (A,) by class name; 0 by default.
        value_of_time: Money per unit of cost, by class name; 1 by default.
        file: Name of the table's file for messages.
        lines: Line of each row in that file; rows are counted from 2 by default.

    Raises:
        FaultsError: If a flow is negative or not a number, a zone is unknown, or a class cost is negative
            or not a number.
    """
    rows = table.reset_index(drop=True)
    line_of = np.arange(2, len(rows) + 2) if lines is None else lines
    flows = pd.to_numeric(rows["flow"], errors="coerce").to_numpy(dtype=np.float64)
    faults = _row_faults(rows, flows, set(network.zones), file, line_of)
    if faults:
        raise FaultsError(faults)
    tidy = pd.DataFrame(
        {"origin": rows["origin"].astype(str), "destination": rows["destination"].astype(str)}
    )
    tidy["class"] = rows["class"].astype(str) if "class" in rows else "all"
    tidy["flow"] = flows
    used = (tidy["flow"] > 0.0) & (tidy["origin"] != tidy["destination"])
    grouped = tidy.loc[used].groupby(["origin", "destination", "class"], sort=True)["flow"].sum()
    tidy = grouped.reset_index()
    classes = tuple(dict.fromkeys([*(class_cost or {}), *sorted(set(tidy["class"]))])) or ("all",)
    values = np.array([(value_of_time or {}).get(name, 1.0) for name in classes], dtype=np.float64)
    costs = _class_costs(class_cost, classes, network.size, file)
    return Demand(label_codes(tidy), _flows(tidy), classes, costs, values)


def _row_faults(
    rows: pd.DataFrame, flows: Floats, zones: set[str], file: str, line_of: npt.NDArray[np.int64]
) -> list[Fault]:
    faults = []
    for end in ("origin", "destination"):
        for i in np.flatnonzero(~rows[end].astype(str).isin(zones).to_numpy(dtype=bool)):
            name = str(rows[end].iloc[i])
            problem = f"unknown zone {name!r}"
            faults.append(Fault(file, int(line_of[i]), end, problem, did_you_mean(name, zones), "zone"))
    for i in np.flatnonzero(~(flows >= 0.0) | np.isinf(flows)):
        problem, fix = f"{rows['flow'].iloc[i]} is not a flow", "expected a finite number >= 0"
        faults.append(Fault(file, int(line_of[i]), "flow", problem, fix, "flow"))
    return faults


def _class_costs(
    by_class: Mapping[str, Floats] | None, classes: tuple[str, ...], arcs: int, file: str
) -> Floats | None:
    """Stack the costs of the classes, (K, A); ``None`` if no class has any."""
    if not by_class:
        return None
    stacked = np.vstack([by_class.get(name, np.zeros(arcs)) for name in classes])
    bad = np.flatnonzero(np.isnan(stacked).any(axis=1) | (stacked < 0.0).any(axis=1))
    if bad.size:
        names = ", ".join(classes[i] for i in bad)
        problem = f"costs of class {names} are negative or not numbers"
        raise FaultsError([Fault(file, None, "class_cost", problem, "expected costs >= 0", "number")])
    return np.ascontiguousarray(stacked)


def free_flow_costs(network: Network, demand: Demand) -> Floats:
    """Compute the free-flow cost of each arc to each class, ``free_flow_cost_a + class_cost_ka``, (K, A)."""
    if demand.class_cost is None:
        return np.ascontiguousarray(np.repeat(network.free_flow_cost[None, :], len(demand.classes), axis=0))
    return np.ascontiguousarray(network.free_flow_cost[None, :] + demand.class_cost)
