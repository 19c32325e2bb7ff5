"""Number the mentions of an article: parties, works, amounts, figures and dates of each sentence.

This is the first pass of reading. The second pass (``grammar/references.py``) links mentions that refer back
to an earlier one. A mention keeps its id however it is read afterwards, so that a list of ids is a complete
account of what a claim rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sogdia.articles.claim import Quantity
from sogdia.articles.dates import DateMention
from sogdia.articles.gazetteer import Mention
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.project_mentions import ProjectMention

NumberedKind = Literal["party", "work", "amount", "figure", "date"]
"""Kinds of numbered mentions."""
_LETTERS: dict[NumberedKind, str] = {"party": "P", "work": "W", "amount": "A", "figure": "F", "date": "D"}


@dataclass(frozen=True, slots=True)
class NumberedMention:
    """A mention with its id in the article.

    Attributes:
        id: Letter of the kind and number in the article, from 1: ``P1``, ``W3``, ``A2``.
        kind: Kind of mention.
        text: Text of the article.
        sentence: Number of its sentence.
        start: Start in the sentence.
        end: End in the sentence.
        item: The annotation: a name, a project mention, a quantity or a date.
    """

    id: str
    kind: NumberedKind
    text: str
    sentence: int
    start: int
    end: int
    item: Mention | ProjectMention | Quantity | DateMention


def numbered_mentions(sentences: Sequence[AnnotatedSentence]) -> tuple[NumberedMention, ...]:
    """Return the mentions of annotated sentences in order, each with its id.

    Args:
        sentences: Annotated sentences of an article.
    """
    counts = dict.fromkeys(_LETTERS, 0)
    found = []
    for annotated in sentences:
        for kind, item in sorted(_items(annotated), key=lambda pair: (pair[1].start, pair[1].end)):
            counts[kind] += 1
            text = annotated.text[item.start : item.end]
            number = annotated.sentence.number
            name = f"{_LETTERS[kind]}{counts[kind]}"
            found.append(NumberedMention(name, kind, text, number, item.start, item.end, item))
    return tuple(found)


def _items(
    annotated: AnnotatedSentence,
) -> Iterator[tuple[NumberedKind, Mention | ProjectMention | Quantity | DateMention]]:
    yield from (("party", item) for item in annotated.mentions if item.parties)
    yield from (("work", item) for item in annotated.projects)
    yield from (("amount" if item.kind == "money" else "figure", item) for item in annotated.quantities)
    yield from (("date", item) for item in annotated.dates)
