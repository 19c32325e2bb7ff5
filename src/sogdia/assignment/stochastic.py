"""Stochastic user equilibrium by a logit between paths, plain or with path sizes.

Row t of demand (an origin, destination and class k with flow q_t) chooses path r with the probability

    ``P_tr = exp(u_tr) / Σ_s exp(u_ts)``,  ``u_tr = −θ_k w_k c_tr + β ln PS_r``,
    ``c_tr = Σ_{a ∈ r} (fixed_a + extra_ka + D_g(a)(V_g(a)))``,

w_k being the worth of the class's cost unit in money, so that θ_k is one over money; PS_r the path size
(Ben-Akiva & Bierlaire 1999) and β its exponent (Frejinger & Bierlaire 2007; 0 is the plain logit). In
equilibrium (Daganzo & Sheffi 1977; Fisk 1980) path flows are ``f_tr = q_t P_tr(c(f))``. How that is found
is told in :mod:`sogdia.assignment.logit_equilibrium`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.assignment.kernels import logit
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs, State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.kernels.logit import Choice
from sogdia.assignment.logit_equilibrium import Loader, Needs, fixed_point, needs_of
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.path_generation import Look, with_cheaper
from sogdia.assignment.path_sets import (
    MOST_ARCS,
    PathRules,
    PathSet,
    all_simple_paths,
    for_network,
    generate_paths,
)
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.errors import InputError
from sogdia.numerics import Convergence, NotConvergedError, Step

MEASURE = "largest misfit of a path's flow over the largest demand"
LOOSE = 1e-3
"""Precision to which the equilibrium is solved as long as paths are still being added."""


@dataclass(frozen=True, eq=False)
class StochasticSolution:
    """A stochastic user equilibrium.

    Figures by path are flat: those of row t of demand stand at ``share_ptr[t]`` to ``share_ptr[t + 1]``,
    in the order of the paths of its market, ``paths.od_ptr[market[t]]`` and after.

    Attributes:
        network: The network.
        demand: The demand, rows without a path included.
        paths: The paths chosen from.
        theta: Scale of each class, one over money, (K,).
        market: Market of each row, (T,).
        share_ptr: See above, (T + 1,).
        shares: Choice shares; they sum to 1 by row, or are 0 where it has no path.
        satisfaction: Expected least cost ``−(1 / θ_k w_k) ln Σ_r exp(u_tr)`` of each row, in the unit of
            cost (Williams 1977); infinite where it has no path, (T,).
        state: Flow, delay and slope of the groups, (G,).
        convergence: How the iteration ended; all steps but those that end a solution have the largest
            ``|F(V) − V|`` over the largest V for a residual.
        choice: The arrays behind it all.
        look: What the last look for cheaper paths saw, where there was one.
    """

    network: Network
    demand: Demand
    paths: PathSet
    theta: Floats
    market: Longs
    share_ptr: Longs
    shares: Floats
    satisfaction: Floats
    state: State
    convergence: Convergence
    choice: Choice
    look: Look | None = None

    @cached_property
    def flows(self) -> Floats:
        """Flow by class and arc, (K, A)."""
        out, klass = np.zeros((self.theta.size, self.network.size)), self.choice.klass
        for k in range(self.theta.size):
            mine = np.flatnonzero(klass == k)
            logit.class_flows(self.choice, self.market, self.shares, mine, out[k])
        return out

    @cached_property
    def row(self) -> Longs:
        """Row of demand that each flat figure belongs to."""
        return np.repeat(np.arange(self.market.size), np.diff(self.share_ptr))

    @cached_property
    def path_flow(self) -> Floats:
        """Flow of each path and row, flat."""
        return np.asarray(self.shares * self.choice.flow[self.row])

    @cached_property
    def path_cost(self) -> Floats:
        """Cost of each path to each row at these flows, in the unit of cost, flat."""
        return self._along(base_costs(self.network, self.demand), self.state.delay)

    @cached_property
    def delivered(self) -> Bools:
        """Whether each row has a path, (T,)."""
        return np.isfinite(self.satisfaction)

    @property
    def undelivered(self) -> pd.DataFrame:
        """Rows of demand without a path: ``origin``, ``destination``, ``class``, ``flow``."""
        return self.demand.table[~self.delivered].reset_index(drop=True)

    def mean(self, values: Floats) -> Floats:
        """Mean of ``values`` (K, A), summed along the paths of each row and weighted by flow, (T,).

        Not a number where a row has no path.
        """
        along = self._along(np.ascontiguousarray(values), np.zeros(self.state.delay.size))
        used = np.where(self.shares > 0.0, along, 0.0)
        total = np.bincount(self.row, weights=used * self.shares, minlength=self.market.size)
        return np.where(self.delivered, total, np.nan)

    def share(self, chosen: Bools) -> Floats:
        """Share of each row's flow that passes at least one of the chosen arcs (A,), (T,)."""
        out = np.zeros(self.market.size)
        logit.passing(self.choice, self.shares, np.ascontiguousarray(chosen), out)
        return out

    def _along(self, values: Floats, delay: Floats) -> Floats:
        out = np.empty(self.shares.size)
        ones, markets = np.ones(self.theta.size), np.arange(self.paths.origin.size)
        logit.sum_paths(self.choice, values, delay, ones, markets, out)
        return out


