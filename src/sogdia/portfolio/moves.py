"""Neighbours of a portfolio: add, drop, change partner or year, swap, bundle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sogdia.portfolio.arrays import Choices
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.problem import Problem

Move = tuple[str, Choices]


def single_changes(problem: Problem, row: Choices) -> list[Move]:
    """List the portfolios that differ from one (n,) in one project, each with its kind of change.

    ``add``, ``drop``, ``change partner``, ``change year``, ``change option`` (both).
    """
    moves = []
    for i, now in enumerate(row.tolist()):
        for k in range(int(problem.sizes[i]) + 1):
            if k != now:
                other = row.copy()
                other[i] = k
                moves.append((_kind(problem, i, now, k), other))
    return moves


def _kind(problem: Problem, i: int, now: int, then: int) -> str:
    if not now:
        return "add"
    if not then:
        return "drop"
    old, new = problem.projects[i].options[now - 1], problem.projects[i].options[then - 1]
    if old.partner == new.partner:
        return "change year"
    return "change partner" if old.year == new.year else "change option"


def swaps(problem: Problem, row: Choices, drops: int = 1) -> Choices:
    """List portfolios with some built projects dropped and one other added, (N, n)."""
    built, absent = np.flatnonzero(row), np.flatnonzero(row == 0)
    out = []
    for dropped in _combinations(built.tolist(), drops):
        for i in absent:
            for k in range(1, int(problem.sizes[i]) + 1):
                other = row.copy()
                other[list(dropped)] = 0
                other[i] = k
                out.append(other)
    return np.array(out, dtype=np.int16).reshape(len(out), len(row))


def _combinations(items: Sequence[int], count: int) -> Iterable[tuple[int, ...]]:
    if count == 1:
        return [(item,) for item in items]
    return [(a, b) for p, a in enumerate(items) for b in items[p + 1 :]]


def bundles(row: Choices, together: Iterable[tuple[int, ...]]) -> Choices:
    """List portfolios in which a bundle is added as one, alone or for one built project, (N, n).

    Args:
        row: The portfolio, (n,).
        together: Projects that belong together: complements, and projects with what they need.
    """
    out = []
    for bundle in together:
        new = [i for i in bundle if row[i] == 0]
        if not new:
            continue
        joined = row.copy()
        joined[new] = 1
        out.append(joined)
        for j in np.flatnonzero(row):
            if j not in bundle:
                other = joined.copy()
                other[j] = 0
                out.append(other)
    return np.array(out, dtype=np.int16).reshape(len(out), len(row))


def neighbours(system: LinearSystem, row: Choices, together: Iterable[tuple[int, ...]]) -> Choices:
    """Return all distinct neighbours of a portfolio (n,) that respect the linear limits, (N, n)."""
    problem = system.problem
    single = np.array([other for _, other in single_changes(problem, row)], dtype=np.int16)
    parts = [single, swaps(problem, row), bundles(row, together)]
    if len(row) <= 40:
        parts.append(swaps(problem, row, drops=2))
        parts.append(_two_for_one(row))
    found = np.unique(np.concatenate(parts), axis=0)
    found = found[(found != row).any(axis=1)]
    return np.asarray(found[system.feasible(found)])


def _two_for_one(row: Choices) -> Choices:
    """List portfolios with one built project dropped and two others added with their first options."""
    absent = np.flatnonzero(row == 0).tolist()
    out = []
    for j in np.flatnonzero(row):
        for a, b in _combinations(absent, 2):
            other = row.copy()
            other[j] = 0
            other[[a, b]] = 1
            out.append(other)
    return np.array(out, dtype=np.int16).reshape(len(out), len(row))


def prerequisites_closure(problem: Problem) -> list[tuple[int, ...]]:
    """List each project that needs others, together with all that it needs, directly or not."""
    needs: dict[int, set[int]] = {}
    for need in problem.prerequisites:
        needs.setdefault(problem.names.index(need.project), set()).add(problem.names.index(need.needs))
    out = []
    for project in needs:
        closure, new = {project}, {project}
        while new:
            new = {j for i in new for j in needs.get(i, ())} - closure
            closure |= new
        out.append(tuple(sorted(closure)))
    return out


def random_feasible(system: LinearSystem, generator: np.random.Generator, tries: int = 50) -> Choices | None:
    """Build a random portfolio that respects the linear limits by adding options in random order, (n,).

    Must-haves and least sums are reached if adding leads there; ``None`` if none of the tries does.
    """
    problem = system.problem
    n = len(problem.projects)
    for _ in range(tries):
        row = np.zeros((1, n), dtype=np.int16)
        over = np.maximum(system.violations(row), 0.0).sum()
        for i in generator.permutation(n):
            other = row.copy()
            other[0, i] = generator.integers(1, problem.sizes[i] + 1)
            then = np.maximum(system.violations(other), 0.0).sum()
            if then <= over:
                row, over = other, then
        if system.feasible(row)[0]:
            return np.asarray(row[0])
    return None
