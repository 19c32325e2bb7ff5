"""Snapshots of a year: every hour, real weeks, or a mean day of each month.

A year is cut into periods: months, or runs of days that one real week represents. The snapshots of period p
are repeated ``n_p`` times, so that they represent all its days; energies and costs have the weight ``w_t``,
the hours that a snapshot represents.

Storage is linked over the year as typical periods (Kotzur et al. 2018). With ``b_p`` the level at the start
of period p and ``e_p`` that at the end of its snapshots,

``s_t = s_{t-1} + h (inflow_t − turbined_t − spilled_t)``, ``b_{p+1} = b_p + n_p (e_p − b_p)``, ``b_{P+1} =
b_1``,

with h the hours of a snapshot. Within a period the level moves as far as in real time: it is not multiplied
by the number of repetitions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats, Ints

DAYS: Ints = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of the months; leap days are omitted."""
MONTHS, HOURS_PER_DAY, DAYS_PER_WEEK, DAYS_PER_YEAR = 12, 24, 7, 365
MONTH_OF_DAY: Ints = np.repeat(np.arange(MONTHS), DAYS)
"""Month of each day of the year, from 0."""
HOURS_PER_YEAR: Final = 8760
MEAN_DAY_HOURS: Final = 288
"""Snapshots of a mean day of each month."""
MIDDLE_DAY = 15


@dataclass(frozen=True, eq=False)
class Snapshots:
    """Snapshots of a year, T of them in P periods, in chronological order.

    Attributes:
        time: Time stamps; a mean day is dated the 15th of its month.
        period: Period of each snapshot, (T,).
        weight_h: Hours of the year that a snapshot represents, (T,).
        period_of_day: Period that represents each day of the year, (365,).
        step_h: Hours of a snapshot.
    """

    time: pd.DatetimeIndex
    period: Ints
    weight_h: Floats
    period_of_day: Ints
    step_h: float = 1.0

    @cached_property
    def month(self) -> Ints:
        """Month of each snapshot, 1 to 12, (T,)."""
        return self.time.month.to_numpy(dtype=np.int64)

    @cached_property
    def hour(self) -> Ints:
        """Hour of the day of each snapshot, 0 to 23, (T,)."""
        return self.time.hour.to_numpy(dtype=np.int64)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.period_of_day.max()) + 1

    @cached_property
    def repeats(self) -> Floats:
        """Times that the snapshots of each period are repeated, (P,)."""
        hours = np.bincount(self.period_of_day, minlength=self.periods) * HOURS_PER_DAY
        return np.asarray(hours / (np.bincount(self.period, minlength=self.periods) * self.step_h))

    @cached_property
    def month_days(self) -> Floats:
        """Days of each month that each period represents, (P, 12)."""
        days = np.zeros((self.periods, MONTHS))
        np.add.at(days, (self.period_of_day, MONTH_OF_DAY), 1.0)
        return days

    @cached_property
    def first(self) -> Ints:
        """First snapshot of each period, (P,)."""
        return np.flatnonzero(np.diff(self.period, prepend=-1)).astype(np.int64)

    @cached_property
    def last(self) -> Ints:
        """Last snapshot of each period, (P,)."""
        return np.append(self.first[1:], len(self.time)) - 1

    def period_sum(self, monthly: Floats) -> Floats:
        """Return sums over the days of each period of daily values by month, (12,) to (P,)."""
        return np.asarray(self.month_days @ monthly, dtype=np.float64)


def _dates(year: int) -> list[pd.Timestamp]:
    """Return the 365 days of a year without its leap day."""
    dates = pd.date_range(f"{year}-01-01", f"{year}-12-31", freq="D")
    return [day for day in dates if not (day.month == 2 and day.day == 29)]


def _hours(days: list[pd.Timestamp]) -> pd.DatetimeIndex:
    starts = np.array(days, dtype="datetime64[ns]")
    hours = np.arange(HOURS_PER_DAY, dtype="timedelta64[h]")
    return pd.DatetimeIndex((starts[:, None] + hours).ravel())


def all_hours(year: int) -> Snapshots:
    """Return every hour of a year; its periods are the months."""
    period = np.repeat(MONTH_OF_DAY, HOURS_PER_DAY)
    return Snapshots(_hours(_dates(year)), period, np.ones(HOURS_PER_YEAR), MONTH_OF_DAY)


def mean_days(year: int) -> Snapshots:
    """Return a mean day of each month, repeated on each of its days."""
    days = [pd.Timestamp(year, month, MIDDLE_DAY) for month in range(1, MONTHS + 1)]
    period = np.repeat(np.arange(MONTHS), HOURS_PER_DAY)
    return Snapshots(_hours(days), period, DAYS[period].astype(np.float64), MONTH_OF_DAY)


def real_weeks(year: int, weeks: Ints, period_of_day: Ints) -> Snapshots:
    """Return real weeks, each of which represents the days of one period.

    Args:
        year: Year of the time stamps.
        weeks: Week of the year of each period, from 0, in the order of the periods, (P,).
        period_of_day: Period of each day of the year, (365,).
    """
    dates = _dates(year)
    days = [dates[DAYS_PER_WEEK * int(week) + day] for week in weeks for day in range(DAYS_PER_WEEK)]
    length = DAYS_PER_WEEK * HOURS_PER_DAY
    represented = np.bincount(period_of_day, minlength=len(weeks)) / DAYS_PER_WEEK
    period = np.repeat(np.arange(len(weeks)), length)
    return Snapshots(_hours(days), period, represented[period].astype(np.float64), period_of_day)
