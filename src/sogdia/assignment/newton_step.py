"""A step for all pairs of ways at once, where evening them out one after another only crawls.

Shifts between the two ways of a pair undo each other where pairs share arcs: on networks loaded far beyond
capacity the gap then falls by a hundredth from sweep to sweep. Here the shifts ``x`` of all pairs are found
together by Newton's method: with ``P`` (G, Q) the change of group flows by a unit shifted in each pair,
``g = −Pᵀc`` the cost differences and ``D'`` the slopes of the delays,

    ``Pᵀ D' P x = g``

is solved by conjugate gradients, ``x`` is held to what each arc of a bush carries, and its length is found so
that Beckmann's function falls (Newton's method for flows of segments: Bar-Gera 2010; Xie & Xie 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from sogdia.assignment.kernels.arrays import Bools, Bushes, Delays, Floats, Graph, Ints, Longs, Pairs, State
from sogdia.assignment.kernels.delay import refresh

MOST_PAIRS = 2000
"""Pairs beyond which a step would take longer than the sweeps it saves."""
MOST_STEPS = 2
"""Newton steps one after another."""
MOST_INNER = 60
PART = 1e-2
"""Part of the cost differences to which a step is solved."""
MOST_TRIES = 30
STIFF = 1e-6
"""Least weight of what holds a step within the flows there are, as a part of all that shifts could save."""
SHARE = 0.5
"""Part of a step that must be within the flows there are, for it to be cut to this and taken."""
DUST = 1e-13
"""Part of the largest flow of an arc of a bush that counts as none."""
SHORTENINGS = 12
OVERSHOOT = 0.5
"""Part of the slope at its start that a step may have at its end, with the other sign."""


@dataclass(frozen=True, eq=False)
class _Ways:
    """The pairs as one long list of arcs, those of a pair side by side.

    Attributes:
        start: Where each pair starts, (Q,).
        sign: What a unit of shift adds to each entry's flow: −1 on the dear way, 1 on the cheap one.
        slots: Slots of the bushes that any pair has, (S,).
        slot: Which of these each entry is.
        group: Group of each entry.
        fixed: Cost of each entry but for delays, to the class of its bush.
        change: What a unit of shift adds to group flows, (G, Q).
        along: What it adds to the flows at the slots, (S, Q).
    """

    start: Longs
    sign: Floats
    slots: Ints
    slot: Longs
    group: Ints
    fixed: Floats
    change: csc_array
    along: csc_array


@dataclass(frozen=True, eq=False)
class Kept:
    """Pairs of ways taken out of their scratch space, one after another.

    Attributes:
        bush: Bush of each pair, (Q,).
        dear: Arcs of its dear way, (Q,).
        size: Arcs of both its ways, (Q,).
        slot: Slots of the bushes, the dear way of a pair before its cheap one.
        arc: The arcs there.
    """

    bush: Ints
    dear: Longs
    size: Longs
    slot: Ints
    arc: Ints


def kept_pairs(pairs: Pairs) -> Kept:
    """A copy of the pairs that are kept."""
    many = int(pairs.kept[0])
    start, last = pairs.start[: many + 1], pairs.start[many]
    dear = pairs.middle[:many] - start[:-1]
    return Kept(
        pairs.bush[:many].copy(), dear, np.diff(start), pairs.slot[:last].copy(), pairs.arc[:last].copy()
    )


def step_together(
    bushes: Bushes, graph: Graph, base: Floats, delays: Delays, state: State, known: Sequence[Kept]
) -> bool:
    """Shift flow in all known pairs together; flows of the bushes and the state of the groups are changed.

    Args:
        bushes: The bushes.
        graph: The graph.
        base: Fixed costs by class and arc, (K, A).
        delays: Delay functions.
        state: Flows and delays, those of the bushes' flows.
        known: The pairs; those found at the costs that a step led to stand beside those before it, as what
            evens out the ones may undo the others.

    Returns:
        Whether flow was shifted.
    """
    if not 0 < sum(kept.size.size for kept in known) <= MOST_PAIRS:
        return False
    ways, moved = _ways_of(bushes, graph, base, state, known), False
    # On networks loaded out of all measure, figures overflow; such a step is not taken.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(MOST_STEPS):
            gap = _gaps(ways, state)
            flow = bushes.flow[ways.slots]
            room = _rooms(ways, flow, gap)
            bend = np.add.reduceat(state.slope[ways.group], ways.start)
            free: Bools = (room > 0.0) & (bend > 0.0)
            if not free.any():
                break
            move = _within(ways, state.slope, gap, room, free, flow)
            if move is None or not _moved(ways, bushes, delays, state, gap, move):
                break
            moved = True
    return moved


def _within(
    ways: _Ways, slope: Floats, gap: Floats, room: Floats, free: Bools, flow: Floats
) -> Floats | None:
    """Shifts of the free pairs (Q,) after which no arc of a bush carries less than nothing, if any are found.

    Where a step would take more than there is, it is held: ``λ Σ (change / flow)²`` over the arcs that are
    short is added to what is made the least, with λ growing from try to try.
    """
    dust, most = DUST * float(flow.max()), float((np.abs(gap) * room)[free].sum())
    # Where nothing bends along some direction, no step solves the equations; this keeps it finite.
    ridge = STIFF * most / np.where(free, room, 1.0) ** 2
    held, stiff, sizes = np.zeros(flow.size), 0.0, np.diff(np.append(ways.start, ways.sign.size))
    for _ in range(MOST_TRIES):
        move = _solved(ways, slope, stiff * held, ridge, np.where(free, gap, 0.0), free)
        change = ways.along @ move
        below = (change < 0.0) & (flow <= dust) & (flow + change < 0.0)
        if below.any():
            # These pairs would take from an arc that carries next to nothing: they stay as they are.
            takes = below[ways.slot] & (ways.sign * np.repeat(move, sizes) < 0.0)
            free = free & ~np.logical_or.reduceat(takes, ways.start)
            continue
        loses = change < 0.0
        part = float(np.min(flow[loses] / -change[loses], initial=np.inf))
        if part >= SHARE:
            return np.asarray(move * min(1.0, part))
        short = flow < -change
        held[short] = 1.0 / flow[short] ** 2
        stiff = max(10.0 * stiff, STIFF * most)
    return None


def _ways_of(bushes: Bushes, graph: Graph, base: Floats, state: State, known: Sequence[Kept]) -> _Ways:
    bush, dear, size, slot, arc = (
        np.concatenate([getattr(kept, name) for kept in known])
        for name in ("bush", "dear", "size", "slot", "arc")
    )
    start = np.zeros(size.size + 1, np.int64)
    np.cumsum(size, out=start[1:])
    place = np.arange(start[-1]) - np.repeat(start[:-1], size)
    sign = np.where(place < np.repeat(dear, size), -1.0, 1.0)
    group = graph.group[arc]
    fixed = base[np.repeat(bushes.klass[bush], size), arc]
    change = csc_array((sign, group, start), shape=(state.flow.size, size.size))
    slots, place = np.unique(slot, return_inverse=True)
    along = csc_array((sign, place, start), shape=(slots.size, size.size))
    return _Ways(start[:-1].copy(), sign, slots, place, group, fixed, change, along)


def _gaps(ways: _Ways, state: State) -> Floats:
    """What the dear way of each pair costs more than the cheap one, (Q,)."""
    cost = ways.fixed + state.delay[ways.group]
    return np.asarray(-np.add.reduceat(ways.sign * cost, ways.start))


def _rooms(ways: _Ways, flow: Floats, gap: Floats) -> Floats:
    """Flow that each pair can shift towards its cheaper way, (Q,)."""
    way = np.repeat(np.where(gap >= 0.0, 1.0, -1.0), np.diff(np.append(ways.start, ways.sign.size)))
    loses = ways.sign * way < 0.0
    return np.asarray(np.minimum.reduceat(np.where(loses, flow[ways.slot], np.inf), ways.start))


def _solved(ways: _Ways, slope: Floats, held: Floats, ridge: Floats, gap: Floats, free: Bools) -> Floats:
    """Solve for the shifts of the free pairs by conjugate gradients with a diagonal preconditioner, (Q,)."""
    weight = np.add.reduceat(slope[ways.group] + held[ways.slot], ways.start)
    weight = np.where(free, weight + ridge, 1.0)
    change, along = ways.change, ways.along
    found, rest = np.zeros(gap.size), gap.copy()
    eased = rest / weight
    way, power = eased.copy(), float(rest @ eased)
    goal = PART * PART * power
    for _ in range(MOST_INNER):
        if power <= goal:
            break
        pushed = change.T @ (slope * (change @ way)) + along.T @ (held * (along @ way)) + ridge * way
        pushed = np.where(free, pushed, 0.0)
        bent = float(way @ pushed)
        if bent <= 0.0:
            break
        size = power / bent
        found += size * way
        rest -= size * pushed
        eased = rest / weight
        before, power = power, float(rest @ eased)
        way = eased + (power / before) * way
    return found


def _moved(ways: _Ways, bushes: Bushes, delays: Delays, state: State, gap: Floats, move: Floats) -> bool:
    """Go along shifts, not far beyond the least of Beckmann's function; whether that got anywhere."""
    fall = float(gap @ move)
    if not 0.0 < fall < np.inf:
        return False
    before, push = state.flow.copy(), ways.change @ move
    length = 1.0
    for _ in range(SHORTENINGS):
        state.flow[:] = np.maximum(before + length * push, 0.0)
        refresh(delays, state)
        left = float(_gaps(ways, state) @ move)
        if left >= -OVERSHOOT * fall:
            added = ways.along @ (length * move)
            bushes.flow[ways.slots] = np.maximum(bushes.flow[ways.slots] + added, 0.0)
            return True
        length *= float(np.clip(fall / (fall - left), 0.1, 0.7))
    state.flow[:] = before
    refresh(delays, state)
    return False
