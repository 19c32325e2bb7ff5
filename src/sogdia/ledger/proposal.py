"""Propose the rows that an article would add to a region pack, and list what needs a decision."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim
from sogdia.files import write_csv_folder
from sogdia.ledger.draft_rows import (
    DraftContext,
    deal_row,
    event_row,
    merge_rows,
    project_row,
    row_ids,
    target_tables,
)
from sogdia.ledger.match_weights import distinctive_words
from sogdia.ledger.matching import POSSIBLE_SCORE, Match, conflicts_table, match_claims, matches_table
from sogdia.ledger.name_similarity import name_words
from sogdia.ledger.patch import Patch, Row, cell_text, patch_of, write_patch
from sogdia.ledger.records import DEALS, EVENTS, PROJECTS
from sogdia.ledger.tables import UPDATES, WITHOUT_ROW
from sogdia.region import Region

REVIEW = "review"
"""Folder inside that of a patch, with the tables for review."""
SAME_TITLE = 90.0
"""Similarity of two headlines or publishers, of 100, from which they count as equal."""
_MAX_TITLE = 200


@dataclass(frozen=True)
class Proposal:
    """Rows that an article would add to a pack.

    Attributes:
        source: Id of the article among the sources, new or existing.
        patch: The rows.
        claims: The claims.
        matches: Their matches with the ledger.
        left_out: Claims that add no row: the table :data:`sogdia.ledger.tables.WITHOUT_ROW`.
    """

    source: str
    patch: Patch
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...]
    left_out: pd.DataFrame

    def review(self) -> dict[str, pd.DataFrame]:
        """Return the tables for review: matches, updates, conflicts and claims without a row."""
        return {
            "matches": matches_table(self.claims, self.matches),
            "updates": updates_table(self.claims, self.matches),
            "conflicts": conflicts_table(self.claims, self.matches),
            "left_out": self.left_out,
        }


@dataclass(frozen=True)
class _Drafts:
    """Drafted rows by table, claims without a row, and the new project of each claim."""

    rows: dict[str, list[Row]]
    left_out: list[tuple[int, str, str]]
    new_projects: dict[int, str]


def propose(article: Article, claims: Sequence[Claim], region: Region, *, url: str = "") -> Proposal:
    """Draft the rows that an article would add to a region.

    New projects, deals and events become rows. An amount in conflict with a deal becomes a row that never
    counts. An update is listed, not made, because the user decides. A claim that may match a row adds none.
    Every row cites the article, which becomes a row of ``sources`` unless it is one already. Ids depend on
    the article alone, so that the same article proposes the same rows, and a row added once is not new
    again.

    Args:
        article: The article.
        claims: Its claims.
        region: The region.
        url: Address of the article, if any.

    Returns:
        The proposal; its patch holds only rows that the region lacks.
    """
    source, source_row = source_of(article, region, url)
    ids = {claim.number: row_ids(claim, source) for claim in claims}
    existing = {name: set(region.table(name).index) for name in (PROJECTS, DEALS, EVENTS)}
    own = {row for tables in ids.values() for name, row in tables.items() if row in existing[name]}
    matches = match_claims(claims, region, published=article.date, exclude=own)
    parties = region.table("parties")
    context = DraftContext(
        region=_without_rows(region, own),
        source=source,
        year=article.date.year if article.date else None,
        parties=frozenset(parties["code"]),
        unspecified=frozenset(parties.loc[parties["kind"] == "world", "code"]),
    )
    drafts = _draft(claims, matches, context)
    drafts = _of_region(drafts, claims, set(region.home))
    fresh: dict[str, list[Row]] = {}
    for name, drafted in drafts.rows.items():
        fresh[name] = [row for row in drafted if row["id"] not in existing[name]]
    if any(fresh.values()) and source_row is not None:
        fresh["sources"] = [source_row]
    shown = []
    for match in matches:
        own_ids = ids[match.claim]
        if match.claim in drafts.new_projects:
            own_ids = {**own_ids, PROJECTS: drafts.new_projects[match.claim]}
        shown.append(_with_own_row(match, own_ids, existing))
    return Proposal(source, patch_of(fresh), tuple(claims), tuple(shown), WITHOUT_ROW.frame(drafts.left_out))


def _without_rows(region: Region, rows: set[str]) -> Region:
    """Return the region without the article's own rows, so that a second reading drafts the same."""
    if not rows:
        return region
    tables = dict(region.tables)
    for name in (PROJECTS, DEALS, EVENTS):
        keep = ~tables[name].frame.index.isin(rows)
        tables[name] = replace(tables[name], frame=tables[name].frame[keep], lines=tables[name].lines[keep])
    return replace(region, tables=tables)


def _with_own_row(match: Match, ids: Mapping[str, str], existing: Mapping[str, set[str]]) -> Match:
    """Return the match with the row that this article added before, if there is one."""
    for name in (DEALS, EVENTS, PROJECTS):
        if ids[name] in existing[name]:
            project = ids[PROJECTS] if ids[PROJECTS] in existing[PROJECTS] else match.project
            return replace(
                match,
                relation="same",
                table=name,
                row=ids[name],
                score=1.0,
                project=project,
                fields=(),
                reason="added from this article before",
            )
    return match


def _of_region(drafts: _Drafts, claims: Sequence[Claim], home: set[str]) -> _Drafts:
    """Return the drafts, or none if no claim of the article names a party of the region."""
    if any({*claim.partners, *claim.recipients} & home for claim in claims):
        return drafts
    reason = "the article is about none of the region's states"
    left_out = [(claim.number, cell_text(claim.project or claim.type), reason) for claim in claims]
    return _Drafts({}, left_out, {})


