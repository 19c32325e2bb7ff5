"""``sogdia power``: output, files and errors."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sogdia.cli.main import app
from sogdia.errors import InputError, UnknownNameError
from sogdia.power import PowerSettings
from sogdia.power.hourly import HOURLY_TABLES
from sogdia.power.tables import TABLES
from sogdia.region import new_region


def test_json_has_carriers_and_partners_of_each_country() -> None:
    result = CliRunner().invoke(app, ["power", "--year", "2022", "--json"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert (record["status"], record["year"]) == ("Optimal", 2022)
    assert record["units"]["countries"]["co2_mt"] == "Mt/a"
    for row in record["countries"]:
        assert row["generation_gwh"] == pytest.approx(sum(row["generation_by_carrier_gwh"].values()))
        assert row["imports_gwh"] == pytest.approx(sum(row["imports_by_partner_gwh"].values()))
        assert row["exports_gwh"] == pytest.approx(sum(row["exports_by_partner_gwh"].values()))
        assert row["net_imports_gwh"] == pytest.approx(row["imports_gwh"] - row["exports_gwh"])
        assert row["lifecycle_ghg_mt"] >= 0.9 * row["co2_mt"] >= 0.0
    assert set(TABLES) <= set(record)


def test_printed_tables_are_uncut_and_the_folder_has_all(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["power", "--plan", "nothing_built", "--without", "kaz_rus_north", "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    assert "…" not in result.stdout
    for words in ("Kazakhstan", "Generation, TWh", "Unserved energy", "USD million"):
        assert words in " ".join(result.stdout.split())
    descriptor = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    for resource in descriptor["resources"]:
        table = pd.read_csv(tmp_path / resource["path"])
        assert list(table.columns) == [field["name"] for field in resource["schema"]["fields"]]


def test_closed_plant_has_no_capacity_and_hourly_tables_are_written(
    powered_isles: Path, tmp_path: Path
) -> None:
    options = ["--close", "north_oil", "--hourly", str(tmp_path / "hours"), "--format", "csv", "--json"]
    result = CliRunner().invoke(app, ["power", "--region", str(powered_isles), *options])
    assert result.exit_code == 0, result.output
    plants = {row["plant"]: row for row in json.loads(result.stdout)["plants"]}
    assert plants["north_oil"]["capacity_mw"] == 0.0 < plants["south_hydro"]["capacity_mw"]
    descriptor = json.loads((tmp_path / "hours" / "hourly.json").read_text("utf-8"))
    assert [resource["name"] for resource in descriptor["resources"]] == list(HOURLY_TABLES)
    for resource in descriptor["resources"]:
        table = pd.read_csv(tmp_path / "hours" / resource["path"])
        assert list(table.columns) == [field["name"] for field in resource["schema"]["fields"]]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (["--hours", "100"], InputError, "hours: "),
        (["--hours", "days"], InputError, "hours: "),
        (["--voll", "-1"], InputError, "voll: "),
        (["--price-cap", "-1"], InputError, "--price-cap: "),
        (["--reserve-margin", "-1"], InputError, "--reserve-margin: "),
        (["--weeks", "0"], InputError, "weeks: "),
        (["--co2-price", "-1"], InputError, "--co2-price: "),
        (["--close", "kgz_toktogull"], UnknownNameError, "did you mean kgz_toktogul"),
        (
            ["--region", "ISLES", "--plots", "PLOTS", "--plots-from", "2050-01-15"],
            InputError,
            "no snapshot is on 2050-01-15",
        ),
        (["--without", "no_such_line"], UnknownNameError, "no line is called 'no_such_line'"),
        (["--plan", "no_such_plan"], InputError, "no_such_plan"),
        (
            ["--no-shedding", "--plan", "nothing_built", "--scenario", "withdrawal_russia"],
            InputError,
            "load of zone",
        ),
    ],
)
def test_invalid_option_is_an_error(
    powered_isles: Path, tmp_path: Path, options: list[str], error: type[Exception], message: str
) -> None:
    folders = {"PLOTS": str(tmp_path), "ISLES": str(powered_isles)}
    options = [folders.get(option, option) for option in options]
    result = CliRunner().invoke(app, ["power", *options])
    assert isinstance(result.exception, error)
    assert message in str(result.exception)


def test_options_set_the_fields_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def stop(_case: object, settings: PowerSettings) -> None:
        seen.update(settings.model_dump())
        raise InputError("stopped")

    monkeypatch.setattr("sogdia.api.power.build_power_inputs", stop)
    options = {
        "voll_usd_per_mwh": ("--voll", 500.0), "price_cap_usd_per_mwh": ("--price-cap", 200.0),
        "weeks": ("--weeks", 8), "water_year": ("--water-year", "dry"),
        "reserve_margin_pct": ("--reserve-margin", 20.0), "filler": ("--filler", "none"),
        "hours": ("--hours", "weeks"),
    }  # fmt: skip
    words = [str(word) for pair in options.values() for word in pair]
    assert str(CliRunner().invoke(app, ["power", *words]).exception) == "stopped"
    assert {name: seen[name] for name in options} == {name: value for name, (_, value) in options.items()}


def test_region_without_power_system_is_an_error(tmp_path: Path) -> None:
    pack = new_region(tmp_path / "pack")
    for words in (["power"], ["export", "--format", "pypsa", "--out", str(tmp_path / "out")]):
        result = CliRunner().invoke(app, [*words, "--region", str(pack)])
        assert isinstance(result.exception, InputError)
        assert "demand_gwh is missing for every country" in str(result.exception)


def test_unknown_mode_exits_with_2() -> None:
    result = CliRunner().invoke(app, ["power", "--mode", "guess"])
    assert result.exit_code == 2
    assert "--mode" in result.output
