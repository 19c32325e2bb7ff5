"""Tables of sectors as arrays, and the rules that change their cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sogdia import Case
from sogdia.errors import FaultsError
from sogdia.trade.inputs import build_trade_inputs
from sogdia.trade.sector_data import (
    SectorData,
    aggregate,
    balance_inputs,
    pool_bullion,
    read_sector_data,
)

from .small_sectors import HOME, with_sectors


@pytest.fixture(scope="module")
def data(case: Case) -> SectorData:
    return read_sector_data(with_sectors(case), "long_run")


def at(data: SectorData, sector: str, *economies: str) -> tuple[int, ...]:
    return (data.sectors.index(sector), *(data.economies.index(name) for name in economies))


def test_tables_become_arrays(data: SectorData) -> None:
    assert data.flow[at(data, "oil", "XAC", "XAB")] == 480.0
    assert data.flow[at(data, "services", "XAA", "XAA")] == HOME["services"]
    # A row for all applies to sectors without a row of their own.
    assert data.tariff[at(data, "farm", "XAA", "XAC")] == pytest.approx(0.04)
    assert data.tariff[at(data, "steel", "XAA", "XAC")] == pytest.approx(0.10)
    assert data.tariff[at(data, "steel", "XAC", "XAA")] == 0.0
    assert data.theta[at(data, "steel")[0]] == 3.0
    assert data.value_added_share == pytest.approx(0.67)
    # Half of value added is rent; the oil country's own row counts there.
    assert data.specific_share[at(data, "oil", "XAA")] == pytest.approx(0.335)
    assert data.specific_share[at(data, "oil", "XAC")] == pytest.approx(0.5025)
    assert data.supply_elasticity[at(data, "oil", "XAC")] == 0.2
    assert data.specific_share[at(data, "steel", "XAC")] == 0.0
    assert data.transfers[data.economies.index("XAC"), data.economies.index("XAA")] == 20.0


def test_horizon_chooses_the_elasticities(case: Case) -> None:
    short = read_sector_data(with_sectors(case), "short_run")
    assert short.theta[at(short, "steel")[0]] == pytest.approx(3.0 / 2.5)


def test_traded_sector_without_an_elasticity_is_an_error(case: Case) -> None:
    full = with_sectors(case)
    rows = full.table("elasticities")
    lacking = full.with_table("elasticities", rows[rows["sector"] != "steel"])
    with pytest.raises(FaultsError, match=r"elasticities.csv value: steel has no long_run value"):
        read_sector_data(lacking, "long_run")


def test_uses_above_purchases_are_scaled_to_them(data: SectorData) -> None:
    inputs = data.input_share.copy()
    i, s, k = data.economies.index("XAD"), data.sectors.index("gas"), data.sectors.index("services")
    # XAD buys 10 of gas, and its services of 600 would use 20 % of their sales.
    inputs[i, s, k] = 0.2
    balanced = balance_inputs(replace(data, input_share=inputs, adjusted=()))
    assert balanced.input_share[i, s, k] == pytest.approx(10.0 / 600.0)
    freed = data.value_added_share[k, i] - balanced.value_added_share[k, i]
    assert freed == pytest.approx(10.0 / 600.0)
    (cell,) = balanced.adjusted
    assert cell[:6] == ("input scaled to purchases", "intermediate", "XAD", "", "services", "gas")
    assert cell[6:] == pytest.approx((0.2, 10.0 / 600.0))
    assert balance_inputs(balanced).input_share == pytest.approx(balanced.input_share, rel=1e-14)


def test_buyers_of_bullion_are_pooled(data: SectorData) -> None:
    k, size = data.sectors.index("gold"), len(data.economies)
    raw = np.zeros((size, size))
    # Three sellers and three buyers: a_i b_j with a zero diagonal and equal totals of 6 is 3 everywhere.
    for i, j in ((0, 1), (1, 2), (2, 0)):
        raw[i, j] = 6.0
    flow = data.flow.copy()
    flow[k] = raw
    pooled = pool_bullion(replace(data, flow=flow, adjusted=()))
    expected = np.full((size, size), 3.0)
    expected[3, :] = expected[:, 3] = 0.0
    np.fill_diagonal(expected, 0.0)
    assert pooled.flow[k] == pytest.approx(expected, abs=1e-9)
    assert len(pooled.adjusted) == 6
    turned = data.flow.copy()
    turned[k] = raw.T
    again = pool_bullion(replace(data, flow=turned, adjusted=()))
    # Who bought from whom does not matter.
    assert again.flow[k] == pytest.approx(pooled.flow[k], abs=1e-9)


def test_aggregates_have_the_totals_of_their_sectors(case: Case, data: SectorData) -> None:
    table = case_groups(case)
    coarse = aggregate(data, table)
    assert coarse.sectors == ("energy", "money", "others", "wares")
    assert coarse.flow.sum(axis=0) == pytest.approx(data.flow.sum(axis=0))
    assert (coarse.value_added_share * coarse.output).sum(axis=0) == pytest.approx(
        (data.value_added_share * data.output).sum(axis=0)
    )
    revenue = (coarse.flow * coarse.tariff).sum(axis=(0, 1))
    assert revenue == pytest.approx((data.flow * data.tariff).sum(axis=(0, 1)))
    rent = (coarse.specific_share * coarse.output).sum(axis=0)
    assert rent == pytest.approx((data.specific_share * data.output).sum(axis=0))
    wares = coarse.sectors.index("wares")
    abroad = {name: data.flow[data.sectors.index(name)] for name in ("farm", "steel")}
    weight = {name: flow.sum() - np.trace(flow) for name, flow in abroad.items()}
    mean = (weight["farm"] * 1.0 + weight["steel"] * 3.0) / sum(weight.values())
    assert coarse.theta[wares] == pytest.approx(mean)


def test_base_year_of_every_composition_has_the_same_income(case: Case) -> None:
    full = with_sectors(case)
    fine, coarse = (build_trade_inputs(full, name).baseline for name in ("sectors", "aggregates"))
    assert coarse.final_expenditure == pytest.approx(fine.final_expenditure)
    assert coarse.imbalance == pytest.approx(fine.imbalance, abs=1e-9)


def case_groups(case: Case) -> dict[str, str]:
    table = with_sectors(case).table("sectors")
    return dict(zip(table["id"], table["aggregate"], strict=True))
