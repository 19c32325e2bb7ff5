"""Signs and orders on the shipped region that published studies agree on.

Sanctions: Felbermayr, Mahlkow & Sandkamp (2022, WIFO Working Paper 644; EconPol Policy Brief 41) find that
parting from the United States and their allies costs Russia 9.7 % of real income and the allies 0.2 %; Flach
and others (2024, Review of International Economics 32(1)) more than 4 % for Russia. The reason, by the first:
the target is small compared with the coalition. Those models have services and inputs; ours has goods alone
and a milder pressure, so the tests compare the order, not the figure. That a small state named for helping
loses more than those that name it follows from the same argument.

Corridors: de Soyres and others (2020, IFDP 1274) find that new lines cut shipment times by at most 11.9 % and
trade costs by at most 10.2 % along the corridors themselves, and by 1.1 to 2.2 % for the world. What is
tested is that those on a corridor gain most, and that no pair gains beyond their most favourable.

Oil: of 64 Mt of Kazakh crude oil sold in 2022 the Caspian pipeline had 52, the line to Samara 8, Aktau 2,
China 1, the railway 0.4 (Lee Kuan Yew School of Public Policy, "Diversifying Kazakhstan's oil exports from
Russia"). KazMunayGas's annual report of 2024 has 5.2 Mt of berths at Aktau and 6 Mt from Atyrau to Kenkiyak.
"""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Region, build_case, load_plan, load_scenario
from sogdia.coupling import CoupledBaseline, CoupledResult, couple

SENDERS = ["EUU", "USA", "GBR", "JPN", "KOR", "CHE"]
NAMING = ["EUU", "USA", "GBR"]
"""Senders of the secondary sanctions."""
HOME = ["KAZ", "KGZ", "UZB", "TJK", "TKM"]


def run(region: Region, baseline: CoupledBaseline, plan: str, scenario: str) -> CoupledResult:
    """Couple the plan's own projects, without those it takes over from the committed plan."""
    loaded = load_plan(plan, region)
    alone = loaded.model_copy(update={"projects": loaded.own, "in_baseline": ()})
    return couple(build_case(region, alone, load_scenario(scenario, region)), baseline)


def welfare(found: CoupledResult) -> dict[str, float]:
    table = found.economies()
    return dict(zip(table["economy"], table["welfare_pct"], strict=True))


@pytest.fixture(scope="module")
def sanctions(shipped: Region, shipped_baseline: CoupledBaseline) -> CoupledResult:
    return run(shipped, shipped_baseline, "as_is", "northern_sanctions")


@pytest.fixture(scope="module")
def caspian(shipped: Region, shipped_baseline: CoupledBaseline) -> CoupledResult:
    return run(shipped, shipped_baseline, "middle_corridor", "reference")


@pytest.fixture(scope="module")
def railway(shipped: Region, shipped_baseline: CoupledBaseline) -> CoupledResult:
    return run(shipped, shipped_baseline, "announced_2025", "reference")


def test_every_loop_converges_in_few_rounds(
    sanctions: CoupledResult, caspian: CoupledResult, railway: CoupledResult
) -> None:
    for found in (sanctions, caspian, railway):
        assert found.convergence.residual < 1e-4
        assert found.convergence.iterations < 10


def test_sanctions_hurt_the_target_far_more_than_the_coalition(sanctions: CoupledResult) -> None:
    lost = welfare(sanctions)
    assert max(lost[name] for name in ("RUS", "BLR")) < -0.5
    for sender in SENDERS:
        assert lost[sender] < 0.01
        assert abs(lost[sender]) < abs(lost["RUS"]) / 5.0


def test_small_state_named_by_sanctions_loses_most_of_the_region(sanctions: CoupledResult) -> None:
    lost = welfare(sanctions)
    assert lost["KGZ"] == min(lost[name] for name in HOME)
    assert lost["KGZ"] < 5.0 * min(lost[name] for name in NAMING)


def test_severe_pressure_cuts_trade_by_about_its_source_estimate(sanctions: CoupledResult) -> None:
    # 77 % less trade under complete sanctions (pressure_levels, after the global sanctions data base);
    # income and diversion move single pairs a little off it.
    pairs = sanctions.pairs()
    pressed = pairs[pairs["exporter"].isin(SENDERS) & pairs["importer"].isin(["RUS", "BLR"])]
    change = pressed["after_musd"].sum() / pressed["before_musd"].sum() - 1.0
    assert -0.85 < change < -0.65


