"""Problems small enough to solve by hand or by listing all portfolios."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from sogdia.portfolio import Limit, Option, Problem, Project

Choices = npt.NDArray[np.int16]


def knapsack(costs: list[float], budget: float, **more: Any) -> Problem:
    """Projects A, B, C … with one option each, and a budget."""
    projects = tuple(Project(chr(65 + i), (Option(amounts={"cost": cost}),)) for i, cost in enumerate(costs))
    return Problem(projects, (Limit("cost", most=budget),), **more)


def two_partners(names: str, costs: dict[str, float], **more: Any) -> Problem:
    """Projects with the same options: partner p at a cost."""
    options = tuple(Option(partner, amounts={"cost": cost}) for partner, cost in costs.items())
    return Problem(tuple(Project(name, options) for name in names), **more)


def every_portfolio(problem: Problem) -> Choices:
    """All portfolios without any limit, by listing them."""
    ranges = [range(size + 1) for size in problem.sizes.tolist()]
    return np.array(list(product(*ranges)), dtype=np.int16)
