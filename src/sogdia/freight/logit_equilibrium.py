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
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from sogdia.freight.equilibrium import base_costs
from sogdia.freight.kernels import logit
from sogdia.freight.kernels.arrays import Floats, Longs, State
from sogdia.freight.kernels.delay import refresh
from sogdia.freight.kernels.logit import Choice
from sogdia.freight.model import Demand, Network
from sogdia.freight.path_sets import PathSet
from sogdia.freight.settings import AssignSettings
from sogdia.numerics import Step

RANGES = 16
"""Most ranges that the markets are cut into for threads."""
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


class Loader:
    """Loads the demand, and knows how the loading bends."""

    def __init__(
        self,
        network: Network,
        demand: Demand,
        paths: PathSet,
        market: Longs,
        scale: Floats,
        settings: AssignSettings,
    ) -> None:
        self.delays = network.delays
        self.groups = self.delays.kind.size
        count = np.diff(paths.od_ptr)
        share_ptr = np.r_[0, np.cumsum(count[market])].astype(np.int64)
        at = np.searchsorted(np.sort(market), np.arange(count.size + 1)).astype(np.int64)
        codes = {name: k for k, name in enumerate(demand.classes)}
        self.choice = Choice(
            paths.od_ptr, paths.path_ptr, paths.path_arc, paths.way_ptr, paths.way_group, at,
            np.argsort(market, kind="stable").astype(np.int64),
            demand.table["class"].map(codes).to_numpy(dtype=np.int32).astype(np.int32),
            np.ascontiguousarray(demand.table["flow"].to_numpy(dtype=np.float64)),
            share_ptr, scale, np.zeros(share_ptr[-1]),
        )  # fmt: skip
        work = np.r_[0, np.cumsum(np.bincount(market, minlength=count.size) * count)]
        ranges = int(np.clip(share_ptr[-1] // SHARES_A_RANGE, 1, RANGES))
        cuts = np.searchsorted(work, np.linspace(0, work[-1], ranges + 1)[1:-1])
        self.ranges = list(pairwise([0, *cuts.tolist(), count.size]))
        self.parts = np.zeros((ranges, self.groups))
        self.shares, self.other = np.zeros(share_ptr[-1]), np.zeros(share_ptr[-1])
        self.logsum = np.full(market.size, -np.inf)
        workers = min(settings.workers, ranges)
        self.pool = ThreadPoolExecutor(workers) if workers > 1 else None
        base, none = base_costs(network, demand), np.zeros(self.groups)
        self._each(
            lambda _, i, j: logit.sum_paths(self.choice, base, none, -scale, i, j, self.choice.utility)
        )
        if settings.path_size > 0.0:
            logit.add_path_size(self.choice, settings.path_size, paths.ln_ps)

        self.hard = self.choice

    def soften(self, level: float) -> None:
        """Multiply all utilities by a level."""
        hard = self.hard
        self.choice = (
            hard if level == 1.0 else hard._replace(scale=hard.scale * level, utility=hard.utility * level)
        )

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown()

    def _each(self, job: Callable[[int, int, int], None]) -> None:
        """Do a job for each range, given its number and ends."""
        jobs = [(n, i, j) for n, (i, j) in enumerate(self.ranges)]
        if self.pool is None:
            for each in jobs:
                job(*each)
        else:
            list(self.pool.map(lambda each: job(*each), jobs))

    def load(self, flow: Floats) -> tuple[Floats, Floats]:
        """The loading at group flows, and the slopes there; the shares before it go to ``other``."""
        self.swap()
        state = State(flow, np.empty(self.groups), np.empty(self.groups))
        refresh(self.delays, state)
        parts, shares, logsum = self.parts, self.shares, self.logsum
        self._each(lambda n, i, j: logit.load(self.choice, state.delay, i, j, shares, logsum, parts[n]))
        return parts.sum(axis=0), state.slope

    def bend(self, values: Floats) -> Floats:
        """H times values, at the shares of the last loading."""
        self._each(lambda n, i, j: logit.bend(self.choice, self.shares, values, i, j, self.parts[n]))
        return np.asarray(self.parts.sum(axis=0))

    def diagonal(self) -> Floats:
        """About the diagonal of H."""
        self._each(lambda n, i, j: logit.diagonal(self.choice, self.shares, i, j, self.parts[n]))
        return np.asarray(self.parts.sum(axis=0))

    def tilt(self) -> Floats:
        """How the loading changes with the logarithm of the level."""
        self._each(lambda n, i, j: logit.tilt(self.choice, self.shares, i, j, self.parts[n]))
        return np.asarray(self.parts.sum(axis=0))

    def swap(self) -> None:
        """Go back to the shares of the loading before the last."""
        self.shares, self.other = self.other, self.shares

    def misfit(self) -> float:
        """Largest difference between path flows of the last two loadings, over the largest demand."""
        rows = self.choice.flow.size
        change = logit.largest_change(self.choice, self.other, self.shares, 0, rows)
        return change / max(float(self.choice.flow.max(initial=0.0)), 1e-300)

    def class_flows(self, market: Longs, classes: int, arcs: int) -> Floats:
        """Flow by class and arc, (K, A)."""
        out = np.zeros((classes, arcs))
        mine = [np.flatnonzero(self.choice.klass == k) for k in range(classes)]

        def one(k: int) -> None:
            logit.class_flows(self.choice, market, self.shares, mine[k], out[k])

        list((self.pool.map if self.pool else map)(one, range(classes)))
        return out


def fixed_point(
    loader: Loader, settings: AssignSettings, start: Floats | None
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
