"""Flows fitted to trade costs and totals, and the conditional equilibrium."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import InputError
from sogdia.trade import Baseline, Change, fit_flows, solve, solve_conditional

from .worlds import faults_of, frame_of, random_change, random_world, table, two

TOTALS = ["economy", "value"]
COSTS = ["exporter", "importer", "factor"]
ANY = table([("*", "*", 1.0)], COSTS)


def totals(*values: float) -> pd.DataFrame:
    return table(list(zip("ABC", values, strict=False)), TOTALS)


def test_flows_without_trade_costs_are_proportional_to_totals() -> None:
    given = Baseline.from_costs(ANY, totals(60.0, 30.0, 10.0), totals(50.0, 20.0, 30.0), 4.0)
    expected = np.outer([60.0, 30.0, 10.0], [50.0, 20.0, 30.0]) / 100.0
    assert given.flow[0] == pytest.approx(expected, rel=1e-12)
    assert given.imbalance == pytest.approx([-10.0, -10.0, 20.0])


def test_two_identical_economies_match_the_closed_form() -> None:
    # Home and foreign sales are in the ratio t^θ.
    costs = table([("*", "*", 1.5)], COSTS)
    given = Baseline.from_costs(costs, totals(100.0, 100.0), None, 4.0)
    foreign = 100.0 / (1.0 + 1.5**4.0)
    assert given.flow[0] == pytest.approx(
        np.array([[100.0 - foreign, foreign], [foreign, 100.0 - foreign]]), rel=1e-12
    )
    # P^−θ = Π^−θ = Σ t^−θ P^θ / 2, so P^−2θ = (1 + t^−θ) / 2.
    fit = fit_flows(
        np.array([[[1.0, 1.5**-4.0], [1.5**-4.0, 1.0]]]), given.output, given.output, np.array([4.0])
    )
    resistance = ((1.0 + 1.5**-4.0) / 2.0) ** (-1.0 / 8.0)
    assert fit.inward == pytest.approx(resistance, rel=1e-12)
    assert fit.outward == pytest.approx(resistance, rel=1e-12)


def test_two_different_economies_match_the_quadratic_equation() -> None:
    # With x the home sales of A, x (E_B − Y_A + x) = c (Y_A − x) (E_A − x), c = (t_AB t_BA)^θ.
    costs = table([("A", "B", 1.2), ("B", "A", 1.5)], COSTS)
    given = Baseline.from_costs(costs, totals(70.0, 30.0), totals(60.0, 40.0), 3.0)
    c = (1.2 * 1.5) ** 3.0
    x = max(np.roots([1.0 - c, (40.0 - 70.0) + c * (70.0 + 60.0), -c * 70.0 * 60.0]), key=lambda r: r < 60.0)
    assert given.flow[0] == pytest.approx(np.array([[x, 70.0 - x], [60.0 - x, x - 30.0]]), rel=1e-10)


def test_multilateral_resistances_satisfy_their_definitions() -> None:
    rng = np.random.default_rng(3)
    theta, cost = np.array([5.0]), np.exp(rng.uniform(0.0, 1.0, (1, 5, 5)))
    sold, bought = rng.uniform(1.0, 9.0, (2, 1, 5))
    bought *= sold.sum() / bought.sum()
    fit = fit_flows(cost**-5.0, sold, bought, theta)
    world = sold.sum()
    inward = ((cost[0] / fit.outward[0][:, None]) ** -5.0 * sold[0][:, None] / world).sum(axis=0)
    outward = ((cost[0] / fit.inward[0]) ** -5.0 * bought[0] / world).sum(axis=1)
    assert fit.inward[0] ** -5.0 == pytest.approx(inward, rel=1e-9)
    assert fit.outward[0] ** -5.0 == pytest.approx(outward, rel=1e-9)
    assert np.log(fit.outward[0]) @ sold[0] == pytest.approx(np.log(fit.inward[0]) @ bought[0], abs=1e-9)


def test_costs_of_observed_flows_give_the_flows_back() -> None:
    world = random_world(51, sectors=1, size=8, empty=0.3)
    rows, theta = frame_of(world), float(world.theta[0])
    # Any factors of rows and columns leave the fit as it is.
    at = {name: 1.0 + i for i, name in enumerate(world.economies)}
    scaled = rows["value"] / rows["exporter"].map(at) / rows["importer"].map(at) ** 2
    costs = rows[["exporter", "importer"]].assign(factor=scaled ** (-1.0 / theta))
    costs = pd.concat([costs, table([("*", "*", np.inf)], COSTS)])
    sold, bought = (
        pd.DataFrame({"economy": world.economies, "value": world.flow[0].sum(axis=axis)}) for axis in (1, 0)
    )
    assert Baseline.from_costs(costs, sold, bought, theta).flow == pytest.approx(world.flow, rel=1e-8)


def test_effects_on_log_trade_equal_cost_factors() -> None:
    factors = table([("A", "B", 1.2), ("B", "A", 1.5)], COSTS)
    effects = factors.assign(effect=-3.0 * np.log(factors["factor"])).drop(columns="factor")
    sums = totals(70.0, 30.0), totals(60.0, 40.0)
    given = Baseline.from_costs(factors, *sums, 3.0)
    assert Baseline.from_costs(effects, *sums, 3.0).flow == pytest.approx(given.flow)
    changes = [Change.from_frames(given, costs).cost_hat for costs in (effects, factors)]
    assert changes[0] == pytest.approx(changes[1])


def test_expenditure_is_scaled_to_output_and_listed() -> None:
    given = Baseline.from_costs(ANY, totals(60.0, 40.0), totals(100.0, 100.0), 4.0)
    assert given.flow.sum(axis=1)[0] == pytest.approx([50.0, 50.0])
    cells = given.adjustments
    assert set(cells["rule"]) == {"scaled to world output"}
    assert cells["before"].tolist() == [100.0, 100.0]
    assert cells["after"].tolist() == pytest.approx([50.0, 50.0])


def test_faults_of_costs_and_totals_are_reported_together() -> None:
    costs = table([("A", "B", 1.1), ("A", "X", 1.2)], COSTS)
    bad = table([("A", 10.0), ("B", -1.0)], TOTALS)
    assert faults_of(lambda: Baseline.from_costs(costs, bad, totals(5.0, 5.0), 4.0)) == [
        "output:3 value: -1.0 is out of range; expected a number >= 0",
        "costs:3 importer: 'X' is not in the flows; one of A, B",
    ]
    pair = table([("A", "B", 1.1)], COSTS)
    (fault,) = faults_of(lambda: Baseline.from_costs(pair, totals(5.0, 5.0), None, 4.0))
    assert fault == "costs factor: no cost from B to A; add a row, or one with *"
    (fault,) = faults_of(lambda: Baseline.from_costs(ANY, totals(5.0, 5.0), totals(9.0), 4.0))
    assert fault == "expenditure value: B has no expenditure"


def test_totals_that_no_flows_have_raise() -> None:
    closed = table([("*", "*", np.inf)], COSTS)
    with pytest.raises(InputError, match="costs: all: no flows have these totals; purchases of "):
        Baseline.from_costs(closed, totals(60.0, 40.0), totals(50.0, 50.0), 4.0)


def test_conditional_equilibrium_of_two_identical_economies_matches_the_closed_form() -> None:
    # Trade falls by κ^−θ at given sums: X' / X'_home = (20 / 80) κ^−θ. By symmetry it is the full one too.
    baseline = Baseline.from_frames(two(), 4.0)
    change = Change.from_frames(baseline, table([("*", "*", 1.3)], COSTS))
    result = solve_conditional(baseline, change)
    ratio = 0.25 * 1.3**-4.0
    assert result.flow[0, 0, 1] == pytest.approx(100.0 * ratio / (1.0 + ratio))
    assert result.flow == pytest.approx(solve(baseline, change).flow, rel=1e-9)
    price = (0.8 + 0.2 * 1.3**-4.0) ** (-1.0 / 4.0)
    assert result.inward_hat * result.outward_hat == pytest.approx(price, rel=1e-10)
    row = result.resistances().iloc[0]
    assert row["exports_before"] == pytest.approx(20.0)
    assert row["exports"] == pytest.approx(result.flow[0, 0, 1])
    assert len(result.flows()) == 4


def test_conditional_equilibrium_keeps_totals_and_differs_from_the_full_one() -> None:
    world = random_world(52, with_inputs=True, with_tariffs=True)
    change = Change(random_change(52, world).cost_hat)
    result = solve_conditional(world, change)
    assert result.flow.sum(axis=2) == pytest.approx(world.output, rel=1e-10)
    assert result.flow.sum(axis=1) == pytest.approx(world.flow.sum(axis=1), rel=1e-10)
    assert np.abs(solve(world, change).flow.sum(axis=2) / world.output - 1.0).max() > 0.01
    assert solve_conditional(world, Change.none(world)).inward_hat == pytest.approx(1.0, abs=1e-10)
    tariff = world.tariff + 0.1 * (world.tariff > 0.0)
    as_cost = Change((1.0 + tariff) / (1.0 + world.tariff))
    by_tariff = solve_conditional(world, Change(np.ones(tariff.shape), tariff))
    assert by_tariff.flow == pytest.approx(solve_conditional(world, as_cost).flow)


def test_conditional_equilibrium_refuses_productivity_and_an_end_of_trade() -> None:
    world = random_world(53)
    with pytest.raises(InputError, match="productivity changes output"):
        solve_conditional(world, random_change(53, world))
    cost = np.full(world.flow.shape, np.inf)
    ends = np.arange(6)
    cost[:, ends, ends] = 1.0
    with pytest.raises(InputError, match="solve the full equilibrium"):
        solve_conditional(world, Change(cost))
