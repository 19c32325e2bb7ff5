"""Stochastic user equilibrium by a path-based logit, multinomial or with path sizes.

Row t of demand (an origin, destination and class k with flow q_t) chooses path r with the probability

    ``P_tr = exp(u_tr) / Σ_s exp(u_ts)``,  ``u_tr = −θ_k w_k c_tr + β ln PS_r``,
    ``c_tr = Σ_{a ∈ r} (free_flow_cost_a + class_cost_ka + D_g(a)(V_g(a)))``.

w_k is the value of time of the class (money per unit of cost), so that θ_k is one over money. PS_r is the
path size (Ben-Akiva & Bierlaire 1999) and β its exponent (Frejinger & Bierlaire 2007; 0 gives the
multinomial logit). In equilibrium path flows are ``f_tr = q_t P_tr(c(f))`` (Daganzo & Sheffi 1977; Fisk
1980). The solution method is described in :mod:`sogdia.assignment.logit_equilibrium`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import logit
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs, State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.kernels.logit import Choice
from sogdia.assignment.logit_equilibrium import solve_fixed_point
from sogdia.assignment.logit_loading import (
    DemandRows,
    EarlierChoice,
    LogitLoading,
    demand_by_od_group,
    reusable_choice,
)
from sogdia.assignment.network import Network
from sogdia.assignment.overloads import overloads_of
from sogdia.assignment.path_generation import PathSearch, add_least_cost_paths, generated_search
from sogdia.assignment.path_sets import (
    MAX_ARCS,
    PathRules,
    PathSet,
    adapt_paths,
    all_simple_paths,
    generate_bounded_paths,
)
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.errors import InputError
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.tables.summary import ShortRepr

MEASURE = "largest residual of a path's flow over the largest demand"
COARSE = 1e-3
"""Tolerance of the equilibrium while paths are still being added."""
FEW_ARCS = 0.1
"""Part of the arcs below which sums along paths are computed only for OD groups whose paths pass them."""
SETS_AT_ONCE = 16
"""Sets of arcs whose shares are computed in one pass over the paths; each takes memory by row."""


@dataclass(frozen=True, eq=False, repr=False)
class StochasticSolution(ShortRepr):
    """A stochastic user equilibrium.

    Numbers by row and path are flat: those of row t of demand are ``share_ptr[t]`` to ``share_ptr[t + 1]``,
    in the order of the paths of its OD group, which start at ``paths.od_ptr[od_group[t]]``.

    Attributes:
        network: The network.
        demand: The demand, with rows without a path.
        paths: The path set.
        theta: Scale θ_k of each class, one over money, (K,).
        od_group: OD group of each row, (T,).
        share_ptr: See above, (T + 1,).
        shares: Choice probabilities; they sum to 1 by row, or are 0 if it has no path.
        satisfaction: Expected least cost ``−(1 / θ_k w_k) ln Σ_r exp(u_tr)`` of each row, in the unit of cost
            (Williams 1977); infinite if it has no path, (T,).
        state: Flow, delay and slope of the capacity groups, (G,).
        convergence: The record. The residual of a step that does not end a solution is the largest
            ``|F(V) − V|`` over the largest V.
        choice: Choice sets and demand as arrays.
        last_search: Record of the last search for paths, if there was one.
    """

    network: Network
    demand: Demand
    paths: PathSet
    theta: Floats
    od_group: Longs
    share_ptr: Longs
    shares: Floats
    satisfaction: Floats
    state: State
    convergence: Convergence
    choice: Choice
    last_search: PathSearch | None = None

    @cached_property
    def flows(self) -> Floats:
        """Flow by class and arc, (K, A)."""
        return self.flows_by_area(self.choice.flow[:, None], np.zeros(self.network.size, np.int32))

    @cached_property
    def row(self) -> Longs:
        """Row of demand of each flat number."""
        return np.repeat(np.arange(self.od_group.size), np.diff(self.share_ptr))

    @cached_property
    def path_flow(self) -> Floats:
        """Flow of each row on each path, flat."""
        return np.asarray(self.shares * self.choice.flow[self.row])

    @cached_property
    def path_cost(self) -> Floats:
        """Cost of each path to each row at these flows, in the unit of cost, flat."""
        return self._path_sums(free_flow_costs(self.network, self.demand), self.state.delay)

    @cached_property
    def delivered(self) -> Bools:
        """Mask of the rows that have a path, (T,)."""
        return np.isfinite(self.satisfaction)

    @property
    def undelivered(self) -> pd.DataFrame:
        """Rows of demand without a path: ``origin``, ``destination``, ``class``, ``flow``."""
        return self.demand.subset(~self.delivered).table

    def mean(self, values: Floats) -> Floats:
        """Return the flow-weighted mean of ``values`` (K, A), summed along the paths of each row, (T,).

        Not a number if a row has no path.
        """
        sums = self.path_sums(values)
        used = np.where(self.shares > 0.0, sums, 0.0)
        total = np.bincount(self.row, weights=used * self.shares, minlength=self.od_group.size)
        return np.where(self.delivered, total, np.nan)

    def path_sums(self, values: Floats) -> Floats:
        """Return the sum of ``values`` (K, A) along each path of each row, flat."""
        return self._path_sums(np.ascontiguousarray(values), np.zeros(self.state.delay.size))

    def share(self, chosen: Bools) -> Floats:
        """Return the share of each row's flow that uses at least one of the chosen arcs (A,), (T,)."""
        return next(self.each_share(chosen[None, :]))

    def each_share(self, sets: Bools) -> Iterator[Floats]:
        """Yield the share of each row's flow that uses each of N sets of arcs (N, A), (T,)."""
        for first in range(0, len(sets), SETS_AT_ONCE):
            some = sets[first : first + SETS_AT_ONCE]
            member = (some.T @ (1 << np.arange(len(some), dtype=np.int64))).astype(np.int64)
            out = np.zeros((len(some), self.od_group.size))
            logit.shares_through(self.choice, self.shares, member, out)
            yield from out

    def flows_by_area(self, amount: Floats, area: Ints) -> Floats:
        """Return flows by class and arc, (K, A), where the flow of a row differs by area.

        Args:
            amount: Flow of each row on the arcs of each area, (T, N).
            area: Area of each arc, −1 if it is in none and carries nothing, (A,).
        """
        out = np.zeros((self.theta.size, self.network.size))
        logit.class_flows(self.choice, self.od_group, self.shares, amount, area, out)
        return out

    def _path_sums(self, values: Floats, delay: Floats) -> Floats:
        out, od_groups = np.zeros(self.shares.size), np.arange(self.paths.origin.size)
        if not delay.any():
            counted = (values != 0.0).any(axis=0)
            if counted.mean() < FEW_ARCS:
                od_groups = np.flatnonzero(self.paths.passes(counted))
        logit.path_sums(self.choice, values, delay, np.ones(self.theta.size), od_groups, out)
        return out


