"""Formulate a power system as PyPSA does: variables, nodal balances, storage balances, emissions.

PyPSA states the bounds of each variable as constraints. Here they are bounds of the variable: about a
twentieth of the rows remain, with the same solutions and duals. The balance of bus n in snapshot t is

``Σ_g s_g p_gt + Σ_u (p⁻_ut − p⁺_ut) + Σ_l (η_l f_lt at its end − f_lt at its start) = d_nt``,

with p generation (s = −1 for sales to a neighbour), p⁻ and p⁺ output and charging of storage, f flow, η
efficiency and d load. The balance of storage u is

``s_ut = s_u,t−1 + h (η_u p⁺_ut − p⁻_ut / η_u + inflow_ut − spill_ut)``,

with h the hours of a snapshot; :mod:`sogdia.power.constraints` gives the level before the first snapshot of a
period. In capacity planning output is at most ``a_gt P_g``, with a availability and P new capacity. A test
compares the optimum with that of PyPSA and linopy on the same network.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.generators import BUYS
from sogdia.power.kernels.program_builder import ProgramBuilder
from sogdia.power.system import PowerInputs
from sogdia.power.variables import (
    BALANCE,
    CO2_CAP,
    DISPATCH,
    DISPATCH_LIMIT,
    FLOW,
    GENERATION,
    GENERATION_CAPACITY,
    GENERATION_LIMIT,
    LEVEL,
    LEVEL_LIMIT,
    SPILL,
    STORAGE_BALANCE,
    STORAGE_CAPACITY,
    STORE,
    STORE_LIMIT,
)


def add_power_system(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add the variables and constraints of PyPSA's components."""
    count, buses = len(inputs.snapshots.time), inputs.buses
    balance = builder.add_rows(BALANCE, buses, (count, len(buses)))
    at = {bus: number for number, bus in enumerate(buses)}

    def balances(column: pd.Series[str]) -> list[int]:
        return [at[str(bus)] for bus in column]

    rows, links = inputs.generators, inputs.links
    output = builder.add_columns(GENERATION, list(rows.index), (count, len(rows)))
    sign = np.where(rows["kind"] == BUYS, -1.0, 1.0)
    builder.put(balance[:, balances(rows["bus"])], output, sign)
    if len(links):
        flow = builder.add_columns(FLOW, list(links.index), (count, len(links)))
        builder.put(balance[:, balances(links["bus0"])], flow, -1.0)
        builder.put(balance[:, balances(links["bus1"])], flow, _floats(links["efficiency"]))
    _add_storage(builder, inputs)
    for units in (inputs.reservoirs, inputs.batteries):
        if len(units):
            names = list(map(str, units.index))
            builder.put(balance[:, balances(units["bus"])], builder.columns_of(DISPATCH, names), 1.0)
    if len(inputs.batteries):
        builder.put(balance[:, balances(inputs.batteries["bus"])], builder.columns[STORE], -1.0)
    if inputs.plans_capacity:
        _add_capacity(builder, inputs)
    if inputs.settings.co2_cap_mt is not None:
        _add_cap(builder, inputs)


def _add_storage(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add reservoirs and batteries with their balances inside periods."""
    reservoirs, batteries = inputs.reservoirs, inputs.batteries
    water, stores = list(map(str, reservoirs.index)), list(map(str, batteries.index))
    names, count, step_h = [*water, *stores], len(inputs.snapshots.time), inputs.snapshots.step_h
    if not names:
        return
    shape = (count, len(names))
    balance = builder.add_rows(STORAGE_BALANCE, names, shape)
    efficiency = np.concatenate([np.ones(len(water)), _floats(batteries["efficiency"])])
    level = builder.add_columns(LEVEL, names, shape)
    builder.put(balance, level, -1.0)
    inside = np.flatnonzero(np.diff(inputs.snapshots.period) == 0) + 1
    builder.put(balance[inside], level[inside - 1], 1.0)
    builder.put(balance, builder.add_columns(DISPATCH, names, shape), -step_h / efficiency)
    if water:
        spill = builder.add_columns(SPILL, water, (count, len(water)))
        builder.put(balance[:, : len(water)], spill, -step_h)
    if stores:
        store = builder.add_columns(STORE, stores, (count, len(stores)))
        builder.put(balance[:, len(water) :], store, step_h * efficiency[len(water) :])


def _add_capacity(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add new capacity of candidates and batteries, which limits their output."""
    count = len(inputs.snapshots.time)
    names = list(map(str, inputs.generators.index[inputs.is_candidate]))
    if names:
        capacity = builder.add_columns(GENERATION_CAPACITY, names, (len(names),))
        rows = builder.add_rows(GENERATION_LIMIT, names, (count, len(names)), is_upper=True)
        builder.put(rows, builder.columns_of(GENERATION, names), 1.0)
        builder.put(rows, capacity, -inputs.p_max[:, inputs.is_candidate])
    stores = list(map(str, inputs.batteries.index))
    if stores:
        capacity = builder.add_columns(STORAGE_CAPACITY, stores, (len(stores),))
        limits = ((DISPATCH_LIMIT, DISPATCH, 1.0), (STORE_LIMIT, STORE, 1.0))
        for kind, variable, hours in (*limits, (LEVEL_LIMIT, LEVEL, inputs.settings.battery_h)):
            rows = builder.add_rows(kind, stores, (count, len(stores)), is_upper=True)
            builder.put(rows, builder.columns_of(variable, stores), 1.0)
            builder.put(rows, capacity, -hours)


def _add_cap(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add the cap on emissions; a carrier has one emission factor, as in PyPSA."""
    rows = inputs.generators
    factor = rows["carrier"].map(rows.groupby("carrier")["co2_t_per_mwh_th"].max())
    emission = _floats(factor) / _floats(rows["efficiency"])
    cap = builder.add_rows(CO2_CAP, (), (1,), is_upper=True)
    weight = inputs.snapshots.weight_h[:, None]
    is_emitting = emission > 0.0
    builder.put(cap, builder.columns[GENERATION][:, is_emitting], weight * emission[is_emitting])


def _floats(column: pd.Series[float]) -> Floats:
    return np.asarray(column, dtype=np.float64)
