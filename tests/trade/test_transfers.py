"""Named transfers and labour supply: closed forms by hand, rules for the rest, welfare and faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sogdia.trade import Baseline, Change, decompose_welfare, solve
from sogdia.trade.wedges import Wedges

from .model_equations import everything
from .test_welfare import SOURCES, by_cause
from .worlds import TIGHT, faults_of, random_change, random_world, table, two, with_rents

Floats = npt.NDArray[np.float64]
TRANSFERS = ["payer", "receiver", "value"]
RULES = ("additive", "multiplicative", "zero")


def with_rule(rule: str) -> Any:
    return TIGHT.model_copy(update={"imbalance": rule})


def free_trade(transfers: list[tuple[int, int, float]]) -> Baseline:
    """Return three economies without trade costs, in deficit by −10, 5 and 5."""
    sales, expenditure = np.array([50.0, 30.0, 20.0]), np.array([40.0, 35.0, 25.0])
    named = np.zeros((3, 3))
    for payer, receiver, value in transfers:
        named[payer, receiver] = value
    flow = (sales[:, None] * expenditure / 100.0)[None]
    return Baseline.from_arrays(("A", "B", "C"), ("all",), flow, np.array([6.0]), transfers=named)


@pytest.mark.parametrize("rule", ["additive", "zero"])
def test_ended_transfer_lowers_income_one_for_one_without_trade_costs(rule: str) -> None:
    # Prices and wages do not respond. A pays 5 to B, and so it does after its payment to C ends.
    world = free_trade([(0, 1, 5.0), (0, 2, 4.0)])
    after = np.zeros((3, 3))
    after[0, 1] = 5.0
    result = solve(world, Change(np.ones((1, 3, 3)), transfers=after), with_rule(rule))
    rest = np.array([-1.0, 0.0, 1.0]) if rule == "additive" else np.zeros(3)
    expected = np.array([50.0, 30.0, 20.0]) + rest + np.array([-5.0, 5.0, 0.0])
    assert result.final_expenditure == pytest.approx(expected, rel=1e-9)
    assert result.named_transfers == pytest.approx([-5.0, 5.0, 0.0])
    parts = decompose_welfare(result)
    assert parts["from_transfers"].to_numpy() == pytest.approx(expected - [40.0, 35.0, 25.0])


def test_multiplicative_rule_applies_to_the_rest_of_the_imbalance() -> None:
    # A pays 10 more: income and transfers 31, 35, 34 at ratios 40 / 41, 1 and 25 / 24, scaled to sum to 100.
    world = free_trade([(0, 1, 5.0), (0, 2, 4.0)])
    assert world.transfers is not None
    after = world.transfers.copy()
    after[0, 2] = 14.0
    result = solve(world, Change(np.ones((1, 3, 3)), transfers=after), with_rule("multiplicative"))
    disposable = np.array([31.0, 35.0, 34.0])
    spent = disposable * np.array([40.0 / 41.0, 1.0, 25.0 / 24.0])
    assert result.final_expenditure == pytest.approx(100.0 * spent / spent.sum(), rel=1e-9)
    assert result.welfare_hat == pytest.approx(disposable / np.array([41.0, 35.0, 24.0]), rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_base_year_with_named_transfers_and_rents_is_an_equilibrium(rule: str) -> None:
    world, _ = everything(81, with_inputs=True)
    start = solve(world, Change.none(world), with_rule(rule)).to_baseline()
    again = solve(start, Change.none(start), with_rule(rule))
    assert again.flow == pytest.approx(start.flow, rel=1e-9, abs=1e-12)
    assert again.named_transfers == pytest.approx(start.named_transfers, rel=1e-9)
    if rule == "additive":
        assert start.flow == pytest.approx(world.flow, rel=1e-9, abs=1e-12)


def test_unchanged_named_transfers_do_not_matter_under_the_additive_rule() -> None:
    world = random_world(82, with_inputs=True)
    named = np.random.default_rng(82).uniform(0.0, 0.02, (6, 6)) * world.value_added.min()
    change = random_change(82, world)
    result = solve(replace(world, transfers=named), change, TIGHT)
    assert result.flow == pytest.approx(solve(world, change, TIGHT).flow, rel=1e-9, abs=1e-12)


def test_transfers_between_economies_that_no_longer_trade_end() -> None:
    world = replace(random_world(83, sectors=1, size=4), transfers=np.full((4, 4), 0.001))
    cost = np.ones(world.flow.shape)
    cost[:, :2, 2:] = cost[:, 2:, :2] = np.inf
    result = solve(world, Change(cost), TIGHT)
    assert len(set(result.group[:2]) & set(result.group[2:])) == 0
    assert result.case.transfers[:2, 2:].sum() == 0.0
    trade = result.flow.sum(axis=(0, 1)) - result.flow.sum(axis=(0, 2))
    assert trade[:2].sum() == pytest.approx(0.0, abs=1e-10)


def test_imbalance_that_trade_cannot_carry_bounds_named_transfers_too() -> None:
    # Costs ten times as high nearly end trade: A cannot pay 30 of its 100 by exports.
    baseline = Baseline.from_frames(two(), 4.0)
    cost = np.array([[[1.0, 10.0], [10.0, 1.0]]])
    transfers = np.array([[0.0, 30.0], [0.0, 0.0]])
    result = solve(baseline, Change(cost, transfers=transfers), TIGHT)
    imbalance = result.final_expenditure - result.income
    assert 0.0 < imbalance[1] < 1.0
    assert imbalance.sum() == pytest.approx(0.0, abs=1e-9)
    assert (result.report()["rule"] == "imbalance").sum() == 2


def test_more_labour_in_autarky_raises_real_income_in_proportion() -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    cost = np.array([[[1.0, np.inf], [np.inf, 1.0]]])
    result = solve(baseline, Change(cost, labour=np.array([1.5, 0.9])), TIGHT)
    assert result.welfare_hat == pytest.approx(np.array([1.5, 0.9]) * 0.8**0.25)
    assert result.real_wage_hat == pytest.approx(0.8**0.25)
    assert result.wage_hat * np.array([1.5, 0.9]) == pytest.approx(1.0)


def test_labour_that_grows_alike_everywhere_leaves_prices_and_shares() -> None:
    world = random_world(84, with_inputs=True, with_tariffs=True)
    change = random_change(84, world)
    expected = solve(world, change, TIGHT)
    result = solve(world, replace(change, labour=np.full(6, 1.25)), TIGHT)
    assert result.welfare_hat == pytest.approx(1.25 * expected.welfare_hat, rel=1e-10)
    assert result.flow == pytest.approx(expected.flow, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_parts_of_welfare_sum_to_the_equivalent_variation_with_all_factors(rule: str) -> None:
    world, change = everything(85, with_inputs=True)
    table_ = decompose_welfare(solve(world, change, with_rule(rule)))
    expected = table_["equivalent_variation"].to_numpy()
    assert table_[SOURCES].sum(axis=1).to_numpy() == pytest.approx(expected, abs=1e-11)
    assert by_cause(table_).sum(axis=1).to_numpy() == pytest.approx(expected, abs=1e-11)
    for part in ("factor_supply", "scarcity_rents", "transfers"):
        assert np.abs(table_[f"by_{part}"]).max() > 1e-4


def small(world: Baseline, change: Change, part: float) -> Change:
    """Return a part of a change."""
    assert change.tariff is not None
    assert change.productivity is not None
    assert change.labour is not None
    assert change.wedges is not None
    assert change.transfers is not None
    assert world.transfers is not None
    at = change.wedges
    return Change(
        change.cost_hat**part,
        world.tariff + part * (change.tariff - world.tariff),
        change.productivity**part,
        change.labour**part,
        Wedges(at.sector, at.exporter, at.importer, at.owner, part * at.rate),
        world.transfers + part * (change.transfers - world.transfers),
    )


def test_rest_of_welfare_is_of_third_order_with_all_factors() -> None:
    world, change = everything(86, with_inputs=True)
    rests = [
        np.abs(decompose_welfare(solve(world, small(world, change, part), TIGHT))["by_other"]).max()
        for part in (0.01, 0.005)
    ]
    assert rests[0] / rests[1] > 7.0


def test_lost_market_of_fixed_reserves_shows_as_rent_by_source_and_terms_of_trade_by_cause() -> None:
    world = with_rents(random_world(87, sectors=2), 87, part=1.0, elastic=False)
    cost = np.ones(world.flow.shape)
    cost[:, 2, [0, 1, 3, 4, 5]] = 1.2
    row = decompose_welfare(solve(world, Change(cost), TIGHT)).iloc[2]
    assert row["from_rents"] < 0.0
    assert row["by_terms_of_trade"] < 0.0
    assert row["by_factor_supply"] == 0.0


def test_transfers_are_read_by_kind_and_changed_by_factor() -> None:
    rows = [("A", "B", "remittances", 3.0), ("A", "B", "aid", 1.0), ("B", "A", "aid", 2.0)]
    named = table(rows, ["payer", "receiver", "kind", "value"])
    baseline = Baseline.from_frames(two(), 4.0, transfers=named)
    assert baseline.named_transfers.tolist() == [-2.0, 2.0]
    half = table([("A", "*", 0.5)], ["payer", "receiver", "factor"])
    change = Change.from_frames(baseline, transfers=half)
    assert change.transfers is not None
    assert change.transfers.tolist() == [[0.0, 2.0], [2.0, 0.0]]
    change = Change.from_frames(baseline, transfers=table([("B", "A", 7.0)], TRANSFERS))
    assert change.transfers is not None
    assert change.transfers.tolist() == [[0.0, 4.0], [7.0, 0.0]]


def test_faults_of_transfers_and_labour_name_line_and_column() -> None:
    def faults(rows: Any, columns: list[str] = TRANSFERS) -> list[str]:
        return faults_of(lambda: Baseline.from_frames(two(), 4.0, transfers=table(rows, columns)))

    assert faults([("A", "C", -1.0)]) == [
        "transfers:2 receiver: 'C' is not in the flows; one of A, B",
        "transfers:2 value: -1.0 is out of range; expected a number >= 0",
    ]
    assert faults([("A", "A", 1.0)]) == ["transfers:2 receiver: A pays itself; expected another receiver"]
    assert faults([("A", "B", 120.0)]) == [
        "transfers value: A pays named transfers of 120 net from an income of 100; use the unit of the flows"
    ]
    baseline = Baseline.from_frames(two(), 4.0)
    labour = table([("A", 0.0), ("A", 1.0)], ["economy", "factor"])
    assert faults_of(lambda: Change.from_frames(baseline, labour=labour)) == [
        "labour:3 economy: A is already in line 2",
        "labour:2 factor: 0.0 is out of range; expected a number > 0",
    ]
