"""Match claims with the ledger: each is the same as a row, an update of it, in conflict with it, or new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.candidates import LEVELS, UNKNOWN, Candidates
from sogdia.ledger.findings import Finding, relate, veto
from sogdia.ledger.match_weights import MatchContext
from sogdia.ledger.name_similarity import build_vocabulary
from sogdia.ledger.records import (
    CORRIDORS,
    DEALS,
    EVENTS,
    PROJECTS,
    Record,
    corridor_records,
    deal_records,
    event_records,
    listed_projects,
    project_records,
)
from sogdia.ledger.tables import CONFLICTS, MATCHES
from sogdia.region import Region

Relation = Literal["same", "update", "conflict", "new", "statistic"]

PRIOR = 0.5
"""Prior probability that a claim is in the ledger."""
MATCH_SCORE = 0.5
"""Score from which the best row is the match."""
POSSIBLE_SCORE = 0.1
"""Score from which a row is listed as possible. If the best row scores below :data:`MATCH_SCORE` but not
below this, the claim needs a decision of the user."""
PRIOR_JOINT = 0.2
"""Prior odds of several rows together, relative to one of them."""

TABLES_BY_TYPE: Mapping[str, tuple[str, ...]] = MappingProxyType(
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
"""Tables searched for a type of claim, in order of precedence. A type that is missing here is a statistic,
which no table of the ledger holds."""
_STATISTIC = "a figure of debt, trade, transit or remittances: not a deal, project or event"
_DECIDING = 4
"""Fields with the largest weights that are named as deciding."""
_MAX_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A claim with the row of the ledger that it matches.

    Attributes:
        claim: Number of the claim in its article.
        relation: ``same``, ``update``, ``conflict``, ``new``, or ``statistic`` if no table of the ledger
            holds such a figure.
        table: Table of the row; empty if the claim is new.
        row: Id of the row, or ids of several joined by ``;``.
        score: Probability from 0 to 1 that claim and row match; of a new claim that of the best row.
        project: Row of ``projects`` that the claim is about; empty if none is known.
        fields: Fields compared, those of the largest weight first.
        reason: Reason for the relation.
        alternatives: Other possible rows: table, id and score.
    """

    claim: int
    relation: Relation
    table: str
    row: str
    score: float
    project: str
    fields: tuple[Finding, ...]
    reason: str
    alternatives: tuple[tuple[str, str, float], ...] = ()

    @property
    def decided_by(self) -> str:
        """The deciding fields: those with the largest weights, and all that differ."""
        deciding = [
            f"{item.field} {item.verdict}"
            for place, item in enumerate(self.fields)
            if (place < _DECIDING and item.bits) or item.verdict in ("differs", "later", "fills")
        ]
        return ", ".join(deciding)


@dataclass(frozen=True, slots=True)
class _Candidate:
    record: Record
    score: float
    levels: Mapping[str, tuple[str, float]]
    name_share: float
    amount_difference: float


def match_claims(
    claims: Sequence[Claim],
    region: Region,
    *,
    published: dt.date | None = None,
    exclude: Iterable[str] = (),
) -> tuple[Match, ...]:
    """Match claims with the projects, deals, events and corridors of a region.

    The score of a row is the posterior probability that claim and row match, from the match weights of
    :mod:`sogdia.ledger.match_weights` in bits, the prior that the claim is in the ledger, and equal priors
    of its ``n`` rows: ``odds = 2^bits · PRIOR / (1 − PRIOR) / n``, ``score = odds / (1 + odds)``. From a
    score of 0.5 on the best row is the match.

    Args:
        claims: Claims of one article.
        region: The region.
        published: Date of the article: a later article may change a schedule, an earlier one is out of date.
        exclude: Ids of rows that are not considered.

    Returns:
        One match per claim, in the order of the claims. The order of claims or rows changes no match. If two
        tables may hold a claim, the first with a match takes precedence.
    """
    matcher = Matcher(region, exclude=exclude)
    return tuple(matcher.match(claim, published) for claim in claims)


