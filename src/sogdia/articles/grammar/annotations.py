"""Annotate a sentence: names, project mentions, quantities, dates and clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sogdia.articles.article import Sentence
from sogdia.articles.claim import Quantity
from sogdia.articles.dates import Anchor, DateMention, find_dates
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.lexicon import ACTOR_NOUN
from sogdia.articles.grammar.power_mentions import works_of_power
from sogdia.articles.grammar.project_mentions import ProjectMention, find_project_mentions
from sogdia.articles.quantities import find_quantities

_CUT = re.compile(
    r";\s|\s[—–-]{1,2}\s|:\s|,\s(?:and|but|while|whereas|though|although|which|who|after|so|"
    r"as well as|plus|among them|"
    r"among which|of which|(?:for|under|to|from|with|by)\swhich|including|against)\s|"
    r"\s(?:so that|while|whereas|as well as|plus)\s|"
    r"\sand\s(?=(?:also\s)?(?:signed|approved|lent|agreed|opened|built|pledged|bought|is|has|"
    r"will|was|were|would)\s)|"
    r"\s(?:with)\s(?=(?:the same|another|a further)\s)|[()]"
)
_PASSAGE = re.compile(
    r"\b(?:through|via|across|bypassing|than|unlike|without|against|like|outside|beyond|"
    r"past)\s+(?:the\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|at|to|into|near|throughout|inside)\s+(?:the\s)?(?:(?:capital|city|region)\s)?(?:of\s)?$",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"[A-ZÀ-Ž][A-ZÀ-Ž.'’ -]+(?:,[^–—:;,]{1,30}|\s\([^)]{1,40}\)){1,3}\s[–—-]\s")
_ABBREVIATION = re.compile(r"\([A-Z][A-Za-z&-]{1,11}\)")
"""A short name in brackets after the full one, which begins no clause."""
_OF_BODY = re.compile(
    r"\b(?:Facility|Fund|Program(?:me)?|Initiative|Bank|Corporation|Commission|Organi[sz]ation|Council|Institute|"
    r"Agency|Centre|Center|Forum)\s(?:for|of|in)\s(?:the\s)?$"
)
"""Words before a name that is part of the name of a body: "the Investment Facility for the region"."""
_OUTSIDE = ("country", "demonym", "seat", "person", "company", "lender", "group")


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """A sentence with its annotations.

    Attributes:
        sentence: The sentence.
        mentions: Names of the pack outside the names of projects.
        projects: Project mentions.
        quantities: Figures with units.
        dates: Dates, resolved.
        clause_starts: Positions at which its clauses begin; the first is 0.
    """

    sentence: Sentence
    mentions: tuple[Mention, ...]
    projects: tuple[ProjectMention, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    clause_starts: tuple[int, ...]

    @property
    def text(self) -> str:
        """Text of the sentence."""
        return self.sentence.text

    def clause_span(self, position: int) -> tuple[int, int]:
        """Return start and end of the clause that holds a position of the sentence."""
        start = max(cut for cut in self.clause_starts if cut <= position)
        later = [cut for cut in self.clause_starts if cut > position]
        return start, min(later) if later else len(self.text)

    def clause_text(self, position: int) -> str:
        """Return the text of the clause that holds a position."""
        start, end = self.clause_span(position)
        return self.text[start:end]


def annotate(
    sentence: Sentence, anchor: Anchor, gazetteer: Gazetteer, currency: str = ""
) -> AnnotatedSentence:
    """Annotate a sentence.

    Args:
        sentence: The sentence.
        anchor: Reference date for dates without a year.
        gazetteer: Names of the region pack.
        currency: Currency of the amount before it, for an amount that is stated without one.
    """
    text = sentence.text
    opening = dateline_end(text)
    mentions = [item for item in gazetteer.find(text) if item.start >= opening]
    quantities = tuple(find_quantities(text, currency))
    projects = find_project_mentions(text, mentions, gazetteer, quantities)
    projects += works_of_power(text, projects, mentions, gazetteer, quantities)
    projects.sort(key=lambda item: item.start)
    hidden = [(item.start, item.end) for item in mentions if item.kind == "project"]
    open_mentions = tuple(
        item
        for item in mentions
        if item.kind != "project"
        and not any(start <= item.start < end for start, end in hidden)
        and not any(figure.start <= item.start < figure.end for figure in quantities)
        and not _is_in_compound(text, item)
        and not re.match(r"\s(?:cents?|dollars?)\b", text[item.end :])
    )
    dates = tuple(
        item
        for item in find_dates(text, anchor)
        if item.start >= opening
        and not any(q.start <= item.start < q.end and q.kind not in ("count", "years") for q in quantities)
    )
    inside = [(item.start, item.end) for item in quantities]
    inside += [(item.start, item.end) for item in dates]
    inside += [(item.start, item.end) for item in projects]
    inside += [(item.start() - 1, item.end() + 1) for item in _ABBREVIATION.finditer(text)]
    clause_starts = [0]
    clause_starts += [
        match.end() if match.group() not in ("(", ")") else match.start() + 1
        for match in _CUT.finditer(text)
        if not any(start < match.start() and match.end() <= end for start, end in inside)
    ]
    return AnnotatedSentence(
        sentence, open_mentions, tuple(projects), quantities, dates, tuple(clause_starts)
    )


def dateline_end(text: str) -> int:
    """Return the end of the dateline of a sentence, whose place and date are not those of an act; 0 for none.

    >>> dateline_end("ANYTOWN, 3 May 2025 - The bank lent $5m."), dateline_end("The bank - it lent $5m.")
    (22, 0)
    """
    found = _DATELINE.match(text)
    return found.end() if found else 0


def _is_in_compound(text: str, item: Mention) -> bool:
    """Return whether a country is only part of a hyphenated name, such as that of a corridor."""
    if item.kind not in ("country", "group"):
        return False
    before, after = text[max(0, item.start - 1) : item.start], text[item.end : item.end + 1]
    return before in ("-", "–") or (after in ("-", "–") and text[item.end + 1 : item.end + 2].isupper())


def is_location_only(text: str, item: Mention) -> bool:
    """Return whether a name only gives a location."""
    return bool(_PLACED.search(text[max(0, item.start - 40) : item.start]))


def outside_mentions(
    annotated: AnnotatedSentence, home: Sequence[str], start: int = 0, end: int | None = None
) -> list[Mention]:
    """Return the mentions of outside parties that may act, in a span of a sentence."""
    stop = len(annotated.text) if end is None else end
    out = []
    for item in annotated.mentions:
        if not start <= item.start < stop or item.kind not in _OUTSIDE or set(item.parties) <= set(home):
            continue
        before = annotated.text[max(0, item.start - 40) : item.start]
        if _PASSAGE.search(before):
            continue
        if item.kind == "demonym" and re.match(r"\s*[-–]\s*\w", annotated.text[item.end :]):
            continue
        out.append(item)
    return out


def home_mentions(
    annotated: AnnotatedSentence, home: Sequence[str], start: int = 0, end: int | None = None
) -> list[Mention]:
    """Return the mentions of home parties, or of what belongs to them, in a span of a sentence."""
    stop = len(annotated.text) if end is None else end
    return [
        item
        for item in annotated.mentions
        if start <= item.start < stop
        and item.kind != "lender"
        and not (item.kind in ("country", "group") and _OF_BODY.search(annotated.text[: item.start]))
        and item.parties
        and set(item.parties) <= set(home)
    ]


def is_people(item: Mention) -> bool:
    """Return whether a demonym is a noun in the plural: "the Europeans"."""
    return item.kind == "demonym" and item.text.endswith(("ans", "is"))


def is_actor(text: str, item: Mention) -> bool:
    """Return whether a name denotes an actor: a company, a lender, a person or a country."""
    if item.kind == "demonym" and not is_people(item):
        return bool(ACTOR_NOUN.match(text[item.end : item.end + 60]))
    return item.kind != "place"


def party_codes(items: Sequence[Mention]) -> tuple[str, ...]:
    """Return the party codes of mentions, each once, in order."""
    return tuple(dict.fromkeys(code for item in items for code in item.parties))
