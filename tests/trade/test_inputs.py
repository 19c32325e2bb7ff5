"""The trade model of a case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from freight.borderland import case_of, changed, write_borderland

from sogdia import Case
from sogdia.trade import Change, solve
from sogdia.trade.composition import COMPOSITIONS
from sogdia.trade.inputs import build_trade_inputs

from .small_sectors import with_sectors


def test_good_split_into_identical_halves_has_the_same_result(case: Case) -> None:
    unsplit = build_trade_inputs(case)
    trade = case.table("trade")
    key = str(trade.index[(trade["exporter"] == "XAA") & (trade["commodity"] == "metal")][0])
    frame = changed(case, {("trade", key, "value_musd"): 48.0}).table("trade")
    half = frame.loc[[key]].assign(commodity="crude_oil")
    half.index = pd.Index(["another"], name="row")
    both = replace(case, frames=MappingProxyType({**case.frames, "trade": pd.concat([frame, half])}))
    halves = build_trade_inputs(both)
    results = []
    for model in (unsplit, halves):
        hat = np.where(
            model.goods["commodity"].isin(["metal", "crude_oil"]) & model.goods["exporter"].eq("XAA"),
            1.2,
            1.0,
        )
        change, _ = model.build_change(hat, model.tariff_pct)
        results.append(solve(model.baseline, change).economies()["welfare_pct"].to_numpy())
    assert results[0] == pytest.approx(results[1], abs=1e-9)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_goods_without_change_have_their_values(case: Case, composition: Any) -> None:
    model = build_trade_inputs(with_sectors(case), composition)
    hat = np.where(model.legs.table["commodity"] == "metal", 1.3, 1.0)
    change, changes = model.build_change(hat, model.tariff_pct)
    result = solve(model.baseline, change)
    if composition == "one_sector":
        assert model.value_after(result, changes)[0].sum() == pytest.approx(result.flow.sum())
    none, cells = model.build_change(np.ones(len(hat)), model.tariff_pct)
    value, quantity = model.value_after(solve(model.baseline, none), cells)
    assert value == pytest.approx(model.goods["value_musd"].to_numpy(), rel=1e-12)
    assert quantity == pytest.approx(1.0, rel=1e-12)
    assert (none.cost_hat == Change.none(model.baseline).cost_hat).all()


def test_order_of_rows_does_not_matter(folder: Path, tmp_path: Path) -> None:
    reversed_rows = case_of(write_borderland(tmp_path / "mixed", lambda _table, rows: rows[::-1]))
    first, second = build_trade_inputs(case_of(folder)), build_trade_inputs(reversed_rows)
    pd.testing.assert_frame_equal(first.goods, second.goods)
    assert (first.baseline.flow == second.baseline.flow).all()
