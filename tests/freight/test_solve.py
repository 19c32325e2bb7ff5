"""Freight of the shipped region: what must hold whatever its figures are."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Plan, Region, Scenario, build_case, load_plan, load_scenario
from sogdia.freight import SETTINGS, FreightResult, assign_freight
from sogdia.freight.journeys import find_journey, main_mode

CASPIAN, KYRGYZ = "middle", "kyrgyz_railway"


def case_of(region: Region, plan: str = "as_is", scenario: str = "reference", year: int = 2030) -> Case:
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region).at(year))


def of_the_region(case: Case) -> Case:
    """The case with the trade of the home economies alone, which is solved sooner."""
    trade, home = case.table("trade"), case.region.home
    mine = trade[trade["exporter"].isin(home) | trade["importer"].isin(home)]
    return replace(case, frames=MappingProxyType({**case.frames, "trade": mine}))


@pytest.fixture(scope="module")
def now(shipped: Region) -> FreightResult:
    """All trade in the base year, as it is."""
    return assign_freight(case_of(shipped, year=2023))


@pytest.fixture(scope="module")
def later(shipped: Region) -> FreightResult:
    """The region's own trade in 2030, as it is."""
    return assign_freight(of_the_region(case_of(shipped)))


def gate_flow(found: FreightResult, corridor: str) -> float:
    """Tonnes on the line-haul of a corridor's gates, added up arc by arc."""
    gates = found.supernetwork.case.table("corridors").loc[corridor, "gates"]
    return link_flow(found, set(str(gates).split(";")))


def link_flow(found: FreightResult, links: set[str]) -> float:
    table = found.result.links()
    return float(table.loc[table["link_id"].isin(links), "flow"].sum())


def test_what_starts_ends_or_passes_balances_at_each_node(now: FreightResult) -> None:
    result = now.result
    heads = np.zeros((len(result.demand.classes), len(result.network.nodes)))
    for k, flows in enumerate(result.flows):
        np.add.at(heads[k], result.network.graph.head, flows)
        np.add.at(heads[k], result.network.graph.tail, -flows)
    for row in result.demand.table.to_dict("records"):
        k = result.demand.classes.index(row["class"])
        heads[k, result.network.node_of[row["origin"]]] += row["flow"]
        heads[k, result.network.node_of[row["destination"]]] -= row["flow"]
    assert np.abs(heads).max() < 1e-9 * result.demand.total


def test_delivered_and_undelivered_are_the_demand(now: FreightResult) -> None:
    whole = now.supernetwork.demand.total
    assert now.result.demand.total + now.undelivered()["tonnes"].sum() == pytest.approx(whole, rel=1e-12)
    prices = now.supernetwork.case.table("commodities")["usd_per_t"].astype(float)
    told = now.undelivered()
    priced = told["tonnes"] * told["commodity"].map(prices) / 1e6
    assert told["value_musd"].tolist() == pytest.approx(priced.tolist())


def test_goods_keep_to_what_their_class_may_use(now: FreightResult) -> None:
    assert now.result.demand.extra is not None
    assert now.result.flows[np.isinf(now.result.demand.extra)].max(initial=0.0) == 0.0


def test_corridor_shares(now: FreightResult) -> None:
    table = now.corridors().set_index("corridor")
    assert table["share_pct"].between(0.0, 100.0).all()
    for corridor, row in table.iterrows():
        assert row["share_pct"] == pytest.approx(100 * row["tonnes"] / now.result.demand.total)
        # Gates of one corridor may lie one behind the other; then a path counts once and arcs twice.
        assert row["tonnes"] <= gate_flow(now, str(corridor)) * (1 + 1e-9) + 1e-3


def test_corridors_of_some_trade(now: FreightResult) -> None:
    pairs = pd.DataFrame({"exporter": ["CHN"], "importer": ["EUU"]})
    some, all_of_it = now.corridor_shares(pairs), now.corridors()
    assert (some["tonnes"] <= all_of_it["tonnes"] + 1e-6).all()
    assert some["share_pct"].between(0.0, 100.0).all()
    assert some["tonnes"].sum() > 0.0
    nobody = now.corridor_shares(pd.DataFrame({"exporter": ["CHN"], "importer": ["CHN"]}))
    assert nobody["tonnes"].sum() == nobody["share_pct"].sum() == 0.0


