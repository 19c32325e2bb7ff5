"""Upper bound of quadratic gains: the optimum of all portfolios within the limits, by listing them."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from portfolio.small import every_portfolio, knapsack, two_partners
from sogdia.api.portfolio_values import RESULTS, SetEvaluator
from sogdia.portfolio.feasible import linear_system
from sogdia.portfolio.quadratic_bound import GAP, quadratic_bound
from sogdia.portfolio.second_order import SecondOrder


@pytest.mark.parametrize("seed", range(4))
def test_bound_is_the_optimum_of_all_portfolios(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = two_partners("ABCDEF", {"bank": 2.0, "fund": 3.0}, limits=(knapsack([1.0], 9.0).limits[0],))
    single = rng.normal(3.0, 4.0, len(problem.options))
    pairs = {pair: float(rng.normal(0.0, 3.0)) for pair in combinations(range(6), 2)}
    system = linear_system(problem)
    choices = every_portfolio(problem)
    choices = choices[system.feasible(choices)]
    built = choices > 0
    gains = problem.indicators(choices).astype(float) @ single
    gains += sum(value * (built[:, i] & built[:, j]) for (i, j), value in pairs.items())
    best = float(gains.max())
    found = quadratic_bound(system, single, pairs)
    assert best - 1e-9 <= found <= best + 2.0 * GAP * abs(best) + 1e-6


def test_bound_of_limits_that_no_portfolio_respects_is_minus_infinity() -> None:
    problem = knapsack([5.0, 6.0], 4.0, must_haves=("A",))
    assert quadratic_bound(linear_system(problem), np.ones(2), {}) == -float("inf")


def test_too_many_projects_for_pairs_have_no_bound() -> None:
    problem = knapsack([1.0] * 41, 3.0)
    assert quadratic_bound(linear_system(problem), np.ones(41), {(0, 1): 1.0}) == float("inf")
    assert quadratic_bound(linear_system(problem), np.ones(41), {}) == pytest.approx(3.0, rel=1e-3)


@pytest.mark.parametrize("later", [8.0, 5.0])
def test_quadratic_net_present_value_is_that_of_the_evaluator_and_never_below_it(later: float) -> None:
    rng, size = np.random.default_rng(3), len(RESULTS)
    problem = two_partners("ABC", {"bank": 1.0, "fund": 2.0})
    # If B opens later with the fund, its present value of a yearly 1 is smaller.
    annuity = ((9.0, 9.0), (8.0, later), (7.0, 7.0))
    money: Any = [
        [
            SimpleNamespace(npv=value, npv_low=value, npv_high=value, annuity=each, losses={"west": 0.0})
            for value, each in zip(rng.normal(0.0, 20.0, 2).tolist(), row, strict=True)
        ]
        for row in annuity
    ]
    sets: Any = SimpleNamespace(runs_of=lambda _engine: 0)
    seen: dict[Any, tuple[int, int]] = {"goods": (0, 1), "power": (1, 2)}
    models = {
        (engine, k): SecondOrder(
            own, np.zeros(size), rng.normal(0.0, 3.0, (2, size)), {own: rng.normal(0.0, 3.0, size)}
        )
        for engine, own in seen.items()
        for k in (0, 1)
    }
    loaded: Any = None
    evaluator = SetEvaluator(loaded, sets, money, 1, {"west": 0.0}, 1.0, models)
    single, pairs = evaluator.quadratic_npv()
    assert set(pairs) == set(seen.values())
    choices = every_portfolio(problem)
    built = choices > 0
    found = problem.indicators(choices).astype(float) @ single
    found += sum(value * (built[:, i] & built[:, j]) for (i, j), value in pairs.items())
    expected = evaluator(choices, [0])[:, 0, 0]
    assert (found >= expected - 1e-9).all()
    is_exact = np.full(len(choices), later == 8.0) | ~built[:, 1]
    assert found[is_exact] == pytest.approx(expected[is_exact])
