"""Frames of the amounts of money in a sentence: the noun that names an amount, or its governing verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.grammar.amount_types import WITHOUT_PROJECT, type_of
from sogdia.articles.grammar.amount_words import (
    COPULA,
    LINK,
    MORE_NOUNS,
    NOUN_GAP,
    OF_WHICH,
    PART,
    SAME,
    UNDER,
)
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.lexicon import BOUND_TAIL, SUPERSEDED
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.roles import is_own_money
from sogdia.articles.grammar.view import SentenceView

_SMALLEST = 1000
"""Units of a currency below which an amount is a phrase ("not a dollar"), not a claim."""


def amount_frames(view: SentenceView) -> list[Frame]:
    """Return the frames of the amounts of a sentence.

    Args:
        view: The sentence.
    """
    frames: list[Frame] = []
    earlier: Quantity | None = None
    sums = [
        item for item in view.annotated.quantities
        if item.kind == "money" and (item.value >= _SMALLEST or item.rate_of)
    ]  # fmt: skip
    former: Quantity | None = None
    for number, money in enumerate(sums):
        if number + 1 < len(sums) and _is_former(view, money, sums[number + 1]):
            former = money
            continue
        if is_secondary(view.annotated, money, earlier):
            if frames:
                _add_amount(frames[-1], money)
            continue
        head = noun_of(view, money)
        act = _act_of(view, money, head)
        claim_type = type_of(view, money, head, act, frames[-1] if frames else None)
        is_own = is_own_money(view, money)
        if is_own and claim_type in (None, "project", "deal", "aggregate_investment"):
            claim_type = "finance"
        earlier = money
        if claim_type is None:
            continue
        frames.append(_frame(view, money, claim_type, act, head, is_own=is_own))
        if former is not None:
            frames[-1].others.append(former)
            former = None
    return [*frames, *_repeated(view, frames)]


def _is_former(view: SentenceView, money: Quantity, following: Quantity) -> bool:
    """Return whether an amount is the former value of the next one: "cut from $7 billion to $1 billion"."""
    is_from = re.search(r"\bfrom\s$", view.text[: money.start])
    return bool(is_from and re.fullmatch(r"\sto\s(?:about |some )?", view.text[money.end : following.start]))


def _act_of(view: SentenceView, money: Quantity, head: Predicate | None) -> Predicate | None:
    """Return the verb of an amount; the price of the work that follows it has none but one of making."""
    act = view.verb_of(money.start)
    is_price = head is None and any(0 <= item.start - money.end <= 2 for item in view.projects)
    return None if is_price and act is not None and act.frame.work != "project" else act


def _frame(
    view: SentenceView,
    money: Quantity,
    claim_type: ClaimType,
    act: Predicate | None,
    head: Predicate | None,
    *,
    is_own: bool,
) -> Frame:
    clause = view.annotated.clause_text(money.start)
    project = None if claim_type in WITHOUT_PROJECT else project_of(view, money.start, money.end)
    if head is not None and _is_price_before(view, head, money):
        project = None
    return Frame(
        claim_type, money.start, money.end, money, project, aggregate=claim_type == "aggregate_investment",
        superseded=bool(SUPERSEDED.search(clause)), is_own_money=is_own, act=act, head=head,
        status="signed" if head and head.frame.document and UNDER.search(view.text[: head.start]) else None,
    )  # fmt: skip


def _is_price_before(view: SentenceView, head: Predicate, money: Quantity) -> bool:
    """Return whether "the cost" opens a sentence, and its clause names no work: that of an earlier one."""
    low, high = view.annotated.clause_span(money.start)
    opens = re.match(r"(?:The|Its|Their)\s(?:\w+\s)?$", view.text[: head.start])
    works = any(low <= item.start < high for item in view.projects)
    return head.frame.name == "price" and bool(opens) and not works


def noun_of(view: SentenceView, money: Quantity) -> Predicate | None:
    """Return the noun of an amount: "a $50m loan", "a loan of $50m", "the cost was $50m"; ``None`` for none.

    Args:
        view: The sentence.
        money: The amount.
    """
    text = view.text
    _, high = view.annotated.clause_span(money.start)
    nouns = [item for item in view.predicates if item.part == "noun" and item.frame.amount]
    for item in nouns:
        if money.end < item.start < high and NOUN_GAP.fullmatch(text, money.end, item.start):
            return item
        is_said = item.frame.name == "instrument" and COPULA.fullmatch(text, money.end, item.start)
        if is_said and not MORE_NOUNS.match(text, item.end):
            return item
    before = [item for item in nouns if item.end <= money.start]
    if not before:
        return None
    noun = _head_of_compound(before)
    between = BOUND_TAIL.sub("", text[noun.end : money.start])
    crossed = any(
        item.kind == "money" and noun.end <= item.start < money.start for item in view.annotated.quantities
    )
    if crossed:
        return None
    if noun.frame.name != "works" and LINK.fullmatch(between):
        return noun
    act = view.verb_of(money.start)
    is_equated = act is not None and act.frame.name == "amount" and noun.end <= act.start < money.start
    return noun if is_equated and noun.frame.name != "works" else None


def _head_of_compound(nouns: Sequence[Predicate]) -> Predicate:
    """Return the last noun, or the noun of lending that qualifies it: "loan agreements"."""
    if len(nouns) > 1 and nouns[-2].frame.name == "instrument" and nouns[-1].start - nouns[-2].end == 1:
        return replace(nouns[-2], end=nouns[-1].end)
    return nouns[-1]


def is_secondary(annotated: AnnotatedSentence, money: Quantity, earlier: Quantity | None) -> bool:
    """Return whether an amount only qualifies another: its total, its first part or its former value.

    Args:
        annotated: The annotated sentence.
        money: The amount.
        earlier: The amount before it, if any.
    """
    if money.rate_of and money.rate_of != "year":
        return True
    if earlier is None:
        return False
    between = annotated.text[earlier.end : money.start]
    if re.fullmatch(
        r",?\s*(?:\(|or|—|-)\s*(?:about |some |around |roughly |nearly |more than |over )?", between
    ):
        return True
    if money.unit != earlier.unit and re.fullmatch(
        r",?\s?(?:\(|or )?(?:more than|over|about|some)?\s?", between
    ):
        return True
    if OF_WHICH.search(between):
        return False
    return bool(PART.search(between)) and len(between) < 60


def _add_amount(frame: Frame, money: Quantity) -> None:
    """Add a secondary amount: the same amount in dollars replaces the first, any other is kept with it."""
    first = frame.money
    if first is not None and first.unit != "USD" and money.unit == "USD" and not money.rate_of:
        frame.others.append(first)
        frame.money = money
    else:
        frame.others.append(money)


def _repeated(view: SentenceView, frames: list[Frame]) -> list[Frame]:
    match = SAME.search(view.text)
    first = next((frame.money for frame in frames if frame.money), None)
    if match is None or first is None:
        return []
    money = replace(first, text=match.group(), start=match.start(), end=match.end())
    act = view.verb_of(match.start())
    project = project_of(view, match.start(), match.end())
    return [Frame("finance", match.start(), match.end(), money, project, act=act)]


def project_of(view: SentenceView, start: int, end: int) -> ProjectMention | None:
    """Return the project of an amount: the next after it in its clause, else the last before it.

    Args:
        view: The sentence.
        start: Start of the amount.
        end: End of the amount.
    """
    low, high = view.annotated.clause_span(start)
    usable = [project for project in view.projects if not project.is_anaphoric]
    inside = [project for project in usable if low <= project.start < high]
    after = [project for project in inside if project.start >= end]
    before = [project for project in inside if project.end <= start]
    if after and (not before or after[0].start - end < 60):
        return after[0]
    if before:
        return before[-1]
    pointed = [item for item in view.projects if item.is_anaphoric and low <= item.start < high]
    if pointed:
        return pointed[0]
    earlier = [project for project in usable if project.end <= start]
    return earlier[-1] if earlier else (usable[0] if usable else None)
