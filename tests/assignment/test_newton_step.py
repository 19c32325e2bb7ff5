"""Newton steps on hard networks: loads far beyond capacity, ties, cycles of zero cost.

The relative gap is computed here, from shortest paths of SciPy, and not taken from the solver.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sogdia.assignment import AssignmentSettings, Demand, Network, assign, make_demand, make_network

GAP = 1e-9
Arcs = list[tuple[str, str]]


def grid(size: int) -> Arcs:
    steps = [(0, 1), (1, 0)]
    ends = [
        (f"{i}.{j}", f"{i + di}.{j + dj}")
        for i in range(size)
        for j in range(size)
        for di, dj in steps
        if i + di < size and j + dj < size
    ]
    return ends + [(b, a) for a, b in ends]


def ring(size: int, random: np.random.Generator) -> Arcs:
    """A ring in both directions with random chords: some parallel, some from a node to itself."""
    ends = [(str(i), str((i + 1) % size)) for i in range(size)]
    chords = random.integers(0, size, (size, 2)).astype(str).tolist()
    return [*ends, *((b, a) for a, b in ends), *((a, b) for a, b in chords)]


def ladder(rungs: int) -> Arcs:
    """Braess networks in series."""
    return [
        arc
        for i in range(rungs)
        for arc in (
            (f"s{i}", f"u{i}"), (f"s{i}", f"v{i}"), (f"u{i}", f"v{i}"), (f"u{i}", f"s{i + 1}"),
            (f"v{i}", f"s{i + 1}"),
        )
    ]  # fmt: skip


def case(ends: Arcs, random: np.random.Generator, *, power: float, load: float, delayed: float) -> Network:
    """A network for which the demand of :func:`trips` is about ``load`` times its capacity."""
    arcs = pd.DataFrame(ends, columns=["from", "to"])
    arcs["free_flow_cost"] = random.choice([0.0, 1.0, 1.0, 2.5], len(arcs))
    arcs["delay_scale"] = random.uniform(0.1, 3.0, len(arcs)) * (random.random(len(arcs)) < delayed)
    arcs["delay"] = np.where(arcs["delay_scale"] > 0.0, "power", "none")
    arcs["capacity"] = 10.0 ** random.uniform(1.0, 3.0, len(arcs)) / load
    arcs["delay_power"] = power
    return make_network(arcs)


def trips(network: Network, random: np.random.Generator, zones: int) -> Demand:
    ends = random.choice(np.array(network.nodes), min(zones, len(network.nodes)), replace=False)
    table = pd.DataFrame([(a, b) for a in ends for b in ends if a != b], columns=["origin", "destination"])
    room = float(network.size * 200.0)
    hops = max(2.0, len(network.nodes) ** 0.5 / 2.0)
    return make_demand(table.assign(flow=random.exponential(room / hops / len(table), len(table))), network)


def gap_of(network: Network, demand: Demand, flow: np.ndarray) -> float:
    """Compute the relative gap independently, and assert node balance."""
    arcs, nodes = network.arcs, len(network.nodes)
    tail = arcs["from"].map(network.node_of).to_numpy()
    head = arcs["to"].map(network.node_of).to_numpy()
    scale = np.where(arcs["delay"] == "power", arcs["delay_scale"], 0.0)
    ratio = flow / arcs["capacity"].to_numpy()
    cost = arcs["free_flow_cost"].to_numpy() + scale * ratio ** arcs["delay_power"].to_numpy()
    order = np.lexsort((cost, head, tail))
    first = order[np.r_[True, np.diff(tail[order] * nodes + head[order]) != 0]]
    # SciPy takes a cost of zero as a missing arc.
    matrix = csr_array((np.maximum(cost[first], 1e-300), (tail[first], head[first])), shape=(nodes, nodes))
    origin = demand.table["origin"].map(network.node_of).to_numpy()
    target = demand.table["destination"].map(network.node_of).to_numpy()
    need = demand.table["flow"].to_numpy()
    least = float(need @ dijkstra(matrix)[origin, target])
    net = np.bincount(head, flow, nodes) - np.bincount(tail, flow, nodes)
    net -= np.bincount(target, need, nodes) - np.bincount(origin, need, nodes)
    assert np.abs(net).max() <= 1e-10 * need.sum()
    return (float(cost @ flow) - least) / least


CASES = [
    (shape, seed, power, load)
    for shape in ("grid", "ring", "ladder")
    for seed, power, load in (
        (1, 4.0, 0.3), (2, 4.0, 5.0), (3, 1.0, 5.0), (4, 2.6, 5.0), (5, 0.7, 1.0), (6, 10.0, 1.0),
        (7, 4.0, 2.0),
    )
]  # fmt: skip


@pytest.mark.parametrize(("shape", "seed", "power", "load"), CASES)
def test_hard_network_reaches_the_gap(shape: str, seed: int, power: float, load: float) -> None:
    random = np.random.default_rng(seed)
    ends = {"grid": grid(6), "ring": ring(40, random), "ladder": ladder(8)}[shape]
    network = case(ends, random, power=power, load=load, delayed=0.8)
    demand = trips(network, random, 12)
    result = assign(network, demand, AssignmentSettings(gap=GAP))
    assert gap_of(network, result.demand, result.flows[0]) < 3.0 * GAP


@pytest.mark.parametrize("seed", range(6))
def test_ties_and_arcs_of_zero_cost_close_no_cycle(seed: int) -> None:
    """Regression: equal costs and nodes without flow once gave a bush a cycle, and an overrun of memory."""
    random = np.random.default_rng(seed)
    network = case(ring(120, random), random, power=4.0, load=4.0, delayed=0.4)
    arcs = network.arcs.assign(free_flow_cost=np.where(network.arcs["free_flow_cost"] > 0.0, 1.0, 0.0))
    network = make_network(arcs)
    demand = trips(network, random, 25)
    result = assign(network, demand, AssignmentSettings(gap=1e-6))
    assert gap_of(network, result.demand, result.flows[0]) < 3e-6


def test_grid_at_several_times_its_capacity_reaches_the_gap() -> None:
    """Every bush has hundreds of pairs of segments; with storage for only some it would not converge."""
    random = np.random.default_rng(0)
    arcs = pd.DataFrame(grid(16), columns=["from", "to"])
    arcs["free_flow_cost"] = random.uniform(1.0, 5.0, len(arcs))
    arcs["delay_scale"] = 0.15 * arcs["free_flow_cost"]
    arcs["capacity"] = 10.0 ** random.uniform(1.7, 2.3, len(arcs))
    network = make_network(arcs.assign(delay="power", delay_power=4.0))
    demand = trips(network, random, 30)
    result = assign(network, demand, AssignmentSettings(gap=1e-8))
    over = result.group_flow / network.delays.capacity
    assert over.mean() > 1.5
    assert over.max() > 4.0
    assert gap_of(network, result.demand, result.flows[0]) < 3e-8
