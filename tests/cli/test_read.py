"""Output of ``sogdia read``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from typer.testing import CliRunner

from sogdia.articles import GOLD_FIELDS
from sogdia.cli.main import app

ARTICLE = str(Path(__file__).parents[1] / "articles" / "articles" / "a01_wire.txt")


def run(*arguments: str, text: str | None = None) -> str:
    result = CliRunner().invoke(app, ["read", *arguments], input=text, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_table_is_at_most_100_columns_wide() -> None:
    lines = run(ARTICLE).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Uzbekistan orders")


def test_csv_output_serves_as_a_gold_file(tmp_path: Path) -> None:
    output = run(ARTICLE, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert tuple(rows[0])[: len(GOLD_FIELDS)] == GOLD_FIELDS
    gold = tmp_path / "own.gold.csv"
    gold.write_text(output, encoding="utf-8")
    scores = json.loads(run(ARTICLE, "--score", str(gold), "--format", "json"))["scores"]
    assert {row["f1"] for row in scores} == {1.0}


def test_json_output_holds_metadata_and_claims() -> None:
    content = json.loads(run(ARTICLE, "--format", "json"))
    assert content["article"]["date"] == "2025-09-24"
    assert {"type", "partners", "quote", "modality", "speaker"} <= set(content["claims"][0])


def test_standard_input_gives_the_claims_of_the_file() -> None:
    text = Path(ARTICLE).read_text(encoding="utf-8")
    from_file, from_input = (
        json.loads(run(name, "--format", "json", text=text))["claims"] for name in (ARTICLE, "-")
    )
    assert from_file == from_input


def test_reading_twice_gives_the_same_output() -> None:
    assert run(ARTICLE, "--format", "json") == run(ARTICLE, "--format", "json")


def test_article_without_claims_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "tea.txt"
    file.write_text("Tea\nThe delegates drank tea.\n", encoding="utf-8")
    assert "no claims" in run(str(file))
