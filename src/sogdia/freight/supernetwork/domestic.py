"""Domestic traffic by rail: tonnes on each link before any trade is assigned.

Each row of ``domestic_traffic`` takes the shortest path by rail between its places, all of it on one path,
inside its territory where that has one and else over any railway. Its tonnes are the preload of the links:
they use capacity and delay trade, and are in no total of trade, transit or corridors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sogdia.assignment.kernels.arrays import Ints
from sogdia.codes import OPERATING
from sogdia.freight.supernetwork.nodes import RAIL

NO_PREDECESSOR = -9999
"""Value by which SciPy marks a node that a tree does not reach."""


@dataclass(frozen=True)
class DomesticLoads:
    """Domestic traffic on links.

    Attributes:
        tonnes: Tonnes a year by link, both directions together; links without any are not in it.
        remarks: Rows without a path, as text.
    """

    tonnes: Mapping[str, float]
    remarks: tuple[str, ...]


def domestic_loads(traffic: pd.DataFrame, links: pd.DataFrame, country: Mapping[str, str]) -> DomesticLoads:
    """Assign domestic traffic to the shortest path by rail, all or nothing.

    Args:
        traffic: Table ``domestic_traffic``.
        links: Table ``links``; those that operate are used.
        country: Territory of each place.
    """
    moved = traffic[(traffic["from"] != traffic["to"]) & (traffic["tonnes"] > 0.0)]
    rail = links[(links["mode"] == RAIL) & (links["status"] == OPERATING)]
    ends = rail["from"].map(country), rail["to"].map(country)
    tonnes: dict[str, float] = {}
    lost: list[str] = []
    anywhere = _Railways(rail)
    for territory, rows in moved.groupby(moved["from"].map(country), sort=True):
        inside = _Railways(rail[(ends[0] == territory) & (ends[1] == territory)])
        for start, end, amount in zip(rows["from"], rows["to"], rows["tonnes"], strict=True):
            path = inside.path(start, end) or anywhere.path(start, end)
            if not path:
                lost.append(
                    f"domestic traffic from {start} to {end}: no railway joins them, so none is carried"
                )
            for link in path:
                tonnes[link] = tonnes.get(link, 0.0) + float(amount)
    return DomesticLoads(tonnes, tuple(dict.fromkeys(lost)))


class _Railways:
    """Shortest paths among railways; of parallel ones the shortest is used, of equal ones the first."""

    def __init__(self, rail: pd.DataFrame) -> None:
        ordered = rail.sort_values("length_km", kind="stable")
        places = sorted(set(ordered["from"]) | set(ordered["to"]))
        self._node = {place: number for number, place in enumerate(places)}
        self._link: dict[tuple[int, int], str] = {}
        tail, head, length = [], [], []
        for key, start, end, km in zip(
            ordered.index, ordered["from"], ordered["to"], ordered["length_km"], strict=True
        ):
            a, b = self._node[start], self._node[end]
            if (a, b) in self._link:
                continue
            self._link[a, b] = self._link[b, a] = str(key)
            tail += [a, b]
            head += [b, a]
            length += [float(km), float(km)]
        self._graph = csr_array((length, (tail, head)), shape=(len(places), len(places)))
        self._trees: dict[int, Ints] = {}

    def path(self, start: str, end: str) -> list[str]:
        """Return the links of the shortest path; empty where there is none."""
        if start not in self._node or end not in self._node:
            return []
        origin, node = self._node[start], self._node[end]
        if origin not in self._trees:
            _, trees = dijkstra(self._graph, indices=[origin], return_predecessors=True)
            self._trees[origin] = np.asarray(trees[0], dtype=np.int32)
        links = []
        while node != origin:
            before = int(self._trees[origin][node])
            if before == NO_PREDECESSOR:
                return []
            links.append(self._link[before, node])
            node = before
        return links
