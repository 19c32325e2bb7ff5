"""The command line as a user meets it: what is printed where, and which exit code says what."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sogdia
from sogdia.cli import main
from sogdia.region import new_region
from sogdia.tables.schema import table_schemas

TABLES = len(table_schemas())

ROOT = Path(__file__).parents[2]


class Run:
    """One call of the command line: exit code, standard output, standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *words: str) -> None:
        patch.setattr(sys, "argv", ["sogdia", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        self.code = 0 if code is None else code
        self.out, self.err = capsys.readouterr()


class Cli:
    """The command line, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys, self._patch = capsys, patch

    def __call__(self, *words: object) -> Run:
        return Run(self._capsys, self._patch, *map(str, words))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("COLUMNS", "100")
    return Cli(capsys, monkeypatch)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A new region."""
    return new_region(tmp_path / "plain")


def spoil(pack: Path) -> Path:
    """The pack with one fault in it."""
    links = pack / "links.csv"
    links.write_text(links.read_text().replace(",60,", ",0,", 1))
    return pack


def test_check_of_a_clean_pack(cli: Cli, plain: Path) -> None:
    run = cli("check", plain)
    assert (run.code, run.err) == (0, "")
    assert re.fullmatch(rf"plain: clean \({TABLES} tables, \d+ rows\)\n", run.out)


def test_check_of_the_shipped_pack(cli: Cli) -> None:
    run = cli("check")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"central_asia: clean ({TABLES} tables, ")


def test_check_tells_file_line_and_field(cli: Cli, plain: Path) -> None:
    run = cli("check", spoil(plain))
    assert run.code == 1
    assert run.out.splitlines()[0] == "links.csv:2 speed_kmh: 0 is below 1"
    assert run.err == "1 fault in plain\n"


def test_check_sees_faults_in_plans_and_scenarios(cli: Cli, plain: Path) -> None:
    (plain / "plans" / "mine.yaml").write_text("title: Mine\nprojects:\n- project: nowhere\n")
    (plain / "scenarios" / "mine.yaml").write_text("title: Mine\nyear: 1999\n")
    run = cli("check", plain)
    assert run.code == 1
    assert run.out.splitlines() == [
        "plans/mine.yaml:3 project: no project is called 'nowhere'",
        "scenarios/mine.yaml:2 year: 1999 is outside 2023 to 2040, the years the region covers",
    ]


def test_check_as_json(cli: Cli, plain: Path) -> None:
    clean = json.loads(cli("check", plain, "--json").out)
    assert clean["clean"] is True
    assert clean["faults"] == []
    run = cli("check", spoil(plain), "--json")
    told = json.loads(run.out)
    assert run.code == 1
    assert told["clean"] is False
    (fault,) = told["faults"]
    assert (fault["file"], fault["line"], fault["field"]) == ("links.csv", 2, "speed_kmh")
    assert set(fault) == {"file", "line", "field", "problem", "suggested_fix", "kind"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "central_azia"), "is called 'central_azia'; did you mean central_asia?"),
        (("check", "no/such/folder"), "no/such/folder: no such folder"),
        (("case", "--plan", "gone.yaml"), "gone.yaml: no such file"),
        (("case", "--region", "no/such/folder"), "no/such/folder: no such folder"),
        (("describe", "--format", "latex"), "'latex' is neither markdown nor json"),
        (("case", "--year", "soon"), "Invalid value for '--year'"),
        (("case", "--year", "3000"), "Invalid value for '--year'"),
        (("chekc",), "No such command 'chekc'"),
    ],
)  # fmt: skip
def test_what_cannot_run_ends_with_two(cli: Cli, words: tuple[str, ...], told: str) -> None:
    run = cli(*words)
    assert (run.code, run.out) == (2, "")
    assert told in re.sub(r"[\s│]+", " ", run.err)
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("case", "--plan", "as_iz"), "sogdia: no plan is called 'as_iz'; did you mean as_is?"),
        (("case", "--scenario", "referense"), "sogdia: no scenario is called 'referense'; did you mean ref"),
        (("case", "--year", "2099"), "2099 is outside 2023 to 2040"),
        (("describe", "central_azia"), "did you mean central_asia?"),
    ],
)  # fmt: skip
def test_a_users_slip_ends_with_one(cli: Cli, words: tuple[str, ...], told: str) -> None:
    run = cli(*words)
    assert (run.code, run.out) == (1, "")
    assert told in run.err
    assert "Traceback" not in run.err


