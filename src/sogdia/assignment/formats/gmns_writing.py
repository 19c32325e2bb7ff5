"""Write networks and demand as GMNS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand
from sogdia.assignment.formats.gmns import CENTROID, NO_ZONE
from sogdia.assignment.network import Network
from sogdia.errors import InputError
from sogdia.files import write_csv_folder

CARRIED = ("name", "length", "free_speed", "toll", "facility_type", "link_type", "allowed_uses", "geometry")


def write_gmns(network: Network, demand: Demand | None, folder: Path | str) -> list[Path]:
    """Write ``node.csv``, ``link.csv``, ``zone.csv`` and, if there is demand, ``demand.csv``.

    Zones have the names of their nodes. ``vdf_alpha`` and ``vdf_beta`` give power delays to other programs;
    columns of an extension (see :mod:`sogdia.assignment.formats.gmns`) give every cost exactly.

    Returns:
        The files written.

    Raises:
        InputError: If a name is not valid in a table, or classes have costs of their own.
        CannotRunError: If the folder cannot be written to.
    """
    _check_supported(network, demand)
    tables = {
        "node": _nodes(network),
        "link": _links(network),
        "zone": pd.DataFrame({"zone_id": network.zones}),
    }
    if demand is not None:
        names = {"origin": "o_zone_id", "destination": "d_zone_id", "flow": "volume"}
        tables["demand"] = demand.table.rename(columns=names)[[*names.values(), "class"]]
    return write_csv_folder(Path(folder), tables)


def _check_supported(network: Network, demand: Demand | None) -> None:
    for name in network.nodes:
        if not name or name != name.strip() or not name.isprintable() or name == NO_ZONE:
            raise InputError(
                f"node name {name!r} is not valid in GMNS; expected printable text without blanks at its ends"
            )
    if demand is not None and demand.class_cost is not None:
        raise InputError("GMNS cannot hold costs of a class on each arc")


def _nodes(network: Network) -> pd.DataFrame:
    zones = set(network.zones)
    table = pd.DataFrame({"node_id": network.nodes})
    places: dict[str, tuple[float, float]] = {}
    arcs = network.arcs
    for end in ("from", "to"):
        if {f"{end}_x", f"{end}_y"} <= set(arcs):
            places |= dict(zip(arcs[end], zip(arcs[f"{end}_x"], arcs[f"{end}_y"], strict=True), strict=True))
    table["x_coord"] = [places.get(name, (np.nan, np.nan))[0] for name in network.nodes]
    table["y_coord"] = [places.get(name, (np.nan, np.nan))[1] for name in network.nodes]
    table["node_type"] = np.where(network.through, "", CENTROID)
    table["zone_id"] = [name if name in zones else "" for name in network.nodes]
    return table


def _links(network: Network) -> pd.DataFrame:
    arcs = network.arcs
    delayed = (arcs["delay"] == "power") & (arcs["free_flow_cost"] > 0.0)
    table = pd.DataFrame(
        {
            "link_id": np.arange(1, len(arcs) + 1),
            "from_node_id": arcs["from"],
            "to_node_id": arcs["to"],
            "directed": "true",
            "capacity": arcs["capacity"],
            "lanes": 1,
            "vdf_fftt": arcs["free_flow_cost"],
            "vdf_alpha": np.where(delayed, arcs["delay_scale"], 0.0)
            / np.where(delayed, arcs["free_flow_cost"], 1.0),
            "vdf_beta": arcs["delay_power"],
            "cost_fixed": arcs["free_flow_cost"],
            "delay": arcs["delay"],
            "delay_scale": arcs["delay_scale"],
            "delay_power": arcs["delay_power"],
        }
    )
    if list(arcs["group"]) != list(map(str, range(len(arcs)))):
        table["group"] = arcs["group"]
    for name in CARRIED:
        if name in arcs:
            table[name] = arcs[name]
    return table
