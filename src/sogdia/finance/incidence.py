"""Incidence of an appraisal: who bears its costs and who gains, by home country.

Guidelines for the Economic Analysis of Projects (Manila, 1997), section XIV, paragraphs 178 to 181: effects
are divided among owners, government, consumers and other groups.
"""

from __future__ import annotations

import pandas as pd

from sogdia.finance.appraisal import DEFAULT_RATE, npv
from sogdia.finance.plan_appraisal import (
    CUSTOMS,
    ELECTRICITY,
    GOODS,
    INCREMENTAL,
    OWNERS,
    TRANSIT,
    PlanFlows,
)
from sogdia.finance.tables import INCIDENCE

CONSUMER, TREASURY, CARRIER, INVESTOR, OWNER = "consumer", "treasury", "carrier", "investor", "owner"
INCIDENTS = {
    GOODS: CONSUMER,
    ELECTRICITY: CONSUMER,
    INCREMENTAL: CONSUMER,
    TRANSIT: CARRIER,
    OWNERS: TREASURY,
    CUSTOMS: TREASURY,
}
"""Who bears or gains by a step; the other steps are those of the investor.

Payments to owners of plants are those of the state: its grid company buys their output.
"""


def incidence(flows: PlanFlows | None) -> pd.DataFrame:
    """Divide the net present value at the default rate by home country and by who bears or gains.

    Customs revenue goes from the consumers, whose real expenditure contains it, to the treasury. What owners
    of plants abroad gain, payments less works and upkeep, is apart.

    Args:
        flows: Flows of the plan.

    Returns:
        Table :data:`sogdia.finance.tables.INCIDENCE`, whose counted rows sum to the net present value; empty
        without flows.
    """
    if flows is None:
        return INCIDENCE.frame([])
    sums: dict[tuple[str, str], float] = {}
    for (step, home), flow in flows.homes.items():
        value = npv(flow, DEFAULT_RATE)
        parts = {INCIDENTS.get(step, INVESTOR): value}
        if step == CUSTOMS:
            parts[CONSUMER] = -value
        for group, part in parts.items():
            sums[home, group] = sums.get((home, group), 0.0) + part
    rows = [(*key, True, value) for key, value in sorted(sums.items())]
    rows += [(party, OWNER, False, npv(flow, DEFAULT_RATE)) for party, flow in sorted(flows.owners.items())]
    return INCIDENCE.frame(rows)
