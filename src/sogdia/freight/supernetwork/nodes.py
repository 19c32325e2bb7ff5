"""Nodes of the supernetwork: a place and mode (rail by gauge), zones, borders, ends of pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.codes import OPERATING

RAIL, ROAD, PIPELINE = "rail", "road", "pipeline"
"""Modes that the network treats in a way of their own."""
STATION, ZONE, BORDER, PIPELINE_END = "station", "zone", "border", "pipeline end"
"""Kinds of node. A border node lies between a link's line-haul and its crossing or change of gauge."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the supernetwork.

    Attributes:
        label: Name for readers, unique in a network.
        kind: ``station``, ``zone``, ``border`` or ``pipeline end``.
        place: Place at which it lies; of a border node, the place at that end of the link.
        mode: Mode of carriage; empty for a zone.
        gauge: Gauge in mm, as text; empty for other modes than rail.
        economy: Economy whose trade starts and ends here, for a zone.
        commodity: Commodity that may be here, for the end of a pipeline.
    """

    label: str
    kind: str
    place: str
    mode: str = ""
    gauge: str = ""
    economy: str = ""
    commodity: str = ""


NODE_COLUMNS = ("kind", "place", "mode", "gauge", "economy", "commodity")


def station_node(place: str, mode: str, gauge: str = "") -> Node:
    """Return the node of a mode, and of a gauge of rail, at a place."""
    label = f"{place}/{mode}/{gauge}" if gauge else f"{place}/{mode}"
    return Node(label, STATION, place, mode, gauge)


def zone_node(place: str, economy: str) -> Node:
    """Return the node at which an economy's trade starts or ends at a place."""
    return Node(f"zone {place}/{economy}", ZONE, place, economy=economy)


def pipeline_node(place: str, commodity: str) -> Node:
    """Return the node at which pipelines of a commodity end at a place."""
    return Node(f"{place}/{PIPELINE}/{commodity}", PIPELINE_END, place, PIPELINE, commodity=commodity)


def border_node(link: str, place: str, number: int, mode: str, suffix: str = "") -> Node:
    """Return a node between the line-haul of a link and what follows or precedes it at the border.

    Args:
        link: Key of the link.
        place: End of the link at which the node lies.
        number: Number of the path across the border.
        mode: Mode of the link.
        suffix: Added to the label where one path has two such nodes.
    """
    return Node(f"{link}>{place}#{number}{suffix}", BORDER, place, mode)


def nodes_table(nodes: Iterable[Node]) -> pd.DataFrame:
    """Return nodes as a table, indexed by label, in order of first appearance."""
    by_label = {node.label: node for node in nodes}
    columns = {
        name: pd.Series([getattr(node, name) for node in by_label.values()], dtype="str")
        for name in NODE_COLUMNS
    }
    return pd.DataFrame(columns).set_axis(pd.Index(list(by_label), dtype="str", name="node"))


def gauge_of(link: Mapping[Any, Any]) -> str:
    """Return the gauge of a rail link in mm, as text; empty for other modes and where it is unknown."""
    gauge = link["gauge_mm"]
    return "" if link["mode"] != RAIL or pd.isna(gauge) else str(int(gauge))


class StationNodes:
    """Nodes of each place by mode and gauge, as touched by operating links."""

    def __init__(self, links: pd.DataFrame) -> None:
        self._gauges: dict[str, dict[str, set[str]]] = {}
        for link in links[links["status"] == OPERATING].to_dict("records"):
            for place in (link["from"], link["to"]):
                modes = self._gauges.setdefault(place, {})
                modes.setdefault(str(link["mode"]), set()).add(gauge_of(link))

    def gauges(self, place: str) -> list[str]:
        """Return the gauges of the rail links that touch a place."""
        return sorted(self._gauges.get(place, {}).get(RAIL, set()))

    def modes(self, place: str) -> list[str]:
        """Return the modes whose links touch a place."""
        return sorted(self._gauges.get(place, {}))

    def nodes(self, place: str, mode: str) -> list[Node]:
        """Return the nodes of a mode at a place, one for each gauge of rail."""
        gauges = sorted(self._gauges.get(place, {}).get(mode, set()))
        return [station_node(place, mode, gauge) for gauge in gauges]

    @property
    def places(self) -> list[str]:
        """Places that an operating link touches."""
        return sorted(self._gauges)
