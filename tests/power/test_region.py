"""The power system of the shipped region: projects, shocks, warm starts, invariances, export."""

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
from sogdia.case.shocks import DryYear
from sogdia.errors import InputError, UnknownNameError
from sogdia.power import (
    NoSolutionError,
    PowerConstants,
    PowerModel,
    PowerResult,
    PowerSettings,
    build_power_inputs,
    read_constants,
    solve,
)
from sogdia.power.export import CSV_FOLDER, NETCDF, export_pypsa
from sogdia.power.tables import TABLES

from .conftest import shipped_case


def edited(case: Case, **tables: pd.DataFrame) -> Case:
    return replace(case, frames=MappingProxyType({**case.frames, **tables}))


def test_tables_have_the_declared_columns_and_types(reference: PowerResult) -> None:
    tables = reference.tables()
    assert set(tables) == set(TABLES)
    for name, table in tables.items():
        declared = TABLES[name]
        assert tuple(table.columns) == declared.column_names, name
        assert not table.isna().to_numpy().any(), name
        assert not table.duplicated(list(declared.key)).any() or name == "flows"
        for column in declared.columns:
            is_number = table[column.name].dtype.kind in "fi"
            assert is_number == (column.type == "number"), (name, column.name)


def test_region_without_demand_raises(reference_case: Case) -> None:
    known = reference_case.table("electricity")
    with pytest.raises(InputError, match="demand_gwh is missing for every country"):
        build_power_inputs(edited(reference_case, electricity=known[known["item"] != "demand_gwh"]))


def test_energy_and_cost_balances_hold(reference: PowerResult) -> None:
    row = reference.countries
    lost = reference.flows["sent_gwh"] - reference.flows["received_gwh"]
    country = {str(k): str(v) for k, v in reference.inputs.zones.table["iso3"].items()}
    inner = lost[reference.flows["from_bus"].map(country) == reference.flows["to_bus"].map(country)].sum()
    supplied = row["generation_gwh"] + row["unserved_gwh"] + row["net_imports_gwh"]
    assert supplied.sum() == pytest.approx(row["demand_gwh"].sum() + inner)
    assert reference.plants["generation_gwh"].sum() == pytest.approx(
        reference.generation["generation_gwh"].sum()
    )
    assert reference.generation["co2_mt"].sum() == pytest.approx(row["co2_mt"].sum())
    shed = reference.inputs.generators["kind"] == "shed"
    above = reference.inputs.bid_usd_per_mwh - reference.inputs.generators["cost_usd_per_mwh"].to_numpy()
    extra = float((reference.annual_sum(reference.generator_mw) * above)[shed.to_numpy()].sum())
    total = float(reference.costs["cost_musd"].iloc[-1])
    assert total * 1e6 + extra == pytest.approx(reference.solver.objective_usd)
    assert (reference.supply["share"] <= 1.0).all()


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


def test_projects_of_a_plan_operate(model: PowerModel, reference: PowerResult, shipped: Region) -> None:
    built = model.solve(build_power_inputs(shipped_case(shipped, "under_construction", year=2035)))

    def capacity(result: PowerResult, line: str) -> float:
        return float(result.flows.loc[result.flows["line"] == line, "capacity_mw"].max())

    assert capacity(reference, "casa_hvdc") == 0.0 < capacity(built, "casa_hvdc")
    assert float(built.flows.loc[built.flows["line"] == "casa_hvdc", "earned_musd"].max()) > 0.0
    plants = built.plants.set_index("plant")["generation_gwh"]
    before = reference.plants.set_index("plant")["generation_gwh"]
    for name in ("uzb_npp_large", "tjk_rogun", "kaz_mirny"):
        assert before[name] == 0.0 < plants[name]


def test_dry_year_scales_inflow_by_its_factors(
    reference: PowerResult, model: PowerModel, shipped: Region
) -> None:
    case = shipped_case(shipped, scenario="dry_year")
    dry = model.solve(build_power_inputs(case))
    dry_years = [shock for shock in case.scenario.shocks if isinstance(shock, DryYear)]
    factors = {code: shock.factor for shock in dry_years for code in shock.economies}

    def inflow(result: PowerResult) -> pd.Series[float]:
        table = result.generation[result.generation["carrier"] == "hydro"]
        return table.groupby("iso3")["available_gwh"].sum()

    ratio = inflow(dry) / inflow(reference)
    for code in ratio.index[inflow(reference) > 0]:
        assert ratio[code] == pytest.approx(factors.get(str(code), 1.0))
    assert dry.solver.objective_usd > reference.solver.objective_usd


def test_withdrawn_partner_removes_lines_plants_and_fuel(
    model: PowerModel, reference: PowerResult, shipped: Region
) -> None:
    withdrawn = model.solve(build_power_inputs(shipped_case(shipped, scenario="withdrawal_russia")))
    assert withdrawn.solver.objective_usd > reference.solver.objective_usd
    home = set(shipped.home)
    dependent = withdrawn.supply[(withdrawn.supply["partner"] == "RUS") & withdrawn.supply["iso3"].isin(home)]
    assert set(dependent["channel"]) <= {"builder"}, dependent
    assert {"import", "fuel", "owner"} <= set(
        reference.supply.loc[reference.supply["partner"] == "RUS", "channel"]
    )


def test_withdrawn_partner_without_assets_has_no_effect(
    model: PowerModel, reference: PowerResult, shipped: Region
) -> None:
    withdrawn = model.solve(
        build_power_inputs(shipped_case(shipped, scenario="withdrawal_development_banks"))
    )
    assert withdrawn.solver.objective_usd == reference.solver.objective_usd


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


