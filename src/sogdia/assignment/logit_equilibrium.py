"""The fixed point of a path-based logit, found for the flows of groups.

Shares depend on the group flows V alone, so the fixed point is sought for these: ``V = F(V)``, F the
loading. With ``−H`` the Jacobian of the loading by delays (H symmetric, positive semidefinite) and ``D'``
the slopes, Newton's step solves ``(I + H D') ΔV = F(V) − V``; with ``s = √D'`` that is
``(I + s H s) y = s (F − V)``, ``ΔV = F − V − H s y``: symmetric, all eigenvalues at least 1, solved by
conjugate gradients to a part that shrinks with the residual (Eisenstat & Walker 1996). H is never formed:
a product costs less than a loading. The step is shortened as long as it overshoots the minimum along it
of Sheffi & Powell's (1982) function, whose gradient is ``D' (V − F(V))`` and which it descends whatever
the accuracy of the inner solution; the plain step ``F − V`` (method of successive averages) takes its
place where it does not.

Where θ is so great that choices are nearly all or nothing, Newton's steps get short. Then the problem is
solved with all utilities divided by some figure, which is brought back to 1 from solution to solution.

Numbers are the same for any number of threads: work is cut into fixed ranges whose sums are added in
their order.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sogdia.assignment.kernels import bundles, logit, path_tables
from sogdia.assignment.kernels.arrays import Floats, Ints, Longs, State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.kernels.logit import Choice
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.od_groups import class_numbers
from sogdia.assignment.path_sets import PathSet
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.numerics import Step

RANGES = 16
"""Most parts that the markets are cut into for threads."""
SHARES_A_RANGE = 20_000
AVERAGED = 5
"""Loadings that the first flows are the mean of."""
INNER = 0.3
"""Part of the residual to which Newton's step is solved at first."""
MOST_INNER = 500
OVERSHOOT = 0.5
"""Part of the slope at its start that a step may have at its end, with the other sign."""
SHORTENINGS = 25
STALLED = 12
"""Iterations without the residual halving after which a start is given up."""
EASIER = 8.0
"""Factor by which utilities are divided where Newton's steps stall."""
LEAST_RISE = 1.05
ROUNDING = 1e-11
"""Residual of group flows below which more iterations would only stir rounding errors."""
ROUGH = 1e-3
"""Residual to which the easier problems are solved."""


@dataclass(frozen=True, eq=False)
class Needs:
    """Rows of demand by market, the same for all path sets of these markets.

    Attributes:
        market: Market of each row, (T,).
        klass: Its class, (T,).
        flow: Its flow, (T,).
        ptr: Rows of market m stand at ``row[ptr[m]:ptr[m + 1]]``, (M + 1,).
        row: Rows by market, (T,).
        base: Costs of arcs by class at no delay, (K, A).
        scale: θ_k times the worth of the class, (K,).
    """

    market: Longs
    klass: Ints
    flow: Floats
    ptr: Longs
    row: Longs
    base: Floats
    scale: Floats


def needs_of(network: Network, demand: Demand, paths: PathSet, scale: Floats) -> Needs:
    """Rows of demand by market.

    Raises:
        InputError: If the paths were made for other demand.
    """
    market = paths.market_of(network, demand)
    ptr, row = np.zeros(paths.origin.size + 1, np.int64), np.empty(market.size, np.int64)
    logit.needs_by_market(market, ptr, row)
    # A copy, because pandas hands out read-only arrays, which kernels would be compiled for anew.
    flow = np.array(demand.table["flow"], dtype=np.float64)
    return Needs(market, class_numbers(demand), flow, ptr, row, base_costs(network, demand), scale)


