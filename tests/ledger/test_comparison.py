"""Comparison of an aggregate amount with the ledger."""

from __future__ import annotations

from sogdia.ledger.comparison import compare_with_ledger
from sogdia.region import Region

from .gold import claim, dollars, period


def test_aggregate_amount_is_compared_with_deals_of_its_scope(shipped: Region) -> None:
    """Only Zhanatas (2020) has an amount; two deals of 2025 have none, and Shelek (2019) is earlier."""
    stated = claim(
        type="aggregate_investment",
        partners=("CHN",),
        recipients=("KAZ",),
        project="renewable energy",
        amount=dollars(3000, "at_least"),
        date=period("2020-2025"),
        status="reported",
        aggregate=True,
    )
    comparison = compare_with_ledger(stated, shipped)
    assert comparison is not None
    assert comparison.sums_musd == {"announced": 0.0, "signed": 0.0, "disbursed": 13.3}
    assert comparison.without_amount == 2
    assert "de_chn_kaz_2025_12" in comparison.not_added.index
    assert "more than 3,000" in comparison.sentence
    assert compare_with_ledger(claim(type="debt", partners=("CHN",)), shipped) is None


def test_partner_without_deals_or_projects_is_compared_with_zero(shipped: Region) -> None:
    stated = claim(
        type="aggregate_investment",
        partners=("XXX",),
        recipients=("KAZ",),
        amount=dollars(3000),
        aggregate=True,
    )
    comparison = compare_with_ledger(stated, shipped)
    assert comparison is not None
    assert comparison.sums_musd == {"announced": 0.0, "signed": 0.0, "disbursed": 0.0}
    assert len(comparison.deals) == len(comparison.projects) == 0
    assert comparison.projects_musd == 0.0
