"""Availability of thermal plants: mean, months, recorded days of outage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.power import PowerConstants
from sogdia.power.availability import ThermalAvailability
from sogdia.power.costs import PowerCosts
from sogdia.power.monthly import MonthlyFigures

from .systems import edited

MONTHS = [0.5, 1.5] * 6


def availability(case: Case, days: float | None = None, factor: float = 1.0) -> ThermalAvailability:
    """Return the availability of a carrier with a mean of 0.8, months of 0.5 and 1.5, and days of outage."""
    costs = pd.DataFrame(
        [("nuclear", "availability", case.year, 0.8, "any")],
        columns=["carrier", "item", "year", "value", "iso3"],
    )
    months = pd.DataFrame(
        {"iso3": "XAA", "carrier": "nuclear", "item": "availability", "month": range(1, 13), "value": MONTHS}
    )
    record = case.table("electricity").iloc[:0]
    if days is not None:
        row = {"iso3": "XAA", "year": case.year, "item": "outage_nuclear_days", "value": days}
        record = pd.DataFrame([row, row | {"year": case.year - 1, "value": 300.0}])
    given = edited(case, power_costs=costs, power_availability=months, electricity=record)
    constants = PowerConstants({"availability_nuclear/XAA": factor})
    return ThermalAvailability(given, PowerCosts(given), MonthlyFigures(given), constants)


def test_months_multiply_the_mean_up_to_all_of_the_capacity(isle_case: Case) -> None:
    known = availability(isle_case)
    assert known.by_month("nuclear", "XAA") == pytest.approx([0.4, 1.0] * 6)
    assert known.by_month("nuclear", "XAB") == pytest.approx(np.full(12, 0.8))


def test_days_of_outage_of_the_year_replace_the_mean(isle_case: Case) -> None:
    assert availability(isle_case, days=219.0).by_month("nuclear", "XAA") == pytest.approx([0.2, 0.6] * 6)


def test_state_of_the_fleet_does_not_apply_to_new_plants(isle_case: Case) -> None:
    known = availability(isle_case, factor=0.5)
    assert known.by_month("nuclear", "XAA") == pytest.approx([0.2, 0.6] * 6)
    assert known.by_month("nuclear", "XAA", new=True) == pytest.approx([0.4, 1.0] * 6)
