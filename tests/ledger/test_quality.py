"""Scores of records: by hand, and what they may not depend on."""

from __future__ import annotations

import pytest

from sogdia.errors import UnknownNameError
from sogdia.ledger.quality import HALF_LIFE_A, SCORED, WEIGHTS, record_quality
from sogdia.region import Region


def test_the_weights_are_a_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("table", SCORED)
def test_every_record_is_scored_within_bounds(shipped: Region, table: str) -> None:
    scored = record_quality(shipped, table)
    assert set(scored.index) == set(shipped.table(table).index)
    assert scored["score"].between(0, 100).all()
    assert scored[list(WEIGHTS)].to_numpy().min() >= 0
    assert scored[list(WEIGHTS)].to_numpy().max() <= 1


def test_a_record_by_hand(shipped: Region) -> None:
    """Two documents with addresses, the later of 7 November 2025; all filled; signed, so it ages."""
    scored = record_quality(shipped, "deals", as_of="2025-11-07").loc["de_usa_kaz_2025_5"]
    assert (scored["sources"], scored["kind"], scored["completeness"], scored["age"]) == (0.8, 1.0, 1.0, 1.0)
    assert scored["score"] == pytest.approx(100 * (0.3 * 0.8 + 0.3 + 0.25 + 0.15))
    later = record_quality(shipped, "deals", as_of="2029-11-07").loc["de_usa_kaz_2025_5"]
    assert 0.45 < later["age"] < 0.55, f"half is lost in {HALF_LIFE_A} years"


def test_what_nobody_read_scores_below_what_was_reported(shipped: Region) -> None:
    scored, deals = record_quality(shipped), shipped.table("deals")
    recalled = scored.loc[deals["source"].reindex(scored.index) == "dl_background", "score"]
    reported = scored.loc[deals["basis"].reindex(scored.index) == "reported", "score"]
    assert recalled.max() < reported.median()
    assert (scored.loc[recalled.index, "sources"] == 0).all()


def test_money_that_was_paid_does_not_age(shipped: Region) -> None:
    deals = shipped.table("deals")
    paid = deals.index[deals["status"] == "disbursed"]
    early, late = (
        record_quality(shipped, "deals", as_of=day).loc[paid] for day in ("2026-01-01", "2050-01-01")
    )
    assert early["score"].tolist() == late["score"].tolist()


def test_a_table_that_is_no_record_is_refused(shipped: Region) -> None:
    with pytest.raises(UnknownNameError):
        record_quality(shipped, "links")
