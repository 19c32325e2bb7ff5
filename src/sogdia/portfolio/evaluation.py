"""Evaluation of portfolios by models: each model runs once for each state that it can distinguish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from sogdia.errors import InputError
from sogdia.portfolio.arrays import Choices, Floats, Longs
from sogdia.portfolio.problem import Problem


class Evaluator(Protocol):
    """Anything that values portfolios: a function of choices and scenarios, with the names of both axes."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the M measures."""
        ...

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the S scenarios; the first is the nominal one."""
        ...

    def __call__(self, choices: Choices, scenarios: Sequence[int]) -> Floats:
        """Value portfolios (N, n) in some scenarios, by position: (N, len(scenarios), M)."""
        ...


def _itself(scenario: int) -> int:
    return scenario


@dataclass(frozen=True, eq=False)
class Model:
    """One engine as the portfolio sees it.

    Attributes:
        name: Name in the count of runs.
        results: Names of the results of a run, (R,).
        sees: Returns what the engine sees of portfolios (N, n) in one scenario, as integers (N, C):
            portfolios with equal rows get the same results. An engine that sees which links are open has
            one column per link; a closure by the scenario shows in the row.
        run: Runs the engine for distinct rows (U, C) in a scenario: results, (U, R). A batch that an executor
            may spread over processes.
        is_same_in: Returns which earlier scenario looks the same to the engine, by position; by default none.
    """

    name: str
    results: tuple[str, ...]
    sees: Callable[[Choices, int], Longs]
    run: Callable[[Longs, int], Floats]
    is_same_in: Callable[[int], int] = _itself


@dataclass(eq=False)
class Count:
    """Runs of one engine: how many were needed without a cache, and how many were made.

    Attributes:
        requested: Pairs of portfolio and scenario.
        run: Runs made.
    """

    requested: int = 0
    run: int = 0

    @property
    def saved(self) -> int:
        """Runs that the cache saved."""
        return self.requested - self.run


@dataclass(eq=False)
class ModelEvaluator:
    """Evaluator that joins the results of engines, each cached by what it sees.

    Attributes:
        models: The engines.
        measures: Names of the measures that ``combine`` returns.
        scenarios: Names of the scenarios.
        combine: Turns the results of the engines by name, (N, R) each, for portfolios (N, n) in a scenario
            into measures, (N, M).
        counts: Runs by engine.
    """

    models: Sequence[Model]
    measures: tuple[str, ...]
    scenarios: tuple[str, ...]
    combine: Callable[[Mapping[str, Floats], Choices, int], Floats]
    counts: dict[str, Count] = field(default_factory=dict)
    _stored: dict[tuple[str, int], dict[bytes, Floats]] = field(default_factory=dict, repr=False)

    def __call__(self, choices: Choices, scenarios: Sequence[int]) -> Floats:
        """Value portfolios (N, n) in some scenarios: (N, len(scenarios), M)."""
        values = np.empty((len(choices), len(scenarios), len(self.measures)))
        for place, scenario in enumerate(scenarios):
            results = {model.name: self._results(model, choices, scenario) for model in self.models}
            values[:, place] = self.combine(results, choices, scenario)
        return values

    def _results(self, model: Model, choices: Choices, scenario: int) -> Floats:
        same = model.is_same_in(scenario)
        stored = self._stored.setdefault((model.name, same), {})
        seen = np.ascontiguousarray(model.sees(choices, scenario), dtype=np.int64).reshape(len(choices), -1)
        distinct, inverse = unique_rows(seen)
        keys = [row.tobytes() for row in distinct]
        missing = [i for i, key in enumerate(keys) if key not in stored]
        if missing:
            found = model.run(distinct[missing], scenario)
            stored.update((keys[i], row) for i, row in zip(missing, found, strict=True))
        count = self.counts.setdefault(model.name, Count())
        count.requested += len(choices)
        count.run += len(missing)
        return np.array([stored[key] for key in keys])[inverse]


def unique_rows(table: Longs) -> tuple[Longs, Longs]:
    """Return the distinct rows of a table of integers (N, C), and the position of each row among them, (N,).

    Rows are ranked by columns packed into one integer where their ranges allow: sorting rows takes longer.
    """
    if not table.size:
        return table[:1], np.zeros(len(table), dtype=np.int64)
    low, width = table.min(axis=0), np.ptp(table, axis=0) + 1
    if np.log2(width.astype(np.float64)).sum() >= 62.0:
        rows, inverse = np.unique(table, axis=0, return_inverse=True)
        return rows, inverse.reshape(-1)
    scale = np.concatenate([[1], np.cumprod(width[:-1])])
    _, first, inverse = np.unique((table - low) @ scale, return_index=True, return_inverse=True)
    return table[first], inverse.reshape(-1)


@dataclass(frozen=True, eq=False)
class AmountEvaluator:
    """Evaluator of amounts alone: measures that add up over options, the same in every scenario.

    Attributes:
        problem: The problem.
        measures: Names of amounts.
        scenarios: Names of the scenarios.
    """

    problem: Problem
    measures: tuple[str, ...]
    scenarios: tuple[str, ...] = ("nominal",)

    def __call__(self, choices: Choices, scenarios: Sequence[int]) -> Floats:
        """Sum amounts: (N, len(scenarios), M)."""
        totals = np.stack([self.problem.totals(choices, name) for name in self.measures], axis=1)
        return np.repeat(totals[:, None, :], len(scenarios), axis=1)


@dataclass(frozen=True, eq=False)
class FunctionEvaluator:
    """Evaluator from a plain function of portfolios in one scenario.

    Attributes:
        function: Values portfolios (N, n) in a scenario, by position: (N, M), or (N,) for one measure.
        measures: Names of the measures.
        scenarios: Names of the scenarios.
    """

    function: Callable[[Choices, int], Floats]
    measures: tuple[str, ...]
    scenarios: tuple[str, ...] = ("nominal",)

    def __call__(self, choices: Choices, scenarios: Sequence[int]) -> Floats:
        """Value portfolios: (N, len(scenarios), M)."""
        parts = [np.asarray(self.function(choices, scenario), dtype=np.float64) for scenario in scenarios]
        return np.stack([part.reshape(len(choices), len(self.measures)) for part in parts], axis=1)


class CachedEvaluator:
    """Evaluator that stores each portfolio's values by scenario, and adds the problem's own amounts.

    A measure of the models takes precedence over an amount of the same name.
    """

    def __init__(self, problem: Problem, evaluator: Evaluator | None = None) -> None:
        """Wrap an evaluator; without one, the amounts alone are measures.

        Raises:
            InputError: If there is neither an evaluator nor an amount.
        """
        own = () if evaluator is None else evaluator.measures
        self.problem = problem
        self.scenarios = ("nominal",) if evaluator is None else evaluator.scenarios
        self.additive = tuple(name for name in problem.measures if name not in own)
        self.measures = (*own, *self.additive)
        if not self.measures:
            raise InputError("there are no measures: give an evaluator, or options with amounts")
        self.count = Count()
        self._evaluator = evaluator
        self._stored: dict[int, dict[bytes, Floats]] = {}

    def values(self, choices: Choices, scenarios: Sequence[int] | None = None) -> Floats:
        """Value portfolios (N, n): (N, scenarios, M); all scenarios by default."""
        at = range(len(self.scenarios)) if scenarios is None else scenarios
        rows = np.ascontiguousarray(choices, dtype=np.int16)
        own = len(self.measures) - len(self.additive)
        out = np.empty((len(rows), len(at), len(self.measures)))
        for k, name in enumerate(self.additive):
            out[:, :, own + k] = self.problem.totals(rows, name)[:, None]
        if self._evaluator is not None:
            keys = [row.tobytes() for row in rows]
            for place, scenario in enumerate(at):
                out[:, place, :own] = self._lookup(rows, keys, scenario)
        return out

    def _lookup(self, rows: Choices, keys: list[bytes], scenario: int) -> Floats:
        stored = self._stored.setdefault(scenario, {})
        missing = {key: i for i, key in enumerate(keys) if key not in stored}
        self.count.requested += len(keys)
        self.count.run += len(missing)
        if missing and self._evaluator is not None:
            found = self._evaluator(rows[list(missing.values())], (scenario,))[:, 0]
            stored.update(zip(missing, found, strict=True))
        own = len(self.measures) - len(self.additive)
        return np.array([stored[key] for key in keys]).reshape(len(keys), own)

    def uncached(self, choices: Choices, scenarios: Sequence[int] | None = None) -> Floats:
        """Value portfolios without storing them, for an enumeration that meets each only once."""
        at = tuple(range(len(self.scenarios)) if scenarios is None else scenarios)
        own = len(self.measures) - len(self.additive)
        out = np.empty((len(choices), len(at), len(self.measures)))
        for k, name in enumerate(self.additive):
            out[:, :, own + k] = self.problem.totals(choices, name)[:, None]
        if self._evaluator is not None:
            out[:, :, :own] = self._evaluator(choices, at)
            self.count.requested += len(choices) * len(at)
            self.count.run += len(choices) * len(at)
        return out

    def seen(self, scenario: int = 0) -> Choices:
        """Return all portfolios valued in a scenario so far, (N, n)."""
        stored = self._stored.get(scenario, {})
        table = np.array([np.frombuffer(key, dtype=np.int16) for key in stored], dtype=np.int16)
        return table.reshape(len(stored), len(self.problem.projects))

    def counts(self) -> pd.DataFrame:
        """Return the runs by engine: ``model``, ``requested``, ``run``, ``saved``."""
        named = {"portfolios": self.count, **getattr(self._evaluator, "counts", {})}
        return pd.DataFrame(
            [
                {"model": name, "requested": each.requested, "run": each.run, "saved": each.saved}
                for name, each in named.items()
            ]
        )
