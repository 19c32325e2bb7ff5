"""Multi-objective knapsacks with complete nondominated sets, read in place (vOptLib; Kirlik & Sayın 2014)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sogdia.portfolio import Criterion, Limit, Option, Problem, Project


@dataclass(frozen=True, eq=False)
class Knapsack:
    """A knapsack as a portfolio: items are projects, profits are amounts to maximise.

    Attributes:
        problem: The problem.
        objectives: One criterion per row of profits.
        nondominated: The complete front, (N, P), in lexicographic order.
    """

    problem: Problem
    objectives: tuple[Criterion, ...]
    nondominated: npt.NDArray[np.float64]


def read_knapsack(path: Path) -> Knapsack:
    """Read an instance from its file."""
    data = json.loads(path.read_text("utf-8"))
    names = [f"profit_{k}" for k in range(data["p"])]
    projects = tuple(
        Project(f"item_{i}", (Option(amounts={"weight": weight, **dict(zip(names, profit, strict=True))}),))
        for i, (weight, *profit) in enumerate(zip(data["weights"], *data["profits"], strict=True))
    )
    known = np.unique(np.array(data["nondominated"], dtype=np.float64), axis=0)
    problem = Problem(projects, (Limit("weight", most=data["capacity"]),))
    return Knapsack(problem, tuple(Criterion(name) for name in names), known)
