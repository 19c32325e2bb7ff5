"""Effects of single projects and of pairs: complements, substitutes, corridors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.portfolio.arrays import Choices
from sogdia.portfolio.assessment import Assessment
from sogdia.portfolio.criteria import Criterion
from sogdia.portfolio.problem import Problem

SINGLES = ("project", "option", "effect")
PAIRS = ("project", "with", "effect", "sum_of_singles", "interaction", "kind")
NEGLIGIBLE = 1e-3
"""Interaction, relative to the largest single effect, below which a pair is independent."""


def singles(assessment: Assessment, criterion: Criterion) -> pd.DataFrame:
    """Compute the effect of each option alone on a measure in the nominal scenario.

    ``Δ_io = f({i as o}) − f(∅)``, in the measure's unit, whether or not the limits hold. Columns
    :data:`SINGLES`.
    """
    problem = assessment.system.problem
    rows = _single_rows(problem)
    values = _nominal(assessment, criterion, np.vstack([_empty(problem), rows]))
    return pd.DataFrame(
        {
            "project": [problem.names[i] for i, _ in problem.options],
            "option": [option.label for _, option in problem.options],
            "effect": values[1:] - values[0],
        }
    )


def pairs(assessment: Assessment, criterion: Criterion) -> pd.DataFrame:
    """Compute the interaction of each pair of projects, each with its option of best effect alone.

    ``I_ij = f({i, j}) − f({i}) − f({j}) + f(∅)`` at nominal. In the measure's sense a better joint effect
    makes complements, a worse one substitutes. Columns :data:`PAIRS`.
    """
    problem = assessment.system.problem
    rows = _single_rows(problem)
    values = _nominal(assessment, criterion, np.vstack([_empty(problem), rows]))
    base, alone = values[0], values[1:]
    sign = 1.0 if criterion.sense == "max" else -1.0
    best = [
        int(start) + int(np.argmax(sign * alone[start:end]))
        for start, end in zip(problem.offsets[:-1], problem.offsets[1:], strict=True)
    ]
    n = len(problem.projects)
    couples = [(i, j) for i in range(n) for j in range(i + 1, n)]
    if not couples:
        return pd.DataFrame(columns=list(PAIRS))
    joint = np.array([rows[best[i]] + rows[best[j]] for i, j in couples], dtype=np.int16)
    both = _nominal(assessment, criterion, joint) - base
    single = np.array([alone[best[i]] - base for i in range(n)])
    summed = np.array([single[i] + single[j] for i, j in couples])
    extra = both - summed
    floor = NEGLIGIBLE * max(float(np.abs(single).max()), 1e-300)
    kind = np.where(
        sign * extra > floor, "complements", np.where(sign * extra < -floor, "substitutes", "independent")
    )
    return pd.DataFrame(
        {
            "project": [problem.names[i] for i, _ in couples],
            "with": [problem.names[j] for _, j in couples],
            "effect": both,
            "sum_of_singles": summed,
            "interaction": extra,
            "kind": kind,
        }
    )


def bundles_from(table: pd.DataFrame, problem: Problem, most: int = 12) -> list[tuple[int, ...]]:
    """Return the pairs with the largest positive interaction in size, as positions of projects."""
    if table.empty:
        return []
    together = table[table["kind"] == "complements"]
    ranked = together.reindex(together["interaction"].abs().sort_values(ascending=False).index)
    return [
        (problem.names.index(a), problem.names.index(b))
        for a, b in ranked[["project", "with"]].head(most).itertuples(index=False)
    ]


def _empty(problem: Problem) -> Choices:
    return np.zeros((1, len(problem.projects)), dtype=np.int16)


def _single_rows(problem: Problem) -> Choices:
    rows = np.zeros((len(problem.options), len(problem.projects)), dtype=np.int16)
    for column, (i, _) in enumerate(problem.options):
        rows[column, i] = column - problem.offsets[i] + 1
    return rows


def _nominal(
    assessment: Assessment, criterion: Criterion, rows: Choices
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    evaluator = assessment.evaluator
    return np.asarray(evaluator.values(rows, (0,))[:, 0, evaluator.measures.index(criterion.measure)])
