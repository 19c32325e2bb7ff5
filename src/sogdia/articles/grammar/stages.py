"""How far a thing has come and what a sentence does with it, by the words nearest to it."""

from __future__ import annotations

import re

from sogdia.articles.claim import ClaimType, Modality, Status
from sogdia.articles.grammar import words as w

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


def modality_of(status: Status, sort: ClaimType) -> Modality:
    """What a claim of some status does.

    Args:
        status: How far the thing has come.
        sort: Type of the claim.
    """
    if sort == "finance" and status in ("approved", "disbursed"):
        return "finances"
    return _MODALITY[status]


def status_of(sort: ClaimType, near: str, whole: str) -> Status:
    """How far the thing of a claim has come; empty where nothing tells.

    Args:
        sort: Type of the claim.
        near: The stretch of the sentence that it stands in.
        whole: The sentence.
    """
    if sort in _FIXED:
        return (
            "planned"
            if sort == "visit_summit" and re.search(r"\bwill (?:visit|host|meet|hold)", near)
            else _FIXED[sort]
        )
    if w.UNSURE.search(whole):
        return "unconfirmed"
    for text in (near, whole):
        if w.OFF.search(text) and sort in ("finance", "deal", "project", "agreement"):
            return "cancelled"
        if w.STOPPED.search(text) and sort in ("finance", "deal", "project", "agreement"):
            return "suspended"
    return _by_sort(sort, near) or _by_sort(sort, whole)


def _by_sort(sort: ClaimType, text: str) -> Status:
    if sort in ("finance", "finance_terms"):
        steps: tuple[tuple[Status, re.Pattern[str]], ...] = (
            ("approved", w.APPROVE), ("announced", w.PROMISE), ("signed", w.SIGNED), ("disbursed", w.PAID),
            ("planned", w.AHEAD), ("interest", w.INTEREST), ("signed", w.SIGN),
        )  # fmt: skip
    elif sort == "gas_supply":
        steps = (("planned", w.AHEAD), ("signed", w.SIGNED), ("delivered", w.SUPPLY))
    elif sort in ("deal", "agreement"):
        steps = (
            ("signed", w.SIGNED),
            ("announced", w.PROMISE),
            ("planned", w.AHEAD),
            ("signed", w.SIGN),
            ("interest", w.INTEREST),
        )
    elif sort == "aggregate_investment":
        steps = (
            ("announced", w.PROMISE), ("planned", w.AHEAD), ("signed", w.SIGN), ("reported", w.INVEST),
            ("reported", w.PAID),
        )  # fmt: skip
    else:
        steps = (
            ("construction", w.UNDERWAY), ("interest", w.INTEREST), ("planned", w.AHEAD),
            ("operating", w.DONE), ("announced", w.PROMISE), ("signed", w.SIGNED),
        )  # fmt: skip
    return next((status for status, pattern in steps if pattern.search(text)), "")


def is_about_signing(near: str) -> bool:
    """Whether a stretch tells of a paper on a work rather than of the work.

    Args:
        near: The stretch.
    """
    return bool(
        w.DEAL.search(near) or (w.SIGNED.search(near) and not w.DONE.search(near)) or w.PAPER.search(near)
    )
