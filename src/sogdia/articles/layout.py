"""Parse the layout of an article: banner, headline, source, by-line, lead, body and notices."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sogdia.articles.article import Article, Part, Sentence
from sogdia.articles.dates import Anchor, find_dates, past_years
from sogdia.articles.sentences import sentence_spans
from sogdia.articles.wrapping import Role, unwrap

MAX_PARAGRAPH_LENGTH = 20_000
MAX_SENTENCE_LENGTH = 2_000
MAX_SENTENCES = 4_000
_CRUMBS = re.compile(r"^[^.!?]{0,120}\s[>»›]\s?|^(?:home|главная)\s*[/|]", re.IGNORECASE)
_SOURCE = re.compile(
    r"^(?:source|sources|источник|published by|via)\s*[:—-]\s*(?P<name>[^|\n]+)", re.IGNORECASE
)
_BYLINE = re.compile(
    r"^(?:by|from our|автор:?|author:?|written by|text:?)\s+"
    r"(?P<name>(?:(?-i:[A-ZÀ-ŽА-Я])|our\b|staff\b|a\b)[^|,\d]{2,79})",
    re.IGNORECASE,
)
_BYLINE_NAMES = re.compile(
    r"\b(?:min(?:ute)?s? read|updated|published|posted|staff writer|correspondent)\b", re.IGNORECASE
)
_LABEL = re.compile(
    r"^(?:press release|for immediate release|news release|media release|opinion|analysis|"
    r"commentary|exclusive|"
    r"breaking|brief|op-ed|interview|market note|advertisement|sponsored|latest|news|пресс-релиз)[.:!]?$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:lead|лид|summary|abstract|standfirst)\s*:\s*", re.IGNORECASE)
_NOTICE = re.compile(
    r"^(?:about (?:the |us\b)?[\w .,&'-]{2,60}:|advert\w*\b|sponsored\b|subscribe\b|sign up\b|"
    r"read (?:more|also|next)\b|"
    r"see also\b|related\b|follow us\b|share this\b|contacts?\b.{0,40}(?::|media|press)|"
    r"for (?:more|further) information|"
    r"media contact|©|\(c\)|copyright\b|all rights reserved|disclaimer\b|the views expressed|"
    r"the opinions expressed|"
    r"editor'?s note|tags?:|photo:|image:|click here|cookies?\b|we use cookies|download our|"
    r"our (?:partners|sponsors)\b|"
    r"подпис|реклама|читайте также|фото:)",
    re.IGNORECASE,
)
_OWN_NOTICE = re.compile(
    r"\b(?:all rights reserved|reproduction (?:in|without)|no (?:investment|legal) advice|"
    r"past (?:returns|performance)|"
    r"unsubscribe|terms of use|privacy policy|views? (?:are|is) (?:his|her|their) own|"
    r"have no position in)\b",
    re.IGNORECASE,
)
_AUTHOR_NOTE = re.compile(
    r"^(?P<name>(?:the author|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3})),? (?:is|are|was|writes|covers|works) "
    r".*\b(?:journalist|analyst|researcher|fellow|writer|editor|columnist|professor|"
    r"correspondent|reporter|lecturer|"
    r"expert|consultant|scholar|economist|director of)\b"
)
_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-ŽА-ЯЁ][\w .'/-]{2,40}?)[,.]? *(?P<date>[^-–—:]{3,30}?)\s*(?:[-–—]|\.$|:)"
)
_ENDS = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_DATE_WORDS = re.compile(
    r"\b(?:[A-Z]{2,4}|(?i:am|pm|date|published|updated|posted|года?|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b"
)
"""Words next to the date in a line with the date alone; time zones are in capitals."""
_PREPOSITION = re.compile(r"(?:on|in|by|since|from|until|before|after)\s", re.IGNORECASE)
"""Start of a date that belongs to a sentence."""
_HEAD_LINES = 12
_LONGEST_DATED = 120
_OPENING = 3
"""Sentences of which one may begin with a dateline; a label such as "Translation" may come before it."""
_TITLE_LENGTHS = (8, 220)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata of an article.

    Attributes:
        title: Headline.
        source: Publisher.
        date: Day of publication.
        author: Author.
    """

    title: str = ""
    source: str = ""
    date: dt.date | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    part: Part


