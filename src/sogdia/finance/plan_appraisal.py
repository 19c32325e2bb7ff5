"""Capital cost of a plan by year, and its economic appraisal."""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.finance.appraisal import RATES, appraise, capex_schedule, residual_value
from sogdia.finance.tables import APPRAISAL, CAPEX

LIFE_A = 40.0
"""Life of works, for their residual value."""
HORIZON_A = 30
"""Years of benefits in the appraisal."""
CONSTRUCTION_A = 3
"""Years of works of a project whose start is not known."""


def plan_capex(case: Case) -> pd.DataFrame:
    """Spread the cost of the plan's projects over their years of works, in equal parts.

    Returns:
        Table :data:`sogdia.finance.tables.CAPEX`; projects without a published cost or a known opening year
        are left out.
    """
    rows = []
    for project in case.own_projects.to_dict("records"):
        if pd.isna(project["cost_musd"]) or pd.isna(project["opening_year"]):
            continue
        opening, start = int(project["opening_year"]), project["start_year"]
        first = opening - CONSTRUCTION_A if pd.isna(start) else min(int(start), opening - 1)
        for year, amount in capex_schedule(project["cost_musd"], first, opening).items():
            rows.append((project["project"], year, amount, opening, project["home_share"]))
    return CAPEX.frame(rows)


def plan_appraisal(case: Case, benefit_musd_a: float) -> pd.DataFrame:
    """Appraise the projects that are open in the case's year, at three discount rates.

    Costs are the home countries' part of capital costs, in the years in which they fall. The benefit is the
    models' benefit of the case's year; it is constant from then on (from the opening of the last project, if
    that is later) for :data:`HORIZON_A` years. The residual value of the works is a benefit of the last
    year. Finance is no part of the appraisal; its grant element is reported separately.

    Args:
        case: The case.
        benefit_musd_a: Benefit of the home countries a year.

    Returns:
        Table :data:`sogdia.finance.tables.APPRAISAL`, with the same ``eirr_pct`` in each row; empty if no
        cost is published.
    """
    capex = plan_capex(case)
    capex = capex[capex["opening_year"] <= case.year]
    if capex.empty:
        return APPRAISAL.frame([])
    first, last_opening = int(capex["year"].min()), int(capex["opening_year"].max())
    years = range(first, last_opening + HORIZON_A)
    cost_by_year = (capex["capex_musd"] * capex["home_share"]).groupby(capex["year"]).sum()
    total = float(cost_by_year.sum())
    costs = [float(cost_by_year.get(year, 0.0)) for year in years]
    benefits = [benefit_musd_a if year >= last_opening else 0.0 for year in years]
    residual = residual_value(total, LIFE_A, float(HORIZON_A))
    benefits[-1] += residual
    result = appraise(years, costs, benefits, RATES)
    eirr_pct = float("nan") if result.eirr is None else 100.0 * result.eirr
    count = capex["project"].nunique()
    return APPRAISAL.frame(
        (100.0 * rate, result.npv[rate], result.bcr[rate], eirr_pct, total, benefit_musd_a, residual, count)
        for rate in RATES
    )
