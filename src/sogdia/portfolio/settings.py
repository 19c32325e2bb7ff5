"""Settings of the search."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class PortfolioSettings(BaseModel):
    """Settings of :func:`sogdia.portfolio.optimise`.

    Attributes:
        enumerate_most: Number of portfolios up to which all are evaluated, which proves the answer.
        starts: Starts of the local search for each objective.
        evaluations: Number of portfolios after which a search for one objective stops.
        batch: Portfolios that the evaluator gets at once in a local search.
        neighbours: Most neighbours of a portfolio that are evaluated, the most promising first.
        rounds: Rounds of proposals by the surrogate model without an improvement after which they end.
        generations: Generations of the population search; 0 for none.
        population: Its size.
        nodes: Most nodes of the branch and bound.
        gap: Relative gap at which the branch and bound ends.
        within: Relative distances from the optimum within which portfolios are near-optimal.
        retained: Most portfolios of a search that are evaluated in all scenarios.
        pairs: True to evaluate all pairs of projects.
        seed: Seed of the random starts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enumerate_most: Annotated[int, Field(ge=0)] = 10_000_000
    starts: Annotated[int, Field(ge=1)] = 12
    evaluations: Annotated[int, Field(ge=1)] = 20_000
    batch: Annotated[int, Field(ge=1)] = 16
    neighbours: Annotated[int, Field(ge=1)] = 400
    rounds: Annotated[int, Field(ge=0)] = 4
    generations: Annotated[int, Field(ge=0)] = 0
    population: Annotated[int, Field(ge=4)] = 40
    nodes: Annotated[int, Field(ge=1)] = 100_000
    gap: Annotated[float, Field(ge=0, lt=1)] = 1e-6
    within: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = (0.01, 0.05)
    retained: Annotated[int, Field(ge=1)] = 300
    pairs: bool = True
    seed: int = 0
