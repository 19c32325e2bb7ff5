"""User equilibrium and system optimum: published answers, hand calculations, and invariances."""

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
from sogdia.assignment.kernels.arrays import Delays, State
from sogdia.assignment.kernels.delay import CONICAL, POWER, refresh
from sogdia.assignment.user_equilibrium import marginal_delays

from .cases import BRAESS, NGUYEN_DUPUIS, SIOUX_FALLS, Case, table
from .published import ANAHEIM, BARCELONA, CHICAGO_SKETCH, EASTERN_MASSACHUSETTS, Instance

TIGHT = AssignmentSettings(gap=1e-11)
LARGE = (ANAHEIM, BARCELONA, CHICAGO_SKETCH)
WITH_OBJECTIVE = pytest.mark.parametrize(
    "case", [SIOUX_FALLS, BRAESS, *LARGE], ids=lambda case: str(case.stem)
)
EVERY = pytest.mark.parametrize(
    "case",
    [SIOUX_FALLS, BRAESS, NGUYEN_DUPUIS, *LARGE, EASTERN_MASSACHUSETTS],
    ids=lambda case: str(case.stem),
)


@lru_cache
def solved(case: Case | Instance, algorithm: str = "ue") -> AssignmentResult:
    network, demand = case.read()
    settings = AssignmentSettings.model_validate({"algorithm": algorithm, "gap": 1e-11})
    return assign(network, demand, settings)


@EVERY
def test_relative_gap_is_within_the_tolerance(case: Case | Instance) -> None:
    record = solved(case).convergence
    assert record.converged
    assert record.residual <= 1e-10


@WITH_OBJECTIVE
def test_objective_matches_the_published_one(case: Case | Instance) -> None:
    assert solved(case).objective == pytest.approx(case.objective, rel=1e-9)


def test_objective_of_nguyen_dupuis_matches_the_reference() -> None:
    assert solved(NGUYEN_DUPUIS).objective == pytest.approx(NGUYEN_DUPUIS.objective, abs=1e-4)


@WITH_OBJECTIVE
def test_total_cost_matches_the_published_one(case: Case | Instance) -> None:
    assert solved(case).total_cost == pytest.approx(case.total_cost, rel=2e-9)


def flows_of(case: Case) -> pd.DataFrame:
    return solved(case).links().set_index(["from", "to"])


@pytest.mark.parametrize(
    ("case", "file", "column", "tolerance"),
    [
        (SIOUX_FALLS, "sioux_falls_links.csv", "equilibrium_flow", 1e-3),
        (NGUYEN_DUPUIS, "nguyen_dupuis_links.csv", "ue_flow", 1e-4),
    ],
    ids=["Sioux Falls", "Nguyen-Dupuis"],
)
def test_link_flows_match_the_published_ones(case: Case, file: str, column: str, tolerance: float) -> None:
    known = table(file).set_index(["from", "to"])[column]
    assert (flows_of(case)["flow"].loc[known.index] - known).abs().max() <= tolerance


def test_link_costs_of_sioux_falls_match_the_published_flows() -> None:
    known = table("sioux_falls_links.csv").set_index(["from", "to"])
    ratio = known["equilibrium_flow"] / known["capacity"]
    cost = known["free_flow_time"] * (1.0 + 0.15 * ratio**4)
    assert np.allclose(flows_of(SIOUX_FALLS)["cost"].loc[known.index], cost, rtol=1e-6, atol=1e-6)


def test_link_flows_and_costs_of_chicago_match_the_published_ones() -> None:
    known = read_tntp_flows(CHICAGO_SKETCH.file("flow")).set_index(["from", "to"])
    links = solved(CHICAGO_SKETCH).links().set_index(["from", "to"])
    ours = links.reindex(known.index)
    # Where cost does not grow with flow, several flows are in equilibrium.
    unique = (ours["delay"] != "none").to_numpy()
    assert unique.sum() > 70
    assert (ours["flow"] - known["flow"]).abs().to_numpy()[unique].max() <= 1e-3
    assert np.allclose(ours["cost"], known["cost"], rtol=1e-6, atol=1e-6)


