"""Goods in sectors, and aggregation of the goods of a cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import UnknownNameError
from sogdia.trade.composition import COMPOSITIONS, build_cells, combine_goods
from sogdia.trade.goods import read_goods

from .conftest import position_of

THETA = {"all": 5.0, "grain": 5.0, "metal": 5.0, "crude_oil": 5.0, "jewels": 5.0}


def test_every_composition_has_the_same_trade_between_pairs(case: Case) -> None:
    goods, _ = read_goods(case)
    pairs = goods.groupby(["exporter", "importer"])["value_musd"].sum()
    for composition in COMPOSITIONS:
        sums = build_cells(goods, THETA, composition).cells.groupby(["exporter", "importer"])["value"].sum()
        pd.testing.assert_series_equal(sums, pairs, check_names=False)
    cells = build_cells(goods, THETA, "exporter").cells
    home = cells[(cells["exporter"] == "XAA") & (cells["importer"] == "XAA")].set_index("sector")["value"]
    # Home sales of 500 in the proportions of the split exports: 48, 96 and 96 of 240.
    assert home.to_dict() == pytest.approx({"grain": 100.0, "jewels": 200.0, "metal": 200.0})
    # An economy without split trade keeps the sector `all`.
    assert set(cells.loc[cells["exporter"] == "XAD", "sector"]) == {"all"}
    with pytest.raises(UnknownNameError, match="composition"):
        build_cells(goods, THETA, "by_hand")


def test_goods_of_a_cell_aggregate_as_varieties(case: Case) -> None:
    goods, _ = read_goods(case)
    cells = build_cells(goods, THETA, "one_sector")
    none = np.zeros(len(goods))
    hat = np.ones(len(goods))
    at = {name: position_of(goods, "XAA", "XAC", name) for name in ("grain", "metal", "jewels")}
    cell = cells.cell[np.flatnonzero(cells.good == at["grain"])[0]]
    unchanged = combine_goods(cells, hat, none, none)
    assert (unchanged.cost_hat == 1.0).all()
    assert (unchanged.tariff_pct == 0.0).all()
    hat[[at["metal"], at["jewels"]]] = np.inf
    cut = combine_goods(cells, hat, none, none)
    # A fifth of the value remains at the base-year cost: (1/5)^(-1/5).
    assert cut.cost_hat[cell] == pytest.approx(5.0 ** (1 / 5))
    assert cut.share[cells.good == at["grain"]] == pytest.approx([1.0])
    hat[at["grain"]] = np.inf
    assert combine_goods(cells, hat, none, none).cost_hat[cell] == np.inf


def test_cell_tariff_has_the_revenue_of_its_goods(case: Case) -> None:
    goods, _ = read_goods(case)
    cells = build_cells(goods, THETA, "one_sector")
    none, hat, duty = np.zeros(len(goods)), np.ones(len(goods)), np.zeros(len(goods))
    duty[position_of(goods, "XAA", "XAC", "metal")] = 25.0
    changes = combine_goods(cells, hat, none, duty)
    cell = cells.cell[np.flatnonzero(duty[cells.good] > 0.0)[0]]
    with_tariffs = 0.4 * 1.25**-5.0
    gross = with_tariffs / (with_tariffs + 0.6)
    revenue = gross * 0.25 / 1.25
    assert changes.tariff_pct[cell] / (100.0 + changes.tariff_pct[cell]) == pytest.approx(revenue)
    price = (0.6 + with_tariffs) ** (-1 / 5)
    assert changes.cost_hat[cell] * (1.0 + changes.tariff_pct[cell] / 100.0) == pytest.approx(price)
