"""Capital cost of a plan's projects by year, published or estimated."""

from __future__ import annotations

import math

import pandas as pd

from sogdia.case import Case
from sogdia.finance.appraisal import capex_schedule
from sogdia.finance.project_costs import cost_or_estimate
from sogdia.finance.tables import CAPEX

CONSTRUCTION_A = 3
"""Years of works of a project whose start is not known."""


def plan_capex(case: Case) -> pd.DataFrame:
    """Spread the cost of the plan's projects over their years of works, in equal parts.

    A project without a published cost has that of its reference class
    (:func:`sogdia.finance.project_costs.cost_or_estimate`), marked ``estimated``.

    Returns:
        Table :data:`sogdia.finance.tables.CAPEX`; projects without a cost, a class or a known opening year
        are left out, and those that are part of another of the plan.
    """
    rows = []
    for project in case.own_projects.to_dict("records"):
        if project["part_of"]:
            continue
        cost = cost_or_estimate(case, str(project["project"]))
        if math.isnan(cost.cost) or pd.isna(project["opening_year"]):
            continue
        opening, start = int(project["opening_year"]), project["start_year"]
        first = opening - CONSTRUCTION_A if pd.isna(start) else min(int(start), opening - 1)
        for year, part in capex_schedule(1.0, first, opening).items():
            amounts = (part * cost.cost, part * cost.low, part * cost.high, cost.is_estimated)
            rows.append((project["project"], year, *amounts, opening, project["home_share"]))
    return CAPEX.frame(rows)
