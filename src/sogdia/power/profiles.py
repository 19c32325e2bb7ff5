"""Profiles of sun, wind, inflow and demand in every hour of a year.

The table ``power_profiles`` has the mean day of each month, ``q_{m,h}``, by country; ``power_series`` names
the real hourly series ``r_t`` of a zone (``power_hourly``). With ``r̄_{m,h}`` the mean of r over the days of
a month,

- demand is ``d_t = q_{m,h} r_t / r̄_{m,h}``: the mean day of the table, with the variation from day to day of
  the series;
- a capacity factor is ``α_t = min(1, k r_t)``, k such that the annual mean is that of the table.

A zone without a row in ``power_series`` has the same day throughout each month.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.snapshots import (
    DAYS,
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    HOURS_PER_YEAR,
    MONTH_OF_DAY,
    MONTHS,
)
from sogdia.units import MWH_PER_GWH

DEMAND, INFLOW = "demand", "hydro_inflow"
CAPACITY_FACTORS = {"solar": "solar_cf", "wind": "wind_cf"}
"""Item of the capacity factor of each variable renewable carrier."""
ROUNDS = 20
"""Rounds of scaling a capacity factor to its annual mean while values above 1 are cut."""


class Profiles:
    """The tables ``power_profiles``, ``power_series`` and ``power_hourly`` as arrays over 8,760 hours.

    Args:
        case: Case whose tables are read.
    """

    def __init__(self, case: Case) -> None:
        self._days = _mean_days(case.table("power_profiles"))
        names = case.table("power_series")
        self._series = {
            (str(zone), str(item)): str(series)
            for zone, item, series in zip(names["zone"], names["item"], names["series"], strict=True)
        }
        self._hourly = _hourly_series(case.table("power_hourly"))
        self._cached: dict[tuple[str, str, str], Floats] = {}

    def _day(self, iso3: str, item: str) -> Floats:
        day = self._days.get((iso3, item))
        if day is None:
            raise InputError(f"power_profiles.csv: {item} of {iso3} is missing")
        if np.isnan(day).any():
            month, hour = (int(i) for i in np.argwhere(np.isnan(day))[0])
            raise InputError(
                f"power_profiles.csv: {item} of {iso3} has no row for month {month + 1}, hour {hour}"
            )
        return day

    def has(self, iso3: str, item: str) -> bool:
        """Return true if the country has a profile of an item."""
        return (iso3, item) in self._days

    def series(self, zone: str, iso3: str, item: str) -> Floats:
        """Return a profile of a zone in every hour, (8760,).

        Raises:
            InputError: If ``power_profiles`` lacks the country's profile or an hour of it, or
            ``power_hourly``
                lacks the zone's series.
        """
        key = (zone, iso3, item)
        if key not in self._cached:
            self._cached[key] = self._compute(zone, iso3, item)
        return self._cached[key]

    def _compute(self, zone: str, iso3: str, item: str) -> Floats:
        day = self._day(iso3, item)
        mean = day[MONTH_OF_DAY].ravel()
        name = self._series.get((zone, item)) or self._series.get((iso3, item))
        if name is None:
            return mean
        if name not in self._hourly:
            raise InputError(
                f"power_series.csv: {zone}, {item}: series {name!r} has no rows in power_hourly.csv"
            )
        real = self._hourly[name]
        if item == DEMAND:
            return np.asarray(mean * real / _mean_by_month_and_hour(real))
        return _scaled_to_mean(real, float(mean.mean()))

    def load_mw(self, zone: str, iso3: str, demand_gwh: float) -> Floats:
        """Return the load of a zone in every hour, MW, (8760,): the profile scaled to the annual demand.

        Raises:
            InputError: If the profile is missing or zero in every hour.
        """
        if float(self._day(iso3, DEMAND).sum()) <= 0:
            raise InputError(
                f"power_profiles.csv: demand of {iso3} is zero in every hour; expected a load > 0"
            )
        profile = self.series(zone, iso3, DEMAND)
        return np.asarray(profile * (MWH_PER_GWH * demand_gwh / float(profile.sum())))


def _mean_days(table: pd.DataFrame) -> dict[tuple[str, str], Floats]:
    """Return the mean days of ``power_profiles``, (12, 24) each; NaN where a row is missing."""
    kinds = table.groupby(["iso3", "item"]).ngroup().to_numpy()
    names = table[["iso3", "item"]].to_numpy()
    days = np.full((int(kinds.max(initial=-1)) + 1, MONTHS, HOURS_PER_DAY), np.nan)
    month, hour = (table[name].to_numpy(dtype=np.int64) for name in ("month", "hour"))
    days[kinds, month - 1, hour] = table["value"].to_numpy(dtype=np.float64)
    _, first = np.unique(kinds, return_index=True)
    return {(str(names[row, 0]), str(names[row, 1])): days[number] for number, row in enumerate(first)}


def _hourly_series(table: pd.DataFrame) -> dict[str, Floats]:
    """Return the series of ``power_hourly``, (8760,) by name.

    Raises:
        InputError: If a day of a series is missing.
    """
    columns = [f"h{hour:02d}" for hour in range(HOURS_PER_DAY)]
    table = table.sort_values(["series", "day"])
    names, counts = np.unique(table["series"].astype(str).to_numpy(), return_counts=True)
    for name, count in zip(names, counts, strict=True):
        if count != DAYS_PER_YEAR:
            raise InputError(f"power_hourly.csv: {name} has {count} days; expected {DAYS_PER_YEAR}")
    values = table[columns].to_numpy(dtype=np.float64).reshape(-1, HOURS_PER_YEAR)
    return {str(name): row for name, row in zip(names, values, strict=True)}


def _mean_by_month_and_hour(values: Floats) -> Floats:
    """Return the mean of a series by month and hour of the day, (8760,); 1 where it is 0."""
    sums = np.zeros((MONTHS, HOURS_PER_DAY))
    np.add.at(sums, MONTH_OF_DAY, values.reshape(DAYS_PER_YEAR, HOURS_PER_DAY))
    mean = (sums / DAYS[:, None])[MONTH_OF_DAY].ravel()
    return np.where(mean > 0, mean, 1.0)


def _scaled_to_mean(values: Floats, mean: float) -> Floats:
    """Return ``min(1, k · values)`` with the k for which the annual mean is ``mean``."""
    result = values
    for _ in range(ROUNDS):
        own = float(result.mean())
        if own <= 0 or abs(own - mean) <= 1e-12:
            break
        result = np.minimum(result * (mean / own), 1.0)
    return np.asarray(result)
