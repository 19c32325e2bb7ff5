"""Connectivity: rows of demand that have a path in a network."""

from __future__ import annotations

import numpy as np

from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import bush_skims
from sogdia.assignment.kernels.arrays import Bools, Graph, Ints, Longs, new_work
from sogdia.assignment.network import Network


def has_path(network: Network, demand: Demand) -> Bools:
    """Return a mask of the rows of demand that have a path, (T,).

    A row has a path by way of the best connected node if that node can be reached from its origin and its
    destination from that node: two searches suffice for nearly all rows. The rest takes one search per
    origin. Classes to which the same arcs are closed share searches.
    """
    graph, costs = network.graph, free_flow_costs(network, demand)
    origin, destination, user_class = demand.indices(network)
    closed: dict[bytes, int] = {}
    patterns = [closed.setdefault(row.tobytes(), len(closed)) for row in np.isinf(costs)]
    pattern = np.array(patterns, dtype=np.int64)[user_class]
    degree = np.diff(graph.out_ptr) + np.diff(graph.in_ptr)
    middle = np.full(origin.size, np.argmax(np.where(graph.through, degree, -1)), np.int32)
    reverse = graph._replace(
        tail=graph.head, head=graph.tail, out_ptr=graph.in_ptr, out_arc=graph.in_arc,
        in_ptr=graph.out_ptr, in_arc=graph.out_arc,
    )  # fmt: skip
    work = new_work(len(network.nodes), network.size)

    def reached(rows: Longs, key: Longs, starts: Ints, ends: Ints, directed: Graph) -> Bools:
        out = np.zeros(origin.size, np.bool_)
        order = rows[np.argsort(key[rows], kind="stable")]
        bush_skims.reached(order, key, starts, ends, user_class, directed, costs, work, out)
        return out

    rows = np.arange(origin.size)
    connected = np.zeros(origin.size, np.bool_)
    if graph.through.any():
        connected = reached(rows, pattern, middle, destination, graph) & reached(
            rows, pattern, middle, origin, reverse
        )
    if not connected.all():
        key = pattern * len(network.nodes) + origin
        connected |= reached(np.flatnonzero(~connected), key, origin, destination, graph)
    return connected
