"""Arcs of the supernetwork of a region reckoned by hand: nodes, haul, borders, breaks of gauge, terminals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.freight import Supernetwork, build_supernetwork
from sogdia.freight.journeys import Journey, find_journey
from sogdia.freight.supernetwork.constants import Constants

from .borderland import changed

PLAIN = Constants()
"""No calibration: the tables as they stand."""


def built(case: Case, **cells: Any) -> Supernetwork:
    """The supernetwork after cells, told as ``table__row__field``, were changed."""
    edits = {
        (t, r.replace("-", "/"), f): v for (t, r, f), v in ((k.split("__"), v) for k, v in cells.items())
    }
    return build_supernetwork(changed(case, edits), PLAIN)


@pytest.fixture(scope="module")
def land(borderland: Case) -> Supernetwork:
    return build_supernetwork(borderland, PLAIN)


def arcs(found: Supernetwork, *, row: str = "", kind: str = "", **cells: object) -> pd.DataFrame:
    """Arcs of a kind that name a row first, with these cells."""
    table = found.network.arcs
    if row:
        table = table[table["rows"].str[0] == row]
    if kind:
        table = table[table["kind"] == kind]
    for name, value in cells.items():
        table = table[table[name] == value]
    return table


def one(found: Supernetwork, start: str, end: str) -> dict[Any, Any]:
    """The one arc from a node to another."""
    table = found.network.arcs
    (row,) = table[(table["from"] == start) & (table["to"] == end)].to_dict("records")
    return row


def cheapest(found: Supernetwork, start: str, end: str, *modes: str) -> tuple[float, Journey]:
    """Cost in hours of the cheapest way for ``all`` on these modes of haul, and the way."""
    table, k = found.network.arcs, found.demand.classes.index("all")
    other = (table["kind"] == "haul") & ~table["mode"].isin(modes)
    assert found.demand.extra is not None
    cost = np.where(other, np.inf, found.network.fixed + found.demand.extra[k])
    way = find_journey(found, [start, end], cost, np.zeros(len(found.network.groups)))
    assert way is not None
    return float(cost[list(way.arcs)].sum()), way


def test_nodes_are_places_by_mode_and_rail_by_gauge(land: Supernetwork) -> None:
    places = [name for name in land.network.nodes if ">" not in name]
    assert sorted(places) == [
        "a/rail/1520", "a/road", "ab/rail/1520", "ab/road", "ac/rail/1435", "ac/rail/1520", "ac/road",
        "b/pipeline/crude_oil", "b/rail/1435", "b/rail/1520", "b/road", "c/pipeline/crude_oil",
        "c/rail/1435", "c/road", "d/sea", "p/rail/1435", "p/road", "p/sea",
        "zone a/XAA", "zone ab/XAA", "zone b/XAB", "zone c/XAC", "zone d/XAD",
    ]  # fmt: skip
    passed = dict(zip(land.network.nodes, land.network.through, strict=True))
    assert [name for name, through in passed.items() if not through] == sorted(
        name for name in places if name.startswith("zone")
    )


def test_a_link_within_a_country_is_one_arc_each_way(land: Supernetwork) -> None:
    table = arcs(land, row="links/rail_a_ac")
    assert list(zip(table["from"], table["to"], strict=True)) == [
        ("a/rail/1520", "ac/rail/1520"),
        ("ac/rail/1520", "a/rail/1520"),
    ]
    assert set(table["kind"]) == {"haul"}
    assert set(table["territory"]) == {"XAA"}
    assert set(table["group"]) == {"link rail_a_ac"}, "both directions share the capacity"
    assert set(table["delay"]) == {"power"}
    assert table["capacity"].tolist() == [900000.0, 900000.0]
    assert table["scale"].tolist() == pytest.approx([0.15 * 110 / 40] * 2)


def test_a_border_link_without_a_row_of_crossings_is_passed_as_any_other(land: Supernetwork) -> None:
    table = arcs(land, row="links/sea_p_d")
    assert list(zip(table["from"], table["to"], strict=True)) == [("p/sea", "d/sea"), ("d/sea", "p/sea")]
    assert table["territory"].tolist() == ["XAB", "XAD"], "a border link lies where it starts"
    assert table["time_h"].tolist() == [10.0, 10.0]
    assert set(table["delay"]) == {"none"}


def test_a_crossing_without_a_change_of_gauge_follows_the_haul(land: Supernetwork) -> None:
    haul, across = one(land, "ab/road", "road_ab_b>b#0"), one(land, "road_ab_b>b#0", "b/road")
    assert (haul["time_h"], haul["usd_per_t_container"]) == (2.0, 11.0)
    assert across["rows"] == ("crossings/ab/XAA/XAB/road",)
    assert (across["kind"], across["time_h"], across["usd_per_t_container"]) == ("crossing", 10.0, 5.0)
    assert (across["territory"], across["delay"], across["capacity"]) == ("XAB", "conical", 70000.0)
    back = one(land, "road_ab_b>ab#0", "ab/road")
    assert (back["time_h"], back["usd_per_t_container"], back["delay"]) == (12.0, 6.0, "none")
    assert len(arcs(land, kind="crossing", mode="road")) == 4


def test_a_change_of_gauge_on_the_far_side_joins_one_gauge_to_the_other(land: Supernetwork) -> None:
    table = arcs(land, row="crossings/ab/XAA/XAB/rail")
    assert table["to"].tolist() == ["b/rail/1435"], "no way to the other gauge and none that is free"
    assert arcs(land, row="links/rail_ab_b", to="rail_ab_b>b#0")["from"].tolist() == ["ab/rail/1520"]
    back = arcs(land, row="links/rail_ab_b", to="rail_ab_b>ab#0")
    assert back["from"].tolist() == ["b/rail/1435"]
    # Two hauls of 2.2 h at 0.06 USD/tkm, and the crossing.
    cost, way = cheapest(land, "a", "b", "rail")
    assert cost == pytest.approx(2 * (110 / 50 + 110 * 0.06) + 30 + 8)
    assert (way.crossings, way.changes) == (1, 0)


def test_without_another_gauge_the_crossing_is_paid_on_the_gauge_there_is(borderland: Case) -> None:
    found = built(borderland, links__rail_b_p__gauge_mm=1520)
    table = arcs(found, row="crossings/ab/XAA/XAB/rail")
    assert table["to"].tolist() == ["b/rail/1520"]
    assert table["time_h"].tolist() == [30.0]


HAUL = 2 * (110 / 40 + 110 * 0.04)
"""By rail from a to c, time and money: two links at 40 km/h and the rate of their corridor."""


@pytest.mark.parametrize(
    ("dwell_crossing", "dwell_transfer", "over_the_break"),
    [(40, 18, 18 + 4), (40, 100, 40 + 12), (1000, 900, 900 + 4), (0, 0, 0 + 4), (10, 18.5, 10 + 12)],
)
def test_over_a_break_costs_the_crossing_or_the_transfer_never_both_and_never_neither(
    borderland: Case, dwell_crossing: float, dwell_transfer: float, over_the_break: float
) -> None:
    cells = {
        "crossings__ac-XAA-XAC-rail__dwell_h": float(dwell_crossing),
        "crossings__ac-XAC-XAA-rail__dwell_h": float(dwell_crossing),
        "transfers__ac-rail-rail__dwell_h": float(dwell_transfer),
    }
    found = built(borderland, **cells)
    cost, way = cheapest(found, "a", "c", "rail")
    assert cost == pytest.approx(HAUL + over_the_break)
    assert way.length_km == 220.0
    assert way.crossings == 1
    # Back the border costs 14 USD.
    back, _ = cheapest(found, "c", "a", "rail")
    assert back == pytest.approx(HAUL + min(dwell_crossing + 14, dwell_transfer + 4))


def test_the_free_border_leads_to_the_change_of_gauge_and_nowhere_else(borderland: Case) -> None:
    """A road that starts at the break would else let goods leave the rails without crossing or transfer."""
    frames = {"transfers__c-road-rail__place": "ac", "transfers__a-rail-road__place": "ac"}
    found = built(borderland, **frames)
    assert set(arcs(found, kind="transfer", mode="rail>road")["from"]) == {"ac/rail/1435", "ac/rail/1520"}
    table = found.network.arcs
    free = table[(table["kind"] == "crossing") & (table["mode"] == "rail") & (table["time_h"] == 0.0)]
    for start, end in zip(free["from"], free["to"], strict=True):
        before = table[table["to"] == start]
        after = table[table["from"] == end]
        by_transfer = set(after["kind"]) == {"transfer"} or set(
            table.loc[table["to"].isin(before["from"]), "kind"]
        ) == {"transfer"}
        assert by_transfer, (start, end)
    # c to ac by rail, there to the road and on to a: the border is paid by one of the two.
    k = found.demand.classes.index("all")
    assert found.demand.extra is not None
    cost = found.network.fixed + found.demand.extra[k]
    way = find_journey(found, ["c", "ac", "a"], cost, np.zeros(len(found.network.groups)))
    assert way is not None
    paid = table.iloc[list(way.arcs)]
    assert paid.loc[paid["kind"].isin(["crossing", "transfer"]), "time_h"].sum() >= 18.0


def test_a_transfer_at_either_end_of_the_border_link_is_the_alternative(borderland: Case) -> None:
    """Gauges meet at b, the transfer stands at ab, the other end: 18 h and 4 USD instead of 30 and 8."""
    found = built(borderland, **{"transfers__ac-rail-rail__place": "ab"})
    assert cheapest(found, "a", "c", "rail")[0] == pytest.approx(HAUL + 40 + 12), (
        "no transfer on that way now"
    )
    assert cheapest(found, "a", "b", "rail")[0] == pytest.approx(2 * (110 / 50 + 110 * 0.06) + 18 + 4)


def test_a_transfer_far_from_the_change_of_gauge_is_no_alternative(borderland: Case) -> None:
    found = built(borderland, **{"transfers__ac-rail-rail__place": "a"})
    assert cheapest(found, "a", "b", "rail")[0] == pytest.approx(2 * (110 / 50 + 110 * 0.06) + 30 + 8)


def test_a_change_of_gauge_that_no_row_prices_is_free_and_told(borderland: Case) -> None:
    assert build_supernetwork(borderland, PLAIN).remarks == ()
    found = built(
        borderland,
        **{
            "links__rail_a_ab__gauge_mm": 1435,
            "links__rail_ab_b__gauge_mm": 1435,
            "crossings__ab-XAA-XAB-rail__gauge_change": False,
            "crossings__ab-XAB-XAA-rail__gauge_change": False,
            "transfers__ac-rail-rail__place": "p",
            "crossings__ac-XAA-XAC-rail__place": "c",
            "crossings__ac-XAC-XAA-rail__place": "c",
        },
    )
    (remark,) = found.remarks
    assert remark == "change of gauge at a: no row prices it, so it is free"
    table = arcs(found, row="places/a")
    assert set(zip(table["from"], table["to"], strict=True)) == {
        ("a/rail/1435", "a/rail/1520"),
        ("a/rail/1520", "a/rail/1435"),
    }
    assert table["time_h"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("start", "end", "usd_per_tkm"),
    [
        ("a/rail/1520", "ac/rail/1520", 0.04),  # the link's corridor
        ("a/rail/1520", "ab/rail/1520", 0.06),  # the territory
        ("b/rail/1435", "p/rail/1435", 0.07),  # the territory's group
        ("a/road", "ab/road", 0.1),  # any
    ],
)
def test_the_closest_rate_holds(land: Supernetwork, start: str, end: str, usd_per_tkm: float) -> None:
    arc = one(land, start, end)
    assert arc["usd_per_t_container"] == pytest.approx(usd_per_tkm * 110)
    assert arc["usd_per_t_general"] == pytest.approx(usd_per_tkm * 110), "containers stand in for general"


def test_a_kind_of_cargo_with_a_rate_of_its_own_takes_it_wherever_it_holds(land: Supernetwork) -> None:
    arc = one(land, "a/rail/1520", "ac/rail/1520")
    assert arc["usd_per_t_dry_bulk"] == pytest.approx(0.02 * 110)
    assert arc["usd_per_t_liquid_bulk"] == pytest.approx(0.02 * 110), "dry bulk stands in for liquid"
    assert one(land, "a/road", "ab/road")["usd_per_t_liquid_bulk"] == pytest.approx(0.1 * 110)
    assert (arc["g_co2_per_t_container"], arc["g_co2_per_t_dry_bulk"]) == (20 * 110, 18 * 110)
    home = one(land, "b/rail/1435", "p/rail/1435")
    assert home["g_co2_per_t_container"] == 20 * 110, "a row without CO2 leaves it to the next scope"


def test_time_is_length_over_speed(land: Supernetwork, borderland: Case) -> None:
    links = borderland.table("links")
    table = arcs(land, kind="haul")
    for rows, time_h, length in zip(table["rows"], table["time_h"], table["length_km"], strict=True):
        link = links.loc[rows[0].removeprefix("links/")]
        assert length == link["length_km"]
        assert time_h == pytest.approx(link["length_km"] / link["speed_kmh"])


def test_a_zone_reaches_the_road_free_and_other_modes_by_loading(land: Supernetwork) -> None:
    def access(start: str, end: str) -> tuple[float, float]:
        there, back = one(land, start, end), one(land, end, start)
        assert (there["time_h"], there["usd_per_t_general"]) == (back["time_h"], back["usd_per_t_general"])
        return float(there["time_h"]), float(there["usd_per_t_general"])

    assert access("zone a/XAA", "a/road") == (0.0, 0.0)
    assert access("zone a/XAA", "a/rail/1520") == (8.0, 3.0), "the place's own transfer"
    assert access("zone b/XAB", "b/rail/1435") == (12.0, 4.0), "the median of those that operate"
    assert access("zone d/XAD", "d/sea") == (48.0, 6.0)


def test_a_terminal_that_does_not_operate_gives_no_access(borderland: Case) -> None:
    found = built(borderland, **{"transfers__c-road-rail__status": "closed"})
    table = arcs(found, kind="access", mode="rail")
    assert not table["from"].str.startswith("zone c/").any()
    assert one(found, "zone b/XAB", "b/rail/1435")["time_h"] == 8.0, "the median is of the one that is left"


def test_rows_of_one_port_share_a_capacity_and_delay_each_other(land: Supernetwork) -> None:
    sea = arcs(land, row="transfers/p/road/sea"), arcs(land, row="transfers/p/sea/road")
    rail = arcs(land, row="transfers/p/rail/sea")
    groups = [table["group"].item() for table in (*sea, rail)]
    assert groups[0] == groups[1] != groups[2]
    assert [table["capacity"].item() for table in (*sea, rail)] == [400000.0, 400000.0, 300000.0]
    assert [table["scale"].item() for table in sea] == [50.0, 50.0], "the middle of their dwells, in common"
    assert [table["fixed"].item() for table in sea] == [48.0, 52.0], "each its own dwell besides"


def test_pipelines_go_one_way_and_carry_their_own_goods(land: Supernetwork) -> None:
    (pipe,) = land.network.arcs[land.network.arcs["kind"] == "pipeline"].to_dict("records")
    assert (pipe["from"], pipe["to"]) == ("c/pipeline/crude_oil", "b/pipeline/crude_oil")
    assert (pipe["capacity"], pipe["commodity"], pipe["length_km"]) == (3e6, "crude_oil", 400.0)
    assert pipe["usd_per_t_liquid_bulk"] == pytest.approx(0.005 * 400)
    assert land.demand.extra is not None
    own = (land.network.arcs["commodity"] == "crude_oil").to_numpy()
    for name, costs in zip(land.demand.classes, land.demand.extra, strict=True):
        assert np.isinf(costs[own]).all() == (name != "crude_oil")
        assert np.isfinite(costs[~own]).all()
    ends = land.network.arcs[(land.network.arcs["kind"] == "access") & own]
    assert {name.split("/")[0] for name in ends.loc[ends["to"].str.contains("pipeline"), "from"]} == {
        "c",
        "zone c",
    }


@pytest.mark.parametrize("status", ["planned", "closed", "construction"])
def test_what_does_not_operate_makes_no_arcs(borderland: Case, status: str) -> None:
    rows = {
        "links": "rail_a_ac",
        "crossings": "ab/XAA/XAB/road",
        "transfers": "p/road/sea",
        "pipelines": "oil_c_b",
    }
    for table, row in rows.items():
        found = build_supernetwork(changed(borderland, {(table, row, "status"): status}), PLAIN)
        kinds = ["haul", "crossing", "transfer", "pipeline"]
        left = found.network.arcs[found.network.arcs["kind"].isin(kinds)]
        assert not left["rows"].map(lambda rows, key=f"{table}/{row}": key in rows).any()


def test_a_border_whose_only_row_does_not_operate_is_shut_not_free(
    land: Supernetwork, borderland: Case
) -> None:
    assert arcs(land, row="links/road_b_c").empty, "its crossings are planned"
    found = built(borderland, **{"crossings__ab-XAA-XAB-road__status": "closed"})
    assert arcs(found, row="links/road_ab_b")["from"].tolist() == ["b/road"], "the other direction is open"


def unresolved(found: Supernetwork, case: Case) -> set[str]:
    """Rows named by arcs that the case does not have."""
    named = {row for cell in found.network.arcs["rows"] for row in cell}
    assert "" not in named
    known = {table: set(map(str, case.table(table).index)) for table in {row.split("/")[0] for row in named}}
    return {row for row in named if row.partition("/")[2] not in known[row.split("/")[0]]}


def test_every_arc_traces_to_rows_of_the_region(
    land: Supernetwork, borderland: Case, shipped: Region
) -> None:
    assert unresolved(land, borderland) == set()
    case = build_case(shipped, load_plan("announced_2025", shipped), load_scenario("reference", shipped))
    assert unresolved(build_supernetwork(case), case) == set()


@pytest.mark.parametrize("name", ["reference", "caspian_closed", "withdrawal_russia"])
def test_the_shipped_region_makes_a_sound_network(shipped: Region, name: str) -> None:
    case = build_case(shipped, load_plan("as_is", shipped), load_scenario(name, shipped))
    table = build_supernetwork(case).network.arcs
    assert not (table["from"] == table["to"]).any()
    numbers = table.select_dtypes("number").drop(columns="capacity")
    assert np.isfinite(numbers.to_numpy()).all()
    assert (numbers.to_numpy() >= 0.0).all()
    assert (table["territory"] != "").all()
