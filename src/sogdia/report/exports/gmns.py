"""Write the freight network of a case as GMNS, with the coordinates of the region's places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from sogdia.assignment.formats.gmns_writing import write_gmns
from sogdia.assignment.network import Network
from sogdia.case import Case
from sogdia.freight import calibrated_network

RENAMED = {"mode": "facility_type", "length_km": "length"}
"""GMNS names of columns of arcs."""


def write_case_gmns(case: Case, folder: Path) -> list[Path]:
    """Write the freight network of a case: nodes, links, zones.

    Args:
        case: Case.
        folder: Output folder, created if it does not exist.

    Returns:
        Files written.

    Raises:
        InputError: If a name cannot be written in a table.
        CannotRunError: If the folder cannot be written to.
    """
    built = calibrated_network(case)
    return write_gmns(with_coordinates(built.network, built.nodes, case), None, folder)


def with_coordinates(network: Network, nodes: pd.DataFrame, case: Case) -> Network:
    """Return the network with ``from_x``, ``from_y``, ``to_x`` and ``to_y`` on its arcs, in degrees.

    Args:
        network: The freight network of a case.
        nodes: Place of each node, as of :class:`sogdia.freight.FreightNetwork`.
        case: The case, whose places have coordinates.
    """
    places = case.table("places")
    arcs = network.arcs.rename(columns=RENAMED)
    for end in ("from", "to"):
        place = arcs[end].map(nodes["place"])
        for column, axis in (("lon", "x"), ("lat", "y")):
            arcs[f"{end}_{axis}"] = place.map(places[column]).astype(float)
    return replace(network, arcs=arcs)
