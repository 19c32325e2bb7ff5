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
    country, own = (table["iso3"].to_numpy(dtype=object) for table in (zones, generators))
    kind, carrier = (generators[name].to_numpy(dtype=object) for name in ("kind", "carrier"))
    is_supply = np.isin(kind, [PLANT, CANDIDATE])
    is_thermal = is_supply & ~np.isin(carrier, list(CAPACITY_FACTORS))
    share = generators["firm_share"].to_numpy(dtype=np.float64).copy()
    size = generators["p_nom_mw"].to_numpy(dtype=np.float64)
    stored = [
        (
            units["iso3"].to_numpy(dtype=object),
            (units["firm_share"] * units["p_nom_mw"]).to_numpy(dtype=np.float64),
        )
        for units in (reservoirs, batteries)
    ]
    rows = []
    for iso3 in sorted(set(country)):
        load = load_mw[:, country == iso3].sum(axis=1)
        at_peak = int(load.argmax())
        thermal = is_thermal & (own == iso3)
        share[thermal] *= p_max[at_peak][thermal]
        here = is_supply & (own == iso3)
        firm = float((share[here] * size[here]).sum())
        firm += sum(float(mw[iso3_of == iso3].sum()) for iso3_of, mw in stored)
        rows.append((iso3, float(load[at_peak]), firm))
    table = pd.DataFrame(rows, columns=["iso3", "peak_mw", "firm_mw"]).set_index("iso3")
    firm_share = pd.Series(np.where(np.isfinite(share), share, 0.0), index=generators.index)
    return table, firm_share
