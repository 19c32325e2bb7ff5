"""A customs union that ends: which withdrawal ends it, tariffs and duties by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sogdia import Case, Region
from sogdia.case import build_case, load_scenario, reference_plan
from sogdia.dependence.coverage import CHANNELS, is_measured
from sogdia.dependence.customs_union import (
    ended_unions,
    is_minority,
    lost_duties,
    national_tariffs,
    price_taker_gain,
)
from sogdia.dependence.lasting_losses import Exposures, lasting_losses
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.study import WithdrawalStudy, case_name
from sogdia.dependence.trade_channels import Shock, TradeWorld
from sogdia.dependence.trade_jobs import Carriage, CoalitionTrade, TradeJob
from sogdia.dependence.withdrawal import members_of
from sogdia.runs.context import RunContext
from sogdia.trade.inputs import TradeInputs, build_trade_inputs
from sogdia.trade.settings import TradeSettings
from sogdia.trade.wedges import Wedges

RUSSIA, BELARUS, CHINA = ("RUS",), ("BLR",), ("CHN",)


@pytest.fixture(scope="module")
def case(shipped: Region) -> Case:
    return build_case(shipped, reference_plan(shipped), load_scenario("reference", shipped))


@pytest.fixture(scope="module")
def inputs(case: Case) -> TradeInputs:
    return build_trade_inputs(case, "sectors", "long_run")


@pytest.fixture(scope="module")
def study(case: Case, shipped: Region) -> WithdrawalStudy:
    return WithdrawalStudy(case, DependenceSettings(), reference_plan(shipped))


def test_union_ends_without_the_members_that_have_most_of_its_duties(case: Case) -> None:
    homes = case.region.home
    assert set(ended_unions(case, RUSSIA, homes)) == {"KAZ", "KGZ"}
    assert set(ended_unions(case, RUSSIA, ("KGZ",))) == {"KGZ"}
    assert not ended_unions(case, BELARUS, homes)
    assert not ended_unions(case, CHINA, homes)
    assert is_minority(case, BELARUS, "KAZ")
    assert not is_minority(case, BELARUS, "UZB")
    assert not is_minority(case, RUSSIA, "KAZ")


def test_tariffs_of_members_change_by_national_over_common(case: Case, inputs: TradeInputs) -> None:
    before, table = inputs.tariff_pct, inputs.entries.table
    after = national_tariffs(case, inputs, before, RUSSIA, case.region.home)
    taxed = before > 0.0
    for home, factor in (("KAZ", 6.7 / 9.2), ("KGZ", 5.04 / 9.4), ("UZB", 1.0), ("BLR", 1.0)):
        own = taxed & (table["importer"] == home).to_numpy()
        assert own.any()
        np.testing.assert_allclose(after[own], factor * before[own])
    assert (after[~taxed] == 0.0).all(), "remaining members trade free of tariffs"
    high = national_tariffs(case, inputs, before, RUSSIA, ("KAZ",), "high")
    np.testing.assert_allclose(high, before)
    np.testing.assert_array_equal(national_tariffs(case, inputs, before, CHINA, case.region.home), before)


def test_balance_of_duties_is_lost_where_it_is_published(case: Case) -> None:
    lost = lost_duties(case, RUSSIA, case.region.home)
    assert lost.to_dict() == {"KAZ": 95.0, "KGZ": 0.0, "UZB": 0.0, "TJK": 0.0, "TKM": 0.0}
    assert (lost_duties(case, CHINA, case.region.home) == 0.0).all()


def test_price_taker_gains_the_mean_tariff_on_added_imports() -> None:
    """Imports of the second economy rise from 100 to 126 at prices 5 % higher: 20 at prices of before."""

    def trade(tariff: float, imports: float, price: float) -> Any:
        flow, rates = np.zeros((1, 2, 2)), np.zeros((1, 2, 2))
        flow[0, 0, 1], rates[0, 0, 1] = imports, tariff
        change = SimpleNamespace(tariff=rates)
        return cast(Any, SimpleNamespace(flow=flow, cost_hat=np.array([[price, 1.0]]), change=change))

    gain = price_taker_gain(trade(0.10, 100.0, 1.0), trade(0.05, 126.0, 1.05))
    assert gain.tolist() == pytest.approx([0.0, 0.5 * 0.15 * 20.0])


def test_lower_tariffs_cost_by_terms_of_trade_and_gain_where_goods_are_alike(
    case: Case, inputs: TradeInputs
) -> None:
    """The tariff that is best for one country is 1 / θ (Gros 1987): above it lower tariffs gain."""
    world = TradeWorld(inputs, inputs.baseline, case, TradeSettings(imbalance="multiplicative"))
    homes, union = case.region.home, inputs.tariff_pct
    national = national_tariffs(case, inputs, union, RUSSIA, homes)
    same, none = np.ones(len(inputs.legs.table)), np.zeros((len(inputs.baseline.economies),) * 2)
    kyrgyzstan, gained = homes.index("KGZ"), []
    for factor in (1.0, 40.0):
        own = replace(world, baseline=replace(world.baseline, theta=factor * world.baseline.theta))
        sides = [
            own.gains(own.solve(Shock(same, tariff, Wedges.none(), none, none), 0.0))
            for tariff in (union, national)
        ]
        gained.append(float((sides[1] - sides[0])[kyrgyzstan]))
    assert gained[0] < 0.0 < gained[1]


@pytest.mark.parametrize(
    ("home", "partner", "channel", "measured"),
    [
        ("KAZ", "russia", "customs_union", True),
        ("TJK", "china", "customs_union", True),
        ("KGZ", "belarus", "customs_union", False),
        ("KGZ", "china", "refinancing", True),
        ("TKM", "china", "refinancing", True),
        ("KAZ", "china", "refinancing", False),
        ("KAZ", "united_states", "foreign_investment", True),
        ("TKM", "russia", "foreign_investment", False),
        ("TKM", "development_banks", "foreign_investment", True),
        ("UZB", "russia", "technology", False),
    ],
)
def test_channel_is_measured_where_the_region_has_data(
    study: WithdrawalStudy, home: str, partner: str, channel: str, measured: bool
) -> None:
    assert channel in CHANNELS
    assert is_measured(study, home, partner, channel) is measured


@pytest.fixture(scope="module")
def tables(case: Case, inputs: TradeInputs, study: WithdrawalStudy, shipped: Region) -> dict[str, Any]:
    """Tables of the job of trade without Russia, and without both Russia and China, at unchanged carriage."""
    carriage = Carriage(np.ones(len(inputs.legs.table)), inputs.tariff_pct, Wedges.none())
    names = ((), ("russia",), ("russia", "china"))
    coalitions = tuple(
        CoalitionTrade(case_name(each), "same", members, members, len(each) == 1)
        for each in names
        for members in (members_of(case, each),)
    )
    job = TradeJob(
        "year_10", reference_plan(shipped), case.scenario, study.coupling("year_10"), case.region.home,
        coalitions, {"same": carriage}, case.digest, False, False,
    )  # fmt: skip
    return dict(job.compute(RunContext(shipped, None, None), 1).tables)


def test_job_of_trade_has_gains_of_members_whose_union_ends(tables: dict[str, Any]) -> None:
    tariffs = tables["tariffs"].set_index(["case", "home"])
    assert {home for _, home in tariffs.index} == {"KAZ", "KGZ"}
    alone = tariffs.loc[case_name(("russia",))]
    assert (alone["low_musd"] >= alone["gain_musd"]).all(), "lower duties, larger gain"
    assert abs(alone["high_musd"]["KAZ"]) < 0.05 * alone["gain_musd"]["KAZ"], "only Kyrgyz duties change"
    assert (alone["gain_musd"] > 0.0).all()
    assert (alone["rerun_musd"] < 0.0).all(), "terms of trade"


def test_end_of_the_union_costs_its_balance_less_the_gain_by_lower_duties(
    study: WithdrawalStudy, tables: dict[str, Any]
) -> None:
    tariffs = tables["tariffs"]
    gain = tariffs[tariffs["case"] == case_name(("russia",))].set_index("home")["gain_musd"]
    lost = lasting_losses(study, "year_10", ("russia",), Exposures.of(study), tariffs)["customs_union_musd"]
    assert lost["KAZ"] == pytest.approx(95.0 - gain["KAZ"])
    assert lost["KGZ"] == pytest.approx(-gain["KGZ"])
    assert (lost[["UZB", "TJK", "TKM"]] == 0.0).all()
