"""Offers of finance: own money, debt, grant element; the loss by withdrawal is that of a plan's finance."""

from __future__ import annotations

from pathlib import Path

import pytest
from dependence.small_region import BY_TWO, ROAD, small_region

from sogdia import Case, Plan, Scenario, build_case
from sogdia.case import Finance, ProjectChoice
from sogdia.case.shocks import Withdrawal
from sogdia.errors import InputError
from sogdia.finance.finance_losses import capital_losses
from sogdia.finance.lenders import terms_of
from sogdia.finance.loans import pv_of_debt
from sogdia.finance.offers import offer_of, withdrawal_loss
from sogdia.region import Region

SOURCES = ProjectChoice.model_validate(BY_TWO).finance


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return small_region(tmp_path_factory.mktemp("packs") / "small")


def case_of(region: Region, finance: tuple[Finance, ...], withdrawn: str = "") -> Case:
    choice = {**ROAD, "finance": [each.model_dump() for each in finance]}
    shocks = [Withdrawal(partner=withdrawn, channels=("capital",), reason="a test")] if withdrawn else []
    plan = Plan.model_validate({"name": "a_plan", "title": "A plan", "projects": [choice]})
    now = Scenario(name="now", title="Now", year=2023, growth="none", shocks=tuple(shocks))
    return build_case(region, plan, now)


def test_sources_that_cover_all_leave_no_own_money(region: Region) -> None:
    case = case_of(region, SOURCES)
    offer = offer_of(case, "pj_road", SOURCES, region.home)
    assert offer.own_money == 0.0
    assert sum(offer.by_partner.values()) == pytest.approx(offer.home_cost)
    factors = [pv_of_debt(terms) for terms in (terms_of(case, str(s.lender_class)) for s in SOURCES) if terms]
    assert offer.pv == pytest.approx(offer.home_cost * (0.6 * factors[0] + 0.4 * factors[1]))
    assert offer.grant == pytest.approx(offer.home_cost - offer.pv)


def test_what_no_source_covers_is_own_money(region: Region) -> None:
    offer = offer_of(case_of(region, SOURCES[:1]), "pj_road", SOURCES[:1], region.home)
    assert offer.own_money == pytest.approx(0.4 * offer.home_cost)
    alone = offer_of(case_of(region, ()), "pj_road", (), region.home)
    assert (alone.own_money, alone.pv, alone.grant) == (alone.home_cost, 0.0, 0.0)


def test_equity_is_no_debt_and_has_no_grant_element(region: Region) -> None:
    equity = (Finance(partner="XAC", share_pct=100.0),)
    offer = offer_of(case_of(region, equity), "pj_road", equity, region.home)
    assert (offer.own_money, offer.pv, offer.grant) == (0.0, 0.0, 0.0)
    assert not offer.sources["lent"].any()


def test_loss_by_withdrawal_is_that_of_the_finance_of_a_plan(region: Region) -> None:
    offer = offer_of(case_of(region, SOURCES), "pj_road", SOURCES, region.home)
    for partner in map(str, region.table("partners").index):
        case = case_of(region, SOURCES, partner)
        expected = float(capital_losses(case, (partner,))["capital_musd"].sum())
        assert withdrawal_loss(case, offer, partner) == pytest.approx(expected, abs=1e-9)


def test_project_without_cost_or_reference_class_is_an_error(tmp_path: Path) -> None:
    def without_cost(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{**row, "capex_musd": ""} if table == "projects" else row for row in rows]

    region = small_region(tmp_path / "poor", without_cost)
    with pytest.raises(InputError, match=r"pj_road: no cost is published .* give its capex_musd"):
        offer_of(case_of(region, ()), "pj_road", (), region.home)
