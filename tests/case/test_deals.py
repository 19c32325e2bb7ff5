"""Deals that enter sums."""

from __future__ import annotations

from sogdia import Region
from sogdia.case.deals import counted_deals


def test_parts_repeats_aggregates_and_cancelled_deals_are_not_counted(toy: Region) -> None:
    deals = toy.table("deals")
    assert set(deals.index[counted_deals(deals)]) == {"rail_c", "rail_bank", "wind_c", "mine_c"}
    deals["role"] = "aggregate"
    assert not counted_deals(deals).any()
