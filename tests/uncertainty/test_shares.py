"""Variance shares against the closed form of Ishigami & Homma (1990)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import InputError
from sogdia.uncertainty.sampling import unit_sample
from sogdia.uncertainty.shares import variance_shares

A, B = 7.0, 0.1


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2.0 * points - 1.0)
    return np.asarray(np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0]))


@pytest.fixture(scope="module")
def shares() -> pd.DataFrame:
    points = unit_sample(2048, 4, 3, "sobol")
    inputs = pd.DataFrame(points, columns=["one", "two", "three", "idle"])
    return variance_shares(inputs, pd.Series(ishigami(points))).set_index("group")


def test_first_order_shares_are_those_of_the_closed_form(shares: pd.DataFrame) -> None:
    one = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2
    two = A**2 / 8.0
    variance = A**2 / 8.0 + B * np.pi**4 / 5.0 + B**2 * np.pi**8 / 18.0 + 0.5
    expected = {"one": one / variance, "two": two / variance, "three": 0.0, "idle": 0.0}
    assert shares["first"].to_dict() == pytest.approx(expected, abs=0.05)


def test_input_that_acts_by_interaction_alone_has_a_delta_and_an_idle_one_has_almost_none(
    shares: pd.DataFrame,
) -> None:
    # The third input moves the result only together with the first.
    delta, width, pawn = (shares[name].to_dict() for name in ("delta", "delta_conf", "pawn"))
    assert delta["three"] > delta["idle"] + 2.0 * width["idle"]
    assert pawn["three"] > 1.5 * pawn["idle"]


def test_sign_of_a_monotone_input_is_that_of_its_rank_correlation() -> None:
    points = unit_sample(64, 2, 1)
    inputs = pd.DataFrame(points, columns=["up", "down"])
    table = variance_shares(inputs, pd.Series(points[:, 0] - 3.0 * points[:, 1])).set_index("group")
    assert list(table.index) == ["down", "up"]
    sign = table["rank_correlation"].to_dict()
    assert sign["up"] > 0.0 > sign["down"]
    assert table["first"].to_dict()["down"] == pytest.approx(0.9, abs=0.15)


@pytest.mark.parametrize(
    ("result", "words"), [(np.arange(10.0), "10 have a result"), (np.ones(40), "same in all samples")]
)
def test_result_without_shares_is_refused(result: np.ndarray, words: str) -> None:
    inputs = pd.DataFrame(unit_sample(len(result), 2, 1), columns=["a", "b"])
    with pytest.raises(InputError, match=words):
        variance_shares(inputs, pd.Series(result))
