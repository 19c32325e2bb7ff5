"""A case's freight network as GMNS: the region's places give its nodes their coordinates."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sogdia.assignment.formats.gmns_writing import write_gmns
from sogdia.assignment.network import Network
from sogdia.case import Case
from sogdia.freight.supernetwork import network_of

NAMED = {"mode": "facility_type", "length_km": "length"}
"""Columns of arcs by what GMNS calls them."""
NOWHERE = (math.nan, math.nan)


def write_case_gmns(case: Case, folder: Path) -> list[Path]:
    """Write the freight network of a case: nodes, links, zones.

    Args:
        case: The case.
        folder: Where to; made where it is not there.

    Returns:
        The files written.

    Raises:
        InputError: If a name cannot stand in a table.
        CannotRunError: If the folder cannot be written to.
    """
    return write_gmns(placed(network_of(case), case), None, folder)


def placed(network: Network, case: Case) -> Network:
    """The network with ``from_x``, ``from_y``, ``to_x`` and ``to_y`` on its arcs, in degrees."""
    places = case.table("places")
    spots = dict(zip(map(str, places.index), zip(places["lon"], places["lat"], strict=True), strict=True))
    arcs = network.arcs.rename(columns={own: told for own, told in NAMED.items() if own in network.arcs})
    for end in ("from", "to"):
        of = {name: spots.get(place_of(name, spots), NOWHERE) for name in arcs[end].unique()}
        for number, axis in enumerate("xy"):
            arcs[f"{end}_{axis}"] = [float(of[name][number]) for name in arcs[end]]
    return replace(network, arcs=arcs)


def place_of(node: str, places: Mapping[str, object]) -> str:
    """The place that a node of a supernetwork stands at, by its name; empty where it names none.

    >>> place_of("west/sea", {"west": 0})
    'west'
    >>> place_of("zone west/XAA", {"west": 0}), place_of("rail_a_b>east#1 to change", {"east": 0})
    ('west', 'east')
    """
    words = re.split(r"[ />#]", node.partition(">")[2] or node)
    return next((word for word in words if word in places), "")
