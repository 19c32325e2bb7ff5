"""The arrays that kernels share, grouped by what they describe."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]


class Graph(NamedTuple):
    """A directed graph of N nodes and A arcs.

    Attributes:
        tail: Node each arc leaves, (A,).
        head: Node each arc enters, (A,).
        out_ptr: Arcs leaving node i stand at ``out_arc[out_ptr[i]:out_ptr[i + 1]]``, (N + 1,).
        out_arc: Arcs by tail, (A,).
        in_ptr: The same for arcs entering a node, (N + 1,).
        in_arc: Arcs by head, (A,).
        group: Group whose flow delays each arc, (A,).
        through: Whether a path may pass through a node, (N,); it may always start and end there.
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
    """The delay of each of G groups as a function of its flow.

    Attributes:
        kind: 0 none, 1 power, 2 conical, 3 marginal of conical, (G,).
        scale: Delay at capacity (power), or the time that is multiplied (conical), (G,).
        capacity: Flow at which the ratio v/c is 1, (G,).
        power: Exponent (power) or steepness α (conical), (G,).
    """

    kind: Bytes
    scale: Floats
    capacity: Floats
    power: Floats


class Sides(NamedTuple):
    """Arcs as they stand in ``Graph.in_arc`` or ``Graph.out_arc``, so that those of a node are side by side.

    Attributes:
        end: Node at the other end of each, (A,).
        cost: What it costs each class at present, (K, A).
    """

    end: Ints
    cost: Floats


class State(NamedTuple):
    """Flow, delay and slope of the delay of each group, (G,) each."""

    flow: Floats
    delay: Floats
    slope: Floats


class Bushes(NamedTuple):
    """One acyclic set of arcs for each of B pairs of origin and class, with its flows.

    Bush b has ``nodes[b]`` nodes in topological order at ``order[node_at[b]:]``, the origin first.
    The arcs entering its p-th node stand at ``arc[arc_at[b] + ptr[...]]`` from ``ptr[node_at[b] + b + p]``
    to the next one. ``arc_at[b + 1] - arc_at[b]`` is the room the bush has.

    Attributes:
        origin: Origin of each bush, (B,).
        klass: Class of each bush, (B,).
        nodes: How many nodes each reaches, (B,).
        node_at: Start in ``order``, (B + 1,).
        order: Nodes in topological order.
        ptr: Starts of each node's arcs, relative to ``arc_at``.
        arc_at: Start in ``arc`` and ``flow``, (B + 1,).
        arc: Arcs.
        flow: Their flows of this bush.
        need_ptr: Demand of bush b stands at ``need_node[need_ptr[b]:need_ptr[b + 1]]``, (B + 1,).
        need_node: Destinations.
        need: Demands.
    """

    origin: Ints
    klass: Ints
    nodes: Ints
    node_at: Longs
    order: Ints
    ptr: Ints
    arc_at: Longs
    arc: Ints
    flow: Floats
    need_ptr: Longs
    need_node: Ints
    need: Floats


class Pairs(NamedTuple):
    """Pairs of ways between the same two nodes of a bush, kept to shift flow between them again.

    The dear way of pair q stands at ``slot[start[q]:middle[q]]``, the cheap one from there to
    ``start[q + 1]``. Where there is no room for a pair, it is not kept.

    Attributes:
        kept: How many pairs are kept, (1,).
        bush: Bush of each pair.
        start: Where it starts in ``slot`` and ``arc``.
        middle: Where its cheap way starts.
        slot: Slots of the bushes.
        arc: The arcs there.
    """

    kept: Longs
    bush: Ints
    start: Longs
    middle: Longs
    slot: Ints
    arc: Ints


WIDER = 6
"""Room for arcs of pairs over that of the bushes: on grids the ways of a pair are long."""


def new_pairs(bushes: Bushes, nodes: int) -> Pairs:
    """Room for pairs; memory that no pair comes to use is never touched."""
    room = int(bushes.arc_at[-1])
    many, length = room // 2 + 1, WIDER * room + 2 * nodes
    return Pairs(
        kept=np.zeros(1, np.int64),
        bush=np.empty(many, np.int32),
        start=np.zeros(many + 1, np.int64),
        middle=np.empty(many, np.int64),
        slot=np.empty(length, np.int32),
        arc=np.empty(length, np.int32),
    )


class Work(NamedTuple):
    """Scratch space of one worker, by node (N,), by arc (A,) or for a heap (A + 2,)."""

    low: Floats
    high: Floats
    low_slot: Ints
    high_slot: Ints
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
    """Scratch space for a graph of so many nodes and arcs."""
    return Work(
        low=np.empty(nodes),
        high=np.empty(nodes),
        low_slot=np.empty(nodes, np.int32),
        high_slot=np.empty(nodes, np.int32),
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
