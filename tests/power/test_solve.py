"""Systems whose answer is known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia import Case
from sogdia.power import NoSolutionError, PowerModel, PowerResult

from .systems import HOURS, VOLL, line, plant, reservoir, system


def solved(*args: object, **more: object) -> PowerResult:
    return PowerModel(system(*args, **more)).solve()  # type: ignore[arg-type]


def by_carrier(result: PowerResult) -> dict[str, float]:
    sums = result.generation.groupby("carrier")["generation_gwh"].sum()
    return {str(carrier): float(gwh) for carrier, gwh in sums.items()}


def test_two_buses_have_two_prices_when_the_line_is_full(isle_case: Case) -> None:
    plants = [plant("A", "cheap", 100, 20), plant("B", "dear", 100, 50)]
    result = solved(isle_case, {"A": 40.0, "B": 80.0}, plants, [line("ab", "A", "B", 30)])
    assert result.price_usd_per_mwh["A"].to_numpy() == pytest.approx(20.0)
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx(50.0)
    flow = result.flows.iloc[0]
    assert (flow["sent_gwh"], flow["full_h"]) == pytest.approx((30 * HOURS / 1e3, HOURS))
    assert result.solve.objective_usd == pytest.approx(HOURS * (70 * 20 + 50 * 50))


def test_two_buses_differ_by_losses_and_charge_when_the_line_is_not_full(isle_case: Case) -> None:
    plants = [plant("A", "cheap", 300, 20), plant("B", "dear", 100, 50)]
    result = solved(isle_case, {"A": 40.0, "B": 80.0}, plants, [line("ab", "A", "B", 200, 0.8, 4.0)])
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx((20.0 + 4.0) / 0.8)
    trade = result.exchanges.iloc[0]
    assert trade["sent_gwh"] == pytest.approx(100 * HOURS / 1e3)
    assert trade["received_gwh"] == pytest.approx(80 * HOURS / 1e3)
    assert trade["earned_musd"] == pytest.approx(100 * 20 * HOURS / 1e6)


fleets = st.lists(st.tuples(st.floats(1, 100), st.floats(1, 200)), min_size=1, max_size=5)


@settings(max_examples=12)
@given(fleet=fleets, load=st.floats(1, 300))
def test_plants_run_in_order_of_cost(isle_case: Case, fleet: list[tuple[float, float]], load: float) -> None:
    plants = [plant("A", f"p{n}", mw, cost) for n, (mw, cost) in enumerate(fleet)]
    left, cost = load, 0.0
    for mw, price in sorted(fleet, key=lambda pair: pair[1]):
        cost, left = cost + min(mw, left) * price, left - min(mw, left)
    result = solved(isle_case, {"A": load}, plants)
    assert result.solve.objective_usd == pytest.approx(HOURS * (cost + left * VOLL), rel=1e-9)
    assert result.unserved["unserved_gwh"].sum() == pytest.approx(left * HOURS / 1e3, abs=1e-6)


def test_a_reservoir_carries_what_it_holds_into_the_dear_month_and_no_more(isle_case: Case) -> None:
    """Water comes in November; December needs the dear plant: a full reservoir replaces it, no more."""
    month = system(isle_case, {"A": 1.0}, []).hourly.month
    load = np.where(month == 12, 100.0, 50.0)
    plants = [plant("A", "cheap", 60, 10), plant("A", "dear", 60, 100)]
    holds_mwh, came_mwh = 5000.0, 20.0 * 30 * 24
    water = [reservoir("A", 100, holds_mwh / 100, np.where(month == 11, 20.0, 0.0))]
    dry = solved(isle_case, {"A": load}, plants).solve.objective_usd
    result = solved(isle_case, {"A": load}, plants, water=water)
    saved = 100 * holds_mwh + 10 * (came_mwh - holds_mwh)
    assert result.solve.objective_usd == pytest.approx(dry - saved, rel=1e-9)
    assert result.level_mwh.max() == pytest.approx(holds_mwh)


def test_a_day_of_a_long_month_moves_the_reservoir_by_all_its_days(isle_case: Case) -> None:
    """With room enough, all of a year's water goes where it saves most: seasons are linked."""
    month = system(isle_case, {"A": 1.0}, []).hourly.month
    plants = [plant("A", "cheap", 60, 10), plant("A", "dear", 60, 100)]
    water = [reservoir("A", 100, 1e4, np.where(month == 2, 30.0, 0.0))]
    result = solved(isle_case, {"A": np.where(month == 8, 120.0, 50.0)}, plants, water=water)
    assert by_carrier(result)["dear"] == pytest.approx((60 * 31 - 30 * 28) * 24 / 1e3)
    assert by_carrier(result)["hydro"] == pytest.approx(30 * 28 * 24 / 1e3)


