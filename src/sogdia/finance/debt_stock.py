"""Stock of external public debt by lender, at its present value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.case.deals import counted_deals
from sogdia.codes import DISBURSED, SIGNED
from sogdia.finance.lenders import terms_of
from sogdia.finance.loans import PERIODS_PER_YEAR, Calendar, LoanTerms, payment_schedule, pv_of_debt
from sogdia.finance.sources import LOANS
from sogdia.finance.tables import STOCK

CHANNEL = "external_debt"
"""Channel of ``partner_exposure`` with the debt by lender."""
TOTAL_DEBT = "external_ppg_debt_musd"
"""Item of ``macro`` with the debt to all lenders."""


def latest_figures(case: Case, item: str) -> dict[str, float]:
    """Return the latest figure of an item of ``macro`` by country."""
    rows = case.table("macro")
    rows = rows[(rows["item"] == item) & rows["value"].notna()].sort_values("year")
    return {str(code): float(value) for code, value in zip(rows["iso3"], rows["value"], strict=True)}


def debt_stock(case: Case, calendar: Calendar = "at_grace_end") -> pd.DataFrame:
    """Calculate external public debt of each home country by lender, at its present value.

    The latest figure of each lender in ``partner_exposure`` is taken; a missing amount is its share times the
    total external public debt. The age of the debt is the mean age of the lender's loans to the country in
    ``deals``, weighted by amount, and 0 without such loans. The present value follows from the terms that the
    row names, at that age (:func:`sogdia.finance.loans.pv_of_debt`); debt without known terms is
    valued at par.

    Returns:
        Table :data:`sogdia.finance.tables.STOCK`.
    """
    rows = case.table("partner_exposure")
    rows = rows[(rows["channel"] == CHANNEL) & rows["iso3"].isin(case.region.home)]
    totals, out = latest_figures(case, TOTAL_DEBT), []
    for key, row in rows.sort_values("year").groupby(["iso3", "partner"]).tail(1).to_dict("index").items():
        home, party, lender_class = str(row["iso3"]), str(row["partner"]), str(row["lender_class"])
        owed = float(row["value_musd"])
        if np.isnan(owed):
            owed = float(row["share_pct"]) / 100.0 * totals.get(home, float("nan"))
        if not owed > 0.0:
            continue
        terms = terms_of(case, lender_class) if lender_class else None
        age, pv, due = 0.0, 1.0, float("nan")
        if terms is not None:
            age = min(_mean_age_a(case, home, party, int(row["year"])), terms.maturity_a - 1.0)
            pv, due = _value_at_age(terms, calendar, age, owed)
        known = (home, party, lender_class, int(row["year"]), owed, age, owed * pv, due)
        out.append((*known, f"partner_exposure/{key}"))
    return STOCK.frame(out).sort_values(["home", "party"], ignore_index=True)


def _value_at_age(terms: LoanTerms, calendar: Calendar, age: float, owed: float) -> tuple[float, float]:
    """Return the present value per unit owed, and the principal due within a year."""
    schedule, past = payment_schedule(terms, calendar), round(age * PERIODS_PER_YEAR)
    # The debt is recorded after signing, so a fee is past.
    pv = pv_of_debt(terms, calendar=calendar, age_a=age) - (terms.fee if past == 0 else 0.0)
    outstanding = 1.0 if past == 0 else float(schedule.outstanding[past - 1])
    return pv, owed * float(schedule.principal[past : past + PERIODS_PER_YEAR].sum()) / outstanding


def _mean_age_a(case: Case, home: str, party: str, year: int) -> float:
    """Return the mean years since a party's loans to a country were signed, weighted by amount."""
    deals = case.region.table("deals")
    own = deals[
        deals["instrument"].isin(LOANS)
        & deals["status"].isin((SIGNED, DISBURSED))
        & counted_deals(deals)
        & (deals["partner"] == party)
        & (deals["recipient"] == home)
        & deals["amount_musd"].notna()
        & (deals["year"] <= year).fillna(False)
    ]
    weight = own["amount_musd"].astype(float)
    if weight.sum() <= 0.0:
        return 0.0
    return float((weight * (year - own["year"].astype(float))).sum() / weight.sum())