class Loader:
    """Loads the demand, and knows how the loading bends.

    It chooses between bundles of paths that pass the same delayed groups, and is asked for shares of paths at
    the end. Markets none of whose paths meets a delay are loaded once: group flows do not know of them.
    """

    def __init__(
        self,
        network: Network,
        paths: PathSet,
        needs: Needs,
        settings: AssignmentSettings,
        team: ThreadPool,
        before: Choice | None = None,
    ) -> None:
        """Take paths and demand together; ``before`` had some of the paths, for the same needs."""
        self.delays, self.needs, self.team = network.delays, needs, team
        self.groups = self.delays.kind.size
        count = np.diff(paths.od_ptr)
        share_ptr = np.zeros(needs.market.size + 1, np.int64)
        np.cumsum(count[needs.market], out=share_ptr[1:])
        self.hard = Choice(
            paths.od_ptr, paths.path_ptr, paths.path_arc, paths.way_ptr, paths.way_group, needs.ptr,
            needs.row, needs.klass, needs.flow, share_ptr, needs.scale, np.empty(share_ptr[-1]),
        )  # fmt: skip
        work = np.diff(needs.ptr) * count
        fresh = np.arange(count.size)
        if before is not None:
            logit.take_utilities(before, self.hard)
            fresh = np.flatnonzero(count != np.diff(before.od_ptr))
        self._utilities(paths, settings.path_size, _parts(fresh, work))
        way_at = paths.way_ptr[paths.od_ptr]
        late = way_at[1:] > way_at[:-1]
        self.logsum, self.of_paths = np.zeros(needs.market.size), np.zeros(share_ptr[-1])
        self._load(self.hard, _parts(np.flatnonzero(~late), work), np.zeros(self.groups), self.of_paths)
        ptr, first, self.bundle = bundles.bundles_of(paths.od_ptr, paths.way_ptr, paths.way_group, late)
        same = np.arange(self.groups, dtype=np.int32)
        ways = path_tables.picked(paths.way_ptr, paths.way_group, first, same)
        share_at = np.zeros(needs.market.size + 1, np.int64)
        np.cumsum(np.diff(ptr)[needs.market], out=share_at[1:])
        self.busy = _parts(np.flatnonzero(late), np.diff(needs.ptr) * np.diff(ptr))
        self.parts = np.zeros((len(self.busy), self.groups))
        self.paths = self.hard
        self.choice = self.hard._replace(
            od_ptr=ptr, way_ptr=ways[0], way_group=ways[1], share_ptr=share_at, utility=np.empty(share_at[-1])
        )
        self.shares, self.other = np.zeros(share_at[-1]), np.zeros(share_at[-1])
        self.delay, self.other_delay = np.zeros(self.groups), np.zeros(self.groups)
        self.soften(1.0)

    def _utilities(self, paths: PathSet, path_size: float, parts: list[Longs]) -> None:
        none = np.zeros(self.groups)

        def some(n: int) -> None:
            choice = self.hard
            logit.sum_paths(choice, self.needs.base, none, -choice.scale, parts[n], choice.utility)
            if path_size > 0.0:
                logit.add_path_size(choice, path_size, paths.ln_ps, parts[n])

        self.team.each(some, len(parts))

    def _load(self, choice: Choice, parts: list[Longs], delay: Floats, shares: Floats) -> Floats:
        out, logsum = np.zeros((len(parts), self.groups)), self.logsum
        self.team.each(lambda n: logit.load(choice, delay, parts[n], shares, logsum, out[n]), len(parts))
        return np.asarray(out.sum(axis=0))

    def soften(self, level: float) -> None:
        """Multiply all utilities of paths by a level."""
        hard, choice = self.hard, self.choice._replace(scale=self.hard.scale * level)
        soft = hard._replace(scale=choice.scale, utility=hard.utility * level)
        self.paths, self.choice = (hard if level == 1.0 else soft), choice
        self.team.each(
            lambda n: bundles.bundle_utilities(self.paths, self.bundle, self.busy[n], choice), len(self.busy)
        )

    def path_shares(self) -> Floats:
        """Shares of paths, by need, that belong to those of bundles; the next call writes over them."""
        logsum = self.logsum.copy()
        self._load(self.paths, self.busy, self.delay, self.of_paths)
        self.logsum = logsum
        return self.of_paths

    def load(self, flow: Floats) -> tuple[Floats, Floats]:
        """The loading at group flows, and the slopes there; the shares before it go to ``other``."""
        self.swap()
        state = State(flow, np.empty(self.groups), np.empty(self.groups))
        refresh(self.delays, state)
        self.delay = state.delay
        return self._load(self.choice, self.busy, state.delay, self.shares), state.slope

    def bend(self, values: Floats) -> Floats:
        """H times values, at the shares of the last loading."""
        return self._sum(lambda some, out: logit.bend(self.choice, self.shares, values, some, out))

    def diagonal(self) -> Floats:
        """About the diagonal of H."""
        return self._sum(lambda some, out: logit.diagonal(self.choice, self.shares, some, out))

    def tilt(self) -> Floats:
        """How the loading changes with the logarithm of the level."""
        shares = self.path_shares()
        return self._sum(lambda some, out: logit.tilt(self.paths, shares, some, out))

    def _sum(self, job: Callable[[Longs, Floats], None]) -> Floats:
        """Sum of what a job makes of each part of the busy markets, in their order, (G,)."""
        self.team.each(lambda n: job(self.busy[n], self.parts[n]), len(self.busy))
        return np.asarray(self.parts.sum(axis=0))

    def swap(self) -> None:
        """Go back to the shares of the loading before the last."""
        self.shares, self.other = self.other, self.shares
        self.delay, self.other_delay = self.other_delay, self.delay

    def misfit(self) -> float:
        """Largest difference between path flows of the last two loadings, over the largest demand."""
        change = self.team.each(
            lambda n: logit.largest_change(self.choice, self.other, self.shares, self.busy[n]), len(self.busy)
        )
        return max(change, default=0.0) / max(float(self.choice.flow.max(initial=0.0)), 1e-300)


