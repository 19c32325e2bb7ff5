"""Through journeys of one container."""

from __future__ import annotations

import pytest

from sogdia.freight import FreightResult
from sogdia.freight.journeys import find_journey, main_mode

from .networks import KYRGYZ


def test_journey_is_the_sum_of_its_arcs(base_year: FreightResult) -> None:
    network, delay = base_year.result.network, base_year.result.delay
    k = base_year.result.demand.classes.index("all")
    path = find_journey(
        base_year.supernetwork, ["altynkol", "almaty"], base_year.result.free_flow_costs[k], delay
    )
    assert path is not None
    rows = network.arcs.iloc[list(path.arcs)]
    waits = delay[network.graph.group[list(path.arcs)]].sum()
    assert list(rows["to"])[:-1] == list(rows["from"])[1:], "each arc starts where the one before ended"
    assert rows["from"].iloc[0].startswith("altynkol/")
    assert rows["to"].iloc[-1].startswith("almaty/")
    assert path.time_h == pytest.approx(float(rows["time_h"].sum()) + waits)
    assert path.usd_per_t == pytest.approx(float(rows["usd_per_t_container"].sum()))
    links = base_year.supernetwork.case.table("links")
    passed = rows.loc[rows["kind"] == "haul", "link_id"]
    assert path.length_km == pytest.approx(float(links.loc[passed, "length_km"].sum()))


def test_journeys_are_listed_by_open_corridor(base_year: FreightResult) -> None:
    ends = base_year.supernetwork.case.table("journeys")
    for start, end in zip(ends["from"], ends["to"], strict=True):
        table = base_year.journeys_between(start, end)
        assert KYRGYZ not in set(table["corridor"]), "a railway that is not open has no row"
        assert (table[["days", "usd_per_teu", "length_km"]] > 0.0).all().all()
        assert table["corridor"].is_unique
        assert len(table) >= 3


def test_journey_by_a_corridor_passes_one_of_its_gates(base_year: FreightResult) -> None:
    ends = base_year.supernetwork.case.table("journeys").iloc[0]
    network, delay = base_year.result.network, base_year.result.delay
    base = base_year.result.free_flow_costs[base_year.result.demand.classes.index("all")]
    corridors = base_year.supernetwork.case.table("corridors")
    for corridor in base_year.journeys_between(ends["from"], ends["to"])["corridor"]:
        places = [ends["from"], *str(corridors.loc[corridor, "via"]).split(";"), ends["to"]]
        path = find_journey(base_year.supernetwork, places, base, delay)
        assert path is not None
        passed = set(network.arcs["link_id"].iloc[list(path.arcs)])
        gates = set(str(corridors.loc[corridor, "gates"]).split(";"))
        assert len(passed & gates) == 1, corridor


def test_main_mode_of_a_journey(base_year: FreightResult) -> None:
    """By Brest rail only; by Aktau and Poti trains and ships in turn; by Suez a ship except at its ends."""
    network, delay = base_year.result.network, base_year.result.delay
    base = base_year.result.free_flow_costs[base_year.result.demand.classes.index("all")]
    corridors, modes = base_year.supernetwork.case.table("corridors"), {}
    for corridor in ("northern", "middle", "ocean"):
        places = ["xian", *str(corridors.loc[corridor, "via"]).split(";"), "duisburg"]
        path = find_journey(base_year.supernetwork, places, base, delay)
        assert path is not None
        modes[corridor] = main_mode(network, path)
    assert modes == {"northern": "rail", "middle": "multimodal", "ocean": "sea"}
