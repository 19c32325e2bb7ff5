"""Sources of finance of a project: their grant element, and the home countries that they serve."""

from __future__ import annotations

from typing import Any

from sogdia.case import Case
from sogdia.case.projects import home_finance_shares
from sogdia.finance.lenders import terms_of
from sogdia.finance.loans import grant_element

GRANT = "grant"
LOANS = ("loan", "export_credit")
"""Instruments of ``deals`` that are owed."""
EQUITY = ("equity", "fdi")
"""Instruments of ``deals`` that are not owed; their terms count as known."""


def home_shares(case: Case, project: str, *, party: str = "", owed: bool = False) -> list[tuple[str, float]]:
    """Return the home countries that bear the finance of a project, each with its part.

    A loan of a project company is owed by its shareholders in proportion to their equity (rows of
    ``company_shares``); the part of outside shareholders is no debt of the region, so that the parts may sum
    to less than 1. What a home country pays itself is all its own. All else is in equal parts of the home
    countries that the project lies in.

    Args:
        case: The case.
        project: Row of ``projects``.
        party: Financing party, if it matters.
        owed: True for a loan.
    """
    if party in case.region.home:
        return [(party, 1.0)]
    companies = case.table("company_shares")
    shares = companies[companies["project"] == project] if owed else companies.iloc[:0]
    if len(shares):
        parts = zip(shares["party"].astype(str), shares["share_pct"].astype(float) / 100.0, strict=True)
        return [(party, part) for party, part in parts if party in case.region.home]
    return home_finance_shares(str(case.table("projects")["iso3"].get(project, "")), case.region.home)


def is_company(case: Case, project: str) -> bool:
    """Return whether a project's loans are those of a joint company (rows of ``company_shares``)."""
    return bool((case.table("company_shares")["project"] == project).any())


def source_grant_element(case: Case, source: dict[Any, Any]) -> tuple[float, bool]:
    """Return the grant element of a source of finance, and whether its terms are known.

    A grant has 1; equity, and money whose terms are not known, have 0: an investor requires the discount
    rate at least.

    Args:
        case: The case.
        source: Row of :attr:`sogdia.case.Case.finance`.
    """
    if source["lender_class"]:
        terms = terms_of(case, str(source["lender_class"]))
        return (0.0, False) if terms is None else (grant_element(terms), True)
    if source["basis"] == "deals":
        instrument = instrument_of(case, source)
        return (1.0, True) if instrument == GRANT else (0.0, instrument in EQUITY)
    return 0.0, False


def is_loan(case: Case, source: dict[Any, Any]) -> bool:
    """Return whether a source of finance is owed: it has a lender class, or its deal is a loan."""
    return bool(source["lender_class"]) or instrument_of(case, source) in LOANS


def instrument_of(case: Case, source: dict[Any, Any]) -> str:
    """Return the instrument of the deal that a source of finance is; empty if it is no deal."""
    if source["basis"] != "deals":
        return ""
    return str(case.table("deals")["instrument"].get(source["row"], ""))
