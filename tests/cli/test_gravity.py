"""``sogdia gravity``: estimates, files, errors, and the path to a counterfactual."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bench import bench_path
from trade.test_estimation import PANEL, pairs
from typer.testing import CliRunner, Result

from sogdia.cli.main import app
from sogdia.errors import CannotRunError, FaultsError, InputError

PUBLISHED = "ge_gravity_wiod44_2000.csv"
PANEL_TERMS = ("--fixed", "exporter^year,importer^year", "--fixed", "exporter^importer")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_estimates_costs_and_shock_are_printed_and_written(tmp_path: Path) -> None:
    data = pairs(1)
    data.to_csv(tmp_path / "data.csv", index=False)
    data[["exporter", "importer"]].assign(distance=-0.1, border=0.0).head(3).to_csv(
        tmp_path / "shock.csv", index=False
    )
    words = ("gravity", "--data", tmp_path / "data.csv", "--covariate", "distance,border")
    result = run(*words, "--change", tmp_path / "shock.csv", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "-1.0000" in result.stdout
    assert "64 rows, 0 left out" in result.stdout
    assert pd.read_csv(tmp_path / "out" / "change.csv")["effect"].to_numpy() == pytest.approx(0.1, rel=1e-5)
    assert len(pd.read_csv(tmp_path / "out" / "costs.csv")) == 64
    record = json.loads(run(*words, "--foreign", "--cluster", "exporter", "--json").stdout)
    assert record["observations"] == 56
    assert record["clusters"] == ["exporter"]
    assert record["estimates"][1]["coefficient"] == pytest.approx(0.5, abs=1e-6)


def test_costs_of_a_panel_are_those_of_one_year(tmp_path: Path) -> None:
    years = [pairs(3 + n, noise=0.3).assign(year=year) for n, year in enumerate((2005, 2000))]
    pd.concat(years).to_csv(tmp_path / "data.csv", index=False)
    words = ("gravity", "--data", tmp_path / "data.csv", "--covariate", "border", "--json")
    last = json.loads(run(*words).stdout)["costs"]
    first = json.loads(run(*words, "--costs-year", 2000).stdout)["costs"]
    assert len(last) == len(first) == 64
    beta = json.loads(run(*words).stdout)["estimates"][0]["coefficient"]
    assert [row["effect"] for row in last] == pytest.approx((beta * years[0]["border"]).tolist())
    assert [row["effect"] for row in first] == pytest.approx((beta * years[1]["border"]).tolist())
    result = run(*words, "--costs-year", 1999)
    assert str(result.exception) == "no year of the data is called '1999'; one of 2000, 2005"


def test_sectors_are_estimated_apart(tmp_path: Path) -> None:
    food, fuel = pairs(5, noise=0.3), pairs(6, noise=0.3)
    for name, data in (("food", food), ("fuel", fuel)):
        data.to_csv(tmp_path / f"{name}.csv", index=False)
    both = pd.concat([food.assign(sector="food"), fuel.assign(sector="fuel")])
    both.to_csv(tmp_path / "all.csv", index=False)
    shock = food[["exporter", "importer"]].head(2).assign(distance=-1.0)
    shock.to_csv(tmp_path / "shock.csv", index=False)
    words = ("--covariate", "distance,border", "--json")
    by_sector = ("gravity", "--data", tmp_path / "all.csv", *words, "--by")
    apart = run(*by_sector, "sector", "--change", tmp_path / "shock.csv")
    record = json.loads(apart.stdout)
    for name in ("food", "fuel"):
        alone = json.loads(run("gravity", "--data", tmp_path / f"{name}.csv", *words).stdout)
        ours = [row for row in record["estimates"] if row["sector"] == name]
        assert ours == [{"sector": name, **row} for row in alone["estimates"]]
        effect = [row["effect"] for row in record["change"] if row["sector"] == name]
        assert effect == pytest.approx([-ours[0]["coefficient"]] * 2)
    assert record["observations"] == 128
    assert {row["sector"] for row in record["costs"]} == {"food", "fuel"}
    result = run(*by_sector, "sectr")
    assert "sectr: the column is missing; did you mean sector?" in str(result.exception)


def test_errors_name_file_row_and_column(tmp_path: Path) -> None:
    pairs(2).assign(border="y").head(2).to_csv(tmp_path / "data.csv", index=False)
    result = run("gravity", "--data", tmp_path / "data.csv", "--covariate", "border")
    assert isinstance(result.exception, FaultsError)
    text = "data.csv:3 border: 'y' is not a number; leave it empty if not known"
    assert str(result.exception.faults[1]) == text
    result = run("gravity", "--data", tmp_path / "none.csv", "--covariate", "border")
    assert isinstance(result.exception, CannotRunError)
    result = run("gravity", "--data", tmp_path / "data.csv", "--covariate", "border,border")
    assert isinstance(result.exception, InputError)


def test_published_table_follows_from_published_trade_by_two_commands(tmp_path: Path) -> None:
    """Reproduce ge_gravity's table of 44 economies: estimate, shock, base year, welfare."""
    published = bench_path("trade", PUBLISHED)
    estimated = run(
        "gravity", "--data", bench_path("trade", PANEL), "--value", "trade", "--foreign",
        "--covariate", "eu_enlargement,other_fta", *PANEL_TERMS,
        "--change", published, "--rename", "new_eu_pair=eu_enlargement", "--out", tmp_path,
    )  # fmt: skip
    assert "0.2242" in estimated.stdout
    solved = run(
        "counterfactual", "--flows", published, "--rename", "trade=value", "--theta", 4,
        "--change", tmp_path / "change.csv", "--out", tmp_path / "result",
    )  # fmt: skip
    assert solved.exit_code == 0, solved.output
    ours = pd.read_csv(tmp_path / "result" / "economies.csv").set_index("economy")["welfare_pct"]
    theirs = pd.read_csv(published).drop_duplicates("exporter").set_index("exporter")["w_eu"]
    assert np.abs(1.0 + ours / 100.0 - theirs.reindex(ours.index)).max() < 1e-6
