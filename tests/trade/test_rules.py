"""What happens where trade ends: cut-offs, imbalances nobody can pay, goods nobody supplies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.numerics import NotConvergedError
from sogdia.trade import Baseline, Change, TradeResult, TradeSettings, solve

from .worlds import random_change, random_world, two

RULES = pytest.mark.parametrize("rule", ["additive", "multiplicative", "zero"])
COSTS = ["exporter", "importer", "factor"]


def world(rows: list[tuple[str, str, str, float]], theta: float = 4.0) -> Baseline:
    table = pd.DataFrame(rows, columns=["exporter", "importer", "sector", "value"])
    return Baseline.from_frames(table, theta)


def changed(baseline: Baseline, rows: list[tuple[str, str, float]], rule: str = "additive") -> TradeResult:
    change = Change.from_frames(baseline, pd.DataFrame(rows, columns=COSTS))
    return solve(baseline, change, TradeSettings.model_validate({"imbalance": rule}))


def holds(result: TradeResult) -> None:
    """Budgets and goods markets of a result, from its flows alone."""
    flow = result.flow
    imports = flow.sum(axis=(0, 1)) - flow.sum(axis=(0, 2))
    assert imports == pytest.approx(result.final - result.income, abs=1e-8 * result.income.max())
    paid = (flow * (1.0 + result.tariff)).sum(axis=1)
    assert paid == pytest.approx(result.expenditure, rel=1e-8, abs=1e-12 * paid.max())
    assert np.isfinite(result.welfare_hat).all()
    assert (result.welfare_hat > 0.0).all()


@RULES
@pytest.mark.parametrize("seed", range(4))
def test_a_partner_cut_off_from_everyone(rule: str, seed: int) -> None:
    baseline = random_world(seed, sectors=2, size=7, chained=seed % 2 == 1, taxed=seed > 1)
    gone = baseline.economies[seed]
    result = changed(baseline, [(gone, "*", np.inf), ("*", gone, np.inf)], rule)
    holds(result)
    table = result.economies().set_index("economy")
    assert table.loc[gone, "imbalance"] == pytest.approx(0.0, abs=1e-12)
    assert table.loc[gone, "domestic_share"] == pytest.approx(1.0)
    assert float(table["real_wage_pct"][gone]) < 0.0
    assert table["imbalance"].sum() == pytest.approx(0.0, abs=1e-9)
    assert "cut off" in set(result.report()["rule"])


@RULES
def test_higher_and_higher_costs_lead_to_the_cut_off(rule: str) -> None:
    # The imbalance ends with trade itself, so that nothing jumps on the way.
    baseline = random_world(11, sectors=2, size=5, empty=0.0)
    flow = baseline.flow.copy()
    flow[-1, 0, 0] = flow[-1, 0].max()
    baseline = Baseline.from_arrays(baseline.economies, baseline.sectors, flow, baseline.theta)
    limit = changed(baseline, [("e01", "*", np.inf), ("*", "e01", np.inf)], rule).welfare_hat
    gaps = []
    for factor in (10.0, 30.0, 100.0, 300.0):
        found = changed(baseline, [("e01", "*", factor), ("*", "e01", factor)], rule)
        holds(found)
        gaps.append(np.abs(found.welfare_hat - limit)[1])
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-6
    assert abs(found.final[1] - found.income[1]) < 1e-5 * baseline.value_added[1]
    # The others' imbalances are in units of the output of all who trade, of which e01 is one to the last.
    assert found.welfare_hat == pytest.approx(limit, rel=1e-7 if rule == "zero" else 5e-2)


def test_two_blocs_that_part_balance_each_for_itself() -> None:
    baseline = random_world(12, size=6, empty=0.0)
    cost = np.ones(baseline.flow.shape)
    cost[:, :3, 3:] = cost[:, 3:, :3] = np.inf
    result = solve(baseline, Change(cost))
    holds(result)
    imbalance = result.final - result.income
    assert imbalance[:3].sum() == pytest.approx(0.0, abs=1e-9)
    assert imbalance[3:].sum() == pytest.approx(0.0, abs=1e-9)
    assert sorted(set(result.group[:3])) != sorted(set(result.group[3:]))
    assert (np.sign(imbalance) * np.sign(baseline.imbalance) >= 0.0).all()


def test_a_bloc_alone_is_what_it_is_without_the_others() -> None:
    flow = random_world(13, size=6, empty=0.0).flow
    flow = flow + np.swapaxes(flow, 1, 2)
    baseline = Baseline.from_arrays(tuple("ABCDEF"), ("x", "y", "z"), flow, np.array([3.0, 4.0, 6.0]))
    cost = np.ones(flow.shape)
    cost[:, :3, 3:] = cost[:, 3:, :3] = np.inf
    parted = solve(baseline, Change(cost))
    there = parted.after()
    alone = Baseline.from_arrays(tuple("ABC"), there.sectors, there.flow[:, :3, :3], there.theta)
    shock = random_change(1, alone)
    within = Change(np.ones(flow.shape), None, np.ones(there.output.shape))
    assert within.productivity is not None
    assert shock.productivity is not None
    within.cost_hat[:, :3, :3] = shock.cost_hat
    within.productivity[:, :3] = shock.productivity
    assert solve(there, within).welfare_hat[:3] == pytest.approx(solve(alone, shock).welfare_hat, rel=1e-8)


def test_a_good_nobody_supplies_is_made_at_home_at_the_named_price() -> None:
    rows = [("A", "A", "food", 90.0), ("B", "A", "fuel", 10.0), ("A", "B", "food", 10.0)]
    baseline = world([*rows, ("B", "B", "food", 40.0), ("B", "B", "fuel", 5.0)])
    change = Change.from_frames(baseline, pd.DataFrame([("*", "*", np.inf)], columns=COSTS))
    for price in (10.0, 3.0):
        result = solve(baseline, change, TradeSettings(substitute_price=price))
        holds(result)
        # A spends a tenth on fuel; its food was all its own.
        assert result.welfare_hat[0] == pytest.approx(price**-0.1)
        told = result.report().set_index("rule").loc["unsupplied"]
        assert (told["economy"], told["sector"], told["value"]) == ("A", "fuel", pytest.approx(0.1))
        assert result.flow[1, 0, 0] == pytest.approx(10.0)
    assert set(baseline.report["rule"]) == {"no home sales", "zero cells"}


def test_trade_that_nobody_could_pay_ends() -> None:
    # A may still buy from B and sells it nothing any more: there is nothing to buy with.
    baseline = Baseline.from_frames(two(), 4.0)
    result = changed(baseline, [("A", "B", np.inf)])
    holds(result)
    assert result.welfare_hat == pytest.approx(0.8**0.25)
    assert "one-way trade ended" in set(result.report()["rule"])


def test_a_deficit_larger_than_output_is_kept_while_trade_can_carry_it() -> None:
    rows = [("A", "A", "all", 5.0), ("B", "A", "all", 30.0), ("A", "B", "all", 5.0), ("B", "B", "all", 500.0)]
    baseline = world(rows)
    assert baseline.report["rule"].tolist() == ["imbalance"]
    assert baseline.imbalance[0] > baseline.value_added[0]
    mild = changed(baseline, [("B", "A", 1.1)])
    holds(mild)
    assert mild.final[0] - mild.income[0] == pytest.approx(25.0)
    assert mild.report().empty
    harsh = changed(baseline, [("B", "A", 50.0), ("A", "B", 50.0)])
    holds(harsh)
    assert harsh.final[0] - harsh.income[0] < 25.0
    assert set(harsh.report()["rule"]) == {"imbalance"}
    gone = changed(baseline, [("*", "*", np.inf)])
    assert gone.final == pytest.approx(gone.income)


def test_without_imbalances_none_is_left() -> None:
    baseline = random_world(14)
    result = solve(baseline, Change.none(baseline), TradeSettings(imbalance="zero"))
    holds(result)
    assert result.final == pytest.approx(result.income)
    assert np.abs(baseline.imbalance).max() > 0.01
    # Those who gave goods away keep them now.
    assert (np.sign(result.welfare_hat - 1.0) == -np.sign(baseline.imbalance)).mean() > 0.6


def test_terms_of_trade_and_volume_make_welfare() -> None:
    baseline = random_world(15, taxed=True)
    table = solve(baseline, random_change(15, baseline)).economies()
    parts = (1.0 + table["terms_of_trade_pct"] / 100.0) * (1.0 + table["volume_pct"] / 100.0)
    assert (100.0 * (parts - 1.0)).to_numpy() == pytest.approx(table["welfare_pct"].to_numpy())


def test_a_better_price_abroad_is_terms_of_trade() -> None:
    # The other economy becomes twice as productive: what it sells gets cheaper, and that is all A gains by.
    baseline = Baseline.from_frames(two(), 4.0)
    result = solve(baseline, Change(np.ones((1, 2, 2)), None, np.array([[1.0, 2.0]])))
    table = result.economies().set_index("economy")
    of_a, of_b = table["terms_of_trade_pct"].tolist()
    assert of_a > 0.0 > of_b
    assert table["welfare_pct"].tolist()[0] == pytest.approx(of_a, rel=0.25)


def test_sectors_sum_to_totals() -> None:
    baseline = random_world(16, chained=True, taxed=True)
    result = solve(baseline, random_change(16, baseline))
    flows, sectors, table = result.flows(), result.sectors(), result.economies().set_index("economy")
    sold = flows.groupby("exporter")["after"].sum()
    assert sectors.groupby("economy")["output"].sum().to_numpy() == pytest.approx(sold.to_numpy())
    trade = flows[flows["exporter"] != flows["importer"]]
    net = trade.groupby("importer")["after"].sum() - trade.groupby("exporter")["after"].sum()
    assert net.to_numpy() == pytest.approx(table["imbalance"].to_numpy(), abs=1e-8)
    observed = flows["before"].sum()
    assert observed == pytest.approx(baseline.flow.sum())


def test_failure_is_told_with_its_record() -> None:
    baseline = random_world(17)
    with pytest.raises(NotConvergedError) as caught:
        solve(baseline, random_change(17, baseline), TradeSettings(most_iterations=2))
    record = caught.value.convergence
    assert not record.converged
    assert record.iterations == 2 * 6
    assert "excess demand" in str(caught.value)
