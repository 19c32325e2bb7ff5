"""Scarcity: its hours, prices without it, the long-run marginal cost, and warnings."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.power import PowerResult
from sogdia.power.scarcity import long_run_by_country, price_summary

from .systems import HOURS, VOLL, line, plant, solve_system, system

DECEMBER_H = 31 * 24.0


def short_in_december(case: Case, load_mw: float = 120.0) -> PowerResult:
    """Return a country with 100 MW at 30 USD/MWh that lacks power in December; its other load is 90 MW."""
    month = system(case, {"A": 1.0}, []).snapshots.month
    load = np.where(month == 12, load_mw, 90.0)
    return solve_system(case, {"A": load}, [plant("A", "coal", 100, 30)])


def test_scarcity_has_its_hours_and_share_of_load(isle_case: Case) -> None:
    result = short_in_december(isle_case)
    row = result.unserved.iloc[0]
    load_mwh = 90 * HOURS + 30 * DECEMBER_H
    assert row["unserved_h"] == pytest.approx(DECEMBER_H)
    assert row["unserved_share"] == pytest.approx(20 * DECEMBER_H / load_mwh)
    prices = result.price_summary.iloc[0]
    assert prices["scarcity_share"] == pytest.approx(DECEMBER_H / HOURS)
    assert prices["price_without_scarcity_usd_per_mwh"] == pytest.approx(30.0)
    paid = 30 * 90 * (HOURS - DECEMBER_H) + VOLL * 120 * DECEMBER_H
    assert prices["price_usd_per_mwh"] == pytest.approx(paid / load_mwh)


def test_price_of_a_neighbour_in_shortage_is_one_of_scarcity(isle_case: Case) -> None:
    """B's shortage sets A's price too, unless the line is full."""
    plants = [plant("A", "coal", 100, 30), plant("B", "coal", 20, 40)]
    result = solve_system(isle_case, {"A": 50.0, "B": 90.0}, plants, [line("ab", "A", "B", 200, 0.9)])
    summary = result.price_summary.set_index("zone")
    assert result.unserved.set_index("zone")["unserved_gwh"]["A"] == pytest.approx(0.0, abs=1e-6)
    assert summary["scarcity_share"].to_dict() == pytest.approx({"A": 1.0, "B": 1.0})
    narrow = solve_system(isle_case, {"A": 50.0, "B": 90.0}, plants, [line("ab", "A", "B", 20, 0.9)])
    assert narrow.price_summary.set_index("zone")["scarcity_share"].to_dict() == pytest.approx(
        {"A": 0.0, "B": 1.0}
    )


def test_long_run_marginal_cost_is_energy_price_plus_capacity_price(isle_case: Case) -> None:
    result = short_in_december(isle_case)
    load_mwh = 90 * HOURS + 30 * DECEMBER_H
    summary = price_summary(result, {"A": 90_000.0}, {"A": 138.0})
    capacity = 90_000 * 138 / load_mwh
    assert summary["capacity_usd_per_mwh"][0] == pytest.approx(capacity)
    assert summary["long_run_usd_per_mwh"][0] == pytest.approx(30.0 + capacity)
    assert long_run_by_country(result, summary) == pytest.approx({"A": 30.0 + capacity})
    assert long_run_by_country(result, result.price_summary) == {}


def test_unserved_energy_above_half_a_percent_and_scarcity_in_one_percent_of_hours_are_warned(
    isle_case: Case,
) -> None:
    unserved, scarce = short_in_december(isle_case).warnings
    assert unserved.startswith("A: 15 GWh are unserved, 1.8% of load")
    assert scarce.startswith("A: scarcity sets the price in 8.5% of hours")
    (only,) = short_in_december(isle_case, load_mw=105.0).warnings
    assert only.startswith("A: scarcity sets the price")
    assert short_in_december(isle_case, load_mw=99.0).warnings == ()


def test_emission_cap_that_is_met_by_cutting_load_is_warned(isle_case: Case) -> None:
    plants = [plant("A", "coal", 100, 30, co2_t_per_mwh_th=1.0)]
    cap = 0.75 * 100 * HOURS / 1e6
    capped = solve_system(isle_case, {"A": 100.0}, plants, co2_cap_mt=cap).warnings[-1]
    assert capped.startswith("the CO2 cap of 0.657 Mt is met by cutting 219 GWh of load")
    clean = [*plants, plant("A", "wind", 100, 60)]
    assert solve_system(isle_case, {"A": 100.0}, clean, co2_cap_mt=cap).warnings == ()
