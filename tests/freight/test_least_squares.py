"""Factors of demand from counts: closed forms, bounds, leverage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.freight.calibration.least_squares import (
    CountModel,
    FactorPriors,
    estimate_factors,
    estimates_left_out,
    leverages,
    strongest_pull,
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


def priors(sd: Any, least: float = 1e-3, largest: float = 1e3) -> FactorPriors:
    sd = np.asarray(sd, dtype=float)
    return FactorPriors(sd, np.full(sd.size, np.log(least)), np.full(sd.size, np.log(largest)))


def solve(counts: CountModel, sd: Any, least: float = 1e-3, largest: float = 1e3) -> Any:
    known = priors(sd, least, largest)
    return estimate_factors(counts, known, np.zeros(known.sd.size))


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


@pytest.mark.parametrize(("observed", "factor"), [(100.0, 2.0), (1.0, 0.8), (15.0, 1.5)])
def test_factor_stays_within_its_range(observed: float, factor: float) -> None:
    (z,) = solve(model([[10.0]], [observed], [1e-3]), [1.0], least=0.8, largest=2.0)
    assert np.exp(z) == pytest.approx(factor, rel=1e-3)
    assert priors([1.0], 0.8, 2.0).is_free(np.array([z]))[0] == (observed == 15.0)


def test_count_that_pulls_most_is_named() -> None:
    counts = model([[10.0, 10.0], [0.0, 10.0]], [12.0, 30.0], [0.1, 0.1])
    assert strongest_pull(counts, np.array([-0.1, 0.1])).tolist() == [0, 1]


def test_leverage_on_a_factor_is_the_variance_that_the_count_removes() -> None:
    """One count of one pair: ``s² / (s² + d²)`` of the prior variance, all of it at d = 0."""
    counts, known = model([[100.0]], [100.0], [0.4]), priors([0.3])
    of_counts, on_factors = leverages(counts, known, np.zeros(1))
    assert of_counts == pytest.approx([0.3**2 / (0.3**2 + 0.4**2)])
    assert on_factors == pytest.approx(of_counts)


def test_count_that_is_not_used_has_no_effect() -> None:
    used = model([[10.0, 0.0]], [12.0], [0.1])
    both = model([[10.0, 0.0], [0.0, 5.0]], [12.0, 50.0], [0.1, 0.1], used=np.array([True, False]))
    assert solve(both, [0.3, 0.3]) == pytest.approx(solve(used, [0.3, 0.3]), abs=1e-7)
    leverage, _ = leverages(both, priors([0.3, 0.3]), solve(both, [0.3, 0.3]))
    assert leverage[1] == 0.0
    assert estimates_left_out(both, priors([0.3, 0.3]), np.ones(2)) == pytest.approx(
        np.zeros((1, 2)), abs=1e-6
    )


def test_far_count_pulls_less_than_its_square_would() -> None:
    near, far = (solve(model([[10.0]], [o], [0.1]), [0.3])[0] for o in (10.5, 1e4))
    full = 0.3**2 / (0.3**2 + 0.1**2)
    assert near == pytest.approx(full * np.log(1.05), rel=0.02)
    assert far < 0.6 * full * np.log(1e3)


def test_residual_left_out_follows_from_leverage_near_the_model() -> None:
    """Counts near the model, where ρ is a square and m linear in z: ``r / (1 − h)``."""
    rng = np.random.default_rng(4)
    passing = rng.uniform(10.0, 100.0, (4, 6)) * (rng.random((4, 6)) < 0.7)
    observed = passing.sum(axis=1) * np.exp(rng.normal(0.0, 0.01, 4))
    counts, known = model(passing, observed, np.full(4, 0.05)), priors(np.full(6, 0.1))
    z = solve(counts, known.sd)
    leverage, _ = leverages(counts, known, z)
    without = estimates_left_out(counts, known, z)
    for i in range(4):
        approximate = counts.residuals(counts.read(z))[i] / (1.0 - leverage[i])
        exact = counts.residuals(counts.read(without[i]))[i]
        assert approximate == pytest.approx(exact, rel=0.05, abs=0.005)


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
