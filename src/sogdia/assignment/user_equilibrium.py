"""User equilibrium and system optimum by bushes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sogdia.assignment.kernels import bush, inspect
from sogdia.assignment.kernels.arrays import (
    Bools,
    Bushes,
    Delays,
    Floats,
    Graph,
    Ints,
    Longs,
    Pairs,
    Sides,
    State,
    Work,
    new_pairs,
    new_work,
)
from sogdia.assignment.kernels.delay import CONICAL, CONICAL_MARGINAL, POWER, refresh
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.newton_step import Kept, kept_pairs, step_together
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.numerics import Convergence, NotConvergedError, Step

FACTOR = 0.02
"""Spread of costs at a node that a sweep leaves alone, as a part of gap times mean cost."""
ROUNDS = 3
"""Shifts of whole bushes between two improvements."""
AGAIN = 5
"""How often the pairs of ways that a round of shifts met are evened out after it."""
START = 0.1
SPARE = 64
SERIAL_BELOW = 200_000
"""Arcs times bushes under which a second thread costs more than it saves."""
STALLED = 60
EARLY, LATE, SLOW = 9, 4, 0.05
"""The gap falls slowly where, after some iterations, it has not come down to this part in so many of them."""
OFTENER = 25
"""How often pairs are evened out after each round where the gap falls slowly."""
SETS = 5
"""Times that pairs are taken up anew for steps together, where the gap falls slowly."""
BOUNDED = 20
"""Iterations that may end with a bound of the gap; later gaps are exact, so that a stall can be told."""
SHARES = 6
"""Parts of the bushes that each thread improves; more than one, as one of them may be held up."""
PARTS = 16
"""Parts of the bushes in which least costs are looked up."""
AT_ONCE = 2
"""Parts looked at before it is asked whether the gap is surely too wide; as results hang on it, fixed."""
SURELY = 1.001
"""By how much the gap of a part must be above the target, against rounding."""


def marginal(delays: Delays) -> Delays:
    """Delays plus flow times slope: user equilibrium under these is the system optimum.

    ``D(v) + v D'(v)``: for ``s x^p`` it is ``(1 + p) s x^p``.
    """
    scale = np.where(delays.kind == POWER, delays.scale * (1.0 + delays.power), delays.scale)
    kind = np.where(delays.kind == CONICAL, CONICAL_MARGINAL, delays.kind).astype(np.int8)
    return Delays(kind, scale, delays.capacity, delays.power)


@dataclass(frozen=True, eq=False)
class BushLoading:
    """Flows of an assignment by bushes, and what they say of each demand.

    Attributes:
        network: The network.
        base: Cost of each arc to each class but for delays, (K, A).
        bushes: The bushes.
        flows: Flow by class and arc, (K, A).
        delay: Delay of each group, (G,).
        order: Row of the demand's table that each of the bushes' demands is.
    """

    network: Network
    base: Floats
    bushes: Bushes
    flows: Floats
    delay: Floats
    order: Longs

    def mean(self, values: Floats) -> Floats:
        """Mean of ``values`` (K, A) summed along the paths of each row of demand, weighted by flow."""
        out = np.empty(self.order.size)
        work = new_work(len(self.network.nodes), self.network.size)
        inspect.mean_along(self.bushes, self.network.graph, self.base, self.delay, values, work, out)
        return self._by_row(out)

    def share(self, chosen: Bools) -> Floats:
        """Share of each row's flow that passes at least one of the chosen arcs (A,)."""
        out = np.empty(self.order.size)
        work = new_work(len(self.network.nodes), self.network.size)
        inspect.share_through(self.bushes, self.network.graph, chosen, work, out)
        return self._by_row(out)

    def _by_row(self, values: Floats) -> Floats:
        rows = np.empty(values.size)
        rows[self.order] = values
        return rows


def deliverable(network: Network, demand: Demand) -> Bools:
    """Whether each row of demand has a path at all.

    What reaches the best connected node, and is reached from it, has one by way of it: two looks at the
    network suffice for nearly all rows. For the others each origin is looked at. Classes to which the same
    arcs are closed reach the same nodes, and are looked at together.
    """
    graph, base = network.graph, base_costs(network, demand)
    origin, target, klass = demand.ends(network)
    closed: dict[bytes, int] = {}
    patterns = [closed.setdefault(row.tobytes(), len(closed)) for row in np.isinf(base)]
    pattern = np.array(patterns, dtype=np.int64)[klass]
    degree = np.diff(graph.out_ptr) + np.diff(graph.in_ptr)
    middle = np.full(origin.size, np.argmax(np.where(graph.through, degree, -1)), np.int32)
    reverse = graph._replace(
        tail=graph.head, head=graph.tail, out_ptr=graph.in_ptr, out_arc=graph.in_arc,
        in_ptr=graph.out_ptr, in_arc=graph.out_arc,
    )  # fmt: skip
    work = new_work(len(network.nodes), network.size)

    def reached(rows: Longs, key: Longs, starts: Ints, ends: Ints, way: Graph) -> Bools:
        out = np.zeros(origin.size, np.bool_)
        order = rows[np.argsort(key[rows], kind="stable")]
        inspect.reached(order, key, starts, ends, klass, way, base, work, out)
        return out

    rows = np.arange(origin.size)
    found = np.zeros(origin.size, np.bool_)
    if graph.through.any():
        found = reached(rows, pattern, middle, target, graph) & reached(
            rows, pattern, middle, origin, reverse
        )
    if not found.all():
        key = pattern * len(network.nodes) + origin
        found |= reached(np.flatnonzero(~found), key, origin, target, graph)
    return found