@EVERY
def test_all_demand_is_delivered(case: Case | Instance) -> None:
    result = solved(case)
    assert result.demand.total == pytest.approx(case.demand, rel=1e-7)
    assert result.undelivered.empty


@EVERY
@pytest.mark.parametrize("algorithm", ["ue", "so"])
def test_nodes_are_in_balance(case: Case | Instance, algorithm: str) -> None:
    result = solved(case, algorithm)
    links = result.links()
    net = links.groupby("to")["flow"].sum().sub(links.groupby("from")["flow"].sum(), fill_value=0.0)
    trips = result.demand.table
    required = trips.groupby("destination")["flow"].sum()
    required = required.sub(trips.groupby("origin")["flow"].sum(), fill_value=0.0)
    assert np.abs(net.sub(required, fill_value=0.0)).max() <= 1e-9 * result.demand.total


@pytest.mark.parametrize("case", [SIOUX_FALLS, EASTERN_MASSACHUSETTS], ids=lambda case: str(case.stem))
def test_gap_matches_an_independent_shortest_path_code(case: Case | Instance) -> None:
    result = solved(case)
    links = result.links()
    at = {name: i for i, name in enumerate(result.network.nodes)}
    tails, heads = links["from"].map(at).to_numpy(), links["to"].map(at).to_numpy()
    size = len(at)
    # Parallel links would be added up in a sparse matrix; these networks have none.
    assert not links.duplicated(["from", "to"]).any()
    least = dijkstra(csr_array((links["cost"].to_numpy(), (tails, heads)), shape=(size, size)))
    trips = result.demand.table
    best = (trips["flow"] * least[trips["origin"].map(at), trips["destination"].map(at)]).sum()
    cost = (links["flow"] * links["cost"]).sum()
    # Sums of six million in double precision have a relative error of about 1e-15.
    assert abs((cost - best) / best - result.convergence.residual) <= 1e-13


def test_cost_of_all_rows_equals_total_cost() -> None:
    result = solved(SIOUX_FALLS)
    od = result.od()
    assert (od["flow"] * od["cost"]).sum() == pytest.approx(result.total_cost, rel=1e-9)


def braess_flows(algorithm: str) -> pd.Series[float]:
    links = solved(BRAESS, algorithm).links()
    return links.set_index(["from", "to"])["flow"]


def test_braess_equilibrium_uses_the_bridge() -> None:
    # Three paths, two units each, cost 92.
    flows = braess_flows("ue")
    assert np.allclose(flows.loc[[("1", "3"), ("4", "2")]], 4.0, atol=1e-7)
    assert np.allclose(flows.loc[[("1", "4"), ("3", "2"), ("3", "4")]], 2.0, atol=1e-7)


def test_braess_system_optimum_does_not_use_the_bridge() -> None:
    # Two paths, three units each: cost 10·3 + 50 + 3 = 83. At the margin they cost 116, the bridge 130.
    assert np.allclose(braess_flows("so").to_numpy(), [3.0, 3.0, 3.0, 0.0, 3.0], atol=1e-7)
    assert solved(BRAESS, "so").total_cost == pytest.approx(498.0, rel=1e-9)


@EVERY
def test_system_optimum_costs_no_more_than_equilibrium(case: Case | Instance) -> None:
    assert solved(case, "so").total_cost <= solved(case).total_cost * (1.0 + 1e-12)


def test_system_optimum_of_two_roads_matches_hand_calculation() -> None:
    # Pigou: one road costs 1, the other its flow; half on each is best: 1/2 · 1 + 1/2 · 1/2 = 3/4.
    network = parallel_roads([1.0, 0.0], [0.0, 1.0])
    demand = make_demand(pd.DataFrame({"origin": ["a"], "destination": ["b"], "flow": [1.0]}), network)
    best = assign(network, demand, AssignmentSettings(algorithm="so", gap=1e-11))
    assert np.allclose(best.flows[0], [0.5, 0.5], atol=1e-6)
    assert best.total_cost == pytest.approx(0.75)
    assert assign(network, demand, TIGHT).total_cost == pytest.approx(1.0)


