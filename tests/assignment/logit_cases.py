"""Small networks for the logit, and plain Python that finds again what the engine says of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment import AssignmentSettings, Demand, Network, make_demand, make_network
from sogdia.assignment.stochastic import StochasticSolution

Arc = tuple[str, str, float, float]
Floats = npt.NDArray[np.float64]
EXACT = AssignmentSettings(gap=1e-11)


def with_theta(theta: float, gap: float = 1e-11, **more: float) -> AssignmentSettings:
    return AssignmentSettings.model_validate({"theta": theta, "gap": gap, **more})


def linear(arcs: Sequence[Arc]) -> Network:
    """Arcs of cost ``a + b · flow``."""
    table = pd.DataFrame(list(arcs), columns=["from", "to", "free_flow_cost", "delay_scale"])
    return make_network(table.assign(delay="power", capacity=1.0, delay_power=1.0))


def one_way(network: Network, flow: float, origin: str = "1", destination: str = "2") -> Demand:
    rows = pd.DataFrame({"origin": [origin], "destination": [destination], "flow": [flow]})
    return make_demand(rows, network)


def braess() -> tuple[Network, Demand]:
    """Six units from 1 to 2 (Braess 1968); at equal costs 2 on each of three routes."""
    arcs = [("1", "3", 0.0, 10.0), ("1", "4", 50.0, 1.0), ("3", "2", 50.0, 1.0), ("3", "4", 10.0, 1.0)]
    network = linear([*arcs, ("4", "2", 0.0, 10.0)])
    return network, one_way(network, 6.0)


def routes(found: StochasticSolution, row: int) -> list[tuple[int, ...]]:
    """Arcs of each path of a row of demand."""
    paths, od_group = found.paths, int(found.od_group[row])
    numbers = range(int(paths.od_ptr[od_group]), int(paths.od_ptr[od_group + 1]))
    return [tuple(paths.path_arc[paths.path_ptr[p] : paths.path_ptr[p + 1]].tolist()) for p in numbers]


def simple_routes(network: Network, origin: int, target: int) -> set[tuple[int, ...]]:
    """All simple paths, by plain recursion."""
    tail, head = network.graph.tail.tolist(), network.graph.head.tolist()
    found: set[tuple[int, ...]] = set()

    def go(node: int, seen: frozenset[int], trail: tuple[int, ...]) -> None:
        if node == target:
            found.add(trail)
        elif node == origin or network.through[node]:
            for a in np.flatnonzero(np.array(tail) == node).tolist():
                if head[a] not in seen:
                    go(head[a], seen | {head[a]}, (*trail, a))

    go(origin, frozenset({origin}), ())
    return found


def delay_of(kind: str, scale: float, capacity: float, power: float, flow: float) -> float:
    """The delay functions as they are published."""
    if kind == "none" or scale == 0.0:
        return 0.0
    x = flow / capacity
    if kind == "power":
        return float(scale * x**power)
    beta = (2.0 * power - 1.0) / (2.0 * power - 2.0)
    at = [np.sqrt(power**2 * (1.0 - y) ** 2 + beta**2) - power * (1.0 - y) for y in (x, 0.0)]
    return float(scale * (at[0] - at[1]))


def misfit(found: StochasticSolution, exponent: float = 0.0) -> float:
    """``max |f − q P(c(f))| / max q``, done again from paths and formulas."""
    network, demand = found.network, found.demand
    arcs, table = network.arcs, demand.table
    total = pd.Series(found.flows.sum(axis=0)).groupby(arcs["group"].to_numpy()).transform("sum")
    numbers = zip(
        arcs["delay"], arcs["delay_scale"], arcs["capacity"], arcs["delay_power"], total, strict=True
    )
    delay = np.array([delay_of(*one) for one in numbers])
    worst = 0.0
    for t, (name, flow) in enumerate(zip(table["class"], table["flow"], strict=True)):
        k = demand.classes.index(name)
        extra = np.zeros(network.size) if demand.class_cost is None else demand.class_cost[k]
        cost = network.free_flow_cost + extra + delay
        ways = routes(found, t)
        if not ways:
            continue
        first, last = int(found.share_ptr[t]), int(found.share_ptr[t + 1])
        size = np.ones(len(ways))
        if exponent:
            length = network.free_flow_cost + extra
            for r, way in enumerate(ways):
                parts = [length[a] / sum(a in other for other in ways) for a in way]
                size[r] = sum(parts) / sum(length[a] for a in way)
        utility = (
            -found.theta[k] * demand.value_of_time[k] * np.array([cost[list(way)].sum() for way in ways])
        )
        weight = np.exp(utility - utility.max() + exponent * np.log(size))
        worst = max(worst, float(np.abs(flow * weight / weight.sum() - found.path_flow[first:last]).max()))
    return worst / float(table["flow"].max())
