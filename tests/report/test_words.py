"""Numbers in words, figures and their footnotes."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.errors import InputError, UnknownNameError
from sogdia.report.figures import Figures, Origin
from sogdia.report.parts import Column, Table
from sogdia.report.wording import (
    between,
    counted,
    day,
    fixed,
    listed,
    money,
    number,
    places_for,
    quantity,
    rounded,
)


@pytest.mark.parametrize(
    ("value", "told"),
    [(48237.0, "48,000"), (9.96, "10"), (0.0104, "0.010"), (-0.5, "−0.50"), (0.0, "0"), (math.nan, "–")],
)
def test_a_number_has_two_digits_that_count(value: float, told: str) -> None:
    assert number(value) == told


@pytest.mark.parametrize(
    ("musd", "told"),
    [
        (0.42, "420,000 dollars"),
        (9.64, "9.6 million dollars"),
        (999.6, "1.0 billion dollars"),
        (-2345.0, "−2.3 billion dollars"),
        (0.0, "0 million dollars"),
    ],
)
def test_money_changes_its_unit_where_the_rounded_sum_does(musd: float, told: str) -> None:
    assert money(musd) == told


@given(st.floats(min_value=-1e12, max_value=1e12), st.integers(1, 6))
def test_rounding_is_within_half_a_unit_of_the_last_digit_and_stays_put(value: float, digits: int) -> None:
    short = rounded(value, digits)
    assert rounded(short, digits) == pytest.approx(short, rel=1e-12)
    if value:
        unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
        assert abs(short - value) <= 0.5000001 * unit


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), max_size=8))
def test_a_column_never_shows_more_than_three_decimals(values: list[float]) -> None:
    assert 0 <= places_for(values) <= 3


def test_no_minus_before_a_nought() -> None:
    assert fixed(-0.004, 2) == "0.00"
    assert fixed(0.004, 2, sign=True) == "0.00"


def test_a_range_names_its_unit_once() -> None:
    assert between(9.6, 41.0, "USD million") == "9.6 to 41 million dollars"
    assert between(400.0, 2300.0, "USD million") == "400 million dollars to 2.3 billion dollars"
    assert between(1.0, 1.0, "%") == "1.0 per cent"


def test_lists_and_counts_read_as_sentences() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(1, "country", "countries") == "one country"
    assert counted(14, "project") == "14 projects"


def test_headings_can_be_read_alone() -> None:
    titles = ("Country", "Trade, without", "with the plan", "change", "Price")
    columns = tuple(Column(title, title) for title in titles)
    table = Table("t", "T", columns, pd.DataFrame(columns=list(titles)), Origin("counted"))
    assert table.headings == ("Country", "Trade, without", "Trade, with the plan", "Trade, change", "Price")


def test_columns_of_the_workbook_alone_are_not_on_the_page() -> None:
    columns = (Column("a", "A"), Column("b", "B", page=False))
    table = Table("t", "T", columns, pd.DataFrame({"a": ["x"], "b": ["y"]}), Origin("counted"))
    assert table.cells() == [["x"]]


def test_a_unit_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="furlong"):
        quantity(1.0, "furlong")


def test_equal_origins_share_a_footnote_and_unknown_figures_are_named() -> None:
    figures = Figures()
    one, other = Origin("counted", ("run",), ("trade/a",)), Origin("guessed")
    figures.add("a", 1.0, "%", one)
    figures.add("b", 2.0, "%", other)
    assert [
        figures.note(one),
        figures.note(other),
        figures.note(Origin("counted", ("run",), ("trade/a",))),
    ] == [1, 2, 1]
    with pytest.raises(UnknownNameError, match="'c'"):
        figures.get("c")
    assert figures.table()["text"].tolist() == ["1.0 per cent", "2.0 per cent"]


def test_one_name_never_stands_for_two_values() -> None:
    figures = Figures()
    figures.add("a", 1.0, "%", Origin("counted"))
    with pytest.raises(ValueError, match="two figures"):
        figures.add("a", 1.1, "%", Origin("counted"))


def test_dates_are_told_as_exact_as_they_are() -> None:
    assert day("2025-12-16") == "16 December 2025"
    assert day("2025-06/2026") == "June 2025 to 2026"
    assert day("spring of 2025") == "spring of 2025"


def test_what_sums_leave_over_asks_for_no_decimals() -> None:
    assert places_for([1.15e-10]) == 0
    assert fixed(1.15e-10, 0, sign=True) == "0"
