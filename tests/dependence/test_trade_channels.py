"""Channels of trade in the shipped region: which legs belong to which, transfers and labour by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.case import build_case, load_scenario, reference_plan
from sogdia.dependence.trade_channels import (
    BY_LEG,
    ORDER,
    Shock,
    TradeWorld,
    between,
    channel_gains,
    channels_of_legs,
    ranges_of,
    rent_shares,
    settled_legs,
    theta_range,
    with_partners_cut,
)
from sogdia.dependence.withdrawal import passed_parties
from sogdia.region import Region
from sogdia.trade.inputs import build_trade_inputs
from sogdia.trade.settings import TradeSettings
from sogdia.trade.wedges import Wedges

RUSSIA = ("RUS",)
EARNED = 0.4


@pytest.fixture(scope="module")
def world(shipped: Region) -> TradeWorld:
    case = build_case(shipped, reference_plan(shipped), load_scenario("reference", shipped))
    inputs = build_trade_inputs(case, "sectors", "long_run")
    return TradeWorld(inputs, inputs.baseline, case, TradeSettings(imbalance="multiplicative"))


def shock(world: TradeWorld, *partners: str) -> Shock:
    homes, inputs = world.case.region.home, world.inputs
    lost = [world.lost_transfers(kind, partners, homes) for kind in ("aid", "remittances")]
    leg_hat = with_partners_cut(inputs, np.ones(len(inputs.legs.table)), homes, partners)
    return Shock(leg_hat, inputs.tariff_pct, Wedges.none(), lost[0], lost[1])


def test_legs_belong_to_the_channel_of_their_sector_and_ends(world: TradeWorld) -> None:
    homes, table = world.case.region.home, world.inputs.legs.table
    channel = channels_of_legs(world.inputs, homes, RUSSIA)

    def of(exporter: str, importer: str, sector: str) -> set[str]:
        rows = (table["exporter"] == exporter) & (table["importer"] == importer) & (table["sector"] == sector)
        return {BY_LEG[n] for n in channel[rows.to_numpy()]}

    assert of("RUS", "KAZ", "machinery") == {"trade"}
    assert of("KAZ", "RUS", "tourism") == {"services"}
    assert of("KAZ", "CHN", "crude_oil") == {"rents"}, "the route to any buyer may be lost"
    assert of("CHN", "EUU", "machinery") == {"transit"}
    is_power = settled_legs(world.inputs, homes)
    assert set(table["sector"][is_power]) == {"electricity"}


def test_only_trade_with_the_partner_ends_and_gold_is_sold_to_the_world(world: TradeWorld) -> None:
    homes, table = world.case.region.home, world.inputs.legs.table
    leg_hat = shock(world, *RUSSIA).leg_hat
    with_russia = between(table, homes, RUSSIA)
    gold = (table["sector"] == "gold").to_numpy()
    assert np.isinf(leg_hat[with_russia & ~gold]).all()
    assert (leg_hat[~with_russia | gold] == 1.0).all()


def test_returning_migrants_earn_a_part_of_what_they_sent(world: TradeWorld) -> None:
    names = list(world.baseline.economies)
    home, payer = names.index("TJK"), names.index("RUS")
    assert world.baseline.transfers is not None
    lost = shock(world, *RUSSIA)
    sent = float(lost.remittances[payer, home])
    assert sent > 0.0
    change = world.solve(lost, EARNED).change
    assert change.labour is not None
    assert change.labour[home] == pytest.approx(
        1.0 + EARNED * sent / float(world.baseline.labour_income[home])
    )
    assert change.transfers is not None
    assert change.transfers[payer, home] == 0.0
    other = names.index("GEO")
    assert change.transfers[payer, other] == world.baseline.transfers[payer, other] > 0.0


def test_channels_sum_to_the_joint_loss_and_lost_remittances_cost(world: TradeWorld) -> None:
    none, joint = shock(world), shock(world, *RUSSIA)
    channel = channels_of_legs(world.inputs, world.case.region.home, RUSSIA)
    gains = channel_gains(world, none, joint, channel, EARNED)
    assert [name for name, _ in gains] == list(ORDER)
    np.testing.assert_allclose(gains[-1][1], world.gains(world.solve(joint, EARNED)), rtol=1e-8)
    steps = dict(gains)
    tajikistan = world.case.region.home.index("TJK")
    lost = float(steps["aid"][tajikistan] - steps["remittances"][tajikistan])
    sent = float(joint.remittances.sum(axis=0)[list(world.baseline.economies).index("TJK")])
    assert 0.5 * (1.0 - EARNED) * sent < lost < sent


def test_ranges_change_one_assumption(world: TradeWorld) -> None:
    assert world.baseline.specific_share is not None
    np.testing.assert_allclose(rent_shares(world, "value_added_share"), world.baseline.specific_share)
    low, high = theta_range(world)
    theta = world.baseline.theta
    assert ((low <= theta) & (theta <= high)).all()
    machinery = world.baseline.sectors.index("machinery")
    assert (low[machinery], high[machinery]) == pytest.approx((1.72 - 0.51, 1.72 + 0.51))
    names = [name for name, _, _ in ranges_of(world, (0.4, 0.3, 0.5))]
    assert names == [
        "imbalances additive", "returning migrants low", "returning migrants high", "elasticities low",
        "elasticities high", "rents low", "rents high",
    ]  # fmt: skip


def test_freight_passes_territory_that_rail_and_road_join_to_the_region(world: TradeWorld) -> None:
    assert passed_parties(world.case, ("china",)) == ("CHN",)
    assert {"EUU", "DEU"} <= set(passed_parties(world.case, ("european_union",)))
    assert passed_parties(world.case, ("turkiye_gulf",)) == ("TUR",)
    assert passed_parties(world.case, ("united_states", "development_banks")) == ()
