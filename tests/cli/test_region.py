"""``sogdia check``, ``describe``, ``new-region``, ``refresh``, ``case``, ``ls``: output and exit codes."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from cli.running import Cli
from sogdia.region import new_region
from sogdia.tables.schema import table_schemas

ROOT = Path(__file__).parents[2]
TABLES = len(table_schemas())


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A new region."""
    return new_region(tmp_path / "plain")


def spoil(pack: Path) -> Path:
    """The pack with one fault in it."""
    links = pack / "links.csv"
    links.write_text(links.read_text().replace(",60,", ",0,", 1))
    return pack


def test_check_of_pack_without_errors_exits_with_0(cli: Cli, plain: Path) -> None:
    run = cli("check", plain)
    assert (run.code, run.err) == (0, "")
    assert re.fullmatch(rf"plain: no errors \({TABLES} tables, \d+ rows\)\n", run.out)


def test_shipped_pack_has_no_errors(cli: Cli) -> None:
    run = cli("check")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"central_asia: no errors ({TABLES} tables, ")


def test_check_names_file_line_and_field(cli: Cli, plain: Path) -> None:
    run = cli("check", spoil(plain))
    assert run.code == 1
    assert run.out.splitlines()[0] == "links.csv:2 speed_kmh: 0 is below 1"
    assert run.err == "1 error in plain\n"


def test_check_lists_errors_of_plans_and_scenarios(cli: Cli, plain: Path) -> None:
    (plain / "plans" / "mine.yaml").write_text("title: Mine\nprojects:\n- project: nowhere\n")
    (plain / "scenarios" / "mine.yaml").write_text("title: Mine\nyear: 1999\n")
    run = cli("check", plain)
    assert run.code == 1
    assert run.out.splitlines() == [
        "plans/mine.yaml:3 project: no project is called 'nowhere'",
        "scenarios/mine.yaml:2 year: 1999 is outside 2023 to 2040, the years the region covers",
    ]


def test_check_json_lists_faults(cli: Cli, plain: Path) -> None:
    clean = json.loads(cli("check", plain, "--json").out)
    assert clean["clean"] is True
    assert clean["faults"] == []
    run = cli("check", spoil(plain), "--json")
    content = json.loads(run.out)
    assert run.code == 1
    assert content["clean"] is False
    (fault,) = content["faults"]
    assert (fault["file"], fault["line"], fault["field"]) == ("links.csv", 2, "speed_kmh")
    assert set(fault) == {"file", "line", "field", "problem", "suggested_fix", "kind"}


