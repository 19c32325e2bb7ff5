"""Cost of electricity in the cost of goods, and the joint result of freight, trade and power system."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.coupling import CoupledBaseline, CouplingSettings, couple
from sogdia.coupling.joint import JointBaseline, JointSettings, make_joint_baseline, solve_joint
from sogdia.coupling.power_link import mean_cost, unit_cost_map, unit_costs, with_traded_fuel
from sogdia.coupling.trade_costs import read_policy_terms
from sogdia.errors import InputError
from sogdia.power import PowerResult, PowerSettings
from sogdia.power.fuels import read_fuel_origins
from sogdia.trade.inputs import TradeInputs


def power(cost_musd: float, paid: float = 20.0, earned: float = 30.0) -> PowerResult:
    countries = pd.DataFrame(
        {
            "iso3": ["XAA", "XAB"],
            "demand_gwh": [5000.0, 1000.0],
            "unserved_gwh": [1000.0, 0.0],
            "cost_musd": [cost_musd, 10.0],
            "export_earnings_musd": [earned, paid],
        }
    )
    exchanges = pd.DataFrame(
        [("XAB", "XAA", paid), ("XAA", "XAC", earned)], columns=["exporter", "importer", "earned_musd"]
    )
    return cast(PowerResult, SimpleNamespace(countries=countries, exchanges=exchanges))


def test_mean_cost_by_hand() -> None:
    table = mean_cost(power(100.0))
    # (100 + 20 − 30) USD million over 4 TWh; (10 − 20) over 1 TWh: what is sold earns more than all costs.
    assert table["usd_per_mwh"].to_dict() == pytest.approx({"XAA": 22.5, "XAB": -10.0})
    assert table["served_gwh"].to_dict() == pytest.approx({"XAA": 4000.0, "XAB": 1000.0})


def test_unit_costs_by_hand() -> None:
    table = unit_costs(power(100.0), power(140.0), trade_of([[2000.0, 50.0]], "all")).set_index("economy")
    # 40 USD million more on sales of 2000.
    assert table["cost_hat"].to_dict() == pytest.approx({"XAA": 1.02, "XAB": 1.0})
    assert float(table["share_pct"]["XAA"]) == pytest.approx(100.0 * 90.0 / 2000.0)
    relative = table["after_usd_per_mwh"]["XAA"] / table["before_usd_per_mwh"]["XAA"] - 1.0
    assert 1.0 + table["share_pct"]["XAA"] / 100.0 * relative == pytest.approx(1.02)


def trade_of(output: list[list[float]], sector: str) -> TradeInputs:
    """Return trade of two economies with these sales; the first sector holds electricity."""
    names = [sector, *(f"other_{n}" for n in range(1, len(output)))]
    baseline = SimpleNamespace(output=np.array(output), economies=("XAA", "XAB"), sectors=tuple(names))
    group = {} if sector == "all" else {"electricity": sector}
    return cast(TradeInputs, SimpleNamespace(baseline=baseline, group=group))


def test_sector_of_electricity_passes_on_the_cost_up_to_half_of_its_sales() -> None:
    sales = [[100.0, 20.0], [1900.0, 30.0]]
    table = unit_costs(power(100.0), power(140.0), trade_of(sales, "wires")).set_index("economy")
    assert table.loc[["XAA"], ["cost_hat", "rest_hat"]].to_numpy()[0].tolist() == pytest.approx([1.4, 1.0])
    low = unit_costs(power(100.0), power(60.0), trade_of([[50.0, 20.0], [1950.0, 30.0]], "wires"))
    # 40 USD million less, of which 25 in the sector and 15 over sales of 2000.
    assert low.loc[[0], ["cost_hat", "rest_hat"]].to_numpy()[0].tolist() == pytest.approx(
        [0.5, 1.0 - 15.0 / 2000.0]
    )
    found = unit_cost_map(low)
    assert found[("XAA", "wires")] == pytest.approx(0.5)
    assert found[("XAA", "all")] == pytest.approx(0.9925)
    assert unit_cost_map(table.reset_index().assign(sector="all"))[("XAA", "all")] == pytest.approx(1.4)


def test_higher_cost_everywhere_lowers_all_welfare_and_tonnes(wide: Case, wide_base: CoupledBaseline) -> None:
    # At the base's queues relative prices stay: values as they were, welfare down by the factor.
    unit_cost = {(name, "all"): 1.25 for name in wide_base.trade.baseline.economies}
    found = couple(wide, wide_base, CouplingSettings(feedback=False), unit_cost=unit_cost)
    assert found.trade.welfare_hat == pytest.approx(1.0 / 1.25, rel=1e-9)
    assert found.trade.flow == pytest.approx(wide_base.trade.baseline.flow, rel=1e-9)
    # Tonnes go down by it too; two berths are still shared, and less crowded then.
    carried = couple(wide, wide_base, unit_cost=unit_cost).tonnes
    assert carried == pytest.approx(wide_base.lanes.tonnes / 1.25, rel=1e-3)


def test_gain_by_trade_leaves_out_the_cost_of_electricity(wide: Case, wide_base: CoupledBaseline) -> None:
    settings = CouplingSettings(feedback=False)
    costs = {(name, "all"): 1.05 for name in wide_base.trade.baseline.economies}
    found = couple(wide, wide_base, settings, unit_cost=costs).economies()
    assert (found["gain_musd"] < -1.0).all()
    assert found["trade_gain_musd"].abs().max() < 1e-6
    plain = couple(wide, wide_base, settings).economies()
    assert (plain["trade_gain_musd"] == plain["gain_musd"]).all()


def test_higher_cost_of_one_economy_lowers_its_welfare_and_exports(
    wide: Case, wide_base: CoupledBaseline
) -> None:
    found = couple(wide, wide_base, unit_cost={("XAA", "all"): 1.01})
    lost = found.economies().set_index("economy")["welfare_pct"]
    assert float(lost["XAA"]) == pytest.approx(-1.0, abs=0.4)
    pairs = found.pairs()
    sold = pairs[(pairs["exporter"] == "XAA") & (pairs["importer"] != "XAA")]
    assert (sold["after_t"] < sold["before_t"]).all()


@pytest.fixture(scope="module")
def joint(shipped: Region) -> JointBaseline:
    return make_joint_baseline(
        build_case(shipped, load_plan("as_is", shipped), load_scenario("reference", shipped))
    )


def case_of(region: Region, plan: str, scenario: str) -> Case:
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region))


def test_unchanged_case_has_no_effect(shipped: Region, joint: JointBaseline) -> None:
    found = solve_joint(case_of(shipped, "as_is", "reference"), joint)
    assert (found.power_link["cost_hat"] == 1.0).all()
    assert np.abs(found.coupled.economies()["gain_musd"]).max() < 1e-6
    assert found.power.countries.equals(joint.power.countries)


def test_gain_of_lower_cost_power_is_the_saving(shipped: Region, joint: JointBaseline) -> None:
    case = case_of(shipped, "green_export", "reference")
    linked, apart = solve_joint(case, joint), solve_joint(case, joint, JointSettings(power_to_trade=False))
    assert apart.power_link.empty
    link = linked.power_link.set_index("economy")
    saved = -(link["cost_hat"] - 1.0) * link["sales_musd"]
    gains = [found.coupled.economies().set_index("economy")["gain_musd"] for found in (linked, apart)]
    more = (gains[0] - gains[1]).reindex(link.index)
    large = saved.abs() > 20.0
    assert large.any()
    # The part of transport and trade is a run without electricity, at the same costs of freight.
    part = linked.coupled.economies().set_index("economy")["trade_gain_musd"].reindex(link.index)
    assert (part - gains[1].reindex(link.index)).abs().max() < 0.1 * more.abs().max()
    # Part of it goes to those who buy abroad; nothing of it turns round.
    ratio = (more / saved)[large]
    assert ratio.between(0.5, 1.1).all()


def test_fuel_whose_loss_trade_counts_stays_in_the_link(shipped: Region, joint: JointBaseline) -> None:
    case = case_of(shipped, "as_is", "withdrawal_russia")
    trade = joint.coupled.trade
    once = JointSettings(coupling=joint.coupled.settings.model_copy(update={"feedback": False}))
    inputs = solve_joint(case, joint, once).power.inputs  # whose costs of carriage do not matter
    assert inputs.origins["lost"].any()
    again = with_traded_fuel(inputs, trade, read_policy_terms(trade, joint.coupled.lanes, case))
    assert again is not None
    assert not read_fuel_origins(again)["lost"].any()
    assert read_fuel_origins(case)["lost"].any()


def test_tables_are_complete_copies(shipped: Region, joint: JointBaseline) -> None:
    found = solve_joint(case_of(shipped, "as_is", "dry_year"), joint)
    tables = found.tables()
    expected = {
        "economies", "flows", "costs", "corridors", "bottlenecks", "transit", "transit_income", "stations",
        "undelivered",
        "power_countries", "power_generation", "power_flows", "power_unserved", "power_prices", "convergence",
    }  # fmt: skip
    assert expected <= set(tables)
    assert (tables["convergence"]["residual"] <= tables["convergence"]["target"] + 1e-12).all()
    tables["economies"].loc[:, "gain_musd"] = 7.0
    assert not (found.tables()["economies"]["gain_musd"] == 7.0).all()


def test_settings_of_power_that_differ_from_the_baseline_raise(shipped: Region, joint: JointBaseline) -> None:
    with pytest.raises(InputError, match="settings of power differ"):
        solve_joint(
            case_of(shipped, "as_is", "reference"), joint, JointSettings(power=PowerSettings(co2_usd_per_t=5))
        )
