"""Determine the status of a claim (how far a project or deal has come) and its modality."""

from __future__ import annotations

import re

from sogdia.articles.claim import ClaimType, Modality, Status
from sogdia.articles.grammar import lexicon

_MODALITY: dict[Status, Modality] = {
    "": "says", "interest": "plans", "planned": "plans", "announced": "says", "unconfirmed": "says",
    "approved": "agrees", "signed": "signs", "construction": "builds", "operating": "operates",
    "disbursed": "finances", "delivered": "operates", "outstanding": "says", "reported": "says",
    "held": "says",
    "threatened": "threatens", "suspended": "cancels", "cancelled": "cancels",
}  # fmt: skip
_FIXED: dict[ClaimType, Status] = {
    "debt": "outstanding", "trade": "reported", "transit_stat": "reported", "remittances": "reported",
    "visit_summit": "held", "policy_threat": "threatened",
}  # fmt: skip


def modality_of(status: Status, claim_type: ClaimType) -> Modality:
    """Return the modality that goes with a status.

    Args:
        status: Status of the claim.
        claim_type: Type of the claim.
    """
    if claim_type == "finance" and status in ("approved", "disbursed"):
        return "finances"
    return _MODALITY[status]


def status_of(claim_type: ClaimType, clause: str, sentence: str) -> Status:
    """Return the status of a claim; empty if no word gives one.

    Args:
        claim_type: Type of the claim.
        clause: Clause of the claim.
        sentence: Sentence of the claim.
    """
    if claim_type in _FIXED:
        return (
            "planned"
            if claim_type == "visit_summit" and re.search(r"\bwill (?:visit|host|meet|hold)", clause)
            else _FIXED[claim_type]
        )
    if lexicon.UNCONFIRMED.search(sentence):
        return "unconfirmed"
    for text in (clause, sentence):
        if lexicon.CANCELLED.search(text) and claim_type in ("finance", "deal", "project", "agreement"):
            return "cancelled"
        if lexicon.SUSPENDED.search(text) and claim_type in ("finance", "deal", "project", "agreement"):
            return "suspended"
    return _by_claim_type(claim_type, clause) or _by_claim_type(claim_type, sentence)


def _by_claim_type(claim_type: ClaimType, text: str) -> Status:
    if claim_type in ("finance", "finance_terms"):
        steps: tuple[tuple[Status, re.Pattern[str]], ...] = (
            ("approved", lexicon.APPROVE), ("announced", lexicon.PLEDGE), ("signed", lexicon.SIGNED),
            ("disbursed", lexicon.DISBURSED), ("planned", lexicon.FUTURE), ("interest", lexicon.INTEREST),
            ("signed", lexicon.SIGN),
        )  # fmt: skip
    elif claim_type == "gas_supply":
        steps = (("planned", lexicon.FUTURE), ("signed", lexicon.SIGNED), ("delivered", lexicon.SUPPLY))
    elif claim_type in ("deal", "agreement"):
        steps = (
            ("signed", lexicon.SIGNED),
            ("announced", lexicon.PLEDGE),
            ("planned", lexicon.FUTURE),
            ("signed", lexicon.SIGN),
            ("interest", lexicon.INTEREST),
        )
    elif claim_type == "aggregate_investment":
        steps = (
            ("announced", lexicon.PLEDGE), ("planned", lexicon.FUTURE), ("signed", lexicon.SIGN),
            ("reported", lexicon.INVEST), ("reported", lexicon.DISBURSED),
        )  # fmt: skip
    else:
        steps = (
            ("construction", lexicon.UNDERWAY), ("interest", lexicon.INTEREST), ("planned", lexicon.FUTURE),
            ("operating", lexicon.COMPLETED), ("announced", lexicon.PLEDGE), ("signed", lexicon.SIGNED),
        )  # fmt: skip
    return next((status for status, pattern in steps if pattern.search(text)), "")


def is_about_signing(clause: str) -> bool:
    """Return whether a clause is about an agreement on a project rather than about the project.

    Args:
        clause: The clause.
    """
    return bool(
        lexicon.DEAL.search(clause)
        or (lexicon.SIGNED.search(clause) and not lexicon.COMPLETED.search(clause))
        or lexicon.AGREEMENT_DOCUMENT.search(clause)
    )
