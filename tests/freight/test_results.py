"""Tables of assigned freight."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.freight import FreightResult, assign_freight

from .borderland import changed, restriction, with_rows
from .networks import SUE, gate_flow


def test_undelivered_freight_is_listed_with_its_value(borderland: Case) -> None:
    open_sea = assign_freight(borderland, SUE)
    assert open_sea.undelivered().empty
    assert list(open_sea.undelivered().columns) == [
        "exporter",
        "importer",
        "commodity",
        "tonnes",
        "value_musd",
    ]
    cut = assign_freight(changed(borderland, {("links", "sea_p_d", "status"): "closed"}), SUE)
    undelivered = cut.undelivered().set_index(["exporter", "importer", "commodity"])
    assert undelivered["tonnes"].to_dict() == {
        ("XAA", "XAD", "all"): pytest.approx(9000),
        ("XAD", "XAA", "all"): pytest.approx(7000),
        ("XAC", "XAD", "all"): pytest.approx(5000),
    }
    assert undelivered["value_musd"].tolist() == [24.0, 24.0, 24.0]  # values of trade
    assert cut.result.demand.total + undelivered["tonnes"].sum() == pytest.approx(
        open_sea.result.demand.total
    )


def test_undelivered_value_is_that_of_trade_whatever_counts_make_of_its_tonnes(borderland: Case) -> None:
    closed = changed(borderland, {("links", "sea_p_d", "status"): "closed"})
    columns = closed.table("demand_factors").columns
    factor = pd.DataFrame([{"exporter": "XAA", "importer": "XAD", "commodity": "all", "factor": 2.0}])
    cut = assign_freight(closed.with_table("demand_factors", factor.reindex(columns=columns)), SUE)
    found = cut.undelivered().set_index(["exporter", "importer", "commodity"])
    assert found["tonnes"]["XAA", "XAD", "all"] == pytest.approx(18_000)
    assert found["value_musd"]["XAA", "XAD", "all"] == pytest.approx(24.0)


def test_barred_freight_without_another_path_is_undelivered(borderland: Case) -> None:
    case = with_rows(borderland, "restrictions", [restriction("ban", "territory", "XAB", "XAD")], "id")
    freight = assign_freight(case, SUE)
    assert set(freight.undelivered()["commodity"]) == {"all"}
    assert freight.undelivered()["tonnes"].sum() == pytest.approx(21000)


def test_delivered_and_undelivered_sum_to_demand(base_year: FreightResult) -> None:
    total = base_year.supernetwork.demand.total
    assert base_year.result.demand.total + base_year.undelivered()["tonnes"].sum() == pytest.approx(
        total, rel=1e-12
    )
    trade = base_year.supernetwork.case.table("trade").set_index(["exporter", "importer", "commodity"])
    undelivered = base_year.undelivered().set_index(["exporter", "importer", "commodity"])
    assert (undelivered["value_musd"] <= trade["value_musd"].reindex(undelivered.index) * (1 + 1e-9)).all()


def test_corridor_shares_are_of_delivered_freight(base_year: FreightResult) -> None:
    table = base_year.corridors().set_index("corridor")
    assert table["share_pct"].between(0.0, 100.0).all()
    for corridor, row in table.iterrows():
        assert row["share_pct"] == pytest.approx(100 * row["tonnes"] / base_year.result.demand.total)
        # Gates of one corridor may lie one behind the other; then a path counts once and arcs twice.
        assert row["tonnes"] <= gate_flow(base_year, str(corridor)) * (1 + 1e-9) + 1e-3


def test_corridor_shares_of_some_pairs(base_year: FreightResult) -> None:
    pairs = pd.DataFrame({"exporter": ["CHN"], "importer": ["EUU"]})
    some, all_of_it = base_year.corridor_shares(pairs), base_year.corridors()
    assert (some["tonnes"] <= all_of_it["tonnes"] + 1e-6).all()
    assert some["share_pct"].between(0.0, 100.0).all()
    assert some["tonnes"].sum() > 0.0
    no_pair = base_year.corridor_shares(pd.DataFrame({"exporter": ["CHN"], "importer": ["CHN"]}))
    assert no_pair["tonnes"].sum() == no_pair["share_pct"].sum() == 0.0


def test_select_link_on_a_gate_is_its_flow(base_year: FreightResult) -> None:
    table = base_year.result.links()
    for links in base_year.supernetwork.case.table("corridors")["gates"].str.split(";"):
        first = table["link_id"].eq(links[0])
        for arc in np.flatnonzero(first.to_numpy(dtype=bool)):
            selected = base_year.result.select(np.arange(len(table)) == arc)["selected"].sum()
            assert selected == pytest.approx(table["flow"].iloc[arc], rel=1e-9, abs=1e-6)


def test_transit_by_hand(borderland: Case) -> None:
    """Two countries are at an end and have no transit. Two are between, and some pairs pass entirely."""
    table = assign_freight(borderland).transit().set_index("territory")
    assert table["transit_t"].to_dict() == {
        "XAA": pytest.approx(5000 + 8000),  # c to d, b to c; oil from c to b takes its pipe
        "XAB": pytest.approx(9000 + 7000 + 5000),  # a and c to d, d to a
        "XAC": 0.0,
        "XAD": 0.0,
    }
    assert table["home_t"].to_dict() == {
        "XAA": pytest.approx(8000),
        "XAB": pytest.approx(9000 + 7000),
        "XAC": 0.0,
        "XAD": 0.0,
    }


def test_transit_is_at_most_demand_and_charges_are_not_negative(base_year: FreightResult) -> None:
    table = base_year.transit()
    assert (table["home_t"] <= table["transit_t"] + 1e-6).all()
    assert (table["transit_t"] <= base_year.result.demand.total).all()
    assert (table[["tonne_km", "usd"]] >= 0.0).all().all()
    hauls = base_year.result.links()
    hauls = hauls[hauls["kind"] == "haul"]
    assert table["tonne_km"].sum() == pytest.approx(float((hauls["flow"] * hauls["length_km"]).sum()))


def test_stations_sum_to_their_arcs(base_year: FreightResult) -> None:
    table, links = base_year.stations(), base_year.result.links()
    for kind in ("crossing", "transfer"):
        arcs = links[(links["kind"] == kind) & (links[f"{kind}_id"] != "")]
        assert table.loc[table["kind"] == kind, "tonnes"].sum() == pytest.approx(float(arcs["flow"].sum()))
    assert (table["queue_h"] >= 0.0).all()
    assert not table.duplicated(["place", "kind", "mode"]).any()
    known = base_year.supernetwork.case.table("crossings")
    known = known[(known["status"] == "operating") & known["capacity_t"].notna()]
    finite = table[np.isfinite(table["capacity_t"])]
    assert set(zip(known["place"], known["mode"], strict=True)) <= set(
        zip(finite["place"], finite["mode"], strict=True)
    )


def test_bottlenecks_are_sorted_by_total_delay(base_year: FreightResult) -> None:
    table = base_year.bottlenecks()
    assert len(table) == 10
    assert table["tonne_hours"].is_monotonic_decreasing
    assert table["tonne_hours"].tolist() == pytest.approx((table["tonnes"] * table["delay_h"]).tolist())
    assert table["v_c"].tolist() == pytest.approx((table["tonnes"] / table["capacity_t"]).tolist())
