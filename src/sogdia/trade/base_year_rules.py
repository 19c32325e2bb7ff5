"""Faults of a base year, and the rules that apply to its special cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.errors import Fault
from sogdia.trade.base_year import MAX_SUPPLY_ELASTICITY, BaseYear
from sogdia.trade.tables import REPORT

FINAL_MEANING = {
    "clipped": "set to 0, the other sectors scaled to the same income",
    "residual": "kept as a constant negative share of income",
}
NEGATIVE_FINAL = "negative final demand"
"""Rule of :attr:`Baseline.report` for cells of final demand that are negative in the data."""


def structure_faults(baseline: BaseYear) -> list[Fault]:
    """Report inputs that exceed purchases, economies without income or final demand, impossible factors."""
    faults = _factor_faults(baseline)
    allowed = baseline.final_rule == "residual"
    for k, j in np.argwhere((baseline.final_demand < 0.0) & (not allowed)):
        used = baseline.expenditure[k, j] - baseline.final_demand[k, j]
        problem = (
            f"{baseline.economies[j]} uses {used:g} of {baseline.sectors[k]} as inputs but buys "
            f"{baseline.expenditure[k, j]:g}"
        )
        fix = "correct the shares, or take final demand as clipped or residual"
        faults.append(Fault("intermediate", None, "share", problem, fix, "final"))
    for j, name in enumerate(baseline.economies):
        if baseline.value_added[j] <= 0.0:
            faults.append(Fault("flows", None, "value", f"{name} has no value added", "", "no-value-added"))
        elif baseline.labour_income[j] <= 0.0:
            problem, fix = f"specific factors have all value added of {name}", "leave a share for labour"
            faults.append(Fault("specific", None, "share", problem, fix, "no-labour"))
        if not faults and baseline.final_expenditure[j] <= 0.0:
            faults.append(Fault("flows", None, "value", f"{name} has no final demand", "", "no-spending"))
        income = baseline.value_added[j] + baseline.tariff_revenue[j]
        if not faults and income + baseline.named_transfers[j] <= 0.0:
            paid = -baseline.named_transfers[j]
            problem = f"{name} pays named transfers of {paid:g} net from an income of {income:g}"
            fix = "use the unit of the flows"
            faults.append(Fault("transfers", None, "value", problem, fix, "transfers"))
    return faults


def _factor_faults(baseline: BaseYear) -> list[Fault]:
    """Report specific factors that have more than value added, and supplies that fall with rents."""
    share, elasticity = baseline.specific_share, baseline.supply_elasticity
    faults = []
    if share is not None:
        for k, i in np.argwhere(~((share >= 0.0) & (share <= baseline.value_added_share))):
            problem = (
                f"{baseline.economies[i]} {baseline.sectors[k]}: the specific factor has {share[k, i]:g} of "
                f"costs and value added {baseline.value_added_share[k, i]:g}"
            )
            fix = "give a share from 0 to that of value added"
            faults.append(Fault("specific", None, "share", problem, fix, "specific-share"))
    if elasticity is not None:
        for k, i in np.argwhere(~((elasticity >= 0.0) & (elasticity <= MAX_SUPPLY_ELASTICITY))):
            problem = f"{baseline.economies[i]} {baseline.sectors[k]}: {elasticity[k, i]:g} is out of range"
            fix = f"give an elasticity from 0 to {MAX_SUPPLY_ELASTICITY:g}"
            faults.append(Fault("specific", None, "supply_elasticity", problem, fix, "supply-elasticity"))
    return faults


def base_year_report(baseline: BaseYear) -> pd.DataFrame:
    """Return the special cases of the data with the rule that applies to each."""
    rows: list[tuple[str, str, str, float, str]] = []
    flow, expenditure = baseline.flow, baseline.expenditure
    diagonal = np.arange(flow.shape[1])
    for k, j in np.argwhere((flow[:, diagonal, diagonal] <= 0.0) & (expenditure > 0.0)):
        value = float(expenditure[k, j])
        meaning = "expenditure without home sales; home production at the substitute price if all imports end"
        rows.append(("no home sales", baseline.economies[j], baseline.sectors[k], value, meaning))
    for j, name in enumerate(baseline.economies):
        if baseline.imbalance[j] > baseline.value_added[j]:
            meaning = "trade deficit above value added; kept while trade can carry it"
            rows.append(("imbalance", name, "", float(baseline.imbalance[j]), meaning))
    for k, j in np.argwhere(baseline.observed_demand < 0.0):
        value = float(baseline.observed_demand[k, j])
        meaning = "final demand in the data; " + FINAL_MEANING[baseline.final_rule]
        rows.append((NEGATIVE_FINAL, baseline.economies[j], baseline.sectors[k], value, meaning))
    zero_flows = int((flow <= 0.0).sum())
    if zero_flows:
        rows.append(("zero flows", "", "", float(zero_flows), "pairs and sectors without trade stay at zero"))
    return REPORT.frame(rows)
