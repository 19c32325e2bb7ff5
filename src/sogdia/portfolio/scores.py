"""Scores that a local search maximises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.assessment import Assessment
from sogdia.portfolio.criteria import Criterion


def score_of(assessment: Assessment, gain: Callable[[Choices], Floats]) -> Callable[[Choices], Floats]:
    """Return a gain that is −∞ where a limit on results without regret is violated."""
    limits = assessment.plain_limits
    if not limits:
        return gain
    many = any(limit.criterion.needs_scenarios for limit in limits)
    scenarios = tuple(range(len(assessment.evaluator.scenarios))) if many else (0,)

    def score(choices: Choices) -> Floats:
        violated = assessment.violated(assessment.evaluator.values(choices, scenarios), limits).any(axis=1)
        out = np.full(len(choices), -np.inf)
        if not violated.all():
            out[~violated] = gain(choices[~violated])
        return out

    return score


def criterion_score(assessment: Assessment, criterion: Criterion) -> Callable[[Choices], Floats]:
    """Return the gain by a criterion that needs no regret."""
    scenarios = assessment.scenarios_of(criterion)

    def gain(choices: Choices) -> Floats:
        return criterion.gain(assessment.value(criterion, assessment.evaluator.values(choices, scenarios)))

    return score_of(assessment, gain)
