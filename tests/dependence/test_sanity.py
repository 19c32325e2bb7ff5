"""Losses of the shipped region against orders of size of published figures (docs/partners.md has sources).

Trade and transfers alone, at the costs of carriage of the baseline: routes change little of these. The last
test is the power system alone.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sogdia.case import build_case, load_scenario, reference_plan
from sogdia.coupling.power_value import supply_cost
from sogdia.dependence.trade_channels import Shock, TradeWorld, with_partners_cut
from sogdia.dependence.withdrawal import members_of
from sogdia.power import PowerModel, build_power_inputs, solve
from sogdia.region import Region
from sogdia.trade.inputs import build_trade_inputs
from sogdia.trade.settings import TradeSettings
from sogdia.trade.wedges import Wedges

EARNED = 0.4


@pytest.fixture(scope="module")
def losses(shipped: Region) -> dict[str, dict[str, float]]:
    """Loss in per cent of GDP by partner and home country, long run."""
    case = build_case(shipped, reference_plan(shipped), load_scenario("reference", shipped))
    inputs, homes = build_trade_inputs(case, "sectors", "long_run"), shipped.home
    world = TradeWorld(inputs, inputs.baseline, case, TradeSettings(imbalance="multiplicative"))
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)

    def lost(partner: str) -> dict[str, float]:
        members = members_of(case, (partner,))
        leg_hat = with_partners_cut(inputs, np.ones(len(inputs.legs.table)), homes, members)
        transfers = [world.lost_transfers(kind, members, homes) for kind in ("aid", "remittances")]
        shock = Shock(leg_hat, inputs.tariff_pct, Wedges.none(), transfers[0], transfers[1])
        gains = world.gains(world.solve(shock, EARNED))
        return {home: -100.0 * gain / float(gdp[home]) for home, gain in zip(homes, gains, strict=True)}

    return {name: lost(name) for name in ("russia", "china", "european_union", "development_banks")}


@pytest.mark.parametrize("home", ["TJK", "KGZ", "UZB"])
def test_russia_is_the_partner_with_the_largest_loss(losses: dict[str, dict[str, float]], home: str) -> None:
    largest = max(losses, key=lambda name: losses[name][home])
    assert largest == "russia"


def test_turkmenistan_without_china_loses_8_to_13_per_cent(losses: dict[str, dict[str, float]]) -> None:
    assert 8.0 < losses["china"]["TKM"] < 13.0


def test_development_banks_trade_with_no_country(losses: dict[str, dict[str, float]]) -> None:
    assert max(map(abs, losses["development_banks"].values())) < 1e-6


def test_plants_of_one_owner_in_uzbekistan_are_no_loss_of_kyrgyzstan(shipped: Region) -> None:
    # All 2.5 GW in which Saudi Arabia's company has a share stop at once, and no other plant is built. What
    # Kyrgyzstan then pays more for its imports is limited by the lines, and contracts fix their price.
    case = build_case(shipped, reference_plan(shipped), load_scenario("reference", shipped))
    plants = case.table("plants").copy()
    owned = plants["iso3"].eq("UZB") & plants["owner"].fillna("").str.contains("SAU")
    plants.loc[owned & plants["status"].eq("operating"), "status"] = "suspended"
    closed = replace(case, frames=MappingProxyType({**case.frames, "plants": plants}))
    model = PowerModel(build_power_inputs(case))
    before = model.solve()
    after = solve(build_power_inputs(closed), model, filler=before.filler)
    lost = supply_cost(after) - supply_cost(before)
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)
    assert lost["UZB"] > 100.0
    assert abs(lost["KGZ"]) < 0.005 * gdp["KGZ"]
