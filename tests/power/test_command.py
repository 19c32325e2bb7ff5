"""``sogdia power`` and ``sogdia export``."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sogdia.cli.main import app
from sogdia.errors import InputError, UnknownNameError
from sogdia.power.tables import TABLES
from sogdia.region import new_region


def test_json_has_what_a_score_reads() -> None:
    done = CliRunner().invoke(app, ["power", "--year", "2022", "--json"])
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert (record["status"], record["year"]) == ("Optimal", 2022)
    assert record["units"]["countries"]["co2_mt"] == "Mt/a"
    for row in record["countries"]:
        assert row["generation_gwh"] == pytest.approx(sum(row["generation_by_carrier_gwh"].values()))
        assert row["imports_gwh"] == pytest.approx(sum(row["imports_by_partner_gwh"].values()))
        assert row["exports_gwh"] == pytest.approx(sum(row["exports_by_partner_gwh"].values()))
        assert row["net_imports_gwh"] == pytest.approx(row["imports_gwh"] - row["exports_gwh"])
        assert row["lifecycle_ghg_mt"] >= 0.9 * row["co2_mt"] >= 0.0
    assert set(TABLES) <= set(record)


def test_what_is_printed_is_whole_and_the_folder_holds_all(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["power", "--without", "kaz_rus_north", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "…" not in done.stdout
    for words in ("Kazakhstan", "Generation, TWh", "Unserved load", "USD million"):
        assert words in done.stdout
    told = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    for resource in told["resources"]:
        table = pd.read_csv(tmp_path / resource["path"])
        assert list(table.columns) == [field["name"] for field in resource["schema"]["fields"]]


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        (["--mode", "guess"], InputError, "--mode"),
        (["--hours", "100"], InputError, "--hours"),
        (["--without", "no_such_line"], UnknownNameError, "no line is called 'no_such_line'"),
        (["--plan", "no_such_plan"], InputError, "no_such_plan"),
        (["--no-shedding", "--scenario", "withdrawal_russia"], InputError, "load of zone"),
    ],
)
def test_a_slip_of_the_pen_is_told(options: list[str], error: type[Exception], told: str) -> None:
    done = CliRunner().invoke(app, ["power", *options])
    assert isinstance(done.exception, error)
    assert told in str(done.exception)


def test_export_knows_its_formats(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", "--format", "pyspa", "--out", str(tmp_path)])
    assert isinstance(done.exception, UnknownNameError)
    assert "did you mean pypsa" in str(done.exception)


def test_a_region_without_a_power_system_is_told(tmp_path: Path) -> None:
    pack = new_region(tmp_path / "pack")
    for words in (["power"], ["export", "--format", "pypsa", "--out", str(tmp_path / "out")]):
        done = CliRunner().invoke(app, [*words, "--region", str(pack)])
        assert isinstance(done.exception, InputError)
        assert "no power system to study" in str(done.exception)
