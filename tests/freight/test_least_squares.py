"""Factors of demand from counts: closed forms, bounds, leverage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.freight.calibration.least_squares import (
    CountModel,
    estimate_factors,
    is_free,
    left_out_residuals,
)


def model(passing: Any, observed: Any, sd: Any, **more: Any) -> CountModel:
    passing, observed = np.atleast_2d(np.asarray(passing, dtype=float)), np.asarray(observed, dtype=float)
    n = observed.size
    values = {
        "counted": np.zeros_like(passing),
        "is_share": np.zeros(n, dtype=bool),
        "floor": np.zeros(n),
        "used": np.ones(n, dtype=bool),
        **more,
    }
    return CountModel(passing=passing, observed=observed, sd_ln=np.asarray(sd, dtype=float), **values)


def solve(counts: CountModel, sd: Any, bound: float = 1e3) -> Any:
    sd = np.asarray(sd, dtype=float)
    return estimate_factors(counts, sd, np.full(sd.size, np.log(bound)), np.zeros(sd.size))


def test_one_count_of_one_pair_is_the_weighted_mean_of_logarithms() -> None:
    """``z = ln(o/q) s² / (s² + d²)`` where ρ is a square: residuals far below its scale."""
    q, o, s, d = 100.0, 101.0, 0.3, 0.4
    (z,) = solve(model([[q]], [o], [d]), [s])
    assert z == pytest.approx(np.log(o / q) * s**2 / (s**2 + d**2), rel=1e-3)


def test_exact_count_is_met_and_shared_by_variance() -> None:
    """Two pairs of equal tonnes: the change is in proportion to s², to first order."""
    z = solve(model([[50.0, 50.0]], [101.0], [1e-3]), [0.2, 0.1])
    assert 50.0 * np.exp(z).sum() == pytest.approx(101.0, rel=1e-4)
    assert z[0] / z[1] == pytest.approx(4.0, rel=0.02)


def test_share_moves_the_counted_and_not_the_total() -> None:
    """A share of 20 % at tonnes 10 and 90; with equal variances both ends move."""
    counts = model([[10.0, 0.0]], [20.0], [1e-3], counted=np.array([[10.0, 90.0]]), is_share=np.array([True]))
    z = solve(counts, [0.5, 0.5])
    assert counts.read(np.zeros(2)) == pytest.approx([10.0])
    assert counts.read(z) == pytest.approx([20.0], rel=1e-3)
    assert z[0] > 0.0 > z[1]


def test_factor_stays_within_its_bound() -> None:
    (z,) = solve(model([[10.0]], [100.0], [0.01]), [1.0], bound=2.0)
    assert np.exp(z) == pytest.approx(2.0)
    assert not is_free(np.array([z]), np.log([2.0]))[0]


def test_count_that_is_not_used_has_no_effect() -> None:
    used = model([[10.0, 0.0]], [12.0], [0.1])
    both = model([[10.0, 0.0], [0.0, 5.0]], [12.0, 50.0], [0.1, 0.1], used=np.array([True, False]))
    assert solve(both, [0.3, 0.3]) == pytest.approx(solve(used, [0.3, 0.3]), abs=1e-7)
    leverage, left_out = left_out_residuals(both, solve(both, [0.3, 0.3]), np.full(2, 0.3), np.full(2, 9.0))
    assert leverage[1] == 0.0
    assert left_out[1] == pytest.approx(np.log(5.0 / 50.0) / 0.1)


def test_far_count_pulls_less_than_its_square_would() -> None:
    near, far = (solve(model([[10.0]], [o], [0.1]), [0.3])[0] for o in (10.5, 1e4))
    full = 0.3**2 / (0.3**2 + 0.1**2)
    assert near == pytest.approx(full * np.log(1.05), rel=0.02)
    assert far < 0.6 * full * np.log(1e3)


def test_residual_left_out_is_that_of_a_new_estimate() -> None:
    """Counts near the model, where ρ is a square and m linear in z."""
    rng = np.random.default_rng(4)
    passing = rng.uniform(10.0, 100.0, (4, 6)) * (rng.random((4, 6)) < 0.7)
    observed = passing.sum(axis=1) * np.exp(rng.normal(0.0, 0.01, 4))
    counts, sd = model(passing, observed, np.full(4, 0.05)), np.full(6, 0.1)
    limit = np.full(6, 9.0)
    _, left_out = left_out_residuals(counts, solve(counts, sd), sd, limit)
    for i in range(4):
        used = np.arange(4) != i
        without = replace(counts, used=used)
        residual = without.residuals(without.read(solve(without, sd)))
        assert left_out[i] == pytest.approx(residual[i], rel=0.05, abs=0.005)


@given(st.integers(0, 10_000))
def test_jacobian_is_the_derivative(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counted = rng.uniform(1.0, 50.0, (3, 4))
    counts = model(
        counted * rng.random((3, 4)), rng.uniform(5.0, 60.0, 3), rng.uniform(0.1, 0.5, 3),
        counted=counted, is_share=np.array([False, True, False]), floor=np.array([1.0, 0.2, 0.0]),
    )  # fmt: skip
    z, step = rng.normal(0.0, 0.3, 4), 1e-6
    analytic = counts.jacobian(z)
    for p in range(4):
        moved = z.copy()
        moved[p] += step
        slope = (counts.residuals(counts.read(moved)) - counts.residuals(counts.read(z))) / step
        assert analytic[:, p] == pytest.approx(slope, rel=1e-3, abs=1e-4)
