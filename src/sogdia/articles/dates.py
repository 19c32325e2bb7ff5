"""Find dates in text, resolved against the date of the article: "last month", "on Tuesday", "by 2027"."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sogdia.articles.claim import Period
from sogdia.articles.numbers import parse_number

_LANGUAGES = ("en", "ru")
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_NO_FIGURE = r"(?<![\w$€£¥.,#№/-])(?<!№\s)(?<!#\s)"
_NO_UNIT = (
    r"(?![\w%°]|[.,]\d|-\d{4}|[ -](?:km|kilomet|met(?:re|er)s?\b|miles|[kmgt]wh?\b|megawatt|gigawatt|kv\b|"
    r"(?:m|b|tr)illion|thousand|tonnes|tons|hectares|ha\b|barrels|teus?\b|per ?cent|dollars|euros?\b|yuan|"
    r"roubles|rubles|tenge|soms?\b|people|workers|jobs|employees|specialists|students|soldiers|troops|"
    r"families|households|homes|houses|villages|wagons|trucks|lorries|vehicles|cars|trains|locomotives|"
    r"containers|flights|turbines|panels|days|hours|times|человек|рабоч|км|мвт|тонн|млн|млрд|га\b))"
)
_NUMBERED = re.compile(
    r"\b(?:resolutions?|decrees?|orders?|directives?|regulations?|protocols?|articles?|sections?|chapters?|"
    r"paragraphs?|pages?|rooms?|flights?|contracts? no|bills?|circulars?|documents?|no|nos|number|numbers|"
    r"unscr|res|резолюци\w+|указ\w*|постановлени\w+|приказ\w*|стать\w+|номер\w*)"
    r"\.?\s(?:no\.?\s|nos\.?\s|№\s?)?(?:\d{1,4}(?:\s\(\d{4}\))?(?:,\s|\s(?:and|or|to|и)\s))*$",
    re.IGNORECASE,
)
"""Text before a number that names a document, not a year: "resolution", "resolutions 2231 and"."""
_NUMBERED_WINDOW = 80
_OFFSETS = {
    "last": -1,
    "previous": -1,
    "this": 0,
    "next": 1,
    "coming": 1,
    "прошл": -1,
    "это": 0,
    "следующ": 1,
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_FUTURE = re.compile(
    r"\b(?:by|until|till|before|to|due in|expected in|will|would|к|до)\W*(?:the\s)?(?:end of\s)?$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|(?:is|are)\s(?:\w+\s)?to|plans?\sto|expects?\sto|intends?\sto|scheduled\sfor|due)\b[^.;,:]*$",
    re.IGNORECASE,
)
"""Words of an act ahead, before a month without a year: "will visit the capital in December"."""
_AHEAD_WINDOW = 80
_CUES = re.compile(
    r"\b(?:(?P<by>by|until|till|before|no later than|due in|к|до)|(?P<since>since|from|after|с)|"
    r"(?P<on>in|on|at|of|during|for|as of|в|за|на))\b\W*(?:the\s)?"
    r"(?:(?P<part>end|start|beginning|middle) of\s)?(?:the\s)?$",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """Reference date for dates without a year.

    Attributes:
        day: Date of the article, if known.
        year: Latest past year in the text, for articles without a date.
    """

    day: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date found in a sentence.

    Attributes:
        period: The date, resolved.
        start: Start in the sentence.
        end: End in the sentence.
        cue: Preposition before it: ``by``, ``since``, ``on`` or empty.
        has_year: Whether the year is stated.
    """

    period: Period
    start: int
    end: int
    cue: str
    has_year: bool


@cache
def _months() -> dict[str, int]:
    """Return the months by their names and abbreviations in the languages read, in lower case."""
    from babel import Locale

    names: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        tables = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in tables[context][width].items():
                    word = name.lower().rstrip(".")
                    names[word] = month
                    if language != "en" and len(word) > 4:
                        names[word[:-1] + "е"] = month
    return names


