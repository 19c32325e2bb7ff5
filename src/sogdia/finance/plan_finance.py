"""Finance, debt service and debt burden of a plan."""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.finance.debt_burden import LIC_DSF, compare_with_thresholds
from sogdia.finance.debt_stock import debt_stock, latest_figures
from sogdia.finance.lenders import partner_by_party, terms_of
from sogdia.finance.loans import CONCESSIONAL, debt_service, grant_element, pv_of_debt
from sogdia.finance.plan_appraisal import plan_appraisal, plan_capex
from sogdia.finance.sources import home_shares, is_loan, source_grant_element
from sogdia.finance.tables import BURDENS, FINANCE, SERVICE

_VALUES = ["principal_musd", "interest_musd", "service_musd", "outstanding_musd"]
_THRESHOLD = "pv_external_debt_threshold_pct_gdp"
_FIGURES = (
    _THRESHOLD,
    "pv_external_debt_musd",
    "exports_gs_musd",
    "external_debt_service_musd",
    "government_revenue_musd",
)
"""Items of ``macro`` that debt burden indicators need."""


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
        for home, share in home_shares(case, str(source["project"])):
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


def plan_service(case: Case) -> pd.DataFrame:
    """Calculate debt service of the plan's loans by year; a loan is drawn in the year before opening.

    Returns:
        Table :data:`sogdia.finance.tables.SERVICE`; loans whose terms are not known are left out.
    """
    frames, finance = [], case.own_finance
    for source in finance[finance["amount_musd"].notna()].to_dict("records"):
        terms = terms_of(case, str(source["lender_class"])) if source["lender_class"] else None
        if terms is None or pd.isna(source["opening_year"]):
            continue
        for home, share in home_shares(case, str(source["project"])):
            signed = int(source["opening_year"]) - 1
            service = debt_service(float(source["amount_musd"]) * share, terms, signed)
            frames.append(service.assign(home=home, party=source["partner"]))
    if not frames:
        return SERVICE.frame([])
    service = pd.concat(frames).groupby(["home", "party", "year"], as_index=False)[_VALUES].sum()
    return SERVICE.frame(service)


def plan_burdens(case: Case) -> pd.DataFrame:
    """Compare debt burden indicators with thresholds, before the plan and with its loans.

    The threshold of the present value of external debt over GDP is a row of ``macro``; it identifies the
    country's debt-carrying capacity, and thereby the other thresholds. A country without such a row has no
    threshold. The present value before the plan, exports and revenue are the latest of ``macro``, GDP is the
    case's. Debt service with the plan is that of the year in which the plan's debt service is highest.

    Returns:
        Table :data:`sogdia.finance.tables.BURDENS`.
    """
    figures = {name: latest_figures(case, name) for name in _FIGURES}
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].to_dict()
    new = plan_finance(case).groupby("home")["pv_musd"].sum()
    service = plan_service(case).groupby(["home", "year"])["service_musd"].sum().groupby("home").max()
    missing, rows = float("nan"), []
    for home in case.region.home:
        known = {name: values.get(home, missing) for name, values in figures.items()}
        size = float(gdp[home])
        before = _indicators(known, size, 0.0, 0.0)
        after = _indicators(known, size, float(new.get(home, 0.0)), float(service.get(home, 0.0)))
        limit = known[_THRESHOLD]
        capacity = next((c for c, rule in LIC_DSF.items() if rule["pv_external_gdp_pct"] == limit), None)
        thresholds = {"pv_external_gdp_pct": limit} if capacity is None else LIC_DSF[capacity]
        for burden in compare_with_thresholds(after, thresholds):
            row = (home, capacity or "", burden.measure, before.get(burden.measure, missing))
            rows.append((*row, burden.value_pct, burden.threshold_pct, burden.breached))
    return BURDENS.frame(rows)


def _indicators(known: dict[str, float], gdp: float, new_pv: float, new_service: float) -> dict[str, float]:
    pv, exports = known["pv_external_debt_musd"] + new_pv, known["exports_gs_musd"]
    service = known["external_debt_service_musd"] + new_service
    return {
        "pv_external_gdp_pct": 100.0 * pv / gdp,
        "pv_external_exports_pct": 100.0 * pv / exports,
        "service_exports_pct": 100.0 * service / exports,
        "service_revenue_pct": 100.0 * service / known["government_revenue_musd"],
    }


def plan_money(case: Case, benefits: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Calculate all tables of a plan's finance.

    Args:
        case: The case.
        benefits: Table :data:`sogdia.finance.tables.BENEFITS`; ``None`` to leave out the appraisal.

    Returns:
        ``finance``, ``service``, ``capex``, ``burdens``, ``stock``, ``benefits`` and ``appraisal``: those of
        :mod:`sogdia.finance.tables` whose names start with ``money_``.
    """
    tables = {
        "finance": plan_finance(case),
        "service": plan_service(case),
        "capex": plan_capex(case),
        "burdens": plan_burdens(case),
        "stock": debt_stock(case),
    }
    if benefits is not None:
        tables["benefits"] = benefits
        tables["appraisal"] = plan_appraisal(case, benefits)
    return tables
