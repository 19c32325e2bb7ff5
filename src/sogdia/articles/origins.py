"""Origins of the fields of a claim: stated, resolved, known by the pack or inferred.

The origin of a field is found after reading, by looking for its words: in the sentence of the claim, then in
the nearest sentence before it, in the headline, and after it. A field that no sentence holds is known by the
region pack (the country of a named project) or inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sogdia.articles.claim import Claim, Origin
from sogdia.articles.confidence import confidence_of
from sogdia.articles.gazetteer import fold
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Sentences that a claim may be resolved from.

    Attributes:
        sentences: Annotated sentences of the article, in order.
        title: Codes of the parties that the headline names.
        title_sentence: Number of the headline as a sentence; 0 for none.
    """

    sentences: Sequence[AnnotatedSentence]
    title: frozenset[str]
    title_sentence: int = 1


def with_origins(claim: Claim, frame: Frame, annotated: AnnotatedSentence, around: Surroundings) -> Claim:
    """Return a claim with the origins of its fields and its confidence.

    Args:
        claim: The claim.
        frame: The frame that it was made of.
        annotated: Its sentence.
        around: The other sentences.
    """
    packed = frozenset(frame.project.parties) if frame.project else frozenset()
    found = [
        _parties("partners", claim.partners, annotated, around, frozenset()),
        _parties("recipients", claim.recipients, annotated, around, packed),
        _project(claim, frame, annotated, around),
        _date(claim, annotated, around),
        *_figures(frame, annotated),
        Origin("status", "inferred" if frame.superseded else "stated", annotated.sentence.number)
        if claim.status else None,
    ]  # fmt: skip
    marked = replace(claim, origins=tuple(item for item in found if item is not None))
    return replace(marked, confidence=confidence_of(marked, frame.features))


def _nearest(annotated: AnnotatedSentence, around: Surroundings) -> Iterable[AnnotatedSentence]:
    """Yield the sentences before one, the nearest first, then those after it."""
    number = annotated.sentence.number
    yield from (one for one in reversed(around.sentences) if one.sentence.number < number)
    yield from (one for one in around.sentences if one.sentence.number > number)


def _named(annotated: AnnotatedSentence) -> set[str]:
    return {code for item in annotated.mentions for code in item.parties}


def _parties(
    field: str,
    codes: tuple[str, ...],
    annotated: AnnotatedSentence,
    around: Surroundings,
    packed: frozenset[str],
) -> Origin | None:
    if not codes:
        return None
    open_codes = set(codes) - _named(annotated)
    if not open_codes:
        return Origin(field, "stated", annotated.sentence.number)
    number = annotated.sentence.number
    before = (one for one in _nearest(annotated, around) if one.sentence.number < number)
    close = next((one.sentence.number for one in before if open_codes <= _named(one)), 0)
    if close and number - close <= 1:
        return Origin(field, "resolved", close)
    if open_codes <= packed:
        return Origin(field, "pack")
    if open_codes <= around.title:
        return Origin(field, "resolved", around.title_sentence)
    return Origin(field, "resolved", close) if close else Origin(field, "inferred")


def _project(claim: Claim, frame: Frame, annotated: AnnotatedSentence, around: Surroundings) -> Origin | None:
    if not claim.project:
        return None
    project = frame.project
    if project is None:
        words = re.findall(r"\w{3,}", fold(frame.topic).lower())
        text = fold(annotated.text).lower()
        is_stated = bool(words) and all(word in text for word in words)
        return Origin(
            "project", "stated" if is_stated else "inferred", annotated.sentence.number if is_stated else 0
        )
    if not frame.is_project_carried:
        return Origin("project", "stated", annotated.sentence.number)
    for one in _nearest(annotated, around):
        if any(
            not item.is_anaphoric and (item.label == project.label or (item.row and item.row == project.row))
            for item in one.projects
        ):
            return Origin("project", "resolved", one.sentence.number)
    return Origin("project", "inferred")


def _date(claim: Claim, annotated: AnnotatedSentence, around: Surroundings) -> Origin | None:
    if claim.date is None:
        return None
    for one in (annotated, *_nearest(annotated, around)):
        if any(str(item.period) == str(claim.date) for item in one.dates):
            is_own = one is annotated
            return Origin("date", "stated" if is_own else "resolved", one.sentence.number)
    return Origin("date", "inferred")


def _figures(frame: Frame, annotated: AnnotatedSentence) -> Iterable[Origin]:
    number = annotated.sentence.number
    values = {(item.kind, item.value) for item in annotated.quantities}
    for field, quantity in (
        ("amount", frame.money),
        ("capacity_mw", frame.power),
        ("length_km", frame.length),
    ):
        if quantity is not None:
            is_stated = (quantity.kind, quantity.value) in values
            yield Origin(field, "stated" if is_stated else "inferred", number if is_stated else 0)
