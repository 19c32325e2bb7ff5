"""Write the linear programme of a power system as arrays, and update it for other inputs.

:mod:`sogdia.power.formulation` has the variables and constraints of PyPSA's components;
:mod:`sogdia.power.constraints` adds what PyPSA has no component for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.constraints import (
    add_constraints,
    limit_bounds,
    ramp_limits,
    reserve_entries,
    reserve_need,
)
from sogdia.power.formulation import add_power_system
from sogdia.power.kernels.linear_program import LinearProgram, set_entries
from sogdia.power.kernels.program_builder import ProgramBuilder
from sogdia.power.system import PowerInputs
from sogdia.power.variables import (
    BALANCE,
    CARRY_OVER,
    CO2_CAP,
    DISPATCH,
    FINAL,
    FLOW,
    GENERATION,
    GENERATION_CAPACITY,
    GENERATION_LIMIT,
    LEVEL,
    LIMIT,
    RAMP,
    RESERVE,
    SLACK,
    SPILL,
    START,
    STORAGE_BALANCE,
    STORAGE_CAPACITY,
    STORE,
    YEAR_LIMIT,
    YEAR_SLACK,
)
from sogdia.units import T_PER_MT


def write_program(inputs: PowerInputs) -> LinearProgram:
    """Write the programme of a power system: what PyPSA formulates, and Sogdia's own constraints."""
    builder = ProgramBuilder()
    add_power_system(builder, inputs)
    add_constraints(builder, inputs)
    return update_program(builder.build(), inputs)


def update_program(program: LinearProgram, inputs: PowerInputs) -> LinearProgram:
    """Return the programme with bounds, costs, loads and availability of other inputs.

    Of the matrix only availability and firm share of candidates in capacity planning change.

    Args:
        program: Programme of inputs with the same structure.
        inputs: Inputs.
    """
    numbers = replace(
        program,
        cost=program.cost.copy(),
        lower=program.lower.copy(),
        upper=program.upper.copy(),
        row_lower=program.row_lower.copy(),
        row_upper=program.row_upper.copy(),
        matrix=program.matrix.copy(),
    )
    _update_generators_and_links(numbers, inputs)
    if len(inputs.reservoirs):
        _update_reservoirs(numbers, inputs)
    if len(inputs.batteries):
        _update_batteries(numbers, inputs)
    _update_limits(numbers, inputs)
    rows = numbers.rows_of(BALANCE, list(map(str, inputs.zones.table.index)))
    numbers.row_lower[rows] = numbers.row_upper[rows] = inputs.load_mw
    if CO2_CAP in numbers.rows and inputs.settings.co2_cap_mt is not None:
        numbers.row_upper[numbers.rows[CO2_CAP]] = T_PER_MT * inputs.settings.co2_cap_mt
    if inputs.plans_capacity:
        numbers.row_lower[numbers.rows[RESERVE]] = reserve_need(inputs)
        numbers.row_upper[numbers.rows[RESERVE]] = np.inf
        _update_candidates(numbers, inputs)
    elif RAMP in numbers.rows:
        largest = ramp_limits(inputs)
        numbers.row_lower[numbers.rows[RAMP]] = -largest
        numbers.row_upper[numbers.rows[RAMP]] = largest
    return numbers


def _fill(
    numbers: LinearProgram, kind: str, names: list[str], minimum: Floats | float, maximum: Floats | float
) -> Ints:
    """Set the bounds of the variables of components; return their columns, (T, N)."""
    columns = numbers.columns_of(kind, names)
    numbers.lower[columns] = minimum
    numbers.upper[columns] = maximum
    return columns


def _scaled(shares: Floats, size: Floats) -> Floats:
    """Return shares of capacities, (T, N); 0 where the share is 0, also of an infinite capacity."""
    return np.multiply(shares, size, out=np.zeros_like(shares), where=shares != 0.0)


