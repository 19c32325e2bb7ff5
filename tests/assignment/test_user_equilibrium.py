"""Equilibria whose answers others have published or a pencil gives, and what must not change them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sogdia.assignment import (
    AssignmentResult,
    AssignmentSettings,
    Demand,
    Network,
    assign,
    make_demand,
    make_network,
    read_tntp_flows,
)

from .published import (
    ALL,
    BRAESS,
    CHICAGO_SKETCH,
    EASTERN_MASSACHUSETTS,
    SIOUX_FALLS,
    WITH_ANSWERS,
    Instance,
)

TIGHT = AssignmentSettings(gap=1e-11)
SEVERAL = pytest.mark.parametrize("instance", WITH_ANSWERS, ids=lambda instance: instance.stem)
EVERY = pytest.mark.parametrize("instance", ALL, ids=lambda instance: instance.stem)


@lru_cache
def solved(instance: Instance, algorithm: str = "ue") -> AssignmentResult:
    network, demand = instance.read()
    settings = AssignmentSettings.model_validate({"algorithm": algorithm, "gap": 1e-11})
    return assign(network, demand, settings)


@EVERY
def test_relative_gap_is_reached(instance: Instance) -> None:
    record = solved(instance).convergence
    assert record.converged
    assert record.residual <= 1e-10


@SEVERAL
def test_objective_is_the_published_one(instance: Instance) -> None:
    assert solved(instance).objective == pytest.approx(instance.objective, rel=1e-9)


@SEVERAL
def test_total_cost_is_the_published_one(instance: Instance) -> None:
    assert solved(instance).total_cost == pytest.approx(instance.total_cost, rel=2e-9)


@pytest.mark.parametrize("instance", [SIOUX_FALLS, CHICAGO_SKETCH], ids=lambda instance: instance.stem)
def test_flows_of_links_are_the_published_ones(instance: Instance) -> None:
    known = read_tntp_flows(instance.file("flow")).set_index(["from", "to"])
    links = solved(instance).links().set_index(["from", "to"])
    ours = links.reindex(known.index)
    # Where cost does not grow with flow, several flows are in equilibrium.
    unique = (ours["delay"] != "none").to_numpy()
    assert unique.sum() > 70
    assert (ours["flow"] - known["flow"]).abs().to_numpy()[unique].max() <= 1e-3
    assert np.allclose(ours["cost"], known["cost"], rtol=1e-6, atol=1e-6)


@EVERY
def test_all_demand_is_carried(instance: Instance) -> None:
    result = solved(instance)
    assert result.demand.total == pytest.approx(instance.demand, rel=1e-7)
    assert result.undelivered.empty


@EVERY
@pytest.mark.parametrize("algorithm", ["ue", "so"])
def test_nodes_balance(instance: Instance, algorithm: str) -> None:
    result = solved(instance, algorithm)
    links = result.links()
    net = links.groupby("to")["flow"].sum().sub(links.groupby("from")["flow"].sum(), fill_value=0.0)
    trips = result.demand.table
    owed = trips.groupby("destination")["flow"].sum()
    owed = owed.sub(trips.groupby("origin")["flow"].sum(), fill_value=0.0)
    assert np.abs(net.sub(owed, fill_value=0.0)).max() <= 1e-9 * result.demand.total


@pytest.mark.parametrize("instance", [SIOUX_FALLS, EASTERN_MASSACHUSETTS], ids=lambda instance: instance.stem)
def test_the_gap_is_what_another_shortest_path_code_finds(instance: Instance) -> None:
    result = solved(instance)
    links = result.links()
    at = {name: i for i, name in enumerate(result.network.nodes)}
    tails, heads = links["from"].map(at).to_numpy(), links["to"].map(at).to_numpy()
    size = len(at)
    # Parallel links would add up in a sparse matrix; these instances have none.
    assert not links.duplicated(["from", "to"]).any()
    least = dijkstra(csr_array((links["cost"].to_numpy(), (tails, heads)), shape=(size, size)))
    trips = result.demand.table
    best = (trips["flow"] * least[trips["origin"].map(at), trips["destination"].map(at)]).sum()
    spent = (links["flow"] * links["cost"]).sum()
    # Sums of six million in double precision are good to some 1e-15 of themselves.
    assert abs((spent - best) / best - result.convergence.residual) <= 1e-13


def test_skims_cost_what_the_links_cost() -> None:
    result = solved(SIOUX_FALLS)
    od = result.od()
    assert (od["flow"] * od["cost"]).sum() == pytest.approx(result.total_cost, rel=1e-9)


def braess(algorithm: str) -> pd.Series[float]:
    links = solved(BRAESS, algorithm).links()
    return links.set_index(["from", "to"])["flow"]


def test_braess_at_equilibrium_uses_the_bridge() -> None:
    # Three routes, two units each, 92 a unit.
    flows = braess("ue")
    assert np.allclose(flows.loc[[("1", "3"), ("4", "2")]], 4.0, atol=1e-7)
    assert np.allclose(flows.loc[[("1", "4"), ("3", "2"), ("3", "4")]], 2.0, atol=1e-7)
    assert solved(BRAESS).objective == pytest.approx(386.0, rel=1e-9)
    assert solved(BRAESS).total_cost == pytest.approx(552.0, rel=1e-9)


def test_braess_at_the_system_optimum_leaves_the_bridge() -> None:
    # Two routes, three units each: 10·3 + 50 + 3 = 83 a unit. At the margin they cost 116, the bridge 130.
    assert np.allclose(braess("so").to_numpy(), [3.0, 3.0, 3.0, 0.0, 3.0], atol=1e-7)
    assert solved(BRAESS, "so").total_cost == pytest.approx(498.0, rel=1e-9)


@EVERY
def test_system_optimum_costs_no_more_than_equilibrium(instance: Instance) -> None:
    assert solved(instance, "so").total_cost <= solved(instance).total_cost * (1.0 + 1e-12)


def test_system_optimum_of_two_roads_by_hand() -> None:
    # Pigou: one road costs 1, the other its flow; half on each is best: 1/2 · 1 + 1/2 · 1/2 = 3/4.
    network = two_roads([1.0, 0.0], [0.0, 1.0])
    demand = make_demand(pd.DataFrame({"origin": ["a"], "destination": ["b"], "flow": [1.0]}), network)
    best = assign(network, demand, AssignmentSettings(algorithm="so", gap=1e-11))
    assert np.allclose(best.flows[0], [0.5, 0.5], atol=1e-6)
    assert best.total_cost == pytest.approx(0.75)
    assert assign(network, demand, TIGHT).total_cost == pytest.approx(1.0)


def two_roads(fixed: list[float], scale: list[float]) -> Network:
    arcs = pd.DataFrame({"from": ["a", "a"], "to": ["b", "b"], "free_flow_cost": fixed, "delay_scale": scale})
    return make_network(arcs.assign(delay="power", capacity=1.0, delay_power=1.0))


def test_two_classes_by_hand() -> None:
    # Both roads cost their flow. Class x (2 units) pays 1 more on the first, class y (4) on the second.
    # Were x on the first at all, the second would have 1 more flow, and all of y would crowd the first. So x
    # takes the second, y both: v1 = v2 + 1 and v1 + v2 = 6.
    network = two_roads([0.0, 0.0], [1.0, 1.0])
    table = pd.DataFrame({"origin": "a", "destination": "b", "class": ["x", "y"], "flow": [2.0, 4.0]})
    extra = {"x": np.array([1.0, 0.0]), "y": np.array([0.0, 1.0])}
    result = assign(network, make_demand(table, network, class_cost=extra), TIGHT)
    flows = dict(zip(result.demand.classes, result.flows.tolist(), strict=True))
    assert flows["x"] == pytest.approx([0.0, 2.0], abs=1e-8)
    assert flows["y"] == pytest.approx([3.5, 0.5], abs=1e-8)
    costs = result.od().set_index("class")["cost"]
    assert costs["x"] == pytest.approx(2.5)
    assert costs["y"] == pytest.approx(3.5)
    assert result.objective == pytest.approx(3.5**2 / 2 + 2.5**2 / 2 + 0.5)


def rebuilt(network: Network, arcs: pd.DataFrame, zones: tuple[str, ...] | None = None) -> Network:
    closed = [name for name, through in zip(network.nodes, network.through, strict=True) if not through]
    return make_network(arcs, nodes=network.nodes, no_through=closed, zones=zones or network.zones)


def again(network: Network, demand: Demand, **changes: object) -> AssignmentResult:
    table = changes.get("table", demand.table)
    assert isinstance(table, pd.DataFrame)
    return assign(network, make_demand(table, network), TIGHT)


def test_another_unit_of_time_changes_no_flow() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.assign(
        free_flow_cost=before.network.arcs["free_flow_cost"] * 60.0,
        delay_scale=before.network.arcs["delay_scale"] * 60.0,
    )
    after = again(rebuilt(before.network, arcs), before.demand)
    assert np.allclose(after.flows, before.flows, atol=1e-3)
    assert after.objective == pytest.approx(60.0 * before.objective, rel=1e-10)


def test_demand_and_capacity_scale_together() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.assign(capacity=before.network.arcs["capacity"] * 0.1)
    table = before.demand.table.assign(flow=before.demand.table["flow"] * 0.1)
    after = again(rebuilt(before.network, arcs), before.demand, table=table)
    assert np.allclose(10.0 * after.flows, before.flows, atol=1e-3)


def test_the_order_of_rows_changes_no_flow() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.sample(frac=1.0, random_state=1).drop(columns="group")
    table = before.demand.table.sample(frac=1.0, random_state=2)
    after = again(rebuilt(before.network, arcs), before.demand, table=table)
    ends = ["from", "to"]
    flows = after.links().set_index(ends)["flow"].loc[before.links().set_index(ends).index]
    assert np.allclose(flows, before.flows[0], atol=1e-3)
    assert after.objective == pytest.approx(before.objective, rel=1e-10)


def test_the_order_of_zones_and_nodes_changes_no_flow() -> None:
    before = solved(SIOUX_FALLS)
    old = before.network
    network = make_network(old.arcs, nodes=old.nodes[::-1], zones=old.zones[::-1])
    after = again(network, before.demand)
    assert np.allclose(after.flows, before.flows, atol=1e-3)


def test_a_link_split_in_two_carries_the_same() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.drop(columns="group")
    first, second = arcs.iloc[[10]].copy(), arcs.iloc[[10]].copy()
    for half, part in ((first, 0.25), (second, 0.75)):
        half["free_flow_cost"] *= part
        half["delay_scale"] *= part
    first["to"], second["from"] = "middle", "middle"
    split = pd.concat([arcs.drop(index=arcs.index[10]), first, second], ignore_index=True)
    network = make_network(split, nodes=[*before.network.nodes, "middle"], zones=before.network.zones)
    after = again(network, before.demand)
    assert after.objective == pytest.approx(before.objective, rel=1e-10)
    assert after.flows[0, -2:] == pytest.approx(before.flows[0, [10, 10]], abs=1e-3)


def test_identical_classes_are_as_one() -> None:
    before = solved(SIOUX_FALLS)
    table = before.demand.table
    parts = [
        table.assign(flow=table["flow"] * share).assign(**{"class": name})
        for name, share in (("light", 0.3), ("heavy", 0.7))
    ]
    after = again(before.network, before.demand, table=pd.concat(parts, ignore_index=True))
    assert after.flows.shape == (2, before.network.size)
    assert np.allclose(after.flows.sum(axis=0), before.flows[0], atol=1e-3)
    assert after.objective == pytest.approx(before.objective, rel=1e-10)
