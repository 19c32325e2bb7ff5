"""Line flows and cross-border exchanges, settled by contracts and at spot prices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.power.contracts import read_contracts
from sogdia.power.settlement import Settlement, settle
from sogdia.power.solution import PowerSolution
from sogdia.power.spot import spot_price_usd_per_mwh
from sogdia.power.tables import EXCHANGES, FLOWS
from sogdia.units import MWH_PER_GWH, USD_PER_MUSD

FULL_TOLERANCE_MW = 1e-3
ENERGIES = ("sent_gwh", "received_gwh", "contracted_gwh", "swap_gwh", "spot_gwh")
MONEY = ("contract_musd", "spot_musd", "earned_musd")


def country_of(solution: PowerSolution, bus: str) -> str:
    """Return the country of a zone or of a neighbour's bus."""
    zones = solution.inputs.zones.table["iso3"]
    return str(zones[bus]) if bus in zones.index else bus.partition("/")[0]


def directions_of(solution: PowerSolution) -> pd.DataFrame:
    """Return ``line``, ``exporter`` and ``importer`` of each direction of a line: countries of its ends."""
    links = solution.inputs.links
    ends = {end: [country_of(solution, bus) for bus in links[end]] for end in ("bus0", "bus1")}
    return pd.DataFrame(
        {"line": links["line"].to_numpy(), "exporter": ends["bus0"], "importer": ends["bus1"]}
    )


def settle_year(solution: PowerSolution) -> Settlement:
    """Return the settlement of all flows by the contracts of the case's year."""
    snapshots = solution.inputs.snapshots
    sent_mwh = solution.flow_mw * snapshots.weight_h[:, None]
    contracts = read_contracts(solution.inputs.case)
    return settle(sent_mwh, snapshots.month, directions_of(solution), contracts)


def line_flows(
    solution: PowerSolution, long_run_usd_per_mwh: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the flows of each line and direction (:data:`sogdia.power.tables.FLOWS`).

    Args:
        solution: Solved year.
        long_run_usd_per_mwh: Long-run marginal cost of new supply by country, if known
            (:func:`sogdia.power.spot.spot_price_usd_per_mwh`).
    """
    links, weight = solution.inputs.links, solution.inputs.snapshots.weight_h
    capacity = links["p_nom_mw"].to_numpy(dtype=np.float64)
    is_full = (solution.flow_mw >= capacity - FULL_TOLERANCE_MW) & (capacity > 0)
    sent_mwh = solution.flow_mw * weight[:, None]
    settled = settle_year(solution)
    spot_usd = settled.spot_mwh * spot_price_usd_per_mwh(solution, long_run_usd_per_mwh)
    table = pd.DataFrame(
        {
            "line": links["line"].to_numpy(),
            "from_bus": links["bus0"].to_numpy(),
            "to_bus": links["bus1"].to_numpy(),
            "capacity_mw": capacity,
            "sent_gwh": sent_mwh.sum(axis=0) / MWH_PER_GWH,
            "received_gwh": (sent_mwh * links["efficiency"].to_numpy(dtype=np.float64)).sum(axis=0)
            / MWH_PER_GWH,
            "contracted_gwh": settled.contracted_mwh.sum(axis=0) / MWH_PER_GWH,
            "swap_gwh": settled.swapped_mwh.sum(axis=0) / MWH_PER_GWH,
            "spot_gwh": settled.spot_mwh.sum(axis=0) / MWH_PER_GWH,
            "full_h": solution.annual_sum(is_full.astype(np.float64)),
            "contract_musd": settled.contracts_usd.sum(axis=0) / USD_PER_MUSD,
            "spot_musd": spot_usd.sum(axis=0) / USD_PER_MUSD,
        }
    )
    table["earned_musd"] = table["contract_musd"] + table["spot_musd"]
    return FLOWS.frame(_with_prices(table))


def cross_border_exchanges(solution: PowerSolution, flows: pd.DataFrame) -> pd.DataFrame:
    """Return trade by exporter and importer (:data:`sogdia.power.tables.EXCHANGES`) from ``flows``."""
    country = {bus: country_of(solution, bus) for bus in solution.inputs.buses}
    table = flows.assign(exporter=flows["from_bus"].map(country), importer=flows["to_bus"].map(country))
    foreign = table[table["exporter"] != table["importer"]]
    sums = foreign.groupby(["exporter", "importer"], as_index=False)[[*ENERGIES, *MONEY]].sum()
    return EXCHANGES.frame(_with_prices(sums))


def _with_prices(table: pd.DataFrame) -> pd.DataFrame:
    """Add the mean prices of contracts and of the spot trade; zero without trade."""
    prices = {}
    for kind, energy in (("contract", "contracted_gwh"), ("spot", "spot_gwh")):
        per_gwh = USD_PER_MUSD / MWH_PER_GWH * table[f"{kind}_musd"] / table[energy]
        prices[f"{kind}_usd_per_mwh"] = per_gwh.where(table[energy] > 0.0, 0.0)
    return table.assign(**prices)
