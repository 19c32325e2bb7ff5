"""Line-haul, border crossings and breaks of gauge, computed by hand on the small region."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.freight import Supernetwork
from sogdia.freight.journeys import find_journey

from .networks import arcs_of, build_with, least_cost, only_arc


def test_link_within_a_country_is_one_arc_each_direction(supernetwork: Supernetwork) -> None:
    table = arcs_of(supernetwork, row="links/rail_a_ac")
    assert list(zip(table["from"], table["to"], strict=True)) == [
        ("a/rail/1520", "ac/rail/1520"),
        ("ac/rail/1520", "a/rail/1520"),
    ]
    assert set(table["kind"]) == {"haul"}
    assert set(table["territory"]) == {"XAA"}
    assert set(table["group"]) == {"link rail_a_ac"}, "both directions share the capacity"
    assert set(table["delay"]) == {"power"}
    assert table["capacity"].tolist() == [900000.0, 900000.0]
    assert table["delay_scale"].tolist() == pytest.approx([0.15 * 110 / 40] * 2)


def test_border_link_without_crossing_row_is_plain_line_haul(supernetwork: Supernetwork) -> None:
    table = arcs_of(supernetwork, row="links/sea_p_d")
    assert list(zip(table["from"], table["to"], strict=True)) == [("p/sea", "d/sea"), ("d/sea", "p/sea")]
    assert table["territory"].tolist() == ["XAB", "XAD"], "a border link lies where it starts"
    assert table["time_h"].tolist() == [10.0, 10.0]
    assert set(table["delay"]) == {"none"}


def test_crossing_without_change_of_gauge_follows_the_haul(supernetwork: Supernetwork) -> None:
    haul = only_arc(supernetwork, "ab/road", "road_ab_b>b#0")
    crossing = only_arc(supernetwork, "road_ab_b>b#0", "b/road")
    assert (haul["time_h"], haul["usd_per_t_container"]) == (2.0, 11.0)
    assert crossing["rows"] == ("crossings/ab/XAA/XAB/road",)
    assert (haul["link_id"], crossing["crossing_id"]) == ("road_ab_b", "ab/XAA/XAB/road")
    assert (crossing["place"], crossing["from_iso3"], crossing["to_iso3"]) == ("ab", "XAA", "XAB")
    assert (crossing["kind"], crossing["time_h"], crossing["usd_per_t_container"]) == ("crossing", 10.0, 5.0)
    assert (crossing["territory"], crossing["delay"], crossing["capacity"]) == ("XAB", "conical", 70000.0)
    back = only_arc(supernetwork, "road_ab_b>ab#0", "ab/road")
    assert (back["time_h"], back["usd_per_t_container"], back["delay"]) == (12.0, 6.0, "none")
    assert len(arcs_of(supernetwork, kind="crossing", mode="road")) == 4


def test_change_of_gauge_on_the_far_side_joins_the_gauges(supernetwork: Supernetwork) -> None:
    table = arcs_of(supernetwork, row="crossings/ab/XAA/XAB/rail")
    assert table["to"].tolist() == ["b/rail/1435"], "no path to the other gauge and none that is free"
    assert arcs_of(supernetwork, row="links/rail_ab_b", to="rail_ab_b>b#0")["from"].item() == "ab/rail/1520"
    back = arcs_of(supernetwork, row="links/rail_ab_b", to="rail_ab_b>ab#0")
    assert back["from"].tolist() == ["b/rail/1435"]
    # Two hauls of 2.2 h at 0.06 USD/tkm, and the crossing.
    cost, path = least_cost(supernetwork, "a", "b", "rail")
    assert cost == pytest.approx(2 * (110 / 50 + 110 * 0.06) + 30 + 8)
    assert (path.crossings, path.changes) == (1, 0)


def test_without_another_gauge_the_crossing_is_paid_on_the_same_gauge(borderland: Case) -> None:
    built = build_with(borderland, links__rail_b_p__gauge_mm=1520)
    table = arcs_of(built, row="crossings/ab/XAA/XAB/rail")
    assert table["to"].tolist() == ["b/rail/1520"]
    assert table["time_h"].tolist() == [30.0]


HAUL = 2 * (110 / 40 + 110 * 0.04)
"""Generalised cost by rail from a to c: two links at 40 km/h and the rate of their corridor."""


@pytest.mark.parametrize(("dwell_crossing", "dwell_transfer"), [(40, 18), (40, 100), (1000, 900), (0, 0)])
def test_change_of_gauge_pays_the_crossing_whatever_the_transfer_costs(
    borderland: Case, dwell_crossing: float, dwell_transfer: float
) -> None:
    cells = {
        "crossings__ac-XAA-XAC-rail__dwell_h": float(dwell_crossing),
        "crossings__ac-XAC-XAA-rail__dwell_h": float(dwell_crossing),
        "transfers__ac-rail-rail__dwell_h": float(dwell_transfer),
    }
    built = build_with(borderland, **cells)
    cost, path = least_cost(built, "a", "c", "rail")
    # The border costs 12 USD there and 14 USD back.
    assert cost == pytest.approx(HAUL + dwell_crossing + 12)
    assert (path.length_km, path.crossings, path.changes) == (220.0, 1, 1)
    assert least_cost(built, "c", "a", "rail")[0] == pytest.approx(HAUL + dwell_crossing + 14)


def test_change_of_gauge_waits_in_the_queue_of_its_transfer(borderland: Case) -> None:
    built = build_with(borderland, **{"transfers__ac-rail-rail__capacity_t": 300_000.0})
    table = arcs_of(built, row="transfers/ac/rail/rail")
    on_path = table[table["from"].str.contains("rail_ac_c") | table["to"].str.contains("rail_ac_c")]
    assert len(on_path) == 2, "there and back"
    assert set(on_path["time_h"]) == {0.0}
    assert set(on_path["usd_per_t_container"]) == {0.0}
    assert set(on_path["capacity"]) == {300_000.0}
    assert set(on_path["delay_scale"]) == {18.0}, "the dwell of the row scales the queue"
    assert table["group"].nunique() == 1


def test_no_border_of_a_change_of_gauge_is_free(borderland: Case) -> None:
    """A road that starts at the break is reached by the crossing, never by a transfer alone."""
    cells = {"transfers__c-road-rail__place": "ac", "transfers__a-rail-road__place": "ac"}
    built = build_with(borderland, **cells)
    crossing = built.network.arcs[built.network.arcs["kind"] == "crossing"]
    assert (crossing["time_h"] > 0.0).all()
    assert (crossing["usd_per_t_container"] > 0.0).all()
    k = built.demand.classes.index("all")
    assert built.demand.class_cost is not None
    cost = built.network.free_flow_cost + built.demand.class_cost[k]
    path = find_journey(built, ["c", "ac", "a"], cost, np.zeros(len(built.network.groups)))
    assert path is not None
    paid = built.network.arcs.iloc[list(path.arcs)]
    assert paid.loc[paid["kind"] == "crossing", "time_h"].sum() in (24.0, 44.0), "the road or the railway"


def test_change_at_the_other_end_of_the_border_link_pays_the_crossing_too(borderland: Case) -> None:
    built = build_with(borderland, **{"transfers__ac-rail-rail__place": "ab"})
    cost, path = least_cost(built, "a", "b", "rail")
    assert cost == pytest.approx(2 * (110 / 50 + 110 * 0.06) + 30 + 8)
    assert path.changes == 1
    assert least_cost(built, "a", "c", "rail")[1].changes == 0, "no transfer on that path any more"


def test_transfer_far_from_the_change_of_gauge_is_no_alternative(borderland: Case) -> None:
    built = build_with(borderland, **{"transfers__ac-rail-rail__place": "a"})
    assert least_cost(built, "a", "b", "rail")[0] == pytest.approx(2 * (110 / 50 + 110 * 0.06) + 30 + 8)


def test_time_is_length_over_speed(supernetwork: Supernetwork, borderland: Case) -> None:
    links = borderland.table("links")
    table = arcs_of(supernetwork, kind="haul")
    for rows, time_h, length in zip(table["rows"], table["time_h"], table["length_km"], strict=True):
        link = links.loc[rows[0].removeprefix("links/")]
        assert length == link["length_km"]
        assert time_h == pytest.approx(link["length_km"] / link["speed_kmh"])


def test_border_whose_only_crossing_is_closed_is_closed(supernetwork: Supernetwork, borderland: Case) -> None:
    assert arcs_of(supernetwork, row="links/road_b_c").empty, "its crossings are planned"
    built = build_with(borderland, **{"crossings__ab-XAA-XAB-road__status": "closed"})
    assert arcs_of(built, row="links/road_ab_b")["from"].tolist() == ["b/road"], "the other direction is open"