def parse_layout(
    text: str, name: str, metadata: Metadata, remarks: tuple[str, ...] = (), *, is_page: bool = False
) -> Article:
    """Return the article in a text.

    Args:
        text: The text, one paragraph per line or wrapped at any width.
        name: Name of the file.
        metadata: Metadata of the page; empty for plain text.
        remarks: Remarks on reading the file.
        is_page: Whether empty lines separate the blocks of a page, which are never joined.
    """
    latin = _is_latin(text)
    text = unwrap(text, lambda line: _role(line, latin), across_blank_lines=not is_page)
    lines = _with_parts(_lines(text), metadata)
    if any(len(line) > MAX_PARAGRAPH_LENGTH for line in text.split("\n")):
        remarks = (
            *remarks,
            f"a paragraph is longer than {MAX_PARAGRAPH_LENGTH:,} characters; its rest was not read",
        )
    if not any(line.part in ("lead", "body") for line in lines):
        remarks = (*remarks, "no body text was found")
    sentences, is_cut = _sentences(lines)
    if is_cut:
        remarks = (*remarks, f"more than {MAX_SENTENCES:,} sentences; the rest was not read")
    found = _complete(metadata, lines)
    date = found.date or _dateline(sentences)
    if date is None:
        remarks = (*remarks, "no date was found; dates without a year use the latest year in the text")
    lead = next((line.text for line in lines if line.part == "lead"), "")
    return Article(
        name,
        found.title,
        found.source,
        date,
        found.author,
        _LEAD.sub("", lead),
        text,
        tuple(sentences),
        remarks,
    )


def _role(line: str, latin: bool) -> Role:
    """Return whether a line is text, starts a lead or a notice, or is metadata."""
    if _LEAD.match(line) or _NOTICE.match(line) or _AUTHOR_NOTE.match(line):
        return "start"
    return "text" if _head_part(line, latin) == "body" else "line"


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for raw in text.split("\n"):
        words = raw[:MAX_PARAGRAPH_LENGTH].strip()
        if words:
            cut = raw[:MAX_PARAGRAPH_LENGTH]
            begin = start + len(cut) - len(cut.lstrip())
            lines.append(_Line(begin, begin + len(words), words, "body"))
        start += len(raw) + 1
    return lines


def _with_parts(lines: list[_Line], metadata: Metadata) -> list[_Line]:
    """Return the lines, each with its part."""
    parts: list[Part] = ["body"] * len(lines)
    latin = _is_latin(" ".join(line.text for line in lines[:200]))
    title = -1
    for index, line in enumerate(lines[:_HEAD_LINES]):
        part = _head_part(line.text, latin)
        if part == "body":
            if title < 0 and line.text.isupper() and _next_is_title(lines, index):
                part = "banner"
            elif title < 0 and _may_be_title(line.text, len(lines)):
                title, part = index, "title"
            elif title >= 0 and line.text == lines[title].text:
                part = "title"
            else:
                break
        parts[index] = part
        if part == "lead":
            break
    if title < 0 and metadata.title:
        title = next((i for i, line in enumerate(lines) if line.text == metadata.title), -1)
        if title >= 0:
            parts[title] = "title"
    banners = {line.text for line, part in zip(lines, parts, strict=True) if part == "banner"}
    for index, line in enumerate(lines):
        if parts[index] == "body":
            parts[index] = _body_part(line.text, latin, banners)
    return [replace(line, part=part) for line, part in zip(lines, parts, strict=True)]


def _next_is_title(lines: list[_Line], index: int) -> bool:
    return index + 2 < len(lines) and _may_be_title(lines[index + 1].text, len(lines))


def _head_part(text: str, latin: bool) -> Part:
    if _LEAD.match(text):
        return "lead"
    if _SOURCE.match(text):
        return "source"
    if _CRUMBS.match(text) or _LABEL.match(text) or (latin and not _is_latin(text)):
        return "banner"
    if not _ENDS.search(text) and (_BYLINE.match(text) or (len(text) < 120 and _BYLINE_NAMES.search(text))):
        return "byline"
    return "byline" if _is_only_date(text) else "body"


