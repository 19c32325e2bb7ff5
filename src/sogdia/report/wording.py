"""Format numbers, amounts, dates and lists for sentences and tables."""

from __future__ import annotations

import math
from calendar import month_name
from collections.abc import Iterable, Sequence

from sogdia.errors import InputError
from sogdia.units import convert

DIGITS = 2
"""Significant digits of results in sentences: the inputs are not known more precisely."""
MINUS = "−"
MISSING = "–"
SMALLEST = 0.0005
"""Values below this round to zero at three decimals."""


def round_significant(value: float, digits: int = DIGITS) -> float:
    """Round a value to a number of significant digits.

    >>> round_significant(48237.0), round_significant(0.01049), round_significant(0.0)
    (48000.0, 0.01, 0.0)
    """
    if value == 0.0 or not math.isfinite(value):
        return value
    return float(round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def format_number(value: float | None, digits: int = DIGITS, *, sign: bool = False) -> str:
    """Format a number with significant digits, thousands separators and a minus sign (U+2212).

    A missing number is a dash.

    >>> format_number(48237.0), format_number(-0.01049), format_number(9.64, sign=True), format_number(None)
    ('48,000', '−0.010', '+9.6', '–')
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "without limit" if value > 0 else f"{MINUS}without limit"
    short = round_significant(value, digits)
    size = abs(short)
    decimals = 0 if size == 0 else max(digits - 1 - math.floor(math.log10(size)), 0)
    prefix = MINUS if short < 0 else "+" if sign and short > 0 else ""
    return f"{prefix}{size:,.{decimals}f}"


def format_fixed(value: float | None, decimals: int, *, sign: bool = False) -> str:
    """Format a number with a fixed number of decimals, for columns of a table.

    Args:
        value: Number to format; a missing one is a dash.
        decimals: Decimals; a negative count rounds to tens, hundreds and so on.
        sign: If true, a positive number gets a plus sign.

    >>> format_fixed(-0.04, 1), format_fixed(1234.56, 1, sign=True), format_fixed(3323.0, -1)
    ('0.0', '+1,234.6', '3,320')
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return format_number(value)
    text = f"{abs(round(value, decimals)):,.{max(decimals, 0)}f}"
    if float(text.replace(",", "")) == 0.0:
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def decimals_for(values: Iterable[float | None], digits: int = DIGITS) -> int:
    """Return the decimals that show a column's largest value with significant digits, at most three.

    Values that round to zero at three decimals are left out.

    >>> decimals_for([0.0123, 4.56]), decimals_for([1200.0]), decimals_for([1e-10])
    (1, 0, 0)
    """
    sizes = [abs(v) for v in values if v is not None and math.isfinite(v) and abs(v) >= SMALLEST]
    if not sizes:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(max(sizes))), 0), 3)


def format_money(musd: float | None, digits: int = DIGITS, *, sign: bool = False) -> str:
    """Format an amount in million dollars with the unit that suits its size.

    >>> format_money(9.64), format_money(-2345.0), format_money(0.42)
    ('9.6 million dollars', '−2.3 billion dollars', '420,000 dollars')
    """
    if musd is None or not math.isfinite(musd):
        return format_number(musd)
    size = abs(round_significant(musd, digits))
    if size >= MUSD_PER_BILLION:
        return f"{format_number(musd / MUSD_PER_BILLION, digits, sign=sign)} billion dollars"
    if size >= 1.0 or size == 0.0:
        return f"{format_number(musd, digits, sign=sign)} million dollars"
    dollars = convert(musd, "USD million", "USD")
    return f"{format_number(dollars, digits, sign=sign)} dollars"


MUSD_PER_BILLION = 1000.0
UNIT_PHRASES = {
    "USD million": "million dollars",
    "%": "per cent",
    "% of GDP": "per cent of GDP",
    "percentage points": "percentage points",
    "GWh/a": "GWh a year",
    "TWh/a": "TWh a year",
    "Mt/a": "million tonnes a year",
    "t/a": "tonnes a year",
    "USD/MWh": "dollars a MWh",
    "USD/t": "dollars a tonne",
    "USD/TEU": "dollars a container",
    "d": "days",
    "a": "years",
    "km": "km",
    "MW": "MW",
    "1": "",
}


MUSD_A = "USD million a year"
UNIT_HEADINGS = {"1": "", "d": "days", "h": "hours", "a": "years", "USD million/a": MUSD_A}
"""Units under headings of tables, if not their symbol."""


def format_quantity(value: float | None, unit: str, digits: int = DIGITS, *, sign: bool = False) -> str:
    """Format a value with its unit as a phrase.

    >>> format_quantity(0.0459, "% of GDP"), format_quantity(1.0, "d"), format_quantity(14.0, "1")
    ('0.046 per cent of GDP', '1.0 days', '14')

    Raises:
        InputError: If the unit has no phrase.
    """
    if unit == "USD million":
        return format_money(value, digits, sign=sign)
    if unit not in UNIT_PHRASES:
        raise InputError(f"the unit {unit!r} has no phrase; add it to UNIT_PHRASES")
    return f"{format_number(value, digits, sign=sign)} {UNIT_PHRASES[unit]}".rstrip()


def format_range(low: float, high: float, unit: str, digits: int = DIGITS) -> str:
    """Format a range with its unit as a phrase; equal ends give one value.

    >>> format_range(9.6, 41.0, "USD million"), format_range(-3.0, 2.0, "%")
    ('9.6 to 41 million dollars', '−3.0 to 2.0 per cent')
    """
    first, last = format_quantity(low, unit, digits), format_quantity(high, unit, digits)
    if first == last:
        return first
    low_number, _, low_unit = first.partition(" ")
    high_number, _, high_unit = last.partition(" ")
    if low_unit == high_unit:
        return f"{low_number} to {high_number} {high_unit}"
    return f"{first} to {last}"


def join_names(names: Sequence[str]) -> str:
    """Join names for a sentence.

    >>> join_names(["a"]), join_names(["a", "b"]), join_names(["a", "b", "c"]), join_names([])
    ('a', 'a and b', 'a, b and c', 'none')
    """
    if not names:
        return "none"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def format_count(count: int, singular: str, plural: str = "") -> str:
    """Format a count with its noun, counts up to ten as words.

    >>> format_count(1, "project"), format_count(14, "project"), format_count(2, "country", "countries")
    ('one project', '14 projects', 'two countries')
    """
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    numeral = small[count] if 0 <= count < len(small) else f"{count:,}"
    return f"{numeral} {singular if count == 1 else plural or singular + 's'}"


def format_date(date: str) -> str:
    """Format an ISO 8601 date or interval with the precision that it has; other text is returned as it is.

    >>> format_date("2025-12-16"), format_date("2025-06"), format_date("2025"), format_date("2020/2025")
    ('16 December 2025', 'June 2025', '2025', '2020 to 2025')
    """
    if "/" in date:
        return " to ".join(format_date(end) for end in date.split("/"))
    parts = date.split("-")
    if len(parts) == 1 or not all(part.isdecimal() for part in parts):
        return date
    month = f"{month_name[int(parts[1])]} {parts[0]}"
    return f"{int(parts[2])} {month}" if len(parts) > 2 else month


def capitalise(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
