"""Each claim against the ledger: the same thing as a row, an update of it, a contradiction, or new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.evidence import Look, bits, telling_words
from sogdia.ledger.findings import Finding, standing
from sogdia.ledger.names import containment, vocabulary
from sogdia.ledger.records import (
    CORRIDORS,
    DEALS,
    EVENTS,
    PROJECTS,
    Record,
    corridor_records,
    deal_records,
    event_records,
    named_together,
    project_records,
)
from sogdia.region import Region

Relation = Literal["same", "update", "contradiction", "new", "statistic"]
RELATIONS: tuple[Relation, ...] = ("same", "update", "contradiction", "new", "statistic")

KNOWN = 0.5
"""Chance, before looking, that what an article claims is in the ledger; and the score from which it is."""
SHOWN = 0.1
"""Rows that are this likely are named as others that it may be; a claim whose best row lies between this and
:data:`KNOWN` is for a reader to decide."""
TOGETHER = 0.2
"""Chance, before looking, that tranches are meant together rather than one of them."""

TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "project": (PROJECTS, CORRIDORS),
        "deal": (DEALS, PROJECTS),
        "finance": (DEALS,),
        "finance_terms": (DEALS,),
        "aggregate_investment": (DEALS,),
        "agreement": (DEALS, EVENTS),
        "gas_supply": (DEALS, EVENTS),
        "visit_summit": (EVENTS,),
        "policy_threat": (EVENTS,),
    }
)
"""Tables that a type of claim is sought in, the first before the others where two fit alike. A type that is
not here is a statistic, which no table of the ledger holds."""


@dataclass(frozen=True, slots=True)
class Match:
    """What the ledger knows of a claim.

    Attributes:
        claim: Number of the claim in its article.
        relation: ``same``, ``update``, ``contradiction``, ``new``, or ``statistic`` where no table of the
            ledger holds such a figure.
        table: Table of the row; empty where the claim is new.
        row: Key of the row, or of tranches together with ``;`` between them.
        score: Chance from 0 to 1 that claim and row are one thing; of a new claim that of the best row.
        project: Row of ``projects`` that the claim is about; empty where none is known.
        fields: Each field that both tell, the most telling first, then what only one of them tells.
        why: The relation in words.
        others: Rows it may also be: table, key and score.
    """

    claim: int
    relation: Relation
    table: str
    row: str
    score: float
    project: str
    fields: tuple[Finding, ...]
    why: str
    others: tuple[tuple[str, str, float], ...] = ()

    @property
    def deciding(self) -> str:
        """The fields that decide it, in a phrase: those with the most bits, and all that differ."""
        told = [
            f"{item.field} {item.verdict}"
            for place, item in enumerate(self.fields)
            if (place < _DECIDING and item.bits) or item.verdict in ("differs", "later", "fills")
        ]
        return ", ".join(told)


_DECIDING = 4


@dataclass(frozen=True, slots=True)
class _Pair:
    record: Record
    score: float
    levels: Mapping[str, tuple[str, float]]
    named: float
    apart: float


def match_claims(
    claims: Sequence[Claim],
    region: Region,
    *,
    told: dt.date | None = None,
    without: Iterable[str] = (),
) -> tuple[Match, ...]:
    """Hold every claim against the projects, deals and events of a region.

    A row's score is the chance that claim and row are one thing, from the bits of
    :mod:`sogdia.ledger.evidence` and even chances, before looking, that the claim is known at all and by
    which of ``n`` rows: ``odds = 2^bits · KNOWN / (1 − KNOWN) / n``, ``score = odds / (1 + odds)``. From
    0.5 on the best row is taken.

    Args:
        claims: Claims of one article.
        region: The region.
        told: Day of the article: a later article may change a schedule, an earlier one only lags behind.
        without: Keys of rows that are not looked at.

    Returns:
        One match a claim, in the order of the claims. Neither the order of claims nor that of rows changes
        one. A type of claim that may stand in two tables is taken for a row of the first that knows it.
    """
    tables = _candidates(region, frozenset(without))
    look = _look(region, tables)
    return tuple(_match(claim, tables, look, told) for claim in claims)


def _candidates(region: Region, without: frozenset[str]) -> dict[str, tuple[Record, ...]]:
    found = _records(region)
    return {
        name: tuple(record for record in records if not without & set(record.rows))
        for name, records in found.items()
    }


def _records(region: Region) -> Mapping[str, tuple[Record, ...]]:
    return {
        PROJECTS: project_records(region),
        DEALS: deal_records(region),
        EVENTS: event_records(region),
        CORRIDORS: corridor_records(region),
    }


def _look(region: Region, tables: Mapping[str, Sequence[Record]]) -> Look:
    parties = region.table("parties")
    unions = {
        str(code): unit for code, unit in zip(parties["code"], parties["member_of"], strict=True) if unit
    }
    bags = [record.words for records in tables.values() for record in records if len(record.rows) == 1]
    return Look(vocabulary(bags), unions, dict(region.table(PROJECTS)["sector"]))


def _match(claim: Claim, tables: Mapping[str, Sequence[Record]], look: Look, told: dt.date | None) -> Match:
    sought = TABLES.get(claim.type)
    if sought is None:
        return Match(claim.number, "statistic", "", "", 0.0, _project_of(claim, look), (), _STATISTIC)
    by_table = _scored(claim, [_with_lists(claim, tables[name], look) for name in sought], look)
    pairs = sorted((pair for found in by_table for pair in found), key=_likeliest)
    first = next((found[0] for found in by_table if found and found[0].score >= KNOWN), None)
    if first is None:
        best = pairs[0] if pairs else None
        project = _project_of(claim, look) or _likely_project(claim, tables, look)
        return Match(
            claim.number,
            "new",
            "",
            "",
            best.score if best else 0.0,
            project,
            (),
            _nearest(best),
            _others(pairs),
        )
    relation, why, fields = standing(claim, first.record, first.levels, look, told)
    project = first.record.project or _project_of(claim, look)
    others = _others([pair for pair in pairs if pair is not first])
    return Match(
        claim.number,
        relation,
        first.record.table,
        first.record.key,
        first.score,
        project,
        fields,
        why,
        others,
    )


def _likeliest(pair: _Pair) -> tuple[float, float, float, tuple[str, ...]]:
    """Order of rows: by score, then by how much of the name and how nearly the sum is theirs, then by key."""
    return -round(pair.score, 4), -pair.named, pair.apart, pair.record.rows


def _with_lists(claim: Claim, records: Sequence[Record], look: Look) -> Sequence[Record]:
    """Candidates, and where the claim's name lists several projects, these together."""
    if not records or records[0].table != PROJECTS:
        return records
    together = named_together(claim.project, records, look.known)
    return records if together is None else (*records, together)


