"""On what terms a lender lends, and who would lend in its place."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.finance.loans import Terms

MARKET = ("market", "domestic")
"""Kinds of party that lend to anybody at a price; the former before the latter."""


def terms_of(case: Case, lender_class: str) -> Terms | None:
    """Terms of a row of ``lending_terms``; nothing where its interest or grace is not published.

    Raises:
        InputError: If there is no such row.
    """
    table = case.table("lending_terms")
    if lender_class not in table.index:
        raise InputError(f"lending_terms has no row {lender_class!r}")
    row = table.to_dict("index")[lender_class]
    if pd.isna(row["interest_pct"]) or pd.isna(row["grace_a"]):
        return None
    fee = 0.0 if pd.isna(row["fee_pct"]) else float(row["fee_pct"])
    return Terms(
        float(row["interest_pct"]) / 100.0, float(row["maturity_a"]), float(row["grace_a"]), fee / 100.0
    )


def replacement(case: Case, home: str, gone: Iterable[str] = ()) -> str:
    """The lender class that a home turns to when another is gone: the market before lenders at home.

    A class named after a home (``…_XXX``) serves that home alone, and before one that serves all; of
    several the cheapest is taken.

    Args:
        case: The case.
        home: Who borrows.
        gone: Parties that have gone, the market among them or not.

    Raises:
        InputError: If nobody is left who lends.
    """
    kinds = case.table("parties").set_index("code")["kind"].to_dict()
    away, homes = set(gone), set(case.region.home)
    found = []
    for name, row in case.table("lending_terms").to_dict("index").items():
        kind, last = kinds.get(row["partner"], ""), str(name).rpartition("_")[2]
        if kind not in MARKET or row["partner"] in away or pd.isna(row["interest_pct"]):
            continue
        if last not in homes or last == home:
            found.append((MARKET.index(kind), last != home, float(row["interest_pct"]), str(name)))
    if not found:
        raise InputError(f"lending_terms has no lender of the kinds {' or '.join(MARKET)} left for {home}")
    return min(found)[3]


def parties_of(case: Case, partners: Iterable[str]) -> tuple[str, ...]:
    """Parties that partners stand for, each once."""
    members = case.table("partners")["members"].to_dict()
    return tuple(dict.fromkeys(code for name in partners for code in str(members[name]).split(";")))


def partner_by_party(case: Case) -> dict[str, str]:
    """The partner that each party belongs to, whether it takes part in studies by default or not."""
    rows = case.table("partners")["members"].items()
    return {code: str(name) for name, cell in rows for code in str(cell).split(";")}