def test_faults_of_a_scenario_are_listed(cli: Cli, plain: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("title: S\nyear: 2030\nshocks:\n- kind: closure\n  reason: r\n  territories: [XAQ]\n")
    run = cli("case", "--region", plain, "--scenario", path)
    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines() == [
        "sogdia: s.yaml:6 territories: no party is called 'XAQ'; did you mean XAB or XAA?",
        "1 error",
    ]


def test_a_shock_that_touches_nothing_is_a_users_slip(cli: Cli, plain: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("title: S\nyear: 2030\nshocks:\n- {kind: closure, reason: r, modes: [ferry]}\n")
    run = cli("case", "--region", plain, "--scenario", path)
    assert run.code == 1
    assert "shock 1 closure: it touches no row" in run.err


def test_describe_in_markdown(cli: Cli, plain: Path) -> None:
    run = cli("describe", plain)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("# Data dictionary: Plain\n")
    assert "\n## links\n" in run.out
    assert "| `length_km` * | number | km |" in run.out


def test_describe_in_json(cli: Cli, plain: Path) -> None:
    told = json.loads(cli("describe", plain, "--format", "json").out)
    links = next(table for table in told["tables"] if table["name"] == "links")
    assert links["rows"] == 2
    assert {field["name"]: field["unit"] for field in links["fields"]}["length_km"] == "km"
    assert sum(told["basis"].values()) > 0


def test_a_new_region_passes_the_check_and_makes_a_case(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert cli("new-region", folder).code == 0
    assert cli("check", folder).code == 0
    assert cli("case", "--region", folder).code == 0
    again = cli("new-region", folder)
    assert again.code == 1
    assert "not an empty folder; nothing was written" in again.err


def test_refresh_mends_the_schemas_of_a_pack(cli: Cli, plain: Path) -> None:
    descriptor = plain / "datapackage.json"
    descriptor.write_text(descriptor.read_text().replace('"km"', '"miles"'))
    assert cli("check", plain).code == 1
    assert cli("refresh", plain).code == 0
    assert cli("check", plain).code == 0


def test_case_prints_every_edit_under_its_cause(cli: Cli) -> None:
    run = cli("case", "--plan", "announced_2025", "--scenario", "pressure_on_china_ties")
    assert (run.code, run.err) == (0, "")
    assert "project pj_cku: plan 'announced_2025' builds it" in run.out
    assert "growth: documented growth from 2023 to 2030" in run.out
    assert "shock 1 sanction: " in run.out
    assert re.search(r"\n\d+ edits; case [0-9a-f]{16}\n$", run.out)


def test_case_as_json_is_the_same_case(cli: Cli) -> None:
    words = ("case", "--plan", "announced_2025", "--scenario", "dry_year")
    told = json.loads(cli(*words, "--json").out)
    assert (told["plan"], told["scenario"], told["region"]) == ("announced_2025", "dry_year", "central_asia")
    assert f"{len(told['changes'])} edits; case {told['digest'][:16]}" in cli(*words).out
    assert all(change["reason"] for change in told["changes"])


def test_case_of_another_year(cli: Cli) -> None:
    told = json.loads(cli("case", "--year", "2035", "--json").out)
    assert told["year"] == 2035
    assert told["digest"] != json.loads(cli("case", "--json").out)["digest"]


def test_case_writes_its_tables(cli: Cli, tmp_path: Path) -> None:
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


def test_case_cannot_write_where_a_file_stands(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    run = cli("case", "--out", tmp_path / "taken")
    assert run.code == 2
    assert run.err.startswith("sogdia: ")


def test_ls_names_regions_plans_and_scenarios(cli: Cli) -> None:
    run = cli("ls")
    assert run.code == 0
    assert "regions: central_asia" in run.out
    assert re.search(r"^  announced_2025 +.* \(\d+ projects\)$", run.out, re.MULTILINE)
    assert re.search(r"^  reference +.* \(2030\)$", run.out, re.MULTILINE)


def test_version(cli: Cli) -> None:
    assert cli("version").out == f"{sogdia.__version__}\n"


def test_our_own_mistake_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr("sogdia.region.read_pack", broken)
    monkeypatch.setattr(sys, "argv", ["sogdia", "check"])
    with pytest.raises(KeyError, match="a mistake of ours"):
        main()


@pytest.mark.parametrize("deep", [False, True])
def test_a_stop_is_told_also_where_a_kernel_was_at_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], deep: bool
) -> None:
    def stopped(*_words: object) -> None:
        if deep:
            raise SystemError("returned a result with an exception set") from KeyboardInterrupt()
        raise KeyboardInterrupt

    monkeypatch.setattr("sogdia.region.read_pack", stopped)
    monkeypatch.setattr(sys, "argv", ["sogdia", "check"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert "sogdia: stopped; runs that were finished are kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("brief", "--plan", "green_export", "--scenarios", "reference", "--no-partners"),
        ("export", "--format", "xlsx"),
        ("export", "--format", "gmns"),
    ],
)
def test_a_folder_that_cannot_be_written_is_told_before_the_work(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_words: object, **_more: object) -> None:
        raise AssertionError("the work had begun")

    for work in ("report.gather.run_all", "study.runs.run_study", "freight.supernetwork.build_supernetwork"):
        monkeypatch.setattr(f"sogdia.{work}", too_late)
    file = tmp_path / "file"
    file.write_text("kept", encoding="utf-8")
    run = cli(*words, "--out", file)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"sogdia: {file}: a file stands there; --out wants a folder\n"
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


def test_a_process_of_its_own_says_the_same() -> None:
    run = fresh("case", "--plan", "as_iz")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "sogdia: no plan is called 'as_iz'; did you mean as_is?\n"


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["case", "--help"], ["version"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    script = (
        "import sys\n"
        f"sys.argv = ['sogdia', *{words!r}]\n"
        "from sogdia.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as ended:\n    assert not ended.code, ended.code\n"
        "heavy = {'pandas', 'frictionless', 'scipy', 'numpy', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'imported: {sorted(heavy)}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_the_documents_show_is_there(cli: Cli) -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    shown = {name for text in texts for name in re.findall(r"\bbin/sogdia ([a-z][a-z-]*)", text)}
    assert {"check", "describe", "case", "ls", "new-region", "refresh"} <= shown
    for name in shown:
        assert cli(name, "--help").code == 0
