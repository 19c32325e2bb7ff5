"""Storage: one hydropower reservoir per zone with inflow, and candidate batteries."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import PowerCosts
from sogdia.power.fleet import HYDRO
from sogdia.power.profiles import INFLOW, Profiles
from sogdia.power.settings import PowerSettings
from sogdia.power.zones import Zones
from sogdia.units import KW_PER_MW

BATTERY, BATTERY_POWER, BATTERY_ENERGY = "battery", "battery_power", "battery_energy"


def build_reservoirs(
    case: Case, fleet: pd.DataFrame, costs: PowerCosts, constants: PowerConstants, profiles: Profiles
) -> tuple[pd.DataFrame, Floats]:
    """Return the hydropower of each zone as one reservoir, and its inflow.

    Inflow is ``capacity · inflow_cf · profile``, with a profile of mean 1 in a normal year: additional plants
    on a river have inflow in proportion. Storage is ``storage_h`` hours of full output.

    Returns:
        Reservoirs by name (``<zone> hydro``): ``bus``, ``iso3``, ``p_nom_mw``, ``p_max`` (availability),
        ``storage_h``. Inflow, MW, (T, S).

    Raises:
        InputError: If a country with hydropower has no row in ``power_reservoirs`` or no inflow profile.
    """
    water = case.table("power_reservoirs")
    rows, inflows = [], []
    for key, plants in fleet[fleet["carrier"] == HYDRO].groupby(["zone", "iso3"]):
        zone, iso3 = map(str, key)
        if iso3 not in water.index:
            raise InputError(f"power_reservoirs.csv: {iso3} has hydropower but no row")
        capacity = float(plants["capacity_mw"].sum())
        available = costs.get(HYDRO, "availability", iso3, 1.0) * constants.get("availability", iso3, HYDRO)
        rows.append(
            (f"{zone} {HYDRO}", zone, iso3, capacity, min(1.0, available), float(water["storage_h"][iso3]))
        )
        mean = capacity * float(water["inflow_cf"][iso3]) * constants.get("inflow", iso3)
        inflows.append(mean * profiles.series(iso3, INFLOW))
    columns = ["name", "bus", "iso3", "p_nom_mw", "p_max", "storage_h"]
    table = pd.DataFrame(rows, columns=columns).set_index("name")
    return table, np.column_stack(inflows) if inflows else np.zeros((profiles.length, 0))


def build_batteries(zones: Zones, costs: PowerCosts, settings: PowerSettings) -> pd.DataFrame:
    """Return the candidate batteries of an expansion, one per zone; none in a dispatch.

    The annual cost per megawatt is ``power + hours · energy``, each as an annuity. Storage levels are those
    of single days: unlike reservoirs, batteries do not accumulate over the days that a representative day
    represents. A battery shifts load within days, and at most once a month from one representative day to the
    next.

    Returns:
        By name (``<zone> battery``): ``bus``, ``iso3``, ``efficiency`` (one direction), ``hours``,
        ``capital_usd_per_mw``.

    Raises:
        InputError: If a cost is missing.
    """
    rows = []
    if settings.mode == "expansion" and BATTERY in settings.free_carriers:
        for zone, iso3 in zones.table["iso3"].items():
            power = costs.annuity_usd_per_kw_a(BATTERY_POWER, str(iso3))
            energy = costs.annuity_usd_per_kw_a(BATTERY_ENERGY, str(iso3), "capex_usd_per_kwh")
            capital = KW_PER_MW * (power + settings.battery_h * energy)
            efficiency = costs.get(BATTERY_POWER, "efficiency", str(iso3), 1.0)
            rows.append((f"{zone} {BATTERY}", str(zone), str(iso3), efficiency, settings.battery_h, capital))
    columns = ["name", "bus", "iso3", "efficiency", "hours", "capital_usd_per_mw"]
    return pd.DataFrame(rows, columns=columns).set_index("name")
