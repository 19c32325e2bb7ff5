"""The power of a region's pack: projects, shocks, re-solving, invariances, the record, files for PyPSA."""

from __future__ import annotations

import gc
import warnings
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pypsa
import pytest

from sogdia import Case, Region
from sogdia.errors import InputError, UnknownNameError
from sogdia.power import (
    NoSolutionError,
    PowerConstants,
    PowerModel,
    PowerResult,
    PowerSettings,
    constants_of,
    power_inputs,
    solve_power,
)
from sogdia.power.export import CSV_FOLDER, NETCDF, export_pypsa
from sogdia.power.tables import TABLES

from .conftest import shipped_case


def edited(case: Case, **tables: pd.DataFrame) -> Case:
    return replace(case, frames=MappingProxyType({**case.frames, **tables}))


def test_columns_and_types_are_as_declared(calm: PowerResult) -> None:
    tables = calm.tables()
    assert set(tables) == set(TABLES)
    for name, table in tables.items():
        assert list(table.columns) == list(TABLES[name]), name
        assert not table.isna().to_numpy().any(), name
        for column, told in TABLES[name].items():
            assert (table[column].dtype.kind in "fi") == (told.type == "number"), (name, column)


def test_a_region_that_tells_no_demand_has_no_power_to_study(calm_case: Case) -> None:
    known = calm_case.table("electricity")
    with pytest.raises(InputError, match="no demand_gwh of any country"):
        power_inputs(edited(calm_case, electricity=known[known["item"] != "demand_gwh"]))


def test_energy_and_money_add_up(calm: PowerResult) -> None:
    row = calm.countries
    lost = calm.flows["sent_gwh"] - calm.flows["received_gwh"]
    country = {str(k): str(v) for k, v in calm.inputs.zones.table["iso3"].items()}
    inner = lost[calm.flows["from_bus"].map(country) == calm.flows["to_bus"].map(country)].sum()
    made = row["generation_gwh"] + row["unserved_gwh"] + row["net_imports_gwh"]
    assert made.sum() == pytest.approx(row["demand_gwh"].sum() + inner)
    assert calm.plants["generation_gwh"].sum() == pytest.approx(calm.generation["generation_gwh"].sum())
    assert calm.generation["co2_mt"].sum() == pytest.approx(row["co2_mt"].sum())
    shed = calm.inputs.generators["kind"] == "shed"
    above = calm.inputs.bid_usd_per_mwh - calm.inputs.generators["cost_usd_per_mwh"].to_numpy()
    extra = float((calm.year(calm.generator_mw) * above)[shed.to_numpy()].sum())
    total = float(calm.costs["cost_musd"].iloc[-1])
    assert total * 1e6 + extra == pytest.approx(calm.solve.objective_usd)
    assert (calm.supply["share"] <= 1.0).all()


def test_another_case_solved_again_is_that_case_from_scratch(
    model: PowerModel, calm: PowerResult, shipped: Region
) -> None:
    case = shipped_case(shipped, "under_construction", "dry_year")
    fresh = solve_power(case)
    again = model.solve(power_inputs(case))
    assert again.solve.objective_usd == pytest.approx(fresh.solve.objective_usd, rel=1e-9)
    other = model.solve(power_inputs(shipped_case(shipped, "green_export")))
    assert other.solve.objective_usd != again.solve.objective_usd
    twice = model.solve(power_inputs(case))
    assert np.array_equal(twice.solution.values, again.solution.values), "what came between left a trace"
    assert np.array_equal(model.solve().solution.values, calm.solution.values)


def test_the_same_case_built_again_has_the_same_result_to_the_bit(
    model: PowerModel, calm: PowerResult, shipped: Region
) -> None:
    again = model.solve(power_inputs(shipped_case(shipped)))
    assert np.array_equal(again.solution.values, calm.solution.values)
    assert again.countries.equals(calm.countries)


def test_the_projects_of_a_plan_run(model: PowerModel, calm: PowerResult, shipped: Region) -> None:
    built = model.solve(power_inputs(shipped_case(shipped, "under_construction", year=2035)))

    def capacity(result: PowerResult, line: str) -> float:
        return float(result.flows.loc[result.flows["line"] == line, "capacity_mw"].max())

    assert capacity(calm, "casa_hvdc") == 0.0 < capacity(built, "casa_hvdc")
    assert float(built.flows.loc[built.flows["line"] == "casa_hvdc", "earned_musd"].max()) > 0.0
    plants = built.plants.set_index("plant")["generation_gwh"]
    before = calm.plants.set_index("plant")["generation_gwh"]
    for name in ("uzb_npp_large", "tjk_rogun", "kaz_mirny"):
        assert before[name] == 0.0 < plants[name]