def sue_all_paths(
    network: Network,
    demand: Demand,
    settings: AssignmentSettings,
    *,
    theta: Floats | None = None,
    max_arcs: int = MAX_ARCS,
) -> StochasticSolution:
    """Solve the multinomial logit over all simple paths (Fisk 1980), for small networks.

    Args:
        network: The network.
        demand: The demand.
        settings: ``gap``, ``max_iterations``, ``theta`` and ``workers`` are used.
        theta: Scale by class, (K,); that of the settings by default.
        max_arcs: Largest number of arcs in all paths together.

    Raises:
        InputError: If the network is too large, or θ is not above 0.
        NotConvergedError: If the tolerance is not reached; the error carries the record.
    """
    paths = all_simple_paths(network, demand, max_arcs=max_arcs)
    multinomial = settings.model_copy(update={"path_size": 0.0})
    return solve_logit(network, demand, paths, _theta(demand, settings, theta), multinomial)


def sue(
    network: Network,
    demand: Demand,
    settings: AssignmentSettings,
    *,
    theta: Floats | None = None,
    rules: PathRules | None = None,
    paths: PathSet | None = None,
    group_of_class: Ints | None = None,
    avoid: Mapping[str, Bools] | None = None,
    length: Floats | None = None,
    start: Floats | None = None,
    previous: StochasticSolution | None = None,
) -> StochasticSolution:
    """Solve the path-size logit over generated paths, with column generation.

    After each solution least-cost paths at its costs are searched for. The path set is complete if no OD
    group misses a path whose cost is lower, by ``rules.tolerance``, than those of all its paths
    (:mod:`sogdia.assignment.path_generation`). With ``rules.rounds`` of 0 the set is not changed.

    Args:
        network: The network.
        demand: The demand.
        settings: All but ``algorithm`` are used.
        theta: Scale by class, (K,); that of the settings by default.
        rules: Rules of path generation.
        paths: Path set to start from, of a solution of a similar case with the same nodes and arcs and at
            least the same OD groups; generated by default.
        group_of_class: See :func:`sogdia.assignment.path_sets.generate_paths`, as for the next two.
        avoid: Masks of arcs that a labelled path must not use.
        length: Lengths by which path sizes are measured; those of ``paths`` if that is given.
        start: Group flows to start from, (G,), those of a similar case.
        previous: A solution by the same settings except the tolerance, all of whose paths are in ``paths``.
            Utilities and bounds that still hold are taken from it; results do not depend on it.

    Raises:
        InputError: If θ is not above 0, or an argument has the wrong shape.
        NotConvergedError: If the tolerance is not reached, or paths are still missing after all rounds; the
            error carries the record.
    """
    by = rules or PathRules()
    workers = settings.workers
    search = None if previous is None else previous.last_search
    if paths is None:
        known, vectors, bounds = generate_bounded_paths(
            network,
            demand,
            max_paths=settings.max_paths,
            rules=by,
            group_of_class=group_of_class,
            avoid=avoid,
            length=length,
            workers=workers,
        )
        search = generated_search(network, known, vectors, bounds)
    else:
        known = adapt_paths(network, paths, workers)
    scale = _theta(demand, settings, theta)
    flow = _checked_start(network, start)
    return _solve_with_generation(network, demand, known, scale, settings, by, flow, previous, search)


