"""Delay functions: published formulas, slopes, integrals."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.assignment.kernels.arrays import Delays, State
from sogdia.assignment.kernels.delay import CONICAL, CONICAL_MARGINAL, NONE, POWER, integrals, refresh

from .reference import delay_of

FLOWS = [0.0, 0.3, 4.0, 10.0, 27.0]
NAMES = {NONE: "none", POWER: "power", CONICAL: "conical"}
FUNCTIONS = [
    (NONE, 1.0),
    (POWER, 0.7),
    (POWER, 1.0),
    (POWER, 2.6),
    (POWER, 4.0),
    (CONICAL, 1.5),
    (CONICAL, 4.0),
]


def delays_of(kind: int, power: float, preload: float = 0.0) -> Delays:
    count = len(FLOWS)
    kinds, powers = np.full(count, kind, np.int8), np.full(count, power)
    return Delays(kinds, np.full(count, 2.5), np.full(count, 9.0), powers, np.full(count, preload))


def state_at(delays: Delays, flow: np.ndarray) -> State:
    state = State(flow, np.empty(flow.size), np.empty(flow.size))
    refresh(delays, state)
    return state


@pytest.mark.parametrize(("kind", "power"), FUNCTIONS)
def test_delay_matches_the_published_formula(kind: int, power: float) -> None:
    delay = state_at(delays_of(kind, power), np.array(FLOWS)).delay
    expected = [delay_of(NAMES[kind], 2.5, 9.0, power, flow) for flow in FLOWS]
    np.testing.assert_allclose(delay, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kind", "power"), [*FUNCTIONS, (CONICAL_MARGINAL, 4.0)])
def test_slope_and_integral_match_finite_differences(kind: int, power: float) -> None:
    delays, flow, step = delays_of(kind, power), np.array(FLOWS) + 0.1, 1e-6
    below, above = np.empty(flow.size), np.empty(flow.size)
    state = state_at(delays, flow)
    slope = (state_at(delays, flow + step).delay - state_at(delays, flow - step).delay) / (2.0 * step)
    np.testing.assert_allclose(state.slope, slope, rtol=1e-5, atol=1e-6)
    integrals(delays, flow - step, below)
    integrals(delays, flow + step, above)
    np.testing.assert_allclose((above - below) / (2.0 * step), state.delay, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("kind", "power"), [*FUNCTIONS, (CONICAL_MARGINAL, 4.0)])
def test_preload_shifts_the_delay_and_starts_the_integral(kind: int, power: float) -> None:
    flow, bare, loaded = np.array(FLOWS) + 0.1, delays_of(kind, power), delays_of(kind, power, preload=4.0)
    np.testing.assert_array_equal(state_at(loaded, flow).delay, state_at(bare, flow + 4.0).delay)
    np.testing.assert_array_equal(state_at(loaded, flow).slope, state_at(bare, flow + 4.0).slope)
    above, below, out = np.empty(flow.size), np.empty(flow.size), np.empty(flow.size)
    integrals(bare, flow + 4.0, above)
    integrals(bare, np.full(flow.size, 4.0), below)
    integrals(loaded, flow, out)
    np.testing.assert_allclose(out, above - below, rtol=1e-12, atol=1e-12)


def test_integral_is_zero_without_flow() -> None:
    for kind, power in [*FUNCTIONS, (CONICAL_MARGINAL, 4.0)]:
        out = np.empty(len(FLOWS))
        integrals(delays_of(kind, power), np.zeros(len(FLOWS)), out)
        np.testing.assert_allclose(out, 0.0, atol=1e-12)
