"""Linear rows of a problem's limits, and all portfolios that respect them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sogdia.portfolio.arrays import Bools, Choices, Floats
from sogdia.portfolio.limits import Limit, ShareLimit, YearLimit
from sogdia.portfolio.problem import Problem

ROUNDING = 1e-9
"""Excess over a limit, relative to the larger of 1 and the limit, that is rounding."""
BLOCK = 1 << 16
"""Portfolios in a block of the enumeration."""


@dataclass(frozen=True, eq=False)
class LinearSystem:
    """Limits ``lower ≤ A z ≤ upper`` on the indicators z of the K options.

    That each project has at most one option is understood.

    Attributes:
        problem: The problem.
        matrix: A, (R, K).
        lower: (R,), −∞ for none.
        upper: (R,), ∞ for none.
        names: Name of the limit that each row belongs to, (R,); a limit may have several rows.
    """

    problem: Problem
    matrix: Floats
    lower: Floats
    upper: Floats
    names: tuple[str, ...]

    def activities(self, choices: Choices) -> Floats:
        """Compute ``A z`` of portfolios, (N, R)."""
        return np.asarray(self.problem.indicators(choices).astype(np.float64) @ self.matrix.T)

    def violations(self, choices: Choices) -> Floats:
        """Compute by how much each portfolio violates each row, relative to max(1, |limit|), (N, R)."""
        activity = self.activities(choices)
        over = (activity - self.upper) / np.maximum(1.0, np.abs(_finite(self.upper)))
        under = (self.lower - activity) / np.maximum(1.0, np.abs(_finite(self.lower)))
        return np.maximum(np.maximum(over, under), 0.0)

    def feasible(self, choices: Choices) -> Bools:
        """Return which portfolios respect all rows, (N,)."""
        if not self.names or not len(choices):
            return np.ones(len(choices), dtype=np.bool_)
        return np.asarray((self.violations(choices) <= ROUNDING).all(axis=1))

    def extremes(self) -> tuple[Floats, Floats]:
        """Compute the least and largest activity of each row from each project alone, (n, R) each."""
        n = len(self.problem.projects)
        least, largest = np.zeros((n, len(self.names))), np.zeros((n, len(self.names)))
        for i in range(n):
            part = self.matrix[:, self.problem.offsets[i] : self.problem.offsets[i + 1]]
            least[i] = np.minimum(part.min(axis=1), 0.0)
            largest[i] = np.maximum(part.max(axis=1), 0.0)
        return least, largest


def _finite(bounds: Floats) -> Floats:
    return np.where(np.isfinite(bounds), bounds, 0.0)


def linear_system(problem: Problem) -> LinearSystem:
    """Write the limits, groups, prerequisites and must-haves of a problem as linear rows.

    A group is ``least ≤ Σ_i Σ_o z_io ≤ most``; project i that needs j is ``Σ_o z_io ≤ Σ_o z_jo``, and in time
    ``Σ_{o: year ≤ t} z_io ≤ Σ_{o: year ≤ t} z_jo`` for every year t of its options; a must-have is
    ``Σ_o z_io ≥ 1``. For limits see :mod:`sogdia.portfolio.limits`.
    """
    rows: list[tuple[Floats, float, float, str]] = []
    for limit in problem.limits:
        rows += _limit_rows(problem, limit)
    built = [_columns(problem, (name,)) for name in problem.names]
    for group in problem.groups:
        rows.append((_columns(problem, group.projects), group.least, group.most, group.label))
    for need in problem.prerequisites:
        i, j = problem.names.index(need.project), problem.names.index(need.needs)
        opening = np.array([-np.inf if o.year is None else o.year for _, o in problem.options])
        years = sorted(set(opening[built[i] > 0])) if need.in_time else [np.inf]
        for year in years:
            rows.append(((built[i] - built[j]) * (opening <= year), -np.inf, 0.0, need.label))
    for name in problem.must_haves:
        rows.append((built[problem.names.index(name)], 1.0, np.inf, f"{name} must be built"))
    matrix = np.array([row for row, *_ in rows]).reshape(len(rows), len(problem.options))
    lower = np.array([low for _, low, _, _ in rows], dtype=np.float64)
    upper = np.array([high for _, _, high, _ in rows], dtype=np.float64)
    return LinearSystem(problem, matrix, lower, upper, tuple(name for *_, name in rows))


def _columns(problem: Problem, names: tuple[str, ...]) -> Floats:
    return np.array([float(problem.names[i] in names) for i, _ in problem.options])


def _limit_rows(
    problem: Problem, limit: Limit | YearLimit | ShareLimit
) -> list[tuple[Floats, float, float, str]]:
    partners = np.array([option.partner for _, option in problem.options])
    if isinstance(limit, YearLimit):
        return [
            (
                np.array([o.by_year.get(limit.measure, {}).get(year, 0.0) for _, o in problem.options]),
                -np.inf,
                float(most),
                limit.label,
            )
            for year, most in sorted(limit.most.items())
        ]
    amounts = problem.amounts(limit.measure)
    if isinstance(limit, ShareLimit):
        named = sorted({str(p) for p in partners if p}) if limit.partner is None else [limit.partner]
        return [((partners == p) * amounts - limit.most * amounts, -np.inf, 0.0, limit.label) for p in named]
    if limit.partner is not None:
        amounts = amounts * (partners == limit.partner)
    lower = -np.inf if limit.least is None else float(limit.least)
    return [(amounts, lower, np.inf if limit.most is None else float(limit.most), limit.label)]


def feasible_blocks(system: LinearSystem, block: int = BLOCK) -> Iterator[Choices]:
    """Yield all portfolios that respect a linear system, in blocks, (≤ block, n) each.

    Depth-first over the projects: a partial portfolio is dropped when a row can no longer hold, whatever the
    rest is. Memory stays within about ``n · options · block`` rows.
    """
    problem = system.problem
    n = len(problem.projects)
    least, largest = system.extremes()
    rest_least = np.vstack([np.cumsum(least[::-1], axis=0)[::-1], np.zeros((1, len(system.names)))])
    rest_largest = np.vstack([np.cumsum(largest[::-1], axis=0)[::-1], np.zeros((1, len(system.names)))])
    slack = ROUNDING * np.maximum(1.0, np.abs(_finite(system.upper)))
    give = ROUNDING * np.maximum(1.0, np.abs(_finite(system.lower)))
    stack = [(0, np.zeros((1, n), dtype=np.int16), np.zeros((1, len(system.names))))]
    while stack:
        depth, partial, activity = stack.pop()
        if depth == n:
            yield partial
            continue
        size = int(problem.sizes[depth])
        steps = np.vstack(
            [np.zeros((1, len(system.names))), system.matrix.T[problem.offsets[depth] :][:size]]
        )
        wider = np.repeat(partial, size + 1, axis=0)
        wider[:, depth] = np.tile(np.arange(size + 1, dtype=np.int16), len(partial))
        reached = np.repeat(activity, size + 1, axis=0) + np.tile(steps, (len(partial), 1))
        possible = (reached + rest_least[depth + 1] <= system.upper + slack).all(axis=1)
        possible &= (reached + rest_largest[depth + 1] >= system.lower - give).all(axis=1)
        wider, reached = wider[possible], reached[possible]
        # The last part is popped first: in reverse, blocks come in the order of the projects' options.
        stack += [
            (depth + 1, wider[start : start + block], reached[start : start + block])
            for start in reversed(range(0, len(wider), block))
        ]


def enumerate_feasible(system: LinearSystem, most: int) -> Choices | None:
    """Return all portfolios that respect a linear system, (N, n); ``None`` if more than ``most``."""
    if system.problem.portfolios > most:
        count = 0
        for part in feasible_blocks(system):
            count += len(part)
            if count > most:
                return None
    blocks = list(feasible_blocks(system))
    return np.concatenate(blocks) if blocks else np.zeros((0, len(system.problem.projects)), dtype=np.int16)
