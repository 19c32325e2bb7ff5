"""Undo the wrapping of lines: one paragraph on one line, whatever the width at which the text was wrapped.

A line break inside a sentence is a wrap; one between sentences may be either, and both readings give the same
sentences. The rules find out whether a sentence goes on: the next line starts in lower case, the line ends on
a word that needs another one, or the lines are as full as a wrapped text has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sogdia.articles.sentences import ends_sentence

Role = Literal["text", "start", "line"]
_BLANKS = re.compile(r"[^\S\n]+")
_OPEN_END = re.compile(
    r"(?:(?:^|[\s(\[“‘\"'-])(?:the|an?|of|in|on|at|by|to|for|from|with|without|into|onto|over|under|between|among|"
    r"through|across|along|via|per|than|as|and|or|but|nor|that|which|who|whose|where|when|while|if|because|"
    r"since|until|about|around|after|before|during|against|towards?|near|worth|is|are|was|were|be|been|being|"
    r"has|have|had|will|would|shall|should|may|might|can|could|must|not|its|their|his|her|our|your|this|these|"
    r"those|such|some|any|each|every|both|either|more|most|less|least|up|mr|mrs|ms|dr|president|minister|"
    r"в|во|на|и|с|со|к|по|для|из|от|до|за|о|об|при|что|который|которая|которые|более|около|не|а|но)\.?"
    r"|[,(\[“«$€£¥₽₸&/+=~≈№#]|\b(?:US|No|Nos|С|А)\$?)$",
    re.IGNORECASE,
)
"""End of a line that no headline, list item or sentence has."""
_SPEAKER_END = re.compile(r"\b(?:says|told|tells)\s(?:\w+\s)?(?:minister|president)$", re.IGNORECASE)
"""End of a headline with its speaker."""
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_MONTH_END = re.compile(rf"(?:^|\s){_MONTH}$", re.IGNORECASE)
_FIGURE_END = re.compile(r"(?:^|\s)[$€£¥~]?\d[\d.,]*$")
_UNIT_START = re.compile(
    rf"(?:\d{{3}}|{_MONTH}|[kMGT]Wh?|[kMGT]?W|km|kV|USD|EUR|US\$|CNY|RUB|TEUs?)\b", re.IGNORECASE
)
_OPENS_WITH_DATE = re.compile(rf"(?:on|in|by|since|from|until|before|after)\s(?:{_MONTH}|\d)", re.IGNORECASE)
_ITEM = re.compile(r"(?P<mark>[-•*–—·▪◦]|\d{1,2}[.)]|[a-z][.)])\s")
_BYLINE = re.compile(r"by(?:\s[A-ZÀ-ŽА-Я][\w.'’-]*){1,4}$")
_HYPHEN = re.compile(r"\w[-‐‑–]$")
_MOST_WIDTH = 110
"""Longest line that a person or program wraps to."""
_NARROW, _NARROW_LINES = 30, 4
"""A sentence on this many lines of at most this width is wrapped."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines from one to the end of its sentence.

    Attributes:
        width: Longest line.
        lines: Number of lines.
        is_closed: Whether the last one ends a sentence.
    """

    width: int
    lines: int
    is_closed: bool


def unwrap(text: str, role_of: Callable[[str], Role], *, across_blank_lines: bool = True) -> str:
    """Return a text with one paragraph per line and single blanks, empty lines between its blocks.

    Args:
        text: The text.
        role_of: Role of a line: text, the start of a paragraph of its own, or metadata on one line.
        across_blank_lines: Whether a sentence may go on after an empty line; not in a page, whose blocks are
            marked.
    """
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    filled = [place for place, line in enumerate(lines) if line]
    if not filled:
        return ""
    rows = [lines[place] for place in filled]
    gaps = [second - first > 1 for first, second in pairwise(filled)]
    glue = _glue(rows, gaps, role_of, across_blank_lines)
    parts = [rows[0]]
    for row, between in zip(rows[1:], glue, strict=True):
        parts += [between, row]
    return "".join(parts)


def _glue(
    rows: Sequence[str], gaps: Sequence[bool], role_of: Callable[[str], Role], across: bool
) -> list[str]:
    """Return the text between each line and the next: a blank, nothing after a hyphen, or line breaks."""
    ended = [ends_sentence(row, after) for row, after in pairwise(rows)]
    runs = _runs(rows, gaps, ended)
    marks = _list_marks(rows, gaps)
    roles = [role_of(row) for row in rows]
    joins: list[bool] = []
    is_headed = False
    for place, (row, after) in enumerate(pairwise(rows)):
        # Below the headline, a block between empty lines that ends a sentence is a paragraph.
        is_open = bool(place) and (joins[-1] or (is_headed and gaps[place - 1] and runs[place].is_closed))
        is_headed = is_headed or roles[place] != "line"
        if ended[place] or (gaps[place] and not across) or marks[place + 1]:
            joins.append(False)
            continue
        if not (place and joins[-1]) and roles[place] == "line":
            joins.append(False)
            continue
        joins.append(
            _goes_on(row, after) and not (place == 0 and _SPEAKER_END.search(row))
            if gaps[place]
            else _goes_on(row, after)
            or (roles[place + 1] == "text" and (is_open or _is_wrapped(row, after, runs[place])))
        )
    may_join = [
        end and role == "text" and not mark
        for end, role, mark in zip(ended, roles[1:], marks[1:], strict=True)
    ]
    full = _full_lines(rows, gaps, joins, may_join)
    glue = []
    for place, row in enumerate(rows[:-1]):
        if joins[place] or full[place]:
            glue.append("" if _HYPHEN.search(row) else " ")
        else:
            glue.append("\n\n" if gaps[place] else "\n")
    return glue


def _goes_on(row: str, after: str) -> bool:
    """Return whether the next line continues a sentence by its first letter or by the end of this line.

    A full stop at the end of this line is that of an abbreviation.
    """
    if row.endswith(".") or _OPEN_END.search(row) or (_HYPHEN.search(row) and after[0].isalnum()):
        return True
    if _MONTH_END.search(row) and after[0].isdigit():
        return True
    if _FIGURE_END.search(row) and _UNIT_START.match(after):
        return True
    if _OPENS_WITH_DATE.match(row) and len(after) <= _MOST_WIDTH:
        return True
    return (after[0].islower() or after[0] in ",;)]%”»’…") and not _BYLINE.match(after)


def _is_wrapped(row: str, after: str, run: _Run) -> bool:
    """Return whether the first word of the next line would not have fitted on this one."""
    if not run.is_closed:
        return False
    if run.width <= _NARROW and run.lines >= _NARROW_LINES:
        return True
    first = after.split(" ", 1)[0]
    return run.width <= _MOST_WIDTH and len(row) + 1 + len(first) > run.width


def _runs(rows: Sequence[str], gaps: Sequence[bool], ended: Sequence[bool]) -> list[_Run]:
    """Return the run of each line."""
    last = rows[-1]
    runs = [_Run(len(last), 1, ends_sentence(last, ""))]
    for place in range(len(rows) - 2, -1, -1):
        width = len(rows[place])
        if ended[place]:
            runs.append(_Run(width, 1, True))
        elif gaps[place]:
            runs.append(_Run(width, 1, ends_sentence(rows[place], "")))
        else:
            following = runs[-1]
            runs.append(_Run(max(width, following.width), following.lines + 1, following.is_closed))
    return runs[::-1]


def _list_marks(rows: Sequence[str], gaps: Sequence[bool]) -> list[bool]:
    """Return whether each line is a list item: after a line break in a block with two items or more."""
    found = [_ITEM.match(row) for row in rows]
    marks = [match is not None for match in found]
    start = 0
    for place in range(len(rows)):
        if place == len(rows) - 1 or gaps[place]:
            block = range(start, place + 1)
            items = [i for i in block if found[i] is not None]
            if len(items) == 1 and items[0] > start and not rows[items[0] - 1].endswith((":", ".", ";")):
                marks[items[0]] = False
            start = place + 1
    return marks


def _full_lines(
    rows: Sequence[str], gaps: Sequence[bool], joins: Sequence[bool], may_join: Sequence[bool]
) -> list[bool]:
    """Return the line breaks between sentences that are wraps: those after full lines of a wrapped block."""
    full = [False] * len(joins)
    start = 0
    for place in range(len(rows)):
        if place < len(joins) and not gaps[place]:
            continue
        block = range(start, place)
        width = max(len(rows[i]) for i in range(start, place + 1))
        if width <= _MOST_WIDTH and any(joins[i] for i in block):
            for i in block:
                first = rows[i + 1].split(" ", 1)[0]
                full[i] = may_join[i] and len(rows[i]) + 1 + len(first) > width
        start = place + 1
    return full
