"""Reliability of border crossings: the spread of the time a consignment takes, by season and opening hours.

The dwell of ``crossings`` is a mean over the year, waits for opening included. Around it,

    ``sd² = sd_d² + p (1 − p) (d_w − d_s)² + c³/72 − (c²/48)²``  (h²)

with ``sd_d`` the spread within a season (``dwell_sd_h``; where it is empty, a coefficient of variation times
the dwell), ``d_w`` and ``d_s`` the dwell in winter, the part p of the year, and in summer, and c the hours a
day that the crossing is closed: of consignments that arrive evenly over the day the part c/24 waits, evenly
from 0 to c hours. Shippers pay for the spread, ``reliability_ratio · vot · sd`` (de Jong et al. 2009), as a
generalised cost; it is no time and no charge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats
from sogdia.freight.supernetwork.arcs import CROSSING
from sogdia.region.rules.seasons import WINTER

HOURS_A_DAY = 24.0


def calendar_sd_h(crossing: Mapping[str, Any]) -> float:
    """Return the spread that seasons and closing hours of a row of ``crossings`` cause, h."""
    closed, winter, summer = (
        float(crossing[name]) for name in ("closed_daily_h", "dwell_winter_h", "dwell_summer_h")
    )
    season = 0.0 if math.isnan(winter) or math.isnan(summer) else winter - summer
    closing = 0.0 if math.isnan(closed) else closing_variance_h2(closed)
    return math.sqrt(closing + WINTER * (1.0 - WINTER) * season**2)


def closing_variance_h2(closed_h: float) -> float:
    """Return the variance of the wait for opening, ``c³/72 − (c²/48)²``, h².

    Args:
        closed_h: Hours a day that the crossing is closed, c.
    """
    mean = closed_h**2 / (2.0 * HOURS_A_DAY)
    return closed_h**3 / (3.0 * HOURS_A_DAY) - mean**2


def spread_h(arcs: pd.DataFrame, hours: Floats, variation: float) -> Floats:
    """Return the standard deviation of the time of a class on each arc, h, (A,); 0 but at border crossings.

    Within a season it is in proportion to the time: a service that waits for half the time varies by half.

    Args:
        arcs: Arcs with ``time_h``, ``dwell_sd_h`` at that time, ``has_dwell_sd`` and ``calendar_sd_h``.
        hours: Time of the class on each arc, (A,).
        variation: Coefficient of variation of times whose spread is not known.
    """
    known, time = (arcs[name].to_numpy(dtype=np.float64) for name in ("dwell_sd_h", "time_h"))
    calendar = arcs["calendar_sd_h"].to_numpy(dtype=np.float64)
    share = np.divide(known, time, out=np.zeros_like(time), where=time > 0.0)
    inner = np.where(arcs["has_dwell_sd"].to_numpy(dtype=np.bool_), share, variation) * hours
    is_crossing = arcs["kind"].eq(CROSSING).to_numpy(dtype=bool)
    return np.where(is_crossing, np.sqrt(inner**2 + calendar**2), 0.0)
