"""A claimed sum beside the ledger's own: what the ledger can name of it, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.accounts import STAGES, judged_deals
from sogdia.ledger.evidence import ANY_SECTOR
from sogdia.ledger.subjects import sectors_of
from sogdia.region import Region

SET_AGAINST = ("aggregate_investment", "finance", "deal", "agreement")
"""Types of claim that may speak of many deals together."""
_POINT_IN_TIME = ("reported", "outstanding", "disbursed", "operating")
"""How a stock is told: all there was up to the date. Anything else with one date happened in that year."""


@dataclass(frozen=True)
class LedgerComparison:
    """A claimed sum and what the ledger knows of the same partner, recipients, sectors and years.

    Attributes:
        claim: Number of the claim in its article.
        subject: What the claim speaks of, in words.
        claimed_musd: The sum told; ``None`` where it has none in dollars.
        bound: Whether the sum told is exact, about, a lower or an upper bound.
        partners: Parties asked for.
        recipients: Countries asked for.
        sectors: Sectors asked for; empty for all.
        from_year: First year asked for; ``None`` for all up to ``to_year``.
        to_year: Last year asked for; ``None`` for all.
        sums_musd: Counted deals by stage: ``announced``, ``signed``, ``disbursed``, never added together.
        deals: The counted deals, by id.
        without_amount: Those of them whose sum is not published.
        projects_musd: Cost of the projects of the same partners, places, sectors and years: whoever pays.
        projects: Those projects, by id.
        not_added: Aggregates, parts and repeats of the same subject, by id, with ``why``.
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
        """Both figures in one sentence."""
        told = (
            "no sum" if self.claimed_musd is None else f"{_WORDS.get(self.bound, '')}{self.claimed_musd:,.0f}"
        )
        known = ", ".join(f"{self.sums_musd[stage]:,.0f} {stage}" for stage in STAGES)
        years = _years(self.from_year, self.to_year)
        return (
            f"Claimed: {told} million dollars. The ledger names {known} million in {len(self.deals)} deals"
            f"{years}, {self.without_amount} of them without a sum; its {len(self.projects)} projects of the "
            f"same kind cost {self.projects_musd:,.0f} million, whoever pays."
        )


_WORDS = {"at_least": "more than ", "at_most": "up to ", "about": "about ", "between": "from "}


def _years(first: int | None, last: int | None) -> str:
    if last is None:
        return ""
    if first is None:
        return f" up to {last}"
    return f" of {last}" if first == last else f" of {first} to {last}"


def claim_against_ledger(claim: Claim, region: Region) -> LedgerComparison | None:
    """Set a claim that speaks of many deals against the ledger's own sum.

    The ledger's side is every counted deal of the claim's partners to its recipients (all of a deal's
    recipients must be among them), in the sectors that its subject or its sentence names, in its years. A
    span of years is taken as it is; a stock told on a date is all up to then; anything else with one date
    is that year.

    Args:
        claim: The claim.
        region: The region whose ledger is asked.

    Returns:
        Both, or ``None`` where the claim is no sum of many: it has no partner, or is not an aggregate.
    """
    if claim.type not in SET_AGAINST or not claim.partners or not (claim.aggregate or not claim.project):
        return None
    sectors = sectors_of(claim.project)
    first, last = _span(claim)
    frame = judged_deals(region.table("deals"))
    same = frame[
        [
            partner in claim.partners and _within(recipient, claim.recipients)
            for partner, recipient in zip(frame["partner"], frame["recipient"], strict=True)
        ]
    ]
    same = same[_in_years(same["year"], first, last)]
    told = same["sector"].isin(sectors) if sectors else same["sector"] != ""
    counted = same[same["counts"] & told]
    uncounted = same[~same["counts"] & (told | (same["sector"] == ANY_SECTOR))]
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


def answers(claims: Sequence[Claim], region: Region) -> tuple[LedgerComparison, ...]:
    """Every claim that can be set against the ledger's own sum, with that sum."""
    found = (claim_against_ledger(claim, region) for claim in claims)
    return tuple(answer for answer in found if answer is not None)


def _span(claim: Claim) -> tuple[int | None, int | None]:
    if claim.date is None:
        return None, None
    first, last = claim.date.year, int(claim.date.end[:4])
    if first == last and claim.status in _POINT_IN_TIME:
        return None, last
    return first, last


def _within(recipient: str, asked: Sequence[str]) -> bool:
    return not asked or set(recipient.split(";")) <= set(asked)


def _in_years(years: pd.Series, first: int | None, last: int | None) -> list[bool]:
    return [
        last is None or (year is not pd.NA and (first is None or year >= first) and year <= last)
        for year in years
    ]


def _projects(
    claim: Claim, region: Region, sectors: Sequence[str], first: int | None, last: int | None
) -> pd.DataFrame:
    """Projects of the claim's partners, announced or built within its years."""
    frame = region.table("projects")
    chosen = [
        bool(set(partners.split(";")) & set(claim.partners))
        and _within(iso3, (*claim.recipients, *claim.partners))
        and (not sectors or sector in sectors)
        for partners, iso3, sector in zip(frame["partners"], frame["iso3"], frame["sector"], strict=True)
    ]
    frame = frame[chosen]
    begun = frame["announced_year"].fillna(frame["start_year"]).fillna(frame["completion_year"])
    ended = frame["completion_year"].fillna(frame["start_year"]).fillna(begun)
    overlap = [
        last is None
        or (start is not pd.NA and end is not pd.NA and start <= last and (first is None or end >= first))
        for start, end in zip(begun, ended, strict=True)
    ]
    return frame[overlap]
