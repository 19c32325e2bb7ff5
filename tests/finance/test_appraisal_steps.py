"""Steps of the appraisal: sunk cost, economic prices, owners, openings and reference classes, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from case.toy import plan, scenario, write_toy

from sogdia import Case, build_case, load_region
from sogdia.finance import npv
from sogdia.finance.incidence import incidence
from sogdia.finance.plan_appraisal import (
    COUNTED,
    PlanFlows,
    appraisal_steps,
    decision_year,
    plan_appraisal,
    plan_flows,
)
from sogdia.finance.plan_capex import plan_capex
from sogdia.finance.project_costs import cost_or_estimate
from sogdia.finance.tables import BENEFITS

Rows = list[dict[str, str]]
PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
ROAD = {"project": "pj_road", "opening_year": 2026}
RAIL = {"project": "pj_rail", "opening_year": 2029}
VALUES = """item,scope,value,low,high
maintenance_pct,road,2,1,4
maintenance_pct,any,0,0,0
life_a,road,60,50,70
shadow_exchange_pct,XAA,110,100,120
shadow_wage_pct,any,80,70,90
traded_pct,any,50,40,60
labour_pct,any,10,5,20
"""
BENEFIT = BENEFITS.frame(
    [
        ("XAA", "goods", 10.0, 10.0, 10.0),
        ("XAB", "electricity_incremental", 5.0, 3.0, 7.0),
        ("XAB", "carbon", 4.0, 2.0, 6.0),
        ("XAA", "transit_income", 1.0, 0.5, 2.0),
        ("XAA", "freight_users", 8.0, 8.0, 8.0),
        ("XAA", "customs", 3.0, 3.0, 3.0),
    ]
)


def rows_of(text: str) -> Rows:
    header, *lines = (line.split(",") for line in text.strip().splitlines())
    return [dict(zip(header, line, strict=True)) | PROVENANCE for line in lines]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Case]:
    def added(table: str, rows: Rows) -> Rows:
        if table == "owner_payments":
            return rows_of(
                "id,plant,payer,owner,kind,owner_share_pct,musd_a,from_year,until_year\n"
                "sun,sun_one,XAB,XAD,take_or_pay,100,7,2028,2037\n"
            )
        if table == "projects":
            shape = {
                **rows[1],
                "status": "operating",
                "announced_year": "",
                "start_year": "",
                "completion_year": "",
            }
            peers = [("peer_a", "100", "100"), ("peer_b", "300", "200"), ("peer_c", "800", "400")]
            wind = [
                {**shape, "id": name, "sector": "hydro", "capex_musd": cost, "capacity": size}
                for name, cost, size in peers
            ]
            unpriced = {**shape, "sector": "hydro", "capex_musd": "", "status": "planned"}
            sized = {**unpriced, "id": "sized", "capacity": "60"}
            return [*rows, *wind, sized, {**unpriced, "id": "unsized", "capacity": ""}]
        if table == "project_effects":
            effect = {"table": "plants", "row": "wind_b", "action": "set", "field": "status"}
            return [*rows, {**rows[0], **effect, "project": "sized", "value": "operating"}]
        return rows_of(VALUES) if table == "appraisal_values" else rows

    region = load_region(write_toy(tmp_path_factory.mktemp("packs") / "steps", added))
    return lambda *projects: build_case(region, plan(*projects), scenario())


def flows_of(case: Case) -> PlanFlows:
    flows = plan_flows(case, BENEFIT)
    assert flows is not None
    return flows


def test_cost_before_the_decision_year_is_sunk(build: Callable[..., Case]) -> None:
    """The road of 30 is built from 2023 to 2025; the newest deal is of 2024."""
    case = build(ROAD)
    assert decision_year(case) == 2024
    steps = flows_of(case).steps
    assert steps["capital"][0][:4].tolist() == pytest.approx([-10, -10, 0, 0])
    assert steps["sunk"][0].sum() == pytest.approx(-10)


def test_economic_prices_change_the_cost_of_works(build: Callable[..., Case]) -> None:
    """Half of a cost of 20 is traded at 1.1, a tenth is labour at 0.8."""
    steps = flows_of(build(ROAD)).steps
    assert steps["shadow_exchange"][0].sum() == pytest.approx(-20 * 0.5 * 0.1)
    assert steps["shadow_wage"][0].sum() == pytest.approx(20 * 0.1 * 0.2)


def test_maintenance_runs_from_opening_and_residual_follows_life(build: Callable[..., Case]) -> None:
    """Two per cent of 30 a year from 2026; after 30 years of 60 half is left, of 50 two fifths."""
    flows = flows_of(build(ROAD))
    assert flows.steps["maintenance"][0][:4].tolist() == pytest.approx([0, 0, -0.6, -0.6])
    assert flows.steps["maintenance"][1][-1] == pytest.approx(-1.2)
    assert flows.steps["residual"][:, -1].tolist() == pytest.approx([15, 12, 30 * 4 / 7])


def test_benefit_starts_project_by_project(build: Callable[..., Case]) -> None:
    """30 of 1,030 are open in 2026, all in 2029; it lasts 30 years from then."""
    flows = flows_of(build(ROAD, RAIL))
    goods = flows.steps["goods"][0]
    assert goods[:6].tolist() == pytest.approx([0, 0, *[10 * 30 / 1030] * 3, 10])
    assert (flows.first, len(goods)) == (2024, 35)


def test_owner_is_paid_instead_of_the_capital_cost(build: Callable[..., Case]) -> None:
    """The sun park of 200 opens in 2028 and is paid 7 a year for ten years."""
    steps = flows_of(build({"project": "pj_sun", "opening_year": 2028})).steps
    for name in ("capital", "maintenance", "residual", "shadow_exchange"):
        assert not steps[name].any()
    assert steps["owner_payments"][0].sum() == pytest.approx(-70)


def test_steps_and_incidence_sum_to_the_net_present_value(build: Callable[..., Case]) -> None:
    flows = flows_of(build(ROAD, RAIL))
    table = plan_appraisal(flows).set_index("rate_pct")
    value = table["npv_musd"][6.0]
    steps = appraisal_steps(flows)
    assert steps.loc[steps["counted"].astype(bool), "pv_musd"].sum() == pytest.approx(value)
    assert set(steps.loc[~steps["counted"].astype(bool), "step"]) == {
        "sunk", "capital_unmeasured", "carbon", "freight_users", "customs",
    }  # fmt: skip
    shares = incidence(flows)
    assert shares["pv_musd"].sum() == pytest.approx(value)
    assert shares["counted"].all(), "no owner is paid"
    assert set(shares["group"]) == {"consumer", "treasury", "carrier", "investor"}
    own = shares.set_index(["home", "group"])["pv_musd"]
    goods, customs = (npv(flows.homes[name, "XAA"], 0.06) for name in ("goods", "customs"))
    assert own["XAA", "treasury"] == pytest.approx(customs)
    assert own["XAA", "consumer"] == pytest.approx(goods - customs)


def test_owner_abroad_gains_its_payments_less_works_and_upkeep(build: Callable[..., Case]) -> None:
    case = build({"project": "pj_sun", "opening_year": 2028})
    flows = flows_of(case)
    shares = incidence(flows).set_index(["home", "group"])
    paid = npv(-flows.steps["owner_payments"][0], 0.06)
    assert shares["pv_musd"]["XAB", "treasury"] == pytest.approx(-paid)
    rows = plan_capex(case)
    works = sum(
        float(row["capex_musd"]) / 1.06 ** (row["year"] - flows.first) for row in rows.to_dict("records")
    )
    assert shares["pv_musd"]["XAD", "owner"] == pytest.approx(paid - works)
    assert not shares["counted"]["XAD", "owner"]


def test_carbon_is_apart_with_its_low_and_high_price(build: Callable[..., Case]) -> None:
    flows = flows_of(build(ROAD))
    row = plan_appraisal(flows).set_index("rate_pct").loc[6.0]
    running = np.array([1.0 if year >= 2026 else 0.0 for year in flows.years])
    assert row["npv_co2_low_musd"] - row["npv_musd"] == pytest.approx(npv(2.0 * running, 0.06))
    assert row["npv_co2_high_musd"] - row["npv_musd"] == pytest.approx(npv(6.0 * running, 0.06))


def test_net_present_value_is_zero_at_the_switching_value(build: Callable[..., Case]) -> None:
    flows = flows_of(build(ROAD))
    row = plan_appraisal(flows).set_index("rate_pct").loc[9.0]
    middle = flows.appraise()
    costs = middle.costs * (1 + row["switching_cost_pct"] / 100)
    assert npv(middle.benefits - costs, 0.09) == pytest.approx(0.0, abs=1e-9)
    benefits = middle.benefits * (1 - row["switching_benefit_pct"] / 100)
    assert npv(benefits - middle.costs, 0.09) == pytest.approx(0.0, abs=1e-9)


def test_worse_and_better_ends_enclose_the_middle(build: Callable[..., Case]) -> None:
    steps = flows_of(build(ROAD, RAIL)).steps
    for name in COUNTED:
        middle, worse, better = (npv(flow, 0.06) for flow in steps[name])
        assert worse <= middle + 1e-12
        assert middle <= better + 1e-12


def test_missing_cost_is_that_of_the_reference_class(build: Callable[..., Case]) -> None:
    """Peers cost 1, 1.5 and 2 million per MW: 60 MW are 90, between 75 and 105; without a size 300."""
    case = build()
    assert cost_or_estimate(case, "sized") == pytest.approx((90, 75, 105, True))
    assert cost_or_estimate(case, "unsized") == pytest.approx((300, 200, 550, True))
    assert cost_or_estimate(case, "peer_a") == pytest.approx((100, 100, 100, False))
    assert np.isnan(cost_or_estimate(case, "pj_cable").cost)


def test_estimated_cost_is_marked(build: Callable[..., Case]) -> None:
    chosen: dict[str, Any] = {"project": "sized", "opening_year": 2030}
    case = build(chosen)
    table = plan_capex(case)
    assert table["estimated"].all()
    assert table["capex_musd"].sum() == pytest.approx(90)
    row = plan_appraisal(flows_of(case)).iloc[0]
    assert (row["estimated_projects"], row["estimated_musd"]) == (1, pytest.approx(90))


def test_project_without_effect_in_the_models_is_apart(build: Callable[..., Case]) -> None:
    """The project without a size costs 300, as its class does, and changes no table."""
    alone = flows_of(build(ROAD))
    flows = flows_of(build(ROAD, {"project": "unsized", "opening_year": 2030}))
    assert flows.steps["capital_unmeasured"][0].sum() == pytest.approx(-300)
    assert plan_appraisal(flows)["npv_musd"].tolist() == pytest.approx(
        plan_appraisal(alone)["npv_musd"].tolist()
    )
