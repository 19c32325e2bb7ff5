"""Bushes of a demand, and the threads that update them and compute their relative gap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sogdia.assignment.demand import Demand
from sogdia.assignment.kernels import bush
from sogdia.assignment.kernels.arrays import (
    AdjacentArcs,
    Bushes,
    Floats,
    Longs,
    State,
    Work,
    new_work,
)
from sogdia.assignment.network import Network
from sogdia.assignment.thread_pool import ThreadPool

SPARE_ARCS = 64
"""Arcs for which a bush has room beyond those that it is expected to need."""
JOBS_PER_WORKER = 6
"""Parts of the bushes that each thread updates; more than one, as parts differ in time."""
GAP_PARTS = 16
"""Parts of the bushes whose least costs are computed together."""
PARTS_AT_ONCE = 2
"""Parts computed before the bound of the gap is tested; results depend on it, so it is fixed."""
MARGIN = 1.001
"""Factor by which the gap of some parts must exceed the target, against rounding."""


def new_bushes(demand: Demand, network: Network) -> tuple[Bushes, Longs]:
    """Allocate bushes for all pairs of an origin and a class that have demand.

    Returns:
        The bushes, without arcs yet, and the row of ``demand.table`` of each of their demands, (T,).
    """
    origin, destination, user_class = demand.indices(network)
    classes, nodes = len(demand.classes), len(network.nodes)
    pair = origin.astype(np.int64) * classes + user_class
    order = np.argsort(pair * nodes + destination, kind="stable")
    pair = pair[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    count = first.size
    node_at = np.arange(count + 1, dtype=np.int64) * nodes
    capacity = nodes + nodes // 8 + SPARE_ARCS
    arc_at = np.arange(count + 1, dtype=np.int64) * capacity
    bushes = Bushes(
        origin=(pair[first] // classes).astype(np.int32),
        user_class=(pair[first] % classes).astype(np.int32),
        nodes=np.zeros(count, np.int32),
        node_at=node_at,
        order=np.zeros(count * nodes, np.int32),
        ptr=np.zeros(count * (nodes + 1), np.int32),
        arc_at=arc_at,
        arc=np.zeros(count * capacity, np.int32),
        flow=np.zeros(count * capacity),
        demand_ptr=np.r_[first, len(order)].astype(np.int64),
        demand_node=np.ascontiguousarray(destination[order]),
        demand=np.ascontiguousarray(demand.flow[order]),
    )
    return bushes, order.astype(np.int64)


def enlarge_bushes(bushes: Bushes, needed: Longs) -> Bushes:
    """Return the same bushes with larger storage for those that needed more arcs than they had, (B,)."""
    capacity = np.diff(bushes.arc_at)
    larger = np.where(needed > 0, np.maximum(needed + needed // 4 + SPARE_ARCS, capacity), capacity)
    arc_at = np.r_[0, np.cumsum(larger)].astype(np.int64)
    arc, flow = np.zeros(arc_at[-1], np.int32), np.zeros(arc_at[-1])
    for b in range(capacity.size):
        old, new, size = bushes.arc_at[b], arc_at[b], capacity[b]
        arc[new : new + size] = bushes.arc[old : old + size]
        flow[new : new + size] = bushes.flow[old : old + size]
    return bushes._replace(arc_at=arc_at, arc=arc, flow=flow)


class BushWorkers:
    """Threads that update bushes and compute least costs, each with scratch space of its own."""

    def __init__(
        self, pool: ThreadPool, workers: int, gap_parts: int, network: Network, free_flow_costs: Floats
    ) -> None:
        self.gap_parts = gap_parts
        self.pool, self.workers = pool, workers
        self.graph, self.free_flow_costs = network.graph, free_flow_costs
        self.works = [new_work(len(network.nodes), network.size) for _ in range(workers)]
        self.tail, self.head = self.graph.tail[self.graph.in_arc], self.graph.head[self.graph.out_arc]

    def update(self, bushes: Bushes, state: State, needed: Longs) -> None:
        """Update all bushes at the present delays (:func:`sogdia.assignment.kernels.bush.update_bushes`)."""
        in_arcs = AdjacentArcs(self.tail, np.take(self._costs(state), self.graph.in_arc, axis=1))
        count = bushes.origin.size
        parts = 1 if self.workers == 1 else min(count, JOBS_PER_WORKER * self.workers)

        def update_part(part: int, work: Work) -> None:
            first, last = count * part // parts, count * (part + 1) // parts
            bush.update_bushes(
                bushes, self.graph, self.free_flow_costs, state, in_arcs, needed, first, last, work
            )

        self._map(update_part, range(parts))

    def gap(self, bushes: Bushes, flows: Floats, state: State, target: float) -> tuple[float, float]:
        """Compute the relative gap and the minimum cost of all demand, or bounds if the gap exceeds a target.

        ``(Z − Σ_od q_od u_od) / Σ_od q_od u_od`` with Z the total cost and u the least costs. No bush costs
        less than its minimum. Bushes are therefore computed in parts, each a sample of all, until the
        excess of those computed is more than the target allows for all. Then a lower bound of the gap and
        an upper bound of the minimum cost, Z, are returned.

        Args:
            bushes: The bushes.
            flows: Their flows by class and arc, (K, A).
            state: Flows and delays of the capacity groups.
            target: Gap above which bounds suffice.
        """
        costs = self._costs(state)
        used = flows > 0.0
        total_cost = float((flows[used] * costs[used]).sum())
        out_arcs = AdjacentArcs(self.head, np.take(costs, self.graph.out_arc, axis=1))
        by_bush, least = np.zeros(bushes.origin.size), np.zeros(bushes.origin.size)

        def cost_part(part: int, work: Work) -> None:
            bush.bush_costs(
                bushes, self.graph, self.free_flow_costs, state, out_arcs, by_bush, least, part,
                self.gap_parts, work,
            )  # fmt: skip

        for part in range(0, self.gap_parts, PARTS_AT_ONCE):
            self._map(cost_part, range(part, min(part + PARTS_AT_ONCE, self.gap_parts)))
            cost, min_cost = float(by_bush.sum()), float(least.sum())
            if min_cost > 0.0 and cost - min_cost > MARGIN * target * total_cost:
                return (cost - min_cost) / total_cost, total_cost
        return ((total_cost - min_cost) / min_cost if min_cost > 0.0 else 0.0), min_cost

    def _costs(self, state: State) -> Floats:
        """Cost of each arc to each class at present delays, (K, A)."""
        return np.asarray(self.free_flow_costs + state.delay[self.graph.group])

    def _map(self, task: Callable[[int, Work], None], parts: range) -> None:
        def job(n: int) -> None:
            work = self.works.pop()
            task(parts[n], work)
            self.works.append(work)

        self.pool.map(job, len(parts))
