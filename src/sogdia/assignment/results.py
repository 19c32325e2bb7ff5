"""Results of an assignment: flows, costs, skims, select-link analysis, undelivered demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints
from sogdia.assignment.kernels.delay import integrals
from sogdia.assignment.network import Network
from sogdia.assignment.settings import AssignmentSettings
from sogdia.errors import UnknownNameError
from sogdia.numerics import Convergence
from sogdia.tables.summary import ShortRepr

BALANCE = 1e-8
"""Tolerated imbalance of a node, relative to total demand."""


class Loading(Protocol):
    """The network loading of an algorithm: flows, and means and shares over the paths of each row."""

    @property
    def flows(self) -> Floats:
        """Flow of each class on each arc, (K, A)."""
        ...

    def mean(self, values: Floats) -> Floats:
        """Return the flow-weighted mean of ``values`` (K, A), summed along the paths of each row, (T,)."""
        ...

    def share(self, chosen: Bools) -> Floats:
        """Return the share of each row's flow that uses at least one of the chosen arcs (A,), (T,)."""
        ...

    def each_share(self, sets: Bools) -> Iterator[Floats]:
        """Yield the share of each row's flow that uses each of N sets of arcs (N, A), (T,)."""
        ...

    def flows_by_area(self, amount: Floats, area: Ints) -> Floats:
        """Return flows by class and arc, (K, A), where the flow of a row differs by area.

        Args:
            amount: Flow of each row on the arcs of each area, (T, N).
            area: Area of each arc, −1 if it is in none and carries nothing, (A,).
        """
        ...


@dataclass(frozen=True, eq=False, repr=False)
class AssignmentResult(ShortRepr):
    """A solved assignment.

    Attributes:
        network: The network.
        demand: The demand that was delivered; rows without a path are left out.
        undelivered: Rows of demand without a path: ``origin``, ``destination``, ``class``, ``flow``.
        settings: Algorithm and tolerance.
        convergence: Record of the iteration.
        group_flow: Flow of each capacity group, (G,).
        delay: Delay of each capacity group, (G,).
        loading: Network loading of the algorithm.
    """

    network: Network
    demand: Demand
    undelivered: pd.DataFrame
    settings: AssignmentSettings
    convergence: Convergence
    group_flow: Floats
    delay: Floats
    loading: Loading

    @cached_property
    def flows(self) -> Floats:
        """Flow of each class on each arc, (K, A); node balance is asserted at the first access."""
        flows = self.loading.flows
        assert_balance(self.network, self.demand, flows)
        return flows

    @cached_property
    def free_flow_costs(self) -> Floats:
        """Free-flow cost of each arc to each class, the class cost included, (K, A)."""
        return free_flow_costs(self.network, self.demand)

    @cached_property
    def costs(self) -> Floats:
        """Cost of each arc to each class at these flows, (K, A)."""
        return np.asarray(self.free_flow_costs + self.delay[self.network.graph.group])

    @cached_property
    def objective(self) -> float:
        """Beckmann's objective ``Σ_k Σ_a v_ka (free_flow_cost_a + class_cost_ka) + Σ_g ∫₀^{v_g} D_g``.

        In the unit of cost times flow, without the classes' values of time (Beckmann, McGuire & Winsten
        1956; Sheffi 1985).
        """
        areas = np.empty(self.group_flow.size)
        integrals(self.network.delays, self.group_flow, areas)
        return _used_sum(self.flows, self.free_flow_costs) + float(areas.sum())

    @property
    def total_cost(self) -> float:
        """Total cost ``Σ_k Σ_a v_ka c_ka``, in the unit of cost times flow."""
        return _used_sum(self.flows, self.costs)

    def links(self) -> pd.DataFrame:
        """Return the arcs with ``flow``, ``cost`` (free-flow cost and delay), ``delay_cost`` and ``v_c``.

        ``v_c`` is preload and flow over capacity.
        """
        group = self.network.graph.group
        table = self.network.arcs.copy()
        table["flow"] = self.flows.sum(axis=0)
        table["cost"] = self.network.free_flow_cost + self.delay[group]
        table["delay_cost"] = self.delay[group]
        delays = self.network.delays
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.where(delays.kind > 0, (delays.preload + self.group_flow) / delays.capacity, 0.0)
        table["v_c"] = ratio[group]
        return table

    def od(self) -> pd.DataFrame:
        """Return the demand with its mean ``cost``, in the unit of cost, and ``cost_money``, in money."""
        table = self.demand.table.copy()
        table["cost"] = self.loading.mean(np.where(np.isfinite(self.costs), self.costs, 0.0))
        value_of_time = dict(zip(self.demand.classes, self.demand.value_of_time.tolist(), strict=True))
        table["cost_money"] = table["cost"] * table["class"].map(value_of_time)
        return table

    def skim(self, column: str) -> Floats:
        """Return the flow-weighted mean of a column of the arcs, summed along the paths of each row, (T,).

        Raises:
            UnknownNameError: If the arcs have no such column.
        """
        if column not in self.network.arcs:
            raise UnknownNameError("column of arcs", column, map(str, self.network.arcs.columns))
        values = self.network.arcs[column].to_numpy(dtype=np.float64)
        return self.loading.mean(
            np.ascontiguousarray(np.repeat(values[None, :], len(self.demand.classes), axis=0))
        )

    def select(self, chosen: Bools) -> pd.DataFrame:
        """Return the demand with the ``share`` and ``selected`` flow that uses chosen arcs (select-link).

        For a single arc the selected flows sum to the arc's flow. With several, a path that uses two of
        them counts once.

        Args:
            chosen: Mask of arcs, (A,).
        """
        table = self.demand.table.copy()
        table["share"] = self.loading.share(np.ascontiguousarray(chosen, dtype=np.bool_))
        table["selected"] = table["share"] * table["flow"]
        return table


def _used_sum(flows: Floats, costs: Floats) -> float:
    used = flows > 0.0
    return float((flows[used] * costs[used]).sum())


def assert_balance(network: Network, demand: Demand, flows: Floats) -> None:
    """Assert that inflow and origins equal outflow and destinations, at each node and for each class.

    A violation is a defect of the solver, never an error of the user.

    Raises:
        AssertionError: If a node is out of balance by more than the tolerance.
    """
    origin, destination, user_class = demand.indices(network)
    flow = demand.flow
    for k in range(flows.shape[0]):
        net = np.bincount(network.graph.head, weights=flows[k], minlength=len(network.nodes))
        net -= np.bincount(network.graph.tail, weights=flows[k], minlength=len(network.nodes))
        of_class = user_class == k
        net += np.bincount(origin[of_class], weights=flow[of_class], minlength=len(network.nodes))
        net -= np.bincount(destination[of_class], weights=flow[of_class], minlength=len(network.nodes))
        worst = float(np.abs(net).max(initial=0.0))
        if worst > BALANCE * max(demand.total, 1.0):
            name = network.nodes[int(np.abs(net).argmax())]
            raise AssertionError(f"node {name} is out of balance by {worst:g} for class {demand.classes[k]}")
