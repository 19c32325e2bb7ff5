"""The fleet of a year: which plants run, at what capacity, and how they are taken together.

Plants of one zone, carrier and vintage have one cost and one yield, so the programme knows them as one
generator; what it makes is given back to the plants by capacity.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.costs import PowerCosts
from sogdia.power.zones import Zones, zone_of_plants

OPERATING = "operating"
HYDRO = "hydro"


def fleet_of(case: Case, zones: Zones, costs: PowerCosts) -> pd.DataFrame:
    """Every plant of the modelled countries with the capacity it has in the year.

    A plant that does not operate has none. In a year whose capacity ``electricity`` records for the country
    and carrier, plants that were there before stand as in the table; those that open in the year, and rows
    that
    stand for many plants and have no opening year, share what the record leaves (:func:`recorded_capacity`).

    Returns:
        By plant: ``iso3``, ``zone``, ``carrier``, ``vintage`` (``fleet``, or ``new`` where it opens after
        the year of
        the country's own efficiency), ``capacity_mw``, ``partner``, ``owner``.

    Raises:
        InputError: If a plant's zone cannot be told.
    """
    plants = case.table("plants")
    zone = zone_of_plants(zones, plants)
    plants = plants.loc[zone.index]
    capacity = plants["capacity_mw"].fillna(0.0).astype(float)
    capacity = _by_record(case, plants, capacity)
    capacity = capacity.where(plants["status"] == OPERATING, 0.0)
    keys = zip(plants["carrier"], plants["iso3"], strict=True)
    since = np.array([costs.fleet_year(*key) or np.inf for key in keys], dtype=np.float64)
    opening = plants["opening_year"].astype("Float64").to_numpy(dtype=np.float64, na_value=-np.inf)
    return pd.DataFrame(
        {
            "iso3": plants["iso3"],
            "zone": zone,
            "carrier": plants["carrier"],
            "vintage": np.where(opening > since, "new", "fleet"),
            "capacity_mw": capacity,
            "partner": plants["partner"],
            "owner": plants["owner"],
        }
    ).sort_index()


def recorded_capacity(case: Case) -> dict[tuple[str, str], float]:
    """Mean capacity in the year of each country and carrier that has a record of it, MW.

    Records are of year ends, so the mean is that of the year's end and the one before, where both are known.
    """
    rows = case.table("electricity")
    item = rows["item"].str.extract(r"^capacity_(?P<carrier>[a-z]+)_mw$")["carrier"]
    told: dict[tuple[str, str], dict[int, float]] = {}
    for code, carrier, year, value in zip(rows["iso3"], item, rows["year"], rows["value"], strict=True):
        if isinstance(carrier, str) and pd.notna(value):
            told.setdefault((str(code), carrier), {})[int(year)] = float(value)
    ends = (case.year - 1, case.year)
    return {
        key: float(np.mean([values[year] for year in ends if year in values]))
        for key, values in told.items()
        if case.year in values
    }


def _by_record(case: Case, plants: pd.DataFrame, capacity: pd.Series[float]) -> pd.Series[float]:
    before = case.region.table("plants")["status"].reindex(plants.index) == OPERATING
    year = plants["opening_year"].astype("Float64")
    many = (before & year.isna()).to_numpy(dtype=bool)
    young = (before & (year == case.year).fillna(False)).to_numpy(dtype=bool)
    old = (before & (year < case.year).fillna(False)).to_numpy(dtype=bool)
    result = capacity.copy()
    for (code, carrier), target in recorded_capacity(case).items():
        own = ((plants["iso3"] == code) & (plants["carrier"] == carrier)).to_numpy(dtype=bool)
        left = max(0.0, target - float(capacity[own & old].sum()))
        opened = min(left, float(capacity[own & young].sum()))
        for rows, total in ((own & young, opened), (own & many, left - opened)):
            whole = float(capacity[rows].sum())
            if whole > 0:
                result[rows] = capacity[rows] * (total / whole)
    return result
