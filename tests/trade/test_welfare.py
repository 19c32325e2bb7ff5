"""Equivalent variation and its parts; the published first order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sogdia.trade import Baseline, Change, TradeResult, decompose_welfare, solve

from .worlds import TIGHT, random_change, random_world, two

SOURCES = ["from_value_added", "from_rents", "from_tariff_revenue", "from_scarcity_rents", "from_transfers"]
CAUSES = [
    "terms_of_trade",
    "volume",
    "trade_costs",
    "productivity",
    "factor_supply",
    "scarcity_rents",
    "transfers",
    "other",
]


def by_cause(table: pd.DataFrame) -> pd.DataFrame:
    return table[[f"by_{name}" for name in CAUSES]]


def tariff_cut(tariff: float, after: float) -> TradeResult:
    """Return the cut of a tariff between two identical economies, θ = 4, from equilibrium trade of 20."""
    flow = np.array([[[80.0, 20.0], [20.0, 80.0]]])
    off = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    baseline = Baseline.from_arrays(("A", "B"), ("all",), flow, np.array([4.0]), tariff * off)
    return solve(baseline, Change(np.ones(flow.shape), after * off), TIGHT)


@pytest.mark.parametrize("rule", ["additive", "multiplicative", "zero"])
def test_parts_by_source_and_by_cause_sum_to_the_equivalent_variation(rule: str) -> None:
    world = random_world(41, with_inputs=True, with_tariffs=True)
    settings = TIGHT.model_copy(update={"imbalance": rule})
    result = solve(world, random_change(41, world, cut=0.1), settings)
    table = decompose_welfare(result)
    expected = table["equivalent_variation"].to_numpy()
    assert by_cause(table).sum(axis=1).to_numpy() == pytest.approx(expected, abs=1e-12)
    if rule != "multiplicative":
        assert table[SOURCES].sum(axis=1).to_numpy() == pytest.approx(expected, abs=1e-12)
        spent = result.final_expenditure / result.consumer_price_hat
        assert expected == pytest.approx(spent - world.final_expenditure, abs=1e-12)


def test_removed_tariff_matches_the_hand_calculation() -> None:
    """Remove a 25 % tariff between two identical economies.

    Wages and costs are constant, W = (100 / 105) / P with share π = 25 / 105 of imports at consumer prices
    and P = (1 − π + π 1.25^θ)^(−1/θ), imports X' = 100 π 1.25^θ / (1 − π + π 1.25^θ).
    """
    table = decompose_welfare(tariff_cut(0.25, 0.0)).iloc[0]
    share = 25.0 / 105.0
    sum_ = 1.0 - share + share * 1.25**4
    imports = 100.0 * share * 1.25**4 / sum_
    price = sum_ ** (-1.0 / 4.0)
    assert table["equivalent_variation"] == pytest.approx(100.0 / price - 105.0)
    assert table["from_value_added"] == pytest.approx(100.0 / price - 100.0)
    assert table["from_tariff_revenue"] == pytest.approx(-5.0)
    assert table["by_terms_of_trade"] == pytest.approx(0.0, abs=1e-10)
    assert table["first_order_terms_of_trade_pct"] == pytest.approx(0.0, abs=1e-10)
    assert table["first_order_volume_pct"] == pytest.approx(100.0 * 0.25 * (imports - 20.0) / 105.0)
    assert table["first_order_total_pct"] == pytest.approx(table["first_order_volume_pct"])


def test_first_order_overstates_a_large_tariff_cut_and_agrees_on_a_small_one() -> None:
    # The published form counts each new import at the tariff of the base year, which falls on the path.
    large = decompose_welfare(tariff_cut(0.25, 0.0)).iloc[0]
    assert large["first_order_total_pct"] > 2.0 * large["welfare_pct"] > 0.0
    gaps = []
    for cut in (0.02, 0.01):
        small = decompose_welfare(tariff_cut(0.25, 0.25 - cut)).iloc[0]
        gaps.append(small["first_order_total_pct"] - small["welfare_pct"])
    assert gaps[0] / gaps[1] == pytest.approx(4.0, rel=0.1)


def test_rest_is_of_third_order_and_first_order_gap_of_second() -> None:
    world = random_world(42, with_inputs=True, with_tariffs=True)
    full = random_change(42, world)
    assert full.productivity is not None
    rests, gaps = [], []
    for part in (0.02, 0.01):
        change = Change(full.cost_hat**part, None, full.productivity**part)
        table = decompose_welfare(solve(world, change, TIGHT.model_copy(update={"imbalance": "additive"})))
        rests.append(np.abs(table["by_other"]).max())
        balanced = solve(replace(world, flow=world.flow + np.swapaxes(world.flow, 1, 2)), change, TIGHT)
        first = decompose_welfare(balanced)
        gaps.append(np.abs(first["first_order_total_pct"] - first["welfare_pct"]).max())
    assert rests[0] / rests[1] > 7.0
    assert gaps[0] / gaps[1] > 3.5


def test_ended_deficit_is_a_transfer() -> None:
    # Without trade costs wages and prices do not respond: the transfer alone changes welfare.
    sales, expenditure = np.array([50.0, 30.0, 20.0]), np.array([40.0, 35.0, 25.0])
    flow = (sales[:, None] * expenditure / 100.0)[None]
    world = Baseline.from_arrays(("A", "B", "C"), ("all",), flow, np.array([6.0]))
    balanced = TIGHT.model_copy(update={"imbalance": "zero"})
    table = decompose_welfare(solve(world, Change.none(world), balanced))
    assert table["equivalent_variation"].to_numpy() == pytest.approx([10.0, -5.0, -5.0])
    assert table["from_transfers"].to_numpy() == pytest.approx([10.0, -5.0, -5.0])
    assert table["by_terms_of_trade"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert (np.sign(table["by_transfers"]) == np.sign(table["equivalent_variation"])).all()


def test_cut_off_flow_has_the_limit_of_rising_costs() -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    costs = pd.DataFrame([("*", "*", np.inf)], columns=["exporter", "importer", "factor"])
    cut = decompose_welfare(solve(baseline, Change.from_frames(baseline, costs), TIGHT)).iloc[0]
    assert cut["equivalent_variation"] == pytest.approx(100.0 * (0.8**0.25 - 1.0))
    per_log = cut["equivalent_variation"] / np.log(0.8**0.25)
    assert cut["by_trade_costs"] == pytest.approx(-per_log * 0.2 / 4.0)
    assert np.isnan(cut["first_order_total_pct"])
    high = decompose_welfare(
        solve(baseline, Change.from_frames(baseline, costs.assign(factor=500.0)), TIGHT)
    ).iloc[0]
    assert high["by_trade_costs"] == pytest.approx(cut["by_trade_costs"], rel=0.1)
