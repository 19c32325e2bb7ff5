"""Finance and debt burden of a plan, and all tables of its money."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.case import Case
from sogdia.finance.debt_settings import DebtSettings
from sogdia.finance.debt_stock import debt_stock
from sogdia.finance.debt_stress import BASELINE, debt_of_homes, debt_stress, money_owed
from sogdia.finance.funding import plan_funding
from sogdia.finance.incidence import incidence
from sogdia.finance.lenders import partner_by_party, terms_of
from sogdia.finance.loans import CONCESSIONAL, grant_element, pv_of_debt
from sogdia.finance.owner_payments import owner_payments
from sogdia.finance.plan_appraisal import appraisal_steps, plan_appraisal, plan_flows
from sogdia.finance.plan_capex import plan_capex
from sogdia.finance.sources import home_shares, is_loan, source_grant_element
from sogdia.finance.tables import BURDENS, FINANCE


def plan_finance(case: Case, finance: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the finance of the plan's projects with its terms, grant element and present value.

    Args:
        case: The case.
        finance: Rows of its finance (:attr:`sogdia.case.Case.finance`); if not given, those of the projects
            that the baseline does not build.

    Returns:
        Table :data:`sogdia.finance.tables.FINANCE`.
    """
    partner, rows = partner_by_party(case), []
    for source in (case.own_finance if finance is None else finance).to_dict("records"):
        lender_class, party = str(source["lender_class"]), str(source["partner"])
        terms = terms_of(case, lender_class) if lender_class else None
        element, known = source_grant_element(case, source)
        later = element if terms is None else grant_element(terms, calendar="period_after_grace")
        owed = is_loan(case, source)
        table = "deals" if source["basis"] == "deals" else "projects"
        for home, share in home_shares(case, str(source["project"]), party=party, owed=owed):
            amount = float(source["amount_musd"]) * share
            # Debt without known terms is valued at par.
            pv = amount * (1.0 if terms is None else pv_of_debt(terms))
            rows.append(
                {
                    "home": home,
                    "project": source["project"],
                    "partner": partner.get(party, party),
                    "party": party,
                    "lender_class": source["lender_class"],
                    "amount_musd": amount,
                    "lent": owed,
                    "terms_known": known,
                    "grant_element_pct": 100.0 * element,
                    "grant_element_later_pct": 100.0 * later,
                    "concessional": owed and known and element >= CONCESSIONAL,
                    "pv_musd": pv if owed else 0.0,
                    "row": f"{table}/{source['row']}",
                }
            )
    return FINANCE.frame(pd.DataFrame(rows, columns=list(FINANCE.column_names)))


def plan_burdens(stress: pd.DataFrame) -> pd.DataFrame:
    """Find the worst year of each debt burden indicator, and the worst year and test under stress.

    Args:
        stress: Table :data:`sogdia.finance.tables.STRESS`.

    Returns:
        Table :data:`sogdia.finance.tables.BURDENS`.
    """
    rows = []
    for (home, measure), group in stress.groupby(["home", "measure"], sort=False):
        is_baseline = group["test"] == BASELINE
        worst, shocked = group[is_baseline], group[~is_baseline]
        row = _highest(worst)
        known = (home, row["capacity"], measure, row["year"], row["before_pct"], row["after_pct"])
        hard = _highest(shocked) if len(shocked) else row
        under = (hard["test"], hard["year"], hard["after_pct"], hard["breached"])
        rows.append((*known, row["threshold_pct"], row["breached"], *under))
    return BURDENS.frame(rows)


def _highest(rows: pd.DataFrame) -> dict[Any, Any]:
    """Return the first row with the highest indicator; differences below a billionth are none."""
    place = int(rows["after_pct"].round(9).to_numpy(dtype=float).argmax())
    return rows.iloc[[place]].to_dict("records")[0]


def plan_money(
    case: Case, benefits: pd.DataFrame | None, debt: DebtSettings | None = None
) -> dict[str, pd.DataFrame]:
    """Calculate all tables of a plan's finance.

    Args:
        case: The case.
        benefits: Table :data:`sogdia.finance.tables.BENEFITS`; ``None`` to leave out the appraisal.
        debt: Settings of the path of debt; the default ones if not given.

    Returns:
        ``finance``, ``funding``, ``capex``, ``owed``, ``owners``, ``burdens``, ``stress``, ``stock``,
        ``benefits``, ``appraisal``, ``steps`` and ``incidence``: those of :mod:`sogdia.finance.tables` whose
        names start with ``money_``.
    """
    chosen = debt or DebtSettings()
    debts = debt_of_homes(case, chosen)
    stress = debt_stress(case, debts, chosen)
    first = min(each.outlook.first for each in debts.values())
    finance = plan_finance(case)
    tables = {
        "finance": finance,
        "funding": plan_funding(case, finance),
        "capex": plan_capex(case),
        "owed": money_owed(case, debts),
        "owners": owner_payments(case, first, chosen.years),
        "burdens": plan_burdens(stress),
        "stress": stress,
        "stock": debt_stock(case),
    }
    if benefits is not None:
        tables["benefits"] = benefits
        flows = plan_flows(case, benefits)
        tables["appraisal"] = plan_appraisal(flows)
        tables["steps"], tables["incidence"] = appraisal_steps(flows), incidence(flows)
    return tables
