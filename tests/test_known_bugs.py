"""Small inputs that users reported, read in place: each has the answer that its README calls right."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from bench import bench_path
from cli.running import Cli, Run, strict_json

from sogdia import Region
from sogdia.articles import Claim
from sogdia.articles.reading import read_article, read_claims
from sogdia.ledger.iati_import import read_iati


def bug(name: str) -> Path:
    return bench_path("bugs", name)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    return Cli(capsys, monkeypatch)


def claims(path: Path, region: Region) -> tuple[Claim, ...]:
    return read_claims(read_article(path), region)


def test_first_sentence_without_a_headline_keeps_its_claim(shipped: Region) -> None:
    (claim,) = claims(bug("article_two_lines.txt"), shipped)
    assert claim.amount is not None
    assert (claim.partners, claim.recipients, claim.amount.musd, claim.capacity_mw) == (
        ("CHN",), ("KGZ",), 230.0, 250.0,
    )  # fmt: skip


def test_wrapped_paragraph_has_the_claims_of_one_line(shipped: Region, tmp_path: Path) -> None:
    wrapped = bug("article_one_par_wrapped.txt")
    (tmp_path / "a.txt").write_text(" ".join(wrapped.read_text("utf-8").split()), "utf-8")
    found = [
        [(c.partners, c.recipients, c.amount and c.amount.musd, c.capacity_mw, str(c.date)) for c in each]
        for each in (claims(wrapped, shipped), claims(tmp_path / "a.txt", shipped))
    ]
    assert found[0] == found[1] != []


def test_cells_of_an_article_are_text_for_a_spreadsheet(cli: Cli) -> None:
    result = cli("read", bug("article_f.txt"), "--format", "csv")
    assert result.code == 0
    cells = [cell for row in csv.reader(io.StringIO(result.out.removeprefix("\ufeff"))) for cell in row]
    assert len(cells) > 30
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]


def test_rich_text_is_refused_by_its_name(cli: Cli) -> None:
    result = cli("read", bug("article_rtf.txt"))
    assert result.code == 1
    assert "rich text (RTF)" in result.err


@pytest.mark.parametrize(("name", "musd"), [("iati_in_and_out.xml", [100.0]), ("iati_percent.xml", [10.0])])
def test_activity_has_its_amount(shipped: Region, name: str, musd: list[float]) -> None:
    rows = read_iati(bug(name), shipped).patch.rows["deals"]
    assert [float(row["amount_musd"]) for row in rows] == pytest.approx(musd)


def test_transactions_of_another_country_are_not_counted(shipped: Region) -> None:
    path = bug("iati_tr_country.xml")
    rows = read_iati(path, shipped).patch.rows["deals"]
    assert [row["recipient"] for row in rows] == ["KGZ"]
    values = [float(text) for text in re.findall(r"<value[^>]*>(\d+)<", path.read_text("utf-8"))]
    assert float(rows[0]["amount_musd"]) == min(values) / 1e6


def refused(result: Run, *words: str) -> None:
    assert result.code == 1, result.out + result.err
    assert all(word in result.err for word in words), result.err
    assert "Traceback" not in result.err


def test_old_version_of_iati_is_named(cli: Cli, tmp_path: Path) -> None:
    refused(cli("ledger", "import", bug("iati_v105.xml"), "--out", tmp_path / "rows"), "1.05", "2.03")


def objective(result: Run) -> float:
    assert result.code == 0, result.err
    return float(strict_json(result.out)["objective"])


def test_metres_without_a_config_are_recognised(cli: Cli) -> None:
    result = cli("assign", "--net", bug("gmns_metres_no_config"), "--json")
    assert objective(result) == pytest.approx(618.0, rel=0.01)
    assert "note: " in result.err


def test_ids_written_as_decimals_are_the_same_ids(cli: Cli) -> None:
    assert objective(cli("assign", "--net", bug("gmns_zone_float"), "--json")) > 0.0


def tntp(name: str) -> tuple[object, ...]:
    return "assign", "--net", bug(f"{name}_net.tntp"), "--trips", bug(f"{name}_trips.tntp"), "--json"


def test_repeated_pair_is_noted_with_its_line(cli: Cli) -> None:
    result = cli(*tntp("dup_pairs"))
    assert result.code == 0
    assert "note: dup_pairs_trips.tntp: 1 pair occurs several times" in result.err
    assert "the first from 1 to 2 in line 7" in result.err


def test_through_node_beyond_the_network_is_refused(cli: Cli) -> None:
    refused(cli(*tntp("thru_999")), "thru_999_net.tntp:3 FIRST THRU NODE")


def test_zone_with_two_rows_is_refused(cli: Cli) -> None:
    pytest.importorskip("openmatrix")
    words = ("assign", "--net", bug("dup_pairs_net.tntp"), "--trips")
    refused(cli(*words, bug("omx_duplicate_zone.omx")), "has 2 rows")
    assert objective(cli(*words, bug("omx_valid.omx"), "--json")) > 0.0


def test_border_in_another_spelling_is_suggested(cli: Cli) -> None:
    case = ("case", "--scenario", bug("scenario_border_case.yaml"))
    refused(cli(*case), "scenario_border_case.yaml:5 borders", "CHN/KGZ")
    case = ("case", "--scenario", bug("scenario_border_list.yaml"))
    refused(cli(*case), "scenario_border_list.yaml:5 borders", "expected a list")


def counterfactual(name: str) -> tuple[object, ...]:
    return (
        "counterfactual", "--flows", bug(f"{name}_flows.csv"), "--change", bug(f"{name}_change.csv"),
        "--json",
    )  # fmt: skip


def test_csv_of_excel_is_read(cli: Cli) -> None:
    result = cli(*counterfactual("trade_bom"))
    assert result.code == 0, result.err
    assert any(row["welfare_pct"] for row in strict_json(result.out)["economies"])


def test_change_of_a_pair_without_trade_is_named(cli: Cli) -> None:
    result = cli(*counterfactual("trade_missing_pair"))
    assert "note: change: no trade in the base year" in result.err
    assert result.err.rstrip().endswith("A to B")
