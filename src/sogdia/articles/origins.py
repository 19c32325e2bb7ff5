r"""Origins of the fields of a claim, and the confidence that it was read correctly.

The origin of a field is found after reading, by looking for its words: in the sentence of the claim, then in
the nearest sentence before it, in the headline, and after it. A field that no sentence holds is known by the
region pack (the country of a named project) or inferred.

The confidence is the probability that type, partners, recipients and project are all correct. With
:math:`r_{f,k}` the share of correct values of field :math:`f` with origin :math:`k` in the practice articles,

.. math::
    c = \operatorname{logit}^{-1}\bigl(\operatorname{logit}(r_{type} \textstyle\prod_f r_{f,k}) + s\bigr),

where the shift :math:`s` moves the mean of the practice articles, on which the rules were tuned, to that of
articles that the rules had never seen (0.53, see ``docs/reading.md``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sogdia.articles.claim import Claim, Origin
from sogdia.articles.gazetteer import fold
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame

RELIABILITY: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "partners": {"stated": 0.93, "resolved": 0.73, "pack": 0.5, "inferred": 0.67, "": 0.63},
        "recipients": {"stated": 0.94, "resolved": 0.89, "pack": 0.83, "inferred": 0.73, "": 0.15},
        "project": {"stated": 0.87, "resolved": 0.87, "pack": 0.5, "inferred": 0.87, "": 0.76},
    }
)
"""Share of correct values by field and origin in 42 practice articles (345 claims), with one right and one
wrong added; an empty field has the origin ``""``, and one without a case the share 0.5. Stated, resolved
and inferred projects are pooled, because none of them is surer than a stated one."""
TYPE_RELIABILITY = 0.89
SHIFT = -0.18
"""Shift of the log odds, so that the mean of those claims is 0.53 (their own share of correct ones: 0.70)."""


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
    return replace(marked, confidence=confidence_of(marked))


def confidence_of(claim: Claim) -> float:
    """Return the probability that type, partners, recipients and project of a claim are correct.

    Args:
        claim: The claim, with its origins.
    """
    kinds = {item.field: item.kind for item in claim.origins}
    share = TYPE_RELIABILITY * math.prod(
        shares[kinds.get(field, "")] for field, shares in RELIABILITY.items()
    )
    return round(1 / (1 + math.exp(-_logit(share) - SHIFT)), 2)


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


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
