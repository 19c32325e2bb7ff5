"""Appraisal of projects: net present value, economic internal rate of return, benefit over cost.

Flows are by year, real, in money of one year; year 0 is the first and is not discounted.
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
"""Discount rates shown: low, default, and the hurdle of a multilateral bank (Zhuang and others 2007)."""
DEFAULT_RATE = 0.06
_LEAST, _MOST = -0.99, 10.0


def npv(flows: Sequence[float] | Floats, rate: float) -> float:
    """``Σ_t F_t (1 + r)^−t``."""
    values = np.asarray(flows, dtype=np.float64)
    return float((values * (1.0 + rate) ** -np.arange(len(values), dtype=np.float64)).sum())


def eirr(flows: Sequence[float] | Floats) -> float | None:
    """Rate at which the net present value is 0; nothing where flows do not change sign exactly once.

    With one change of sign the rate is unique (Descartes); with none there is none, with more it may be
    ambiguous and is not told.
    """
    signs = np.sign(np.asarray(flows, dtype=np.float64))
    signs = signs[signs != 0.0]
    if (np.diff(signs) != 0.0).sum() != 1 or npv(flows, _LEAST) * npv(flows, _MOST) > 0.0:
        return None
    return float(brentq(lambda rate: npv(flows, rate), _LEAST, _MOST, xtol=1e-14, rtol=1e-14))


def benefit_cost(benefits: Sequence[float] | Floats, costs: Sequence[float] | Floats, rate: float) -> float:
    """Present value of benefits over that of costs.

    Raises:
        InputError: If costs are worth nothing.
    """
    spent = npv(costs, rate)
    if spent <= 0.0:
        raise InputError("benefit over cost wants costs with a present value above 0")
    return npv(benefits, rate) / spent


def annuity_factor(rate: float, years: float) -> float:
    """Yearly payment over ``years`` that is worth 1 now, ``r / (1 − (1 + r)^−n)``."""
    return 1.0 / years if rate == 0.0 else rate / (1.0 - (1.0 + rate) ** -years)


def capex_schedule(capex: float, start: int, completion: int) -> dict[int, float]:
    """Cost by year: even from the year work starts to the one before opening; all at once where they are one.

    Args:
        capex: Cost.
        start: First year of work.
        completion: Year the project opens; at least one year of work goes before.
    """
    years = range(min(start, completion - 1), completion)
    return {year: capex / len(years) for year in years}


def residual_value(capex: float, life_a: float, used_a: float) -> float:
    """What a work is still worth, ``capex · max(0, 1 − used / life)``: straight-line depreciation."""
    return capex * max(0.0, 1.0 - used_a / life_a)


@dataclass(frozen=True, eq=False)
class Appraisal:
    """What a project or plan is worth.

    Attributes:
        years: The years.
        costs: Capital and upkeep by year, positive.
        benefits: By year, the residual value in the last among them.
        npv: By discount rate.
        bcr: By discount rate.
        eirr: Internal rate of return, or nothing where there is none.
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
        years: Consecutive years; values are as of the first.
        costs: Costs of each, positive.
        benefits: Benefits of each.
        rates: Discount rates.

    Raises:
        InputError: If lengths differ, or costs are worth nothing.
    """
    spent, gained = np.asarray(costs, dtype=np.float64), np.asarray(benefits, dtype=np.float64)
    if not len(years) == len(spent) == len(gained):
        raise InputError("an appraisal wants one cost and one benefit for each year")
    net = gained - spent
    return Appraisal(
        tuple(years),
        spent,
        gained,
        {rate: npv(net, rate) for rate in rates},
        {rate: benefit_cost(gained, spent, rate) for rate in rates},
        eirr(net),
    )
