"""Type of claim of an amount: by its noun, the work next to it, its verb or the amount before it."""

from __future__ import annotations

import re

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.grammar.amount_words import (
    ANOTHER,
    FOR_GOODS,
    GOODS,
    OF_THAT,
    PREPARING,
    SEVERAL,
    STAGE,
    TOTAL,
    VEHICLES,
)
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.view import SentenceView

WITHOUT_PROJECT: frozenset[ClaimType] = frozenset(("debt", "trade", "remittances", "aggregate_investment"))
"""Types of claim that belong to no work."""
_TAKING_SHARES = ("borrow", "buy", "sell", "hold_share", "secure")


def type_of(
    view: SentenceView,
    money: Quantity,
    head: Predicate | None,
    act: Predicate | None,
    before: Frame | None,
) -> ClaimType | None:
    """Return the type of claim of an amount, by its noun, the work next to it, its verb or the one before.

    Args:
        view: The sentence.
        money: The amount.
        head: Noun that names it, if any.
        act: Verb that governs it, if any.
        before: Frame of the amount before it, if any.
    """
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
    """Return whether an amount is the price of a share: "is to take 60% of a plant for $120m"."""
    shares = [
        item
        for item in view.annotated.quantities
        if item.kind == "share" and act.end <= item.start < money.start
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
