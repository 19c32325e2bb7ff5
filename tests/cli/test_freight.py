"""``sogdia freight``: output, files and exit codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cli.running import Cli, strict_json


@pytest.fixture
def freight(cli: Cli) -> Cli:
    return cli.command("freight")


def test_tables_are_printed_under_their_titles(freight: Cli, borderland: Path) -> None:
    run = freight("--region", borderland, "--year", 2023)
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[0].startswith(
        "borderland 2023, plan as_is, scenario reference: 1 Mt/a delivered, 0 undeliverable"
    )
    for title in (
        "Corridors, both directions",
        "Where capacity delays most",
        "Transit by territory",
        "Ports, terminals and borders",
        "Journey of a container, ",
    ):
        assert any(line.startswith(title) for line in lines), title
    assert "Undeliverable freight" not in run.out
    assert "nan" not in run.out.lower()


@pytest.mark.parametrize("columns", ["80", "120"])
def test_printed_lines_fit_the_terminal_uncut(
    freight: Cli, borderland: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    run = freight("--region", borderland, "--year", 2023)
    assert "…" not in run.out
    assert all(len(line) <= int(columns) for line in run.out.splitlines())


def test_json_has_every_table(freight: Cli, borderland: Path) -> None:
    run = freight("--region", borderland, "--year", 2023, "--json")
    assert (run.code, run.err) == (0, "")
    record = strict_json(run.out)
    assert (record["region"], record["plan"], record["scenario"], record["year"]) == (
        "borderland",
        "as_is",
        "reference",
        2023,
    )
    assert record["delivered_t"] == pytest.approx(1_301_000)
    assert record["undelivered_t"] == 0.0
    assert record["residual"] <= 1e-4
    assert {row["corridor"] for row in record["corridors"]} == {"by_rail", "by_road"}
    assert record["undelivered"] == []
    unknown = [row for row in record["stations"] if row["place"] == "ac" and row["mode"] == "road"]
    assert unknown[0]["capacity_t"] is None, "an unknown capacity is null"
    assert record["journey a to c"][0]["days"] > 0


def test_out_writes_every_table(freight: Cli, borderland: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    run = freight("--region", borderland, "--year", 2023, "--out", folder)
    assert run.code == 0
    assert sorted(path.name for path in folder.glob("*.csv")) == [
        "bottlenecks.csv",
        "corridors.csv",
        "journey_a_to_c.csv",
        "links.csv",
        "stations.csv",
        "transit.csv",
        "transit_income.csv",
        "undelivered.csv",
    ]
    with (folder / "transit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"territory", "transit_t", "home_t", "tonne_km", "usd"}
    assert {row["territory"] for row in rows} == {"XAA", "XAB", "XAC", "XAD"}


def test_unwritable_folder_exits_with_2(freight: Cli, borderland: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already")
    run = freight("--region", borderland, "--out", tmp_path / "file")
    assert run.code == 2
    assert run.err.startswith(f"sogdia: {tmp_path / 'file'}: ")


def test_between_gives_corridors_of_two_economies(freight: Cli, borderland: Path) -> None:
    words = ("--region", borderland, "--year", 2023, "--json")
    some = strict_json(freight(*words, "--between", "XAA/XAC").out)["corridors"]
    reverse = strict_json(freight(*words, "--between", "XAC/XAA").out)["corridors"]
    assert some == reverse
    assert sum(row["share_pct"] for row in some) == pytest.approx(100.0), "by rail or by road"


@pytest.mark.parametrize("between", ["XAA", "XAA/XAB/XAC", "XAA/XZZ", "XAA-XAB", "/", "XAA/"])
def test_between_without_two_economies_is_an_error(freight: Cli, borderland: Path, between: str) -> None:
    run = freight("--region", borderland, "--between", between)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"sogdia: --between: {between!r} does not name two economies; economies: XAA")


@pytest.mark.parametrize(
    ("words", "code", "record"),
    [
        (("--region", "no/such/folder"), 2, "no/such/folder: no such folder"),
        (("--plan", "missing.yaml"), 2, "missing.yaml: no such file"),
        (("--plan", "as_iz"), 1, "did you mean as_is?"),
        (("--scenario", "referense"), 1, "did you mean reference?"),
        (("--year", "soon"), 2, "Invalid value for '--year'"),
        (("--threads", "0"), 2, "Invalid value for '--threads'"),
        (("--workers", "0"), 2, "Invalid value for '--workers'"),
        (("--year", "1900"), 2, "Invalid value for '--year'"),
        (("--year", "3000"), 2, "Invalid value for '--year'"),
        (("--year", "1960"), 1, "1960 is outside 2023 to 2040"),
    ],
)
def test_invalid_option_exits_with_its_code(
    freight: Cli, words: tuple[str, ...], code: int, record: str
) -> None:
    run = freight(*words)
    assert run.code == code
    assert record in run.err
    assert run.out == ""
    assert "Traceback" not in run.err


def test_undeliverable_freight_is_shown(freight: Cli, borderland: Path, tmp_path: Path) -> None:
    shut = tmp_path / "shut.yaml"
    shut.write_text(
        "title: No ships\nyear: 2023\nshocks:\n- {kind: closure, modes: [sea], reason: a test}\n",
        encoding="utf-8",
    )
    run = freight("--region", borderland, "--scenario", shut, "--json")
    assert run.code == 0
    record = strict_json(run.out)
    assert record["undelivered_t"] == pytest.approx(21_000)
    assert {row["commodity"] for row in record["undelivered"]} == {"all"}
    # Three pairs of 24 million dollars each, whatever their tonnes.
    assert sum(row["value_musd"] for row in record["undelivered"]) == pytest.approx(3 * 24.0)
    assert "Undeliverable freight" in freight("--region", borderland, "--scenario", shut).out


def test_case_without_network_is_an_error(freight: Cli, borderland: Path, tmp_path: Path) -> None:
    shut = tmp_path / "all.yaml"
    kinds = (
        "{kind: closure, territories: [XAA, XAB, XAC, XAD], systems: [transport, pipelines], reason: a test}"
    )
    shut.write_text(f"title: All shut\nyear: 2023\nshocks:\n- {kinds}\n", encoding="utf-8")
    run = freight("--region", borderland, "--scenario", shut)
    assert run.code == 1
    assert run.err == "sogdia: no link, transfer or pipeline of this case operates; expected at least one\n"


def test_old_name_of_threads_works_with_a_note(freight: Cli, borderland: Path) -> None:
    run = freight("--region", borderland, "--year", 2023, "--workers", 1, "--json")
    assert run.code == 0
    assert run.err == "sogdia: note: --workers is now --threads; the old name will be removed\n"
    assert "--workers" not in freight("--help").out
