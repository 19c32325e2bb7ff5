"""Numbers, amounts, dates and lists as text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.errors import InputError
from sogdia.report.wording import (
    decimals_for,
    format_count,
    format_date,
    format_fixed,
    format_money,
    format_number,
    format_quantity,
    format_range,
    join_names,
    round_significant,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(48237.0, "48,000"), (9.96, "10"), (0.0104, "0.010"), (-0.5, "−0.50"), (0.0, "0"), (math.nan, "–")],
)
def test_number_has_two_significant_digits(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("musd", "text"),
    [
        (0.42, "420,000 dollars"),
        (9.64, "9.6 million dollars"),
        (999.6, "1.0 billion dollars"),
        (-2345.0, "−2.3 billion dollars"),
        (0.0, "0 million dollars"),
    ],
)
def test_rounded_amount_determines_its_unit(musd: float, text: str) -> None:
    assert format_money(musd) == text


@given(st.floats(min_value=-1e12, max_value=1e12), st.integers(1, 6))
def test_rounding_is_idempotent_and_within_half_of_the_last_digit(value: float, digits: int) -> None:
    short = round_significant(value, digits)
    assert round_significant(short, digits) == pytest.approx(short, rel=1e-12)
    if value:
        unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
        assert abs(short - value) <= 0.5000001 * unit


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), max_size=8))
def test_column_has_at_most_three_decimals(values: list[float]) -> None:
    assert 0 <= decimals_for(values) <= 3


def test_rounded_zero_has_no_sign() -> None:
    assert format_fixed(-0.004, 2) == "0.00"
    assert format_fixed(0.004, 2, sign=True) == "0.00"


def test_range_names_a_common_unit_once() -> None:
    assert format_range(9.6, 41.0, "USD million") == "9.6 to 41 million dollars"
    assert format_range(400.0, 2300.0, "USD million") == "400 million dollars to 2.3 billion dollars"
    assert format_range(1.0, 1.0, "%") == "1.0 per cent"


def test_names_and_counts_are_joined_as_text() -> None:
    assert join_names(["a", "b", "c"]) == "a, b and c"
    assert format_count(1, "country", "countries") == "one country"
    assert format_count(14, "project") == "14 projects"


def test_unit_without_phrase_raises() -> None:
    with pytest.raises(InputError, match="furlong"):
        format_quantity(1.0, "furlong")


def test_date_keeps_its_precision() -> None:
    assert format_date("2025-12-16") == "16 December 2025"
    assert format_date("2025-06/2026") == "June 2025 to 2026"
    assert format_date("spring of 2025") == "spring of 2025"


def test_rounding_error_adds_no_decimals() -> None:
    assert decimals_for([1.15e-10]) == 0
    assert format_fixed(1.15e-10, 0, sign=True) == "0"
