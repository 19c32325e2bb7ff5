"""Figures by month: those of unit kinds (``power_availability``), seasons, and their hours of the year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ANY
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.snapshots import DAYS, HOURS_PER_DAY, MONTHS

AVAILABILITY, HEAT_FLOOR = "availability", "heat_floor"
"""Items: available share of capacity relative to the annual mean; output for heat as a share of capacity."""


def hourly(monthly: Floats) -> Floats:
    """Return figures by month in every hour of the year, (12,) to (8760,)."""
    return np.repeat(monthly, DAYS * HOURS_PER_DAY)


def months_between(first: Any, last: Any) -> Floats:
    """Return 1 in the months from ``first`` to ``last``, across the turn of the year if later, (12,)."""
    month = np.arange(1, MONTHS + 1)
    start = 1 if pd.isna(first) else int(first)
    end = MONTHS if pd.isna(last) else int(last)
    after, before = month >= start, month <= end
    return np.asarray(after & before if start <= end else after | before, dtype=np.float64)


class MonthlyFigures:
    """Look-up in ``power_availability``: a country's own rows before those of ``any``.

    Args:
        case: Case whose table is read.

    Raises:
        InputError: If an item of a country and carrier lacks a month.
    """

    def __init__(self, case: Case) -> None:
        self._rows: dict[tuple[str, str, str], Floats] = {}
        table = case.table("power_availability")
        for key, rows in table.groupby(["item", "carrier", "iso3"]):
            values = np.full(MONTHS, np.nan)
            values[rows["month"].to_numpy(dtype=np.int64) - 1] = rows["value"].to_numpy(dtype=np.float64)
            item, carrier, iso3 = map(str, key)
            if np.isnan(values).any():
                month = int(np.flatnonzero(np.isnan(values))[0]) + 1
                raise InputError(
                    f"power_availability.csv: {item} of {carrier} in {iso3} has no row for month {month}"
                )
            self._rows[item, carrier, iso3] = values

    def get(self, item: str, carrier: str, iso3: str) -> Floats | None:
        """Return the figure of each month, (12,); ``None`` if no row has it."""
        own = self._rows.get((item, carrier, iso3))
        return self._rows.get((item, carrier, ANY)) if own is None else own
