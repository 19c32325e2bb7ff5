"""Least-cost trees by sweeps match Dijkstra's algorithm."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from sogdia.assignment import Network
from sogdia.assignment.kernels import trees
from sogdia.assignment.kernels.arrays import new_work
from sogdia.assignment.kernels.shortest_tree import shortest_tree

from .small_networks import graphs


@runs(max_examples=150)
@given(graphs(), st.data())
def test_sweeps_match_dijkstra_at_any_costs(network: Network, data: st.DataObject) -> None:
    prices = st.sampled_from([0.0, 0.5, 1.0, 2.0, np.inf])
    order, cost = (np.array([data.draw(prices) for _ in range(network.size)]) for _ in range(2))
    order = np.minimum(order, cost)
    graph, nodes = network.graph, len(network.nodes)
    work, targets = new_work(nodes, network.size), np.arange(nodes, dtype=np.int32)
    star = trees.star_of(0, graph, order, targets, work)
    labels, pred, other = trees.new_labels(star.node.size), *np.empty((2, nodes), np.int32)
    trees.sweep(star, np.ascontiguousarray(cost[star.arc]), labels, pred)
    shortest_tree(0, graph, cost, np.zeros(network.size), work, other)
    least = np.full(nodes, np.inf)
    least[star.node] = labels.least
    np.testing.assert_array_equal(least, work.min_label)
    for j in np.flatnonzero(np.isfinite(least)):
        steps = 0
        while pred[j] >= 0:
            j, steps = graph.tail[pred[j]], steps + 1
            assert steps < nodes
        assert j == 0
