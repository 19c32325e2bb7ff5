"""Near-optimal portfolios, one-change sensitivity, price of another objective."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.portfolio.arrays import Bools, Choices, Floats
from sogdia.portfolio.assessment import Assessment
from sogdia.portfolio.moves import single_changes
from sogdia.portfolio.problem import Problem

PROJECTS = ("within_pct", "project", "share_of_portfolios", "in_all", "in_none", "options")
PRICE = ("level", "value", "cost", "cost_per_unit", "portfolio")
CHANGES = ("change", "project", "option", "portfolio", "is_feasible", "violated")


def near(gains: Floats, best: float, within: float) -> Bools:
    """Return which gains (N,) are within a relative distance of the best, ``g ≥ g* − w |g*|``, (N,)."""
    return np.asarray(gains >= best - within * abs(best) - 1e-9 * max(1.0, abs(best)))


def project_shares(problem: Problem, choices: Choices, within: float) -> pd.DataFrame:
    """Count in which near-optimal portfolios (N, n) each project is; columns :data:`PROJECTS`.

    A project in all of them is a no-regret project: its choice does not depend on which of the near-optimal
    portfolios is preferred (modelling to generate alternatives; Brill, Chang & Hopkins 1982).
    """
    built = choices > 0
    share = built.mean(axis=0) if len(choices) else np.zeros(len(problem.projects))
    options = [
        "; ".join(project.options[k - 1].label for k in sorted(set(choices[:, i].tolist()) - {0}))
        for i, project in enumerate(problem.projects)
    ]
    return pd.DataFrame(
        {
            "within_pct": 100.0 * within, "project": problem.names, "share_of_portfolios": share,
            "in_all": share == 1.0, "in_none": share == 0.0, "options": options,
        }
    )  # fmt: skip


def price_of(
    problem: Problem, choices: Choices, lead: Floats, other: Floats, *, lead_sign: float, other_sign: float
) -> pd.DataFrame:
    """Compute the cost, in the leading objective, of each level of another one (price of autonomy).

    For each level ℓ that occurs, the best leading value among portfolios at least as good as ℓ; ``cost`` is
    the optimum less that, ``cost_per_unit`` the additional cost per unit of the level since the last step.
    Columns :data:`PRICE`, from the optimum on.

    Args:
        problem: The problem.
        choices: Portfolios, (N, n).
        lead: Values of the leading objective, (N,).
        other: Values of the other, (N,).
        lead_sign: 1 if a larger leading value is better, −1 otherwise.
        other_sign: The same for the other objective.
    """
    order = np.lexsort((-other_sign * other, -lead_sign * lead))
    rows = []
    top = -np.inf
    for k in order:
        level = other_sign * float(other[k])
        if level <= top + 1e-9 * max(1.0, abs(level)):
            continue
        top = level
        rows.append((float(other[k]), float(lead[k]), problem.describe(choices[k])))
    table = pd.DataFrame(rows, columns=["level", "value", "portfolio"])
    if table.empty:
        return pd.DataFrame(columns=list(PRICE))
    table["cost"] = lead_sign * (table["value"].iloc[0] - table["value"])
    table["cost_per_unit"] = table["cost"].diff() / (other_sign * table["level"].diff())
    return table[list(PRICE)]


def one_change(assessment: Assessment, choice: Choices) -> pd.DataFrame:
    """Change one project of a portfolio (n,) at a time, and compute all objectives.

    Columns :data:`CHANGES`, and ``value`` and ``difference`` of each objective by its label. Portfolios that
    violate a linear limit are not evaluated; ``violated`` names the limits.
    """
    system, problem = assessment.system, assessment.system.problem
    moves = single_changes(problem, choice)
    rows = np.array([row for _, row in moves], dtype=np.int16)
    over = system.violations(rows) > 1e-9
    feasible = ~over.any(axis=1)
    evaluated = np.vstack([choice[None], rows[feasible]])
    values = assessment.evaluator.values(evaluated, assessment.scenarios)
    objectives = assessment.objective_values(values)
    broken = assessment.violated(values)[1:]
    names = [", ".join(dict.fromkeys(np.array(system.names, dtype=object)[row])) for row in over]
    for k, row in zip(np.flatnonzero(feasible).tolist(), broken, strict=True):
        names[k] = ", ".join(limit.label for limit, bad in zip(assessment.limits, row, strict=True) if bad)
    changed = [int(np.flatnonzero(row != choice)[0]) for row in rows]
    table = pd.DataFrame(
        {
            "change": [kind for kind, _ in moves],
            "project": [problem.names[i] for i in changed],
            "option": [
                "" if not row[i] else problem.projects[i].options[row[i] - 1].label
                for i, row in zip(changed, rows, strict=True)
            ],
            "portfolio": [problem.describe(row) for row in rows],
            "is_feasible": [not name for name in names],
            "violated": names,
        }
    )
    for k, criterion in enumerate(assessment.objectives):
        column = np.full(len(rows), np.nan)
        column[feasible] = objectives[1:, k]
        table[criterion.label] = column
        table[f"{criterion.label} difference"] = column - objectives[0, k]
    return table
