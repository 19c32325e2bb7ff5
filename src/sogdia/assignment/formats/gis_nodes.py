"""Find the nodes of a network from the ends of its lines."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from sogdia.assignment.kernels.arrays import Floats
from sogdia.errors import Fault

EARTH_M = 6_371_008.8
"""Mean radius of the Earth, m."""


def on_sphere(points: Floats) -> Floats:
    """Return points of longitude and latitude (N, 2) as places on a sphere, in metres, (N, 3)."""
    x, y = np.radians(points.T)
    return EARTH_M * np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def nearest_nodes(
    ends: Floats,
    names: list[str],
    points: Floats,
    snap_m: float,
    file: str,
    lines: list[int],
    faults: list[Fault],
) -> list[str]:
    """Return the nearest node of each line end; ends without a node within the tolerance become faults.

    Args:
        ends: Longitude and latitude, (E, 2).
        names: Names of nodes.
        points: Their longitude and latitude, (N, 2).
        snap_m: Tolerance, m.
        file: File of the lines, for messages.
        lines: Feature of each end.
        faults: List that errors are added to.
    """
    found = cKDTree(on_sphere(points)).query(on_sphere(ends))
    distance, place = np.asarray(found[0], dtype=np.float64), np.asarray(found[1], dtype=np.int64)
    for i in np.flatnonzero(distance > snap_m):
        problem = f"an end is {distance[i]:,.0f} m from the nearest node {names[place[i]]!r}"
        fix = f"expected a node within snap_m = {snap_m:g} m"
        faults.append(Fault(file, lines[i], "geometry", problem, fix, "node"))
    return [names[i] for i in place]


def cluster_ends(ends: Floats, snap_m: float, file: str, lines: list[int], faults: list[Fault]) -> list[str]:
    """Return the node of each line end: ends within the tolerance are one node.

    Its name is its longitude and latitude, to 0.00001 degrees. The nodes do not depend on the
    order of the ends. Nodes wider than the tolerance become faults.
    """
    places = on_sphere(ends)
    pairs = cKDTree(places).query_pairs(snap_m, output_type="ndarray")
    shape = (len(ends), len(ends))
    matrix = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=shape)
    count, label = connected_components(matrix, directed=False)
    order = np.lexsort((ends[:, 1], ends[:, 0], label))
    names = [""] * len(ends)
    taken: set[str] = set()
    for members in np.split(order, np.searchsorted(label[order], np.arange(1, count))):
        width = float(np.ptp(places[members], axis=0).max())
        if width > snap_m:
            problem = f"ends within snap_m = {snap_m:g} m of each other form a chain of {width:,.0f} m"
            faults.append(Fault(file, lines[members[0]], "geometry", problem, "lower snap_m", "node"))
        x, y = ends[members].mean(axis=0)
        name = f"{x:.5f} {y:.5f}"
        if name in taken:
            problem, fix = f"two nodes at {name}, more than snap_m apart", "raise snap_m to 2"
            faults.append(Fault(file, lines[members[0]], "geometry", problem, fix, "node"))
        taken.add(name)
        for i in members:
            names[i] = name
    return names
