"""Cut-offs, imbalance rules and sectors without suppliers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.numerics import NotConvergedError
from sogdia.trade import Baseline, Change, TradeResult, TradeSettings, solve

from .worlds import assert_budgets_hold, random_change, random_world, two

RULES = pytest.mark.parametrize("rule", ["additive", "multiplicative", "zero"])
COSTS = ["exporter", "importer", "factor"]


def world(rows: list[tuple[str, str, str, float]], theta: float = 4.0) -> Baseline:
    table = pd.DataFrame(rows, columns=["exporter", "importer", "sector", "value"])
    return Baseline.from_frames(table, theta)


def solve_costs(
    baseline: Baseline, rows: list[tuple[str, str, float]], rule: str = "additive"
) -> TradeResult:
    change = Change.from_frames(baseline, pd.DataFrame(rows, columns=COSTS))
    return solve(baseline, change, TradeSettings.model_validate({"imbalance": rule}))


@RULES
@pytest.mark.parametrize("seed", range(4))
def test_partner_cut_off_from_all_is_in_autarky(rule: str, seed: int) -> None:
    baseline = random_world(seed, sectors=2, size=7, with_inputs=seed % 2 == 1, with_tariffs=seed > 1)
    partner = baseline.economies[seed]
    result = solve_costs(baseline, [(partner, "*", np.inf), ("*", partner, np.inf)], rule)
    assert_budgets_hold(result)
    table = result.economies().set_index("economy")
    assert table.loc[partner, "imbalance"] == pytest.approx(0.0, abs=1e-12)
    assert table.loc[partner, "domestic_share"] == pytest.approx(1.0)
    assert float(table["real_wage_pct"][partner]) < 0.0
    assert table["imbalance"].sum() == pytest.approx(0.0, abs=1e-9)
    assert "cut off" in set(result.report()["rule"])


@RULES
def test_rising_costs_converge_to_the_cut_off(rule: str) -> None:
    # The imbalance vanishes with trade, so the result is continuous in the cost.
    baseline = random_world(11, sectors=2, size=5, empty=0.0)
    flow = baseline.flow.copy()
    flow[-1, 0, 0] = flow[-1, 0].max()
    baseline = Baseline.from_arrays(baseline.economies, baseline.sectors, flow, baseline.theta)
    limit = solve_costs(baseline, [("e01", "*", np.inf), ("*", "e01", np.inf)], rule).welfare_hat
    gaps = []
    for factor in (10.0, 30.0, 100.0, 300.0):
        found = solve_costs(baseline, [("e01", "*", factor), ("*", "e01", factor)], rule)
        assert_budgets_hold(found)
        gaps.append(np.abs(found.welfare_hat - limit)[1])
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-6
    assert abs(found.final_expenditure[1] - found.income[1]) < 1e-5 * baseline.value_added[1]
    # The others' imbalances are shares of the output of all that trade, which includes e01 up to the cut-off.
    assert found.welfare_hat == pytest.approx(limit, rel=1e-7 if rule == "zero" else 5e-2)


def test_separated_blocs_balance_trade_within_each_bloc() -> None:
    baseline = random_world(12, size=6, empty=0.0)
    cost = np.ones(baseline.flow.shape)
    cost[:, :3, 3:] = cost[:, 3:, :3] = np.inf
    result = solve(baseline, Change(cost))
    assert_budgets_hold(result)
    imbalance = result.final_expenditure - result.income
    assert imbalance[:3].sum() == pytest.approx(0.0, abs=1e-9)
    assert imbalance[3:].sum() == pytest.approx(0.0, abs=1e-9)
    assert sorted(set(result.group[:3])) != sorted(set(result.group[3:]))
    assert (np.sign(imbalance) * np.sign(baseline.imbalance) >= 0.0).all()


def test_separated_bloc_equals_the_bloc_modelled_alone() -> None:
    flow = random_world(13, size=6, empty=0.0).flow
    flow = flow + np.swapaxes(flow, 1, 2)
    baseline = Baseline.from_arrays(tuple("ABCDEF"), ("x", "y", "z"), flow, np.array([3.0, 4.0, 6.0]))
    cost = np.ones(flow.shape)
    cost[:, :3, 3:] = cost[:, 3:, :3] = np.inf
    separated = solve(baseline, Change(cost)).to_baseline()
    alone = Baseline.from_arrays(tuple("ABC"), separated.sectors, separated.flow[:, :3, :3], separated.theta)
    shock = random_change(1, alone)
    within = Change(np.ones(flow.shape), None, np.ones(separated.output.shape))
    assert within.productivity is not None
    assert shock.productivity is not None
    within.cost_hat[:, :3, :3] = shock.cost_hat
    within.productivity[:, :3] = shock.productivity
    assert solve(separated, within).welfare_hat[:3] == pytest.approx(
        solve(alone, shock).welfare_hat, rel=1e-8
    )


def test_sector_without_supplier_is_produced_at_the_substitute_price() -> None:
    rows = [("A", "A", "food", 90.0), ("B", "A", "fuel", 10.0), ("A", "B", "food", 10.0)]
    baseline = world([*rows, ("B", "B", "food", 40.0), ("B", "B", "fuel", 5.0)])
    change = Change.from_frames(baseline, pd.DataFrame([("*", "*", np.inf)], columns=COSTS))
    for price in (10.0, 3.0):
        result = solve(baseline, change, TradeSettings(substitute_price=price))
        assert_budgets_hold(result)
        # A spends a tenth on fuel and imports no food.
        assert result.welfare_hat[0] == pytest.approx(price**-0.1)
        row = result.report().set_index("rule").loc["unsupplied"]
        assert (row["economy"], row["sector"], row["value"]) == ("A", "fuel", pytest.approx(0.1))
        assert result.flow[1, 0, 0] == pytest.approx(10.0)
    assert set(baseline.report["rule"]) == {"no home sales", "zero flows"}


def test_trade_without_return_flow_ends() -> None:
    # A can still buy from B but no longer sell to it, so it has no revenue to pay with.
    baseline = Baseline.from_frames(two(), 4.0)
    result = solve_costs(baseline, [("A", "B", np.inf)])
    assert_budgets_hold(result)
    assert result.welfare_hat == pytest.approx(0.8**0.25)
    assert "one-way trade ended" in set(result.report()["rule"])


def test_deficit_above_output_remains_while_trade_can_carry_it() -> None:
    rows = [("A", "A", "all", 5.0), ("B", "A", "all", 30.0), ("A", "B", "all", 5.0), ("B", "B", "all", 500.0)]
    baseline = world(rows)
    assert baseline.report["rule"].tolist() == ["imbalance"]
    assert baseline.imbalance[0] > baseline.value_added[0]
    mild = solve_costs(baseline, [("B", "A", 1.1)])
    assert_budgets_hold(mild)
    assert mild.final_expenditure[0] - mild.income[0] == pytest.approx(25.0)
    assert mild.report().empty
    harsh = solve_costs(baseline, [("B", "A", 50.0), ("A", "B", 50.0)])
    assert_budgets_hold(harsh)
    assert harsh.final_expenditure[0] - harsh.income[0] < 25.0
    assert set(harsh.report()["rule"]) == {"imbalance"}
    autarky = solve_costs(baseline, [("*", "*", np.inf)])
    assert autarky.final_expenditure == pytest.approx(autarky.income)


def test_zero_rule_ends_imbalances() -> None:
    baseline = random_world(14)
    result = solve(baseline, Change.none(baseline), TradeSettings(imbalance="zero"))
    assert_budgets_hold(result)
    assert result.final_expenditure == pytest.approx(result.income)
    assert np.abs(baseline.imbalance).max() > 0.01
    # Economies with a surplus gain, since they consume what they lent.
    assert (np.sign(result.welfare_hat - 1.0) == -np.sign(baseline.imbalance)).mean() > 0.6


def test_terms_of_trade_and_volume_effects_multiply_to_welfare() -> None:
    baseline = random_world(15, with_tariffs=True)
    table = solve(baseline, random_change(15, baseline)).economies()
    parts = (1.0 + table["terms_of_trade_pct"] / 100.0) * (1.0 + table["volume_pct"] / 100.0)
    assert (100.0 * (parts - 1.0)).to_numpy() == pytest.approx(table["welfare_pct"].to_numpy())


def test_foreign_productivity_gain_is_a_terms_of_trade_gain() -> None:
    # B becomes twice as productive: its export prices fall, which is the only gain of A.
    baseline = Baseline.from_frames(two(), 4.0)
    result = solve(baseline, Change(np.ones((1, 2, 2)), None, np.array([[1.0, 2.0]])))
    table = result.economies().set_index("economy")
    of_a, of_b = table["terms_of_trade_pct"].tolist()
    assert of_a > 0.0 > of_b
    assert table["welfare_pct"].tolist()[0] == pytest.approx(of_a, rel=0.25)


def test_sector_results_sum_to_totals() -> None:
    baseline = random_world(16, with_inputs=True, with_tariffs=True)
    result = solve(baseline, random_change(16, baseline))
    flows, sectors, table = result.flows(), result.sectors(), result.economies().set_index("economy")
    sold = flows.groupby("exporter")["after"].sum()
    assert sectors.groupby("economy")["output"].sum().to_numpy() == pytest.approx(sold.to_numpy())
    trade = flows[flows["exporter"] != flows["importer"]]
    net = trade.groupby("importer")["after"].sum() - trade.groupby("exporter")["after"].sum()
    assert net.to_numpy() == pytest.approx(table["imbalance"].to_numpy(), abs=1e-8)
    assert flows["before"].sum() == pytest.approx(baseline.flow.sum())


def test_failure_carries_the_convergence_record() -> None:
    baseline = random_world(17)
    with pytest.raises(NotConvergedError) as caught:
        solve(baseline, random_change(17, baseline), TradeSettings(most_iterations=2))
    record = caught.value.convergence
    assert not record.converged
    assert record.iterations == 2 * 6
    assert "excess demand" in str(caught.value)
