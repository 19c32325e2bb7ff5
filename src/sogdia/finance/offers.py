"""Offers of finance for a project: own money, debt, grant element, and the loss if a financier withdraws.

An offer is a list of sources with shares of the project's cost. What no outside party pays is own money of
the home countries. Amounts follow from the terms of the lender classes alone, so no model has to run again
when another partner finances a project.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sogdia.case import Case, Finance
from sogdia.errors import InputError
from sogdia.finance.appraisal import DEFAULT_RATE, annuity_factor
from sogdia.finance.finance_losses import LIFE_A, refinancing_delay_a
from sogdia.finance.lenders import parties_of, partner_by_party, replacement_lender, terms_of
from sogdia.finance.loans import grant_element, pv_of_debt
from sogdia.finance.project_costs import ProjectCost, cost_or_estimate
from sogdia.finance.sources import home_shares
from sogdia.finance.tables import OFFERS

DOMESTIC = "domestic"
"""Kind of a party that lends at home."""


@dataclass(frozen=True, eq=False)
class Offer:
    """Amounts of an offer, USD million; the home countries' part of the project.

    Attributes:
        project: Row of ``projects``.
        cost: Cost of the project; the part of the home countries is ``home_cost``.
        home_cost: Part of the cost that falls on home countries.
        own_money: Part that home countries pay: treasuries, domestic lenders, and what no source covers.
        pv_by_home: Present value of the loans from abroad by home country, at 5 % a year.
        grant: Grant element of the loans, ``Σ A (1 − PV / face value)``; negative for loans above 5 %.
        by_partner: Money from abroad by partner; a party that belongs to none under its own code.
        sources: Table :data:`sogdia.finance.tables.OFFERS`.
    """

    project: str
    cost: ProjectCost
    home_cost: float
    own_money: float
    pv_by_home: dict[str, float]
    grant: float
    by_partner: dict[str, float]
    sources: pd.DataFrame

    @property
    def pv(self) -> float:
        """Present value of all loans from abroad."""
        return sum(self.pv_by_home.values())


def offer_of(case: Case, project: str, finance: Sequence[Finance], homes: Sequence[str]) -> Offer:
    """Compute the amounts of an offer for the home countries that the portfolio is about.

    A source without a lender class is equity or a grant: it is no debt, and has no grant element, since an
    investor requires the discount rate at least.

    Args:
        case: The case.
        project: Row of ``projects``.
        finance: Sources, with shares of the cost.
        homes: Home countries that count.

    Raises:
        InputError: If neither the cost nor a reference class is known.
    """
    cost = cost_or_estimate(case, project)
    if math.isnan(cost.cost):
        raise InputError(
            f"{project}: no cost is published and its sector has no reference class of three projects; give "
            "its capex_musd in the table projects, or leave it out"
        )
    countries = str(case.table("projects")["iso3"][project])
    home_cost = (
        cost.cost * sum(countries.split(";").count(home) for home in homes) / len(countries.split(";"))
    )
    partner, rows = partner_by_party(case), []
    for part in finance:
        terms = terms_of(case, part.lender_class) if part.lender_class else None
        owed, share_of_cost = bool(part.lender_class), part.share_pct / 100.0
        factor = 1.0 if terms is None else pv_of_debt(terms)
        element = 0.0 if terms is None else grant_element(terms)
        shares = dict(home_shares(case, project, party=part.partner, owed=owed))
        total = sum(shares.values())
        for home, share in shares.items():
            if home not in homes:
                continue
            # Shareholders owe the loan of a joint company; the part of those abroad is no debt of the region.
            amount = share_of_cost * (cost.cost * share if total < 1.0 else home_cost * share)
            rows.append(
                (
                    project, home, part.partner, partner.get(part.partner, part.partner),
                    part.lender_class or "", amount, is_own_money(case, part.partner), owed, 100.0 * element,
                    amount * factor if owed else 0.0,
                )
            )  # fmt: skip
    sources = OFFERS.frame(rows)
    abroad = sources[~sources["own_money"].astype(bool)]
    covered = sum(part.share_pct for part in finance if not is_own_money(case, part.partner)) / 100.0
    return Offer(
        project=project,
        cost=cost,
        home_cost=home_cost,
        own_money=home_cost * max(1.0 - covered, 0.0),
        pv_by_home={str(k): float(v) for k, v in abroad.groupby("home")["pv_musd"].sum().items()},
        grant=float((abroad["amount_musd"] * abroad["grant_element_pct"]).sum()) / 100.0,
        by_partner={str(k): float(v) for k, v in abroad.groupby("partner")["amount_musd"].sum().items()},
        sources=sources,
    )


def is_own_money(case: Case, party: str) -> bool:
    """Return true for a home country's treasury and for domestic lenders."""
    parties = case.table("parties")
    kinds = dict(zip(parties["code"].astype(str), parties["kind"].astype(str), strict=True))
    return party in case.region.home or kinds.get(party) == DOMESTIC


def withdrawal_loss(case: Case, offer: Offer, partner: str, rate: float = DEFAULT_RATE) -> float:
    """Return the yearly loss if a partner withdraws its finance before it is disbursed, USD million.

    ``a(r, N) [A (GE_old − GE_new) + r d (total − A)]`` with A the amount of the partner's parties, GE_new
    that of the lender that each home country turns to, and d the years until it lends: the equation of
    :mod:`sogdia.finance.finance_losses`, for a cost that may be an estimate.

    Args:
        case: The case.
        offer: The offer.
        partner: Row of ``partners``.
        rate: Discount rate r.
    """
    leaving = set(parties_of(case, (partner,)))
    factor, loss, waiting, has_left = annuity_factor(rate, LIFE_A), 0.0, 0.0, False
    for row in offer.sources.to_dict("records"):
        amount = float(row["amount_musd"])
        if row["party"] not in leaving:
            waiting += amount
            continue
        has_left = True
        new = terms_of(case, replacement_lender(case, str(row["home"]), leaving))
        fallback = 0.0 if new is None else grant_element(new)
        loss += factor * amount * (float(row["grant_element_pct"]) / 100.0 - fallback)
    return loss + (factor * rate * refinancing_delay_a(case) * waiting if has_left else 0.0)
