"""Goods of a case: split pairs, balancing, home sales."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from freight.borderland import changed

from sogdia import Case
from sogdia.errors import FaultsError
from sogdia.trade.goods import read_goods


def test_split_pair_is_counted_once_by_its_groups(case: Case) -> None:
    goods, balancing = read_goods(case)
    pair = goods[(goods["exporter"] == "XAA") & (goods["importer"] == "XAC")]
    assert list(pair["commodity"]) == ["grain", "jewels", "metal"]
    assert list(pair["value_musd"]) == [48.0, 96.0, 96.0]
    assert list(pair["freight"]) == [True, False, True]
    assert balancing["factor"].eq(1.0).all()
    # 96 million over 30,000 t; grain has no tonnes, so the commodity's value per tonne applies.
    assert list(pair["usd_per_t"]) == pytest.approx([240.0, 96e6, 3200.0])
    assert goods["value_musd"].sum() == pytest.approx(
        case.table("trade").query("commodity == 'all'")["value_musd"].sum()
    )


def test_groups_are_scaled_to_the_total_of_their_pair(case: Case) -> None:
    trade = case.table("trade")
    key = trade.index[(trade["exporter"] == "XAA") & (trade["importer"] == "XAC")][0]
    goods, balancing = read_goods(changed(case, {("trade", str(key), "value_musd"): 300.0}))
    pair = goods[(goods["exporter"] == "XAA") & (goods["importer"] == "XAC")]
    assert list(pair["value_musd"]) == pytest.approx([60.0, 120.0, 120.0])
    assert list(pair["usd_per_t"]) == pytest.approx([240.0, 96e6, 3200.0])
    assert balancing.loc[0, "factor"] == pytest.approx(1.25)


def test_economy_without_home_sales_is_reported(case: Case) -> None:
    trade = case.table("trade")
    away = trade[~((trade["exporter"] == "XAB") & (trade["importer"] == "XAB"))]
    lacking = replace(case, frames=MappingProxyType({**case.frames, "trade": away}))
    with pytest.raises(FaultsError, match=r"trade\.csv: XAB: no home sales"):
        read_goods(lacking)
