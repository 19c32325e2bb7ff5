"""Export of the solved network for PyPSA."""

from __future__ import annotations

import gc
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pypsa
import pytest

from sogdia import Case
from sogdia.errors import InputError
from sogdia.power import PowerResult, PowerSettings, build_power_inputs, solve
from sogdia.power.export import CSV_FOLDER, NETCDF, SOLUTION, export_pypsa
from sogdia.power.limits import EnergyLimit
from sogdia.power.pypsa_constraints import extra_functionality
from sogdia.power.variables import GENERATION

from .systems import line, plant, reservoir, system


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Provide a network read from a file; PyPSA's own use of pandas, netCDF4 and its options warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network: Any = pypsa.Network(str(path))
        yield network
        del network
        gc.collect()


@pytest.fixture(scope="module")
def exported(reference_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    export_pypsa(build_power_inputs(reference_case), folder)
    return folder


@pytest.mark.parametrize("form", [NETCDF, CSV_FOLDER])
def test_pypsa_reaches_the_same_objective_on_the_exported_network(
    isle_case: Case, tmp_path: Path, form: str
) -> None:
    """A system without reservoirs and limits has no constraint but those of PyPSA."""
    plants = [plant("A", "low", 60, 10), plant("B", "high", 90, 70)]
    inputs = system(isle_case, {"A": 50.0, "B": 60.0}, plants, [line("ab", "A", "B", 40, 0.95, 1.0)])
    export_pypsa(inputs, tmp_path)
    expected = solve(inputs).solver.objective_usd
    with opened(tmp_path / form) as network:
        status, ended = network.optimize(solver_name="highs", log_to_console=False)
        assert (status, ended) == ("ok", "optimal")
        assert network.objective == pytest.approx(expected, rel=1e-9)


def test_extra_functionality_reaches_the_objective_of_the_year(
    reference: PowerResult, exported: Path
) -> None:
    """PyPSA and linopy formulate the shipped year on their own, with the constraints in its data."""
    with opened(exported / NETCDF) as network:
        network.optimize(solver_name="highs", log_to_console=False, extra_functionality=extra_functionality)
        solution = json.loads((exported / SOLUTION).read_text("utf-8"))
        assert network.objective == pytest.approx(solution["pypsa_objective_usd"], rel=1e-9)
        assert solution["objective_usd"] == reference.solver.objective_usd


def test_extra_functionality_limits_energy_ramps_and_levels(isle_case: Case, tmp_path: Path) -> None:
    """Gas and oil follow what slow coal cannot; gas above its limit has a price; two reservoirs in series."""
    night = np.where(np.arange(288) % 24 < 12, 50.0, 100.0)
    none, most = np.full(12, -np.inf), np.full(12, 100.0)
    gas = EnergyLimit("gas", "A", ((GENERATION, "A gas", 1.0),), none, most, 30.0, is_paid=True)
    plants = [
        plant("A", "coal", 90, 10, ramp_per_h=0.1),
        plant("A", "gas", 90, 40),
        plant("A", "oil", 90, 90),
    ]
    series = {"name": "A upper", "downstream": "A hydro", "downstream_ratio": 1.5}
    year = {"least_change_mwh": -20.0, "change_usd_per_mwh": 35.0}
    water = [reservoir("A", 10, 5, np.ones(288), **series, **year), reservoir("A", 10, 2, np.zeros(288))]
    inputs = system(isle_case, {"A": night}, plants, water=water, limits=(gas,))
    export_pypsa(inputs, tmp_path)
    expected = solve(inputs).solver.objective_usd
    for form in (NETCDF, CSV_FOLDER):
        with opened(tmp_path / form) as network:
            network.optimize(solver_name="highs", log_to_console=False)
            relaxed = network.objective
            network.optimize(
                solver_name="highs", log_to_console=False, extra_functionality=extra_functionality
            )
            assert network.objective == pytest.approx(expected, rel=1e-9)
            assert relaxed < 0.99 * expected


def test_extra_functionality_needs_an_exported_network_and_all_its_snapshots(
    isle_case: Case, tmp_path: Path
) -> None:
    export_pypsa(system(isle_case, {"A": 50.0}, [plant("A", "low", 60, 10)]), tmp_path)
    with opened(tmp_path / NETCDF) as network:
        with pytest.raises(InputError, match="10 of 288 snapshots are optimised"):
            extra_functionality(network, network.snapshots[:10])
        network.meta = {}
        with pytest.raises(InputError, match="has no 'sogdia'"):
            extra_functionality(network, network.snapshots)


def test_network_has_the_solution(reference: PowerResult, exported: Path) -> None:
    with opened(exported / NETCDF) as network:
        assert network.objective == reference.solver.objective_usd
        generators = network.generators_t.p[list(reference.inputs.generators.index)]
        assert generators.to_numpy() == pytest.approx(reference.generator_mw, abs=1e-6)
        links = network.links_t.p0[list(reference.inputs.links.index)]
        assert links.to_numpy() == pytest.approx(reference.flow_mw, abs=1e-6)
        levels = network.storage_units_t.state_of_charge[list(reference.inputs.reservoirs.index)]
        assert levels.to_numpy() == pytest.approx(reference.level_mwh, abs=1e-3)
        prices = network.buses_t.marginal_price[list(reference.price_usd_per_mwh.columns)]
        rows = reference.inputs.generators
        lost_load = rows["cost_usd_per_mwh"][rows["kind"] == "shed"].min()
        below = prices.to_numpy() < lost_load
        assert below.mean() > 0.5
        own = reference.price_usd_per_mwh.to_numpy()
        assert prices.to_numpy()[below] == pytest.approx(own[below])
        assert (own[~below] >= lost_load).all()


def test_statistics_balance_and_cost_the_objective(reference: PowerResult, exported: Path) -> None:
    with opened(exported / NETCDF) as network:
        balance = network.statistics.energy_balance()
        assert balance.sum() == pytest.approx(0.0, abs=1.0)
        supply = network.statistics.supply()
        generation = reference.generation
        coal = generation["generation_gwh"][generation["carrier"] == "coal"].sum()
        assert supply["Generator", "Coal"] / 1e3 == pytest.approx(coal)
        paid = reference.solver.objective_usd - reference.penalty_usd()
        paid -= sum(reference.excess_usd_by_country().values())
        assert network.statistics.opex().sum() == pytest.approx(paid)


def test_buses_have_positions_and_voltages_and_carriers_colours(exported: Path) -> None:
    with opened(exported / NETCDF) as network:
        buses = network.buses
        assert not buses.duplicated(["x", "y"]).any()
        assert buses["x"].between(20.0, 90.0).all()
        assert buses["y"].between(33.0, 56.0).all()
        assert buses["v_nom"].between(110.0, 1200.0).all()
        assert (network.carriers["color"].str.len() == 7).all()
        assert (network.carriers["nice_name"] != "").all()


def test_network_is_drawn(exported: Path) -> None:
    mpl.use("Agg")
    with opened(exported / NETCDF) as network:
        assert network.plot(geomap=False)


@pytest.mark.skipif(find_spec("pydeck") is None, reason="network.explore() needs pydeck")
def test_network_is_explored(exported: Path) -> None:
    with opened(exported / NETCDF) as network:
        page = network.explore().to_html(as_string=True)
        assert "KAZ_north" in page


def test_expansion_is_exported_with_built_capacity(reference_case: Case, tmp_path: Path) -> None:
    settings = PowerSettings(mode="expansion")
    files = export_pypsa(build_power_inputs(reference_case, settings), tmp_path)
    assert [path.name for path in files] == [NETCDF, CSV_FOLDER, SOLUTION]
    with opened(tmp_path / NETCDF) as network:
        generators = network.generators
        built = generators["p_nom_opt"][generators["capital_cost"] > 0.0]
        assert built.sum() > 1000.0
        assert (network.statistics.capex() > 0.0).any()
