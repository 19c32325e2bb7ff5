"""Yearly cost of electricity by home country, on systems small enough to check by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from power.systems import HOURS, case_in, line, plant, system

from sogdia import Case, Region, Scenario, build_case, load_plan
from sogdia.dependence.coalitions import energy_cost
from sogdia.dependence.home_results import fuel_by_origin, power_by_home, withdrawn_parties
from sogdia.dependence.solve import benefit_lines
from sogdia.power import PowerInputs, PowerModel


@pytest.fixture(scope="module")
def case(isles: Region) -> Case:
    return case_in(isles)


def home_results(inputs: PowerInputs, home: str) -> dict[str, float]:
    homes = tuple(map(str, inputs.zones.table["iso3"]))
    rows = power_by_home(PowerModel(inputs).solve(), homes).set_index("home").to_dict("index")
    return {str(name): float(value) for name, value in rows[home].items()}


def of_year(megawatts: float, usd_per_mwh: float) -> float:
    return megawatts * usd_per_mwh * HOURS / 1e6


def test_scarcity_price_is_not_paid_between_countries(case: Case) -> None:
    # A has 40 MW to spare at 10 dollars, B lacks 80: what does not come costs it 900 a megawatt-hour.
    plants = [plant("A", "coal", 90, 10, co2_t_per_mwh_th=0.5)]
    lines = [line("ab", "A", "B", 60, 0.98)]
    inputs = system(case, {"A": 50.0, "B": 80.0}, plants, lines, lost_load={"B": 900.0})
    seller, buyer = home_results(inputs, "A"), home_results(inputs, "B")
    assert seller["plants_musd"] == pytest.approx(of_year(90, 10))
    assert seller["exports_musd"] == buyer["imports_musd"] == pytest.approx(of_year(40, 10))
    short = 80 - 40 * 0.98
    assert buyer["unserved_gwh"] == pytest.approx(short * HOURS / 1e3)
    assert buyer["unserved_musd"] == pytest.approx(of_year(short, 900))
    assert seller["co2_mt"] == pytest.approx(90 * HOURS * 0.5 / 1e6)
    assert (seller["unserved_gwh"], buyer["plants_musd"]) == (0.0, 0.0)


def test_capital_of_capacity_in_addition_to_the_plan_is_a_cost(case: Case) -> None:
    capital = 40.0 * 2000
    candidate = plant("A", "gas", 0, 10, kind="candidate", vintage="candidate", capital_usd_per_mw=capital)
    plants = [plant("A", "oil", 200, 50), candidate]
    found = home_results(system(case, {"A": 60.0}, plants, mode="expansion"), "A")
    assert found["plants_musd"] == pytest.approx(of_year(60, 10) + 60 * capital / 1e6)


def test_import_is_paid_at_the_asking_price(case: Case) -> None:
    plants = [plant("A", "coal", 10, 10), plant("X", "sells", 80, 30, kind="sells")]
    found = home_results(
        system(case, {"A": 50.0}, plants, [line("xa", "X", "A", 60)], neighbours=("X",)), "A"
    )
    assert found["imports_musd"] == pytest.approx(of_year(40, 30))
    assert found["exports_musd"] == 0.0


def test_yearly_cost_matches_hand_calculation() -> None:
    """Emissions are no cost of the country."""
    row = {"plants_musd": 10.0, "imports_musd": 4.0, "exports_musd": 3.0, "unserved_musd": 2.0, "co2_mt": 0.1}
    assert energy_cost(pd.DataFrame([row])).tolist() == pytest.approx([13.0])


def test_foreign_fuel_is_listed_by_origin(case: Case) -> None:
    inputs = system(case, {"A": 50.0}, [plant("A", "gas", 90, 20)])
    origins = pd.DataFrame(
        [("A", "gas", "A", 0.6, False), ("A", "gas", "X", 0.4, True)],
        columns=["iso3", "carrier", "origin", "share", "lost"],
    )
    result = PowerModel(replace(inputs, origins=origins)).solve()
    found = fuel_by_origin(result, ("A",)).to_dict("records")
    assert [(row["origin"], row["lost"]) for row in found] == [("X", True)]
    assert found[0]["spent_musd"] == pytest.approx(0.4 * of_year(50, 20))


def test_lines_of_the_benefit_by_hand() -> None:
    """Supply costs 11 before and 7 after, 4 GWh more are served; emissions fall by 0.2 Mt.

    Transit income has its own ends, so have energy that was not served and carbon.
    """
    homes = pd.Index(["XAA"], name="home")
    cost = {"imports_musd": 4.0, "exports_musd": 3.0}
    lost = {"unserved_musd": 8.0, "unserved_gwh": 5.0}
    less = {"unserved_musd": 2.0, "unserved_gwh": 1.0}
    before = pd.DataFrame({"plants_musd": 10.0, **cost, **lost, "co2_mt": 0.5}, index=homes)
    after = pd.DataFrame({"plants_musd": 6.0, **cost, **less, "co2_mt": 0.3}, index=homes)
    transit = {"transit_musd": 5.0, "transit_low_musd": 9.0, "transit_high_musd": -1.0}
    goods = pd.DataFrame({"gain_musd": 7.0, "users_musd": 6.0, "customs_musd": 0.5, **transit}, index=homes)
    carbon = (50.0, 40.0, 60.0)
    lines = benefit_lines(goods, before, after, carbon, (0.25, 0.15, 0.35)).set_index("line")
    assert lines["benefit_musd_a"].to_dict() == pytest.approx(
        {
            "goods": 7.0,
            "electricity": 4.0,
            "electricity_incremental": 1.0,
            "carbon": 10.0,
            "transit_income": 5.0,
            "freight_users": 6.0,
            "customs": 0.5,
        }
    )
    ends = lines[["low_musd_a", "high_musd_a"]].to_dict("index")
    assert ends["transit_income"] == {"low_musd_a": -1.0, "high_musd_a": 9.0}
    assert ends["goods"] == {"low_musd_a": 7.0, "high_musd_a": 7.0}
    assert ends["electricity_incremental"] == pytest.approx({"low_musd_a": 0.6, "high_musd_a": 1.4})
    assert ends["carbon"] == pytest.approx({"low_musd_a": 8.0, "high_musd_a": 12.0})
    at_lost_load = benefit_lines(goods, before, after, carbon, (math.nan,) * 3).set_index("line")
    assert at_lost_load.loc["electricity_incremental", "benefit_musd_a"] == 6.0


def test_parties_of_a_partner_withdraw_only_by_trade_or_transit(shipped: Region) -> None:
    plan = load_plan("as_is", shipped)

    def parties(*channels: str) -> tuple[str, ...]:
        shock = {
            "kind": "withdrawal",
            "partner": "turkiye_gulf",
            "channels": list(channels),
            "reason": "test",
        }
        scenario = Scenario.model_validate({"title": "Without", "year": 2023, "shocks": [shock]})
        return withdrawn_parties(build_case(shipped, plan, scenario))

    members = str(shipped.table("partners").at["turkiye_gulf", "members"]).split(";")
    assert parties("trade", "capital") == tuple(members)
    assert parties("transit") == tuple(members)
    assert parties("capital") == ()
