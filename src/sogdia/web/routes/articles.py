"""Routes of articles: claims of a text with their matches, and a plan drafted from the accepted ones."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sogdia.api import ArticleReading
from sogdia.articles import Claim
from sogdia.errors import InputError
from sogdia.ledger.matching import Match
from sogdia.web.drafts import CheckedDraft, checked_draft
from sogdia.web.library import check_text
from sogdia.web.models import Answer
from sogdia.web.readings import Correction, Readings, corrected_claims, draft_from
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1/articles", tags=["articles"])
LONGEST_TEXT = 3 * 2**20
LONGEST_NAME = 40
_READINGS: WeakKeyDictionary[Workbench, Readings] = WeakKeyDictionary()


class ArticleText(BaseModel):
    """An article: its text, or the bytes of its file."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=LONGEST_TEXT, description="The text as pasted.")
    data: str | None = Field(None, max_length=LONGEST_TEXT, description="Bytes of a file, in base64.")
    file: str = Field("", max_length=200, description="Name of the file.")

    @model_validator(mode="after")
    def _has_one_form(self) -> ArticleText:
        if (self.text is None) == (self.data is None):
            raise ValueError("give either text or data")
        return self

    def content(self) -> bytes:
        """Return the bytes of the article.

        Raises:
            InputError: If the data are not base64.
        """
        if self.text is not None:
            return self.text.encode(errors="replace")
        try:
            return base64.b64decode(self.data or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError("data: not base64") from error


class AcceptedClaims(ArticleText):
    """An article with the decisions on its claims."""

    claims: Annotated[list[Correction], Field(max_length=5000)] = []
    opening_year: Annotated[
        int | None, Field(ge=1950, le=2100, description="Year for projects without a published one.")
    ] = None
    published_only: bool = Field(
        default=False, description="Leave out projects without a published year; assume no payer."
    )


class MatchInfo(Answer):
    """Relation of a claim to the ledger."""

    relation: str
    table: str
    row: str
    score: float
    project: str
    reason: str
    alternatives: tuple[tuple[str, str, float], ...]


class ClaimInfo(Answer):
    """A claim of an article, with the place of its sentence in the text."""

    number: int
    type: str
    partners: tuple[str, ...]
    recipients: tuple[str, ...]
    project: str
    project_id: str
    amount: str
    amount_musd: float | None
    capacity_mw: float | None
    length_km: float | None
    date: str
    status: str
    modality: str
    speaker: str
    instrument: str
    is_aggregate: bool
    start: int
    end: int
    quote: str
    confidence: float
    match: MatchInfo


class ArticleClaims(Answer):
    """An article as read."""

    title: str
    source: str
    author: str
    date: str
    text: str
    is_read: bool = Field(description="Claims are read from its language.")
    remarks: tuple[str, ...]
    claims: tuple[ClaimInfo, ...]


class UnusedClaim(Answer):
    """A claim that the plan does not use."""

    claim: int
    subject: str
    reason: str


class ArticlePlan(Answer):
    """A plan drafted from accepted claims."""

    plan: CheckedDraft
    claims_by_project: Mapping[str, tuple[int, ...]]
    unused: tuple[UnusedClaim, ...]
    matches: tuple[MatchInfo, ...]


@router.post("/read")
def read(bench: Bench, article: ArticleText) -> ArticleClaims:
    """Read claims from an article and match them with the ledger; all of it on this machine."""
    reading = _reading(bench, article)
    claims = zip(reading.records, reading.matching, strict=True)
    source = reading.article
    return ArticleClaims(
        title=source.title, source=source.source, author=source.author,
        date=source.date.isoformat() if source.date else "", text=source.text, is_read=reading.is_read,
        remarks=source.remarks, claims=tuple(_claim_info(claim, match) for claim, match in claims),
    )  # fmt: skip


@router.post("/plan")
def plan(bench: Bench, article: AcceptedClaims) -> ArticlePlan:
    """Draft a plan from the accepted and corrected claims of an article."""
    reading = _reading(bench, article)
    draft = draft_from(reading, article.claims, article.opening_year, published_only=article.published_only)
    _, matches = corrected_claims(reading, article.claims)
    checked = check_text(bench, "plans", plan_name(draft.plan.title), draft.text)
    return ArticlePlan(
        plan=checked_draft(bench, checked),
        claims_by_project=dict(draft.claims),
        unused=tuple(
            UnusedClaim(claim=each.claim, subject=each.subject, reason=each.reason) for each in draft.unused
        ),
        matches=tuple(_match_info(match) for match in matches),
    )


def plan_name(title: str) -> str:
    """Return a name under which a plan with a title may be saved."""
    plain = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:LONGEST_NAME].strip("_")
    return plain or "article"


def _reading(bench: Workbench, article: ArticleText) -> ArticleReading:
    readings = _READINGS.setdefault(bench, Readings())
    return readings.read(article.content(), article.file, bench.region)[1]


def _claim_info(claim: Claim, match: Match) -> ClaimInfo:
    fields: dict[str, Any] = {
        name: getattr(claim, name)
        for name in (
            "number", "type", "partners", "recipients", "project", "project_id", "capacity_mw", "length_km",
            "status", "modality", "speaker", "instrument", "start", "end", "quote", "confidence",
        )
    }  # fmt: skip
    return ClaimInfo(
        **fields,
        amount=claim.amount.text if claim.amount else "",
        amount_musd=claim.amount.musd if claim.amount else None,
        date=str(claim.date) if claim.date else "",
        is_aggregate=claim.aggregate,
        match=_match_info(match),
    )


def _match_info(match: Match) -> MatchInfo:
    return MatchInfo(
        relation=match.relation, table=match.table, row=match.row, score=match.score, project=match.project,
        reason=match.reason, alternatives=match.alternatives,
    )  # fmt: skip