def _solve_with_generation(
    network: Network,
    demand: Demand,
    paths: PathSet,
    theta: Floats,
    settings: AssignmentSettings,
    rules: PathRules,
    flow: Floats | None,
    previous: StochasticSolution | None,
    search: PathSearch | None,
) -> StochasticSolution:
    """Solve and add paths in turn until none is missing, to a coarse tolerance while paths are added."""
    rows = _demand_rows(network, demand, paths, theta)
    target = settings.model_copy(update={"gap": max(settings.gap, COARSE)}) if rules.rounds else settings
    steps: list[Step] = []
    loading, added, known, searches = None, 0, None, rules.rounds > 0
    if previous is not None and previous.network is network:
        known = reusable_choice(previous.choice, previous.od_group, previous.demand, demand, rows)
    with ThreadPool(settings.workers) as pool:
        for _ in range(2 * rules.rounds + 1):
            if loading is None or added:
                loading = LogitLoading(network, paths, rows, settings, pool, known)
                known = EarlierChoice(loading.path_choice)
            flow = _solve(loading, target, flow, steps)
            state = _state(network, flow)
            more, added = paths, 0
            if searches:
                more, added, search = add_least_cost_paths(
                    network, demand, paths, state.delay, rules, settings.workers, search
                )
                searches = rules.until_complete
            if added == 0 and target.gap <= settings.gap:
                solution = _solution(network, demand, paths, theta, loading, state, settings.gap, steps)
                return replace(solution, last_search=search)
            paths, target = more, target if added and searches else settings
    record = (*steps[:-1], Step(steps[-1].iteration, float(added), steps[-1].seconds))
    missing = Convergence("number of least-cost paths missing from the set", 0.0, record)
    raise NotConvergedError(missing, overloads_of(network, state.flow))


