"""Fixed point of a path-based logit, found for the flows of capacity groups.

Shares depend on the group flows V alone, so the fixed point is sought for these: ``V = F(V)``, F the
loading (:mod:`sogdia.assignment.logit_loading`). With ``−H`` the Jacobian of the loading by delays (H
symmetric, positive semidefinite) and ``D'`` the slopes of the delays, Newton's step solves ``(I + H D') ΔV
= F(V) − V``. With ``s = √D'`` that is ``(I + s H s) y = s (F − V)``, ``ΔV = F − V − H s y``: symmetric,
with all eigenvalues at least 1. It is solved by preconditioned conjugate gradients, to a tolerance that
falls with the residual (inexact Newton method: Eisenstat & Walker 1996). H is never formed: a product takes
less time than a loading.

The length of the step is found by a line search on Sheffi & Powell's (1982) objective, whose gradient is
``D' (V − F(V))``; Newton's step is a descent direction of it whatever the accuracy of the inner solution.
Where rounding makes it none, the step ``F − V`` (method of successive averages) is taken.

If θ is so large that choices are nearly all-or-nothing, Newton's steps become short. Then the problem is
solved by continuation: with all utilities divided by a factor, which is brought back to 1 from solution to
solution.
"""

from __future__ import annotations

import time

import numpy as np

from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.logit_loading import LogitLoading
from sogdia.assignment.settings import AssignmentSettings
from sogdia.numerics import Step

AVERAGED = 5
"""Loadings whose mean is the first guess."""
CG_TOLERANCE = 0.3
"""Reduction of the residual to which Newton's step is solved at first."""
MAX_CG_STEPS = 500
OVERSHOOT = 0.5
"""Part of the slope at its start that a step may have at its end, with the opposite sign."""
MAX_SHORTENINGS = 25
STALLED = 12
"""Iterations without the residual halving after which Newton's method stops."""
SCALE_STEP = 8.0
"""Factor by which utilities are divided if Newton's method stalls."""
LEAST_SCALE_STEP = 1.05
PASSES = 6
"""Most passes over the paths, loadings and products with the Jacobian, per iteration allowed.

Ten times what the hardest of the tests need. A network loaded a thousand times beyond its capacity would
otherwise take hours of passes within its iterations.
"""
ROUNDING = 1e-11
"""Residual of group flows below which further iterations change only rounding errors."""
COARSE = 1e-3
"""Tolerance of the problems with divided utilities."""


def solve_fixed_point(
    loading: LogitLoading, settings: AssignmentSettings, start: Floats | None
) -> tuple[tuple[Step, ...], Floats]:
    """Find the fixed point; the loading is left with its shares.

    Args:
        loading: The loading.
        settings: ``gap`` and ``max_iterations`` are used; the latter bounds the passes over the paths too.
        start: First guess of the group flows, (G,); a mean of loadings by default.

    Returns:
        The record, and the group flows, which are those of the paths. The last residual is that of path
        flows if it is within the tolerance or iterations are exhausted.
    """
    trace = _Trace(settings.max_iterations, loading)
    flow = _mean_of_loadings(loading) if start is None else start
    converged, flow = _newton(loading, trace, settings.gap, flow)
    if not converged and not trace.is_full and trace.best(0) > ROUNDING:
        converged, flow = _continuation(loading, trace, settings.gap, flow)
    if not converged:
        loading.scale_utilities(1.0)
        flow = loading.load(flow)[0]
        loading.load(flow)
        trace.add(loading.flow_residual())
        loading.undo()
    return tuple(trace.steps), flow


def _mean_of_loadings(loading: LogitLoading) -> Floats:
    """Return the mean of some loadings, each at the mean of those before (successive averages), (G,)."""
    flow = np.zeros(loading.groups)
    for count in range(1, AVERAGED + 1):
        flow = flow + (loading.load(flow)[0] - flow) / count
    return flow


def _continuation(loading: LogitLoading, trace: _Trace, gap: float, flow: Floats) -> tuple[bool, Floats]:
    """Solve with utilities multiplied by a factor λ < 1 that rises to 1, each from the last prediction.

    Flows are nearly linear in 1 / λ: costs of used paths differ by ``ln P / λ``. So
    ``V(λ') ≈ V(λ) + (1 − λ / λ') dV/dlnλ`` with ``(I + H D') dV/dlnλ = ∂F/∂lnλ``.
    """
    scale, solved, step = 1.0 / SCALE_STEP, 0.0, SCALE_STEP
    solution, derivative = flow, np.zeros_like(flow)
    while not trace.is_full:
        loading.scale_utilities(scale)
        guess = np.maximum(solution + (1.0 - solved / scale) * derivative, 0.0)
        since = len(trace.steps)
        converged, flow = _newton(loading, trace, gap if scale == 1.0 else max(COARSE, gap), guess)
        if scale == 1.0 and (converged or trace.best(since) < ROUNDING):
            return converged, flow
        if converged:
            step = SCALE_STEP if solved == 0.0 else min(SCALE_STEP, (scale / solved) ** 2)
            solved, solution = scale, flow
            slope = loading.load(flow)[1]
            derivative = _solve_newton(loading, loading.utility_scale_derivative(), slope, COARSE)
            scale = min(1.0, scale * step)
        elif solved == 0.0:
            scale /= SCALE_STEP
        elif scale / solved < LEAST_SCALE_STEP:
            break
        else:
            scale = float(np.sqrt(scale * solved))
    return False, flow


