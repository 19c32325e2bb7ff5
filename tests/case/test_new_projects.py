"""Projects that a plan states itself: rows like those of a pack, which the plan opens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from sogdia import Plan, Region, Scenario, build_case, load_plan, load_scenario
from sogdia.case import with_new_projects
from sogdia.case.shocks import DryYear
from sogdia.errors import FaultsError
from sogdia.tables import table_schemas

PLANT = """\
title: Mine
projects:
  - project: my_sun
    opening_year: 2028
    new:
      name: Solar plant of our own
      iso3: XAA
      sector: solar
      capex_musd: 40
      adds:
        plants:
          - {carrier: solar, capacity_mw: 300}
      changes:
        - {table: plants, row: north_oil, field: capacity_mw, value: 0.5, action: scale}
"""
ROAD = """\
title: Mine
projects:
  - project: my_road
    opening_year: 2028
    new:
      name: Bridge
      iso3: XAA;XAB
      adds:
        links:
          - {from: north_port, to: south_port, length_km: 115, like: road_south_east}
"""
CROSSINGS = """\
        crossings:
          - {place: south_port, from_iso3: XAA, to_iso3: XAB, mode: road, like: south_port/XAA/XAB/ferry}
          - {place: south_port, from_iso3: XAB, to_iso3: XAA, mode: road, like: south_port/XAB/XAA/ferry}
