"""A region's trade as a model: goods, sectors, barriers, pipelines, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from freight.borderland import case_of, changed, with_rows, write_borderland

from sogdia import Case
from sogdia.errors import FaultsError, UnknownNameError
from sogdia.trade import Change, solve
from sogdia.trade.composition import COMPOSITIONS, cells_of, combined
from sogdia.trade.goods import goods_of
from sogdia.trade.inputs import trade_inputs
from sogdia.trade.pipelines import shut_off
from sogdia.trade.policy import nontariff_part, nontariff_ratio, policy_of

THETA = {"all": 5.0, "grain": 5.0, "metal": 5.0, "crude_oil": 5.0, "jewels": 5.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


@pytest.fixture(scope="module")
def case(folder: Path) -> Case:
    return case_of(folder)


def place_of(goods: pd.DataFrame, exporter: str, importer: str, commodity: str) -> int:
    here = (goods["exporter"] == exporter) & (goods["importer"] == importer)
    found = np.flatnonzero((here & (goods["commodity"] == commodity)).to_numpy())
    assert found.size == 1
    return int(found[0])


def barrier(exporter: str, importer: str, commodity: str = "all", **terms: Any) -> dict[str, Any]:
    row = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "prohibited": False, **terms}
    ends = {"exporter": exporter, "importer": importer, "commodity": commodity}
    return {**ends, **row, "key": f"{exporter}/{importer}/{commodity}"}


def test_a_pair_counts_once_by_its_groups_where_it_is_split(case: Case) -> None:
    goods, misfits = goods_of(case)
    pair = goods[(goods["exporter"] == "XAA") & (goods["importer"] == "XAC")]
    assert list(pair["commodity"]) == ["grain", "jewels", "metal"]
    assert list(pair["value_musd"]) == [48.0, 96.0, 96.0]
    assert list(pair["freight"]) == [True, False, True]
    assert misfits["factor"].eq(1.0).all()
    # 96 million over 30,000 t; grain has no tonnes of its own, so the commodity's value per tonne.
    assert list(pair["usd_per_t"]) == pytest.approx([240.0, 96e6, 3200.0])
    assert goods["value_musd"].sum() == pytest.approx(
        case.table("trade").query("commodity == 'all'")["value_musd"].sum()
    )


def test_what_a_pairs_groups_miss_is_spread_as_they_are(case: Case) -> None:
    trade = case.table("trade")
    key = trade.index[(trade["exporter"] == "XAA") & (trade["importer"] == "XAC")][0]
    goods, misfits = goods_of(changed(case, {("trade", str(key), "value_musd"): 300.0}))
    pair = goods[(goods["exporter"] == "XAA") & (goods["importer"] == "XAC")]
    assert list(pair["value_musd"]) == pytest.approx([60.0, 120.0, 120.0])
    assert list(pair["usd_per_t"]) == pytest.approx([240.0, 96e6, 3200.0])
    assert misfits.loc[0, "factor"] == pytest.approx(1.25)


def test_an_economy_without_sales_at_home_is_named(case: Case) -> None:
    trade = case.table("trade")
    away = trade[~((trade["exporter"] == "XAB") & (trade["importer"] == "XAB"))]
    lacking = replace(case, frames=MappingProxyType({**case.frames, "trade": away}))
    with pytest.raises(FaultsError, match=r"trade\.csv: XAB: no row of sales at home"):
        goods_of(lacking)


def test_sectors_hold_the_same_trade_however_goods_are_put_into_them(case: Case) -> None:
    goods, _ = goods_of(case)
    pairs = goods.groupby(["exporter", "importer"])["value_musd"].sum()
    for composition in COMPOSITIONS:
        cells = cells_of(goods, THETA, composition)
        again = cells.cells.groupby(["exporter", "importer"])["value"].sum()
        pd.testing.assert_series_equal(again, pairs, check_names=False)
    made = cells_of(goods, THETA, "exporter").cells
    at_home = made[(made["exporter"] == "XAA") & (made["importer"] == "XAA")].set_index("sector")["value"]
    # 500 at home as the split exports are made up: 48, 96 and 96 of 240.
    assert at_home.to_dict() == pytest.approx({"grain": 100.0, "jewels": 200.0, "metal": 200.0})
    # An economy with nothing split keeps the sector `all`.
    assert set(made.loc[made["exporter"] == "XAD", "sector"]) == {"all"}
    with pytest.raises(UnknownNameError, match="composition"):
        cells_of(goods, THETA, "by_hand")


def test_goods_of_a_cell_combine_as_varieties_do(case: Case) -> None:
    goods, _ = goods_of(case)
    cells = cells_of(goods, THETA, "one_sector")
    none = np.zeros(len(goods))
    hat = np.ones(len(goods))
    at = {name: place_of(goods, "XAA", "XAC", name) for name in ("grain", "metal", "jewels")}
    cell = cells.cell[np.flatnonzero(cells.good == at["grain"])[0]]
    still = combined(cells, hat, none, none)
    assert (still.cost_hat == 1.0).all()
    assert (still.tariff_pct == 0.0).all()
    hat[[at["metal"], at["jewels"]]] = np.inf
    cut = combined(cells, hat, none, none)
    # A fifth of the value is left at the cost before: (1/5)^(-1/5).
    assert cut.cost_hat[cell] == pytest.approx(5.0 ** (1 / 5))
    assert cut.share[cells.good == at["grain"]] == pytest.approx([1.0])
    hat[at["grain"]] = np.inf
    assert combined(cells, hat, none, none).cost_hat[cell] == np.inf


def test_a_tariff_on_one_of_a_cells_goods_raises_the_revenue_it_would_by_itself(case: Case) -> None:
    goods, _ = goods_of(case)
    cells = cells_of(goods, THETA, "one_sector")
    none, hat, duty = np.zeros(len(goods)), np.ones(len(goods)), np.zeros(len(goods))
    duty[place_of(goods, "XAA", "XAC", "metal")] = 25.0
    mixed = combined(cells, hat, none, duty)
    cell = cells.cell[np.flatnonzero(duty[cells.good] > 0.0)[0]]
    taxed = 0.4 * 1.25**-5.0
    gross = taxed / (taxed + 0.6)
    revenue = gross * 0.25 / 1.25
    assert mixed.tariff_pct[cell] / (100.0 + mixed.tariff_pct[cell]) == pytest.approx(revenue)
    price = (0.6 + taxed) ** (-1 / 5)
    assert mixed.cost_hat[cell] * (1.0 + mixed.tariff_pct[cell] / 100.0) == pytest.approx(price)


def test_splitting_a_good_into_two_alike_changes_nothing(case: Case) -> None:
    whole = trade_inputs(case)
    trade = case.table("trade")
    key = str(trade.index[(trade["exporter"] == "XAA") & (trade["commodity"] == "metal")][0])
    frame = changed(case, {("trade", key, "value_musd"): 48.0}).table("trade")
    half = frame.loc[[key]].assign(commodity="crude_oil")
    half.index = pd.Index(["another"], name="row")
    both = replace(case, frames=MappingProxyType({**case.frames, "trade": pd.concat([frame, half])}))
    parts = trade_inputs(both)
    results = []
    for model in (whole, parts):
        hat = np.where(
            model.goods["commodity"].isin(["metal", "crude_oil"]) & model.goods["exporter"].eq("XAA"),
            1.2,
            1.0,
        )
        change, _ = model.change(hat, model.policy.tariff_pct)
        results.append(solve(model.baseline, change).economies()["welfare_pct"].to_numpy())
    assert results[0] == pytest.approx(results[1], abs=1e-9)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_goods_after_sum_to_what_the_model_sells(case: Case, composition: Any) -> None:
    model = trade_inputs(case, composition)
    hat = np.where(model.goods["commodity"] == "metal", 1.3, 1.0)
    change, mixed = model.change(hat, model.policy.tariff_pct)
    result = solve(model.baseline, change)
    assert model.after(result, mixed).sum() == pytest.approx(result.flow.sum())
    still, same = model.change(np.ones(len(hat)), model.policy.tariff_pct)
    assert model.after(solve(model.baseline, still), same) == pytest.approx(
        model.goods["value_musd"].to_numpy(), rel=1e-12
    )
    assert (still.cost_hat == Change.none(model.baseline).cost_hat).all()


def test_a_barrier_on_all_goods_yields_to_one_on_a_good(case: Case) -> None:
    rows = [
        barrier("XAA", "XAC", cost_pct=20.0),
        barrier("XAA", "XAC", "grain", tariff_pct=5.0),
        barrier("XAC", "XAB", prohibited=True),
        barrier("XAB", "XAA", "grain", cost_pct=9.0),
    ]
    pressed = with_rows(case, "barriers", rows, "key")
    goods, _ = goods_of(pressed)
    policy = policy_of(pressed, goods)
    grain = place_of(goods, "XAA", "XAC", "grain")
    metal = place_of(goods, "XAA", "XAC", "metal")
    oil = place_of(goods, "XAC", "XAB", "crude_oil")
    assert (policy.cost[grain], policy.tariff_pct[grain]) == (0.0, 5.0)
    assert (policy.cost[metal], policy.tariff_pct[metal]) == (0.2, 0.0)
    assert policy.prohibited[oil]
    assert policy.prohibited.sum() == 1
    assert policy.remarks == ("barrier on grain from XAB to XAA: the pair is not split, or sells none",)


def test_the_non_tariff_part_is_what_gravity_sees_and_carriage_does_not_explain(case: Case) -> None:
    # Head & Ries (2001), Novy (2013): T = (X_ii X_jj / (X_ij X_ji))^(1 / 2θ).
    goods, _ = goods_of(case)
    policy = policy_of(case, goods)
    carriage = np.where(goods["freight"], 0.1, 0.0)
    part = nontariff_part(goods, carriage, policy, 5.0)
    pair = place_of(goods, "XAA", "XAB", "all")
    total = (500.0 * 250.0 / (24.0 * 24.0)) ** 0.1
    assert part[pair] == pytest.approx(total / 1.1 - 1.0)
    factor = np.full(len(goods), 2.0)
    ratio = nontariff_ratio(part, np.ones(len(goods)), factor)
    assert ratio[pair] == pytest.approx((1.0 + 2.0 * part[pair]) / (1.0 + part[pair]))
    # Nothing is sold from XAD to XAC: no cost is too high to explain that, and the factor is all there is.
    one_way = place_of(goods, "XAC", "XAD", "all")
    assert part[one_way] == np.inf
    assert ratio[one_way] == 2.0
    assert (nontariff_ratio(part, factor, factor) == 1.0).all()


def test_goods_of_pipelines_end_with_the_last_line_between_a_pair(case: Case) -> None:
    gas = {"exporter": "XAC", "importer": "XAA", "commodity": "natural_gas", "year": 2023, "value_musd": 9.0}
    goods_row = {**case.table("commodities").loc["jewels"].to_dict(), "id": "natural_gas"}
    burning = with_rows(case, "trade", [{**gas, "key": "gas"}], "key")
    burning = with_rows(burning, "commodities", [{**goods_row, "key": "natural_gas"}], "key")
    goods, _ = goods_of(burning)
    at = place_of(goods, "XAC", "XAA", "natural_gas")
    shut = changed(burning, {("pipelines", "gas_c_a", "status"): "suspended"})
    assert not shut_off(burning, burning, goods).any()
    assert np.flatnonzero(shut_off(burning, shut, goods)).tolist() == [at]
    line = {**burning.table("pipelines").loc["gas_c_a"].to_dict(), "id": "second", "key": "second"}
    twice = with_rows(burning, "pipelines", [line], "key")
    half = changed(twice, {("pipelines", "gas_c_a", "status"): "suspended"})
    assert not shut_off(twice, half, goods).any()
    # Oil is freight: a shut line takes its way, not its trade.
    dry = changed(burning, {("pipelines", "oil_c_b", "status"): "suspended"})
    assert not shut_off(burning, dry, goods).any()


def test_the_order_of_rows_does_not_matter(folder: Path, tmp_path: Path) -> None:
    mixed = case_of(write_borderland(tmp_path / "mixed", lambda _table, rows: rows[::-1]))
    first, second = trade_inputs(case_of(folder)), trade_inputs(mixed)
    pd.testing.assert_frame_equal(first.goods, second.goods)
    assert (first.baseline.flow == second.baseline.flow).all()
