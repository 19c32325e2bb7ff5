"""Repeated solves on one programme: bits, outages, invariances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sogdia import Case, Region
from sogdia.errors import InputError, UnknownNameError
from sogdia.power import PowerModel, PowerResult, PowerSettings, build_power_inputs, solve

from .conftest import shipped_case
from .systems import HOURS, edited, plant, system


def test_warm_start_reaches_the_optimum_of_a_new_programme(
    model: PowerModel, reference: PowerResult, shipped: Region
) -> None:
    case = shipped_case(shipped, "under_construction", "dry_year")
    separate = solve(build_power_inputs(case))
    again = model.solve(build_power_inputs(case))
    assert again.solver.objective_usd == pytest.approx(separate.solver.objective_usd, rel=1e-9)
    other = model.solve(build_power_inputs(shipped_case(shipped, "green_export")))
    assert other.solver.objective_usd != again.solver.objective_usd
    twice = model.solve(build_power_inputs(case))
    assert np.array_equal(twice.solution.values, again.solution.values), (
        "the result depends on earlier solves"
    )
    assert np.array_equal(model.solve().solution.values, reference.solution.values)


def test_same_case_has_the_same_bits(model: PowerModel, reference: PowerResult, shipped: Region) -> None:
    again = model.solve(build_power_inputs(shipped_case(shipped)))
    assert np.array_equal(again.solution.values, reference.solution.values)
    assert again.countries.equals(reference.countries)


def test_line_outage_has_no_flow_and_does_not_lower_cost(model: PowerModel, reference: PowerResult) -> None:
    outage = model.solve(outages=["kaz_rus_north"])
    assert outage.flows.loc[outage.flows["line"] == "kaz_rus_north", "sent_gwh"].sum() == 0.0
    assert outage.solver.objective_usd >= reference.solver.objective_usd
    with pytest.raises(UnknownNameError, match="kaz_rus_north"):
        model.solve(outages=["kaz_rus_nort"])


def test_order_of_rows_does_not_matter(reference_case: Case, reference: PowerResult) -> None:
    names = ("plants", "interconnectors", "power_boundaries", "power_costs", "power_fuels", "electricity",
             "power_profiles", "power_zones", "power_reservoirs", "calibration")  # fmt: skip
    shuffled = {name: reference_case.table(name).sample(frac=1.0, random_state=7) for name in names}
    again = solve(build_power_inputs(edited(reference_case, **shuffled)))
    assert again.solver.objective_usd == pytest.approx(reference.solver.objective_usd, rel=1e-9)


def test_doubled_system_costs_twice_as_much(model: PowerModel) -> None:
    inputs = replace(model.inputs, limits=())
    plants, water, links = inputs.generators, inputs.reservoirs, inputs.links
    batteries = inputs.batteries
    doubled = replace(
        inputs,
        load_mw=2.0 * inputs.load_mw,
        inflow_mw=2.0 * inputs.inflow_mw,
        generators=plants.assign(p_nom_mw=2.0 * plants["p_nom_mw"]),
        reservoirs=water.assign(p_nom_mw=2.0 * water["p_nom_mw"], storage_mwh=2.0 * water["storage_mwh"]),
        batteries=batteries.assign(
            p_nom_mw=2.0 * batteries["p_nom_mw"], storage_mwh=2.0 * batteries["storage_mwh"]
        ),
        links=links.assign(p_nom_mw=2.0 * links["p_nom_mw"]),
    )
    free = PowerModel(inputs)
    assert free.solve(doubled).solver.objective_usd == pytest.approx(
        2.0 * free.solve().solver.objective_usd, rel=1e-9
    )


def test_inputs_with_other_settings_raise(model: PowerModel, reference_case: Case) -> None:
    with pytest.raises(InputError, match="other components or settings"):
        model.solve(build_power_inputs(reference_case, PowerSettings(shedding=False)))


def test_country_without_lines_is_solved_again_on_the_same_programme(isle_case: Case) -> None:
    model = PowerModel(system(isle_case, {"A": 40.0}, [plant("A", "coal", 100, 20)]))
    assert model.solve().solver.objective_usd == pytest.approx(HOURS * 40 * 20)
    more = system(isle_case, {"A": 50.0}, [plant("A", "coal", 100, 30)])
    assert model.solve(more).solver.objective_usd == pytest.approx(HOURS * 50 * 30)
