"""Write networks, demand and flows as TNTP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.demand import Demand
from sogdia.assignment.formats.textfile import draft_of
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network
from sogdia.assignment.results import AssignmentResult
from sogdia.errors import InputError
from sogdia.files import output_folder, write_file

PAIRS_IN_A_LINE = 5


def write_tntp(
    network: Network,
    demand: Demand | None,
    folder: Path | str,
    name: str,
    *,
    toll_factor: float = 0.0,
    distance_factor: float = 0.0,
) -> list[Path]:
    """Write ``name_net.tntp`` and, if there are demand and coordinates, its trips and nodes.

    Nodes named 1 to N, zones first, keep their numbers; others are renumbered, zones first, and
    ``name_names.csv`` has the name of each number.

    Args:
        network: The network. Delays must be powers; no two arcs may share a capacity.
        demand: Demand of a single class.
        folder: Folder to write into; created if it does not exist.
        name: Prefix of the file names.
        toll_factor: Cost of a unit of the column ``toll``, left out of the free-flow time.
        distance_factor: The same for ``length``.

    Returns:
        The files written.

    Raises:
        InputError: If the format cannot hold the network or demand.
        CannotRunError: If the folder cannot be written to.
    """
    _check_supported(network, demand)
    numbers, first = _numbered(network)
    contents = {f"{name}_net.tntp": _net(network, numbers, first, toll_factor, distance_factor)}
    if demand is not None:
        contents[f"{name}_trips.tntp"] = _trips(demand, numbers, len(network.zones))
    places = _places(network, numbers)
    if places:
        contents[f"{name}_node.tntp"] = "\n".join(["Node\tX\tY\t;", *places, ""])
    if any(str(number) != node for node, number in numbers.items()):
        rows = [f'{number},"{node.replace(chr(34), 2 * chr(34))}"' for node, number in numbers.items()]
        contents[f"{name}_names.csv"] = "\n".join(["node,name", *rows, ""])
    target = Path(folder)
    with output_folder(target) as draft:
        for file, text in contents.items():
            write_file(draft / file, text)
    return [target / file for file in contents]


def _check_supported(network: Network, demand: Demand | None) -> None:
    if (network.arcs["delay"] == "conical").any():
        raise InputError("TNTP has power delays only; the network has conical delays")
    if network.arcs["group"].duplicated().any():
        raise InputError("TNTP has a capacity for each link; arcs of the network share capacities")
    if demand is not None and (len(demand.classes) > 1 or demand.class_cost is not None):
        raise InputError("TNTP holds one class of demand without costs of its own; write one class at a time")


def _numbered(network: Network) -> tuple[dict[str, int], int]:
    """Return the numbers of nodes, and the first that paths may pass."""
    closed = {
        name for name, through in zip(network.nodes, network.through.tolist(), strict=True) if not through
    }
    zones = set(network.zones)
    if zones - closed and closed - zones:
        raise InputError(
            "TNTP closes either zones or also other nodes to through traffic; the network has open zones and "
            "closed nodes that are not zones"
        )
    first = len(closed) + 1
    own = [str(i) for i in range(1, len(network.nodes) + 1)]
    if set(own) == set(network.nodes) and closed == set(own[: first - 1]) and zones == set(own[: len(zones)]):
        return {name: int(name) for name in own}, first
    inner = [name for name in network.zones if name in closed]
    outer = [name for name in network.zones if name not in closed]
    others = [name for name in network.nodes if name not in zones]
    others.sort(key=lambda name: name not in closed)
    return {name: i for i, name in enumerate([*inner, *outer, *others], start=1)}, first


def _column(network: Network, name: str) -> Floats:
    arcs = network.arcs
    if name not in arcs:
        return np.zeros(len(arcs))
    return np.asarray(pd.to_numeric(arcs[name], errors="coerce").fillna(0.0), dtype=np.float64)


def _net(
    network: Network, numbers: dict[str, int], first: int, toll_factor: float, distance_factor: float
) -> str:
    arcs = network.arcs
    fixed, toll, length = network.free_flow_cost, _column(network, "toll"), _column(network, "length")
    scale = np.where(arcs["delay"] == "power", arcs["delay_scale"], 0.0)
    carried, factor = _column(network, "free_flow_time"), _column(network, "b")
    # Values that were read are written unchanged if they still give the same cost.
    same = carried + toll_factor * toll + distance_factor * length == fixed
    free = np.where(same, carried, fixed - toll_factor * toll - distance_factor * length)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(scale > 0.0, scale / free, 0.0)
    part = np.where(same & (carried * factor == scale), factor, part)
    invalid = np.flatnonzero((free < 0.0) | ~np.isfinite(part))
    if invalid.size:
        ends = f"{arcs['from'].iloc[invalid[0]]} to {arcs['to'].iloc[invalid[0]]}"
        raise InputError(
            f"TNTP has delay as a factor on the free-flow time, which is 0 for the arc from {ends} "
            f"({invalid.size:,} such arcs)"
        )
    capacity = np.where(np.isfinite(arcs["capacity"]), arcs["capacity"], 1e15)
    kind = arcs["link_type"] if "link_type" in arcs else pd.Series("0", index=arcs.index)
    figures = (capacity, length, free, part, arcs["delay_power"].to_numpy(), _column(network, "speed"), toll)
    rows = zip(
        arcs["from"], arcs["to"], *(_texts(values) for values in figures), kind.astype(str), strict=True
    )
    lines = [
        f"<NUMBER OF ZONES> {len(network.zones)}",
        f"<NUMBER OF NODES> {len(network.nodes)}",
        f"<FIRST THRU NODE> {first}",
        f"<NUMBER OF LINKS> {len(arcs)}",
        "<END OF METADATA>",
        "",
        "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;",
    ]
    for tail, head, *rest in rows:
        lines.append("\t".join(["", str(numbers[tail]), str(numbers[head]), *rest, ";"]))
    return "\n".join([*lines, ""])


def _texts(values: npt.ArrayLike) -> list[str]:
    """Return the shortest text of each number that reads back as the same number."""
    return [
        str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        for value in np.asarray(values, dtype=np.float64).tolist()
    ]


def _trips(demand: Demand, numbers: dict[str, int], zones: int) -> str:
    table = pd.DataFrame(
        {
            "origin": demand.table["origin"].map(numbers),
            "target": demand.table["destination"].map(numbers),
            "flow": demand.table["flow"],
        }
    ).sort_values(["origin", "target"])
    total = float(table["flow"].sum())
    lines = [f"<NUMBER OF ZONES> {zones}", f"<TOTAL OD FLOW> {total!r}", "<END OF METADATA>", ""]
    for origin, rows in table.groupby("origin", sort=False):
        lines.append(f"Origin {origin}")
        pairs: Sequence[str] = [
            f"{target} : {flow};" for target, flow in zip(rows["target"], _texts(rows["flow"]), strict=True)
        ]
        starts = range(0, len(pairs), PAIRS_IN_A_LINE)
        lines += ["    " + "  ".join(pairs[i : i + PAIRS_IN_A_LINE]) for i in starts]
        lines.append("")
    return "\n".join(lines)


def _places(network: Network, numbers: dict[str, int]) -> list[str]:
    arcs = network.arcs
    coordinates: dict[int, tuple[float, float]] = {}
    for end in ("from", "to"):
        if f"{end}_x" not in arcs or f"{end}_y" not in arcs:
            return []
        for node, x, y in zip(arcs[end], arcs[f"{end}_x"].tolist(), arcs[f"{end}_y"].tolist(), strict=True):
            if np.isfinite(x) and np.isfinite(y):
                coordinates[numbers[node]] = (x, y)
    return [f"{number}\t{x!r}\t{y!r}\t;" for number, (x, y) in sorted(coordinates.items())]


def write_tntp_flows(result: AssignmentResult, path: Path | str) -> None:
    """Write flows and costs of arcs as a ``_flow.tntp`` file, arcs in the network's order.

    Raises:
        InputError: If nodes are not named by numbers.
        CannotRunError: If the file cannot be written.
    """
    links = result.links()
    invalid = next((name for name in result.network.nodes if not name.isdecimal()), None)
    if invalid is not None:
        raise InputError(f"TNTP names nodes by numbers; a node of the network has the name {invalid!r}")
    figures = zip(_texts(links["flow"]), _texts(links["cost"]), strict=True)
    ends = zip(links["from"], links["to"], strict=True)
    rows = [
        f"{tail}\t{head}\t{flow}\t{cost}" for (tail, head), (flow, cost) in zip(ends, figures, strict=True)
    ]
    with draft_of(path) as draft:
        draft.write_text("\n".join(["From\tTo\tVolume\tCost", *rows, ""]), encoding="utf-8")
