"""`sogdia partners` as a user meets it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from dependence.small_region import land

from sogdia.cli import main


class Run(NamedTuple):
    """One call of the command line."""

    code: int | str
    out: str
    err: str


Partners = Callable[..., Run]
PLAN = "title: A road\nprojects:\n  - project: pj_road\n    opening_year: 2023\n    finance:\n"
PLAN += "      - {partner: XBK, lender_class: bank_soft, share_pct: 60}\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    land(folder / "land")
    (folder / "road.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "none.yaml").write_text("title: Nothing\n", encoding="utf-8")
    (folder / "now.yaml").write_text("title: Now\nyear: 2023\ngrowth: none\n", encoding="utf-8")
    return folder


@pytest.fixture
def partners(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, files: Path) -> Partners:
    monkeypatch.setenv("COLUMNS", "140")

    def call(*words: object) -> Run:
        fixed = ["--region", files / "land", "--scenario", files / "now.yaml", "--base", files / "none.yaml"]
        fixed += ["--store", files / "store", "--workers", 1, "--quiet"]
        monkeypatch.setattr(sys, "argv", ["sogdia", "partners", *map(str, fixed), *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Run(ended.value.code or 0, *capsys.readouterr())

    return call


def test_tables_and_sentences_for_people(partners: Partners, files: Path) -> None:
    run = partners("--plan", files / "road.yaml", "--against", files / "none.yaml", "--home", "XAB")
    assert run.code == 0
    assert "Belda: loss when a partner leaves, % of GDP a year" in run.out
    assert "Belda depends most on Celda" in run.out
    assert "From plan none to plan road: changes of dependence, points" in run.out
    assert "Alda depends" not in run.out


def test_all_of_it_as_json_and_as_a_workbook(partners: Partners, files: Path) -> None:
    book = files / "all.xlsx"
    run = partners("--plan", files / "road.yaml", "--json", "--xlsx", book)
    assert run.code == 0
    told = json.loads(run.out)
    assert list(told["partners"]) == ["north", "south", "bank"]
    assert {row["home"] for row in told["headline"]} == {"XAA", "XAB"}
    assert told["engine"]["coalitions"] == 8
    assert told["sentences"]["XAA"]
    assert told["money_finance"][0]["grant_element_pct"] == pytest.approx(48.5, abs=1.0)
    sheets = pd.read_excel(book, sheet_name=None)
    assert {"headline", "shares", "channels", "losses", "exposure", "money_burdens"} <= set(sheets)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--home", "XAZ"), "no economy of the region is called 'XAZ'"),
        (("--partner", "west"), "no partner is called 'west'"),
        (("--level", "harsh"), "no pressure level is called 'harsh'"),
        (("--imbalance", "none"), "imbalance"),
        (("--plan", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_slips_of_the_pen_are_told(
    partners: Partners, files: Path, words: tuple[str, str], told: str
) -> None:
    plan = () if "--plan" in words else ("--plan", files / "road.yaml")
    run = partners(*plan, *words)
    assert run.code in (1, 2)
    assert told in run.err
    assert "Traceback" not in run.err
