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

_ADVERBS = r"(?:\s(?:also|soon|then|now|jointly|formally|shortly|finally|eventually|later|not|[a-z]+ly))*"
_MODAL = r"will|would|shall|should|(?-i:may)|might|can|could|must|won't|wouldn't|couldn't"
_PROSPECT = re.compile(
    rf"\b(?:(?:{_MODAL}){_ADVERBS}(?:\s(?:be|have|have\sbeen|get))?"
    rf"|to{_ADVERBS}\s(?:be|have|have\sbeen|get)"
    r"|(?:yet|about|due|set|ready|likely|unlikely|expected|hope[sd]?|want(?:s|ed)?)\sto"
    r"(?:\s(?:be|have\sbeen))?|(?:before|without|pending|awaits?|awaiting|ahead\sof|until|towards?)(?:\s(?:the|its|a|being))?)"
    rf"{_ADVERBS}\s$",
    re.IGNORECASE,
)
"""Words before a verb that make it an act not yet completed: "will be", "is to be", "before", "yet to"."""
_DENIED = re.compile(
    r"\b(?:not|never|no\slonger|neither|nor|hardly|(?:has|have|had|is|are|was|were|did|does|do)n't)"
    rf"(?:\s(?:yet|been|be|ever|actually))*{_ADVERBS}\s$",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(
    rf"\b(?:to|can|could|will|would|(?-i:may)|might|should|must){_ADVERBS}\s$", re.IGNORECASE
)
_PARTICIPLE = re.compile(r"(?:ed|lent|paid|spent|won|struck|built|given|concluded)$", re.IGNORECASE)
_NOUN_AHEAD = re.compile(
    rf"^[^,;]{{0,60}}?\b(?:{_MODAL}|(?:is|are|was|were)\s(?:to|due|set|expected|planned|scheduled|slated)"
    r"|plan(?:s|ned)?\sto|has\syet\sto|have\syet\sto)\b",
    re.IGNORECASE,
)
_NOUNS = re.compile(
    r"(?:construction|building\swork|work|start\sof|approval|signing|offer|package|memorand|treat)",
    re.IGNORECASE,
)


def is_completed(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether a text reports an act of a pattern as completed: not as future, possible or denied.

    A verb is classified by the words before it ("will be provided", "talks to sign", "has not approved"), a
    noun by the verb after it ("construction of the road will begin").

    Args:
        pattern: Words of the act.
        text: Clause or sentence.

    >>> [is_completed(lexicon.SIGNED, text) for text in ("they signed a loan", "talks to sign a loan")]
    [True, False]
    """
    return any(_is_past(match, text) for match in pattern.finditer(text))


def _is_past(match: re.Match[str], text: str) -> bool:
    before, word = text[max(0, match.start() - 60) : match.start()], match.group()
    if re.search(r"\b(?:not|never|no|neither|nobody)\b", word, re.IGNORECASE):
        return True
    if _PROSPECT.search(before) or _DENIED.search(before):
        return False
    if _INFINITIVE.search(before) and not _PARTICIPLE.search(word):
        return False
    return not (_NOUNS.match(word) and _NOUN_AHEAD.match(text[match.end() :]))


_ACTS = (
    "approved",
    "announced",
    "signed",
    "disbursed",
    "delivered",
    "construction",
    "operating",
    "reported",
)
"""Statuses of completed acts, which a future, possible or denied verb does not give."""
_DENIAL = re.compile(r"\b(?:not|never|nor|neither|without)\b|n't\b", re.IGNORECASE)


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
        if is_completed(lexicon.CANCELLED, text) and claim_type in (
            "finance",
            "deal",
            "project",
            "agreement",
        ):
            return "cancelled"
        if is_completed(lexicon.SUSPENDED, text) and claim_type in (
            "finance",
            "deal",
            "project",
            "agreement",
        ):
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
    found: Status = next((status for status, pattern in steps if _gives(status, pattern, text)), "")
    if found:
        return found
    ahead = any(pattern.search(text) for status, pattern in steps if status in _ACTS)
    return "planned" if ahead and not _DENIAL.search(text) else ""


def _gives(status: Status, pattern: re.Pattern[str], text: str) -> bool:
    if pattern is lexicon.SIGN and lexicon.SIGNED.search(text) and not is_completed(lexicon.SIGNED, text):
        return False  # The noun of a document that is still to be signed.
    return is_completed(pattern, text) if status in _ACTS else pattern.search(text) is not None


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