def test_select_link_on_a_gate_is_its_flow(now: FreightResult) -> None:
    table = now.result.links()
    for links in now.supernetwork.case.table("corridors")["gates"].str.split(";"):
        first = table["link_id"].eq(links[0])
        for arc in np.flatnonzero(first.to_numpy(dtype=bool)):
            selected = now.result.select(np.arange(len(table)) == arc)["selected"].sum()
            assert selected == pytest.approx(table["flow"].iloc[arc], rel=1e-9, abs=1e-6)


def test_transit_by_hand(borderland: Case) -> None:
    """Two countries lie at an end: nothing passes them. Two lie between, and all of some pairs passes."""
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


def test_transit_is_within_demand_and_money_is_paid(now: FreightResult) -> None:
    table = now.transit()
    assert (table["home_t"] <= table["transit_t"] + 1e-6).all()
    assert (table["transit_t"] <= now.result.demand.total).all()
    assert (table[["tonne_km", "usd"]] >= 0.0).all().all()
    hauled = now.result.links()
    hauled = hauled[hauled["kind"] == "haul"]
    assert table["tonne_km"].sum() == pytest.approx(float((hauled["flow"] * hauled["length_km"]).sum()))


def test_stations_sum_to_their_arcs(now: FreightResult) -> None:
    table, links = now.stations(), now.result.links()
    for kind in ("crossing", "transfer"):
        told = links[(links["kind"] == kind) & (links[f"{kind}_id"] != "")]
        assert table.loc[table["kind"] == kind, "tonnes"].sum() == pytest.approx(float(told["flow"].sum()))
    assert (table["queue_h"] >= 0.0).all()
    assert not table.duplicated(["place", "kind", "mode"]).any()
    known = now.supernetwork.case.table("crossings")
    known = known[(known["status"] == "operating") & known["capacity_t"].notna()]
    finite = table[np.isfinite(table["capacity_t"])]
    assert set(zip(known["place"], known["mode"], strict=True)) <= set(
        zip(finite["place"], finite["mode"], strict=True)
    )


def test_bottlenecks_are_the_worst_first(now: FreightResult) -> None:
    table = now.bottlenecks()
    assert len(table) == 10
    assert table["tonne_hours"].is_monotonic_decreasing
    assert table["tonne_hours"].tolist() == pytest.approx((table["tonnes"] * table["delay_h"]).tolist())
    assert table["v_c"].tolist() == pytest.approx((table["tonnes"] / table["capacity_t"]).tolist())


def test_a_journey_is_the_sum_of_its_arcs(now: FreightResult) -> None:
    network, delay = now.result.network, now.result.delay
    k = now.result.demand.classes.index("all")
    way = find_journey(now.supernetwork, ["altynkol", "almaty"], now.result.base[k], delay)
    assert way is not None
    rows = network.arcs.iloc[list(way.arcs)]
    waits = delay[network.graph.group[list(way.arcs)]].sum()
    assert list(rows["to"])[:-1] == list(rows["from"])[1:], "each arc starts where the one before ended"
    assert rows["from"].iloc[0].startswith("altynkol/")
    assert rows["to"].iloc[-1].startswith("almaty/")
    assert way.time_h == pytest.approx(float(rows["time_h"].sum()) + waits)
    assert way.usd_per_t == pytest.approx(float(rows["usd_per_t_container"].sum()))
    links = now.supernetwork.case.table("links")
    passed = rows.loc[rows["kind"] == "haul", "link_id"]
    assert way.length_km == pytest.approx(float(links.loc[passed, "length_km"].sum()))


def test_journeys_by_corridor(now: FreightResult) -> None:
    ends = now.supernetwork.case.table("journeys")
    for start, end in zip(ends["from"], ends["to"], strict=True):
        table = now.journeys_between(start, end)
        assert KYRGYZ not in set(table["corridor"]), "a railway that is not open has no row"
        assert (table[["days", "usd_per_teu", "length_km"]] > 0.0).all().all()
        assert table["corridor"].is_unique
        assert len(table) >= 3


def test_a_journey_by_a_corridor_passes_one_of_its_gates(now: FreightResult) -> None:
    ends = now.supernetwork.case.table("journeys").iloc[0]
    network, delay = now.result.network, now.result.delay
    base = now.result.base[now.result.demand.classes.index("all")]
    corridors = now.supernetwork.case.table("corridors")
    for corridor in now.journeys_between(ends["from"], ends["to"])["corridor"]:
        places = [ends["from"], *str(corridors.loc[corridor, "via"]).split(";"), ends["to"]]
        way = find_journey(now.supernetwork, places, base, delay)
        assert way is not None
        passed = set(network.arcs["link_id"].iloc[list(way.arcs)])
        gates = set(str(corridors.loc[corridor, "gates"]).split(";"))
        assert len(passed & gates) == 1, corridor


