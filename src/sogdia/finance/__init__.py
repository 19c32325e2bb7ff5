"""Money: loans, debt, project finance and appraisal."""

from sogdia.finance.appraisal import (
    Appraisal,
    appraise,
    benefit_cost,
    capex_schedule,
    eirr,
    npv,
    residual_value,
)
from sogdia.finance.debt_thresholds import LIC_DSF, Burden, burdens
from sogdia.finance.loans import Schedule, Terms, grant_element, pv_of_debt, schedule, service_by_year

__all__ = [
    "LIC_DSF",
    "Appraisal",
    "Burden",
    "Schedule",
    "Terms",
    "appraise",
    "benefit_cost",
    "burdens",
    "capex_schedule",
    "eirr",
    "grant_element",
    "npv",
    "pv_of_debt",
    "residual_value",
    "schedule",
    "service_by_year",
]
