"""Fleet of a year: opening years, recorded capacity, and what a case takes from a plant."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from sogdia import Case, Region, Scenario, build_case, load_plan
from sogdia.power.costs import PowerCosts
from sogdia.power.fleet import build_fleet
from sogdia.power.zones import build_zones

from .systems import edited

YEAR = 2024


def region_with(region: Region, plants: dict[str, dict[str, Any]], record: dict[int, float]) -> Region:
    """Return a region with these coal plants of one country, and its coal capacity at the end of years."""
    table, figures = region.tables["plants"], region.tables["electricity"]
    base = table.frame.iloc[0].to_dict() | {"iso3": "XAA", "carrier": "coal", "opening_year": pd.NA}
    rows = pd.DataFrame([base | row for row in plants.values()], index=pd.Index(plants, name="id"))
    first = figures.frame.iloc[0].to_dict() | {"iso3": "XAA", "item": "capacity_coal_mw"}
    added = pd.DataFrame(
        [first | {"year": year, "value": value} for year, value in record.items()],
        index=[f"XAA/{year}/capacity_coal_mw" for year in record],
        columns=figures.frame.columns,
    )
    tables = {
        **region.tables,
        "plants": replace(table, frame=rows.astype(table.frame.dtypes.to_dict())),
        "electricity": replace(
            figures, frame=pd.concat([figures.frame, added.astype(figures.frame.dtypes.to_dict())])
        ),
    }
    return replace(region, tables=MappingProxyType(tables))


def case_of(region: Region) -> Case:
    return build_case(region, load_plan("as_is", region), Scenario(title="Now", year=YEAR), past=True)


def capacity(case: Case) -> dict[str, float]:
    """Return the capacity of each plant in the fleet."""
    fleet = build_fleet(case, build_zones(case), PowerCosts(case))
    return {str(name): float(mw) for name, mw in fleet["capacity_mw"].items()}


PLANTS: dict[str, dict[str, Any]] = {
    "old": {"capacity_mw": 100.0, "opening_year": 1980},
    "lump": {"capacity_mw": 80.0},
    "new": {"capacity_mw": 40.0, "opening_year": YEAR},
}


def test_plant_operates_half_of_its_opening_year(isles: Region) -> None:
    assert capacity(case_of(region_with(isles, PLANTS, {}))) == pytest.approx(
        {"old": 100.0, "lump": 80.0, "new": 20.0}
    )


def test_mean_of_both_ends_of_the_year_is_shared_by_new_and_lumped_plants(isles: Region) -> None:
    """170 MW on average, less 100 of the old plant and 40 of the new one."""
    case = case_of(region_with(isles, PLANTS, {YEAR - 1: 150.0, YEAR: 190.0}))
    assert capacity(case) == pytest.approx({"old": 100.0, "lump": 30.0, "new": 40.0})


def test_record_of_the_end_of_the_year_alone_has_new_plants_for_half_of_it(isles: Region) -> None:
    case = case_of(region_with(isles, PLANTS, {YEAR: 190.0}))
    assert capacity(case) == pytest.approx({"old": 100.0, "lump": 50.0, "new": 20.0})


def test_capacity_that_a_case_takes_from_a_plant_is_not_given_to_others(isles: Region) -> None:
    case = case_of(region_with(isles, PLANTS, {YEAR: 190.0}))
    plants = case.table("plants").copy()
    plants.loc["old", "capacity_mw"] = 10.0
    assert capacity(edited(case, plants=plants)) == pytest.approx({"old": 10.0, "lump": 50.0, "new": 20.0})


def test_inflow_of_a_new_hydropower_plant_follows_its_share_of_the_year(isles: Region) -> None:
    water = {"dam": {"carrier": "hydro", "capacity_mw": 30.0, "opening_year": YEAR, "inflow_gwh": 60.0}}
    case = case_of(region_with(isles, water, {}))
    fleet = build_fleet(case, build_zones(case), PowerCosts(case))
    assert fleet.loc["dam", "inflow_gwh"] == pytest.approx(30.0)
