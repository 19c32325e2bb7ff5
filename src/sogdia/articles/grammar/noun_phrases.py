"""Words of the noun phrase around the noun of a work: its determiner, modifiers, possessor and route."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from sogdia.articles.gazetteer import Mention
from sogdia.articles.grammar.work_words import MONTHS

_TOTAL = re.compile(r"^(?:(?:Total|Overall|Entire|Initial|Main|Final)\s)+(?=[A-Za-z]+$)")
_FIRM_NOUN = re.compile(r"Airports|Ports|Railways|Roads|Highways|Mines|Pipelines|Terminals|Grids")
_OPENING = (
    *(
        "construction",
        "mine",
        "rail",
        "road",
        "power",
        "gas",
        "oil",
        "solar",
        "wind",
        "hydropower",
        "nuclear",
    ),
    *("grid", "water", "new", "freight", "cargo", "container"),
)
"""Common first words of the name of a work, which have a capital letter only at the start of a sentence."""
Determiner = Literal["definite", "indefinite", ""]

_NUMERALS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|some|many|both|\d{1,3}"
_NO_MODIFIER = (
    r"(?!(?:of|to|in|on|at|by|for|from|with|and|or|as|into|over|under|that|which|who|is|are|was|were|be|has|have|had|"
    r"will|would|can|may|not|than|after|before|near|via|through|than|between|its|their|the|an?|this|these|those)\b)"
)
_PHRASE = re.compile(
    rf"\b(?:(?P<definite>the|this|that|these|those|its|their|our)|(?P<indefinite>an?|another|{_NUMERALS}))\s"
    rf"(?P<words>(?:{_NO_MODIFIER}[a-z\d][\w.-]*\s){{0,4}})$",
    re.IGNORECASE,
)
_MODIFIER = re.compile(rf"(?:{_NO_MODIFIER}[a-z][a-z-]+\s){{1,3}}$")
_EMPTY = re.compile(
    r"\b(?:new|second|third|first|fourth|other|main|whole|entire|last|next|own|further|same|big|large|small|major|"
    r"million|billion|trillion|thousand|hundred|planned|proposed|existing|current|similar|different|long|short|old|so-called|entire|final)\s"
)
"""Adjectives that distinguish no work."""
_POSSESSOR = re.compile(
    r"\b(?P<place>[A-Z][\w-]+(?:\s[A-Z][\w-]+)?)['’]s\s(?:(?:new|second|third|first|main|own|old|international|only)\s){0,2}$"
)
_FRONTED = re.compile(
    r"(?:^|[.;:]\s)(?:At|In|Near|Outside)\s(?P<place>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)(?P<comma>,)?\s"
)
_ROUTE = re.compile(
    r"\s(?:(?:that|which)\s(?:will\s|would\s|is to\s)?(?:links?|connects?|joins?|runs? from)|linking|"
    r"connecting|joining|running from|stretching from)\s(?:the\s)?"
    r"(?P<one>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)(?:\sin\s[A-Z][\w'’-]+)?\s(?:with|to|and)\s(?:the\s)?"
    r"(?P<two>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)"
)
_PLACED = re.compile(
    r"\s(?:on\sthe\s(?:shores?|banks?|coast|outskirts|edge|border|territory)\sof|in\sthe\s(?:city|town|district|village|"
    r"vicinity|area|valley)\sof|near|outside|close\sto|next\sto|not\sfar\sfrom|south\sof|north\sof|east\sof|west\sof)\s(?:the\s)?"
    r"(?P<place>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2})"
)


def determiner_of(before: str) -> Determiner:
    """Return the determiner of the noun phrase whose last words come before a noun.

    >>> determiner_of("is building a 120 MW gas-engine "), determiner_of("heats flats. By then the ")
    ('indefinite', 'definite')

    Args:
        before: The sentence up to the noun.
    """
    found = _PHRASE.search(before)
    if found is None:
        return ""
    return "definite" if found["definite"] else "indefinite"


def modifiers_of(before: str) -> str:
    """Return the words between the determiner of a noun phrase and its noun, without empty adjectives.

    >>> modifiers_of("a contract for seven night "), modifiers_of("they said that ")
    ('night', '')

    Args:
        before: The sentence up to the noun.
    """
    phrase = _PHRASE.search(before)
    if phrase is None or not phrase["words"]:
        return ""
    found = _MODIFIER.search(phrase["words"])
    return _EMPTY.sub("", found.group()).strip() if found else ""


def possessor_of(before: str, mentions: Sequence[Mention]) -> str:
    """Return the place that owns a work: "the capital's second terminal"; empty for others.

    Args:
        before: The sentence up to the noun.
        mentions: Names of the pack in it.
    """
    found = _POSSESSOR.search(before)
    if found is None:
        return ""
    named = [item for item in mentions if item.start < found.end("place") and found.start("place") < item.end]
    return found["place"] if all(item.kind in ("place", "seat") for item in named) else ""


def fronted_place(text: str, start: int, mentions: Sequence[Mention]) -> str:
    """Return the place that opens a sentence: "At the river port, two firms are building a hub".

    Args:
        text: The sentence.
        start: Start of the work.
        mentions: Names of the pack in it.
    """
    for found in _FRONTED.finditer(text, 0, start):
        place = [
            item for item in mentions if item.start < found.end("place") and found.start("place") < item.end
        ]
        is_place = all(item.kind in ("place", "seat") for item in place) and bool(place or found["comma"])
        if is_place and not re.match(MONTHS, found["place"]):
            return found["place"]
    return ""


def place_after(text: str, end: int, mentions: Sequence[Mention]) -> str:
    """Return the route or place that follows a work: "the railway that will link A with B".

    Args:
        text: The sentence.
        end: End of the noun of the work.
        mentions: Names of the pack in it.
    """
    if route := _ROUTE.match(text, end):
        return f"{route['one']}-{route['two']}"
    found = _PLACED.match(text, end)
    if found is None or re.match(MONTHS, found["place"]):
        return ""
    named = [item for item in mentions if item.start < found.end("place") and found.start("place") < item.end]
    return "" if any(item.kind not in ("place", "seat") for item in named) else found["place"]


def without_empty_capitals(kind: str, before: str) -> str:
    """Return the name of a work without capitals that make no name: of the first word or of a defined term.

    >>> without_empty_capitals("Mine", "- "), without_empty_capitals("Total Project", "The ")
    ('mine', 'project')

    Args:
        kind: The noun of the work with the words before it.
        before: The sentence up to them.
    """
    kind = _TOTAL.sub("", kind)
    words = kind.split()
    is_opening = not re.search(r"\w", before) or bool(re.search(r"(?:[:•]|\s[-–—])\s+$", before))
    if (
        len(words) == 1
        and (is_opening or determiner_of(before) == "definite" or not before)
        and not kind.isupper()
    ):
        return kind.lower()
    if is_opening and words and words[0].lower() in _OPENING:
        return kind[0].lower() + kind[1:]
    return kind


def is_firm_in_plural(modifiers: str, head: str) -> bool:
    """Return whether a noun in the plural ends the name of a firm: "(Name) Airports", but not "the airports".

    Args:
        modifiers: The words before the noun.
        head: The noun.
    """
    return bool(_FIRM_NOUN.fullmatch(head) and re.search(r"[A-Z][\w'’-]+\s+$", modifiers))
