"""Figures and dates in words, each worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.articles.dates import Anchor, find_dates
from sogdia.articles.quantities import find_quantities

TUESDAY = Anchor(dt.date(2025, 12, 16))


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("over $30 billion in recent years", 30e9, "USD", "at_least"),
        ("a 12-billion-euro package", 12e9, "EUR", "exact"),
        ("a grant of 1.5 billion yuan", 1.5e9, "CNY", "exact"),
        ("US$1.41 billion", 1.41e9, "USD", "exact"),
        ("$4.85bn", 4.85e9, "USD", "exact"),
        ("кредит на 500 млн долларов", 5e8, "USD", "exact"),
        ("4,7 млрд евро", 4.7e9, "EUR", "exact"),
        ("2,400 megawatts", 2400.0, "MW", "exact"),
        ("a 1.5 GW plant", 1500.0, "MW", "exact"),
        ("the 322.3 km line", 322.3, "km", "exact"),
        ("a 1,821-kilometre pipeline", 1821.0, "km", "exact"),
        ("about half a billion cubic metres of gas", 0.5, "bcm", "about"),
        ("up to 15 million tonnes", 15e6, "t", "at_most"),
        ("between $3 billion and $5 billion", 3e9, "USD", "between"),
    ],
)
def test_a_figure_with_its_unit(text: str, value: float, unit: str, bound: str) -> None:
    found = find_quantities(text)[0]
    assert found.value == pytest.approx(value)
    assert (found.unit, str(found.bound)) == (unit, bound)


def test_a_sum_without_currency_takes_the_one_told_before() -> None:
    found = find_quantities("a 12-billion-euro package, of which 3 billion was for roads")
    assert [(item.value, item.unit) for item in found] == [(12e9, "EUR"), (3e9, "EUR")]


def test_a_name_is_no_currency() -> None:
    assert [item for item in find_quantities("The Eurasian bank spoke.") if item.kind == "money"] == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("last month", "2025-11"),
        ("on Tuesday", "2025-12-16"),
        ("In April,", "2025-04"),
        ("on December 27, 2024", "2024-12-27"),
        ("from Nov. 19 to 22", "2025-11-19/2025-11-22"),
        ("at the end of 2023", "2023-12"),
        ("over the past five years", "2020/2025"),
        ("in the first half of 2026", "2026-01/2026-06"),
        ("14 июня 2025 года", "2025-06-14"),
        ("on 9 November 2023", "2023-11-09"),
        ("back in 2023", "2023"),
    ],
)
def test_a_date_against_the_day_of_the_article(text: str, period: str) -> None:
    assert [str(item.period) for item in find_dates(text, TUESDAY)] == [period]


@given(st.integers(1, 999_999))
def test_a_sum_does_not_hang_on_how_it_is_written(millions: int) -> None:
    forms = (
        f"${millions} million",
        f"US${millions:,} million",
        f"{millions} million dollars",
        f"${millions}m",
    )
    values = {form: find_quantities(f"It cost {form}.")[0].value for form in forms}
    assert set(values.values()) == {millions * 1e6}


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_find_lies_in_it(text: str) -> None:
    for item in find_quantities(text):
        assert 0 <= item.start < item.end <= len(text)
    for date in find_dates(text, TUESDAY):
        assert 0 <= date.start < date.end <= len(text)
