"""Shipped examples: each file with a command that reads it, and no file of the user replaced."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import sogdia
from cli.running import Cli
from sogdia.api.examples import TRIES, copy_examples
from sogdia.errors import CannotRunError

SHIPPED = Path(sogdia.__file__).parent / "examples"
QUICK = {"assign", "counterfactual"}
"""Commands that run on the examples in seconds."""


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_shipped_file_is_copied_and_listed(cli: Cli, tmp_path: Path) -> None:
    run = cli("examples", tmp_path / "mine")
    assert (run.code, run.err) == (0, "")
    assert content(tmp_path / "mine") == content(SHIPPED) != {}
    assert set(content(SHIPPED)) == set(TRIES)
    assert [line for line in run.out.splitlines() if not line.startswith(" ")] == [
        str(tmp_path / "mine" / name) for name in TRIES
    ]


def test_second_copy_writes_no_file_and_says_so(cli: Cli, tmp_path: Path) -> None:
    copy_examples(tmp_path)
    (tmp_path / "study.yaml").unlink()
    assert copy_examples(tmp_path) == (tmp_path / "study.yaml",)
    assert cli("examples", tmp_path).out.count("(there already)") == len(TRIES)


def test_file_that_differs_is_named_and_no_file_is_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "trade").mkdir()
    (tmp_path / "trade" / "flows.csv").write_text("my own\n")
    (tmp_path / "study.yaml").symlink_to(tmp_path / "absent.yaml")
    before = content(tmp_path)
    run = cli("examples", tmp_path)
    assert run.code == 2
    assert "differ from the examples: study.yaml, trade/flows.csv; name another folder" in run.err
    assert content(tmp_path) == before


def test_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(CannotRunError, match="mine"):
        copy_examples(tmp_path / "mine")


def test_listed_commands_are_valid_in_a_folder_with_a_blank(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [shlex.split(line) for line in cli("examples", "my files").out.splitlines() if line[0] == " "]
    assert {words[1] for words in lines} >= QUICK | {"brief", "freight", "run", "portfolio"}
    for _, command, *words in lines:
        assert all((tmp_path / word).is_file() for word in words if "my files" in word)
        if command in QUICK:
            assert cli(command, *words).code == 0


def test_scenario_and_study_of_the_examples_are_valid(cli: Cli, tmp_path: Path) -> None:
    case = cli("case", "--scenario", SHIPPED / "border_closed.yaml")
    assert case.code == 0
    assert "shock 1 closure" in case.out
    status = cli("status", SHIPPED / "study.yaml", "--store", tmp_path / "store")
    assert "0 of 6 finished" in status.out
