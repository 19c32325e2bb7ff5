"""Hourly tables: by hand on two zones, sums equal to the annual tables, files and their descriptor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import UnknownNameError
from sogdia.power import PowerResult, solve
from sogdia.power.hourly import DESCRIPTOR, HOURLY_TABLES, write_hourly

from .systems import BATTERY_COLUMNS, HOURS, line, plant, reservoir, solve_system, system


@pytest.fixture(scope="module")
def two_zones(isle_case: Case) -> PowerResult:
    """Return A with 100 MW of wind at 10 USD/MWh and a line of 30 MW (10 % losses) to B, short of supply."""
    return solve_system(
        isle_case,
        {"A": 50.0, "B": 60.0},
        [plant("A", "wind", 100.0, 10.0), plant("B", "gas", 20.0, 40.0)],
        [line("AB", "A", "B", 30.0, efficiency=0.9)],
    )


def test_two_zones_by_hand(two_zones: PowerResult) -> None:
    tables = two_zones.hourly_tables()
    dispatch = tables["hourly_dispatch"].groupby(["zone", "carrier"])["generation_mw"].unique()
    assert dispatch["A", "wind"] == pytest.approx([80.0])
    assert dispatch["B", "gas"] == pytest.approx([20.0])
    assert tables["hourly_flows"]["sent_mw"].unique() == pytest.approx([30.0])
    assert tables["hourly_flows"]["received_mw"].unique() == pytest.approx([27.0])
    unserved = tables["hourly_unserved"].groupby("zone")["unserved_mw"].max()
    assert unserved.to_dict() == pytest.approx({"A": 0.0, "B": 13.0})
    prices = tables["hourly_prices"].groupby("bus")["price_usd_per_mwh"].mean()
    assert prices.to_dict() == pytest.approx({"A": 10.0, "B": 1000.0})
    assert len(tables["hourly_batteries"]) == 0


def test_tables_have_the_declared_columns_keys_and_weights(reference: PowerResult) -> None:
    tables = reference.hourly_tables()
    assert set(tables) == set(HOURLY_TABLES)
    for name, table in tables.items():
        declared = HOURLY_TABLES[name]
        assert tuple(table.columns) == declared.column_names, name
        assert not table.isna().to_numpy().any(), name
        assert not table.duplicated(list(declared.key)).any(), name
    load = tables["hourly_load"]
    assert load.groupby("zone")["weight_h"].sum().to_numpy() == pytest.approx(HOURS)


@pytest.mark.parametrize(
    ("hourly", "column", "annual", "annual_column", "keys"),
    [
        ("hourly_dispatch", "generation_mw", "generation", "generation_gwh", ["zone", "carrier"]),
        ("hourly_unserved", "unserved_mw", "unserved", "unserved_gwh", ["zone"]),
        ("hourly_flows", "received_mw", "flows", "received_gwh", ["line", "from_bus"]),
    ],
)
def test_weighted_sum_is_the_annual_figure(
    reference: PowerResult, hourly: str, column: str, annual: str, annual_column: str, keys: list[str]
) -> None:
    table = reference.hourly_tables()[hourly]
    energy = (table[column] * table["weight_h"] / 1e3).groupby([table[key] for key in keys]).sum()
    expected = reference.tables()[annual].groupby(keys)[annual_column].sum()
    assert energy.reindex(expected.index).to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-6)


def test_every_zone_is_balanced_in_every_snapshot(reference: PowerResult) -> None:
    tables = reference.hourly_tables()

    def by_zone(name: str, column: str, bus: str = "zone") -> pd.Series[float]:
        table = tables[name]
        return table.groupby(["snapshot", table[bus].rename("zone")])[column].sum()

    load = by_zone("hourly_load", "load_mw")
    supply = sum(
        (sign * by_zone(*key)).reindex(load.index).fillna(0.0)
        for sign, key in (
            (1.0, ("hourly_dispatch", "generation_mw")),
            (1.0, ("hourly_unserved", "unserved_mw")),
            (1.0, ("hourly_batteries", "discharge_mw")),
            (-1.0, ("hourly_batteries", "charge_mw")),
            (1.0, ("hourly_flows", "received_mw", "to_bus")),
            (-1.0, ("hourly_flows", "sent_mw", "from_bus")),
        )
    )
    assert np.abs(np.asarray(supply) - load.to_numpy()).max() < 1e-3


def test_reservoir_moves_water_from_the_wet_hours(isle_case: Case) -> None:
    hours = np.arange(288) % 24
    inflow = np.where(hours < 12, 20.0, 0.0)
    result = solve_system(
        isle_case,
        {"A": 10.0},
        [plant("A", "gas", 50.0, 30.0)],
        water=[reservoir("A", 10.0, 1000.0, inflow)],
    )
    table = result.hourly_tables()["hourly_reservoirs"]
    assert table["storage_mwh"].unique() == pytest.approx([10_000.0])
    assert table["generation_mw"].to_numpy() == pytest.approx(10.0, abs=1e-6)
    level = table["level_mwh"].to_numpy()
    assert (np.diff(level)[:11] > 0).all()
    assert (np.diff(level)[12:23] < 0).all()


def test_battery_shifts_sun_into_the_night(isle_case: Case) -> None:
    hours = np.arange(288) % 24
    sun = plant("A", "solar", 25.0, 0.0, p_max=(hours < 12).astype(float))
    inputs = system(isle_case, {"A": np.where(hours < 12, 0.0, 9.0)}, [sun], mode="expansion", battery_h=24)
    battery = pd.DataFrame(
        [["A", "A", 0.9, 0.0, 0.0, 1.0, 0.0]], columns=BATTERY_COLUMNS, index=["A battery"]
    )
    result = solve(replace(inputs, batteries=battery))
    table = result.hourly_tables()["hourly_batteries"]
    night = (table["snapshot"].dt.hour >= 12).to_numpy()
    assert table["discharge_mw"][night].to_numpy() == pytest.approx(9.0)
    day = table[~night].groupby(table["snapshot"].dt.month)["charge_mw"].sum()
    assert day.to_numpy() == pytest.approx(12 * 9.0 / 0.9**2, rel=0.1)
    assert table["level_mwh"].max() == pytest.approx(12 * 9.0 / 0.9, rel=0.1)


@pytest.mark.parametrize("file_type", ["parquet", "csv"])
def test_files_have_what_the_descriptor_declares(
    two_zones: PowerResult, tmp_path: Path, file_type: str
) -> None:
    tables = two_zones.hourly_tables()
    written = write_hourly(tables, tmp_path, file_type)  # type: ignore[arg-type]
    assert sorted(written) == sorted(tmp_path.glob("[!.]*"))
    descriptor = json.loads((tmp_path / DESCRIPTOR).read_text("utf-8"))
    for resource in descriptor["resources"]:
        path = tmp_path / resource["path"]
        table = pd.read_csv(path) if file_type == "csv" else pd.read_parquet(path)
        assert list(table.columns) == [field["name"] for field in resource["schema"]["fields"]]
        assert len(table) == len(tables[resource["name"]])


def test_unknown_file_type_is_an_error(two_zones: PowerResult, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no format of hourly tables is called 'xls'"):
        write_hourly(two_zones.hourly_tables(), tmp_path, "xls")  # type: ignore[arg-type]
