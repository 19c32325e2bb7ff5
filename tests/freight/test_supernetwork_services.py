"""Rail services by hand: choice by tonnes, times, dwell and tariffs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.assignment.demand import free_flow_costs
from sogdia.errors import InputError
from sogdia.freight import Supernetwork, build_supernetwork
from sogdia.freight.supernetwork.services import RailServices

from .borderland import PROVENANCE, with_rows
from .networks import UNCALIBRATED, arcs_of, least_cost, only_arc

BLOCK = {"service": "block", "cargo": "container", "least_t": 20_000.0}
WAGON = {"service": "wagon", "cargo": "container", "least_t": 0.0}
FAST = {"time_factor": 0.5, "dwell_factor": 0.25, "price_factor": 1.0}
SLOW = {"time_factor": 2.0, "dwell_factor": 1.0, "price_factor": 1.5}


def with_services(case: Case, *rows: dict[str, Any]) -> Supernetwork:
    table = [{**row, "row": f"{row['service']}/{row['cargo']}", **PROVENANCE} for row in rows]
    return build_supernetwork(with_rows(case, "rail_services", table, "row"), UNCALIBRATED)


def test_small_flows_go_by_wagonload_and_large_ones_by_block_train(borderland: Case) -> None:
    """By trade.csv XAC sends 20,000 t to XAA and 8,000 come to it from XAB."""
    built = with_services(borderland, {**BLOCK, **FAST}, {**WAGON, **SLOW})
    rows = built.flows[built.flows["commodity"].eq("all")]
    service = rows["class"].map(built.classes["service"])
    found = {(a, b): s for a, b, s in zip(rows["exporter"], rows["importer"], service, strict=True)}
    assert found["XAC", "XAA"] == "", "the fastest service has no name in a class"
    assert found["XAB", "XAC"] == "wagon"
    grain = built.flows[built.flows["commodity"].eq("grain")]
    assert set(grain["class"]) == {"grain"}, "a cargo type without rows has no services"


def test_hours_and_charges_of_services_by_hand(borderland: Case) -> None:
    """110 km take 2.2 h: 1.1 by block train and 4.4 in a wagon at one and a half times the tariff."""
    built = with_services(borderland, {**BLOCK, **FAST}, {**WAGON, **SLOW})
    haul = only_arc(built, "a/rail/1520", "ab/rail/1520")
    assert haul["time_h"] == pytest.approx(1.1)
    position = built.network.arcs.index[built.network.arcs["from"].eq("a/rail/1520")
        & built.network.arcs["to"].eq("ab/rail/1520")].item()  # fmt: skip
    block, wagon = (built.demand.classes.index(name) for name in ("all", "all|||wagon"))
    assert built.added_hours[[block, wagon], position] == pytest.approx([0.0, 3.3])
    assert built.charges[[block, wagon], position] == pytest.approx([6.6, 9.9])
    crossing = arcs_of(built, row="crossings/ab/XAA/XAB/rail", kind="crossing").iloc[0]
    assert crossing["time_h"] == pytest.approx(0.25 * 30)
    border = built.network.arcs.index.get_loc(crossing.name)
    assert built.added_hours[wagon, border] == pytest.approx(0.75 * 30)
    assert built.charges[wagon, border] == 8.0, "a border's fee has no service"
    road = built.network.arcs["mode"].eq("road").to_numpy(dtype=bool)
    assert not built.added_hours[:, road].any()


def test_least_cost_by_block_train_by_hand(borderland: Case) -> None:
    built = with_services(borderland, {**BLOCK, **FAST}, {**WAGON, **SLOW})
    assert least_cost(built, "a", "b", "rail")[0] == pytest.approx(2 * (1.1 + 6.6) + 7.5 + 8)


def test_service_like_the_tables_has_no_effect(borderland: Case, supernetwork: Supernetwork) -> None:
    same = {"time_factor": 1.0, "dwell_factor": 1.0, "price_factor": 1.0}
    built = with_services(borderland, {**WAGON, **same})
    assert built.demand.classes == supernetwork.demand.classes
    costs = [free_flow_costs(each.network, each.demand) for each in (built, supernetwork)]
    assert np.array_equal(costs[0], costs[1])
    assert np.array_equal(built.network.free_flow_cost, supernetwork.network.free_flow_cost)


def test_services_without_one_for_small_flows_are_an_error() -> None:
    table = pd.DataFrame([{**BLOCK, **FAST}])
    with pytest.raises(InputError, match=r"rail_services\.csv: no service of cargo container has least_t 0"):
        RailServices(table, {}).service_of("XAA", "XAB", "container")
