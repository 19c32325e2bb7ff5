"""The network of a solved year: PyPSA's result attributes filled from the solution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pypsa

from sogdia.power.arrays import Floats
from sogdia.power.carriers import style_of
from sogdia.power.kernels.highs import Solution
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.positions import bus_positions, bus_voltages
from sogdia.power.system import PowerInputs
from sogdia.power.variables import BALANCE, GENERATION

GLOBAL_CONSTRAINT = "GlobalConstraint-"


def describe_network(network: Any, inputs: PowerInputs) -> None:
    """Give a network, in place, what maps and charts need: positions, voltages, colours and names."""
    positions, voltages = bus_positions(inputs), bus_voltages(inputs)
    buses, carriers = network.c.buses.static, network.c.carriers.static
    located = positions.dropna(subset=["lat", "lon"])
    buses.loc[located.index, "x"] = located["lon"]
    buses.loc[located.index, "y"] = located["lat"]
    buses.loc[positions.index, "country"] = positions["iso3"]
    known = voltages.dropna()
    buses.loc[known.index, "v_nom"] = known
    for carrier in carriers.index:
        style = style_of(str(carrier))
        carriers.loc[carrier, ["nice_name", "color"]] = [style.name, style.colour]


def fill_solution(network: Any, program: LinearProgram, solution: Solution) -> None:
    """Fill a network, in place, with the solution of its programme.

    Outputs, levels, flows and built capacities are assigned by PyPSA's own functions, as after
    ``network.optimize()``. Marginal prices are the duals of the balances over the weights of the snapshots.
    Duals of bounds are not part of the solution, and ``mu_upper`` and ``mu_lower`` stay empty.

    Args:
        network: Network of a dispatch, with its linopy model.
        program: The programme of the network's inputs.
        solution: Its solution.
    """
    model = network.model
    model.status, model.termination_condition = "ok", "optimal"
    model.objective.set_value(solution.record.objective_usd)
    for name, variable in model.variables.items():
        values = _values(program, solution, str(name), list(map(str, variable.indexes["name"])))
        variable.solution = variable.labels.copy(data=values)
    with pypsa.option_context("api.legacy_string_dtype", False):
        _assign(network, program, solution)


def _assign(network: Any, program: LinearProgram, solution: Solution) -> None:
    network.optimize.assign_solution()
    duals = solution.duals[program.rows[BALANCE]]
    prices = pd.DataFrame(duals, index=network.snapshots, columns=list(program.row_names[BALANCE]))
    prices.index.name = "snapshot"
    network.c.buses.dynamic.marginal_price = prices.reindex(columns=network.buses.index, fill_value=0.0)
    network.optimize.post_processing()
    for name, rows in program.rows.items():
        constraint = name.removeprefix(GLOBAL_CONSTRAINT)
        if constraint in network.c.global_constraints.static.index:
            network.c.global_constraints.static.loc[constraint, "mu"] = float(solution.duals[rows].item())


def _values(program: LinearProgram, solution: Solution, kind: str, names: list[str]) -> Floats:
    """Return the values of a kind of variables, (T, N); 0 for components that have none in the programme."""
    known = list(program.column_names.get(kind, ()))
    columns = (
        program.columns[kind] if known else np.zeros((len(program.columns[GENERATION]), 0), dtype=np.int64)
    )
    found = pd.DataFrame(solution.values[columns], columns=known)
    return found.reindex(columns=names, fill_value=0.0).to_numpy(dtype=np.float64)
