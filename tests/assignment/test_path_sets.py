"""Path sets: which paths are in them, and that a short-cut does not lose any."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sogdia.assignment import AssignmentSettings, Demand, Network, make_demand, make_network
from sogdia.assignment import logit_loading as engine
from sogdia.assignment.kernels import trees
from sogdia.assignment.kernels.arrays import new_work
from sogdia.assignment.kernels.shortest_tree import shortest_tree
from sogdia.assignment.path_generation import add_least_cost_paths
from sogdia.assignment.path_sets import (
    PathRules,
    PathSet,
    all_simple_paths,
    generate_paths,
)
from sogdia.assignment.stochastic import sue, sue_all_paths
from sogdia.errors import InputError

from .logit_cases import EXACT, linear, one_way, routes, simple_routes, with_theta


def ways(paths: PathSet, od_group: int = 0) -> list[tuple[int, ...]]:
    numbers = range(int(paths.od_ptr[od_group]), int(paths.od_ptr[od_group + 1]))
    return [tuple(paths.path_arc[paths.path_ptr[p] : paths.path_ptr[p + 1]].tolist()) for p in numbers]


def grid(side: int, seed: int = 1) -> tuple[Network, Demand]:
    """A grid of two-way arcs with random costs and delays, demand between some of its nodes."""
    random = np.random.default_rng(seed)
    name = np.arange(side * side).reshape(side, side).astype(str)
    pairs = [(name[i, j], name[i, j + 1]) for i in range(side) for j in range(side - 1)]
    pairs += [(name[i, j], name[i + 1, j]) for i in range(side - 1) for j in range(side)]
    both = pd.DataFrame([*pairs, *[(b, a) for a, b in pairs]], columns=["from", "to"])
    both["free_flow_cost"] = random.uniform(1.0, 3.0, len(both))
    both = both.assign(delay="power", delay_scale=both["free_flow_cost"], capacity=40.0, delay_power=4.0)
    network = make_network(both)
    zones = random.choice(name.reshape(-1), 8, replace=False)
    rows = pd.DataFrame(
        [(a, b, 10.0) for a in zones for b in zones], columns=["origin", "destination", "flow"]
    )
    return network, make_demand(rows, network)


@st.composite
def graphs(draw: st.DrawFn) -> Network:
    nodes = [str(i) for i in range(draw(st.integers(2, 6)))]
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    pairs = draw(st.lists(ends, min_size=1, max_size=14))
    table = pd.DataFrame(pairs, columns=["from", "to"]).assign(free_flow_cost=1.0)
    closed = st.lists(st.sampled_from(nodes), max_size=2)
    return make_network(table, nodes=nodes, no_through=draw(closed))


@runs(max_examples=80)
@given(graphs())
def test_all_simple_paths_are_those_of_plain_recursion(network: Network) -> None:
    last = len(network.nodes) - 1
    paths = all_simple_paths(network, one_way(network, 1.0, "0", str(last)))
    found = ways(paths)
    assert len(set(found)) == len(found)
    assert set(found) == simple_routes(network, 0, last)


@runs(max_examples=80)
@given(graphs())
def test_generated_paths_are_simple_and_hold_the_shortest(network: Network) -> None:
    last = len(network.nodes) - 1
    paths = generate_paths(network, one_way(network, 1.0, "0", str(last)))
    found, known = ways(paths), simple_routes(network, 0, last)
    assert len(set(found)) == len(found)
    assert set(found) <= known
    assert bool(found) == bool(known)
    if known:
        assert min(map(len, found)) == min(map(len, known))


def test_too_many_paths_are_refused_with_a_way_out() -> None:
    names = [str(i) for i in range(12)]
    full = linear([(a, b, 1.0, 0.0) for a in names for b in names if a != b])
    with pytest.raises(InputError, match="more than 2,000,000 arcs in all; choose algorithm 'sue'"):
        sue_all_paths(full, one_way(full, 1.0, "0", "11"), EXACT)
    assert sue(full, one_way(full, 1.0, "0", "11"), EXACT).flows.sum() > 0.0


def test_zero_costs_and_cycles_of_them_do_no_harm() -> None:
    arcs = [("1", "3", 0.0, 0.0), ("3", "4", 0.0, 0.0), ("4", "3", 0.0, 0.0), ("4", "2", 0.0, 0.0)]
    network = linear([*arcs, ("3", "2", 0.0, 0.0), ("1", "2", 0.0, 0.0)])
    demand = one_way(network, 1.0)
    found = sue_all_paths(network, demand, EXACT)
    assert set(routes(found, 0)) == {(0, 1, 3), (0, 4), (5,)}
    np.testing.assert_allclose(found.shares, 1.0 / 3.0)
    assert set(routes(sue(network, demand, EXACT), 0)) <= {(0, 1, 3), (0, 4), (5,)}


def test_parallel_arcs_are_paths_of_their_own() -> None:
    network = linear([("1", "2", 1.0, 0.0), ("1", "2", 1.0, 0.0), ("1", "2", 1.2, 0.0)])
    for paths in (
        all_simple_paths(network, one_way(network, 1.0)),
        generate_paths(network, one_way(network, 1.0)),
    ):
        assert sorted(ways(paths)) == [(0,), (1,), (2,)]
        np.testing.assert_array_equal(paths.log_path_size, 0.0)


def test_dear_paths_go_and_the_best_stay() -> None:
    network = linear([("1", "2", 1.0 + 0.1 * i, 0.0) for i in range(8)])
    demand = one_way(network, 1.0)
    rules = PathRules(trees=40, factor=1.35)
    assert ways(generate_paths(network, demand, rules=rules)) == [(0,), (1,), (2,), (3,)]
    assert ways(generate_paths(network, demand, rules=rules, max_paths=2)) == [(0,), (1,)]
    slack = PathRules(trees=40, factor=1.0, slack=0.25)
    assert ways(generate_paths(network, demand, rules=slack)) == [(0,), (1,), (2,)]


def test_a_label_gives_a_path_that_avoids_its_arcs() -> None:
    arcs = [("1", "3", 1.0, 0.0), ("3", "2", 1.0, 0.0), ("1", "4", 1.4, 0.0), ("4", "2", 1.4, 0.0)]
    network = linear(arcs)
    demand = one_way(network, 1.0)
    few = PathRules(trees=1)
    assert ways(generate_paths(network, demand, rules=few)) == [(0, 1)]
    mask = np.array([True, False, False, False])
    assert ways(generate_paths(network, demand, rules=few, avoid={"three": mask})) == [(0, 1), (2, 3)]
    with pytest.raises(InputError, match="'three' is not a mask of 4 arcs"):
        generate_paths(network, demand, avoid={"three": mask[:2]})


def test_classes_that_price_arcs_differently_get_their_own_best_paths() -> None:
    network = linear([("1", "2", 1.0, 0.0), ("1", "2", 5.0, 0.0)])
    rows = pd.DataFrame({"origin": "1", "destination": "2", "class": ["hurried", "poor"], "flow": 1.0})
    extra = {"hurried": np.zeros(2), "poor": np.array([100.0, 0.0])}
    paths = generate_paths(network, make_demand(rows, network, class_cost=extra))
    assert sorted(ways(paths)) == [(0,), (1,)]
    shut = {"hurried": np.zeros(2), "poor": np.array([np.inf, 0.0])}
    demand = make_demand(rows, network, class_cost=shut)
    trees, simple = generate_paths(network, demand), all_simple_paths(network, demand)
    assert [sorted(ways(trees, m)) for m in range(2)] == [[(0,)], [(1,)]]
    assert [sorted(ways(simple, m)) for m in range(2)] == [[(0,), (1,)], [(1,)]]
    with pytest.raises(InputError, match="hurried, poor of one class group"):
        generate_paths(network, demand, group_of_class=np.zeros(2, np.int32))
    for wrong in ([0], [0, 2], [1, 1]):
        with pytest.raises(InputError, match="numbered from 0"):
            generate_paths(network, demand, group_of_class=np.array(wrong, np.int32))


def test_workers_make_the_same_set() -> None:
    network, demand = grid(7)
    sets = [generate_paths(network, demand, workers=n) for n in (1, 2, 3)]
    for other in sets[1:]:
        for name in ("od_ptr", "path_ptr", "path_arc", "group_ptr", "path_group", "log_path_size"):
            np.testing.assert_array_equal(getattr(other, name), getattr(sets[0], name))


def test_path_sizes_are_between_one_over_the_paths_and_one() -> None:
    network, demand = grid(7)
    paths = generate_paths(network, demand)
    count = np.repeat(np.diff(paths.od_ptr), np.diff(paths.od_ptr))
    assert (paths.log_path_size <= 1e-12).all()
    assert (paths.log_path_size >= -np.log(count) - 1e-12).all()
    assert (np.diff(paths.od_ptr) >= 1).all()
    assert np.diff(paths.od_ptr).mean() > 3.0
    length = np.ones(network.size)
    even = generate_paths(network, demand, length=length)
    assert not np.array_equal(even.log_path_size, paths.log_path_size)
    with pytest.raises(InputError, match="length: expected a finite number"):
        generate_paths(network, demand, length=-length)


def test_no_path_cheaper_than_the_set_is_left_out() -> None:
    network, demand = grid(6)
    rules = PathRules(trees=1, tolerance=1e-6)
    settings = AssignmentSettings(theta=1.0, gap=1e-8, max_paths=1)
    fixed = sue(network, demand, settings, rules=rules.model_copy(update={"rounds": 0}))
    assert fixed.paths.size == len(demand.table)
    found = sue(network, demand, settings, rules=rules)
    assert found.paths.size > fixed.paths.size
    cost = network.free_flow_cost + found.state.delay[network.graph.group]
    graph = network.graph
    matrix = csr_array((cost, (graph.tail, graph.head)), shape=(len(network.nodes),) * 2)
    least = dijkstra(matrix)[found.paths.origin, found.paths.destination][found.od_group]
    best = np.minimum.reduceat(found.path_cost, found.share_ptr[:-1])
    assert (least >= best * (1.0 - 1.1e-6)).all()
    again, gained, _ = add_least_cost_paths(network, demand, found.paths, found.state.delay, rules)
    assert gained == 0
    assert again is found.paths
    steps = found.convergence.steps
    assert [step.iteration for step in steps] == list(range(1, len(steps) + 1))
    assert all(a.seconds <= b.seconds for a, b in pairwise(steps))


def test_a_set_may_serve_again() -> None:
    network, demand = grid(6)
    first = sue(network, demand, with_theta(0.5, 1e-9))
    second = sue(network, demand, with_theta(0.5, 1e-9), paths=first.paths)
    np.testing.assert_allclose(second.flows, first.flows, atol=1e-6)
    third = sue(network, demand, with_theta(0.5, 1e-9), paths=first.paths, start=first.state.flow)
    np.testing.assert_allclose(third.flows, first.flows, atol=1e-6)
    assert len(third.convergence.steps) < len(second.convergence.steps)
    with pytest.raises(InputError, match="start: expected a finite flow >= 0 for each of 120 capacity"):
        sue(network, demand, with_theta(0.5), paths=first.paths, start=first.state.flow[1:])
    with pytest.raises(InputError, match="the path set is for 120 arcs, not 119"):
        sue(replace(network, arcs=network.arcs.iloc[:-1]), demand, with_theta(0.5), paths=first.paths)


def test_a_set_of_another_case_learns_what_is_closed_and_what_is_full() -> None:
    free = linear([("1", "2", 1.0, 0.0), ("1", "2", 3.0, 0.0), ("1", "2", 9.0, 0.0)])
    one = PathRules(trees=1)
    known = generate_paths(free, one_way(free, 1.0), rules=one)
    assert ways(known) == [(0,)]
    full = linear([("1", "2", 1.0, 4.0), ("1", "2", 3.0, 0.0), ("1", "2", 9.0, 0.0)])
    moved = sue(full, one_way(full, 1.0), with_theta(5.0), rules=one, paths=known)
    assert moved.state.delay[0] == pytest.approx(4.0 * moved.flows[0, 0])
    assert set(ways(moved.paths)) == {(0,), (1,)}
    rows = pd.DataFrame({"origin": ["1"], "destination": ["2"], "flow": [1.0]})
    shut = make_demand(rows, free, class_cost={"all": np.array([np.inf, 0.0, 0.0])})
    turned = sue(free, shut, with_theta(5.0), rules=one, paths=known)
    np.testing.assert_array_equal(turned.flows, [[0.0, 1.0, 0.0]])


def test_workers_make_the_same_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SHARES_PER_PART", 20)
    network, demand = grid(6)
    found = [sue(network, demand, with_theta(0.5, 1e-9, workers=n)) for n in (1, 2, 3)]
    for other in found[1:]:
        np.testing.assert_array_equal(other.flows, found[0].flows)
        np.testing.assert_array_equal(other.shares, found[0].shares)


def test_markets_without_a_delay_are_solved_beside_those_with_one() -> None:
    arcs = [("1", "2", 1.0, 1.0), ("1", "2", 1.4, 0.0), ("3", "4", 1.0, 0.0), ("3", "4", 1.4, 0.0)]
    network = linear(arcs)
    rows = pd.DataFrame({"origin": ["1", "3"], "destination": ["2", "4"], "flow": [3.0, 5.0]})
    found = sue(network, make_demand(rows, network), with_theta(1.0))
    np.testing.assert_allclose(found.flows[0, 2:], 5.0 / (1.0 + np.exp([-0.4, 0.4])))
    np.testing.assert_allclose(found.satisfaction[1], -np.log(np.exp(-1.0) + np.exp(-1.4)))
    assert found.flows[0, 0] == pytest.approx(3.0 / (1.0 + np.exp(found.flows[0, 0] - 0.4)))


@runs(max_examples=150)
@given(graphs(), st.data())
def test_sweeps_find_the_trees_of_dijkstra(network: Network, data: st.DataObject) -> None:
    prices = st.sampled_from([0.0, 0.5, 1.0, 2.0, np.inf])
    order, cost = (np.array([data.draw(prices) for _ in range(network.size)]) for _ in range(2))
    order = np.minimum(order, cost)
    graph, nodes = network.graph, len(network.nodes)
    work, targets = new_work(nodes, network.size), np.arange(nodes, dtype=np.int32)
    star = trees.star_of(0, graph, order, targets, work)
    labels, pred, other = trees.new_labels(star.node.size), *np.empty((2, nodes), np.int32)
    trees.sweep(star, np.ascontiguousarray(cost[star.arc]), labels, pred)
    shortest_tree(0, graph, cost, np.zeros(network.size), work, other)
    low = np.full(nodes, np.inf)
    low[star.node] = labels.least
    np.testing.assert_array_equal(low, work.min_label)
    for j in np.flatnonzero(np.isfinite(low)):
        steps = 0
        while pred[j] >= 0:
            j, steps = graph.tail[pred[j]], steps + 1
            assert steps < nodes
        assert j == 0