def _is_only_date(text: str) -> bool:
    if _PREPOSITION.match(text):
        return False
    found = find_dates(text, Anchor()) if len(text) < 60 else []
    rest = text
    for item in reversed(found):
        rest = rest[: item.start] + rest[item.end :]
    return bool(found) and not re.search(r"[^\W\d_]{2,}", _DATE_WORDS.sub("", rest))


def _may_be_title(text: str, count: int) -> bool:
    low, high = _TITLE_LENGTHS
    if not low <= len(text) <= high or text.startswith(("-", "•", "*")):
        return False
    if text.endswith(("?", "!")):
        return count > 1 and len(text) <= 120
    return count > 1 and not _ENDS.search(text) and not re.search(r"[.!?]\s+[A-Z]\w+ \w+ \w+", text)


def _body_part(text: str, latin: bool, banners: set[str]) -> Part:
    if _LEAD.match(text):
        return "lead"
    if text in banners or not re.search(r"[^\W\d_]{2,}", text) or (latin and not _is_latin(text)):
        return "banner"
    if _NOTICE.match(text) or _AUTHOR_NOTE.match(text):
        return "notice"
    return "body"


def _is_latin(text: str) -> bool:
    letters = [character for character in text[:2000] if character.isalpha()]
    return not letters or sum(ord(character) < 0x250 for character in letters) > len(letters) / 2


def _sentences(lines: Sequence[_Line]) -> tuple[list[Sentence], bool]:
    found: list[Sentence] = []
    for paragraph, line in enumerate(lines, start=1):
        spans = (
            list(sentence_spans(line.text))
            if line.part in ("body", "lead", "notice")
            else [(0, len(line.text))]
        )
        for begin, end in spans:
            if len(found) == MAX_SENTENCES:
                return found, True
            words = line.text[begin : min(end, begin + MAX_SENTENCE_LENGTH)]
            part: Part = "notice" if line.part == "body" and _OWN_NOTICE.search(words) else line.part
            start = line.start + begin
            found.append(Sentence(len(found) + 1, words, start, start + len(words), paragraph, part))
    return found, False


def _complete(metadata: Metadata, lines: Sequence[_Line]) -> Metadata:
    """Return the metadata, completed from the first lines of the text."""
    title, source, author, date = metadata.title, metadata.source, metadata.author, metadata.date
    for line in lines[:_HEAD_LINES]:
        if line.part == "title" and not title:
            title = line.text
        if line.part == "source" and not source:
            match = _SOURCE.match(line.text)
            source = match["name"].strip() if match else ""
        if line.part == "byline" and not author:
            match = _BYLINE.match(line.text)
            author = match["name"].strip() if match else ""
        is_dated = line.part in ("source", "byline", "banner") or _is_dated_line(line)
        if is_dated and date is None:
            date = _full_date(line.text, None)
    return Metadata(title, source, date, author)


def _is_dated_line(line: _Line) -> bool:
    """Return whether a line without a full stop ends with a date: author, paper and day of publication."""
    if line.part != "body" or len(line.text) > _LONGEST_DATED or _ENDS.search(line.text):
        return False
    dates = find_dates(line.text, Anchor())
    return bool(dates) and len(line.text) - dates[-1].end <= len(" года")


def _full_date(text: str, year: int | None) -> dt.date | None:
    for item in find_dates(text, Anchor(year=year)):
        if item.has_year or year is not None:
            first_day = (item.period.start + "-01-01")[:10]
            if len(item.period.start) > 4 or item.has_year:
                return dt.date.fromisoformat(first_day) if len(item.period.start) > 4 else None
    return None


def _dateline(sentences: Sequence[Sentence]) -> dt.date | None:
    """Return the date of the dateline; without a year, in the latest past year of the text."""
    body = [sentence for sentence in sentences if sentence.part in ("lead", "body")]
    if not body:
        return None
    found = (_DATELINE.match(item.text) or _DATELINE.match(item.text + ".") for item in body[:_OPENING])
    match = next((one for one in found if one and find_dates(one["date"], Anchor(year=1))), None)
    if match is None:
        return None
    years = [year for item in body for year in past_years(item.text)]
    return _full_date(match["date"], max(years) if years else None)
