"""End-to-end toys of the portfolio bench: a small freight model, a small power model, costs and partners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sogdia.portfolio import Criterion, Limit, Model, ModelEvaluator, Option, Problem, Project

Choices = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
MEASURES = ("value", "co2", "max_partner_loss", "running_cost")


@dataclass(frozen=True, eq=False)
class Toy:
    """A toy: projects with partners, scenarios of withdrawals, dry years and demand.

    Attributes:
        data: The instance as it is in its file.
    """

    data: Mapping[str, Any]

    @property
    def partners(self) -> list[str]:
        """Names of the partners."""
        return list(self.data["partners"])

    @cached_property
    def problem(self) -> Problem:
        """Projects with a partner each, own money and present value of debt with their limits."""
        projects = []
        for row in self.data["projects"]:
            options = []
            for partner in row["options"]:
                terms = self.data["partner_terms"][partner]
                cost = row["cost"] * terms["cost_multiplier"]
                own = (1.0 - terms["debt_share"]) * cost
                debt = terms["debt_share"] * (1.0 - terms["grant_element"]) * cost
                options.append(Option(partner, amounts={"own_money": own, "pv_debt": debt}))
            projects.append(Project(row["id"], tuple(options)))
        limits = (
            Limit("own_money", most=self.data["own_budget"]),
            Limit("pv_debt", most=self.data["pv_debt_ceiling"]),
        )
        return Problem(tuple(projects), limits)

    def is_available(self, choices: Choices, withdrawn: Longs) -> npt.NDArray[np.bool_]:
        """Return which projects are built with a partner that has not withdrawn, (N, n)."""
        code = np.full((len(self.problem.projects), 1 + int(self.problem.sizes.max())), -1)
        for i, project in enumerate(self.problem.projects):
            for k, option in enumerate(project.options, 1):
                code[i, k] = self.partners.index(option.partner)
        partner = code[np.arange(code.shape[0]), choices]
        return np.asarray((choices > 0) & (withdrawn[partner] == 0))

    def mask(self, scenario: int) -> Longs:
        """Return which partners are withdrawn in a scenario, (P,)."""
        names = self.data["scenarios"][scenario]["withdrawn"]
        return np.array([name in names for name in self.partners], dtype=np.int64)

    def freight(self, states: Longs) -> Floats:
        """Compute freight cost at demand factor 1 by state (available links, withdrawn partners), (U, 1)."""
        projects = self.data["projects"]
        column = {row["id"]: k for k, row in enumerate(projects)}
        saving = np.array([row.get("saving", 0.0) for row in projects])
        n = len(projects)
        out = np.zeros((len(states), 1))
        for market, flow in enumerate(self.data["flows"]):
            weight = np.zeros(len(states))
            for route in self.data["routes"]:
                if route["market"] == market:
                    links = [column[name] for name in route["links"]]
                    closed = [n + self.partners.index(name) for name in route["territory"]]
                    cost = route["base_cost"] - states[:, links] @ saving[links]
                    is_open = (states[:, closed] == 0).all(axis=1)
                    weight += np.where(is_open, np.exp(-self.data["theta"] * cost), 0.0)
            out[:, 0] += -flow * np.log(weight) / self.data["theta"]
        return out

    def power(self, states: Longs, hydrology: float, demand: float) -> Floats:
        """Compute unserved energy and CO2 by state (available plants, imports cut), (U, 2)."""
        terms, n = self.data["power"], len(self.data["projects"])
        energy = {
            kind: states[:, :n] @ np.array([p.get("energy", 0.0) * (p["kind"] == kind) for p in
            self.data["projects"]]) for kind in ("hydro", "solar", "gas")
        }  # fmt: skip
        water = hydrology * (terms["hydro"] + energy["hydro"])
        need = np.maximum(terms["demand"] * demand - water - energy["solar"], 0.0)
        gas = np.minimum(need, energy["gas"])
        imports = np.minimum(need - gas, np.where(states[:, n] > 0, 0.0, terms["imports"]))
        thermal = np.minimum(need - gas - imports, terms["thermal"])
        co2 = terms["co2_gas"] * gas + terms["co2_import"] * imports + terms["co2_thermal"] * thermal
        return np.stack([need - gas - imports - thermal, co2], axis=1)

    def running(self, freight: Floats, power: Floats, demand: float) -> Floats:
        """Compute running cost ``f · freight + voll · U + carbon · CO2``, (N,)."""
        return np.asarray(
            demand * freight[:, 0] + self.data["voll"] * power[:, 0] + self.data["carbon"] * power[:, 1]
        )

    def running_without(self, choices: Choices, withdrawn: Longs) -> Floats:
        """Compute running cost in a normal year with withdrawn partners (P,), (N,)."""
        links, plants = self._states(choices, withdrawn)
        return self.running(self.freight(links), self.power(plants, 1.0, 1.0), 1.0)

    def _states(self, choices: Choices, withdrawn: Longs) -> tuple[Longs, Longs]:
        available = self.is_available(choices, withdrawn).astype(np.int64)
        is_link = np.array([row["kind"] == "link" for row in self.data["projects"]])
        cut = withdrawn[self.partners.index(self.data["power"]["import_partner"])]
        partners = np.tile(withdrawn, (len(choices), 1))
        imports = np.full((len(choices), 1), cut)
        return np.hstack([available * is_link, partners]), np.hstack([available * ~is_link, imports])

    @cached_property
    def evaluator(self) -> ModelEvaluator:
        """The two models, each cached by the projects and withdrawals that it sees."""
        scenarios = self.data["scenarios"]
        names = [
            f"{'+'.join(row['withdrawn']) or 'none'} water {row['hydrology']} demand {row['demand']}"
            for row in scenarios
        ]

        def power(states: Longs, scenario: int) -> Floats:
            return self.power(states, scenarios[scenario]["hydrology"], scenarios[scenario]["demand"])

        def earlier_year(scenario: int) -> int:
            years = [(row["hydrology"], row["demand"]) for row in scenarios]
            return years.index(years[scenario])

        return ModelEvaluator(
            models=(
                Model(
                    "freight", ("cost",), lambda rows, s: self._states(rows, self.mask(s))[0],
                    lambda states, _: self.freight(states), lambda _: 0,
                ),
                Model(
                    "power", ("unserved", "co2"), lambda rows, s: self._states(rows, self.mask(s))[1], power,
                    earlier_year,
                ),
            ),
            measures=MEASURES,
            scenarios=tuple(names),
            combine=self._combine,
        )  # fmt: skip

    def _combine(self, results: Mapping[str, Floats], choices: Choices, scenario: int) -> Floats:
        year = self.data["scenarios"][scenario]
        running = self.running(results["freight"], results["power"], year["demand"])
        money = self.problem.totals(choices, "own_money") + self.problem.totals(choices, "pv_debt")
        value = -self.data["annuity"] * running - money
        loss = self._largest_loss(choices) if scenario == 0 else np.full(len(choices), np.nan)
        return np.stack([value, results["power"][:, 1], loss, running], axis=1)

    def _largest_loss(self, choices: Choices) -> Floats:
        none = np.zeros(len(self.partners), dtype=np.int64)
        base = self.running_without(choices, none)
        alone = np.eye(len(self.partners), dtype=np.int64)
        return np.asarray(np.max([self.running_without(choices, row) - base for row in alone], axis=0))


OBJECTIVES = (
    Criterion("value"),
    Criterion("co2", "min"),
    Criterion("max_partner_loss", "min"),
    Criterion("value", over="mean"),
    Criterion("value", over="max_regret"),
)


def read_toy(path: Path) -> Toy:
    """Read a toy from its file."""
    return Toy(json.loads(path.read_text("utf-8")))
