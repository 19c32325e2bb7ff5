"""Storage: hydropower as one reservoir a zone, fed month by month, and batteries that may be built."""

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

BATTERY, POWER, ENERGY = "battery", "battery_power", "battery_energy"


def reservoirs_of(
    case: Case, fleet: pd.DataFrame, costs: PowerCosts, constants: PowerConstants, profiles: Profiles
) -> tuple[pd.DataFrame, Floats]:
    """The hydropower of each zone taken together as one reservoir.

    Inflow is ``capacity · inflow_cf · profile``, the profile's mean being 1 in a mean year: more plants on a
    river find water in proportion. Storage is ``storage_h`` hours of all the capacity.

    Returns:
        By name (``<zone> hydro``): ``bus``, ``iso3``, ``p_nom_mw``, ``p_max`` (availability),
        ``storage_h``; then inflow, MW,
        (T, S).

    Raises:
        InputError: If a country with hydropower has no row of ``power_reservoirs`` or no profile of inflow.
    """
    water = case.table("power_reservoirs")
    rows, inflows = [], []
    for key, plants in fleet[fleet["carrier"] == HYDRO].groupby(["zone", "iso3"]):
        zone, iso3 = map(str, key)
        if iso3 not in water.index:
            raise InputError(f"power_reservoirs.csv has no row of {iso3}, which has hydropower")
        capacity = float(plants["capacity_mw"].sum())
        ready = costs.get(HYDRO, "availability", iso3, 1.0) * constants.of("availability", iso3, HYDRO)
        rows.append(
            (f"{zone} {HYDRO}", zone, iso3, capacity, min(1.0, ready), float(water["storage_h"][iso3]))
        )
        mean = capacity * float(water["inflow_cf"][iso3]) * constants.of("inflow", iso3)
        inflows.append(mean * profiles.of(iso3, INFLOW))
    columns = ["name", "bus", "iso3", "p_nom_mw", "p_max", "storage_h"]
    table = pd.DataFrame(rows, columns=columns).set_index("name")
    return table, np.column_stack(inflows) if inflows else np.zeros((profiles.length, 0))


def batteries_of(zones: Zones, costs: PowerCosts, settings: PowerSettings) -> pd.DataFrame:
    """The batteries that an expansion may build in each zone; none in a dispatch.

    A megawatt costs ``power + hours · energy`` a year, each its annuity. Levels move from hour to hour as
    they are; that a mean day stands for a month does not stretch them, as it does reservoirs, so a battery
    shifts load within days and at most one cycle a month from one mean day to the next.

    Returns:
        By name (``<zone> battery``): ``bus``, ``iso3``, ``efficiency``, ``hours``, ``capital_usd_per_mw``.

    Raises:
        InputError: If a cost is missing.
    """
    rows = []
    if settings.mode == "expansion" and BATTERY in settings.free_carriers:
        for zone, iso3 in zones.table["iso3"].items():
            power = costs.annuity_usd_per_kw_a(POWER, str(iso3))
            energy = costs.annuity_usd_per_kw_a(ENERGY, str(iso3), "capex_usd_per_kwh")
            capital = 1e3 * (power + settings.battery_h * energy)
            kept = costs.get(POWER, "efficiency", str(iso3), 1.0)
            rows.append((f"{zone} {BATTERY}", str(zone), str(iso3), kept, settings.battery_h, capital))
    columns = ["name", "bus", "iso3", "efficiency", "hours", "capital_usd_per_mw"]
    return pd.DataFrame(rows, columns=columns).set_index("name")
