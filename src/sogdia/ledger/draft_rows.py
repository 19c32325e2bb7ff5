"""Draft the rows that a claim would add to the ledger: its project, its deal or its event."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sogdia.articles.claim import Claim
from sogdia.articles.doubts import doubt_of
from sogdia.codes import (
    ANNOUNCED,
    CANCELLED,
    CONSTRUCTION,
    DERIVED,
    DISBURSED,
    OPERATING,
    PLANNED,
    REPORTED,
    SIGNED,
    SUSPENDED,
)
from sogdia.ledger.accounts import (
    AGGREGATE,
    PART,
    REPEAT,
    TOTAL,
    TRANCHE,
    classify_deals,
)
from sogdia.ledger.findings import opening_year
from sogdia.ledger.match_weights import distinctive_words
from sogdia.ledger.matching import POSSIBLE_SCORE, Match
from sogdia.ledger.name_similarity import name_words
from sogdia.ledger.patch import Row, cell_text
from sogdia.ledger.records import DEALS, EVENTS, PROJECTS
from sogdia.ledger.sectors import UNSPECIFIED_SECTOR, sectors_of
from sogdia.region import Region
from sogdia.tables import table_schemas

PROJECT_STATUS: Mapping[str, str] = MappingProxyType(
    {
        "construction": CONSTRUCTION,
        "operating": OPERATING,
        "delivered": OPERATING,
        "suspended": SUSPENDED,
    }
)
"""Status of a new project by the status of its claim; planned for any other."""
DEAL_STATUS: Mapping[str, str] = MappingProxyType(
    {
        "signed": SIGNED,
        "construction": SIGNED,
        "disbursed": DISBURSED,
        "delivered": DISBURSED,
        "operating": DISBURSED,
        "outstanding": DISBURSED,
        "cancelled": CANCELLED,
    }
)
"""Status of a new deal by the status of its claim; announced for any other."""
EVENT_TYPE: Mapping[str, str] = MappingProxyType(
    {"visit_summit": "summit", "agreement": "agreement", "policy_threat": "threat"}
)
"""Type of an event by the type of its claim."""
_MEASURES = {
    "tariff": re.compile(r"tariff|dut(?:y|ies)|quota|surtax", re.IGNORECASE),
    "closure": re.compile(r"\bclos", re.IGNORECASE),
    "sanction": re.compile(r"sanction|\bban\b|embargo|blacklist", re.IGNORECASE),
}
"""Types of an event that is a measure in force, by the words of its subject."""
MONEY_TYPES = ("deal", "finance", "aggregate_investment", "agreement", "gas_supply")
"""Types of claim that may become a deal."""
_OPEN_STATUS = ("", "interest", "unconfirmed")
"""Statuses of a claim that is no deal yet."""
_MAX_NAME = 120
_MAX_QUOTE = 240
_UNKNOWN_PARTY = "a party is not in the ledger's table of parties"
_COMMON_WORDS = frozenset(
    (
        *("plant", "plants", "station", "stations", "line", "lines", "power", "energy", "farm", "corridor"),
        *("infrastructure", "construction", "initiative", "programme", "program", "network", "facility"),
    )
)
"""Words of project names that identify no project."""


@dataclass(frozen=True, slots=True)
class DraftContext:
    """Data for drafting rows beyond the claim itself.

    Attributes:
        region: The region.
        source: Id of the article among the sources.
        year: Year of the article, or ``None``.
        parties: Codes of the region's parties.
        unspecified: Codes of the parties that denote no single party, such as the rest of the world.
    """

    region: Region
    source: str
    year: int | None
    parties: frozenset[str]
    unspecified: frozenset[str] = frozenset()


def claim_key(claim: Claim, source: str) -> str:
    """Return eight hexadecimal digits that identify a claim of an article, whatever the ledger holds."""
    parts = (
        source,
        claim.type,
        ";".join(claim.partners),
        ";".join(claim.recipients),
        claim.project,
        claim.amount.text if claim.amount else "",
        str(claim.date or ""),
        claim.status,
        claim.quote,
        str(claim.capacity_mw or ""),
        str(claim.length_km or ""),
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:8]


def row_ids(claim: Claim, source: str) -> dict[str, str]:
    """Return the ids that the rows of a claim would have, by table: the same at each reading."""
    key = claim_key(claim, source)
    partner = "_".join(code.lower() for code in claim.partners[:1]) or "any"
    recipient = claim.recipients[0].lower() if len(claim.recipients) == 1 else "reg"
    name = "_".join(distinctive_words(claim.project))
    slug = re.sub(r"[^a-z0-9]+", "_", name.encode("ascii", "ignore").decode())[:24].strip("_")
    day = claim.date.start.replace("-", "") if claim.date else "nd"
    return {
        PROJECTS: f"pj_{slug or 'new'}_{key}",
        DEALS: f"de_{partner}_{recipient}_{day[:4]}_{key}",
        EVENTS: f"pe_{day}_{key}",
    }


SAFE_READING = 0.4
"""Confidence of reading below which a claim adds no row."""


def unsafe_field(claim: Claim, *fields: str) -> str:
    """Return why a claim may add no row: a field that its text does not state, or doubt; empty if it may.

    A sentence that asks, denies, supposes, hopes or repeats hearsay adds none, however well it is read
    A sentence that asks, denies, supposes, hopes or repeats hearsay adds none, however well it is read
    (:func:`sogdia.articles.doubts.doubt_of`). The country of a project that the sentence names may come from
    the pack, if it lies in one country.

    Args:
        claim: The claim.
        fields: Fields of the row.
    """
    for field in fields:
        is_of_project = field == "recipients" and claim.origin(field) == "pack" and len(claim.recipients) == 1
        if not claim.is_safe(field) and not (is_of_project and claim.is_safe("project")):
            return f"needs a decision; {field} is {claim.origin(field)}, not stated near the sentence"
    if doubt := doubt_of(claim.quote):
        return f"needs a decision; its sentence {doubt}"
    if claim.confidence < SAFE_READING:
        return f"needs a decision; it is read correctly with a probability of {claim.confidence:.0%} only"
    return ""


def project_row(claim: Claim, context: DraftContext) -> tuple[Row | None, str]:
    """Draft the row of a new project.

    Returns:
        The row and an empty text; or ``None`` and the reason why there is none.
    """
    sectors = sectors_of(claim.project)
    if not claim.recipients or not set(claim.recipients) <= context.parties:
        return None, "no country of the ledger is stated"
    if not _is_identifiable(claim):
        return (
            None,
            "the claim identifies no project: it has neither a proper name, nor an actor, size or amount",
        )
    if claim.status == CANCELLED:
        return None, "it is cancelled"
    if problem := unsafe_field(claim, "recipients", "project", "partners"):
        return None, problem
    size, unit = (claim.capacity_mw, "MW") if claim.capacity_mw else (claim.length_km, "km")
    opens = opening_year(claim, None) if claim.status == OPERATING else _future_year(claim, context)
    cost = claim.amount.musd if claim.amount and claim.type == "project" else None
    announced = _event_year(claim, context) if claim.status in (ANNOUNCED, SIGNED) else None
    return {
        "id": row_ids(claim, context.source)[PROJECTS],
        "name": cell_text(claim.project, _MAX_NAME),
        "iso3": ";".join(claim.recipients),
        "sector": sectors[0] if len(sectors) == 1 else UNSPECIFIED_SECTOR,
        "capex_musd": figure_text(cost),
        "capacity": figure_text(size),
        "capacity_unit": unit if size else "",
        "status": PROJECT_STATUS.get(claim.status, PLANNED),
        "announced_year": "" if announced is None or (opens or announced) < announced else str(announced),
        "completion_year": "" if opens is None else str(opens),
        "contractor": cell_text("; ".join(claim.actors), _MAX_NAME),
        "partners": ";".join(code for code in claim.partners if code in context.parties),
        "basis": REPORTED,
        "source": context.source,
        "note": _note(claim),
    }, ""


def _is_identifiable(claim: Claim) -> bool:
    proper = [
        word for word in name_words(claim.project) if not sectors_of(word) and word not in _COMMON_WORDS
    ]
    return bool(claim.project) and bool(
        proper or claim.actors or claim.capacity_mw or claim.length_km or claim.amount
    )


def _event_year(claim: Claim, context: DraftContext) -> int | None:
    """Return the year of a signature or announcement; a year after the article's is that of another event."""
    last = int(claim.date.end[:4]) if claim.date else None
    return None if last is None or (context.year is not None and last > context.year) else last