@cache
def _weekdays() -> dict[str, int]:
    from babel import Locale

    return {name.lower(): day for day, name in Locale("en").days["format"]["wide"].items()}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = "(?P<month>" + "|".join(sorted(map(re.escape, _months()), key=len, reverse=True)) + r")\b\.?"
    day = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
    year = rf"(?P<year>{_YEAR})"
    to = r"\s*(?:-|–|—|to|through|until|and)\s*"
    offset = "|".join(_OFFSETS)
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"\b(?P<year>{_YEAR})-(?P<mm>[01]\d)-(?P<day>[0-3]\d)\b",
            rf"\b(?P<day>[0-3]?\d)\.(?P<mm>[01]\d)\.(?P<year>{_YEAR})\b",
            rf"\b{month}\s+{day}(?:{to}(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?)?(?!\d)(?:,?\s+{year}\b)?(?!\s?(?:million|billion|km|MW|%))",
            rf"\b{day}(?:{to}(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?)?\s+(?:of\s+)?{month}(?:,?\s+{year}\b)?",
            rf"\b(?P<fraction>first|second|third|fourth|1st|2nd|3rd|4th)\s+(?P<part>quarter|half)(?:\s+(?:of\s+)?(?:the\s+)?(?:{year}|(?P<offset>{offset})\s+year))?\b",
            rf"\b(?P<part>[QH])(?P<fraction>[1-4])\s+(?:of\s+)?{year}\b",
            rf"\b{month},?\s+(?:of\s+)?{year}\b(?:{to}(?P<month2>\w+)\s+(?P<year2>{_YEAR}))?",
            r"\b(?P<offset>last|this|next|the previous|previous)\s+(?P<unit>day|week|month|year|decade)\b",
            r"\b(?:over|in|during|within|for)\s+the\s+(?:past|last)\s+"
            r"(?P<span>\w+)\s+(?P<unit>years|months|weeks|decades)\b",
            r"\b(?P<ago>[\w]+)\s+(?P<unit>years|months|weeks|days|year|month|week)\s+ago\b",
            rf"\b(?:(?P<offset>last|this|next)\s+|on\s+)(?P<weekday>{'|'.join(_weekdays())})\b",
            r"\b(?P<near>yesterday|today|tomorrow)\b",
            rf"\b(?:(?P<offset>last|this|next)\s+){month}",
            r"(?:(?<=\bin )|(?<=\bsince )|(?<=\bby )|(?<=\buntil )|(?<=\bfrom )|(?<=\blate )|(?<=\bearly )"
            rf"|(?<=\bmid-)|(?<=\bof )|(?<=в )|(?<=за )){month}(?!\s*\d)",
            rf"{_NO_FIGURE}{year}(?:\s*(?:-|–|—|to)\s*(?P<year2>{_YEAR}))?(?:\s+(?:году?|года|гг?\.?))?{_NO_UNIT}",
        )
    )  # fmt: skip


def find_dates(text: str, anchor: Anchor) -> list[DateMention]:
    """Return the dates of a sentence, in order, none inside another.

    >>> [str(d.period) for d in find_dates("It opened last month.", Anchor(dt.date(2025, 11, 25)))]
    ['2025-10']
    """
    found: list[DateMention] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            if is_number_of_document(text, match.start()):
                continue
            month = match.groupdict().get("month")
            if month and month[0].isascii() and not month[0].isupper():
                continue
            period = _resolved(match, text, anchor)
            if period is not None:
                has_year = bool(match.groupdict().get("year"))
                found.append(_mention(period, match, text, has_year))
    return sorted(found, key=lambda item: item.start)


def is_number_of_document(text: str, start: int) -> bool:
    """Return whether a number is that of a resolution, decree or article and not a year.

    Args:
        text: The text.
        start: Start of the number.

    >>> is_number_of_document("resolutions 1929 and 2231 of 2015", 21), is_number_of_document("in 2015", 3)
    (True, False)
    """
    return _NUMBERED.search(text[max(0, start - _NUMBERED_WINDOW) : start]) is not None


