"""Legs and entries of sectors: the goods that carry them, hubs, and the goods that follow them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.trade import solve
from sogdia.trade.entries import NO_LEG, Following, Legs, follow
from sogdia.trade.inputs import TradeInputs, build_trade_inputs

from .conftest import position_of
from .small_sectors import frame, with_sectors


@pytest.fixture(scope="module")
def model(case: Case) -> TradeInputs:
    return build_trade_inputs(with_sectors(case), "sectors")


def legs_of(model: TradeInputs, *key: str) -> list[tuple[str, list[str]]]:
    """Return policy commodity and goods of each leg of exporter, importer and sector."""
    table = model.legs.table
    chosen = (table[["exporter", "importer", "sector"]] == list(key)).all(axis=1)
    found = []
    for leg in np.flatnonzero(chosen.to_numpy()):
        goods = model.goods["commodity"].to_numpy()[model.legs.good[model.legs.leg == leg]]
        found.append((str(table["commodity"].iloc[leg]), sorted(map(str, goods))))
    return found


def leg_of(model: TradeInputs, *key: str) -> int:
    table = model.legs.table
    (leg,) = np.flatnonzero((table[["exporter", "importer", "sector"]] == list(key)).all(axis=1).to_numpy())
    return int(leg)


def solved(model: TradeInputs, hats: dict[int, float]) -> Any:
    hat = np.ones(len(model.legs.table))
    for leg, value in hats.items():
        hat[leg] = value
    change, cells = model.build_change(hat, model.tariff_pct)
    return change, cells, solve(model.baseline, change)


def cell_of(model: TradeInputs, sector: str, exporter: str, importer: str) -> tuple[int, int, int]:
    names = model.baseline.economies
    return model.baseline.sectors.index(sector), names.index(exporter), names.index(importer)


def two_goods_in_a_leg() -> tuple[Legs, Following]:
    """One leg at an elasticity of 2, carried by goods 1 and 2 as 1 to 3; good 0 follows without carrying."""
    table = pd.DataFrame(
        {"exporter": ["XAA"], "importer": ["XAB"], "sector": ["farm"], "commodity": ["grain"]}
    )
    no = np.zeros(1, dtype=np.bool_)
    legs = Legs(table, np.array([2.0]), no, no, np.array([0, 0]), np.array([2, 1]), np.array([3.0, 1.0]))
    leg = np.array([NO_LEG, 0, 0])
    return legs, follow(np.array([0, 1, 2]), np.array([0, 0, 0]), np.array([1.0, 0.25, 0.75]), 3, leg)


def test_goods_of_a_leg_shift_to_those_whose_carriage_rises_less() -> None:
    legs, following = two_goods_in_a_leg()
    # The leg costs (1/4 2^-2 + 3/4 1^-2)^(-1/2), so (tau_leg)^2 = 16/13.
    shares = following.choice(legs, np.array([9.0, 2.0, 1.0]))
    assert shares == pytest.approx([1.0, 4.0 / 13.0, 16.0 / 13.0])
    assert 0.25 * shares[1] + 0.75 * shares[2] == pytest.approx(1.0)
    # A tenth of the price of good 1 is rent: of the leg, 0.1 times its share of 1/13.
    left = following.choice(legs, np.array([9.0, 2.0, 1.0]), np.array([1.0, 0.9, 1.0]))
    of_leg = 1.0 - 0.1 / 13.0
    assert left == pytest.approx([1.0, 0.9 / of_leg * 4.0 / 13.0, 16.0 / 13.0 / of_leg])


def test_good_without_a_path_gives_its_share_of_the_leg_to_the_others() -> None:
    legs, following = two_goods_in_a_leg()
    assert following.choice(legs, np.array([1.0, np.inf, 1.5])) == pytest.approx([1.0, 0.0, 4.0 / 3.0])
    assert following.choice(legs, np.array([1.0, np.inf, np.inf])) == pytest.approx([1.0, 0.0, 0.0])
    assert following.choice(legs, np.full(3, 1.7)) == pytest.approx([1.0, 1.0, 1.0])
    assert (following.choice(legs, np.ones(3)) == 1.0).all()


def test_sectors_are_carried_by_their_goods(model: TradeInputs) -> None:
    assert legs_of(model, "XAA", "XAC", "farm") == [("grain", ["grain"])]
    assert legs_of(model, "XAA", "XAC", "steel") == [("metal", ["metal"])]
    # Not split: the pair's one good, with policy on the sector's commodity.
    assert legs_of(model, "XAA", "XAB", "steel") == [("metal", ["all"])]
    # Split, but without metal: the mean of the pair's freight.
    assert legs_of(model, "XAC", "XAB", "steel") == [("metal", ["crude_oil"])]
    # No trade in goods between them at all.
    assert legs_of(model, "XAB", "XAD", "gold") == [("all", [])]
    assert legs_of(model, "XAA", "XAC", "services") == [("all", [])]
    assert legs_of(model, "XAC", "XAA", "gas") == [("natural_gas", [])]


def test_sector_of_a_limited_commodity_is_carried_as_the_sales_of_its_exporter_elsewhere(case: Case) -> None:
    trade = case.table("trade")
    metal = trade.loc[[next(key for key in trade.index if "metal" in str(key))]]
    metal = metal.assign(exporter="XAC", importer="XAA").rename(index=lambda _: "XAC/XAA/metal/2023")
    trade = pd.concat([trade, metal])
    hard = case.table("hard_capacities").reindex(["h"]).assign(commodity="metal")
    limited = with_sectors(case, trade=trade, hard_capacities=hard)
    free = build_trade_inputs(with_sectors(case, trade=trade), "sectors")
    model = build_trade_inputs(limited, "sectors")
    # XAC sells crude oil, but no metal, to XAB.
    assert legs_of(free, "XAC", "XAB", "steel") == [("metal", ["crude_oil"])]
    assert legs_of(model, "XAC", "XAB", "steel") == [("metal", ["metal"])]
    # The tonnes of its metal follow these sales too.
    entry = model.entries.first == leg_of(model, "XAC", "XAB", "steel")
    good = position_of(model.goods, "XAC", "XAA", "metal")
    assert set(np.flatnonzero(entry)) <= set(model.following.entry[model.following.good == good])
    # Pairs whose goods are not split keep the one good that they have.
    assert legs_of(model, "XAA", "XAB", "steel") == [("metal", ["all"])]


def test_entries_have_the_flows_of_their_cells(model: TradeInputs) -> None:
    assert model.sectors is not None
    cells = model.entries.cells
    total = np.bincount(model.entries.cell, weights=model.entries.value)
    assert total == pytest.approx(cells["value"].to_numpy())
    assert model.baseline.flow == pytest.approx(model.sectors.flow, rel=1e-14)


def test_goods_by_a_hub_pay_both_legs(model: TradeInputs) -> None:
    first, second = leg_of(model, "XAD", "XAA", "steel"), leg_of(model, "XAA", "XAC", "steel")
    change, _, _ = solved(model, {first: 1.5, second: 1.2})
    assert change.cost_hat[cell_of(model, "steel", "XAD", "XAC")] == pytest.approx(1.8)
    assert change.cost_hat[cell_of(model, "steel", "XAA", "XAC")] == pytest.approx(1.2)


def test_flow_goes_directly_as_far_as_no_hub_takes_it(case: Case) -> None:
    half = frame(
        "origin,hub,destination,sector,value_musd,recorded_by_hub",
        [("XAD", "XAA", "XAC", "steel", 4.0, False)],
    )
    model = build_trade_inputs(with_sectors(case, entrepot=half), "sectors")
    change, _, _ = solved(model, {leg_of(model, "XAD", "XAA", "steel"): np.inf})
    # Six tenths go directly: 0.6^(−1/3).
    assert change.cost_hat[cell_of(model, "steel", "XAD", "XAC")] == pytest.approx(0.6 ** (-1.0 / 3.0))


def test_hub_above_the_flow_is_limited_to_it_and_listed(case: Case) -> None:
    much = frame(
        "origin,hub,destination,sector,value_musd,recorded_by_hub",
        [("XAD", "XAA", "XAC", "steel", 25.0, True)],
    )
    model = build_trade_inputs(with_sectors(case, entrepot=much), "sectors")
    rows = model.baseline.adjustments
    (row,) = rows[rows["table"] == "entrepot"].to_dict("records")
    assert (row["economy"], row["partner"], row["input"]) == ("XAD", "XAC", "XAA")
    assert (row["before"], row["after"]) == (25.0, 10.0)
    assert model.baseline.flow[cell_of(model, "steel", "XAD", "XAC")] == pytest.approx(10.0)


def test_goods_follow_the_entries_that_they_carry(model: TradeInputs) -> None:
    metal = position_of(model.goods, "XAA", "XAC", "metal")
    rows = model.following.good == metal
    weight = dict(
        zip(model.following.entry[rows].tolist(), model.following.weight[rows].tolist(), strict=True)
    )
    origins = {model.entries.table["exporter"].iloc[entry]: share for entry, share in weight.items()}
    # 86 of the economy's own steel, and 10 of the fourth one's that it records as its sales.
    assert origins == pytest.approx({"XAA": 86.0 / 96.0, "XAD": 10.0 / 96.0})
    _, cells, result = solved(model, {leg_of(model, "XAD", "XAA", "steel"): np.inf})
    value, quantity = model.value_after(result, cells)
    own = cell_of(model, "steel", "XAA", "XAC")
    ratio = result.flow[own] / model.baseline.flow[own]
    assert value[metal] == pytest.approx(96.0 * 86.0 / 96.0 * ratio)
    price = result.cost_hat[own[0], own[1]]
    assert quantity[metal] == pytest.approx(86.0 / 96.0 * ratio / price)


def test_every_good_follows_entries(model: TradeInputs) -> None:
    assert set(model.following.good) == set(range(len(model.goods)))
    sums = np.bincount(model.following.good, weights=model.following.weight)
    assert sums == pytest.approx(1.0)


def test_good_in_two_sectors_carries_both(case: Case) -> None:
    shared = frame(
        "sector,commodity",
        [("farm", "metal"), ("gold", "jewels"), ("oil", "crude_oil"), ("steel", "metal")],
    )
    model = build_trade_inputs(with_sectors(case, sector_commodities=shared), "sectors")
    metal = position_of(model.goods, "XAA", "XAC", "metal")
    rows = model.following.good == metal
    sectors = model.legs.table["sector"].to_numpy()[model.entries.first[model.following.entry[rows]]]
    assert set(sectors) == {"farm", "steel"}
    assert legs_of(model, "XAA", "XAC", "farm") == [("metal", ["metal"])]


def test_order_of_sector_rows_does_not_matter(case: Case) -> None:
    full = with_sectors(case)
    turned = full
    for name in ("sectors", "sector_commodities", "sector_flows", "input_shares", "entrepot"):
        turned = turned.with_table(name, full.table(name).iloc[::-1])
    first, second = build_trade_inputs(full, "sectors"), build_trade_inputs(turned, "sectors")
    pd.testing.assert_frame_equal(first.legs.table, second.legs.table)
    assert first.baseline.flow == pytest.approx(second.baseline.flow, rel=1e-14)
