"""Plans on the small region: what a project opens, when, and who pays."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from sogdia import Plan, Region, build_case
from sogdia.case import Finance
from sogdia.errors import FaultsError

from .toy import edits, plan, scenario

OPENED_RAIL = {
    ("links", "rail_a_b", "status"): "operating",
    ("links", "rail_a_b", "opening_year"): 2029,
    ("crossings", "b/XAA/XAB/rail", "status"): "operating",
    ("crossings", "b/XAB/XAA/rail", "status"): "operating",
}


def after(
    toy: Region, *projects: str | dict[str, Any], year: int = 2031, **keys: Any
) -> dict[tuple[str, str, str], Any]:
    """What a plan changes, beside what the year changes anyway."""
    base = edits(toy, build_case(toy, plan(), scenario(year=year)))
    found = edits(toy, build_case(toy, plan(*projects, **keys), scenario(year=year)))
    return {key: value for key, value in found.items() if key not in base or base[key] != value}


def test_a_project_opens_in_its_own_year(toy: Region) -> None:
    assert after(toy, "pj_rail", year=2028) == {}
    assert after(toy, "pj_rail", year=2029) == OPENED_RAIL
    assert after(toy, "pj_rail", year=2031) == OPENED_RAIL


def test_the_plan_may_say_another_year(toy: Region) -> None:
    late = {"project": "pj_rail", "opening_year": 2035}
    assert after(toy, late, year=2034) == {}
    assert after(toy, late, year=2035) == OPENED_RAIL | {("links", "rail_a_b", "opening_year"): 2035}


def test_rows_keep_their_own_opening_years(toy: Region) -> None:
    first = {("plants", "sun_one", "status"): "operating", ("plants", "sun_one", "opening_year"): 2028}
    second = {("plants", "sun_two", "status"): "operating"}
    assert after(toy, "pj_sun", year=2027) == {}
    assert after(toy, "pj_sun", year=2032) == first
    assert after(toy, "pj_sun", year=2033) == first | second


def test_the_plans_year_holds_for_all_rows(toy: Region) -> None:
    found = after(toy, {"project": "pj_sun", "opening_year": 2026}, year=2026)
    assert found == {
        ("plants", "sun_one", "status"): "operating",
        ("plants", "sun_one", "opening_year"): 2026,
        ("plants", "sun_two", "status"): "operating",
        ("plants", "sun_two", "opening_year"): 2026,
    }


def test_a_project_may_improve_rows(toy: Region) -> None:
    assert after(toy, "pj_road", year=2025) == {}
    assert after(toy, "pj_road", year=2026) == {
        ("links", "road_a_ab", "speed_kmh"): 80,
        ("links", "road_a_ab", "capacity_t"): 5000 * 1.5,
        ("crossings", "ab/XAA/XAB/road", "dwell_h"): 4,
    }


def test_an_operating_project_changes_nothing_that_is_so_already(toy: Region) -> None:
    assert after(toy, "pj_wind") == {}


def test_without_takes_an_operating_project_away(toy: Region) -> None:
    assert after(toy, without=["pj_wind"]) == {("plants", "wind_b", "status"): "planned"}


def test_without_leaves_rows_in_use_that_a_project_only_improves(toy: Region) -> None:
    assert after(toy, without=["pj_road"]) == {}


def test_edits_of_projects_are_logged_with_their_source(toy: Region) -> None:
    changes = build_case(toy, plan("pj_rail", name="mine"), scenario()).changes
    assert {change.cause for change in changes} == {"project pj_rail"}
    assert {change.reason for change in changes} == {"plan 'mine' builds it, open from 2029"}
    assert {change.source for change in changes} == {"example"}


def payers(toy: Region, *projects: str | dict[str, Any]) -> list[tuple[Any, ...]]:
    finance = build_case(toy, plan(*projects), scenario()).finance
    columns = ["project", "partner", "lender_class", "amount_musd", "opening_year", "basis", "row"]
    return [tuple(row) for row in finance[columns].itertuples(index=False)]


def test_finance_comes_from_counted_deals(toy: Region) -> None:
    # Of the railway's four deals one is part of another and one is cancelled.
    assert payers(toy, "pj_rail") == [
        ("pj_rail", "XAC", "", 600, 2029, "deals", "rail_c"),
        ("pj_rail", "XBK", "", 300, 2029, "deals", "rail_bank"),
    ]


def test_finance_of_the_plan_stands_in_the_place_of_deals(toy: Region) -> None:
    parts = [
        {"partner": "XBK", "lender_class": "bank_soft", "share_pct": 70},
        {"partner": "XAD", "share_pct": 30},
    ]
    assert payers(toy, {"project": "pj_rail", "finance": parts}) == [
        ("pj_rail", "XBK", "bank_soft", 700, 2029, "plan", "pj_rail"),
        ("pj_rail", "XAD", "", 300, 2029, "plan", "pj_rail"),
    ]


def test_finance_of_a_project_without_a_cost_has_no_amount(toy: Region) -> None:
    (row,) = payers(toy, {"project": "pj_cable", "opening_year": 2030, "finance": [{"partner": "XAD"}]})
    assert math.isnan(row[3])


def test_nobody_pays_for_a_project_without_deals(toy: Region) -> None:
    assert payers(toy, "pj_sun") == []
    assert payers(toy) == []


def test_defaults() -> None:
    made = plan("pj_a")
    assert (made.extends, made.without, made.description, made.name) == ((), (), "", "")
    assert made.projects[0].opening_year is None
    assert made.projects[0].finance == ()
    assert Finance(partner="XAC").share_pct == 100


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"projects": [{"project": "a", "finance": [{"partner": "X", "share_pct": 60}] * 2}]}, "to 120 %"),
        ({"projects": [{"project": "a"}, {"project": "a"}]}, "projects stand twice: a"),
        ({"projects": [{"project": "a"}], "without": ["a"]}, "both built and taken away: a"),
        ({"projects": [{"project": "a", "finance": [{"partner": "X", "share_pct": 0}]}]}, "greater than 0"),
        ({"projects": [{"project": "a", "opening_year": 1800}]}, "greater than or equal to 1950"),
        ({"projects": [{"project": "a", "opening_year": 2030.5}]}, "valid integer"),
        ({"projects": [{"project": "a", "opens": 2030}]}, "Extra inputs"),
        ({"projects": ["a"]}, "valid dictionary"),
        ({"colour": "green"}, "Extra inputs"),
        ({"projects": [{"project": "a", "finance": [{"partner": "X", "share_pct": math.nan}]}]}, "finite"),
    ],
)  # fmt: skip
def test_what_a_plan_cannot_be(keys: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Plan.model_validate({"title": "A plan", **keys})


def test_shares_may_sum_to_the_whole() -> None:
    thirds = [{"partner": "X", "share_pct": 33.335}] * 3
    Plan.model_validate({"title": "A plan", "projects": [{"project": "a", "finance": thirds}]})


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (plan("pj_rial"), "plan project: no project is called 'pj_rial'; did you mean pj_rail"),
        (plan(without=["pj_wnd"]), "plan without: no project is called 'pj_wnd'; did you mean pj_wind"),
        (plan({"project": "pj_sun", "finance": [{"partner": "XBB"}]}), "no party is called 'XBB'"),
        (
            plan({"project": "pj_sun", "finance": [{"partner": "XBK", "lender_class": "bank_sofd"}]}),
            "no lender class is called 'bank_sofd'; did you mean bank_soft",
        ),
        (plan("pj_cable"), "pj_cable has no completion year of its own; give its opening_year"),
        (
            plan({"project": "pj_cable", "opening_year": 2030}, "pj_cable_big"),
            "pj_cable and pj_cable_big are alternatives; keep one of the two",
        ),
        (plan(extends=["other"]), "what it extends is not in it yet"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_region(toy: Region, made: Plan, told: str) -> None:
    with pytest.raises(FaultsError) as caught:
        build_case(toy, made, scenario())
    assert told in str(caught.value)
    assert len(caught.value.faults) == 1


def test_plan_is_frozen() -> None:
    made = plan("pj_a")
    with pytest.raises(ValidationError, match="frozen"):
        made.title = "Another"


def test_changes_as_a_table(toy: Region) -> None:
    table = build_case(toy, plan("pj_road"), scenario()).changes_table()
    assert list(table["action"]) == ["set", "scale", "set"]
    assert list(table["value"]) == ["80", "1.5", "4"]
    assert list(table["rows"]) == [1, 1, 1]
    assert isinstance(table, pd.DataFrame)
