"""Claims of lenders: future payments of outstanding debt and of the loans of a plan.

Terms that are not published are assumed so that the debt is at par, as it is valued: interest at the unified
discount rate, the maturity of the lender class or else the median of ``lending_terms``, and no grace beyond
that of the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.finance.debt_stock import debt_stock
from sogdia.finance.lenders import terms_of
from sogdia.finance.loans import (
    PERIODS_PER_YEAR,
    UNIFIED_RATE,
    LoanTerms,
    PaymentSchedule,
    outstanding_payments,
    payment_schedule,
)
from sogdia.finance.sources import home_shares, is_company, is_loan

PAR_INTEREST = PERIODS_PER_YEAR * ((1.0 + UNIFIED_RATE) ** (1.0 / PERIODS_PER_YEAR) - 1.0)
"""Nominal yearly interest, paid half-yearly, at which the present value of a loan is its face value."""
Kind = Literal["outstanding", "committed", "plan"]
"""Debt of today, loans of projects that the baseline builds too, loans of the plan's own projects."""


@dataclass(frozen=True, eq=False)
class Claim:
    """A lender's claim on a home country.

    Attributes:
        home: The borrower.
        party: The lender.
        kind: Group of the debt.
        is_company: True for the borrower's share of a loan to a joint company.
        is_domestic: True if the lender is of the borrower's country.
        owed_musd: Amount owed at the end of ``year``.
        year: Year at whose end it is owed; the first payment is due half a year later.
        terms: Terms of a loan; assumed if ``are_terms_known`` is false.
        are_terms_known: True if interest and grace are published.
        payments: Payments per unit owed, by half-year.
    """

    home: str
    party: str
    kind: Kind
    is_company: bool
    is_domestic: bool
    owed_musd: float
    year: int
    terms: LoanTerms
    are_terms_known: bool
    payments: PaymentSchedule


def assumed_terms(case: Case, lender_class: str) -> tuple[LoanTerms, bool]:
    """Return the terms of a lender class and whether they are published; those of debt at par if not."""
    known = terms_of(case, lender_class) if lender_class else None
    if known is not None:
        return known, True
    table = case.table("lending_terms")
    maturity, grace = float(table["maturity_a"].astype(float).median()), float("nan")
    if lender_class:
        row = table.to_dict("index")[lender_class]
        maturity, grace = float(row["maturity_a"]), float(row["grace_a"])
    return LoanTerms(PAR_INTEREST, maturity, 0.0 if np.isnan(grace) else grace), False


def stock_claims(case: Case) -> list[Claim]:
    """Return the claims of today's lenders (:func:`sogdia.finance.debt_stock.debt_stock`)."""
    claims = []
    for row in debt_stock(case).to_dict("records"):
        terms, known = assumed_terms(case, str(row["lender_class"]))
        age = None if pd.isna(row["age_a"]) else float(row["age_a"])
        payments = outstanding_payments(terms, age)
        home, party, owed, year = str(row["home"]), str(row["party"]), float(row["owed_musd"]), row["year"]
        claims.append(
            Claim(home, party, "outstanding", False, False, owed, int(year), terms, known, payments)
        )
    return claims


def plan_claims(case: Case) -> list[Claim]:
    """Return the claims of lenders to the case's projects, each drawn in the year before opening.

    A home country owes its share of a joint company's loan (:func:`sogdia.finance.sources.home_shares`).
    Loans without an amount or an opening year are left out, and so are withdrawn ones.
    """
    finance, claims = case.finance, []
    domestic = case.table("parties").set_index("code")["kind"].eq("domestic").to_dict()
    finance = finance[
        finance["amount_musd"].notna() & finance["opening_year"].notna() & ~finance["withdrawn"]
    ]
    for source in finance.to_dict("records"):
        if not is_loan(case, source):
            continue
        project, party = str(source["project"]), str(source["partner"])
        terms, known = assumed_terms(case, str(source["lender_class"]))
        kind: Kind = "committed" if source["in_baseline"] else "plan"
        for home, share in home_shares(case, project, party=party, owed=True):
            is_domestic = bool(domestic.get(party, False)) or party == home
            owed = float(source["amount_musd"]) * share
            claims.append(
                Claim(
                    home,
                    party,
                    kind,
                    is_company(case, project),
                    is_domestic,
                    owed,
                    int(source["opening_year"]) - 1,
                    terms,
                    known,
                    payment_schedule(terms),
                )
            )
    return claims
