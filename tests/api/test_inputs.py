"""Regions, plans and scenarios by name, by path and as objects."""

from __future__ import annotations

from pathlib import Path

import pytest

import sogdia
from sogdia.api.inputs import home_in
from sogdia.errors import CannotRunError, FaultsError, UnknownNameError
from sogdia.region import Region


def test_region_by_name_path_and_object_is_the_same(shipped: Region) -> None:
    assert sogdia.load_region(shipped) is shipped
    assert sogdia.load_region().digest == shipped.digest
    assert sogdia.load_region(shipped.folder).digest == shipped.digest


def test_plan_and_scenario_by_name_path_and_object_are_the_same(shipped: Region) -> None:
    plan, scenario = sogdia.load_plan("green_export", shipped), sogdia.load_scenario("dry_year", shipped)
    assert sogdia.load_plan(shipped.plans["green_export"], shipped) == plan
    assert sogdia.load_plan(str(shipped.plans["green_export"]), shipped) == plan
    assert sogdia.load_plan(plan, shipped) is plan
    assert sogdia.load_scenario(shipped.scenarios["dry_year"], shipped) == scenario
    assert sogdia.load_scenario(scenario, shipped) is scenario
    by_name = sogdia.build_case(shipped, "green_export", "dry_year")
    assert sogdia.build_case(shipped, plan, scenario).digest == by_name.digest


def test_year_replaces_that_of_the_scenario(shipped: Region) -> None:
    scenario = sogdia.load_scenario("dry_year", shipped)
    assert sogdia.load_scenario("dry_year", shipped, 2035).year == 2035
    assert sogdia.load_scenario(scenario, shipped, 2035).year == 2035
    assert sogdia.build_case(shipped, scenario=scenario, year=2035).year == 2035


def test_past_year_needs_permission(shipped: Region) -> None:
    with pytest.raises(FaultsError):
        sogdia.build_case(shipped, year=shipped.base_year - 1)
    assert sogdia.build_case(shipped, year=shipped.base_year - 1, past=True).year == shipped.base_year - 1


def test_unknown_names_raise_with_the_nearest(shipped: Region, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean green_export"):
        sogdia.load_plan("green_exports", shipped)
    with pytest.raises(UnknownNameError, match="did you mean dry_year"):
        sogdia.load_scenario("dry_years", shipped)
    with pytest.raises(CannotRunError, match=r"missing\.yaml"):
        sogdia.load_plan(tmp_path / "missing.yaml", shipped)


def test_home_countries_are_one_code_several_or_all(shipped: Region) -> None:
    first, second, *_ = shipped.home
    assert home_in(shipped, first) == (first,)
    assert home_in(shipped, [first, second]) == (first, second)
    assert home_in(shipped, ()) == shipped.home
    with pytest.raises(UnknownNameError, match="no economy of the region is called 'XXX'"):
        home_in(shipped, ["XXX"])
