"""First-order responses against solutions, and derivatives by elasticities against differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import InputError
from sogdia.trade import Baseline, Change, TradeSettings, linear_response, solve, theta_sensitivity

from .worlds import random_change, random_world, two, with_rents

CASES = pytest.mark.parametrize(
    ("rule", "with_inputs", "with_tariffs", "with_factors"),
    [
        ("additive", False, False, False),
        ("additive", True, True, False),
        ("additive", True, True, True),
        ("multiplicative", True, True, False),
        ("multiplicative", False, False, False),
        ("multiplicative", False, True, True),
        ("zero", True, False, False),
        ("zero", False, True, True),
    ],
)


def world_of(seed: int, *, with_inputs: bool, with_tariffs: bool, with_factors: bool) -> Baseline:
    """Return a random world; with factors some sectors pay rents and some economies named transfers."""
    world = random_world(seed, with_inputs=with_inputs, with_tariffs=with_tariffs)
    if not with_factors:
        return world
    named = np.random.default_rng(seed).uniform(0.0, 0.01, (6, 6)) * world.value_added.min()
    return replace(with_rents(world, seed), transfers=named)


def settings_of(rule: str) -> TradeSettings:
    return TradeSettings.model_validate({"imbalance": rule, "tolerance": 1e-13})


@CASES
def test_error_of_linear_response_is_of_second_order(
    rule: str, with_inputs: bool, with_tariffs: bool, with_factors: bool
) -> None:
    baseline = world_of(21, with_inputs=with_inputs, with_tariffs=with_tariffs, with_factors=with_factors)
    full = random_change(21, baseline, spread=1.0)
    assert full.productivity is not None
    settings = settings_of(rule)
    start = solve(baseline, Change.none(baseline), settings)
    errors = []
    for size in (1e-2, 1e-3):
        change = Change(full.cost_hat**size, None, full.productivity**size)
        exact = np.log(solve(baseline, change, settings).welfare_hat / start.welfare_hat)
        first = linear_response(baseline, change, settings).log_welfare[:, 0]
        assert np.abs(first).max() > size / 10.0
        errors.append(np.abs(exact - first).max())
    assert errors[0] / errors[1] == pytest.approx(100.0, rel=0.2)


def test_two_identical_economies_match_the_hand_calculation() -> None:
    # Wages are constant; dln W = −(import share) dln τ.
    baseline = Baseline.from_frames(two(), 4.0)
    cost = np.array([[[1.0, 1.01], [1.01, 1.0]]])
    found = linear_response(baseline, Change(cost))
    assert found.log_welfare[:, 0] == pytest.approx(-0.2 * np.log(1.01))
    assert found.log_wage[:, 0] == pytest.approx(0.0, abs=1e-15)


@CASES
def test_derivatives_by_elasticities_match_finite_differences(
    rule: str, with_inputs: bool, with_tariffs: bool, with_factors: bool
) -> None:
    baseline = world_of(22, with_inputs=with_inputs, with_tariffs=with_tariffs, with_factors=with_factors)
    change = random_change(22, baseline, cut=0.1)
    settings = settings_of(rule)
    table = theta_sensitivity(solve(baseline, change, settings))
    step = 1e-4
    for k, sector in enumerate(baseline.sectors):
        logs = []
        for sign in (1.0, -1.0):
            theta = baseline.theta.copy()
            theta[k] += sign * step
            logs.append(np.log(solve(replace(baseline, theta=theta), change, settings).welfare_hat))
        by_difference = (logs[0] - logs[1]) / (2.0 * step)
        ours = table.loc[table["sector"] == sector, "log_welfare_per_theta"].to_numpy()
        assert ours == pytest.approx(by_difference, abs=1e-8)
        assert np.abs(ours).max() > 1e-4


def test_autarky_derivative_matches_the_closed_form() -> None:
    # ln W = ln(π) / θ, so dln W / dθ = −ln(π) / θ².
    baseline = Baseline.from_frames(two(), 4.0)
    cost = np.array([[[1.0, np.inf], [np.inf, 1.0]]])
    table = theta_sensitivity(solve(baseline, Change(cost)))
    assert table["log_welfare_per_theta"].to_numpy() == pytest.approx(-np.log(0.8) / 16.0)


def test_cut_off_or_tariff_change_raises() -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    cut = np.array([[[1.0, np.inf], [1.0, 1.0]]])
    with pytest.raises(InputError, match="cut off"):
        linear_response(baseline, Change(cut))
    tariff = np.array([[[0.0, 0.1], [0.0, 0.0]]])
    with pytest.raises(InputError, match="tariffs"):
        linear_response(baseline, Change(np.ones((1, 2, 2)), tariff))


def test_response_to_labour_and_derivatives_under_scarcity_rents_raise() -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    with pytest.raises(InputError, match="labour change"):
        linear_response(baseline, Change(np.ones((1, 2, 2)), labour=np.array([1.1, 1.0])))
    wedges = Change.from_frames(
        baseline,
        wedges=pd.DataFrame([("A", "B", 5.0, "A")], columns=["exporter", "importer", "wedge_pct", "owner"]),
    )
    with pytest.raises(InputError, match="scarcity rents"):
        theta_sensitivity(solve(baseline, wedges))
