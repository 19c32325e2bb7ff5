"""User equilibrium and system optimum by bushes.

A flow is in user equilibrium if all used paths of an origin, destination and class have the least cost
(Wardrop 1952). With symmetric delays it minimises Beckmann's objective, a convex function (Beckmann,
McGuire & Winsten 1956). It is found by Algorithm B (Dial 2006; Nie 2010;
:mod:`sogdia.assignment.kernels.bush`); if the gap falls slowly, Newton steps for many pairs of segments at
once are added (:mod:`sogdia.assignment.newton_step`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sogdia.assignment.bushes import GAP_PARTS, BushWorkers, enlarge_bushes, new_bushes
from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import bush, bush_skims
from sogdia.assignment.kernels.arrays import (
    Bools,
    Bushes,
    Delays,
    Floats,
    Ints,
    Longs,
    SegmentPairs,
    State,
    Work,
    new_segment_pairs,
    new_work,
)
from sogdia.assignment.kernels.delay import CONICAL, CONICAL_MARGINAL, POWER, refresh
from sogdia.assignment.network import Network
from sogdia.assignment.newton_step import StoredPairs, copy_pairs, shift_pairs_together
from sogdia.assignment.overloads import overloads_of
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.numerics import Convergence, NotConvergedError, Step

MEASURE = "relative gap"
SHIFT_TOLERANCE = 0.02
"""Cost difference of segments that counts as equal, relative to the gap times the mean cost of a path."""
INITIAL_GAP = 0.1
"""Gap assumed for the tolerance of the first iteration."""
ROUNDS = (1, 2, 2, 3)
"""Most rounds of shifts over all bushes after the first updates; the last number holds for all later ones.

Early on bushes lack arcs that they will use: an update then gains more than equalising once more.
"""
REPETITIONS, REPETITIONS_SLOW = 5, 25
"""Passes over the pairs of segments after each round: normally, and if the gap falls slowly."""
SERIAL_BELOW = 200_000
"""Arcs times bushes below which a second thread takes more time than it saves."""
STALLED = 60
"""Iterations without the gap halving after which the assignment stops."""
SLOW_FROM, SLOW_SPAN, SLOW_REDUCTION = 9, 4, 0.05
"""From this iteration on the gap falls slowly if in a span of so many it has not fallen to this part."""
PAIR_SETS = 5
"""Sets of pairs collected for common Newton steps, if the gap falls slowly."""
BOUNDED = 20
"""Iterations that may end with a bound of the gap; later gaps are exact, as the stall test needs."""


def marginal_delays(delays: Delays) -> Delays:
    """Return marginal delays ``D(v) + v D'(v)``; the user equilibrium at these is the system optimum.

    For the power function ``s x^p`` this is ``(1 + p) s x^p`` (Sheffi 1985). With a preload, v is preload and
    flow together: the optimum is that of all traffic.
    """
    scale = np.where(delays.kind == POWER, delays.scale * (1.0 + delays.power), delays.scale)
    kind = np.where(delays.kind == CONICAL, CONICAL_MARGINAL, delays.kind).astype(np.int8)
    return Delays(kind, scale, delays.capacity, delays.power, delays.preload)


@dataclass(frozen=True, eq=False)
class BushLoading:
    """Network loading of solved bushes.

    Attributes:
        network: The network.
        free_flow_costs: Free-flow cost of each arc to each class, (K, A).
        bushes: The bushes.
        flows: Flow by class and arc, (K, A).
        delay: Delay of each capacity group, (G,).
        order: Row of the demand's table of each of the bushes' demands, (T,).
    """

    network: Network
    free_flow_costs: Floats
    bushes: Bushes
    flows: Floats
    delay: Floats
    order: Longs

    def mean(self, values: Floats) -> Floats:
        """Return the flow-weighted mean of ``values`` (K, A), summed along the paths of each row, (T,)."""
        out = np.empty(self.order.size)
        work = new_work(len(self.network.nodes), self.network.size)
        bush_skims.mean_along(
            self.bushes, self.network.graph, self.free_flow_costs, self.delay, values, work, out
        )
        return self._by_row(out)

    def share(self, chosen: Bools) -> Floats:
        """Return the share of each row's flow that uses at least one of the chosen arcs (A,), (T,)."""
        out = np.empty(self.order.size)
        work = new_work(len(self.network.nodes), self.network.size)
        bush_skims.share_through(self.bushes, self.network.graph, chosen, work, out)
        return self._by_row(out)

    def each_share(self, sets: Bools) -> Iterator[Floats]:
        """Yield the share of each row's flow that uses each of N sets of arcs (N, A), (T,)."""
        return (self.share(np.ascontiguousarray(chosen)) for chosen in sets)

    def flows_by_area(self, amount: Floats, area: Ints) -> Floats:
        """Return flows by class and arc, (K, A), where the flow of a row differs by area.

        Args:
            amount: Flow of each row on the arcs of each area, (T, N).
            area: Area of each arc, −1 if it is in none and carries nothing, (A,).
        """
        work = new_work(len(self.network.nodes), self.network.size)
        out, of_area = np.zeros_like(self.flows), np.empty_like(self.flows)
        for n in range(amount.shape[1]):
            of_area[:] = 0.0
            of_demand = np.ascontiguousarray(amount[self.order, n])
            bush_skims.flows_of(self.bushes, self.network.graph, of_demand, work, of_area)
            out[:, area == n] = of_area[:, area == n]
        return out

    def _by_row(self, values: Floats) -> Floats:
        rows = np.empty(values.size)
        rows[self.order] = values
        return rows


