"""Figures, dates and names of states in languages that claims are not read from.

Units and scales are in ``figures.csv``; names of months and states are those of CLDR (through Babel). An
ending of up to six letters may follow a word, as in languages that add endings to it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from sogdia.articles.claim import Period, Quantity, QuantityKind
from sogdia.articles.dates import DateMention
from sogdia.articles.gazetteer import Gazetteer, Mention, fold
from sogdia.articles.numbers import DIGITS, parse_number
from sogdia.articles.quantities import find_quantities

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₽": "RUB", "₸": "KZT", "₺": "TRY"}
_NO_BLANKS = frozenset(("zh", "ja", "th", "km", "lo", "my", "bo"))
"""Languages that are written without blanks between words."""
_SHORT_NAME = 3
"""Letters of a name after which an ending is one only behind an apostrophe: other words begin so."""
_ENDING = r"(?:'?[^\W\d_]{0,6})(?![^\W\d_])"
_YEAR = r"(?P<year>19[5-9]\d|20\d\d)"
_YEAR_WORD = r"(?:\W{0,2}(?:жыл|yil|йил|жил|il|ил)[^\W\d_]*)?"
_CHINESE = re.compile(rf"{_YEAR}\s*年(?:\s*(?P<mm>1[0-2]|0?[1-9])\s*月(?:\s*(?P<day>[0-3]?\d)\s*日)?)?")


@cache
def _tables() -> Mapping[str, tuple[Mapping[str, float], Mapping[str, tuple[QuantityKind, str, float]]]]:
    """Return scales, and units with kind and factor, by their folded words, by language."""
    found: dict[str, tuple[dict[str, float], dict[str, tuple[QuantityKind, str, float]]]] = {}
    text = files(__package__ or "").joinpath("figures.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        scales, units = found.setdefault(row["language"], ({}, {}))
        for word in row["words"].split("|"):
            key = fold(word).lower()
            if row["kind"] == "scale":
                scales[key] = float(row["factor"])
            else:
                units[key] = (row["kind"], row["unit"], float(row["factor"]))  # type: ignore[assignment]
    return found


def _any(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _figure(language: str) -> re.Pattern[str]:
    scales, units = _tables()[language]
    ending = "" if language in _NO_BLANKS else _ENDING
    before = r"\d" if language in _NO_BLANKS else r"\w"
    symbols = "".join(map(re.escape, _SYMBOLS))
    return re.compile(
        rf"(?<![{before}.,])(?P<sign>[{symbols}])?\s?(?P<low>{DIGITS})\s?(?:(?P<scale>{_any(scales)}){ending})?"
        rf"\s?(?:(?P<unit>{_any(units)}){ending})?",
        re.IGNORECASE,
    )


def find_figures(text: str, language: str) -> list[Quantity]:
    """Return the figures with units of a sentence, in order.

    Args:
        text: The sentence.
        language: Its language; of one without a table only international notation is read.

    >>> [(q.value, q.unit) for q in find_figures("贷款3.5亿美元，建设250兆瓦电站", "zh")]
    [(350000000.0, 'USD'), (250.0, 'MW')]
    """
    if language not in _tables():
        return [item for item in find_quantities(text) if item.kind != "count"]
    scales, units = _tables()[language]
    found = []
    for match in _figure(language).finditer(fold(text).lower()):
        sign, unit = match["sign"], match["unit"]
        if sign is None and unit is None:
            continue
        kind, name, factor = units[unit] if unit else ("money", _SYMBOLS[sign], 1.0)
        value = parse_number(match["low"]) * scales.get(match["scale"] or "", 1.0) * factor
        words = text[match.start() : match.end()]
        start = match.start() + len(words) - len(words.lstrip())
        found.append(Quantity(kind, words.strip(), value, name, "exact", start, start + len(words.strip())))
    return found


@cache
def _months(language: str) -> Mapping[str, int]:
    from babel import Locale, UnknownLocaleError

    names: dict[str, int] = {}
    for script in ("", "_Cyrl", "_Latn"):
        try:
            tables = Locale.parse(f"{language}{script}").months
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for month, name in tables[context]["wide"].items():
                word = fold(str(name)).lower()
                if word.isalpha():
                    names[word] = month
    return names


@cache
def _dates(language: str) -> tuple[re.Pattern[str], ...]:
    patterns = []
    if months := _months(language):
        month = rf"(?P<month>{_any(months)})[^\W\d_]{{0,5}}"
        day = r"(?P<day>[0-3]?\d)(?:\W|\W?inci |\W?nci )?\s?"
        patterns += [
            rf"\b{_YEAR}{_YEAR_WORD}\W{{1,2}}{day}{month}\b",
            rf"\b{day}{month}\W{{1,2}}{_YEAR}\b",
            rf"\b{month}\W{{1,2}}{_YEAR}\b",
        ]
    patterns += [
        r"\b(?P<day>[0-3]?\d)\.(?P<mm>[01]\d)\." + _YEAR + r"\b",
        rf"(?<![\d.,]){_YEAR}(?![\d.,]\d|\d)",
    ]
    return tuple(re.compile(pattern) for pattern in patterns)


def find_other_dates(text: str, language: str) -> list[DateMention]:
    """Return the dates with a year of a sentence, in order, none inside another.

    Args:
        text: The sentence.
        language: Its language.

    >>> [str(d.period) for d in find_other_dates("2025年6月14日签署", "zh")]
    ['2025-06-14']
    """
    plain = fold(text).lower()
    found: list[DateMention] = []
    for pattern in (_CHINESE,) if language in ("zh", "ja") else _dates(language):
        for match in pattern.finditer(plain):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            period = _period(match.groupdict(), _months(language), text[match.start() : match.end()])
            if period is not None:
                found.append(DateMention(period, match.start(), match.end(), "", True))
    return sorted(found, key=lambda item: item.start)


def _period(groups: Mapping[str, str | None], months: Mapping[str, int], words: str) -> Period | None:
    name = groups.get("month")
    month = months[name] if name else int(groups.get("mm") or 0)
    day = int(groups.get("day") or 0)
    year = int(groups["year"] or 0)
    try:
        if month and day:
            start = dt.date(year, month, day).isoformat()
        else:
            start = f"{year}-{month:02}" if 0 < month <= 12 else str(year)
    except ValueError:
        return None
    return Period(start, start, words)


@cache
def _states(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return the pattern of the names of states in a language, and their codes by folded name."""
    import pycountry
    from babel import Locale, UnknownLocaleError

    names: dict[str, str] = {}
    for script in ("", "_Cyrl", "_Latn"):
        try:
            territories = Locale.parse(f"{language}{script}").territories
        except (UnknownLocaleError, ValueError):
            continue
        for item in pycountry.countries:
            name = re.sub(r"\s*[(（].*", "", territories.get(item.alpha_2, ""))
            if len(name) >= (2 if language in _NO_BLANKS else 3):
                names.setdefault(fold(name), str(item.alpha_3))
    if not names:
        return re.compile(r"(?!)"), names
    if language in _NO_BLANKS:
        return re.compile(f"(?P<name>{_any(names)})"), names
    return re.compile(rf"(?<![^\W\d_])(?P<name>{_any(names)}){_ENDING}"), names


def find_states(text: str, language: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the names of states in a sentence.

    Args:
        text: The sentence.
        language: Its language.
        gazetteer: Names of the pack, for the unions that states belong to.
    """
    pattern, names = _states(language)
    for match in pattern.finditer(fold(text)):
        ending = match.group()[len(match["name"]) :]
        if len(match["name"]) == _SHORT_NAME and ending.isalpha() and language not in _NO_BLANKS:
            continue
        code = gazetteer.parent_party(names[match["name"]])
        yield Mention("country", text[match.start() : match.end()], match.start(), match.end(), (code,))
