"""Discrete network design on Sioux Falls: our equilibrium as evaluator, the system optimum as bound.

Instances of Rey (2020), read in place. A portfolio is a set of links; its value is total travel time at user
equilibrium, to a relative gap of 1e-8. The total time of the system optimum with every link that may still be
built is a lower bound of it: more links can only lower that, while they may raise the equilibrium's (Braess).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment import AssignmentSettings, assign, make_demand, make_network
from sogdia.portfolio import Criterion, FunctionEvaluator, Limit, Option, Problem, Project

Choices = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
GAP = 1e-8
BOUND_GAP = 1e-5
POWER = 4.0
TIME = "tstt_1e3"
OBJECTIVE = Criterion(TIME, "min")


@dataclass(frozen=True, eq=False)
class NetworkDesign:
    """An instance: candidate links with costs, a budget, a level of demand.

    Attributes:
        network: Links of the base network.
        candidates: Links that may be built, with ``cost``.
        demand: Flows between zones.
        budget: Largest sum of costs.
    """

    network: pd.DataFrame
    candidates: pd.DataFrame
    demand: pd.DataFrame
    budget: float

    @cached_property
    def problem(self) -> Problem:
        """One project per candidate link, named by its ends."""
        names = self.candidates["init"].astype(str) + "-" + self.candidates["term"].astype(str)
        projects = tuple(
            Project(name, (Option(amounts={"cost": float(cost)}),))
            for name, cost in zip(names, self.candidates["cost"], strict=True)
        )
        return Problem(projects, (Limit("cost", most=self.budget),))

    def total_time(self, built: Bools, settings: AssignmentSettings) -> float:
        """Compute total travel time with some candidate links built (n,), in thousands."""
        network = make_network(_arcs(pd.concat([self.network, self.candidates[built]])))
        return assign(network, make_demand(self.demand, network), settings).total_cost / 1e3

    def times(self, choices: Choices, scenario: int = 0) -> Floats:
        """Compute total travel time at user equilibrium, (N,), in thousands."""
        del scenario  # There is one.
        settings = AssignmentSettings(gap=GAP, workers=1)
        return np.array([self.total_time(row > 0, settings) for row in choices])

    @property
    def evaluator(self) -> FunctionEvaluator:
        """Evaluator of total travel time."""
        return FunctionEvaluator(self.times, (TIME,))

    def bound(self, possible: Bools) -> Floats:
        """Compute minus the least total time of the system optimum with all possible links, (N,).

        The system optimum is known to a relative gap γ in marginal costs, which are at most 1 + power times
        the average ones: the least total time is at least ``Z (1 − (1 + power) γ)``.
        """
        settings = AssignmentSettings(algorithm="so", gap=BOUND_GAP, workers=1)
        slack = 1.0 - (1.0 + POWER) * BOUND_GAP
        links, inverse = np.unique(possible[:, :, 1], axis=0, return_inverse=True)
        times = np.array([self.total_time(row, settings) for row in links])
        return np.asarray(-slack * times[inverse.reshape(-1)])


def _arcs(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "from": table["init"].astype(str), "to": table["term"].astype(str),
            "free_flow_cost": table["free_flow_time"], "delay": "power",
            "delay_scale": table["free_flow_time"] * table["b"], "capacity": table["capacity"],
            "delay_power": table["power"],
        }
    )  # fmt: skip


def read_network_design(
    folder: Path, instance: str, budget_pct: float, demand_pct: float = 100.0
) -> NetworkDesign:
    """Read an instance of the bench (``dndp``) at a budget and a demand, in % of all costs and flows."""
    candidates = pd.read_csv(folder / "candidates.csv")
    chosen = candidates[candidates["instance"] == instance].sort_values("index", ignore_index=True)
    demand = pd.read_csv(folder / "demand.csv")
    demand["flow"] *= demand_pct / 100.0
    budget = budget_pct / 100.0 * float(chosen["cost"].sum())
    return NetworkDesign(pd.read_csv(folder / "network.csv"), chosen, demand, budget)
