"""Counterfactuals with published or hand-calculated results, and invariances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from sogdia.trade import Baseline, Change, TradeSettings, solve, solve_many
from sogdia.trade.kernels.wages import iterate_fixed_point

from .published import enlargement, flows, welfare
from .worlds import TIGHT, frame_of, random_change, random_world, thetas_of, two

RULES = pytest.mark.parametrize("rule", ["additive", "multiplicative", "zero"])
KINDS = pytest.mark.parametrize(
    ("with_inputs", "with_tariffs"), [(False, False), (False, True), (True, False), (True, True)]
)


def test_enlargement_with_additive_rule_matches_all_published_economies() -> None:
    result = solve(*enlargement(), TradeSettings(imbalance="additive"))
    assert np.abs(result.welfare_hat - welfare("w_eu")).max() < 1e-6
    assert np.abs(result.flow[0] / flows("X_eu") - 1.0).max() < 1e-6


def test_enlargement_with_multiplicative_rule_matches_all_published_economies() -> None:
    result = solve(*enlargement(), TradeSettings(imbalance="multiplicative"))
    assert np.abs(result.welfare_hat - welfare("w_mult")).max() < 1e-5
    assert np.abs(result.real_wage_hat - result.welfare_hat).max() < 1e-12
    assert np.abs(result.flow[0] / flows("X_mult") - 1.0).max() < 1e-5


@KINDS
def test_no_change_reproduces_the_base_year(with_inputs: bool, with_tariffs: bool) -> None:
    baseline = random_world(1, with_inputs=with_inputs, with_tariffs=with_tariffs)
    result = solve(baseline, Change.none(baseline))
    assert np.allclose(result.flow, baseline.flow, rtol=1e-12, atol=0.0)
    assert result.convergence.iterations == 1
    table = result.economies()
    assert table[["welfare_pct", "terms_of_trade_pct", "volume_pct"]].abs().to_numpy().max() < 1e-10
    assert result.report().empty


def test_autarky_matches_the_closed_form() -> None:
    # ACR (2012): W_hat = π_jj^(1/θ) with balanced trade, one factor and no inputs.
    rows = [("A", "A", 90), ("A", "B", 10), ("B", "A", 10), ("B", "B", 30), ("B", "C", 5), ("C", "B", 5)]
    table = pd.DataFrame([*rows, ("C", "C", 1)], columns=["exporter", "importer", "value"])
    baseline = Baseline.from_frames(table, 5.0)
    costs = pd.DataFrame([("*", "*", np.inf)], columns=["exporter", "importer", "factor"])
    result = solve(baseline, Change.from_frames(baseline, costs))
    home = np.array([90 / 100, 30 / 45, 1 / 6])
    assert result.welfare_hat == pytest.approx(home ** (1 / 5.0), rel=1e-12)
    assert result.economies()["domestic_share"].to_numpy() == pytest.approx(1.0)


def test_autarky_with_sectors_and_inputs_matches_the_closed_form() -> None:
    # Costinot & Rodríguez-Clare (2014), eq. 29: W_hat = Π_k Π_s π_jjs^(α_k ã_sk / θ_s), ã Leontief's inverse.
    world = random_world(4, sectors=3, size=5, with_inputs=True, empty=0.0)
    ends = np.arange(5)
    flow = world.flow.copy()
    flow[-1, 0, 0] = flow[-1, 0].max()
    balanced = Baseline.from_arrays(
        world.economies, world.sectors, flow, world.theta, None, world.value_added_share, world.input_share
    )
    start = solve(
        balanced, Change.none(balanced), TradeSettings(imbalance="zero", tolerance=1e-13)
    ).to_baseline()
    cost = np.full(flow.shape, np.inf)
    cost[:, ends, ends] = 1.0
    welfare = solve(start, Change(cost), TIGHT).welfare_hat
    assert start.input_share is not None
    for j in range(5):
        inverse = np.linalg.inv(np.eye(3) - start.input_share[j].T)
        prices = -inverse @ (np.log(start.share[:, j, j]) / start.theta)
        assert -start.final_demand[:, j] / start.final_expenditure[j] @ prices == pytest.approx(
            np.log(welfare[j]), rel=1e-9
        )


def test_two_identical_economies_match_the_hand_calculation() -> None:
    # By symmetry wages are constant; P = (0.8 + 0.2 τ^−θ)^(−1/θ), and welfare is 1 / P.
    baseline = Baseline.from_frames(two(), 4.0)
    costs = pd.DataFrame([("*", "*", 1.5)], columns=["exporter", "importer", "factor"])
    result = solve(baseline, Change.from_frames(baseline, costs))
    price = (0.8 + 0.2 * 1.5**-4.0) ** (-1 / 4.0)
    assert result.wage_hat == pytest.approx(1.0)
    assert result.welfare_hat == pytest.approx(1.0 / price)
    assert result.flow[0, 0, 1] == pytest.approx(100.0 * 0.2 * 1.5**-4.0 * price**4.0)


def test_two_different_economies_match_the_trade_balance_equation() -> None:
    # Trade balances at the relative wage w of A: V_A w π_BA(w) = V_B π_AB(w); solved by bisection.
    rows = [("A", "A", 280.0), ("A", "B", 20.0), ("B", "A", 20.0), ("B", "B", 40.0)]
    baseline = Baseline.from_frames(pd.DataFrame(rows, columns=["exporter", "importer", "value"]), 3.0)
    costs = pd.DataFrame([("A", "B", 1.3)], columns=["exporter", "importer", "factor"])

    def excess(wage: float) -> float:
        imported = (20 / 300) / (20 / 300 + 280 / 300 * wage**-3.0)
        exported = (20 / 60) * (1.3 * wage) ** -3.0
        return float(300.0 * wage * imported - 60.0 * exported / (exported + 40 / 60))

    wage = brentq(excess, 0.5, 1.5, xtol=1e-14)
    result = solve(baseline, Change.from_frames(baseline, costs), TIGHT)
    assert result.wage_hat[0] / result.wage_hat[1] == pytest.approx(wage, rel=1e-10)


def test_tariff_matches_the_hand_calculation() -> None:
    # By symmetry wages are constant; with a tariff t on imports the import share at consumer prices is
    # π = 0.2 (1+t)^−θ / (0.8 + 0.2 (1+t)^−θ), E = V + t/(1+t) π E.
    baseline = Baseline.from_frames(two(), 4.0)
    tariffs = pd.DataFrame([("*", "*", 25.0)], columns=["exporter", "importer", "tariff_pct"])
    result = solve(baseline, Change.from_frames(baseline, tariffs=tariffs))
    sum_ = 0.8 + 0.2 * 1.25**-4.0
    share = 0.2 * 1.25**-4.0 / sum_
    final = 100.0 / (1.0 - 0.2 * share)
    assert result.final_expenditure == pytest.approx(final)
    assert result.tariff_revenue == pytest.approx(0.2 * share * final)
    assert result.welfare_hat == pytest.approx(final / 100.0 * sum_ ** (1 / 4.0))
    # Removing the tariff restores the base year.
    back = solve(result.to_baseline(), Change(np.ones((1, 2, 2)), np.zeros((1, 2, 2))), TIGHT)
    assert back.flow == pytest.approx(baseline.flow)
    assert back.welfare_hat * result.welfare_hat == pytest.approx(1.0)


def test_three_identical_economies_with_inputs_and_tariff_cut_match_the_hand_calculation() -> None:
    """Remove a 10 % tariff of three identical economies (Caliendo & Parro 2015, two sectors with inputs).

    By symmetry wages are constant and trade is balanced. With home shares π_k,
    S_k = π_k + (1 − π_k) 1.1^θ_k and shares γ_sk of input s in the costs of sector k,
    ln P_k = Σ_s γ_sk ln P_s − ln(S_k) / θ_k: two linear equations. The tariff revenue is lost.
    """
    home, foreign = np.array([70.0, 40.0]), np.array([10.0, 25.0])
    flow = np.where(np.eye(3, dtype=bool), home[:, None, None], foreign[:, None, None])
    tariff = np.where(np.eye(3, dtype=bool), 0.0, np.full((2, 1, 1), 0.1))
    inputs = np.array([[0.3, 0.2], [0.1, 0.3]])  # [input, sector]
    theta = np.array([4.0, 8.0])
    baseline = Baseline.from_arrays(
        ("A", "B", "C"),
        ("goods", "services"),
        flow,
        theta,
        tariff,
        np.repeat(1.0 - inputs.sum(axis=0)[:, None], 3, axis=1),
        np.repeat(inputs[None], 3, axis=0),
    )
    result = solve(baseline, Change(np.ones(flow.shape), np.zeros(flow.shape)), TIGHT)

    share = home / (home + 2.2 * foreign)
    log_sum = np.log(share + (1.0 - share) * 1.1**theta) / theta
    # Cramer's rule for 0.7 p_1 − 0.1 p_2 = −a_1 and −0.2 p_1 + 0.7 p_2 = −a_2.
    price = -np.array([0.7 * log_sum[0] + 0.1 * log_sum[1], 0.2 * log_sum[0] + 0.7 * log_sum[1]]) / 0.47
    # Sales are 90 each, value added 0.6 · 90 + 0.5 · 90 = 99, revenue 0.1 · 2 · (10 + 25) = 7.
    final = home + 2.2 * foreign - inputs @ np.array([90.0, 90.0])
    assert final.sum() == pytest.approx(106.0)
    welfare = 99.0 / 106.0 / np.exp(final / 106.0 @ price)
    assert result.wage_hat == pytest.approx(1.0)
    assert result.price_hat == pytest.approx(np.repeat(np.exp(price)[:, None], 3, axis=1), rel=1e-10)
    assert result.welfare_hat == pytest.approx(welfare, rel=1e-10)


def test_three_economies_without_trade_costs_end_deficits_at_constant_wages() -> None:
    """End the imbalances of a frictionless world (the transfer problem of Dekle, Eaton & Kortum 2008).

    All economies buy in the same proportions, so transfers do not change relative demand: wages and prices
    are constant, and final expenditure falls to income.
    """
    sales, expenditure = np.array([50.0, 30.0, 20.0]), np.array([40.0, 35.0, 25.0])
    flow = (sales[:, None] * expenditure / 100.0)[None]
    baseline = Baseline.from_arrays(("A", "B", "C"), ("all",), flow, np.array([6.0]))
    result = solve(baseline, Change.none(baseline), TradeSettings(imbalance="zero", tolerance=1e-13))
    assert result.wage_hat == pytest.approx(1.0)
    assert result.price_hat == pytest.approx(1.0)
    assert result.welfare_hat == pytest.approx([50.0 / 40.0, 30.0 / 35.0, 20.0 / 25.0])


@RULES
@KINDS
def test_units_numeraire_and_starting_values_do_not_matter(
    rule: str, with_inputs: bool, with_tariffs: bool
) -> None:
    baseline = random_world(2, with_inputs=with_inputs, with_tariffs=with_tariffs)
    settings = TradeSettings.model_validate({"imbalance": rule, "tolerance": 1e-13})
    change = random_change(2, baseline)
    result = solve(baseline, change, settings)
    expected = result.welfare_hat
    scaled = Baseline.from_arrays(
        baseline.economies,
        baseline.sectors,
        baseline.flow * 7.0,
        baseline.theta,
        baseline.tariff,
        baseline.value_added_share,
        baseline.input_share,
    )
    assert solve(scaled, change, settings).welfare_hat == pytest.approx(expected, rel=1e-10)
    counted = solve(baseline, change, settings.model_copy(update={"numeraire": "e02"}))
    assert counted.wage_hat[2] == pytest.approx(1.0)
    assert counted.welfare_hat == pytest.approx(expected, rel=1e-10)
    assert counted.terms_of_trade == pytest.approx(result.terms_of_trade, abs=1e-10)
    assert counted.flow / counted.flow.sum() == pytest.approx(result.flow / result.flow.sum())
    again = solve(baseline, change, settings, start=result)
    assert again.convergence.iterations <= 2
    assert again.welfare_hat == pytest.approx(expected, rel=1e-10)


@RULES
def test_reversed_change_restores_the_base_year(rule: str) -> None:
    baseline = random_world(3, with_inputs=True, with_tariffs=True)
    settings = TradeSettings.model_validate({"imbalance": rule, "tolerance": 1e-13})
    if rule == "zero":
        baseline = solve(baseline, Change.none(baseline), settings).to_baseline()
    change = random_change(3, baseline)
    assert change.productivity is not None
    reverse = Change(1.0 / change.cost_hat, None, 1.0 / change.productivity)
    forward = solve(baseline, change, settings)
    back = solve(forward.to_baseline(), reverse, settings)
    if rule == "additive":
        # Imbalances are constant shares of world output, which the change does not alter.
        assert back.flow == pytest.approx(baseline.flow, rel=1e-8)
    assert back.real_wage_hat * forward.real_wage_hat == pytest.approx(1.0, rel=1e-8)


def test_order_of_rows_and_economies_does_not_matter() -> None:
    baseline = random_world(5)
    change = random_change(5, baseline)
    table = frame_of(baseline).sample(frac=1.0, random_state=1)
    shuffled = Baseline.from_frames(table, thetas_of(baseline))
    assert np.array_equal(solve(shuffled, change).welfare_hat, solve(baseline, change).welfare_hat)
    order = np.random.default_rng(1).permutation(6)
    permuted = replace(
        baseline,
        economies=tuple(baseline.economies[i] for i in order),
        flow=np.ascontiguousarray(baseline.flow[:, order][:, :, order]),
        tariff=baseline.tariff[:, order][:, :, order],
        value_added_share=baseline.value_added_share[:, order],
    )
    assert change.productivity is not None
    moved = Change(change.cost_hat[:, order][:, :, order], None, change.productivity[:, order])
    assert solve(permuted, moved, TIGHT).welfare_hat == pytest.approx(
        solve(baseline, change, TIGHT).welfare_hat[order], rel=1e-10
    )


def test_layout_of_arrays_compiles_no_second_solver() -> None:
    baseline = random_world(5)
    change = random_change(5, baseline)
    expected = solve(baseline, change)
    compiled = list(iterate_fixed_point.signatures)
    cost, share = np.asfortranarray(change.cost_hat), np.asfortranarray(baseline.value_added_share)
    share.setflags(write=False)
    other = solve(replace(baseline, value_added_share=share), replace(change, cost_hat=cost))
    assert list(iterate_fixed_point.signatures) == compiled
    assert np.array_equal(other.flow, expected.flow)


def test_sector_split_into_equal_halves_has_the_same_result() -> None:
    baseline = random_world(6, sectors=2, with_inputs=True, with_tariffs=True)
    change = random_change(6, baseline)
    assert baseline.input_share is not None
    assert change.productivity is not None
    halves = [0, 0, 1]
    inputs = baseline.input_share[:, :, halves][:, halves, :]
    inputs[:, :2, :] /= 2.0
    flow = baseline.flow[halves].copy()
    flow[:2] /= 2.0
    split = Baseline.from_arrays(
        baseline.economies,
        ("s00a", "s00b", "s01"),
        flow,
        baseline.theta[halves],
        baseline.tariff[halves],
        baseline.value_added_share[halves],
        inputs,
    )
    parts = Change(change.cost_hat[halves], None, change.productivity[halves])
    result, halved = solve(baseline, change, TIGHT), solve(split, parts, TIGHT)
    assert halved.welfare_hat == pytest.approx(result.welfare_hat, rel=1e-10)
    assert halved.flow[0] == pytest.approx(result.flow[0] / 2.0, rel=1e-9)


def test_zero_input_shares_equal_no_inputs() -> None:
    baseline = random_world(7)
    table = pd.DataFrame(
        [(name, k, 1.0) for name in baseline.economies for k in baseline.sectors],
        columns=["economy", "sector", "share"],
    )
    with_shares = Baseline.from_frames(frame_of(baseline), thetas_of(baseline), value_added=table)
    none = np.zeros((6, 3, 3))
    with_zeros = replace(baseline, input_share=none)
    change = random_change(7, baseline)
    expected = solve(baseline, change, TIGHT)
    for other in (with_shares, with_zeros):
        assert solve(other, change, TIGHT).welfare_hat == pytest.approx(expected.welfare_hat, rel=1e-11)


def test_roundabout_inputs_raise_the_gains_from_trade() -> None:
    # One sector that is its own input: W_hat = π_jj^(1 / (γ θ)) at autarky (ACR 2012, section IV.B).
    shares = pd.DataFrame([("A", "all", 0.5), ("B", "all", 0.5)], columns=["economy", "sector", "share"])
    baseline = Baseline.from_frames(two(), 4.0, value_added=shares)
    costs = pd.DataFrame([("*", "*", np.inf)], columns=["exporter", "importer", "factor"])
    result = solve(baseline, Change.from_frames(baseline, costs))
    assert result.welfare_hat == pytest.approx(0.8 ** (1 / (0.5 * 4.0)))


def test_solve_many_has_the_same_bits_at_any_number_of_threads() -> None:
    baseline = random_world(8, size=8)
    changes = [random_change(seed, baseline, cut=0.1) for seed in range(12)]
    one = solve_many(baseline, changes, TradeSettings(workers=1))
    three = solve_many(baseline, changes, TradeSettings(workers=3))
    for change, a, b in zip(changes, one, three, strict=True):
        assert np.array_equal(a.welfare_hat, b.welfare_hat)
        assert np.array_equal(a.flow, b.flow)
        assert np.array_equal(a.flow, solve(baseline, change).flow)


def test_lower_costs_raise_and_sanctions_lower_welfare_more_in_the_smaller_economy() -> None:
    baseline = random_world(9, sectors=1, size=5, empty=0.0)
    small, large = np.argsort(baseline.value_added)[[0, -1]]
    cost = np.ones(baseline.flow.shape)
    cost[:, small, large] = cost[:, large, small] = 0.9
    better = solve(baseline, Change(cost)).welfare_hat
    assert better[small] > better[large] > 1.0
    worse = solve(baseline, Change(1.0 / cost)).welfare_hat
    assert worse[small] < worse[large] < 1.0
