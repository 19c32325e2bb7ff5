"""`sogdia freight` as a user meets it: what is printed, what is written, which exit code says what."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from freight.borderland import write_borderland

from sogdia.cli import main


class Run(NamedTuple):
    """One call of the command line."""

    code: int | str
    out: str
    err: str


Freight = Callable[..., Run]


@pytest.fixture
def freight(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Freight:
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["sogdia", "freight", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Run(ended.value.code or 0, *capsys.readouterr())

    return call


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


def strictly(text: str) -> Any:
    """JSON as the standard has it: no NaN, no Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_what_is_printed(freight: Freight, land: Path) -> None:
    run = freight("--region", land, "--year", 2023)
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[0].startswith(
        "borderland 2023, plan as_is, scenario reference: 1 Mt a year delivered, 0 not"
    )
    for title in (
        "Corridors, both ways",
        "Where capacity delays most",
        "Transit by territory",
        "Ports, terminals and borders",
        "Journey of a container, ",
    ):
        assert any(line.startswith(title) for line in lines), title
    assert "Not delivered" not in run.out, "nothing is"
    assert "nan" not in run.out.lower()


@pytest.mark.parametrize("columns", ["80", "120"])
def test_nothing_printed_is_cut(
    freight: Freight, land: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    run = freight("--region", land, "--year", 2023)
    assert "…" not in run.out
    assert all(len(line) <= int(columns) for line in run.out.splitlines())


def test_json_is_json(freight: Freight, land: Path) -> None:
    run = freight("--region", land, "--year", 2023, "--json")
    assert (run.code, run.err) == (0, "")
    told = strictly(run.out)
    assert (told["region"], told["plan"], told["scenario"], told["year"]) == (
        "borderland",
        "as_is",
        "reference",
        2023,
    )
    assert told["delivered_t"] == pytest.approx(1_301_000)
    assert told["undelivered_t"] == 0.0
    assert told["residual"] <= 1e-4
    assert {row["corridor"] for row in told["corridors"]} == {"by_rail", "by_road"}
    assert told["undelivered"] == []
    unknown = [row for row in told["stations"] if row["place"] == "ac" and row["mode"] == "road"]
    assert unknown[0]["capacity_t"] is None, "a capacity that nobody knows is null"
    assert told["journey a to c"][0]["days"] > 0


def test_tables_are_written(freight: Freight, land: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    run = freight("--region", land, "--year", 2023, "--out", folder)
    assert run.code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "bottlenecks.csv",
        "corridors.csv",
        "journey_a_to_c.csv",
        "stations.csv",
        "transit.csv",
        "undelivered.csv",
    ]
    with (folder / "transit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"territory", "transit_t", "home_t", "tonne_km", "usd"}
    assert {row["territory"] for row in rows} == {"XAA", "XAB", "XAC", "XAD"}


def test_what_cannot_be_written_ends_with_two(freight: Freight, land: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already")
    run = freight("--region", land, "--out", tmp_path / "file")
    assert run.code == 2
    assert run.err.startswith(f"sogdia: {tmp_path / 'file'}: ")


def test_shares_of_the_trade_of_two(freight: Freight, land: Path) -> None:
    words = ("--region", land, "--year", 2023, "--json")
    some = strictly(freight(*words, "--between", "XAA/XAC").out)["corridors"]
    other_way = strictly(freight(*words, "--between", "XAC/XAA").out)["corridors"]
    assert some == other_way
    assert sum(row["share_pct"] for row in some) == pytest.approx(100.0), "they trade by rail or by road"


@pytest.mark.parametrize("between", ["XAA", "XAA/XAB/XAC", "XAA/XZZ", "XAA-XAB", "/", "XAA/"])
def test_between_wants_two_economies(freight: Freight, land: Path, between: str) -> None:
    run = freight("--region", land, "--between", between)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(
        f"sogdia: --between wants two economies as A/B, not {between!r}; economies: XAA"
    )


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--region", "no/such/folder"), 2, "no/such/folder: no such folder"),
        (("--plan", "gone.yaml"), 2, "gone.yaml: no such file"),
        (("--plan", "as_iz"), 1, "did you mean as_is?"),
        (("--scenario", "referense"), 1, "did you mean reference?"),
        (("--year", "soon"), 2, "Invalid value for '--year'"),
        (("--workers", "0"), 2, "Invalid value for '--workers'"),
        (("--year", "1900"), 2, "Invalid value for '--year'"),
        (("--year", "3000"), 2, "Invalid value for '--year'"),
        (("--year", "1960"), 1, "1960 is outside 2023 to 2040"),
    ],
)
def test_faults_and_what_cannot_run(freight: Freight, words: tuple[str, ...], code: int, told: str) -> None:
    run = freight(*words)
    assert run.code == code
    assert told in run.err
    assert run.out == ""
    assert "Traceback" not in run.err


def test_goods_without_a_way_are_shown(freight: Freight, land: Path, tmp_path: Path) -> None:
    shut = tmp_path / "shut.yaml"
    shut.write_text(
        "title: No ships\nyear: 2023\nshocks:\n- {kind: closure, modes: [sea], reason: a test}\n",
        encoding="utf-8",
    )
    run = freight("--region", land, "--scenario", shut, "--json")
    assert run.code == 0
    told = strictly(run.out)
    assert told["undelivered_t"] == pytest.approx(21_000)
    assert {row["commodity"] for row in told["undelivered"]} == {"all"}
    assert sum(row["value_musd"] for row in told["undelivered"]) == pytest.approx(21_000 * 2400 / 1e6)
    assert "Not delivered" in freight("--region", land, "--scenario", shut).out


def test_nothing_to_carry_is_a_fault(freight: Freight, land: Path, tmp_path: Path) -> None:
    shut = tmp_path / "all.yaml"
    kinds = (
        "{kind: closure, territories: [XAA, XAB, XAC, XAD], systems: [transport, pipelines], reason: a test}"
    )
    shut.write_text(f"title: All shut\nyear: 2023\nshocks:\n- {kinds}\n", encoding="utf-8")
    run = freight("--region", land, "--scenario", shut)
    assert run.code == 1
    assert run.err == "sogdia: no link, transfer or pipeline of this case operates; expected at least one\n"
