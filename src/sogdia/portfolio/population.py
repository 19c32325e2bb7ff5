"""Population search by pymoo: portfolios from which local searches start, near a Pareto front."""

from __future__ import annotations

from collections.abc import Callable

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
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.core.evaluator import Evaluator
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.ux import UX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.problems.static import StaticProblem
    from pymoo.util.ref_dirs import get_reference_directions

    sizes = system.problem.sizes
    problem = Problem(n_var=len(sizes), n_obj=objectives, n_ieq_constr=1, xl=0, xu=sizes, vtype=int)
    operators = {
        "sampling": start.astype(np.int64),
        "crossover": UX(),
        "mutation": PM(prob=1.0, prob_var=1.0 / len(sizes), vtype=float, repair=RoundingRepair()),
        "eliminate_duplicates": True,
    }
    if objectives > 2:
        directions = get_reference_directions(
            "energy", objectives, settings.population, seed=settings.seed + 1
        )
        algorithm = NSGA3(ref_dirs=directions, pop_size=settings.population, **operators)
    else:
        algorithm = NSGA2(pop_size=settings.population, **operators)
    algorithm.setup(problem, termination=("n_gen", settings.generations), seed=settings.seed, verbose=False)
    while algorithm.has_next():
        infills = algorithm.ask()
        rows = np.asarray(infills.get("X"), dtype=np.int16)
        violation = system.violations(rows).sum(axis=1)
        feasible = system.feasible(rows)
        loss = np.zeros((len(rows), objectives))
        if feasible.any():
            loss[feasible] = -gains(rows[feasible])
        beyond = ~np.isfinite(loss).all(axis=1)
        loss[beyond] = 0.0
        # A limit on results that is violated counts as a violation of 1.
        constraint = np.where(feasible, 0.0, np.maximum(violation, 1e-6)) + beyond
        static = StaticProblem(problem, F=loss, G=constraint[:, None])
        Evaluator().eval(static, infills)
        algorithm.tell(infills=infills)
    rows = np.asarray(algorithm.pop.get("X"), dtype=np.int16)
    return np.unique(rows[system.feasible(rows)], axis=0)
