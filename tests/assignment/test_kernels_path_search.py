"""Paths of several trees: the common parts, the distinct paths, their costs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from sogdia.assignment import Network
from sogdia.assignment.kernels.arrays import new_work
from sogdia.assignment.kernels.path_search import new_traced_paths, trace_paths
from sogdia.assignment.kernels.shortest_tree import shortest_tree

from .small_networks import graphs


@runs(max_examples=100)
@given(graphs(), st.data())
def test_traced_paths_are_those_of_the_trees(network: Network, data: st.DataObject) -> None:
    """Two turns with other costs: entries of the first turn must have no effect on the second."""
    graph, nodes, trees = network.graph, len(network.nodes), 4
    prices = st.sampled_from([0.5, 1.0, 2.0, 5.0])
    traced, work = new_traced_paths(trees, nodes, 2), new_work(nodes, network.size)
    destinations = np.arange(1, nodes, 2, dtype=np.int32)
    for turn in (1, 2):
        pred = np.empty((trees, nodes), np.int32)
        costs = np.array([[data.draw(prices) for _ in range(network.size)] for _ in range(trees)])
        for r in range(trees):
            shortest_tree(0, graph, costs[r], np.zeros(network.size), work, pred[r])
        trace_paths(destinations, graph, costs[:2], pred, turn, traced)
        for j in destinations.tolist():
            paths = []
            for r in range(trees):
                arcs, i = [], j
                while pred[r, i] >= 0:
                    arcs.append(int(pred[r, i]))
                    i = int(graph.tail[pred[r, i]])
                paths.append(arcs)
                if not arcs:
                    continue
                first = paths.index(arcs)
                assert traced.first[r, j] == first
                assert traced.size[first, j] == len(arcs)
                np.testing.assert_allclose(traced.cost[first, j], costs[:2, arcs].sum(axis=1))
