"""Economic appraisal: net present value (ENPV), internal rate of return (EIRR), benefit-cost ratio.

Flows are by year, in constant prices; the first year is not discounted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]

RATES = (0.03, 0.06, 0.09)
"""Discount rates reported: low, default, hurdle rate of a multilateral bank (Zhuang and others 2007)."""
DEFAULT_RATE = 0.06
_LOWEST_RATE, _HIGHEST_RATE = -0.99, 10.0


def npv(flows: Sequence[float] | Floats, rate: float) -> float:
    """Return the net present value ``Σ_t F_t (1 + r)^−t``."""
    values = np.asarray(flows, dtype=np.float64)
    return float((values * (1.0 + rate) ** -np.arange(len(values), dtype=np.float64)).sum())


def eirr(flows: Sequence[float] | Floats) -> float | None:
    """Return the internal rate of return; ``None`` if the flows do not change sign exactly once.

    With one change of sign the rate is unique (Descartes); with more it may be ambiguous.
    """
    signs = np.sign(np.asarray(flows, dtype=np.float64))
    signs = signs[signs != 0.0]
    if (np.diff(signs) != 0.0).sum() != 1 or npv(flows, _LOWEST_RATE) * npv(flows, _HIGHEST_RATE) > 0.0:
        return None
    root = brentq(lambda rate: npv(flows, rate), _LOWEST_RATE, _HIGHEST_RATE, xtol=1e-14, rtol=1e-14)
    return float(root)


def benefit_cost_ratio(
    benefits: Sequence[float] | Floats, costs: Sequence[float] | Floats, rate: float
) -> float:
    """Return the present value of benefits over that of costs.

    Raises:
        InputError: If the present value of costs is not positive.
    """
    spent = npv(costs, rate)
    if spent <= 0.0:
        raise InputError(f"the present value of costs is {spent:g}; a benefit-cost ratio needs one above 0")
    return npv(benefits, rate) / spent


def rule_of_half(quantity: tuple[Floats, Floats], cost: tuple[Floats, Floats]) -> Floats:
    """Return the saving of users by the rule of half, ``½ (q_0 + q_1)(c_0 − c_1)``.

    Args:
        quantity: Quantities without and with the project, (N,).
        cost: Generalised costs of a unit without and with it, (N,); finite.

    Returns:
        Savings, (N,): the change of consumer surplus with a straight demand curve.
    """
    return 0.5 * (quantity[0] + quantity[1]) * (cost[0] - cost[1])


def annuity_factor(rate: float, years: float) -> float:
    """Return the yearly payment over ``years`` with a present value of 1, ``r / (1 − (1 + r)^−n)``."""
    return 1.0 / years if rate == 0.0 else rate / (1.0 - (1.0 + rate) ** -years)


def capex_schedule(capex: float, start: int, completion: int) -> dict[int, float]:
    """Spread a capital cost in equal parts over the years from the start of works to the year before opening.

    Args:
        capex: Capital cost.
        start: First year of works.
        completion: Opening year; at least one year of works precedes it.
    """
    years = range(min(start, completion - 1), completion)
    return {year: capex / len(years) for year in years}


def residual_value(capex: float, life_a: float, used_a: float) -> float:
    """Return the residual value ``capex · max(0, 1 − used / life)``: straight-line depreciation."""
    return capex * max(0.0, 1.0 - used_a / life_a)


@dataclass(frozen=True, eq=False)
class Appraisal:
    """Result of an appraisal.

    Attributes:
        years: Years, (T,).
        costs: Capital and maintenance costs by year, positive, (T,).
        benefits: Benefits by year, with the residual value in the last, (T,).
        npv: Net present value by discount rate.
        bcr: Benefit-cost ratio by discount rate.
        eirr: Economic internal rate of return; ``None`` if it is not unique.
    """

    years: tuple[int, ...]
    costs: Floats
    benefits: Floats
    npv: dict[float, float]
    bcr: dict[float, float]
    eirr: float | None


def appraise(
    years: Sequence[int],
    costs: Sequence[float] | Floats,
    benefits: Sequence[float] | Floats,
    rates: Sequence[float] = RATES,
) -> Appraisal:
    """Appraise costs and benefits by year.

    Args:
        years: Consecutive years; present values are as of the first.
        costs: Costs by year, positive.
        benefits: Benefits by year.
        rates: Discount rates.

    Raises:
        InputError: If lengths differ, or the present value of costs is not positive.
    """
    spent, gained = np.asarray(costs, dtype=np.float64), np.asarray(benefits, dtype=np.float64)
    if not len(years) == len(spent) == len(gained):
        raise InputError(
            f"{len(years)} years, {len(spent)} costs and {len(gained)} benefits; give one of each per year"
        )
    net = gained - spent
    return Appraisal(
        tuple(years),
        spent,
        gained,
        {rate: npv(net, rate) for rate in rates},
        {rate: benefit_cost_ratio(gained, spent, rate) for rate in rates},
        eirr(net),
    )
