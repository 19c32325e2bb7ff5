"""Acts and what they reach; a claimed sum beside the ledger's; workbooks."""

from __future__ import annotations

from sogdia.ledger.calendar import NOTHING, calendar
from sogdia.ledger.comparison import claim_against_ledger
from sogdia.region import Region

from .gold import claim, dollars, gold_claims, period


def test_acts_stand_by_date_with_what_they_reach(shipped: Region) -> None:
    table = calendar(shipped, gold_claims("seed"))
    assert table["date"].is_monotonic_increasing
    by_row = table.set_index("row")
    assert by_row.loc["pe_20251119_1", "claims"] == "2"
    assert "pj_cku" in str(by_row.loc["pe_20251216_1", "changes"])
    assert by_row.loc["pe_20260218_1", "changes"] == NOTHING
    assert str(by_row.loc["pe_20250731_1", "changes"]).startswith("trade: ")


def test_a_claimed_sum_stands_beside_the_ledgers_own(shipped: Region) -> None:
    """Zhanatas in 2020 is the one priced deal; two of 2025 have no sum, Shelek's of 2019 is before."""
    told = claim(
        type="aggregate_investment",
        partners=("CHN",),
        recipients=("KAZ",),
        project="renewable energy",
        amount=dollars(3000, "at_least"),
        date=period("2020-2025"),
        status="reported",
        aggregate=True,
    )
    answer = claim_against_ledger(told, shipped)
    assert answer is not None
    assert answer.sums_musd == {"announced": 0.0, "signed": 0.0, "disbursed": 13.3}
    assert answer.without_amount == 2
    assert "de_chn_kaz_2025_12" in answer.not_added.index
    assert "more than 3,000" in answer.sentence
    assert claim_against_ledger(claim(type="debt", partners=("CHN",)), shipped) is None
