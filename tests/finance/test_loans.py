"""Loans: published grant elements and figures calculated by hand."""

from __future__ import annotations

import numpy as np
import pytest
from dependence.answers import answers
from hypothesis import given
from hypothesis import strategies as st

from sogdia.errors import InputError
from sogdia.finance import (
    LoanTerms,
    grant_element,
    outstanding_payments,
    payment_schedule,
    present_value,
    pv_of_debt,
)

loan_terms = st.builds(
    lambda interest, grace, more: LoanTerms(interest, grace + more, grace),
    st.floats(0.0, 0.15),
    st.integers(0, 20).map(lambda n: n / 2),
    st.integers(1, 60).map(lambda n: n / 2),
)


def test_grant_element_equals_published_answers_in_both_calendars() -> None:
    for answer in answers("grant_element_pct_at_5pct"):
        loan = LoanTerms(answer["annual_rate"], answer["maturity_years"], answer["grace_years"])
        elements = (
            100.0 * grant_element(loan),
            100.0 * grant_element(loan, calendar="period_after_grace"),
        )
        expected = (answer["first_principal_at_grace_end"], answer["first_principal_one_period_after_grace"])
        assert elements == pytest.approx(expected, abs=5e-5)


@given(loan_terms, st.sampled_from(["at_grace_end", "period_after_grace"]))
def test_schedule_repays_all_principal_once(loan: LoanTerms, calendar: str) -> None:
    schedule = payment_schedule(loan, calendar)  # type: ignore[arg-type]
    assert schedule.principal.sum() == pytest.approx(1.0)
    assert schedule.outstanding[-1] == pytest.approx(0.0, abs=1e-12)
    assert (np.diff(schedule.outstanding) <= 1e-12).all()


@given(loan_terms)
def test_loan_at_the_discount_rate_has_no_grant_element(loan: LoanTerms) -> None:
    half_yearly = 2.0 * (1.05**0.5 - 1.0)
    level = LoanTerms(half_yearly, loan.maturity_a, loan.grace_a)
    assert grant_element(level) == pytest.approx(0.0, abs=1e-12)
    assert pv_of_debt(level, age_a=loan.grace_a / 2 // 0.5 * 0.5) == pytest.approx(1.0)


def test_fee_reduces_the_grant_element() -> None:
    plain, charged = LoanTerms(0.02, 20, 5), LoanTerms(0.02, 20, 5, fee=0.01)
    assert grant_element(plain) - grant_element(charged) == pytest.approx(0.01)


def test_present_value_approaches_par_with_age() -> None:
    loan = LoanTerms(0.01, 20, 5)
    values = [pv_of_debt(loan, age_a=age) for age in (0, 5, 10, 15, 19)]
    assert values == sorted(values)
    with pytest.raises(InputError, match="nothing is owed after 20 years of a loan over 20 years"):
        pv_of_debt(loan, age_a=20)


@pytest.mark.parametrize("terms", [(0.02, 0.2, 0.0), (0.02, 10, 11), (-0.01, 10, 1)])
def test_invalid_terms_are_rejected(terms: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="invalid terms of a loan"):
        LoanTerms(*terms)


def test_debt_of_unknown_age_is_a_portfolio_of_all_ages() -> None:
    """Two years without grace, a loan each half-year: 4, 3, 2 and 1 quarters are outstanding, 10 in all.

    Of 10 quarters, 4 fall due in the first half-year, then 3, 2 and 1.
    """
    payments = outstanding_payments(LoanTerms(0.04, 2, 0))
    assert payments.principal.tolist() == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert payments.interest.tolist() == pytest.approx([0.02, 0.012, 0.006, 0.002])
    assert payments.outstanding.tolist() == pytest.approx([0.6, 0.3, 0.1, 0.0])


@given(loan_terms)
def test_present_value_of_outstanding_payments_is_that_of_the_debt(loan: LoanTerms) -> None:
    payments = outstanding_payments(loan, 0.0)
    value = present_value(payments.principal + payments.interest)
    assert value == pytest.approx(pv_of_debt(loan) - loan.fee)
