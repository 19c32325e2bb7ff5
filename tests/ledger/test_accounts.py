"""Classification of deals: which rows count, and how rows are linked."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.case.deals import COUNTED_ROLES
from sogdia.ledger.accounts import (
    account_faults,
    classify_deals,
    split_by_lender,
    suspected_duplicates,
)
from sogdia.ledger.totals import deal_totals
from sogdia.region import Region

from .deals import LEDGERS, MONEY, ledger, sums


@settings(max_examples=40)
@given(LEDGERS, st.lists(st.integers(0, 400), max_size=3))
def test_split_by_lender_moves_money_and_adds_none(rows: list[dict[str, Any]], parts: list[int]) -> None:
    plant = {"amount_musd": 600.0, "status": "disbursed", "role": "total", "partner": "XAC"}
    inside = [
        {"amount_musd": float(part), "role": "part_of", "status": "announced", "note": "role: within de_0"}
        for part in parts
    ]
    frame = ledger([plant, *inside, *rows])
    table = deal_totals(frame, ("partner",), lenders=True).table
    assert [float(table[name].sum()) for name in MONEY] == sums([plant, *rows])
    rest = split_by_lender(frame).loc["de_0", "amount_musd"]
    assert rest == (600.0 - sum(parts) if sum(parts) <= 600 else 600.0)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("", "names no other row"),
        ("role: within de_9", "de_9, which does not exist"),
        ("role: within de_1", "leads back to de_1"),
    ],
)
def test_part_without_parent_is_reported(note: str, words: str) -> None:
    frame = ledger([{}, {"role": "part_of", "note": note}])
    (fault,) = account_faults(frame)
    assert words in str(fault)
    assert words in deal_totals(frame).remarks[0]


def test_deal_entered_twice_is_suspected_and_tranches_are_not() -> None:
    twin = {"project": "ferry_far_line", "amount_musd": 40.0}
    frame = ledger([twin, {**twin, "year": 2026}, {**twin, "role": "tranche"}, {"amount_musd": 40.0}])
    pairs = suspected_duplicates(frame)
    assert pairs[["first", "second"]].to_numpy().tolist() == [["de_0", "de_1"]]


def test_shipped_ledger_counts_no_part_with_its_parent(shipped: Region) -> None:
    deals = shipped.table("deals")
    assert account_faults(deals) == []
    frame = classify_deals(deals)
    counted = frame[frame["counts"]]
    assert set(counted["role"]) == set(COUNTED_ROLES)
    assert (counted["parent"] == "").all()
    assert frame.loc[frame["role"].isin(["part_of", "reannouncement"]), "parent"].ne("").all()
    assert suspected_duplicates(deals).empty
    repeated = [
        (first["id"], second["id"])
        for first, second in combinations(counted.to_dict("records"), 2)
        if f"same deal as {first['id']}" in second["note"] or f"same deal as {second['id']}" in first["note"]
    ]
    assert repeated == []