def sue_all_paths(
    network: Network,
    demand: Demand,
    settings: AssignmentSettings,
    *,
    theta: Floats | None = None,
    most_arcs: int = MOST_ARCS,
) -> StochasticSolution:
    """Plain logit over all simple paths (Fisk 1980), for small networks.

    Args:
        network: The network.
        demand: The demand.
        settings: ``gap``, ``most_iterations``, ``theta`` and ``workers`` are heeded.
        theta: Scale by class, (K,); that of the settings for all where not given.
        most_arcs: Arcs in all paths beyond which the network is too large.

    Raises:
        InputError: If the network is too large, or θ is not above 0.
        NotConvergedError: If the precision is not reached.
    """
    paths = all_simple_paths(network, demand, most_arcs=most_arcs)
    plain = settings.model_copy(update={"path_size": 0.0})
    return solve_logit(network, demand, paths, _thetas(demand, settings, theta), plain)


def sue(
    network: Network,
    demand: Demand,
    settings: AssignmentSettings,
    *,
    theta: Floats | None = None,
    rules: PathRules | None = None,
    paths: PathSet | None = None,
    geometry: Ints | None = None,
    avoid: Mapping[str, Bools] | None = None,
    length: Floats | None = None,
    start: Floats | None = None,
    before: StochasticSolution | None = None,
) -> StochasticSolution:
    """Path-size logit over generated paths; paths that congestion makes the cheapest are added.

    After each solution a shortest path at its costs is looked for; the set is complete when none is
    cheaper, by ``rules.tolerance``, than the cheapest that its market has. ``rules.rounds`` of 0 keeps
    the set as it is.

    Args:
        network: The network.
        demand: The demand.
        settings: All but ``algorithm`` are heeded.
        theta: Scale by class, (K,); that of the settings for all where not given.
        rules: How paths are generated.
        paths: Paths to start from, of a solution of much the same case with the same nodes and arcs and no
            more demand; generated where not given.
        geometry: See :func:`sogdia.assignment.path_sets.generate_paths`, as for the next two.
        avoid: Masks of arcs that a labelled path must not use.
        length: Lengths by which path sizes are measured; those of ``paths`` where these are given.
        start: Group flows to start from, (G,), those of a similar case.
        before: A solution by the same settings but for precision, none of whose paths ``paths`` lacks: what
            of it still holds is not found again.

    Raises:
        InputError: If θ is not above 0 or an argument has the wrong shape.
        NotConvergedError: If the precision is not reached, or paths are still missing after all rounds.
    """
    by = rules or PathRules()
    workers = settings.workers
    if paths is None:
        known = generate_paths(
            network, demand, most=settings.paths, rules=by, geometry=geometry, avoid=avoid, length=length,
            workers=workers,
        )  # fmt: skip
    else:
        known = for_network(network, paths, workers)
    scale = _thetas(demand, settings, theta)
    flow = _checked_start(network, start)
    return _completed(network, demand, known, scale, settings, by, flow, before)


