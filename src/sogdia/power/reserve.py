"""Reserve margin: firm capacity that each country must have above its peak load.

``Σ_i φ_i P_i ≥ (1 + m) max_t d_t`` for each country, with P the capacity of its plants, reservoirs, batteries
and new capacity, d its load and m the margin. The firm share φ is the capacity credit of wind, solar,
hydropower and batteries at the peak, and 1 less the rate of forced outage for other plants, multiplied by the
availability of the hour with the peak load. Imports do not count.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.generators import CANDIDATE, PLANT
from sogdia.power.profiles import CAPACITY_FACTORS


def reserve_table(
    zones: pd.DataFrame,
    load_mw: Floats,
    generators: pd.DataFrame,
    p_max: Floats,
    reservoirs: pd.DataFrame,
    batteries: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Compute peak load and firm capacity by country, and the firm share of each generator.

    Args:
        zones: Zones of the case.
        load_mw: Load in every hour, (8760, Z).
        generators: Generators.
        p_max: Availability in every hour, (8760, G).
        reservoirs: Reservoirs, with ``firm_share``.
        batteries: Batteries, with ``firm_share``.

    Returns:
        By country: ``peak_mw``, ``firm_mw`` of what exists. By generator: firm share of its capacity at the
        peak of its country.
    """
    countries = sorted(set(zones["iso3"]))
    share = generators["firm_share"].astype(float).copy()
    rows = []
    for iso3 in countries:
        load = load_mw[:, (zones["iso3"] == iso3).to_numpy()].sum(axis=1)
        at_peak = int(load.argmax())
        own = (generators["iso3"] == iso3) & generators["kind"].isin([PLANT, CANDIDATE])
        thermal = own & ~generators["carrier"].isin(list(CAPACITY_FACTORS))
        share[thermal] = share[thermal] * p_max[at_peak][thermal.to_numpy()]
        firm = float((share * generators["p_nom_mw"])[own].sum())
        for units in (reservoirs, batteries):
            part = units[units["iso3"] == iso3]
            firm += float((part["firm_share"] * part["p_nom_mw"]).sum())
        rows.append((iso3, float(load[at_peak]), firm))
    table = pd.DataFrame(rows, columns=["iso3", "peak_mw", "firm_mw"]).set_index("iso3")
    return table, share.where(np.isfinite(share), 0.0)
