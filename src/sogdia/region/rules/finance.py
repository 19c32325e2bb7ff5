"""Shares in project companies and in duties of customs unions, and payments to owners of plants."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

ROUNDING_PCT = 0.1


def check_company_shares(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the shares in the company of a project sum to 100 %."""
    table = tables["company_shares"]
    for project, group in table.data.reset_index(drop=True).groupby("project", sort=False):
        total = float(group["share_pct"].sum())
        if abs(total - 100.0) > ROUNDING_PCT:
            problem = f"the shares in the company of {project} sum to {total:.4g} %"
            expected = "give every shareholder, 100 % in all"
            yield row_fault(table, int(group.index[0]), "share_pct", problem, expected, "company shares")


def check_customs_unions(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the shares of members in the duties of a union sum to 100 %."""
    table = tables["customs_unions"]
    for union, group in table.data.reset_index(drop=True).groupby("union", sort=False):
        total = float(group["duties_share_pct"].sum())
        if abs(total - 100.0) > ROUNDING_PCT:
            problem = f"the shares in the duties of {union} sum to {total:.4g} %"
            expected = "give every member, 100 % in all"
            yield row_fault(
                table, int(group.index[0]), "duties_share_pct", problem, expected, "customs unions"
            )


def check_owner_payments(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a payment has one price at most and ends after it begins."""
    table = tables["owner_payments"]
    for position, row in enumerate(table.data.to_dict("records")):
        if row["until_year"] < row["from_year"]:
            problem = f"{row['until_year']:g} is before from_year {row['from_year']:g}"
            yield row_fault(table, position, "until_year", problem, "give a later year", "owner payments")
        by_volume = not (pd.isna(row["gwh_a"]) and pd.isna(row["usd_per_mwh"]))
        if by_volume and not pd.isna(row["musd_a"]):
            problem = "the payment has an amount and a volume or price too"
            yield row_fault(table, position, "musd_a", problem, "give one of the two", "owner payments")
        elif by_volume and (pd.isna(row["gwh_a"]) or pd.isna(row["usd_per_mwh"])):
            field = "gwh_a" if pd.isna(row["gwh_a"]) else "usd_per_mwh"
            problem = "the payment has a volume or a price but not both"
            yield row_fault(table, position, field, problem, "give both or none", "owner payments")
