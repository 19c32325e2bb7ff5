"""The result of an assignment: flows, costs, skims, select-link, what was not delivered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.assignment.kernels.delay import integrals
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.errors import UnknownNameError
from sogdia.numerics import Convergence

BALANCE = 1e-8
"""Part of all flow by which a node may be out of balance."""


class Loading(Protocol):
    """What an algorithm tells of the paths of each row of demand."""

    @property
    def flows(self) -> Floats:
        """Flow of each class on each arc, (K, A)."""
        ...

    def mean(self, values: Floats) -> Floats:
        """Mean of ``values`` (K, A) summed along the paths of each row, weighted by flow."""
        ...

    def share(self, chosen: Bools) -> Floats:
        """Share of each row's flow that passes at least one of the chosen arcs (A,)."""
        ...


@dataclass(frozen=True, eq=False)
class AssignmentResult:
    """A solved assignment.

    Attributes:
        network: The network.
        demand: What was carried: rows without a path are not in it.
        undelivered: Rows of demand without a path: ``origin``, ``destination``, ``class``, ``flow``.
        settings: What was asked for.
        convergence: How the iteration ended.
        group_flow: Flow of each group, (G,).
        delay: Delay of each group, (G,).
        loading: What is known of the paths of each row of demand.
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
        """Flow of each class on each arc, (K, A), in balance; summed when first looked at."""
        flows = self.loading.flows
        assert_balance(self.network, self.demand, flows)
        return flows

    @cached_property
    def base(self) -> Floats:
        """Cost of each arc to each class but for delays, (K, A)."""
        return base_costs(self.network, self.demand)

    @cached_property
    def costs(self) -> Floats:
        """Cost of each arc to each class at these flows, (K, A)."""
        return np.asarray(self.base + self.delay[self.network.graph.group])

    @cached_property
    def objective(self) -> float:
        """Beckmann's objective ``Σ_k Σ_a v_ka (fixed_a + extra_ka) + Σ_g ∫₀^{v_g} D_g``.

        Classes weigh by their flow in the unit of cost, so costs of classes with different ``worth``
        are each in their own unit (Beckmann, McGuire & Winsten 1956; Sheffi 1985).
        """
        areas = np.empty(self.group_flow.size)
        integrals(self.network.delays, self.group_flow, areas)
        return _used_sum(self.flows, self.base) + float(areas.sum())

    @property
    def total_cost(self) -> float:
        """Cost of all flow, ``Σ_k Σ_a v_ka c_ka``."""
        return _used_sum(self.flows, self.costs)

    def links(self) -> pd.DataFrame:
        """The network's arcs with ``flow``, ``cost`` (fixed and delay), ``delay_cost`` and ``v_c``."""
        group = self.network.graph.group
        table = self.network.arcs.copy()
        table["flow"] = self.flows.sum(axis=0)
        table["cost"] = self.network.fixed + self.delay[group]
        table["delay_cost"] = self.delay[group]
        delays = self.network.delays
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.where(delays.kind > 0, self.group_flow / delays.capacity, 0.0)
        table["v_c"] = ratio[group]
        return table

    def od(self) -> pd.DataFrame:
        """Demand with its mean cost in the class's unit and in money (``cost``, ``cost_money``)."""
        table = self.demand.table.copy()
        table["cost"] = self.loading.mean(np.where(np.isfinite(self.costs), self.costs, 0.0))
        worth = dict(zip(self.demand.classes, self.demand.worth.tolist(), strict=True))
        table["cost_money"] = table["cost"] * table["class"].map(worth)
        return table

    def skim(self, column: str) -> Floats:
        """Mean sum of a column of the arcs along the paths of each row of demand, weighted by flow.

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
        """Select-link: demand with the ``share`` and ``selected`` flow that passes chosen arcs.

        For a single arc the selected flows sum to the arc's flow; for several, a path that passes two
        counts once.
        """
        table = self.demand.table.copy()
        table["share"] = self.loading.share(np.ascontiguousarray(chosen, dtype=np.bool_))
        table["selected"] = table["share"] * table["flow"]
        return table


def _used_sum(flows: Floats, costs: Floats) -> float:
    used = flows > 0.0
    return float((flows[used] * costs[used]).sum())


def assert_balance(network: Network, demand: Demand, flows: Floats) -> None:
    """Assert that at each node and for each class what enters and starts equals what leaves and ends.

    A violation is a mistake of the solver's, never of the user's.
    """
    origin, target, klass = demand.ends(network)
    flow = demand.table["flow"].to_numpy(dtype=np.float64)
    for k in range(flows.shape[0]):
        net = np.bincount(network.graph.head, weights=flows[k], minlength=len(network.nodes))
        net -= np.bincount(network.graph.tail, weights=flows[k], minlength=len(network.nodes))
        mine = klass == k
        net += np.bincount(origin[mine], weights=flow[mine], minlength=len(network.nodes))
        net -= np.bincount(target[mine], weights=flow[mine], minlength=len(network.nodes))
        worst = float(np.abs(net).max(initial=0.0))
        if worst > BALANCE * max(demand.total, 1.0):
            name = network.nodes[int(np.abs(net).argmax())]
            raise AssertionError(f"node {name} is out of balance by {worst:g} for class {demand.classes[k]}")
