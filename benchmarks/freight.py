"""The equilibrium compared with AequilibraE's bi-conjugate Frank–Wolfe, and its growth with the network.

    python -m benchmarks.freight [--peer PYTHON] [--repeats N] [--only NAME ...]

``PYTHON`` is the interpreter of an environment with AequilibraE; this one if not given.
Every run is a process of its own; ours and theirs take turns. Both get the same arrays and two cores.
*Seconds* are of solving alone: for ours from arrays of arcs and trips to the checked result, for theirs the
``execute`` of an assignment whose graph is ready. Flows of both are held to node balance, and their
objective and relative gap are computed here from their flows, by shortest paths of SciPy.

Published instances are in ``freight`` of the folder of published cases (``SOGDIA_BENCH``).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import BENCH, ROOT

NETWORKS = BENCH / "freight" / "tntp"
CASES = {
    "SiouxFalls": ("SiouxFalls/SiouxFalls", 0.0, 0.0, 4_231_335.28710744),
    "Anaheim": ("Anaheim/Anaheim", 0.0, 0.0, 1_286_032.171096),
    "Barcelona": ("Barcelona/Barcelona", 0.0, 0.0, 1_265_654.922032),
    "ChicagoSketch": ("Chicago-Sketch/ChicagoSketch", 0.02, 0.04, 17_313_018.738748),
}
CORES = 2
WARM = 5
MEBIBYTE = 2**20
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
NO_TIME = 1e-9
"""AequilibraE needs a free-flow time above 0; this adds less than 1e-14 of the objective."""
GRIDS = (32, 56, 100, 178, 316)
GROWTH_GAP = 1e-6
REGION = "central_asia"


def peak() -> float:
    """Most memory of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT / MEBIBYTE


def read_case(name: str) -> tuple[Any, Any]:
    """Network and demand of a published instance."""
    from sogdia.assignment import read_tntp

    stem, toll, distance, _ = CASES[name]
    files = NETWORKS / f"{stem}_net.tntp", NETWORKS / f"{stem}_trips.tntp"
    network, demand = read_tntp(*files, toll_factor=toll, distance_factor=distance)
    return network, demand


def ours(name: str, gap: float) -> dict[str, Any]:
    """Solve an instance: first in this process, and then warm."""
    begun = time.perf_counter()
    from sogdia.assignment import AssignmentSettings, assign

    imported = time.perf_counter()
    network, demand = read_case(name)
    read = time.perf_counter()
    settings = AssignmentSettings(gap=gap, workers=CORES)
    result = assign(network, demand, settings)
    first = time.perf_counter() - read
    times = []
    for _ in range(WARM):
        start = time.perf_counter()
        result = assign(network, demand, settings)
        times.append(time.perf_counter() - start)
    return {
        "import": imported - begun,
        "read": read - imported,
        "first": first,
        "warm": statistics.median(times),
        "iterations": result.convergence.iterations,
        "peak": peak(),
        **quality_of(as_arrays(network, demand), result.flows[0]),
    }


def as_arrays(network: Any, demand: Any) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """Return the arrays that both programs start from."""
    arcs, graph, delays = network.arcs, network.graph, network.delays
    at = network.node_of
    free = arcs["free_flow_time"].to_numpy()
    return {
        "tail": graph.tail.astype(np.int64),
        "head": graph.head.astype(np.int64),
        "free": free,
        "fixed": network.free_flow_cost - free,
        "scale": np.where(delays.kind > 0, delays.scale, 0.0),
        "capacity": np.where(delays.kind > 0, delays.capacity, 1.0),
        "power": np.where(delays.kind > 0, delays.power, 1.0),
        "closed": np.flatnonzero(~network.through),
        "zones": np.array([at[zone] for zone in network.zones]),
        "origin": demand.table["origin"].map(at).to_numpy(),
        "target": demand.table["destination"].map(at).to_numpy(),
        "flow": demand.table["flow"].to_numpy(),
    }


