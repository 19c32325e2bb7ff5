"""Capital cost of a plan by year, and its economic appraisal."""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.finance.appraisal import RATES, Appraisal, appraise, capex_schedule, residual_value
from sogdia.finance.tables import APPRAISAL, CAPEX

GOODS, ELECTRICITY, CARBON, TRANSIT = "goods", "electricity", "carbon", "transit_income"
"""Lines of the benefit."""
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


def plan_appraisal(case: Case, benefits: pd.DataFrame) -> pd.DataFrame:
    """Appraise the projects that are open in the case's year, at three discount rates.

    Costs are the home countries' part of capital costs, in the years in which they fall. The benefit is the
    sum of the lines of the case's year; it is constant from then on (from the opening of the last project, if
    that is later) for :data:`HORIZON_A` years. The residual value of the works is a benefit of the last
    year. Finance is no part of the appraisal; its grant element is reported separately.

    Args:
        case: The case.
        benefits: Table :data:`sogdia.finance.tables.BENEFITS`.

    Returns:
        Table :data:`sogdia.finance.tables.APPRAISAL`, with the same ``eirr_pct`` in each row; empty if no
        cost is published. ``npv_low_musd`` and ``npv_high_musd`` are at the ends of all intervals together.
    """
    capex = plan_capex(case)
    capex = capex[capex["opening_year"] <= case.year]
    if capex.empty:
        return APPRAISAL.frame([])
    total = float((capex["capex_musd"] * capex["home_share"]).sum())
    residual = residual_value(total, LIFE_A, float(HORIZON_A))
    middle, low, high = (
        _appraise(capex, float(benefits[name].sum()), residual)
        for name in ("benefit_musd_a", "low_musd_a", "high_musd_a")
    )
    eirr_pct = float("nan") if middle.eirr is None else 100.0 * middle.eirr
    transit = float(benefits.loc[benefits["line"] == TRANSIT, "benefit_musd_a"].sum())
    benefit, count = float(benefits["benefit_musd_a"].sum()), capex["project"].nunique()
    return APPRAISAL.frame(
        (100.0 * rate, middle.npv[rate], middle.bcr[rate], eirr_pct, total, low.npv[rate], high.npv[rate],
         benefit, transit, residual, count)
        for rate in RATES
    )  # fmt: skip


def _appraise(capex: pd.DataFrame, benefit_musd_a: float, residual_musd: float) -> Appraisal:
    """Appraise a constant yearly benefit against the capital costs by year."""
    first, last_opening = int(capex["year"].min()), int(capex["opening_year"].max())
    years = range(first, last_opening + HORIZON_A)
    cost_by_year = (capex["capex_musd"] * capex["home_share"]).groupby(capex["year"]).sum()
    costs = [float(cost_by_year.get(year, 0.0)) for year in years]
    benefits = [benefit_musd_a if year >= last_opening else 0.0 for year in years]
    benefits[-1] += residual_musd
    return appraise(years, costs, benefits, RATES)
