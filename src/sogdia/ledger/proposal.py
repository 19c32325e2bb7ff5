"""What an article would add to a region pack: rows to put in, and what a reader must decide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim
from sogdia.errors import CannotRunError
from sogdia.ledger.drafting import (
    Setting,
    deal_row,
    event_row,
    merged,
    project_row,
    row_ids,
    wanted_tables,
)
from sogdia.ledger.evidence import telling_words
from sogdia.ledger.matching import SHOWN, Match, match_claims, matches_table, side_by_side
from sogdia.ledger.names import words_of
from sogdia.ledger.patch import Patch, Row, patch_of, tidy, write_patch
from sogdia.ledger.records import DEALS, EVENTS, PROJECTS
from sogdia.region import Region

REVIEW = "review"
"""Folder inside that of a patch, for what a reader must decide."""
TITLE_ALIKE = 90.0
"""Likeness of two headlines, of 100, from which they are one document if day and publisher do not differ."""
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Proposal:
    """Rows that an article would add, and what it says besides.

    Attributes:
        source: Id of the article among the sources, new or there already.
        patch: The rows.
        claims: The claims.
        matches: What the ledger knows of each.
        left_out: One row a claim that adds nothing: ``claim``, ``what``, ``why``.
    """

    source: str
    patch: Patch
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...]
    left_out: pd.DataFrame

    def review(self) -> dict[str, pd.DataFrame]:
        """Tables for a reader: matches, updates, contradictions, and what was left out and why."""
        return {
            "matches": matches_table(self.claims, self.matches),
            "updates": updates_table(self.claims, self.matches),
            "contradictions": side_by_side(self.claims, self.matches),
            "left_out": self.left_out,
        }


def propose(article: Article, claims: Sequence[Claim], region: Region, *, url: str = "") -> Proposal:
    """Draft the rows that an article would add to a region.

    New projects, deals and events become rows; a sum that contradicts a deal becomes a row beside it that
    never counts; an update is listed, not made, for a reader to judge. A claim that may be a row already
    adds none. Every row cites the article, which becomes a row of ``sources`` unless it is one. Ids come
    from what the article says alone, so that the same article proposes the same rows, and a row put in once
    is not new again.

    Args:
        article: The article.
        claims: Its claims.
        region: The region.
        url: Address of the article, where it has one.

    Returns:
        The proposal; its patch holds only rows that the region does not have.
    """
    source, source_row = source_of(article, region, url)
    ids = {claim.number: row_ids(claim, source) for claim in claims}
    standing = {name: set(region.table(name).index) for name in (PROJECTS, DEALS, EVENTS)}
    own = {row for tables in ids.values() for name, row in tables.items() if row in standing[name]}
    matches = match_claims(claims, region, told=article.date, without=own)
    parties = region.table("parties")
    at = Setting(
        region=_before(region, own),
        source=source,
        year=article.date.year if article.date else None,
        parties=frozenset(parties["code"]),
        nobody=frozenset(parties.loc[parties["kind"] == "world", "code"]),
    )
    rows, left, home = _draft(claims, matches, at)
    fresh: dict[str, list[Row]] = {}
    for name, drafted in rows.items():
        fresh[name] = [row for row in drafted if row["id"] not in standing[name]]
    if any(fresh.values()) and source_row is not None:
        fresh["sources"] = [source_row]
    shown = tuple(
        _entered(match, {**ids[match.claim], **home.get(match.claim, {})}, standing) for match in matches
    )
    left_out = pd.DataFrame(left, columns=["claim", "what", "why"])
    return Proposal(source, patch_of(fresh), tuple(claims), shown, left_out)


def _before(region: Region, own: set[str]) -> Region:
    """The region without the article's own rows, so that a second reading drafts the same."""
    if not own:
        return region
    tables = dict(region.tables)
    for name in (PROJECTS, DEALS, EVENTS):
        keep = ~tables[name].frame.index.isin(own)
        tables[name] = replace(tables[name], frame=tables[name].frame[keep], lines=tables[name].lines[keep])
    return replace(region, tables=tables)


def _entered(match: Match, ids: Mapping[str, str], standing: Mapping[str, set[str]]) -> Match:
    """A claim whose row was put in before is that row."""
    for name in (DEALS, EVENTS, PROJECTS):
        if ids[name] in standing[name]:
            project = ids[PROJECTS] if ids[PROJECTS] in standing[PROJECTS] else match.project
            why = "entered from this article before"
            return replace(
                match,
                relation="same",
                table=name,
                row=ids[name],
                score=1.0,
                project=project,
                fields=(),
                why=why,
            )
    return match


