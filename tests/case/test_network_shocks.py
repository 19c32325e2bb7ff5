"""Shocks on the network: exactly the rows each should touch, listed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from sogdia import Region, build_case
from sogdia.errors import InputError

from .toy import edits, plan, scenario

RAIL_LINKS = {"rail_a_ac", "rail_ac_c", "rail_a_b"}
RAIL_AT_AC = {"ac/XAA/XAC/rail", "ac/XAC/XAA/rail"}
AT_AC = {"ac/XAA/XAC/road", "ac/XAC/XAA/road", *RAIL_AT_AC}
AT_AB = {"ab/XAA/XAB/road", "ab/XAB/XAA/road"}
AT_B = {"b/XAA/XAB/rail", "b/XAB/XAA/rail"}
ROAD_AND_RAIL = {"a/rail/road", "a/road/rail"}
HARBOUR = {"p/road/sea", "p/sea/road"}
ROAD_DOUBLED = {"road/any/container/2023": (0.2, 4)}
RAIL_DOUBLED = {"rail/any/container/2023": (0.1, 2)}
NORTH_DOUBLED = {"rail/north/container/2023": (0.08, 1.6)}
SEA_DOUBLED = {"sea/any/container/2023": (0.02, 0.4)}


def after(toy: Region, *shocks: dict[str, Any], **keys: Any) -> dict[tuple[str, str, str], Any]:
    return edits(toy, build_case(toy, plan(), scenario(*shocks, **keys)))


def closed(
    links: Iterable[str] = (), crossings: Iterable[str] = (), transfers: Iterable[str] = ()
) -> dict[tuple[str, str, str], Any]:
    chosen = {"links": links, "crossings": crossings, "transfers": transfers}
    return {(table, row, "status"): "closed" for table, rows in chosen.items() for row in rows}


def test_without_shocks_nothing_changes(toy: Region) -> None:
    case = build_case(toy, plan(), scenario())
    assert case.changes == ()
    assert edits(toy, case) == {}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"modes": ["rail"]}, closed(RAIL_LINKS, RAIL_AT_AC | AT_B, ROAD_AND_RAIL)),
        ({"places": ["ac"]}, closed({"road_a_ac", "road_ac_c", "rail_a_ac", "rail_ac_c"}, AT_AC)),
        ({"places": ["p"]}, closed({"road_b_p", "road_b_p2", "sea_p_d"}, transfers=HARBOUR)),
        (
            {"places": ["p", "ab"]},
            closed({"road_b_p", "road_b_p2", "sea_p_d", "road_a_ab", "road_ab_b"}, AT_AB, HARBOUR),
        ),
        ({"place_kinds": ["seaport"]}, closed({"sea_p_d"}, transfers=HARBOUR)),
        (
            {"place_kinds": ["city", "border"]},
            closed(
                {"road_a_ab", "road_ab_b", "road_a_ac", "road_ac_c", *RAIL_LINKS},
                AT_AB | AT_AC | AT_B,
                ROAD_AND_RAIL,
            ),
        ),
        ({"links": ["sea_p_d", "road_a_ab"]}, closed({"sea_p_d", "road_a_ab"})),
        ({"corridors": ["north"]}, closed({"rail_a_ac", "rail_ac_c"})),
        ({"corridors": ["north"], "places": ["c"]}, closed({"rail_ac_c"})),
        ({"territories": ["XAC"]}, closed({"road_ac_c", "rail_ac_c"}, AT_AC)),
        ({"territories": ["XAC"], "modes": ["road"]}, closed({"road_ac_c"}, AT_AC - RAIL_AT_AC)),
        ({"territories": ["XAD", "XAB"], "modes": ["sea"]}, closed({"sea_p_d"}, transfers=HARBOUR)),
        ({"borders": ["XAC/XAA"]}, closed({"road_ac_c", "rail_ac_c"}, AT_AC)),
        ({"borders": ["XAB/XAA"], "modes": ["rail"]}, closed({"rail_a_b"}, AT_B)),
    ],
)  # fmt: skip
def test_closure_closes_what_it_names_and_no_more(
    toy: Region, choice: dict[str, Any], expected: dict[tuple[str, str, str], str]
) -> None:
    assert after(toy, {"kind": "closure", **choice}) == expected


def test_closing_what_is_closed_is_no_mistake(toy: Region) -> None:
    first = {"kind": "closure", "territories": ["XAC"]}
    assert after(toy, first, {"kind": "closure", "links": ["rail_ac_c"]}) == after(toy, first)


@pytest.mark.parametrize(
    ("choice", "keys"),
    [
        ({"territories": ["XAD"], "users": ["home"]}, ["territory_xad_any_home_0"]),
        (
            {"borders": ["XAA/XAC"], "users": ["XAB", "XAD"]},
            ["border_xaa_xac_any_xab_0", "border_xaa_xac_any_xad_0"],
        ),
        ({"links": ["sea_p_d"], "users": ["XAA"]}, ["link_sea_p_d_any_xaa_0"]),
        (
            {"places": ["p"], "modes": ["road", "sea"], "users": ["XAA"]},
            ["place_p_road_xaa_0", "place_p_sea_xaa_0"],
        ),
    ],
)  # fmt: skip
def test_closure_to_some_becomes_a_restriction(toy: Region, choice: dict[str, Any], keys: list[str]) -> None:
    case = build_case(toy, plan(), scenario({"kind": "closure", **choice}))
    assert edits(toy, case) == {("restrictions", key, ""): "added" for key in keys}
    rows = case.table("restrictions").loc[keys]
    assert set(rows["from_year"]) == set(rows["to_year"]) == {2031}
    assert set(rows["users"]) == set(choice["users"])
    assert set(rows["mode"]) == set(choice.get("modes", ["any"]))
    assert set(rows["note"]) == {"a test"}


def test_the_same_closure_to_some_twice_keeps_keys_apart(toy: Region) -> None:
    shock = {"kind": "closure", "territories": ["XAD", "XAD"], "users": ["home"]}
    found = after(toy, shock, shock)
    assert set(found) == {("restrictions", f"territory_xad_any_home_{i}", "") for i in (0, 1)}


def test_closure_to_any_and_some_is_a_closure_to_any(toy: Region) -> None:
    shock = {"kind": "closure", "links": ["sea_p_d"], "users": ["XAA", "any"]}
    assert after(toy, shock) == closed({"sea_p_d"})


def test_capacity_cut_multiplies_what_is_known(toy: Region) -> None:
    assert after(toy, {"kind": "capacity", "territories": ["XAB"], "factor": 0.5}) == {
        ("links", "rail_a_b", "capacity_t"): 4000,
        ("crossings", "ab/XAA/XAB/road", "capacity_t"): 350,
        ("transfers", "p/road/sea", "capacity_t"): 1000,
        ("transfers", "p/road/sea", "capacity_teu"): 100,
        ("transfers", "p/sea/road", "capacity_t"): 1000,
        ("transfers", "p/sea/road", "capacity_teu"): 100,
    }


def test_delay_changes_dwell_charges_and_speeds(toy: Region) -> None:
    shock = {
        "kind": "delay",
        "places": ["ab"],
        "dwell_factor": 2,
        "dwell_add_h": 5,
        "cost_factor": 3,
        "speed_factor": 0.5,
    }
    assert after(toy, shock) == {
        ("crossings", "ab/XAA/XAB/road", "dwell_h"): 10 * 2 + 5,
        ("crossings", "ab/XAB/XAA/road", "dwell_h"): 12 * 2 + 5,
        ("crossings", "ab/XAA/XAB/road", "cost_usd_per_teu"): 300,
        ("crossings", "ab/XAB/XAA/road", "cost_usd_per_teu"): 300,
        ("crossings", "ab/XAA/XAB/road", "cost_usd_per_t"): 15,
        ("crossings", "ab/XAB/XAA/road", "cost_usd_per_t"): 15,
        ("links", "road_a_ab", "speed_kmh"): 30,
        ("links", "road_ab_b", "speed_kmh"): 30,
    }


def test_dwell_does_not_go_below_zero(toy: Region) -> None:
    found = after(toy, {"kind": "delay", "places": ["ab"], "dwell_add_h": -11})
    assert found == {
        ("crossings", "ab/XAA/XAB/road", "dwell_h"): 0,
        ("crossings", "ab/XAB/XAA/road", "dwell_h"): 1,
    }


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"modes": ["sea"]}, SEA_DOUBLED),
        ({"scopes": ["north"]}, NORTH_DOUBLED),
        ({"modes": ["rail"], "cargos": ["container"]}, RAIL_DOUBLED | NORTH_DOUBLED),
        ({}, ROAD_DOUBLED | RAIL_DOUBLED | NORTH_DOUBLED | SEA_DOUBLED),
    ],
)  # fmt: skip
def test_rates_in_use_are_multiplied(
    toy: Region, choice: dict[str, Any], expected: dict[str, tuple[float, float]]
) -> None:
    found = after(toy, {"kind": "rates", "factor": 2, **choice})
    assert found == {
        ("rates", row, field): value
        for row, pair in expected.items()
        for field, value in zip(("usd_per_tkm", "usd_per_teu_km"), pair, strict=True)
    }


@pytest.mark.parametrize(
    "shock",
    [
        {"kind": "closure", "modes": ["ferry"]},
        {"kind": "closure", "borders": ["XAA/XAD"]},
        {"kind": "closure", "links": ["sea_p_d"], "modes": ["rail"]},
        {"kind": "capacity", "links": ["road_ab_b"], "factor": 0.5},
        {"kind": "delay", "corridors": ["north"], "dwell_factor": 2},
        {"kind": "rates", "modes": ["ferry"], "factor": 2},
        {"kind": "rates", "modes": ["sea"], "scopes": ["north"], "factor": 2},
    ],
)
def test_shock_that_touches_nothing_is_refused(toy: Region, shock: dict[str, Any]) -> None:
    rail = {"kind": "closure", "links": ["rail_a_b"]}
    with pytest.raises(InputError, match=rf"shock 2 {shock['kind']}: it touches no row"):
        build_case(toy, plan(), scenario(rail, shock))


def test_each_edit_is_logged_with_reason_and_source(toy: Region) -> None:
    shock = {"kind": "closure", "links": ["sea_p_d"], "reason": "A storm", "source": "example"}
    (change,) = build_case(toy, plan(), scenario(shock)).changes
    assert change.cause == "shock 1 closure"
    assert (change.table, change.field, change.action, change.value) == ("links", "status", "set", "closed")
    assert change.rows == ("sea_p_d",)
    assert (change.reason, change.source) == ("A storm", "example")


def test_trace_tells_the_row_its_place_and_its_edits(toy: Region) -> None:
    case = build_case(toy, plan(), scenario({"kind": "closure", "links": ["sea_p_d"]}))
    traced = case.trace("links", "sea_p_d")
    assert (traced["file"], traced["line"], traced["status"]) == ("links.csv", 11, "operating")
    assert [change.value for change in traced["changes"]] == ["closed"]
    assert traced["sources"]["example"]["publisher"] == "Sogdia"


def test_trace_tells_a_row_that_the_case_added(toy: Region) -> None:
    shock = {"kind": "closure", "territories": ["XAD"], "users": ["home"]}
    traced = build_case(toy, plan(), scenario(shock)).trace("restrictions", "territory_xad_any_home_0")
    assert (traced["subject"], traced["basis"]) == ("XAD", "derived")
    assert len(traced["changes"]) == 1


@pytest.mark.parametrize(
    ("year", "shut"),
    [(2023, True), (2029, True), (2030, False), (2031, False)],
)
def test_standing_restrictions_hold_in_their_years(toy: Region, year: int, shut: bool) -> None:
    found = after(toy, year=year)
    rail = closed({"rail_a_ac", "rail_ac_c"}, RAIL_AT_AC)
    late = {("links", "road_b_p2", "status"): "planned"} if year < 2028 else {}
    assert found == {**(rail if shut else {}), **late}


def test_standing_restriction_on_some_users_stays_a_row(toy: Region) -> None:
    case = build_case(toy, plan(), scenario())
    assert case.table("restrictions").loc["no_transit", "users"] == "XAB"
    assert not case.changes


@pytest.mark.parametrize(("year", "status"), [(2027, "planned"), (2028, "operating"), (2031, "operating")])
def test_rows_that_open_later_are_not_there_yet(toy: Region, year: int, status: str) -> None:
    case = build_case(toy, plan(), scenario(year=year))
    assert case.table("links").loc["road_b_p2", "status"] == status
