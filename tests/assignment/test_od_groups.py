"""OD groups: class groups by open arcs, cost vectors, codes of OD groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import Demand, Network, make_demand
from sogdia.assignment.od_groups import (
    class_cost_vectors,
    class_groups_by_open_arcs,
    class_index,
    cost_vectors,
    mean_free_flow_costs,
    od_group_codes,
    od_groups_of,
    od_groups_of_rows,
)

from .cases import linear_network


def three_classes() -> tuple[Network, Demand]:
    network = linear_network([("1", "2", 1.0, 0.0), ("1", "3", 2.0, 0.0), ("3", "2", 1.0, 0.0)])
    rows = pd.DataFrame({"origin": "1", "destination": "2", "class": ["a", "b", "c"], "flow": 1.0})
    closed = {"a": np.zeros(3), "b": np.array([np.inf, 0.0, 0.0]), "c": np.array([5.0, 0.0, 0.0])}
    return network, make_demand(rows, network, class_cost=closed)


def test_classes_with_the_same_open_arcs_form_a_group() -> None:
    assert class_groups_by_open_arcs(*three_classes()).tolist() == [0, 1, 0]
    assert class_index(three_classes()[1]).tolist() == [0, 1, 2]


def test_od_groups_are_sorted_and_unique() -> None:
    network, demand = three_classes()
    groups = class_groups_by_open_arcs(network, demand)
    found = od_groups_of(network, demand, groups)
    assert [part.tolist() for part in found] == [[0, 0], [0, 1], [2, 2]]
    codes = od_group_codes(found, groups, len(network.nodes))
    rows = od_group_codes(od_groups_of_rows(network, demand, groups), groups, len(network.nodes))
    assert np.searchsorted(codes, rows).tolist() == [0, 1, 0]


def test_mean_cost_of_a_group_is_zero_on_closed_arcs() -> None:
    costs = np.array([[1.0, 2.0], [3.0, np.inf], [5.0, 4.0]])
    groups = np.array([0, 1, 0], np.int32)
    assert mean_free_flow_costs(costs, groups).tolist() == [[3.0, 3.0], [3.0, 0.0]]


def test_typical_cost_is_the_geometric_mean_of_open_arcs() -> None:
    vectors = cost_vectors(np.array([0, 2]), np.array([[2.0, np.inf, np.inf], [8.0, 3.0, np.inf]]))
    assert vectors.typical == pytest.approx([4.0, 3.0, np.inf])


def test_cost_vectors_are_distinct_rows_with_the_middle_one_first() -> None:
    costs = np.array([[float(n)] for n in (4, 1, 2, 2, 0, 3)])
    groups = np.zeros(6, np.int32)
    vectors = class_cost_vectors(costs, groups, 3)
    assert vectors.cost.tolist() == [[2.0], [4.0], [0.0]]
    assert (vectors.ptr.tolist(), vectors.max_count) == ([0, 3], 3)
    assert class_cost_vectors(costs, groups, 1).cost.tolist() == [[2.0]]
    assert class_cost_vectors(costs, groups, 9).cost[:, 0].tolist() == [2.0, 3.0, 4.0, 0.0, 1.0]