def test_corridor_benefits_the_economies_on_it(caspian: CoupledResult) -> None:
    gained = welfare(caspian)
    on_it = ["KAZ", "AZE", "GEO"]
    assert all(gained[name] > 0.02 for name in on_it)
    others = [value for name, value in gained.items() if name not in (*on_it, "ARM", "TUR")]
    assert min(gained[name] for name in on_it) > max(others)


def test_railway_benefits_the_two_economies_it_joins_to_china_most(railway: CoupledResult) -> None:
    # Goods from China are 0.11 of Uzbek and 0.15 of Kyrgyz expenditure, re-exports apart, but the line
    # lowers their cost by 0.3 % at most: trains already reach Uzbekistan, lorries Kyrgyzstan. Transit
    # income is no part of the trade model.
    gained = welfare(railway)
    joined = [gained["KGZ"], gained["UZB"]]
    assert min(joined) > max(value for name, value in gained.items() if name not in ("KGZ", "UZB"))
    assert min(joined) > 0.02


def test_no_cost_falls_beyond_the_most_favourable_published_corridor(
    caspian: CoupledResult, railway: CoupledResult
) -> None:
    for found in (caspian, railway):
        costs = found.costs()
        values = found.flows().set_index(["exporter", "importer", "commodity"])["before_musd"]
        keys = list(zip(costs["exporter"], costs["importer"], costs["commodity"], strict=True))
        pairs = costs.assign(value=values.reindex(keys).to_numpy(), fall=1.0 - costs["cost_hat"])
        mean = pairs.groupby(["exporter", "importer"])[["value", "fall"]].apply(
            lambda pair: np.average(pair["fall"], weights=pair["value"])
        )
        assert 0.0 < mean.max() < 0.102


def test_imbalances_sum_to_zero(sanctions: CoupledResult) -> None:
    table = sanctions.economies()
    assert table["imbalance"].sum() == pytest.approx(0.0, abs=1e-6 * table["expenditure"].sum())


@pytest.fixture(scope="module")
def without_russia(shipped: Region, shipped_baseline: CoupledBaseline) -> CoupledResult:
    """Without trade with Russia or through it, one year after; capacities hold as by default."""
    first_year = shipped_baseline.with_sectors("sectors", "short_run")
    case = build_case(shipped, load_plan("as_is", shipped), load_scenario("withdrawal_russia", shipped))
    return couple(case, first_year, first_year.settings.model_copy(update={"tolerance": 1e-2}))


def test_kazakhstan_without_russia_sells_less_than_25_mt_of_crude_oil(without_russia: CoupledResult) -> None:
    flows = without_russia.flows()
    oil = flows[(flows["exporter"] == "KAZ") & (flows["commodity"] == "crude_oil")]
    assert oil["before_t"].sum() > 60e6
    assert oil["after_t"].sum() < 25e6
    price = without_russia.shadow_prices().set_index("capacity")["price_usd_per_t"]
    assert {"aktau_tankers", "kenkiyak_atyrau", "kyzylorda_oil", "crude_by_rail_kaz"} <= set(price.index)
    # Not above the value of oil.
    assert price.max() < 600.0


def test_money_of_stranded_oil_is_that_of_the_tonnes_that_are_sold(without_russia: CoupledResult) -> None:
    # No sale without a route: what abroad pays the wells for a tonne is their price, of 567 USD/t before.
    trade, table = without_russia.trade, without_russia.sectors()
    base = without_russia.baseline.trade.baseline
    sector, seller = base.sectors.index("crude_oil"), base.economies.index("KAZ")
    abroad = trade.flow[sector, seller].sum() - trade.flow[sector, seller, seller]
    flows = without_russia.flows()
    oil = flows[(flows["exporter"] == "KAZ") & (flows["commodity"] == "crude_oil")]
    row = table[(table["economy"] == "KAZ") & (table["sector"] == "crude_oil")].iloc[0]
    assert abroad * 1e6 / oil["after_t"].sum() == pytest.approx(567.0 * row["price_hat"], rel=0.05)