def _mention(period: Period, match: re.Match[str], text: str, has_year: bool) -> DateMention:
    before = _CUES.search(text[max(0, match.start() - 30) : match.start()])
    cue = ""
    if before is not None:
        cue = next(name for name in ("by", "since", "on") if before[name])
        if before["part"] == "end" and len(period.start) == 4:
            period = Period(f"{period.start}-12", f"{period.end}-12", period.text)
    return DateMention(period, match.start(), match.end(), cue, has_year)


def _resolved(match: re.Match[str], text: str, anchor: Anchor) -> Period | None:
    groups = match.groupdict()
    words = match.group()
    try:
        if groups.get("near") or groups.get("weekday") or groups.get("ago") or groups.get("span"):
            return _relative(groups, words, anchor)
        if groups.get("part"):
            return _part_of_year(groups, words, anchor)
        if groups.get("unit"):
            return _adjacent_unit(groups, words, anchor)
        before = text[: match.start()]
        is_future = bool(_FUTURE.search(before) or _AHEAD.search(before[-_AHEAD_WINDOW:]))
        return _calendar(groups, words, anchor, is_future)
    except (ValueError, OverflowError):
        return None


def _calendar(groups: dict[str, str | None], words: str, anchor: Anchor, is_future: bool) -> Period | None:
    """Resolve a calendar date: year, month and year, or day."""
    month_name = groups.get("month")
    month = _months()[month_name.lower()] if month_name else int(groups.get("mm") or 0)
    day = int(groups.get("day") or 0)
    stated = groups.get("year")
    year = int(stated) if stated else _year_of(month, day, groups.get("offset"), anchor, is_future)
    if year is None:
        return None
    if not month:
        return Period(str(year), groups.get("year2") or str(year), words)
    if not day:
        start = f"{year}-{month:02}"
        end_month = _months().get((groups.get("month2") or "").lower())
        return Period(start, f"{groups['year2']}-{end_month:02}" if end_month else start, words)
    start = dt.date(year, month, day).isoformat()
    day2 = groups.get("day2")
    end = dt.date(year, month, int(day2)).isoformat() if day2 else start
    return Period(start, max(start, end), words)


def _year_of(month: int, day: int, offset: str | None, anchor: Anchor, is_future: bool) -> int | None:
    """Return the year of a date without one: the nearest past year, or the next for a future date."""
    if anchor.day is None:
        return anchor.year
    today = anchor.day
    candidate = (today.year, month, day or 1)
    now = (today.year, today.month, today.day if day else 1)
    if offset == "next" or (is_future and candidate < now):
        return today.year + (candidate <= now)
    if offset == "last":
        return today.year - (candidate >= now)
    return today.year if is_future else today.year - (candidate > now)


def _relative(groups: dict[str, str | None], words: str, anchor: Anchor) -> Period | None:
    """Resolve a date relative to the article's: yesterday, weekday, "three years ago", "past five years"."""
    today = anchor.day
    if today is None:
        return None
    if near := groups.get("near"):
        shift = {"yesterday": -1, "today": 0, "tomorrow": 1}[near.lower()]
        day = (today + dt.timedelta(days=shift)).isoformat()
        return Period(day, day, words)
    if weekday := groups.get("weekday"):
        back = (today.weekday() - _weekdays()[weekday.lower()]) % 7
        back -= 7 if (groups.get("offset") or "").lower() == "next" else 0
        day = (today - dt.timedelta(days=back)).isoformat()
        return Period(day, day, words)
    count = parse_number(groups.get("ago") or groups.get("span") or "")
    unit = (groups["unit"] or "").rstrip("s")
    if unit in ("day", "week"):
        day = (today - dt.timedelta(days=count * (7 if unit == "week" else 1))).isoformat()
        return Period(day, today.isoformat() if groups.get("span") else day, words)
    if unit == "month":
        start = _shifted(today, -int(count))
        return Period(start, f"{today.year}-{today.month:02}" if groups.get("span") else start, words)
    start = str(int(today.year - count * (10 if unit == "decade" else 1)))
    return Period(start, str(today.year) if groups.get("span") else start, words)


