"""Arrays that the kernels share, in named tuples."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint16 | np.int32]
"""Numbers of arcs or of capacity groups along paths (:func:`numbers_type`)."""
Bytes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]


def numbers_type(arcs: int) -> type[np.uint16] | type[np.int32]:
    """Return the type of numbers along paths: the arcs of all paths are the largest arrays there are."""
    return np.uint16 if arcs <= np.iinfo(np.uint16).max + 1 else np.int32


class Graph(NamedTuple):
    """A directed graph of N nodes and A arcs.

    Attributes:
        tail: Node at which each arc starts, (A,).
        head: Node at which each arc ends, (A,).
        out_ptr: Arcs out of node i are ``out_arc[out_ptr[i]:out_ptr[i + 1]]``, (N + 1,).
        out_arc: Arcs sorted by tail, (A,).
        in_ptr: The same for the arcs into a node, (N + 1,).
        in_arc: Arcs sorted by head, (A,).
        group: Capacity group of each arc, (A,).
        through: Nodes that a path may pass through, (N,); it may start and end at any.
    """

    tail: Ints
    head: Ints
    out_ptr: Ints
    out_arc: Ints
    in_ptr: Ints
    in_arc: Ints
    group: Ints
    through: Bools


class Delays(NamedTuple):
    """The delay of each of G capacity groups as a function of its flow.

    Attributes:
        kind: 0 none, 1 power, 2 conical, 3 marginal of conical, (G,).
        scale: Delay at capacity (power), or factor of the conical function, in the unit of cost, (G,).
        capacity: Flow at which volume over capacity is 1, (G,).
        power: Exponent (power) or steepness α (conical), (G,).
        preload: Flow that is there before any demand; the delay is that of preload and flow together, (G,).
    """

    kind: Bytes
    scale: Floats
    capacity: Floats
    power: Floats
    preload: Floats


class AdjacentArcs(NamedTuple):
    """Arcs in the order of ``Graph.in_arc`` or ``Graph.out_arc``, so that those of a node are contiguous.

    Attributes:
        end: Node at the other end of each arc, (A,).
        cost: Its cost to each class at present delays, (K, A).
    """

    end: Ints
    cost: Floats


class State(NamedTuple):
    """Flow, delay and slope of the delay of each capacity group, (G,) each."""

    flow: Floats
    delay: Floats
    slope: Floats


class Bushes(NamedTuple):
    """One acyclic set of arcs with its flows for each of B pairs of an origin and a class.

    Bush b has ``nodes[b]`` nodes in topological order at ``order[node_at[b]:]``, the origin first. The arcs
    into its p-th node are ``arc[arc_at[b] + s]`` for s from ``ptr[node_at[b] + b + p]`` to the next entry
    of ``ptr``. ``arc_at[b + 1] - arc_at[b]`` is the capacity of the bush in arcs.

    Attributes:
        origin: Origin of each bush, (B,).
        user_class: Class of each bush, (B,).
        nodes: Number of nodes of each bush, (B,).
        node_at: Start in ``order``, (B + 1,).
        order: Nodes in topological order.
        ptr: Starts of each node's arcs, relative to ``arc_at``.
        arc_at: Start in ``arc`` and ``flow``, (B + 1,).
        arc: Arcs.
        flow: Flow of the bush on each of them.
        demand_ptr: Demand of bush b has the entries ``demand_ptr[b]`` to ``demand_ptr[b + 1]``, (B + 1,).
        demand_node: Destinations.
        demand: Flows to them.
    """

    origin: Ints
    user_class: Ints
    nodes: Ints
    node_at: Longs
    order: Ints
    ptr: Ints
    arc_at: Longs
    arc: Ints
    flow: Floats
    demand_ptr: Longs
    demand_node: Ints
    demand: Floats


class SegmentPairs(NamedTuple):
    """Pairs of alternative segments of bushes, stored to shift flow between them again.

    The high-cost segment of pair q is ``slot[start[q]:middle[q]]``, the low-cost one
    ``slot[middle[q]:start[q + 1]]``. A pair for which storage is too small is left out.

    Attributes:
        pair_count: Number of pairs, (1,).
        bush: Bush of each pair.
        start: Start of each pair in ``slot`` and ``arc``.
        middle: Start of its low-cost segment.
        slot: Positions in ``Bushes.arc`` and ``Bushes.flow``.
        arc: Arcs at these positions.
    """

    pair_count: Longs
    bush: Ints
    start: Longs
    middle: Longs
    slot: Ints
    arc: Ints


ARCS_PER_BUSH_ARC = 6
"""Storage for arcs of pairs, relative to that of the bushes: on grids the segments of a pair are long."""


def new_segment_pairs(bushes: Bushes, nodes: int) -> SegmentPairs:
    """Allocate storage for pairs of segments; pages that no pair uses are never touched."""
    capacity = int(bushes.arc_at[-1])
    count, length = capacity // 2 + 1, ARCS_PER_BUSH_ARC * capacity + 2 * nodes
    return SegmentPairs(
        pair_count=np.zeros(1, np.int64),
        bush=np.empty(count, np.int32),
        start=np.zeros(count + 1, np.int64),
        middle=np.empty(count, np.int64),
        slot=np.empty(length, np.int32),
        arc=np.empty(length, np.int32),
    )


class Work(NamedTuple):
    """Scratch space of one thread, by node (N,), by arc (A,) or for a heap (A + 2,)."""

    min_label: Floats
    max_label: Floats
    min_slot: Ints
    max_slot: Ints
    position: Ints
    load: Floats
    seen: Bools
    queue: Ints
    order: Ints
    ptr: Ints
    key: Floats
    arc: Ints
    flow: Floats
    heap_node: Ints
    heap_key: Floats


def new_work(nodes: int, arcs: int) -> Work:
    """Allocate scratch space for a graph of so many nodes and arcs."""
    return Work(
        min_label=np.empty(nodes),
        max_label=np.empty(nodes),
        min_slot=np.empty(nodes, np.int32),
        max_slot=np.empty(nodes, np.int32),
        position=np.empty(nodes, np.int32),
        load=np.zeros(nodes),
        seen=np.zeros(nodes, np.bool_),
        queue=np.empty(nodes + 1, np.int32),
        order=np.empty(nodes, np.int32),
        ptr=np.empty(nodes + 1, np.int32),
        key=np.empty(nodes),
        arc=np.empty(arcs, np.int32),
        flow=np.empty(arcs),
        heap_node=np.empty(arcs + 2, np.int32),
        heap_key=np.empty(arcs + 2),
    )