def _draft(claims: Sequence[Claim], matches: Sequence[Match], context: DraftContext) -> _Drafts:
    new_projects, rows = _draft_projects(claims, matches, context)
    left_out: list[tuple[int, str, str]] = []
    for claim, match in zip(claims, matches, strict=True):
        has_row, reason = claim.number in new_projects, ""
        for name in target_tables(claim, match):
            if name == PROJECTS:
                reason = "" if has_row else project_row(claim, context)[1]
                continue
            project = match.project or new_projects.get(claim.number, "")
            row, problem = (
                event_row(claim, context) if name == EVENTS else deal_row(claim, match, project, context)
            )
            if row is None:
                reason = reason or problem
            elif not any(other["id"] == row["id"] for other in rows.setdefault(name, [])):
                rows[name].append(row)
                has_row = True
        if not has_row:
            subject = cell_text(claim.project or claim.type)
            left_out.append((claim.number, subject, reason or _why_matched(match)))
    return _Drafts(rows, left_out, new_projects)


def _draft_projects(
    claims: Sequence[Claim], matches: Sequence[Match], context: DraftContext
) -> tuple[dict[int, str], dict[str, list[Row]]]:
    """Return the id of the new project of each claim, and the rows of the new projects."""
    drafts: list[tuple[Claim, Row]] = []
    for claim, match in zip(claims, matches, strict=True):
        if PROJECTS in target_tables(claim, match):
            row, _ = project_row(claim, context)
            if row is not None:
                drafts.append((claim, row))
    groups = _by_project(drafts)
    new_projects = {claim.number: group[0][1]["id"] for group in groups for claim, _ in group}
    return new_projects, {PROJECTS: [merge_rows([row for _, row in group]) for group in groups]}


def _by_project(drafts: Sequence[tuple[Claim, Row]]) -> list[list[tuple[Claim, Row]]]:
    """Group claims of one new project: the same distinctive words, in the same countries."""
    groups: dict[tuple[object, ...], list[tuple[Claim, Row]]] = {}
    for claim, row in drafts:
        words = frozenset(distinctive_words(claim.project))
        key = (words, claim.recipients, row["sector"], row["capacity"] if not words else "")
        groups.setdefault(key, []).append((claim, row))
    return list(groups.values())


def _why_matched(match: Match) -> str:
    if match.relation == "statistic":
        return match.reason
    if match.relation == "new":
        if match.score >= POSSIBLE_SCORE:
            return f"needs a decision; {match.reason}"
        return "no table of the ledger holds such a claim"
    return f"{match.relation}: {match.row}, {match.reason}"


def source_of(article: Article, region: Region, url: str = "") -> tuple[str, Row | None]:
    """Return the id of an article among the sources, and its row if it is new.

    A document is the same if its address is the same, or if day, publisher and headline agree.

    Args:
        article: The article.
        region: The region.
        url: Address of the article, if any.
    """
    frame = region.table("sources")
    if url and (frame["url"] == url).any():
        return str(frame.index[frame["url"] == url][0]), None
    day = article.date.isoformat() if article.date else ""
    title = cell_text(article.title, _MAX_TITLE) or cell_text(article.name, _MAX_TITLE) or "Untitled"
    publisher = cell_text(article.source, 80) or "not stated"
    own_id = _source_id(article, publisher, day)
    if own_id in frame.index:
        return own_id, None
    for key, other in frame.sort_index().iterrows():
        if _is_same_document(title, publisher, day, other):
            return str(key), None
    return own_id, {"id": own_id, "title": title, "publisher": publisher, "date": day, "url": url}


def _source_id(article: Article, publisher: str, day: str) -> str:
    content = hashlib.sha256(f"{article.title}\x1f{day}\x1f{article.text}".encode("utf-8", "replace"))
    slug = re.sub(r"[^a-z0-9]+", "", "".join(name_words(publisher)).encode("ascii", "ignore").decode())[:16]
    return "_".join(filter(None, ("ar", slug, day.replace("-", ""), content.hexdigest()[:8])))


def _is_same_document(title: str, publisher: str, day: str, row: pd.Series) -> bool:
    from rapidfuzz import fuzz

    other_title = re.sub(r"\s*\([^)]*\)\s*$", "", str(row["title"]))
    shared = min(len(day), len(str(row["date"])))
    if not day or not row["date"] or day[:shared] != str(row["date"])[:shared]:
        return False
    same_publisher = fuzz.ratio(publisher.lower(), str(row["publisher"]).lower()) >= SAME_TITLE
    return same_publisher and fuzz.ratio(title.lower(), other_title.lower()) >= SAME_TITLE


def updates_table(claims: Sequence[Claim], matches: Sequence[Match]) -> pd.DataFrame:
    """Return what an article adds to rows of the ledger, for the user to enter, one row per field.

    Args:
        claims: The claims.
        matches: Their matches.

    Returns:
        The table :data:`sogdia.ledger.tables.UPDATES`.
    """
    return UPDATES.frame(
        (match.table, match.row, item.field, item.recorded, item.claimed, claim.number, claim.quote)
        for claim, match in zip(claims, matches, strict=True)
        if match.relation == "update"
        for item in match.fields
        if item.is_decisive
    )


def write_proposal(proposal: Proposal, folder: Path) -> list[Path]:
    """Write the patch into a folder, and the tables for review into ``review`` inside it.

    Returns:
        The files written.

    Raises:
        InputError: If the folder is a region pack.
        CannotRunError: If it cannot be written.
    """
    files = write_patch(proposal.patch, folder)
    return files + write_csv_folder(folder / REVIEW, proposal.review())
