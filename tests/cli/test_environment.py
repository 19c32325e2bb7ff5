"""The command line where something is missing: libraries, letters, room, an open stream, time to finish."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click import Command, Context

from sogdia.cli.commands import NEEDED, NEEDED_BY_FORMAT, name_of
from sogdia.cli.terminal import plain_text, prepare_environment
from sogdia.extras import LIBRARIES

HERE = Path(__file__).parent
ISLES = HERE.parent / "packs" / "isles"
OF_THE_CORE = {"charset_normalizer", "jinja2", "markupsafe"}
"""Libraries of extras that frictionless brings too."""
OPTIONAL = {name for names in LIBRARIES.values() for name in names} - OF_THE_CORE
ARTICLE = "ASTANA, 3 March 2026. Kazakhstan and China signed a loan of $100 million for a railway.\n"
FLOWS = "exporter,importer,value\nA,A,50\nA,B,10\nB,A,12\nB,B,40\n"
WORKS = [
    ["--version"], ["version"], ["--help"], ["-h"], ["brief", "-h"], ["check", "PACK"], ["describe", "PACK"],
    ["ls", "--region", "PACK"], ["case", "--region", "PACK"], ["new-region", "new"], ["refresh", "new"],
    ["case", "--region", "PACK", "--out", "case"], ["tidy", "new"],
    ["ledger", "totals", "--region", "PACK"], ["ledger", "totals", "--region", "PACK", "--csv", "totals.csv"],
    ["ledger", "quality", "--region", "PACK"], ["ledger", "calendar", "--region", "PACK"],
    ["ledger", "export", "--format", "csv", "--region", "PACK", "--out", "ledger"],
]  # fmt: skip
"""Commands that need no extra."""
ARGUMENTS: dict[str, list[str]] = {
    "assign": ["--net", "flows.csv"],
    "brief": ["a.txt"],
    "compare": ["a/b", "c/d"],
    "counterfactual": ["--flows", "flows.csv"],
    "ensemble": ["study.yaml"],
    "gravity": ["--data", "flows.csv", "--covariate", "distance"],
    "ledger import": ["a.xml", "--out", "rows"],
    "ledger match": ["a.txt"],
    "ledger propose": ["a.txt"],
    "plan-from": ["a.txt"],
    "portfolio": ["portfolio.yaml"],
    "project-values": ["as_is"],
    "read": ["a.txt"],
    "resume": ["study.yaml"],
    "rm": ["a/b"],
    "run": ["study.yaml"],
    "status": ["study.yaml"],
}
NEED: list[tuple[list[str], tuple[str, ...]]] = [
    *(([*name.split(), *ARGUMENTS.get(name, [])], extras) for name, extras in NEEDED.items()),
    *(
        (["export", "--format", f, "--out", "out", "--region", "PACK"], e)
        for f, e in NEEDED_BY_FORMAT.items()
    ),
    (["ls", "--runs"], ("study",)),
    (["ledger", "export", "--region", "PACK", "--out", "a.xml"], ("ledger",)),
    (["ledger", "export", "--format", "xlsx", "--region", "PACK", "--out", "a.xlsx"], ("ledger",)),
    (["ledger", "calendar", "a.txt", "--region", "PACK"], ("ledger",)),
    (["tidy", "book.xlsx"], ("geo",)),
]


@pytest.fixture(scope="module")
def core_alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Results of all commands in a process without any optional library."""
    folder = tmp_path_factory.mktemp("core")
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "flows.csv").write_text(FLOWS, encoding="utf-8")
    (folder / "book.xlsx").write_bytes(b"")
    words = [*WORKS, *(words for words, _ in NEED)]
    shown = [[str(ISLES) if word == "PACK" else word for word in each] for each in words]
    finished = subprocess.run(
        [sys.executable, HERE / "without_libraries.py", ",".join(sorted(OPTIONAL)), json.dumps(shown)],
        cwd=folder, capture_output=True, encoding="utf-8", check=True, env=environment(folder),
    )  # fmt: skip
    results = json.loads(finished.stdout)
    return {" ".join(each): result for each, result in zip(words, results, strict=True)}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Environment variables with a store and a cache of their own."""
    return {**os.environ, "SOGDIA_STORE": str(folder / "store"), "SOGDIA_CACHE": str(folder), **more}


def said(messages: str) -> list[str]:
    """Return the lines of standard error but those of progress, which a slow machine gets."""
    return [line for line in messages.splitlines() if not re.match(r"\d+ s: ", line)]


@pytest.mark.parametrize("words", WORKS, ids=" ".join)
def test_command_without_extras_works_with_the_core_alone(
    core_alone: dict[str, dict[str, Any]], words: list[str]
) -> None:
    result = core_alone[" ".join(words)]
    assert (result["code"], said(result["err"])) == (0, [])


@pytest.mark.parametrize(("words", "extras"), NEED, ids=lambda part: " ".join(part))
def test_command_names_missing_extras_and_the_line_to_install(
    core_alone: dict[str, dict[str, Any]], words: list[str], extras: tuple[str, ...]
) -> None:
    result = core_alone[" ".join(words)]
    assert (result["code"], result["out"]) == (2, "")
    (line,) = said(result["err"])
    assert line.startswith("sogdia: ")
    assert line.endswith(f": pip install 'sogdia[{','.join(extras)}]'")


def sogdia(*words: str, folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    more = options.pop("env", {})
    return subprocess.run(
        [sys.executable, "-m", "sogdia", *words], cwd=folder, check=False, encoding="utf-8",
        env=environment(folder, **more), **{"capture_output": "stdout" not in options, **options},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "used"),
    [("0", None), ("-5", None), ("abc", None), ("\u00b2", None), ("", None), ("40", "40"), (" 4, 2", "4")],
)
@pytest.mark.parametrize("name", ["COLUMNS", "OMP_NUM_THREADS"])
def test_count_in_the_environment_that_is_none_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    used: str | None,
) -> None:
    # In a width of 0 rich prints no figure; threads that are no number end an import with a traceback.
    monkeypatch.setenv(name, value)
    prepare_environment()
    assert os.environ.get(name) == used
    note = f"sogdia: note: {name} is {value!r}, not a number above 0, and is not used\n"
    assert capsys.readouterr().err == ("" if used or not value or name == "COLUMNS" else note)


def test_closed_standard_input_is_empty(tmp_path: Path) -> None:
    finished = sogdia("read", "-", folder=tmp_path, preexec_fn=lambda: os.close(0))
    assert finished.returncode == 0, finished.stderr
    assert said(finished.stderr) == []


def test_name_of_a_command_is_the_same_under_python_m() -> None:
    for program in ("sogdia", "python -m sogdia"):
        root = Context(Command(None), info_name=program)
        ledger = Context(Command(None), info_name="ledger", parent=root)
        assert name_of(Context(Command(None), info_name="match", parent=ledger)) == "ledger match"


PRINT = """
from rich.console import Console
from sogdia.cli.output import print_json
from sogdia.cli.terminal import prepare_streams
prepare_streams()
print("Baku → Şymkent")
Console(width=40).print("Baku → Şymkent")
print_json({"name": "Şymkent"})
"""


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", ["Baku -> Symkent", "Baku -> Symkent", "{", '  "name": "\\u015eymkent"', "}"]),
        ("cp1252", ["Baku -> Symkent", "Baku -> Symkent", "{", '  "name": "\\u015eymkent"', "}"]),
        ("utf-8", ["Baku → Şymkent", "Baku → Şymkent", "{", '  "name": "Şymkent"', "}"]),
    ],
)
def test_output_in_a_narrow_encoding_has_plain_letters(
    tmp_path: Path, encoding: str, expected: list[str]
) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment(tmp_path, PYTHONIOENCODING=encoding),
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert (finished.stdout.splitlines(), finished.stderr) == (expected, "")


def test_letters_that_a_terminal_lacks_are_plain() -> None:
    assert (
        plain_text("Ош–Кашгар → Şymkent, ∞ km², “A” ≤ 5 °C…")
        == '??-?????? -> Symkent, inf km2, "A" <= 5  degC...'
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_standard_output_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        finished = sogdia("ls", "--region", str(ISLES), folder=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert finished.returncode == 2
    line = "sogdia: standard output: cannot be written: No space left on device"
    assert said(finished.stderr) == [line]


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream by a shell")
def test_closed_standard_output_is_no_error(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m sogdia ls --region "{ISLES}" >&-'
    finished = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env=environment(tmp_path), check=False,
        stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert (finished.returncode, said(finished.stderr)) == (0, [])


LIBRARY = """
import logging, warnings
def read_pack(*_):
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("fontTools.subset").info("glyf pruned")
    logging.getLogger("other").error("of a library")
    warnings.warn("divide by zero", RuntimeWarning)
    raise SystemExit(0)