class _Trace:
    """The convergence record of all iterations so far."""

    def __init__(self, max_iterations: int, loading: LogitLoading) -> None:
        self.max_iterations = max_iterations
        self.loading, self.max_passes = loading, loading.passes + PASSES * max(max_iterations, MAX_CG_STEPS)
        self.began = time.perf_counter()
        self.steps: list[Step] = []

    @property
    def is_full(self) -> bool:
        """No iteration is left, or no pass over the paths."""
        return len(self.steps) >= self.max_iterations or self.loading.passes >= self.max_passes

    def add(self, residual: float) -> None:
        """Add an iteration."""
        self.steps.append(Step(len(self.steps) + 1, residual, time.perf_counter() - self.began))

    def best(self, since: int) -> float:
        """Return the least residual after the ``since``-th iteration."""
        return min((step.residual for step in self.steps[since:]), default=np.inf)

    def is_stalled(self, since: int) -> bool:
        """Test if the residual has not halved in the last iterations of those after the ``since``-th."""
        residuals = [step.residual for step in self.steps[since:]]
        return len(residuals) > STALLED and min(residuals[-STALLED:]) > 0.5 * min(residuals[:-STALLED])


def _newton(loading: LogitLoading, trace: _Trace, gap: float, flow: Floats) -> tuple[bool, Floats]:
    """Run Newton's method from given flows until path flows reproduce themselves to ``gap``.

    Path flows of V are a fixed point if the delays of their own group flows F(V) give the same path flows.
    With large θ this requires far more than V = F(V) to the same tolerance.

    Returns:
        True if converged, and the flows, (G,).
    """
    tolerance, since = gap, len(trace.steps)
    loaded, slope = loading.load(flow)
    while not trace.is_full and not trace.is_stalled(since):
        difference = loaded - flow
        largest = max(float(flow.max(initial=0.0)), 1e-300)
        residual = float(np.abs(difference).max(initial=0.0)) / largest
        if residual <= tolerance:
            loading.load(loaded)
            path_residual = loading.flow_residual()
            loading.undo()
            trace.add(path_residual)
            if path_residual <= gap:
                return True, loaded
            tolerance = residual * max(0.5 * gap / path_residual, 1e-3)
        else:
            trace.add(residual)
        step = _solve_newton(loading, difference, slope, min(CG_TOLERANCE, residual**0.5))
        flow, loaded, slope = _line_search(loading, flow, difference, slope, step)
    return False, flow


def _solve_newton(loading: LogitLoading, difference: Floats, slope: Floats, tolerance: float) -> Floats:
    """Solve ``(I + H D') x = F − V`` by conjugate gradients with a diagonal preconditioner, (G,).

    Args:
        loading: The loading, at V.
        difference: F(V) − V, (G,).
        slope: D', (G,).
        tolerance: Reduction of the residual.
    """
    root = np.sqrt(slope)
    diagonal = loading.jacobian_diagonal()
    weight = 1.0 + slope * diagonal
    residual = root * difference
    inner = np.zeros_like(residual)
    target = tolerance * float(np.sqrt(residual @ residual))
    preconditioned = residual / weight
    direction, norm = preconditioned.copy(), float(residual @ preconditioned)
    for _ in range(MAX_CG_STEPS):
        if float(np.sqrt(residual @ residual)) <= target:
            break
        product = direction + root * loading.jacobian_product(root * direction)
        length = norm / float(direction @ product)
        inner += length * direction
        residual -= length * product
        preconditioned = residual / weight
        before, norm = norm, float(residual @ preconditioned)
        direction = preconditioned + (norm / before) * direction
    return np.asarray(
        difference - loading.jacobian_product(root * inner) - root * diagonal / weight * residual
    )


def _line_search(
    loading: LogitLoading, flow: Floats, difference: Floats, slope: Floats, step: Floats
) -> tuple[Floats, Floats, Floats]:
    """Go along a step, or along F − V if the step does not descend, without overshooting the minimum.

    Returns:
        The new flows, and the loading and the slopes there, (G,) each.
    """
    descent = float((slope * difference) @ step)
    length = 1.0
    if descent < 0.0:
        step, descent = difference, float((slope * difference) @ difference)
    for _ in range(MAX_SHORTENINGS):
        trial = np.maximum(flow + length * step, 0.0)
        loaded, trial_slope = loading.load(trial)
        ascent = float((trial_slope * (trial - loaded)) @ (trial - flow)) / length
        if ascent <= OVERSHOOT * descent:
            break
        length *= float(np.clip(descent / (descent + ascent), 0.1, 0.7))
    return trial, loaded, trial_slope
