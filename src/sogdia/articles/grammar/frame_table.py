"""Tables of frames and lemmas: which verb, noun or adjective speaks of which kind of claim.

``frames.csv`` has one row a frame. Its columns ``amount``, ``work``, ``document`` and ``flow`` give the
type of claim that the frame makes of an amount of money, a work, a document or a flow of goods; empty for
none. ``agent`` is the side of the acting party: ``partner``, ``recipient`` or ``either``. ``completed``,
``now`` and ``going`` give the status of a completed, a present and an ongoing act (an act that lies ahead
is planned), and ``complement`` the status of an act that the word governs ("agreed to lend").
``lemmas.csv`` has one row a lemma, with irregular forms: the past and the participle, and forms with a
doubled consonant. Three dots in a lemma are a gap of up to eight words ("put ... into operation").
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from sogdia.articles.claim import ClaimType, Status

Part = Literal["verb", "noun", "adjective"]
Side = Literal["partner", "recipient", "either"]
FormKind = Literal["base", "s", "past", "participle", "ed", "ing"]
"""Form of a verb; ``ed`` is both the past and the participle. A noun has ``base`` and ``s``."""


@dataclass(frozen=True, slots=True)
class FrameType:
    """A row of ``frames.csv``.

    Attributes:
        name: Name of the frame.
        amount: Type of claim made of an amount; ``None`` for none.
        work: Type of claim made of a work.
        document: Type of claim made of a document.
        flow: Type of claim made of a flow of goods, a visit, a measure or terms.
        agent: Side of the acting party.
        completed: Status of a completed act.
        now: Status of a present act.
        going: Status of an ongoing act.
        complement: Status of an act that the word governs; empty if it says nothing of it.
    """

    name: str
    amount: ClaimType | None
    work: ClaimType | None
    document: ClaimType | None
    flow: ClaimType | None
    agent: Side
    completed: Status
    now: Status
    going: Status
    complement: Status


@dataclass(frozen=True, slots=True)
class WordForm:
    """A form of a lemma.

    Attributes:
        words: Its words in lower case; ``...`` is a gap.
        kind: Form.
        part: Part of speech.
        lemma: The lemma.
        frame: Its frame.
    """

    words: tuple[str, ...]
    kind: FormKind
    part: Part
    lemma: str
    frame: FrameType


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("sogdia.articles.grammar").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def frame_types() -> Mapping[str, FrameType]:
    """Return the frames by name."""
    return {row["frame"]: _frame_type(row) for row in _rows("frames.csv")}


def _frame_type(row: dict[str, str]) -> FrameType:
    amount, work, document, flow = (
        cast(ClaimType, row[kind]) if row[kind] else None for kind in ("amount", "work", "document", "flow")
    )
    completed, now, going, complement = (
        cast(Status, row[stage]) for stage in ("completed", "now", "going", "complement")
    )
    agent = cast(Side, row["agent"])
    return FrameType(row["frame"], amount, work, document, flow, agent, completed, now, going, complement)


@cache
def word_forms() -> Mapping[str, tuple[WordForm, ...]]:
    """Return the forms of all lemmas by their first word, the longest first."""
    found: dict[str, list[WordForm]] = {}
    for row in _rows("lemmas.csv"):
        frame = frame_types()[row["frame"]]
        part = cast(Part, row["part"])
        irregular = tuple(form.strip() for form in row["forms"].split(";") if form.strip())
        for text, kind in inflected(row["lemma"], part, irregular):
            words = tuple(text.split())
            found.setdefault(words[0], []).append(WordForm(words, kind, part, row["lemma"], frame))
    return {first: tuple(sorted(forms, key=lambda form: -len(form.words))) for first, forms in found.items()}


def inflected(lemma: str, part: Part, irregular: tuple[str, ...] = ()) -> Iterator[tuple[str, FormKind]]:
    """Yield the forms of a lemma, with those of regular inflection where no irregular one is given.

    Args:
        lemma: The lemma.
        part: Part of speech.
        irregular: Irregular forms: of a verb the past and the participle, or one form for both.

    >>> [text for text, _ in inflected("supply", "verb")]
    ['supply', 'supplies', 'supplied', 'supplying']
    >>> list(inflected("give", "verb", ("gave", "given")))[2:4]
    [('gave', 'past'), ('given', 'participle')]
    """
    yield lemma, "base"
    if part == "adjective":
        return
    if part == "noun":
        yield from ((form, "s") for form in irregular or (_plural(lemma),))
        return
    first, space, rest = lemma.partition(" ")
    yield _plural(first) + space + rest, "s"
    gerunds = [form for form in irregular if form.split()[0].endswith("ing")]
    others = [form for form in irregular if form not in gerunds]
    strong = [form for form in others if not form.split()[0].endswith("ed")]
    for form in others or [_past(first) + space + rest]:
        if len(strong) == 2 and form in strong:
            yield form, "past" if form == strong[0] else "participle"
        else:
            yield form, "ed"
    for form in gerunds or [_gerund(first) + space + rest]:
        yield form, "ing"


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "go")) else "s")


def _past(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    return word[:-1] + "ied" if word.endswith("y") and word[-2:-1] not in "aeou" else word + "ed"


def _gerund(word: str) -> str:
    return word[:-1] + "ing" if word.endswith("e") and not word.endswith(("ee", "ye")) else word + "ing"
