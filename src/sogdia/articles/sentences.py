"""Split a paragraph into sentences, with regard to abbreviations, initials, decimals and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[”’」』）]*")
_ABBREVIATIONS = _words(
    """
    mr mrs ms dr prof gen col lt sgt capt sen rep gov st messrs hon pres
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    no nos vs etc al eg ie e.g i.e approx est inc ltd co corp bros dept fig vol pp p art ave rd
    u.s u.k u.n e.u u.s.s.r a.m p.m
    млн млрд трлн тыс г гг им ул руб долл тг т.е т.д
    """
)
"""Words after which a full stop does not end a sentence, in lower case and without that stop."""
_MAY_END = _words("etc inc ltd co corp a.m p.m u.s u.k u.n e.u al г гг руб долл млн млрд bros")
"""Abbreviations that may end a sentence, if the next word opens one."""
_ENDS_BEFORE_CAPITAL = _words("млн млрд трлн руб долл")
"""Abbreviations mostly written without a stop, so that a stop before a capital ends the sentence."""
_WINDOW = 60
"""Characters next to a line break that decide whether a sentence ends there."""
_BEFORE = re.compile(r"([^\s(\[\"'“«]+)$")
_STARTS = re.compile(r"\s+[\"'“«(\[]*(?P<word>[^\s]+)")
_OPENERS = _words(
    """
    the a an in on at it its he she they we this that these those but and however according meanwhile
    since while when after before for from as by with under also still yet officials if there here both
    """
)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a paragraph, without surrounding white space.

    >>> paragraph = "He left on Dec. 16. The U.S. paid $1.5 million."
    >>> [paragraph[a:b] for a, b in sentence_spans(paragraph)]
    ['He left on Dec. 16.', 'The U.S. paid $1.5 million.']
    """
    start = 0
    for match in _END.finditer(text):
        if _ends(text, start, match):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, len(text))


def ends_sentence(before: str, after: str) -> bool:
    """Return whether a sentence ends between two pieces of a paragraph.

    Args:
        before: Text before a line break.
        after: Text after it; empty at the end.

    >>> ends_sentence("It paid $5 million.", "The rest"), ends_sentence("said Mr.", "Lee")
    (True, False)
    """
    tail = before[-_WINDOW:]
    match = next((found for found in _END.finditer(tail) if found.end() == len(tail)), None)
    return match is not None and _ends(f"{tail} {after[:_WINDOW]}", 0, match)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    span = text[start:end]
    stripped = span.strip()
    if stripped:
        begin = start + len(span) - len(span.lstrip())
        yield begin, begin + len(stripped)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    following = _STARTS.match(text, match.end())
    if following is None:
        return True
    word = following["word"]
    if word[0].islower() and not word.isupper():
        return False
    if match.group().rstrip("\"'”’»)]") not in (".",):
        return True
    # A window keeps the search linear: a long line must not be scanned again for each full stop.
    before = _BEFORE.search(text[max(start, match.start() - 40) : match.start()])
    last = before.group(1).lower() if before else ""
    if last in _ENDS_BEFORE_CAPITAL and "Ѐ" <= word[0] <= "ӿ" and word not in ("США", "СССР"):
        return True
    if last in _ABBREVIATIONS or (
        len(last) > 2 and last.replace(".", "").isalpha() and last[1::2] == "." * (len(last) // 2)
    ):
        opener = word.lower().strip(",.;:") in _OPENERS
        return (last in _MAY_END or "." in last) and opener
    if len(last) == 1 and last.isalpha():
        # An initial, as in "J. Smith".
        return not word[0].isupper() or word.lower().strip(",.;:") in _OPENERS
    return True
