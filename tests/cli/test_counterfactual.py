"""``sogdia counterfactual``: output, files and errors."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from trade.worlds import two
from typer.testing import CliRunner, Result

from sogdia.cli.main import app
from sogdia.errors import CannotRunError, FaultsError, InputError, SogdiaError
from sogdia.trade.files import read_frames


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
    assert "Equivalent variation by source, and the published first order" in result.stdout
    names = {path.name for path in (folder / "out").glob("*.csv")}
    tables = ("adjustments", "capacities", "data", "economies", "flows", "report", "sectors", "welfare")
    assert names == {f"{table}.csv" for table in tables}
    assert len(pd.read_csv(folder / "out" / "economies.csv")) == 2


def test_capacities_and_factors_of_files_are_used(folder: Path) -> None:
    rows = ["name,exporter,importer,most,owner", "east,A,B,0.5,importer", "west,B,A,0.5,importer"]
    (folder / "limits.csv").write_text("\n".join(rows) + "\n")
    result = run(folder, "--theta", "4", "--capacities", "limits.csv", "--json")
    record = json.loads(result.stdout)
    assert [row["owner"] for row in record["capacities"]] == ["B", "A"]
    price = 100.0 * (2.25**0.2 - 1.0)
    assert record["capacities"][0]["shadow_price_pct"] == pytest.approx(price, rel=1e-6)
    assert "Shadow" in run(folder, "--theta", "4", "--capacities", "limits.csv").stdout
    (folder / "factors.csv").write_text("sector,share\nall,0.4\n")
    (folder / "labour.csv").write_text("economy,factor\n*,2\n")
    result = run(
        folder, "--theta", "4", "--specific", "factors.csv", "--labour", "labour.csv",
        "--change", "change.csv", "--json",
    )  # fmt: skip
    record = json.loads(result.stdout)
    # Autarky: real income rises by 2^0.6 with twice the labour and falls to 0.8^(1/4).
    assert record["economies"][0]["rents"] == pytest.approx(40.0)
    assert record["economies"][0]["welfare_pct"] == pytest.approx(100.0 * (2.0**0.6 * 0.8**0.25 - 1.0))
    (folder / "paid.csv").write_text("payer,receiver,value\nA,B,10\n")
    (folder / "more.csv").write_text("counterfactual,payer,receiver,factor\nnone,A,B,0\ntwice,A,B,2\n")
    words = ("--theta", "4", "--transfers", "paid.csv", "--transfers-after", "more.csv", "--json")
    record = json.loads(run(folder, *words).stdout)
    found = [row["transfers"] for row in record["economies"] if row["economy"] == "B"]
    assert found == pytest.approx([0.0, 20.0])


def test_errors_of_a_file_have_their_lines(folder: Path) -> None:
    (folder / "flows.csv").write_text("exporter,importer,value\nA,A,9\nA,B,-3\nB,A,x\nB,B,1\n")
    result = run(folder)
    assert isinstance(result.exception, FaultsError)
    assert [str(fault) for fault in result.exception.faults] == [
        "flows.csv:4 value: 'x' is not a number; leave it empty if not known",
        "flows.csv:3 value: -3 is out of range; expected a number >= 0",
    ]


def test_errors_of_all_files_are_reported_together(folder: Path) -> None:
    (folder / "flows.csv").write_text("exporter,importer,value\nA,A,9\nA,B,-3\nB,A,1\nB,B,1\n")
    (folder / "theta.csv").write_text("sector,theta\nall,-1\n")
    (folder / "change.csv").write_text("exporter,importer,factor\nA,B,0\n")
    (folder / "tariffs.csv").write_text("exporter,importer,tariff_pct\nA,B,x\n")
    (folder / "technology.csv").write_text("economy,factor\nA,1.1\n")
    result = run(
        folder, "--theta", "theta.csv", "--change", "change.csv", "--tariffs-after", "tariffs.csv",
        "--productivity", "technology.csv",
    )  # fmt: skip
    assert isinstance(result.exception, FaultsError)
    assert [str(fault) for fault in result.exception.faults] == [
        "theta.csv:2 theta: -1 is out of range; expected a number > 0",
        "flows.csv:3 value: -3 is out of range; expected a number >= 0",
        "change.csv:2 factor: 0 is out of range; expected a number > 0",
        "tariffs.csv:2 tariff_pct: 'x' is not a number; leave it empty if not known",
        "technology.csv:1 sector: the column is missing",
    ]


def test_missing_files_and_invalid_values_are_errors(folder: Path) -> None:
    assert isinstance(run(folder, "--change", "none.csv").exception, CannotRunError)
    assert isinstance(run(folder, "--theta", "none.csv").exception, CannotRunError)
    (folder / "theta.csv").write_text("sector,theta\nall,-1\n")
    assert isinstance(run(folder, "--theta", "theta.csv").exception, FaultsError)
    result = run(folder, "--tolerance", "2")
    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith("--tolerance: ")


def test_tables_of_a_workbook_a_folder_and_parquet_give_the_same_result(folder: Path) -> None:
    expected = json.loads(run(folder, "--change", "change.csv", "--theta", "theta.csv", "--json").stdout)
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("flows", "change", "theta")}
    with pd.ExcelWriter(folder / "all.xlsx") as book:
        for name, table in tables.items():
            table.to_excel(book, sheet_name=name, index=False)
        pd.DataFrame({"a note": ["on the data"]}).to_excel(book, sheet_name="read me", index=False)
    (folder / "parts").mkdir()
    tables["flows"].to_parquet(folder / "parts" / "flows.parquet")
    tables["change"].to_excel(folder / "parts" / "change.xlsx", index=False)
    tables["theta"].to_csv(folder / "parts" / "theta.csv", index=False)
    tables["flows"].to_stata(folder / "flows.dta", write_index=False)
    book_name = str(folder / "all.xlsx")
    for words in (
        ("--flows", str(folder / "flows.dta"), "--change", str(folder / "change.csv")),
        ("--input", book_name),
        ("--input", str(folder / "parts")),
        ("--flows", f"{book_name}#flows", "--change", book_name, "--theta", f"{book_name}#theta"),
    ):
        result = CliRunner().invoke(app, ["counterfactual", *words, "--json"])
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["economies"] == expected["economies"]


def test_errors_of_workbooks_and_parquet_name_sheet_and_row(folder: Path) -> None:
    wrong = pd.read_csv(folder / "flows.csv").assign(value=[80, "x", 20, -3])
    with pd.ExcelWriter(folder / "all.xlsx") as book:
        wrong.to_excel(book, sheet_name="flows", index=False)
        wrong.to_excel(book, sheet_name="changes", index=False)
    wrong.assign(value=[80.0, -1.0, 20.0, 80.0]).to_parquet(folder / "flows.parquet")
    result = CliRunner().invoke(app, ["counterfactual", "--flows", str(folder / "all.xlsx")])
    assert isinstance(result.exception, FaultsError)
    assert [str(fault) for fault in result.exception.faults] == [
        "all.xlsx[flows]:3 value: 'x' is not a number; leave it empty if not known",
        "all.xlsx[flows]:5 value: -3 is out of range; expected a number >= 0",
    ]
    result = CliRunner().invoke(app, ["counterfactual", "--flows", str(folder / "flows.parquet")])
    assert "flows.parquet:2 value: -1.0 is out of range" in str(result.exception)
    result = CliRunner().invoke(app, ["counterfactual", "--input", str(folder / "all.xlsx")])
    assert "all.xlsx: no table is called 'changes'; did you mean change?" in str(result.exception)
    result = CliRunner().invoke(app, ["counterfactual", "--flows", str(folder / "all.xlsx#none")])
    assert "no sheet is called 'none'" in str(result.exception)
    (folder / "flows.pq").write_text("not Parquet")
    (folder / "change.dta").write_text("not Stata")
    for name, kind in (("flows.pq", "Parquet"), ("change.dta", "Stata")):
        result = run(folder, "--change", str(folder / name))
        assert isinstance(result.exception, CannotRunError)
        assert f"not readable as {kind}" in str(result.exception)
    (folder / "change.dta").unlink()
    result = CliRunner().invoke(app, ["counterfactual", "--input", str(folder)])
    assert str(result.exception).endswith("flows.csv and flows.parquet are one table; keep one")
    result = CliRunner().invoke(app, ["counterfactual", "--input", str(folder / "flows.csv")])
    assert "expected a folder, or a workbook" in str(result.exception)


@pytest.mark.parametrize("suffix", [".dta", ".parquet"])
def test_any_changed_byte_of_a_binary_file_is_read_or_an_error(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"flows{suffix}"
    table = two()
    if suffix == ".dta":
        table.to_stata(path, write_index=False)
    else:
        table.to_parquet(path)
    data, messages = path.read_bytes(), []
    for place in range(0, len(data), 13):
        for byte in (0, 255):
            path.write_bytes(data[:place] + bytes([byte]) + data[place + 1 :])
            try:
                read_frames({"flows": path})
            except SogdiaError as error:
                messages.append(str(error))
    assert len(messages) > 1
    assert all("flows" in message for message in messages)


def test_columns_are_renamed(folder: Path) -> None:
    (folder / "own.csv").write_text("exporter,importer,d_effect\nA,B,-0.4\n")
    renamed = run(folder, "--change", "own.csv", "--rename", "d_effect=effect", "--json")
    (folder / "own.csv").write_text(f"exporter,importer,factor\nA,B,{math.exp(0.1)!r}\n")
    expected = json.loads(run(folder, "--change", "own.csv", "--json").stdout)
    assert json.loads(renamed.stdout)["economies"][0] == pytest.approx(expected["economies"][0])
    result = run(folder, "--rename", "valeu=value")
    assert str(result.exception) == "--rename: no table has a column 'valeu'; did you mean value?"
    assert "'value' is not OLD=NEW" in str(run(folder, "--rename", "value").exception)


def test_named_counterfactuals_are_one_table(folder: Path) -> None:
    (folder / "batch.csv").write_text("counterfactual,exporter,importer,factor\nhalf,A,B,1.5\nstop,*,*,inf\n")
    record = json.loads(run(folder, "--change", "batch.csv", "--json").stdout)
    rows = [row for row in record["economies"] if row["counterfactual"] == "stop"]
    assert rows[0]["welfare_pct"] == pytest.approx(100.0 * (0.8**0.25 - 1.0))
    assert record["converged"]
    printed = run(folder, "--change", "batch.csv", "--out", str(folder / "out"))
    assert "Real expenditure, %" in printed.stdout
    assert set(pd.read_csv(folder / "out" / "welfare.csv")["counterfactual"]) == {"half", "stop"}
    result = run(folder, "--change", "batch.csv", "--equilibrium", "conditional")
    assert "takes one shock" in str(result.exception)


def test_conditional_equilibrium_is_printed_and_in_json(folder: Path) -> None:
    (folder / "change.csv").write_text("exporter,importer,factor\n*,*,1.3\n")
    words = ("--change", "change.csv", "--equilibrium", "conditional")
    record = json.loads(run(folder, *words, "--json").stdout)
    ratio = 0.25 * 1.3**-4.0
    assert record["resistances"][0]["exports"] == pytest.approx(100.0 * ratio / (1.0 + ratio))
    assert "Trade at fixed output" in run(folder, *words).stdout


def test_base_year_is_fitted_to_costs_and_totals(folder: Path) -> None:
    (folder / "costs.csv").write_text("exporter,importer,factor\n*,*,1.5\n")
    (folder / "output.csv").write_text("economy,value\nA,100\nB,100\n")
    (folder / "expenditure.csv").write_text("economy,value\nA,150\nB,150\n")
    words = ["counterfactual", "--costs", str(folder / "costs.csv")]
    sums = ["--output", str(folder / "output.csv"), "--expenditure", str(folder / "expenditure.csv")]
    result = CliRunner().invoke(app, [*words, *sums, "--json"])
    record = json.loads(result.stdout)
    foreign = 100.0 / (1.0 + 1.5**4.0)
    assert record["flows"][1]["before"] == pytest.approx(foreign)
    assert len(record["adjustments"]) == 2
    assert "sogdia: note: scaled to world output: 2 cells" in result.stderr
    assert "give --output" in str(CliRunner().invoke(app, words).exception)
    assert "give --flows, --costs or --input" in str(CliRunner().invoke(app, ["counterfactual"]).exception)


def test_rules_for_the_data_are_options(folder: Path) -> None:
    flows = [("A", "A", 80), ("A", "B", 30), ("B", "A", 20), ("B", "B", 80), ("B", "C", -0.1), ("C", "C", 9)]
    flows += [("A", "C", 3), ("C", "B", 3)]
    pd.DataFrame(flows, columns=["exporter", "importer", "value"]).to_csv(folder / "flows.csv", index=False)
    assert isinstance(run(folder).exception, FaultsError)
    words = ("--negative", "zero", "--change", "change.csv", "--json")
    zeroed = run(folder, *words)
    assert json.loads(zeroed.stdout)["adjustments"][0]["before"] == -0.1
    assert "note:   flows B C all: -0.1 to 0" in zeroed.stderr
    ended = json.loads(run(folder, *words, "--first", "zero").stdout)["economies"]
    assert [row["imbalance_before"] for row in ended] == pytest.approx([0.0] * 3, abs=1e-6)
    assert json.loads(zeroed.stdout)["economies"][0]["imbalance_before"] == pytest.approx(-13.0)
    priced = json.loads(run(folder, *words, "--numeraire", "price:C").stdout)["economies"]
    assert priced[2]["price_hat"] == pytest.approx(1.0)


def test_clipped_final_demand_is_solved_first_unless_refused(folder: Path) -> None:
    food = [("A", "A", 60.0), ("A", "B", 30.0), ("B", "A", 20.0), ("B", "B", 50.0)]
    fuel = [("A", "A", 90.0), ("A", "B", 10.0), ("B", "B", 70.0), ("B", "A", 10.0)]
    rows = [(i, j, k, x) for k, part in (("food", food), ("fuel", fuel)) for i, j, x in part]
    columns = ["exporter", "importer", "sector", "value"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "flows.csv", index=False)
    (folder / "inputs.csv").write_text("economy,sector,input,share\nA,food,food,0.5\nA,fuel,food,0.45\n")
    words = ("--intermediate", "inputs.csv", "--json")
    assert isinstance(run(folder, *words).exception, FaultsError)

    def change_of(*options: str) -> float:
        record = json.loads(run(folder, *words, *options).stdout)
        return float(max(abs(row["welfare_pct"]) for row in record["economies"]))

    assert change_of("--final", "residual") < 1e-8
    assert change_of("--final", "clipped") < 1e-6
    record = json.loads(run(folder, *words, "--final", "clipped").stdout)
    assert [row["after"] for row in record["adjustments"]] == pytest.approx([0.0, 90.0])
    assert record["data"][0]["rule"] == "negative final demand"
    assert change_of("--final", "clipped", "--first", "none") > 0.1


def test_help_names_the_columns_of_files() -> None:
    text = CliRunner().invoke(app, ["counterfactual", "--help"], env={"COLUMNS": "200"}).stdout
    for words in (
        "exporter, importer, sector (optional), value",
        "factor",
        "tariff_pct",
        "economy, sector, share",
    ):
        assert words in text
