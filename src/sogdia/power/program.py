"""Write the linear programme of a power system as arrays, and update it for other inputs.

PyPSA states the bounds of each variable as constraints. Here they become bounds of the variable: about a
twentieth of the rows remain, with the same solutions and duals. :mod:`sogdia.power.constraints` adds what
PyPSA has no component for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from sogdia.power.arrays import Bools, Floats, Ints
from sogdia.power.constraints import (
    add_constraints,
    limit_bounds,
    reserve_need,
    slow_classes,
)
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.system import PowerInputs
from sogdia.power.variables import (
    BALANCE,
    DISPATCH,
    FLOW,
    GENERATION,
    GENERATION_CAPACITY,
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

_ALWAYS_ROWS = ("nodal_balance", "energy_balance")
"""Constraints that remain rows even with one variable: their duals are prices."""
_MESHED_THRESHOLD = 100_000
"""Components at a bus above which PyPSA writes its balance under another name; never reached."""


def write_program(network: Any, inputs: PowerInputs) -> LinearProgram:
    """Write the programme of a power system: what PyPSA and linopy formulate, and Sogdia's constraints."""
    return update_program(add_constraints(_pypsa_program(network), inputs), inputs)


def _pypsa_program(network: Any) -> LinearProgram:
    """Return the programme that PyPSA and linopy formulate for a network."""
    model = network.optimize.create_model(
        include_objective_constant=False, meshed_thresholds=[_MESHED_THRESHOLD], consistency_check=False
    )
    matrices = model.matrices
    matrix = sp.csr_array(matrices.A)
    sense = np.asarray(matrices.sense).astype("U1")
    limit = np.asarray(matrices.b, dtype=np.float64)
    row_lower = np.where(sense == "<", -np.inf, limit)
    row_upper = np.where(sense == ">", np.inf, limit)
    lower = np.array(matrices.lb, dtype=np.float64)
    upper = np.array(matrices.ub, dtype=np.float64)
    columns = {str(name): _labels(item) for name, item in model.variables.items()}
    rows = {str(name): _labels(item) for name, item in model.constraints.items()}
    balances = [labels.ravel() for name, labels in rows.items() if name.endswith(_ALWAYS_ROWS)]
    is_bound = (np.diff(matrix.indptr) == 1) & ~np.isin(matrices.clabels, np.concatenate(balances))
    _fold_bounds(matrix, is_bound, row_lower, row_upper, lower, upper)
    remaining = np.flatnonzero(~is_bound)
    row_labels = np.asarray(matrices.clabels)[remaining]
    row_positions = {name: _positions(labels, row_labels) for name, labels in rows.items()}
    return LinearProgram(
        matrix=sp.csr_array(matrix[remaining]),
        cost=np.array(matrices.c, dtype=np.float64),
        lower=lower,
        upper=upper,
        row_lower=row_lower[remaining],
        row_upper=row_upper[remaining],
        columns={name: _positions(labels, matrices.vlabels) for name, labels in columns.items()},
        rows={name: positions for name, positions in row_positions.items() if (positions >= 0).any()},
        column_names={str(name): _names(item) for name, item in model.variables.items()},
        row_names={str(name): _names(item) for name, item in model.constraints.items()},
    )


def _fold_bounds(
    matrix: sp.csr_array, is_bound: Bools, row_lower: Floats, row_upper: Floats, lower: Floats, upper: Floats
) -> None:
    """Convert constraints of one variable into its bounds, in place."""
    first = matrix.indptr[:-1][is_bound]
    column, factor = matrix.indices[first], matrix.data[first]
    with np.errstate(invalid="ignore"):
        one, other = row_lower[is_bound] / factor, row_upper[is_bound] / factor
    np.maximum.at(lower, column, np.where(factor > 0, one, other))
    np.minimum.at(upper, column, np.where(factor > 0, other, one))


def _labels(item: Any) -> Ints:
    return np.atleast_1d(np.asarray(item.labels.values, dtype=np.int64))


def _names(item: Any) -> tuple[str, ...]:
    return tuple(map(str, item.indexes["name"])) if "name" in item.indexes else ()


def _positions(labels: Ints, known: Any) -> Ints:
    """Return the position of each label among the known ones; -1 if it is not among them."""
    order = np.argsort(known)
    sorted_labels = np.asarray(known)[order]
    at = np.clip(np.searchsorted(sorted_labels, labels), 0, max(len(order) - 1, 0))
    if not len(order):
        return np.full(labels.shape, -1, dtype=np.int64)
    return np.where(sorted_labels[at] == labels, order[at], -1).astype(np.int64)


def update_program(program: LinearProgram, inputs: PowerInputs) -> LinearProgram:
    """Return the programme with bounds, costs and loads of other inputs; the matrix is unchanged.

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
    )
    _update_generators_and_links(numbers, inputs)
    if len(inputs.reservoirs):
        _update_reservoirs(numbers, inputs)
    if len(inputs.batteries):
        _update_batteries(numbers, inputs)
    _update_limits(numbers, inputs)
    rows = numbers.rows_of(BALANCE, list(map(str, inputs.zones.table.index)))
    numbers.row_lower[rows] = numbers.row_upper[rows] = inputs.load_mw
    if inputs.plans_capacity:
        numbers.row_lower[numbers.rows[RESERVE]] = reserve_need(inputs)
        numbers.row_upper[numbers.rows[RESERVE]] = np.inf
    elif RAMP in numbers.rows:
        size = inputs.generators["p_nom_mw"] * inputs.generators["ramp_per_h"]
        largest = [float(size[names].sum()) for names in slow_classes(inputs).values()]
        numbers.row_lower[numbers.rows[RAMP]] = -np.array(largest)
        numbers.row_upper[numbers.rows[RAMP]] = largest
    return numbers


def _fill(
    numbers: LinearProgram, kind: str, names: list[str], minimum: Floats | float, maximum: Floats | float
) -> Ints:
    """Set the bounds of the variables of components; return their columns, (T, N), -1 where there is none."""
    columns = numbers.columns_of(kind, names)
    exists = columns >= 0
    numbers.lower[columns[exists]] = np.broadcast_to(minimum, columns.shape)[exists]
    numbers.upper[columns[exists]] = np.broadcast_to(maximum, columns.shape)[exists]
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
        _set_capital(numbers, GENERATION_CAPACITY, rows[is_free]["capital_usd_per_mw"])
    if len(links):
        columns = _fill(numbers, FLOW, list(links.index), 0.0, links["p_nom_mw"].to_numpy(dtype=np.float64))
        numbers.cost[columns] = links["cost_usd_per_mwh"].to_numpy(dtype=np.float64) * weight


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
    _fill(numbers, START, names, 0.0, volume)
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
