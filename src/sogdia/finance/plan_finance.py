"""The money of a plan: what it costs when, who lends on which terms, what falls due, what it is worth."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.case import Case
from sogdia.finance.appraisal import RATES, appraise, capex_schedule, residual_value
from sogdia.finance.debt_stock import debt_stock, newest
from sogdia.finance.debt_thresholds import LIC_DSF, burdens
from sogdia.finance.lenders import partner_by_party, terms_of
from sogdia.finance.loans import CONCESSIONAL, grant_element, pv_of_debt, service_by_year
from sogdia.finance.lost_finance import gift_of, home_parts

LIFE_A, HORIZON_A = 40.0, 30
"""Life of a work for its residual value, and years of benefit that are counted."""
BUILD_A = 3
"""Years of building where a project does not say when work starts."""


def plan_finance(case: Case) -> pd.DataFrame:
    """Who pays for what, on which terms, and how much of it is a gift.

    Returns:
        ``home``, ``project``, ``partner`` (the partner or else the party), ``party``, ``lender_class``,
        ``amount_musd`` (the home's part; projects of several homes in equal parts), ``lent`` (whether it is
        owed), ``terms_known``, ``grant_element_pct`` with principal first due as grace ends,
        ``grant_element_later_pct`` one period later, ``concessional``, ``pv_musd`` (of what is lent) and
        ``row``.
    """
    partner, rows = partner_by_party(case), []
    for part in case.finance.to_dict("records"):
        terms = terms_of(case, str(part["lender_class"])) if part["lender_class"] else None
        gift, known = gift_of(case, part)
        later = gift if terms is None else grant_element(terms, calendar="period_after_grace")
        lent = bool(part["lender_class"]) or _is_loan(case, part)
        for home, share in home_parts(case, str(part["project"])):
            amount = float(part["amount_musd"]) * share
            worth = amount * (1.0 if terms is None else pv_of_debt(terms))
            party, table = str(part["partner"]), "deals" if part["basis"] == "deals" else "projects"
            rows.append(
                {
                    "home": home,
                    "project": part["project"],
                    "partner": partner.get(party, party),
                    "party": party,
                    "lender_class": part["lender_class"],
                    "amount_musd": amount,
                    "lent": lent,
                    "terms_known": known,
                    "grant_element_pct": 100.0 * gift,
                    "grant_element_later_pct": 100.0 * later,
                    "concessional": lent and known and gift >= CONCESSIONAL,
                    "pv_musd": worth if lent else 0.0,
                    "row": f"{table}/{part['row']}",
                }
            )
    names = (
        "home", "project", "partner", "party", "lender_class", "amount_musd", "lent", "terms_known",
        "grant_element_pct", "grant_element_later_pct", "concessional", "pv_musd", "row",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(names))


def _is_loan(case: Case, part: dict[Any, Any]) -> bool:
    return part["basis"] == "deals" and case.table("deals")["instrument"].get(part["row"]) in (
        "loan",
        "export_credit",
    )


def plan_service(case: Case) -> pd.DataFrame:
    """Debt service of the plan's new loans by year: drawn in the year before the project opens.

    Returns:
        ``home``, ``party``, ``year``, ``principal_musd``, ``interest_musd``, ``service_musd``,
        ``outstanding_musd``; loans whose terms are not told have none.
    """
    frames = []
    for part in case.finance[case.finance["amount_musd"].notna()].to_dict("records"):
        terms = terms_of(case, str(part["lender_class"])) if part["lender_class"] else None
        if terms is None or pd.isna(part["opening_year"]):
            continue
        for home, share in home_parts(case, str(part["project"])):
            table = service_by_year(float(part["amount_musd"]) * share, terms, int(part["opening_year"]) - 1)
            frames.append(table.assign(home=home, party=part["partner"]))
    values = ["principal_musd", "interest_musd", "service_musd", "outstanding_musd"]
    if not frames:
        return pd.DataFrame(columns=["home", "party", "year", *values])
    return pd.concat(frames).groupby(["home", "party", "year"], as_index=False)[values].sum()


def plan_capex(case: Case) -> pd.DataFrame:
    """Cost of the plan's projects by year, even over the years of work.

    Returns:
        ``project``, ``year``, ``capex_musd``, ``opening_year``, ``home_share`` (equal parts of its
        countries); projects whose cost is not told are not there.
    """
    rows = []
    for project in case.projects.to_dict("records"):
        if pd.isna(project["cost_musd"]) or pd.isna(project["opening_year"]):
            continue
        opening, start = int(project["opening_year"]), project["start_year"]
        first = opening - BUILD_A if pd.isna(start) else min(int(start), opening - 1)
        for year, amount in capex_schedule(project["cost_musd"], first, opening).items():
            rows.append((project["project"], year, amount, opening, project["home_share"]))
    return pd.DataFrame(rows, columns=["project", "year", "capex_musd", "opening_year", "home_share"])


def plan_appraisal(case: Case, benefit_musd_a: float) -> pd.DataFrame:
    """Worth of the projects that are open in the case's year, at three discount rates.

    Costs are capital costs of the homes' part in the years they fall, benefits the engines' of the year
    looked at, the same each year from then on (from the opening of the last of them, if that is later) for
    30 years; what the works are still worth then is a benefit of the last year. Finance is no part of it:
    its grant element is told beside.

    Args:
        case: The case.
        benefit_musd_a: What the homes gain a year, in all.

    Returns:
        ``rate_pct``, ``npv_musd``, ``bcr``, ``eirr_pct`` (the same in each row; NaN where there is none),
        ``capex_musd``, ``benefit_musd_a``, ``residual_musd``, ``projects``; no row where no cost is told.
    """
    names = (
        "rate_pct",
        "npv_musd",
        "bcr",
        "eirr_pct",
        "capex_musd",
        "benefit_musd_a",
        "residual_musd",
        "projects",
    )
    spent = plan_capex(case)
    spent = spent[spent["opening_year"] <= case.year]
    if spent.empty:
        return pd.DataFrame(columns=list(names))
    first, opened = int(spent["year"].min()), int(spent["opening_year"].max())
    years = range(first, opened + HORIZON_A)
    money = (spent["capex_musd"] * spent["home_share"]).groupby(spent["year"]).sum()
    costs = [float(money.get(year, 0.0)) for year in years]
    gains = [benefit_musd_a if year >= opened else 0.0 for year in years]
    left = residual_value(float(money.sum()), LIFE_A, float(HORIZON_A))
    gains[-1] += left
    found = appraise(years, costs, gains, RATES)
    back = float("nan") if found.eirr is None else 100.0 * found.eirr
    count = spent["project"].nunique()
    rows = [
        (100.0 * r, found.npv[r], found.bcr[r], back, float(money.sum()), benefit_musd_a, left, count)
        for r in RATES
    ]
    return pd.DataFrame(rows, columns=list(names))


def plan_burdens(case: Case) -> pd.DataFrame:
    """Debt against thresholds, before and with the plan's new loans.

    The threshold of PV of external debt over GDP is a row of ``macro``; it tells the country's capacity,
    whose other thresholds are the framework's. A country without such a row has none. PV before is the
    newest of ``macro``; exports, revenue and GDP are the newest told and the case's. Service with the plan
    is that of its dearest year.

    Returns:
        ``home``, ``capacity``, ``measure``, ``before_pct``, ``after_pct``, ``threshold_pct``, ``breached``.
    """
    told = {name: newest(case, name) for name in _FIGURES}
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].to_dict()
    new = plan_finance(case).groupby("home")["pv_musd"].sum()
    service = plan_service(case).groupby(["home", "year"])["service_musd"].sum().groupby("home").max()
    rows = []
    for home in case.region.home:
        known = {name: values.get(home, float("nan")) for name, values in told.items()}
        size = float(gdp[home])
        before = _ratios(known, size, 0.0, 0.0)
        after = _ratios(known, size, float(new.get(home, 0.0)), float(service.get(home, 0.0)))
        limit = known["pv_external_debt_threshold_pct_gdp"]
        capacity = next((c for c, rule in LIC_DSF.items() if rule["pv_external_gdp_pct"] == limit), None)
        rules = {"pv_external_gdp_pct": limit} if capacity is None else LIC_DSF[capacity]
        for burden in burdens(after, rules):
            row = (home, capacity or "", burden.measure, before.get(burden.measure, float("nan")))
            rows.append((*row, burden.value_pct, burden.threshold_pct, burden.breached))
    names = ["home", "capacity", "measure", "before_pct", "after_pct", "threshold_pct", "breached"]
    return pd.DataFrame(rows, columns=names)


_FIGURES = (
    "pv_external_debt_threshold_pct_gdp", "pv_external_debt_musd", "exports_gs_musd",
    "external_debt_service_musd", "government_revenue_musd",
)  # fmt: skip


def _ratios(known: dict[str, float], gdp: float, new_pv: float, new_service: float) -> dict[str, float]:
    pv, exports = known["pv_external_debt_musd"] + new_pv, known["exports_gs_musd"]
    service = known["external_debt_service_musd"] + new_service
    return {
        "pv_external_gdp_pct": 100.0 * pv / gdp,
        "pv_external_exports_pct": 100.0 * pv / exports,
        "service_exports_pct": 100.0 * service / exports,
        "service_revenue_pct": 100.0 * service / known["government_revenue_musd"],
    }


def plan_money(case: Case, benefit_musd_a: float | None) -> dict[str, pd.DataFrame]:
    """All tables of a plan's money; no appraisal where the yearly benefit is not known.

    Returns:
        ``finance``, ``service``, ``capex``, ``burdens``, ``stock`` (debt that stands) and ``appraisal``.
    """
    tables = {
        "finance": plan_finance(case),
        "service": plan_service(case),
        "capex": plan_capex(case),
        "burdens": plan_burdens(case),
        "stock": debt_stock(case),
    }
    if benefit_musd_a is not None:
        tables["appraisal"] = plan_appraisal(case, benefit_musd_a)
    return tables
