"""``sogdia trade``: output, files and exit codes."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from cli.running import Cli, strict_json
from sogdia.cli.trade_tables import full_capacities


@pytest.fixture
def trade(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("COLUMNS", "120")
    return cli.command("trade")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario in which one neighbour withdraws."""
    path = tmp_path_factory.mktemp("scenarios") / "sealed.yaml"
    shock = "shocks:\n  - {kind: withdrawal, partner: north, reason: made up}\n"
    path.write_text(f"title: Sealed\nyear: 2023\ngrowth: none\n{shock}", encoding="utf-8")
    return path


def test_tables_are_printed_under_their_titles(trade: Cli, borderland: Path, sealed: Path) -> None:
    run = trade("--region", borderland, "--scenario", sealed)
    assert run.code == 0, run.err
    first = run.out.splitlines()[0]
    assert first.startswith("borderland 2023, plan as_is, scenario sealed, compared with plan as_is ")
    for title in (
        "Home countries: change of real expenditure",
        "Trade that changes most",
        "Costs that change most",
    ):
        assert title in run.out
    assert "cut off" in run.out
    assert "nan" not in run.out
    assert "inf" not in run.out


def test_json_and_files_have_the_same_tables(
    trade: Cli, borderland: Path, sealed: Path, tmp_path: Path
) -> None:
    run = trade("--region", borderland, "--scenario", sealed, "--json", "--out", tmp_path / "out")
    assert run.code == 0, run.err
    record = strict_json(run.out)
    assert record["feedback"] is True
    assert 1 <= record["rounds"] < 10
    assert len(record["history"]) == record["rounds"]
    home = [row for row in record["economies"] if row["home"]]
    assert [row["economy"] for row in record["economies"][: len(home)]] == [row["economy"] for row in home]
    assert all(row["welfare_pct"] < 0.0 for row in home if row["economy"] == "XAB")
    cut = [row for row in record["costs"] if row["cut_off"]]
    assert cut
    assert all(row["cost_hat"] is None for row in cut)
    names = {"economies", "pairs", "flows", "costs", "undelivered", "history", "rules"}
    names |= {"welfare", "sectors", "adjustments", "reconciliation", "shadow_prices"}
    assert {path.stem for path in (tmp_path / "out").glob("*.csv")} == names
    with (tmp_path / "out" / "flows.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(record["flows"])


def test_no_feedback_keeps_tonnes(trade: Cli, borderland: Path, sealed: Path) -> None:
    record = strict_json(trade("--region", borderland, "--scenario", sealed, "--no-feedback", "--json").out)
    assert record["rounds"] == 0
    assert all(row["before_t"] == row["after_t"] for row in record["flows"])


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--plan", "as_iss"], 1, "no plan is called 'as_iss'"),
        (["--imbalance", "zero"], 1, "'additive' or 'multiplicative'"),
        (["--composition", "mixed"], 2, "mixed"),
        (["--flows", "flows.csv"], 1, "sogdia counterfactual --flows FILE"),
        (["--flows=flows.csv", "--change", "changes.csv", "--theta", "4"], 1, "sogdia counterfactual"),
        (["--change", "changes.csv"], 2, "--change"),
    ],
)
def test_invalid_option_exits_with_its_code(
    trade: Cli, borderland: Path, words: list[str], code: int, message: str
) -> None:
    run = trade("--region", borderland, "--year", 2023, *words)
    assert run.code == code
    assert message in run.err
    assert "Traceback" not in run.err


def test_unwritable_folder_exits_with_2(trade: Cli, borderland: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = trade("--region", borderland, "--year", 2023, "--out", tmp_path / "file" / "below")
    assert run.code == 2
    assert "Traceback" not in run.err


@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_the_terminal(
    trade: Cli, borderland: Path, sealed: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    run = trade("--region", borderland, "--scenario", sealed, "--compare")
    assert run.code == 0, run.err
    assert max(map(len, run.out.splitlines())) <= width
    for heading in ("expenditure,", "Commodity", "Before,", "one sector", "aggregates", "From value"):
        assert re.search(rf"\b{heading}", run.out), "headings are not cut"


def test_compare_gives_each_composition(trade: Cli, borderland: Path, sealed: Path) -> None:
    record = strict_json(trade("--region", borderland, "--scenario", sealed, "--compare", "--json").out)
    rows = record["compositions"]
    assert {row["composition"] for row in rows} == {"one_sector", "sectors", "aggregates"}
    usual = {row["economy"]: row["welfare_pct"] for row in rows if row["composition"] == "one_sector"}
    home = [row for row in record["economies"] if row["home"]]
    assert usual == {row["economy"]: row["welfare_pct"] for row in home}


def test_full_capacities_are_one_row_each_with_their_owners() -> None:
    economies = pd.DataFrame({"economy": ["XAA", "XAB"], "name": ["Aland", "Beland"]})
    row = {"capacity": "line", "name": "The line", "tonnes": 5e6, "capacity_t": 6e6, "price_usd_per_t": 20.0}
    port = {
        "capacity": "port",
        "name": "The port",
        "tonnes": 1e6,
        "capacity_t": 1e6,
        "price_usd_per_t": 300.0,
    }
    prices = pd.DataFrame(
        [
            {**row, "owner": "XAA", "share": 0.75, "rent_musd": 75.0},
            {**row, "owner": "XAB", "share": 0.25, "rent_musd": 25.0},
            {**port, "owner": "XAC", "share": 1.0, "rent_musd": 300.0},
        ]
    )
    _, table, columns = full_capacities(prices, economies)
    cells = [[column.cell(row[column.name]) for column in columns] for row in table.to_dict("records")]
    assert cells == [
        ["The port", "1.0", "1.0", "300", "300", "XAC 100 %"],
        ["The line", "5.0", "6.0", "20", "100", "Aland 75 %, Beland 25 %"],
    ]
