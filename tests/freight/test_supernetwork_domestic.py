"""Domestic traffic by rail, computed by hand on the small region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.freight import Supernetwork, assign_freight, build_supernetwork
from sogdia.freight.supernetwork.domestic import domestic_loads

from .borderland import changed, with_rows
from .networks import SUE, UNCALIBRATED, arcs_of

COUNTRY = {"w": "XAA", "x": "XAA", "y": "XAA", "z": "XAB", "island": "XAA"}


def link(name: str, start: str, end: str, km: float, **cells: object) -> dict[str, object]:
    row = {"row": name, "from": start, "to": end, "mode": "rail", "length_km": km, "status": "operating"}
    return {**row, **cells}


LINKS = pd.DataFrame(
    [
        link("w_x", "w", "x", 100.0),
        link("w_x_long", "w", "x", 120.0),
        link("x_y", "x", "y", 100.0),
        link("w_y", "w", "y", 300.0),
        link("w_z", "w", "z", 50.0),
        link("z_y", "z", "y", 50.0),
        link("new", "w", "y", 1.0, status="planned"),
        link("road", "w", "y", 1.0, mode="road"),
    ]
).set_index("row")


def traffic(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["from", "to", "tonnes"])


def test_traffic_takes_the_shortest_path_inside_its_territory() -> None:
    # By z, in another territory, it would be 100 km instead of 200; planned links and roads are left out.
    loads = domestic_loads(traffic(("w", "y", 7.0), ("y", "x", 2.0), ("x", "x", 50.0)), LINKS, COUNTRY)
    assert loads.tonnes == {"w_x": 7.0, "x_y": 9.0}
    assert loads.remarks == ()


def test_without_a_path_inside_it_passes_another_territory() -> None:
    loads = domestic_loads(traffic(("w", "y", 7.0)), LINKS.loc[["w_z", "z_y"]], COUNTRY)
    assert loads.tonnes == {"w_z": 7.0, "z_y": 7.0}


def test_traffic_without_a_railway_is_named_in_a_remark() -> None:
    loads = domestic_loads(traffic(("w", "island", 7.0)), LINKS, COUNTRY)
    assert loads.tonnes == {}
    (remark,) = loads.remarks
    assert remark == "domestic traffic from w to island: no railway joins them, so none is carried"


def value(table: pd.DataFrame, row: str, column: str) -> float:
    return float(table[column].to_dict()[row])


def row(start: str, end: str, tonnes: float) -> dict[str, Any]:
    return {"from": start, "to": end, "commodity": "all", "tonnes": tonnes, "year": 2023}


@pytest.fixture(scope="module")
def loaded(borderland: Case) -> Case:
    return with_rows(borderland, "domestic_traffic", [row("a", "ac", 450_000.0), row("a", "ab", 9.0)], "to")


def test_domestic_traffic_is_the_preload_of_both_directions(loaded: Case) -> None:
    built = build_supernetwork(loaded, UNCALIBRATED)
    assert arcs_of(built, row="links/rail_a_ac")["preload"].tolist() == [450_000.0] * 2
    assert arcs_of(built, row="links/rail_a_ab")["preload"].tolist() == [9.0] * 2
    assert arcs_of(built, kind="haul", mode="road")["preload"].tolist() == [0.0] * len(
        arcs_of(built, kind="haul", mode="road")
    )


def test_domestic_traffic_delays_trade_and_is_no_trade(loaded: Case, supernetwork: Supernetwork) -> None:
    without, freight = (assign_freight(case, SUE) for case in (supernetwork.case, loaded))
    links = freight.links().set_index("link")
    tonnes, capacity = value(links, "rail_a_ac", "tonnes"), 900_000.0
    assert value(links, "rail_a_ac", "domestic_t") == 450_000.0
    assert value(links, "rail_a_ac", "v_c") == pytest.approx((450_000.0 + tonnes) / capacity)
    haul = freight.result.links()
    delay = haul.loc[haul["link_id"] == "rail_a_ac", "delay_cost"].to_numpy()
    hours = 110 / 40 * freight.supernetwork.constants.rail_time
    assert delay == pytest.approx(0.15 * hours * ((450_000.0 + tonnes) / capacity) ** 4)
    assert tonnes < value(without.links().set_index("link"), "rail_a_ac", "tonnes"), "some of it goes by road"
    # Only trade is delivered.
    assert freight.result.demand.table["flow"].sum() == pytest.approx(
        without.result.demand.table["flow"].sum()
    )
    worst = freight.bottlenecks(50).set_index("group")
    assert value(worst, "link rail_a_ac", "domestic_t") == 450_000.0
    assert value(worst, "link rail_a_ac", "v_c") == pytest.approx(value(links, "rail_a_ac", "v_c"))


def test_traffic_on_links_without_known_capacity_changes_no_flow(borderland: Case) -> None:
    free = changed(borderland, {("links", "rail_a_ac", "capacity_t"): np.nan})
    loaded = with_rows(free, "domestic_traffic", [row("a", "ac", 450_000.0)], "to")
    first, second = (assign_freight(case, SUE) for case in (free, loaded))
    np.testing.assert_array_equal(first.result.flows, second.result.flows)
    pd.testing.assert_frame_equal(first.transit(), second.transit())
