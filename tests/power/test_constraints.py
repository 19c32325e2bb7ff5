"""Rows that PyPSA has no component for: ramps, links of storage over weeks, batteries within a period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.power import solve
from sogdia.power.time_reduction import to_weeks
from sogdia.power.weeks import Weeks

from .systems import BATTERY_COLUMNS, plant, reservoir, solve_system, system


def test_slow_plants_change_their_output_by_at_most_their_ramp(isle_case: Case) -> None:
    hours = np.arange(288) % 24
    load = np.where(hours < 12, 20.0, 80.0)
    plants = [plant("A", "coal", 100, 10, ramp_per_h=0.1), plant("A", "oil", 100, 90)]
    result = solve_system(isle_case, {"A": load}, plants)
    coal = result.generator_mw[:, 0].reshape(12, 24)
    assert np.abs(np.diff(coal, axis=1)).max() == pytest.approx(10.0)
    assert result.generator_mw[:, 1].sum() > 0.0
    fast = solve_system(isle_case, {"A": load}, [plant("A", "coal", 100, 10), plants[1]])
    assert fast.generator_mw[:, 1].sum() == pytest.approx(0.0, abs=1e-6)


def test_reservoir_in_weeks_has_the_energy_of_all_hours(isle_case: Case) -> None:
    """Equal weeks in two seasons: two weeks give the cost and water of 8,760 hours."""
    day = np.arange(8760) // 24
    load = np.where(day < 140, 90.0, 50.0)
    plants = [plant("A", "low", 60, 10), plant("A", "high", 60, 100)]
    water = [reservoir("A", 60, 2000, np.where(day < 140, 0.0, 12.0))]
    inputs = system(isle_case, {"A": load}, plants, water=water, hours=8760)
    weeks = Weeks(np.array([3, 30]), np.where(np.arange(365) < 140, 0, 1))
    few, every = solve(to_weeks(inputs, weeks)), solve(inputs)
    assert few.solver.objective_usd == pytest.approx(every.solver.objective_usd, rel=1e-6)
    assert few.level_mwh.max() <= 60 * 2000 + 1e-3


def test_battery_ends_each_period_where_it_began(isle_case: Case) -> None:
    hours = np.arange(288) % 24
    load = np.where(hours < 12, 20.0, 80.0)
    inputs = system(isle_case, {"A": load}, [plant("A", "low", 50, 10), plant("A", "high", 50, 100)])
    battery = pd.DataFrame(
        [["A", "A", 0.9, 10.0, 40.0, 0.0, 0.0]], columns=BATTERY_COLUMNS, index=["A battery"]
    )
    result = solve(replace(inputs, batteries=battery))
    output = result.battery_mw.reshape(12, 24)
    assert np.maximum(output, 0.0).sum(axis=1) == pytest.approx(40.0 * 0.9)
    assert np.minimum(output, 0.0).sum(axis=1) == pytest.approx(-40.0 / 0.9)


def test_ramps_in_all_hours_of_a_year_start_from_fewer_hours(isle_case: Case) -> None:
    night = np.where(np.arange(8760) % 24 < 12, 50.0, 100.0)
    slow = plant("A", "coal", 100.0, 10.0, ramp_per_h=0.1)
    result = solve_system(isle_case, {"A": night}, [slow, plant("A", "oil", 100.0, 90.0)], hours=8760)
    change = np.abs(np.diff(result.generator_mw[:, 0].reshape(365, 24), axis=1))
    assert change.max() <= 10.0 + 1e-6
    assert result.generator_mw[:, 1].max() > 10.0
