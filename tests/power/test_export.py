"""Export of the network for PyPSA."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import pypsa
import pytest

from sogdia import Case
from sogdia.power import PowerResult, build_power_inputs
from sogdia.power.export import CSV_FOLDER, NETCDF, export_pypsa


def test_pypsa_reaches_the_same_objective_on_the_exported_network(
    reference_case: Case, reference: PowerResult, tmp_path: Path
) -> None:
    export_pypsa(build_power_inputs(reference_case), tmp_path)
    for path in (tmp_path / NETCDF, tmp_path / CSV_FOLDER):
        with warnings.catch_warnings():  # PyPSA's own use of pandas, of netCDF4 and of its options
            warnings.simplefilter("ignore")
            network = pypsa.Network(str(path))
            status, ended = network.optimize(solver_name="highs", log_to_console=False)
        assert (status, ended) == ("ok", "optimal")
        assert network.objective == pytest.approx(reference.solver.objective_usd, rel=1e-9)
        del network
        gc.collect()