def test_a_dry_year_takes_water_by_its_factors(calm: PowerResult, model: PowerModel, shipped: Region) -> None:
    case = shipped_case(shipped, scenario="dry_year")
    dry = model.solve(power_inputs(case))
    factors = {code: shock.factor for shock in case.scenario.shocks for code in shock.economies}

    def inflow(result: PowerResult) -> pd.Series[float]:
        table = result.generation[result.generation["carrier"] == "hydro"]
        return table.groupby("iso3")["available_gwh"].sum()

    ratio = inflow(dry) / inflow(calm)
    for code in ratio.index[inflow(calm) > 0]:
        assert ratio[code] == pytest.approx(factors.get(str(code), 1.0))
    assert dry.solve.objective_usd > calm.solve.objective_usd


def test_a_partner_that_leaves_takes_lines_plants_and_fuel(
    model: PowerModel, calm: PowerResult, shipped: Region
) -> None:
    gone = model.solve(power_inputs(shipped_case(shipped, scenario="withdrawal_russia")))
    assert gone.solve.objective_usd > calm.solve.objective_usd
    home = set(shipped.home)
    hangs = gone.supply[(gone.supply["partner"] == "RUS") & gone.supply["iso3"].isin(home)]
    assert set(hangs["channel"]) <= {"builder"}, hangs
    assert {"import", "fuel", "owner"} <= set(calm.supply.loc[calm.supply["partner"] == "RUS", "channel"])


def test_a_partner_without_plants_fuel_or_lines_changes_nothing(
    model: PowerModel, calm: PowerResult, shipped: Region
) -> None:
    gone = model.solve(power_inputs(shipped_case(shipped, scenario="withdrawal_development_banks")))
    assert gone.solve.objective_usd == calm.solve.objective_usd


def test_a_line_out_of_work_carries_nothing_and_helps_nobody(model: PowerModel, calm: PowerResult) -> None:
    out = model.solve(without=["kaz_rus_north"])
    assert out.flows.loc[out.flows["line"] == "kaz_rus_north", "sent_gwh"].sum() == 0.0
    assert out.solve.objective_usd >= calm.solve.objective_usd
    with pytest.raises(UnknownNameError, match="kaz_rus_north"):
        model.solve(without=["kaz_rus_nort"])


def test_the_order_of_rows_says_nothing(calm_case: Case, calm: PowerResult) -> None:
    names = ("plants", "interconnectors", "power_boundaries", "power_costs", "power_fuels", "electricity",
             "power_profiles", "power_zones", "power_reservoirs", "calibration")  # fmt: skip
    shuffled = {name: calm_case.table(name).sample(frac=1.0, random_state=7) for name in names}
    again = solve_power(edited(calm_case, **shuffled))
    assert again.solve.objective_usd == pytest.approx(calm.solve.objective_usd, rel=1e-9)


def test_twice_the_system_costs_twice_as_much(calm: PowerResult, model: PowerModel) -> None:
    told = model.inputs
    plants, water, links = told.generators, told.reservoirs, told.links
    doubled = replace(
        told,
        load_mw=2.0 * told.load_mw,
        inflow_mw=2.0 * told.inflow_mw,
        generators=plants.assign(p_nom_mw=2.0 * plants["p_nom_mw"]),
        reservoirs=water.assign(p_nom_mw=2.0 * water["p_nom_mw"]),
        links=links.assign(p_nom_mw=2.0 * links["p_nom_mw"]),
    )
    assert model.solve(doubled).solve.objective_usd == pytest.approx(2.0 * calm.solve.objective_usd, rel=1e-9)


def test_a_price_of_carbon_lowers_emissions_and_serves_the_same_network(
    model: PowerModel, calm: PowerResult, calm_case: Case
) -> None:
    priced = model.solve(power_inputs(calm_case, PowerSettings(co2_usd_per_t=80)))
    assert priced.countries["co2_mt"].sum() < calm.countries["co2_mt"].sum()
    carbon = priced.costs.set_index("item")["cost_musd"]["carbon_price"]
    assert carbon == pytest.approx(80 * priced.countries["co2_mt"].sum())


def test_an_expansion_costs_no_more_than_a_dispatch(calm: PowerResult, calm_case: Case) -> None:
    wider = PowerModel(power_inputs(calm_case, PowerSettings(mode="expansion")))
    result = wider.solve()
    assert result.solve.objective_usd < calm.solve.objective_usd
    assert result.built["built_mw"].sum() > 0.0
    assert result.costs["cost_musd"].iloc[-1] * 1e6 == pytest.approx(result.solve.objective_usd, rel=1e-6)
    with pytest.raises(InputError, match="written anew"):
        wider.solve(power_inputs(calm_case, PowerSettings(mode="expansion")))