"""


def written(folder: Path, text: str) -> Path:
    """A plan as a file."""
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def at(year: int) -> Scenario:
    """A scenario of a year."""
    return Scenario(title="Test", year=year)


def test_new_plant_operates_from_its_opening_year(isles: Region, tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, PLANT), isles)
    before, after = (build_case(isles, plan, at(year)).table("plants") for year in (2027, 2028))
    assert before.loc["my_sun", "status"] == "planned"
    columns = ["name", "iso3", "carrier", "capacity_mw", "status", "opening_year", "project"]
    assert list(after.loc["my_sun", columns]) == [
        "Solar plant of our own",
        "XAA",
        "solar",
        300.0,
        "operating",
        2028,
        "my_sun",
    ]
    assert (before.loc["north_oil", "capacity_mw"], after.loc["north_oil", "capacity_mw"]) == (70.0, 35.0)
    others = isles.table("plants").index
    untouched = others.drop("north_oil")
    assert after.loc[untouched, "capacity_mw"].equals(isles.table("plants").loc[untouched, "capacity_mw"])


def test_new_project_has_cost_finance_and_trace(isles: Region, tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, PLANT), isles)
    case = build_case(isles, plan, at(2030))
    assert list(case.projects.loc["my_sun", ["opening_year", "cost_musd", "home_share"]]) == [2028, 40, 1]
    traced = case.trace("plants", "my_sun")
    assert (traced["file"], traced["line"], list(traced["sources"])) == ("", 0, ["own_plan"])


def test_cells_not_given_are_those_of_the_row_it_is_like(isles: Region, tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, ROAD + CROSSINGS), isles)
    links = build_case(isles, plan, at(2030)).table("links")
    new, old = links.loc["my_road"], links.loc["road_south_east"]
    same = ["mode", "tracks", "speed_kmh", "corridor"]
    assert list(new[same]) == list(old[same])
    assert list(new[["from", "to", "length_km", "basis", "source", "note"]]) == [
        "north_port", "south_port", 115.0, "assumed", "own_plan", "stated by the plan",
    ]  # fmt: skip


def test_pack_and_its_digest_do_not_change_and_the_plan_has_its_own(isles: Region, tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, PLANT), isles)
    other = load_plan(written(tmp_path, PLANT.replace("300", "301")), isles)
    extended = with_new_projects(isles, plan)
    assert "my_sun" not in isles.table("projects").index
    assert extended.digest == isles.digest
    assert plan.digest != other.digest
    for name in table_schemas():
        present = extended.table(name).loc[isles.table(name).index]
        assert present.equals(isles.table(name)), name


def test_region_is_extended_once(isles: Region, tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, PLANT), isles)
    extended = with_new_projects(isles, plan)
    assert with_new_projects(extended, plan) is extended
    assert with_new_projects(isles, plan) is extended
    assert with_new_projects(isles, Plan(title="None")) is isles
    assert build_case(isles, plan, at(2030)).region is extended


def test_plan_that_extends_another_has_its_new_projects(isles: Region, tmp_path: Path) -> None:
    written(tmp_path, PLANT)
    top = tmp_path / "top.yaml"
    top.write_text("title: Top\nextends: [mine.yaml]\nprojects:\n- project: hill_wind\n", encoding="utf-8")
    case = build_case(isles, load_plan(top, isles), at(2030))
    assert case.table("plants").loc["my_sun", "status"] == "operating"


def test_two_plans_that_state_a_project_differently_are_refused(isles: Region, tmp_path: Path) -> None:
    first = load_plan(written(tmp_path, PLANT), isles)
    second = load_plan(written(tmp_path, PLANT.replace("300", "301")), isles)
    with pytest.raises(FaultsError, match="stated differently by two plans"):
        with_new_projects(isles, first, second)


def test_road_over_a_border_without_crossings_is_refused_in_both_directions(
    isles: Region, tmp_path: Path
) -> None:
    with pytest.raises(FaultsError) as caught:
        load_plan(written(tmp_path, ROAD), isles)
    assert [fault.line for fault in caught.value.faults] == [10, 10]
    assert "mine.yaml:10 links: the border from XAA to XAB has no row in crossings" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("my_sun", "hill_wind", "mine.yaml:3 project: the region has a project hill_wind already"),
        ("carrier: solar", "carrier: sun", "mine.yaml:12 plants.carrier: 'sun' is not in the vocabulary"),
        ("capacity_mw: 300", "capacity_mw: -3", "mine.yaml:12 plants.capacity_mw: -3 is below 0"),
        ("capacity_mw: 300", "capacty_mw: 300", "12 capacty_mw: no such key; did you mean capacity_mw"),
        ("{carrier: solar, ", "{", "12 plants.carrier: the cell is empty; carrier is required; or copy it"),
        ("carrier: solar", "like: south_hydr", "12 like: plants has no row 'south_hydr'; did you mean south"),
        ("carrier: solar", "id: north_oil, carrier: oil", "12 plants: plants has a row 'north_oil' already"),
        ("plants:", "plnts:", "11 plnts: no rows can be added to 'plnts'; did you mean plants"),
        ("row: north_oil", "row: north_oli", "14 project_effects.row: plants has no row 'north_oli'"),
        ("value: 0.5", "value: half", "14 project_effects.value: 'half' is not a number"),
        (", value: 0.5", "", "14 changes: the change has no value; give table, row, field and value"),
        ("sector: solar", "sector: sun", "8 projects.sector: 'sun' is not in the vocabulary"),
        ("iso3: XAA", "iso3: XAX", "XAX"),
        ("name: Solar", "nmae: Solar", "6 nmae: no such key; did you mean name"),
    ],
)  # fmt: skip
def test_error_in_a_new_project_has_the_line_of_the_plan(
    isles: Region, tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(FaultsError) as caught:
        load_plan(written(tmp_path, PLANT.replace(old, new, 1)), isles)
    assert message in str(caught.value)


def test_new_project_without_effects_is_refused(isles: Region, tmp_path: Path) -> None:
    text = "title: Mine\nprojects:\n- project: mine\n  new: {name: Mine, iso3: XAA}\n"
    with pytest.raises(FaultsError, match="the project changes nothing; give rows"):
        load_plan(written(tmp_path, text), isles)


def with_empty_returns(isles: Region, *rows: tuple[str, str, str, float]) -> Region:
    """The region with factors of links, by end and cargo."""
    table = isles.tables["empty_returns"]
    frame = pd.DataFrame(rows, columns=["link", "to", "cargo", "factor"], dtype=object)
    frame = frame.assign(basis="assumed", source="tale", note="made up")
    frame.index = pd.Index(["/".join(row[:3]) for row in rows], name="row")
    columns = table.frame.dtypes.to_dict()
    filled = replace(table, frame=frame.astype(columns), lines=np.arange(2, len(rows) + 2))
    return replace(isles, tables=MappingProxyType({**isles.tables, "empty_returns": filled}))


def test_new_link_has_the_mean_empty_returns_of_its_mode(isles: Region, tmp_path: Path) -> None:
    """Roads of 60 and 25 km: (0.5 · 60 + 0.2 · 25 + 0.1 · 25) / (2 · 85) = 0.2206; a ferry does not count."""
    region = with_empty_returns(
        isles,
        ("road_north_hill", "hill_town", "general", 1.5),
        ("road_south_east", "east_bay", "general", 1.2),
        ("road_south_east", "south_port", "general", 1.1),
        ("road_south_east", "south_port", "container", 1.6),
        ("ferry_north_south", "south_port", "general", 2.0),
    )
    plan = load_plan(written(tmp_path, ROAD + CROSSINGS), region)
    case = build_case(region, plan, at(2030))
    own = case.table("empty_returns").query("link == 'my_road'")
    expected = {"general": 1.221, "container": 1.3}
    assert own.set_index(["cargo", "to"])["factor"].to_dict() == {
        (cargo, end): factor for cargo, factor in expected.items() for end in ("north_port", "south_port")
    }
    (change,) = (each for each in case.changes if each.table == "empty_returns")
    assert change.cause == "project my_road"
    assert change.reason == "as the mean of the 2 road links that have empty returns"
    assert build_case(region, plan, at(2027)).table("empty_returns").query("link == 'my_road'").empty


def test_pack_without_empty_returns_gets_none(isles: Region, tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, ROAD + CROSSINGS), isles)
    assert build_case(isles, plan, at(2030)).table("empty_returns").empty


SCENARIO = "title: Theirs\nyear: 2030\n" + PLANT.split("\n", 1)[1]


def scenario_file(folder: Path, text: str = SCENARIO) -> Path:
    """A scenario as a file."""
    path = folder / "theirs.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_project_of_a_scenario_opens_with_every_plan_and_in_the_reference(
    isles: Region, tmp_path: Path
) -> None:
    scenario = load_scenario(scenario_file(tmp_path), isles)
    shocked = scenario.model_copy(update={"shocks": (DryYear(factor=0.5, reason="made up"),)})
    for each in (scenario, shocked.without_shocks()):
        case = build_case(isles, Plan(title="None"), each)
        plants = case.table("plants")
        assert list(plants.loc["my_sun", ["status", "opening_year"]]) == ["operating", 2028]
        assert plants.loc["north_oil", "capacity_mw"] == 35.0
        assert (case.projects.empty, case.finance.empty) == (True, True)
    early = build_case(isles, Plan(title="None"), scenario.at(2027)).table("plants")
    assert early.loc["my_sun", "status"] == "planned"
    assert case.changes[0].cause == "project my_sun"


def test_project_that_a_plan_decides_and_a_scenario_opens_is_refused(isles: Region, tmp_path: Path) -> None:
    scenario = load_scenario(scenario_file(tmp_path), isles)
    for plan, verb in (
        (load_plan(written(tmp_path, PLANT), isles), "builds"),
        (Plan(title="Without", excludes=("my_sun",)), "excludes"),
    ):
        with pytest.raises(FaultsError, match=f"{verb} my_sun, which the scenario opens; leave it out"):
            build_case(isles, plan, scenario)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("my_sun", "hill_wind", "theirs.yaml:4 project: the region has a project hill_wind already"),
        ("capacity_mw: 300", "capacity_mw: -3", "theirs.yaml:13 plants.capacity_mw: -3 is below 0"),
        ("opening_year: 2028", "opening_yaer: 2028", "5 opening_yaer: no such key; did you mean opening_"),
        ("opening_year: 2028", "finance: [{partner: XAA}]", "only a plan finances projects"),
    ],
)  # fmt: skip
def test_error_in_a_project_of_a_scenario_has_its_line(
    isles: Region, tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(FaultsError) as caught:
        load_scenario(scenario_file(tmp_path, SCENARIO.replace(old, new, 1)), isles)
    assert message in str(caught.value)
