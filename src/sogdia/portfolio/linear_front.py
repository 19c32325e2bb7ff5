"""Complete Pareto fronts and optima where all objectives are amounts that add up, by integer programs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.linear import Rows, Solution, maximise

RESOLUTION = 1e-6
"""Smallest difference of an objective that makes a point, relative to its range, if not integer."""


@dataclass(frozen=True, eq=False)
class LinearFront:
    """Nondominated portfolios.

    Attributes:
        choices: One per point, (N, n).
        gains: Their gains, (N, O).
        programs: Number of integer programs solved.
    """

    choices: Choices
    gains: Floats
    programs: int


def complete_front(system: LinearSystem, gains: Floats) -> LinearFront:
    """Find all nondominated points of linear objectives ``g_k'z``, all maximised.

    ε-constraint method with search zones. A zone is a lower bound for objectives 2…O. Maximising the first
    objective in it, and then the sum of all at that value, gives a nondominated point y. The zone is replaced
    by those in which one objective exceeds y's: any other point of the zone has less of the first objective,
    so it is dominated unless it is in one of them. A zone without a portfolio is closed, one within another
    is dropped. When no zone is open the front is complete (Kirlik & Sayın 2014; Klamroth, Lacour &
    Vanderpooten 2015). A zone within a solved one that contains its point has the same point, and needs no
    program. Amounts that are all integers are separated exactly, others by 1e-6 of their range.

    Args:
        system: Linear limits.
        gains: g, (O, K), larger is better.
    """
    steps = _steps(gains)
    objectives = len(gains)
    zones = [np.full(objectives - 1, -np.inf)]
    solved = _Solved()
    found: dict[tuple[float, ...], Choices] = {}
    programs = 0
    while zones:
        zone = zones.pop()
        known, point = solved.point(zone)
        if not known:
            rows = Rows(gains[1:], zone + steps[1:], np.full(objectives - 1, np.inf))
            first = maximise(system, gains[0], rows)
            programs += 1
            if first is not None:
                best = _tied_best(system, gains, rows, first, steps)
                programs += 1
                point = gains @ system.problem.indicators(best.choice[None])[0].astype(np.float64)
                found.setdefault(tuple(point.tolist()), best.choice)
            solved.add(zone, point)
        if point is not None:
            zones = _with_children(zones, zone, point[1:])
    order = sorted(found)
    choices = np.array([found[key] for key in order], dtype=np.int16)
    shape = (len(order), len(system.problem.projects))
    return LinearFront(choices.reshape(shape), np.array(order).reshape(len(order), objectives), programs)


class _Solved:
    """Zones solved so far with their points; ``None`` where there is none."""

    def __init__(self) -> None:
        self._zones: list[tuple[Floats, Floats | None]] = []

    def add(self, zone: Floats, point: Floats | None) -> None:
        self._zones.append((zone, point))

    def point(self, zone: Floats) -> tuple[bool, Floats | None]:
        """Return whether the point of a zone follows from those solved, and the point."""
        for wider, point in self._zones:
            if (wider <= zone).all() and (point is None or (point[1:] > zone).all()):
                return True, point
        return False, None


def _with_children(zones: list[Floats], zone: Floats, point: Floats) -> list[Floats]:
    """Add the parts of a zone beyond a point in one objective, unless they are within an open zone."""
    out = list(zones)
    for k in range(len(point)):
        child = zone.copy()
        child[k] = point[k]
        if not any((other <= child).all() for other in out):
            out = [other for other in out if not (child <= other).all()]
            out.append(child)
    return out


def _tied_best(system: LinearSystem, gains: Floats, rows: Rows, first: Solution, steps: Floats) -> Solution:
    """Maximise the sum of all objectives where the first has its best value."""
    table = Rows(
        np.vstack([rows.matrix, gains[:1]]),
        np.concatenate([rows.lower, [first.value - steps[0] / 2.0]]),
        np.concatenate([rows.upper, [np.inf]]),
    )
    scale = np.maximum(np.abs(gains).sum(axis=1, keepdims=True), 1e-300)
    best = maximise(system, (gains / scale).sum(axis=0), table)
    return first if best is None else best


def _steps(gains: Floats) -> Floats:
    """Return by how much an objective must exceed a bound: half of one for integers, (O,)."""
    integers = (np.round(gains) == gains).all(axis=1)
    ranges = np.maximum(np.abs(gains).sum(axis=1), 1e-300)
    return np.where(integers, 0.5, RESOLUTION * ranges)


def near_optimal(
    system: LinearSystem, gain: Floats, best: float, within: float
) -> tuple[list[bool], list[bool]]:
    """Find which projects every near-optimal portfolio has, and which none has, by integer programs.

    Args:
        system: Linear limits.
        gain: Linear gain, (K,).
        best: Its optimum.
        within: Relative distance from the optimum.

    Returns:
        In all and in none, by project.
    """
    problem = system.problem
    floor = best - within * abs(best)
    in_all, in_none = [], []
    for start, end in zip(problem.offsets[:-1], problem.offsets[1:], strict=True):
        built = np.zeros(len(problem.options))
        built[start:end] = 1.0
        sides = []
        for low, high in ((0.0, 0.0), (1.0, 1.0)):
            rows = Rows(np.vstack([built, gain]), np.array([low, floor]), np.array([high, np.inf]))
            sides.append(maximise(system, gain, rows) is not None)
        in_all.append(not sides[0])
        in_none.append(not sides[1])
    return in_all, in_none
