"""Search over portfolios of a region: approximate, propose, run proposals in full, search again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sogdia.api.portfolio_file import LoadedPortfolio
from sogdia.api.portfolio_money import OptionMoney, problem_of
from sogdia.api.portfolio_values import CO2_MT, LOSS, NPV, UNSERVED_GWH, SetEvaluator
from sogdia.portfolio import Criterion, PortfolioResult, PortfolioSettings, Problem, ResultLimit, optimise
from sogdia.portfolio.conflicts import infeasible, is_feasible
from sogdia.portfolio.feasible import linear_system
from sogdia.portfolio.quadratic_bound import quadratic_bound
from sogdia.uncertainty.project_sets import Built

ROUNDS = 4
"""Most rounds of proposals; the answer of the last says which of its portfolios were run in full."""
ENUMERATED = 2_000_000
METHOD = "integer program over second-order values"
CRITERIA = {
    "npv": Criterion(NPV, "max"),
    "autonomy": Criterion(LOSS, "min"),
    "co2": Criterion(CO2_MT, "min"),
    "unserved": Criterion(UNSERVED_GWH, "min"),
    "regret": Criterion(NPV, "max", "max_regret"),
}
"""Criterion of each objective of a portfolio file."""


@dataclass(frozen=True, eq=False)
class Search:
    """A finished search.

    Attributes:
        loaded: The portfolio file.
        problem: Projects with options, and limits.
        money: Money of each option.
        evaluator: The evaluator, with the sets that were run in full.
        result: Result of the last round.
        rounds: Number of rounds.
    """

    loaded: LoadedPortfolio
    problem: Problem
    money: tuple[tuple[OptionMoney, ...], ...]
    evaluator: SetEvaluator
    result: PortfolioResult
    rounds: int


def check_limits(problem: Problem) -> None:
    """Check that limits on amounts can hold together, before any model runs.

    Raises:
        InfeasibleError: If no portfolio respects them; it has a smallest conflicting set.
    """
    system = linear_system(problem)
    if not is_feasible(system):
        raise infeasible(system)


def search(
    loaded: LoadedPortfolio,
    money: tuple[tuple[OptionMoney, ...], ...],
    evaluator: SetEvaluator,
    stage: Callable[[str], None],
) -> Search:
    """Search until the best portfolio by each objective was run in full.

    Each round searches with second-order values, then runs in full the sets of projects of the best
    portfolios and of the front, whose values from then on are those of the models. It ends when the best
    ones were run in full, or after :data:`ROUNDS` rounds.

    Args:
        loaded: The portfolio file.
        money: Money of each option.
        evaluator: The evaluator, screened.
        stage: Called with what begins.

    Raises:
        InfeasibleError: If no portfolio respects all limits.
        InputError: If the search finds none that respects the limits on results.
    """
    problem, definition = problem_of(loaded, money), loaded.definition
    objectives = [CRITERIA[name] for name in dict.fromkeys(definition.objectives)]
    limit = definition.limits.worst_loss_pct
    limits = (
        [] if limit is None else [ResultLimit(Criterion(LOSS, "min"), most=limit, name=_loss_name(limit))]
    )
    settings = PortfolioSettings(
        enumerate_most=ENUMERATED,
        starts=6,
        evaluations=4_000,
        generations=12,
        rounds=2,
        pairs=False,
        seed=definition.seed,
    )
    for number in range(1, ROUNDS + 1):
        stage(f"search, round {number}")
        result = optimise(problem, objectives, evaluator, limits=limits, settings=settings)
        best = [_built(each.choice) for each in result.best]
        if number == ROUNDS or all(built in evaluator.verified for built in best):
            break
        stage(f"runs in full, round {number}")
        evaluator.verify([*best, *_spread(result, definition.verified if number == 1 else 0)])
    return Search(loaded, problem, money, evaluator, bounded(result, evaluator), number)


def bounded(result: PortfolioResult, evaluator: SetEvaluator) -> PortfolioResult:
    """Return a result whose best net present value has a bound, if the search alone found it.

    The bound is over portfolios with second-order values: sets that were not run in full may differ by the
    error that ``portfolio_errors`` has. The portfolios evaluated are in it, with the values of the models.
    """
    first = result.best[0]
    lead = result.assessment.objectives[0]
    if first.proof.kind != "search" or lead != CRITERIA["npv"]:
        return result
    upper = quadratic_bound(result.assessment.system, *evaluator.quadratic_npv())
    if not np.isfinite(upper):
        return result
    gap = max(0.0, upper - first.value) / max(abs(first.value), 1e-9)
    proof = replace(first.proof, kind="bound", gap=gap, method=METHOD)
    return replace(result, best=(replace(first, proof=proof), *result.best[1:]))


def _loss_name(limit: float) -> str:
    return f"largest loss by one partner's withdrawal at most {limit:.10g} % of GDP"


def _built(choice: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> Built:
    return frozenset(np.flatnonzero(choice).tolist())


def _spread(result: PortfolioResult, most: int) -> list[Built]:
    """Return sets of projects of the front, spread evenly over it by the leading objective."""
    sets = list(dict.fromkeys(_built(row) for row in result.choices[result.front]))
    if len(sets) <= most:
        return sets
    places = np.unique(np.linspace(0, len(sets) - 1, most).round().astype(int))
    return [sets[place] for place in places.tolist()]