def _future_year(claim: Claim, context: DraftContext) -> int | None:
    """Return the opening year of an unfinished project: a year after the article's."""
    last = int(claim.date.end[:4]) if claim.date else None
    return last if last is not None and context.year is not None and last > context.year else None


def deal_row(claim: Claim, match: Match, project: str, context: DraftContext) -> tuple[Row | None, str]:
    """Draft the row of a deal that is new to the ledger or in conflict with a row.

    Args:
        claim: The claim.
        match: Its match.
        project: Row of ``projects`` it belongs to; empty for none.
        context: Data for drafting.

    Returns:
        The row and an empty text; or ``None`` and the reason why there is none.
    """
    problem = _deal_problem(claim, context)
    if problem:
        return None, problem
    role, link = _role(claim, match, project, context)
    sectors = sectors_of(claim.project)
    own = context.region.table(PROJECTS)["sector"].get(project, "")
    currency = ""
    if claim.amount and claim.amount.currency != "USD" and claim.amount.rate is not None:
        currency = f"; {claim.amount.text} at {claim.amount.rate:g} of {claim.amount.rate_year}"
    return {
        "id": row_ids(claim, context.source)[DEALS],
        "partner": claim.partners[0],
        "recipient": ";".join(claim.recipients),
        "sector": own or (sectors[0] if len(sectors) == 1 else UNSPECIFIED_SECTOR),
        "project": project,
        "year": str(_event_year(claim, context) or ""),
        "amount_musd": figure_text(claim.amount.musd if claim.amount else None),
        "instrument": claim.instrument if claim.instrument in _instruments() else "agreement",
        "counterparty": cell_text("; ".join(claim.actors), _MAX_NAME),
        "status": DEAL_STATUS.get(claim.status, ANNOUNCED),
        "role": role,
        "basis": DERIVED if currency else REPORTED,
        "source": context.source,
        "note": _note(claim, currency) + (f"; role: {link}" if link else ""),
    }, ""


