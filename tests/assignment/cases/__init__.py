"""Published cases as tables of this repository; sources are in ``README.md`` next to this file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sogdia.assignment import Demand, Network, make_demand, make_network

HERE = Path(__file__).parent
BPR_B, BPR_POWER = 0.15, 4.0


@dataclass(frozen=True)
class Case:
    """A published case: how to read it, and its user equilibrium."""

    stem: str
    read: Callable[[], tuple[Network, Demand]]
    objective: float
    total_cost: float
    demand: float


def table(name: str) -> pd.DataFrame:
    """Read a table; names of nodes are text."""
    ends = dict.fromkeys(("from", "to", "origin", "destination"), str)
    return pd.read_csv(HERE / name, dtype=ends)


def linear_network(arcs: Sequence[tuple[str, str, float, float]]) -> Network:
    """Make a network of arcs from, to, a, b with the cost ``a + b · flow``."""
    columns = ["from", "to", "free_flow_cost", "delay_scale"]
    rows = pd.DataFrame(list(arcs), columns=columns)
    return make_network(rows.assign(delay="power", capacity=1.0, delay_power=1.0))


def sioux_falls() -> tuple[Network, Demand]:
    """Read Sioux Falls: 24 nodes, 76 links, 528 origin-destination pairs."""
    links = table("sioux_falls_links.csv").drop(columns="equilibrium_flow")
    links["free_flow_cost"] = links["free_flow_time"]
    links["delay_scale"] = links["free_flow_time"] * BPR_B
    zones = [str(node) for node in range(1, 25)]
    network = make_network(links.assign(delay="power", delay_power=BPR_POWER), nodes=zones)
    trips = table("sioux_falls_trips.csv").melt("origin", var_name="destination", value_name="flow")
    return network, make_demand(trips, network)


def nguyen_dupuis() -> tuple[Network, Demand]:
    """Read Nguyen and Dupuis: 13 nodes, 19 links, 4 origin-destination pairs."""
    links = table("nguyen_dupuis_links.csv")
    columns = ("from", "to", "free_flow_cost", "cost_per_flow")
    network = linear_network(list(zip(*(links[name] for name in columns), strict=True)))
    return network, make_demand(table("nguyen_dupuis_demand.csv"), network)


def braess() -> tuple[Network, Demand]:
    """Make the Braess network: 6 units from 1 to 2; in equilibrium 2 on each of three paths of cost 92."""
    arcs = [("1", "3", 0.0, 10.0), ("1", "4", 50.0, 1.0), ("3", "2", 50.0, 1.0), ("3", "4", 10.0, 1.0)]
    network = linear_network([*arcs, ("4", "2", 0.0, 10.0)])
    trips = pd.DataFrame({"origin": ["1"], "destination": ["2"], "flow": [6.0]})
    return network, make_demand(trips, network)


SIOUX_FALLS = Case("Sioux Falls", sioux_falls, 4_231_335.28710744, 7_480_225.344921, 360_600.0)
BRAESS = Case("Braess", braess, 386.0, 552.0, 6.0)
NGUYEN_DUPUIS = Case("Nguyen-Dupuis", nguyen_dupuis, 85_086.8596, float("nan"), 2_000.0)
