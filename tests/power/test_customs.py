"""Trade compared with customs figures: same country, side, year and months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region
from sogdia.power import PowerResult, solve
from sogdia.power.customs import customs_comparison, customs_years, monthly_trade

from .systems import edited, line, plant, system
from .test_settlement import table

JANUARY_H, QUARTER_H = 31 * 24, 90 * 24


def figures(**items: float) -> pd.DataFrame:
    """Return figures of country A in the base year of the isles."""
    rows = [("A", 2021, item, value) for item, value in items.items()]
    return pd.DataFrame(rows, columns=["iso3", "year", "item", "value"])


def trading(case: Case, published: pd.DataFrame) -> PowerResult:
    """Return a year in which A sends 50 MW to B, at 25 USD/MWh in January and at 35 after it."""
    contracts = table(ab={"usd_per_mwh": 25.0, "from_month": 1, "to_month": 1})
    plants = [plant("A", "coal", 300, 20), plant("B", "gas", 100, 50)]
    case = edited(case, power_contracts=contracts, electricity=published)
    return solve(system(case, {"A": 40.0, "B": 80.0}, plants, [line("ab", "A", "B", 50)]))


def test_figures_of_first_months_are_compared_with_the_same_months(isle_case: Case) -> None:
    published = figures(export_earnings_3m_musd=4.0, exports_3m_gwh=100.0, exports_gwh=999.0)
    result = trading(isle_case, published)
    (row,) = customs_comparison({2021: result}).to_dict("records")
    assert (row["iso3"], row["side"], row["months"]) == ("A", "exports", 3)
    assert row["reported_usd_per_mwh"] == pytest.approx(40.0)
    assert row["modelled_gwh"] == pytest.approx(50 * QUARTER_H / 1e3)
    earned = 50 * (25 * JANUARY_H + 35 * (QUARTER_H - JANUARY_H)) / 1e6
    assert row["modelled_musd"] == pytest.approx(earned)


def test_missing_energy_has_no_price(isle_case: Case) -> None:
    result = trading(isle_case, figures(export_earnings_musd=4.0, import_bill_musd=1.0))
    rows = customs_comparison({2021: result}).set_index("side")
    assert np.isnan(rows["reported_usd_per_mwh"]).all()
    assert rows["modelled_gwh"].to_dict() == pytest.approx({"exports": 438.0, "imports": 0.0})
    assert np.isnan(rows["modelled_usd_per_mwh"]["imports"])


def test_months_sum_to_the_earnings_of_the_year(isle_case: Case) -> None:
    result = trading(isle_case, figures())
    assert monthly_trade(result)["musd"].sum() == pytest.approx(result.exchanges["earned_musd"].sum())
    assert customs_comparison({2021: result}).empty


def test_years_are_those_with_a_published_value(shipped: Region) -> None:
    years = customs_years(shipped)
    assert {2020, 2025} <= set(years)
    assert list(years) == sorted(years)
