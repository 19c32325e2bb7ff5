"""Payments abroad to owners of plants: power purchase, take-or-pay, availability."""

from __future__ import annotations

import math

import pandas as pd

from sogdia.case import Case
from sogdia.codes import MEASURED, NOT_MEASURED, OPERATING
from sogdia.finance.tables import OWNERS


def owner_payments(case: Case, first: int, years: int) -> pd.DataFrame:
    """List the payments of home countries to owners of operating plants by year.

    ``s · m (1 + x)^(t − t_0)`` with the owner's share s, the payment m of the first year (volume times price,
    or the amount) and the indexation x. The plants are those that operate in the case; a plant that does not
    exist is not paid for.

    Args:
        case: The case.
        first: First year.
        years: Number of years.

    Returns:
        Table :data:`sogdia.finance.tables.OWNERS`. A contract without a published price has empty payments.
    """
    status = case.table("plants")["status"].to_dict()
    rows = []
    for key, row in case.table("owner_payments").to_dict("index").items():
        if str(row["payer"]) not in case.region.home or status.get(row["plant"]) != OPERATING:
            continue
        start = float(row["musd_a"])
        if math.isnan(start):
            start = float(row["gwh_a"]) * float(row["usd_per_mwh"]) / 1000.0
        share = float(row["owner_share_pct"]) / 100.0
        index = 0.0 if pd.isna(row["indexation_pct_a"]) else float(row["indexation_pct_a"]) / 100.0
        since, until = int(row["from_year"]), int(row["until_year"])
        for year in range(max(first, since), min(first + years - 1, until) + 1):
            paid = share * start * (1.0 + index) ** (year - since)
            found = NOT_MEASURED if math.isnan(paid) else MEASURED
            contract = (row["payer"], row["owner"], row["plant"], row["kind"], year, paid, found)
            rows.append((*contract, f"owner_payments/{key}"))
    return OWNERS.frame(rows)
