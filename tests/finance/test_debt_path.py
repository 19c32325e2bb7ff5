"""Debt over years: payments, renewal and present value calculated by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.finance.claims import PAR_INTEREST, Claim
from sogdia.finance.debt_path import DebtPath, debt_path
from sogdia.finance.loans import LoanTerms, outstanding_payments, payment_schedule, pv_of_debt


def claim_of(terms: LoanTerms, year: int = 2025, *, is_new: bool = True) -> Claim:
    payments = payment_schedule(terms) if is_new else outstanding_payments(terms)
    kind = "plan" if is_new else "outstanding"
    return Claim("XAA", "XBK", kind, False, False, 100.0, year, terms, True, payments)  # type: ignore[arg-type]


def follow(claim: Claim, growth: list[float], *, again: bool = False) -> DebtPath:
    return debt_path(claim, 2026, np.array(growth), lends_again=again)


def test_loan_is_repaid_over_its_years() -> None:
    """100 over 3 years with one of grace: five half-yearly parts of 20 from the end of grace on."""
    path = follow(claim_of(LoanTerms(0.04, 3, 1)), [0.0] * 4)
    assert path.principal.tolist() == pytest.approx([20, 40, 40, 0])
    assert path.interest.tolist() == pytest.approx([4, 2.8, 1.2, 0])
    assert path.outstanding.tolist() == pytest.approx([80, 40, 0, 0])
    halves = [(20 + 0.8), (20 + 0.4)]
    assert path.pv[1] == pytest.approx(halves[0] / 1.05**0.5 + halves[1] / 1.05)


def test_bond_is_repaid_at_maturity() -> None:
    path = follow(claim_of(LoanTerms(0.07, 7, 7)), [0.0] * 8)
    assert path.principal.tolist() == pytest.approx([0.0] * 6 + [100.0, 0.0])
    assert path.interest.sum() == pytest.approx(49.0)


def test_claim_drawn_later_is_not_owed_before() -> None:
    path = follow(claim_of(LoanTerms(0.04, 3, 1), 2027), [0.0] * 4)
    assert path.service.tolist() == pytest.approx([0, 0, 24, 42.8])
    assert path.outstanding.tolist() == pytest.approx([0, 100, 80, 40])
    assert path.pv[1] == pytest.approx(100 * pv_of_debt(LoanTerms(0.04, 3, 1)))


def test_lender_that_lends_again_keeps_its_claims_over_gdp() -> None:
    path = follow(claim_of(LoanTerms(0.03, 7, 7), is_new=False), [0.1, 0.0, 0.05], again=True)
    assert path.outstanding.tolist() == pytest.approx([110, 110, 115.5])
    assert path.lent.tolist() == pytest.approx((path.principal + np.array([10, 0, 5.5])).tolist())


@pytest.mark.parametrize("again", [True, False])
def test_debt_at_par_has_the_present_value_that_is_owed(*, again: bool) -> None:
    path = follow(claim_of(LoanTerms(PAR_INTEREST, 5, 2), is_new=False), [0.03] * 6, again=again)
    assert path.pv.tolist() == pytest.approx(path.outstanding.tolist())


def test_portfolio_that_is_renewed_repays_the_same_each_year() -> None:
    """Loans of every age of a bullet bond of five years: a fifth falls due each year for ever.

    What falls due at mid-year is lent again at the end of the year: interest on 100 and then on 90. After
    five years all loans are from the end of a year, with interest on 100 in both halves.
    """
    path = follow(claim_of(LoanTerms(0.07, 5, 5), is_new=False), [0.0] * 12, again=True)
    assert path.principal.tolist() == pytest.approx([20.0] * 12)
    assert path.interest.tolist() == pytest.approx([6.65] * 5 + [7.0] * 7)


def test_paths_add_up() -> None:
    path = follow(claim_of(LoanTerms(0.04, 3, 1)), [0.0] * 3)
    assert (path + path).service.tolist() == pytest.approx((2 * path.service).tolist())
