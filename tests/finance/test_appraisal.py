"""Loans and appraisal: published answers and figures by hand."""

from __future__ import annotations

import numpy as np
import pytest
from dependence.answers import answers
from hypothesis import given
from hypothesis import strategies as st

from sogdia.errors import InputError
from sogdia.finance import (
    LIC_DSF,
    Terms,
    appraise,
    benefit_cost,
    burdens,
    capex_schedule,
    eirr,
    grant_element,
    npv,
    pv_of_debt,
    residual_value,
    schedule,
    service_by_year,
)
from sogdia.finance.appraisal import annuity_factor

terms = st.builds(
    lambda interest, grace, more: Terms(interest, grace + more, grace),
    st.floats(0.0, 0.15),
    st.integers(0, 20).map(lambda n: n / 2),
    st.integers(1, 60).map(lambda n: n / 2),
)


def test_the_grant_elements_of_both_calendars() -> None:
    for told in answers("grant_element_pct_at_5pct"):
        loan = Terms(told["annual_rate"], told["maturity_years"], told["grace_years"])
        found = (
            100.0 * grant_element(loan),
            100.0 * grant_element(loan, calendar="period_after_grace"),
        )
        wanted = (told["first_principal_at_grace_end"], told["first_principal_one_period_after_grace"])
        assert found == pytest.approx(wanted, abs=5e-5)


def test_the_published_appraisal() -> None:
    told = answers("appraisal")
    flows = np.array(told["cash_flow"], dtype=float)
    assert npv(flows, 0.06) == pytest.approx(told["npv_6pct"], rel=1e-10)
    assert npv(flows, 0.09) == pytest.approx(told["npv_9pct"], rel=1e-10)
    assert eirr(flows) == pytest.approx(told["eirr"], rel=1e-10)
    ratio = benefit_cost(np.maximum(flows, 0.0), np.maximum(-flows, 0.0), 0.06)
    assert ratio == pytest.approx(told["bcr_6pct"], rel=1e-10)


@given(terms, st.sampled_from(["at_grace_end", "period_after_grace"]))
def test_all_of_a_loan_is_paid_back_once(loan: Terms, calendar: str) -> None:
    plan = schedule(loan, calendar)  # type: ignore[arg-type]
    assert plan.principal.sum() == pytest.approx(1.0)
    assert plan.outstanding[-1] == pytest.approx(0.0, abs=1e-12)
    assert (np.diff(plan.outstanding) <= 1e-12).all()


@given(terms)
def test_a_loan_at_the_discount_rate_is_no_gift(loan: Terms) -> None:
    half = 2.0 * (1.05**0.5 - 1.0)
    level = Terms(half, loan.maturity_a, loan.grace_a)
    assert grant_element(level) == pytest.approx(0.0, abs=1e-12)
    assert pv_of_debt(level, age_a=loan.grace_a / 2 // 0.5 * 0.5) == pytest.approx(1.0)


def test_a_fee_is_no_gift_either() -> None:
    plain, charged = Terms(0.02, 20, 5), Terms(0.02, 20, 5, fee=0.01)
    assert grant_element(plain) - grant_element(charged) == pytest.approx(0.01)


def test_an_older_loan_is_nearer_its_face() -> None:
    loan = Terms(0.01, 20, 5)
    values = [pv_of_debt(loan, age_a=age) for age in (0, 5, 10, 15, 19)]
    assert values == sorted(values)
    with pytest.raises(InputError, match="nothing is owed"):
        pv_of_debt(loan, age_a=20)


def test_service_by_year_by_hand() -> None:
    # 100 over 3 years with one of grace: five half-yearly parts of 20 from the end of grace on.
    table = service_by_year(100.0, Terms(0.04, 3, 1), 2026)
    assert table["year"].tolist() == [2027, 2028, 2029]
    assert table["principal_musd"].tolist() == pytest.approx([20.0, 40.0, 40.0])
    assert table["interest_musd"].tolist() == pytest.approx([4.0, 1.6 + 1.2, 0.8 + 0.4])
    assert table["outstanding_musd"].tolist() == pytest.approx([80.0, 40.0, 0.0])


def test_a_bond_is_repaid_at_once() -> None:
    table = service_by_year(100.0, Terms(0.07, 7, 7), 2025)
    assert table["principal_musd"].tolist() == pytest.approx([0.0] * 6 + [100.0])
    assert table["interest_musd"].sum() == pytest.approx(49.0)


@pytest.mark.parametrize("told", [(0.02, 0.2, 0.0), (0.02, 10, 11), (-0.01, 10, 1)])
def test_terms_that_are_none(told: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="terms want"):
        Terms(*told)


def test_a_rate_is_told_only_where_there_is_one() -> None:
    assert eirr([100.0, 10.0]) is None
    assert eirr([-100.0, 250.0, -155.0]) is None
    assert eirr([-100.0, 110.0]) == pytest.approx(0.10)
    assert eirr([-100.0, 0.0]) is None


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=20), st.floats(1, 100))
def test_the_rate_of_return_makes_nothing_of_the_value(gains: list[float], cost: float) -> None:
    flows = [-cost, *gains]
    rate = eirr(flows)
    if rate is not None:
        assert npv(flows, rate) == pytest.approx(
            0.0, abs=1e-6 * (cost + sum(gains)) / (1.0 + rate) ** 2 + 1e-6
        )


def test_an_appraisal_at_three_rates() -> None:
    found = appraise(range(2026, 2029), [100.0, 0.0, 0.0], [0.0, 60.0, 60.0])
    assert found.npv[0.06] == pytest.approx(-100.0 + 60 / 1.06 + 60 / 1.06**2)
    assert found.bcr[0.09] == pytest.approx((60 / 1.09 + 60 / 1.09**2) / 100.0)
    assert found.npv[0.03] > found.npv[0.06] > found.npv[0.09]
    with pytest.raises(InputError, match="one cost and one benefit"):
        appraise([2026], [1.0, 2.0], [1.0])
    with pytest.raises(InputError, match="above 0"):
        appraise([2026], [0.0], [1.0])


def test_cost_by_year_and_what_is_left() -> None:
    assert capex_schedule(900.0, 2026, 2029) == {2026: 300.0, 2027: 300.0, 2028: 300.0}
    assert capex_schedule(900.0, 2029, 2029) == {2028: 900.0}
    assert residual_value(100.0, 40.0, 10.0) == pytest.approx(75.0)
    assert residual_value(100.0, 40.0, 50.0) == 0.0
    assert annuity_factor(0.06, 20) == pytest.approx(0.0871846, rel=1e-6)
    assert annuity_factor(0.0, 20) == pytest.approx(0.05)


def test_thresholds_as_published() -> None:
    assert [LIC_DSF[name]["pv_external_gdp_pct"] for name in ("weak", "medium", "strong")] == [30, 40, 55]
    found = burdens({"pv_external_gdp_pct": 41.0, "service_revenue_pct": 17.0}, LIC_DSF["medium"])
    assert [(b.measure, b.breached) for b in found if b.value_pct == b.value_pct] == [
        ("pv_external_gdp_pct", True),
        ("service_revenue_pct", False),
    ]
    assert not any(burden.breached for burden in burdens({"pv_external_gdp_pct": 99.0}, {}))
