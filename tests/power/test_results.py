"""Results of the shipped region: balances, projects, shocks."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia import Case, Region
from sogdia.case.shocks import DryYear
from sogdia.power import PowerModel, PowerResult, PowerSettings, build_power_inputs
from sogdia.power.spot import highest_cost

from .conftest import shipped_case


def test_energy_and_cost_balances_hold(reference: PowerResult) -> None:
    row = reference.countries
    lost = reference.flows["sent_gwh"] - reference.flows["received_gwh"]
    country = {str(k): str(v) for k, v in reference.inputs.zones.table["iso3"].items()}
    inner = lost[reference.flows["from_bus"].map(country) == reference.flows["to_bus"].map(country)].sum()
    supplied = row["generation_gwh"] + row["unserved_gwh"] + row["net_imports_gwh"]
    stored = reference.annual_sum(reference.battery_mw).sum() / 1e3
    assert supplied.sum() + stored == pytest.approx(row["demand_gwh"].sum() + inner)
    assert reference.plants["generation_gwh"].sum() == pytest.approx(
        reference.generation["generation_gwh"].sum()
    )
    assert reference.generation["co2_mt"].sum() == pytest.approx(row["co2_mt"].sum())
    total = float(reference.costs["cost_musd"].iloc[-1])
    assert total * 1e6 + reference.penalty_usd() == pytest.approx(reference.solver.objective_usd)
    assert (reference.supply["share"] <= 1.0).all()


def test_trade_is_settled_in_full_and_never_at_scarcity_prices(reference: PowerResult) -> None:
    trade = reference.exchanges
    parts = trade["contracted_gwh"] + trade["swap_gwh"] + trade["spot_gwh"]
    assert parts.to_numpy() == pytest.approx(trade["sent_gwh"].to_numpy(), abs=1e-6)
    money = (
        trade["contract_usd_per_mwh"] * trade["contracted_gwh"]
        + trade["spot_usd_per_mwh"] * trade["spot_gwh"]
    )
    assert money.to_numpy() / 1e3 == pytest.approx(trade["earned_musd"].to_numpy(), abs=1e-6)
    exported = trade.groupby("exporter")["earned_musd"].sum()
    earned = reference.countries.set_index("iso3")["export_earnings_musd"]
    assert earned[earned > 0].to_dict() == pytest.approx(exported.reindex(earned[earned > 0].index).to_dict())
    assert trade["spot_usd_per_mwh"].max() <= highest_cost(reference) * (1.0 + 1e-9)
    price = trade.set_index(["exporter", "importer"])["contract_usd_per_mwh"].to_dict()
    assert price["TJK", "UZB"] == pytest.approx(20.0)


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
    assert result.costs["cost_musd"].iloc[-1] < reference.costs["cost_musd"].iloc[-1]
    assert result.built["built_mw"].sum() > 0.0
    paid = result.costs["cost_musd"].iloc[-1] - result.built["capital_musd"].sum()
    assert paid * 1e6 + result.penalty_usd() == pytest.approx(result.solver.objective_usd, rel=1e-6)