def _deal_problem(claim: Claim, context: DraftContext) -> str:
    if len(claim.partners) != 1:
        several = "the shares of several partners are not published"
        return several if claim.partners else "no partner is stated"
    if not set(claim.partners) <= context.parties or not set(claim.recipients) <= context.parties:
        return _UNKNOWN_PARTY
    if set(claim.partners) & context.unspecified:
        return "the payer is not stated"
    if not claim.recipients:
        return "no recipient is stated"
    if claim.amount is None and not (claim.actors or claim.project):
        return "neither an amount nor a subject is stated"
    if claim.status in _OPEN_STATUS:
        return f"needs a decision; its status is {claim.status or 'not stated'}"
    return unsafe_field(claim, "partners", "recipients", "project", "amount", "status")


def _role(claim: Claim, match: Match, project: str, context: DraftContext) -> tuple[str, str]:
    """Return the role of a new deal, so that no amount counts twice, and the phrase that names its parent.

    Another amount for an existing deal is a repeat that contradicts it, and never counts. An aggregate amount
    never counts. For a project with a counted total a deal is a part; with tranches it is another tranche.
    """
    if match.relation == "conflict":
        return REPEAT, f"contradicts {match.row.split(';')[0]}"
    if claim.aggregate:
        return AGGREGATE, ""
    deals = classify_deals(context.region.table(DEALS))
    own = deals[(deals["project"] == project) & deals["counts"]] if project else deals.iloc[:0]
    totals = own[own["role"] == TOTAL]
    if len(totals):
        return PART, f"within {sorted(totals.index)[0]} (assumed)"
    return (TRANCHE, "") if len(own) else (TOTAL, "")


