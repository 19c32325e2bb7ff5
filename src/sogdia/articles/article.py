"""An article: its metadata, and its sentences in order, each with its part and position."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Literal

Part = Literal["banner", "title", "source", "byline", "lead", "body", "notice"]
"""Role of a sentence in the article; claims are read from ``lead`` and ``body`` only."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; a headline or a by-line counts as one.

    Attributes:
        number: Number in the article, from 1.
        text: Text.
        start: Start in the article's text.
        end: End in the article's text.
        paragraph: Number of its paragraph, from 1.
        part: Role in the article.
    """

    number: int
    text: str
    start: int
    end: int
    paragraph: int
    part: Part


@dataclass(frozen=True)
class Article:
    """An article, with its metadata separated from its body.

    Attributes:
        name: Name of the file it was read from.
        title: Headline; empty if none is found.
        source: Publisher, as the page states it.
        date: Day of publication; ``None`` if it is neither stated nor derivable.
        author: By-line.
        lead: Lead paragraph, if one is marked.
        text: Plain text without the menus, banners and advertisements of a page.
        sentences: Sentences in order, headline and by-line included.
        remarks: Notes for the reader, such as a page cut at the size limit.
    """

    name: str
    title: str
    source: str
    date: dt.date | None
    author: str
    lead: str
    text: str
    sentences: tuple[Sentence, ...]
    remarks: tuple[str, ...] = ()

    @property
    def body(self) -> tuple[Sentence, ...]:
        """Sentences that claims are read from."""
        return tuple(sentence for sentence in self.sentences if sentence.part in ("lead", "body"))

    def as_dict(self) -> dict[str, Any]:
        """Return the article as plain data, for JSON."""
        return {**asdict(self), "date": self.date.isoformat() if self.date else None}
