"""Value of each project of a plan: put in alone, taken out last, together with another, and by Shapley.

With v(S) the value of the plan with the projects S only, and all projects N:

* **PINT** (put one in at a time): ``v({i}) − v(∅)``; **TOOT** (take one out at a time): ``v(N) − v(N∖i)``
  (ENTSO-E, *Guideline for Cost Benefit Analysis*, 2023);
* pair interaction: ``v({i,j}) − v({i}) − v({j}) + v(∅)``, positive for complements, negative for substitutes;
* **Shapley** value: the mean gain of a project over all orders in which the plan may be built; the values of
  all projects sum to ``v(N) − v(∅)``.

A coalition is a bit mask: project i is bit ``1 << i``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Plan
from sogdia.dependence.games import coalitions_in, permutations_of, sampled_shapley, shapley
from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]
Method = Literal["exact", "sampled", "none"]
METHODS: tuple[Method, ...] = get_args(Method)
MOST_EXACT = 12
LEAST_CHANGE = 1e-3
"""Part of the larger value of two projects below which their interaction is called none."""
DEBT, LOSS = "plan_debt_pv_musd", "withdrawal_loss_musd"
"""Present value of a plan's debt by home country; loss of the home countries if a partner withdraws."""
MEASURE_TITLES = {
    "home_gain_musd": "Gain of the home countries", "corridor_t": "Freight by corridor",
    "power_unserved_gwh": "Unserved energy", "power_co2_mt": "CO₂ of power plants",
    DEBT: "Debt, present value", LOSS: "Loss from a withdrawal",
}  # fmt: skip
"""Measures by which projects are valued for readers."""
VALUES = ("project", "measure", "of", "unit", "pint", "toot", "shapley", "shapley_error")
PAIRS = ("project", "other", "measure", "of", "unit", "together", "alone", "interaction", "kind")


@dataclass(frozen=True)
class Coalitions:
    """Coalitions of projects to run.

    Attributes:
        projects: Names of the projects, the lowest bit first.
        masks: Coalitions, without repetition, by size.
        method: How Shapley values are computed.
        orders: Orders of a sampled computation, (orders, projects); none otherwise.
    """

    projects: tuple[str, ...]
    masks: tuple[int, ...]
    method: Method
    orders: npt.NDArray[np.int64]


def choose_coalitions(
    projects: Sequence[str], method: Method = "exact", pairs_of_orders: int = 8, seed: int = 1
) -> Coalitions:
    """List the coalitions that the values of projects need.

    Args:
        projects: Names of the projects.
        method: Shapley values ``exact`` (2^n coalitions, n ≤ 12), ``sampled`` or ``none``.
        pairs_of_orders: Sampled: pairs of an order and its reverse.
        seed: Sampled: seed of the orders.

    Raises:
        InputError: If there is no project, or too many for an exact computation.
    """
    n = len(projects)
    if n == 0:
        raise InputError("the plan decides no project of its own; a value needs at least one")
    if method not in METHODS:
        raise InputError(f"shapley: {method!r} is not known; expected {', '.join(METHODS)}")
    if method == "exact" and n > MOST_EXACT:
        raise InputError(
            f"shapley: {n} projects have {2**n:,} coalitions; exact values take {MOST_EXACT} at most; "
            "choose sampled"
        )
    every = (1 << n) - 1
    masks = {0, every, *(1 << i for i in range(n)), *(every ^ 1 << i for i in range(n))}
    masks |= {1 << i | 1 << j for i, j in combinations(range(n), 2)}
    orders = np.empty((0, n), dtype=np.int64)
    if method == "exact":
        masks |= set(range(1 << n))
    elif method == "sampled":
        orders = permutations_of(n, pairs_of_orders, seed)
        masks |= set(coalitions_in(orders))
    chosen = tuple(sorted(masks, key=lambda mask: (mask.bit_count(), mask)))
    return Coalitions(tuple(projects), chosen, method, orders)


def coalition_plan(plan: Plan, coalitions: Coalitions, mask: int) -> Plan:
    """Return a plan with those of its own projects that are in a coalition."""
    out = {name for i, name in enumerate(coalitions.projects) if not mask >> i & 1}
    return plan.model_copy(
        update={
            "name": f"{plan.name}_{mask:0{len(coalitions.projects)}b}",
            "projects": tuple(choice for choice in plan.projects if choice.project not in out),
        }
    )


def values_of_projects(coalitions: Coalitions, values: Mapping[int, pd.Series]) -> pd.DataFrame:
    """Compute the values of all projects.

    Args:
        coalitions: The coalitions.
        values: Measures by mask, each indexed by ``measure``, ``of``, ``unit``.

    Returns:
        :data:`VALUES`; ``shapley`` is empty without them, ``shapley_error`` is the standard error of a
        sampled value.
    """
    n, index = len(coalitions.projects), values[0].index
    v = {mask: series.reindex(index).to_numpy(dtype=np.float64) for mask, series in values.items()}
    every = (1 << n) - 1
    share, error = np.full((n, len(index)), np.nan), np.full((n, len(index)), np.nan)
    if coalitions.method == "exact":
        share, error = shapley(np.array([v[mask] for mask in range(1 << n)])), np.zeros_like(share)
    elif coalitions.method == "sampled":
        drawn = sampled_shapley(v.__getitem__, coalitions.orders)
        share, error = drawn.values, drawn.standard_errors
    parts = []
    for i, name in enumerate(coalitions.projects):
        columns = {
            "pint": v[1 << i] - v[0],
            "toot": v[every] - v[every ^ 1 << i],
            "shapley": share[i],
            "shapley_error": error[i],
        }
        parts.append(pd.DataFrame(columns, index=index).reset_index().assign(project=name))
    return pd.concat(parts, ignore_index=True)[list(VALUES)]


def pairs_of_projects(
    coalitions: Coalitions, values: Mapping[int, pd.Series], less_is_better: Collection[str] = ()
) -> pd.DataFrame:
    """Compute the interaction of every pair of projects.

    Args:
        coalitions: The coalitions.
        values: As in :func:`values_of_projects`.
        less_is_better: Measures of which less is better.

    Returns:
        :data:`PAIRS`: ``together`` is the value of both, ``alone`` the sum of each alone, ``interaction``
        their difference; ``kind`` is ``complement``, ``substitute`` or ``none``.
    """
    index, parts = values[0].index, []
    v = {mask: series.reindex(index).to_numpy(dtype=np.float64) for mask, series in values.items()}
    sign = np.where(index.get_level_values("measure").isin(list(less_is_better)), -1.0, 1.0)
    for i, j in combinations(range(len(coalitions.projects)), 2):
        first, second = v[1 << i] - v[0], v[1 << j] - v[0]
        both = v[1 << i | 1 << j] - v[0]
        interaction = both - first - second
        size = np.maximum(np.abs(first), np.abs(second))
        is_none = np.abs(interaction) <= LEAST_CHANGE * size
        kind = np.where(is_none, "none", np.where(sign * interaction > 0.0, "complement", "substitute"))
        columns = {"together": both, "alone": first + second, "interaction": interaction, "kind": kind}
        names = {"project": coalitions.projects[i], "other": coalitions.projects[j]}
        parts.append(pd.DataFrame(columns, index=index).reset_index().assign(**names))
    return pd.concat(parts, ignore_index=True)[list(PAIRS)] if parts else pd.DataFrame(columns=list(PAIRS))
