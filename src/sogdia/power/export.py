"""Export a solved network for PyPSA."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

from sogdia.files import output_folder
from sogdia.power.network import build_network
from sogdia.power.own_load import firm_load_usd
from sogdia.power.pypsa_constraints import META, describe_constraints
from sogdia.power.solve import PowerModel
from sogdia.power.solved_network import describe_network, fill_solution
from sogdia.power.system import PowerInputs

NETCDF, CSV_FOLDER, SOLUTION = "network.nc", "network", "solution.json"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress PyPSA's progress output, and its warnings on its own use of pandas and files."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        logging.disable(level)


def export_pypsa(inputs: PowerInputs, folder: Path) -> tuple[Path, ...]:
    """Solve a power system and write the solved network as PyPSA's netCDF and CSV, with the objective.

    ``network.statistics``, ``network.plot()`` and ``network.explore()`` show the solution without another
    solve: outputs, levels, flows, prices and built capacities are those of Sogdia. Buses have positions and
    voltages, carriers names and colours. ``network.optimize(extra_functionality=...)`` with
    :func:`sogdia.power.pypsa_constraints.extra_functionality` reaches ``pypsa_objective_usd`` of
    ``solution.json``: the objective, and the premium on unserved load that no export may cut. Without it
    PyPSA solves a relaxation: it has no component for links of storage over periods, limits on energy with a
    price, and ramps of a class of plants.

    Args:
        inputs: Power system of a case.
        folder: Output folder; created if it does not exist.

    Returns:
        The files and folders written.

    Raises:
        NoSolutionError: If the case has no solution.
        CannotRunError: If the folder cannot be written.
    """
    result = PowerModel(inputs).solve()
    network = build_network(result.inputs)
    describe_network(network, inputs)
    network.meta = {META: describe_constraints(result)}
    with _quiet():
        network.optimize.create_model(include_objective_constant=False, consistency_check=False)
        fill_solution(network, result.program, result.solution)
    record = {
        "region": inputs.case.region.name,
        "year": inputs.case.year,
        "plan": inputs.case.plan.name,
        "scenario": inputs.case.scenario.name,
        "case": inputs.case.digest,
        "objective_usd": result.solver.objective_usd,
        "pypsa_objective_usd": result.solver.objective_usd + firm_load_usd(result),
        "remarks": list(inputs.remarks),
    }
    with output_folder(folder) as draft:
        with _quiet():
            network.export_to_netcdf(str(draft / NETCDF))
            network.export_to_csv_folder(str(draft / CSV_FOLDER))
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        (draft / SOLUTION).write_text(text, encoding="utf-8")
    return (folder / NETCDF, folder / CSV_FOLDER, folder / SOLUTION)
