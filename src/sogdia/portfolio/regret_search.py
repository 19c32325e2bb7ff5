"""Minimax regret by column-and-constraint generation, for portfolios too many to enumerate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.assessment import Assessment
from sogdia.portfolio.criteria import Criterion
from sogdia.portfolio.local_search import Archive, Found, search
from sogdia.portfolio.scores import score_of
from sogdia.portfolio.settings import PortfolioSettings

MOST_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class RegretSearch:
    """Result of the search for the least largest regret.

    Attributes:
        found: The portfolio; its gain is minus its largest regret over all scenarios, against the best found.
        best: Best value found in each scenario, in the sense of the measure, (S,).
        scenarios: Positions of the scenarios that were generated, in order.
        candidates: Portfolios that are best in a scenario or were a master's answer, (N, n).
    """

    found: Found
    best: Floats
    scenarios: tuple[int, ...]
    candidates: Choices


def minimise_regret(
    assessment: Assessment, criterion: Criterion, settings: PortfolioSettings, seeds: Choices
) -> RegretSearch:
    """Search for the portfolio with the least largest regret, ``min_x max_s (max_y V_ys − V_xs)``.

    Column-and-constraint generation (Zeng & Zhao 2013; for regret Assavapokee et al. 2008). The master
    problem minimises the largest regret over the scenarios T generated so far. Its answer is evaluated in
    all scenarios; in that with the largest regret the best portfolio is searched for, and it joins T. It
    ends when the worst scenario is in T and a search in every scenario has found no better portfolio.
    Portfolios that the master drops are not evaluated outside of T. All searches are local, so there is no
    proof; enumeration gives one.

    Args:
        assessment: Objectives and limits; its best values by scenario are raised.
        criterion: The criterion, over ``max_regret``.
        settings: Settings of the searches.
        seeds: Portfolios to start from, (N, n).
    """
    columns = _Columns(assessment, criterion, settings, seeds)
    columns.add(0)
    generated = [0]
    for _ in range(MOST_ROUNDS):
        chosen = tuple(generated)
        limit = columns.best[list(chosen)]

        def score(choices: Choices, chosen: tuple[int, ...] = chosen, limit: Floats = limit) -> Floats:
            return np.asarray(-(limit - columns.values(choices, chosen)).max(axis=1))

        archive = Archive(score_of(assessment, score))
        master = search(assessment.system, archive, settings, columns.pool)
        worst = columns.worst_scenario(master.choice)
        if worst in generated:
            break
        generated.append(worst)
    pool = columns.pool
    losses = (columns.best - columns.values(pool)).max(axis=1)
    k = int(np.argmin(losses))
    answer = replace(master, choice=pool[k], gain=-float(losses[k]))
    best = columns.sign * columns.best
    assessment.best[(criterion.measure, criterion.sense)] = best
    return RegretSearch(answer, best, tuple(generated), pool)


class _Columns:
    """Best portfolios by scenario, with the best value of each scenario; larger is better."""

    def __init__(
        self, assessment: Assessment, criterion: Criterion, settings: PortfolioSettings, seeds: Choices
    ) -> None:
        self.sign = 1.0 if criterion.sense == "max" else -1.0
        self._assessment = assessment
        self._at = assessment.evaluator.measures.index(criterion.measure)
        # Seeds from other scenarios do most of the work: a third of the starts is enough for each.
        self._settings = settings.model_copy(update={"starts": max(2, settings.starts // 3)})
        rows = seeds[assessment.system.feasible(seeds)]
        archive = Archive(score_of(assessment, lambda choices: np.zeros(len(choices))))
        self.pool = rows[np.isfinite(archive(rows))][: settings.starts] if len(rows) else rows
        self._finished: set[int] = set()
        self.best = np.full(len(assessment.evaluator.scenarios), -np.inf)
        if len(self.pool):
            self.best = self.values(self.pool).max(axis=0)

    def values(self, choices: Choices, scenarios: tuple[int, ...] | None = None) -> Floats:
        """Compute the measure, larger is better, (N, scenarios)."""
        return np.asarray(self.sign * self._assessment.evaluator.values(choices, scenarios)[:, :, self._at])

    def extend(self, choice: Choices) -> None:
        """Add a portfolio (n,) to the pool and raise the best values."""
        self.pool = np.unique(np.vstack([self.pool, choice[None]]), axis=0)
        self.best = np.maximum(self.best, self.values(choice[None])[0])

    def add(self, scenario: int) -> None:
        """Search for the best portfolio in a scenario."""

        def score(choices: Choices) -> Floats:
            return self.values(choices, (scenario,))[:, 0]

        archive = Archive(score_of(self._assessment, score))
        found = search(self._assessment.system, archive, self._settings, self.pool)
        self._finished.add(scenario)
        self.extend(found.choice)

    def worst_scenario(self, choice: Choices) -> int:
        """Return the scenario with the largest regret of a portfolio (n,), all scenarios searched."""
        self.extend(choice)
        values = self.values(choice[None])[0]
        while True:
            order = np.argsort(values - self.best, kind="stable")
            open_ones = [int(s) for s in order if int(s) not in self._finished]
            if not open_ones:
                return int(order[0])
            self.add(open_ones[0])
