"""Lenders: terms of a lender class, and the lender that replaces a withdrawn one."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError, UnknownNameError
from sogdia.finance.loans import LoanTerms

MARKET = ("market", "domestic")
"""Kinds of party that lend to every borrower at a price, in order of preference."""


def terms_of(case: Case, lender_class: str) -> LoanTerms | None:
    """Return the terms of a row of ``lending_terms``; ``None`` if interest or grace is not published.

    Raises:
        UnknownNameError: If there is no such row.
    """
    table = case.table("lending_terms")
    if lender_class not in table.index:
        raise UnknownNameError("row of lending_terms", lender_class, table.index)
    row = table.loc[lender_class].to_dict()
    if pd.isna(row["interest_pct"]) or pd.isna(row["grace_a"]):
        return None
    fee = 0.0 if pd.isna(row["fee_pct"]) else float(row["fee_pct"])
    interest = float(row["interest_pct"]) / 100.0
    return LoanTerms(interest, float(row["maturity_a"]), float(row["grace_a"]), fee / 100.0)


def replacement_lender(case: Case, home: str, withdrawn: Iterable[str] = ()) -> str:
    """Return the lender class that a home country turns to: the market before domestic lenders.

    A class named after a home country (``…_CODE``) serves that country only, and takes precedence over one
    that serves all; of several, the one with the lowest interest is taken.

    Args:
        case: The case.
        home: The borrower.
        withdrawn: Parties that no longer lend; they may include the market.

    Raises:
        InputError: If no lender remains.
    """
    parties, terms = case.table("parties"), case.table("lending_terms")
    kinds = dict(zip(parties["code"], parties["kind"], strict=True))
    excluded, homes = set(withdrawn), set(case.region.home)
    candidates = []
    for name, partner, interest in zip(terms.index, terms["partner"], terms["interest_pct"], strict=True):
        kind, suffix = kinds.get(partner, ""), str(name).rpartition("_")[2]
        if kind not in MARKET or partner in excluded or pd.isna(interest):
            continue
        if suffix not in homes or suffix == home:
            candidates.append((MARKET.index(kind), suffix != home, float(interest), str(name)))
    if not candidates:
        kinds_named = " or ".join(MARKET)
        raise InputError(
            f"lending_terms: no lender remains for {home}; add a row of a party of kind {kinds_named}"
        )
    return min(candidates)[3]


def parties_of(case: Case, partners: Iterable[str]) -> tuple[str, ...]:
    """Return the parties that are members of partners, each once."""
    members = case.table("partners")["members"].to_dict()
    return tuple(dict.fromkeys(code for name in partners for code in str(members[name]).split(";")))


def partner_by_party(case: Case) -> dict[str, str]:
    """Return the partner of each party, for all partners and not only the default ones."""
    rows = case.table("partners")["members"].items()
    return {code: str(name) for name, members in rows for code in str(members).split(";")}
