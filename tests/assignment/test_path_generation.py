"""Column generation: completeness, bounds of an earlier search, reuse of an earlier solution."""

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

from sogdia.assignment import AssignmentSettings, make_demand, make_network, path_arcs
from sogdia.assignment.kernels.arrays import numbers_type
from sogdia.assignment.path_generation import (
    add_least_cost_paths,
    generated_search,
    largest_fall,
    least_cost_ratio,
)
from sogdia.assignment.path_sets import PathRules, generate_bounded_paths, generate_paths
from sogdia.assignment.stochastic import sue
from sogdia.errors import InputError

from .cases import linear_network
from .reference import paths_of
from .small_networks import grid, single_demand, with_theta


@runs(max_examples=60)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.003, 0.05, 0.5]),
    st.sampled_from([1e-6, 0.01, 0.1]),
    st.booleans(),
)
def test_search_with_bounds_of_an_earlier_one_finds_the_same_paths(
    seed: int, relative_change: float, tolerance: float, reprices: bool
) -> None:
    network, demand = grid(5, seed)
    rules = PathRules(trees=1, tolerance=tolerance)
    random = np.random.default_rng(seed)
    delay = random.uniform(0.0, 2.0, network.delays.kind.size)
    charge = random.uniform(0.0, 3.0, (len(demand.classes), network.size))
    demand = replace(demand, class_cost=charge)
    first, vectors, bounds = generate_bounded_paths(
        network, demand, max_paths=1, rules=rules, group_of_class=None, avoid=None, length=None, workers=1
    )
    generated = generated_search(network, first, vectors, bounds)
    paths, _, search = add_least_cost_paths(network, demand, first, delay, rules, previous=generated)
    for _ in range(3):
        if not reprices or random.random() < 0.5:
            delay = delay * random.uniform(1.0 - relative_change, 1.0 + relative_change, delay.size)
        if reprices:
            moved = random.random(network.size) < 0.2
            factor = random.uniform(1.0 - relative_change, 1.0 + relative_change)
            demand = replace(demand, class_cost=demand.class_cost * np.where(moved, factor, 1.0))
        plain, gained, _ = add_least_cost_paths(network, demand, paths, delay, rules)
        bounded, again, search = add_least_cost_paths(network, demand, paths, delay, rules, previous=search)
        assert again == gained
        assert all(np.array_equal(getattr(bounded, name), getattr(plain, name)) for name in vars(plain))
        # Without its paths every OD group misses one, so that its tree is computed.
        none = replace(paths, od_ptr=np.zeros_like(paths.od_ptr), path_ptr=np.zeros(1, np.int64))
        exact = add_least_cost_paths(network, demand, none, np.zeros(delay.size), rules)[2].bounds.lower
        assert (search.floor <= exact).all()
        assert relative_change > 0.003 or (search.floor > 0.0).any()
        paths = bounded


def test_bounds_save_trees_after_small_changes_of_cost() -> None:
    network, demand = grid(6)
    rules = PathRules(tolerance=0.05)
    found = sue(network, demand, with_theta(1.0, 1e-8), rules=rules)
    assert found.last_search is not None
    delay = found.state.delay
    lower = found.last_search.bounds.lower
    _, gained, search = add_least_cost_paths(
        network, demand, found.paths, 0.999 * delay, rules, previous=found.last_search
    )
    assert gained == 0
    bound = search.bounds.lower
    assert (bound <= lower).all()
    exact = add_least_cost_paths(network, demand, found.paths, 0.999 * delay, rules)[2].bounds.lower
    assert (bound <= exact).all()
    assert (bound < exact).any()


def test_bounds_do_not_apply_to_other_od_groups_or_arcs_that_open() -> None:
    network, demand = grid(5)
    rules = PathRules(trees=1)
    paths = generate_paths(network, demand, rules=rules)
    delay = np.zeros(network.delays.kind.size)
    search = add_least_cost_paths(network, demand, paths, delay, rules)[2]
    fewer = demand.subset(np.arange(5, demand.size))
    some = generate_paths(network, fewer, rules=rules)
    still = np.zeros(network.size)
    assert search.bounds_at(network, some.od_groups, search.free_flow, search.cost, still) is None
    assert search.bounds_at(network, paths.od_groups, search.free_flow, search.cost, still) is not None
    closed = search.free_flow.cost.copy()
    closed[0, 0] = np.inf
    before = replace(search, free_flow=search.free_flow._replace(cost=closed))
    assert before.bounds_at(network, paths.od_groups, search.free_flow, search.cost, still) is None


