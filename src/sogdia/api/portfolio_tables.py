"""Tables of a search over portfolios of a region (:mod:`sogdia.portfolio.tables`)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from sogdia.api.portfolio_search import Search
from sogdia.api.portfolio_values import (
    BENEFIT,
    CO2_MT,
    INCOME,
    LOSS,
    NPV,
    NPV_HIGH,
    NPV_LOW,
    RESULTS,
    UNSERVED_GWH,
    loss_measure,
)
from sogdia.portfolio import tables
from sogdia.portfolio.arrays import Choices, Floats
from sogdia.tables.results import ResultTable
from sogdia.uncertainty.project_sets import ENGINES, Built

MOST_PORTFOLIOS = 200
"""Portfolios of the front that are stored, spread evenly over it."""
NEGLIGIBLE = 1e-3
"""Part of the largest effect below which projects are independent."""
Rows = list[tuple[object, ...]] | pd.DataFrame
UNITS = {NPV: "USD million", LOSS: "% of GDP", CO2_MT: "Mt a year", UNSERVED_GWH: "GWh a year"}


def tables_of(search: Search) -> Mapping[str, pd.DataFrame]:
    """Return all tables of a search by name."""
    return _Writer(search).tables()


class _Writer:
    """Values of the front, and the tables made from them."""

    def __init__(self, search: Search) -> None:
        self.search, self.result, self.problem = search, search.result, search.problem
        self.evaluator = search.evaluator
        self.names = search.loaded.region.table("projects")["name"].astype(str).to_dict()
        rows = self.result.choices[self.result.front]
        if len(rows) > MOST_PORTFOLIOS:
            rows = rows[np.unique(np.linspace(0, len(rows) - 1, MOST_PORTFOLIOS).round().astype(int))]
        self.front: Choices = rows
        self.scenarios = tuple(range(len(self.evaluator.scenarios)))
        self.values = self.evaluator(rows, self.scenarios)
        every = self._of(self.evaluator(self.result.choices, self.scenarios), NPV)
        self.best_npv: Floats = every.max(axis=0)

    def _of(self, values: Floats, measure: str) -> Floats:
        return np.asarray(values[:, :, self.evaluator.measures.index(measure)])

    def tables(self) -> Mapping[str, pd.DataFrame]:
        contents: dict[ResultTable, Rows] = {
            tables.FRONT: self.front_rows(), tables.BEST: self.best_rows(),
            tables.CHOICES: self.choice_rows(),
            tables.FINANCE: self.finance_rows(), tables.LOSSES: self.loss_rows(),
            tables.REGRET: self.regret_rows(), tables.PROJECTS: self.project_rows(),
            tables.SINGLES: self.single_rows(), tables.INTERACTIONS: self.interaction_rows(),
            tables.SENSITIVITY: self.sensitivity_rows(), tables.PRICE: self.price_rows(),
            tables.ERRORS: self.error_rows(), tables.RUNS: self.run_rows(),
        }  # fmt: skip
        return {table.name: table.frame(rows) for table, rows in contents.items()}

    def _number(self, choice: Choices) -> int:
        """Return the number of a portfolio of the front; that of the nearest if it was left out."""
        return int(np.argmin((self.front != choice).sum(axis=1))) + 1

    def _built(self, choice: Choices) -> Built:
        return frozenset(np.flatnonzero(choice).tolist())

    def front_rows(self) -> list[tuple[object, ...]]:
        npv = self._of(self.values, NPV)
        regret = (self.best_npv - npv).max(axis=1)
        partners = list(self.evaluator.base_losses)
        losses = np.stack([self._of(self.values, loss_measure(p))[:, 0] for p in partners], axis=1)
        totals = {
            name: self.problem.totals(self.front, name)
            for name in ("cost_musd", "own_money_musd", "debt_pv_musd")
        }
        return [
            (
                k + 1, k == 0, self._built(row) in self.evaluator.verified, npv[k, 0],
                self._of(self.values, NPV_LOW)[k, 0], self._of(self.values, NPV_HIGH)[k, 0], regret[k],
                losses[k].max(), partners[int(losses[k].argmax())], self._of(self.values, CO2_MT)[k, 0],
                self._of(self.values, UNSERVED_GWH)[k, 0], *(totals[name][k] for name in totals),
                int((row > 0).sum()), self.problem.describe(row),
            )
            for k, row in enumerate(self.front)
        ]  # fmt: skip

    def best_rows(self) -> list[tuple[object, ...]]:
        names = dict.fromkeys(self.search.loaded.definition.objectives)
        criteria = self.result.assessment.objectives
        return [
            (
                name, self._number(best.choice),
                f"{best.value:,.6g} {UNITS[criterion.measure]}", str(best.proof),
            )
            for name, best, criterion in zip(names, self.result.best, criteria, strict=True)
        ]  # fmt: skip

    def _options(self, choice: Choices) -> list[tuple[int, int]]:
        return [(i, int(k) - 1) for i, k in enumerate(choice) if k]

    def choice_rows(self) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for number, choice in enumerate(self.front, start=1):
            for i, k in self._options(choice):
                entry, money = self.search.loaded.definition.projects[i], self.search.money[i][k]
                offer = money.offer
                rows.append(
                    (
                        number, entry.project, self.names[entry.project], entry.options[k].name,
                        money.opening_year, offer.home_cost, offer.cost.is_estimated, offer.own_money,
                        offer.pv, offer.grant,
                    )
                )  # fmt: skip
        return rows

    def finance_rows(self) -> pd.DataFrame:
        parts = [self.search.money[i][k].offer.sources for i, k in self._options(self.front[0])]
        columns = list(tables.FINANCE.column_names)
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)

    def loss_rows(self) -> list[tuple[object, ...]]:
        base = self.evaluator.base_losses
        return [
            (number, partner, self._of(self.values, loss_measure(partner))[number - 1, 0], base[partner])
            for number in range(1, len(self.front) + 1)
            for partner in base
        ]

    def regret_rows(self) -> list[tuple[object, ...]]:
        npv = self._of(self.values, NPV)
        return [
            (k + 1, name, npv[k, s], self.best_npv[s], self.best_npv[s] - npv[k, s])
            for k in range(len(self.front))
            for s, name in enumerate(self.evaluator.scenarios)
        ]

    def project_rows(self) -> list[tuple[object, ...]]:
        return [
            (
                row["within_pct"], row["project"], self.names[row["project"]], row["share_of_portfolios"],
                row["in_all"], row["in_none"], row["options"],
            )
            for row in self.result.near_optimal_projects.to_dict("records")
        ]  # fmt: skip

    def single_rows(self) -> list[tuple[object, ...]]:
        definition = self.search.loaded.definition
        at = [(i, k) for i, entry in enumerate(definition.projects) for k in range(len(entry.options))]
        choices = np.zeros((len(at) + 1, len(definition.projects)), dtype=np.int16)
        for row, (i, k) in enumerate(at, start=1):
            choices[row, i] = k + 1
        values = self.evaluator(choices, (0,))[:, 0]
        column = {name: values[:, self.evaluator.measures.index(name)] for name in self.evaluator.measures}
        seen = self.evaluator.sets.seen
        rows: list[tuple[object, ...]] = []
        for row, (i, k) in enumerate(at, start=1):
            entry, money = definition.projects[i], self.search.money[i][k]
            rows.append(
                (
                    entry.project, entry.options[k].name, self.names[entry.project], money.opening_year,
                    column[NPV][row], column[NPV_LOW][row], column[NPV_HIGH][row],
                    column[LOSS][row] - column[LOSS][0], column[CO2_MT][row], column[UNSERVED_GWH][row],
                    money.offer.home_cost, money.offer.own_money, money.offer.pv,
                    ", ".join(engine for engine in ENGINES if i in seen[engine]) or "none",
                )
            )  # fmt: skip
        return rows

    def interaction_rows(self) -> list[tuple[object, ...]]:
        names = self.problem.names
        seen = self.evaluator.sets.seen.values()
        couples = [c for c in combinations(range(len(names)), 2) if any(set(c) <= each for each in seen)]
        choices = np.zeros((len(names) + len(couples), len(names)), dtype=np.int16)
        choices[np.arange(len(names)), np.arange(len(names))] = 1
        for row, couple in enumerate(couples, start=len(names)):
            choices[row, list(couple)] = 1
        npv = self._of(self.evaluator(choices, (0,)), NPV)[:, 0]
        floor = NEGLIGIBLE * float(np.abs(npv[: len(names)]).max(initial=0.0))
        rows: list[tuple[object, ...]] = []
        for row, (i, j) in enumerate(couples, start=len(names)):
            extra = npv[row] - npv[i] - npv[j]
            kind = "independent" if abs(extra) <= floor else "complements" if extra > 0.0 else "substitutes"
            rows.append((names[i], names[j], npv[row], npv[i] + npv[j], extra, kind))
        return sorted(rows, key=lambda each: -abs(float(str(each[4]))))

    def sensitivity_rows(self) -> list[tuple[object, ...]]:
        table = self.result.sensitivity
        change = {name: f"{name} difference" for name in (NPV, LOSS)}
        return [
            (
                row["change"], row["project"], row["option"], row["is_feasible"], row["violated"],
                row.get(change[NPV], float("nan")), row.get(change[LOSS], float("nan")),
            )
            for row in table.to_dict("records")
        ]  # fmt: skip

    def price_rows(self) -> list[tuple[object, ...]]:
        if LOSS not in self.result.labels[1:] or self.result.labels[0] != NPV:
            return []
        table = self.result.price(LOSS)
        return [
            (row["level"], row["value"], row["cost"], row["cost_per_unit"], row["portfolio"])
            for row in table.to_dict("records")
        ]

    def error_rows(self) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for built in self.evaluator.verified:
            full, pairs, singles = (self._of_set(built, order) for order in ("full", "pairs", "singles"))
            names = ";".join(self.problem.names[i] for i in sorted(built)) or "none"
            rows.append((names, full[0], pairs[0], singles[0], full[1], pairs[1]))
        return rows

    def _of_set(self, built: Built, order: str) -> tuple[float, float]:
        """Return the yearly benefit of a set and its largest loss by the engines, without finance."""
        evaluator = self.evaluator
        changes = []
        for k in range(len(evaluator.sets.scenarios)):
            total = np.zeros(len(RESULTS))
            for engine in ENGINES:
                model = evaluator.models[engine, k]
                members = built & frozenset(model.seen)
                value = {
                    "full": model.known.get(members, model.approximate(members)),
                    "pairs": model.approximate(members),
                    "singles": model.first_order(members),
                }[order]
                total = total + value - model.empty
            changes.append(total)
        losses = [
            loss
            + 100.0
            * float(changes[0][INCOME] - changes[evaluator.own_scenarios + p][INCOME])
            / evaluator.gdp_musd
            for p, loss in enumerate(evaluator.base_losses.values())
        ]
        return float(changes[0][BENEFIT]), max(losses)

    def run_rows(self) -> list[tuple[object, ...]]:
        counts = self.evaluator.counts
        return [
            (engine, counts[engine].requested, counts[engine].run, counts[engine].saved) for engine in ENGINES
        ]
