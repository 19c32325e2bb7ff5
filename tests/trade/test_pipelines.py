"""Trade that depends on pipelines."""

from __future__ import annotations

import numpy as np
from freight.borderland import changed, with_rows

from sogdia import Case
from sogdia.trade.goods import read_goods
from sogdia.trade.pipelines import has_lost_pipelines

from .conftest import position_of


def test_pipeline_trade_ends_with_the_last_pipeline_between_a_pair(case: Case) -> None:
    gas = {"exporter": "XAC", "importer": "XAA", "commodity": "natural_gas", "year": 2023, "value_musd": 9.0}
    jewels = case.table("commodities").loc["jewels"].to_dict()
    goods_row = {**{str(name): cell for name, cell in jewels.items()}, "id": "natural_gas"}
    gas_case = with_rows(case, "trade", [{**gas, "key": "gas"}], "key")
    gas_case = with_rows(gas_case, "commodities", [{**goods_row, "key": "natural_gas"}], "key")
    goods, _ = read_goods(gas_case)
    at = position_of(goods, "XAC", "XAA", "natural_gas")
    closed = changed(gas_case, {("pipelines", "gas_c_a", "status"): "suspended"})
    assert not has_lost_pipelines(gas_case, gas_case, goods).any()
    assert np.flatnonzero(has_lost_pipelines(gas_case, closed, goods)).tolist() == [at]
    first = gas_case.table("pipelines").loc["gas_c_a"].to_dict()
    line = {**{str(name): cell for name, cell in first.items()}, "id": "second", "key": "second"}
    two_lines = with_rows(gas_case, "pipelines", [line], "key")
    one_closed = changed(two_lines, {("pipelines", "gas_c_a", "status"): "suspended"})
    assert not has_lost_pipelines(two_lines, one_closed, goods).any()
    # Oil is freight: a closed pipeline removes a path, not the trade.
    no_oil_line = changed(gas_case, {("pipelines", "oil_c_b", "status"): "suspended"})
    lost = has_lost_pipelines(gas_case, no_oil_line, goods)
    assert goods.loc[lost, "commodity"].tolist() == ["crude_oil"]
    assert goods.loc[lost, "freight"].all()
