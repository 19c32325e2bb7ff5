"""Inputs from a case: required tables, and the structure that cases share."""

from __future__ import annotations

import pytest

from sogdia import Case, Region
from sogdia.errors import InputError
from sogdia.power import PowerModel, build_power_inputs

from .conftest import shipped_case
from .systems import edited


def test_region_without_demand_raises(reference_case: Case) -> None:
    known = reference_case.table("electricity")
    with pytest.raises(InputError, match="demand_gwh is missing for every country"):
        build_power_inputs(edited(reference_case, electricity=known[known["item"] != "demand_gwh"]))


@pytest.mark.parametrize(
    ("table", "field", "value", "message"),
    [
        ("power_fuels", "share", 0.5, r"power_fuels\.csv: shares of .* sum to"),
        ("power_zones", "demand_share", 0.1, r"power_zones\.csv: demand shares of KAZ sum to"),
    ],
)
def test_shares_that_do_not_sum_to_one_are_reported(
    reference_case: Case, table: str, field: str, value: float, message: str
) -> None:
    frame = reference_case.table(table)
    with pytest.raises(InputError, match=message):
        build_power_inputs(edited(reference_case, **{table: frame.assign(**{field: value})}))


def test_missing_fuel_price_is_named(reference_case: Case) -> None:
    costs = reference_case.table("power_costs")
    costs = costs[~((costs["carrier"] == "coal") & (costs["item"] == "fuel_usd_per_mwh_th"))]
    with pytest.raises(
        InputError, match=r"power_costs\.csv: fuel_usd_per_mwh_th of coal is missing for KAZ and for any"
    ):
        build_power_inputs(edited(reference_case, power_costs=costs))


def test_all_plans_and_scenarios_of_a_year_share_one_programme(model: PowerModel, shipped: Region) -> None:
    plans = sorted(path.stem for path in (shipped.folder / "plans").glob("*.yaml"))
    scenarios = sorted(path.stem for path in (shipped.folder / "scenarios").glob("*.yaml"))
    assert plans
    assert scenarios
    pairs = [(plan, "reference") for plan in plans] + [("as_is", scenario) for scenario in scenarios]
    for plan, scenario in pairs:
        inputs = build_power_inputs(shipped_case(shipped, plan, scenario))
        assert model.inputs.has_same_structure(inputs), (plan, scenario)
