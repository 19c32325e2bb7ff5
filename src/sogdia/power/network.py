"""Build the PyPSA network of a power system, for export."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.costs import BATTERY
from sogdia.power.fleet import HYDRO
from sogdia.power.generators import BUYS
from sogdia.power.system import PowerInputs
from sogdia.units import T_PER_MT

CARRIER = "AC"
LEAST_INFLOW_MW = 1e-9
"""Inflow of a reservoir without any: PyPSA lets water be spilled only where there is inflow."""


def build_network(inputs: PowerInputs) -> Any:
    """Build the PyPSA network of a power system.

    Zones and neighbours are buses; plant classes, unserved energy and price steps of neighbours are
    generators; hydropower is a storage unit with inflow; a line is two links. A cap on emissions is a global
    constraint. What PyPSA has no component for is in :mod:`sogdia.power.pypsa_constraints`.
    """
    import pypsa  # here, because it takes seconds and a stored run is read without it

    with pypsa.option_context("api.legacy_string_dtype", False), _unchanged_root_logger():
        network = pypsa.Network(name=f"{inputs.case.region.name} {inputs.case.year}")
        _fill(network, inputs)
    return network


@contextlib.contextmanager
def _unchanged_root_logger() -> Iterator[None]:
    """Keep the root logger as it is: ``pypsa.Network`` sets one without handlers to level INFO."""
    handler = logging.NullHandler()
    logging.root.addHandler(handler)
    try:
        yield
    finally:
        logging.root.removeHandler(handler)


def _fill(network: Any, inputs: PowerInputs) -> None:
    """Add the components to an empty network."""
    snapshots = inputs.snapshots
    network.set_snapshots(list(snapshots.time))
    network.snapshot_weightings["objective"] = snapshots.weight_h
    network.snapshot_weightings["generators"] = snapshots.weight_h
    network.snapshot_weightings["stores"] = snapshots.step_h
    _add_carriers(network, inputs)
    network.add("Bus", inputs.buses, carrier=CARRIER)
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
        carrier=CARRIER,
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
            constant=T_PER_MT * inputs.settings.co2_cap_mt,
        )


def _frame(inputs: PowerInputs, values: Floats, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(values, index=inputs.snapshots.time, columns=names)


def _add_carriers(network: Any, inputs: PowerInputs) -> None:
    emission = inputs.generators.groupby("carrier")["co2_t_per_mwh_th"].max()
    network.add("Carrier", [CARRIER, HYDRO, BATTERY])
    network.add("Carrier", list(emission.index), co2_emissions=emission)


def _add_generators(network: Any, inputs: PowerInputs) -> None:
    """Add generators; those with constant limits as static attributes, which keeps the network small."""
    rows = inputs.generators
    names = list(rows.index)
    varies = (inputs.p_max != inputs.p_max[:1]).any(axis=0)
    p_max = _frame(inputs, inputs.p_max, names)
    p_min = _frame(inputs, inputs.p_min, names)
    is_free = pd.Series(inputs.is_candidate & inputs.plans_capacity, index=rows.index)
    for part, limits in (
        (~varies, {"p_max_pu": p_max.iloc[0], "p_min_pu": p_min.iloc[0]}),
        (varies, {"p_max_pu": p_max, "p_min_pu": p_min}),
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
            p_nom_extendable=is_free[part],
            p_nom_max=chosen["potential_mw"],
            capital_cost=chosen["capital_usd_per_mw"],
            marginal_cost=chosen["cost_usd_per_mwh"],
            efficiency=chosen["efficiency"],
            sign=(chosen["kind"] != BUYS).map({True: 1.0, False: -1.0}),
            **{key: values[chosen.index] for key, values in limits.items()},
        )


def _add_storage(network: Any, inputs: PowerInputs) -> None:
    reservoirs = inputs.reservoirs
    names = list(reservoirs.index)
    if names:
        network.add(
            "StorageUnit",
            names,
            bus=reservoirs["bus"],
            carrier=HYDRO,
            p_nom=reservoirs["p_nom_mw"],
            p_max_pu=reservoirs["p_max"],
            p_min_pu=0.0,
            max_hours=_hours(reservoirs),
            cyclic_state_of_charge=True,
            inflow=_frame(inputs, np.maximum(inputs.inflow_mw, LEAST_INFLOW_MW), names),
        )
    batteries = inputs.batteries
    if len(batteries):
        network.add(
            "StorageUnit",
            batteries.index,
            bus=batteries["bus"],
            carrier=BATTERY,
            p_nom=batteries["p_nom_mw"],
            p_nom_min=batteries["p_nom_mw"],
            p_nom_extendable=inputs.plans_capacity,
            capital_cost=batteries["capital_usd_per_mw"],
            max_hours=inputs.settings.battery_h if inputs.plans_capacity else _hours(batteries),
            efficiency_store=batteries["efficiency"],
            efficiency_dispatch=batteries["efficiency"],
            cyclic_state_of_charge=True,
        )


def _hours(units: pd.DataFrame) -> pd.Series[float]:
    """Return the hours of full output that the storage of units lasts; 0 without capacity."""
    size = units["p_nom_mw"].astype(float)
    return (units["storage_mwh"].astype(float) / size).where(size > 0, 0.0)
