"""Freight of links by commodity, and the trade that uses each link."""

from __future__ import annotations

import pytest

from sogdia import Case
from sogdia.freight import FreightResult, assign_freight, link_commodities, link_users
from sogdia.freight.link_users import MOST_USERS

from .networks import SUE


@pytest.fixture(scope="module", params=["user equilibrium", "logit"])
def freight(request: pytest.FixtureRequest, borderland: Case) -> FreightResult:
    return assign_freight(borderland, SUE) if request.param == "logit" else assign_freight(borderland)


def test_commodities_of_a_link_sum_to_its_tonnes(freight: FreightResult) -> None:
    by_link = link_commodities(freight).groupby("link")["tonnes"].sum()
    tonnes = freight.links().set_index("link")["tonnes"]
    assert len(by_link) > 3
    assert set(by_link.index) == set(tonnes.index[tonnes >= 1.0])
    assert by_link.to_dict() == pytest.approx(tonnes[by_link.index].to_dict(), abs=2.0)


def test_users_of_a_link_sum_to_its_tonnes_and_to_all_of_it(freight: FreightResult) -> None:
    users = link_users(freight, most=1000).groupby("link")[["tonnes", "share_pct"]].sum()
    tonnes = freight.links().set_index("link")["tonnes"]
    assert users["tonnes"].to_dict() == pytest.approx(tonnes[users.index].to_dict(), rel=1e-4, abs=5.0)
    assert users["share_pct"].to_list() == pytest.approx([100.0] * len(users), abs=0.1)


def test_users_of_one_link_are_those_of_select_link(freight: FreightResult) -> None:
    arcs = freight.result.network.arcs
    link = str(link_users(freight)["link"].iloc[0])
    one = freight.result.select((arcs["link_id"] == link).to_numpy(dtype=bool))
    named = freight.supernetwork.identified(freight.result.demand).assign(tonnes=one["selected"])
    keys = ["exporter", "importer", "commodity"]
    expected = named.astype(dict.fromkeys(keys, str)).groupby(keys)["tonnes"].sum()
    found = link_users(freight).query("link == @link").set_index(keys)["tonnes"]
    assert found.to_dict() == pytest.approx(expected[expected >= 0.5].to_dict())


def test_largest_users_come_first_and_others_are_left_out(freight: FreightResult) -> None:
    every, first = link_users(freight, most=1000), link_users(freight, most=1)
    assert first["link"].is_unique
    assert first.set_index("link")["tonnes"].equals(every.groupby("link", sort=False)["tonnes"].max())
    assert link_users(freight).groupby("link").size().max() <= MOST_USERS
