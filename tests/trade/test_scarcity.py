"""Wedges with an owner and capacities: closed forms by hand, tariffs that give the same, and faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import InputError
from sogdia.trade import Baseline, Change, TradeSettings, decompose_welfare, solve
from sogdia.trade.shadow_prices import solve_rents
from sogdia.trade.wedges import Wedges

from .worlds import TIGHT, faults_of, random_change, random_world, table, two, with_rents

WEDGES = ["exporter", "importer", "owner", "wedge_pct"]
CAPACITIES = ["name", "exporter", "importer", "most", "owner"]


def capacities(baseline: Baseline, *rows: tuple[Any, ...], columns: list[str] = CAPACITIES) -> Change:
    return Change.from_frames(baseline, capacities=table(rows, columns))


@pytest.mark.parametrize("owner", ["importer", "exporter"])
def test_quotas_of_two_identical_economies_match_the_closed_form(owner: str) -> None:
    """Halve both flows of 20 by quotas; wages stay, so that 10 are traded at the price u = 1 + ω.

    Income is 100 + 10 (u − 1), expenditure on imports 10 u, and the import share 0.2 u^−4 / (0.8 + 0.2 u^−4):
    0.2 u^−4 (90 + 10 u) = 10 u (0.8 + 0.2 u^−4), so that u^5 = 18 / 8.
    """
    baseline = Baseline.from_frames(two(), 4.0)
    rows = [("east", "A", "B", 0.5, owner), ("west", "B", "A", 0.5, owner)]
    result = solve(baseline, capacities(baseline, *rows), TIGHT)
    price = 2.25**0.2
    assert result.shadow_price == pytest.approx(price - 1.0, rel=1e-7)
    assert result.capacities()["quantity"].to_numpy() == pytest.approx(0.5, rel=1e-7)
    assert result.capacities()["rent"].to_numpy() == pytest.approx(10.0 * (price - 1.0), rel=1e-7)
    index = (0.8 + 0.2 * price**-4.0) ** -0.25
    assert result.welfare_hat == pytest.approx((90.0 + 10.0 * price) / 100.0 / index, rel=1e-7)
    parts = decompose_welfare(result)
    expected = 10.0 * (price - 1.0) / index
    assert parts["from_scarcity_rents"].to_numpy() == pytest.approx(expected, rel=1e-7)


def test_quota_of_the_importer_equals_the_tariff_of_the_same_quantity() -> None:
    world = with_rents(random_world(71, with_inputs=True, with_tariffs=True), 71)
    shock = random_change(71, world)
    row = ("quota", "e01", "e02", "s00", 0.6, "importer")
    limits = capacities(world, row, columns=["name", "exporter", "importer", "sector", "most", "owner"])
    result = solve(world, replace(shock, capacities=limits.capacities), TIGHT)
    rent = result.shadow_price[0]
    assert rent > 0.01
    tariff = world.tariff.copy()
    tariff[0, 1, 2] = (1.0 + tariff[0, 1, 2]) * (1.0 + rent) - 1.0
    taxed = solve(world, replace(shock, tariff=tariff), TIGHT)
    assert result.welfare_hat == pytest.approx(taxed.welfare_hat, rel=1e-10)
    assert result.flow == pytest.approx(taxed.flow, rel=1e-9, abs=1e-12)
    revenue = result.tariff_revenue + result.scarcity_received
    assert revenue == pytest.approx(taxed.tariff_revenue, rel=1e-9)
    assert result.trade_cost_hat == pytest.approx(taxed.trade_cost_hat)


def test_capacity_that_does_not_bind_changes_no_bit() -> None:
    world = random_world(72, with_inputs=True)
    shock = random_change(72, world, cut=0.1)
    expected = solve(world, shock)
    limits = capacities(world, ("wide", "e01", "*", 100.0, "exporter")).capacities
    result = solve(world, replace(shock, capacities=limits))
    assert np.array_equal(result.flow, expected.flow)
    assert result.shadow_price.tolist() == [0.0]


def test_rent_is_shared_by_owners_and_one_group_may_have_several_flows() -> None:
    world = random_world(73, sectors=2, empty=0.0)
    columns = [*CAPACITIES, "share"]
    rows = [("line", "e01", importer, 0.7, "e03", 0.25) for importer in ("e02", "e04")]
    rows += [("line", "e01", importer, 0.7, "e05", 0.75) for importer in ("e02", "e04")]
    result = solve(world, capacities(world, *rows, columns=columns), TIGHT)
    rents = result.capacities().set_index("owner")["rent"]
    assert rents["e05"] == pytest.approx(3.0 * rents["e03"])
    assert result.scarcity_received[[3, 5]] == pytest.approx(rents[["e03", "e05"]].to_numpy())
    cells = result.flow[:, 1, [2, 4]] / result.cost_hat[:, 1, None]
    assert cells.sum() == pytest.approx(0.7 * world.flow[:, 1, [2, 4]].sum(), rel=1e-7)
    imports = result.scarcity_paid[[2, 4]].sum()
    assert imports == pytest.approx(rents.sum())
    trade = result.flow.sum(axis=(0, 1)) - result.flow.sum(axis=(0, 2))
    transfer = result.scarcity_received - result.scarcity_paid
    assert trade == pytest.approx(result.final_expenditure - result.income + transfer, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_random_capacities_hold_and_only_binding_ones_have_a_price(seed: int) -> None:
    rng = np.random.default_rng(seed)
    world = with_rents(random_world(seed, with_inputs=seed % 2 == 0, with_tariffs=seed % 3 == 0), seed)
    k, i, j = np.nonzero((world.flow > 0.0) & ~np.eye(6, dtype=bool))
    rows = []
    for most, owner in ((0.2, "importer"), (0.5, "exporter"), (0.8, "e02"), (1.1, "e03")):
        for m in rng.permutation(k.size)[: rng.integers(1, 6)]:
            cell = world.economies[i[m]], world.economies[j[m]], world.sectors[k[m]]
            rows.append((f"up to {most}", *cell, most, owner))
    frame = table(rows, ["name", "exporter", "importer", "sector", "most", "owner"])
    limits = Change.from_frames(world, capacities=frame).capacities
    found = solve(world, replace(random_change(seed, world, cut=0.1), capacities=limits)).capacities()
    slack = found["most"] - found["quantity"]
    assert (slack >= -1e-7).all()
    assert (slack * found["shadow_price_pct"] < 1e-4).all()


def test_complementarity_of_a_linear_market_matches_the_hand_calculation() -> None:
    # ln q = a − B u: alone the first capacity binds at 0.5; with it the second no longer does.
    slopes = np.array([[2.0, 0.0], [1.0, 2.0]])
    start = np.array([1.0, 0.4])
    rent, residual = solve_rents(lambda u: start - slopes @ u, np.array([2.0, 2.0]))
    assert rent == pytest.approx([0.5, 0.0], abs=1e-9)
    assert np.abs(residual).max() < 1e-8


def test_quota_without_an_effect_of_its_rent_raises_with_its_name() -> None:
    # The importer spends the rent on the same good, of which no other supplier exists.
    flow = np.array([[[50.0, 50.0], [0.0, 0.0]], [[0.0, 0.0], [50.0, 1e-9]]])
    baseline = Baseline.from_arrays(("A", "B"), ("food", "work"), flow, np.array([4.0, 4.0]))
    row = ("quota", "A", "B", 0.5, "importer")
    with pytest.raises(InputError, match="capacity quota: no scarcity rent reduces its quantity to 0"):
        solve(baseline, capacities(baseline, row), TradeSettings(imbalance="additive"))


def test_wedge_of_zero_changes_no_bit_and_wedge_of_the_importer_is_a_tariff() -> None:
    world = random_world(74, with_inputs=True)
    shock = random_change(74, world)
    expected = solve(world, shock)
    zero = Change.from_frames(world, wedges=table([("*", "*", "importer", 0.0)], WEDGES)).wedges
    assert np.array_equal(solve(world, replace(shock, wedges=zero)).flow, expected.flow)
    ten = Change.from_frames(world, wedges=table([("e01", "*", "importer", 10.0)], WEDGES)).wedges
    tariff = np.zeros(world.flow.shape)
    tariff[:, 1, [0, 2, 3, 4, 5]] = 0.1
    taxed = solve(world, replace(shock, tariff=tariff), TIGHT)
    assert solve(world, replace(shock, wedges=ten), TIGHT).flow == pytest.approx(taxed.flow, rel=1e-9)


def test_wedges_of_one_flow_are_added() -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    rows = [("A", "B", "A", 4.0), ("A", "B", "B", 6.0)]
    both = solve(baseline, Change.from_frames(baseline, wedges=table(rows, WEDGES)), TIGHT)
    assert both.wedge[0, 0, 1] == pytest.approx(0.1)
    assert both.scarcity_received == pytest.approx(both.flow[0, 0, 1] * np.array([0.04, 0.06]))
    with pytest.raises(InputError, match="no base year"):
        both.to_baseline()


def test_faults_of_wedges_name_line_and_column() -> None:
    baseline = Baseline.from_frames(two(), 4.0)

    def faults(rows: Any) -> list[str]:
        return faults_of(lambda: Change.from_frames(baseline, wedges=table(rows, WEDGES)))

    assert faults([("A", "B", "C", -1.0)]) == [
        "wedges:2 owner: 'C' is not in the flows; one of A, B, exporter, importer",
        "wedges:2 wedge_pct: -1.0 is out of range; expected a number >= 0",
    ]
    assert faults([("A", "A", "B", 1.0)]) == ["wedges:2 importer: A buys at home; expected another economy"]
    assert faults([("A", "B", "B", 1.0), ("A", "B", "B", 2.0)]) == [
        "wedges:3 owner: A B B is already in line 2"
    ]
    one = np.array([0])
    with pytest.raises(InputError, match="wedges: A all has a rent on home sales"):
        Change(np.ones((1, 2, 2)), wedges=Wedges(one, one, one, one, np.array([0.1]))).check(baseline)
    with pytest.raises(InputError, match="wedges: owner has a number outside 0 to 1"):
        Change(np.ones((1, 2, 2)), wedges=Wedges(one, one, one + 1, one + 2, np.array([0.1]))).check(baseline)


def test_faults_of_capacities_name_line_and_column() -> None:
    baseline = Baseline.from_frames(two(), 4.0)

    def faults(rows: Any, columns: list[str] = CAPACITIES) -> list[str]:
        return faults_of(lambda: Change.from_frames(baseline, capacities=table(rows, columns)))

    assert faults([("", "A", "B", 0.0, "A")]) == [
        "capacities:2 name: the name is missing",
        "capacities:2 most: 0.0 is out of range; expected a number > 0",
    ]
    assert faults([("q", "A", "B", 0.5, "A"), ("q", "B", "A", 0.6, "A")]) == [
        "capacities:2 most: 0.5 differs from another row of the capacity"
    ]
    rows = [("q", "A", "B", 0.5, "A", 0.5), ("q", "A", "B", 0.5, "B", 0.4)]
    assert faults(rows, [*CAPACITIES, "share"]) == [
        "capacities share: q: owners' shares of A to B, all sum to 0.9; let them sum to 1"
    ]
    flow = pd.DataFrame([("A", "A", 9.0), ("B", "A", 1.0), ("B", "B", 9.0)], columns=two().columns)
    baseline = Baseline.from_frames(flow, 4.0)
    assert faults([("q", "A", "B", 0.5, "A")]) == [
        "capacities name: q has no trade in the base year; name flows that trade"
    ]
