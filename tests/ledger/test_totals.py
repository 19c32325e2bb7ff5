"""Totals of deals: invariances of synthetic ledgers, and the shipped one against a count of its file."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.case.deals import COUNTED_ROLES
from sogdia.errors import InputError
from sogdia.ledger.accounts import (
    STAGES,
)
from sogdia.ledger.totals import GROUPINGS, deal_totals, ledger_totals
from sogdia.region import Region, shipped_regions

from .deals import DEALS, LEDGERS, MONEY, ledger, sums


@settings(max_examples=60)
@given(LEDGERS, st.lists(st.sampled_from([g for g in GROUPINGS if g != "status"]), unique=True, max_size=3))
def test_every_grouping_has_the_same_total(rows: list[dict[str, Any]], by: list[str]) -> None:
    table = deal_totals(ledger(rows), by).table
    assert [float(table[name].sum()) for name in MONEY] == sums(rows)


@settings(max_examples=60)
@given(LEDGERS, DEALS, st.sampled_from(["part_of", "reannouncement", "aggregate"]))
def test_part_repeat_or_aggregate_changes_no_total(
    rows: list[dict[str, Any]], more: dict[str, Any], role: str
) -> None:
    extra = {**more, "role": role, "note": "role: within de_0"}
    assert sums([*rows, extra]) == sums(rows)
    assert sums([*rows, {**more, "status": "cancelled"}]) == sums(rows)


@settings(max_examples=60)
@given(LEDGERS, st.integers(0, 11), st.sampled_from(STAGES))
def test_deal_at_another_stage_moves_its_amount(rows: list[dict[str, Any]], which: int, stage: str) -> None:
    rows = [row for row in rows if row["role"] in COUNTED_ROLES and row["status"] != "cancelled"]
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
def test_order_of_rows_changes_no_total(rows: list[dict[str, Any]], chance: Any) -> None:
    frame = ledger(rows)
    order = list(range(len(rows)))
    chance.shuffle(order)
    for by in (("partner", "year"), ("status", "recipient")):
        first, second = deal_totals(frame, by), deal_totals(frame.iloc[order], by)
        pd.testing.assert_frame_equal(first.table, second.table)


@settings(max_examples=40)
@given(LEDGERS, st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_tranches_total_to_the_deal(rows: list[dict[str, Any]], parts: list[int]) -> None:
    deal = {"amount_musd": float(sum(parts)), "status": "signed", "role": "total"}
    tranches = [{**deal, "amount_musd": float(part), "role": "tranche"} for part in parts]
    assert sums([*rows, deal]) == sums([*rows, *tranches])


def test_totals_by_hand() -> None:
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
    assert dict(found.left_out["parent"]) == {"de_3": "de_2", "de_4": "", "de_5": ""}
    by_status = deal_totals(frame, ("status",)).table
    assert dict(zip(by_status["status"], by_status["amount_musd"], strict=True)) == {
        "announced": 100.0,
        "signed": 40.0,
        "disbursed": 60.0,
    }


@pytest.mark.parametrize("by", [["country"], ["year", "year"]])
def test_unknown_or_repeated_grouping_is_refused(by: list[str]) -> None:
    with pytest.raises(InputError):
        deal_totals(ledger([]), by)


def plain_rows() -> list[dict[str, str]]:
    with (shipped_regions()["central_asia"] / "deals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("by", ["partner", "recipient", "year", "sector"])
def test_shipped_ledger_totals_as_its_file(shipped: Region, by: str) -> None:
    expected: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in plain_rows():
        if row["role"] in COUNTED_ROLES and row["status"] != "cancelled":
            expected[(row[by] or "not stated", row["status"])] += Decimal(row["amount_musd"] or "0")
    found = ledger_totals(shipped, (by,)).table
    for record in found.to_dict("records"):
        for stage in STAGES:
            assert record[f"{stage}_musd"] == pytest.approx(float(expected[(record[by], stage)]))
    assert set(found[by]) == {label for label, _ in expected}


def test_shipped_totals_contain_no_envelope(shipped: Region) -> None:
    totals = ledger_totals(shipped, ("partner",))
    assert {"de_chn_reg_2025_3", "de_usa_uzb_2025_3", "de_jpn_reg_2025_1"} <= set(totals.left_out.index)
    assert "JPN" not in set(totals.table["partner"]), "all its rows are envelopes or parts"
