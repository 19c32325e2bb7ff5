"""A sentence with all that is found in it: names, works, figures, dates, and the stretches it falls into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sogdia.articles.article import Sentence
from sogdia.articles.claim import Quantity
from sogdia.articles.dates import Anchor, DateMention, find_dates
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.words import ACTOR_NOUN
from sogdia.articles.grammar.works import Work, find_works
from sogdia.articles.quantities import find_quantities

_CUT = re.compile(
    r";\s|\s[—–-]{1,2}\s|:\s|,\s(?:and|but|while|whereas|though|although|which|who|after|so|"
    r"as well as|plus|among them|"
    r"among which|of which|including|against)\s|\s(?:so that|while|whereas|as well as|plus)\s|"
    r"\sand\s(?=(?:also\s)?(?:signed|approved|lent|agreed|opened|built|pledged|bought|is|has|"
    r"will|was|were|would)\s)|"
    r"\s(?:with)\s(?=(?:the same|another|a further)\s)|[()]"
)
_PASSAGE = re.compile(
    r"\b(?:through|via|across|bypassing|than|unlike|against|like|outside|beyond|"
    r"past)\s+(?:the\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|at|to|into|near|throughout|inside)\s+(?:the\s)?(?:(?:capital|city|region)\s)?(?:of\s)?$",
    re.IGNORECASE,
)
_OUTSIDE = ("country", "demonym", "seat", "person", "company", "lender", "group")


@dataclass(frozen=True, slots=True)
class Marks:
    """A sentence, marked.

    Attributes:
        sentence: The sentence.
        mentions: Names of the pack outside of names of works.
        works: Works named.
        quantities: Figures with units.
        dates: Dates, resolved.
        cuts: Where its stretches begin; the first is 0.
    """

    sentence: Sentence
    mentions: tuple[Mention, ...]
    works: tuple[Work, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    cuts: tuple[int, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return self.sentence.text

    def stretch(self, place: int) -> tuple[int, int]:
        """Begin and end of the stretch that a place of the sentence is in."""
        start = max(cut for cut in self.cuts if cut <= place)
        later = [cut for cut in self.cuts if cut > place]
        return start, min(later) if later else len(self.text)

    def words(self, place: int) -> str:
        """The words of the stretch that a place is in."""
        start, end = self.stretch(place)
        return self.text[start:end]


def marked(sentence: Sentence, anchor: Anchor, gazetteer: Gazetteer) -> Marks:
    """Mark a sentence.

    Args:
        sentence: The sentence.
        anchor: What its dates are reckoned from.
        gazetteer: Names of the pack.
    """
    text = sentence.text
    mentions = gazetteer.find(text)
    works = find_works(text, mentions, gazetteer)
    hidden = [(item.start, item.end) for item in mentions if item.kind == "project"]
    quantities = tuple(find_quantities(text))
    open_mentions = tuple(
        item
        for item in mentions
        if item.kind != "project"
        and not any(start <= item.start < end for start, end in hidden)
        and not any(figure.start <= item.start < figure.end for figure in quantities)
        and not _in_a_chain(text, item)
        and not re.match(r"\s(?:cents?|dollars?)\b", text[item.end :])
    )
    dates = tuple(
        item
        for item in find_dates(text, anchor)
        if not any(q.start <= item.start < q.end and q.kind != "count" for q in quantities)
    )
    inside = [(item.start, item.end) for item in quantities]
    inside += [(item.start, item.end) for item in dates]
    inside += [(item.start, item.end) for item in works]
    cuts = [0]
    cuts += [
        match.end() if match.group() not in ("(", ")") else match.start() + 1
        for match in _CUT.finditer(text)
        if not any(start < match.start() and match.end() <= end for start, end in inside)
    ]
    return Marks(sentence, open_mentions, tuple(works), quantities, dates, tuple(cuts))


def _in_a_chain(text: str, item: Mention) -> bool:
    """Whether a state is only a link of a name joined by hyphens, such as a way between two states."""
    if item.kind not in ("country", "group"):
        return False
    before, after = text[max(0, item.start - 1) : item.start], text[item.end : item.end + 1]
    return before in ("-", "–") or (after in ("-", "–") and text[item.end + 1 : item.end + 2].isupper())


def is_placed(text: str, item: Mention) -> bool:
    """Whether a name is only told as where something is."""
    return bool(_PLACED.search(text[max(0, item.start - 40) : item.start]))


def outsiders(marks: Marks, home: Sequence[str], start: int = 0, end: int | None = None) -> list[Mention]:
    """Names of outside parties that act, in a part of a sentence."""
    stop = len(marks.text) if end is None else end
    out = []
    for item in marks.mentions:
        if not start <= item.start < stop or item.kind not in _OUTSIDE or set(item.parties) <= set(home):
            continue
        before = marks.text[max(0, item.start - 40) : item.start]
        if _PASSAGE.search(before):
            continue
        if item.kind == "demonym" and re.match(r"\s*[-–]\s*\w", marks.text[item.end :]):
            continue
        out.append(item)
    return out


def insiders(marks: Marks, home: Sequence[str], start: int = 0, end: int | None = None) -> list[Mention]:
    """Names of parties of the region, or of what belongs to them, in a part of a sentence."""
    stop = len(marks.text) if end is None else end
    return [
        item
        for item in marks.mentions
        if start <= item.start < stop
        and item.kind != "lender"
        and item.parties
        and set(item.parties) <= set(home)
    ]


def acts(text: str, item: Mention) -> bool:
    """Whether a name stands for someone who acts: a firm, a lender, a person, a state."""
    if item.kind == "demonym":
        return bool(ACTOR_NOUN.match(text[item.end : item.end + 60]))
    return item.kind != "place"


def parties_of(items: Sequence[Mention]) -> tuple[str, ...]:
    """Codes of some names, each once, in order."""
    return tuple(dict.fromkeys(code for item in items for code in item.parties))
