"""What a sum of money in a sentence is: a loan, a price, a debt, a package, a sale."""

from __future__ import annotations

import re

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.grammar import words as w
from sogdia.articles.grammar.marks import Marks

_BETWEEN = r"(?:[\w'’&.-]+\s){0,3}?"
_NOT_OVER = r"(?!(?:for|to|in|of|on|from|with|by|at|as|and|was|is|were|over|into|that|which|more|against)\b)"
_AFTER: tuple[tuple[ClaimType, str], ...] = (
    ("finance", rf"(?:{w.FINANCE_NOUN})(?: agreements?)?"),
    ("aggregate_investment", w.AGGREGATE_NOUN),
    ("deal", w.DEAL_NOUN),
    ("project", r"price|price tag|investment|cost|bill|budget"),
)
_NOUN_AFTER = tuple(
    (sort, re.compile(rf"^[\s-](?:{_NOT_OVER}[\w'’.-]+[\s-]){{0,3}}?(?:{nouns})\b", re.IGNORECASE))
    for sort, nouns in (
        ("debt", r"(?:external |public |foreign |state )?debts?|liabilities|arrears"),
        *_AFTER,
    )
)
_LINK = (
    r"(?:of|worth|total?ling|amounting to|valued at|in the amount of|to the tune of|for|at|"
    r"reached|stood at|hit|was|were|"
    r"came to|amounted to|total?led|exceeded|на|в размере|на сумму|составил\w*)"
)
_NOUN_BEFORE: tuple[tuple[ClaimType, re.Pattern[str]], ...] = tuple(
    (
        sort,
        re.compile(
            rf"\b(?:{nouns})\s(?:[\w'’-]+\s){{0,6}}?{_LINK}\s(?:the\s|a\s|an\s|up to\s)?$", re.IGNORECASE
        ),
    )  # type: ignore[misc]
    for sort, nouns in (
        ("remittances", r"remittances?|money transfers"),
        ("debt", r"debts?|liabilities|arrears"),
        ("trade", w.TRADE_NOUN),
        ("finance", rf"(?:{w.FINANCE_NOUN})(?: (?:agreements?|deals?|contracts?|packages?))?"),
        (
            "project",
            r"cost|price|price tag|capex|bill|estimate|an investment|total investment of the project",
        ),
        ("aggregate_investment", w.AGGREGATE_NOUN),
        ("deal", w.DEAL_NOUN),
    )
)
_PART = re.compile(
    r"(?:^\s?(?:out )?of (?:the total |a total of |its |their )?|\bfirst (?:phase|tranche|"
    r"stage)(?: of)? |\bagainst |\bcompared (?:with|to) |"
    r"\bup from |\bdown from |\bfrom |\bor |\brather than |\binstead of )(?:about |some |the |"
    r"nearly |over )?$",
    re.IGNORECASE,
)
_LENT = re.compile(r"\b(?:lent|invested|committed|provided|financed)\b", re.IGNORECASE)
_TOTAL_IN = re.compile(
    r"^\s(?:in|across)\s(?:the\s)?(?:whole\s)?[A-Z]\w+(?:\s(?:last|this)\s(?:year|decade)|,|\.)"
)
_OF_WHICH = re.compile(r"\b(?:of which|including|among them|among which)\b[^;]*$", re.IGNORECASE)


def is_secondary(marks: Marks, money: Quantity, earlier: Quantity | None) -> bool:
    """Whether a sum only explains another of the sentence: its total, its first part, what it was before.

    Args:
        marks: The sentence.
        money: The sum.
        earlier: The sum before it, if any.
    """
    if money.rate_of and money.rate_of != "year":
        return True
    if earlier is None:
        return False
    between = marks.text[earlier.end : money.start]
    if re.fullmatch(
        r",?\s*(?:\(|or|—|-)\s*(?:about |some |around |roughly |nearly |more than |over )?|,\s*", between
    ):
        return True
    if money.unit != earlier.unit and re.fullmatch(
        r",?\s?(?:\(|or )?(?:more than|over|about|some)?\s?", between
    ):
        return True
    if _OF_WHICH.search(between):
        return False
    return bool(_PART.search(between)) and len(between) < 60


def sort_of_money(marks: Marks, money: Quantity, before: ClaimType | None) -> ClaimType | None:
    """The type of claim that a sum makes; ``None`` where nothing tells.

    Args:
        marks: The sentence.
        money: The sum.
        before: Type of the sum before it in the sentence.
    """
    start, end = marks.stretch(money.start)
    after = marks.text[money.end : end]
    lead = w.BOUND_TAIL.sub("", marks.text[start : money.start])
    stretch = marks.text[start:end]
    for sort, pattern in _NOUN_AFTER:
        if pattern.match(after):
            return _weighed(marks, money, sort)
    work = next((item for item in marks.works if 0 <= item.start - money.end <= 2), None)
    if work is not None:
        return "deal" if re.search(r"venture|locomotives|aircraft|jets|trains", work.label) else "project"
    for sort, pattern in _NOUN_BEFORE:
        if pattern.search(lead):
            return _weighed(marks, money, sort)
    return _by_verb(marks, money, stretch, before)


