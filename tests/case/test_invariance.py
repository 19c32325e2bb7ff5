"""What must not change: orders that say nothing, labels, and the region itself."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia import Case, Region, Scenario, build_case, load_plan, load_region, load_scenario

from .toy import plan, scenario, write_toy

SHOCKS: tuple[dict[str, Any], ...] = (
    {"kind": "closure", "territories": ["XAC"], "users": ["home"]},
    {"kind": "delay", "places": ["ab"], "dwell_factor": 2},
    {"kind": "rates", "factor": 1.5},
    {"kind": "capacity", "modes": ["road"], "factor": 0.5},
    {"kind": "sanction", "senders": ["XAD"], "targets": ["XAC"], "level": "severe", "secondary": ["XAA"]},
    {"kind": "withdrawal", "partner": "bank"},
    {"kind": "withdrawal", "partner": "north", "homes": ["XAB"]},
    {"kind": "dry_year", "factor": 0.7},
    {"kind": "demand", "factor": 1.1},
    {"kind": "fuel_price", "carriers": ["gas"], "factor": 2},
    {"kind": "tariff", "exporters": ["XAD"], "importers": ["XAA", "XAB"], "tariff_pct": 5},
)
CHOSEN: tuple[dict[str, Any], ...] = (
    {"project": "pj_rail"},
    {"project": "pj_sun", "finance": [{"partner": "XAD", "share_pct": 40}]},
    {"project": "pj_cable", "opening_year": 2030},
    {"project": "pj_road"},
)
EVERYTHING: dict[str, Any] = {"growth": "documented", "variants": ["cheap_rail", "trade_as_north_counts"]}


def everything(region: Region) -> Case:
    return build_case(region, plan(*CHOSEN), scenario(*SHOCKS, **EVERYTHING))


def assert_same(one: Case, other: Case) -> None:
    for table in one.frames:
        pd.testing.assert_frame_equal(one.table(table).sort_index(), other.table(table).sort_index())
    by = ["project", "partner", "row"]
    pd.testing.assert_frame_equal(
        one.finance.sort_values(by, ignore_index=True), other.finance.sort_values(by, ignore_index=True)
    )


def test_building_twice_gives_the_same(toy: Region) -> None:
    one, other = everything(toy), everything(toy)
    for table in one.frames:
        pd.testing.assert_frame_equal(one.table(table), other.table(table))
    assert one.changes == other.changes
    assert one.digest == other.digest


def test_the_region_is_as_it_was(toy: Region) -> None:
    before = {name: toy.table(name).copy(deep=True) for name in toy.tables}
    everything(toy)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(toy.table(name), frame)


def test_a_table_taken_from_a_case_is_the_callers_own(toy: Region) -> None:
    case = everything(toy)
    for taken in (case.table("links"), case.finance, toy.table("links")):
        taken.loc[taken.index[0], taken.columns[0]] = "scrawl"
    for again in (case.table("links"), case.finance, toy.table("links")):
        assert again.iloc[0, 0] != "scrawl"


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_and_columns_says_nothing(toy: Region, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)

    def shuffled(_table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return dice.sample(rows, len(rows))

    other = load_region(write_toy(tmp_path / "toy", shuffled))
    assert other.digest == toy.digest
    one, again = everything(toy), everything(other)
    assert one.digest == again.digest
    assert_same(one, again)


@given(st.permutations(CHOSEN), st.permutations(list(EVERYTHING["variants"])))
def test_order_of_projects_and_variants_says_nothing(
    projects: list[dict[str, Any]], variants: list[str]
) -> None:
    assert plan(*projects).digest == plan(*CHOSEN).digest
    assert plan(*projects) == plan(*CHOSEN)
    assert scenario(variants=variants).digest == scenario(variants=EVERYTHING["variants"]).digest


@given(st.permutations(["XAA", "XAB", "XAC", "XAD"]), st.sampled_from(["XAA", "XAC"]))
def test_order_and_repeats_of_names_say_nothing(names: list[str], again: str) -> None:
    shock = {"kind": "closure", "territories": [*names, again], "modes": ["rail", "road", "rail"]}
    plain = {"kind": "closure", "territories": sorted(names), "modes": ["road", "rail"]}
    assert scenario(shock).digest == scenario(plain).digest


def test_order_of_yaml_keys_says_nothing(toy: Region, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "title: One\nprojects:\n- project: pj_rail\n  opening_year: 2030\n- project: pj_sun\n"
    )
    (tmp_path / "two.yaml").write_text(
        "projects:\n- {project: pj_sun}\n- {opening_year: 2030, project: pj_rail}\ntitle: Two\n"
    )
    one, two = (load_plan(tmp_path / name, toy) for name in ("one.yaml", "two.yaml"))
    assert one.digest == two.digest
    (tmp_path / "s.yaml").write_text("title: S\nyear: 2030\nshocks: [{kind: demand, factor: 2, reason: r}]\n")
    (tmp_path / "t.yaml").write_text(
        "shocks:\n- {reason: r, factor: 2.0, kind: demand}\nyear: 2030\ntitle: T\n"
    )
    first, second = (load_scenario(tmp_path / name, toy) for name in ("s.yaml", "t.yaml"))
    assert first.digest == second.digest


def test_labels_do_not_count_and_figures_do(toy: Region) -> None:
    def digest(**keys: Any) -> str:
        return str(build_case(toy, plan(), scenario({"kind": "demand", "factor": 1.1}, **keys)).digest)

    same = digest()
    assert digest(title="Another") == digest(description="Some words") == digest(name="other") == same
    assert digest(year=2032) != same
    assert digest(growth_factor=0.5) != same
    assert digest(variants=["cheap_rail"]) != same
    assert plan("pj_rail").digest != plan({"project": "pj_rail", "opening_year": 2029}).digest
    assert plan("pj_rail").digest != plan(without=["pj_rail"]).digest
    assert plan(title="Another").digest == plan().digest
    assert plan({"project": "pj_rail", "note": "as agreed"}).digest == plan("pj_rail").digest
    assert plan().digest != scenario().digest


def test_another_figure_in_a_table_is_another_region(toy: Region, tmp_path: Path) -> None:
    def longer(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [
            {**row, "length_km": "111"} if table == "links" and row["id"] == "road_a_ab" else row
            for row in rows
        ]

    def written_otherwise(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{**row, "length_km": row["length_km"] + ".0"} if table == "links" else row for row in rows]

    assert load_region(write_toy(tmp_path / "longer", longer)).digest != toy.digest
    assert load_region(write_toy(tmp_path / "toy", written_otherwise)).digest == toy.digest


@given(st.integers(2023, 2040), st.floats(-1, 3), st.booleans())
def test_a_scenario_survives_being_written_and_read(year: int, factor: float, grow: bool) -> None:
    made = scenario(*SHOCKS, year=year, growth_factor=factor, growth="documented" if grow else "none")
    again = Scenario.model_validate_json(made.model_dump_json())
    assert again.model_dump() == made.model_dump()
    assert again.digest == made.digest


def test_variants_stand_in_for_what_the_pack_chose(toy: Region) -> None:
    case = build_case(toy, plan(), scenario(variants=["cheap_rail", "trade_as_north_counts"]))
    assert case.table("rates").loc["rail/any/container/2023", "usd_per_tkm"] == 0.03
    assert case.table("trade").loc["XAB/XAC/all/2023", "value_musd"] == 25
    assert case.table("trade").loc["XAC/XAB/all/2023", "tonnes"] == 100000
    assert [change.cause for change in case.changes] == [
        "variant cheap_rail",
        "variant trade_as_north_counts",
        "variant trade_as_north_counts",
    ]
    assert case.changes[0].reason == "Cheap rail"
