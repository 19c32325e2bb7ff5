"""Accounts that add up: made-up ledgers by their laws, the shipped one against a plain count of its file."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.errors import InputError
from sogdia.ledger.accounts import STAGES, account_faults, by_lender, judged_deals, suspected_repeats
from sogdia.ledger.totals import GROUPINGS, deal_totals, ledger_totals
from sogdia.region import Region, shipped_regions

COUNTED = ("total", "tranche")
MONEY = [f"{stage}_musd" for stage in STAGES]


def ledger(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A table of deals as a region has it: ids from the order, what a row does not say left empty."""
    plain = {
        "partner": "XBKF",
        "recipient": "XAA",
        "sector": "port",
        "project": "",
        "year": 2025,
        "amount_musd": None,
        "instrument": "loan",
        "counterparty": "",
        "status": "signed",
        "role": "total",
        "basis": "reported",
        "source": "tale",
        "note": "",
    }
    full = [{"id": f"de_{i}", **plain, **row} for i, row in enumerate(rows)]
    frame = pd.DataFrame(full, columns=["id", *plain])
    frame["year"] = frame["year"].astype("Int64")
    frame["amount_musd"] = frame["amount_musd"].astype(float)
    return frame.set_index(frame["id"].rename("row"))


AMOUNTS = st.one_of(st.none(), st.integers(0, 4000).map(lambda quarter: quarter / 4))
DEALS = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["XBKF", "XAC", "XAB"]),
        "recipient": st.sampled_from(["XAA", "XAB", "XAA;XAB"]),
        "sector": st.sampled_from(["port", "rail"]),
        "year": st.sampled_from([None, 2024, 2025]),
        "amount_musd": AMOUNTS,
        "instrument": st.sampled_from(["loan", "grant"]),
        "status": st.sampled_from([*STAGES, "cancelled"]),
        "role": st.sampled_from(["total", "tranche", "aggregate"]),
    }
)
LEDGERS = st.lists(DEALS, max_size=12)


def sums(rows: list[dict[str, Any]]) -> list[float]:
    table = deal_totals(ledger(rows), ()).table
    return [float(table[name].sum()) for name in MONEY]


@settings(max_examples=60)
@given(LEDGERS, st.lists(st.sampled_from([g for g in GROUPINGS if g != "status"]), unique=True, max_size=3))
def test_every_grouping_sums_to_the_same(rows: list[dict[str, Any]], by: list[str]) -> None:
    table = deal_totals(ledger(rows), by).table
    assert [float(table[name].sum()) for name in MONEY] == sums(rows)


@settings(max_examples=60)
@given(LEDGERS, DEALS, st.sampled_from(["part_of", "reannouncement", "aggregate"]))
def test_a_part_a_repeat_or_an_aggregate_changes_no_sum(
    rows: list[dict[str, Any]], more: dict[str, Any], role: str
) -> None:
    extra = {**more, "role": role, "note": "role: within de_0"}
    assert sums([*rows, extra]) == sums(rows)
    assert sums([*rows, {**more, "status": "cancelled"}]) == sums(rows)


@settings(max_examples=60)
@given(LEDGERS, st.integers(0, 11), st.sampled_from(STAGES))
def test_money_that_moves_on_leaves_the_stage_it_was_in(
    rows: list[dict[str, Any]], which: int, stage: str
) -> None:
    rows = [row for row in rows if row["role"] in COUNTED and row["status"] != "cancelled"]
    if not rows:
        return
    moved = [dict(row) for row in rows]
    moved[which % len(rows)]["status"] = stage
    assert sum(sums(moved)) == sum(sums(rows))
    amount = rows[which % len(rows)]["amount_musd"] or 0.0
    before, after = dict(zip(STAGES, sums(rows), strict=True)), dict(zip(STAGES, sums(moved), strict=True))
    old = rows[which % len(rows)]["status"]
    assert after[stage] - before[stage] == (amount if old != stage else 0.0)


