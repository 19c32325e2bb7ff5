"""Edits by projects on the small region: which rows a project opens, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sogdia import Region, build_case, load_region

from .toy import edits, plan, scenario, write_toy

OPENED_RAIL = {
    ("links", "rail_a_b", "status"): "operating",
    ("links", "rail_a_b", "opening_year"): 2029,
    ("crossings", "b/XAA/XAB/rail", "status"): "operating",
    ("crossings", "b/XAB/XAA/rail", "status"): "operating",
}


def after(
    toy: Region, *projects: str | dict[str, Any], year: int = 2031, **keys: Any
) -> dict[tuple[str, str, str], Any]:
    """Return the cells that a plan changes, less those that the year changes without it."""
    base = edits(toy, build_case(toy, plan(), scenario(year=year)))
    changed = edits(toy, build_case(toy, plan(*projects, **keys), scenario(year=year)))
    return {key: value for key, value in changed.items() if key not in base or base[key] != value}


def test_project_opens_in_its_completion_year(toy: Region) -> None:
    assert after(toy, "pj_rail", year=2028) == {}
    assert after(toy, "pj_rail", year=2029) == OPENED_RAIL
    assert after(toy, "pj_rail", year=2031) == OPENED_RAIL


def test_year_of_the_plan_replaces_the_completion_year(toy: Region) -> None:
    late = {"project": "pj_rail", "opening_year": 2035}
    assert after(toy, late, year=2034) == {}
    assert after(toy, late, year=2035) == OPENED_RAIL | {("links", "rail_a_b", "opening_year"): 2035}


def test_rows_with_opening_years_open_one_after_another(toy: Region) -> None:
    first = {("plants", "sun_one", "status"): "operating", ("plants", "sun_one", "opening_year"): 2028}
    second = {("plants", "sun_two", "status"): "operating"}
    assert after(toy, "pj_sun", year=2027) == {}
    assert after(toy, "pj_sun", year=2032) == first
    assert after(toy, "pj_sun", year=2033) == first | second


def test_year_of_the_plan_applies_to_all_rows(toy: Region) -> None:
    changed = after(toy, {"project": "pj_sun", "opening_year": 2026}, year=2026)
    assert changed == {
        ("plants", "sun_one", "status"): "operating",
        ("plants", "sun_one", "opening_year"): 2026,
        ("plants", "sun_two", "status"): "operating",
        ("plants", "sun_two", "opening_year"): 2026,
    }


def test_project_that_improves_rows_edits_their_fields(toy: Region) -> None:
    assert after(toy, "pj_road", year=2025) == {}
    assert after(toy, "pj_road", year=2026) == {
        ("links", "road_a_ab", "speed_kmh"): 80,
        ("links", "road_a_ab", "capacity_t"): 5000 * 1.5,
        ("crossings", "ab/XAA/XAB/road", "dwell_h"): 4,
    }


def test_operating_project_makes_no_edit(toy: Region) -> None:
    assert after(toy, "pj_wind") == {}


def test_excluded_operating_project_sets_its_rows_to_planned(toy: Region) -> None:
    assert after(toy, without=["pj_wind"]) == {("plants", "wind_b", "status"): "planned"}


def test_excluded_improvement_keeps_its_rows_in_use(toy: Region) -> None:
    assert after(toy, without=["pj_road"]) == {}


def test_project_edits_are_logged_with_reason_and_source(toy: Region) -> None:
    changes = build_case(toy, plan("pj_rail", name="mine"), scenario()).changes
    assert {change.cause for change in changes} == {"project pj_rail"}
    assert {change.reason for change in changes} == {"plan 'mine' builds it, open from 2029"}
    assert {change.source for change in changes} == {"example"}


@pytest.mark.parametrize(("year", "status"), [(2027, "planned"), (2028, "operating"), (2031, "operating")])
def test_row_is_planned_before_its_opening_year(toy: Region, year: int, status: str) -> None:
    case = build_case(toy, plan(), scenario(year=year))
    assert case.table("links").loc["road_b_p2", "status"] == status


def test_variants_replace_figures_of_the_pack(toy: Region) -> None:
    case = build_case(toy, plan(), scenario(variants=["cheap_rail", "trade_as_north_counts"]))
    assert case.table("rates").loc["rail/any/container/2023", "usd_per_tkm"] == 0.03
    assert case.table("trade").loc["XAB/XAC/all/2023", "value_musd"] == 25
    assert case.table("trade").loc["XAC/XAB/all/2023", "tonnes"] == 100000
    assert [change.cause for change in case.changes] == [
        "variant cheap_rail",
        "variant trade_as_north_counts",
        "variant trade_as_north_counts",
    ]
    assert case.changes[0].reason == "Low rail rate"


def test_plant_is_closed_from_its_closing_year_on(tmp_path: Path) -> None:
    def closing(_table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{**row, "closing_year": "2031"} if row.get("id") == "coal_b" else row for row in rows]

    region = load_region(write_toy(tmp_path / "toy", closing))
    closed = ("plants", "coal_b", "status")
    assert closed not in edits(region, build_case(region, plan(), scenario(year=2030)))
    assert edits(region, build_case(region, plan(), scenario(year=2031)))[closed] == "closed"
