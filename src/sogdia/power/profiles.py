"""Profiles of sun, wind, inflow and demand, as arrays over the snapshots."""

from __future__ import annotations

import numpy as np

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.snapshots import DAYS, HOURS_PER_DAY, MONTHS, Snapshots
from sogdia.units import MWH_PER_GWH

DEMAND, INFLOW = "demand", "hydro_inflow"
CAPACITY_FACTORS = {"solar": "solar_cf", "wind": "wind_cf"}
"""Item of the capacity factor of each variable renewable carrier."""


class Profiles:
    """The table ``power_profiles`` as arrays of 12 × 24 by country and item.

    Args:
        case: Case whose table is read.
        snapshots: Snapshots that the profiles are expanded to.
    """

    def __init__(self, case: Case, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
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
        return len(self._snapshots.time)

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

    def _expand(self, day: Floats) -> Floats:
        return np.asarray(day[self._snapshots.month - 1, self._snapshots.hour], dtype=np.float64)

    def series(self, iso3: str, item: str) -> Floats:
        """Return a profile over the snapshots, (T,).

        Raises:
            InputError: If the table lacks it or an hour of it.
        """
        return self._expand(self._day(iso3, item))

    def load_mw(self, iso3: str, demand_gwh: float) -> Floats:
        """Return the load over the snapshots, MW, (T,): the profile scaled to the annual demand.

        Raises:
            InputError: If the profile is missing or zero in every hour.
        """
        day = self._day(iso3, DEMAND)
        total = float((day.sum(axis=1) * DAYS).sum())
        if total <= 0:
            raise InputError(
                f"power_profiles.csv: demand of {iso3} is zero in every hour; expected a load > 0"
            )
        return self._expand(day) * (MWH_PER_GWH * demand_gwh / total)
