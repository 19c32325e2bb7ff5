"""Cases: what does not change them (order, labels), tables of their own, the log of edits."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia import Case, Region, Scenario, build_case, load_plan, load_region, load_scenario

from .toy import edits, plan, scenario, write_toy

SHOCKS: tuple[dict[str, Any], ...] = (
    {"kind": "closure", "territories": ["XAC"], "users": ["home"]},
    {"kind": "delay", "places": ["ab"], "dwell_factor": 2},
    {"kind": "rates", "factor": 1.5},
    {"kind": "capacity", "modes": ["road"], "factor": 0.5},
    {"kind": "sanction", "senders": ["XAD"], "targets": ["XAC"], "level": "severe", "secondary": ["XAA"]},
    {"kind": "withdrawal", "partner": "bank"},
    {"kind": "withdrawal", "partner": "north", "homes": ["XAB"]},
    {"kind": "plant_outage", "plants": ["sun_one"]},
    {"kind": "dry_year", "factor": 0.7},
    {"kind": "demand", "factor": 1.1},
    {"kind": "fuel_price", "carriers": ["gas"], "factor": 2},
    {"kind": "power_cost", "quantity": "capital", "factor": 1.2},
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


def test_case_built_twice_is_equal(toy: Region) -> None:
    one, other = everything(toy), everything(toy)
    for table in one.frames:
        pd.testing.assert_frame_equal(one.table(table), other.table(table))
    assert one.changes == other.changes
    assert one.digest == other.digest


def test_building_a_case_does_not_change_the_region(toy: Region) -> None:
    before = {name: toy.table(name).copy(deep=True) for name in toy.tables}
    everything(toy)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(toy.table(name), frame)


def test_writing_to_a_returned_table_does_not_change_the_case(toy: Region) -> None:
    case = everything(toy)
    for own in (case.table("links"), case.finance, toy.table("links")):
        own.loc[own.index[0], own.columns[0]] = "changed"
    for stored in (case.table("links"), case.finance, toy.table("links")):
        assert stored.iloc[0, 0] != "changed"


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_does_not_change_the_case(toy: Region, tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)

    def shuffled(_table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return generator.sample(rows, len(rows))

    other = load_region(write_toy(tmp_path / "toy", shuffled))
    assert other.digest == toy.digest
    one, again = everything(toy), everything(other)
    assert one.digest == again.digest
    assert_same(one, again)


@given(st.permutations(CHOSEN), st.permutations(list(EVERYTHING["variants"])))
def test_order_of_projects_and_variants_does_not_change_the_digest(
    projects: list[dict[str, Any]], variants: list[str]
) -> None:
    assert plan(*projects).digest == plan(*CHOSEN).digest
    assert plan(*projects) == plan(*CHOSEN)
    assert scenario(variants=variants).digest == scenario(variants=EVERYTHING["variants"]).digest


@given(st.permutations(["XAA", "XAB", "XAC", "XAD"]), st.sampled_from(["XAA", "XAC"]))
def test_order_and_repetition_of_names_do_not_change_the_digest(names: list[str], again: str) -> None:
    shock = {"kind": "closure", "territories": [*names, again], "modes": ["rail", "road", "rail"]}
    plain = {"kind": "closure", "territories": sorted(names), "modes": ["road", "rail"]}
    assert scenario(shock).digest == scenario(plain).digest


def test_order_of_yaml_keys_does_not_change_the_digest(toy: Region, tmp_path: Path) -> None:
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


def test_digest_depends_on_figures_and_not_on_labels(toy: Region) -> None:
    def digest(**keys: Any) -> str:
        return str(build_case(toy, plan(), scenario({"kind": "demand", "factor": 1.1}, **keys)).digest)

    reference = digest()
    assert digest(title="Another") == digest(description="Some words") == digest(name="other") == reference
    assert digest(year=2032) != reference
    assert digest(growth_factor=0.5) != reference
    assert digest(variants=["cheap_rail"]) != reference
    assert plan("pj_rail").digest != plan({"project": "pj_rail", "opening_year": 2029}).digest
    assert plan("pj_rail").digest != plan(without=["pj_rail"]).digest
    assert plan(title="Another").digest == plan().digest
    assert plan({"project": "pj_rail", "note": "as agreed"}).digest == plan("pj_rail").digest
    assert plan().digest != scenario().digest


def test_digest_of_a_region_depends_on_values_and_not_on_notation(toy: Region, tmp_path: Path) -> None:
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
def test_scenario_written_as_json_and_read_is_equal(year: int, factor: float, grow: bool) -> None:
    written = scenario(*SHOCKS, year=year, growth_factor=factor, growth="documented" if grow else "none")
    read = Scenario.model_validate_json(written.model_dump_json())
    assert read.model_dump() == written.model_dump()
    assert read.digest == written.digest


def test_changes_table_has_one_row_per_edit(toy: Region) -> None:
    table = build_case(toy, plan("pj_road"), scenario()).changes_table()
    assert list(table["action"]) == ["set", "scale", "set"]
    assert list(table["value"]) == ["80", "1.5", "4"]
    assert list(table["rows"]) == [1, 1, 1]
    assert isinstance(table, pd.DataFrame)


def test_case_without_shocks_has_no_edits(toy: Region) -> None:
    case = build_case(toy, plan(), scenario())
    assert case.changes == ()
    assert edits(toy, case) == {}


def test_cases_that_share_their_first_shocks_have_edits_of_their_own(toy: Region) -> None:
    few, every = (build_case(toy, plan(*CHOSEN), scenario(*SHOCKS[:count])) for count in (6, len(SHOCKS)))
    tables = [frame.copy(deep=True) for frame in (*few.frames.values(), few.finance)]
    other = build_case(toy, plan(*CHOSEN), scenario(*SHOCKS[:5], SHOCKS[8]))
    for before, now in zip(tables, (*few.frames.values(), few.finance), strict=True):
        pd.testing.assert_frame_equal(before, now)
    assert every.changes[: len(few.changes)] == few.changes
    assert [change.cause for change in other.changes if change.cause.startswith("shock 6")] == [
        "shock 6 dry_year"
    ]
    assert "shock 6 withdrawal" in {change.cause for change in few.changes}


def test_long_list_of_shocks_is_applied_to_its_end(toy: Region) -> None:
    many = [{"kind": "rates", "factor": 2.0}, {"kind": "rates", "factor": 0.5}] * 600
    before = build_case(toy, plan(), scenario())
    case = build_case(toy, plan(), scenario(*many))
    pd.testing.assert_frame_equal(case.table("links"), before.table("links"))
    assert {"shock 1 rates", "shock 17 rates", "shock 1200 rates"} <= {edit.cause for edit in case.changes}


def test_edit_by_a_shock_is_logged_with_reason_and_source(toy: Region) -> None:
    shock = {"kind": "closure", "links": ["sea_p_d"], "reason": "A storm", "source": "example"}
    (change,) = build_case(toy, plan(), scenario(shock)).changes
    assert change.cause == "shock 1 closure"
    assert (change.table, change.field, change.action, change.value) == ("links", "status", "set", "closed")
    assert change.rows == ("sea_p_d",)
    assert (change.reason, change.source) == ("A storm", "example")


def test_trace_of_a_row_returns_file_line_and_edits(toy: Region) -> None:
    case = build_case(toy, plan(), scenario({"kind": "closure", "links": ["sea_p_d"]}))
    traced = case.trace("links", "sea_p_d")
    assert (traced["file"], traced["line"], traced["status"]) == ("links.csv", 11, "operating")
    assert [change.value for change in traced["changes"]] == ["closed"]
    assert traced["sources"]["example"]["publisher"] == "Sogdia"


def test_trace_of_an_added_row_returns_its_edit(toy: Region) -> None:
    shock = {"kind": "closure", "territories": ["XAD"], "users": ["home"]}
    traced = build_case(toy, plan(), scenario(shock)).trace("restrictions", "territory_xad_any_home_0")
    assert (traced["subject"], traced["basis"]) == ("XAD", "derived")
    assert len(traced["changes"]) == 1


def test_repr_is_one_short_line(toy: Region) -> None:
    case = build_case(toy, plan("pj_road", name="mine"), scenario(name="dry"))
    assert repr(case) == "Case('toy', plan 'mine', scenario 'dry', 2031: 1 project, 3 edits)"
    assert repr(case.scenario) == "Scenario('dry', 2031: no shocks)"


def test_html_summarizes_plan_and_edits(toy: Region) -> None:
    html = build_case(toy, plan("pj_road"), scenario({"kind": "rates", "factor": 2}))._repr_html_()
    assert "<tr><th>projects</th><td>pj_road</td></tr>" in html
    assert "3 by project, 2 by shock" in html
    assert len(html) < 2000


def test_written_case_holds_every_table(toy: Region, tmp_path: Path) -> None:
    case = build_case(toy, plan("pj_rail"), scenario())
    case.write_csv(tmp_path / "out")
    names = {path.stem for path in (tmp_path / "out").glob("*.csv")}
    assert names == {*toy.tables, "plan_projects", "finance", "changes"}
    assert len(pd.read_csv(tmp_path / "out" / "finance.csv")) == len(case.finance)
