"""Nodes of the supernetwork: a place and a mode, rail by gauge; zones; where pipelines end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

OPERATING = "operating"
RAIL = "rail"


def gauge_of(link: Mapping[Any, Any]) -> str:
    """Gauge of a rail link as a word, empty for other modes and where it is not known."""
    gauge = link["gauge_mm"]
    return "" if link["mode"] != RAIL or pd.isna(gauge) else str(int(gauge))


class Stations:
    """Which modes and gauges touch each place, by operating links."""

    def __init__(self, links: pd.DataFrame) -> None:
        self._nodes: dict[str, dict[str, set[str]]] = {}
        for link in links[links["status"] == OPERATING].to_dict("records"):
            for place in (link["from"], link["to"]):
                modes = self._nodes.setdefault(place, {})
                modes.setdefault(str(link["mode"]), set()).add(gauge_of(link))

    def node(self, place: str, mode: str, gauge: str = "") -> str:
        """Name of the node of a place and mode: ``place/mode`` or ``place/rail/1520``."""
        return f"{place}/{mode}/{gauge}" if gauge else f"{place}/{mode}"

    def gauges(self, place: str) -> list[str]:
        """Gauges of the rail links that touch a place."""
        return sorted(self._nodes.get(place, {}).get(RAIL, set()))

    def modes(self, place: str) -> list[str]:
        """Modes whose links touch a place."""
        return sorted(self._nodes.get(place, {}))

    def nodes(self, place: str, mode: str) -> list[str]:
        """Nodes of a mode at a place, one a gauge for rail."""
        return [
            self.node(place, mode, gauge) for gauge in sorted(self._nodes.get(place, {}).get(mode, set()))
        ]

    @property
    def places(self) -> list[str]:
        """Places that some operating link touches."""
        return sorted(self._nodes)


def zone_node(place: str, economy: str) -> str:
    """Name of the node at which an economy's trade starts or ends at a place."""
    return f"zone {place}/{economy}"
