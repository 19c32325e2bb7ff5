"""Delay functions: value, slope and integral."""

from __future__ import annotations

import math

import numba as nb

from sogdia.assignment.kernels.arrays import Delays, Floats, State
from sogdia.numerics.compiled import CALLEE_IN_PLACE, IN_PLACE, INLINE

NONE, POWER, CONICAL, CONICAL_MARGINAL = 0, 1, 2, 3


@nb.njit(**INLINE)
def delay_and_slope(
    kind: int, scale: float, capacity: float, power: float, flow: float
) -> tuple[float, float]:
    """Return the delay at ``flow`` and its derivative by the flow.

    With ``x = flow / capacity``:

    - power (Bureau of Public Roads 1964): ``D = scale · x^power``;
    - conical (Spiess 1990): ``D = scale · (f(x) − f(0))`` with ``f(x) = √(α²(1 − x)² + β²) − α(1 − x)``,
      ``α = power`` and ``β = (2α − 1) / (2α − 2)``: nearly linear with slope 2α beyond capacity;
    - marginal of conical: ``D + flow · D'``, for the system optimum.
    """
    if kind == NONE:
        return 0.0, 0.0
    x = flow / capacity
    if kind == POWER:
        if power == 4.0:
            cube = x * x * x
            return scale * cube * x, 4.0 * scale * cube / capacity
        if power == 1.0:
            return scale * x, scale / capacity
        if x <= 0.0 or power == 0.0:
            return (scale if power == 0.0 else 0.0), 0.0
        part = x ** (power - 1.0)
        return scale * part * x, scale * power * part / capacity
    beta = (2.0 * power - 1.0) / (2.0 * power - 2.0)
    left = power * (1.0 - x)
    root = math.sqrt(left * left + beta * beta)
    at_zero = math.sqrt(power * power + beta * beta) - power
    value = scale * (root - left - at_zero)
    slope = scale * (power - power * left / root) / capacity
    if kind == CONICAL:
        return value, slope
    bend = scale * power * power * beta * beta / (root * root * root * capacity * capacity)
    return value + flow * slope, 2.0 * slope + flow * bend


@nb.njit(**IN_PLACE)
def refresh(delays: Delays, state: State) -> None:
    """Set delay and slope of every capacity group to those at its present flow."""
    for g in range(state.flow.size):
        state.delay[g], state.slope[g] = delay_and_slope(
            delays.kind[g],
            delays.scale[g],
            delays.capacity[g],
            delays.power[g],
            delays.preload[g] + state.flow[g],
        )


@nb.njit(**IN_PLACE)
def integrals(delays: Delays, flow: Floats, out: Floats) -> None:
    """Integrate each group's delay over its flow v beyond its preload p, ``∫₀ᵛ D(p + x) dx``."""
    for g in range(flow.size):
        kind, scale, capacity, power = delays.kind[g], delays.scale[g], delays.capacity[g], delays.power[g]
        preload = delays.preload[g]
        out[g] = _integral(kind, scale, capacity, power, preload + flow[g])
        if preload > 0.0:
            out[g] -= _integral(kind, scale, capacity, power, preload)


@nb.njit(**CALLEE_IN_PLACE)
def _integral(kind: int, scale: float, capacity: float, power: float, flow: float) -> float:
    """Return ``∫₀ᵛ D``."""
    x = flow / capacity
    if kind == NONE:
        return 0.0
    if kind == POWER:
        area = x**power / (power + 1.0) if flow > 0.0 else 0.0
        return float(scale * flow * area)
    beta = (2.0 * power - 1.0) / (2.0 * power - 2.0)
    at_zero = math.sqrt(power * power + beta * beta) - power
    if kind == CONICAL:
        area = _root_area(power, beta, x) - power * (x - 0.5 * x * x) - at_zero * x
        return float(scale * capacity * area)
    left = power * (1.0 - x)
    return flow * scale * (math.sqrt(left * left + beta * beta) - left - at_zero)


@nb.njit(**CALLEE_IN_PLACE)
def _root_area(alpha: float, beta: float, x: float) -> float:
    """Return ``∫₀ˣ √(α²(1 − s)² + β²) ds`` in closed form."""
    a = alpha
    b = alpha * (1.0 - x)
    upper = 0.5 * (a * math.sqrt(a * a + beta * beta) + beta * beta * math.asinh(a / beta))
    lower = 0.5 * (b * math.sqrt(b * b + beta * beta) + beta * beta * math.asinh(b / beta))
    return (upper - lower) / alpha
