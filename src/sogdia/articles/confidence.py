r"""Probability that type, partners, recipients and project of a claim are all read correctly.

It is a logistic regression on features that are present or absent,

.. math::
    c = \operatorname{logit}^{-1}\bigl(w_0 + \textstyle\sum_k w_k x_k\bigr),

with the weights of ``confidence.csv``. ``python -m benchmarks.reading_confidence`` fits them to articles with
gold rows. Claims of the rules for English have features of their sentence too; claims of other readers have
the weights of the column ``without_sentence``, fitted to the same claims without those features.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sogdia.articles.claim import Claim
from sogdia.articles.gazetteer import Mention
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.roles import actors_of, lender_of_amount
from sogdia.articles.grammar.view import SentenceView

CONSTANT = "constant"
_FIELDS = ("partners", "recipients", "project")
_LONG, _VERY_LONG = 150, 220
"""Characters from which a sentence is long, and very long."""
_MANY = 3

Weights = Mapping[str, float]


@cache
def shipped_weights() -> tuple[Weights, Weights]:
    """Return the weights of ``confidence.csv``: with and without the features of the sentence."""
    text = files("sogdia.articles").joinpath("confidence.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    columns = ("weight", "without_sentence")
    full, short = ({row["feature"]: float(row[name]) for row in rows if row[name]} for name in columns)
    return MappingProxyType(full), MappingProxyType(short)


def probability(features: frozenset[str], weights: Weights) -> float:
    """Return the probability of a claim by its features.

    Args:
        features: Its features; one without a weight counts nothing.
        weights: Weight of each feature, and of :data:`CONSTANT`.

    >>> probability(frozenset({"amount"}), {CONSTANT: -1.0, "amount": 1.0})
    0.5
    """
    total = weights.get(CONSTANT, 0.0) + math.fsum(weights.get(name, 0.0) for name in features)
    return 1 / (1 + math.exp(-total))


def confidence_of(claim: Claim, sentence: frozenset[str] | None = None) -> float:
    """Return the probability that a claim is read correctly, to two digits.

    Args:
        claim: The claim, with its origins.
        sentence: Features of its sentence, as of :func:`sentence_features`; ``None`` for other readers.
    """
    full, short = shipped_weights()
    if sentence is None:
        return round(probability(claim_features(claim), short), 2)
    return round(probability(claim_features(claim) | sentence, full), 2)


def claim_features(claim: Claim) -> frozenset[str]:
    """Return the features of a claim by itself: type, origins of its fields and figures.

    Args:
        claim: The claim, with its origins.
    """
    kinds = {item.field: item.kind for item in claim.origins}
    found = {f"type {claim.type}", *(f"{field} {kinds.get(field, 'empty')}" for field in _FIELDS)}
    is_named = bool(re.search(r"[A-Z]", claim.project))
    found.add("known work" if claim.project_id else "named work" if is_named else "unnamed work")
    conditions = {
        "amount": claim.amount is not None,
        "size": bool(claim.capacity_mw or claim.length_km),
        "no status": not claim.status,
        "several partners": len(claim.partners) > 1,
        "several recipients": len(claim.recipients) > 1,
    }
    return frozenset(found | {name for name, holds in conditions.items() if holds})


def sentence_features(
    frame: Frame, frames: Sequence[Frame], view: SentenceView, context: Context
) -> frozenset[str]:
    """Return the features that the rules see in the sentence of a claim.

    Args:
        frame: The frame, completed.
        frames: All frames of the sentence.
        view: The sentence.
        context: Facts that the sentences before it establish.
    """
    parties = {code for item in view.annotated.mentions for code in item.parties}
    recipients = set(frame.recipients or ())
    conditions = {
        "several claims": len(frames) > 1,
        "many claims": len(frames) >= _MANY,
        "several parties": len(parties) >= _MANY,
        "many parties": len(parties) > _MANY,
        "several works": len(view.projects) > 1,
        "long": len(view.text) > _LONG,
        "very long": len(view.text) > _VERY_LONG,
        "list item": bool(re.match(r"[-•*–]\s|Answer:", view.text)),
        "recipients of the work": bool(
            frame.project and recipients and recipients == set(frame.project.parties)
        ),
        "recipients of the article": bool(recipients and recipients == set(context.default)),
        "recipients of the headline": bool(recipients and recipients == set(context.titled)),
    }
    return frozenset({name for name, holds in conditions.items() if holds} | set(_of_partner(frame, view)))


def _of_partner(frame: Frame, view: SentenceView) -> Iterator[str]:
    """Yield features of the place and role of the partner in the sentence."""
    partners = set(frame.partners or ())
    items = [item for item in view.annotated.mentions if item.parties]
    own = [item for item in items if partners & set(item.parties)]
    if not own:
        return
    low, high = view.annotated.clause_span(frame.position)
    if any(low <= item.start < high for item in own):
        yield "partner in clause"
    if any(item.kind == "lender" for item in own):
        yield "partner is a lender"
    if frame.act is not None and _is_of(partners, actors_of(view, frame.act, items)):
        yield "partner is the agent"
    if frame.money is not None and _is_of(partners, lender_of_amount(view, frame, items)):
        yield "partner next to amount"


def _is_of(codes: set[str], items: Sequence[Mention]) -> bool:
    return any(codes & set(item.parties) for item in items)
