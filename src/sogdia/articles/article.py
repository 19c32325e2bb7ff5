"""An article as it is read: its head, and its sentences in order, each with its part and its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Literal

Part = Literal["banner", "title", "source", "byline", "lead", "body", "notice"]
"""What a sentence is in the article; claims are read from ``lead`` and ``body`` only."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; a headline or a by-line counts as one.

    Attributes:
        number: Its number in the article, from 1.
        text: Its words.
        start: Where it begins in the article's text.
        end: Where it ends in the article's text.
        paragraph: Number of its paragraph, from 1.
        part: What it is in the article.
    """

    number: int
    text: str
    start: int
    end: int
    paragraph: int
    part: Part


@dataclass(frozen=True)
class Article:
    """An article with its head told apart from its body.

    Attributes:
        name: What it was opened as.
        title: Headline; empty where none is seen.
        source: Who published it, as the page says.
        date: Day it was published, or ``None`` where the page does not say and nothing lets it be known.
        author: By-line.
        lead: Lead paragraph, where one is marked.
        text: All of it that is no menu, banner or advertisement of a page, as plain text.
        sentences: Its sentences in order, headline and by-line among them.
        remarks: What a reader should know of how it was read, such as a page cut at the size limit.
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
        """The sentences that claims are read from."""
        return tuple(sentence for sentence in self.sentences if sentence.part in ("lead", "body"))

    def as_dict(self) -> dict[str, Any]:
        """The article as plain data, for JSON."""
        return {**asdict(self), "date": self.date.isoformat() if self.date else None}
