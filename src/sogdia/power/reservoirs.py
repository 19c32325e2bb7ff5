"""Hydropower: one reservoir a zone, fed month by month."""

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
