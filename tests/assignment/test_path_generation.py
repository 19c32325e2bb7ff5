"""Paths added at the costs of a loaded network: what one look tells the next changes no path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from sogdia.assignment.kernels.path_tables import Paths, find_new_paths, select_paths
from sogdia.assignment.path_generation import add_least_cost_paths, least_cost_ratio
from sogdia.assignment.path_sets import PathRules, adapt_paths, generate_paths
from sogdia.assignment.stochastic import sue

from .logit_cases import with_theta
from .test_path_sets import grid


@runs(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.003, 0.05, 0.5]), st.sampled_from([1e-6, 0.01, 0.1]))
def test_a_look_told_of_an_earlier_one_finds_the_same_paths(seed: int, move: float, tolerance: float) -> None:
    network, demand = grid(5, seed)
    rules = PathRules(trees=1, tolerance=tolerance)
    random = np.random.default_rng(seed)
    delay = random.uniform(0.0, 2.0, network.delays.kind.size)
    first = generate_paths(network, demand, max_paths=1, rules=rules)
    paths, _, look = add_least_cost_paths(network, demand, first, delay, rules)
    for _ in range(3):
        delay = delay * random.uniform(1.0 - move, 1.0 + move, delay.size)
        plain, gained, _ = add_least_cost_paths(network, demand, paths, delay, rules)
        told, again, look = add_least_cost_paths(network, demand, paths, delay, rules, previous=look)
        assert again == gained
        assert all(np.array_equal(getattr(told, name), getattr(plain, name)) for name in vars(plain))
        paths = told


def test_a_look_spares_trees_where_costs_hardly_moved() -> None:
    network, demand = grid(6)
    rules = PathRules(tolerance=0.05)
    found = sue(network, demand, with_theta(1.0, 1e-8), rules=rules)
    assert found.last_search is not None
    delay = found.state.delay
    low = found.last_search.bounds.lower
    _, gained, look = add_least_cost_paths(
        network, demand, found.paths, 0.999 * delay, rules, previous=found.last_search
    )
    assert gained == 0
    bound = look.bounds.lower
    assert (bound <= low).all()
    exact = add_least_cost_paths(network, demand, found.paths, 0.999 * delay, rules)[2].bounds.lower
    assert (bound <= exact).all()
    assert (bound < exact).any()


def test_bounds_are_not_carried_to_other_markets() -> None:
    network, demand = grid(5)
    rules = PathRules(trees=1)
    paths = generate_paths(network, demand, rules=rules)
    delay = np.zeros(network.delays.kind.size)
    look = add_least_cost_paths(network, demand, paths, delay, rules)[2]
    fewer = replace(demand, table=demand.table.iloc[5:].reset_index(drop=True))
    some = generate_paths(network, fewer, rules=rules)
    assert look.bounds_at(some.od_groups, look.free_flow, look.cost) is None
    other = look.free_flow._replace(cost=2.0 * look.free_flow.cost)
    assert look.bounds_at(paths.od_groups, other, 2.0 * look.cost) is None


def test_a_part_that_all_paths_keep_is_that_of_the_arc_that_fell_most() -> None:
    before = np.array([[2.0, 4.0, 0.0, np.inf], [1.0, 1.0, 1.0, 1.0]])
    after = np.array([[1.8, 5.0, 1.0, np.inf], [2.0, 1.5, 1.0, 1.0]])
    np.testing.assert_allclose(least_cost_ratio(before, after), [0.9, 1.0], rtol=1e-11)
    assert (least_cost_ratio(before, after) <= [0.9, 1.0]).all()


def test_what_a_solution_knows_changes_none_that_follows() -> None:
    network, demand = grid(6)
    first = sue(network, demand, with_theta(0.5, 1e-9))
    more = replace(demand, table=demand.table.assign(flow=1.2 * demand.table["flow"]))
    known, flow = first.paths, first.state.flow
    plain, told = (
        sue(network, more, with_theta(0.5, 1e-9), paths=known, start=flow, previous=b) for b in (None, first)
    )
    assert np.array_equal(told.shares, plain.shares)
    assert np.array_equal(told.paths.path_arc, plain.paths.path_arc)
    other = replace(network, arcs=network.arcs.assign(free_flow_cost=1.5 * network.free_flow_cost))
    plain, told = (
        sue(other, more, with_theta(0.5, 1e-9), paths=known, start=flow, previous=b) for b in (None, first)
    )
    assert np.array_equal(told.shares, plain.shares)


def test_paths_put_behind_others_meet_the_same_groups() -> None:
    network, demand = grid(5)
    found = sue(network, demand, with_theta(1.0, 1e-8), rules=PathRules(trees=1, tolerance=1e-6))
    anew = adapt_paths(network, replace(found.paths, delayed_group=np.full(network.size, -1, np.int32)))
    assert np.array_equal(anew.group_ptr, found.paths.group_ptr)
    assert np.array_equal(anew.path_group, found.paths.path_group)
    assert adapt_paths(network, found.paths) is found.paths


@pytest.mark.parametrize("joint", [False, True])
def test_groups_of_another_network_are_found_from_those_known(joint: bool) -> None:
    network, demand = grid(5)
    paths = generate_paths(network, demand)
    arcs = network.arcs.iloc[::-1].copy()
    arcs["group"] = [f"{'one' if joint and n < 8 else n}" for n in range(len(arcs))]
    arcs.loc[arcs.index % 3 == 0, "delay"] = "none"
    arcs.loc[arcs["group"] == "one", "delay"] = "power"
    arcs.loc[arcs["group"] == "one", "delay_scale"] = 1.0
    other = replace(network, arcs=arcs.iloc[::-1])
    soon = adapt_paths(other, paths)
    anew = adapt_paths(other, replace(paths, delayed_group=np.full(network.size, -1, np.int32)))
    assert np.array_equal(soon.group_ptr, anew.group_ptr)
    assert np.array_equal(soon.path_group, anew.path_group)
    back = adapt_paths(network, soon)
    assert np.array_equal(back.path_group, paths.path_group)


def test_paths_not_among_others_are_told_by_market() -> None:
    first, second = table([[0], [1, 2]], [[0, 1]]), table([[1, 2], [2, 1, 0]], [[0]])
    draw = np.random.default_rng(1).integers(0, 2**63, size=3, dtype=np.int64)
    new = find_new_paths(second, first, draw)
    assert new.tolist() == [False, True, True]
    ptr, arcs = select_paths(
        second.path_ptr, second.path_arc, np.flatnonzero(new), np.array([5, 6, 7], np.int32)
    )
    assert ptr.tolist() == [0, 3, 4]
    assert arcs.tolist() == [7, 6, 5, 5]


def table(*od_groups: list[list[int]]) -> Paths:
    """Paths of some markets, by their arcs."""
    paths = [path for od_group in od_groups for path in od_group]
    od_ptr, path_ptr = (np.cumsum([0, *map(len, some)], dtype=np.int64) for some in (od_groups, paths))
    arcs = np.array([a for path in paths for a in path], np.int32)
    return Paths(od_ptr, path_ptr, arcs, np.zeros(len(paths)))
