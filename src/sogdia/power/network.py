"""The PyPSA network of a case: what is solved, exported and opened elsewhere unchanged."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pypsa

from sogdia.power.arrays import Floats
from sogdia.power.components import BUYS, FREE
from sogdia.power.inputs import PowerInputs
from sogdia.power.reservoirs import BATTERY

GRID = "AC"


def make_network(inputs: PowerInputs) -> Any:
    """A PyPSA network of the inputs.

    Zones and neighbours are buses, classes of plants, unserved load and steps of neighbours generators,
    hydropower storage units with inflow, lines two links each. A cap on emissions is a global constraint.
    """
    with pypsa.option_context("api.legacy_string_dtype", False):
        return _made(inputs)


def _made(inputs: PowerInputs) -> Any:
    network: Any = pypsa.Network(name=f"{inputs.case.region.name} {inputs.case.year}")
    hourly = inputs.hourly
    network.set_snapshots(list(hourly.snapshots))
    network.snapshot_weightings["objective"] = hourly.weight_h
    network.snapshot_weightings["generators"] = hourly.weight_h
    network.snapshot_weightings["stores"] = hourly.storage_weight
    _add_carriers(network, inputs)
    network.add("Bus", inputs.buses, carrier=GRID)
    zones = list(inputs.zones.table.index)
    network.add("Load", zones, bus=zones, p_set=_frame(inputs, inputs.load_mw, zones))
    _add_generators(network, inputs)
    _add_storage(network, inputs)
    links = inputs.links
    network.add(
        "Link",
        links.index,
        bus0=links["bus0"],
        bus1=links["bus1"],
        carrier=GRID,
        p_nom=links["p_nom_mw"],
        efficiency=links["efficiency"],
        marginal_cost=links["cost_usd_per_mwh"],
    )
    if inputs.settings.co2_cap_mt is not None:
        network.add(
            "GlobalConstraint",
            "co2_cap",
            type="primary_energy",
            carrier_attribute="co2_emissions",
            sense="<=",
            constant=1e6 * inputs.settings.co2_cap_mt,
        )
    return network


def _frame(inputs: PowerInputs, values: Floats, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(values, index=inputs.hourly.snapshots, columns=names)


def _add_carriers(network: Any, inputs: PowerInputs) -> None:
    emission = inputs.generators.groupby("carrier")["co2_t_per_mwh_th"].max()
    names = [GRID, "hydro", BATTERY]
    network.add("Carrier", names)
    network.add("Carrier", list(emission.index), co2_emissions=emission)


def _add_generators(network: Any, inputs: PowerInputs) -> None:
    rows = inputs.generators
    names = list(rows.index)
    moving = (inputs.p_max != inputs.p_max[:1]).any(axis=0)
    p_max = _frame(inputs, inputs.p_max, names)
    p_min = _frame(inputs, inputs.p_min, names)
    free = rows["kind"] == FREE
    bids = pd.Series(inputs.bid_usd_per_mwh, index=rows.index)
    for part, limits in (
        (~moving, {"p_max_pu": p_max.iloc[0], "p_min_pu": p_min.iloc[0]}),
        (moving, {"p_max_pu": p_max, "p_min_pu": p_min}),
    ):
        chosen = rows[part]
        if chosen.empty:
            continue
        network.add(
            "Generator",
            chosen.index,
            bus=chosen["bus"],
            carrier=chosen["carrier"],
            p_nom=chosen["p_nom_mw"],
            p_nom_extendable=free[part],
            capital_cost=chosen["capital_usd_per_mw"],
            marginal_cost=bids[chosen.index],
            efficiency=chosen["efficiency"],
            sign=(chosen["kind"] != BUYS).map({True: 1.0, False: -1.0}),
            **{key: values[chosen.index] for key, values in limits.items()},
        )


def _add_storage(network: Any, inputs: PowerInputs) -> None:
    water = inputs.reservoirs
    names = list(water.index)
    if names:
        network.add(
            "StorageUnit",
            names,
            bus=water["bus"],
            carrier="hydro",
            p_nom=water["p_nom_mw"],
            p_max_pu=water["p_max"],
            p_min_pu=0.0,
            max_hours=water["storage_h"] * inputs.hourly.storage_scale,
            cyclic_state_of_charge=True,
            inflow=_frame(inputs, inputs.inflow_mw, names),
        )
    cells = inputs.batteries
    if len(cells):
        network.add(
            "StorageUnit",
            cells.index,
            bus=cells["bus"],
            carrier=BATTERY,
            p_nom_extendable=True,
            capital_cost=cells["capital_usd_per_mw"],
            max_hours=cells["hours"],
            efficiency_store=cells["efficiency"],
            efficiency_dispatch=cells["efficiency"],
            cyclic_state_of_charge=True,
        )