def solve_user_equilibrium(
    network: Network, demand: Demand, settings: AssignmentSettings, delays: Delays
) -> tuple[BushLoading, State, Convergence]:
    """Bring every used path of each origin, destination and class to the least cost.

    The relative gap is ``(Σ_a Σ_k v_ka c_ka − Σ_od q_od u_od) / Σ_od q_od u_od`` with u the least costs
    at the same flows. That of an early iteration but the last may be a lower bound, by the bushes that
    had to be looked at to see that it is above the one wanted.

    Args:
        network: The network.
        demand: Demand, every row of which has a path (:func:`deliverable`).
        settings: Gap and iterations.
        delays: Delay functions; the network's own, or :func:`marginal` of them.

    Returns:
        Loading, state of the groups, and the record.

    Raises:
        NotConvergedError: If the gap is not reached; the record is in it.
    """
    started = time.perf_counter()
    graph, base = network.graph, base_costs(network, demand)
    bushes, order = _new_bushes(demand, network)
    groups = delays.kind.size
    state = State(np.zeros(groups), np.zeros(groups), np.zeros(groups))
    work = new_work(len(network.nodes), network.size)
    pairs = new_pairs(bushes, len(network.nodes))
    refresh(delays, state)
    pred = np.empty(len(network.nodes), np.int32)
    bush.start(bushes, graph, base, delays, state, work, pred, 0, bushes.origin.size)
    flows = np.zeros_like(base)
    needed = np.zeros(bushes.origin.size, np.int64)
    steps: list[Step] = []
    tolerance = FACTOR * START * float((state.flow * state.delay).sum()) / max(demand.total, 1e-300)
    small = network.size * bushes.origin.size < SERIAL_BELOW
    workers, parts = (1, 1) if small else (settings.workers, PARTS)
    with ThreadPool(workers) as team:
        crew = _Crew(team, workers, parts, network, base)
        for iteration in range(1, settings.most_iterations + 1):
            crew.improve(bushes, state, needed)
            _shift(bushes, network, base, delays, state, work, pairs, tolerance, _slow(steps), flows)
            enough = settings.gap if iteration < min(BOUNDED, settings.most_iterations) else np.inf
            gap, least = crew.gap(bushes, flows, state, enough)
            steps.append(Step(iteration, gap, time.perf_counter() - started))
            if gap <= settings.gap:
                record = Convergence("relative gap", settings.gap, tuple(steps))
                return BushLoading(network, base, bushes, flows, state.delay, order), state, record
            if _stalled(steps[BOUNDED:]):
                break
            tolerance = FACTOR * max(gap, 1e-15) * least / max(demand.total, 1e-300)
            if needed.any():
                bushes = _roomier(bushes, needed)
                needed[:] = 0
    raise NotConvergedError(Convergence("relative gap", settings.gap, tuple(steps)))


def _shift(
    bushes: Bushes,
    network: Network,
    base: Floats,
    delays: Delays,
    state: State,
    work: Work,
    pairs: Pairs,
    tolerance: float,
    slow: bool,
    flows: Floats,
) -> None:
    """Even out costs within the bushes, with more effort where that goes slowly; sum their flows."""
    graph, active = network.graph, np.ones(bushes.origin.size, np.bool_)
    again = OFTENER if slow else AGAIN
    bush.shift(bushes, graph, base, delays, state, work, pairs, tolerance, ROUNDS, again, active)
    bush.sum_flows(bushes, graph, flows, state)
    refresh(delays, state)
    if slow:
        known: list[Kept] = []
        for _ in range(SETS):
            # Takes up the pairs of all bushes, and moves nothing yet.
            bush.shift(bushes, graph, base, delays, state, work, pairs, np.inf, 1, 0, active)
            known.append(kept_pairs(pairs))
            if not step_together(bushes, graph, base, delays, state, known):
                break
        bush.sum_flows(bushes, graph, flows, state)
        refresh(delays, state)


def base_costs(network: Network, demand: Demand) -> Floats:
    """Cost of each arc to each class at no flow but for delays, (K, A)."""
    if demand.extra is None:
        return np.ascontiguousarray(np.repeat(network.fixed[None, :], len(demand.classes), axis=0))
    return np.ascontiguousarray(network.fixed[None, :] + demand.extra)


def _slow(steps: list[Step]) -> bool:
    """Whether the gap falls slowly, so that pairs are evened out oftener, and all together."""
    return len(steps) >= EARLY and steps[-1].residual > SLOW * steps[-1 - LATE].residual


