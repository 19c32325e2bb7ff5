"""Availability of thermal plants by month: annual mean, months, recorded outages, calibrated state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sogdia.case import Case
from sogdia.power.arrays import Floats
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import PowerCosts
from sogdia.power.monthly import AVAILABILITY, MonthlyFigures
from sogdia.power.snapshots import DAYS_PER_YEAR, MONTHS

_OUTAGE = r"^outage_(?P<carrier>[a-z]+)_days$"


@dataclass(frozen=True, eq=False)
class ThermalAvailability:
    """Available share of capacity of the plants of a case.

    Attributes:
        case: The case.
        costs: Costs, with the annual mean ``availability``.
        monthly: Monthly figures of ``power_availability``.
        constants: Calibrated constants.
    """

    case: Case
    costs: PowerCosts
    monthly: MonthlyFigures
    constants: PowerConstants

    def by_month(self, carrier: str, iso3: str, *, new: bool = False) -> Floats:
        """Return ``min(1, a β m_t)`` of each month, (12,).

        a is the annual mean of ``power_costs``, or ``1 − d / 365`` in a year whose days of outage d are a
        record of ``electricity`` (``outage_<carrier>_days``); m is the monthly figure. The constant β is the
        state of the existing fleet and does not apply to new plants.
        """
        mean = self._recorded.get((iso3, carrier), self.costs.get(carrier, "availability", iso3, 1.0))
        factor = 1.0 if new else self.constants.get("availability", iso3, carrier)
        month = self.monthly.get(AVAILABILITY, carrier, iso3)
        mean = min(1.0, factor * mean)
        return np.minimum(1.0, mean * (np.ones(MONTHS) if month is None else month))

    @cached_property
    def _recorded(self) -> dict[tuple[str, str], float]:
        """Available share of the year by country and carrier, where its days of outage are recorded."""
        rows = self.case.table("electricity")
        rows = rows[(rows["year"] == self.case.year) & rows["value"].notna()]
        carrier = rows["item"].str.extract(_OUTAGE)["carrier"]
        known = carrier.notna()
        columns = (rows.loc[known, "iso3"], carrier[known], rows.loc[known, "value"])
        return {
            (str(iso3), str(name)): 1.0 - min(float(days), DAYS_PER_YEAR) / DAYS_PER_YEAR
            for iso3, name, days in zip(*columns, strict=True)
        }
