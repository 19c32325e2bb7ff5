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
from sogdia.finance.debt_burden import LIC_DSF
from sogdia.finance.debt_settings import DebtSettings
from sogdia.finance.loans import (
    LoanTerms,
    PaymentSchedule,
    grant_element,
    outstanding_payments,
    payment_schedule,
    present_value,
    pv_of_debt,
)

__all__ = [
    "LIC_DSF",
    "Appraisal",
    "DebtSettings",
    "LoanTerms",
    "PaymentSchedule",
    "appraise",
    "benefit_cost_ratio",
    "capex_schedule",
    "eirr",
    "grant_element",
    "npv",
    "outstanding_payments",
    "payment_schedule",
    "present_value",
    "pv_of_debt",
    "residual_value",
]