import sogdia.region
sogdia.region.read_pack = read_pack
from sogdia.__main__ import main
main()
"""


@pytest.mark.parametrize("place", ["first", "last", "none"])
def test_messages_of_libraries_go_to_the_log_and_never_to_the_terminal(tmp_path: Path, place: str) -> None:
    log = ["--log", "log.txt"] if place != "none" else []
    words = [*log, "check"] if place == "first" else ["check", *log]
    finished = subprocess.run(
        [sys.executable, "-c", LIBRARY, *words], cwd=tmp_path, env=environment(tmp_path),
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    if place == "none":
        assert not (tmp_path / "log.txt").exists()
    else:
        text = (tmp_path / "log.txt").read_text("utf-8")
        assert [word in text for word in ("glyf pruned", "of a library", "divide by zero")] == [True] * 3


INTERRUPTED = """
import sys, threading, time
def read_pack(*_):
    def endless():
        time.sleep(60)
    threading.Thread(target=endless).start()
    try:
        print("ready", flush=True)
        time.sleep(60)
    except KeyboardInterrupt as error:
        raise {error} from error
import sogdia.region
sogdia.region.read_pack = read_pack
from sogdia.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("error", ["error", "SystemError('result with an exception set')", "ValueError('x')"])
def test_interruption_is_one_line_and_exit_code_130_even_with_threads(tmp_path: Path, error: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED.format(error=error), "check"], cwd=tmp_path, text=True,
        env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=50.0)
    assert (process.returncode, said(err)) == (130, ["sogdia: interrupted; finished runs are in the store"])


