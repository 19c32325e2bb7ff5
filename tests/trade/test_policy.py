"""Barriers and non-tariff costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from freight.borderland import with_rows

from sogdia import Case
from sogdia.trade.goods import read_goods
from sogdia.trade.policy import (
    nontariff_cost,
    nontariff_cost_hat,
    read_policy,
    trade_factor_cost_hat,
)

from .conftest import barrier, position_of


def test_barrier_on_a_good_replaces_the_barrier_on_all_goods(case: Case) -> None:
    rows = [
        barrier("XAA", "XAC", cost_pct=20.0),
        barrier("XAA", "XAC", "grain", tariff_pct=5.0),
        barrier("XAC", "XAB", prohibited=True),
        barrier("XAB", "XAA", "grain", cost_pct=9.0),
    ]
    barred = with_rows(case, "barriers", rows, "key")
    goods, _ = read_goods(barred)
    policy = read_policy(barred, goods)
    grain = position_of(goods, "XAA", "XAC", "grain")
    metal = position_of(goods, "XAA", "XAC", "metal")
    oil = position_of(goods, "XAC", "XAB", "crude_oil")
    assert (policy.cost_share[grain], policy.tariff_pct[grain]) == (0.0, 5.0)
    assert (policy.cost_share[metal], policy.tariff_pct[metal]) == (0.2, 0.0)
    assert policy.prohibited[oil]
    assert policy.prohibited.sum() == 1
    assert policy.remarks == (
        "barrier on grain from XAB to XAA has no effect: "
        "the pair's trade is not split by commodity, or has none of it",
    )


def test_non_tariff_cost_is_the_gravity_cost_not_explained_by_transport(case: Case) -> None:
    # Head & Ries (2001), Novy (2013): T = (X_ii X_jj / (X_ij X_ji))^(1 / 2θ).
    goods, _ = read_goods(case)
    flow, codes = _one_sector(goods)
    size = len(flow)
    explained = np.full((1, size, size), 1.1)
    by_pair = nontariff_cost(flow[None], np.array([5.0]), explained)[0]
    nontariff = by_pair[goods["exporter"].map(codes), goods["importer"].map(codes)]
    pair = position_of(goods, "XAA", "XAB", "all")
    total = (500.0 * 250.0 / (24.0 * 24.0)) ** 0.1
    assert nontariff[pair] == pytest.approx(total / 1.1 - 1.0)
    factor = np.full(len(goods), 2.0)
    ratio = nontariff_cost_hat(nontariff, np.ones(len(goods)), factor)
    assert ratio[pair] == pytest.approx((1.0 + 2.0 * nontariff[pair]) / (1.0 + nontariff[pair]))
    # XAD sells nothing to XAC: the cost is infinite, and the factor applies as it is.
    unreciprocated = position_of(goods, "XAC", "XAD", "all")
    assert nontariff[unreciprocated] == np.inf
    assert ratio[unreciprocated] == 2.0
    assert (nontariff_cost_hat(nontariff, factor, factor) == 1.0).all()


def test_cost_of_a_trade_factor_has_the_elasticity_of_the_sector() -> None:
    theta, before, after = np.array([0.5, 1.0, 2.0, 5.0]), np.ones(4), np.full(4, 0.25)
    hat = trade_factor_cost_hat(theta, before, after)
    assert hat == pytest.approx([16.0, 4.0, 2.0, 4.0**0.2])
    assert hat**-theta == pytest.approx(after)
    # A factor that the base year already has costs no more.
    assert (trade_factor_cost_hat(theta, after, after) == 1.0).all()
    assert trade_factor_cost_hat(theta, after, before) == pytest.approx(1.0 / hat)


def test_trade_factor_without_a_figure_is_one(case: Case) -> None:
    rows = [barrier("XAA", "XAC", trade_factor=0.23), barrier("XAC", "XAB", trade_factor=np.nan)]
    barred = with_rows(case, "barriers", rows, "key")
    goods, _ = read_goods(barred)
    factor = read_policy(barred, goods).trade_factor
    assert factor[position_of(goods, "XAA", "XAC", "metal")] == 0.23
    assert factor[position_of(goods, "XAC", "XAB", "crude_oil")] == 1.0


def test_sector_without_home_sales_has_the_non_tariff_cost_of_the_pair() -> None:
    # Two identical economies and two sectors; the second one is not sold at home.
    flow = np.array([[[90.0, 10.0], [10.0, 90.0]], [[0.0, 10.0], [10.0, 0.0]]])
    found = nontariff_cost(flow, np.array([2.0, 4.0]), np.ones_like(flow))
    assert found[0, 0, 1] == pytest.approx(9.0 ** (1 / 2) - 1.0)
    # Together 90 at home and 20 abroad, with the mean elasticity of 3.
    assert found[1, 0, 1] == pytest.approx((90.0 / 20.0) ** (1 / 3) - 1.0)


def _one_sector(goods: pd.DataFrame) -> tuple[np.ndarray, dict[str, int]]:
    names = sorted(set(goods["exporter"]) | set(goods["importer"]))
    codes = {name: n for n, name in enumerate(names)}
    flow = np.zeros((len(names), len(names)))
    np.add.at(flow, (goods["exporter"].map(codes), goods["importer"].map(codes)), goods["value_musd"])
    return flow, codes