def event_row(claim: Claim, context: DraftContext) -> tuple[Row | None, str]:
    """Draft the row of a new event.

    Returns:
        The row and an empty text; or ``None`` and the reason why there is none.
    """
    if claim.date is None:
        return None, "no date is stated"
    if not claim.partners or not claim.recipients:
        return None, "actor or target is not stated"
    if not {*claim.partners, *claim.recipients} <= context.parties:
        return None, _UNKNOWN_PARTY
    if problem := unsafe_field(claim, "partners", "recipients", "date"):
        return None, problem
    amount = [claim.amount.text] if claim.amount else []
    return {
        "id": row_ids(claim, context.source)[EVENTS],
        "date": claim.date.start,
        "type": _event_type(claim),
        "actor": ";".join(claim.partners),
        "target": ";".join(claim.recipients),
        "what": cell_text(claim.project or claim.type.replace("_", " "), _MAX_NAME),
        "magnitude": cell_text("; ".join([*amount, *(other.text for other in claim.others)]), _MAX_NAME),
        "basis": REPORTED,
        "source": context.source,
        "note": _note(claim),
    }, ""


def _event_type(claim: Claim) -> str:
    """Return the type of an event: a measure in force is a tariff, closure or sanction, else a threat."""
    if claim.type != "policy_threat" or claim.status != "approved":
        return EVENT_TYPE[claim.type]
    return next(
        (kind for kind, words in _MEASURES.items() if words.search(claim.project)), EVENT_TYPE[claim.type]
    )


def target_tables(claim: Claim, match: Match) -> tuple[str, ...]:
    """Return the tables that a claim would add a row to, by its type and match.

    A claim that may match a row (a score from 0.1 to 0.5) adds none, because the user decides. A conflict
    adds a row only if the amount differs.
    """
    if match.relation == "conflict" and match.table == DEALS and claim.type in MONEY_TYPES:
        differs = any(item.field == "amount" and item.verdict == "differs" for item in match.fields)
        return (DEALS,) if differs else ()
    if match.relation != "new" or match.score >= POSSIBLE_SCORE:
        return ()
    new_project = () if match.project or claim.aggregate else (PROJECTS,)
    if claim.type == "project":
        return new_project
    if claim.type in ("deal", "finance"):
        return (*(new_project if claim.project else ()), DEALS)
    if claim.type == "agreement" and claim.amount is None and not claim.actors:
        return (EVENTS,)
    if claim.type in MONEY_TYPES:
        return (DEALS,)
    return (EVENTS,) if claim.type in EVENT_TYPE else ()


def merge_rows(rows: Sequence[Row]) -> Row:
    """Merge the rows of one project: of each field the first value that is not empty."""
    return {name: next((row[name] for row in rows if row.get(name)), "") for name in rows[0]}


def _instruments() -> tuple[str, ...]:
    return table_schemas()[DEALS].field("instrument").constraints.enum or ()


def figure_text(value: float | None) -> str:
    """Return a figure as a cell, with at most six decimals; empty for ``None``."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def _note(claim: Claim, more: str = "") -> str:
    speaker = f", says {cell_text(claim.speaker, 60)}" if claim.speaker else ""
    bound = (
        f"; {claim.amount.bound.replace('_', ' ')}" if claim.amount and claim.amount.bound != "exact" else ""
    )
    quote = cell_text(claim.quote, _MAX_QUOTE).replace('"', "'")
    return f'quote: "{quote}"{speaker}{bound}{more}'