def test_option_is_named_as_it_was_typed(tmp_path: Path) -> None:
    (tmp_path / "flows.csv").write_text(FLOWS, encoding="utf-8")
    pytest.importorskip("numba")
    finished = sogdia("counterfactual", "--flows", "flows.csv", "--theta", "four", folder=tmp_path)
    assert finished.returncode == 1
    assert said(finished.stderr) == ["sogdia: --theta: 'four' is neither a number nor a file"]


def test_doctor_lists_each_extra_command_and_part_of_the_machine(tmp_path: Path) -> None:
    words = json.dumps([["doctor", "--json"]])
    finished = subprocess.run(
        [sys.executable, HERE / "without_libraries.py", ",".join(sorted(OPTIONAL)), words], cwd=tmp_path,
        capture_output=True, encoding="utf-8", check=True, env=environment(tmp_path),
    )  # fmt: skip
    (result,) = json.loads(finished.stdout)
    assert (result["code"], result["err"]) == (0, "")
    checks = json.loads(result["out"])
    named = {(check["part"], check["name"]): check for check in checks}
    assert {name for part, name in named if part == "extras"} == set(LIBRARIES)
    assert {name for part, name in named if part == "commands"} == set(NEEDED)
    assert not any(check["works"] for (part, _), check in named.items() if part != "environment")
    assert named["extras", "omx"]["note"].endswith("pip install 'sogdia[omx]'")
    assert named["environment", "store of runs"]["works"]
