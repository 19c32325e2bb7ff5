"""What data must hold to be a world, and what is said of data that hold but deserve a second look."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault

Floats = npt.NDArray[np.float64]
COLUMNS = ("rule", "economy", "sector", "value", "meaning")


class Observed(Protocol):
    """What is looked at of a baseline."""

    @property
    def economies(self) -> tuple[str, ...]:
        """Names of economies."""
        ...

    @property
    def sectors(self) -> tuple[str, ...]:
        """Names of sectors."""
        ...

    @property
    def flow(self) -> Floats:
        """Trade, (S, N, N)."""
        ...

    @property
    def inputs(self) -> Floats | None:
        """Shares of inputs in costs, (N, S, S)."""
        ...

    @property
    def final_rule(self) -> str:
        """What final spending is."""
        ...

    @property
    def final(self) -> Floats:
        """Final spending, (S, N)."""
        ...

    @property
    def expenditure(self) -> Floats:
        """Spending, (S, N)."""
        ...

    @property
    def income(self) -> Floats:
        """Final spending in all, (N,)."""
        ...

    @property
    def value_added(self) -> Floats:
        """Value added, (N,)."""
        ...

    @property
    def imbalance(self) -> Floats:
        """Imports less exports, (N,)."""
        ...


def structure_faults(world: Observed) -> list[Fault]:
    """Where inputs exceed what is bought, or an economy adds no value or has nothing left to spend."""
    faults = []
    for k, j in np.argwhere(world.final < 0.0):
        used = world.expenditure[k, j] - world.final[k, j]
        problem = (
            f"{world.economies[j]} uses {used:g} of {world.sectors[k]} as inputs and buys "
            f"{world.expenditure[k, j]:g}"
        )
        faults.append(Fault("intermediate", None, "share", problem, "", "final"))
    for j, name in enumerate(world.economies):
        if world.value_added[j] <= 0.0:
            faults.append(Fault("flows", None, "value", f"{name} adds no value", "", "no-value-added"))
        if not faults and world.income[j] <= 0.0:
            problem = f"{name} has nothing left for final spending"
            faults.append(Fault("flows", None, "value", problem, "", "no-spending"))
    return faults


def report_of(world: Observed) -> pd.DataFrame:
    """The data's own peculiarities with the rule that meets each, one row a case."""
    rows: list[tuple[str, str, str, float, str]] = []
    flow = world.flow
    ends = np.arange(flow.shape[1])
    for k, j in np.argwhere((flow[:, ends, ends] <= 0.0) & (world.expenditure > 0.0)):
        value = float(world.expenditure[k, j])
        meaning = "bought and not sold at home; if cut from all suppliers, made at home at a named price"
        rows.append(("no home sales", world.economies[j], world.sectors[k], value, meaning))
    for j, name in enumerate(world.economies):
        if world.imbalance[j] > world.value_added[j]:
            meaning = "imports exceed exports by more than value added; kept while trade can carry it"
            rows.append(("imbalance", name, "", float(world.imbalance[j]), meaning))
    if world.inputs is not None and world.final_rule == "clipped":
        used = np.einsum("isk,ki->si", world.inputs, flow.sum(axis=2))
        for k, j in np.argwhere(world.expenditure - used < -1e-9 * world.expenditure):
            value = float(world.expenditure[k, j] - used[k, j])
            meaning = "final spending observed, taken as 0 and shared out over the other sectors"
            rows.append(("final spending below 0", world.economies[j], world.sectors[k], value, meaning))
    empty = int((flow <= 0.0).sum())
    if empty:
        rows.append(("zero cells", "", "", float(empty), "cells without trade stay without"))
    return pd.DataFrame(rows, columns=list(COLUMNS))