def _draft(
    claims: Sequence[Claim], matches: Sequence[Match], at: Setting
) -> tuple[dict[str, list[Row]], list[tuple[int, str, str]], dict[int, dict[str, str]]]:
    """Rows by table; number, subject and reason of each claim that adds none; the new project of a claim."""
    drafts: list[tuple[Claim, Row]] = []
    for claim, match in zip(claims, matches, strict=True):
        if PROJECTS in wanted_tables(claim, match):
            row, _ = project_row(claim, at)
            if row is not None:
                drafts.append((claim, row))
    groups = _one_a_project(drafts)
    home = {claim.number: group[0][1]["id"] for group in groups for claim, _ in group}
    rows: dict[str, list[Row]] = {PROJECTS: [merged([row for _, row in group]) for group in groups]}
    left: list[tuple[int, str, str]] = []
    for claim, match in zip(claims, matches, strict=True):
        made, why = claim.number in home, ""
        tables = wanted_tables(claim, match)
        for name in tables:
            if name == PROJECTS:
                why = "" if made else project_row(claim, at)[1]
                continue
            project = match.project or home.get(claim.number, "")
            row, reason = event_row(claim, at) if name == EVENTS else deal_row(claim, match, project, at)
            if row is None:
                why = why or reason
            elif not any(standing["id"] == row["id"] for standing in rows.setdefault(name, [])):
                rows[name].append(row)
                made = True
        if not made:
            left.append((claim.number, tidy(claim.project or claim.type), why or _known(match)))
    return rows, left, {number: {PROJECTS: key} for number, key in home.items()}


def _one_a_project(drafts: Sequence[tuple[Claim, Row]]) -> list[list[tuple[Claim, Row]]]:
    """Claims of one new project together: the same name of its own, in the same countries."""
    groups: dict[tuple[object, ...], list[tuple[Claim, Row]]] = {}
    for claim, row in drafts:
        words = frozenset(telling_words(claim.project))
        key = (words, claim.recipients, row["sector"], row["capacity"] if not words else "")
        groups.setdefault(key, []).append((claim, row))
    return list(groups.values())


def _known(match: Match) -> str:
    if match.relation == "statistic":
        return match.why
    if match.relation == "new":
        near = f"; {match.why}" if match.score >= SHOWN else ""
        return f"for a reader to decide{near}" if near else "no row of the ledger is made of such a claim"
    return f"{match.relation}: {match.row}, {match.why}"


def source_of(article: Article, region: Region, url: str = "") -> tuple[str, Row | None]:
    """Id of an article among the sources, and its row where it is not there yet.

    A document is the same where the address is, or where the headlines are alike and neither day nor
    publisher differ.
    """
    frame = region.table("sources")
    if url and (frame["url"] == url).any():
        return str(frame.index[frame["url"] == url][0]), None
    day = article.date.isoformat() if article.date else ""
    title = tidy(article.title, _LONGEST_TITLE) or tidy(article.name, _LONGEST_TITLE) or "Untitled"
    publisher = tidy(article.source, 80) or "not stated"
    made = _source_id(article, publisher, day)
    if made in frame.index:
        return made, None
    for key, standing in frame.sort_index().iterrows():
        if _same_document(title, publisher, day, standing):
            return str(key), None
    row = {"id": made, "title": title, "publisher": publisher, "date": day, "url": url}
    return made, row


def _source_id(article: Article, publisher: str, day: str) -> str:
    content = hashlib.sha256(f"{article.title}\x1f{day}\x1f{article.text}".encode("utf-8", "replace"))
    slug = re.sub(r"[^a-z0-9]+", "", "".join(words_of(publisher)).encode("ascii", "ignore").decode())[:16]
    return "_".join(filter(None, ("ar", slug, day.replace("-", ""), content.hexdigest()[:8])))


def _same_document(title: str, publisher: str, day: str, row: pd.Series) -> bool:
    from rapidfuzz import fuzz

    theirs = re.sub(r"\s*\([^)]*\)\s*$", "", str(row["title"]))
    shared = min(len(day), len(str(row["date"])))
    if not day or not row["date"] or day[:shared] != str(row["date"])[:shared]:
        return False
    same_house = fuzz.ratio(publisher.lower(), str(row["publisher"]).lower()) >= TITLE_ALIKE
    return same_house and fuzz.ratio(title.lower(), theirs.lower()) >= TITLE_ALIKE


def updates_table(claims: Sequence[Claim], matches: Sequence[Match]) -> pd.DataFrame:
    """What the article says beyond the ledger's rows, for a reader to enter: one row a field."""
    rows = [
        (match.table, match.row, item.field, item.recorded, item.claimed, claim.number, claim.quote)
        for claim, match in zip(claims, matches, strict=True)
        if match.relation == "update"
        for item in match.fields
        if item.decides
    ]
    return pd.DataFrame(rows, columns=["table", "row", "field", "recorded", "claimed", "claim", "quote"])


def write_proposal(proposal: Proposal, folder: Path) -> list[Path]:
    """Write the patch into a folder, and the tables for a reader into ``review`` inside it.

    Raises:
        InputError: If the folder is a region pack.
        CannotRunError: If it cannot be written.
    """
    files = write_patch(proposal.patch, folder)
    try:
        (folder / REVIEW).mkdir(exist_ok=True)
        for name, table in proposal.review().items():
            path = folder / REVIEW / f"{name}.csv"
            table.to_csv(path, index=False, lineterminator="\n")
            files.append(path)
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return files
