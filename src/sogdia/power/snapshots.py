"""Snapshots of a year: a representative day of each month, or every hour.

The representative day of month m counts for its ``d_m`` days: its costs and energies have the weight ``d_m``.
Reservoirs are one chain over the representative days (typical periods linked by their storage, Kotzur et al.
2018; Gonzato et al. 2021). With the mean month ``D = 365 / 12``, the storage level in units of energy over D
follows

``s_t = s_{t-1} + (d_m / D) (inflow_t − turbined_t − spilled_t)``, ``0 ≤ s_t ≤ storage / D``, ``s_0 = s_T``,

so that the level at the end of a month is that after all its days. Within a representative day the level
moves ``d_m`` times as far as in one day. That is conservative, and binds only where storage is below about
ten days of full output. For 8,760 hours D and the weights are 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats, Ints
from sogdia.power.settings import Hours

DAYS: Ints = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of the months; leap days are omitted."""
MONTHS, HOURS_PER_DAY = 12, 24
REPRESENTATIVE_HOURS: Final = 288
"""Snapshots of a representative day of each month."""
MIDDLE_DAY = 15


@dataclass(frozen=True, eq=False)
class Snapshots:
    """Snapshots of a year, T of them, in chronological order.

    Attributes:
        time: Time stamps; a representative day is dated the 15th of its month.
        month: Month, 1 to 12, (T,).
        hour: Hour of the day, 0 to 23, (T,).
        weight_h: Hours of the year that a snapshot represents, (T,).
        storage_weight: ``d_m / D`` of the module's equation, (T,).
        storage_scale: ``1 / D``.
    """

    time: pd.DatetimeIndex
    month: Ints
    hour: Ints
    weight_h: Floats
    storage_weight: Floats
    storage_scale: float


def build_snapshots(year: int, hours: Hours) -> Snapshots:
    """Build the snapshots of a year: 288 (a representative day of each month) or 8,760."""
    if hours == REPRESENTATIVE_HOURS:
        days = [pd.Timestamp(year, month, MIDDLE_DAY) for month in range(1, MONTHS + 1)]
        days_represented = DAYS
    else:
        dates = pd.date_range(f"{year}-01-01", f"{year}-12-31", freq="D")
        days = [day for day in dates if not (day.month == 2 and day.day == 29)]
        days_represented = np.ones(MONTHS, dtype=np.int64)
    time = pd.DatetimeIndex([day + pd.Timedelta(hours=h) for day in days for h in range(HOURS_PER_DAY)])
    month = time.month.to_numpy(dtype=np.int64)
    weight = days_represented[month - 1].astype(np.float64)
    mean_month = float(days_represented.sum()) / MONTHS
    return Snapshots(
        time=time,
        month=month,
        hour=time.hour.to_numpy(dtype=np.int64),
        weight_h=weight,
        storage_weight=weight / mean_month,
        storage_scale=1.0 / mean_month,
    )
