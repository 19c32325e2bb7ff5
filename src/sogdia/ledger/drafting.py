"""Rows that a claim would add to the ledger: its project, its deal, its event, or why it adds none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sogdia.articles.claim import Claim
from sogdia.ledger.accounts import judged_deals
from sogdia.ledger.evidence import ANY_SECTOR, telling_words
from sogdia.ledger.findings import opening_told
from sogdia.ledger.matching import SHOWN, Match
from sogdia.ledger.names import words_of
from sogdia.ledger.patch import Row, tidy
from sogdia.ledger.records import DEALS, EVENTS, PROJECTS
from sogdia.ledger.subjects import sectors_of
from sogdia.region import Region
from sogdia.tables import table_schemas

PROJECT_STATUS: Mapping[str, str] = MappingProxyType(
    {
        "construction": "construction",
        "operating": "operating",
        "delivered": "operating",
        "suspended": "suspended",
    }
)
"""State of a new project by what a claim says of it; anything short of building is a plan."""
DEAL_STATUS: Mapping[str, str] = MappingProxyType(
    {
        "signed": "signed",
        "construction": "signed",
        "disbursed": "disbursed",
        "delivered": "disbursed",
        "operating": "disbursed",
        "outstanding": "disbursed",
        "cancelled": "cancelled",
    }
)
"""How far new money is; anything short of a signature is announced."""
EVENT_TYPE: Mapping[str, str] = MappingProxyType(
    {"visit_summit": "summit", "agreement": "agreement", "policy_threat": "threat"}
)
MONEY_TYPES = ("deal", "finance", "aggregate_investment", "agreement", "gas_supply")
_LONGEST_NAME = 120
_LONGEST_QUOTE = 240


@dataclass(frozen=True, slots=True)
class Setting:
    """What drafting a row needs besides its claim.

    Attributes:
        region: The region.
        source: Id of the article among the sources.
        year: Year of the article, or ``None``.
        parties: Codes of the region's parties.
        nobody: Those of them that stand for no one party, such as the rest of the world.
    """

    region: Region
    source: str
    year: int | None
    parties: frozenset[str]
    nobody: frozenset[str] = frozenset()


def claim_key(claim: Claim, source: str) -> str:
    """Eight signs that stand for a claim of an article, whatever the ledger knows of it."""
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
    """Ids that the rows of a claim would have, by table: the same each time the article is read."""
    key = claim_key(claim, source)
    who = "_".join(code.lower() for code in claim.partners[:1]) or "any"
    whom = claim.recipients[0].lower() if len(claim.recipients) == 1 else "reg"
    name = "_".join(telling_words(claim.project))
    slug = re.sub(r"[^a-z0-9]+", "_", name.encode("ascii", "ignore").decode())[:24].strip("_")
    day = claim.date.start.replace("-", "") if claim.date else "nd"
    return {
        PROJECTS: f"pj_{slug or 'new'}_{key}",
        DEALS: f"de_{who}_{whom}_{day[:4]}_{key}",
        EVENTS: f"pe_{day}_{key}",
    }


def project_row(claim: Claim, at: Setting) -> tuple[Row | None, str]:
    """Row of a project that is new to the ledger, or ``None`` and why not."""
    sectors = sectors_of(claim.project)
    if not claim.recipients or not set(claim.recipients) <= at.parties:
        return None, "no country of the ledger is told"
    if not _names_one_thing(claim):
        return None, "the name tells no one project: neither a name of its own, nor a maker, size or sum"
    if claim.status == "cancelled":
        return None, "it is cancelled"
    size, unit = (claim.capacity_mw, "MW") if claim.capacity_mw else (claim.length_km, "km")
    opens = opening_told(claim, None) if claim.status == "operating" else _ahead(claim, at)
    cost = claim.amount.musd if claim.amount and claim.type == "project" else None
    announced = _year_of_act(claim, at) if claim.status in ("announced", "signed") else None
    return {
        "id": row_ids(claim, at.source)[PROJECTS],
        "name": tidy(claim.project, _LONGEST_NAME),
        "iso3": ";".join(claim.recipients),
        "sector": sectors[0] if len(sectors) == 1 else ANY_SECTOR,
        "capex_musd": _figure(cost),
        "capacity": _figure(size),
        "capacity_unit": unit if size else "",
        "status": PROJECT_STATUS.get(claim.status, "planned"),
        "announced_year": "" if announced is None or (opens or announced) < announced else str(announced),
        "completion_year": "" if opens is None else str(opens),
        "contractor": tidy("; ".join(claim.actors), _LONGEST_NAME),
        "partners": ";".join(code for code in claim.partners if code in at.parties),
        "basis": "reported",
        "source": at.source,
        "note": _told(claim),
    }, ""


def _names_one_thing(claim: Claim) -> bool:
    own = [word for word in words_of(claim.project) if not sectors_of(word) and word not in _COMMON]
    return bool(claim.project) and bool(
        own or claim.actors or claim.capacity_mw or claim.length_km or claim.amount
    )


_COMMON = frozenset(
    (
        *("plant", "plants", "station", "stations", "line", "lines", "power", "energy", "farm", "corridor"),
        *("infrastructure", "construction", "initiative", "programme", "program", "network", "facility"),
    )
)
"""Words of works that name none."""


def _year_of_act(claim: Claim, at: Setting) -> int | None:
    """Year of a signature or an announcement; a year after the article's is that of something else."""
    last = int(claim.date.end[:4]) if claim.date else None
    return None if last is None or (at.year is not None and last > at.year) else last


