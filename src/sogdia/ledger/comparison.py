"""Compare an aggregate amount of an article with the ledger's deals and projects of the same scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.accounts import STAGES, classify_deals
from sogdia.ledger.sectors import UNSPECIFIED_SECTOR, sectors_of
from sogdia.region import Region

COMPARED_TYPES = ("aggregate_investment", "finance", "deal", "agreement")
"""Types of claim that may state an aggregate amount."""
_STOCK = ("reported", "outstanding", "disbursed", "operating")
"""Statuses of a stock: the total up to the date. An amount of another status is a flow of the year."""


@dataclass(frozen=True)
class LedgerComparison:
    """A claimed aggregate amount with the ledger's rows of the same partners, recipients, sectors and years.

    Attributes:
        claim: Number of the claim in its article.
        subject: Subject of the claim.
        claimed_musd: Stated amount, million US dollars; ``None`` if it has no value in dollars.
        bound: Whether the stated amount is exact, about, a lower or an upper bound.
        partners: Partners in scope.
        recipients: Recipients in scope.
        sectors: Sectors in scope; empty for all.
        from_year: First year in scope; ``None`` for all up to ``to_year``.
        to_year: Last year in scope; ``None`` for all.
        sums_musd: Counted deals by stage: ``announced``, ``signed``, ``disbursed``, never added together.
        deals: The counted deals, by id.
        without_amount: Number of those deals whose amount is not published.
        projects_musd: Cost of the projects in scope, regardless of the payer.
        projects: Those projects, by id.
        not_added: Aggregates, parts and repeats in scope, by id, with ``reason``.
    """

    claim: int
    subject: str
    claimed_musd: float | None
    bound: str
    partners: tuple[str, ...]
    recipients: tuple[str, ...]
    sectors: tuple[str, ...]
    from_year: int | None
    to_year: int | None
    sums_musd: dict[str, float]
    deals: pd.DataFrame
    without_amount: int
    projects_musd: float
    projects: pd.DataFrame
    not_added: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The comparison as text."""
        claimed = (
            "Claimed: amount not published."
            if self.claimed_musd is None
            else f"Claimed: {_BOUNDS.get(self.bound, '')}{self.claimed_musd:,.0f} million dollars."
        )
        known = ", ".join(f"{self.sums_musd[stage]:,.0f} {stage}" for stage in STAGES)
        years = _years(self.from_year, self.to_year)
        return (
            f"{claimed} The ledger lists {known} million in {len(self.deals)} deals{years}; the amount of "
            f"{self.without_amount} deals is not published. Its {len(self.projects)} projects of the same "
            f"scope cost {self.projects_musd:,.0f} million, regardless of the payer."
        )


_BOUNDS = {"at_least": "more than ", "at_most": "up to ", "about": "about ", "between": "from "}


def _years(first: int | None, last: int | None) -> str:
    if last is None:
        return ""
    if first is None:
        return f" up to {last}"
    return f" of {last}" if first == last else f" of {first} to {last}"


def compare_with_ledger(claim: Claim, region: Region) -> LedgerComparison | None:
    """Compare the aggregate amount of a claim with the ledger.

    In scope are the counted deals of the claim's partners to its recipients (all recipients of a deal must be
    among them), in the sectors that its subject names and in its years. A stock on a date covers all years up
    to it; a flow with one date covers that year.

    Args:
        claim: The claim.
        region: The region with the ledger.

    Returns:
        The comparison; ``None`` if the claim has no partner or does not state an aggregate amount.
    """
    if claim.type not in COMPARED_TYPES or not claim.partners or not (claim.aggregate or not claim.project):
        return None
    sectors = sectors_of(claim.project)
    first, last = _span(claim)
    frame = classify_deals(region.table("deals"))
    same = _selected(
        frame,
        [
            partner in claim.partners and _within(recipient, claim.recipients)
            for partner, recipient in zip(frame["partner"], frame["recipient"], strict=True)
        ],
    )
    same = _selected(same, _in_years(same["year"], first, last))
    in_scope = same["sector"].isin(sectors) if sectors else same["sector"] != ""
    counted = same[same["counts"] & in_scope]
    uncounted = same[~same["counts"] & (in_scope | (same["sector"] == UNSPECIFIED_SECTOR))]
    projects = _projects(claim, region, sectors, first, last)
    by_stage = counted.groupby("status")["amount_musd"].sum()
    return LedgerComparison(
        claim=claim.number,
        subject=claim.project,
        claimed_musd=claim.amount.musd if claim.amount else None,
        bound=claim.amount.bound if claim.amount else "exact",
        partners=claim.partners,
        recipients=claim.recipients,
        sectors=sectors,
        from_year=first,
        to_year=last,
        sums_musd={stage: float(by_stage.get(stage, 0.0)) for stage in STAGES},
        deals=counted,
        without_amount=int(counted["amount_musd"].isna().sum()),
        projects_musd=float(projects["capex_musd"].sum()),
        projects=projects,
        not_added=uncounted,
    )


def compare_aggregates(claims: Sequence[Claim], region: Region) -> tuple[LedgerComparison, ...]:
    """Return the comparison of every claim that states an aggregate amount."""
    found = (compare_with_ledger(claim, region) for claim in claims)
    return tuple(comparison for comparison in found if comparison is not None)


def _span(claim: Claim) -> tuple[int | None, int | None]:
    if claim.date is None:
        return None, None
    first, last = claim.date.year, int(claim.date.end[:4])
    if first == last and claim.status in _STOCK:
        return None, last
    return first, last


def _within(recipient: str, scope: Sequence[str]) -> bool:
    return not scope or set(recipient.split(";")) <= set(scope)


def _in_years(years: pd.Series, first: int | None, last: int | None) -> list[bool]:
    return [
        last is None or (year is not pd.NA and (first is None or year >= first) and year <= last)
        for year in years
    ]


def _projects(
    claim: Claim, region: Region, sectors: Sequence[str], first: int | None, last: int | None
) -> pd.DataFrame:
    """Return the projects of the claim's partners that were announced or built within its years."""
    frame = region.table("projects")
    chosen = [
        bool(set(partners.split(";")) & set(claim.partners))
        and _within(iso3, (*claim.recipients, *claim.partners))
        and (not sectors or sector in sectors)
        for partners, iso3, sector in zip(frame["partners"], frame["iso3"], frame["sector"], strict=True)
    ]
    frame = _selected(frame, chosen)
    begun = frame["announced_year"].fillna(frame["start_year"]).fillna(frame["completion_year"])
    ended = frame["completion_year"].fillna(frame["start_year"]).fillna(begun)
    overlap = [
        last is None
        or (start is not pd.NA and end is not pd.NA and start <= last and (first is None or end >= first))
        for start, end in zip(begun, ended, strict=True)
    ]
    return _selected(frame, overlap)


def _selected(frame: pd.DataFrame, chosen: Sequence[bool]) -> pd.DataFrame:
    """Return the chosen rows; a list without dtype would select columns of an empty frame."""
    return frame[np.array(chosen, dtype=bool)]
