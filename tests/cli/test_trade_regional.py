"""`sogdia trade` on a region as a user meets it."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from freight.borderland import write_borderland

from sogdia.cli import main


class Run(NamedTuple):
    """One call of the command line."""

    code: int | str
    out: str
    err: str


Trade = Callable[..., Run]


@pytest.fixture
def trade(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Trade:
    monkeypatch.setenv("COLUMNS", "120")

    def call(*words: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["sogdia", "trade", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Run(ended.value.code or 0, *capsys.readouterr())

    return call


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario: one neighbour leaves."""
    path = tmp_path_factory.mktemp("scenarios") / "sealed.yaml"
    shock = "shocks:\n  - {kind: withdrawal, partner: north, reason: made up}\n"
    path.write_text(f"title: Sealed\nyear: 2023\ngrowth: none\n{shock}", encoding="utf-8")
    return path


def strictly(text: str) -> Any:
    """JSON as the standard has it: no NaN, no Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_what_is_printed(trade: Trade, land: Path, sealed: Path) -> None:
    run = trade("--region", land, "--scenario", sealed)
    assert run.code == 0, run.err
    first = run.out.splitlines()[0]
    assert first.startswith("borderland 2023, plan as_is, scenario sealed, against plan as_is with nothing")
    for title in ("The region: real spending on goods", "Trade that changes most", "Costs that change most"):
        assert title in run.out
    assert "cut off" in run.out
    assert "nan" not in run.out
    assert "inf" not in run.out


def test_json_and_files_hold_the_same(trade: Trade, land: Path, sealed: Path, tmp_path: Path) -> None:
    run = trade("--region", land, "--scenario", sealed, "--json", "--out", tmp_path / "out")
    assert run.code == 0, run.err
    told = strictly(run.out)
    assert told["feedback"] is True
    assert 1 <= told["rounds"] < 10
    assert len(told["history"]) == told["rounds"]
    home = [row for row in told["economies"] if row["home"]]
    assert [row["economy"] for row in told["economies"][: len(home)]] == [row["economy"] for row in home]
    assert all(row["welfare_pct"] < 0.0 for row in home if row["economy"] == "XAB")
    cut = [row for row in told["costs"] if row["cut_off"]]
    assert cut
    assert all(row["cost_hat"] is None for row in cut)
    names = {"economies", "pairs", "flows", "costs", "undelivered", "history", "rules"}
    assert {path.stem for path in (tmp_path / "out").iterdir()} == names
    with (tmp_path / "out" / "flows.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(told["flows"])


def test_without_feedback(trade: Trade, land: Path, sealed: Path) -> None:
    told = strictly(trade("--region", land, "--scenario", sealed, "--no-feedback", "--json").out)
    assert told["rounds"] == 0
    assert all(row["before_t"] == row["after_t"] for row in told["flows"])


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--plan", "as_iss"], 1, "no plan is called 'as_iss'"),
        (["--imbalance", "zero"], 1, "'additive' or 'multiplicative'"),
        (["--composition", "mixed"], 2, "mixed"),
        (["--change", "changes.csv"], 2, "goes with a matrix"),
    ],
)
def test_what_does_not_fit_is_told(
    trade: Trade, land: Path, words: list[str], code: int, message: str
) -> None:
    run = trade("--region", land, "--year", 2023, *words)
    assert run.code == code
    assert message in run.err
    assert "Traceback" not in run.err


def test_a_folder_that_cannot_be_written(trade: Trade, land: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = trade("--region", land, "--year", 2023, "--out", tmp_path / "file" / "below")
    assert run.code == 2
    assert "Traceback" not in run.err


@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_the_terminal(
    trade: Trade, land: Path, sealed: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    run = trade("--region", land, "--scenario", sealed, "--compare")
    assert run.code == 0, run.err
    assert max(map(len, run.out.splitlines())) <= width
    for heading in ("welfare,", "goods", "before", "sector", "exporter", "unsplit"):
        assert re.search(rf"\b{heading}", run.out), "headings are whole words"


def test_compositions_beside_each_other(trade: Trade, land: Path, sealed: Path) -> None:
    told = strictly(trade("--region", land, "--scenario", sealed, "--compare", "--json").out)
    rows = told["compositions"]
    assert {row["composition"] for row in rows} == {"one_sector", "exporter", "unsplit"}
    usual = {row["economy"]: row["welfare_pct"] for row in rows if row["composition"] == "one_sector"}
    home = [row for row in told["economies"] if row["home"]]
    assert usual == {row["economy"]: row["welfare_pct"] for row in home}
