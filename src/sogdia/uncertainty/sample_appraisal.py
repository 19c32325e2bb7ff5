"""Appraise a plan in a sample with its benefits and drawn costs: rates of return have a distribution."""

from __future__ import annotations

import pandas as pd

from sogdia.coupling.joint import JointResult
from sogdia.dependence.engine_runs import has_power, no_power
from sogdia.dependence.home_results import goods_by_home, power_by_home
from sogdia.dependence.solve import plan_benefits
from sogdia.finance.plan_appraisal import plan_appraisal, plan_flows
from sogdia.finance.tables import APPRAISAL

APPRAISED = APPRAISAL.name
"""Name of the table stored of a sample."""


def sample_appraisal(result: JointResult) -> pd.DataFrame:
    """Appraise the plan of a run against its baseline, without shocks.

    The gain from goods is that without the cost of electricity, which the power system counts
    (:func:`sogdia.dependence.solve.benefit_lines`).

    Args:
        result: Run of the plan.

    Returns:
        Table :data:`sogdia.finance.tables.APPRAISAL`; no rows for the baseline plan, under shocks, or without
        costs from the decision year on.
    """
    case, baseline = result.case, result.baseline
    if case.scenario.shocks or case.plan.digest == baseline.coupled.case.plan.digest:
        return APPRAISAL.frame([])
    homes = case.region.home
    goods = goods_by_home(result.coupled).set_index("home")
    own = result.coupled.economies().set_index("economy")["trade_gain_musd"]
    goods["gain_musd"] = own.reindex(goods.index)
    before, after = (
        (power_by_home(each, homes) if has_power(case) else no_power(homes)["homes"]).set_index("home")
        for each in (baseline.power, result.power)
    )
    return plan_appraisal(plan_flows(case, plan_benefits(case, goods, before, after)))
