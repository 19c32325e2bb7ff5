"""Capacities by year, of passages and of boxes, on the small region and by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sogdia import Case, Region, Scenario, build_case, load_plan, load_region
from sogdia.freight import build_supernetwork
from sogdia.freight.supernetwork.capacity import NOT_CONTAINER

from .borderland import PROVENANCE, Rows, case_of, changed, write_borderland
from .networks import UNCALIBRATED, arcs_of, build_with

PASSAGE = "ac/XAA/XAC/rail;ac/XAC/XAA/rail"
EMPTY_CELLS = dict.fromkeys(
    ("capacity_t", "capacity_teu", "train_pairs_per_day", "passenger_pairs_per_day", "net_t_per_train"), ""
)


def capacity(table: str, rows: str, year: int, **cells: object) -> dict[str, str]:
    given = {name: f"{value}" for name, value in cells.items()}
    return {**PROVENANCE, **EMPTY_CELLS, "table": table, "rows": rows, "from_year": f"{year}", **given}


CAPACITIES: Rows = [
    capacity("links", "rail_a_ab", 2020, capacity_t=1_000_000),
    capacity("links", "rail_a_ab", 2024, capacity_t=5_000_000),
    capacity("links", "rail_a_ac", 2030, capacity_t=7_000_000),
    capacity(
        "links", "rail_ac_c", 2020, train_pairs_per_day=12, passenger_pairs_per_day=2, net_t_per_train=2600
    ),
    capacity("crossings", PASSAGE, 2020, capacity_t=800_000),
    capacity("crossings", "ab/XAA/XAB/rail", 2020, train_pairs_per_day=8, net_t_per_train=2600),
]


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Region:
    def with_capacities(table: str, rows: Rows) -> Rows:
        return CAPACITIES if table == "capacities" else rows

    return load_region(write_borderland(tmp_path_factory.mktemp("packs") / "stated", with_capacities))


def cell(case: Case, table: str, row: str) -> float:
    return float(case.table(table)["capacity_t"].to_dict()[row])


def in_year(region: Region, year: int) -> Case:
    scenario = Scenario.model_validate({"title": "Now", "year": year, "growth": "none"})
    return build_case(region, load_plan("as_is", region), scenario)


def test_latest_capacity_that_has_begun_holds(stated: Region) -> None:
    before, after = case_of(Path(stated.folder)), case_of(Path(stated.folder), year=2025)
    assert (cell(before, "links", "rail_a_ab"), cell(after, "links", "rail_a_ab")) == (1e6, 5e6)
    assert cell(after, "links", "rail_a_ac") == 900_000.0, "not before its first year"
    (change,) = (c for c in after.changes if c.table == "links" and c.rows == ("rail_a_ab",))
    assert (change.field, change.value, change.reason) == ("capacity_t", "5e+06", "capacity from 2024")


def test_pairs_of_trains_become_tonnes_less_passenger_trains(stated: Region) -> None:
    case = case_of(Path(stated.folder))
    assert cell(case, "links", "rail_ac_c") == (12 - 2) * 2 * 365 * 2600, "a pair is one train each way"
    assert cell(case, "crossings", "ab/XAA/XAB/rail") == 8 * 365 * 2600, "one direction has one of each pair"


def test_directions_of_a_passage_share_its_capacity(stated: Region) -> None:
    built = build_supernetwork(case_of(Path(stated.folder)), UNCALIBRATED)
    table = arcs_of(built, kind="crossing", place="ac", mode="rail")
    assert set(table["from_iso3"]) == {"XAA", "XAC"}
    assert set(table["group"]) == {f"crossing {PASSAGE}"}
    assert set(table["capacity"]) == {800_000.0}
    assert set(table["delay_scale"]) == {42.0}, "the mean dwell of 40 and 44 h"
    assert set(table["time_h"]) == {40.0, 44.0}, "each pays its own dwell"


def test_shock_to_one_direction_limits_the_passage(stated: Region) -> None:
    case = case_of(Path(stated.folder))
    cut = changed(case, {("crossings", "ac/XAC/XAA/rail", "capacity_t"): 300_000.0})
    table = arcs_of(build_supernetwork(cut, UNCALIBRATED), kind="crossing", place="ac", mode="rail")
    assert set(table["capacity"]) == {300_000.0}


def test_capacity_in_boxes_limits_containers_only(borderland: Case) -> None:
    built = build_with(borderland, **{"transfers__p-rail-sea__capacity_t": 200_000.0})
    table = arcs_of(built, row="transfers/p/rail/sea")
    # A box as counted holds 10 t in the small region.
    capacity = dict(zip(table["cargo"], table["capacity"], strict=True))
    assert capacity == {"container": 300_000.0, NOT_CONTAINER: 200_000.0}
    assert table["group"].nunique() == 2
    at = dict(zip(table["cargo"], table.index, strict=True))
    assert built.demand.class_cost is not None
    for name, costs in zip(built.demand.classes, built.demand.class_cost, strict=True):
        is_container = built.classes.loc[name, "commodity"] == "all"
        assert np.isinf(costs[at["container"]]) == (not is_container)
        assert np.isinf(costs[at[NOT_CONTAINER]]) == is_container


def test_without_tonnes_other_cargo_has_no_limit(borderland: Case) -> None:
    built = build_with(borderland)
    table = arcs_of(built, row="transfers/p/rail/sea").set_index("cargo")
    assert table["capacity"].to_dict()[NOT_CONTAINER] == np.inf
    assert table["delay"].to_dict() == {"container": "conical", NOT_CONTAINER: "none"}


def test_railway_of_the_caucasus_opens_in_steps(shipped: Region) -> None:
    assert cell(in_year(shipped, 2023), "links", "rail_tbilisi_akhalkalaki") == 1e6
    assert cell(in_year(shipped, 2026), "links", "rail_tbilisi_akhalkalaki") == 5e6
