"""Plain Python that computes again, independently, what the library computes for a path-based logit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.assignment import Network
from sogdia.assignment.path_sets import PathSet
from sogdia.assignment.stochastic import StochasticSolution


def paths_of(paths: PathSet, od_group: int = 0) -> list[tuple[int, ...]]:
    """Arcs of each path of an OD group."""
    numbers = range(int(paths.od_ptr[od_group]), int(paths.od_ptr[od_group + 1]))
    return [tuple(paths.path_arc[paths.path_ptr[p] : paths.path_ptr[p + 1]].tolist()) for p in numbers]


def paths_of_row(solution: StochasticSolution, row: int) -> list[tuple[int, ...]]:
    """Arcs of each path of a row of demand."""
    return paths_of(solution.paths, int(solution.od_group[row]))


def simple_paths(network: Network, origin: int, destination: int) -> set[tuple[int, ...]]:
    """All simple paths, by recursion."""
    tail, head = network.graph.tail.tolist(), network.graph.head.tolist()
    found: set[tuple[int, ...]] = set()

    def visit(node: int, seen: frozenset[int], trail: tuple[int, ...]) -> None:
        if node == destination:
            found.add(trail)
        elif node == origin or network.through[node]:
            for a in np.flatnonzero(np.array(tail) == node).tolist():
                if head[a] not in seen:
                    visit(head[a], seen | {head[a]}, (*trail, a))

    visit(origin, frozenset({origin}), ())
    return found


def delay_of(kind: str, scale: float, capacity: float, power: float, flow: float) -> float:
    """Delay functions as published (Bureau of Public Roads 1964; Spiess 1990)."""
    if kind == "none" or scale == 0.0:
        return 0.0
    x = flow / capacity
    if kind == "power":
        return float(scale * x**power)
    beta = (2.0 * power - 1.0) / (2.0 * power - 2.0)
    at = [np.sqrt(power**2 * (1.0 - y) ** 2 + beta**2) - power * (1.0 - y) for y in (x, 0.0)]
    return float(scale * (at[0] - at[1]))


def flow_residual(solution: StochasticSolution, exponent: float = 0.0) -> float:
    """Compute ``max |f − q P(c(f))| / max q`` from paths and formulas."""
    network, demand = solution.network, solution.demand
    arcs, rows = network.arcs, demand.table
    total = pd.Series(solution.flows.sum(axis=0)).groupby(arcs["group"].to_numpy()).transform("sum")
    columns = (arcs[name] for name in ("delay", "delay_scale", "capacity", "delay_power"))
    delay = np.array([delay_of(*numbers) for numbers in zip(*columns, total, strict=True)])
    worst = 0.0
    for t, (name, flow) in enumerate(zip(rows["class"], rows["flow"], strict=True)):
        k = demand.classes.index(name)
        class_cost = np.zeros(network.size) if demand.class_cost is None else demand.class_cost[k]
        cost = network.free_flow_cost + class_cost + delay
        paths = paths_of_row(solution, t)
        if not paths:
            continue
        first, last = int(solution.share_ptr[t]), int(solution.share_ptr[t + 1])
        size = np.ones(len(paths))
        if exponent:
            length = network.free_flow_cost + class_cost
            for r, path in enumerate(paths):
                parts = [length[a] / sum(a in other for other in paths) for a in path]
                size[r] = sum(parts) / sum(length[a] for a in path)
        path_cost = np.array([cost[list(path)].sum() for path in paths])
        utility = -solution.theta[k] * demand.value_of_time[k] * path_cost
        weight = np.exp(utility - utility.max() + exponent * np.log(size))
        difference = flow * weight / weight.sum() - solution.path_flow[first:last]
        worst = max(worst, float(np.abs(difference).max()))
    return worst / float(rows["flow"].max())
