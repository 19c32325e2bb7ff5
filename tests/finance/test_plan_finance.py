"""Finance, debt service, cost and appraisal of a plan on the small region, calculated by hand."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from case.toy import plan, scenario

from sogdia import Case, Region, build_case
from sogdia.finance import DebtSettings, LoanTerms, appraise, grant_element, pv_of_debt
from sogdia.finance.debt_stress import debt_of_homes, money_owed
from sogdia.finance.finance_losses import LIFE_A, capital_losses, finance_losses, idle_finance
from sogdia.finance.plan_appraisal import HORIZON_A, plan_appraisal, plan_flows
from sogdia.finance.plan_capex import plan_capex
from sogdia.finance.plan_finance import plan_finance, plan_money
from sogdia.finance.tables import BENEFITS, TABLES

BANK = LoanTerms(0.01, 30, 10)
RAIL: dict[str, Any] = {
    "project": "pj_rail",
    "finance": [
        {"partner": "XBK", "lender_class": "bank_soft", "share_pct": 60},
        {"partner": "XAC", "share_pct": 40},
    ],
}


def case_of(toy: Region, *projects: str | dict[str, Any], shocks: tuple[dict[str, Any], ...] = ()) -> Case:
    return build_case(toy, plan(*projects), scenario(*shocks))


def test_finance_divides_a_loan_among_home_countries(toy: Region) -> None:
    table = plan_finance(case_of(toy, RAIL))
    loans = table[table["party"] == "XBK"].set_index("home")
    assert loans["amount_musd"].to_dict() == {"XAA": 300, "XAB": 300}
    assert set(loans["partner"]) == {"bank"}
    assert loans["grant_element_pct"].tolist() == pytest.approx([100 * grant_element(BANK)] * 2)
    assert loans["pv_musd"].tolist() == pytest.approx([300 * pv_of_debt(BANK)] * 2)
    assert loans["concessional"].all()
    others = table[table["party"] == "XAC"]
    assert not others["lent"].any()
    assert (others["pv_musd"] == 0).all()


def test_money_of_a_home_country_is_its_own(toy: Region) -> None:
    finance = [{"partner": "XAA", "share_pct": 20}, {"partner": "XAC", "share_pct": 80}]
    table = plan_finance(case_of(toy, {"project": "pj_rail", "finance": finance}))
    sums = table.groupby(["party", "home"])["amount_musd"].sum().to_dict()
    assert sums == {("XAA", "XAA"): 200, ("XAC", "XAA"): 400, ("XAC", "XAB"): 400}


def test_loan_deal_without_terms_is_valued_at_par(toy: Region) -> None:
    table = plan_finance(case_of(toy, "pj_rail"))
    assert table["lent"].all()
    assert not table["terms_known"].any()
    assert (table["pv_musd"] == table["amount_musd"]).all()
    assert set(table["row"]) == {"deals/rail_c", "deals/rail_bank"}


def test_debt_service_starts_in_the_opening_year(toy: Region) -> None:
    case = case_of(toy, RAIL)
    table = money_owed(case, debt_of_homes(case, DebtSettings(years=40)))
    first = table[(table["home"] == "XAA") & (table["paid_musd"] > 0.0)].iloc[0]
    assert (first["party"], first["year"]) == ("XBK", 2029)
    assert first["interest_musd"] == pytest.approx(300 * 0.01)
    assert table["principal_musd"].sum() == pytest.approx(600)


def test_capex_is_spread_from_start_to_opening(toy: Region) -> None:
    table = plan_capex(case_of(toy, "pj_rail", {"project": "pj_cable", "opening_year": 2030}))
    assert table["project"].unique().tolist() == ["pj_rail"]
    assert table["year"].tolist() == [2025, 2026, 2027, 2028]
    assert table["capex_musd"].tolist() == [250.0] * 4


def test_capex_without_start_year_takes_three_years(toy: Region) -> None:
    table = plan_capex(case_of(toy, "pj_cable_big"))
    assert table["year"].tolist() == [2032, 2033, 2034]


def benefits_of(goods: float, *transit: float) -> pd.DataFrame:
    """Return benefits of one home country: goods, and transit income with its interval."""
    lines = [("XAA", "goods", goods, goods, goods)]
    return BENEFITS.frame([*lines, ("XAA", "transit_income", *transit)] if transit else lines)


def test_transit_income_is_a_line_of_the_benefit_with_its_interval(toy: Region) -> None:
    """80 and 20 a year are 100; at 10 and at 60 of transit income the benefit is 90 and 140."""
    case = case_of(toy, RAIL)
    table = plan_appraisal(plan_flows(case, benefits_of(80.0, 20.0, 10.0, 60.0)))
    assert set(table["benefit_musd_a"]) == {100.0}
    assert set(table["transit_musd_a"]) == {20.0}
    for column, benefit in (("npv_musd", 100.0), ("npv_low_musd", 90.0), ("npv_high_musd", 140.0)):
        alone = plan_appraisal(plan_flows(case, benefits_of(benefit)))
        assert table[column].tolist() == pytest.approx(alone["npv_musd"].tolist())
        assert alone["npv_low_musd"].tolist() == alone["npv_high_musd"].tolist()


def test_appraisal_equals_hand_calculation(toy: Region) -> None:
    table = plan_appraisal(plan_flows(case_of(toy, RAIL), benefits_of(100.0)))
    # The newest deal, of 2024, is the decision: works begin in 2025.
    years = range(2024, 2029 + HORIZON_A)
    costs = [250.0 if 2025 <= year < 2029 else 0.0 for year in years]
    benefits = [100.0 if year >= 2029 else 0.0 for year in years]
    benefits[-1] += 1000 * (1 - 30 / 40)
    expected = appraise(years, costs, benefits)
    assert table["npv_musd"].tolist() == pytest.approx(list(expected.npv.values()))
    assert table["bcr"].tolist() == pytest.approx(list(expected.bcr.values()))
    assert table["eirr_pct"].tolist() == pytest.approx([100 * (expected.eirr or math.nan)] * 3)
    assert set(table["projects"]) == {1}


def test_appraisal_skips_projects_that_open_later(toy: Region) -> None:
    later = {"project": "pj_sun", "opening_year": 2035}
    assert plan_flows(case_of(toy, later), benefits_of(100.0)) is None
    assert plan_appraisal(None).empty


def test_remaining_finance_waits_while_a_part_is_withdrawn(toy: Region) -> None:
    withdrawal = {"kind": "withdrawal", "partner": "north", "channels": ["capital"]}
    case = case_of(toy, RAIL, shocks=(withdrawal,))
    idle = idle_finance(case).set_index("home")
    annuity = 0.06 / (1 - 1.06**-LIFE_A)
    assert idle["waiting_musd"].to_dict() == {"XAA": 300, "XAB": 300}
    assert idle["idle_musd_a"].tolist() == pytest.approx([annuity * 0.06 * 2 * 300] * 2)


def test_delayed_finance_is_not_refinanced(toy: Region) -> None:
    sanction = {"kind": "sanction", "senders": ["XAC"], "targets": ["XAA"], "level": "friction"}
    case = case_of(toy, RAIL, shocks=(sanction,))
    losses = finance_losses(case, ())
    assert set(losses["partner"]) == {"XAC"}
    assert set(losses["delay_a"]) == {1.0}
    assert not losses["withdrawn"].any()
    assert (losses["refinance_musd"] == 0).all()
    totals = capital_losses(case, ()).set_index("home")
    annuity = 0.06 / (1 - 1.06**-LIFE_A)
    assert totals["capital_musd"].to_dict() == pytest.approx(
        {"XAA": annuity * 0.06 * 300, "XAB": annuity * 0.06 * 300}
    )


def test_tables_have_the_declared_columns(toy: Region) -> None:
    for projects in ((), (RAIL,)):
        for name, table in plan_money(case_of(toy, *projects), benefits_of(100.0)).items():
            assert list(table.columns) == list(TABLES[f"money_{name}"].column_names)