class Matcher:
    """Match claims one by one; what claims share is computed once.

    Args:
        region: The region.
        exclude: Ids of rows that are not considered.
    """

    def __init__(self, region: Region, exclude: Iterable[str] = ()) -> None:
        self._tables = _candidate_records(region, frozenset(exclude))
        self._context = _context(region, self._tables)
        self._candidates: dict[tuple[str, ...], Candidates] = {}

    def match(self, claim: Claim, published: dt.date | None = None) -> Match:
        """Match a claim, as in :func:`match_claims`.

        Args:
            claim: The claim.
            published: Date of its article.
        """
        names = TABLES_BY_TYPE.get(claim.type)
        if names is None:
            project = _project_of(claim, self._context)
            return Match(claim.number, "statistic", "", "", 0.0, project, (), _STATISTIC)
        by_table = self._scored(claim, names)
        candidates = sorted((item for found in by_table for item in found), key=_rank)
        likely = [item for item in candidates if item.score >= MATCH_SCORE]
        vetoes = {item.record.rows: veto(claim, item.record, item.levels) for item in likely}
        free = [[item for item in found if not vetoes.get(item.record.rows)] for found in by_table]
        first = next((found[0] for found in free if found and found[0].score >= MATCH_SCORE), None)
        if first is None and any(vetoes.values()):
            return self._vetoed(claim, likely[0], vetoes[likely[0].record.rows], candidates)
        if first is None:
            best = candidates[0] if candidates else None
            project = _project_of(claim, self._context) or self._likely_project(claim)
            score = best.score if best else 0.0
            return Match(
                claim.number, "new", "", "", score, project, (), _nearest(best), _alternatives(candidates)
            )
        relation, reason, fields = relate(claim, first.record, first.levels, self._context, published)
        return Match(
            claim.number,
            relation,
            first.record.table,
            first.record.key,
            first.score,
            first.record.project or _project_of(claim, self._context),
            fields,
            reason,
            _alternatives([item for item in candidates if item is not first]),
        )

    def _vetoed(
        self, claim: Claim, best: _Candidate, problem: str, candidates: Sequence[_Candidate]
    ) -> Match:
        """Return a claim that needs a decision: the row most like it contradicts its country or status."""
        project = _project_of(claim, self._context)
        reason = f"{best.record.key} is not it: {problem}"
        return Match(claim.number, "new", "", "", best.score, project, (), reason, _alternatives(candidates))

    def _scored(self, claim: Claim, names: tuple[str, ...]) -> list[list[_Candidate]]:
        """Return the possible rows and the nearest one of each table, the most likely first.

        Weights are counted over all tables.
        """
        tables = [self._with_listed(claim, name) for name in names]
        if all(records is self._tables[name] for name, records in zip(names, tables, strict=True)):
            if names not in self._candidates:
                self._candidates[names] = Candidates(list(chain.from_iterable(tables)), self._context)
            candidates = self._candidates[names]
        else:
            candidates = Candidates(list(chain.from_iterable(tables)), self._context)
        return _scored(claim, candidates, [len(records) for records in tables])

    def _with_listed(self, claim: Claim, name: str) -> Sequence[Record]:
        """Return the records of a table, with the projects together that the claim's name lists."""
        records = self._tables[name]
        if name != PROJECTS or not records:
            return records
        listed = listed_projects(claim.project, records, self._context.vocabulary)
        return records if listed is None else (*records, listed)

    def _likely_project(self, claim: Claim) -> str:
        """Return the project that a new deal is about."""
        if not claim.project or claim.aggregate:
            return ""
        names = (PROJECTS,)
        if names not in self._candidates:
            self._candidates[names] = Candidates(self._tables[PROJECTS], self._context)
        (found,) = _scored(claim, self._candidates[names], [len(self._tables[PROJECTS])])
        return found[0].record.project if found and found[0].score >= MATCH_SCORE else ""


def _candidate_records(region: Region, exclude: frozenset[str]) -> dict[str, tuple[Record, ...]]:
    records = {
        PROJECTS: project_records(region),
        DEALS: deal_records(region),
        EVENTS: event_records(region),
        CORRIDORS: corridor_records(region),
    }
    return {
        name: tuple(record for record in found if not exclude & set(record.rows))
        for name, found in records.items()
    }


