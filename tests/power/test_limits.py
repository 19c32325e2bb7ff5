"""Limits on energy of a period or the year, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.power import PowerResult
from sogdia.power.limits import EnergyLimit, annual_volume
from sogdia.power.snapshots import DAYS

from .systems import HOURS, line, plant, solve_system

NONE = np.full(12, np.inf)


def test_fuel_above_its_monthly_limit_costs_its_replacement(isle_case: Case) -> None:
    """50 MW of gas at an efficiency of a half burn 2,400 MWh a day; 2,000 are available in January."""
    upper = NONE.copy()
    upper[0] = 2000.0
    limit = EnergyLimit(
        "gas", "A", (("Generator-p", "A gas", 2.0),), -NONE, upper, slack_usd_per_mwh=15.0, is_paid=True
    )
    result = solve_system(isle_case, {"A": 50.0}, [plant("A", "gas", 80, 30)], limits=(limit,))
    excess = 31 * (2400.0 - 2000.0) * 15.0
    assert result.excess_usd_by_country() == pytest.approx({"A": excess})
    assert result.solver.objective_usd == pytest.approx(50 * 30 * HOURS + excess)
    assert result.costs.set_index("item")["cost_musd"]["fuel_above_limits"] == pytest.approx(excess / 1e6)
    price = result.price_usd_per_mwh["A"]
    assert price[result.inputs.snapshots.month == 1].to_numpy() == pytest.approx(30 + 2 * 15)
    assert price[result.inputs.snapshots.month == 2].to_numpy() == pytest.approx(30)


def test_annual_volume_is_used_in_the_most_expensive_hours(isle_case: Case) -> None:
    """Purchases of 10 MW on average go to July, when the oil plant runs."""
    volume = np.full(12, 240.0)
    limit = EnergyLimit("volume", "X", (("Generator-p", "X sells", 1.0),), -NONE, volume, by_period=False)
    load = np.where(np.arange(288) // 24 == 6, 100.0, 50.0)
    plants = [plant("A", "coal", 50, 20), plant("A", "oil", 100, 90)]
    plants.append(plant("X", "sells", 200, 30, kind="sells"))
    result = solve_system(
        isle_case, {"A": load}, plants, [line("xa", "X", "A", 200)], neighbours=("X",), limits=(limit,)
    )
    trade = result.exchanges
    bought = float(trade["sent_gwh"][trade["exporter"] == "X"].sum())
    assert bought == pytest.approx(50 * 31 * 24 / 1e3)
    assert bought * 1e3 <= 240.0 * 365


def test_contract_is_delivered_unless_that_costs_more_than_its_price(isle_case: Case) -> None:
    least = np.where(np.arange(12) < 6, 480.0, 0.0)
    members = (("Link-p", "ab>", 1.0),)
    lines = [line("ab", "A", "B", 30)]

    def sent(extra: float) -> float:
        limit = EnergyLimit("contract", "B", members, least, NONE, 25.0, is_shortfall=True)
        plants = [plant("A", "coal", 200, 20 + extra), plant("B", "coal", 200, 20)]
        result = solve_system(isle_case, {"A": 10.0, "B": 50.0}, plants, lines, limits=(limit,))
        assert result.costs["cost_musd"].iloc[-1] * 1e6 + result.penalty_usd() == pytest.approx(
            result.solver.objective_usd
        )
        return float(result.flows["sent_gwh"].sum())

    assert sent(extra=10.0) == pytest.approx(480.0 * DAYS[:6].sum() / 1e3)
    assert sent(extra=30.0) == pytest.approx(0.0)


def test_bounds_of_a_period_with_an_unlimited_month_are_infinite(isle_case: Case) -> None:
    upper = np.full(12, 10.0)
    upper[3] = np.inf
    limit = EnergyLimit("limit", "A", (), -NONE, upper)
    inputs = solve_system(isle_case, {"A": 1.0}, [plant("A", "coal", 2, 20)]).inputs
    lower, largest = limit.bounds(inputs.snapshots)
    assert np.isneginf(lower).all()
    assert largest[:3] == pytest.approx(10.0 * DAYS[:3])
    assert np.isinf(largest[3])


@pytest.mark.parametrize(
    ("year", "volume"), [(2019, 600.0), (2020, 600.0), (2022, 900.0), (2024, 1200.0), (2030, 1200.0)]
)
def test_volume_of_a_step_is_interpolated_between_years_and_held_outside(year: int, volume: float) -> None:
    rows = pd.DataFrame({"year": [2024, 2020], "volume_gwh_a": [1200.0, 600.0]})
    assert annual_volume({"volume_gwh_a": 5.0}, rows, year) == pytest.approx(volume)


@pytest.mark.parametrize(("own", "volume"), [(5.0, 5.0), (np.nan, None)])
def test_step_without_years_has_its_own_volume(own: float, volume: float | None) -> None:
    rows = pd.DataFrame({"year": [], "volume_gwh_a": []})
    assert annual_volume({"volume_gwh_a": own}, rows, 2030) == volume


def test_supply_of_russia_is_limited_by_the_volume_of_the_year(reference: PowerResult) -> None:
    """Kazakhstan: 4,442 GWh in 2025, held since."""
    limits = [one for one in reference.inputs.limits if one.name.startswith("annual volume of RUS/KAZ sells")]
    most = [one.bounds(reference.inputs.snapshots)[1].sum() / 1e3 for one in limits]
    assert most == pytest.approx([1688.0, 2754.0])
    sells = reference.inputs.generators.index.str.startswith("RUS/KAZ sells")
    sold = reference.annual_sum(reference.generator_mw[:, sells]) / 1e3
    assert (sold <= np.array(most) * (1.0 + 1e-6)).all()
    assert sold[1] > 2500.0
