"""``sogdia counterfactual``: output, files and errors."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from trade.worlds import two
from typer.testing import CliRunner, Result

from sogdia.cli.main import app
from sogdia.errors import CannotRunError, FaultsError, InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    two().to_csv(tmp_path / "flows.csv", index=False)
    (tmp_path / "change.csv").write_text("exporter,importer,factor\n*,*,inf\n")
    (tmp_path / "theta.csv").write_text("sector,theta\nall,4\n")
    (tmp_path / "tariffs.csv").write_text("exporter,importer,tariff_pct\nA,B,25\nB,A,25\n")
    return tmp_path


def run(folder: Path, *options: str) -> Result:
    words = [str(folder / word) if word.endswith(".csv") else word for word in options]
    return CliRunner().invoke(app, ["counterfactual", "--flows", str(folder / "flows.csv"), *words])


def test_json_has_welfare_flows_and_convergence(folder: Path) -> None:
    result = run(folder, "--change", "change.csv", "--theta", "4", "--json")
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record["converged"]
    by_name = {row["economy"]: row for row in record["economies"]}
    assert by_name["A"]["welfare_pct"] == pytest.approx(100.0 * (0.8**0.25 - 1.0))
    assert {row["rule"] for row in record["report"]} == {"cut off"}
    assert len(record["flows"]) == 4


def test_files_of_elasticities_and_tariffs_are_used(folder: Path) -> None:
    result = run(folder, "--theta", "theta.csv", "--tariffs-after", "tariffs.csv", "--json")
    record = json.loads(result.stdout)
    share = 0.2 * 1.25**-4.0 / (0.8 + 0.2 * 1.25**-4.0)
    expected = 0.2 * share * 100.0 / (1.0 - 0.2 * share)
    assert record["economies"][0]["tariff_revenue"] == pytest.approx(expected)


def test_table_is_printed_and_files_are_written(folder: Path) -> None:
    result = run(folder, "--change", "change.csv", "--out", str(folder / "out"))
    assert result.exit_code == 0
    assert "Terms of" in result.stdout
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"economies.csv", "flows.csv", "report.csv", "sectors.csv"}
    assert len(pd.read_csv(folder / "out" / "economies.csv")) == 2


def test_errors_of_a_file_have_their_lines(folder: Path) -> None:
    (folder / "flows.csv").write_text("exporter,importer,value\nA,A,9\nA,B,-3\nB,A,x\nB,B,1\n")
    result = run(folder)
    assert isinstance(result.exception, FaultsError)
    assert [str(fault) for fault in result.exception.faults] == [
        "flows.csv:4 value: x is not a number",
        "flows.csv:3 value: -3 is out of range; expected a number >= 0",
    ]


def test_missing_files_and_invalid_values_are_errors(folder: Path) -> None:
    assert isinstance(run(folder, "--change", "none.csv").exception, CannotRunError)
    assert isinstance(run(folder, "--theta", "none.csv").exception, CannotRunError)
    (folder / "theta.csv").write_text("sector,theta\nall,-1\n")
    assert isinstance(run(folder, "--theta", "theta.csv").exception, FaultsError)
    result = run(folder, "--tolerance", "2")
    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith("tolerance: ")


def test_help_names_the_columns_of_files() -> None:
    text = CliRunner().invoke(app, ["counterfactual", "--help"], env={"COLUMNS": "200"}).stdout
    for words in (
        "exporter, importer, sector (optional), value",
        "factor",
        "tariff_pct",
        "economy, sector, share",
    ):
        assert words in text
