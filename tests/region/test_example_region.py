"""A second, invented region: no code depends on the shipped one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from breaking import DESCRIPTOR

from sogdia.case import Case, build_case, check_library, load_plan, load_scenario
from sogdia.region import Region, check_pack
from sogdia.tables import table_schemas


def built(isles: Region, plan: str, scenario: str) -> Case:
    return build_case(isles, load_plan(plan, isles), load_scenario(scenario, isles))


def test_example_region_with_its_library_is_valid(isles_home: Path, isles: Region) -> None:
    assert check_pack(isles_home) == []
    assert check_library(isles) == []
    assert list(isles.plans) == ["as_is", "ferry_age"]
    assert list(isles.scenarios) == ["reference", "stormy"]


def test_descriptor_of_the_example_region_is_up_to_date(isles_home: Path) -> None:
    stored = Path(__file__).parent.parent / "packs" / "isles" / DESCRIPTOR
    refreshed = (isles_home / DESCRIPTOR).read_bytes()
    assert stored.read_bytes() == refreshed, (
        "the schemas have changed: run `sogdia refresh tests/packs/isles`"
    )


def test_example_region_shares_no_codes_with_the_shipped_one(
    isles: Region, shipped_codes: frozenset[str]
) -> None:
    assert isles.base_year != 2023
    assert not set(isles.table("parties")["code"]) & shipped_codes
    assert set(isles.table("links")["mode"]) == {"road", "ferry"}


def test_rows_of_the_example_region_are_assumed(isles: Region) -> None:
    filled = [schema for name, schema in table_schemas().items() if len(isles.table(name))]
    assert len(filled) >= 34
    for schema in filled:
        if schema.has_provenance:
            frame = isles.table(schema.name)
            assert set(frame["basis"]) == {"assumed"}
            assert set(frame["note"]) == {"made up for tests"}


def test_plan_without_projects_keeps_operating_rows(isles: Region) -> None:
    case = built(isles, "as_is", "reference")
    assert case.year == 2030
    assert list(case.table("links")["status"]) == ["operating"] * 4 + ["planned"]
    # 4 % a year over nine years for its own path, 2 % for the path of any
    gdp = case.table("economies")["gdp_musd"]
    assert gdp["XAA"] == pytest.approx(1000 * 1.04**9)
    assert gdp["XAC"] == pytest.approx(20000 * 1.02**9)


def test_plan_opens_projects_by_the_year(isles: Region) -> None:
    case = built(isles, "ferry_age", "reference")
    links = case.table("links")
    assert (links.loc["ferry_north_far", "status"], links.loc["ferry_north_far", "opening_year"]) == (
        "operating",
        2028,
    )
    transfers = case.table("transfers")
    assert transfers.loc["north_port/road/ferry", "capacity_t"] == 900_000
    assert transfers.loc["north_port/ferry/road", "capacity_t"] == 600_000
    assert case.table("plants").loc["hill_wind_1", "status"] == "operating"
    cables = case.table("interconnectors")
    assert cables.loc["cable_north_south_2", "status"] == "planned"  # opens in 2035
    assert list(case.finance["partner"]) == ["XBKF"]
    assert case.finance["amount_musd"].tolist() == [48.0]  # 60 % of 80


def test_shocks_and_variants_edit_the_tables(isles: Region) -> None:
    reference, stormy = built(isles, "ferry_age", "reference"), built(isles, "ferry_age", "stormy")
    strait = stormy.table("links")["corridor"] == "strait"
    assert set(stormy.table("links").loc[strait, "status"]) == {"closed"}
    fish = "XAA/XAC/fish/2021"
    assert stormy.table("trade")["value_musd"][fish] == pytest.approx(
        reference.table("trade")["value_musd"][fish] * 45 / 40
    )
    inflow = stormy.table("power_profiles")["value"] / reference.table("power_profiles")["value"]
    assert inflow.tolist() == pytest.approx([0.8] * 12)
    barriers = stormy.table("barriers")
    assert {"XAA/XAC/all", "XAC/XAA/all", "XAB/XAC/all", "XAC/XAB/all"} <= set(barriers.index)
    assert barriers["prohibited"].all()
    assert stormy.finance["withdrawn"].all()
    assert reference.digest != stormy.digest


def test_building_a_case_does_not_change_the_region(isles: Region) -> None:
    before = {name: isles.table(name) for name in isles.tables}
    built(isles, "ferry_age", "stormy")
    for name, frame in before.items():
        pd.testing.assert_frame_equal(isles.table(name), frame)
