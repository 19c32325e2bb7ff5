"""``sogdia dependence``: output, workbook and errors."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from dependence.small_region import small_region

from cli.running import Cli

PLAN = "title: A road\nprojects:\n  - project: pj_road\n    opening_year: 2023\n    finance:\n"
PLAN += "      - {partner: XBK, lender_class: bank_soft, share_pct: 60}\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    small_region(folder / "land")
    (folder / "road.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "later.yaml").write_text(PLAN.replace("2023", "2040"), encoding="utf-8")
    (folder / "none.yaml").write_text("title: Nothing\n", encoding="utf-8")
    (folder / "now.yaml").write_text("title: Now\nyear: 2023\ngrowth: none\n", encoding="utf-8")
    return folder


@pytest.fixture
def dependence(cli: Cli, monkeypatch: pytest.MonkeyPatch, files: Path) -> Cli:
    monkeypatch.setenv("COLUMNS", "140")
    fixed = ["--region", files / "land", "--scenario", files / "now.yaml", "--baseline", files / "none.yaml"]
    return cli.command("dependence", *fixed, "--store", files / "store", "--workers", 1, "--quiet")


def test_tables_and_sentences_of_the_chosen_home_are_printed(dependence: Cli, files: Path) -> None:
    run = dependence("--plan", files / "road.yaml", "--against", files / "none.yaml", "--home", "XAB")
    assert run.code == 0
    assert "Belda: loss if a partner withdraws, tenth year, % of GDP a year" in run.out
    assert "the withdrawal of Celda would cost Belda most" in run.out
    assert "From plan none to plan road: changes of dependence, percentage points" in run.out
    assert "would cost Alda" not in run.out


def test_json_and_workbook_have_every_table(dependence: Cli, files: Path) -> None:
    book = files / "all.xlsx"
    run = dependence("--plan", files / "road.yaml", "--json", "--xlsx", book)
    assert run.code == 0
    record = json.loads(run.out)
    assert list(record["partners"]) == ["north", "south", "bank"]
    assert {row["home"] for row in record["headline"]} == {"XAA", "XAB"}
    assert record["engine"]["coalitions"] == 8
    assert record["sentences"]["XAA"]
    assert record["money_finance"][0]["grant_element_pct"] == pytest.approx(48.5, abs=1.0)
    sheets = pd.read_excel(book, sheet_name=None)
    assert {"headline", "shares", "channels", "losses", "exposure", "money_burdens"} <= set(sheets)


def test_project_that_opens_later_is_named(dependence: Cli, files: Path) -> None:
    run = dependence("--plan", files / "later.yaml", "--solo", "--no-channels")
    assert run.code == 0
    note = "sogdia: note: 1 project of the plan without effect in 2023, opening later: pj_road\n"
    assert run.err.count(note) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--home", "XAZ"), "no economy of the region is called 'XAZ'"),
        (("--partner", "west"), "no partner is called 'west'"),
        (("--level", "harsh"), "no pressure level is called 'harsh'"),
        (("--imbalance", "none"), "imbalance"),
        (("--debt-ceiling", "XAA"), "--debt-ceiling XAA: expected CODE=PERCENT"),
        (("--plan", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_invalid_option_is_an_error(
    dependence: Cli, files: Path, words: tuple[str, str], message: str
) -> None:
    plan = () if "--plan" in words else ("--plan", files / "road.yaml")
    run = dependence(*plan, *words)
    assert run.code in (1, 2)
    assert message in run.err
    assert "Traceback" not in run.err
