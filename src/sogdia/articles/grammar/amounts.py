"""Classify an amount of money in a sentence: a loan, a cost, a debt, a package or a sale."""

from __future__ import annotations

import re

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import AnnotatedSentence

_NOT_OVER = r"(?!(?:for|to|in|of|on|from|with|by|at|as|and|was|is|were|over|into|that|which|more|against)\b)"
_AFTER: tuple[tuple[ClaimType, str], ...] = (
    ("finance", rf"(?:{lexicon.FINANCE_NOUN})(?: agreements?)?"),
    ("aggregate_investment", lexicon.AGGREGATE_NOUN),
    ("deal", lexicon.DEAL_NOUN),
    ("project", r"price|price tag|investment|cost|bill|budget"),
)
_NOUN_AFTER = tuple(
    (claim_type, re.compile(rf"^[\s-](?:{_NOT_OVER}[\w'’.-]+[\s-]){{0,3}}?(?:{nouns})\b", re.IGNORECASE))
    for claim_type, nouns in (
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
        claim_type,
        re.compile(
            rf"\b(?:{nouns})\s(?:[\w'’-]+\s){{0,6}}?{_LINK}\s(?:the\s|a\s|an\s|up to\s)?$", re.IGNORECASE
        ),
    )  # type: ignore[misc]
    for claim_type, nouns in (
        ("remittances", r"remittances?|money transfers"),
        ("debt", r"debts?|liabilities|arrears"),
        ("trade", lexicon.TRADE_NOUN),
        ("finance", rf"(?:{lexicon.FINANCE_NOUN})(?: (?:agreements?|deals?|contracts?|packages?))?"),
        (
            "project",
            r"cost|price|price tag|capex|bill|estimate|an investment|total investment of the project",
        ),
        ("aggregate_investment", lexicon.AGGREGATE_NOUN),
        ("deal", lexicon.DEAL_NOUN),
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


def claim_type_of_amount(
    annotated: AnnotatedSentence, money: Quantity, before: ClaimType | None
) -> ClaimType | None:
    """Return the claim type of an amount, from the noun next to it or else from the verb of its clause.

    Args:
        annotated: The annotated sentence.
        money: The amount.
        before: Claim type of the amount before it in the sentence.

    Returns:
        The type, or ``None`` if no word determines it.
    """
    start, end = annotated.clause_span(money.start)
    after = annotated.text[money.end : end]
    lead = lexicon.BOUND_TAIL.sub("", annotated.text[start : money.start])
    clause = annotated.text[start:end]
    for claim_type, pattern in _NOUN_AFTER:
        if pattern.match(after):
            return _adjusted_type(annotated, money, claim_type)
    project = next((item for item in annotated.projects if 0 <= item.start - money.end <= 2), None)
    if project is not None:
        return (
            "deal"
            if re.search(r"\b(?:venture|locomotives|aircraft|jets|trains)\b", project.label)
            else "project"
        )
    for claim_type, pattern in _NOUN_BEFORE:
        if pattern.search(lead):
            return _adjusted_type(annotated, money, claim_type)
    return _by_verb(annotated, money, clause, before)


def _by_verb(
    annotated: AnnotatedSentence, money: Quantity, clause: str, before: ClaimType | None
) -> ClaimType | None:
    text = annotated.text
    low, high = annotated.clause_span(money.start)
    lender_before = any(
        item.kind == "lender" and 0 <= money.start - item.end < 4 for item in annotated.mentions
    )
    lender_text = bool(_LENT.search(clause)) and not re.search(r"\b(?:loan|grant|guarantee|credit)\b", clause)
    project = any(
        not item.is_anaphoric and not item.is_plural and item.sector != "corridor"
        for item in annotated.projects
    )
    clause = _without_names(annotated, low, clause)
    lender = any(item.kind == "lender" and low <= item.start < high for item in annotated.mentions)
    starts_with_figure = (
        re.match(r"(?:of which|and|plus|including|among them)?\W*\d", clause.strip()) is not None
    )
    if lexicon.REMITTANCES.search(text):
        return "remittances"
    if lexicon.DEBT_STRONG.search(clause):
        return "debt"
    if lender_text and not project and _TOTAL_IN.match(annotated.text[money.end :]):
        return "aggregate_investment"
    if lexicon.LEND.search(clause) or (
        annotated.text[money.start - 1 : money.start] == "(" and lexicon.LEND.search(text) and lender_before
    ):
        return "finance"
    if (
        before is not None
        and (starts_with_figure or _OF_WHICH.search(clause) or len(clause) < 60)
        and not lexicon.COST.search(clause)
    ):
        return before
    if lender and not project and re.search(r"\bsince (?:19|20)\d\d\b", text):
        return "aggregate_investment"
    return _by_clause(annotated, money, clause, has_lender=lender, has_project=project)


def _by_clause(
    annotated: AnnotatedSentence, money: Quantity, clause: str, *, has_lender: bool, has_project: bool
) -> ClaimType | None:
    """Return the type that the verbs and nouns of the clause give to an amount."""
    text, lender, project = annotated.text, has_lender, has_project
    low, _ = annotated.clause_span(money.start)
    lead = _without_names(annotated, low, text[low : money.start])
    firm = any(item.kind == "company" and item.end <= money.start for item in annotated.mentions)
    if lender and not lexicon.COST.search(clause) and not lexicon.INVEST.search(clause):
        return "finance"
    if (
        lexicon.TRADE.search(lead)
        and not lexicon.INVEST.search(lead)
        and not (firm and lexicon.DEAL.search(clause))
    ):
        return "trade"
    if lexicon.COST.search(clause):
        if firm and not project and lexicon.DEAL.search(clause):
            return "deal"
        return "aggregate_investment" if lexicon.AGGREGATE.search(clause) and not project else "project"
    if lender and not lexicon.INVEST.search(clause):
        return "finance"
    if lexicon.PLEDGE.search(clause) and not project:
        return "aggregate_investment"
    if lexicon.INVEST.search(clause) or lexicon.AGGREGATE.search(clause):
        if firm and not project and not lexicon.AGGREGATE.search(clause) and lexicon.FUTURE.search(clause):
            return "deal"
        return "project" if project and not lexicon.AGGREGATE.search(clause) else "aggregate_investment"
    if lexicon.DEAL.search(clause) or lexicon.SIGN.search(clause):
        return "deal" if project or lexicon.DEAL.search(clause) else "aggregate_investment"
    if lexicon.DEBT.search(text):
        return "debt"
    return "project" if project else None


def _without_names(annotated: AnnotatedSentence, start: int, clause: str) -> str:
    """Return a clause with the names of companies and lenders blanked, so that the lexicon skips them."""
    for item in annotated.mentions:
        if item.kind in ("company", "lender", "home_company") and 0 <= item.start - start < len(clause):
            low = item.start - start
            clause = clause[:low] + "_" * len(item.text) + clause[low + len(item.text) :]
    return clause


def _adjusted_type(annotated: AnnotatedSentence, money: Quantity, claim_type: ClaimType) -> ClaimType:
    """Return the type that a noun gives, corrected by the other words of the clause."""
    clause = annotated.clause_text(money.start)
    if claim_type == "finance" and re.match(r"[\s-](?:\w+\s){0,2}debt\b", annotated.text[money.end :]):
        return "debt" if not lexicon.LEND.search(clause) else "finance"
    if (
        claim_type == "aggregate_investment"
        and lexicon.LEND.search(clause)
        and any(m.kind == "lender" for m in annotated.mentions)
    ):
        noun = re.search(r"\b(?:projects|investments?|portfolio|agreements|deals)\b", clause, re.IGNORECASE)
        return claim_type if noun else "finance"
    if (
        claim_type == "aggregate_investment"
        and re.search(r"\binvestments?\b", clause)
        and any(not item.is_plural and not item.is_anaphoric for item in annotated.projects)
    ):
        return "project"
    if (
        claim_type == "project"
        and not any(not item.is_plural for item in annotated.projects)
        and lexicon.AGGREGATE.search(clause)
    ):
        return "aggregate_investment"
    return claim_type
