"""The small region of freight with a power system, so that ``sogdia run`` takes seconds on it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from freight.borderland import write_borderland

from sogdia.tables import table_schemas

PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for tests"}
FIGURES = {"fuel_usd_per_mwh_th": 20, "efficiency": 0.5, "vom_usd_per_mwh": 2, "co2_t_per_mwh_th": 0.2}


def write_powered(folder: Path) -> Path:
    """Write the pack: two home countries, each with a constant load and engines that serve it."""
    write_borderland(folder)
    homes = {"XAA": 1200.0, "XAB": 400.0}
    add_rows(folder, "electricity", [
        {"iso3": code, "year": 2023, "item": "demand_gwh", "value": gwh} for code, gwh in homes.items()
    ])  # fmt: skip
    add_rows(folder, "power_profiles", [
        {"iso3": code, "item": "demand", "month": month, "hour": hour, "value": 1}
        for code in homes for month in range(1, 13) for hour in range(24)
    ])  # fmt: skip
    add_rows(folder, "plants", [
        {"id": f"engines_{code.lower()}", "name": "Engines", "iso3": code, "carrier": "gas",
         "capacity_mw": 400, "status": "operating"}
        for code in homes
    ])  # fmt: skip
    add_rows(folder, "power_costs", [
        *({"carrier": "gas", "item": item, "year": 2023, "value": value, "iso3": "any"}
          for item, value in FIGURES.items()),
        {"carrier": "any", "item": "discount_rate", "year": 2023, "value": 0.08, "iso3": "any"},
        {"carrier": "load_shedding", "item": "vom_usd_per_mwh", "year": 2023, "value": 1000, "iso3": "any"},
    ])  # fmt: skip
    return folder


def add_rows(folder: Path, table: str, rows: list[dict[str, object]]) -> None:
    names = table_schemas()[table].field_names
    with (folder / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writerows({**PROVENANCE, **row} for row in rows)


def write_powered_isles(folder: Path, isles: Path) -> Path:
    """Write the pack of the isles with constant load, wind and inflow in both home countries."""
    shutil.copytree(isles, folder)
    profiles = folder / "power_profiles.csv"
    profiles.write_text(profiles.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    add_rows(folder, "power_profiles", [
        {"iso3": code, "item": item, "month": month, "hour": hour, "value": value, "source": "tale"}
        for code in ("XAA", "XAB")
        for item, value in (("demand", 1), ("wind_cf", 0.3), ("hydro_inflow", 1))
        for month in range(1, 13) for hour in range(24)
    ])  # fmt: skip
    add_rows(folder, "plants", [
        {"id": f"engines_{code.lower()}", "name": "Engines", "iso3": code, "carrier": "oil",
         "capacity_mw": 200, "status": "operating", "lat": 0, "lon": -150, "source": "tale"}
        for code in ("XAA", "XAB")
    ])  # fmt: skip
    return folder
