"""Generalised cost of lanes by part."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.freight import FreightResult, assign_freight, lane_costs
from sogdia.freight.lane_costs import LANE

from .networks import SUE

PARTS = [f"{part}_usd_per_t" for part in ("money", "time", "border", "queue", "reliability", "capacity")]


@pytest.fixture(scope="module", params=["user equilibrium", "logit"])
def freight(request: pytest.FixtureRequest, borderland: Case) -> FreightResult:
    return assign_freight(borderland, SUE) if request.param == "logit" else assign_freight(borderland)


def test_parts_add_up_to_the_cost_of_the_assignment(freight: FreightResult) -> None:
    table = lane_costs(freight).set_index(LANE)
    demand = freight.supernetwork.identified(freight.result.demand)
    cost = freight.result.od()["cost_money"] * demand["flow"]
    keys = demand[LANE].astype(str)
    expected = cost.groupby([keys[name] for name in LANE]).sum()
    found = table["usd_per_t"] * table["tonnes"]
    assert found.to_dict() == pytest.approx(expected[found.index].to_dict(), rel=1e-9)
    assert table[PARTS].sum(axis=1).to_numpy() == pytest.approx(table["usd_per_t"].to_numpy(), rel=1e-12)


def test_parts_are_not_negative_and_no_capacity_is_full(freight: FreightResult) -> None:
    table = lane_costs(freight)
    assert (table[PARTS].to_numpy() >= 0.0).all()
    assert not table["capacity_usd_per_t"].any()
    assert (table[["money_usd_per_t", "time_usd_per_t"]].to_numpy() > 0.0).all()


def test_charges_and_time_are_those_of_the_paths(freight: FreightResult) -> None:
    network, demand = freight.supernetwork, freight.result.demand
    lane = ("XAA", "XAD", "all")
    rows = network.identified(demand)
    keys = rows[LANE].astype(str)
    own = (keys == list(lane)).all(axis=1).to_numpy(dtype=bool)
    tonnes = rows["flow"].to_numpy(dtype=float)[own]
    cargo = network.case.table("commodities")["cargo"]["all"]
    charges = np.average(freight.result.skim(f"usd_per_t_{cargo}")[own], weights=tonnes)
    hours = np.average(freight.result.skim("time_h")[own], weights=tonnes)
    value_of_time = demand.value_of_time[demand.classes.index(rows["class"][own].iloc[0])]
    found = lane_costs(freight).set_index(LANE).to_dict("index")[lane]
    assert found["money_usd_per_t"] == pytest.approx(charges)
    assert found["time_usd_per_t"] < value_of_time * hours  # the rest is at borders
    assert found["time_usd_per_t"] + found["border_usd_per_t"] >= value_of_time * hours * (1 - 1e-9)