def _shifted(day: dt.date, months: int) -> str:
    total = day.year * 12 + day.month - 1 + months
    return f"{total // 12}-{total % 12 + 1:02}"


def _part_of_year(groups: dict[str, str | None], words: str, anchor: Anchor) -> Period | None:
    """Resolve a quarter or a half of a year."""
    base = anchor.day.year if anchor.day else anchor.year
    stated, offset = groups.get("year"), groups.get("offset")
    year = int(stated) if stated else base + _OFFSETS.get((offset or "this").lower(), 0) if base else None
    if year is None:
        return None
    fraction = (groups["fraction"] or "").lower()
    count = _ORDINALS.get(fraction) or int(fraction)
    months = 3 if (groups["part"] or "").lower() in ("quarter", "q") else 6
    if count * months > 12:
        return None
    return Period(f"{year}-{(count - 1) * months + 1:02}", f"{year}-{count * months:02}", words)


def _adjacent_unit(groups: dict[str, str | None], words: str, anchor: Anchor) -> Period | None:
    """Resolve this, last or next day, week, month or year."""
    shift = _OFFSETS[(groups["offset"] or "").lower().split()[-1]]
    unit = (groups["unit"] or "").lower()
    if unit == "year" and anchor.day is None and anchor.year is not None:
        return Period(str(anchor.year + shift), str(anchor.year + shift), words)
    if anchor.day is None:
        return None
    today = anchor.day
    if unit == "year":
        start = str(today.year + shift)
    elif unit == "month":
        start = _shifted(today, shift)
    elif unit in ("day", "week"):
        day = today + dt.timedelta(days=shift * (7 if unit == "week" else 1))
        start = day.isoformat()
    else:
        return None
    return Period(start, start, words)


_CLAUSE = re.compile(
    r"[;:()—]|,\s|\s(?:and|but|while|whereas)\s(?=\w+\s(?:will|is|are|was|were|has|had|may)\b)"
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|should|(?-i:may)|might|could|"
    r"(?:is|are|was|were)\s(?:due|set|to|expected|planned|scheduled|slated)|"
    r"plan(?:s|ned)?|expect(?:s|ed)?|intend(?:s|ed)?|aim(?:s|ed)?|target(?:s|ed)?|schedul\w+|"
    r"forecast\w*|project(?:s|ed)\sto|"
    r"(?:by|until|till|before|through)(?=\s(?:the\s)?(?:\w+\sof\s)?(?:19|20)\d\d)|next|from now|ahead|goal|"
    r"будет|будут|планир\w*|намерен\w*|к)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:was|were|had|has|have|did|since|ago|last|previous|back in|lent|built|began|paid|rose|fell|gave|"
    r"took|"
    r"made|sold|bought|won|sent|said|met|grew|came|went|spent|led|held|put|cost|\w{2,}ed|"
    r"\w+(?:ал|ала|али|ил|ила|или|лся|лась|лись|ан|ана|ано|аны|ен|ена|ено|ены))\b",
    re.IGNORECASE,
)


def past_years(text: str) -> Iterator[int]:
    """Yield the years of completed acts in a text: the clause is in the past tense and holds no plan.

    Without a date of the article only such years may serve as its reference: a year in a plan may be decades
    ahead.

    Args:
        text: The text.

    >>> list(past_years("It opened in 2019, and the second line will open in 2031 or 2035."))
    [2019]
    """
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    for start, end in itertools.pairwise(cuts):
        clause = text[start:end]
        if _AHEAD.search(clause) or not _BEHIND.search(clause):
            continue
        for match in re.finditer(rf"{_NO_FIGURE}({_YEAR}){_NO_UNIT}", clause):
            if not is_number_of_document(text, start + match.start()):
                yield int(match[1])
