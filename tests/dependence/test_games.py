"""Coalitions: games reckoned by hand, and properties of any game."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dependence.answers import answers, toy
from sogdia.dependence import (
    coalitions_in,
    interactions,
    largest_solo,
    last_in,
    permutations_of,
    pivotality,
    sampled_shapley,
    shapley,
    solo,
)
from sogdia.errors import InputError


def game(n: int, value: Any) -> Any:
    """The table of a function of the set of players."""
    return np.array([float(value({p for p in range(n) if mask >> p & 1})) for mask in range(1 << n)])


games = st.integers(1, 5).flatmap(lambda n: arrays(np.float64, 1 << n, elements=st.floats(-100, 100)))


def test_games_match_hand_calculation() -> None:
    expected = answers("shapley")
    airport = game(3, lambda s: max((expected["airport"]["costs"][p] for p in s), default=0.0))
    assert shapley(airport) == pytest.approx(expected["airport"]["expect"])
    glove = game(3, lambda s: 0 in s and len(s) > 1)
    assert shapley(glove) == pytest.approx(expected["glove"]["expect"])
    additive = game(3, lambda s: sum(expected["additive"]["losses"][p] for p in s))
    assert shapley(additive) == pytest.approx(expected["additive"]["values"])
    parallel = game(3, lambda s: max(0.0, 100.0 - sum((60.0, 60.0, 10.0)[p] for p in {0, 1, 2} - s)))
    assert shapley(parallel) == pytest.approx(expected["parallel_supply"]["values"])


def test_toy_portfolio_losses_match_published_shapley_values() -> None:
    for name, expected in toy().items():
        if not name.endswith("answers"):
            continue
        known = expected["withdrawal_of_best_mean"]
        partners = list(known["shapley"])
        losses = {frozenset(key.split("+")) - {"none"}: x for key, x in known["coalition_losses"].items()}
        v = game(len(partners), lambda s, at=losses, p=partners: at[frozenset(p[i] for i in s)])
        found = dict(zip(partners, shapley(v).tolist(), strict=True))
        assert found == pytest.approx(known["shapley"], rel=1e-6, abs=1e-6)
        assert sum(found.values()) == pytest.approx(v[-1] - v[0], rel=1e-9)


@given(games)
def test_shapley_values_sum_to_joint_loss(v: Any) -> None:
    assert shapley(v).sum() == pytest.approx(v[-1] - v[0], abs=1e-9)


@given(games, st.randoms(use_true_random=False))
def test_shuffled_partners_give_same_values(v: Any, random: Any) -> None:
    n = len(v).bit_length() - 1
    order = random.sample(range(n), n)
    moved = np.empty_like(v)
    for mask in range(len(v)):
        moved[sum(1 << order[p] for p in range(n) if mask >> p & 1)] = v[mask]
    assert shapley(moved)[order] == pytest.approx(shapley(v), abs=1e-9)
    assert interactions(moved)[np.ix_(order, order)] == pytest.approx(interactions(v), abs=1e-9)


@given(games)
def test_shapley_value_is_mean_over_all_orders(v: Any) -> None:
    n = len(v).bit_length() - 1
    orders = np.array(list(permutations(range(n))))
    total = np.zeros(n)
    for order in orders:
        mask = 0
        for p in order:
            total[p] += v[mask | 1 << p] - v[mask]
            mask |= 1 << p
    assert shapley(v) == pytest.approx(total / len(orders), abs=1e-8)


def test_null_player_gets_zero_and_symmetric_players_get_equal_values() -> None:
    v = game(
        4, lambda s: 5.0 * (1 in s) + 5.0 * (2 in s) + 3.0 * (0 in s and 1 in s) + 3.0 * (0 in s and 2 in s)
    )
    found = shapley(v)
    assert found[3] == pytest.approx(0.0, abs=1e-12)
    assert found[1] == pytest.approx(found[2])


def test_substitutes_have_positive_interaction() -> None:
    either = game(2, lambda s: 10.0 * (len(s) == 2))
    assert interactions(either)[0, 1] == pytest.approx(10.0)
    same = game(2, lambda s: 10.0 * (len(s) > 0))
    assert interactions(same)[0, 1] == pytest.approx(-10.0)
    assert interactions(game(3, lambda s: float(len(s)))) == pytest.approx(np.zeros((3, 3)), abs=1e-12)


def test_solo_last_in_and_headline_match_hand_calculation() -> None:
    v = game(2, lambda s: {0: 0.0, 1: 4.0, 2: 10.0}[len(s)] - 1.0 * (s == {1}))
    assert solo(v) == pytest.approx([4.0, 3.0])
    assert last_in(v) == pytest.approx([7.0, 6.0])
    most, who = largest_solo(v)
    assert (float(most), int(who)) == (4.0, 0)


def test_pivotality_matches_hand_calculation() -> None:
    # Weights 3, 2, 1 and a tolerance of 3: the first tips {1} and {2} and {1,2}; the others {0} alone.
    v = game(3, lambda s: sum((3.0, 2.0, 1.0)[p] for p in s))
    assert pivotality(v, 3.0) == pytest.approx([3 / 4, 1 / 4, 1 / 4])


def test_columns_of_homes_equal_single_homes() -> None:
    v = np.random.default_rng(3).normal(size=(16, 3))
    for measure in (shapley, solo, last_in, interactions):
        found = measure(v)
        for home in range(3):
            assert found[..., home] == pytest.approx(measure(np.ascontiguousarray(v[:, home])))
    assert pivotality(v, 0.1)[:, 1] == pytest.approx(pivotality(v[:, 1], 0.1))


def test_sampled_shapley_is_close_to_exact_and_sums_exactly() -> None:
    generator = np.random.default_rng(8)
    v = np.cumsum(generator.random(1 << 8))
    v[0] = 0.0
    found = sampled_shapley(lambda mask: float(v[mask]), permutations_of(8, 200, seed=1))
    off = np.abs(found.values - shapley(v)) / found.standard_errors
    assert off.max() < 4.0
    assert found.values.sum() == pytest.approx(v[-1], rel=1e-12)
    assert found.permutations == 400


def test_additive_game_has_zero_sampling_error() -> None:
    weights = np.array([3.0, 1.0, 2.0])
    v = game(3, lambda s: sum(weights[p] for p in s))
    found = sampled_shapley(lambda mask: float(v[mask]), permutations_of(3, 2, seed=0))
    assert found.values == pytest.approx(weights)
    assert found.standard_errors == pytest.approx(np.zeros(3), abs=1e-12)


def test_same_seed_gives_same_orders() -> None:
    first, second = permutations_of(12, 5, seed=4), permutations_of(12, 5, seed=4)
    assert np.array_equal(first, second)
    assert len(coalitions_in(first)) <= 5 * 2 * 11 + 2
    with pytest.raises(InputError, match="two pairs"):
        sampled_shapley(lambda _mask: 0.0, permutations_of(3, 1, seed=0))


def test_table_of_wrong_size_raises() -> None:
    with pytest.raises(InputError, match="got 3 rows"):
        shapley(np.zeros(3))
