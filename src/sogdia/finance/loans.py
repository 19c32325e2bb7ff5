"""Loans: what is paid when, what that is worth, how much of it is a gift.

Interest is paid twice a year on what is outstanding, principal in equal parts twice a year after grace.
Present values discount at the unified rate of the International Monetary Fund and the World Bank, 5 % a year
effective, so ``(1.05)^½ − 1`` a half-year. The grant element is ``1 − PV / face``; at 35 % and more a loan
counts as concessional.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]
Calendar = Literal["at_grace_end", "period_after_grace"]
"""When principal is first paid: on the day grace ends, or one period later. Both are in use."""

UNIFIED_RATE = 0.05
CONCESSIONAL = 0.35
PER_YEAR = 2


@dataclass(frozen=True)
class Terms:
    """Terms of a loan.

    Attributes:
        interest: Nominal rate a year, as a part of one.
        maturity_a: Years to the last payment.
        grace_a: Years without principal; equal to the maturity where all is repaid at once.
        fee: Fee on the face at signing, as a part of one.
    """

    interest: float
    maturity_a: float
    grace_a: float
    fee: float = 0.0

    def __post_init__(self) -> None:
        """Refuse terms that are none.

        Raises:
            InputError: If they do not hold.
        """
        periods = round(self.maturity_a * PER_YEAR)
        if periods < 1 or not 0.0 <= self.grace_a <= self.maturity_a or self.interest < 0.0:
            raise InputError(
                "terms want interest of at least 0, a maturity of half a year or more, and grace within it, "
                f"not {self}"
            )


@dataclass(frozen=True, eq=False)
class Schedule:
    """Payments on a face of 1, by half-year; period 1 ends half a year after signing.

    Attributes:
        principal: Principal paid at the end of each period, (N,).
        interest: Interest paid then, (N,).
        outstanding: What is owed after that, (N,).
    """

    principal: Floats
    interest: Floats
    outstanding: Floats


def schedule(terms: Terms, calendar: Calendar = "at_grace_end") -> Schedule:
    """Payments of a loan drawn at signing.

    With M periods of maturity and G of grace, principal is paid in ``M − G + 1`` equal parts from period G on
    (``at_grace_end``) or in ``M − G`` parts from period G + 1 on. Without grace the first part falls due in
    period 1.
    """
    last, grace = round(terms.maturity_a * PER_YEAR), round(terms.grace_a * PER_YEAR)
    first = max(grace if calendar == "at_grace_end" else grace + 1, 1)
    first = min(first, last)
    principal = np.zeros(last)
    principal[first - 1 :] = 1.0 / (last - first + 1)
    before = 1.0 - np.concatenate([[0.0], np.cumsum(principal)[:-1]])
    return Schedule(principal, before * terms.interest / PER_YEAR, np.maximum(before - principal, 0.0))


def pv_of_debt(
    terms: Terms, *, calendar: Calendar = "at_grace_end", rate: float = UNIFIED_RATE, age_a: float = 0.0
) -> float:
    """Present value of what is still to be paid, over what is still owed.

    ``PV = fee + Σ_t (principal_t + interest_t) (1 + r)^(−t/2)``; a fee is paid at signing, so an older loan
    has none.

    Args:
        terms: Terms.
        calendar: When principal is first paid.
        rate: Discount rate r a year, effective.
        age_a: Years since signing; payments before are over.

    Raises:
        InputError: If nothing is owed any more at that age.
    """
    plan, gone = schedule(terms, calendar), round(age_a * PER_YEAR)
    paid = (plan.principal + plan.interest)[gone:]
    owed = 1.0 if gone == 0 else float(plan.outstanding[gone - 1]) if gone < len(plan.outstanding) else 0.0
    if owed <= 0.0:
        raise InputError(f"after {age_a:g} years nothing is owed of a loan over {terms.maturity_a:g}")
    periods = np.arange(1, len(paid) + 1)
    value = float((paid * (1.0 + rate) ** (-periods / PER_YEAR)).sum())
    return value / owed + (terms.fee if gone == 0 else 0.0)


def grant_element(terms: Terms, *, calendar: Calendar = "at_grace_end", rate: float = UNIFIED_RATE) -> float:
    """Part of a loan that is a gift, ``1 − PV / face``; below 0 where it is dearer than the discount rate."""
    return 1.0 - pv_of_debt(terms, calendar=calendar, rate=rate)


def service_by_year(
    amount_musd: float, terms: Terms, signed: int, *, calendar: Calendar = "at_grace_end"
) -> pd.DataFrame:
    """Debt service of a loan drawn at the end of a year.

    Returns:
        ``year`` (the first is the one after signing), ``principal_musd``, ``interest_musd``,
        ``service_musd``, ``outstanding_musd`` at the year's end. The fee is in the first year's interest.
    """
    plan = schedule(terms, calendar)
    years = -(-len(plan.principal) // PER_YEAR)
    padded = [np.pad(part, (0, years * PER_YEAR - len(part))) for part in (plan.principal, plan.interest)]
    principal, interest = (part.reshape(years, PER_YEAR).sum(axis=1) * amount_musd for part in padded)
    interest[0] += terms.fee * amount_musd
    return pd.DataFrame(
        {
            "year": signed + 1 + np.arange(years),
            "principal_musd": principal,
            "interest_musd": interest,
            "service_musd": principal + interest,
            "outstanding_musd": np.maximum(amount_musd - np.cumsum(principal), 0.0),
        }
    )