def _update_generators_and_links(numbers: LinearProgram, inputs: PowerInputs) -> None:
    weight = inputs.snapshots.weight_h[:, None]
    rows, links = inputs.generators, inputs.links
    is_free = inputs.is_candidate & inputs.plans_capacity
    fixed, names = rows[~is_free], list(rows.index)
    size = fixed["p_nom_mw"].to_numpy(dtype=np.float64)
    _fill(
        numbers,
        GENERATION,
        list(fixed.index),
        _scaled(inputs.p_min[:, ~is_free], size),
        _scaled(inputs.p_max[:, ~is_free], size),
    )
    numbers.cost[numbers.columns_of(GENERATION, names)] = (
        rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64) * weight
    )
    if is_free.any():
        candidates = rows[is_free]
        columns = _set_capital(numbers, GENERATION_CAPACITY, candidates["capital_usd_per_mw"])
        numbers.upper[columns] = candidates["potential_mw"].to_numpy(dtype=np.float64)
    if len(links):
        columns = _fill(numbers, FLOW, list(links.index), 0.0, links["p_nom_mw"].to_numpy(dtype=np.float64))
        numbers.cost[columns] = links["cost_usd_per_mwh"].to_numpy(dtype=np.float64) * weight


def _update_candidates(numbers: LinearProgram, inputs: PowerInputs) -> None:
    """Set the availability and the firm share of candidates, which are coefficients of their capacity."""
    if GENERATION_CAPACITY in numbers.columns:
        capacity = numbers.columns[GENERATION_CAPACITY]
        set_entries(
            numbers.matrix, numbers.rows[GENERATION_LIMIT], capacity, -inputs.p_max[:, inputs.is_candidate]
        )
    for columns, rows, firm in reserve_entries(numbers, inputs):
        set_entries(numbers.matrix, rows, columns, firm)


def _set_capital(numbers: LinearProgram, kind: str, capital: Any) -> Ints:
    at = {name: number for number, name in enumerate(numbers.column_names[kind])}
    columns = numbers.columns[kind][[at[name] for name in capital.index]]
    numbers.cost[columns] = capital.to_numpy(dtype=np.float64)
    return columns


def _update_reservoirs(numbers: LinearProgram, inputs: PowerInputs) -> None:
    reservoirs, names = inputs.reservoirs, list(inputs.reservoirs.index)
    turbines = (reservoirs["p_nom_mw"] * reservoirs["p_max"]).to_numpy(dtype=np.float64)
    volume = reservoirs["storage_mwh"].to_numpy(dtype=np.float64)
    _fill(numbers, DISPATCH, names, 0.0, turbines)
    _fill(numbers, LEVEL, names, 0.0, volume)
    start = _fill(numbers, START, names, 0.0, volume)
    final = _fill(numbers, FINAL, names, 0.0, volume)
    # A fall of the level over the year costs what the water is valued at, a rise earns it.
    value = reservoirs["change_usd_per_mwh"].to_numpy(dtype=np.float64)
    numbers.cost[start[:1]], numbers.cost[final] = value, -value
    carry_over = numbers.rows_of(CARRY_OVER, names)
    numbers.row_lower[carry_over] = reservoirs["least_change_mwh"].to_numpy(dtype=np.float64)
    numbers.row_upper[carry_over] = reservoirs["largest_change_mwh"].to_numpy(dtype=np.float64)
    _fill(numbers, SPILL, names, 0.0, np.inf)
    rows = numbers.rows_of(STORAGE_BALANCE, names)
    numbers.row_lower[rows] = numbers.row_upper[rows] = -inputs.inflow_mw * inputs.snapshots.step_h


def _update_batteries(numbers: LinearProgram, inputs: PowerInputs) -> None:
    batteries, names = inputs.batteries, list(inputs.batteries.index)
    size = batteries["p_nom_mw"].to_numpy(dtype=np.float64)
    if inputs.plans_capacity:
        numbers.lower[_set_capital(numbers, STORAGE_CAPACITY, batteries["capital_usd_per_mw"])] = size
        return
    _fill(numbers, DISPATCH, names, 0.0, size)
    _fill(numbers, STORE, names, 0.0, size)
    _fill(numbers, LEVEL, names, 0.0, batteries["storage_mwh"].to_numpy(dtype=np.float64))


def _update_limits(numbers: LinearProgram, inputs: PowerInputs) -> None:
    for by_period, kind, slack in ((True, LIMIT, SLACK), (False, YEAR_LIMIT, YEAR_SLACK)):
        if kind not in numbers.rows:
            continue
        limits, lower, upper = limit_bounds(inputs, by_period=by_period)
        numbers.row_lower[numbers.rows[kind]] = lower
        numbers.row_upper[numbers.rows[kind]] = upper
        costs = [x.slack_usd_per_mwh for x in limits if x.slack_usd_per_mwh is not None]
        if costs:
            numbers.cost[numbers.columns[slack]] = np.array(costs)
