"""Capacities behind an assignment that does not converge."""

from __future__ import annotations

import numpy as np

from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.kernels.delay import NONE
from sogdia.assignment.network import Network
from sogdia.errors import Overload

MOST_NAMED = 4
LEAST_RATIO = 10.0
"""Flow over capacity from which a capacity is named: its delay is then so steep that it decides all."""


def overloads_of(network: Network, flow: Floats) -> tuple[Overload, ...]:
    """Return the capacity groups most exceeded, the worst first.

    Args:
        network: The network.
        flow: Flow of each capacity group, (G,).
    """
    delays = network.delays
    total = np.where(delays.kind == NONE, 0.0, flow + delays.preload)
    ratio = total / delays.capacity
    worst = np.argsort(-ratio, kind="stable")[:MOST_NAMED]
    return tuple(
        Overload(_name(network, int(group)), float(total[group]), float(delays.capacity[group]))
        for group in worst
        if ratio[group] >= LEAST_RATIO
    )


def _name(network: Network, group: int) -> str:
    """Return the name of a group; the ends of its arc if it only has a number."""
    name = network.groups[group]
    if not name.isdecimal():
        return name
    arc = network.arcs.iloc[int(np.flatnonzero(network.graph.group == group)[0])]
    return f"{arc['from']} to {arc['to']}"
