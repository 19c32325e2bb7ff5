"""Agreement levels and match weights: tolerances by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles.claim import Amount
from sogdia.ledger.match_weights import (
    AGREE,
    DIFFER,
    M_PROBABILITIES,
    M_PROBABILITIES_BY_KIND,
    NEAR,
    money_level,
    money_range,
    size_level,
)

from .gold import dollars


def test_m_probabilities_sum_to_one() -> None:
    for levels in (*M_PROBABILITIES.values(), *M_PROBABILITIES_BY_KIND.values()):
        assert sum(levels.values()) == pytest.approx(1.0)
        assert levels[AGREE] == max(levels.values())


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        (dollars(2300), 2250, 2350),
        (dollars(4850), 4825.75, 4874.25),
        (dollars(3000, "at_least"), 2850, 3750),
        (dollars(100, "about"), 90, 110),
        (dollars(900, "at_most"), 675, 945),
        (Amount("3 to 5 billion", 3e9, "USD", "between", 3000.0, upper=5e9), 2850, 5250),
        (Amount("1.5 billion yuan", 1.5e9, "CNY", "exact", 208.0, 0.139, 2025), 190.666667, 225.333333),
    ],
)
def test_range_of_a_stated_amount(amount: Amount, low: float, high: float) -> None:
    assert money_range(amount) == pytest.approx((low, high))


@settings(max_examples=80)
@given(
    st.floats(0.001, 1e6), st.floats(0.001, 1e6), st.sampled_from(["exact", "about", "at_least", "at_most"])
)
def test_range_of_a_stated_amount_contains_it(stated: float, recorded: float, bound: str) -> None:
    level = money_level(dollars(stated, bound), recorded)
    assert level in (AGREE, NEAR, DIFFER)
    low, high = money_range(dollars(stated, bound)) or (0.0, 0.0)
    assert low <= stated <= high
    assert money_level(dollars(stated, bound), stated) == AGREE


def test_size_level_by_relative_difference() -> None:
    assert [size_level(100.0, size) for size in (100.0, 102.0, 110.0, 130.0)] == [AGREE, AGREE, NEAR, DIFFER]
    assert size_level(None, 1.0) == size_level(1.0, None) == ""
