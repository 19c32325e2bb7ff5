"""Compare a claim with the row it matches: what agrees, what is added, what differs, and the relation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sogdia.articles.claim import Claim
from sogdia.codes import (
    ANNOUNCED,
    CANCELLED,
    CONSTRUCTION,
    DISBURSED,
    OPERATING,
    PLANNED,
    SIGNED,
    SUSPENDED,
)
from sogdia.ledger.match_weights import (
    AGREE,
    DIFFER,
    NEAR,
    MatchContext,
    date_level,
    is_part,
    money_level,
    size_level,
)
from sogdia.ledger.records import DEALS, EVENTS, PROJECTS, Record

Verdict = Literal["agrees", "near", "differs", "fills", "later", "earlier", "part"]
MatchedRelation = Literal["same", "update", "conflict"]
_VERDICT_OF_LEVEL: Mapping[str, Verdict] = MappingProxyType(
    {AGREE: "agrees", NEAR: "near", DIFFER: "differs"}
)

PROJECT_STAGE: Mapping[str, int] = MappingProxyType({PLANNED: 1, CONSTRUCTION: 2, OPERATING: 3})
"""Stages of a project, in order."""
DEAL_STAGE: Mapping[str, int] = MappingProxyType(
    {
        "interest": 1,
        "planned": 1,
        ANNOUNCED: 1,
        "unconfirmed": 1,
        "approved": 1,
        SIGNED: 2,
        DISBURSED: 3,
        "delivered": 3,
    }
)
"""Statuses of claims as the stages of a deal in the ledger: announced, signed, disbursed."""
ENDED = (SUSPENDED, CANCELLED)
YEARS_NEAR = 1
"""Years by which two dates of a signature or an opening may differ without a conflict."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of a claim compared with that of a row.

    Attributes:
        field: Name of the field.
        claimed: Value of the claim, as text; empty if it has none.
        recorded: Value of the ledger, as text; empty if it has none.
        verdict: ``agrees``, ``near``, ``differs``; ``fills`` an empty cell of the ledger; ``later`` or
            ``earlier`` than the ledger's stage or year; ``part`` of the ledger's figure, if the claim covers
            fewer countries.
        bits: Match weight of the field: positive for a match, negative against it, 0 if it has no evidence.
        is_decisive: Whether the field makes the relation an update or a conflict.
    """

    field: str
    claimed: str
    recorded: str
    verdict: Verdict
    bits: float = 0.0
    is_decisive: bool = False


def relate(
    claim: Claim,
    record: Record,
    levels: Mapping[str, tuple[str, float]],
    context: MatchContext,
    published: dt.date | None,
) -> tuple[MatchedRelation, str, tuple[Finding, ...]]:
    """Determine the relation of a claim to the record it matches.

    A figure outside the tolerances of :mod:`sogdia.ledger.match_weights`, a project that operates by one
    side only, or an ended project that continues is a conflict. A later stage or year, or a value for an
    empty cell, is an update. Otherwise the two are the same.

    Args:
        claim: The claim.
        record: The record.
        levels: Level and match weight by field.
        context: Data for comparisons.
        published: Date of the article.

    Returns:
        The relation, its reason, and the findings, those of the largest weight first.
    """
    facts = list(_facts(claim, record, context, published))
    named = {item.field for item in facts}
    identity = [
        Finding(name, *_texts(name, claim, record), _VERDICT_OF_LEVEL[level], weight)
        for name, (level, weight) in levels.items()
        if name not in named
    ]
    weighted = [
        Finding(
            item.field, item.claimed, item.recorded, item.verdict, levels[item.field][1], item.is_decisive
        )
        if item.field in levels
        else item
        for item in facts
    ]
    findings = tuple(sorted((*identity, *weighted), key=lambda item: (-abs(round(item.bits, 9)), item.field)))
    against = [item for item in findings if item.is_decisive and item.verdict == "differs"]
    newer = [item for item in findings if item.is_decisive and item.verdict in ("fills", "later")]
    if against:
        return "conflict", "; ".join(_sentence(item) for item in against), findings
    if newer:
        return "update", "; ".join(_sentence(item) for item in newer), findings
    return "same", "no field of both differs", findings


def veto(claim: Claim, record: Record, levels: Mapping[str, tuple[str, float]]) -> str:
    """Return why a record cannot be that of a claim, however alike the other fields; empty if it can.

    A recipient that the text states and the record lacks is another deal. A deal or project that is complete
    is not one that was cancelled.

    Args:
        claim: The claim.
        record: The record.
        levels: Level and match weight by field.
    """
    if levels.get("recipient", ("", 0.0))[0] == DIFFER:
        claimed, recorded = ";".join(claim.recipients), ";".join(sorted(record.recipients))
        return f"recipient {claimed}, in the ledger {recorded}"
    completed = (DISBURSED, OPERATING, "delivered")
    if (claim.status in completed and record.status == CANCELLED) or (
        claim.status == CANCELLED and record.status in completed
    ):
        return f"status {claim.status}, in the ledger {record.status}"
    return ""


def _sentence(item: Finding) -> str:
    if item.verdict == "fills":
        return f"{item.field} {item.claimed}, not in the ledger"
    return f"{item.field} {item.claimed}, in the ledger {item.recorded or 'empty'}"


def _facts(
    claim: Claim, record: Record, context: MatchContext, published: dt.date | None
) -> Iterator[Finding]:
    """Yield the fields whose difference is news: figures, status, dates, partners."""
    if record.table != EVENTS:
        yield from _figures(claim, record, context)
        yield from _status(claim, record, published)
    yield from _dates(claim, record, published)
    if record.table == PROJECTS:
        known = context.parents(record.partners) | context.parents(record.recipients)
        if context.parents(claim.partners) - known:
            claimed, recorded = ";".join(sorted(claim.partners)), ";".join(sorted(record.partners))
            yield Finding("partner", claimed, recorded, "fills", is_decisive=True)


def _figures(claim: Claim, record: Record, context: MatchContext) -> Iterator[Finding]:
    amount = claim.amount
    covers_fewer = is_part(claim, record, context)
    stated = _figure(amount.musd if amount else None, "million dollars", amount.bound if amount else "exact")
    level = money_level(amount, record.amount_musd)
    figures = [
        ("amount", stated, amount.musd if amount else None, record.amount_musd, level, "million dollars")
    ]
    for field, size, recorded, unit in (
        ("capacity", claim.capacity_mw, record.capacity_mw, "MW"),
        ("length", claim.length_km, record.length_km, "km"),
    ):
        figures.append((field, _figure(size, unit), size, recorded, size_level(size, recorded), unit))
    for field, claimed, value, recorded, level, unit in figures:
        if not claimed or (field != "amount" and record.table == DEALS and recorded is None):
            continue
        if recorded is None:
            yield Finding(field, claimed, "", "fills", is_decisive=True)
        elif covers_fewer and value is not None and value < recorded:
            yield Finding(field, claimed, _figure(recorded, unit), "part")
        else:
            verdict = _VERDICT_OF_LEVEL[DIFFER] if level == NEAR else _VERDICT_OF_LEVEL[level]
            contradicts = level != AGREE and _contradicts(field, claim, record)
            yield Finding(field, claimed, _figure(recorded, unit), verdict, is_decisive=contradicts)


_PART = re.compile(r"\b(?:section|stretch|phase|stage|part|first|second|third|unit|tranche)\b", re.IGNORECASE)


def _contradicts(field: str, claim: Claim, record: Record) -> bool:
    """Return whether a figure that differs is of the same object and time, so that both cannot be true.

    The price of a contract is not the cost of a project, a phase is not all of it, and neither a superseded
    estimate nor a figure of an earlier year contradicts the later one of the ledger.
    """
    if not (claim.is_safe("project") and claim.is_safe("partners")) or _PART.search(claim.project):
        return False
    if field == "amount" and (record.table == PROJECTS) != (claim.type == "project"):
        return False
    if claim.origin("status") == "inferred":
        return False
    years = [int(date[:4]) for date in record.dates]
    is_past = claim.date is not None and claim.origin("date") == "stated" and bool(years)
    return not (is_past and claim.date is not None and int(claim.date.end[:4]) < min(years))


_BOUNDS = MappingProxyType({"at_least": "more than ", "at_most": "up to ", "about": "about "})


def _figure(value: float | None, unit: str, bound: str = "exact") -> str:
    return "" if value is None else f"{_BOUNDS.get(bound, '')}{value:,.6g} {unit}"


def _status(claim: Claim, record: Record, published: dt.date | None) -> Iterator[Finding]:
    claimed, recorded = claim.status, record.status
    if not claimed or not recorded or claim.aggregate:
        return
    if claimed in ENDED or recorded in ENDED:
        if (claimed in ENDED) == (recorded in ENDED):
            yield Finding("status", claimed, recorded, "agrees")
        elif claimed in ENDED:
            yield Finding("status", claimed, recorded, "later", is_decisive=True)
        elif PROJECT_STAGE.get(claimed, 0) > 1:
            yield Finding("status", claimed, recorded, "differs", is_decisive=True)
        return
    stages = PROJECT_STAGE if record.table == PROJECTS else DEAL_STAGE
    claimed_stage, recorded_stage = stages.get(claimed), stages.get(recorded)
    if claimed_stage is None or recorded_stage is None:
        return
    if claimed_stage == recorded_stage:
        yield Finding("status", claimed, recorded, "agrees")
    elif claimed_stage > recorded_stage:
        yield Finding("status", claimed, recorded, "later", is_decisive=True)
    elif recorded == OPERATING and claim.is_safe("project") and _is_later_than(published, record):
        yield Finding("status", claimed, recorded, "differs", is_decisive=True)
    else:
        yield Finding("status", claimed, recorded, "earlier")


def _is_later_than(published: dt.date | None, record: Record) -> bool:
    """Return whether an article is later than all past years of the record."""
    if published is None:
        return False
    years = [int(date[:4]) for date in record.dates if int(date[:4]) <= published.year]
    return not years or published.year > max(years)


def _dates(claim: Claim, record: Record, published: dt.date | None) -> Iterator[Finding]:
    if claim.date is None or claim.aggregate:
        return
    if record.table == PROJECTS:
        yield from _opening(claim, record, published)
    elif record.dates:
        level = date_level(claim, record)
        verdict = "agrees" if level == NEAR and record.table == DEALS else _VERDICT_OF_LEVEL[level]
        if level == AGREE and record.table == EVENTS and len(claim.date.start) > len(record.dates[0]):
            yield Finding("date", str(claim.date), record.dates[0], "fills", is_decisive=True)
        else:
            is_decisive = level == DIFFER and record.table == DEALS and claim.date.start == claim.date.end
            yield Finding("date", str(claim.date), ", ".join(record.dates), verdict, is_decisive=is_decisive)
    else:
        yield Finding("date", str(claim.date), "", "fills", is_decisive=True)


def opening_year(claim: Claim, published: dt.date | None) -> int | None:
    """Return the year in which a project opened or opens by a claim.

    The date of an operating project is that of its opening. The date of a project that is planned or under
    construction is that of its opening if it is later than the article.

    Args:
        claim: The claim.
        published: Date of the article.

    Returns:
        The year; ``None`` if the claim has no date, or its date is of another event.
    """
    if claim.date is None:
        return None
    last = int(claim.date.end[:4])
    if claim.status == OPERATING:
        return last if published is None or last <= published.year else None
    is_future = published is not None and last > published.year
    return last if is_future and claim.status not in ENDED else None


def _opening(claim: Claim, record: Record, published: dt.date | None) -> Iterator[Finding]:
    year = opening_year(claim, published)
    if year is None:
        return
    known = record.opening_year
    if known is None:
        yield Finding("opening", str(year), "", "fills", is_decisive=True)
    elif abs(year - known) <= YEARS_NEAR:
        yield Finding("opening", str(year), str(known), "agrees" if year == known else "near")
    elif published is not None and year > published.year:
        yield Finding("opening", str(year), str(known), "later", is_decisive=True)


def _texts(name: str, claim: Claim, record: Record) -> tuple[str, str]:
    """Return both sides of a field that only identifies the two, as text."""
    texts = {
        "project": (claim.project_id, record.project),
        "name": (claim.project, record.key),
        "actor": (", ".join(claim.actors), record.key),
        "partner": (";".join(claim.partners), ";".join(sorted(record.partners))),
        "recipient": (";".join(claim.recipients), ";".join(sorted(record.recipients))),
        "sector": (claim.project, record.sector),
        "date": (str(claim.date), ", ".join(record.dates)),
        "kind": (claim.instrument or claim.type, record.kind),
        "aggregate": (_counted(claim.aggregate), _counted(record.is_aggregate)),
    }
    return texts[name]


def _counted(is_aggregate: bool) -> str:
    return "aggregate" if is_aggregate else "single"
