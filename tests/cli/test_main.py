"""Exit codes, errors, interruptions and help of the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_group

import sogdia
from cli.running import Cli
from sogdia.cli import main
from sogdia.cli.main import app, log_first
from sogdia.errors import InputError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check", "central_azia"), "is called 'central_azia'; did you mean central_asia?"),
        (("check", "no/such/folder"), "no/such/folder: no such folder"),
        (("case", "--plan", "missing.yaml"), "missing.yaml: no such file"),
        (("assign", "--net", "x" * 300, "--trips", "y"), "...': File name too long"),
        (("case", "--region", "no/such/folder"), "no/such/folder: no such folder"),
        (("describe", "--format", "latex"), "'latex' is not one of 'markdown', 'json'"),
        (("case", "--year", "soon"), "Invalid value for '--year'"),
        (("case", "--year", "3000"), "Invalid value for '--year'"),
        (("chekc",), "No such command 'chekc'"),
        (("ls", "--runs", "--store", __file__), "test_main.py is a file: give a folder"),
        (("compare", "a", "b", "--store", __file__), "test_main.py is a file: give a folder"),
    ],
)  # fmt: skip
def test_call_that_cannot_run_exits_with_2(cli: Cli, words: tuple[str, ...], message: str) -> None:
    run = cli(*words)
    assert (run.code, run.out) == (2, "")
    assert message in re.sub(r"[\s│]+", " ", run.err)
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tidy", ""), "sogdia: place: the path is empty; name a file or folder"),
        (("ls", "--runs", "--store", ""), "sogdia: --store: the path is empty; name a file or folder"),
        (("ls", "--runs", "--store="), "sogdia: --store: the path is empty; name a file or folder"),
        (("ledger", "export", "--out", ""), "sogdia: --out: the path is empty; name a file or folder"),
        (("case", "--plan", "as_iz"), "sogdia: no plan is called 'as_iz'; did you mean as_is?"),
        (("case", "--scenario", "referense"), "sogdia: no scenario is called 'referense'; did you mean ref"),
        (("case", "--year", "2099"), "2099 is outside 2023 to 2040"),
        (("describe", "central_azia"), "did you mean central_asia?"),
    ],
)  # fmt: skip
def test_error_in_the_input_exits_with_1(cli: Cli, words: tuple[str, ...], message: str) -> None:
    run = cli(*words)
    assert (run.code, run.out) == (1, "")
    assert message in run.err
    assert "Traceback" not in run.err


def test_version_is_printed(cli: Cli) -> None:
    assert cli("version").out == f"{sogdia.__version__}\n"


def test_internal_error_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr("sogdia.region.read_pack", broken)
    monkeypatch.setattr(sys, "argv", ["sogdia", "check"])
    with pytest.raises(KeyError, match="a mistake of ours"):
        main()


@pytest.mark.parametrize("deep", [False, True])
def test_interruption_is_reported_also_in_compiled_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], deep: bool
) -> None:
    def interrupt(*_words: object) -> None:
        if deep:
            raise SystemError("returned a result with an exception set") from KeyboardInterrupt()
        raise KeyboardInterrupt

    monkeypatch.setattr("sogdia.region.read_pack", interrupt)
    monkeypatch.setattr(sys, "argv", ["sogdia", "check"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert "sogdia: interrupted; finished runs are in the store" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("brief", "--plan", "green_export", "--scenarios", "reference", "--no-dependence"),
        ("export", "--format", "xlsx"),
        ("export", "--format", "gmns"),
        ("freight",),
        ("trade",),
        ("power",),
        ("validate",),
        ("calibrate", "freight"),
    ],
)
def test_unwritable_folder_is_reported_before_the_computation(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed_too_early(*_words: object, **_more: object) -> None:
        raise AssertionError("the computation had begun")

    monkeypatch.setattr("sogdia.case.case.Case.table", computed_too_early)
    file = tmp_path / "file"
    file.write_text("kept", encoding="utf-8")
    run = cli(*words, "--out", file)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"sogdia: {file}: is a file; give a folder\n"
    assert file.read_text(encoding="utf-8") == "kept"


def fresh(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    env = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", "sogdia", *words],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=env,
        cwd=ROOT,
    )


def test_new_process_prints_the_same_error() -> None:
    run = fresh("case", "--plan", "as_iz")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.splitlines()[-1] == "sogdia: no plan is called 'as_iz'; did you mean as_is?"


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["case", "--help"], ["version"]])
def test_help_imports_no_heavy_library(words: list[str]) -> None:
    script = (
        "import sys\n"
        f"sys.argv = ['sogdia', *{words!r}]\n"
        "from sogdia.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as ended:\n    assert not ended.code, ended.code\n"
        "heavy = {'pandas', 'frictionless', 'scipy', 'numpy', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'imported: {sorted(heavy)}' if heavy else 0)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, encoding="utf-8"
    )
    assert (process.returncode, process.stderr) == (0, "")


def commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


COMMANDS = dict(commands(get_group(app)))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_of_a_command_is_one_sentence_first(words: tuple[str, ...]) -> None:
    first = (COMMANDS[words].help or "").split("\n\n")[0]
    assert first.endswith(".")
    assert len(first) <= 110
    assert "\n" not in first


def test_shared_option_has_one_meaning() -> None:
    helps: dict[str, set[str | None]] = {}
    for command in COMMANDS.values():
        for option in command.params:
            if option.param_type_name == "option":
                helps.setdefault(option.opts[0], set()).add(option.help)
    shared = ("--region", "--scenario", "--year", "--home", "--threads", "--store", "--json", "--quiet")
    assert {name: len(helps[name]) for name in shared} == dict.fromkeys(shared, 1)


def test_commands_in_the_documents_exist(cli: Cli) -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    shown = {name for text in texts for name in re.findall(r"\bbin/sogdia ([a-z][a-z-]*)", text)}
    assert {"check", "describe", "case", "ls", "new-region", "refresh"} <= shown
    for name in shown:
        assert cli(name, "--help").code == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["check", "x", "--log", "a", "--log=b"], ["--log", "a", "--log=b", "check", "x"]),
        (["check", "--", "--log", "a"], ["check", "--", "--log", "a"]),
        (["--log", "a", "check"], ["--log", "a", "check"]),
    ],
)
def test_option_for_all_commands_may_be_anywhere(words: list[str], expected: list[str]) -> None:
    assert log_first(words) == expected


def test_option_for_all_commands_without_its_file_is_named() -> None:
    with pytest.raises(InputError, match="--log: the file is missing"):
        log_first(["check", "x", "--log"])