def _stalled(steps: list[Step]) -> bool:
    """Whether the gap has not halved for many iterations."""
    if len(steps) <= STALLED:
        return False
    best_before = min(step.residual for step in steps[:-STALLED])
    return min(step.residual for step in steps[-STALLED:]) > 0.5 * best_before


def _new_bushes(demand: Demand, network: Network) -> tuple[Bushes, Longs]:
    """Empty bushes of all pairs of origin and class, and the row of each of their demands."""
    origin, target, klass = demand.ends(network)
    classes, nodes = len(demand.classes), len(network.nodes)
    pair = origin.astype(np.int64) * classes + klass
    order = np.argsort(pair * nodes + target, kind="stable")
    pair = pair[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    count = first.size
    node_at = np.arange(count + 1, dtype=np.int64) * nodes
    room = nodes + nodes // 8 + SPARE
    arc_at = np.arange(count + 1, dtype=np.int64) * room
    bushes = Bushes(
        origin=(pair[first] // classes).astype(np.int32),
        klass=(pair[first] % classes).astype(np.int32),
        nodes=np.zeros(count, np.int32),
        node_at=node_at,
        order=np.zeros(count * nodes, np.int32),
        ptr=np.zeros(count * (nodes + 1), np.int32),
        arc_at=arc_at,
        arc=np.zeros(count * room, np.int32),
        flow=np.zeros(count * room),
        need_ptr=np.r_[first, len(order)].astype(np.int64),
        need_node=np.ascontiguousarray(target[order]),
        need=np.ascontiguousarray(demand.table["flow"].to_numpy(dtype=np.float64)[order]),
    )
    return bushes, order.astype(np.int64)


def _roomier(bushes: Bushes, needed: Longs) -> Bushes:
    """The same bushes with more room where some had too little."""
    room = np.diff(bushes.arc_at)
    wider = np.where(needed > 0, np.maximum(needed + needed // 4 + SPARE, room), room)
    arc_at = np.r_[0, np.cumsum(wider)].astype(np.int64)
    arc, flow = np.zeros(arc_at[-1], np.int32), np.zeros(arc_at[-1])
    for b in range(room.size):
        old, new, size = bushes.arc_at[b], arc_at[b], room[b]
        arc[new : new + size] = bushes.arc[old : old + size]
        flow[new : new + size] = bushes.flow[old : old + size]
    return bushes._replace(arc_at=arc_at, arc=arc, flow=flow)


class _Crew:
    """Threads that improve bushes and look up least costs, each with scratch space of its own."""

    def __init__(self, team: ThreadPool, workers: int, parts: int, network: Network, base: Floats) -> None:
        self.parts = parts
        self.team, self.workers, self.graph, self.base = team, workers, network.graph, base
        self.works = [new_work(len(network.nodes), network.size) for _ in range(workers)]
        self.tail, self.head = self.graph.tail[self.graph.in_arc], self.graph.head[self.graph.out_arc]

    def improve(self, bushes: Bushes, state: State, needed: Longs) -> None:
        """Improve all bushes at the present delays."""
        entry = Sides(self.tail, np.take(self._costs(state), self.graph.in_arc, axis=1))
        count = bushes.origin.size
        parts = 1 if self.workers == 1 else min(count, SHARES * self.workers)

        def some(part: int, work: Work) -> None:
            first, last = count * part // parts, count * (part + 1) // parts
            bush.improve(bushes, self.graph, self.base, state, entry, needed, first, last, work)

        self._each(some, range(parts))

    def gap(self, bushes: Bushes, flows: Floats, state: State, target: float) -> tuple[float, float]:
        """Relative gap and least cost of all demand; where the gap is above ``target``, bounds of them.

        No bush costs less than its least. So bushes are looked at a part at a time, each spread over all,
        until those seen cost more above their least than the target leaves to all. The gap is then at
        least what is told, and the least cost at most.
        """
        costs = self._costs(state)
        used = flows > 0.0
        cost = float((flows[used] * costs[used]).sum())
        leaving = Sides(self.head, np.take(costs, self.graph.out_arc, axis=1))
        spent, least = np.zeros(bushes.origin.size), np.zeros(bushes.origin.size)

        def some(part: int, work: Work) -> None:
            bush.least_costs(
                bushes, self.graph, self.base, state, leaving, spent, least, part, self.parts, work
            )

        for part in range(0, self.parts, AT_ONCE):
            self._each(some, range(part, min(part + AT_ONCE, self.parts)))
            seen, best = float(spent.sum()), float(least.sum())
            if best > 0.0 and seen - best > SURELY * target * cost:
                return (seen - best) / cost, cost
        return ((cost - best) / best if best > 0.0 else 0.0), best

    def _costs(self, state: State) -> Floats:
        return np.asarray(self.base + state.delay[self.graph.group])

    def _each(self, some: Callable[[int, Work], None], parts: range) -> None:
        def job(n: int) -> None:
            work = self.works.pop()
            some(parts[n], work)
            self.works.append(work)

        self.team.each(job, len(parts))
