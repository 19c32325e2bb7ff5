"""Specific factors: closed forms by hand, limits, cut-offs and SciPy's root finder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.errors import FaultsError
from sogdia.trade import Baseline, Change, TradeSettings, solve

from .model_equations import equilibrium_by_root_finder, everything
from .worlds import (
    FLOW_COLUMNS,
    TIGHT,
    TWO_SECTORS,
    assert_budgets_hold,
    faults_of,
    random_change,
    random_world,
    table,
    with_rents,
)

COLUMNS = ["sector", "share", "supply_elasticity"]


def exporter_world(elasticity: float = 0.0) -> Baseline:
    """Return A, which sells fuel to B for food; fuel of A has a specific factor with 60 % of costs."""
    rows = [("A", "A", "food", 40.0), ("B", "A", "food", 30.0), ("A", "A", "fuel", 20.0)]
    rows += [("A", "B", "fuel", 30.0), ("B", "B", "fuel", 10.0), ("B", "B", "food", 60.0)]
    factors = table([("A", "fuel", 0.6, elasticity)], ["economy", *COLUMNS])
    return Baseline.from_frames(table(rows, FLOW_COLUMNS), {"food": 4.0, "fuel": 10.0}, specific=factors)


def autarky(baseline: Baseline) -> Change:
    cost = np.full(baseline.flow.shape, np.inf)
    ends = np.arange(len(baseline.economies))
    cost[:, ends, ends] = 1.0
    return Change(cost)


@pytest.mark.parametrize("elasticity", [0.0, 0.5, 2.0])
def test_autarky_of_a_resource_exporter_matches_the_closed_form(elasticity: float) -> None:
    """Cut all trade: spending shares fix sales, sales fix factor prices, and home shares fix prices.

    A has value added V = 90, of which fuel's rent is 0.6 · 50 = 30 and labour earns 60. It spends 70 on food
    and 20 on fuel. In autarky sales are 70 and 20 (V is the numeraire), the rent 0.6 · 20 = 12 and labour
    income 78. With supply (r / P)^η: r^(1+η) P^−η = 12 / 30, where
    ln P = α_food (ln w + ln(7 / 4) / θ_food) + α_fuel (0.4 ln w + 0.6 ln r).
    """
    baseline = exporter_world(elasticity)
    result = solve(baseline, autarky(baseline), TIGHT)
    food, fuel = 70.0 / 90.0, 20.0 / 90.0
    log_wage = np.log(78.0 / 60.0)
    others = food * (log_wage + np.log(70.0 / 40.0) / 4.0) + fuel * 0.4 * log_wage
    log_rent = (np.log(0.4) + elasticity * others) / (1.0 + elasticity - elasticity * fuel * 0.6)
    assert result.wage_hat[0] == pytest.approx(1.3, rel=1e-10)
    assert result.rent_hat[1, 0] == pytest.approx(np.exp(log_rent), rel=1e-10)
    assert result.rent[1, 0] == pytest.approx(12.0, rel=1e-10)
    assert result.welfare_hat[0] == pytest.approx(np.exp(-others - fuel * 0.6 * log_rent), rel=1e-10)


def test_fixed_reserves_and_mobile_labour_give_the_supply_curve_of_ricardo_and_viner() -> None:
    # With Y = r and c = w^(1 − β) r^β the quantity Y / c is (c / w)^((1 − β) / β).
    world = with_rents(random_world(61), 61, elastic=False)
    result = solve(world, random_change(61, world, cut=0.2), TIGHT)
    productivity = result.change.productivity
    assert world.specific_share is not None
    assert productivity is not None
    share = world.specific_share
    cells = (share > 0.0) & (world.output > 0.0) & (result.output > 0.0)
    quantity = (result.output / world.output / result.cost_hat / productivity)[cells]
    price = (result.cost_hat * productivity / result.wage_hat)[cells]
    assert cells.sum() > 5
    assert quantity == pytest.approx(price ** ((1.0 - share[cells]) / share[cells]), rel=1e-8)


def test_elastic_supply_holds_the_real_rent() -> None:
    world = with_rents(random_world(62, with_inputs=True), 62)
    change = random_change(62, world, spread=0.2)
    moves = []
    for elasticity in (1.0, 20.0):
        world = replace(world, supply_elasticity=np.full(world.output.shape, elasticity))
        result = solve(world, change, TIGHT)
        real = np.log(result.rent_hat / result.consumer_price_hat)[world.rent > 0.0]
        moves.append(np.abs(real).max())
    assert moves[1] < 0.3 * moves[0]


def test_vanishing_specific_factor_gives_the_result_without_one() -> None:
    world = random_world(63, with_inputs=True, with_tariffs=True)
    change = random_change(63, world, cut=0.1)
    expected = solve(world, change, TIGHT)
    tiny = replace(world, specific_share=1e-14 * world.value_added_share)
    assert solve(tiny, change, TIGHT).welfare_hat == pytest.approx(expected.welfare_hat, rel=1e-12)
    none = replace(world, specific_share=np.zeros(world.output.shape))
    assert np.array_equal(solve(none, change, TIGHT).welfare_hat, expected.welfare_hat)


def test_lost_market_lowers_rent_and_quantity_less_with_fixed_reserves() -> None:
    baseline = exporter_world()
    cost = np.ones(baseline.flow.shape)
    cost[1, 0, 1] = 1.3
    fixed = solve(baseline, Change(cost), TIGHT)
    mobile = solve(replace(baseline, specific_share=None), Change(cost), TIGHT)
    quantity = [result.output[1, 0] / result.cost_hat[1, 0] for result in (fixed, mobile)]
    assert fixed.rent_hat[1, 0] < fixed.wage_hat[0]
    assert quantity[1] < 0.9 * quantity[0] < 0.9 * 50.0
    assert fixed.welfare_hat[0] < mobile.welfare_hat[0]


def test_rent_of_an_ended_sector_is_zero_and_labour_finds_other_work() -> None:
    flow = np.array([[[50.0, 0.0], [30.0, 70.0]], [[0.0, 30.0], [0.0, 20.0]]])
    share = np.array([[0.0, 0.0], [0.8, 0.0]])
    baseline = Baseline.from_arrays(
        ("A", "B"), ("food", "fuel"), flow, np.array([4.0, 8.0]), specific_share=share
    )
    result = solve(baseline, autarky(baseline), TIGHT)
    assert result.rent_hat[1, 0] == 0.0
    assert result.rent_income[0] == 0.0
    assert result.output[0, 0] == pytest.approx(80.0)
    assert result.wage_hat[0] == pytest.approx(80.0 / (50.0 + 6.0))


def test_numeraire_units_and_starting_values_do_not_matter_with_rents() -> None:
    world = with_rents(random_world(64, with_inputs=True, with_tariffs=True), 64)
    change = random_change(64, world, cut=0.2)
    result = solve(world, change, TIGHT)
    scaled = replace(world, flow=world.flow * 1e3)
    assert solve(scaled, change, TIGHT).welfare_hat == pytest.approx(result.welfare_hat, rel=1e-10)
    for numeraire in ("e02", "price:e01", "price:world"):
        other = solve(world, change, TIGHT.model_copy(update={"numeraire": numeraire}))
        assert other.welfare_hat == pytest.approx(result.welfare_hat, rel=1e-10)
        real = other.rent_hat / other.consumer_price_hat
        expected = result.rent_hat / result.consumer_price_hat
        assert real[world.rent > 0.0] == pytest.approx(expected[world.rent > 0.0], rel=1e-9)
    assert result.value_added.sum() == pytest.approx(world.value_added.sum(), rel=1e-12)
    again = solve(world, change, TradeSettings(), start=result)
    assert again.convergence.iterations <= 2


def test_base_year_is_an_equilibrium_with_rents() -> None:
    world = with_rents(random_world(65, with_inputs=True, with_tariffs=True), 65)
    result = solve(world, Change.none(world), TIGHT)
    assert result.flow == pytest.approx(world.flow, rel=1e-12, abs=1e-14)
    assert result.rent == pytest.approx(world.rent, rel=1e-12)


@pytest.mark.parametrize("rule", ["additive", "zero"])
@pytest.mark.parametrize(("seed", "with_inputs"), [(66, True), (67, False)])
def test_equilibrium_with_all_factors_matches_the_root_finder(
    seed: int, rule: str, *, with_inputs: bool
) -> None:
    world, change = everything(seed, with_inputs=with_inputs)
    result = solve(world, change, TradeSettings.model_validate({"imbalance": rule, "tolerance": 1e-12}))
    assert result.report().loc[lambda rows: rows["rule"] == "imbalance"].empty
    other = equilibrium_by_root_finder(world, change, is_additive=rule == "additive")
    level = result.wage_hat[0] / other["wage"][0]
    assert result.wage_hat == pytest.approx(level * other["wage"], rel=1e-8)
    assert result.price_hat == pytest.approx(level * other["price"], rel=1e-8)
    assert result.rent_hat == pytest.approx(np.where(world.rent > 0.0, level * other["rent"], 1.0), rel=1e-8)
    assert result.flow == pytest.approx(level * other["flow"], rel=1e-7, abs=1e-10)
    assert result.final_expenditure == pytest.approx(level * other["income"], rel=1e-8)


@settings(max_examples=150)
@given(
    seed=st.integers(0, 2**31),
    sectors=st.integers(1, 4),
    size=st.integers(2, 8),
    with_inputs=st.booleans(),
    with_tariffs=st.booleans(),
    cut=st.floats(0.0, 0.6),
    rule=st.sampled_from(["additive", "multiplicative", "zero"]),
)
def test_random_worlds_with_rents_and_cut_offs_have_a_consistent_solution(
    seed: int, sectors: int, size: int, *, with_inputs: bool, with_tariffs: bool, cut: float, rule: str
) -> None:
    world = with_rents(
        random_world(seed, sectors, size, with_inputs=with_inputs, with_tariffs=with_tariffs), seed
    )
    change = random_change(seed, world, cut=cut)
    result = solve(world, change, TradeSettings.model_validate({"imbalance": rule}))
    assert_budgets_hold(result)
    demand = (world.labour_share * result.output).sum(axis=0)
    assert demand == pytest.approx(world.labour_income * result.wage_hat, rel=1e-6)
    assert result.rent.sum(axis=0) == pytest.approx(result.rent_income, abs=1e-7 * result.income.max())


def test_specific_factors_are_read_by_economy_and_as_part_of_value_added() -> None:
    flows = table(TWO_SECTORS, FLOW_COLUMNS)
    used = pd.DataFrame([("fuel", "food", 0.5)], columns=["sector", "input", "share"])
    rows = [("*", "fuel", 0.4, 0.0), ("B", "fuel", 0.8, 1.5)]
    columns = ["economy", "sector", "value_added_share", "supply_elasticity"]
    baseline = Baseline.from_frames(flows, 4.0, intermediate=used, specific=table(rows, columns))
    assert baseline.specific_share is not None
    assert baseline.supply_elasticity is not None
    assert baseline.specific_share[1].tolist() == [0.2, 0.4]
    assert baseline.supply_elasticity[1].tolist() == [0.0, 1.5]
    assert baseline.labour_share[1].tolist() == pytest.approx([0.3, 0.1])


def test_faults_of_specific_factors_name_line_and_column() -> None:
    flows = table(TWO_SECTORS, FLOW_COLUMNS)

    def faults(rows: Any, columns: list[str] = COLUMNS) -> list[str]:
        return faults_of(lambda: Baseline.from_frames(flows, 4.0, specific=table(rows, columns)))

    assert faults([("fuel", 1.2, 0.0)]) == ["specific:2 share: 1.2 is out of range; expected a number <= 1"]
    assert faults([("fuel", 0.2, -1.0)]) == [
        "specific:2 supply_elasticity: -1.0 is out of range; expected a number >= 0"
    ]
    assert faults([("fuel", 0.2, 25.0)]) == [
        "specific:2 supply_elasticity: 25.0 is out of range; expected a number <= 20"
    ]
    assert faults([("fuels", 0.2, 0.0)]) == [
        "specific:2 sector: 'fuels' is not in the flows; did you mean fuel?"
    ]
    assert faults([("fuel", 0.2, 0.0), ("fuel", 0.3, 0.0)]) == [
        "specific:3 sector: * fuel is already in line 2"
    ]
    assert faults([("fuel", 0.2)], ["sector", "part"]) == [
        "specific:1 share: the column is missing; one of part"
    ]
    assert faults([("fuel", 1.0, 0.0), ("food", 1.0, 0.0)]) == [
        "specific share: specific factors have all value added of A; leave a share for labour",
        "specific share: specific factors have all value added of B; leave a share for labour",
    ]


def test_specific_factor_above_value_added_names_the_cell() -> None:
    flow = np.array([[[9.0, 1.0], [1.0, 9.0]]])
    with pytest.raises(FaultsError, match=r"A all: the specific factor has 1\.5 of costs and value added 1"):
        Baseline.from_arrays(
            ("A", "B"), ("all",), flow, np.array([4.0]), specific_share=np.array([[1.5, 0.0]])
        )


@pytest.mark.parametrize("rule", ["additive", "multiplicative"])
def test_trade_in_one_direction_vanishes_and_rents_follow_wages(rule: str) -> None:
    # B buys from A and sells nothing: its wage falls until it buys nothing, and its rent falls alike.
    flow = np.array([[[80.0, 1.0], [0.0, 40.0]]])
    share = np.array([[0.0, 0.4]])
    baseline = Baseline.from_arrays(("A", "B"), ("all",), flow, np.array([4.0]), specific_share=share)
    cost = np.array([[[1.0, 1.2], [1.0, 1.0]]])
    result = solve(baseline, Change(cost), TradeSettings.model_validate({"imbalance": rule}))
    assert_budgets_hold(result)
    assert result.rent[0, 1] == pytest.approx(0.4 * result.output[0, 1])