def _context(region: Region, tables: Mapping[str, Sequence[Record]]) -> MatchContext:
    parties = region.table("parties")
    unions = {
        str(code): union for code, union in zip(parties["code"], parties["member_of"], strict=True) if union
    }
    words = [record.words for records in tables.values() for record in records if len(record.rows) == 1]
    return MatchContext(build_vocabulary(words), unions, dict(region.table(PROJECTS)["sector"]))


def _rank(item: _Candidate) -> tuple[float, float, float, tuple[str, ...]]:
    """Return the sorting key of candidates: score, then share of the name, nearness of the amount, and id."""
    return -round(item.score, 4), -item.name_share, item.amount_difference, item.record.rows


def _scored(claim: Claim, candidates: Candidates, sizes: Sequence[int]) -> list[list[_Candidate]]:
    """Return the possible rows and the nearest one of each part of the candidates, the most likely first."""
    levels = candidates.levels(claim)
    bits = sum((weights for _, weights in levels.values()), np.zeros(len(candidates.records)))
    shares = np.round(candidates.name_shares(claim), 4)
    differences = candidates.amount_differences(claim)
    found, start = [], 0
    for size in sizes:
        places = np.arange(start, start + size)
        single = int(candidates.is_single[places].sum())
        joint = np.where(candidates.is_single[places], 1.0, PRIOR_JOINT)
        odds = PRIOR / (1 - PRIOR) / max(single, 1) * joint * 2.0 ** bits[places]
        scores = odds / (1 + odds)
        order = np.lexsort(
            (candidates.order[places], differences[places], -shares[places], -np.round(scores, 4))
        )
        shown = [place for rank, place in enumerate(order) if not rank or scores[place] >= POSSIBLE_SCORE]
        found.append(
            [
                _Candidate(
                    candidates.records[start + place],
                    float(scores[place]),
                    {
                        name: (LEVELS[name][column[start + place]], float(weights[start + place]))
                        for name, (column, weights) in levels.items()
                        if column[start + place] != UNKNOWN
                    },
                    float(shares[start + place]),
                    float(differences[start + place]),
                )
                for place in shown
            ]
        )
        start += size
    return found


def _project_of(claim: Claim, context: MatchContext) -> str:
    return claim.project_id if claim.project_id in context.project_sectors else ""


def _nearest(best: _Candidate | None) -> str:
    if best is None or best.score < POSSIBLE_SCORE:
        return "no similar row in the ledger"
    return f"nearest is {best.record.key}, with a score of {best.score:.2f}"


def _alternatives(candidates: Sequence[_Candidate]) -> tuple[tuple[str, str, float], ...]:
    likely = [item for item in candidates if item.score >= POSSIBLE_SCORE]
    return tuple((item.record.table, item.record.key, item.score) for item in likely[:_MAX_ALTERNATIVES])


def matches_table(claims: Sequence[Claim], matches: Sequence[Match]) -> pd.DataFrame:
    """Return matches as a table, one row per claim.

    Args:
        claims: The claims.
        matches: Their matches.

    Returns:
        The table :data:`sogdia.ledger.tables.MATCHES`.
    """
    return MATCHES.frame(
        (
            claim.number,
            claim.type,
            ";".join(claim.partners),
            ";".join(claim.recipients),
            claim.project,
            match.relation,
            match.table,
            match.row,
            round(match.score, 4),
            claim.confidence,
            match.project,
            match.decided_by,
            match.reason,
            ";".join(f"{row} {score:.2f}" for _, row, score in match.alternatives),
            claim.quote,
        )
        for claim, match in zip(claims, matches, strict=True)
    )


def conflicts_table(claims: Sequence[Claim], matches: Sequence[Match]) -> pd.DataFrame:
    """Return the conflicts between claims and ledger, one row per field.

    Args:
        claims: The claims.
        matches: Their matches.

    Returns:
        The table :data:`sogdia.ledger.tables.CONFLICTS`.
    """
    rows = (
        (
            match.table,
            match.row,
            item.field,
            item.recorded,
            item.claimed,
            claim.number,
            claim.speaker,
            claim.quote,
        )
        for claim, match in zip(claims, matches, strict=True)
        if match.relation == "conflict"
        for item in match.fields
        if item.verdict == "differs" and item.is_decisive
    )
    order = ["table", "row", "field", "claim"]
    return CONFLICTS.frame(rows).sort_values(order, ignore_index=True)
