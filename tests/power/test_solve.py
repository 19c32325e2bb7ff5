"""Small systems with hand-calculated results."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia import Case
from sogdia.power import PowerResult, solve

from .systems import BATTERY_COLUMNS, HOURS, VOLL, line, plant, reservoir, solve_system, system


def by_carrier(result: PowerResult) -> dict[str, float]:
    sums = result.generation.groupby("carrier")["generation_gwh"].sum()
    return {str(carrier): float(gwh) for carrier, gwh in sums.items()}


def test_congested_line_separates_the_prices_of_two_buses(isle_case: Case) -> None:
    plants = [plant("A", "low", 100, 20), plant("B", "high", 100, 50)]
    result = solve_system(isle_case, {"A": 40.0, "B": 80.0}, plants, [line("ab", "A", "B", 30)])
    assert result.price_usd_per_mwh["A"].to_numpy() == pytest.approx(20.0)
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx(50.0)
    flow = result.flows.iloc[0]
    assert (flow["sent_gwh"], flow["full_h"]) == pytest.approx((30 * HOURS / 1e3, HOURS))
    assert result.solver.objective_usd == pytest.approx(HOURS * (70 * 20 + 50 * 50))


def test_uncongested_line_separates_prices_by_losses_and_charge(isle_case: Case) -> None:
    plants = [plant("A", "low", 300, 20), plant("B", "high", 100, 50)]
    result = solve_system(isle_case, {"A": 40.0, "B": 80.0}, plants, [line("ab", "A", "B", 200, 0.8, 4.0)])
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx((20.0 + 4.0) / 0.8)
    trade = result.exchanges.iloc[0]
    assert trade["sent_gwh"] == pytest.approx(100 * HOURS / 1e3)
    assert trade["received_gwh"] == pytest.approx(80 * HOURS / 1e3)
    assert trade["earned_musd"] == pytest.approx(100 * (20 + 0.8 * 30) / 2 * HOURS / 1e6)


fleets = st.lists(st.tuples(st.floats(1, 100), st.floats(1, 200)), min_size=1, max_size=5)


@settings(max_examples=12)
@given(fleet=fleets, load=st.floats(1, 300))
def test_plants_are_dispatched_in_merit_order(
    isle_case: Case, fleet: list[tuple[float, float]], load: float
) -> None:
    plants = [plant("A", f"p{n}", mw, cost) for n, (mw, cost) in enumerate(fleet)]
    residual_load, cost = load, 0.0
    for mw, price in sorted(fleet, key=lambda pair: pair[1]):
        cost += min(mw, residual_load) * price
        residual_load -= min(mw, residual_load)
    result = solve_system(isle_case, {"A": load}, plants)
    assert result.solver.objective_usd == pytest.approx(HOURS * (cost + residual_load * VOLL), rel=1e-9)
    assert result.unserved["unserved_gwh"].sum() == pytest.approx(residual_load * HOURS / 1e3, abs=1e-6)


def test_reservoir_shifts_its_storage_into_the_high_cost_month(isle_case: Case) -> None:
    """Inflow is in November; in December a full reservoir replaces the high-cost plant, up to its storage."""
    month = system(isle_case, {"A": 1.0}, []).snapshots.month
    load = np.where(month == 12, 100.0, 50.0)
    plants = [plant("A", "low", 60, 10), plant("A", "high", 60, 100)]
    storage_mwh, inflow_mwh = 5000.0, 20.0 * 30 * 24
    water = [reservoir("A", 100, storage_mwh / 100, np.where(month == 11, 20.0, 0.0))]
    dry = solve_system(isle_case, {"A": load}, plants).solver.objective_usd
    result = solve_system(isle_case, {"A": load}, plants, water=water)
    saving = 100 * storage_mwh + 10 * (inflow_mwh - storage_mwh)
    assert result.solver.objective_usd == pytest.approx(dry - saving, rel=1e-9)
    assert result.level_mwh.max() == pytest.approx(storage_mwh)


def test_reservoir_moves_by_all_days_of_a_month(isle_case: Case) -> None:
    """With enough storage, the inflow of the year is used where it saves most: seasons are linked."""
    month = system(isle_case, {"A": 1.0}, []).snapshots.month
    plants = [plant("A", "low", 60, 10), plant("A", "high", 60, 100)]
    water = [reservoir("A", 100, 1e4, np.where(month == 2, 30.0, 0.0))]
    result = solve_system(isle_case, {"A": np.where(month == 8, 120.0, 50.0)}, plants, water=water)
    assert by_carrier(result)["high"] == pytest.approx((60 * 31 - 30 * 28) * 24 / 1e3)
    assert by_carrier(result)["hydro"] == pytest.approx(30 * 28 * 24 / 1e3)


def test_wind_above_load_and_line_capacity_is_curtailed(isle_case: Case) -> None:
    plants = [plant("A", "wind", 100, 0), plant("B", "coal", 100, 30)]
    result = solve_system(isle_case, {"A": 20.0, "B": 80.0}, plants, [line("ab", "A", "B", 30)])
    row = result.generation.set_index("carrier").loc["wind"]
    assert row["curtailed_gwh"] == pytest.approx(50 * HOURS / 1e3)
    assert row["capacity_factor"] == pytest.approx(0.5)


def test_unserved_energy_has_the_own_value_of_each_country(isle_case: Case) -> None:
    plants = [plant("A", "coal", 60, 10), plant("B", "coal", 60, 10)]
    lost_load = {"A": 100.0, "B": 900.0}
    result = solve_system(isle_case, {"A": 80.0, "B": 80.0}, plants, lost_load=lost_load)
    assert result.price_usd_per_mwh["A"].to_numpy() == pytest.approx(100.0)
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx(900.0)
    assert result.unserved["unserved_h"].to_list() == pytest.approx([HOURS, HOURS])
    cost = result.countries.set_index("iso3")["unserved_cost_musd"]
    assert cost.to_dict() == pytest.approx({"A": 20 * 100 * HOURS / 1e6, "B": 20 * 900 * HOURS / 1e6})
    assert result.solver.objective_usd == pytest.approx(HOURS * 20 * (100 + 900) + HOURS * 120 * 10)


def test_neighbour_buys_up_to_its_step_at_its_price(isle_case: Case) -> None:
    plants = [plant("A", "water", 100, 5), plant("X", "buys", 80, -40, kind="buys")]
    result = solve_system(isle_case, {"A": 50.0}, plants, [line("ax", "A", "X", 30, 0.9)], neighbours=("X",))
    row = result.countries.set_index("iso3").loc["A"]
    assert row["exports_gwh"] == pytest.approx(30 * HOURS / 1e3)
    assert row["export_earnings_musd"] == pytest.approx(30 * 0.9 * 40 * HOURS / 1e6)
    assert row["net_imports_gwh"] == pytest.approx(-30 * HOURS / 1e3)
    assert result.costs.set_index("item")["cost_musd"]["sold_to_neighbours"] == pytest.approx(
        -30 * 0.9 * 40 * HOURS / 1e6
    )


def test_emission_cap_dispatches_the_lower_emission_plant(isle_case: Case) -> None:
    plants = [
        plant("A", "coal", 100, 10, co2_t_per_mwh_th=1.0),
        plant("A", "gas", 100, 50, co2_t_per_mwh_th=0.5),
    ]
    result = solve_system(isle_case, {"A": 100.0}, plants, co2_cap_mt=0.75 * 100 * HOURS / 1e6)
    assert by_carrier(result) == pytest.approx({"coal": 50 * HOURS / 1e3, "gas": 50 * HOURS / 1e3})
    assert result.countries["co2_mt"].sum() == pytest.approx(0.75 * 100 * HOURS / 1e6)


def test_expansion_builds_while_annual_cost_is_below_fuel_savings(isle_case: Case) -> None:
    """With a peak of 100 MW in one month, the candidate pays for the base load only."""
    month = system(isle_case, {"A": 1.0}, []).snapshots.month
    hours_peak = 31 * 24
    capital = 40.0 * 2000
    candidate = plant("A", "gas", 0, 10, kind="candidate", vintage="candidate", capital_usd_per_mw=capital)
    plants = [plant("A", "oil", 200, 50), candidate]
    result = solve_system(isle_case, {"A": np.where(month == 7, 100.0, 60.0)}, plants, mode="expansion")
    assert hours_peak < 2000 < HOURS
    built = result.built.set_index("carrier")["built_mw"]
    assert built["gas"] == pytest.approx(60.0)
    expected = 60 * capital + 60 * 10 * HOURS + 40 * 50 * hours_peak
    assert result.costs["cost_musd"].iloc[-1] == pytest.approx(expected / 1e6, rel=1e-9)
    country = result.countries.iloc[0]
    assert country["cost_musd"] == pytest.approx(expected / 1e6, rel=1e-9)
    assert country["capital_musd"] == pytest.approx(60 * capital / 1e6)


def test_battery_shifts_solar_generation_into_the_night(isle_case: Case) -> None:
    """With twelve hours of sun and constant load, a lossless battery of twelve hours serves half the load."""
    small = system(isle_case, {"A": 1.0}, [])
    day = (small.snapshots.hour >= 6) & (small.snapshots.hour < 18)
    plants = [plant("A", "solar", 20, 0, p_max=day.astype(float)), plant("A", "oil", 20, 100)]
    inputs = system(isle_case, {"A": 10.0}, plants, mode="expansion", battery_h=12)
    batteries = pd.DataFrame(
        [["A", "A", 1.0, 0.0, 0.0, 1000.0, 0.0]],
        columns=BATTERY_COLUMNS,
        index=pd.Index(["A battery"], name="name"),
    )
    result = solve(replace(inputs, batteries=batteries))
    assert result.built["built_mw"].to_list() == pytest.approx([10.0], rel=0.1)
    assert by_carrier(result)["oil"] == pytest.approx(0.0, abs=0.02 * 10 * HOURS / 1e3)
