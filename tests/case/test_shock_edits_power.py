"""Shocks on the power system; demand in years with and without a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sogdia import Region, build_case, load_region
from sogdia.errors import FaultsError, InputError

from .toy import PROVENANCE, edits, plan, scenario, write_toy


def after(toy: Region, shock: dict[str, Any], **keys: Any) -> dict[tuple[str, str, str], Any]:
    return edits(toy, build_case(toy, plan(), scenario(shock, **keys)))


def test_dry_year_multiplies_inflow_only(toy: Region) -> None:
    assert after(toy, {"kind": "dry_year", "factor": 0.5}) == {
        ("power_profiles", "XAA/hydro_inflow/1/0", "value"): 0.25,
        ("power_profiles", "XAA/hydro_inflow/7/0", "value"): 1,
        ("power_profiles", "XAB/hydro_inflow/1/0", "value"): 0.5,
    }


def test_dry_year_in_one_economy_spares_the_others(toy: Region) -> None:
    changed = after(toy, {"kind": "dry_year", "factor": 0.5, "economies": ["XAB"]})
    assert changed == {("power_profiles", "XAB/hydro_inflow/1/0", "value"): 0.5}


def test_dry_year_without_inflow_is_rejected(toy: Region) -> None:
    with pytest.raises(InputError, match="applies to no row"):
        after(toy, {"kind": "dry_year", "factor": 0.5, "economies": ["XAD"]})


def test_demand_factor_multiplies_demand_of_the_year(toy: Region) -> None:
    changed = after(toy, {"kind": "demand", "factor": 1.2, "economies": ["XAB"]}, year=2024)
    late = {("links", "road_b_p2", "status")}
    rail = {key for key in changed if key[0] in ("links", "crossings")}
    assert late <= rail
    assert {key: value for key, value in changed.items() if key not in rail} == {
        ("electricity", "XAB/2024/demand_gwh", "value"): pytest.approx(53 * 1.2),
        ("economies", "XAB", "electricity_demand_gwh"): pytest.approx(50 * 1.2),
    }


def test_demand_factor_applies_after_growth(toy: Region) -> None:
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
def test_fuel_price_factor_multiplies_prices(
    toy: Region, choice: dict[str, Any], expected: dict[str, float]
) -> None:
    changed = after(toy, {"kind": "fuel_price", "factor": 3, **choice})
    assert changed == {
        ("power_costs", f"gas/fuel_usd_per_mwh_th/2023/{code}", "value"): value
        for code, value in expected.items()
    }


def test_capital_cost_factor_multiplies_capital_costs_of_the_carriers(toy: Region) -> None:
    shock = {"kind": "power_cost", "quantity": "capital", "factor": 1.5}
    expected = {("power_costs", "gas/capex_usd_per_kw/2023/any", "value"): 1350}
    assert after(toy, shock) == after(toy, {**shock, "carriers": ["gas"]}) == expected
    with pytest.raises(InputError, match="applies to no row"):
        after(toy, {**shock, "carriers": ["coal"]})


def test_lost_load_factor_multiplies_every_tier(tmp_path: Path) -> None:
    tiers = {"vom_usd_per_mwh": 1000, "rationing_usd_per_mwh": 100, "disconnection_usd_per_mwh": 600}

    def priced(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        if table == "power_costs":
            common = {"carrier": "load_shedding", "year": "2023", "iso3": "any", **PROVENANCE}
            shares = [{**common, "item": "rationing_share", "value": "0.1"}]
            return [*rows, *shares, *({**common, "item": k, "value": str(v)} for k, v in tiers.items())]
        if table == "macro":
            item = {"iso3": "XAA", "year": "2023", "item": "voll_usd_per_kwh", "value": "2"}
            return [*rows, {**item, **PROVENANCE}]
        return rows

    region = load_region(write_toy(tmp_path / "toy", priced))
    assert after(region, {"kind": "power_cost", "quantity": "lost_load", "factor": 0.5}) == {
        **{("power_costs", f"load_shedding/{item}/2023/any", "value"): v / 2 for item, v in tiers.items()},
        ("macro", "XAA/2023/voll_usd_per_kwh", "value"): 1,
    }


def test_lost_load_by_carrier_is_rejected(toy: Region) -> None:
    with pytest.raises(ValueError, match="lost load has none"):
        after(toy, {"kind": "power_cost", "quantity": "lost_load", "carriers": ["gas"], "factor": 2})


def test_outage_closes_the_named_plants_only(toy: Region) -> None:
    assert after(toy, {"kind": "plant_outage", "plants": ["coal_b"]}) == {
        ("plants", "coal_b", "status"): "closed"
    }


def test_outage_of_an_unknown_plant_suggests_the_nearest(toy: Region) -> None:
    with pytest.raises(FaultsError, match="no plant is called 'coal_c'; did you mean coal_b"):
        after(toy, {"kind": "plant_outage", "plants": ["coal_c"]})