@settings(max_examples=40)
@given(LEDGERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(rows: list[dict[str, Any]], chance: Any) -> None:
    frame = ledger(rows)
    order = list(range(len(rows)))
    chance.shuffle(order)
    for by in (("partner", "year"), ("status", "recipient")):
        first, second = deal_totals(frame, by), deal_totals(frame.iloc[order], by)
        pd.testing.assert_frame_equal(first.table, second.table)


@settings(max_examples=40)
@given(LEDGERS, st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_a_deal_told_in_tranches_is_the_same_money(rows: list[dict[str, Any]], parts: list[int]) -> None:
    whole = {"amount_musd": float(sum(parts)), "status": "signed", "role": "total"}
    tranches = [{**whole, "amount_musd": float(part), "role": "tranche"} for part in parts]
    assert sums([*rows, whole]) == sums([*rows, *tranches])


@settings(max_examples=40)
@given(LEDGERS, st.lists(st.integers(0, 400), max_size=3))
def test_by_lender_moves_money_between_partners_and_adds_none(
    rows: list[dict[str, Any]], parts: list[int]
) -> None:
    whole = {"amount_musd": 600.0, "status": "disbursed", "role": "total", "partner": "XAC"}
    inside = [
        {"amount_musd": float(part), "role": "part_of", "status": "announced", "note": "role: within de_0"}
        for part in parts
    ]
    frame = ledger([whole, *inside, *rows])
    table = deal_totals(frame, ("partner",), lenders=True).table
    assert [float(table[name].sum()) for name in MONEY] == sums([whole, *rows])
    rest = by_lender(frame).loc["de_0", "amount_musd"]
    assert rest == (600.0 - sum(parts) if sum(parts) <= 600 else 600.0)


def test_by_hand() -> None:
    frame = ledger(
        [
            {"amount_musd": 100.0, "status": "announced"},
            {"amount_musd": 40.0, "status": "signed", "role": "tranche"},
            {"amount_musd": 60.0, "status": "disbursed", "role": "tranche"},
            {"amount_musd": 60.0, "role": "reannouncement", "note": "role: same deal as de_2"},
            {"amount_musd": 5000.0, "role": "aggregate"},
            {"amount_musd": 7.0, "status": "cancelled"},
            {"status": "signed"},
        ]
    )
    found = deal_totals(frame, ("partner",))
    assert found.table.to_dict("records") == [
        {
            "partner": "XBKF",
            "announced_musd": 100.0,
            "signed_musd": 40.0,
            "disbursed_musd": 60.0,
            "deals": 4,
            "without_amount": 1,
        }
    ]
    assert dict(found.left_out["whole"]) == {"de_3": "de_2", "de_4": "", "de_5": ""}
    by_status = deal_totals(frame, ("status",)).table
    assert dict(zip(by_status["status"], by_status["amount_musd"], strict=True)) == {
        "announced": 100.0,
        "signed": 40.0,
        "disbursed": 60.0,
    }


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("", "names no other row"),
        ("role: within de_9", "de_9, which is not there"),
        ("role: within de_1", "leads back to de_1"),
    ],
)
def test_a_part_that_hangs_on_nothing_is_told(note: str, words: str) -> None:
    frame = ledger([{}, {"role": "part_of", "note": note}])
    (fault,) = account_faults(frame)
    assert words in str(fault)
    assert words in deal_totals(frame).remarks[0]


def test_a_deal_entered_twice_is_suspected_and_tranches_are_not() -> None:
    twin = {"project": "ferry_far_line", "amount_musd": 40.0}
    frame = ledger([twin, {**twin, "year": 2026}, {**twin, "role": "tranche"}, {"amount_musd": 40.0}])
    pairs = suspected_repeats(frame)
    assert pairs[["first", "second"]].to_numpy().tolist() == [["de_0", "de_1"]]


@pytest.mark.parametrize("by", [["country"], ["year", "year"]])
def test_an_unknown_or_repeated_grouping_is_refused(by: list[str]) -> None:
    with pytest.raises(InputError):
        deal_totals(ledger([]), by)


def plain_rows() -> list[dict[str, str]]:
    with (shipped_regions()["central_asia"] / "deals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("by", ["partner", "recipient", "year", "sector"])
def test_the_shipped_ledger_sums_as_its_file_does(shipped: Region, by: str) -> None:
    wanted: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in plain_rows():
        if row["role"] in COUNTED and row["status"] != "cancelled":
            wanted[(row[by] or "not stated", row["status"])] += Decimal(row["amount_musd"] or "0")
    found = ledger_totals(shipped, (by,)).table
    for record in found.to_dict("records"):
        for stage in STAGES:
            assert record[f"{stage}_musd"] == pytest.approx(float(wanted[(record[by], stage)]))
    assert set(found[by]) == {label for label, _ in wanted}


def test_in_the_shipped_ledger_nothing_counts_beside_what_it_is_part_of(shipped: Region) -> None:
    deals = shipped.table("deals")
    assert account_faults(deals) == []
    frame = judged_deals(deals)
    counted = frame[frame["counts"]]
    assert set(counted["role"]) == set(COUNTED)
    assert (counted["whole"] == "").all()
    assert frame.loc[frame["role"].isin(["part_of", "reannouncement"]), "whole"].ne("").all()
    assert suspected_repeats(deals).empty
    told_twice = [
        (first["id"], second["id"])
        for first, second in combinations(counted.to_dict("records"), 2)
        if f"same deal as {first['id']}" in second["note"] or f"same deal as {second['id']}" in first["note"]
    ]
    assert told_twice == []


def test_envelopes_of_summits_stand_in_no_total_of_the_shipped_ledger(shipped: Region) -> None:
    totals = ledger_totals(shipped, ("partner",))
    assert {"de_chn_reg_2025_3", "de_usa_uzb_2025_3", "de_jpn_reg_2025_1"} <= set(totals.left_out.index)
    assert "JPN" not in set(totals.table["partner"]), "all that stands under it is an envelope, or a part"
