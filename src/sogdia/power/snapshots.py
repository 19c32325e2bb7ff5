"""The year as snapshots: a mean day of each month, or every hour.

A mean day of month m stands for ``d_m`` days: its costs and energies count ``d_m`` times. Reservoirs are
one chain over the mean days (typical periods linked by their storage, Kotzur et al. 2018; Gonzato et al.
2021): with mean month length ``D = 365 / 12`` the level in units of energy over D obeys

``s_t = s_{t-1} + (d_m / D) (inflow_t − turbined_t − spilled_t)``, ``0 ≤ s_t ≤ storage / D``, ``s_0 = s_T``,

so that the level at the end of a month is that of the month's days in a row. Within a mean day it moves
``d_m`` times as far as it would in one day: that is on the safe side, and binds only where storage is below
some ten days of full power. For 8,760 hours D and the weights are 1 and the equation is the plain one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats, Ints
from sogdia.power.settings import Hours

DAYS: Ints = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of the months; leap days are left out."""
MONTHS, HOURS_PER_DAY, DAYS_PER_YEAR = 12, 24, 365
MIDDLE_DAY = 15


@dataclass(frozen=True, eq=False)
class Hourly:
    """Snapshots of a year, T of them, in order of time.

    Attributes:
        snapshots: Time stamps; a mean day stands on the 15th of its month.
        month: Month of each, 1 to 12, (T,).
        hour: Hour of the day, 0 to 23, (T,).
        weight_h: Hours of the year that each stands for, (T,).
        storage_weight: ``d_m / D`` of the module's equation, (T,).
        storage_scale: ``1 / D``.
    """

    snapshots: pd.DatetimeIndex
    month: Ints
    hour: Ints
    weight_h: Floats
    storage_weight: Floats
    storage_scale: float


def hours_of(year: int, hours: Hours) -> Hourly:
    """Snapshots of a year: 288 (a mean day of each month) or 8,760."""
    if hours == MONTHS * HOURS_PER_DAY:
        days = [pd.Timestamp(year, month, MIDDLE_DAY) for month in range(1, MONTHS + 1)]
        stood_for = DAYS
    else:
        whole = pd.date_range(f"{year}-01-01", f"{year}-12-31", freq="D")
        days = [day for day in whole if not (day.month == 2 and day.day == 29)]
        stood_for = np.ones(MONTHS, dtype=np.int64)
    stamps = pd.DatetimeIndex([day + pd.Timedelta(hours=h) for day in days for h in range(HOURS_PER_DAY)])
    month = stamps.month.to_numpy(dtype=np.int64)
    represented = stood_for[month - 1].astype(np.float64)
    mean_days = float(stood_for.sum()) / MONTHS
    return Hourly(
        snapshots=stamps,
        month=month,
        hour=stamps.hour.to_numpy(dtype=np.int64),
        weight_h=represented,
        storage_weight=represented / mean_days,
        storage_scale=1.0 / mean_days,
    )
