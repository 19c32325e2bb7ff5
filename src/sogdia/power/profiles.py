"""Typical days of sun, wind, water and demand, as arrays over the snapshots."""

from __future__ import annotations

import numpy as np

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.snapshots import DAYS, HOURS_PER_DAY, MONTHS, Hourly

DEMAND, INFLOW = "demand", "hydro_inflow"
YIELDS = {"solar": "solar_cf", "wind": "wind_cf"}


class Profiles:
    """The table ``power_profiles`` as one array of 12 × 24 by country and item.

    Args:
        case: Case whose table is read.
        hourly: Snapshots that the profiles are spread over.
    """

    def __init__(self, case: Case, hourly: Hourly) -> None:
        self._hourly = hourly
        self._days: dict[tuple[str, str], Floats] = {}
        table = case.table("power_profiles")
        kinds = table.groupby(["iso3", "item"]).ngroup().to_numpy()
        names = table[["iso3", "item"]].to_numpy()
        days = np.full((int(kinds.max(initial=-1)) + 1, MONTHS, HOURS_PER_DAY), np.nan)
        month, hour = (table[name].to_numpy(dtype=np.int64) for name in ("month", "hour"))
        days[kinds, month - 1, hour] = table["value"].to_numpy(dtype=np.float64)
        _, first = np.unique(kinds, return_index=True)
        for number, row in enumerate(first):
            self._days[str(names[row, 0]), str(names[row, 1])] = days[number]

    @property
    def length(self) -> int:
        """Number of snapshots."""
        return len(self._hourly.snapshots)

    def _day(self, iso3: str, item: str) -> Floats:
        day = self._days.get((iso3, item))
        if day is None:
            raise InputError(f"power_profiles.csv has no {item} of {iso3}")
        if np.isnan(day).any():
            month, hour = (int(i) for i in np.argwhere(np.isnan(day))[0])
            raise InputError(
                f"power_profiles.csv: {item} of {iso3} has no row of month {month + 1}, hour {hour}"
            )
        return day

    def _spread(self, day: Floats) -> Floats:
        return np.asarray(day[self._hourly.month - 1, self._hourly.hour], dtype=np.float64)

    def of(self, iso3: str, item: str) -> Floats:
        """A profile over the snapshots, (T,).

        Raises:
            InputError: If the table lacks it or an hour of it.
        """
        return self._spread(self._day(iso3, item))

    def load_mw(self, iso3: str, demand_gwh: float) -> Floats:
        """Load over the snapshots, MW, (T,): the profile scaled so that the year sums to the demand.

        Raises:
            InputError: If the profile is missing or nothing but zeros.
        """
        day = self._day(iso3, DEMAND)
        whole = float((day.sum(axis=1) * DAYS).sum())
        if whole <= 0:
            raise InputError(f"power_profiles.csv: demand of {iso3} is zero in every hour")
        return self._spread(day) * (1e3 * demand_gwh / whole)