def test_wind_beyond_load_and_cable_is_curtailed(isle_case: Case) -> None:
    plants = [plant("A", "wind", 100, 0), plant("B", "coal", 100, 30)]
    result = solved(isle_case, {"A": 20.0, "B": 80.0}, plants, [line("ab", "A", "B", 30)])
    row = result.generation.set_index("carrier").loc["wind"]
    assert row["curtailed_gwh"] == pytest.approx(50 * HOURS / 1e3)
    assert row["capacity_factor"] == pytest.approx(0.5)


def test_load_at_home_goes_first_even_where_that_abroad_is_worth_more(isle_case: Case) -> None:
    lines = [line("ab", "A", "B", 50, 0.98), line("ba", "B", "A", 50, 0.98)]
    lost = {"A": 100.0, "B": 900.0}
    result = solved(isle_case, {"A": 80.0, "B": 80.0}, [plant("A", "coal", 90, 10)], lines, lost=lost)
    short = result.unserved.set_index("zone")["unserved_gwh"]
    assert short["A"] == pytest.approx(0.0, abs=1e-6)
    assert short["B"] == pytest.approx((80 - 10 * 0.98) * HOURS / 1e3)
    assert result.unserved["unserved_h"].to_list() == pytest.approx([0.0, HOURS])
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx(900.0)
    assert result.price_usd_per_mwh["A"].max() <= 100.0
    costs = result.costs.set_index("item")["cost_musd"]
    assert costs["unserved_load"] == pytest.approx(short["B"] * 900 / 1e3)


def test_a_neighbour_buys_up_to_its_step_and_pays_its_price(isle_case: Case) -> None:
    plants = [plant("A", "water", 100, 5), plant("X", "buys", 80, -40, kind="buys")]
    result = solved(isle_case, {"A": 50.0}, plants, [line("ax", "A", "X", 30, 0.9)], neighbours=("X",))
    row = result.countries.set_index("iso3").loc["A"]
    assert row["exports_gwh"] == pytest.approx(30 * HOURS / 1e3)
    assert row["export_earnings_musd"] == pytest.approx(30 * 0.9 * 40 * HOURS / 1e6)
    assert row["net_imports_gwh"] == pytest.approx(-30 * HOURS / 1e3)
    assert result.costs.set_index("item")["cost_musd"]["sold_to_neighbours"] == pytest.approx(
        -30 * 0.9 * 40 * HOURS / 1e6
    )


def test_a_cap_on_emissions_brings_in_the_clean_plant(isle_case: Case) -> None:
    plants = [
        plant("A", "coal", 100, 10, co2_t_per_mwh_th=1.0),
        plant("A", "gas", 100, 50, co2_t_per_mwh_th=0.5),
    ]
    result = solved(isle_case, {"A": 100.0}, plants, co2_cap_mt=0.75 * 100 * HOURS / 1e6)
    assert by_carrier(result) == pytest.approx({"coal": 50 * HOURS / 1e3, "gas": 50 * HOURS / 1e3})
    assert result.countries["co2_mt"].sum() == pytest.approx(0.75 * 100 * HOURS / 1e6)


def test_an_expansion_builds_while_a_year_of_it_costs_less_than_the_fuel_it_saves(isle_case: Case) -> None:
    """Peak of 100 MW in one month of twelve: the free plant is worth building for the base only."""
    month = system(isle_case, {"A": 1.0}, []).hourly.month
    hours_peak = 31 * 24
    capital = 40.0 * 2000
    free = plant("A", "gas", 0, 10, kind="free", vintage="free", capital_usd_per_mw=capital)
    plants = [plant("A", "oil", 200, 50), free]
    result = solved(isle_case, {"A": np.where(month == 7, 100.0, 60.0)}, plants, mode="expansion")
    assert hours_peak < 2000 < HOURS
    built = result.built.set_index("carrier")["built_mw"]
    assert built["gas"] == pytest.approx(60.0)
    expected = 60 * capital + 60 * 10 * HOURS + 40 * 50 * hours_peak
    assert result.solve.objective_usd == pytest.approx(expected, rel=1e-9)
    assert result.costs["cost_musd"].iloc[-1] == pytest.approx(expected / 1e6, rel=1e-9)


def test_a_battery_shifts_the_sun_into_the_evening(isle_case: Case) -> None:
    """Sun for twelve hours, flat load: a battery of twelve hours without losses carries half of the load."""
    small = system(isle_case, {"A": 1.0}, [])
    day = (small.hourly.hour >= 6) & (small.hourly.hour < 18)
    plants = [plant("A", "solar", 20, 0, p_max=day.astype(float)), plant("A", "oil", 20, 100)]
    inputs = system(isle_case, {"A": 10.0}, plants, mode="expansion", battery_h=12)
    cells = pd.DataFrame(
        {"bus": "A", "iso3": "A", "efficiency": 1.0, "hours": 12.0, "capital_usd_per_mw": 1000.0},
        index=pd.Index(["A battery"], name="name"),
    )
    result = PowerModel(replace(inputs, batteries=cells)).solve()
    assert result.built["built_mw"].to_list() == pytest.approx([10.0], rel=0.1)
    assert by_carrier(result)["oil"] == pytest.approx(0.0, abs=0.02 * 10 * HOURS / 1e3)


