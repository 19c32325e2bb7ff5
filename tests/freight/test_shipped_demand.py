"""Tonnes of the shipped pack: their provenance, and their totals against records."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia import Case, Region, Scenario, build_case, load_plan
from sogdia.case import unit_values_of
from sogdia.freight.supernetwork.demand import tonnes_by_pair


@pytest.fixture(scope="module")
def base(shipped: Region) -> Case:
    scenario = Scenario(name="base", title="Base year", description="", year=shipped.base_year)
    return build_case(shipped, load_plan("as_is", shipped), scenario)


@pytest.fixture(scope="module")
def mt(base: Case) -> pd.Series[float]:
    """Million tonnes by exporter, importer, commodity."""
    pairs = tonnes_by_pair(base.table("trade"), base.table("commodities"), unit_values_of(base))
    return pairs.set_index(["exporter", "importer", "commodity"])["tonnes"].div(1e6)


def test_tonnes_of_trade_are_reported_or_derived(base: Case) -> None:
    """Tonnes that are value over a value per tonne belong in ``unit_values``, with their interval."""
    trade = base.table("trade")
    known = trade[trade["tonnes"].notna()]
    assert set(known["tonnes_basis"]) == {"reported", "derived"}
    assert (trade.loc[trade["tonnes"].isna(), "tonnes_basis"].fillna("") == "").all()


def test_each_commodity_of_freight_has_a_value_per_tonne_for_any_pair(base: Case) -> None:
    table, commodities = base.table("unit_values"), base.table("commodities")
    general = table[(table["exporter"] == "any") & (table["importer"] == "any")]
    assert set(general["commodity"]) == set(commodities.index[commodities["freight"].astype(bool)])


def test_transit_neighbours_have_a_composition(base: Case) -> None:
    """Less than a tenth of the value of the economies between the region and the seas is not split."""
    trade, economies = base.table("trade"), base.table("economies")
    transit = set(economies.loc[economies["group"] == "transit", "iso3"])
    abroad = trade[(trade["exporter"] != trade["importer"]) & trade["exporter"].isin(transit)]
    total = abroad[abroad["commodity"] == "all"]["value_musd"].sum()
    assert abroad[abroad["commodity"] != "all"]["value_musd"].sum() > 0.9 * total


RECORDS = [
    # exporter, importer, goods, million tonnes. Oil and coal are totals that rows were derived from; the
    # others are records that no row is made from.
    pytest.param("KAZ", "RUS", None, 34.6, id="railway exports of Kazakhstan to Russia"),
    pytest.param("KAZ", "UZB", None, 10.0, id="railway exports of Kazakhstan to Uzbekistan"),
    pytest.param("KAZ", "CHN", "but crude_oil", 12.7, id="railway exports of Kazakhstan to China"),
    pytest.param("KAZ", "any", "crude_oil", 70.5, id="oil exports of Kazakhstan"),
    pytest.param("KAZ", "any", "coal", 31.2, id="coal exports of Kazakhstan"),
    pytest.param(
        "UZB", "any", None, 11.6, id="railway exports of Uzbekistan, first quarter of 2024 times four"
    ),
]


@pytest.mark.parametrize(("exporter", "importer", "goods", "recorded"), RECORDS)
def test_totals_agree_with_records_within_a_fifth(
    mt: pd.Series[float], exporter: str, importer: str, goods: str | None, recorded: float
) -> None:
    table = mt.reset_index()
    chosen = table["exporter"] == exporter
    if importer != "any":
        chosen &= table["importer"] == importer
    if goods is not None:
        name = goods.removeprefix("but ")
        chosen &= (table["commodity"] != name) if goods != name else (table["commodity"] == name)
    assert table.loc[chosen, "tonnes"].sum() == pytest.approx(recorded, rel=0.2)
