"""Spot prices: half the gain from trade, at most what the buyer saves; earnings of lines and countries."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.power import solve
from sogdia.power.exchange import line_flows
from sogdia.power.limits import EnergyLimit
from sogdia.power.spot import avoided_cost, spot_price_usd_per_mwh

from .systems import HOURS, edited, line, plant, solve_system, system
from .test_settlement import table

LOW, HIGH = plant("A", "coal", 300, 20), plant("B", "gas", 100, 50)


def test_spot_price_is_the_mean_of_both_marginal_costs(isle_case: Case) -> None:
    result = solve_system(isle_case, {"A": 40.0, "B": 80.0}, [LOW, HIGH], [line("ab", "A", "B", 50, 0.8)])
    assert spot_price_usd_per_mwh(result) == pytest.approx((20.0 + 0.8 * 50.0) / 2.0)
    trade = result.exchanges.iloc[0]
    assert trade["spot_gwh"] == pytest.approx(trade["sent_gwh"]) == pytest.approx(50 * HOURS / 1e3)
    assert trade["spot_usd_per_mwh"] == pytest.approx(30.0)
    assert trade["earned_musd"] == pytest.approx(50 * 30.0 * HOURS / 1e6)
    earnings = result.countries.set_index("iso3")["export_earnings_musd"]
    assert earnings.to_dict() == pytest.approx({"A": 50 * 30.0 * HOURS / 1e6, "B": 0.0})


def test_energy_for_a_country_in_shortage_is_paid_its_avoided_thermal_cost(isle_case: Case) -> None:
    result = solve_system(isle_case, {"A": 40.0, "B": 200.0}, [LOW, HIGH], [line("ab", "A", "B", 50, 0.8)])
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx(1000.0)
    assert spot_price_usd_per_mwh(result) == pytest.approx(0.8 * 50.0)


def test_without_thermal_plants_the_long_run_cost_of_new_supply_is_the_limit(isle_case: Case) -> None:
    lines = [line("ab", "A", "B", 50)]
    result = solve_system(isle_case, {"A": 40.0, "B": 200.0}, [LOW, plant("B", "wind", 10, 0)], lines)
    assert avoided_cost(result, "B", {"B": 65.0}) == pytest.approx(65.0)
    assert spot_price_usd_per_mwh(result, {"B": 15.0}) == pytest.approx(15.0)
    assert np.isinf(avoided_cost(result, "B", {})).all()
    assert spot_price_usd_per_mwh(result) == pytest.approx(20.0)
    assert line_flows(result, {"B": 15.0})["earned_musd"].sum() == pytest.approx(50 * 15 * HOURS / 1e6)


def test_hours_without_thermal_output_have_the_mean_of_the_year(isle_case: Case) -> None:
    month = system(isle_case, {"A": 1.0}, []).snapshots.month
    load = np.where(month <= 6, 150.0, 0.0)
    plants = [LOW, plant("B", "gas", 60, 50), plant("B", "oil", 60, 90)]
    result = solve_system(isle_case, {"A": 0.0, "B": load}, plants)
    assert avoided_cost(result, "B", {})[month > 6] == pytest.approx(90.0)
    assert avoided_cost(result, "B", {"B": 70.0})[month > 6] == pytest.approx(70.0)
    assert avoided_cost(result, "B", {"B": 70.0})[month <= 6] == pytest.approx(90.0)


def test_must_run_plant_saves_no_cost(isle_case: Case) -> None:
    heat = plant("B", "coal heat", 100, 3, carrier="coal")
    result = solve_system(isle_case, {"A": 40.0, "B": 80.0}, [LOW, heat, plant("B", "gas", 10, 50)])
    assert avoided_cost(result, "B", {"B": 44.0}) == pytest.approx(44.0)


def test_neighbour_pays_its_lowest_accepted_bid_and_gets_its_highest_accepted_offer(isle_case: Case) -> None:
    bids = [
        plant("X", "buys 1", 20, -60, kind="buys"),
        plant("X", "buys 2", 50, -40, kind="buys"),
        plant("Y", "sells 1", 10, 25, kind="sells"),
        plant("Y", "sells 2", 90, 30, kind="sells"),
    ]
    lines = [line("ax", "A", "X", 30, 0.9), line("ya", "Y", "A", 40)]
    result = solve_system(isle_case, {"A": 500.0}, [LOW, *bids], lines, neighbours=("X", "Y"))
    flows = result.flows.set_index("line")["earned_musd"]
    assert flows["ya"] == pytest.approx(40 * 30 * HOURS / 1e6)
    result = solve_system(isle_case, {"A": 50.0}, [LOW, *bids], lines, neighbours=("X", "Y"))
    flows = result.flows.set_index("line")["earned_musd"]
    assert flows["ax"] == pytest.approx(30 * 0.9 * 40 * HOURS / 1e6)


def test_contract_sets_the_price_of_its_volume(isle_case: Case) -> None:
    rows = table(ab={"gwh_a": 100.0, "usd_per_mwh": 25.0, "until_year": isle_case.year})
    inputs = system(
        edited(isle_case, power_contracts=rows),
        {"A": 40.0, "B": 80.0},
        [LOW, HIGH],
        [line("ab", "A", "B", 50)],
    )
    flow = solve(inputs).flows.iloc[0]
    spot_gwh = 50 * HOURS / 1e3 - 100.0
    assert flow["spot_gwh"] == pytest.approx(spot_gwh)
    assert (flow["contract_usd_per_mwh"], flow["spot_usd_per_mwh"]) == pytest.approx((25.0, 35.0))
    assert flow["earned_musd"] == pytest.approx((100 * 25 + spot_gwh * 35) / 1e3)


def test_shadow_price_of_a_limit_on_fuel_is_an_avoided_cost(isle_case: Case) -> None:
    """Half the gas of B is bought at 15 USD/MWh of heat above the price of the limit: 50 + 2 · 15 USD/MWh."""
    least = np.full(12, -np.inf)
    upper = np.full(12, 30.0 * 24.0 * 2.0 / 2.0)
    limit = EnergyLimit(
        "gas", "B", (("Generator-p", "B gas", 2.0),), least, upper, slack_usd_per_mwh=15.0, is_paid=True
    )
    result = solve_system(
        isle_case, {"A": 40.0, "B": 80.0}, [LOW, HIGH], [line("ab", "A", "B", 50)], limits=(limit,)
    )
    assert avoided_cost(result, "B", {}) == pytest.approx(80.0)
    assert spot_price_usd_per_mwh(result) == pytest.approx((20.0 + 80.0) / 2.0)
