"""Cost of a project: the published one, or that of its reference class with a range.

The class are the projects of the same sector with a published cost, but for parts of others. With a capacity
in the same unit, the estimate is the median cost per unit of capacity times the capacity; otherwise the
median cost. The range is between the quartiles. A class has at least :data:`FEWEST` projects.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sogdia.case import Case

FEWEST = 3
"""Fewest projects of a reference class."""


class ProjectCost(NamedTuple):
    """Capital cost of a project, USD million.

    Attributes:
        cost: Published cost, or the median of the class; NaN if neither is known.
        low: Lower quartile of the class, or the published cost.
        high: Upper quartile of the class, or the published cost.
        is_estimated: True if it is an estimate.
    """

    cost: float
    low: float
    high: float
    is_estimated: bool


def cost_or_estimate(case: Case, project: str) -> ProjectCost:
    """Return the published capital cost of a project, or an estimate from its reference class."""
    table = case.table("projects")
    row = table.to_dict("index")[project]
    published = float(row["capex_musd"])
    if not np.isnan(published):
        return ProjectCost(published, published, published, False)
    is_peer = table["capex_musd"].notna() & (table["part_of"] == "")
    peers = table[(table["sector"] == row["sector"]) & is_peer]
    capacity = float(row["capacity"])
    sized = peers[(peers["capacity_unit"] == row["capacity_unit"]) & (peers["capacity"].fillna(0.0) > 0.0)]
    if not np.isnan(capacity) and len(sized) >= FEWEST:
        costs = sized["capex_musd"].astype(float) / sized["capacity"].astype(float) * capacity
    elif len(peers) >= FEWEST:
        costs = peers["capex_musd"].astype(float)
    else:
        missing = float("nan")
        return ProjectCost(missing, missing, missing, False)
    low, middle, high = (float(value) for value in np.quantile(costs.to_numpy(), (0.25, 0.5, 0.75)))
    return ProjectCost(middle, low, high, True)
