"""Potentials of sun and wind: the capacity that a zone has sites for, from the table ``power_potentials``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.arrays import Floats
from sogdia.power.generators import CANDIDATE
from sogdia.power.profiles import CAPACITY_FACTORS


def remaining_potentials(case: Case, fleet: pd.DataFrame, generators: pd.DataFrame) -> Floats:
    """Return the new capacity of each generator that its zone has sites for, MW, (G,); inf without a limit.

    For a candidate of sun or wind it is the potential less the capacity of the carrier that operates in the
    zone: existing plants and those of the plan; at least 0.

    Args:
        case: The case.
        fleet: Plants.
        generators: Generators.
    """
    potential = case.table("power_potentials").set_index(["zone", "carrier"])["potential_mw"].to_dict()
    used = fleet.groupby(["zone", "carrier"])["capacity_mw"].sum().to_dict()
    limits = []
    for kind, key in zip(
        generators["kind"], zip(generators["bus"], generators["carrier"], strict=True), strict=True
    ):
        is_limited = kind == CANDIDATE and key[1] in CAPACITY_FACTORS and key in potential
        limits.append(max(0.0, float(potential[key]) - used.get(key, 0.0)) if is_limited else np.inf)
    return np.array(limits, dtype=np.float64)


def potential_warnings(case: Case, fleet: pd.DataFrame, zone_names: pd.Series[str]) -> Iterator[str]:
    """Yield a sentence for each zone and carrier with more plants than sites.

    Args:
        case: The case.
        fleet: Plants.
        zone_names: Name of each zone.
    """
    used = fleet.groupby(["zone", "carrier"])["capacity_mw"].sum()
    for row in case.table("power_potentials").sort_index().to_dict("records"):
        zone, carrier = str(row["zone"]), str(row["carrier"])
        capacity = float(used.get((zone, carrier), 0.0))
        if zone in zone_names.index and capacity > float(row["potential_mw"]):
            yield (
                f"{zone_names[zone]}: plants of {carrier} have {capacity:,.0f} MW, above the potential of "
                f"{float(row['potential_mw']):,.0f} MW; check the plan or power_potentials.csv"
            )
