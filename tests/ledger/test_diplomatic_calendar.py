"""Diplomatic calendar: events by date, with the projects and trade they can affect."""

from __future__ import annotations

from sogdia.ledger.diplomatic_calendar import NO_EFFECT, calendar
from sogdia.region import Region

from .gold import gold_claims


def test_events_are_listed_by_date_with_their_effects(shipped: Region) -> None:
    table = calendar(shipped, gold_claims("seed"))
    assert table["date"].is_monotonic_increasing
    by_row = table.set_index("row")
    assert by_row.loc["pe_20251119_1", "claims"] == "2"
    assert "pj_cku" in str(by_row.loc["pe_20251216_1", "changes"])
    assert by_row.loc["pe_20260218_1", "changes"] == NO_EFFECT
    assert str(by_row.loc["pe_20250731_1", "changes"]).startswith("trade: ")
