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


def home_shares(case: Case, project: str) -> list[tuple[str, float]]:
    """Return the home countries that a project lies in, each with an equal part of its finance."""
    return home_finance_shares(str(case.table("projects")["iso3"].get(project, "")), case.region.home)


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
