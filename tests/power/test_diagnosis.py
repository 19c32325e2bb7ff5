"""Infeasible and unbounded systems: zones and constraints are named."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case, Region
from sogdia.power import NoSolutionError, PowerSettings, build_power_inputs, solve

from .conftest import shipped_case
from .systems import line, plant, system


def test_shortage_without_load_shedding_names_zone_and_constraint(isle_case: Case) -> None:
    plants = [plant("A", "coal", 5, 10), plant("B", "coal", 100, 10)]
    inputs = system(isle_case, {"A": 10.0, "B": 120.0}, plants, shedding=False)
    with pytest.raises(
        NoSolutionError, match=r"load of zone B cannot be met in month \d+, hour \d+ .*nodal"
    ) as caught:
        solve(inputs)
    assert caught.value.status == "Infeasible"
    assert any("zone A" in place for place in caught.value.places)


def test_zone_without_supply_is_named(isle_case: Case) -> None:
    inputs = system(isle_case, {"A": 10.0, "B": 1.0}, [plant("A", "coal", 50, 10)], shedding=False)
    with pytest.raises(NoSolutionError, match=r"load of zone B cannot be met .*no plant and no line"):
        solve(inputs)


def test_emission_cap_below_the_minimum_is_named(isle_case: Case) -> None:
    plants = [plant("A", "coal", 100, 10, co2_t_per_mwh_th=1.0)]
    inputs = system(isle_case, {"A": 100.0}, plants, shedding=False, co2_cap_mt=0.1)
    with pytest.raises(NoSolutionError, match=r"cap on emissions is exceeded \(GlobalConstraint-co2_cap\)"):
        solve(inputs)


def test_unlimited_sales_are_named(isle_case: Case) -> None:
    plants = [plant("A", "sun", np.inf, 0), plant("X", "buys", np.inf, -40, kind="buys")]
    lines = [line("ax", "A", "X", np.inf)]
    inputs = system(isle_case, {"A": 50.0}, plants, lines, neighbours=("X",))
    with pytest.raises(NoSolutionError, match=r"unbounded: .*A sun") as caught:
        solve(inputs)
    assert any("X buys" in place for place in caught.value.places)


def test_shortage_names_zone_month_and_hour(shipped: Region) -> None:
    case = shipped_case(shipped, scenario="withdrawal_russia")
    with pytest.raises(NoSolutionError, match=r"load of zone KAZ_north cannot be met in month \d+, hour \d+"):
        solve(build_power_inputs(case, PowerSettings(shedding=False)))