def test_doubled_system_costs_twice_as_much(reference: PowerResult, model: PowerModel) -> None:
    inputs = model.inputs
    plants, water, links = inputs.generators, inputs.reservoirs, inputs.links
    doubled = replace(
        inputs,
        load_mw=2.0 * inputs.load_mw,
        inflow_mw=2.0 * inputs.inflow_mw,
        generators=plants.assign(p_nom_mw=2.0 * plants["p_nom_mw"]),
        reservoirs=water.assign(p_nom_mw=2.0 * water["p_nom_mw"]),
        links=links.assign(p_nom_mw=2.0 * links["p_nom_mw"]),
    )
    assert model.solve(doubled).solver.objective_usd == pytest.approx(
        2.0 * reference.solver.objective_usd, rel=1e-9
    )


def test_carbon_price_lowers_emissions_on_the_same_programme(
    model: PowerModel, reference: PowerResult, reference_case: Case
) -> None:
    priced = model.solve(build_power_inputs(reference_case, PowerSettings(co2_usd_per_t=80)))
    assert priced.countries["co2_mt"].sum() < reference.countries["co2_mt"].sum()
    carbon = priced.costs.set_index("item")["cost_musd"]["carbon_price"]
    assert carbon == pytest.approx(80 * priced.countries["co2_mt"].sum())


def test_expansion_costs_less_than_dispatch(reference: PowerResult, reference_case: Case) -> None:
    wider = PowerModel(build_power_inputs(reference_case, PowerSettings(mode="expansion")))
    result = wider.solve()
    assert result.solver.objective_usd < reference.solver.objective_usd
    assert result.built["built_mw"].sum() > 0.0
    assert result.costs["cost_musd"].iloc[-1] * 1e6 == pytest.approx(result.solver.objective_usd, rel=1e-6)
    with pytest.raises(InputError, match="a programme of its own"):
        wider.solve(build_power_inputs(reference_case, PowerSettings(mode="expansion")))


def test_inputs_with_other_settings_raise(model: PowerModel, reference_case: Case) -> None:
    with pytest.raises(InputError, match="other components or settings"):
        model.solve(build_power_inputs(reference_case, PowerSettings(shedding=False)))


def test_shortage_names_zone_month_and_hour(shipped: Region) -> None:
    case = shipped_case(shipped, scenario="withdrawal_russia")
    with pytest.raises(NoSolutionError, match=r"load of zone KAZ_north cannot be met in month \d+, hour \d+"):
        solve(build_power_inputs(case, PowerSettings(shedding=False)))


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


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"availabilty_coal": 1.0}, "unknown constant 'availabilty_coal'"),
        ({"heat_led_gas/XAA": 1.5}, "expected a share <= 1"),
        ({"inflow": -1.0}, "expected a finite number >= 0"),
        ({"line_x": float("nan")}, "expected a finite number"),
    ],
)
def test_invalid_constant_raises(values: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        PowerConstants(values)


def test_country_constant_precedes_the_general_one() -> None:
    known = PowerConstants({"border": 2.0, "border/XAA": 3.0, "border_cable/XAA": 0.0, "line_cable": 0.5})
    assert known.get("border", "XAB") == 2.0
    assert known.get("border", "XAA", "other") == 3.0
    assert known.get("border", "XAA", "cable") == 0.0
    assert known.get("border", "XAB", "cable") == 2.0
    assert known.get("line", "XAB", "cable") == 0.5
    assert known.get("line", "XAB", "other") == 1.0


@pytest.mark.parametrize(
    ("table", "field", "value", "message"),
    [
        ("power_fuels", "share", 0.5, r"power_fuels\.csv: shares of .* sum to"),
        ("power_zones", "demand_share", 0.1, r"power_zones\.csv: demand shares of KAZ sum to"),
    ],
)
def test_shares_that_do_not_sum_to_one_are_reported(
    reference_case: Case, table: str, field: str, value: float, message: str
) -> None:
    frame = reference_case.table(table)
    with pytest.raises(InputError, match=message):
        build_power_inputs(edited(reference_case, **{table: frame.assign(**{field: value})}))


def test_missing_fuel_price_is_named(reference_case: Case) -> None:
    costs = reference_case.table("power_costs")
    costs = costs[~((costs["carrier"] == "coal") & (costs["item"] == "fuel_usd_per_mwh_th"))]
    with pytest.raises(
        InputError, match=r"power_costs\.csv: fuel_usd_per_mwh_th of coal is missing for KAZ and for any"
    ):
        build_power_inputs(edited(reference_case, power_costs=costs))


def test_shipped_constants_are_known_to_the_engine(shipped: Region, reference_case: Case) -> None:
    rows = shipped.table("calibration")
    rows = rows[rows["engine"] == "power"]
    assert rows["value"].notna().all(), "run sogdia calibrate power --apply"
    assert len(read_constants(reference_case).values) == len(rows)
    lines = rows["parameter"].str.extract(r"^(?:line|border)_([a-z0-9_]+)")[0].dropna()
    assert set(lines) <= set(shipped.table("interconnectors").index)


def test_all_plans_scenarios_and_years_share_one_programme(model: PowerModel, shipped: Region) -> None:
    plans = sorted(path.stem for path in (shipped.folder / "plans").glob("*.yaml"))
    scenarios = sorted(path.stem for path in (shipped.folder / "scenarios").glob("*.yaml"))
    assert plans
    assert scenarios
    pairs = [(plan, "reference", year) for plan in plans for year in (2030, 2040)]
    pairs += [("as_is", scenario, 2035) for scenario in scenarios]
    for plan, scenario, year in pairs:
        inputs = build_power_inputs(shipped_case(shipped, plan, scenario, year))
        assert model.inputs.has_same_structure(inputs), (plan, scenario, year)