def solve_logit(
    network: Network,
    demand: Demand,
    paths: PathSet,
    theta: Floats,
    settings: AssignmentSettings,
    *,
    start: Floats | None = None,
) -> StochasticSolution:
    """Solve the stochastic user equilibrium over a given path set.

    The residual is ``max_tr |f_tr − q_t P_tr(c(f))| / max_t q_t``.

    Args:
        network: The network.
        demand: The demand.
        paths: The path set.
        theta: Scale by class, one over money, (K,).
        settings: ``gap``, ``max_iterations``, ``path_size`` and ``workers`` are used.
        start: Group flows to start from, (G,), those of a similar case.

    Raises:
        InputError: If θ is not above 0, or the path set lacks an OD group or is for other classes.
        NotConvergedError: If the tolerance is not reached; the error carries the record.
    """
    rows = _demand_rows(network, demand, paths, theta)
    steps: list[Step] = []
    with ThreadPool(settings.workers) as pool:
        loading = LogitLoading(network, paths, rows, settings, pool)
        flow = _solve(loading, settings, start, steps)
        state = _state(network, flow)
        return _solution(network, demand, paths, theta, loading, state, settings.gap, steps)


def _demand_rows(network: Network, demand: Demand, paths: PathSet, theta: Floats) -> DemandRows:
    scale = theta * demand.value_of_time
    if theta.shape != (len(demand.classes),) or not (np.isfinite(scale) & (scale > 0.0)).all():
        raise InputError("theta times value_of_time: expected a finite number > 0 for each class")
    return demand_by_od_group(network, demand, paths, scale)


def _solve(
    loading: LogitLoading, settings: AssignmentSettings, start: Floats | None, steps: list[Step]
) -> Floats:
    """Find the group flows at the fixed point, (G,), and append its steps to ``steps``."""
    before = steps[-1] if steps else Step(0, 0.0, 0.0)
    more, flow = solve_fixed_point(loading, settings, start)
    record = Convergence(MEASURE, settings.gap, more)
    if not record.converged:
        raise NotConvergedError(record, overloads_of(loading.network, flow))
    steps += [Step(before.iteration + s.iteration, s.residual, before.seconds + s.seconds) for s in more]
    return flow


def _state(network: Network, flow: Floats) -> State:
    state = State(flow, np.empty(flow.size), np.empty(flow.size))
    refresh(network.delays, state)
    return state


def _solution(
    network: Network,
    demand: Demand,
    paths: PathSet,
    theta: Floats,
    loading: LogitLoading,
    state: State,
    gap: float,
    steps: list[Step],
) -> StochasticSolution:
    choice, shares = loading.path_choice, loading.path_shares()
    record = Convergence(MEASURE, gap, tuple(steps))
    satisfaction = -loading.logsum / choice.scale[choice.user_class]
    return StochasticSolution(
        network, demand, paths, theta, loading.rows.od_group, choice.share_ptr, shares, satisfaction, state,
        record, choice,
    )  # fmt: skip


def _theta(demand: Demand, settings: AssignmentSettings, theta: Floats | None) -> Floats:
    return np.full(len(demand.classes), settings.theta) if theta is None else theta


def _checked_start(network: Network, start: Floats | None) -> Floats | None:
    if start is None:
        return None
    groups = network.delays.kind.size
    if start.shape != (groups,) or not (np.isfinite(start) & (start >= 0.0)).all():
        raise InputError(f"start: expected a finite flow >= 0 for each of {groups} capacity groups")
    return start
