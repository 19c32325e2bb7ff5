"""Path sets: all simple paths, generated paths, path sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as runs

from sogdia.assignment import Network, make_demand
from sogdia.assignment.path_sets import (
    PathRules,
    adapt_paths,
    all_simple_paths,
    generate_paths,
)
from sogdia.assignment.stochastic import sue, sue_all_paths
from sogdia.errors import InputError

from .cases import linear_network
from .reference import paths_of, paths_of_row, simple_paths
from .small_networks import LOGIT_EXACT, graphs, grid, single_demand, with_theta


@runs(max_examples=80)
@given(graphs())
def test_all_simple_paths_match_a_recursion(network: Network) -> None:
    last = len(network.nodes) - 1
    paths = all_simple_paths(network, single_demand(network, 1.0, "0", str(last)))
    found = paths_of(paths)
    assert len(set(found)) == len(found)
    assert set(found) == simple_paths(network, 0, last)


@runs(max_examples=80)
@given(graphs())
def test_generated_paths_are_simple_and_include_the_shortest(network: Network) -> None:
    last = len(network.nodes) - 1
    paths = generate_paths(network, single_demand(network, 1.0, "0", str(last)))
    found, known = paths_of(paths), simple_paths(network, 0, last)
    assert len(set(found)) == len(found)
    assert set(found) <= known
    assert bool(found) == bool(known)
    if known:
        assert min(map(len, found)) == min(map(len, known))


def test_too_many_paths_are_refused_with_an_alternative() -> None:
    names = [str(i) for i in range(12)]
    full = linear_network([(a, b, 1.0, 0.0) for a in names for b in names if a != b])
    with pytest.raises(InputError, match="more than 2,000,000 arcs in all; choose algorithm 'sue'"):
        sue_all_paths(full, single_demand(full, 1.0, "0", "11"), LOGIT_EXACT)
    assert sue(full, single_demand(full, 1.0, "0", "11"), LOGIT_EXACT).flows.sum() > 0.0


def test_cycles_of_zero_cost_are_not_followed() -> None:
    arcs = [("1", "3", 0.0, 0.0), ("3", "4", 0.0, 0.0), ("4", "3", 0.0, 0.0), ("4", "2", 0.0, 0.0)]
    network = linear_network([*arcs, ("3", "2", 0.0, 0.0), ("1", "2", 0.0, 0.0)])
    demand = single_demand(network, 1.0)
    found = sue_all_paths(network, demand, LOGIT_EXACT)
    assert set(paths_of_row(found, 0)) == {(0, 1, 3), (0, 4), (5,)}
    np.testing.assert_allclose(found.shares, 1.0 / 3.0)
    assert set(paths_of_row(sue(network, demand, LOGIT_EXACT), 0)) <= {(0, 1, 3), (0, 4), (5,)}


def test_parallel_arcs_make_distinct_paths() -> None:
    network = linear_network([("1", "2", 1.0, 0.0), ("1", "2", 1.0, 0.0), ("1", "2", 1.2, 0.0)])
    for paths in (
        all_simple_paths(network, single_demand(network, 1.0)),
        generate_paths(network, single_demand(network, 1.0)),
    ):
        assert sorted(paths_of(paths)) == [(0,), (1,), (2,)]
        np.testing.assert_array_equal(paths.log_path_size, 0.0)


def test_high_cost_paths_are_dropped_first() -> None:
    network = linear_network([("1", "2", 1.0 + 0.1 * i, 0.0) for i in range(8)])
    demand = single_demand(network, 1.0)
    rules = PathRules(trees=40, factor=1.35)
    assert paths_of(generate_paths(network, demand, rules=rules)) == [(0,), (1,), (2,), (3,)]
    assert paths_of(generate_paths(network, demand, rules=rules, max_paths=2)) == [(0,), (1,)]
    slack = PathRules(trees=40, factor=1.0, slack=0.25)
    assert paths_of(generate_paths(network, demand, rules=slack)) == [(0,), (1,), (2,)]


def test_mask_gives_a_path_that_avoids_its_arcs() -> None:
    arcs = [("1", "3", 1.0, 0.0), ("3", "2", 1.0, 0.0), ("1", "4", 1.4, 0.0), ("4", "2", 1.4, 0.0)]
    network = linear_network(arcs)
    demand = single_demand(network, 1.0)
    few = PathRules(trees=1)
    assert paths_of(generate_paths(network, demand, rules=few)) == [(0, 1)]
    mask = np.array([True, False, False, False])
    assert paths_of(generate_paths(network, demand, rules=few, avoid={"three": mask})) == [(0, 1), (2, 3)]
    with pytest.raises(InputError, match="'three' is not a mask of 4 arcs"):
        generate_paths(network, demand, avoid={"three": mask[:2]})


def test_classes_with_different_costs_get_their_own_least_cost_paths() -> None:
    network = linear_network([("1", "2", 1.0, 0.0), ("1", "2", 5.0, 0.0)])
    rows = pd.DataFrame({"origin": "1", "destination": "2", "class": ["fast", "low_cost"], "flow": 1.0})
    class_cost = {"fast": np.zeros(2), "low_cost": np.array([100.0, 0.0])}
    paths = generate_paths(network, make_demand(rows, network, class_cost=class_cost))
    assert sorted(paths_of(paths)) == [(0,), (1,)]
    closed = {"fast": np.zeros(2), "low_cost": np.array([np.inf, 0.0])}
    demand = make_demand(rows, network, class_cost=closed)
    trees, simple = generate_paths(network, demand), all_simple_paths(network, demand)
    assert [sorted(paths_of(trees, m)) for m in range(2)] == [[(0,)], [(1,)]]
    assert [sorted(paths_of(simple, m)) for m in range(2)] == [[(0,), (1,)], [(1,)]]
    with pytest.raises(InputError, match="fast, low_cost of one class group"):
        generate_paths(network, demand, group_of_class=np.zeros(2, np.int32))
    for wrong in ([0], [0, 2], [1, 1]):
        with pytest.raises(InputError, match="numbered from 0"):
            generate_paths(network, demand, group_of_class=np.array(wrong, np.int32))


def test_threads_give_the_same_set() -> None:
    network, demand = grid(7)
    sets = [generate_paths(network, demand, workers=n) for n in (1, 2, 3)]
    for other in sets[1:]:
        for name in ("od_ptr", "path_ptr", "path_arc", "group_ptr", "path_group", "log_path_size"):
            np.testing.assert_array_equal(getattr(other, name), getattr(sets[0], name))


def test_path_sizes_are_between_one_over_the_number_of_paths_and_one() -> None:
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


def test_delayed_groups_of_added_paths_are_those_of_all_paths() -> None:
    network, demand = grid(5)
    found = sue(network, demand, with_theta(1.0, 1e-8), rules=PathRules(trees=1, tolerance=1e-6))
    renewed = adapt_paths(network, replace(found.paths, delayed_group=np.full(network.size, -1, np.int32)))
    assert np.array_equal(renewed.group_ptr, found.paths.group_ptr)
    assert np.array_equal(renewed.path_group, found.paths.path_group)
    assert adapt_paths(network, found.paths) is found.paths


@pytest.mark.parametrize("joint", [False, True])
def test_delayed_groups_are_adapted_to_another_network(joint: bool) -> None:
    network, demand = grid(5)
    paths = generate_paths(network, demand)
    arcs = network.arcs.iloc[::-1].copy()
    arcs["group"] = [f"{'one' if joint and n < 8 else n}" for n in range(len(arcs))]
    arcs.loc[arcs.index % 3 == 0, "delay"] = "none"
    arcs.loc[arcs["group"] == "one", "delay"] = "power"
    arcs.loc[arcs["group"] == "one", "delay_scale"] = 1.0
    other = replace(network, arcs=arcs.iloc[::-1])
    adapted = adapt_paths(other, paths)
    renewed = adapt_paths(other, replace(paths, delayed_group=np.full(network.size, -1, np.int32)))
    assert np.array_equal(adapted.group_ptr, renewed.group_ptr)
    assert np.array_equal(adapted.path_group, renewed.path_group)
    back = adapt_paths(network, adapted)
    assert np.array_equal(back.path_group, paths.path_group)
