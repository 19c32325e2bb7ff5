"""A quadratic surrogate of a criterion, which proposes portfolios and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.linear import Rows, maximise
from sogdia.portfolio.moves import neighbours
from sogdia.portfolio.problem import Problem

MOST_PAIRED = 40
"""Projects up to which the surrogate has a term for each pair."""
RIDGE = 1e-4
"""Ridge of single terms, relative to the largest variance of a feature; pairs have ten times as much."""
PROGRAMS = 3
"""Integer programs solved for a proposal before the last optimum's neighbours are proposed alone."""


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Estimate ``g(x) ≈ c + Σ_io b_io z_io + Σ_{i<j} q_ij y_i y_j`` with y_i = Σ_o z_io.

    Attributes:
        problem: The problem.
        constant: c.
        single: b, (K,).
        pair: q, (P,), for :attr:`pairs`.
    """

    problem: Problem
    constant: float
    single: Floats
    pair: Floats

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Pairs of projects with a term."""
        return pairs_of(self.problem)

    def predict(self, choices: Choices) -> Floats:
        """Estimate the gain of portfolios, (N,)."""
        features = _features(self.problem, choices)
        return np.asarray(self.constant + features @ np.concatenate([self.single, self.pair]))


def pairs_of(problem: Problem) -> list[tuple[int, int]]:
    """List the pairs of projects with a term; none if there are too many projects."""
    n = len(problem.projects)
    return [(i, j) for i in range(n) for j in range(i + 1, n)] if n <= MOST_PAIRED else []


def _features(problem: Problem, choices: Choices) -> Floats:
    built = choices > 0
    pairs = np.array(pairs_of(problem), dtype=np.int64).reshape(-1, 2)
    products = built[:, pairs[:, 0]] & built[:, pairs[:, 1]]
    return np.hstack([problem.indicators(choices), products]).astype(np.float64)


def fit(problem: Problem, choices: Choices, gains: Floats) -> Surrogate:
    """Fit a surrogate by ridge regression to evaluated portfolios, (N, n), with gains (N,).

    Infinite gains are left out. Better portfolios weigh more, as the optimum is among them: weights fall
    linearly from 1 for the best to 0.1 for the worst rank.
    """
    finite = np.isfinite(gains)
    x, y = _features(problem, choices[finite]), gains[finite]
    rank = np.argsort(np.argsort(-y)) / max(1, len(y) - 1)
    weight = 1.0 - 0.9 * rank
    mean_x, mean_y = np.average(x, axis=0, weights=weight), float(np.average(y, weights=weight))
    centred = x - mean_x
    normal = (centred * weight[:, None]).T @ centred
    size = len(problem.options)
    ridge = np.full(x.shape[1], RIDGE * max(float(np.diag(normal).max(initial=0.0)), 1e-12))
    ridge[size:] *= 10.0
    coefficients = np.linalg.solve(normal + np.diag(ridge), (centred * weight[:, None]).T @ (y - mean_y))
    constant = mean_y - float(mean_x @ coefficients)
    return Surrogate(problem, constant, np.asarray(coefficients[:size]), np.asarray(coefficients[size:]))


def propose(surrogate: Surrogate, system: LinearSystem, known: Choices, count: int) -> Choices:
    """Return portfolios with large estimates that are not known yet, (≤ count, n).

    The first is the optimum of an integer program to 1 %, in which products are linear (McCormick 1976;
    exact for binaries) and known optima are cut off; the rest are its neighbours with the largest estimates.

    Args:
        surrogate: The surrogate.
        system: Limits.
        known: Portfolios evaluated already, (N, n).
        count: Number of proposals.
    """
    problem = surrogate.problem
    gain, rows = program(surrogate)
    have = {row.tobytes() for row in known.astype(np.int16)}
    pairs = gain.size - len(problem.options)
    bounds = np.tile([0.0, 1.0], (pairs, 1))
    best = None
    for _ in range(PROGRAMS):
        table = Rows(
            np.array([row for row, _, _ in rows]).reshape(len(rows), gain.size),
            np.array([low for _, low, _ in rows]),
            np.array([high for _, _, high in rows]),
        )
        best = maximise(system, gain, table, extra_bounds=bounds, gap=0.01)
        if best is None or best.choice.tobytes() not in have:
            break
        rows.append(_cut(problem, best.choice, gain.size))
    if best is None:
        return np.empty((0, len(problem.projects)), dtype=np.int16)
    around = np.vstack([best.choice[None], neighbours(system, best.choice, ())])
    new = np.array([row.tobytes() not in have for row in around])
    around = around[new]
    return np.asarray(around[np.argsort(-surrogate.predict(around), kind="stable")[:count]])


def program(surrogate: Surrogate) -> tuple[Floats, list[tuple[Floats, float, float]]]:
    """Write the surrogate as linear gains of options and products, with rows that make products exact."""
    problem = surrogate.problem
    pairs = [(p, pair) for p, pair in enumerate(surrogate.pairs) if abs(surrogate.pair[p]) > 0.0]
    size = len(problem.options)
    of = [np.arange(problem.offsets[i], problem.offsets[i + 1]) for i in range(len(problem.projects))]
    rows: list[tuple[Floats, float, float]] = []
    for w, (p, (i, j)) in enumerate(pairs):
        if surrogate.pair[p] > 0.0:
            rows += [(_row(size + len(pairs), size + w, of[k]), -np.inf, 0.0) for k in (i, j)]
        else:
            both = np.concatenate([of[i], of[j]])
            rows.append((_row(size + len(pairs), size + w, both), -1.0, np.inf))
    return np.concatenate([surrogate.single, [surrogate.pair[p] for p, _ in pairs]]), rows


def _row(width: int, at: int, columns: npt.NDArray[np.int64]) -> Floats:
    row = np.zeros(width)
    row[columns] = -1.0
    row[at] = 1.0
    return row


def _cut(problem: Problem, choice: Choices, width: int) -> tuple[Floats, float, float]:
    """Cut off one portfolio: ``Σ_{z=1} z − Σ_{z=0} z ≤ |built| − 1``."""
    picked = problem.indicators(choice[None])[0]
    row = np.zeros(width)
    row[: picked.size] = np.where(picked, 1.0, -1.0)
    return row, -np.inf, float(picked.sum()) - 1.0
