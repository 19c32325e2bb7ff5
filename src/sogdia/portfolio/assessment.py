"""Criteria of portfolios from the evaluator's values, and the limits on results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from sogdia.errors import UnknownNameError
from sogdia.portfolio.arrays import Bools, Choices, Floats
from sogdia.portfolio.conflicts import InfeasibleError, conflicting_results
from sogdia.portfolio.criteria import Criterion
from sogdia.portfolio.evaluation import CachedEvaluator
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.limits import ResultLimit

STORED = 100_000
"""Portfolios up to which an enumeration stores each one's values."""
MOST_VALUES = 50_000_000
"""Values of an enumeration that are held in memory; beyond, they are computed twice."""
ROUNDING = 1e-9


@dataclass(eq=False)
class Assessment:
    """Objectives and limits on results, with the best value of each scenario found so far.

    Attributes:
        system: Linear limits.
        evaluator: The evaluator.
        objectives: The O objectives; the first leads.
        limits: Limits on results.
        weights: Weights of the scenarios, (S,); ``None`` for equal ones.
        best: By criterion with regret, the best value in each scenario, in its own sense, (S,).
    """

    system: LinearSystem
    evaluator: CachedEvaluator
    objectives: tuple[Criterion, ...]
    limits: tuple[ResultLimit, ...] = ()
    weights: Floats | None = None
    best: dict[tuple[str, str], Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check names of measures.

        Raises:
            UnknownNameError: If a criterion's measure is unknown; the message has the nearest names.
        """
        for criterion in self.criteria:
            if criterion.measure not in self.evaluator.measures:
                raise UnknownNameError("measure", criterion.measure, self.evaluator.measures)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Objectives and the criteria of the limits."""
        return (*self.objectives, *(limit.criterion for limit in self.limits))

    @property
    def scenarios(self) -> tuple[int, ...]:
        """Positions of the scenarios that any criterion needs."""
        needs = any(criterion.needs_scenarios for criterion in self.criteria)
        return tuple(range(len(self.evaluator.scenarios))) if needs else (0,)

    def scenarios_of(self, criterion: Criterion) -> tuple[int, ...]:
        """Positions of the scenarios that one criterion needs."""
        return tuple(range(len(self.evaluator.scenarios))) if criterion.needs_scenarios else (0,)

    def learn(self, values: Floats) -> None:
        """Raise the best value of each scenario by portfolios that respect all limits, (N, S, M)."""
        for criterion in self.criteria:
            if criterion.over != "max_regret" or not len(values):
                continue
            of = values[:, :, self.evaluator.measures.index(criterion.measure)]
            top = of.max(axis=0) if criterion.sense == "max" else of.min(axis=0)
            key = (criterion.measure, criterion.sense)
            known = self.best.get(key)
            better = np.maximum if criterion.sense == "max" else np.minimum
            self.best[key] = top if known is None else better(known, top)

    def value(self, criterion: Criterion, values: Floats) -> Floats:
        """Compute a criterion of portfolios with values (N, S, M) in all scenarios that it needs, (N,)."""
        of = values[:, :, self.evaluator.measures.index(criterion.measure)]
        weights = self.weights if criterion.needs_scenarios else None
        return criterion.value(of, self.best.get((criterion.measure, criterion.sense)), weights)

    def objective_values(self, values: Floats) -> Floats:
        """Compute all objectives, (N, O)."""
        return np.stack([self.value(criterion, values) for criterion in self.objectives], axis=1)

    def gains(self, objective_values: Floats) -> Floats:
        """Turn objective values (N, O) so that larger is better."""
        signs = np.array([1.0 if each.is_larger_better else -1.0 for each in self.objectives])
        return np.asarray(objective_values * signs)

    def violated(self, values: Floats, limits: Sequence[ResultLimit] | None = None) -> Bools:
        """Return which limits on results portfolios violate, (N, limits)."""
        chosen = self.limits if limits is None else limits
        out = np.zeros((len(values), len(chosen)), dtype=np.bool_)
        for k, limit in enumerate(chosen):
            value = self.value(limit.criterion, values)
            if limit.most is not None:
                out[:, k] |= value > limit.most + ROUNDING * max(1.0, abs(limit.most))
            if limit.least is not None:
                out[:, k] |= value < limit.least - ROUNDING * max(1.0, abs(limit.least))
        return out

    @property
    def plain_limits(self) -> tuple[ResultLimit, ...]:
        """Limits on results that need no regret; regret compares with portfolios that respect these."""
        return tuple(limit for limit in self.limits if limit.criterion.over != "max_regret")


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Portfolios that respect all limits, with their objectives.

    Attributes:
        choices: (N, n).
        values: Values of the objectives, (N, O).
        checked: Number of portfolios evaluated for it.
        is_complete: True if these are all portfolios that respect the limits.
    """

    choices: Choices
    values: Floats
    checked: int
    is_complete: bool


def assess_all(assessment: Assessment, choices: Choices, *, is_complete: bool) -> Evaluated:
    """Evaluate portfolios in all scenarios needed, and hold those that respect the limits on results.

    Args:
        assessment: Objectives and limits; its best values by scenario are raised.
        choices: Portfolios that respect the linear limits, (N, n).
        is_complete: True if these are all such portfolios.

    Raises:
        InfeasibleError: If they are complete and each violates a limit on results.
    """
    held: list[Floats] | None = [] if _size(assessment, choices) <= MOST_VALUES else None
    plain = assessment.plain_limits
    for values in _parts(assessment, choices):
        assessment.learn(values[~assessment.violated(values, plain).any(axis=1)])
        if held is not None:
            held.append(values)
    feasible, objectives, patterns = [], [], []
    for values in held if held is not None else _parts(assessment, choices):
        violated = assessment.violated(values)
        feasible.append(~violated.any(axis=1))
        objectives.append(assessment.objective_values(values))
        patterns.append(np.unique(violated, axis=0))
    mask = np.concatenate(feasible) if feasible else np.zeros(0, dtype=np.bool_)
    if is_complete and not mask.any():
        raise InfeasibleError(
            conflicting_results([limit.label for limit in assessment.limits], np.concatenate(patterns)),
            ("these are limits on results; all limits on amounts and numbers can hold together",),
        )
    table = np.concatenate(objectives) if objectives else np.empty((0, len(assessment.objectives)))
    return Evaluated(choices[mask], table[mask], len(choices), is_complete)


def _size(assessment: Assessment, choices: Choices) -> int:
    return len(choices) * len(assessment.scenarios) * len(assessment.evaluator.measures)


def _parts(assessment: Assessment, choices: Choices) -> Iterator[Floats]:
    scenarios, evaluator = assessment.scenarios, assessment.evaluator
    block = max(1, 4_000_000 // (len(scenarios) * len(evaluator.measures)))
    valuation = evaluator.values if len(choices) <= STORED else evaluator.uncached
    for start in range(0, len(choices), block):
        yield valuation(choices[start : start + block], scenarios)
