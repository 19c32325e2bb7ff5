"""Figures with units in text, each worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.articles.quantities import find_quantities


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
def test_figure_is_found_with_unit_and_bound(text: str, value: float, unit: str, bound: str) -> None:
    found = find_quantities(text)[0]
    assert found.value == pytest.approx(value)
    assert (found.unit, str(found.bound)) == (unit, bound)


def test_amount_without_currency_takes_that_of_the_sentence() -> None:
    found = find_quantities("a 12-billion-euro package, of which 3 billion was for roads")
    assert [(item.value, item.unit) for item in found] == [(12e9, "EUR"), (3e9, "EUR")]


def test_name_that_resembles_a_currency_is_not_money() -> None:
    assert [item for item in find_quantities("The Eurasian bank spoke.") if item.kind == "money"] == []


@given(st.integers(1, 999_999))
def test_notation_does_not_change_the_amount(millions: int) -> None:
    forms = (
        f"${millions} million",
        f"US${millions:,} million",
        f"{millions} million dollars",
        f"${millions}m",
    )
    values = {form: find_quantities(f"It cost {form}.")[0].value for form in forms}
    assert set(values.values()) == {millions * 1e6}


@given(st.text(max_size=300))
def test_any_text_gives_quantities_within_its_length(text: str) -> None:
    for item in find_quantities(text):
        assert 0 <= item.start < item.end <= len(text)


CURRENCIES = {
    "Euro": "EUR",
    "Rs": "INR",
    "Rs.": "INR",
    "rupees": "INR",
    "tenge": "KZT",
    "R": "ZAR",
    "yuan": "CNY",
}
SCALES = {"crore": 1e7, "lakh": 1e5, "million": 1e6, "mln": 1e6, "bn": 1e9, "milyar": 1e9, "lakh crore": 1e12}


@given(
    st.integers(1, 999),
    st.integers(0, 9),
    st.sampled_from(sorted(CURRENCIES)),
    st.sampled_from(sorted(SCALES)),
    st.sampled_from([".", ","]),
)
def test_currency_before_a_scaled_figure_is_money(
    units: int, tenths: int, currency: str, scale: str, mark: str
) -> None:
    for figure in (f"{currency} {units}{mark}{tenths} {scale}", f"{currency}{units}{mark}{tenths}{scale}"):
        found = [item for item in find_quantities(f"They lent {figure} for it.") if item.kind == "money"]
        assert [(item.unit, round(item.value)) for item in found] == [
            (CURRENCIES[currency], round((units + tenths / 10) * SCALES[scale]))
        ]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3,7 milyar dolar", 3.7e9, "USD"),
        ("1.250,5 milyon avro", 1250.5e6, "EUR"),
        ("$0.31bn", 0.31e9, "USD"),
        ("Rs 5,000 crore", 5e10, "INR"),
        ("R2bn", 2e9, "ZAR"),
    ],
)
def test_notations_of_other_countries_are_money(text: str, value: float, unit: str) -> None:
    (found,) = find_quantities(text)
    assert found.value == pytest.approx(value)
    assert found.unit == unit


@pytest.mark.parametrize(
    "text", ["Euro 2024 was a championship", "trucks of Euro 5 norms", "R 5 of the rules"]
)
def test_currency_word_before_a_plain_figure_is_no_money(text: str) -> None:
    assert [item for item in find_quantities(text) if item.kind == "money"] == []


UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spelled(value: int, mark: str) -> str:
    """Return a number below 1000 as text."""
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    if rest < 20:
        low = UNITS[rest - 1] if rest else ""
    else:
        low = TENS[tens - 2] + (mark + UNITS[units - 1] if units else "")
    high = f"{UNITS[hundreds - 1]} hundred" if hundreds else ""
    return " and ".join(part for part in (high, low) if part)


@given(st.integers(1, 999), st.sampled_from(["-", " "]), st.booleans())
def test_number_in_words_has_its_value(value: int, mark: str, is_capital: bool) -> None:
    words = spelled(value, mark)
    first = words.capitalize() if is_capital else words
    (money,) = find_quantities(f"It cost {words} million dollars.")
    assert money.value == value * 1e6
    (count,) = find_quantities(f"{first} thousand containers arrived.")
    assert (count.value, count.unit) == (value * 1e3, "containers")