_STATISTIC = "a figure of debt, trade, transit or remittances: no deal, project or event"


def _scored(claim: Claim, tables: Sequence[Sequence[Record]], look: Look) -> list[list[_Pair]]:
    """Candidates of each table, the likeliest first. Each table may hold it; levels are counted over all."""
    levels = iter(bits(claim, [record for records in tables for record in records], look))
    name = telling_words(claim.project)
    found = []
    for records in tables:
        single = sum(len(record.rows) == 1 for record in records)
        pairs = []
        for record in records:
            told = next(levels)
            prior = KNOWN / (1 - KNOWN) / max(single, 1) * (1.0 if len(record.rows) == 1 else TOGETHER)
            odds = prior * 2.0 ** sum(amount for _, amount in told.values())
            named = round(containment(name, record.words, look.known) or 0.0, 4)
            pairs.append(_Pair(record, odds / (1 + odds), told, named, _apart(claim, record)))
        found.append(sorted(pairs, key=_likeliest))
    return found


def _apart(claim: Claim, record: Record) -> float:
    """How far apart the two sums are, as a share; 0 where either is not told."""
    if claim.amount is None or not claim.amount.musd or not record.amount_musd:
        return 0.0
    return abs(record.amount_musd / claim.amount.musd - 1)


def _project_of(claim: Claim, look: Look) -> str:
    return claim.project_id if claim.project_id in look.projects else ""


def _likely_project(claim: Claim, tables: Mapping[str, Sequence[Record]], look: Look) -> str:
    """Project that a claim of money is about, where the money itself is new."""
    if not claim.project or claim.aggregate:
        return ""
    (pairs,) = _scored(claim, [tables[PROJECTS]], look)
    return pairs[0].record.project if pairs and pairs[0].score >= KNOWN else ""


def _nearest(best: _Pair | None) -> str:
    if best is None or best.score < SHOWN:
        return "nothing like it is in the ledger"
    return f"nearest is {best.record.key}, with a score of {best.score:.2f}"


def _others(pairs: Sequence[_Pair]) -> tuple[tuple[str, str, float], ...]:
    likely = [pair for pair in pairs if pair.score >= SHOWN]
    return tuple((pair.record.table, pair.record.key, pair.score) for pair in likely[:_MOST_OTHERS])


_MOST_OTHERS = 4


def matches_table(claims: Sequence[Claim], matches: Sequence[Match]) -> pd.DataFrame:
    """Matches as a table, one row a claim: what is told, the relation, the row, the score, what decides."""
    rows = [
        {
            "claim": claim.number,
            "type": claim.type,
            "partners": ";".join(claim.partners),
            "recipients": ";".join(claim.recipients),
            "told_of": claim.project,
            "relation": match.relation,
            "table": match.table,
            "row": match.row,
            "score": round(match.score, 4),
            "project": match.project,
            "decided_by": match.deciding,
            "why": match.why,
            "others": ";".join(f"{row} {score:.2f}" for _, row, score in match.others),
            "quote": claim.quote,
        }
        for claim, match in zip(claims, matches, strict=True)
    ]
    columns = ["claim", "type", "partners", "recipients", "told_of", "relation", "table", "row", "score"]
    columns += ["project", "decided_by", "why", "others", "quote"]
    return pd.DataFrame(rows, columns=columns)


def side_by_side(claims: Sequence[Claim], matches: Sequence[Match]) -> pd.DataFrame:
    """Contradictions, both sides of each: what the ledger says, what the article says and where.

    Returns:
        One row a field that differs: ``table``, ``row``, ``field``, ``recorded``, ``claimed``, ``claim``,
        ``speaker``, ``quote``.
    """
    rows = [
        {
            "table": match.table,
            "row": match.row,
            "field": item.field,
            "recorded": item.recorded,
            "claimed": item.claimed,
            "claim": claim.number,
            "speaker": claim.speaker,
            "quote": claim.quote,
        }
        for claim, match in zip(claims, matches, strict=True)
        if match.relation == "contradiction"
        for item in match.fields
        if item.verdict == "differs" and item.decides
    ]
    columns = ["table", "row", "field", "recorded", "claimed", "claim", "speaker", "quote"]
    order = ["table", "row", "field", "claim"]
    return pd.DataFrame(rows, columns=columns).sort_values(order, ignore_index=True)