def test_a_journey_is_told_of_as_what_most_of_it_is(now: FreightResult) -> None:
    """Brest by rail alone; by Aktau and Poti trains and ships by turns; by Suez a ship but for its ends."""
    network, delay = now.result.network, now.result.delay
    base = now.result.base[now.result.demand.classes.index("all")]
    corridors, told = now.supernetwork.case.table("corridors"), {}
    for corridor in ("northern", "middle", "ocean"):
        places = ["xian", *str(corridors.loc[corridor, "via"]).split(";"), "duisburg"]
        way = find_journey(now.supernetwork, places, base, delay)
        assert way is not None
        told[corridor] = main_mode(network, way)
    assert told == {"northern": "rail", "middle": "multimodal", "ocean": "sea"}


def test_closing_a_corridor_empties_its_gates(shipped: Region, later: FreightResult) -> None:
    assert gate_flow(later, CASPIAN) > 0.0
    closed = assign_freight(of_the_region(case_of(shipped, scenario="caspian_closed")))
    assert gate_flow(closed, CASPIAN) == 0.0
    row = closed.corridors().set_index("corridor").loc[CASPIAN]
    assert (row["tonnes"], row["share_pct"]) == (0.0, 0.0)
    whole = closed.result.demand.total + closed.undelivered()["tonnes"].sum()
    assert whole == pytest.approx(closed.supernetwork.demand.total, rel=1e-12)


def test_a_railway_that_opens_takes_freight(
    shipped: Region, later: FreightResult, now: FreightResult
) -> None:
    assert gate_flow(now, KYRGYZ) == gate_flow(later, KYRGYZ) == 0.0
    opened = assign_freight(of_the_region(case_of(shipped, plan="announced_2025")))
    assert gate_flow(opened, KYRGYZ) > 0.0
    ends = opened.supernetwork.case.table("journeys").iloc[0]
    assert KYRGYZ in set(opened.journeys_between(ends["from"], ends["to"])["corridor"])


def test_a_plan_without_a_road_that_stands_leaves_it_empty(shipped: Region, later: FreightResult) -> None:
    project = "pj_dushanbe_chanak"
    effects = shipped.table("project_effects")
    mine = effects[(effects["project"] == project) & (effects["table"] == "links")]
    roads = set(mine["row"])
    assert roads
    assert link_flow(later, roads) > 0.0
    plan = Plan.model_validate({"title": "Without the road", "without": [project]})
    case = build_case(shipped, plan, load_scenario("reference", shipped))
    assert link_flow(assign_freight(of_the_region(case)), roads) == 0.0


def same_bits(one: FreightResult, other: FreightResult) -> None:
    assert one.result.demand.classes == other.result.demand.classes
    for name in ("flows", "group_flow", "delay"):
        assert np.array_equal(getattr(one.result, name), getattr(other.result, name)), name


def test_a_plan_that_opens_nothing_changes_nothing(shipped: Region, later: FreightResult) -> None:
    case = build_case(shipped, Plan.model_validate({"title": "Nothing"}), load_scenario("reference", shipped))
    same_bits(later, assign_freight(of_the_region(case)))


def test_any_number_of_threads_gives_the_same_bits(shipped: Region, now: FreightResult) -> None:
    single = SETTINGS.model_copy(update={"workers": 1})
    same_bits(now, assign_freight(case_of(shipped, year=2023), single))


def test_a_country_that_is_closed_keeps_its_goods(shipped: Region) -> None:
    """Its zones are cut off: what they would trade is told, and the rest is carried."""
    shut = {"kind": "closure", "territories": ["TKM"], "reason": "a test"}
    told = Scenario.model_validate({"title": "Shut", "year": 2030, "shocks": [shut]})
    found = assign_freight(of_the_region(build_case(shipped, load_plan("as_is", shipped), told)))
    lost, carried = found.undelivered(), found.result.demand.table
    own = lost[(lost["exporter"] == "TKM") | (lost["importer"] == "TKM")]
    assert own["tonnes"].sum() > 0.0
    for end in ("origin", "destination"):
        assert not carried[end].str.endswith("/TKM").any()
    transit = found.transit().set_index("territory")["transit_t"]
    assert transit.get("TKM", 0.0) == 0.0