def test_generation_knows_the_least_costs_without_delays() -> None:
    """A search without delays from no record computes all trees; generation has their least costs."""
    network, demand = grid(5)
    rules = PathRules(trees=2)
    paths, vectors, bounds = generate_bounded_paths(
        network, demand, max_paths=3, rules=rules, group_of_class=None, avoid=None, length=None, workers=1
    )
    search = generated_search(network, paths, vectors, bounds)
    # Without its paths every OD group misses one, so that its tree is computed.
    none = replace(paths, od_ptr=np.zeros_like(paths.od_ptr), path_ptr=np.zeros(1, np.int64))
    delay = np.zeros(network.delays.kind.size)
    exact = add_least_cost_paths(network, demand, none, delay, rules)[2].bounds.lower
    np.testing.assert_allclose(search.bounds.lower, exact, rtol=1e-12)
    assert (search.floor <= exact).all()


def test_largest_fall_counts_each_node_once() -> None:
    """Out of nodes at most 2 + 4 = 6, into them 1 + 2 + 4 = 7; then 2 + 3 + 3 = 8 and 1 + 2 + 3 = 6."""
    arcs = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e")]
    table = pd.DataFrame(arcs, columns=["from", "to"]).assign(free_flow_cost=1.0)
    network = make_network(table)
    assert largest_fall(network, np.array([1.0, 2.0, 0.0, 4.0, 0.0])) == pytest.approx(6.0)
    assert largest_fall(network, np.array([1.0, 2.0, 3.0, 3.0, -5.0])) == pytest.approx(6.0)
    assert largest_fall(network, -np.ones(5)) == 0.0


def test_least_cost_ratio_is_that_of_the_arc_with_the_largest_fall() -> None:
    before = np.array([[2.0, 4.0, 0.0, np.inf], [1.0, 1.0, 1.0, 1.0]])
    after = np.array([[1.8, 5.0, 1.0, np.inf], [2.0, 1.5, 1.0, 1.0]])
    np.testing.assert_allclose(least_cost_ratio(before, after), [0.9, 1.0], rtol=1e-11)
    assert (least_cost_ratio(before, after) <= [0.9, 1.0]).all()


def test_previous_solution_changes_no_later_result() -> None:
    network, demand = grid(6)
    first = sue(network, demand, with_theta(0.5, 1e-9))
    more = replace(demand, flow=1.2 * demand.flow)
    known, flow = first.paths, first.state.flow
    plain, reused = (
        sue(network, more, with_theta(0.5, 1e-9), paths=known, start=flow, previous=b) for b in (None, first)
    )
    assert np.array_equal(reused.shares, plain.shares)
    assert np.array_equal(reused.paths.path_arc, plain.paths.path_arc)
    other = replace(network, arcs=network.arcs.assign(free_flow_cost=1.5 * network.free_flow_cost))
    plain, reused = (
        sue(other, more, with_theta(0.5, 1e-9), paths=known, start=flow, previous=b) for b in (None, first)
    )
    assert np.array_equal(reused.shares, plain.shares)


def test_previous_solution_at_other_charges_changes_no_later_result() -> None:
    network, demand = grid(6)
    charge = np.full((len(demand.classes), network.size), 0.5)
    first = sue(network, replace(demand, class_cost=charge), with_theta(0.5, 1e-9))
    raised = charge.copy()
    raised[0, :5] = 2.0
    other = replace(demand, class_cost=raised)
    known, flow = first.paths, first.state.flow
    plain, reused = (
        sue(network, other, with_theta(0.5, 1e-9), paths=known, start=flow, previous=b) for b in (None, first)
    )
    assert np.array_equal(reused.shares, plain.shares)
    assert np.array_equal(reused.paths.path_arc, plain.paths.path_arc)
    assert not np.array_equal(reused.choice.utility[: first.choice.utility.size], first.choice.utility)


