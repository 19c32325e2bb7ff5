"""Goods in one sector, and aggregation of the entries of a cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import UnknownNameError
from sogdia.trade.composition import composition_of, one_sector
from sogdia.trade.entries import Entries, combine_entries
from sogdia.trade.goods import read_goods

from .conftest import position_of
from .small_sectors import with_sectors


def cells_of(case: Case) -> tuple[pd.DataFrame, Entries]:
    goods, _ = read_goods(case)
    return goods, one_sector(goods, 5.0)[1]


def test_one_sector_has_the_trade_of_every_pair(case: Case) -> None:
    goods, entries = cells_of(case)
    pairs = goods.groupby(["exporter", "importer"])["value_musd"].sum()
    sums = entries.cells.groupby(["exporter", "importer"])["value"].sum()
    pd.testing.assert_series_equal(sums, pairs, check_names=False)


def test_region_without_trade_by_sector_has_one_sector(case: Case) -> None:
    assert composition_of(case, "sectors") == "one_sector"
    assert composition_of(with_sectors(case), "sectors") == "sectors"
    assert composition_of(with_sectors(case), "one_sector") == "one_sector"
    with pytest.raises(UnknownNameError, match="composition"):
        composition_of(case, "by_hand")


def test_goods_of_a_cell_aggregate_as_varieties(case: Case) -> None:
    goods, entries = cells_of(case)
    none = np.zeros(len(goods))
    hat = np.ones(len(goods))
    at = {name: position_of(goods, "XAA", "XAC", name) for name in ("grain", "metal", "jewels")}
    cell = entries.cell[at["grain"]]
    unchanged = combine_entries(entries, hat, none, none)
    assert (unchanged.cost_hat == 1.0).all()
    assert (unchanged.tariff_pct == 0.0).all()
    hat[[at["metal"], at["jewels"]]] = np.inf
    cut = combine_entries(entries, hat, none, none)
    # A fifth of the value remains at the base-year cost: (1/5)^(-1/5).
    assert cut.cost_hat[cell] == pytest.approx(5.0 ** (1 / 5))
    assert cut.share[at["grain"]] == pytest.approx(1.0)
    hat[at["grain"]] = np.inf
    assert combine_entries(entries, hat, none, none).cost_hat[cell] == np.inf


def test_cell_tariff_has_the_revenue_of_its_goods(case: Case) -> None:
    goods, entries = cells_of(case)
    none, hat, duty = np.zeros(len(goods)), np.ones(len(goods)), np.zeros(len(goods))
    at = position_of(goods, "XAA", "XAC", "metal")
    duty[at] = 25.0
    changes = combine_entries(entries, hat, none, duty)
    cell = entries.cell[at]
    with_tariffs = 0.4 * 1.25**-5.0
    gross = with_tariffs / (with_tariffs + 0.6)
    revenue = gross * 0.25 / 1.25
    assert changes.tariff_pct[cell] / (100.0 + changes.tariff_pct[cell]) == pytest.approx(revenue)
    price = (0.6 + with_tariffs) ** (-1 / 5)
    assert changes.cost_hat[cell] * (1.0 + changes.tariff_pct[cell] / 100.0) == pytest.approx(price)
