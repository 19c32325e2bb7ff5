"""``sogdia ensemble``, ``project-values``, ``ls uncertain``: output and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from runs.powered import write_powered_isles

from cli.running import Cli

ISLES = Path(__file__).parents[1] / "packs" / "isles"
STUDY = "region: pack\nbase: as_is\nplans: [ferry_age]\nscenarios: [reference]\nmeasures: [power_cost_musd]\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a study, its pack, and a store that the commands share."""
    pytest.importorskip("duckdb")
    folder = tmp_path_factory.mktemp("ensemble")
    write_powered_isles(folder / "pack", ISLES)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def test_uncertain_figures_are_listed_with_counts(cli: Cli) -> None:
    run = cli("ls", "uncertain", "--region", ISLES)
    assert run.code == 0
    assert run.out.endswith("23 figures in 23 rows (0 reported, 0 derived, 23 assumed); 6 rules, 6 groups\n")
    rules = json.loads(cli("ls", "uncertain", "--region", ISLES, "--json").out)
    assert [rule["rule"] for rule in rules][:2] == ["growth_rates", "responses"]


def test_ensemble_prints_intervals_and_when_the_plan_fails(cli: Cli, home: Path) -> None:
    words = [
        "ensemble", home / "study.yaml", "--samples", "2", "--store", home / "store",
        "--measure", "power_cost_musd", "--threshold", "1e9",
    ]  # fmt: skip
    run = cli(*words, "--json")
    assert run.code == 0
    content = json.loads(run.out)
    (row,) = [each for each in content["intervals"] if each["plan"] == "ferry_age"]
    assert row["count"] == 2
    assert row["effect_low"] <= row["effect_median"] <= row["effect_high"]
    assert content["failure"].startswith("The plan fails in none of 2 cases")
    assert "at least 32" in content["failure"]
    again = cli(*words, "--out", home / "out", "--quiet")
    assert again.code == 0
    assert "Median and 80 % interval" in again.out
    assert {"intervals.csv", "samples.csv", "economies.csv"} <= {
        path.name for path in (home / "out").iterdir()
    }


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        ("power_cost", "no measure is called 'power_cost'; did you mean power_cost_musd"),
        (
            "corridor_t",
            "--measure: 'corridor_t' has a figure for each corridor",
        ),
    ],
)
def test_measure_is_refused_before_the_samples(cli: Cli, home: Path, measure: str, message: str) -> None:
    text = STUDY.replace("[power_cost_musd]", "[power_cost_musd, corridor_t]")
    (home / "parts.yaml").write_text(text, encoding="utf-8")
    run = cli("ensemble", home / "parts.yaml", "--measure", measure, "--store", home / "unused")
    assert run.code == 1
    assert message in run.err
    assert not (home / "unused").exists()


def test_ensemble_of_the_baseline_alone_has_intervals_and_no_effect(cli: Cli, home: Path) -> None:
    (home / "alone.yaml").write_text(STUDY.replace("[ferry_age]", "[as_is]"), encoding="utf-8")
    run = cli("ensemble", home / "alone.yaml", "--samples", "2", "--store", home / "store", "--json")
    assert run.code == 0
    content = json.loads(run.out)
    assert {row["plan"] for row in content["intervals"]} == {"as_is"}
    assert "shares" not in content
    assert content["failure"].startswith("No effect to explain: the study has no plan but its baseline")


def test_values_of_projects_sum_to_that_of_the_plan(cli: Cli, home: Path) -> None:
    run = cli(
        "project-values", "ferry_age", "--region", home / "pack", "--baseline", "as_is", "--year", "2036",
        "--store", home / "store", "--json",
    )  # fmt: skip
    assert run.code == 0
    content = json.loads(run.out)
    rows = {each["project"]: each for each in content["projects"] if each["measure"] == "power_unserved_gwh"}
    assert set(rows) == {"ferry_far_line", "hill_wind", "strait_cable"}
    # 40 MW of wind, 30 % of the year, serve load that the engines do not reach.
    assert rows["hill_wind"]["pint"] == pytest.approx(-40.0 * 0.3 * 8.76, rel=1e-3)
    # The value of three projects is that of two together and of the third taken out last.
    pairs = [each for each in content["pairs"] if each["measure"] == "power_unserved_gwh"]
    both = next(each for each in pairs if {each["project"], each["other"]} == {"ferry_far_line", "hill_wind"})
    total = both["together"] + rows["strait_cable"]["toot"]
    assert sum(each["shapley"] for each in rows.values()) == pytest.approx(total, abs=1e-6)
    assert {each["shapley_error"] for each in rows.values()} == {0.0}


def test_study_of_a_region_without_rules_is_refused(cli: Cli, home: Path, tmp_path: Path) -> None:
    write_powered_isles(tmp_path / "pack", ISLES)
    rules = tmp_path / "pack" / "uncertainty_rules.csv"
    rules.write_text(rules.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    run = cli("ensemble", tmp_path / "study.yaml", "--store", home / "store")
    assert run.code == 1
    assert "add rows to uncertainty_rules" in run.err