def _ahead(claim: Claim, at: Setting) -> int | None:
    """Year of opening that a claim of something unfinished tells: one after the article's."""
    last = int(claim.date.end[:4]) if claim.date else None
    return last if last is not None and at.year is not None and last > at.year else None


def deal_row(claim: Claim, match: Match, project: str, at: Setting) -> tuple[Row | None, str]:
    """Row of money or an agreement that is new to the ledger, or contradicts a row; ``None`` and why not."""
    problem = _deal_problem(claim, at)
    if problem:
        return None, problem
    role, words = _role(claim, match, project, at)
    sectors = sectors_of(claim.project)
    own = at.region.table(PROJECTS)["sector"].get(project, "")
    musd = claim.amount.musd if claim.amount else None
    instrument = claim.instrument if claim.instrument in _instruments() else "agreement"
    currency = ""
    if claim.amount and claim.amount.currency != "USD" and claim.amount.rate is not None:
        currency = f"; {claim.amount.text} at {claim.amount.rate:g} of {claim.amount.rate_year}"
    return {
        "id": row_ids(claim, at.source)[DEALS],
        "partner": claim.partners[0],
        "recipient": ";".join(claim.recipients),
        "sector": own or (sectors[0] if len(sectors) == 1 else ANY_SECTOR),
        "project": project,
        "year": str(_year_of_act(claim, at) or ""),
        "amount_musd": _figure(musd),
        "instrument": instrument,
        "counterparty": tidy("; ".join(claim.actors), _LONGEST_NAME),
        "status": DEAL_STATUS.get(claim.status, "announced"),
        "role": role,
        "basis": "derived" if currency else "reported",
        "source": at.source,
        "note": _told(claim, currency) + (f"; role: {words}" if words else ""),
    }, ""


def _deal_problem(claim: Claim, at: Setting) -> str:
    if len(claim.partners) != 1:
        return "which of several partners gives what is not told" if claim.partners else "no partner is told"
    if not set(claim.partners) <= at.parties or not set(claim.recipients) <= at.parties:
        return "a party is not in the ledger's table of parties"
    if set(claim.partners) & at.nobody:
        return "who gives it is not told"
    if not claim.recipients:
        return "no recipient is told"
    if claim.amount is None and not (claim.actors or claim.project):
        return "neither a sum nor a subject is told"
    return ""


def _role(claim: Claim, match: Match, project: str, at: Setting) -> tuple[str, str]:
    """Role of a new deal, so that nothing counts twice, and the words that name the row it hangs on.

    Another sum for a row is a repeat that contradicts it and never counts. A sum of many things never
    counts. Of a project with a counted total it is a part; with tranches of the same partner it is one
    more.
    """
    if match.relation == "contradiction":
        return "reannouncement", f"contradicts {match.row.split(';')[0]}"
    if claim.aggregate:
        return "aggregate", ""
    deals = judged_deals(at.region.table(DEALS))
    own = deals[(deals["project"] == project) & deals["counts"]] if project else deals.iloc[:0]
    totals = own[own["role"] == "total"]
    if len(totals):
        return "part_of", f"within {sorted(totals.index)[0]} (judged)"
    return ("tranche", "") if len(own) else ("total", "")


def event_row(claim: Claim, at: Setting) -> tuple[Row | None, str]:
    """Row of a dated act that is new to the ledger, or ``None`` and why not."""
    if claim.date is None:
        return None, "no date is told"
    if not claim.partners or not claim.recipients:
        return None, "it is not told who acted towards whom"
    if not {*claim.partners, *claim.recipients} <= at.parties:
        return None, "a party is not in the ledger's table of parties"
    told = [claim.amount.text] if claim.amount else []
    return {
        "id": row_ids(claim, at.source)[EVENTS],
        "date": claim.date.start,
        "type": EVENT_TYPE[claim.type],
        "actor": ";".join(claim.partners),
        "target": ";".join(claim.recipients),
        "what": tidy(claim.project or claim.type.replace("_", " "), _LONGEST_NAME),
        "magnitude": tidy("; ".join([*told, *(other.text for other in claim.others)]), _LONGEST_NAME),
        "basis": "reported",
        "source": at.source,
        "note": _told(claim),
    }, ""


def wanted_tables(claim: Claim, match: Match) -> tuple[str, ...]:
    """Tables that a claim would add a row to, by its type and by what the ledger knows.

    A claim that may be a row already (a score from 0.1 to 0.5) adds none: a reader decides. Nor does one that
    differs from a deal in what a deal has no field for.
    """
    if match.relation == "contradiction" and match.table == DEALS and claim.type in MONEY_TYPES:
        differs = any(item.field == "amount" and item.verdict == "differs" for item in match.fields)
        return (DEALS,) if differs else ()
    if match.relation != "new" or match.score >= SHOWN:
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


def merged(rows: Sequence[Row]) -> Row:
    """One project that several claims tell of: the first word on each field stands."""
    return {name: next((row[name] for row in rows if row.get(name)), "") for name in rows[0]}


def _instruments() -> tuple[str, ...]:
    return table_schemas()[DEALS].field("instrument").constraints.enum or ()


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def _told(claim: Claim, more: str = "") -> str:
    who = f", says {tidy(claim.speaker, 60)}" if claim.speaker else ""
    bound = (
        f"; {claim.amount.bound.replace('_', ' ')}" if claim.amount and claim.amount.bound != "exact" else ""
    )
    quote = tidy(claim.quote, _LONGEST_QUOTE).replace('"', "'")
    return f'told: "{quote}"{who}{bound}{more}'
