"""Geography of the shipped region: trade takes the ocean, canal and border that it takes in the world."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region
from sogdia.freight import FreightResult, assign_freight
from sogdia.region import great_circle_km

from .networks import shipped_case

SUEZ, CAPE, PANAMA = "sea_suez_port_said", "cape", "sea_balboa_colon"
TRADERS = ("USA", "JPN", "KOR", "CHN", "EUU", "IND", "RUS", "MNG")


def trade_of(case: Case, economies: tuple[str, ...]) -> Case:
    """Return the case with the trade among some economies only."""
    trade = case.table("trade")
    own = trade[trade["exporter"].isin(economies) & trade["importer"].isin(economies)]
    return replace(case, frames=MappingProxyType({**case.frames, "trade": own}))


@pytest.fixture(scope="module")
def overseas(shipped: Region) -> FreightResult:
    return assign_freight(trade_of(shipped_case(shipped, year=2023), TRADERS))


def share_on(freight: FreightResult, link: str, exporter: str, importer: str) -> float:
    """Return the share of a pair's freight that passes a link."""
    demand = freight.supernetwork.identified(freight.result.demand)
    passes = freight.result.loading.share((freight.result.network.arcs["link_id"] == link).to_numpy())
    own = ((demand["exporter"] == exporter) & (demand["importer"] == importer)).to_numpy()
    flow = demand["flow"].to_numpy()
    return float((passes * flow)[own].sum() / flow[own].sum())


@pytest.mark.parametrize(("exporter", "importer"), [("CHN", "USA"), ("USA", "JPN"), ("KOR", "USA")])
def test_trade_of_the_pacific_does_not_pass_suez(
    overseas: FreightResult, exporter: str, importer: str
) -> None:
    assert share_on(overseas, SUEZ, exporter, importer) < 0.1


def test_trade_of_the_atlantic_passes_no_canal(overseas: FreightResult) -> None:
    for canal in (SUEZ, PANAMA):
        assert share_on(overseas, canal, "EUU", "USA") < 0.02


def test_closed_suez_sends_europe_and_asia_round_the_cape(shipped: Region, overseas: FreightResult) -> None:
    case = trade_of(shipped_case(shipped, scenario="suez_closed", year=2026), ("CHN", "IND", "EUU"))
    closed = assign_freight(case)
    by_cape = closed.corridor_shares(pairs(("IND", "EUU"))).set_index("corridor")["share_pct"]
    assert by_cape[CAPE] > 50.0
    open_ = overseas.corridor_shares(pairs(("IND", "EUU"))).set_index("corridor")["share_pct"]
    assert open_[CAPE] < 5.0


def pairs(*named: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(named, columns=["exporter", "importer"])


def test_coal_of_mongolia_crosses_by_road_at_ganqmod(overseas: FreightResult) -> None:
    assert share_on(overseas, "road_gashuunsukhait_ganqmod", "MNG", "CHN") > 0.5


def test_sea_link_is_no_shorter_than_the_great_circle(shipped: Region) -> None:
    links, places = shipped.table("links"), shipped.table("places").set_index("id")
    sea = links[links["mode"] == "sea"]
    ends = [places.loc[sea[side]] for side in ("from", "to")]
    km = great_circle_km(ends[0]["lat"], ends[0]["lon"], ends[1]["lat"], ends[1]["lon"])
    shorter = sea["length_km"].to_numpy(dtype=float) < 0.98 * np.asarray(km)
    assert sea["id"][shorter].tolist() == []
