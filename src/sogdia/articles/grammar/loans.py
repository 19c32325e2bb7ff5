"""Frames of loans without an amount: money lent, weighed or given up, and works that a lender pays for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sogdia.articles.claim import Status
from sogdia.articles.grammar.annotations import outside_mentions
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.view import SentenceView

_NO_LENDING = ("say", "owe", "repay", "mature", "cost", "measure", "threaten", "visit")
"""Frames of verbs that make no claim of a loan without an amount."""
_DECIDING = ("cancel", "suspend", "consider", "interest", "plan", "sign", "approve", "negotiate")
_NO_LOAN = (
    "support",
    "aid",
    "assistance",
    "money",
    "capital",
    "fund",
    "offer",
    "advance",
    "technical assistance",
)
"""Nouns that may be of money but seldom of one loan."""
_FINANCED = re.compile(
    r"\b(?:(?P<done>(?:co-)?financed|funded|bankrolled)(?:\s\w+ly)?\sby|"
    r"(?:with|by|under|through)\s(?:the\s|an?\s)?(?:[a-z]+\s)?(?:financing|funding|loans?|credits?|money)\sfrom)\s(?:the\s|an?\s)?"
)
"""Words between a work and the lender that pays for it."""


def _unpriced_lending(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield money lent or borrowed without an amount: "expects to borrow a part from a neighbour"."""
    priced = [view.annotated.clause_span(frame.position) for frame in frames if frame.money]
    for act in view.predicates:
        low, high = view.annotated.clause_span(act.start)
        if act.part == "noun" or act.lemma not in ("borrow", "lend") or act.stage == "denied":
            continue
        outside = outside_mentions(view.annotated, view.gazetteer.home, low, high)
        if outside and not any(start <= act.start < end for start, end in priced):
            yield Frame("finance", act.start, act.end, act=act)
            return


def _decided_loans(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield a loan without an amount that a lender weighs or gives up: "the Bank cancelled its loan"."""
    if any(frame.money for frame in frames):
        return
    for noun in view.predicates:
        if noun.part != "noun" or noun.frame.name != "instrument" or noun.lemma in _NO_LOAN:
            continue
        low, high = view.annotated.clause_span(noun.start)
        act = view.verb_of(noun.start)
        is_decided = act is not None and act.frame.name in _DECIDING
        if is_decided and any(
            item.kind == "lender" and low <= item.start < high for item in view.annotated.mentions
        ):
            yield Frame("finance", noun.start, noun.end, act=act, head=noun)
            return


def _financed_by(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield the money of a lender for a work, without an amount: "a line financed by the Bank"."""
    text = view.text
    for match in _FINANCED.finditer(text):
        lender = next(
            (
                item for item in outside_mentions(view.annotated, view.gazetteer.home)
                if item.start == match.end() and item.kind in ("lender", "country", "demonym", "company")
            ),
            None,
        )  # fmt: skip
        before = [item for item in view.projects if item.end <= match.start()]
        low, high = view.annotated.clause_span(match.start())
        is_priced = any(frame.money and low <= frame.position < high for frame in frames)
        if lender is None or not before or is_priced or any(f.claim_type == "finance" for f in frames):
            continue
        status: Status | None = "disbursed" if match["done"] else None
        yield Frame(
            "finance", match.start(), match.end(), project=before[-1], partners=lender.parties, status=status
        )
        return


def loans(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield loans without an amount, such as that for a named work: "is weighing a loan for the railway".

    Args:
        view: The sentence.
        frames: Frames of its amounts and sizes, and of the acts found so far.
    """
    yield from _unpriced_lending(view, frames)
    yield from _financed_by(view, frames)
    yield from _decided_loans(view, frames)
    heads = {frame.head.start for frame in frames if frame.head is not None}
    priced = [view.annotated.clause_span(frame.position) for frame in frames if frame.money]
    for noun in view.predicates:
        if noun.frame.name != "instrument" or noun.part != "noun" or noun.start in heads:
            continue
        if any(low <= noun.start < high for low, high in priced):
            continue
        tail = next((item for item in view.projects if 0 <= item.start - noun.end < 90), None)
        if tail is None or not re.match(
            r"\s(?:[\w'’-]+\s){0,9}?(?:for|to)\s", view.text[noun.end : tail.start]
        ):
            continue
        act = view.verb_of(noun.start)
        if act is not None and act.frame.name not in _NO_LENDING:
            for frame in frames:
                if frame.project is not None and frame.project.start == tail.start:
                    frame.claim_type, frame.act, frame.head = "finance", act, noun
                    return
            yield Frame("finance", noun.start, noun.end, project=tail, act=act, head=noun)
            return
