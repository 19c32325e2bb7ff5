"""Write the linear programme of a network as arrays, and update it for other inputs.

PyPSA states the bounds of each variable as constraints. Here they become bounds of the variable: about a
twentieth of the rows remain, with the same solutions and duals.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from sogdia.errors import InputError
from sogdia.power.arrays import Bools, Floats, Ints
from sogdia.power.generators import CANDIDATE
from sogdia.power.inputs import PowerInputs
from sogdia.power.kernels.linear_program import LinearProgram

GENERATION, FLOW = "Generator-p", "Link-p"
HYDRO_OUTPUT, HYDRO_LEVEL, HYDRO_SPILL = (
    "StorageUnit-p_dispatch",
    "StorageUnit-state_of_charge",
    "StorageUnit-spill",
)
GENERATION_CAPACITY, STORAGE_CAPACITY = "Generator-p_nom", "StorageUnit-p_nom"
"""Kinds of variables, as PyPSA names them."""
BALANCE, STORAGE_BALANCE, CO2_CAP = (
    "Bus-nodal_balance",
    "StorageUnit-energy_balance",
    "GlobalConstraint-co2_cap",
)
"""Kinds of constraints."""
_ALWAYS_ROWS = ("nodal_balance", "energy_balance")
"""Constraints that remain rows even with one variable: their duals are prices."""
_MESHED_THRESHOLD = 100_000
"""Components at a bus above which PyPSA writes its balance under another name; never reached."""


def write_program(network: Any) -> LinearProgram:
    """Write the programme that PyPSA and linopy formulate for a network."""
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
        inputs: Inputs of a dispatch.

    Raises:
        InputError: If the inputs have candidates: capacity factors are then in the matrix.
    """
    if (inputs.generators["kind"] == CANDIDATE).any():
        raise InputError(
            "a capacity expansion needs a programme of its own for each case: "
            "capacity factors are in its matrix"
        )
    cost, lower, upper = program.cost.copy(), program.lower.copy(), program.upper.copy()
    row_lower, row_upper = program.row_lower.copy(), program.row_upper.copy()
    weight = inputs.snapshots.weight_h[:, None]

    def fill(kind: str, names: list[str], minimum: Floats, maximum: Floats, price: Floats) -> None:
        if not names:
            return
        columns = program.columns_of(kind, names)
        lower[columns], upper[columns] = minimum, maximum
        cost[columns] = price * weight

    zero = np.zeros(1)
    generators, links, reservoirs = inputs.generators, inputs.links, inputs.reservoirs
    size = generators["p_nom_mw"].to_numpy()
    prices = inputs.bid_usd_per_mwh
    fill(GENERATION, list(generators.index), inputs.p_min * size, inputs.p_max * size, prices)
    fill(FLOW, list(links.index), zero, links["p_nom_mw"].to_numpy(), links["cost_usd_per_mwh"].to_numpy())
    if len(reservoirs):
        names = list(reservoirs.index)
        turbines = (reservoirs["p_nom_mw"] * reservoirs["p_max"]).to_numpy()
        # Multiplied in the order of the network, so that the bits are the same.
        hours = reservoirs["storage_h"] * inputs.snapshots.storage_scale
        volume = (reservoirs["p_nom_mw"] * hours).to_numpy()
        fill(HYDRO_OUTPUT, names, zero, turbines, zero)
        fill(HYDRO_LEVEL, names, zero, volume, zero)
        fill(HYDRO_SPILL, names, zero, inputs.inflow_mw, zero)
        rows = program.rows_of(STORAGE_BALANCE, names)
        row_lower[rows] = row_upper[rows] = -inputs.inflow_mw * inputs.snapshots.storage_weight[:, None]
    rows = program.rows_of(BALANCE, list(map(str, inputs.zones.table.index)))
    row_lower[rows] = row_upper[rows] = inputs.load_mw
    return replace(program, cost=cost, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
