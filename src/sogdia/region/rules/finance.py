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
    yield from _check_sums(
        tables, "company_shares", "project", "share_pct", "the shares in the company of", "shareholder"
    )


def check_customs_unions(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the shares of members in the duties of a union sum to 100 %."""
    yield from _check_sums(
        tables, "customs_unions", "union", "duties_share_pct", "the shares in the duties of", "member"
    )


def _check_sums(tables: Tables, name: str, key: str, column: str, subject: str, part: str) -> Iterator[Fault]:
    """Check that the shares of the rows of each key sum to 100 %."""
    table = tables[name]
    for value, group in table.data.reset_index(drop=True).groupby(key, sort=False):
        total = float(group[column].sum())
        if abs(total - 100.0) > ROUNDING_PCT:
            problem = f"{subject} {value} sum to {total:.4g} %"
            expected = f"give every {part}, 100 % in all"
            yield row_fault(table, int(group.index[0]), column, problem, expected, name.replace("_", " "))


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
