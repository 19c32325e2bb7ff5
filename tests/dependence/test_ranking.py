"""The composite: exact parts of the weight simplex, and rankings that hold or do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.dependence import ranking, scaled, share_above
from sogdia.errors import InputError


def test_simplex_shares_match_hand_calculation() -> None:
    assert share_above(np.array([1.0, -1.0])) == pytest.approx(0.5)
    assert share_above(np.array([2.0, -1.0])) == pytest.approx(2 / 3)
    assert share_above(np.array([1.0, 1.0, -1.0])) == pytest.approx(0.75)
    assert share_above(np.array([1.0, -1.0, 0.0])) == pytest.approx(0.5)
    assert share_above(np.array([0.0, 1.0])) == 1.0
    assert share_above(np.array([0.0, 0.0])) == 0.0


@given(st.lists(st.floats(-1, 1).filter(lambda x: abs(x) > 1e-3), min_size=2, max_size=5))
def test_shares_above_and_below_sum_to_one(lead: list[float]) -> None:
    difference = np.array(lead)
    assert share_above(difference) + share_above(-difference) == pytest.approx(1.0)


def test_sampled_weights_agree_with_exact_share() -> None:
    difference = np.array([0.3, 0.2, 0.1, -0.5])
    weights = np.random.default_rng(0).dirichlet(np.ones(4), 200_000)
    assert share_above(difference) == pytest.approx(float((weights @ difference > 0).mean()), abs=0.005)


def test_dominant_row_ranks_first_under_all_weights() -> None:
    found = ranking(np.array([[0.1, 0.2], [0.9, 0.8], [0.5, 0.5]]), np.array([0.5, 0.5]))
    assert found.order.tolist() == [1, 2, 0]
    assert found.share_of_weights == 1.0
    assert found.share_first.tolist() == [0.0, 1.0, 0.0]


def test_ranking_holds_for_two_thirds_of_weights() -> None:
    found = ranking(np.array([[1.0, 0.0], [0.0, 0.5]]), np.array([0.5, 0.5]))
    assert found.order.tolist() == [0, 1]
    assert found.above[0, 1] == pytest.approx(2 / 3)
    assert found.share_of_weights == pytest.approx(2 / 3, abs=1e-3)


def test_scaling_matches_hand_calculation() -> None:
    assert scaled(np.array([[1.0, 5.0], [3.0, 5.0], [2.0, 5.0]])).tolist() == [[0, 0], [1, 0], [0.5, 0]]
    assert ranking(scaled(np.array([[1.0], [3.0]])), np.array([1.0])).order.tolist() == [1, 0]


def test_invalid_weights_raise() -> None:
    with pytest.raises(InputError, match="sum to 1"):
        ranking(np.zeros((2, 2)), np.array([0.5, 0.6]))
