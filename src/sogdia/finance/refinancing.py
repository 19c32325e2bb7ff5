"""Loss where a lender no longer renews its loans: debt that falls due is borrowed elsewhere.

Today's lenders renew their loans (:func:`sogdia.finance.debt_path.debt_path`). A lender that withdraws keeps
its contracts, is repaid as they say, and lends no more. In the T years since, the country replaces its new
loans L_t on the market, at prices of the base year:

    ``a(r, N) Σ_{t ≤ T} L_t (1 + π)^−(t − t_0) (GE_old − GE_new)``

with the annuity a(r, N), grant elements GE and dollar inflation π as in
:mod:`sogdia.finance.finance_losses`. Loans to projects of the plan are other loans, and lost there.

If the lender calls in what is outstanding too, D with present value PV, the country replaces it as well:
``a(r, N) [D (1 − GE_new) − PV]`` in addition. Contracts allow that only on default, so it is an assumption of
table ``ranges``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sogdia.case import Case
from sogdia.finance.appraisal import annuity_factor
from sogdia.finance.debt_settings import DebtSettings
from sogdia.finance.debt_stress import debt_of_homes
from sogdia.finance.finance_losses import LIFE_A
from sogdia.finance.lenders import replacement_lender, terms_of
from sogdia.finance.loans import grant_element, present_value

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Renewal:
    """Debt of a home country to a lender that renews its loans, at prices of the base year.

    Attributes:
        party: The lender.
        lent: New loans L by year, from the first year of the path on, USD million, (T,).
        owed: Outstanding debt D, USD million.
        pv: Present value of its payments, USD million.
        grant_element: Grant element of the lender's loans; 0 if its terms are not known.
    """

    party: str
    lent: Floats
    owed: float
    pv: float
    grant_element: float


class RefinancingLoss(NamedTuple):
    """Yearly loss by loans that are not renewed, and if what is outstanding is called in as well."""

    renewed: float
    recalled: float


def renewals_of_homes(case: Case, settings: DebtSettings) -> dict[str, tuple[Renewal, ...]]:
    """Return the debt that today's lenders renew, by home country.

    Args:
        case: The case.
        settings: Settings of the path of debt.
    """
    found = {}
    for home, debt in debt_of_homes(case, settings).items():
        first = debt.outlook.first - case.region.base_year
        prices = (1.0 + settings.dollar_inflation_pct / 100.0) ** -np.arange(first, first + settings.years)
        own = []
        for claim, path in debt.claims:
            if claim.kind == "outstanding":
                owed = claim.owed_musd * float(prices[0])
                pv = owed * present_value(claim.payments.principal + claim.payments.interest)
                old = grant_element(claim.terms) if claim.are_terms_known else 0.0
                own.append(Renewal(claim.party, path.lent * prices, owed, pv, old))
        found[home] = tuple(own)
    return found


def refinancing_loss(
    case: Case,
    home: str,
    renewals: Collection[Renewal],
    parties: Collection[str],
    years: int,
    rate: float,
) -> RefinancingLoss:
    """Return the yearly loss of a home country whose lenders have withdrawn, USD million.

    Args:
        case: The case.
        home: The country.
        renewals: Its debt (:func:`renewals_of_homes`).
        parties: Lenders that have withdrawn.
        years: Years T since the withdrawal, the first ones of the path.
        rate: Discount rate r.

    Raises:
        InputError: If no lender remains.
    """
    lost = [each for each in renewals if each.party in parties]
    if not lost or years <= 0:
        return RefinancingLoss(0.0, 0.0)
    terms = terms_of(case, replacement_lender(case, home, parties))
    new = 0.0 if terms is None else grant_element(terms)
    renewed = sum(float(each.lent[:years].sum()) * (each.grant_element - new) for each in lost)
    recalled = sum(each.owed * (1.0 - new) - each.pv for each in lost)
    annuity = annuity_factor(rate, LIFE_A)
    return RefinancingLoss(annuity * renewed, annuity * (renewed + recalled))
