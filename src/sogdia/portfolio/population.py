"""Population search by pymoo: portfolios from which local searches start, near a Pareto front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sogdia.extras import require_extra
from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.settings import PortfolioSettings


def population_front(
    system: LinearSystem,
    gains: Callable[[Choices], Floats],
    objectives: int,
    settings: PortfolioSettings,
    start: Choices,
) -> Choices:
    """Return portfolios near the Pareto front by NSGA-II, or NSGA-III for more than two objectives, (N, n).

    NSGA-II (Deb et al. 2002) ranks by fronts and crowding, NSGA-III (Deb & Jain 2014) by reference
    directions. Portfolios are vectors of integers; the sum of relative violations of the linear limits is a
    constraint.

    Args:
        system: Linear limits.
        gains: Gains of feasible portfolios, (N, O), −∞ if a limit on results is violated.
        objectives: Number of objectives O.
        settings: Generations, population, seed.
        start: First portfolios, (N, n).

    Raises:
        CannotRunError: If pymoo is not installed.
    """
    require_extra("portfolio", "population search")
    from pymoo.core.evaluator import Evaluator
    from pymoo.core.problem import Problem
    from pymoo.problems.static import StaticProblem

    sizes = system.problem.sizes
    problem = Problem(n_var=len(sizes), n_obj=objectives, n_ieq_constr=1, xl=0, xu=sizes, vtype=int)
    algorithm = _algorithm(len(sizes), objectives, settings, start)
    algorithm.setup(problem, termination=("n_gen", settings.generations), seed=settings.seed, verbose=False)
    while algorithm.has_next():
        infills = algorithm.ask()
        rows = np.asarray(infills.get("X"), dtype=np.int16)
        losses, constraint = _evaluated(system, gains, objectives, rows)
        Evaluator().eval(StaticProblem(problem, F=losses, G=constraint[:, None]), infills)
        algorithm.tell(infills=infills)
    rows = np.asarray(algorithm.pop.get("X"), dtype=np.int16)
    return np.unique(rows[system.feasible(rows)], axis=0)


def _algorithm(projects: int, objectives: int, settings: PortfolioSettings, start: Choices) -> Any:
    """Return NSGA-II, or NSGA-III for more than two objectives."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.operators.crossover.ux import UX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.util.ref_dirs import get_reference_directions

    operators = {
        "pop_size": settings.population,
        "sampling": start.astype(np.int64),
        "crossover": UX(),
        "mutation": PM(prob=1.0, prob_var=1.0 / projects, vtype=float, repair=RoundingRepair()),
        "eliminate_duplicates": True,
    }
    if objectives <= 2:
        return NSGA2(**operators)
    directions = get_reference_directions("energy", objectives, settings.population, seed=settings.seed + 1)
    return NSGA3(ref_dirs=directions, **operators)


def _evaluated(
    system: LinearSystem, gains: Callable[[Choices], Floats], objectives: int, rows: Choices
) -> tuple[Floats, Floats]:
    """Return losses, (N, O), and the violation of limits, (N,); one of results counts as 1."""
    violation = system.violations(rows).sum(axis=1)
    feasible = system.feasible(rows)
    losses = np.zeros((len(rows), objectives))
    if feasible.any():
        losses[feasible] = -gains(rows[feasible])
    is_beyond = ~np.isfinite(losses).all(axis=1)
    losses[is_beyond] = 0.0
    return losses, np.where(feasible, 0.0, np.maximum(violation, 1e-6)) + is_beyond
