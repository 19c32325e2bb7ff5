"""Cost, opening year and finance of a plan's projects: the one rule that all packages use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sogdia.case.deals import counted_deals
from sogdia.case.editor import TableEditor
from sogdia.case.openings import project_opening
from sogdia.case.plan import Plan
from sogdia.case.tables import FINANCE, PROJECTS
from sogdia.errors import UnknownNameError
from sogdia.region import Region
from sogdia.tables import cell

COST = "capex_musd"
"""Column of ``projects`` with the cost."""


def project_table(plan: Plan, region: Region, projects: pd.DataFrame) -> pd.DataFrame:
    """Describe the projects of a plan: opening year, cost and home share.

    Args:
        plan: The plan.
        region: The region without edits.
        projects: Table ``projects`` with the edits of variants.

    Returns:
        Table :data:`sogdia.case.tables.PROJECTS`, indexed by project. A project without a cost of its own
        that is part of another of the plan adds no cost to it.

    Raises:
        UnknownNameError: If the region has no such project.
    """
    known: dict[str, Any] = {str(key): row for key, row in projects.to_dict("index").items()}
    chosen, rows = {choice.project for choice in plan.projects}, []
    for choice in plan.projects:
        if choice.project not in known:
            raise UnknownNameError("project", choice.project, known)
        row = known[choice.project]
        opening = project_opening(choice, region)
        has_cost = not pd.isna(row[COST])
        part_of = str(row["part_of"]) if row["part_of"] in chosen and not has_cost else ""
        rows.append(
            (
                choice.project,
                opening.year,
                opening.source,
                row["start_year"],
                0.0 if part_of else float(row[COST]),
                part_of,
                row["basis"] if has_cost else "",
                row["source"] if has_cost else "",
                home_cost_share(str(row["iso3"]), region.home),
                choice.project in plan.in_baseline,
            )
        )
    frame = PROJECTS.frame(rows)
    years = {"opening_year": "Int64", "start_year": "Int64"}
    frame = frame.astype({**years, "cost_musd": "float64", "home_share": "float64"})
    return frame.set_index("project", drop=False)


def finance_table(editor: TableEditor, plan: Plan) -> pd.DataFrame:
    """List the finance of a plan's projects: the plan's shares, or the counted deals of the project.

    A share is of the project's cost: ``amount = cost · share_pct / 100``. Deals have amounts of their own.

    Args:
        editor: Tables before any shock.
        plan: The plan.

    Returns:
        Table :data:`sogdia.case.tables.FINANCE`.

    Raises:
        UnknownNameError: If the region has no such project.
    """
    deals = editor.frame("deals")
    counted = deals[counted_deals(deals) & (deals["project"] != "").to_numpy(dtype=bool)]
    projects = project_table(plan, editor.region, editor.frame("projects")).to_dict("index")
    rows: list[dict[str, Any]] = []
    for choice in plan.projects:
        project = projects[choice.project]
        common = {
            "project": choice.project,
            "opening_year": project["opening_year"],
            "delay_a": 0.0,
            "withdrawn": False,
            "in_baseline": choice.project in plan.in_baseline,
        }
        for part in choice.finance:
            stated = {
                "partner": part.partner,
                "lender_class": part.lender_class or "",
                "amount_musd": amount_of_share(part.share_pct, project["cost_musd"]),
            }
            rows.append({**common, **stated, "basis": "plan", "row": choice.project})
        if choice.finance:
            continue
        for key, deal in counted[counted["project"] == choice.project].iterrows():
            stated = {"partner": deal["partner"], "lender_class": "", "amount_musd": deal["amount_musd"]}
            rows.append({**common, **stated, "basis": "deals", "row": key})
    frame = FINANCE.frame(pd.DataFrame(rows, columns=list(FINANCE.column_names)))
    frame["opening_year"] = frame["opening_year"].astype("Int64")
    return frame.astype({"amount_musd": float, "delay_a": float, "withdrawn": bool, "in_baseline": bool})


def project_cost(project: str, region: Region) -> float:
    """Return the published cost of a project, USD million; NaN if none is published.

    Raises:
        UnknownNameError: If the region has no such project.
    """
    projects = region.table("projects")
    if project not in projects.index:
        raise UnknownNameError("project", project, projects.index)
    return float(cell(projects, project, COST))


def amount_of_share(share_pct: float, cost_musd: float) -> float:
    """Return the amount of a share of a project's cost, USD million."""
    return cost_musd * share_pct / 100.0


def share_of_amount(amount_musd: float, cost_musd: float) -> float:
    """Return the share of a project's cost that an amount is, per cent."""
    return 100.0 * amount_musd / cost_musd


def home_cost_share(countries: str, home: Iterable[str]) -> float:
    """Return the part of a project's cost that falls on home countries: equal parts of all countries.

    Args:
        countries: Countries that the project lies in, ``;`` between them.
        home: Home countries.
    """
    codes, members = countries.split(";"), set(home)
    return sum(code in members for code in codes) / len(codes)


def home_finance_shares(countries: str, home: Iterable[str]) -> list[tuple[str, float]]:
    """Divide the finance of a project among the home countries that it lies in, in equal parts.

    Returns:
        Home country and its part; the parts sum to 1, and there are none if no home country is named.
    """
    members = set(home)
    codes = [code for code in countries.split(";") if code in members]
    return [(code, 1.0 / len(codes)) for code in codes]
