"""Loans, debt, finance of projects and economic appraisal."""

from sogdia.finance.appraisal import (
    Appraisal,
    appraise,
    benefit_cost_ratio,
    capex_schedule,
    eirr,
    npv,
    residual_value,
)
from sogdia.finance.debt_burden import LIC_DSF, DebtBurden, compare_with_thresholds
from sogdia.finance.loans import (
    LoanTerms,
    PaymentSchedule,
    debt_service,
    grant_element,
    payment_schedule,
    pv_of_debt,
)

__all__ = [
    "LIC_DSF",
    "Appraisal",
    "DebtBurden",
    "LoanTerms",
    "PaymentSchedule",
    "appraise",
    "benefit_cost_ratio",
    "capex_schedule",
    "compare_with_thresholds",
    "debt_service",
    "eirr",
    "grant_element",
    "npv",
    "payment_schedule",
    "pv_of_debt",
    "residual_value",
]
