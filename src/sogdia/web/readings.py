"""Articles read on the server: claims with their matches, corrections, and the plan drafted from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sogdia.api import ArticleReading, read_article
from sogdia.api.articles import reference_year
from sogdia.articles import Claim
from sogdia.articles.claim import Amount, Period, Status
from sogdia.errors import InputError, UnknownNameError
from sogdia.files import scratch_folder
from sogdia.ledger.draft_plan import DraftPlan, plan_from
from sogdia.ledger.matching import Match, match_claims
from sogdia.region import Region

READ_AT_ONCE = 4
"""Articles whose reading is kept in memory."""


class Correction(BaseModel):
    """Decision of a user on a claim; a field that is not given stays as it was read."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[int, Field(ge=1, description="Number of the claim.")]
    accepted: bool = True
    project_id: Annotated[str | None, Field(max_length=100, description="Row of `projects`.")] = None
    partners: Annotated[list[str] | None, Field(max_length=20, description="Codes of parties.")] = None
    amount_musd: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    year: Annotated[int | None, Field(ge=1950, le=2100, description="Year of the date.")] = None
    status: Status | None = None


class Readings:
    """The last articles that were read, by their content: reading one takes seconds, and is repeatable."""

    def __init__(self) -> None:
        self._known: dict[str, ArticleReading] = {}
        self._lock = Lock()

    def read(self, content: bytes, name: str, region: Region) -> tuple[str, ArticleReading]:
        """Read an article, by the limits of the command line.

        Args:
            content: Bytes of a text or HTML file.
            name: Name of the file, for messages.
            region: The region.

        Returns:
            The digest of the content, and the reading.

        Raises:
            InputError: If it is not text.
        """
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            if digest in self._known:
                return digest, self._known[digest]
        with scratch_folder() as scratch:
            path = scratch / ("article.html" if name.lower().endswith((".html", ".htm")) else "article.txt")
            path.write_bytes(content)
            reading = read_article(path, region)
        with self._lock:
            self._known[digest] = reading
            while len(self._known) > READ_AT_ONCE:
                self._known.pop(next(iter(self._known)))
        return digest, reading


def corrected_claims(
    reading: ArticleReading, corrections: Sequence[Correction]
) -> tuple[tuple[Claim, ...], tuple[Match, ...]]:
    """Return the claims that a user accepts, with the corrections, matched with the ledger again.

    Args:
        reading: The article.
        corrections: Decisions; a claim without one is accepted as it was read.

    Raises:
        UnknownNameError: If a claim, project or party does not exist.
        InputError: If there are two decisions on one claim.
    """
    by_number = {each.number: each for each in corrections}
    if len(by_number) < len(corrections):
        raise InputError("there are two decisions on one claim; send one for each")
    numbers = {claim.number for claim in reading.records}
    for number in by_number:
        if number not in numbers:
            raise UnknownNameError("claim of the article", str(number), map(str, numbers))
    claims = tuple(_accepted(reading.records, by_number, reading.region))
    return claims, match_claims(claims, reading.region, published=reading.article.date)


def draft_from(
    reading: ArticleReading,
    corrections: Sequence[Correction],
    opening_year: int | None,
    *,
    published_only: bool,
) -> DraftPlan:
    """Draft a plan from the claims that a user accepts (:func:`sogdia.ledger.draft_plan.plan_from`).

    Args:
        reading: The article.
        corrections: Decisions on its claims.
        opening_year: Year for projects without a published one; that of the region's reference scenario if
            not given and the article is older.
        published_only: Leave out projects without a published year, and assume no payer.
    """
    claims, matches = corrected_claims(reading, corrections)
    published = reading.article.date
    if opening_year is None and not published_only:
        year = reference_year(reading.region)
        opening_year = year if published is None or year > published.year else None
    return plan_from(
        claims, reading.region, published=published, title=reading.article.title, matches=matches,
        opens=None if published_only else opening_year, assume_payer=not published_only,
    )  # fmt: skip


def _accepted(claims: Sequence[Claim], corrections: dict[int, Correction], region: Region) -> Iterator[Claim]:
    for claim in claims:
        correction = corrections.get(claim.number)
        if correction is None:
            yield claim
        elif correction.accepted:
            yield _corrected(claim, correction, region)


def _corrected(claim: Claim, correction: Correction, region: Region) -> Claim:
    if correction.project_id is not None:
        projects = region.table("projects")
        if correction.project_id not in projects.index:
            raise UnknownNameError("project", correction.project_id, projects.index)
        name = str(projects.loc[correction.project_id, "name"])
        claim = replace(claim, project_id=correction.project_id, project=name)
    if correction.partners is not None:
        parties = set(region.table("parties")["code"])
        for code in correction.partners:
            if code not in parties:
                raise UnknownNameError("party", code, parties)
        claim = replace(claim, partners=tuple(correction.partners))
    if correction.amount_musd is not None:
        musd = correction.amount_musd
        amount = Amount(f"USD {musd:g} million", musd * 1e6, "USD", "exact", musd)
        claim = replace(claim, amount=amount)
    if correction.year is not None:
        claim = replace(claim, date=Period(str(correction.year), str(correction.year)))
    if correction.status is not None:
        claim = replace(claim, status=correction.status)
    return claim
