"""Quality scores of records: by hand, and invariances."""

from __future__ import annotations

import pytest

from sogdia.errors import UnknownNameError
from sogdia.ledger.quality import HALF_LIFE_A, SCORED_TABLES, WEIGHTS, record_quality
from sogdia.region import Region


def test_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("table", SCORED_TABLES)
def test_every_record_scores_within_bounds(shipped: Region, table: str) -> None:
    scored = record_quality(shipped, table)
    assert set(scored.index) == set(shipped.table(table).index)
    assert scored["score"].between(0, 100).all()
    assert scored[list(WEIGHTS)].to_numpy().min() >= 0
    assert scored[list(WEIGHTS)].to_numpy().max() <= 1


def test_score_of_a_record_by_hand(shipped: Region) -> None:
    """Two documents with addresses, the later of 7 November 2025; all fields filled; signed, so it ages."""
    scored = record_quality(shipped, "deals", as_of="2025-11-07").loc["de_usa_kaz_2025_5"]
    assert (scored["sources"], scored["kind"], scored["completeness"], scored["age"]) == (0.8, 1.0, 1.0, 1.0)
    assert scored["score"] == pytest.approx(100 * (0.3 * 0.8 + 0.3 + 0.25 + 0.15))
    later = record_quality(shipped, "deals", as_of="2029-11-07").loc["de_usa_kaz_2025_5"]
    assert 0.45 < later["age"] < 0.55, f"the part is halved in {HALF_LIFE_A} years"


def test_record_without_document_scores_below_reported_ones(shipped: Region) -> None:
    scored, deals = record_quality(shipped), shipped.table("deals")
    recalled = scored.loc[deals["source"].reindex(scored.index) == "dl_background", "score"]
    reported = scored.loc[deals["basis"].reindex(scored.index) == "reported", "score"]
    assert recalled.max() < reported.median()
    assert (scored.loc[recalled.index, "sources"] == 0).all()


def test_disbursed_deal_does_not_age(shipped: Region) -> None:
    deals = shipped.table("deals")
    paid = deals.index[deals["status"] == "disbursed"]
    early, late = (
        record_quality(shipped, "deals", as_of=day).loc[paid] for day in ("2026-01-01", "2050-01-01")
    )
    assert early["score"].tolist() == late["score"].tolist()


def test_table_outside_the_ledger_is_refused(shipped: Region) -> None:
    with pytest.raises(UnknownNameError):
        record_quality(shipped, "links")