def test_other_settings_need_another_model(model: PowerModel, calm_case: Case) -> None:
    with pytest.raises(InputError, match="other components or settings"):
        model.solve(power_inputs(calm_case, PowerSettings(shedding=False)))


def test_a_year_that_cannot_be_served_says_where(shipped: Region) -> None:
    case = shipped_case(shipped, scenario="withdrawal_russia")
    with pytest.raises(NoSolutionError, match=r"load of zone KAZ_north cannot be met in month \d+, hour \d+"):
        solve_power(case, PowerSettings(shedding=False))


def test_pypsa_comes_to_the_same_objective(calm_case: Case, calm: PowerResult, tmp_path: Path) -> None:
    export_pypsa(power_inputs(calm_case), tmp_path)
    for path in (tmp_path / NETCDF, tmp_path / CSV_FOLDER):
        with warnings.catch_warnings():  # PyPSA's own use of pandas, of netCDF4 and of its options
            warnings.simplefilter("ignore")
            network = pypsa.Network(str(path))
            status, ended = network.optimize(solver_name="highs", log_to_console=False)
        assert (status, ended) == ("ok", "optimal")
        assert network.objective == pytest.approx(calm.solve.objective_usd, rel=1e-9)
        del network
        gc.collect()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"availabilty_coal": 1.0}, "no constant 'availabilty_coal'"),
        ({"heat_led_gas/XAA": 1.5}, "part of one"),
        ({"inflow": -1.0}, "at least 0"),
        ({"line_x": float("nan")}, "finite"),
    ],
)
def test_a_constant_that_is_none_is_refused(values: dict[str, float], told: str) -> None:
    with pytest.raises(InputError, match=told):
        PowerConstants(values)


def test_a_countrys_own_constant_goes_before_the_general_one() -> None:
    known = PowerConstants({"border": 2.0, "border/XAA": 3.0, "border_cable/XAA": 0.0, "line_cable": 0.5})
    assert known.of("border", "XAB") == 2.0
    assert known.of("border", "XAA", "other") == 3.0
    assert known.of("border", "XAA", "cable") == 0.0
    assert known.of("border", "XAB", "cable") == 2.0
    assert known.of("line", "XAB", "cable") == 0.5
    assert known.of("line", "XAB", "other") == 1.0


@pytest.mark.parametrize(
    ("table", "field", "value", "told"),
    [
        ("power_fuels", "share", 0.5, r"power_fuels\.csv: shares of .* sum to"),
        ("power_zones", "demand_share", 0.1, r"power_zones\.csv: shares of KAZ sum to"),
    ],
)
def test_tables_that_do_not_add_up_are_named(
    calm_case: Case, table: str, field: str, value: float, told: str
) -> None:
    frame = calm_case.table(table)
    with pytest.raises(InputError, match=told):
        power_inputs(edited(calm_case, **{table: frame.assign(**{field: value})}))


def test_a_missing_price_of_fuel_is_named(calm_case: Case) -> None:
    costs = calm_case.table("power_costs")
    costs = costs[~((costs["carrier"] == "coal") & (costs["item"] == "fuel_usd_per_mwh_th"))]
    with pytest.raises(
        InputError, match=r"power_costs\.csv has no fuel_usd_per_mwh_th of coal for KAZ or any"
    ):
        power_inputs(edited(calm_case, power_costs=costs))


def test_the_shipped_constants_are_those_the_engine_knows(shipped: Region, calm_case: Case) -> None:
    rows = shipped.table("calibration")
    rows = rows[rows["engine"] == "power"]
    assert rows["value"].notna().all(), "run sogdia calibrate power --apply"
    assert len(constants_of(calm_case).values) == len(rows)
    lines = rows["parameter"].str.extract(r"^(?:line|border)_([a-z0-9_]+)")[0].dropna()
    assert set(lines) <= set(shipped.table("interconnectors").index)


def test_all_plans_scenarios_and_years_share_one_network(model: PowerModel, shipped: Region) -> None:
    plans = sorted(path.stem for path in (shipped.folder / "plans").glob("*.yaml"))
    scenarios = sorted(path.stem for path in (shipped.folder / "scenarios").glob("*.yaml"))
    assert plans
    assert scenarios
    pairs = [(plan, "reference", year) for plan in plans for year in (2030, 2040)]
    pairs += [("as_is", scenario, 2035) for scenario in scenarios]
    for plan, scenario, year in pairs:
        inputs = power_inputs(shipped_case(shipped, plan, scenario, year))
        assert model.inputs.alike(inputs), (plan, scenario, year)
