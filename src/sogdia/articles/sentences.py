"""Where sentences begin and end: abbreviations, initials, decimals and quotes do not fool it."""

from __future__ import annotations

import re
from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)")
_ABBREVIATIONS = _words(
    """
    mr mrs ms dr prof gen col lt sgt capt sen rep gov st messrs hon pres
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    no nos vs etc al eg ie e.g i.e approx est inc ltd co corp bros dept fig vol pp p art ave rd
    u.s u.k u.n e.u u.s.s.r a.m p.m
    млн млрд трлн тыс г гг им ул руб долл тг т.е т.д
    """
)
"""Words after which a full stop ends nothing, lower case and without that stop."""
_MAY_END = _words("etc inc ltd co corp a.m p.m u.s u.k u.n e.u al г гг руб долл млн млрд bros")
"""Those of them after which a sentence may end all the same, if a new one plainly begins."""
_BEFORE = re.compile(r"([^\s(\[\"'“«]+)$")
_STARTS = re.compile(r"\s+[\"'“«(\[]*(?P<word>[^\s]+)")
_OPENERS = _words(
    """
    the a an in on at it its he she they we this that these those but and however according meanwhile
    since while when after before for from as by with under also still yet officials if there here both
    """
)


def split(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a paragraph begins and ends, white space around it left out.

    >>> paragraph = "He left on Dec. 16. The U.S. paid $1.5 million."
    >>> [paragraph[a:b] for a, b in split(paragraph)]
    ['He left on Dec. 16.', 'The U.S. paid $1.5 million.']
    """
    start = 0
    for match in _END.finditer(text):
        if _ends(text, start, match):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + len(piece) - len(piece.lstrip())
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
    # a window: a line of a megabyte without a stop must not make each dot look back over all of it
    before = _BEFORE.search(text[max(start, match.start() - 40) : match.start()])
    last = before.group(1).lower() if before else ""
    if last in _ABBREVIATIONS or (
        len(last) > 2 and last.replace(".", "").isalpha() and last[1::2] == "." * (len(last) // 2)
    ):
        opener = word.lower().strip(",.;:") in _OPENERS
        return (last in _MAY_END or "." in last) and opener
    if len(last) == 1 and last.isalpha():
        # an initial: "J. Smith"
        return not word[0].isupper() or word.lower().strip(",.;:") in _OPENERS
    return True
