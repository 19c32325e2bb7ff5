"""Potentials limit new capacity of sun and wind, and a plan above them is reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.power import PowerInputs, PowerSettings, build_power_inputs
from sogdia.power.potentials import potential_warnings, remaining_potentials

from .systems import HOURS, edited, plant, solve_system


@pytest.mark.parametrize(("potential", "built"), [(40.0, 40.0), (np.inf, 60.0), (0.0, 0.0)])
def test_expansion_builds_up_to_the_potential(isle_case: Case, potential: float, built: float) -> None:
    """Gas at 10 USD/MWh and 5 USD/MWh of capital replaces oil at 50, as far as there are sites."""
    more = {"kind": "candidate", "vintage": "candidate", "capital_usd_per_mw": 5.0 * HOURS}
    plants = [plant("A", "oil", 200, 50), plant("A", "gas", 0, 10, potential_mw=potential, **more)]
    result = solve_system(isle_case, {"A": 60.0}, plants, mode="expansion")
    assert result.built.set_index("carrier")["built_mw"]["gas"] == pytest.approx(built)
    expected = (50 * (60 - built) + (10 + 5) * built) * HOURS
    assert result.costs["cost_musd"].iloc[-1] == pytest.approx(expected / 1e6)


@pytest.fixture(scope="module")
def inputs(reference_case: Case) -> PowerInputs:
    return build_power_inputs(reference_case, PowerSettings(hours=288))


def with_potential(case: Case, zone: str, carrier: str, mw: float) -> Case:
    table = case.table("power_potentials")
    is_row = (table["zone"] == zone) & (table["carrier"] == carrier)
    assert is_row.sum() == 1
    return edited(case, power_potentials=table.assign(potential_mw=table["potential_mw"].where(~is_row, mw)))


def capacity_mw(inputs: PowerInputs, zone: str, carrier: str) -> float:
    fleet = inputs.fleet
    return float(fleet["capacity_mw"][(fleet["zone"] == zone) & (fleet["carrier"] == carrier)].sum())


def test_existing_plants_use_sites(inputs: PowerInputs) -> None:
    own = capacity_mw(inputs, "UZB", "solar")
    case = with_potential(inputs.case, "UZB", "solar", own + 100.0)
    left = pd.Series(
        remaining_potentials(case, inputs.fleet, inputs.generators), index=inputs.generators.index
    )
    assert own > 0
    assert left["UZB solar candidate"] == pytest.approx(100.0)
    assert left["KAZ_north wind candidate"] == pytest.approx(
        934418.0 - capacity_mw(inputs, "KAZ_north", "wind")
    )
    assert np.isinf(left["GEO wind candidate"])
    assert np.isinf(left[inputs.generators["kind"] != "candidate"]).all()


def test_more_plants_than_sites_are_reported_and_leave_none(inputs: PowerInputs) -> None:
    case = with_potential(inputs.case, "UZB", "solar", 1.0)
    left = remaining_potentials(case, inputs.fleet, inputs.generators)
    assert left[list(inputs.generators.index).index("UZB solar candidate")] == 0.0
    names = inputs.zones.table["name"]
    own = capacity_mw(inputs, "UZB", "solar")
    assert list(potential_warnings(case, inputs.fleet, names)) == [
        f"Uzbekistan: plants of solar have {own:,.0f} MW, above the potential of 1 MW; "
        "check the plan or power_potentials.csv"
    ]
    assert not list(potential_warnings(inputs.case, inputs.fleet, names))