def _completed(
    network: Network,
    demand: Demand,
    paths: PathSet,
    theta: Floats,
    settings: AssignmentSettings,
    rules: PathRules,
    flow: Floats | None,
    before: StochasticSolution | None,
) -> StochasticSolution:
    """Solve and add paths by turns until none is missing, coarsely until none is found."""
    needs = _needs(network, demand, paths, theta)
    target = settings.model_copy(update={"gap": max(settings.gap, LOOSE)}) if rules.rounds else settings
    steps: list[Step] = []
    loader, gained = None, 0
    look, known = (before.look, _known(before, network, demand, needs)) if before else (None, None)
    with ThreadPool(settings.workers) as team:
        for _ in range(2 * rules.rounds + 1):
            if loader is None or gained:
                loader = Loader(network, paths, needs, settings, team, known)
                known = loader.hard
            flow = _solved(loader, target, flow, steps)
            state = _state(network, flow)
            more = paths
            if rules.rounds:
                more, gained, look = with_cheaper(
                    network, demand, paths, state.delay, rules, settings.workers, look
                )
            if gained == 0 and target.gap <= settings.gap:
                found = _solution(network, demand, paths, theta, loader, state, settings.gap, steps)
                return replace(found, look=look)
            paths, target = more, target if gained else settings
    left = (*steps[:-1], Step(steps[-1].iteration, float(gained), steps[-1].seconds))
    raise NotConvergedError(Convergence("number of cheaper paths not in the set", 0.0, left))


def _known(before: StochasticSolution, network: Network, demand: Demand, needs: Needs) -> Choice | None:
    """The choice of a solution, if it has the same rows of demand and the same costs at no delay."""
    choice = before.choice
    if before.network is not network or before.demand.extra is not demand.extra:
        return None
    pairs = ((before.market, needs.market), (choice.klass, needs.klass), (choice.scale, needs.scale))
    return choice if all(np.array_equal(*pair) for pair in pairs) else None


def solve_logit(
    network: Network,
    demand: Demand,
    paths: PathSet,
    theta: Floats,
    settings: AssignmentSettings,
    *,
    start: Floats | None = None,
) -> StochasticSolution:
    """Stochastic user equilibrium over given paths.

    The residual is ``max_tr |f_tr − q_t P_tr(c(f))| / max_t q_t``.

    Args:
        network: The network.
        demand: The demand.
        paths: Paths to choose from.
        theta: Scale by class, one over money, (K,).
        settings: ``gap``, ``most_iterations``, ``path_size`` and ``workers`` are heeded.
        start: Group flows to start from, (G,), those of a similar case.

    Raises:
        InputError: If θ is not above 0, or the paths were made for other demand.
        NotConvergedError: If the precision is not reached; the record is in it.
    """
    needs = _needs(network, demand, paths, theta)
    steps: list[Step] = []
    with ThreadPool(settings.workers) as team:
        loader = Loader(network, paths, needs, settings, team)
        flow = _solved(loader, settings, start, steps)
        state = _state(network, flow)
        return _solution(network, demand, paths, theta, loader, state, settings.gap, steps)


def _needs(network: Network, demand: Demand, paths: PathSet, theta: Floats) -> Needs:
    scale = theta * demand.worth
    if theta.shape != (len(demand.classes),) or not (np.isfinite(scale) & (scale > 0.0)).all():
        raise InputError("theta times worth wants a finite figure above 0 for each class")
    return needs_of(network, demand, paths, scale)


def _solved(loader: Loader, settings: AssignmentSettings, start: Floats | None, steps: list[Step]) -> Floats:
    """Group flows at the fixed point; its steps are put behind the others."""
    before = steps[-1] if steps else Step(0, 0.0, 0.0)
    done, flow = fixed_point(loader, settings, start)
    record = Convergence(MEASURE, settings.gap, done)
    if not record.converged:
        raise NotConvergedError(record)
    steps += [Step(before.iteration + s.iteration, s.residual, before.seconds + s.seconds) for s in done]
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
    loader: Loader,
    state: State,
    gap: float,
    steps: list[Step],
) -> StochasticSolution:
    choice, shares, record = loader.hard, loader.path_shares(), Convergence(MEASURE, gap, tuple(steps))
    satisfaction = -loader.logsum / choice.scale[choice.klass]
    return StochasticSolution(
        network, demand, paths, theta, loader.needs.market, choice.share_ptr, shares, satisfaction, state,
        record, choice,
    )  # fmt: skip


def _thetas(demand: Demand, settings: AssignmentSettings, theta: Floats | None) -> Floats:
    return np.full(len(demand.classes), settings.theta) if theta is None else theta


def _checked_start(network: Network, start: Floats | None) -> Floats | None:
    if start is None:
        return None
    groups = network.delays.kind.size
    if start.shape != (groups,) or not (np.isfinite(start) & (start >= 0.0)).all():
        raise InputError(f"start wants a finite flow of at least 0 for each of {groups} groups")
    return start
