"""Shocks on the power system, and what happens to demand in years with and without a record."""

from __future__ import annotations

from typing import Any

import pytest

from sogdia import Region, build_case
from sogdia.errors import InputError

from .toy import edits, plan, scenario


def after(toy: Region, shock: dict[str, Any], **keys: Any) -> dict[tuple[str, str, str], Any]:
    return edits(toy, build_case(toy, plan(), scenario(shock, **keys)))


def test_dry_year_multiplies_inflow_alone(toy: Region) -> None:
    assert after(toy, {"kind": "dry_year", "factor": 0.5}) == {
        ("power_profiles", "XAA/hydro_inflow/1/0", "value"): 0.25,
        ("power_profiles", "XAA/hydro_inflow/7/0", "value"): 1,
        ("power_profiles", "XAB/hydro_inflow/1/0", "value"): 0.5,
    }


def test_dry_year_in_one_economy(toy: Region) -> None:
    found = after(toy, {"kind": "dry_year", "factor": 0.5, "economies": ["XAB"]})
    assert found == {("power_profiles", "XAB/hydro_inflow/1/0", "value"): 0.5}


def test_dry_year_where_no_water_is_known_is_refused(toy: Region) -> None:
    with pytest.raises(InputError, match="touches no row"):
        after(toy, {"kind": "dry_year", "factor": 0.5, "economies": ["XAD"]})


def test_demand_of_the_year_is_multiplied(toy: Region) -> None:
    found = after(toy, {"kind": "demand", "factor": 1.2, "economies": ["XAB"]}, year=2024)
    late = {("links", "road_b_p2", "status")}
    rail = {key for key in found if key[0] in ("links", "crossings")}
    assert late <= rail
    assert {key: value for key, value in found.items() if key not in rail} == {
        ("electricity", "XAB/2024/demand_gwh", "value"): pytest.approx(53 * 1.2),
        ("economies", "XAB", "electricity_demand_gwh"): pytest.approx(50 * 1.2),
    }


def test_demand_comes_on_top_of_growth(toy: Region) -> None:
    shock = {"kind": "demand", "factor": 1.2, "economies": ["XAA"]}
    case = build_case(toy, plan(), scenario(shock, year=2025, growth="documented"))
    grown = 1.05**2 * 1.2
    assert case.table("electricity").loc["XAA/2025/demand_gwh", "value"] == pytest.approx(100 * grown)
    assert case.table("economies").loc["XAA", "electricity_demand_gwh"] == pytest.approx(100 * grown)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"carriers": ["gas"]}, {"any": 60, "XAA": 30}),
        ({"carriers": ["gas"], "economies": ["XAA"]}, {"XAA": 30}),
    ],
)
def test_fuel_price_is_multiplied(toy: Region, choice: dict[str, Any], expected: dict[str, float]) -> None:
    found = after(toy, {"kind": "fuel_price", "factor": 3, **choice})
    assert found == {
        ("power_costs", f"gas/fuel_usd_per_mwh_th/2023/{code}", "value"): value
        for code, value in expected.items()
    }
