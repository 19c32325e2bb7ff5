"""Assigned freight: conservation, closures, new links, invariance."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Plan, Region, Scenario, build_case, load_plan, load_scenario
from sogdia.errors import NotConvergedError
from sogdia.freight import SETTINGS, FreightResult, assign_freight

from .borderland import Rows, case_of, write_borderland
from .networks import CASPIAN, KYRGYZ, SUE, gate_flow, home_trade_only, link_flow, shipped_case


def flow_by_arc(freight: FreightResult) -> pd.Series[float]:
    """Tonnes by commodity-free arc, arcs_from_rows by what does not depend on the order of arcs."""
    table = freight.result.links()
    return table.set_index(["from", "to", "mode"])["flow"].sort_index()


def test_order_of_rows_does_not_change_flows(borderland: Case, tmp_path: Path) -> None:
    dice = random.Random(5)

    def shuffled(_table: str, rows: Rows) -> Rows:
        return dice.sample(rows, len(rows))

    other = case_of(write_borderland(tmp_path / "borderland", shuffled))
    assert other.digest == borderland.digest
    one, again = assign_freight(borderland, SUE), assign_freight(other, SUE)
    assert one.result.demand.classes == again.result.demand.classes
    pd.testing.assert_series_equal(flow_by_arc(one), flow_by_arc(again), rtol=1e-7, atol=1e-3)
    pd.testing.assert_frame_equal(one.stations(), again.stations(), rtol=1e-6, atol=1e-3)
    pd.testing.assert_frame_equal(one.transit(), again.transit(), rtol=1e-6, atol=1e-3)


def test_tonnes_and_capacities_scaled_together_leave_shares_unchanged(borderland: Case) -> None:
    """Delays depend on volume over capacity alone."""
    frames = {name: borderland.table(name) for name in borderland.frames}
    fields = {
        "trade": ["value_musd", "tonnes"],
        "links": ["capacity_t"],
        "crossings": ["capacity_t"],
        "transfers": ["capacity_t", "capacity_teu"],
        "pipelines": ["capacity_mt"],
    }
    for name, columns in fields.items():
        frames[name] = frames[name].copy()
        frames[name][columns] = frames[name][columns] * 3.0
    other = replace(borderland, frames=MappingProxyType(frames))
    one, three = assign_freight(borderland, SUE), assign_freight(other, SUE)
    pd.testing.assert_series_equal(3.0 * flow_by_arc(one), flow_by_arc(three), rtol=1e-6, atol=1e-2)


def test_flows_balance_at_each_node(base_year: FreightResult) -> None:
    result = base_year.result
    heads = np.zeros((len(result.demand.classes), len(result.network.nodes)))
    for k, flows in enumerate(result.flows):
        np.add.at(heads[k], result.network.graph.head, flows)
        np.add.at(heads[k], result.network.graph.tail, -flows)
    for row in result.demand.table.to_dict("records"):
        k = result.demand.classes.index(row["class"])
        heads[k, result.network.node_of[row["origin"]]] += row["flow"]
        heads[k, result.network.node_of[row["destination"]]] -= row["flow"]
    assert np.abs(heads).max() < 1e-9 * result.demand.total


def test_closed_arcs_carry_no_flow(base_year: FreightResult) -> None:
    assert base_year.result.demand.class_cost is not None
    assert base_year.result.flows[np.isinf(base_year.result.demand.class_cost)].max(initial=0.0) == 0.0


def test_closed_corridor_carries_no_flow(shipped: Region, home_trade_2030: FreightResult) -> None:
    assert gate_flow(home_trade_2030, CASPIAN) > 0.0
    closed = assign_freight(home_trade_only(shipped_case(shipped, scenario="caspian_closed")))
    assert gate_flow(closed, CASPIAN) == 0.0
    row = closed.corridors().set_index("corridor").loc[CASPIAN]
    assert (row["tonnes"], row["share_pct"]) == (0.0, 0.0)
    total = closed.result.demand.total + closed.undelivered()["tonnes"].sum()
    assert total == pytest.approx(closed.supernetwork.demand.total, rel=1e-12)


def test_new_railway_carries_freight(
    shipped: Region, home_trade_2030: FreightResult, base_year: FreightResult
) -> None:
    assert gate_flow(base_year, KYRGYZ) == gate_flow(home_trade_2030, KYRGYZ) == 0.0
    opened = assign_freight(home_trade_only(shipped_case(shipped, plan="announced_2025")))
    assert gate_flow(opened, KYRGYZ) > 0.0
    ends = opened.supernetwork.case.table("journeys").iloc[0]
    assert KYRGYZ in set(opened.journeys_between(ends["from"], ends["to"])["corridor"])


def test_plan_without_an_existing_road_leaves_it_empty(
    shipped: Region, home_trade_2030: FreightResult
) -> None:
    project = "pj_dushanbe_chanak"
    effects = shipped.table("project_effects")
    own = effects[(effects["project"] == project) & (effects["table"] == "links")]
    roads = set(own["row"])
    assert roads
    assert link_flow(home_trade_2030, roads) > 0.0
    plan = Plan.model_validate({"title": "Without the road", "without": [project]})
    case = build_case(shipped, plan, load_scenario("reference", shipped))
    assert link_flow(assign_freight(home_trade_only(case)), roads) == 0.0


def assert_same_bits(one: FreightResult, other: FreightResult) -> None:
    assert one.result.demand.classes == other.result.demand.classes
    for name in ("flows", "group_flow", "delay"):
        assert np.array_equal(getattr(one.result, name), getattr(other.result, name)), name


def test_empty_plan_changes_no_flow(shipped: Region, home_trade_2030: FreightResult) -> None:
    case = build_case(shipped, Plan.model_validate({"title": "Nothing"}), load_scenario("reference", shipped))
    assert_same_bits(home_trade_2030, assign_freight(home_trade_only(case)))


def test_any_number_of_threads_gives_the_same_bits(shipped: Region, base_year: FreightResult) -> None:
    single = SETTINGS.model_copy(update={"workers": 1})
    assert_same_bits(base_year, assign_freight(shipped_case(shipped, year=2023), single))


def test_trade_of_a_closed_territory_is_undelivered(shipped: Region) -> None:
    """Its zones are cut off: their trade is undelivered, and the rest is carried."""
    closure = {"kind": "closure", "territories": ["TKM"], "reason": "a test"}
    scenario = Scenario.model_validate({"title": "Closed", "year": 2030, "shocks": [closure]})
    freight = assign_freight(home_trade_only(build_case(shipped, load_plan("as_is", shipped), scenario)))
    undelivered, carried = freight.undelivered(), freight.result.demand.table
    own = undelivered[(undelivered["exporter"] == "TKM") | (undelivered["importer"] == "TKM")]
    assert own["tonnes"].sum() > 0.0
    for end in ("origin", "destination"):
        assert not carried[end].str.endswith("/TKM").any()
    transit = freight.transit().set_index("territory")["transit_t"]
    assert transit.get("TKM", 0.0) == 0.0


def test_freight_beyond_capacity_names_the_rows(borderland: Case) -> None:
    """A capacity a million times too small, as in Mt for t, with one iteration."""
    links = borderland.table("links")
    links["capacity_t"] = links["capacity_t"] / 1e6
    case = borderland.with_table("links", links)
    with pytest.raises(NotConvergedError) as caught:
        assign_freight(case, SUE.model_copy(update={"max_iterations": 1}))
    worst = caught.value.overloads[0]
    key = worst.name.removeprefix("link ")
    assert worst.rows == f"links.csv:{case.region.trace('links', key)['line']}"
    assert worst.capacity == links.at[key, "capacity_t"]
    assert f"{worst.rows} link {key}: " in str(caught.value)
