"""Generating fleet of a year: plants in operation and their capacity.

Plants of one zone, carrier and vintage have the same cost and availability and are one generator of the
model. Its generation is allocated to the plants by capacity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import OPERATING
from sogdia.power.cascades import read_cascades
from sogdia.power.costs import PowerCosts
from sogdia.power.zones import Zones, zone_of_plants

HYDRO = "hydro"
OPENING_SHARE = 0.5
"""Share of its opening year in which a plant operates, on average."""
FLEET, NEW = "fleet", "new"
"""Vintages: the fleet that the country's own efficiency describes, and plants opened after it."""


def build_fleet(case: Case, zones: Zones, costs: PowerCosts) -> pd.DataFrame:
    """Return every plant of the modelled countries with its capacity in the year.

    A plant that opens in the year operates half of it on average and has half of its capacity.
    A plant that does not operate, or has reached its closing year, has no capacity. In a year for which
    ``electricity`` has the capacity of the country and carrier, plants opened before keep their own. Plants
    that open in the year, and rows that represent many plants and have no opening year, share the remainder
    (:func:`recorded_capacity`). Their share is that of the region's own tables: what a plan or a shock takes
    from one plant is not given to another.

    Returns:
        By plant: ``iso3``, ``zone``, ``carrier``, ``vintage`` (``fleet``, or ``new`` if it opens after the
        year of the country's own efficiency), ``capacity_mw``, ``partner``, ``owner``, ``inflow_gwh`` (energy
        that a new hydropower plant adds in a mean year), ``storage_mwh`` (of a battery), ``reservoir`` (of
        ``power_cascades``; empty elsewhere).

    Raises:
        InputError: If a plant's zone cannot be determined.
    """
    plants = case.table("plants")
    zone = zone_of_plants(zones, plants)
    plants = plants.loc[zone.index]
    full = plants["capacity_mw"].fillna(0.0).astype(float)
    share = _operating_share(case, plants)
    capacity = full * share
    is_closed = (plants["closing_year"].astype("Float64") <= case.year).fillna(False).to_numpy(dtype=bool)
    capacity = capacity.where((plants["status"] == OPERATING) & ~is_closed, 0.0)
    keys = zip(plants["carrier"], plants["iso3"], strict=True)
    fleet_year = np.array([costs.fleet_year(*key) or np.inf for key in keys], dtype=np.float64)
    opening = plants["opening_year"].astype("Float64").to_numpy(dtype=np.float64, na_value=-np.inf)
    reservoir = {plant: one.name for one in read_cascades(case).values() for plant in one.plants}
    return pd.DataFrame(
        {
            "iso3": plants["iso3"],
            "zone": zone,
            "carrier": plants["carrier"],
            "vintage": np.where(opening > fleet_year, NEW, FLEET),
            "capacity_mw": capacity,
            "partner": plants["partner"],
            "owner": plants["owner"],
            "inflow_gwh": plants["inflow_gwh"].astype(float) * share,
            "storage_mwh": plants["storage_mwh"].astype(float),
            "reservoir": [reservoir.get(str(plant), "") for plant in plants.index],
        }
    ).sort_index()


@dataclass(frozen=True, slots=True)
class RecordedCapacity:
    """Recorded capacity of a country and carrier.

    Attributes:
        mw: Mean of the year's end and the one before; that of the year's end if the other is not known, MW.
        is_mean: Both ends are known.
    """

    mw: float
    is_mean: bool


def recorded_capacity(case: Case) -> dict[tuple[str, str], RecordedCapacity]:
    """Return the recorded capacity of the year by country and carrier. Records are for the end of a year."""
    rows = case.table("electricity")
    item = rows["item"].str.extract(r"^capacity_(?P<carrier>[a-z]+)_mw$")["carrier"]
    record: dict[tuple[str, str], dict[int, float]] = {}
    for code, carrier, year, value in zip(rows["iso3"], item, rows["year"], rows["value"], strict=True):
        if isinstance(carrier, str) and pd.notna(value):
            record.setdefault((str(code), carrier), {})[int(year)] = float(value)
    recorded = {}
    for key, values in record.items():
        ends = [values[year] for year in (case.year - 1, case.year) if year in values]
        if case.year in values:
            recorded[key] = RecordedCapacity(float(np.mean(ends)), len(ends) > 1)
    return recorded


def _operating_share(case: Case, plants: pd.DataFrame) -> pd.Series[float]:
    """Return the part of each plant's capacity that operates on average in the year, by the record.

    Plants without an opening year, or opening in the year, share what the record has above the others. A
    plant that opens in the year has :data:`OPENING_SHARE` of its capacity without a record, and of its share
    of a record that is known for the year's end only.
    """
    region = case.region.table("plants")
    operated = (region["status"] == OPERATING).reindex(plants.index).fillna(False)
    capacity = region["capacity_mw"].reindex(plants.index).fillna(0.0).astype(float)
    year = plants["opening_year"].astype("Float64")
    is_aggregate = (operated & year.isna()).to_numpy(dtype=bool)
    is_opening = (operated & (year == case.year).fillna(False)).to_numpy(dtype=bool)
    is_older = (operated & (year < case.year).fillna(False)).to_numpy(dtype=bool)
    share = pd.Series(np.where(is_opening, OPENING_SHARE, 1.0), index=plants.index)
    for (code, carrier), record in recorded_capacity(case).items():
        own = ((plants["iso3"] == code) & (plants["carrier"] == carrier)).to_numpy(dtype=bool)
        remainder = max(0.0, record.mw - float(capacity[own & is_older].sum()))
        opened = min(remainder, float(capacity[own & is_opening].sum()))
        operating = opened if record.is_mean else OPENING_SHARE * opened
        for rows, total in ((own & is_opening, operating), (own & is_aggregate, remainder - opened)):
            current = float(capacity[rows].sum())
            if current > 0:
                share[rows] = total / current
    return share
