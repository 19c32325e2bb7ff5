"""A claim and the row it is: what agrees, what one of them adds, what differs, and so how the two stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sogdia.articles.claim import Claim
from sogdia.ledger.evidence import AGREE, NEAR, Look, date_level, is_part, money_level, size_level
from sogdia.ledger.records import DEALS, EVENTS, PROJECTS, Record

Verdict = Literal["agrees", "near", "differs", "fills", "later", "earlier", "part"]
_WORDS: Mapping[str, Verdict] = MappingProxyType({AGREE: "agrees", NEAR: "near", "differ": "differs"})

PROJECT_STAGE: Mapping[str, int] = MappingProxyType({"planned": 1, "construction": 2, "operating": 3})
DEAL_STAGE: Mapping[str, int] = MappingProxyType(
    {
        "interest": 1,
        "planned": 1,
        "announced": 1,
        "unconfirmed": 1,
        "approved": 1,
        "signed": 2,
        "disbursed": 3,
        "delivered": 3,
    }
)
"""How far money is that an article tells of, as the stages of the ledger: announced, signed, disbursed."""
ENDED = ("suspended", "cancelled")
YEARS_APART = 1
"""Signing and announcement, or two reports of one opening, may fall into neighbouring years."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of a claim beside that of a row.

    Attributes:
        field: Name of the field.
        claimed: What the article says; empty where nothing.
        recorded: What the ledger says; empty where nothing.
        verdict: ``agrees``, ``near``, ``differs``; ``fills`` what the ledger leaves empty; ``later`` or
            ``earlier`` in the life of the thing than the ledger's; ``part`` of the ledger's, where the claim
            speaks of fewer countries and a smaller figure.
        bits: How much it says that the two are one thing (negative: that they are not); 0 where it says
            nothing. decides: Whether it bears on the relation: an update or a contradiction lies in it.
    """

    field: str
    claimed: str
    recorded: str
    verdict: Verdict
    bits: float = 0.0
    decides: bool = False


def standing(
    claim: Claim,
    record: Record,
    levels: Mapping[str, tuple[str, float]],
    look: Look,
    told: dt.date | None,
) -> tuple[Literal["same", "update", "contradiction"], str, tuple[Finding, ...]]:
    """How a claim stands to the row it is.

    A figure outside the tolerances of :mod:`sogdia.ledger.evidence`, a project that runs by one and not by
    the other, or dead money that lives again is a contradiction; what comes later in the life of the thing,
    or fills an empty cell, is an update; all else is the same.

    Returns:
        The relation, in words why, and every field, those with the most bits first.
    """
    facts = list(_facts(claim, record, look, told))
    named = {item.field for item in facts}
    identity = [
        Finding(name, *_texts(name, claim, record), _WORDS[level], amount)
        for name, (level, amount) in levels.items()
        if name not in named
    ]
    weighed = [
        Finding(item.field, item.claimed, item.recorded, item.verdict, levels[item.field][1], item.decides)
        if item.field in levels
        else item
        for item in facts
    ]
    fields = tuple(sorted((*identity, *weighed), key=lambda item: (-abs(round(item.bits, 9)), item.field)))
    against = [item for item in fields if item.decides and item.verdict == "differs"]
    newer = [item for item in fields if item.decides and item.verdict in ("fills", "later")]
    if against:
        return "contradiction", "; ".join(_says(item) for item in against), fields
    if newer:
        return "update", "; ".join(_says(item) for item in newer), fields
    return "same", "nothing that both tell differs", fields


def _says(item: Finding) -> str:
    if item.verdict == "fills":
        return f"{item.field} {item.claimed}, not in the ledger"
    return f"{item.field} {item.claimed}, in the ledger {item.recorded or 'nothing'}"


def _facts(claim: Claim, record: Record, look: Look, told: dt.date | None) -> Iterator[Finding]:
    """Fields whose difference is news: figures, dates, states, partners."""
    if record.table != EVENTS:
        yield from _figures(claim, record, look)
        yield from _state(claim, record, told)
    yield from _years(claim, record, told)
    if record.table == PROJECTS:
        more = look.joined(claim.partners) - look.joined(record.partners) - look.joined(record.recipients)
        if more:
            yield Finding(
                "partner",
                ";".join(sorted(claim.partners)),
                ";".join(sorted(record.partners)),
                "fills",
                0.0,
                True,
            )


def _figures(claim: Claim, record: Record, look: Look) -> Iterator[Finding]:
    amount = claim.amount
    fewer = is_part(claim, record, look)
    told = _text(amount.musd if amount else None, "million dollars", amount.bound if amount else "exact")
    level = money_level(amount, record.amount_musd)
    figures = [
        ("amount", told, amount.musd if amount else None, record.amount_musd, level, "million dollars")
    ]
    for field, size, recorded, unit in (
        ("capacity", claim.capacity_mw, record.capacity_mw, "MW"),
        ("length", claim.length_km, record.length_km, "km"),
    ):
        figures.append((field, _text(size, unit), size, recorded, size_level(size, recorded), unit))
    for field, claimed, value, recorded, level, unit in figures:
        if not claimed or (field != "amount" and record.table == DEALS and recorded is None):
            continue
        if recorded is None:
            yield Finding(field, claimed, "", "fills", 0.0, True)
        elif fewer and value is not None and value < recorded:
            yield Finding(field, claimed, _text(recorded, unit), "part")
        else:
            verdict = _WORDS["differ"] if level == NEAR else _WORDS[level]
            yield Finding(field, claimed, _text(recorded, unit), verdict, 0.0, level != AGREE)


_BOUNDS = MappingProxyType({"at_least": "more than ", "at_most": "up to ", "about": "about "})


def _text(value: float | None, unit: str, bound: str = "exact") -> str:
    return "" if value is None else f"{_BOUNDS.get(bound, '')}{value:,.6g} {unit}"


def _state(claim: Claim, record: Record, told: dt.date | None) -> Iterator[Finding]:
    said, known = claim.status, record.status
    if not said or not known or claim.aggregate:
        return
    if said in ENDED or known in ENDED:
        if (said in ENDED) == (known in ENDED):
            yield Finding("status", said, known, "agrees")
        elif said in ENDED:
            yield Finding("status", said, known, "later", 0.0, True)
        elif PROJECT_STAGE.get(said, 0) > 1:
            yield Finding("status", said, known, "differs", 0.0, True)
        return
    stages = PROJECT_STAGE if record.table == PROJECTS else DEAL_STAGE
    here, there = stages.get(said), stages.get(known)
    if here is None or there is None:
        return
    if here == there:
        yield Finding("status", said, known, "agrees")
    elif here > there:
        yield Finding("status", said, known, "later", 0.0, True)
    elif record.table == PROJECTS and told is not None and _newer(told, record):
        yield Finding("status", said, known, "differs", 0.0, True)
    else:
        yield Finding("status", said, known, "earlier")


def _newer(told: dt.date, record: Record) -> bool:
    """Whether an article is later than all that the record's own years tell."""
    years = [int(date[:4]) for date in record.dates if int(date[:4]) <= told.year]
    return not years or told.year > max(years)


