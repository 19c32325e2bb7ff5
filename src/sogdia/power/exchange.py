"""What lines carry and what is earned by it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.components import BUYS, PLANT, SELLS
from sogdia.power.solution import MWH_PER_GWH, USD_PER_MUSD, PowerSolution

FULL_WITHIN_MW = 1e-3


def country_of(solved: PowerSolution, bus: str) -> str:
    """Country of a zone or of a neighbour's bus."""
    zones = solved.inputs.zones.table["iso3"]
    return str(zones[bus]) if bus in zones.index else bus.partition("/")[0]


def paid_usd_per_mwh(solved: PowerSolution) -> Floats:
    """What a MWh that enters each line earns, by snapshot, (T, L).

    To a neighbour, the price at the border there less what is lost on the way; from one, the price there;
    between zones, the price where it starts. None is above the dearest plant, offer or bid of the year:
    power that goes by contract is not sold at the value of lost load.
    """
    rows = solved.inputs.generators
    offers = rows["kind"].isin([PLANT, SELLS, BUYS]) & (rows["p_nom_mw"] > 0.0)
    most = float(rows["cost_usd_per_mwh"][offers].abs().max()) if offers.any() else np.inf
    links, buses = solved.inputs.links, solved.inputs.buses
    prices = solved.price_usd_per_mwh
    at = {bus: number for number, bus in enumerate(buses)}
    price = np.zeros((len(prices), len(buses)))
    price[:, [at[name] for name in prices.columns]] = np.minimum(prices.to_numpy(), most)
    start, end = (np.array([at[bus] for bus in links[name]], dtype=np.int64) for name in ("bus0", "bus1"))
    abroad = end >= len(solved.inputs.zones.table)
    kept = links["efficiency"].to_numpy(dtype=np.float64)
    return np.where(abroad, price[:, end] * kept, price[:, start])


def flows_of(solved: PowerSolution) -> pd.DataFrame:
    """What each line carries in each direction, as :mod:`sogdia.power.tables` declares ``flows``."""
    links = solved.inputs.links
    sent = solved.year(solved.flow_mw) / MWH_PER_GWH
    limit = links["p_nom_mw"].to_numpy(dtype=np.float64)
    full = (solved.flow_mw >= limit - FULL_WITHIN_MW) & (limit > 0)
    return pd.DataFrame(
        {
            "line": links["line"].to_numpy(),
            "from_bus": links["bus0"].to_numpy(),
            "to_bus": links["bus1"].to_numpy(),
            "capacity_mw": limit,
            "sent_gwh": sent,
            "received_gwh": sent * links["efficiency"].to_numpy(dtype=np.float64),
            "full_h": solved.year(full.astype(np.float64)),
            "earned_musd": solved.year(solved.flow_mw * paid_usd_per_mwh(solved)) / USD_PER_MUSD,
        }
    )


def exchanges_of(solved: PowerSolution, flows: pd.DataFrame) -> pd.DataFrame:
    """Trade over borders, by exporter and importer, as ``exchanges`` is declared, from ``flows``."""
    country = {bus: country_of(solved, bus) for bus in solved.inputs.buses}
    table = flows.assign(exporter=flows["from_bus"].map(country), importer=flows["to_bus"].map(country))
    abroad = table[table["exporter"] != table["importer"]]
    figures = ["sent_gwh", "received_gwh", "earned_musd"]
    return abroad.groupby(["exporter", "importer"], as_index=False)[figures].sum()
