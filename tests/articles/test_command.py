"""``sogdia read`` as a user sees it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from typer.testing import CliRunner

from sogdia.articles.scoring import GOLD_FIELDS
from sogdia.cli.main import app

from .conftest import OWN

ARTICLE = str(OWN / "a01_wire.txt")


def run(*arguments: str, text: str | None = None) -> str:
    result = CliRunner().invoke(app, ["read", *arguments], input=text, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_table_is_legible_at_a_hundred_columns() -> None:
    lines = run(ARTICLE).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Uzbekistan orders")


def test_csv_begins_with_the_columns_of_a_gold_file_and_can_be_scored_against(tmp_path: Path) -> None:
    told = run(ARTICLE, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert tuple(rows[0])[: len(GOLD_FIELDS)] == GOLD_FIELDS
    gold = tmp_path / "own.gold.csv"
    gold.write_text(told, encoding="utf-8")
    scores = json.loads(run(ARTICLE, "--score", str(gold), "--format", "json"))["scores"]
    assert {row["f1"] for row in scores} == {1.0}


def test_json_has_head_and_claims() -> None:
    content = json.loads(run(ARTICLE, "--format", "json"))
    assert content["article"]["date"] == "2025-09-24"
    assert {"type", "partners", "quote", "modality", "speaker"} <= set(content["claims"][0])


def test_standard_input_reads_the_same_as_the_file() -> None:
    text = Path(ARTICLE).read_text(encoding="utf-8")
    told = [json.loads(run(name, "--format", "json", text=text))["claims"] for name in (ARTICLE, "-")]
    assert told[0] == told[1]


def test_reading_twice_gives_the_same() -> None:
    assert run(ARTICLE, "--format", "json") == run(ARTICLE, "--format", "json")


def test_an_article_without_claims_says_so(tmp_path: Path) -> None:
    file = tmp_path / "tea.txt"
    file.write_text("Tea\nThe delegates drank tea.\n", encoding="utf-8")
    assert "no claims" in run(str(file))