def _by_verb(marks: Marks, money: Quantity, stretch: str, before: ClaimType | None) -> ClaimType | None:
    text = marks.text
    low, high = marks.stretch(money.start)
    lender_before = any(item.kind == "lender" and 0 <= money.start - item.end < 4 for item in marks.mentions)
    lender_text = bool(_LENT.search(stretch)) and not re.search(
        r"\b(?:loan|grant|guarantee|credit)\b", stretch
    )
    work = any(not item.bare and not item.plural and item.sector != "corridor" for item in marks.works)
    stretch = _without_names(marks, low, stretch)
    lender = any(item.kind == "lender" and low <= item.start < high for item in marks.mentions)
    bare = re.match(r"(?:of which|and|plus|including|among them)?\W*\d", stretch.strip()) is not None
    if w.REMITTANCES.search(text):
        return "remittances"
    if w.DEBT_STRONG.search(stretch):
        return "debt"
    if lender_text and not work and _TOTAL_IN.match(marks.text[money.end :]):
        return "aggregate_investment"
    if w.LEND.search(stretch) or (
        marks.text[money.start - 1 : money.start] == "(" and w.LEND.search(text) and lender_before
    ):
        return "finance"
    if (
        before is not None
        and (bare or _OF_WHICH.search(stretch) or len(stretch) < 60)
        and not w.COST.search(stretch)
    ):
        return before
    if lender and not work and re.search(r"\bsince (?:19|20)\d\d\b", text):
        return "aggregate_investment"
    lead = _without_names(marks, low, marks.text[low : money.start])
    firm = any(item.kind == "company" and item.end <= money.start for item in marks.mentions)
    if lender and not w.COST.search(stretch) and not w.INVEST.search(stretch):
        return "finance"
    if w.TRADE.search(lead) and not w.INVEST.search(lead) and not (firm and w.DEAL.search(stretch)):
        return "trade"
    if w.COST.search(stretch):
        if firm and not work and w.DEAL.search(stretch):
            return "deal"
        return "aggregate_investment" if w.AGGREGATE.search(stretch) and not work else "project"
    if lender and not w.INVEST.search(stretch):
        return "finance"
    if w.PROMISE.search(stretch) and not work:
        return "aggregate_investment"
    if w.INVEST.search(stretch) or w.AGGREGATE.search(stretch):
        if firm and not work and not w.AGGREGATE.search(stretch) and w.AHEAD.search(stretch):
            return "deal"
        return "project" if work and not w.AGGREGATE.search(stretch) else "aggregate_investment"
    if w.DEAL.search(stretch) or w.SIGN.search(stretch):
        return "deal" if work or w.DEAL.search(stretch) else "aggregate_investment"
    if w.DEBT.search(text):
        return "debt"
    return "project" if work else None


def _without_names(marks: Marks, start: int, stretch: str) -> str:
    """A stretch with the names of firms and lenders blanked: their words are none of the grammar."""
    for item in marks.mentions:
        if item.kind in ("company", "lender", "home_company") and 0 <= item.start - start < len(stretch):
            low = item.start - start
            stretch = stretch[:low] + "_" * len(item.text) + stretch[low + len(item.text) :]
    return stretch


def _weighed(marks: Marks, money: Quantity, sort: ClaimType) -> ClaimType:
    """The type of a noun, unless what it is about makes it another."""
    stretch = marks.words(money.start)
    if sort == "finance" and re.match(r"[\s-](?:\w+\s){0,2}debt\b", marks.text[money.end :]):
        return "debt" if not w.LEND.search(stretch) else "finance"
    if (
        sort == "aggregate_investment"
        and w.LEND.search(stretch)
        and any(m.kind == "lender" for m in marks.mentions)
    ):
        noun = re.search(r"projects|investments?|portfolio|agreements|deals", stretch, re.IGNORECASE)
        return sort if noun else "finance"
    if (
        sort == "aggregate_investment"
        and re.search(r"\binvestments?\b", stretch)
        and any(not item.plural and not item.bare for item in marks.works)
    ):
        return "project"
    if sort == "project" and not any(not item.plural for item in marks.works) and w.AGGREGATE.search(stretch):
        return "aggregate_investment"
    return sort