def quality_of(data: dict[str, Any], flow: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    """Objective, relative gap and node balance of flows, by code that neither program has."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    tail, head = data["tail"], data["head"]
    nodes = int(max(tail.max(), head.max())) + 1
    ratio = flow / data["capacity"]
    base = data["free"] + data["fixed"]
    cost = base + data["scale"] * ratio ** data["power"]
    objective = float(
        (base * flow + data["scale"] * flow * ratio ** data["power"] / (data["power"] + 1.0)).sum()
    )
    # A closed node is split into one of departure and one of arrival; of parallel arcs the best is kept.
    start = np.where(np.isin(tail, data["closed"]), tail + nodes, tail)
    order = np.lexsort((cost, head, start))
    first = np.r_[True, np.diff(start[order] * (2 * nodes) + head[order]) != 0]
    keep = order[first]
    matrix = csr_array(
        (np.maximum(cost[keep], 1e-300), (start[keep], head[keep])), shape=(2 * nodes, 2 * nodes)
    )
    origins, which = np.unique(data["origin"], return_inverse=True)
    leave = np.where(np.isin(origins, data["closed"]), origins + nodes, origins)
    least = dijkstra(matrix, indices=leave)[which, data["target"]]
    best = float(data["flow"] @ least)
    net = np.bincount(head, flow, nodes) - np.bincount(tail, flow, nodes)
    net -= np.bincount(data["target"], data["flow"], nodes) - np.bincount(data["origin"], data["flow"], nodes)
    balance = float(np.abs(net).max() / data["flow"].sum())
    return {"objective": objective, "gap": (float(cost @ flow) - best) / best, "balance": balance}


def theirs(path: str, gap: float) -> dict[str, Any]:
    """Solve the same arrays with AequilibraE."""
    import logging

    import pandas as pd
    from aequilibrae.matrix import AequilibraeMatrix
    from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

    logging.disable(logging.CRITICAL)
    data = dict(np.load(path))
    count = len(data["tail"])
    # Zones first: AequilibraE numbers centroids so.
    zones = data["zones"]
    net = pd.DataFrame(
        {"link_id": np.arange(1, count + 1), "a_node": data["tail"] + 1, "b_node": data["head"] + 1}
    )
    free = np.maximum(data["free"], NO_TIME)
    net = net.assign(direction=1, free=free, b=data["scale"] / free, power=data["power"])
    net = net.assign(capacity=data["capacity"], fixed=data["fixed"] - (free - data["free"]))
    net["fixed"] = net["fixed"].clip(lower=0.0)
    graph = Graph()
    graph.network = net
    graph.prepare_graph(zones + 1)
    graph.set_graph("free")
    graph.set_blocked_centroid_flows(bool(len(data["closed"])))
    at = np.full(int(zones.max()) + 1, -1)
    at[zones] = np.arange(len(zones))
    trips = np.zeros((len(zones), len(zones)))
    trips[at[data["origin"]], at[data["target"]]] = data["flow"]
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=len(zones), matrix_names=["all"], memory_only=True)
    matrix.index[:] = zones + 1
    matrix.matrices[:, :, 0] = trips
    matrix.computational_view(["all"])
    cars = TrafficClass("all", graph, matrix)
    cars.set_fixed_cost("fixed")
    assignment = TrafficAssignment()
    assignment.set_classes([cars])
    assignment.set_vdf("BPR")
    assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
    assignment.set_capacity_field("capacity")
    assignment.set_time_field("free")
    assignment.set_algorithm("bfw")
    assignment.max_iter = 20_000
    assignment.rgap_target = gap
    assignment.set_cores(CORES)
    begun = time.perf_counter()
    assignment.execute(log_specification=False)
    seconds = time.perf_counter() - begun
    flow = assignment.results().sort_index()["all_ab"].to_numpy()
    record = assignment.report()
    return {
        "warm": seconds, "iterations": int(record["iteration"].max()), "peak": peak(),
        "reported_gap": float(record["rgap"].iloc[-1]), **quality_of(data, flow),
    }  # fmt: skip


def grid(size: int) -> dict[str, Any]:
    """Solve a square grid of streets with twenty origins and twenty destinations each."""
    import pandas as pd

    from sogdia.assignment import AssignmentSettings, assign, make_demand, make_network

    random = np.random.default_rng(size)
    names = np.array([str(i) for i in range(size * size)], dtype=object).reshape(size, size)
    directions = [
        (names[:, :-1], names[:, 1:]),
        (names[:, 1:], names[:, :-1]),
        (names[:-1], names[1:]),
        (names[1:], names[:-1]),
    ]
    arcs = pd.DataFrame(
        {
            "from": np.concatenate([a.ravel() for a, _ in directions]),
            "to": np.concatenate([b.ravel() for _, b in directions]),
        }
    )
    arcs["free_flow_cost"] = random.uniform(1.0, 3.0, len(arcs))
    arcs["delay_scale"] = 0.15 * arcs["free_flow_cost"]
    network = make_network(
        arcs.assign(delay="power", capacity=100.0, delay_power=4.0), nodes=list(names.ravel())
    )
    ends = random.choice(names.ravel(), 20, replace=False)
    table = pd.DataFrame([(a, b) for a in ends for b in ends if a != b], columns=["origin", "destination"])
    demand = make_demand(table.assign(flow=5.0), network)
    settings = AssignmentSettings(gap=GROWTH_GAP, workers=CORES)
    result = assign(network, demand, settings)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = assign(network, demand, settings)
        times.append(time.perf_counter() - start)
    return {
        "nodes": size * size, "links": len(arcs), "warm": statistics.median(times),
        "iterations": result.convergence.iterations, "peak": peak(),
    }  # fmt: skip


def region() -> dict[str, Any]:
    """Assign all freight of the shipped region by logit, from a case that is loaded."""
    import sogdia
    from sogdia.assignment import assign
    from sogdia.freight import SETTINGS, build_supernetwork
    from sogdia.freight.route_choice import choice_inputs

    pack = sogdia.load_region(REGION)
    plan, scenario = sogdia.load_plan("as_is", pack), sogdia.load_scenario("reference", pack)
    case = sogdia.build_case(pack, plan, scenario)
    begun = time.perf_counter()
    network = build_supernetwork(case)
    built = time.perf_counter() - begun
    times = []
    for _ in range(1 + WARM):
        start = time.perf_counter()
        result = assign(network.network, network.demand, SETTINGS, choice_inputs(network))
        times.append(time.perf_counter() - start)
    return {
        "built": built, "first": times[0], "warm": statistics.median(times[1:]), "peak": peak(),
        "rows": network.demand.size, "classes": len(network.demand.classes),
        "arcs": network.network.size, "iterations": result.convergence.iterations,
        "residual": result.convergence.residual,
    }  # fmt: skip


def run(python: str, *words: str, cache: str = "") -> dict[str, Any]:
    """Run a worker in a process of its own; return its record and the seconds of the process."""
    # AequilibraE without its progress bar, which would be timed with its work.
    env = {**os.environ, "AEQ_SHOW_PROGRESS": "FALSE", **({"NUMBA_CACHE_DIR": cache} if cache else {})}
    begun = time.perf_counter()
    process = subprocess.run(
        [python, "-W", "ignore", "-m", "benchmarks.freight", *words],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    if process.returncode:
        raise SystemExit(process.stderr[-2000:])
    found: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    found["process"] = time.perf_counter() - begun
    return found


def middle(runs: list[dict[str, Any]], key: str) -> float:
    """The median of a figure."""
    return float(statistics.median(run[key] for run in runs))


def line(label: str, runs: list[dict[str, Any]], note: str = "") -> None:
    """One row of the table of solvers."""
    last = runs[-1]
    print(
        f"{label:<36}{middle(runs, 'warm'):>9.3f} s{last['iterations']:>7,}{last['gap']:>11.1e}"
        f"{last['objective']:>21,.6f}{last['balance']:>10.0e}{middle(runs, 'peak'):>7.0f} MiB"
        f"  {note}".rstrip()
    )


def compare(peer: str | None, repeats: int) -> None:
    """ChicagoSketch by both, in turns."""
    network, demand = read_case("ChicagoSketch")
    head = f"{'ChicagoSketch':<36}{'seconds':>11}{'iter.':>7}{'rel. gap':>11}{'objective':>21}"
    print(f"{head}{'balance':>10}{'memory':>11}")
    found: dict[tuple[str, float], list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.npz"
        np.savez(data, allow_pickle=False, **as_arrays(network, demand))
        for _ in range(repeats):
            for gap in (1e-4, 1e-5, 1e-10):
                words = ("--worker", "ours", "--case", "ChicagoSketch", "--gap", str(gap))
                found.setdefault(("Sogdia", gap), []).append(run(sys.executable, *words))
            for gap in (1e-4, 1e-5) if peer else ():
                words = ("--worker", "theirs", "--case", str(data), "--gap", str(gap))
                found.setdefault(("AequilibraE bfw", gap), []).append(run(peer or "", *words))
    for (who, gap), runs in found.items():
        line(f"{who} to {gap:.0e}", runs)
    if not peer:
        print("AequilibraE is missing: name the interpreter of its environment with --peer")
        return
    seconds = {key: middle(runs, "warm") for key, runs in found.items()}
    for gap, aim in ((1e-4, 20), (1e-5, 40)):
        ratio = seconds["AequilibraE bfw", gap] / seconds["Sogdia", gap]
        print(f"to {gap:.0e}: {ratio:.1f} times faster (aim: {aim})")
    ratio = seconds["AequilibraE bfw", 1e-4] / seconds["Sogdia", 1e-10]
    print(f"AequilibraE to 1e-4 takes {ratio:.2f} times as long as Sogdia to 1e-10 (aim: 3)")


def instances(repeats: int) -> None:
    """Every instance to 1e-10."""
    print(
        f"\n{'to 1e-10, warm':<36}{'seconds':>11}{'iter.':>7}{'rel. gap':>11}{'objective':>21}{'balance':>10}"
    )
    for name, (*_, known) in CASES.items():
        words = ("--worker", "ours", "--case", name, "--gap", "1e-10")
        runs = [run(sys.executable, *words) for _ in range(repeats)]
        line(name, runs, f"objective off by {runs[-1]['objective'] / known - 1.0:+.0e}")


def compiling() -> None:
    """First process with an empty cache, and a later one."""
    print("\nSiouxFalls to 1e-10 in a process of its own")
    words = ("--worker", "ours", "--case", "SiouxFalls", "--gap", "1e-10")
    with tempfile.TemporaryDirectory() as cache:
        cold, later = run(sys.executable, *words, cache=cache), run(sys.executable, *words, cache=cache)
    for label, record, aim in (("cold, nothing compiled", cold, 10.0), ("later process", later, 1.5)):
        total = record["import"] + record["read"] + record["first"]
        parts = f"import {record['import']:.2f}, read {record['read']:.2f}, first solve {record['first']:.2f}"
        print(f"{label:<36}{total:>9.2f} s  ({parts}; aim: under {aim:g} s)")
    print(f"{'compiling alone':<36}{cold['first'] - later['first']:>9.2f} s")


def growth() -> None:
    """Grids from one thousand to one hundred thousand nodes."""
    head = f"grids, 380 pairs, to {GROWTH_GAP:.0e}"
    print(f"\n{head:<36}{'seconds':>11}{'iter.':>7}{'μs a node':>11}{'memory':>12}")
    found = [run(sys.executable, "--worker", "grid", "--case", str(size)) for size in GRIDS]
    for record in found:
        label = f"{record['nodes']:,} nodes, {record['links']:,} links"
        each = record["warm"] / record["nodes"] / record["iterations"] * 1e6
        peak_mib, iterations = record["peak"], record["iterations"]
        print(f"{label:<36}{record['warm']:>9.3f} s{iterations:>7,}{each:>11.1f}{peak_mib:>8.0f} MiB")
    logs = np.log([[record["nodes"], record["warm"]] for record in found])
    slope = float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])
    print(f"seconds grow as nodes to the power {slope:.2f} (μs are per node and iteration)")


def shipped_region() -> None:
    """The shipped region, in a process that has its kernels compiled."""
    words = ("--worker", "region")
    run(sys.executable, *words)
    record = run(sys.executable, *words)
    print(
        f"\n{REGION}: {record['rows']:,} rows of demand, {record['classes']} classes, {record['arcs']:,} arcs"
    )
    print(f"{'network and demand of a case':<36}{record['built']:>9.3f} s")
    print(f"{'logit, first in its process':<36}{record['first']:>9.3f} s")
    print(
        f"{'logit, warm':<36}{record['warm']:>9.3f} s  ({record['iterations']} iterations to a residual of "
        f"{record['residual']:.0e}, {record['peak']:.0f} MiB; aim: under 3 s)"
    )


def has_peer(python: str) -> bool:
    """Return whether an interpreter has AequilibraE."""
    script = "import importlib.util as u; raise SystemExit(u.find_spec('aequilibrae') is None)"
    return subprocess.run([python, "-c", script], check=False).returncode == 0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", default=sys.executable, help="interpreter that has AequilibraE")
    parser.add_argument("--repeats", type=int, default=3, help="processes whose median is shown")
    parts = ("compare", "instances", "compiling", "growth", "region")
    parser.add_argument("--only", choices=parts, nargs="+", default=parts)
    parser.add_argument("--worker", choices=("ours", "theirs", "grid", "region"), help=argparse.SUPPRESS)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--gap", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        if arguments.worker == "grid":
            record = grid(int(arguments.case))
        elif arguments.worker == "region":
            record = region()
        else:
            record = {"ours": ours, "theirs": theirs}[arguments.worker](arguments.case, arguments.gap)
        print(json.dumps(record))
        return
    if not NETWORKS.is_dir() and set(arguments.only) - {"growth", "region"}:
        print(f"{NETWORKS} is missing: published instances are not part of the repository")
        arguments.only = [part for part in arguments.only if part in ("growth", "region")]
    if "compare" in arguments.only:
        compare(arguments.peer if has_peer(arguments.peer) else None, arguments.repeats)
    if "instances" in arguments.only:
        instances(arguments.repeats)
    if "compiling" in arguments.only:
        compiling()
    if "growth" in arguments.only:
        growth()
    if "region" in arguments.only:
        shipped_region()


if __name__ == "__main__":
    main()