def test_numbers_of_arcs_take_the_bits_that_the_network_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger network has the same shares by wider numbers."""
    assert numbers_type(65_536) is np.uint16
    assert numbers_type(65_537) is np.int32
    network, demand = grid(5)
    narrow = sue(network, demand, with_theta(0.5, 1e-9))
    monkeypatch.setattr(path_arcs, "numbers_type", lambda _: np.int32)
    wide = sue(network, demand, with_theta(0.5, 1e-9))
    assert narrow.paths.path_arc.dtype == np.uint16
    assert wide.paths.path_arc.dtype == np.int32
    assert np.array_equal(narrow.shares, wide.shares)


def test_no_path_of_lower_cost_than_the_set_is_missing() -> None:
    network, demand = grid(6)
    rules = PathRules(trees=1, tolerance=1e-6)
    settings = AssignmentSettings(theta=1.0, gap=1e-8, max_paths=1)
    restricted = sue(network, demand, settings, rules=rules.model_copy(update={"rounds": 0}))
    assert restricted.paths.size == len(demand.table)
    found = sue(network, demand, settings, rules=rules)
    assert found.paths.size > restricted.paths.size
    cost = network.free_flow_cost + found.state.delay[network.graph.group]
    graph = network.graph
    matrix = csr_array((cost, (graph.tail, graph.head)), shape=(len(network.nodes),) * 2)
    least = dijkstra(matrix)[found.paths.origin, found.paths.destination][found.od_group]
    best = np.minimum.reduceat(found.path_cost, found.share_ptr[:-1])
    assert (least >= best * (1.0 - 1.1e-6)).all()
    same, added, _ = add_least_cost_paths(network, demand, found.paths, found.state.delay, rules)
    assert added == 0
    assert same is found.paths
    steps = found.convergence.steps
    assert [step.iteration for step in steps] == list(range(1, len(steps) + 1))
    assert all(a.seconds <= b.seconds for a, b in pairwise(steps))


def test_one_search_adds_the_paths_of_the_first_of_many_and_solves_among_them() -> None:
    network, demand = grid(6)
    rules = PathRules(trees=1, tolerance=1e-6)
    once = rules.model_copy(update={"until_complete": False})
    settings = AssignmentSettings(theta=1.0, gap=1e-8, max_paths=1)
    start = sue(network, demand, settings, rules=rules.model_copy(update={"rounds": 0}))
    first = sue(network, demand, settings, rules=once)
    every = sue(network, demand, settings, rules=rules)
    coarse = sue(network, demand, with_theta(1.0, 1e-3), paths=start.paths, rules=once)
    assert start.paths.size < first.paths.size < every.paths.size
    assert coarse.paths.size == first.paths.size
    assert first.convergence.residual <= 1e-8
    among = sue(network, demand, settings, paths=first.paths, rules=rules.model_copy(update={"rounds": 0}))
    np.testing.assert_allclose(first.shares, among.shares, atol=1e-7)


def test_path_set_can_be_reused() -> None:
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


def test_path_set_of_another_case_is_adapted_to_closures_and_delays() -> None:
    free = linear_network([("1", "2", 1.0, 0.0), ("1", "2", 3.0, 0.0), ("1", "2", 9.0, 0.0)])
    one = PathRules(trees=1)
    known = generate_paths(free, single_demand(free, 1.0), rules=one)
    assert paths_of(known) == [(0,)]
    delayed = linear_network([("1", "2", 1.0, 4.0), ("1", "2", 3.0, 0.0), ("1", "2", 9.0, 0.0)])
    shifted = sue(delayed, single_demand(delayed, 1.0), with_theta(5.0), rules=one, paths=known)
    assert shifted.state.delay[0] == pytest.approx(4.0 * shifted.flows[0, 0])
    assert set(paths_of(shifted.paths)) == {(0,), (1,)}
    rows = pd.DataFrame({"origin": ["1"], "destination": ["2"], "flow": [1.0]})
    closed = make_demand(rows, free, class_cost={"all": np.array([np.inf, 0.0, 0.0])})
    diverted = sue(free, closed, with_theta(5.0), rules=one, paths=known)
    np.testing.assert_array_equal(diverted.flows, [[0.0, 1.0, 0.0]])