def test_errors_of_a_scenario_are_listed(cli: Cli, plain: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("title: S\nyear: 2030\nshocks:\n- kind: closure\n  reason: r\n  territories: [XAQ]\n")
    run = cli("case", "--region", plain, "--scenario", path)
    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines() == [
        "sogdia: s.yaml:6 territories: no party is called 'XAQ'; did you mean XAB or XAA?",
        "1 error",
    ]


def test_shock_without_effect_is_an_error(cli: Cli, plain: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("title: S\nyear: 2030\nshocks:\n- {kind: closure, reason: r, modes: [ferry]}\n")
    run = cli("case", "--region", plain, "--scenario", path)
    assert run.code == 1
    assert "shock 1 closure: it applies to no row" in run.err


def test_describe_prints_the_data_dictionary(cli: Cli, plain: Path) -> None:
    run = cli("describe", plain)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("# Data dictionary: Plain\n")
    assert "\n## links\n" in run.out
    assert "| `length_km` * | number | km |" in run.out


def test_describe_json_has_units_and_bases(cli: Cli, plain: Path) -> None:
    content = json.loads(cli("describe", plain, "--format", "json").out)
    links = next(table for table in content["tables"] if table["name"] == "links")
    assert links["rows"] == 2
    assert {field["name"]: field["unit"] for field in links["fields"]}["length_km"] == "km"
    assert sum(content["basis"].values()) > 0


def test_new_region_passes_the_check_and_builds_a_case(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert cli("new-region", folder).code == 0
    assert cli("check", folder).code == 0
    assert cli("case", "--region", folder).code == 0
    again = cli("new-region", folder)
    assert again.code == 1
    assert "not an empty folder; nothing was written" in again.err


def test_refresh_updates_the_schemas_of_a_pack(cli: Cli, plain: Path) -> None:
    descriptor = plain / "datapackage.json"
    descriptor.write_text(descriptor.read_text().replace('"km"', '"miles"'))
    assert cli("check", plain).code == 1
    assert cli("refresh", plain).code == 0
    assert cli("check", plain).code == 0


def test_case_prints_every_edit_under_its_cause(cli: Cli) -> None:
    run = cli("case", "--plan", "announced_2025", "--scenario", "pressure_on_china_ties")
    assert run.code == 0
    assert all(line.startswith("sogdia: note: ") for line in run.err.splitlines())
    assert "opening later: pj_balkhash1" in run.err
    assert "project pj_cku: plan 'announced_2025' builds it" in run.out
    assert "growth: documented growth from 2023 to 2030" in run.out
    assert "shock 1 sanction: " in run.out
    assert re.search(r"\n\d+ edits; case [0-9a-f]{16}\n$", run.out)


@pytest.mark.parametrize(
    "command", [("case",), ("freight",), ("export", "--format", "gmns", "--out", "out")], ids=lambda c: c[0]
)
def test_project_that_opens_later_is_named_by_each_command(
    cli: Cli, isles_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = tmp_path / "later.yaml"
    plan.write_text("title: Later\nprojects: [{project: ferry_far_line, opening_year: 2040}]\n")
    run = cli(*command, "--region", isles_home, "--plan", plan, "--year", "2025")
    assert run.code == 0
    assert (
        "sogdia: note: 1 project of the plan without effect in 2025, opening later: ferry_far_line" in run.err
    )


def test_case_json_is_of_the_same_case(cli: Cli) -> None:
    words = ("case", "--plan", "announced_2025", "--scenario", "dry_year")
    content = json.loads(cli(*words, "--json").out)
    assert (content["plan"], content["scenario"], content["region"]) == (
        "announced_2025",
        "dry_year",
        "central_asia",
    )
    assert f"{len(content['changes'])} edits; case {content['digest'][:16]}" in cli(*words).out
    assert all(change["reason"] for change in content["changes"])


def test_year_replaces_that_of_the_scenario(cli: Cli) -> None:
    content = json.loads(cli("case", "--year", "2035", "--json").out)
    assert content["year"] == 2035
    assert content["digest"] != json.loads(cli("case", "--json").out)["digest"]


def test_case_out_writes_its_tables(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "case"
    run = cli("case", "--plan", "announced_2025", "--out", out, "--json")
    assert run.code == 0
    written = {path.stem for path in out.glob("*.csv")}
    assert {"links", "trade", "plan_projects", "finance", "changes"} <= written
    assert len(written) == TABLES + 3
    with (out / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(json.loads(run.out)["changes"])
    with (out / "links.csv").open(encoding="utf-8", newline="") as file:
        opened = {row["id"]: row["status"] for row in csv.DictReader(file)}
    assert opened["rail_torugart_arpa"] == "operating"


def test_case_out_that_is_a_file_exits_with_2(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    run = cli("case", "--out", tmp_path / "taken")
    assert run.code == 2
    assert run.err.startswith("sogdia: ")


def test_ls_lists_regions_plans_and_scenarios(cli: Cli) -> None:
    run = cli("ls")
    assert run.code == 0
    assert "regions: central_asia" in run.out
    assert re.search(r"^  announced_2025 +.* \(\d+ projects\)$", run.out, re.MULTILINE)
    assert re.search(r"^  reference +.* \(2030\)$", run.out, re.MULTILINE)


def test_ls_lists_rows_near_a_place(cli: Cli, plain: Path) -> None:
    run = cli("ls", "links", "--near", "Almaty", "--within", 1)
    assert run.code == 0
    assert re.search(r"^road_almaty_kordai .* 0$", run.out, re.MULTILINE)
    near = json.loads(cli("ls", "links", "--near", "almaty", "--within", 1, "--json").out)
    assert run.err == f"{len(near)} links within 1 km of Almaty\n"
    rows = json.loads(cli("ls", "places", "--region", plain, "--json").out)
    with (plain / "places.csv").open(encoding="utf-8", newline="") as file:
        assert [row["row"] for row in rows] == [row["id"] for row in csv.DictReader(file)]


def test_ls_shocks_lists_every_kind_with_its_keys(cli: Cli) -> None:
    kinds = json.loads(cli("ls", "shocks", "--json").out)
    assert kinds["closure"]["keys"][0] == "reason"
    assert {"borders", "territories", "links"} <= set(kinds["closure"]["keys"])
    assert all(f"{kind}: " in cli("ls", "shocks").out for kind in kinds)


@pytest.mark.parametrize(
    "words", [("--near", "almaty"), ("links", "--runs"), ("shocks", "--near", "almaty"), ("moons",)]
)
def test_ls_refuses_what_it_cannot_list(cli: Cli, words: tuple[str, ...]) -> None:
    run = cli("ls", *words)
    assert (run.code, run.out) == (1, "")


def test_new_region_copies_a_shipped_pack(cli: Cli, tmp_path: Path) -> None:
    run = cli("new-region", "--from", "central_asia", tmp_path / "mine")
    assert (run.code, run.err) == (0, "")
    assert cli("ls", "--region", tmp_path / "mine").out.count("plans of") == 1


def test_plan_of_the_examples_opens_its_own_plant_and_road(cli: Cli) -> None:
    run = cli("case", "--plan", ROOT / "src" / "sogdia" / "examples" / "own_projects.yaml", "--json")
    assert (run.code, run.err) == (0, "")
    opened = {row["first_row"] for row in json.loads(run.out)["changes"] if "my_" in row["cause"]}
    assert {"my_solar", "my_road"} <= opened
