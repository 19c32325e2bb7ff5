"""The hand-made region of freight with money: a bank's soft loans, a bond market, an owner's railway."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from freight.borderland import PROVENANCE, Rows, write_borderland

from sogdia import Case, Plan, Region, Scenario, build_case, load_region

MARKET = {"code": "XMK", "name": "The market", "kind": "market", "member_of": ""}
BOND = {
    "lender_class": "bond", "partner": "XMK", "currency": "USD", "interest_pct": "7", "fee_pct": "",
    "maturity_a": "10", "grace_a": "10", "tied_pct": "0", "collateral": "no", "cross_default": "no",
    "year": "2023",
}  # fmt: skip
ROAD = {"project": "pj_road", "opening_year": 2023}
BY_THE_BANK = {**ROAD, "finance": [{"partner": "XBK", "lender_class": "bank_soft", "share_pct": 60.0}]}
BY_TWO = {
    **ROAD,
    "finance": [
        {"partner": "XBK", "lender_class": "bank_soft", "share_pct": 60.0},
        {"partner": "XAC", "lender_class": "xac_state", "share_pct": 40.0},
    ],
}
Edit = Callable[[str, Rows], Rows]


def small_region(folder: Path, edit: Edit = lambda _table, rows: rows) -> Region:
    """The region; ``edit`` may change the rows of each table on the way."""

    def mine(table: str, rows: Rows) -> Rows:
        if table == "parties":
            rows = [*rows, {**PROVENANCE, **MARKET}]
        if table == "lending_terms":
            rows = [*rows, {**PROVENANCE, **BOND}]
        return edit(table, rows)

    return load_region(write_borderland(folder, mine))


def case_in(region: Region, *projects: dict[str, Any]) -> Case:
    """The region in its base year with a plan of projects."""
    plan = Plan.model_validate({"name": "a_plan", "title": "A plan", "projects": list(projects)})
    now = Scenario.model_validate({"name": "now", "title": "Now", "year": 2023, "growth": "none"})
    return build_case(region, plan, now)