def _years(claim: Claim, record: Record, told: dt.date | None) -> Iterator[Finding]:
    if claim.date is None or claim.aggregate:
        return
    if record.table == PROJECTS:
        yield from _opening(claim, record, told)
    elif record.dates:
        level = date_level(claim, record)
        verdict = "agrees" if level == NEAR and record.table == DEALS else _WORDS[level]
        if level == AGREE and record.table == EVENTS and len(claim.date.start) > len(record.dates[0]):
            yield Finding("date", str(claim.date), record.dates[0], "fills", 0.0, True)
        else:
            decides = level == "differ" and record.table == DEALS and claim.date.start == claim.date.end
            yield Finding("date", str(claim.date), ", ".join(record.dates), verdict, 0.0, decides)
    else:
        yield Finding("date", str(claim.date), "", "fills", 0.0, True)


def opening_told(claim: Claim, told: dt.date | None) -> int | None:
    """Year in which a project opened or opens by a claim; ``None`` where its date is of something else.

    The date of a thing that operates is that of its opening; the date of a thing planned or being built is
    that of its opening where it lies after the article.
    """
    if claim.date is None:
        return None
    last = int(claim.date.end[:4])
    if claim.status == "operating":
        return last if told is None or last <= told.year else None
    ahead = told is not None and last > told.year
    return last if ahead and claim.status not in ENDED else None


def _opening(claim: Claim, record: Record, told: dt.date | None) -> Iterator[Finding]:
    year = opening_told(claim, told)
    if year is None:
        return
    if record.opens is None:
        yield Finding("opening", str(year), "", "fills", 0.0, True)
    elif abs(year - record.opens) <= YEARS_APART:
        yield Finding("opening", str(year), str(record.opens), "agrees" if year == record.opens else "near")
    elif told is not None and year > told.year:
        yield Finding("opening", str(year), str(record.opens), "later", 0.0, True)


def _texts(name: str, claim: Claim, record: Record) -> tuple[str, str]:
    """What both sides say in a field that only tells whether they are one thing."""
    if name == "project":
        return claim.project_id, record.project
    if name == "name":
        return claim.project, record.key
    if name == "actor":
        return ", ".join(claim.actors), record.key
    if name == "partner":
        return ";".join(claim.partners), ";".join(sorted(record.partners))
    if name == "recipient":
        return ";".join(claim.recipients), ";".join(sorted(record.recipients))
    if name == "sector":
        return claim.project, record.sector
    if name == "date":
        return str(claim.date), ", ".join(record.dates)
    if name == "kind":
        return claim.instrument or claim.type, record.kind
    return ("many" if claim.aggregate else "one"), ("many" if record.many else "one")
