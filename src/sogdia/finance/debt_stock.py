"""Stock of external public debt by lender, at its present value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.case.deals import counted_deals
from sogdia.codes import DISBURSED, SIGNED
from sogdia.finance.lenders import terms_of
from sogdia.finance.loans import (
    PERIODS_PER_YEAR,
    Calendar,
    LoanTerms,
    outstanding_payments,
    present_value,
)
from sogdia.finance.sources import LOANS
from sogdia.finance.tables import STOCK

CHANNEL = "external_debt"
"""Channel of ``partner_exposure`` with the debt by lender."""
TOTAL_DEBT = "external_ppg_debt_musd"
"""Item of ``macro`` with the debt to all lenders."""
WORLD = "world"
"""Kind of the party that holds the debt of lenders that are not published."""
LEAST_REST = 0.01
"""Share of the total below which a difference to the sum of lenders is rounding."""


def latest_figures(case: Case, item: str) -> dict[str, float]:
    """Return the latest figure of an item of ``macro`` by country."""
    rows = case.table("macro")
    rows = rows[(rows["item"] == item) & rows["value"].notna()].sort_values("year")
    return {str(code): float(value) for code, value in zip(rows["iso3"], rows["value"], strict=True)}


def debt_stock(case: Case, calendar: Calendar = "at_grace_end") -> pd.DataFrame:
    """Calculate external public debt of each home country by lender, at its present value.

    The latest figure of each lender in ``partner_exposure`` is taken; a missing amount is its share times the
    total external public debt. What the total exceeds the sum of the lenders by is owed to lenders that are
    not published: the party of kind ``world``. The age of the debt is the time since its year of signing, or
    the mean age of the lender's loans to the country in ``deals``, weighted by amount. Debt of unknown age is
    a portfolio with loans of every age (:func:`sogdia.finance.loans.outstanding_payments`). The present value
    follows from the terms that the row names; debt without known terms is valued at par.

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
        age, pv, due = None, 1.0, float("nan")
        if terms is not None:
            age = _age_a(case, row, terms)
            payments = outstanding_payments(terms, age, calendar=calendar)
            pv = present_value(payments.principal + payments.interest)
            due = owed * float(payments.principal[:PERIODS_PER_YEAR].sum())
        aged = float("nan") if age is None else age
        known = (home, party, lender_class, int(row["year"]), owed, aged, owed * pv, due)
        out.append((*known, f"partner_exposure/{key}"))
    out += _rest_of_debt(case, out)
    return STOCK.frame(out).sort_values(["home", "party"], ignore_index=True)


def unpublished_lenders(case: Case) -> list[str]:
    """Return the parties that hold the debt of lenders that are not published: those of kind ``world``."""
    parties = case.table("parties")
    return parties.loc[parties["kind"] == WORLD, "code"].astype(str).tolist()


def _rest_of_debt(case: Case, known: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the debt of each home country to lenders that no row names, at par."""
    world, macro, missing, rows = unpublished_lenders(case), case.table("macro"), float("nan"), []
    macro = macro[(macro["item"] == TOTAL_DEBT) & macro["value"].notna()].sort_values("year")
    for key, row in macro.groupby("iso3").tail(1).to_dict("index").items():
        home, total = str(row["iso3"]), float(row["value"])
        rest = total - sum(owed for code, _, _, _, owed, *_ in known if code == home)
        if home in case.region.home and world and rest > LEAST_REST * total:
            rows.append((home, world[0], "", int(row["year"]), rest, missing, rest, missing, f"macro/{key}"))
    return rows


def _age_a(case: Case, row: dict[Any, Any], terms: LoanTerms) -> float | None:
    """Return the age of debt in the year of its figure, within the maturity; ``None`` if not known."""
    signed = row["signed_year"]
    if pd.isna(signed):
        age = _mean_age_a(case, str(row["iso3"]), str(row["partner"]), int(row["year"]))
    else:
        age = float(row["year"]) - float(signed)
    return None if age is None else min(age, terms.maturity_a - 1.0)


def _mean_age_a(case: Case, home: str, party: str, year: int) -> float | None:
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
        return None
    return float((weight * (year - own["year"].astype(float))).sum() / weight.sum())
