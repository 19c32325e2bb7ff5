"""Diplomatic calendar: agreements, summits and threats, each with the projects and trade it can affect."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.matching import Match, match_claims
from sogdia.ledger.records import EVENTS
from sogdia.ledger.tables import CALENDAR
from sogdia.region import Region

EVENT_CLAIMS = ("visit_summit", "agreement", "policy_threat")
"""Types of claim that are events."""
NO_EFFECT = "nothing measurable"
_TRADE_EVENTS = ("tariff", "sanction", "threat", "closure", "policy_threat")


def calendar(
    region: Region, claims: Sequence[Claim] = (), matches: Sequence[Match] | None = None
) -> pd.DataFrame:
    """List the dated events of the ledger and of an article, by date.

    An event can affect projects with an effect in the models whose deals are of its parties and year. A
    tariff, sanction, closure or threat can also affect the trade between its parties.

    Args:
        region: The region.
        claims: Claims of an article.
        matches: Their matches; computed if not given.

    Returns:
        The table :data:`sogdia.ledger.tables.CALENDAR`.
    """
    found = match_claims(claims, region) if matches is None else tuple(matches)
    reported: dict[str, list[int]] = {}
    rows = []
    for claim, match in zip(claims, found, strict=True):
        if match.table == EVENTS:
            reported.setdefault(match.row, []).append(claim.number)
        elif claim.type in EVENT_CLAIMS:
            date = claim.date.start if claim.date else ""
            parties = (";".join(claim.partners), ";".join(claim.recipients))
            changes = _changes(region, claim.type, *parties, date)
            rows.append((date, claim.type, *parties, claim.project, "", str(claim.number), changes))
    for row in region.table(EVENTS).to_dict("records"):
        changes = _changes(region, row["type"], row["actor"], row["target"], row["date"])
        numbers = ", ".join(map(str, reported.get(row["id"], [])))
        event = (row["date"], row["type"], row["actor"], row["target"], row["what"], row["id"])
        rows.append((*event, numbers, changes))
    return CALENDAR.frame(rows).sort_values(["date", "row", "claims"], ignore_index=True)


def _changes(region: Region, kind: str, actors: str, targets: str, date: str) -> str:
    first, second = set(actors.split(";")), set(targets.split(";"))
    parts = []
    if kind in _TRADE_EVENTS:
        trade = region.table("trade")
        forward = trade["exporter"].isin(first) & trade["importer"].isin(second)
        backward = trade["exporter"].isin(second) & trade["importer"].isin(first)
        count = int((forward | backward).sum())
        parts += [f"trade: {count} rows between the two"] if count else []
    deals, effects = region.table("deals"), region.table("project_effects")
    own = deals[deals["partner"].isin(first | second) & (deals["year"].astype("str") == date[:4])]
    of_parties = [bool(set(cell.split(";")) & (first | second)) for cell in own["recipient"]]
    projects = sorted((set(own.loc[of_parties, "project"]) - {""}) & set(effects["project"]))
    parts += [f"projects: {', '.join(projects)}"] if projects else []
    return "; ".join(parts) or NO_EFFECT
