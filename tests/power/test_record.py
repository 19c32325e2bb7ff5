"""Constants brought up to the last record: by hand, without looking ahead, and which records count."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from sogdia import Region
from sogdia.power import PowerConstants, build_power_inputs, read_constants, solve
from sogdia.power.constants import CALIBRATION_YEARS
from sogdia.power.record import record_factors, update_constants

from .conftest import shipped_case


def with_record(region: Region, **values: float) -> Region:
    """Return a region with other values of ``electricity``, by key with ``_`` for ``/``."""
    table = region.tables["electricity"]
    frame = table.frame.copy()
    for key, value in values.items():
        iso3, year, item = key.split("_", 2)
        frame.loc[f"{iso3}/{year}/{item}", "value"] = value
    tables = MappingProxyType({**region.tables, "electricity": replace(table, frame=frame)})
    return replace(region, tables=tables)


def test_factor_is_the_record_over_the_energy_that_the_plants_could_generate(shipped: Region) -> None:
    """One coal plant of 400 MW in Tajikistan; months of availability have the mean 1."""
    record = shipped.table("electricity")["value"]["TJK/2024/generation_coal_gwh"]
    beta = read_constants(shipped_case(shipped)).get("availability", "TJK", "coal")
    potential = 400.0 * 0.8 * beta * 8.76
    assert record_factors(shipped, 2025)["TJK", "coal"] == pytest.approx(record / potential, rel=2e-3)


def test_year_after_a_record_generates_it_again(shipped: Region) -> None:
    """Coal of Uzbekistan is below the cost of gas, so that all that is available runs."""
    result = solve(build_power_inputs(shipped_case(shipped, "as_is", year=2025)))
    generation = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    record = shipped.table("electricity")["value"]["UZB/2024/generation_coal_gwh"]
    assert generation["UZB", "coal"] == pytest.approx(record, rel=0.01)


def test_record_of_the_year_itself_and_of_later_years_is_not_used(shipped: Region) -> None:
    edited = with_record(shipped, UZB_2024_generation_coal_gwh=1500.0)
    key = ("UZB", "coal")
    assert record_factors(edited, 2024) == pytest.approx(dict(record_factors(shipped, 2024)))
    change = record_factors(edited, 2025)[key] / record_factors(shipped, 2025)[key]
    record = shipped.table("electricity")["value"]["UZB/2024/generation_coal_gwh"]
    assert change == pytest.approx(1500.0 / record)


def test_years_of_the_calibration_keep_their_constants(shipped: Region) -> None:
    for year in CALIBRATION_YEARS:
        case = shipped_case(shipped, "as_is", year=year)
        known = read_constants(case)
        assert update_constants(known, case) is known


def test_factor_multiplies_the_constants_that_are_given(shipped: Region) -> None:
    case = shipped_case(shipped, "as_is", year=2025)
    factors = record_factors(shipped, 2025)
    drawn = PowerConstants({"availability_coal/KAZ": 0.5, "inflow": 0.8})
    updated = update_constants(drawn, case)
    assert updated.get("availability", "KAZ", "coal") == pytest.approx(0.5 * factors["KAZ", "coal"])
    assert updated.get("inflow", "TJK") == pytest.approx(0.8 * factors["TJK", "hydro"])


def test_small_records_and_years_with_much_new_capacity_do_not_count(shipped: Region) -> None:
    small = with_record(shipped, TJK_2024_generation_coal_gwh=999.0)
    assert record_factors(small, 2025)["TJK", "coal"] == record_factors(shipped, 2024)["TJK", "coal"]
    # More than half of the wind capacity of 2025 in Uzbekistan opened in the year: 2024 counts.
    assert record_factors(shipped, 2030)["UZB", "wind"] == record_factors(shipped, 2025)["UZB", "wind"]
    assert ("AZE", "solar") not in record_factors(shipped, 2030)
