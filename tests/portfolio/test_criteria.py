"""Robustness measures against the hand-checked table of the bench, and by limits that are known."""

from __future__ import annotations

import numpy as np
import pytest
from dependence.answers import answers

from sogdia.errors import InputError
from sogdia.portfolio import Criterion, cvar, hurwicz, max_regret, mean, regrets, satisficing, worst

VALUES = np.array([[10.0, 4.0, 7.0], [8.0, 6.0, 5.0]])


def test_published_payoff_table_gives_published_measures() -> None:
    known = answers("regret")
    values = np.array(known["values"], dtype=np.float64)
    assert values.max(axis=0).tolist() == known["best_per_scenario"]
    assert max_regret(values).tolist() == known["max_regret"]
    assert worst(values).tolist() == known["maximin"]
    assert mean(values) == pytest.approx(known["mean"])
    assert satisficing(values, 6.0) == pytest.approx(known["satisficing_share_at_least_6"])
    assert hurwicz(values, 0.5) == pytest.approx(known["hurwicz_0_5"])


def test_cvar_counts_the_divided_scenario_in_part() -> None:
    # The worst half of three equal scenarios: the worst in full, half of the next; (4 + 7/2) / 1.5.
    assert cvar(VALUES, 0.5) == pytest.approx([5.0, (5.0 + 3.0) / 1.5])


def test_cvar_lies_between_worst_and_mean() -> None:
    assert cvar(VALUES, 1e-9) == pytest.approx(worst(VALUES))
    assert cvar(VALUES, 1.0) == pytest.approx(mean(VALUES))


def test_weights_shift_mean_cvar_and_satisficing_to_their_scenario() -> None:
    weights = np.array([0.0, 0.0, 2.0])
    assert mean(VALUES, weights) == pytest.approx([7.0, 5.0])
    assert cvar(VALUES, 0.3, weights) == pytest.approx([7.0, 5.0])
    assert satisficing(VALUES, 6.0, weights) == pytest.approx([1.0, 0.0])


def test_regret_against_better_portfolios_elsewhere_is_larger() -> None:
    assert regrets(VALUES, np.array([11.0, 6.0, 7.0])).tolist() == [[1.0, 2.0, 0.0], [3.0, 0.0, 2.0]]


@pytest.mark.parametrize("over", ["nominal", "mean", "worst", "max_regret", "cvar", "satisficing", "hurwicz"])
def test_cost_is_the_mirror_image_of_a_gain(over: str) -> None:
    gain = Criterion("x", "max", over, 0.4, 6.0)  # type: ignore[arg-type]
    cost = Criterion("x", "min", over, 0.4, -6.0)  # type: ignore[arg-type]
    best = VALUES.max(axis=0)
    assert gain.gain(gain.value(VALUES, best)) == pytest.approx(cost.gain(cost.value(-VALUES, -best)))


def test_regret_and_share_have_their_own_sense() -> None:
    assert not Criterion("x", "max", "max_regret").is_larger_better
    assert Criterion("x", "min", "satisficing").is_larger_better
    assert not Criterion("x", "min", "worst").is_larger_better


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sense": "most"}, "neither max nor min"),
        ({"over": "average"}, "none of nominal, mean"),
        ({"share": 0.0}, r"not in \(0, 1\]"),
    ],
)
def test_unknown_forms_of_a_criterion_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Criterion("x", **change)  # type: ignore[arg-type]
