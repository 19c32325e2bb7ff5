"""What is owed to whom: the stock of debt by lender at its present value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.case.deals import counted_deals
from sogdia.finance.lenders import terms_of
from sogdia.finance.loans import PER_YEAR, Calendar, pv_of_debt, schedule

COLUMNS = ("home", "party", "lender_class", "year", "owed_musd", "age_a", "pv_musd", "due_musd_a", "row")
LOANS, PAID = ("loan", "export_credit"), ("signed", "disbursed")
CHANNEL, WHOLE = "external_debt", "external_ppg_debt_musd"


def newest(case: Case, item: str) -> dict[str, float]:
    """The newest figure of ``macro`` by country."""
    rows = case.table("macro")
    rows = rows[(rows["item"] == item) & rows["value"].notna()].sort_values("year")
    return {str(code): float(value) for code, value in zip(rows["iso3"], rows["value"], strict=True)}


def debt_stock(case: Case, calendar: Calendar = "at_grace_end") -> pd.DataFrame:
    """External public debt of each home by lender, the newest figure of each in ``partner_exposure``.

    A sum that is not told is the share told of all such debt. What is owed is as old as the mean of the
    lender's loans to the country in ``deals``, weighted by amount, and new where there are none; its
    present value is that of the terms that the row names, at that age
    (:func:`sogdia.finance.loans.pv_of_debt`), and its face where no terms are told.

    Returns:
        ``home``, ``party``, ``lender_class``, ``year``, ``owed_musd``, ``age_a``, ``pv_musd``,
        ``due_musd_a`` (principal due in the year after) and ``row``.
    """
    rows = case.table("partner_exposure")
    rows = rows[(rows["channel"] == CHANNEL) & rows["iso3"].isin(case.region.home)]
    whole, out = newest(case, WHOLE), []
    for key, row in rows.sort_values("year").groupby(["iso3", "partner"]).tail(1).to_dict("index").items():
        home, party = str(row["iso3"]), str(row["partner"])
        owed = float(row["value_musd"])
        if np.isnan(owed):
            owed = float(row["share_pct"]) / 100.0 * whole.get(home, float("nan"))
        if not owed > 0.0:
            continue
        terms = terms_of(case, str(row["lender_class"])) if row["lender_class"] else None
        age, worth, due = 0.0, 1.0, float("nan")
        if terms is not None:
            age = min(_age(case, home, party, int(row["year"])), terms.maturity_a - 1.0)
            plan, gone = schedule(terms, calendar), round(age * PER_YEAR)
            worth = pv_of_debt(terms, calendar=calendar, age_a=age) - (terms.fee if gone == 0 else 0.0)
            left = 1.0 if gone == 0 else float(plan.outstanding[gone - 1])
            due = owed * float(plan.principal[gone : gone + PER_YEAR].sum()) / left
        told = (home, party, str(row["lender_class"]), int(row["year"]), owed, age, owed * worth, due)
        out.append((*told, f"partner_exposure/{key}"))
    return pd.DataFrame(out, columns=list(COLUMNS)).sort_values(["home", "party"], ignore_index=True)


def _age(case: Case, home: str, party: str, year: int) -> float:
    """Mean years since loans of a party to a country were signed, by amount; 0 where none is known."""
    deals = case.region.table("deals")
    own = deals[
        deals["instrument"].isin(LOANS)
        & deals["status"].isin(PAID)
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
