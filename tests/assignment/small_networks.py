"""Small networks: by hand, grids, and random ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from sogdia.assignment import AssignmentSettings, Demand, Network, make_demand, make_network

EXACT = AssignmentSettings(gap=1e-12)
LOGIT_EXACT = AssignmentSettings(gap=1e-11)


def with_theta(theta: float, gap: float = 1e-11, **more: float) -> AssignmentSettings:
    return AssignmentSettings.model_validate({"theta": theta, "gap": gap, **more})


def network_of(*rows: tuple[Any, ...], columns: tuple[str, ...] = ()) -> Network:
    """Arcs as from, to, free-flow cost, scale, capacity (delay ``scale · v / capacity``), other columns."""
    names = ["from", "to", "free_flow_cost", "delay_scale", "capacity", *columns]
    table = pd.DataFrame(rows, columns=names)
    table["delay"] = np.where(table["delay_scale"] > 0.0, "power", "none")
    return make_network(table.assign(delay_power=1.0))


def demand_of(network: Network, *rows: tuple[str, str, float]) -> Demand:
    return make_demand(pd.DataFrame(rows, columns=["origin", "destination", "flow"]), network)


def single_demand(network: Network, flow: float, origin: str = "1", destination: str = "2") -> Demand:
    return demand_of(network, (origin, destination, flow))


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
    return network, demand_of(network, *[(a, b, 10.0) for a in zones for b in zones])


@st.composite
def graphs(draw: st.DrawFn) -> Network:
    """Draw a network of 2 to 6 nodes with arcs of cost 1; some nodes admit no through paths."""
    nodes = [str(i) for i in range(draw(st.integers(2, 6)))]
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    pairs = draw(st.lists(ends, min_size=1, max_size=14))
    table = pd.DataFrame(pairs, columns=["from", "to"]).assign(free_flow_cost=1.0)
    closed = st.lists(st.sampled_from(nodes), max_size=2)
    return make_network(table, nodes=nodes, no_through=draw(closed))
