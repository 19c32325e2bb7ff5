"""Path of a claim over years: repayment, interest, new loans of the same lender, present value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sogdia.finance.claims import Claim
from sogdia.finance.loans import PERIODS_PER_YEAR, UNIFIED_RATE, payment_schedule

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DebtPath:
    """Debt by year, USD million; each array is (T,).

    Attributes:
        principal: Principal repaid in the year.
        interest: Interest and fees paid in the year.
        lent: New loans, drawn at the end of the year.
        outstanding: Owed at the end of the year.
        pv: Present value of future payments at the end of the year.
    """

    principal: Floats
    interest: Floats
    lent: Floats
    outstanding: Floats
    pv: Floats

    @property
    def service(self) -> Floats:
        """Principal, interest and fees of the year, (T,)."""
        return self.principal + self.interest

    def __add__(self, other: DebtPath) -> DebtPath:
        """Add the debt of another claim."""
        return DebtPath(*(getattr(self, name) + getattr(other, name) for name in _FIELDS))


_FIELDS = ("principal", "interest", "lent", "outstanding", "pv")


def no_debt(years: int) -> DebtPath:
    """Return a path without debt over a number of years."""
    return DebtPath(*(np.zeros(years) for _ in _FIELDS))


def debt_path(claim: Claim, first: int, growth: Floats, *, lends_again: bool = False) -> DebtPath:
    """Follow a claim from a first year on.

    Payments of the year are those of its two half-years. If the lender lends again, new loans at the end of
    year t are ``L_t = principal_t + g_t D_{t−1}`` on the same terms, so that ``D_t = (1 + g_t) D_{t−1}``; the
    fee is paid with the interest of the year that follows.

    Args:
        claim: The claim. What fell due before the first year is past, and with ``lends_again`` was lent again
            without growth.
        first: First year of the path.
        growth: Growth g of what the lender is owed, by year of the path, (T,).
        lends_again: True if the lender renews its loans.

    Returns:
        The path. A claim drawn later than the first year starts in the year after.
    """
    years, start = len(growth), claim.year + 1
    span = max(first + years - start, 0)
    new = payment_schedule(claim.terms)
    periods = PERIODS_PER_YEAR * (span + 1) + max(len(new.principal), len(claim.payments.principal))
    principal, interest = np.zeros(periods), np.zeros(periods)
    principal[: len(claim.payments.principal)] = claim.payments.principal * claim.owed_musd
    interest[: len(claim.payments.interest)] = claim.payments.interest * claim.owed_musd
    if claim.kind != "outstanding":
        interest[0] += claim.terms.fee * claim.owed_musd
    discount = (1.0 + UNIFIED_RATE) ** (-np.arange(1, periods + 1) / PERIODS_PER_YEAR)
    out = np.zeros((len(_FIELDS), years))
    owed = claim.owed_musd
    _put(out, claim.year - first, 0.0, 0.0, 0.0, owed, float((principal + interest) @ discount))
    for step in range(span):
        at = PERIODS_PER_YEAR * step
        due = slice(at, at + PERIODS_PER_YEAR)
        paid, cost = float(principal[due].sum()), float(interest[due].sum())
        rate = float(growth[start + step - first]) if start + step >= first else 0.0
        lent = paid + rate * owed if lends_again else 0.0
        owed = owed - paid + lent
        after = slice(at + PERIODS_PER_YEAR, at + PERIODS_PER_YEAR + len(new.principal))
        principal[after] += lent * new.principal
        interest[after] += lent * new.interest
        interest[at + PERIODS_PER_YEAR] += lent * claim.terms.fee
        rest = (principal + interest)[at + PERIODS_PER_YEAR :]
        _put(out, start + step - first, paid, cost, lent, owed, float(rest @ discount[: len(rest)]))
    return DebtPath(*out)


def _put(out: Floats, year: int, *values: float) -> None:
    """Set the values of a year that lies within the path."""
    if 0 <= year < out.shape[1]:
        out[:, year] = values
