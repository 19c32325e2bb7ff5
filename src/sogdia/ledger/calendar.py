"""The diplomatic calendar: agreements, summits and threats, each with what of the models it can reach."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.matching import Match, match_claims
from sogdia.ledger.records import EVENTS
from sogdia.region import Region

ACTS = ("visit_summit", "agreement", "policy_threat")
NOTHING = "nothing measurable"
_TRADE_ACTS = ("tariff", "sanction", "threat", "closure", "policy_threat")


def calendar(
    region: Region, claims: Sequence[Claim] = (), matches: Sequence[Match] | None = None
) -> pd.DataFrame:
    """Dated acts of the ledger and those an article tells, by date.

    An act can reach projects of deals of the same parties in its year that open rows of the models; a
    tariff, sanction, closure or threat also the trade between its parties. What reaches neither is told so.

    Returns:
        ``date``, ``type``, ``actors``, ``targets``, ``what``, ``row`` (event, empty if new), ``claims``
        (numbers of the claims that tell of it) and ``changes``.
    """
    found = match_claims(claims, region) if matches is None else tuple(matches)
    told: dict[str, list[int]] = {}
    rows = []
    for claim, match in zip(claims, found, strict=True):
        if match.table == EVENTS:
            told.setdefault(match.row, []).append(claim.number)
        elif claim.type in ACTS:
            date = claim.date.start if claim.date else ""
            parties = (";".join(claim.partners), ";".join(claim.recipients))
            changes = _changes(region, claim.type, *parties, date)
            rows.append((date, claim.type, *parties, claim.project, "", str(claim.number), changes))
    for row in region.table(EVENTS).to_dict("records"):
        changes = _changes(region, row["type"], row["actor"], row["target"], row["date"])
        numbers = ", ".join(map(str, told.get(row["id"], [])))
        act = (row["date"], row["type"], row["actor"], row["target"], row["what"], row["id"])
        rows.append((*act, numbers, changes))
    columns = ["date", "type", "actors", "targets", "what", "row", "claims", "changes"]
    return pd.DataFrame(rows, columns=columns).sort_values(["date", "row", "claims"], ignore_index=True)


def _changes(region: Region, kind: str, actors: str, targets: str, date: str) -> str:
    first, second = set(actors.split(";")), set(targets.split(";"))
    parts = []
    if kind in _TRADE_ACTS:
        trade = region.table("trade")
        there = trade["exporter"].isin(first) & trade["importer"].isin(second)
        back = trade["exporter"].isin(second) & trade["importer"].isin(first)
        count = int((there | back).sum())
        parts += [f"trade: {count} rows between the two"] if count else []
    deals, effects = region.table("deals"), region.table("project_effects")
    own = deals[deals["partner"].isin(first | second) & (deals["year"].astype("str") == date[:4])]
    near = [bool(set(cell.split(";")) & (first | second)) for cell in own["recipient"]]
    projects = sorted((set(own.loc[near, "project"]) - {""}) & set(effects["project"]))
    parts += [f"projects: {', '.join(projects)}"] if projects else []
    return "; ".join(parts) or NOTHING
