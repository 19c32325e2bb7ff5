"""Who pays for the projects of a plan: loans and other money from abroad, the states, and what is open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.case.projects import home_finance_shares
from sogdia.finance.tables import FUNDING


def plan_funding(case: Case, finance: pd.DataFrame) -> pd.DataFrame:
    """Divide the cost of each project of the plan in a home country by who pays it.

    A country's part of the cost is an equal part of all countries of the project; in a joint company (rows of
    ``company_shares``) it is the country's share in the company. The shareholders of a joint company pay what
    no loan covers, each by its share: ``equity = share · (cost − loans of the company)``, not below 0. In
    other projects what no financing party is known for is ``rest = cost − finance``, not below 0.

    Args:
        case: The case.
        finance: Table :data:`sogdia.finance.tables.FINANCE` of the plan.

    Returns:
        Table :data:`sogdia.finance.tables.FUNDING`; projects whose cost is in that of another are left out.
    """
    known = finance.assign(amount_musd=finance["amount_musd"].fillna(0.0))
    sums = {str(project): rows for project, rows in known.groupby("project")}
    rows = []
    for project in case.own_projects.to_dict("records"):
        name, cost = str(project["project"]), float(project["cost_musd"])
        if project["part_of"]:
            continue
        for home, part, is_company in _parts(case, name, float(project["home_share"])):
            mine = sums[name][sums[name]["home"] == home] if name in sums else known.iloc[:0]
            is_lent, is_own = mine["lent"].astype(bool), mine["party"] == home
            loans = float(mine.loc[is_lent & ~is_own, "amount_musd"].sum())
            domestic = float(mine.loc[is_own, "amount_musd"].sum())
            # Equity of outside shareholders is in their share of the company, not in the country's.
            others = 0.0 if is_company else float(mine.loc[~is_lent & ~is_own, "amount_musd"].sum())
            share, equity = part * cost, 0.0
            if is_company:
                equity, domestic = max(share - loans, domestic), 0.0
            rest = np.maximum(share - loans - domestic - others - equity, 0.0)
            rows.append((home, name, share, is_company, loans, others, domestic, equity, rest))
    return FUNDING.frame(rows)


def _parts(case: Case, project: str, home_share: float) -> list[tuple[str, float, bool]]:
    """Return home countries with their part of a project's cost, and whether a joint company bears it."""
    companies = case.table("company_shares")
    members = companies[companies["project"] == project]
    if len(members):
        pairs = zip(members["party"].astype(str), members["share_pct"].astype(float) / 100.0, strict=True)
        return [(party, part, True) for party, part in pairs if party in case.region.home]
    countries = str(case.table("projects")["iso3"].get(project, ""))
    return [
        (home, home_share * part, False) for home, part in home_finance_shares(countries, case.region.home)
    ]
