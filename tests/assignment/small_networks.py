"""Small networks, solved by hand in the tests that use them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment import AssignmentSettings, Demand, Network, make_demand, make_network

EXACT = AssignmentSettings(gap=1e-12)


def network_of(*rows: tuple[Any, ...], columns: tuple[str, ...] = ()) -> Network:
    """Arcs as from, to, free-flow cost, scale, capacity (delay ``scale · v / capacity``), other columns."""
    names = ["from", "to", "free_flow_cost", "delay_scale", "capacity", *columns]
    table = pd.DataFrame(rows, columns=names)
    table["delay"] = np.where(table["delay_scale"] > 0.0, "power", "none")
    return make_network(table.assign(delay_power=1.0))


def demand_of(network: Network, *rows: tuple[str, str, float]) -> Demand:
    return make_demand(pd.DataFrame(rows, columns=["origin", "destination", "flow"]), network)


def two_roads() -> tuple[Network, Demand]:
    """From a to b by a short arc with delay or a long one without, then on to c.

    10 units: the short arc costs 1 + v, the long one 5 at any flow, so 4 use the first and 6 the other.
    """
    network = network_of(
        ("a", "b", 1.0, 1.0, 1.0, 10.0, 3.0),
        ("a", "b", 5.0, 0.0, np.inf, 20.0, 1.0),
        ("b", "c", 2.0, 0.0, np.inf, 7.0, 0.0),
        columns=("length_km", "borders"),
    )
    return network, demand_of(network, ("a", "c", 8.0), ("a", "b", 2.0))