def parallel_roads(free_flow_cost: list[float], scale: list[float]) -> Network:
    ends = {"from": ["a", "a"], "to": ["b", "b"]}
    arcs = pd.DataFrame({**ends, "free_flow_cost": free_flow_cost, "delay_scale": scale})
    return make_network(arcs.assign(delay="power", capacity=1.0, delay_power=1.0))


def test_two_classes_match_hand_calculation() -> None:
    # Both roads cost their flow. Class x (2 units) pays 1 more on the first, class y (4) on the second.
    # If x used the first at all, the second would have 1 more flow, and all of y would be on the first. So x
    # uses the second, y both: v1 = v2 + 1 and v1 + v2 = 6.
    network = parallel_roads([0.0, 0.0], [1.0, 1.0])
    rows = pd.DataFrame({"origin": "a", "destination": "b", "class": ["x", "y"], "flow": [2.0, 4.0]})
    class_cost = {"x": np.array([1.0, 0.0]), "y": np.array([0.0, 1.0])}
    result = assign(network, make_demand(rows, network, class_cost=class_cost), TIGHT)
    flows = dict(zip(result.demand.classes, result.flows.tolist(), strict=True))
    assert flows["x"] == pytest.approx([0.0, 2.0], abs=1e-8)
    assert flows["y"] == pytest.approx([3.5, 0.5], abs=1e-8)
    shares = list(result.loading.each_share(np.array([[True, False], [True, True]])))
    assert shares == [pytest.approx([0.0, 3.5 / 4.0]), pytest.approx([1.0, 1.0])]
    # Class y as 8 units on the first road and 1 on the second, class x as 6 and 3.
    amount = np.array([[6.0, 3.0], [8.0, 1.0]])
    by_area = result.loading.flows_by_area(amount, np.array([0, 1], np.int32))
    np.testing.assert_allclose(by_area, [[0.0, 3.0], [7.0, 1.0 / 8.0]], atol=1e-8)
    costs = result.od().set_index("class")["cost"]
    assert costs["x"] == pytest.approx(2.5)
    assert costs["y"] == pytest.approx(3.5)
    assert result.objective == pytest.approx(3.5**2 / 2 + 2.5**2 / 2 + 0.5)


def test_preload_moves_flow_to_the_other_road() -> None:
    # Costs are 2 + v on the first road, which carries 2 before any demand, and v on the second: 1 and 3 of 4.
    arcs = pd.DataFrame(
        {
            "from": ["o", "o"],
            "to": ["d", "d"],
            "free_flow_cost": 0.0,
            "delay": "power",
            "delay_scale": 1.0,
            "capacity": 1.0,
            "delay_power": 1.0,
            "preload": [2.0, 0.0],
        }
    )
    network = make_network(arcs)
    demand = make_demand(pd.DataFrame({"origin": ["o"], "destination": ["d"], "flow": [4.0]}), network)
    result = assign(network, demand, TIGHT)
    assert result.flows.sum(axis=0) == pytest.approx([1.0, 3.0], abs=1e-8)
    assert result.links()["v_c"].tolist() == pytest.approx([3.0, 3.0])
    # Integrals of the delays from the preload on: from 2 to 3, and from 0 to 3.
    assert result.objective == pytest.approx((9.0 - 4.0) / 2 + 9.0 / 2)


def test_marginal_delays_are_the_derivative_of_total_delay() -> None:
    kind = np.array([POWER, CONICAL], np.int8)
    delays = Delays(kind, np.array([2.0, 3.0]), np.array([10.0, 5.0]), np.array([4.0, 3.0]), np.zeros(2))

    def delay(functions: Delays, flow: np.ndarray) -> np.ndarray:
        state = State(flow, np.empty(2), np.empty(2))
        refresh(functions, state)
        return state.delay

    flow, step = np.array([7.0, 8.0]), 1e-5
    up, down = flow + step, flow - step
    expected = (up * delay(delays, up) - down * delay(delays, down)) / (2.0 * step)
    np.testing.assert_allclose(delay(marginal_delays(delays), flow), expected, rtol=1e-8)


