"""Economic appraisal of a plan: its flows step by step, against the baseline without it.

Steps follow the Guidelines for the Economic Analysis of Projects (Manila, 2017) and the practice of the World
Bank: only flows from the decision year on, capital costs or payments to the owners of a
plant, economic prices, maintenance, benefits as projects open, residual value by life. Carbon is apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.finance.appraisal import DEFAULT_RATE, RATES, Appraisal, appraise, npv, residual_value
from sogdia.finance.appraisal_values import (
    EXCHANGE,
    LABOUR,
    LIFE,
    MAINTENANCE,
    TRADED,
    WAGE,
    appraisal_value,
)
from sogdia.finance.owner_payments import owner_payments
from sogdia.finance.plan_capex import plan_capex
from sogdia.finance.tables import APPRAISAL, STEPS

Floats = npt.NDArray[np.float64]

GOODS, ELECTRICITY, INCREMENTAL, CARBON, TRANSIT = (
    "goods",
    "electricity",
    "electricity_incremental",
    "carbon",
    "transit_income",
)
"""Lines of the benefit."""
CAPITAL, ESTIMATED, SUNK, UNMEASURED = "capital", "capital_estimated", "sunk", "capital_unmeasured"
OWNERS, SHADOW_EXCHANGE, SHADOW_WAGE = "owner_payments", "shadow_exchange", "shadow_wage"
UPKEEP, RESIDUAL = "maintenance", "residual"
COSTS = (CAPITAL, ESTIMATED, SHADOW_EXCHANGE, SHADOW_WAGE, OWNERS, UPKEEP)
COUNTED = (*COSTS, GOODS, ELECTRICITY, INCREMENTAL, TRANSIT, RESIDUAL)
USERS, CUSTOMS = "freight_users", "customs"
APART = (SUNK, UNMEASURED, CARBON, USERS, CUSTOMS)
"""Steps: those in the net present value, costs first, and those that are reported apart."""
GUIDELINES = {
    CAPITAL: "with and without the project; capital cost of the decision year and later, without finance",
    ESTIMATED: "cost that is not published: reference class, with its quartiles",
    SUNK: "sunk cost, before the decision year: not counted",
    UNMEASURED: "cost of projects that change no table of the models: benefit not measured, so not counted",
    SHADOW_EXCHANGE: "economic prices: traded part of the cost at the shadow exchange rate",
    SHADOW_WAGE: "economic prices: unskilled labour at the shadow wage",
    OWNERS: "payments to the owner of a plant instead of its capital cost, never both",
    UPKEEP: "operation and maintenance",
    GOODS: "gain of the equilibrium model; savings of freight users are part of it and not added",
    ELECTRICITY: "non-incremental output: resource cost saved",
    INCREMENTAL: "incremental output: energy that was not served, at willingness to pay",
    TRANSIT: "receipts from foreigners less avoidable cost",
    RESIDUAL: "residual value by the life of the works",
    CARBON: "carbon dioxide, low and high price: apart",
    USERS: "savings of freight users by the rule of half: part of the gain in real expenditure, not added",
    CUSTOMS: "customs revenue: part of the gain in real expenditure, not added",
}
"""Practice that each step follows."""
HORIZON_A = 30
"""Years of benefits in the appraisal."""
_ENDS = ("value", "high", "low")
"""Middle, worse and better end of a cost."""


@dataclass(frozen=True, eq=False)
class PlanFlows:
    """Flows of a plan by step, from the decision year on.

    Attributes:
        first: Decision year.
        steps: By step the flows in the middle, at the worse and at the better end of ranges, (3, T), USD
            million; costs are negative.
        homes: By step and home country the flows in the middle, (T,); customs revenue among them.
        owners: By party what it gains as the owner of plants: payments less works and upkeep, (T,).
        projects: Number of projects with a cost, and of those with an estimated one.
    """

    first: int
    steps: Mapping[str, Floats]
    homes: Mapping[tuple[str, str], Floats]
    owners: Mapping[str, Floats]
    projects: tuple[int, int]

    @property
    def years(self) -> range:
        """Years of the flows."""
        return range(self.first, self.first + len(next(iter(self.steps.values()))[0]))

    def appraise(self, end: int = 0, *, with_carbon: bool = False) -> Appraisal:
        """Appraise the counted steps; ``end`` is 0 for the middle, 1 and 2 for the worse and better end."""
        names = [name for name in COUNTED if name not in COSTS] + ([CARBON] if with_carbon else [])
        costs = -sum(self.steps[name][end] for name in COSTS)
        return appraise(
            self.years, np.asarray(costs), np.asarray(sum(self.steps[name][end] for name in names))
        )


def decision_year(case: Case) -> int:
    """Return the decision year: that of the newest deal in the pack. Earlier costs are sunk."""
    years = case.region.table("deals")["year"].dropna()
    return int(years.max()) if len(years) else case.year


def plan_flows(case: Case, benefits: pd.DataFrame) -> PlanFlows | None:
    """Calculate the flows of the projects that are open in the case's year.

    A project without rows in ``project_effects`` is apart: the models do not measure its benefit.
    A benefit of the case's year b grows in with the projects: ``b · w_t`` with w the part of the cost that is
    open in year t. It lasts :data:`HORIZON_A` years from the opening of the last project.

    Args:
        case: The case.
        benefits: Table :data:`sogdia.finance.tables.BENEFITS`.

    Returns:
        The flows; ``None`` if no cost is known or all of it is sunk.
    """
    capex = plan_capex(case)
    capex = capex[capex["opening_year"] <= case.year]
    is_measured = capex["project"].isin(set(case.table("project_effects")["project"]))
    capex, others = capex[is_measured], capex[~is_measured]
    if capex.empty:
        return None
    first, last = decision_year(case), int(capex["opening_year"].max())
    years = np.arange(first, max(last, first) + HORIZON_A)
    steps = {name: np.zeros((3, len(years))) for name in (*COUNTED, *APART)}
    homes: dict[tuple[str, str], Floats] = {}
    owners: dict[str, Floats] = {}
    opened = capex.groupby("project")["opening_year"].first()
    weight = capex.groupby("project")["capex_musd"].sum()
    for project, rows in capex.groupby("project", sort=False):
        _add_project(case, str(project), rows, years, steps, homes, owners)
    for row in others[others["year"] >= first].to_dict("records"):
        costs = np.array([row["capex_musd"], row["high_musd"], row["low_musd"]], dtype=float)
        if row["year"] < years[-1]:
            steps[UNMEASURED][:, int(row["year"]) - first] -= costs * row["home_share"]
    share = np.array([float(weight[opened <= year].sum()) for year in years]) / float(weight.sum())
    for row in benefits.to_dict("records"):
        ends = np.array([row[name] for name in ("benefit_musd_a", "low_musd_a", "high_musd_a")], dtype=float)
        steps[row["line"]] += np.outer(ends, share)
        if row["line"] in (*COUNTED, CUSTOMS):
            _add(homes, row["line"], row["home"], ends[0] * share)
    count = (len(opened), int(capex.groupby("project")["estimated"].first().sum()))
    flows = PlanFlows(first, steps, homes, owners, count)
    spent = [-sum(npv(steps[name][end], RATES[-1]) for name in COSTS) for end in range(3)]
    return flows if min(spent) > 0.0 else None


def _add(homes: dict[tuple[str, str], Floats], step: str, home: str, flow: Floats) -> None:
    homes[step, home] = homes.get((step, home), np.zeros(len(flow))) + flow


def _add_project(
    case: Case,
    project: str,
    rows: pd.DataFrame,
    years: npt.NDArray[np.int64],
    steps: Mapping[str, Floats],
    homes: dict[tuple[str, str], Floats],
    owners: dict[str, Floats],
) -> None:
    """Add the costs and the residual value of a project to the steps, its home countries and its owners."""
    table = case.table("projects").to_dict("index")[project]
    sector, first, opening = str(table["sector"]), int(years[0]), int(rows["opening_year"].iloc[0])
    codes = [code for code in str(table["iso3"]).split(";") if code in case.region.home]
    part = float(rows["home_share"].iloc[0])
    values = rows[["capex_musd", "high_musd", "low_musd"]].to_numpy(dtype=np.float64).T * part
    is_late = rows["year"].to_numpy(dtype=np.int64) >= first
    paid = np.zeros_like(steps[CAPITAL])
    paid[:, rows["year"].to_numpy(dtype=np.int64)[is_late] - first] = values[:, is_late]
    sunk = np.zeros_like(paid)
    sunk[:, 0] = values[:, ~is_late].sum(axis=1)
    total = values.sum(axis=1)
    contracts = _payments(case, project, years)
    upkeep = np.array([getattr(appraisal_value(case, MAINTENANCE, sector), end) for end in _ENDS]) / 100.0
    running = np.where(years >= opening, 1.0, 0.0)
    if contracts:
        contract = np.sum(list(contracts.values()), axis=0)
        parts = {OWNERS: -np.tile(contract, (3, 1))}
        spent = paid[0] + total[0] * upkeep[0] * running
        for party, received in contracts.items():
            share = float(received.sum() / contract.sum()) if contract.any() else 0.0
            owners[party] = owners.get(party, np.zeros(len(years))) + received - share * spent
    else:
        traded, labour = (appraisal_value(case, item).value / 100.0 for item in (TRADED, LABOUR))
        exchange, wage = (appraisal_value(case, item, *codes).value / 100.0 for item in (EXCHANGE, WAGE))
        lives = [getattr(appraisal_value(case, LIFE, sector), end) for end in ("value", "low", "high")]
        used = float(years[-1] + 1 - opening)
        left = [residual_value(float(cost), life, used) for cost, life in zip(total, lives, strict=True)]
        name = ESTIMATED if bool(rows["estimated"].iloc[0]) else CAPITAL
        parts = {
            name: -paid,
            SHADOW_EXCHANGE: -paid * traded * (exchange - 1.0),
            SHADOW_WAGE: paid * labour * (1.0 - wage),
            UPKEEP: -np.outer(total * upkeep, running),
            RESIDUAL: np.outer(left, np.where(np.arange(len(years)) == len(years) - 1, 1.0, 0.0)),
            SUNK: -sunk,
        }
    for name, flow in parts.items():
        steps[name][...] += flow
        for code in codes:
            if name != SUNK:
                _add(homes, name, code, flow[0] / len(codes))


def _payments(case: Case, project: str, years: npt.NDArray[np.int64]) -> dict[str, Floats]:
    """Return payments to the owners of the plants that a project opens, by party; empty without a price."""
    effects = case.table("project_effects")
    plants = effects.loc[(effects["project"] == project) & (effects["table"] == "plants"), "row"].astype(str)
    paid = owner_payments(case, int(years[0]), len(years))
    paid = paid[paid["plant"].isin(set(plants)) & paid["payment_musd"].notna()]
    sums = paid.groupby(["party", "year"])["payment_musd"].sum()
    return {
        str(party): sums[party].reindex(years, fill_value=0.0).to_numpy(dtype=np.float64)
        for party in dict.fromkeys(paid["party"])
    }


def plan_appraisal(flows: PlanFlows | None) -> pd.DataFrame:
    """Appraise a plan at three discount rates; present values are as of the decision year.

    The switching value of costs is the rise in per cent at which the net present value is 0, that of benefits
    the fall: ``NPV / PV(costs)`` and ``NPV / PV(benefits)``.

    Returns:
        Table :data:`sogdia.finance.tables.APPRAISAL`; empty without flows.
    """
    if flows is None:
        return APPRAISAL.frame([])
    middle, low, high = (flows.appraise(end) for end in range(3))
    carbon = [flows.appraise(0, with_carbon=True), *(_with_carbon(flows, end) for end in (1, 2))]
    totals = {name: float(flow[0].sum()) for name, flow in flows.steps.items()}
    last = {name: float(flow[0][-1]) for name, flow in flows.steps.items()}
    benefit = sum(last[name] for name in (GOODS, ELECTRICITY, INCREMENTAL, TRANSIT))
    eirr_pct = float("nan") if middle.eirr is None else 100.0 * middle.eirr
    rows: list[dict[str, Any]] = []
    for rate in RATES:
        gained, spent = npv(middle.benefits, rate), npv(middle.costs, rate)
        rows.append(
            {
                "rate_pct": 100.0 * rate,
                "npv_musd": middle.npv[rate],
                "bcr": middle.bcr[rate],
                "eirr_pct": eirr_pct,
                "capex_musd": -totals[CAPITAL] - totals[ESTIMATED],
                "estimated_musd": -totals[ESTIMATED],
                "sunk_musd": -totals[SUNK],
                "npv_low_musd": low.npv[rate],
                "npv_high_musd": high.npv[rate],
                "npv_co2_low_musd": carbon[1].npv[rate],
                "npv_co2_high_musd": carbon[2].npv[rate],
                "switching_cost_pct": 100.0 * middle.npv[rate] / spent,
                "switching_benefit_pct": 100.0 * middle.npv[rate] / gained if gained > 0.0 else float("nan"),
                "benefit_musd_a": benefit,
                "transit_musd_a": last[TRANSIT],
                "maintenance_musd_a": -last[UPKEEP],
                "owners_musd": -totals[OWNERS],
                "residual_musd": totals[RESIDUAL],
                "decision_year": flows.first,
                "projects": flows.projects[0],
                "estimated_projects": flows.projects[1],
            }
        )
    return APPRAISAL.frame(pd.DataFrame(rows, columns=list(APPRAISAL.column_names)))


def _with_carbon(flows: PlanFlows, end: int) -> Appraisal:
    """Appraise the middle of all steps with carbon at the low (1) or high (2) price."""
    steps = {**flows.steps, CARBON: np.tile(flows.steps[CARBON][end], (3, 1))}
    return replace(flows, steps=steps).appraise(0, with_carbon=True)


def appraisal_steps(flows: PlanFlows | None) -> pd.DataFrame:
    """List the present value of each step at the default rate; the counted ones sum to the NPV.

    Returns:
        Table :data:`sogdia.finance.tables.STEPS`; empty without flows.
    """
    if flows is None:
        return STEPS.frame([])
    return STEPS.frame(
        (name, name in COUNTED, *(npv(flow, DEFAULT_RATE) for flow in flows.steps[name]), GUIDELINES[name])
        for name in (*COUNTED, *APART)
    )