def test_a_land_without_lines_is_solved_again_from_where_it_stood(isle_case: Case) -> None:
    model = PowerModel(system(isle_case, {"A": 40.0}, [plant("A", "coal", 100, 20)]))
    assert model.solve().solve.objective_usd == pytest.approx(HOURS * 40 * 20)
    more = system(isle_case, {"A": 50.0}, [plant("A", "coal", 100, 30)])
    assert model.solve(more).solve.objective_usd == pytest.approx(HOURS * 50 * 30)


def test_a_shortage_without_shedding_names_zone_and_constraint(isle_case: Case) -> None:
    plants = [plant("A", "coal", 5, 10), plant("B", "coal", 100, 10)]
    inputs = system(isle_case, {"A": 10.0, "B": 120.0}, plants, shedding=False)
    with pytest.raises(
        NoSolutionError, match=r"load of zone B cannot be met in month \d+, hour \d+ .*nodal"
    ) as told:
        PowerModel(inputs).solve()
    assert told.value.status == "Infeasible"
    assert any("zone A" in place for place in told.value.places)


def test_a_zone_with_nothing_in_it_is_named(isle_case: Case) -> None:
    inputs = system(isle_case, {"A": 10.0, "B": 1.0}, [plant("A", "coal", 50, 10)], shedding=False)
    with pytest.raises(NoSolutionError, match=r"load of zone B cannot be met .*no plant and no line"):
        PowerModel(inputs)


def test_a_cap_below_what_must_be_burnt_is_named(isle_case: Case) -> None:
    plants = [plant("A", "coal", 100, 10, co2_t_per_mwh_th=1.0)]
    inputs = system(isle_case, {"A": 100.0}, plants, shedding=False, co2_cap_mt=0.1)
    with pytest.raises(
        NoSolutionError, match=r"cap on emissions cannot be kept \(GlobalConstraint-co2_cap\)"
    ):
        PowerModel(inputs).solve()


def test_sales_without_limit_are_named(isle_case: Case) -> None:
    plants = [plant("A", "sun", np.inf, 0), plant("X", "buys", np.inf, -40, kind="buys")]
    lines = [line("ax", "A", "X", np.inf)]
    inputs = system(isle_case, {"A": 50.0}, plants, lines, neighbours=("X",))
    with pytest.raises(NoSolutionError, match=r"no floor: .*A sun") as told:
        PowerModel(inputs).solve()
    assert any("X buys" in place for place in told.value.places)


def test_all_hours_cost_what_mean_days_cost_where_nothing_is_stored(isle_case: Case) -> None:
    plants = [plant("A", "cheap", 60, 10), plant("B", "dear", 90, 70)]
    lines = [line("ab", "A", "B", 40, 0.95, 1.0)]

    def year(**more: object) -> PowerResult:
        hourly = system(isle_case, {"A": 1.0}, [], **more).hourly  # type: ignore[arg-type]
        wave = 30.0 + 10.0 * np.sin(hourly.hour / 24.0 * 2.0 * np.pi) + hourly.month
        return solved(isle_case, {"A": wave, "B": 1.5 * wave}, plants, lines, **more)

    days, hours, points = year(), year(hours=8760), year(hours=8760, solver="ipm")
    assert hours.solve.objective_usd == pytest.approx(days.solve.objective_usd, rel=1e-9)
    assert points.solve.objective_usd == pytest.approx(days.solve.objective_usd, rel=1e-6)


def test_all_hours_with_a_reservoir_end_where_the_interior_point_method_ends(isle_case: Case) -> None:
    """The start from mean days does not move the optimum; hours of their own let a reservoir do no worse."""
    hourly = system(isle_case, {"A": 1.0}, [], hours=8760).hourly
    week = np.where(np.arange(8760) // 24 % 7 < 5, 70.0, 40.0) + 5.0 * np.cos(
        hourly.hour / 24.0 * 2.0 * np.pi
    )
    plants = [plant("A", "cheap", 50, 10), plant("A", "dear", 60, 70)]
    water = [reservoir("A", 40, 20, np.full(8760, 8.0))]
    ends = [
        solved(isle_case, {"A": week}, plants, water=water, hours=8760, solver=solver).solve.objective_usd
        for solver in ("simplex", "ipm")
    ]
    assert ends[0] == pytest.approx(ends[1], rel=1e-6)
