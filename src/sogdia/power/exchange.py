"""Line flows, cross-border exchanges and their earnings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.generators import BUYS, PLANT, SELLS
from sogdia.power.solution import PowerSolution
from sogdia.power.tables import EXCHANGES, FLOWS
from sogdia.units import MWH_PER_GWH, USD_PER_MUSD

FULL_TOLERANCE_MW = 1e-3


def country_of(solution: PowerSolution, bus: str) -> str:
    """Return the country of a zone or of a neighbour's bus."""
    zones = solution.inputs.zones.table["iso3"]
    return str(zones[bus]) if bus in zones.index else bus.partition("/")[0]


def sale_price_usd_per_mwh(solution: PowerSolution) -> Floats:
    """Return the price of energy that enters each line, by snapshot, (T, L).

    To a neighbour it is the price at the border less losses; from a neighbour, the price there; between
    zones, the price at the start of the line. No price exceeds the highest cost of a plant, offer or bid of
    the year: contracts do not pay the value of lost load.
    """
    rows = solution.inputs.generators
    is_offer = rows["kind"].isin([PLANT, SELLS, BUYS]) & (rows["p_nom_mw"] > 0.0)
    maximum = float(rows["cost_usd_per_mwh"][is_offer].abs().max()) if is_offer.any() else np.inf
    links, buses = solution.inputs.links, solution.inputs.buses
    prices = solution.price_usd_per_mwh
    at = {bus: number for number, bus in enumerate(buses)}
    price = np.zeros((len(prices), len(buses)))
    price[:, [at[name] for name in prices.columns]] = np.minimum(prices.to_numpy(), maximum)
    start, end = (np.array([at[bus] for bus in links[name]], dtype=np.int64) for name in ("bus0", "bus1"))
    to_neighbour = end >= len(solution.inputs.zones.table)
    efficiency = links["efficiency"].to_numpy(dtype=np.float64)
    return np.where(to_neighbour, price[:, end] * efficiency, price[:, start])


def line_flows(solution: PowerSolution) -> pd.DataFrame:
    """Return the flows of each line and direction (:data:`sogdia.power.tables.FLOWS`)."""
    links = solution.inputs.links
    sent = solution.annual_sum(solution.flow_mw) / MWH_PER_GWH
    capacity = links["p_nom_mw"].to_numpy(dtype=np.float64)
    is_full = (solution.flow_mw >= capacity - FULL_TOLERANCE_MW) & (capacity > 0)
    earned = solution.annual_sum(solution.flow_mw * sale_price_usd_per_mwh(solution)) / USD_PER_MUSD
    return FLOWS.frame(
        pd.DataFrame(
            {
                "line": links["line"].to_numpy(),
                "from_bus": links["bus0"].to_numpy(),
                "to_bus": links["bus1"].to_numpy(),
                "capacity_mw": capacity,
                "sent_gwh": sent,
                "received_gwh": sent * links["efficiency"].to_numpy(dtype=np.float64),
                "full_h": solution.annual_sum(is_full.astype(np.float64)),
                "earned_musd": earned,
            }
        )
    )


def cross_border_exchanges(solution: PowerSolution, flows: pd.DataFrame) -> pd.DataFrame:
    """Return trade by exporter and importer (:data:`sogdia.power.tables.EXCHANGES`) from ``flows``."""
    country = {bus: country_of(solution, bus) for bus in solution.inputs.buses}
    table = flows.assign(exporter=flows["from_bus"].map(country), importer=flows["to_bus"].map(country))
    foreign = table[table["exporter"] != table["importer"]]
    figures = ["sent_gwh", "received_gwh", "earned_musd"]
    return EXCHANGES.frame(foreign.groupby(["exporter", "importer"], as_index=False)[figures].sum())
