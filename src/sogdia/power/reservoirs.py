"""Storage: one hydropower reservoir per zone with inflow, and one battery per zone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import OPERATING
from sogdia.errors import InputError, UnknownNameError
from sogdia.power.arrays import Floats
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import BATTERY, BATTERY_ENERGY, BATTERY_POWER, PowerCosts
from sogdia.power.fleet import HYDRO
from sogdia.power.monthly import hourly
from sogdia.power.profiles import INFLOW, Profiles
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import HOURS_PER_YEAR, MONTHS
from sogdia.power.zones import Zones
from sogdia.units import KW_PER_MW, MWH_PER_GWH

MEAN_YEAR = "normal"


def build_reservoirs(
    case: Case,
    fleet: pd.DataFrame,
    costs: PowerCosts,
    constants: PowerConstants,
    profiles: Profiles,
    water_year: str | None = None,
) -> tuple[pd.DataFrame, Floats]:
    """Return the hydropower of each zone as one reservoir, and its inflow.

    In a mean year the inflow of the plants that the region has is ``capacity · inflow_cf · profile``, with a
    profile of mean 1. A plant with ``inflow_gwh`` adds that instead: the energy of its head or river in a
    mean year. A new plant without it turbines the same water and adds capacity only. ``power_water_years``
    multiplies the inflow of a water year. Storage is ``storage_h`` hours of full output of the plants that
    the region has, less the dead storage that operators keep.

    Returns:
        Reservoirs by name (``<zone> hydro``): ``bus``, ``iso3``, ``p_nom_mw``, ``p_max`` (availability),
        ``storage_mwh``, ``firm_share``. Inflow in every hour, MW, (8760, S).

    Raises:
        InputError: If a country with hydropower has no row in ``power_reservoirs`` or no inflow profile.
        UnknownNameError: If ``power_water_years`` has no such year.
    """
    water = case.table("power_reservoirs")
    factors = _water_year(case, water_year)
    existing = case.region.table("plants")["status"] == OPERATING
    rows, inflows = [], []
    for key, plants in fleet[fleet["carrier"] == HYDRO].groupby(["zone", "iso3"]):
        zone, iso3 = map(str, key)
        if iso3 not in water.index:
            raise InputError(f"power_reservoirs.csv: {iso3} has hydropower but no row")
        capacity = float(plants["capacity_mw"].sum())
        has_own = plants["inflow_gwh"].notna()
        old = float(plants["capacity_mw"][existing.reindex(plants.index).fillna(False) & ~has_own].sum())
        opened = plants[(plants["capacity_mw"] > 0) & has_own]
        available = costs.get(HYDRO, "availability", iso3, 1.0) * constants.get("availability", iso3, HYDRO)
        dead = float(water["dead_storage_share"].fillna(0.0)[iso3])
        storage = old * float(water["storage_h"][iso3]) * (1.0 - dead)
        firm = costs.get(HYDRO, "capacity_credit", iso3, 0.9)
        rows.append((f"{zone} {HYDRO}", zone, iso3, capacity, min(1.0, available), storage, firm))
        mean = old * float(water["inflow_cf"][iso3]) * constants.get("inflow", iso3)
        mean += float(opened["inflow_gwh"].sum()) * MWH_PER_GWH / HOURS_PER_YEAR
        inflows.append(
            mean * profiles.series(zone, iso3, INFLOW) * hourly(factors.get(iso3, np.ones(MONTHS)))
        )
    columns = ["name", "bus", "iso3", "p_nom_mw", "p_max", "storage_mwh", "firm_share"]
    table = pd.DataFrame(rows, columns=columns).set_index("name")
    return table, np.column_stack(inflows) if inflows else np.zeros((HOURS_PER_YEAR, 0))


def _water_year(case: Case, water_year: str | None) -> dict[str, Floats]:
    """Return the factors on inflow of each month in a water year, (12,) by country.

    By default a year of the record has its own inflow, and other years the mean. Rivers of a country count
    alike. A country without rows has its mean year.
    """
    rows = case.table("power_water_years")
    known = rows["water_year"].astype(str)
    if water_year is None:
        water_year = str(case.year) if str(case.year) in set(known) else MEAN_YEAR
    if water_year == MEAN_YEAR:
        return {}
    if water_year not in set(known):
        raise UnknownNameError("water year", str(water_year), sorted(set(known)))
    rivers: dict[str, list[Floats]] = {}
    for (iso3, _), river in rows[known == water_year].groupby(["iso3", "river"]):
        factor = np.ones(MONTHS)
        # Rows of a month precede that of all months.
        for row in river.sort_values("month", na_position="first").to_dict("records"):
            chosen = slice(None) if pd.isna(row["month"]) else slice(int(row["month"]) - 1, int(row["month"]))
            factor[chosen] = float(row["inflow_factor"])
        rivers.setdefault(str(iso3), []).append(factor)
    return {iso3: np.asarray(np.mean(factors, axis=0)) for iso3, factors in rivers.items()}


def build_batteries(
    zones: Zones, fleet: pd.DataFrame, costs: PowerCosts, settings: PowerSettings, *, candidates: bool
) -> pd.DataFrame:
    """Return the battery of each zone: what operates, and a candidate for more.

    The annual cost per megawatt of new batteries is ``power + hours · energy``, each as an annuity. A battery
    ends each period at the level at which it began.

    Returns:
        By name (``<zone> battery``): ``bus``, ``iso3``, ``efficiency`` (one direction), ``p_nom_mw``,
        ``storage_mwh``, ``capital_usd_per_mw``, ``firm_share``.

    Raises:
        InputError: If a cost or the energy of a battery is missing.
    """
    own = fleet[fleet["carrier"] == BATTERY]
    if own["storage_mwh"].isna().any():
        plant = own.index[own["storage_mwh"].isna()][0]
        raise InputError(f"plants.csv: storage_mwh of the battery {plant} is missing")
    rows = []
    for zone, iso3 in zones.table["iso3"].items():
        here = own[own["zone"] == zone]
        if not candidates and here.empty:
            continue
        capital = 0.0
        if candidates:
            power = costs.annuity_usd_per_kw_a(BATTERY_POWER, str(iso3))
            energy = costs.annuity_usd_per_kw_a(BATTERY_ENERGY, str(iso3), "capex_usd_per_kwh")
            capital = KW_PER_MW * (power + settings.battery_h * energy)
        operates = here["capacity_mw"] > 0
        rows.append(
            (
                f"{zone} {BATTERY}", str(zone), str(iso3),
                costs.get(BATTERY_POWER, "efficiency", str(iso3), 1.0),
                float(here["capacity_mw"].sum()), float(here["storage_mwh"][operates].sum()), capital,
                costs.get(BATTERY, "capacity_credit", str(iso3), 0.0),
            )
        )  # fmt: skip
    columns = [
        "name", "bus", "iso3", "efficiency", "p_nom_mw", "storage_mwh", "capital_usd_per_mw", "firm_share"
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("name")
