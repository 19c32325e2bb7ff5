"""Money that partners take away with them: what it costs to replace, and what waits meanwhile.

For a part A (USD million) of a project's cost whose giver has gone, the home borrows in its place. The loss
is what the grant element falls by, spread over the life of the work,

    ``a(r, N) · A · (GE_old − GE_new)``,  ``a(r, N) = r / (1 − (1 + r)^−N)``

with GE of a grant 1, of equity and of money whose terms are not told 0: an investor wants the discount rate
at least. The rest of the project's money lies idle until the new lender is found, d years:
``a(r, N) · r · d · (total − A)``. Money that only comes late costs that alone. Financing counts nowhere else.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.case import Case
from sogdia.case.projects import home_finance_shares
from sogdia.finance.appraisal import DEFAULT_RATE, annuity_factor
from sogdia.finance.lenders import parties_of, replacement, terms_of
from sogdia.finance.loans import grant_element

LIFE_A = 30.0
"""Years over which a loss of finance is spread: the order of the maturities and lives of such works."""
GRANT = "grant"
COLUMNS = (
    "home", "project", "partner", "lender_class", "amount_musd", "withdrawn", "delay_a", "terms_known",
    "grant_element", "replacement", "new_grant_element", "refinance_musd", "refinancing_musd_a",
)  # fmt: skip


def search_years(case: Case) -> float:
    """Years until a new lender is found: the longest delay of finance among ``pressure_levels``."""
    return float(case.table("pressure_levels")["finance_delay_a"].max())


def lost_finance(case: Case, gone: tuple[str, ...], rate: float = DEFAULT_RATE) -> pd.DataFrame:
    """Parts of the plan's projects whose money is lost or late, one row a part and home.

    A project of several homes counts for each in equal parts; what lies in other countries is not counted.

    Args:
        case: The case, in which payers have gone or are late.
        gone: Partners that have gone; the market does not step in for itself.
        rate: Discount rate r.

    Returns:
        ``home``, ``project``, ``partner``, ``lender_class``, ``amount_musd`` (the home's part; NaN where
        the cost is not known), ``withdrawn``, ``delay_a``, ``terms_known``, ``grant_element``,
        ``replacement`` and ``new_grant_element`` (of lost money), ``refinance_musd``, and
        ``refinancing_musd_a``, the loss a year.
    """
    finance = case.finance
    touched = finance[finance["withdrawn"] | (finance["delay_a"] > 0.0)]
    rows: list[dict[str, Any]] = []
    for part in touched.to_dict("records"):
        for home, share in home_parts(case, str(part["project"])):
            rows.append(_part(case, part, home, share, parties_of(case, gone), rate))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def home_parts(case: Case, project: str) -> list[tuple[str, float]]:
    """Homes that a project lies in, each with an equal part."""
    countries = str(case.table("projects")["iso3"].get(project, ""))
    return home_finance_shares(countries, case.region.home)


def _part(
    case: Case, part: dict[Any, Any], home: str, share: float, gone: tuple[str, ...], rate: float
) -> dict[str, Any]:
    amount, lost = float(part["amount_musd"]) * share, bool(part["withdrawn"])
    old, known = gift_of(case, part)
    new_class = replacement(case, home, gone) if lost else ""
    new = 0.0
    if lost:
        terms = terms_of(case, new_class)
        new = 0.0 if terms is None else grant_element(terms)
    counted = amount if lost and amount > 0.0 else 0.0
    return {
        "home": home,
        "project": part["project"],
        "partner": part["partner"],
        "lender_class": part["lender_class"],
        "amount_musd": amount,
        "withdrawn": lost,
        "delay_a": float(part["delay_a"]),
        "terms_known": known,
        "grant_element": old,
        "replacement": new_class,
        "new_grant_element": new,
        "refinance_musd": counted,
        "refinancing_musd_a": annuity_factor(rate, LIFE_A) * counted * (old - new),
    }


def gift_of(case: Case, part: dict[Any, Any]) -> tuple[float, bool]:
    """Grant element of a part of the finance, and whether its terms are told."""
    if part["lender_class"]:
        terms = terms_of(case, str(part["lender_class"]))
        return (0.0, False) if terms is None else (grant_element(terms), True)
    if part["basis"] == "deals":
        instrument = case.table("deals")["instrument"].get(part["row"], "")
        return (1.0, True) if instrument == GRANT else (0.0, instrument in ("equity", "fdi"))
    return 0.0, False


def idle_money(case: Case, rate: float = DEFAULT_RATE) -> pd.DataFrame:
    """What waiting costs: money of a project that is there while other money is lost or late.

    Returns:
        ``home``, ``project``, ``waiting_musd``, ``years`` and ``idle_musd_a``; projects with a cost that is
        known.
    """
    finance, search = case.finance, search_years(case)
    rows = []
    for project, parts in finance[finance["amount_musd"].notna()].groupby("project"):
        lost = parts["withdrawn"]
        late = parts["delay_a"].where(~lost, search).where(lost | (parts["delay_a"] > 0.0), 0.0)
        years = float(late.max())
        waiting = float(parts.loc[late == 0.0, "amount_musd"].sum())
        if years == 0.0 or waiting == 0.0:
            continue
        for home, share in home_parts(case, str(project)):
            cost = annuity_factor(rate, LIFE_A) * rate * years * waiting * share
            rows.append((home, str(project), waiting * share, years, cost))
    return pd.DataFrame(rows, columns=["home", "project", "waiting_musd", "years", "idle_musd_a"])


def capital_by_home(case: Case, gone: tuple[str, ...], rate: float = DEFAULT_RATE) -> pd.DataFrame:
    """What lost and late finance costs each home a year.

    Returns:
        ``home``, ``capital_musd`` (a year), ``refinance_musd`` (money to be found anew) and
        ``unknown_parts``, parts of projects whose cost is not known and that are therefore not in the sum.
    """
    lost, idle = lost_finance(case, gone, rate), idle_money(case, rate)
    rows = []
    for home in case.region.home:
        own, waits = lost[lost["home"] == home], idle[idle["home"] == home]
        yearly = float(own["refinancing_musd_a"].sum() + waits["idle_musd_a"].sum())
        unknown = int(own["amount_musd"].isna().sum())
        rows.append((home, yearly, float(own["refinance_musd"].sum()), unknown))
    return pd.DataFrame(rows, columns=["home", "capital_musd", "refinance_musd", "unknown_parts"])