def _parts(markets: Longs, work: Longs) -> list[Longs]:
    """Markets cut into parts of about equal work, the same for any number of threads."""
    done = np.cumsum(work[markets])
    total = int(done[-1]) if done.size else 0
    parts = int(np.clip(total // SHARES_A_RANGE, 1, RANGES))
    cuts = np.searchsorted(done, np.linspace(0, total, parts + 1)[1:-1])
    return [np.ascontiguousarray(part) for part in np.split(markets, cuts)]


def fixed_point(
    loader: Loader, settings: AssignmentSettings, start: Floats | None
) -> tuple[tuple[Step, ...], Floats]:
    """Find the fixed point; the loader is left with its shares.

    Returns:
        The record, whose last residual is that of path flows where it was reached, and the flows of the
        groups, which are those of the paths.
    """
    trace = _Trace(settings.most_iterations)
    flow = _averages(loader) if start is None else start
    done, flow = _newton(loader, trace, settings.gap, flow)
    if not done and not trace.full and trace.best(0) > ROUNDING:
        done, flow = _by_levels(loader, trace, settings.gap, flow)
    if not done:
        loader.soften(1.0)
        flow = loader.load(flow)[0]
        loader.load(flow)
        trace.add(loader.misfit())
        loader.swap()
    return tuple(trace.steps), flow


def _averages(loader: Loader) -> Floats:
    """Mean of a few loadings, each at the mean of those before it (method of successive averages)."""
    flow = np.zeros(loader.groups)
    for count in range(1, AVERAGED + 1):
        flow = flow + (loader.load(flow)[0] - flow) / count
    return flow


def _by_levels(loader: Loader, trace: _Trace, gap: float, flow: Floats) -> tuple[bool, Floats]:
    """Solve with softened utilities and harden them; each solution starts from what the last foretells.

    Flows are nearly straight in one over the level λ: costs of used paths differ by ``ln P / λ``. So
    ``V(λ') ≈ V(λ) + (1 − λ / λ') dV/dlnλ`` with ``(I + H D') dV/dlnλ = ∂F/∂lnλ``.
    """
    level, solved, rise = 1.0 / EASIER, 0.0, EASIER
    good, drift = flow, np.zeros_like(flow)
    while not trace.full:
        loader.soften(level)
        guess = np.maximum(good + (1.0 - solved / level) * drift, 0.0)
        since = len(trace.steps)
        done, flow = _newton(loader, trace, gap if level == 1.0 else max(ROUGH, gap), guess)
        if level == 1.0 and (done or trace.best(since) < ROUNDING):
            return done, flow
        if done:
            rise = EASIER if solved == 0.0 else min(EASIER, (level / solved) ** 2)
            solved, good = level, flow
            slope = loader.load(flow)[1]
            drift = _solved(loader, loader.tilt(), slope, ROUGH)
            level = min(1.0, level * rise)
        elif solved == 0.0:
            level /= EASIER
        elif level / solved < LEAST_RISE:
            break
        else:
            level = float(np.sqrt(level * solved))
    return False, flow


class _Trace:
    """The record as it grows."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.began = time.perf_counter()
        self.steps: list[Step] = []

    @property
    def full(self) -> bool:
        """Whether no iteration is left."""
        return len(self.steps) >= self.most

    def add(self, residual: float) -> None:
        """Add an iteration."""
        self.steps.append(Step(len(self.steps) + 1, residual, time.perf_counter() - self.began))

    def best(self, since: int) -> float:
        """Least residual after the ``since``-th iteration."""
        return min((step.residual for step in self.steps[since:]), default=np.inf)

    def stalled(self, since: int) -> bool:
        """Whether the residual has not halved for many iterations, of those after the ``since``-th."""
        left = [step.residual for step in self.steps[since:]]
        return len(left) > STALLED and min(left[-STALLED:]) > 0.5 * min(left[:-STALLED])


def _newton(loader: Loader, trace: _Trace, gap: float, flow: Floats) -> tuple[bool, Floats]:
    """Newton's method from given flows; whether path flows fit to ``gap``, and the flows.

    Path flows made by V fit if those that their own group flows F(V) would make are the same. Where
    choices are sharp this is far more to ask than V = F(V).
    """
    wanted, since = gap, len(trace.steps)
    loaded, slope = loader.load(flow)
    while not trace.full and not trace.stalled(since):
        left = loaded - flow
        residual = float(np.abs(left).max(initial=0.0)) / max(float(flow.max(initial=0.0)), 1e-300)
        if residual <= wanted:
            loader.load(loaded)
            misfit = loader.misfit()
            loader.swap()
            trace.add(misfit)
            if misfit <= gap:
                return True, loaded
            wanted = residual * max(0.5 * gap / misfit, 1e-3)
        else:
            trace.add(residual)
        move = _solved(loader, left, slope, min(INNER, residual**0.5))
        flow, loaded, slope = _step(loader, flow, left, slope, move)
    return False, flow


def _solved(loader: Loader, left: Floats, slope: Floats, part: float) -> Floats:
    """Solve ``(I + H D') x = left`` to a part of it by conjugate gradients with a diagonal preconditioner."""
    root = np.sqrt(slope)
    bending = loader.diagonal()
    weight = 1.0 + slope * bending
    rest = root * left
    inner = np.zeros_like(rest)
    goal = part * float(np.sqrt(rest @ rest))
    eased = rest / weight
    way, power = eased.copy(), float(rest @ eased)
    for _ in range(MOST_INNER):
        if float(np.sqrt(rest @ rest)) <= goal:
            break
        pushed = way + root * loader.bend(root * way)
        size = power / float(way @ pushed)
        inner += size * way
        rest -= size * pushed
        eased = rest / weight
        before, power = power, float(rest @ eased)
        way = eased + (power / before) * way
    return np.asarray(left - loader.bend(root * inner) - root * bending / weight * rest)


def _step(
    loader: Loader, flow: Floats, left: Floats, slope: Floats, move: Floats
) -> tuple[Floats, Floats, Floats]:
    """Go along a move, or along ``left`` where that does not descend, not far beyond the lowest point.

    Returns:
        The new flows, the loading and the slopes there.
    """
    fall = float((slope * left) @ move)
    size = 1.0
    if fall < 0.0:
        move, fall = left, float((slope * left) @ left)
    for _ in range(SHORTENINGS):
        there = np.maximum(flow + size * move, 0.0)
        loaded, steep = loader.load(there)
        rise = float((steep * (there - loaded)) @ (there - flow)) / size
        if rise <= OVERSHOOT * fall:
            break
        size *= float(np.clip(fall / (fall + rise), 0.1, 0.7))
    return there, loaded, steep
