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


def test_games_by_hand() -> None:
    told = answers("shapley")
    airport = game(3, lambda s: max((told["airport"]["costs"][p] for p in s), default=0.0))
    assert shapley(airport) == pytest.approx(told["airport"]["expect"])
    glove = game(3, lambda s: 0 in s and len(s) > 1)
    assert shapley(glove) == pytest.approx(told["glove"]["expect"])
    additive = game(3, lambda s: sum(told["additive"]["losses"][p] for p in s))
    assert shapley(additive) == pytest.approx(told["additive"]["values"])
    parallel = game(3, lambda s: max(0.0, 100.0 - sum((60.0, 60.0, 10.0)[p] for p in {0, 1, 2} - s)))
    assert shapley(parallel) == pytest.approx(told["parallel_supply"]["values"])


def test_losses_of_the_toy_portfolios_are_shared_as_published() -> None:
    for name, told in toy().items():
        if not name.endswith("answers"):
            continue
        known = told["withdrawal_of_best_mean"]
        partners = list(known["shapley"])
        losses = {frozenset(key.split("+")) - {"none"}: x for key, x in known["coalition_losses"].items()}
        v = game(len(partners), lambda s, at=losses, p=partners: at[frozenset(p[i] for i in s)])
        found = dict(zip(partners, shapley(v).tolist(), strict=True))
        assert found == pytest.approx(known["shapley"], rel=1e-6, abs=1e-6)
        assert sum(found.values()) == pytest.approx(v[-1] - v[0], rel=1e-9)


@given(games)
def test_the_parts_sum_to_the_whole(v: Any) -> None:
    assert shapley(v).sum() == pytest.approx(v[-1] - v[0], abs=1e-9)


@given(games, st.randoms(use_true_random=False))
def test_the_order_of_partners_does_not_matter(v: Any, random: Any) -> None:
    n = len(v).bit_length() - 1
    order = random.sample(range(n), n)
    moved = np.empty_like(v)
    for mask in range(len(v)):
        moved[sum(1 << order[p] for p in range(n) if mask >> p & 1)] = v[mask]
    assert shapley(moved)[order] == pytest.approx(shapley(v), abs=1e-9)
    assert interactions(moved)[np.ix_(order, order)] == pytest.approx(interactions(v), abs=1e-9)


@given(games)
def test_it_is_the_mean_over_all_orders(v: Any) -> None:
    n = len(v).bit_length() - 1
    orders = np.array(list(permutations(range(n))))
    total = np.zeros(n)
    for order in orders:
        mask = 0
        for p in order:
            total[p] += v[mask | 1 << p] - v[mask]
            mask |= 1 << p
    assert shapley(v) == pytest.approx(total / len(orders), abs=1e-8)


def test_a_partner_without_weight_gets_nothing_and_equals_get_the_same() -> None:
    v = game(
        4, lambda s: 5.0 * (1 in s) + 5.0 * (2 in s) + 3.0 * (0 in s and 1 in s) + 3.0 * (0 in s and 2 in s)
    )
    found = shapley(v)
    assert found[3] == pytest.approx(0.0, abs=1e-12)
    assert found[1] == pytest.approx(found[2])


def test_two_that_stand_in_for_each_other_interact() -> None:
    either = game(2, lambda s: 10.0 * (len(s) == 2))
    assert interactions(either)[0, 1] == pytest.approx(10.0)
    same = game(2, lambda s: 10.0 * (len(s) > 0))
    assert interactions(same)[0, 1] == pytest.approx(-10.0)
    assert interactions(game(3, lambda s: float(len(s)))) == pytest.approx(np.zeros((3, 3)), abs=1e-12)


def test_alone_last_and_worst() -> None:
    v = game(2, lambda s: {0: 0.0, 1: 4.0, 2: 10.0}[len(s)] - 1.0 * (s == {1}))
    assert solo(v) == pytest.approx([4.0, 3.0])
    assert last_in(v) == pytest.approx([7.0, 6.0])
    most, who = largest_solo(v)
    assert (float(most), int(who)) == (4.0, 0)


def test_who_tips_the_scale() -> None:
    # Weights 3, 2, 1 and a tolerance of 3: the first tips {1} and {2} and {1,2}; the others {0} alone.
    v = game(3, lambda s: sum((3.0, 2.0, 1.0)[p] for p in s))
    assert pivotality(v, 3.0) == pytest.approx([3 / 4, 1 / 4, 1 / 4])


def test_several_homes_at_once_are_the_same_as_one_by_one() -> None:
    v = np.random.default_rng(3).normal(size=(16, 3))
    for measure in (shapley, solo, last_in, interactions):
        found = measure(v)
        for home in range(3):
            assert found[..., home] == pytest.approx(measure(np.ascontiguousarray(v[:, home])))
    assert pivotality(v, 0.1)[:, 1] == pytest.approx(pivotality(v[:, 1], 0.1))


def test_sampled_values_come_near_the_exact_ones_and_sum_exactly() -> None:
    generator = np.random.default_rng(8)
    v = np.cumsum(generator.random(1 << 8))
    v[0] = 0.0
    found = sampled_shapley(lambda mask: float(v[mask]), permutations_of(8, 200, seed=1))
    off = np.abs(found.values - shapley(v)) / found.standard_errors
    assert off.max() < 4.0
    assert found.values.sum() == pytest.approx(v[-1], rel=1e-12)
    assert found.permutations == 400


def test_an_additive_game_is_sampled_without_error() -> None:
    weights = np.array([3.0, 1.0, 2.0])
    v = game(3, lambda s: sum(weights[p] for p in s))
    found = sampled_shapley(lambda mask: float(v[mask]), permutations_of(3, 2, seed=0))
    assert found.values == pytest.approx(weights)
    assert found.standard_errors == pytest.approx(np.zeros(3), abs=1e-12)


def test_the_same_seed_gives_the_same_orders() -> None:
    first, second = permutations_of(12, 5, seed=4), permutations_of(12, 5, seed=4)
    assert np.array_equal(first, second)
    assert len(coalitions_in(first)) <= 5 * 2 * 11 + 2
    with pytest.raises(InputError, match="two pairs"):
        sampled_shapley(lambda _mask: 0.0, permutations_of(3, 1, seed=0))


def test_a_table_of_another_size_is_no_game() -> None:
    with pytest.raises(InputError, match="not 3"):
        shapley(np.zeros(3))
