"""Reservoirs in series, and the change of their level over a year with more or less water than the mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sogdia import Case
from sogdia.errors import InputError
from sogdia.power import PowerInputs, build_power_inputs
from sogdia.power.cascades import check_no_loop, passing_mw
from sogdia.power.settings import PowerSettings

from .systems import HOURS, edited, plant, reservoir, solve_system

JUNE, JANUARY = slice(5 * 24, 6 * 24), slice(0, 24)
PLENTY_MW = 1000.0


def above(mw: float, storage_h: float, inflow: Any, ratio: float) -> dict[str, Any]:
    """Return a reservoir whose release passes to that of :func:`below`."""
    return reservoir("A", mw, storage_h, inflow, name="A upper", downstream="A hydro", downstream_ratio=ratio)


def below(mw: float, storage_h: float = 0.0, inflow: Any = 0.0) -> dict[str, Any]:
    return reservoir("A", mw, storage_h, inflow)


def hourly_cost(high: float, low: float, months: slice) -> list[dict[str, Any]]:
    """Return a plant at ``high`` USD/MWh in some snapshots and one at ``low`` in the others."""
    is_high = np.zeros(288)
    is_high[months] = 1.0
    return [plant("A", "oil", 500, high, p_max=is_high), plant("A", "coal", 500, low, p_max=1.0 - is_high)]


def test_water_of_the_upper_reservoir_generates_at_both_in_the_high_cost_month(isle_case: Case) -> None:
    """Inflow of June, 14,400 MWh at the upper one; it keeps 5,000 for January; 1 MWh there is 2 MWh below."""
    inflow = np.zeros(288)
    inflow[JUNE] = 20.0
    plants = hourly_cost(100, 10, JANUARY)
    without = solve_system(isle_case, {"A": 100.0}, plants)
    water = [above(PLENTY_MW, 5000.0 / PLENTY_MW, inflow, 2.0), below(PLENTY_MW)]
    with_water = solve_system(isle_case, {"A": 100.0}, plants, water=water)
    saved = without.solver.objective_usd - with_water.solver.objective_usd
    assert saved == pytest.approx(3.0 * (100 * 5000 + 10 * (14400 - 5000)))
    assert with_water.annual_sum(with_water.hydro_mw) == pytest.approx([14400, 28800])
    assert with_water.generation.set_index("carrier")["available_gwh"]["hydro"] == pytest.approx(43.2)


def test_one_reservoir_equals_two_in_series_with_all_inflow_above(isle_case: Case) -> None:
    """A third of the power, storage and inflow above, and two thirds of the power below."""
    rng = np.random.default_rng(7)
    load, inflow = rng.uniform(50, 150, 288), rng.uniform(0, 40, 288)
    plants = [plant("A", "coal", 80, 10), plant("A", "oil", 200, 90)]
    one = solve_system(isle_case, {"A": load}, plants, water=[below(60, 300, inflow)])
    series = [above(20, 300, inflow / 3, 2.0), below(40)]
    two = solve_system(isle_case, {"A": load}, plants, water=series)
    assert two.solver.objective_usd == pytest.approx(one.solver.objective_usd)
    assert two.hydro_mw.sum(axis=1) @ two.inputs.snapshots.weight_h == pytest.approx(
        one.hydro_mw.sum(axis=1) @ one.inputs.snapshots.weight_h
    )


def test_spilled_water_reaches_the_reservoir_below(isle_case: Case) -> None:
    """The upper one has no turbines: 10 MW of its water are 15 MW below."""
    result = solve_system(
        isle_case, {"A": 100.0}, [plant("A", "coal", 200, 10)], water=[above(0, 0, 10.0, 1.5), below(50)]
    )
    assert result.annual_sum(result.hydro_mw) == pytest.approx([0.0, 15.0 * HOURS])


def test_loop_of_a_river_is_refused() -> None:
    check_no_loop({"a": "b", "b": "c", "c": ""})
    message = r"power_cascades\.csv: water flows in a loop, from b to c to b; leave downstream of the lowest"
    with pytest.raises(InputError, match=message):
        check_no_loop({"a": "b", "b": "c", "c": "b"})


def hydro_of(inputs: PowerInputs, iso3: str) -> list[int]:
    return [n for n, code in enumerate(inputs.reservoirs["iso3"]) if code == iso3]


def annual_energy(inputs: PowerInputs, iso3: str) -> float:
    """Return the energy that all water of a country generates, MWh."""
    passing = passing_mw(inputs.reservoirs, inputs.inflow_mw)[:, hydro_of(inputs, iso3)]
    return float((inputs.snapshots.weight_h[:, None] * passing).sum())


def test_rows_of_a_cascade_divide_the_water_and_storage_of_a_country(reference_case: Case) -> None:
    table = reference_case.table("power_cascades")
    settings = PowerSettings(hours=288)
    split = build_power_inputs(reference_case, settings)
    alone = build_power_inputs(edited(reference_case, power_cascades=table.iloc[:0]), settings)
    assert annual_energy(split, "KGZ") == pytest.approx(annual_energy(alone, "KGZ"))
    stored = split.reservoirs["storage_mwh"]
    energy = stored["KGZ hydro toktogul"] * (1.0 + table["downstream_ratio"]["toktogul"])
    assert energy + stored["KGZ hydro"] == pytest.approx(alone.reservoirs["storage_mwh"]["KGZ hydro"])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("inflow_gwh", 8000.0, r"water from above generates .* GWh at KGZ hydro, which has"),
        ("storage_mwh", 1e8, r"MWh more there and below than storage_h of power_reservoirs\.csv"),
        ("inflow_gwh", np.nan, "inflow_gwh of toktogul is missing; its plants operate already"),
    ],
)
def test_rows_that_contradict_the_country_are_refused(
    reference_case: Case, field: str, value: float, message: str
) -> None:
    table = reference_case.table("power_cascades").copy()
    table.loc["toktogul", field] = value
    with pytest.raises(InputError, match=message):
        build_power_inputs(edited(reference_case, power_cascades=table), PowerSettings(hours=288))


@pytest.mark.parametrize(
    ("least", "largest", "value", "saved"),
    [
        (-1000.0, 0.0, 20.0, 1000 * (50 - 20)),
        (-1000.0, 0.0, 60.0, 0.0),
        (0.0, 1000.0, 60.0, 1000 * (60 - 50)),
        (0.0, 1000.0, 20.0, 0.0),
        (0.0, 0.0, 20.0, 0.0),
    ],
)
def test_level_changes_over_the_year_where_its_value_pays(
    isle_case: Case, least: float, largest: float, value: float, saved: float
) -> None:
    """Coal at 50 USD/MWh against the value of water; stored water is a cost of its country."""
    change = {"least_change_mwh": least, "largest_change_mwh": largest, "change_usd_per_mwh": value}
    fixed, free = (
        solve_system(
            isle_case,
            {"A": 100.0},
            [plant("A", "coal", 200, 50)],
            water=[reservoir("A", 80, 100, np.full(288, 20.0), **terms)],
        )
        for terms in ({}, change)
    )
    assert fixed.solver.objective_usd - free.solver.objective_usd == pytest.approx(saved, abs=1e-3)
    costs = free.costs.set_index("item")["cost_musd"]
    assert costs["total"] * 1e6 == pytest.approx(free.solver.objective_usd)
    assert free.countries["cost_musd"].sum() == pytest.approx(costs["total"])


@pytest.mark.parametrize(("year", "sign"), [("normal", 0.0), ("dry", -1.0), ("wet", 1.0)])
def test_level_ends_where_it_began_in_a_mean_year_and_makes_up_for_others(
    reference_case: Case, year: str, sign: float
) -> None:
    inputs = build_power_inputs(reference_case, PowerSettings(hours=288, water_year=year))
    mean = build_power_inputs(reference_case, PowerSettings(hours=288))
    rows = inputs.reservoirs.iloc[hydro_of(inputs, "KGZ")]
    own, usual = (
        (passing_mw(x.reservoirs, x.inflow_mw) * x.snapshots.weight_h[:, None]).sum(axis=0)
        for x in (inputs, mean)
    )
    change = rows["least_change_mwh"] + rows["largest_change_mwh"]
    bound = reference_case.table("power_reservoirs")["carry_over_share"]["KGZ"] * rows["storage_mwh"]
    expected = np.minimum(np.abs(own - usual)[hydro_of(inputs, "KGZ")], bound.to_numpy())
    assert change.to_numpy() == pytest.approx(sign * expected, rel=1e-3)
