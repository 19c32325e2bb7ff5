"""Shocks on the network: exactly the rows that each applies to, listed by hand."""

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


ROAD_DOUBLED = {"road/any/container/2023": ("usd_per_tkm", 0.2)}


RAIL_DOUBLED = {"rail/any/container/2023": ("usd_per_tkm", 0.1)}


NORTH_DOUBLED = {"rail/north/container/2023": ("usd_per_tkm", 0.08)}


SEA_DOUBLED = {"sea/any/container/2023": ("usd_per_teu_km", 0.4)}


def after(toy: Region, *shocks: dict[str, Any], **keys: Any) -> dict[tuple[str, str, str], Any]:
    return edits(toy, build_case(toy, plan(), scenario(*shocks, **keys)))


def closed(
    links: Iterable[str] = (), crossings: Iterable[str] = (), transfers: Iterable[str] = ()
) -> dict[tuple[str, str, str], Any]:
    chosen = {"links": links, "crossings": crossings, "transfers": transfers}
    return {(table, row, "status"): "closed" for table, rows in chosen.items() for row in rows}


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
def test_closure_closes_exactly_the_selected_rows(
    toy: Region, choice: dict[str, Any], expected: dict[tuple[str, str, str], str]
) -> None:
    assert after(toy, {"kind": "closure", **choice}) == expected


def test_closing_a_closed_row_is_accepted(toy: Region) -> None:
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
def test_closure_to_some_users_adds_restrictions(
    toy: Region, choice: dict[str, Any], keys: list[str]
) -> None:
    case = build_case(toy, plan(), scenario({"kind": "closure", **choice}))
    assert edits(toy, case) == {("restrictions", key, ""): "added" for key in keys}
    rows = case.table("restrictions").loc[keys]
    assert set(rows["from_year"]) == set(rows["to_year"]) == {2031}
    assert set(rows["users"]) == set(choice["users"])
    assert set(rows["mode"]) == set(choice.get("modes", ["any"]))
    assert set(rows["note"]) == {"a test"}


def test_repeated_closure_to_some_users_gets_new_keys(toy: Region) -> None:
    shock = {"kind": "closure", "territories": ["XAD", "XAD"], "users": ["home"]}
    changed = after(toy, shock, shock)
    assert set(changed) == {("restrictions", f"territory_xad_any_home_{i}", "") for i in (0, 1)}


def test_closure_to_any_and_some_users_closes_to_all(toy: Region) -> None:
    shock = {"kind": "closure", "links": ["sea_p_d"], "users": ["XAA", "any"]}
    assert after(toy, shock) == closed({"sea_p_d"})


def test_capacity_factor_multiplies_known_capacities(toy: Region) -> None:
    assert after(toy, {"kind": "capacity", "territories": ["XAB"], "factor": 0.5}) == {
        ("links", "rail_a_b", "capacity_t"): 4000,
        ("crossings", "ab/XAA/XAB/road", "capacity_t"): 350,
        ("transfers", "p/road/sea", "capacity_t"): 1000,
        ("transfers", "p/road/sea", "capacity_teu"): 100,
        ("transfers", "p/sea/road", "capacity_t"): 1000,
        ("transfers", "p/sea/road", "capacity_teu"): 100,
    }


def test_delay_changes_dwell_times_charges_and_speeds(toy: Region) -> None:
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


def test_negative_added_dwell_time_stops_at_zero(toy: Region) -> None:
    changed = after(toy, {"kind": "delay", "places": ["ab"], "dwell_add_h": -11})
    assert changed == {
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
def test_rate_factor_multiplies_active_rates(
    toy: Region, choice: dict[str, Any], expected: dict[str, tuple[str, float]]
) -> None:
    changed = after(toy, {"kind": "rates", "factor": 2, **choice})
    assert changed == {("rates", row, field): value for row, (field, value) in expected.items()}


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
def test_shock_that_applies_to_no_row_is_rejected(toy: Region, shock: dict[str, Any]) -> None:
    rail = {"kind": "closure", "links": ["rail_a_b"]}
    with pytest.raises(InputError, match=rf"shock 2 {shock['kind']}: it applies to no row"):
        build_case(toy, plan(), scenario(rail, shock))


@pytest.mark.parametrize(
    ("year", "closes"),
    [(2023, True), (2029, True), (2030, False), (2031, False)],
)
def test_restriction_closes_rows_in_its_years_only(toy: Region, year: int, closes: bool) -> None:
    changed = after(toy, year=year)
    rail = closed({"rail_a_ac", "rail_ac_c"}, RAIL_AT_AC)
    late = {("links", "road_b_p2", "status"): "planned"} if year < 2028 else {}
    assert changed == {**(rail if closes else {}), **late}


def test_restriction_on_some_users_closes_no_row(toy: Region) -> None:
    case = build_case(toy, plan(), scenario())
    assert case.table("restrictions").loc["no_transit", "users"] == "XAB"
    assert not case.changes


def closure(**keys: object) -> dict[str, object]:
    return {"kind": "closure", "reason": "a test", **keys}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (
            {"territories": ["XAC"]},
            {("pipelines", "gas_c_a"), ("pipelines", "oil_c_b"), ("interconnectors", "wire_a_c")},
        ),
        ({"territories": ["XAD"]}, {("interconnectors", "cable_b_d")}),
        (
            {"borders": ["XAB/XAA"]},
            {("pipelines", "oil_c_b"), ("pipelines", "gas_a_b"), ("interconnectors", "wire_a_b")},
        ),
        ({"places": ["a"]}, {("pipelines", "gas_c_a"), ("pipelines", "gas_a_b")}),
        (
            {"place_kinds": ["city"]},
            {("pipelines", "gas_c_a"), ("pipelines", "oil_c_b"), ("pipelines", "gas_a_b")},
        ),
        (
            {"territories": ["XAC"], "places": ["b"]},
            {("pipelines", "oil_c_b"), ("interconnectors", "wire_a_c")},
        ),
    ],
)
def test_closure_applies_to_the_systems_named(
    toy: Region, choice: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    shock = closure(systems=["pipelines", "power"], **choice)
    changed = edits(toy, build_case(toy, plan(), scenario(shock)))
    assert changed == {(table, row, "status"): "closed" for table, row in expected}


def test_closure_without_systems_applies_to_transport(toy: Region) -> None:
    changed = edits(toy, build_case(toy, plan(), scenario(closure(territories=["XAC"]))))
    assert {table for table, _, _ in changed} <= {"links", "crossings", "transfers"}


def test_closure_of_power_to_some_users_is_rejected() -> None:
    with pytest.raises(ValueError, match="a closure to some users applies to transport only"):
        scenario(closure(territories=["XAC"], systems=["power"], users=["home"]))
