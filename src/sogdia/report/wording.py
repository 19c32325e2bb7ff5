"""Numbers as a reader is told them: rounded to what is known, with their unit in words."""

from __future__ import annotations

import math
from calendar import month_name
from collections.abc import Iterable, Sequence

from sogdia.errors import InputError

DIGITS = 2
"""Significant digits of results: the inputs are not known better."""
MINUS, THIN = "−", "\u202f"
NOTHING = "–"
SMALLEST = 0.0005
"""Half of the last of three decimals."""


def rounded(value: float, digits: int = DIGITS) -> float:
    """``value`` to so many significant digits.

    >>> rounded(48237.0), rounded(0.01049), rounded(0.0)
    (48000.0, 0.01, 0.0)
    """
    if value == 0.0 or not math.isfinite(value):
        return value
    return float(round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def number(value: float | None, digits: int = DIGITS, *, sign: bool = False) -> str:
    """A number to so many significant digits, thousands apart, with a true minus.

    >>> number(48237.0), number(-0.01049), number(9.64, sign=True), number(None)
    ('48,000', '−0.010', '+9.6', '–')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "without limit" if value > 0 else f"{MINUS}without limit"
    short = rounded(value, digits)
    size = abs(short)
    places = 0 if size == 0 else max(digits - 1 - math.floor(math.log10(size)), 0)
    text = f"{size:,.{places}f}"
    mark = MINUS if short < 0 else "+" if sign and short > 0 else ""
    return mark + text


def fixed(value: float | None, places: int, *, sign: bool = False) -> str:
    """A number with so many decimals, for columns whose digits stand under each other.

    Args:
        value: The number.
        places: Decimals; below 0 the number is rounded to tens, hundreds and so on.
        sign: Whether a plus is written.

    >>> fixed(-0.04, 1), fixed(1234.56, 1, sign=True), fixed(3323.0, -1)
    ('0.0', '+1,234.6', '3,320')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return number(value)
    text = f"{abs(round(value, places)):,.{max(places, 0)}f}"
    if float(text.replace(",", "")) == 0.0:
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def places_for(values: Iterable[float | None], digits: int = DIGITS) -> int:
    """Decimals with which the largest of a column's values keeps so many significant digits, at most three.

    What would read as nought with three decimals counts as nought.

    >>> places_for([0.0123, 4.56]), places_for([1200.0]), places_for([1e-10])
    (1, 0, 0)
    """
    sizes = [abs(v) for v in values if v is not None and math.isfinite(v) and abs(v) >= SMALLEST]
    if not sizes:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(max(sizes))), 0), 3)


def money(musd: float | None, digits: int = DIGITS, *, sign: bool = False) -> str:
    """A sum given in millions of dollars, in words.

    >>> money(9.64), money(-2345.0), money(0.42)
    ('9.6 million dollars', '−2.3 billion dollars', '420,000 dollars')
    """
    if musd is None or not math.isfinite(musd):
        return number(musd)
    short = abs(rounded(musd, digits))
    if short >= 1000.0:
        return f"{number(musd / 1000.0, digits, sign=sign)} billion dollars"
    if short >= 1.0 or short == 0.0:
        return f"{number(musd, digits, sign=sign)} million dollars"
    return f"{number(musd * 1e6, digits, sign=sign)} dollars"


_WORDS = {
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


def quantity(value: float | None, unit: str, digits: int = DIGITS, *, sign: bool = False) -> str:
    """A value with its unit in words.

    >>> quantity(0.0459, "% of GDP"), quantity(1.0, "d"), quantity(14.0, "1")
    ('0.046 per cent of GDP', '1.0 days', '14')

    Raises:
        InputError: If nobody has said how the unit is told.
    """
    if unit == "USD million":
        return money(value, digits, sign=sign)
    if unit not in _WORDS:
        raise InputError(f"no words for the unit {unit!r}")
    return f"{number(value, digits, sign=sign)} {_WORDS[unit]}".rstrip()


def between(low: float, high: float, unit: str, digits: int = DIGITS) -> str:
    """A range with its unit in words; one value where both ends read the same.

    >>> between(9.6, 41.0, "USD million"), between(-3.0, 2.0, "%")
    ('9.6 to 41 million dollars', '−3.0 to 2.0 per cent')
    """
    first, last = quantity(low, unit, digits), quantity(high, unit, digits)
    if first == last:
        return first
    head, _, words = first.partition(" ")
    tail, _, others = last.partition(" ")
    return f"{head} to {tail} {others}" if words == others else f"{first} to {last}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed([])
    ('a', 'a and b', 'a, b and c', 'none')
    """
    if not names:
        return "none"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun; small counts in words.

    >>> counted(1, "project"), counted(14, "project"), counted(2, "country", "countries")
    ('one project', '14 projects', 'two countries')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    told = words[count] if 0 <= count < len(words) else f"{count:,}"
    return f"{told} {one if count == 1 else many or one + 's'}"


def day(date: str) -> str:
    """A date or span as exact as it is told.

    >>> day("2025-12-16"), day("2025-06"), day("2025"), day("2020/2025"), day("")
    ('16 December 2025', 'June 2025', '2025', '2020 to 2025', '')
    """
    if "/" in date:
        return " to ".join(day(end) for end in date.split("/"))
    parts = date.split("-")
    if len(parts) == 1 or not all(part.isdecimal() for part in parts):
        return date
    month = f"{month_name[int(parts[1])]} {parts[0]}"
    return f"{int(parts[2])} {month}" if len(parts) > 2 else month


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
