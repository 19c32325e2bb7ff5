"""Frames of the amounts of money in a sentence: the noun that names an amount, or its governing verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.grammar.amount_words import (
    ANOTHER,
    COPULA,
    FOR_GOODS,
    GOODS,
    LINK,
    MORE_NOUNS,
    NOUN_GAP,
    OF_THAT,
    OF_WHICH,
    PART,
    PREPARING,
    SAME,
    SEVERAL,
    STAGE,
    TOTAL,
    UNDER,
    VEHICLES,
)
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.lexicon import BOUND_TAIL, SUPERSEDED
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.roles import is_own_money
from sogdia.articles.grammar.view import SentenceView

WITHOUT_PROJECT: frozenset[ClaimType] = frozenset(("debt", "trade", "remittances", "aggregate_investment"))
"""Types of claim that belong to no work."""


_TAKING_SHARES = ("borrow", "buy", "sell", "hold_share", "secure")
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
        claim_type = _type_of(view, money, head, act, frames[-1] if frames else None)
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


def _type_of(
    view: SentenceView,
    money: Quantity,
    head: Predicate | None,
    act: Predicate | None,
    before: Frame | None,
) -> ClaimType | None:
    """Return the type of claim of an amount, by its noun, the work next to it, its verb or the one before."""
    if (head is None or head.frame.name != "instrument") and (
        several := SEVERAL.search(view.text[: money.start])
    ):
        return (
            "finance" if several["what"].lower() in ("loans", "credits", "grants") else "aggregate_investment"
        )
    if head is not None:
        return _type_of_noun(view, money, head, act)
    work = next((item for item in view.projects if 0 <= item.start - money.end <= 2), None)
    if work is not None and not work.is_plural:
        return "deal" if VEHICLES.search(work.label) else _type_of_priced(view, money, act)
    if OF_THAT.match(view.text) and view.previous_type in ("finance", "aggregate_investment"):
        return "finance" if _named_work(view) else view.previous_type
    if before is not None and (_goes_on(view, money, act) or ANOTHER.search(view.text[: money.start])):
        return before.claim_type
    if act is not None and act.frame.name in _TAKING_SHARES and _is_price_of_share(view, act, money):
        return "deal"
    if act is not None and (act.frame.amount or act.frame.name == "progress"):
        return _type_of_verb(view, money, act)
    noun = _noun_ahead(view, money)
    if noun is not None:
        return noun.frame.amount
    if act is not None and act.frame.document and _has_contract(view):
        return "deal"
    return _type_without_word(view, money, before)


def _type_of_priced(view: SentenceView, money: Quantity, act: Predicate | None) -> ClaimType:
    """Return the type of "a $250 million project": the money of a lender that prepares it, else its cost."""
    is_lent = act is not None and act.frame.name in PREPARING and view.has_lender(money.start)
    return "finance" if is_lent else "project"


def _type_of_noun(
    view: SentenceView, money: Quantity, head: Predicate, act: Predicate | None
) -> ClaimType | None:
    is_lent = view.has_lender(money.start) and act is not None and act.frame.amount == "finance"
    if head.frame.name == "accord" and view.has_lender(money.start):
        return "finance"
    if head.frame.name == "investments" and head.lemma == "investment" and _single_work(view):
        return "project"
    if head.frame.name == "package":
        return "finance" if is_lent and head.lemma in ("package", "envelope", "commitment", "pledge") else (
            "aggregate_investment"
        )  # fmt: skip
    if head.frame.name == "price" and act is not None and act.frame.name in ("owe", "repay"):
        return "debt"
    if head.frame.name == "price" and _is_price_of_deal(view, act):
        return "deal"
    if head.frame.name == "interest" and view.has_lender(money.start):
        return "finance"
    return head.frame.amount


def _is_price_of_deal(view: SentenceView, act: Predicate | None) -> bool:
    """Return whether a price is that of goods ordered, or of the deal before a sentence without a work."""
    if act is not None and act.frame.name in ("buy", "sell"):
        return True
    return view.previous_type == "deal" and not view.projects


def _is_price_of_share(view: SentenceView, act: Predicate, money: Quantity) -> bool:
    """Return whether an amount is the price of a share of a work or firm: "is to take 60% of a plant for $120m"."""
    shares = [
        item for item in view.annotated.quantities if item.kind == "share" and act.end <= item.start < money.start
    ]
    return any(re.match(r"\s(?:of|in|stake|share)\b", view.text[item.end :]) for item in shares) and bool(
        re.search(r"\b(?:for|at)\s(?:about\s|some\s|a reported\s)?$", view.text[: money.start])
    )


def _goes_on(view: SentenceView, money: Quantity, act: Predicate | None) -> bool:
    """Return whether an amount has no verb of its own but goes on with the amount before it."""
    low, _ = view.annotated.clause_span(money.start)
    sums = [item for item in view.annotated.quantities if item.kind == "money" and item.end <= money.start]
    if act is None or act.frame.name == "join":
        return bool(sums)
    return bool(sums) and low <= sums[-1].start and act.end <= sums[-1].start


def _type_of_verb(view: SentenceView, money: Quantity, act: Predicate) -> ClaimType | None:
    """Return the type that a verb gives to an amount."""
    name = act.frame.name
    lender = view.has_lender(money.start)
    if name in ("lend", "give", "borrow", "approve", "pay") and lender and not _any_work(view):
        return "aggregate_investment" if TOTAL.search(view.text) else "finance"
    if name in ("sign", "agree") and lender and not _has_contract(view):
        return "finance"
    if name == "pledge":
        is_total = bool(TOTAL.search(view.text))
        is_part = view.previous_type in ("finance", "project", "deal") and not is_total
        is_stage = bool(STAGE.match(view.text, money.end))
        is_one = (lender and not is_total) or _any_work(view) or is_part or is_stage
        return "finance" if is_one else "aggregate_investment"
    if act.lemma == "pay" and FOR_GOODS.match(view.text, money.end):
        return "trade"
    if name == "invest":
        return "project" if _single_work(view) else "aggregate_investment"
    if name == "join":
        known = view.previous_type in ("finance", "debt") or not lender
        return (view.previous_type if known else None) or "finance"
    if name in ("buy", "sell", "supply", "trade"):
        low, high = view.annotated.clause_span(money.start)
        is_firm = any(item.kind == "company" for item in view.annotated.mentions)
        is_goods = bool(GOODS.search(view.text, low, high)) or name == "trade"
        if name == "trade":
            return "trade"
        return "trade" if is_goods and not is_firm and not _single_work(view) else "deal"
    if name in (
        "build",
        "start",
        "open",
        "operate",
        "plan",
        "consider",
        "cancel",
        "suspend",
        "spend",
        "cost",
        "interest",
    ):
        return _type_of_making(view, money)
    if name == "amount":
        return None
    return act.frame.amount


def _type_of_making(view: SentenceView, money: Quantity) -> ClaimType | None:
    if view.has_lender(money.start):
        return "finance"
    if _any_work(view):
        return "project"
    return view.previous_type if view.previous_type in WITHOUT_PROJECT else "project"


def _noun_ahead(view: SentenceView, money: Quantity) -> Predicate | None:
    """Return the last noun of money before an amount in its clause, such as that of a bracket."""
    low, _ = view.annotated.clause_span(money.start)
    nouns = [
        item for item in view.predicates
        if item.part == "noun" and item.frame.amount and low <= item.start < money.start
        and item.frame.name not in ("works", "package", "investments", "documents")
    ]  # fmt: skip
    return nouns[-1] if nouns else None


def _type_without_word(view: SentenceView, money: Quantity, before: Frame | None) -> ClaimType | None:
    if before is not None:
        return before.claim_type
    if view.has_lender(money.start) or (
        view.text[money.start - 1 : money.start] == "("
        and any(item.kind == "lender" and 0 <= money.start - item.end < 4 for item in view.annotated.mentions)
    ):
        return "finance" if view.previous_type not in ("debt",) else "debt"
    if _single_work(view):
        return "project"
    return view.previous_type if view.previous_type in ("finance", *WITHOUT_PROJECT) else None


def _has_contract(view: SentenceView) -> bool:
    return any(item.frame.name == "contract" for item in view.predicates)


def _single_work(view: SentenceView) -> bool:
    return any(not item.is_plural and item.sector != "corridor" for item in view.projects)


def _named_work(view: SentenceView) -> bool:
    return any(not item.is_plural and re.search(r"[A-Z]", item.label) for item in view.projects)


def _any_work(view: SentenceView) -> bool:
    return any(not item.is_anaphoric and item.sector != "corridor" for item in view.projects)


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
