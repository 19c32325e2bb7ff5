"""Loans: payment schedule, present value, grant element.

Interest is paid twice a year on the outstanding principal; principal is repaid in equal half-yearly parts
after the grace period. Present values use the unified discount rate of the International Monetary Fund and
the World Bank, 5 % a year effective, so ``(1.05)^½ − 1`` a half-year. The grant element is ``1 − PV / face
value``; a loan with a grant element of at least 35 % is concessional.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]
Calendar = Literal["at_grace_end", "period_after_grace"]
"""First payment of principal: on the day the grace period ends, or one period later. Both are in use."""

UNIFIED_RATE = 0.05
CONCESSIONAL = 0.35
"""Grant element from which a loan is concessional."""
PERIODS_PER_YEAR = 2


@dataclass(frozen=True)
class LoanTerms:
    """Terms of a loan.

    Attributes:
        interest: Nominal interest rate a year, as a fraction.
        maturity_a: Years to the last payment.
        grace_a: Grace period, years; equal to the maturity if all principal is repaid at once.
        fee: Fee on the face value at signing, as a fraction.
    """

    interest: float
    maturity_a: float
    grace_a: float
    fee: float = 0.0

    def __post_init__(self) -> None:
        """Check the terms.

        Raises:
            InputError: If a term is out of range.
        """
        periods = round(self.maturity_a * PERIODS_PER_YEAR)
        if periods < 1 or not 0.0 <= self.grace_a <= self.maturity_a or self.interest < 0.0:
            raise InputError(
                f"invalid terms of a loan: {self}; expected interest of at least 0, a maturity of at least "
                "half a year, and a grace period within the maturity"
            )


@dataclass(frozen=True, eq=False)
class PaymentSchedule:
    """Payments on a face value of 1 by half-year; period 1 ends half a year after signing.

    Attributes:
        principal: Principal repaid at the end of each period, (N,).
        interest: Interest paid at the end of each period, (N,).
        outstanding: Principal owed after that, (N,).
    """

    principal: Floats
    interest: Floats
    outstanding: Floats


def payment_schedule(terms: LoanTerms, calendar: Calendar = "at_grace_end") -> PaymentSchedule:
    """Calculate the payments of a loan that is drawn in full at signing.

    With M periods of maturity and G of grace, principal is repaid in ``M − G + 1`` equal parts from period G
    on (``at_grace_end``), or in ``M − G`` parts from period G + 1 on. Without grace the first part is due in
    period 1.
    """
    last, grace = round(terms.maturity_a * PERIODS_PER_YEAR), round(terms.grace_a * PERIODS_PER_YEAR)
    first = max(grace if calendar == "at_grace_end" else grace + 1, 1)
    first = min(first, last)
    principal = np.zeros(last)
    principal[first - 1 :] = 1.0 / (last - first + 1)
    before = 1.0 - np.concatenate([[0.0], np.cumsum(principal)[:-1]])
    interest = before * terms.interest / PERIODS_PER_YEAR
    return PaymentSchedule(principal, interest, np.maximum(before - principal, 0.0))


def pv_of_debt(
    terms: LoanTerms, *, calendar: Calendar = "at_grace_end", rate: float = UNIFIED_RATE, age_a: float = 0.0
) -> float:
    """Return the present value of future payments over the outstanding principal.

    ``PV = fee + Σ_t (principal_t + interest_t) (1 + r)^(−t/2)``; the fee is paid at signing, so it counts
    only at age 0.

    Args:
        terms: Terms of the loan.
        calendar: First payment of principal.
        rate: Discount rate r a year, effective.
        age_a: Years since signing; earlier payments are past.

    Raises:
        InputError: If nothing is owed at that age.
    """
    payments = outstanding_payments(terms, age_a, calendar=calendar)
    value = present_value(payments.principal + payments.interest, rate)
    return value + (terms.fee if round(age_a * PERIODS_PER_YEAR) == 0 else 0.0)


def outstanding_payments(
    terms: LoanTerms, age_a: float | None = None, *, calendar: Calendar = "at_grace_end"
) -> PaymentSchedule:
    """Calculate the future payments of debt that is outstanding, per unit owed.

    At a known age they are those of one loan, divided by what is still owed. Without an age the debt is a
    portfolio of equal loans, one signed in each half-year of the maturity, the last now:
    ``principal_t = Σ_a p_{a+t} / Σ_a O_a`` over ages a, with O the outstanding principal.

    Args:
        terms: Terms of the loans; the fee is past.
        age_a: Years since signing; ``None`` if not known.
        calendar: First payment of principal.

    Returns:
        Payments by half-year from now, (N,); ``outstanding`` after each of them.

    Raises:
        InputError: If nothing is owed at that age.
    """
    schedule = payment_schedule(terms, calendar)
    periods = len(schedule.principal)
    past = range(periods) if age_a is None else [round(age_a * PERIODS_PER_YEAR)]
    if past[0] >= periods:
        raise InputError(
            f"nothing is owed after {age_a:g} years of a loan over {terms.maturity_a:g} years; "
            "give an age below its maturity"
        )
    before = np.concatenate([[1.0], schedule.outstanding[:-1]])
    principal, interest = np.zeros(periods), np.zeros(periods)
    for first in past:
        principal[: periods - first] += schedule.principal[first:]
        interest[: periods - first] += schedule.interest[first:]
    owed = float(before[list(past)].sum())
    principal, interest = principal / owed, interest / owed
    return PaymentSchedule(principal, interest, np.maximum(1.0 - np.cumsum(principal), 0.0))


def present_value(payments: Floats, rate: float = UNIFIED_RATE) -> float:
    """Return the present value of half-yearly payments, the first half a year from now.

    ``Σ_t payment_t (1 + r)^(−t/2)``.
    """
    periods = np.arange(1, len(payments) + 1)
    return float((payments * (1.0 + rate) ** (-periods / PERIODS_PER_YEAR)).sum())


def grant_element(
    terms: LoanTerms, *, calendar: Calendar = "at_grace_end", rate: float = UNIFIED_RATE
) -> float:
    """Return the grant element ``1 − PV / face value``; negative if the loan costs more than the rate."""
    return 1.0 - pv_of_debt(terms, calendar=calendar, rate=rate)
