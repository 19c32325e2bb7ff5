"""Connectivity: rows of demand with a path match a recursion, by class."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import settings as runs

from sogdia.assignment import Network, make_demand
from sogdia.assignment.connectivity import has_path

from .cases import linear_network
from .reference import simple_paths
from .small_networks import demand_of, graphs


@runs(max_examples=80)
@given(graphs())
def test_row_has_a_path_if_a_recursion_finds_one(network: Network) -> None:
    names = network.nodes
    demand = demand_of(network, *[(a, b, 1.0) for a in names for b in names])
    expected = [
        bool(simple_paths(network, network.node_of[a], network.node_of[b]))
        for a, b in zip(demand.table["origin"], demand.table["destination"], strict=True)
    ]
    assert has_path(network, demand).tolist() == expected


def test_arc_closed_to_a_class_leaves_it_without_path() -> None:
    network = linear_network([("1", "2", 1.0, 0.0), ("1", "3", 1.0, 0.0), ("3", "2", 1.0, 0.0)])
    rows = pd.DataFrame({"origin": "1", "destination": "2", "class": ["a", "b", "c"], "flow": 1.0})
    closed = {"a": np.zeros(3), "b": np.array([np.inf, 0.0, 0.0]), "c": np.array([np.inf, 0.0, np.inf])}
    demand = make_demand(rows, network, class_cost=closed)
    assert has_path(network, demand).tolist() == [True, True, False]