def solve_user_equilibrium(
    network: Network, demand: Demand, settings: AssignmentSettings, delays: Delays
) -> tuple[BushLoading, State, Convergence]:
    """Find the user equilibrium.

    The relative gap is ``(Σ_a Σ_k v_ka c_ka − Σ_od q_od u_od) / Σ_od q_od u_od`` with u the least costs at
    the same flows. The gap recorded for an early iteration may be a lower bound, computed from as many
    bushes as show that it exceeds the tolerance; that of the last one is exact.

    Args:
        network: The network.
        demand: Demand, every row of which has a path (:func:`sogdia.assignment.connectivity.has_path`).
        settings: Tolerance, iterations, threads.
        delays: Delay functions: the network's own, or :func:`marginal_delays` of them.

    Returns:
        Loading, state of the capacity groups, and convergence record.

    Raises:
        NotConvergedError: If the tolerance is not reached; the error carries the record.
    """
    started = time.perf_counter()
    graph, costs = network.graph, free_flow_costs(network, demand)
    bushes, order = new_bushes(demand, network)
    groups = delays.kind.size
    state = State(np.zeros(groups), np.zeros(groups), np.zeros(groups))
    work = new_work(len(network.nodes), network.size)
    pairs = new_segment_pairs(bushes, len(network.nodes))
    refresh(delays, state)
    pred = np.empty(len(network.nodes), np.int32)
    bush.initialise_bushes(bushes, graph, costs, delays, state, work, pred, 0, bushes.origin.size)
    flows = np.zeros_like(costs)
    needed = np.zeros(bushes.origin.size, np.int64)
    steps: list[Step] = []
    delayed = float((state.flow * state.delay).sum())
    tolerance = SHIFT_TOLERANCE * INITIAL_GAP * delayed / max(demand.total, 1e-300)
    small = network.size * bushes.origin.size < SERIAL_BELOW
    workers, parts = (1, 1) if small else (settings.workers, GAP_PARTS)
    with ThreadPool(workers) as pool:
        threads = BushWorkers(pool, workers, parts, network, costs)
        for iteration in range(1, settings.max_iterations + 1):
            threads.update(bushes, state, needed)
            rounds = ROUNDS[min(iteration, len(ROUNDS)) - 1]
            shifting = _Shifting(network, costs, delays, work, pairs, tolerance, rounds, _is_slow(steps))
            shifting.run(bushes, state, flows)
            target = settings.gap if iteration < min(BOUNDED, settings.max_iterations) else np.inf
            gap, min_cost = threads.gap(bushes, flows, state, target)
            steps.append(Step(iteration, gap, time.perf_counter() - started))
            if gap <= settings.gap:
                record = Convergence(MEASURE, settings.gap, tuple(steps))
                return BushLoading(network, costs, bushes, flows, state.delay, order), state, record
            if _is_stalled(steps[BOUNDED:]):
                break
            tolerance = SHIFT_TOLERANCE * max(gap, 1e-15) * min_cost / max(demand.total, 1e-300)
            if needed.any():
                bushes = enlarge_bushes(bushes, needed)
                needed[:] = 0
    record = Convergence(MEASURE, settings.gap, tuple(steps))
    raise NotConvergedError(record, overloads_of(network, state.flow))


@dataclass(frozen=True, eq=False)
class _Shifting:
    """Flow shifts of one iteration.

    Attributes:
        network: The network.
        free_flow_costs: Free-flow costs, (K, A).
        delays: Delay functions.
        work: Scratch space.
        pairs: Storage for pairs of segments.
        tolerance: Cost difference of segments that counts as equal.
        rounds: Most rounds of shifts.
        is_slow: The gap falls slowly: more passes over the pairs, and Newton steps for all of them at once.
    """

    network: Network
    free_flow_costs: Floats
    delays: Delays
    work: Work
    pairs: SegmentPairs
    tolerance: float
    rounds: int
    is_slow: bool

    def run(self, bushes: Bushes, state: State, flows: Floats) -> None:
        """Shift flow within the bushes until segments cost the same, and sum the flows, (K, A)."""
        graph, active = self.network.graph, np.ones(bushes.origin.size, np.bool_)
        repetitions = REPETITIONS_SLOW if self.is_slow else REPETITIONS
        bush.shift_flows(
            bushes, graph, self.free_flow_costs, self.delays, state, self.work, self.pairs, self.tolerance,
            self.rounds, repetitions, active,
        )  # fmt: skip
        bush.sum_flows(bushes, graph, flows, state)
        refresh(self.delays, state)
        if self.is_slow:
            self._newton_steps(bushes, state, active)
            bush.sum_flows(bushes, graph, flows, state)
            refresh(self.delays, state)

    def _newton_steps(self, bushes: Bushes, state: State, active: Bools) -> None:
        graph, known = self.network.graph, list[StoredPairs]()
        for _ in range(PAIR_SETS):
            # With an infinite tolerance this collects the pairs of all bushes and shifts no flow.
            bush.shift_flows(
                bushes, graph, self.free_flow_costs, self.delays, state, self.work, self.pairs, np.inf, 1, 0,
                active,
            )  # fmt: skip
            known.append(copy_pairs(self.pairs))
            if not shift_pairs_together(bushes, graph, self.free_flow_costs, self.delays, state, known):
                break


def _is_slow(steps: list[Step]) -> bool:
    """Test whether the gap falls slowly."""
    return len(steps) >= SLOW_FROM and steps[-1].residual > SLOW_REDUCTION * steps[-1 - SLOW_SPAN].residual


def _is_stalled(steps: list[Step]) -> bool:
    """Test whether the gap has not halved in the last ``STALLED`` iterations."""
    if len(steps) <= STALLED:
        return False
    best_before = min(step.residual for step in steps[:-STALLED])
    return min(step.residual for step in steps[-STALLED:]) > 0.5 * best_before