def rebuilt(network: Network, arcs: pd.DataFrame, zones: tuple[str, ...] | None = None) -> Network:
    closed = [name for name, through in zip(network.nodes, network.through, strict=True) if not through]
    return make_network(arcs, nodes=network.nodes, no_through=closed, zones=zones or network.zones)


def again(network: Network, demand: Demand, rows: pd.DataFrame | None = None) -> AssignmentResult:
    return assign(network, make_demand(demand.table if rows is None else rows, network), TIGHT)


def test_other_unit_of_time_changes_no_flow() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.assign(
        free_flow_cost=before.network.arcs["free_flow_cost"] * 60.0,
        delay_scale=before.network.arcs["delay_scale"] * 60.0,
    )
    after = again(rebuilt(before.network, arcs), before.demand)
    assert np.allclose(after.flows, before.flows, atol=1e-3)
    assert after.objective == pytest.approx(60.0 * before.objective, rel=1e-10)


def test_flows_scale_with_demand_and_capacity() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.assign(capacity=before.network.arcs["capacity"] * 0.1)
    rows = before.demand.table.assign(flow=before.demand.table["flow"] * 0.1)
    after = again(rebuilt(before.network, arcs), before.demand, rows)
    assert np.allclose(10.0 * after.flows, before.flows, atol=1e-3)


def test_order_of_rows_changes_no_flow() -> None:
    before = solved(SIOUX_FALLS)
    arcs = before.network.arcs.sample(frac=1.0, random_state=1).drop(columns="group")
    rows = before.demand.table.sample(frac=1.0, random_state=2)
    after = again(rebuilt(before.network, arcs), before.demand, rows)
    ends = ["from", "to"]
    flows = after.links().set_index(ends)["flow"].loc[before.links().set_index(ends).index]
    assert np.allclose(flows, before.flows[0], atol=1e-3)
    assert after.objective == pytest.approx(before.objective, rel=1e-10)


def test_order_of_zones_and_nodes_changes_no_flow() -> None:
    before = solved(SIOUX_FALLS)
    old = before.network
    network = make_network(old.arcs, nodes=old.nodes[::-1], zones=old.zones[::-1])
    after = again(network, before.demand)
    assert np.allclose(after.flows, before.flows, atol=1e-3)


def test_link_split_in_two_carries_the_same_flow() -> None:
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


@pytest.mark.parametrize("case", [NGUYEN_DUPUIS, SIOUX_FALLS], ids=lambda case: str(case.stem))
def test_flows_by_area_of_all_rows_are_the_flows(case: Case) -> None:
    result = solved(case)
    flow = result.demand.table["flow"].to_numpy(dtype=np.float64)
    area = np.zeros(result.network.size, np.int32)
    twice = result.loading.flows_by_area(2.0 * flow[:, None], area)
    np.testing.assert_allclose(twice, 2.0 * result.flows, rtol=1e-9, atol=1e-9 * flow.sum())


def test_identical_classes_add_up_to_one() -> None:
    before = solved(SIOUX_FALLS)
    rows = before.demand.table
    parts = [
        rows.assign(flow=rows["flow"] * share).assign(**{"class": name})
        for name, share in (("light", 0.3), ("heavy", 0.7))
    ]
    after = again(before.network, before.demand, pd.concat(parts, ignore_index=True))
    assert after.flows.shape == (2, before.network.size)
    assert np.allclose(after.flows.sum(axis=0), before.flows[0], atol=1e-3)
    assert after.objective == pytest.approx(before.objective, rel=1e-10)


@pytest.mark.parametrize("workers", [2, 3])
def test_threads_give_the_same_bits(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sogdia.assignment.user_equilibrium.SERIAL_BELOW", 0)
    network, demand = SIOUX_FALLS.read()
    one, several = (
        assign(network, demand, AssignmentSettings(gap=1e-8, workers=count)) for count in (1, workers)
    )
    np.testing.assert_array_equal(several.flows, one.flows)
