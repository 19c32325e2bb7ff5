"""Result of a search over portfolios, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sogdia.portfolio.alternatives import near, one_change, price_of, project_shares
from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.assessment import Assessment
from sogdia.portfolio.criteria import cvar, hurwicz, max_regret, mean, regrets, satisficing, worst
from sogdia.portfolio.problem import Option, Problem
from sogdia.portfolio.proofs import Proof
from sogdia.tables.summary import ShortRepr
from sogdia.uncertainty.prim import Box, discover


@dataclass(frozen=True, eq=False)
class Best:
    """The best portfolio by one objective.

    Attributes:
        objective: Label of the objective.
        choice: The portfolio, (n,).
        value: Value of the objective, in its own unit and sense.
        proof: How it is known to be the best.
        portfolio: Built projects with their options.
        text: The portfolio as text.
    """

    objective: str
    choice: Choices
    value: float
    proof: Proof
    portfolio: Mapping[str, Option]
    text: str


@dataclass(frozen=True, eq=False, repr=False)
class PortfolioResult(ShortRepr):
    """Result of :func:`sogdia.portfolio.optimise`.

    Attributes:
        assessment: Objectives, limits and evaluator.
        best: The best portfolio by each objective; the first objective leads.
        choices: Portfolios that respect all limits and were evaluated, (N, n): all of them after an
            enumeration.
        values: Their objectives, (N, O).
        front: Positions of the nondominated ones among them.
        front_proof: How the front is known.
        within: Relative distances of near-optimal portfolios from the optimum.
        interactions: Interactions of pairs at nominal; empty if not requested.
        singles: Effects of single options at nominal; empty if not requested.
        projects: Projects of near-optimal portfolios, if they were found by other means than ``choices``.
    """

    assessment: Assessment
    best: tuple[Best, ...]
    choices: Choices
    values: Floats
    front: np.ndarray[tuple[int], np.dtype[np.int64]]
    front_proof: Proof
    within: tuple[float, ...]
    interactions: pd.DataFrame
    singles: pd.DataFrame
    projects: pd.DataFrame | None = None

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.assessment.system.problem

    @property
    def portfolio(self) -> dict[str, Option]:
        """The best portfolio by the leading objective."""
        return dict(self.best[0].portfolio)

    @property
    def labels(self) -> list[str]:
        """Labels of the objectives."""
        return [criterion.label for criterion in self.assessment.objectives]

    @cached_property
    def best_table(self) -> pd.DataFrame:
        """The best portfolio by each objective: ``objective``, ``value``, ``portfolio``, ``proof``."""
        return pd.DataFrame(
            [(each.objective, each.value, each.text, str(each.proof)) for each in self.best],
            columns=["objective", "value", "portfolio", "proof"],
        )

    @cached_property
    def front_table(self) -> pd.DataFrame:
        """Nondominated portfolios: the objectives and ``portfolio``, best leading value first."""
        table = pd.DataFrame(self.values[self.front], columns=self.labels)
        table["portfolio"] = [self.problem.describe(row) for row in self.choices[self.front]]
        return table

    @cached_property
    def near_optimal_projects(self) -> pd.DataFrame:
        """Share of near-optimal portfolios that have each project, and whether all or none has it."""
        if self.projects is not None:
            return self.projects
        gains = self.assessment.gains(self.values)[:, 0]
        best = float(gains.max())
        return pd.concat(
            [project_shares(self.problem, self.choices[near(gains, best, w)], w) for w in self.within],
            ignore_index=True,
        )

    @property
    def no_regret(self) -> tuple[str, ...]:
        """Projects in every portfolio within the largest distance from the optimum."""
        table = self.near_optimal_projects
        last = table[table["within_pct"] == 100.0 * max(self.within)]
        return tuple(last.loc[last["in_all"], "project"])

    def price(self, other: str) -> pd.DataFrame:
        """Compute the cost in the leading objective of each level of another objective, by its label."""
        k = self.labels.index(other)
        signs = self.assessment.gains(np.ones((1, len(self.labels))))[0]
        return price_of(
            self.problem, self.choices, self.values[:, 0], self.values[:, k],
            lead_sign=float(signs[0]), other_sign=float(signs[k]),
        )  # fmt: skip

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """Objectives after each change of one project of the best portfolio; runs the evaluator."""
        return one_change(self.assessment, self.best[0].choice)

    def robustness(self, threshold: float | None = None, share: float = 0.1) -> pd.DataFrame:
        """Compute the robustness of the leading measure for the front and the best portfolios.

        Columns ``portfolio``, ``nominal``, ``mean``, ``worst``, ``max_regret``, ``cvar``, ``hurwicz`` and
        ``satisficing``. Regret compares with the best value known in each scenario.

        Args:
            threshold: Value that is enough; that of the empty portfolio in the nominal scenario by default.
            share: Share of worst scenarios of ``cvar``.
        """
        lead, evaluator = self.assessment.objectives[0], self.assessment.evaluator
        sign = 1.0 if lead.sense == "max" else -1.0
        rows = np.unique(np.vstack([self.choices[self.front], [each.choice for each in self.best]]), axis=0)
        values = sign * self._lead_values(rows)
        weights = self.assessment.weights
        empty = np.zeros((1, len(self.problem.projects)), dtype=np.int16)
        at = evaluator.measures.index(lead.measure)
        enough = sign * (float(evaluator.values(empty, (0,))[0, 0, at]) if threshold is None else threshold)
        return pd.DataFrame(
            {
                "portfolio": [self.problem.describe(row) for row in rows],
                "nominal": sign * values[:, 0],
                "mean": sign * mean(values, weights),
                "worst": sign * worst(values),
                "max_regret": max_regret(values, self._best_signed(values)),
                "cvar": sign * cvar(values, share, weights),
                "hurwicz": sign * hurwicz(values),
                "satisficing": satisficing(values, enough, weights),
            }
        )

    def _lead_values(self, rows: Choices) -> Floats:
        evaluator = self.assessment.evaluator
        return evaluator.values(rows)[:, :, evaluator.measures.index(self.assessment.objectives[0].measure)]

    def _best_signed(self, values: Floats) -> Floats:
        """Return the best leading value known in each scenario, larger is better, (S,)."""
        lead = self.assessment.objectives[0]
        sign = 1.0 if lead.sense == "max" else -1.0
        known = self.assessment.best.get((lead.measure, lead.sense))
        top = values.max(axis=0)
        return np.asarray(top if known is None else np.maximum(sign * known, top))

    @cached_property
    def regret_by_scenario(self) -> pd.DataFrame:
        """Regret of the best portfolios: ``objective``, ``scenario``, ``value``, ``best``, ``regret``."""
        lead, evaluator = self.assessment.objectives[0], self.assessment.evaluator
        sign = 1.0 if lead.sense == "max" else -1.0
        values = sign * self._lead_values(np.array([each.choice for each in self.best]))
        best = self._best_signed(values)
        regret = regrets(values, best)
        return pd.DataFrame(
            [
                (each.objective, name, sign * values[b, s], sign * best[s], regret[b, s])
                for b, each in enumerate(self.best)
                for s, name in enumerate(evaluator.scenarios)
            ],
            columns=["objective", "scenario", "value", "best", "regret"],
        )

    def failures(self, attributes: pd.DataFrame, threshold: float, choice: Choices | None = None) -> Box:
        """Discover the conditions under which a portfolio's leading measure misses a threshold.

        Args:
            attributes: Description of the scenarios, one row per scenario: numbers or categories.
            threshold: Value below which (above which, for a measure to minimise) the portfolio fails.
            choice: The portfolio, (n,); the best one by default.

        Returns:
            The box of scenarios (:func:`sogdia.uncertainty.prim.discover`).

        Raises:
            InputError: If the portfolio fails in no scenario, or attributes do not match the scenarios.
        """
        row = self.best[0].choice if choice is None else choice
        sign = 1.0 if self.assessment.objectives[0].sense == "max" else -1.0
        return discover(attributes, sign * self._lead_values(row[None])[0] < sign * threshold)

    @property
    def evaluations(self) -> pd.DataFrame:
        """Runs requested, made and saved by the cache, by model."""
        return self.assessment.evaluator.counts()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        tables: dict[str, pd.DataFrame] = {
            "best": self.best_table, "front": self.front_table, "projects": self.near_optimal_projects,
            "singles": self.singles, "interactions": self.interactions, "sensitivity": self.sensitivity,
        }  # fmt: skip
        for label in self.labels[1:]:
            tables[f"price of {label}"] = self.price(label)
        if len(self.assessment.evaluator.scenarios) > 1:
            tables["robustness"] = self.robustness()
            tables["regret"] = self.regret_by_scenario
        tables["evaluations"] = self.evaluations
        return tables

    def summary(self) -> str:
        """Write the answer as text: best portfolios, proofs, no-regret projects, runs saved."""
        lines = [f"{each.objective}: {each.value:,.6g} by {each.text}; {each.proof}" for each in self.best]
        lines.append(f"Pareto front: {len(self.front)} portfolios; {self.front_proof}")
        widest = 100.0 * max(self.within)
        lines.append(f"in all portfolios within {widest:g} %: {', '.join(self.no_regret) or 'none'}")
        lines += [
            f"{row['model']}: {row['run']:,} runs for {row['requested']:,} requested, {row['saved']:,} saved"
            for row in _rows(self.evaluations)
        ]
        return "\n".join(lines)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
