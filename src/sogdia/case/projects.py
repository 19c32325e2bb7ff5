"""What a plan's projects change, and which rows are there in the scenario's year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.case.plan import OPERATING, Plan, effect_year, last_opening
from sogdia.case.workbench import Mask, TableEditor, Why
from sogdia.errors import InputError
from sogdia.tables import cell, parse_cell, table_schemas

PLANNED = "planned"
DATED = ("links", "plants", "interconnectors", "pipelines")
FINANCE = "finance"
"""Name under which changes to :func:`finance_of` are logged; the pack has no such table."""
COUNTED_ROLES = ("total", "tranche")


def apply_time(bench: TableEditor, year: int) -> None:
    """Rows that operate by now but opened after the scenario's year are not there yet."""
    for table in DATED:
        frame = bench.frame(table)
        later = (frame["status"] == OPERATING) & (frame["opening_year"] > year).fillna(False)
        mask = np.asarray(later.to_numpy(dtype=bool))
        bench.set(table, mask, "status", PLANNED, Why("time", f"opened after {year}"))


def apply_projects(bench: TableEditor, plan: Plan, year: int) -> None:
    """Take away what the plan does without, and open what it builds by ``year``."""
    effects = bench.frame("project_effects")
    for name in plan.without:
        _take_away(bench, effects[effects["project"] == name], name)
    for choice in plan.projects:
        own = effects[effects["project"] == choice.project]
        for effect in own.to_dict("records"):
            opens = effect_year(bench.region, choice, effect)
            if opens is not None and opens > year:
                continue
            reason = f"plan {plan.name or plan.title!r} builds it" + (f", open from {opens}" if opens else "")
            _apply_effect(
                bench, effect, opens, Why(f"project {choice.project}", reason, str(effect["source"]))
            )


def _take_away(bench: TableEditor, effects: pd.DataFrame, project: str) -> None:
    """Take out of use the rows that a project puts into use; a row it only improves stays in use."""
    why = Why(f"project {project}", "the plan does without it")
    built = effects[(effects["field"] == "status") & (effects["value"] == OPERATING)]
    for table, row in zip(built["table"], built["row"], strict=True):
        running = _row(bench, table, row) & (bench.frame(table)["status"] == OPERATING).to_numpy(dtype=bool)
        bench.set(table, running, "status", PLANNED, why)


def _apply_effect(bench: TableEditor, effect: dict[Any, Any], opens: int | None, why: Why) -> None:
    table, row = str(effect["table"]), str(effect["row"])
    mask = _row(bench, table, row)
    if effect["action"] == "scale":
        bench.scale(table, mask, str(effect["field"]), float(effect["value"]), why)
        return
    field = table_schemas()[table].field(str(effect["field"]))
    bench.set(table, mask, field.name, parse_cell(str(effect["value"]), field), why)
    if (
        effect["action"] == "open"
        and opens is not None
        and "opening_year" in table_schemas()[table].field_names
    ):
        bench.set(table, mask, "opening_year", opens, why)


def _row(bench: TableEditor, table: str, row: str) -> Mask:
    return np.asarray(bench.frame(table).index == row)


def apply_variant(bench: TableEditor, name: str) -> None:
    """Put a variant's figures in the place of those the pack chose."""
    variant = bench.frame("variants").loc[name]
    edits = bench.frame("variant_edits")
    for edit in edits[edits["variant"] == name].to_dict("records"):
        why = Why(f"variant {name}", str(variant["title"]), str(edit["source"]))
        _apply_effect(bench, edit, None, why)


def finance_of(bench: TableEditor, plan: Plan) -> pd.DataFrame:
    """Who pays for the plan's projects: the plan's word, else the counted deals of the project.

    Returns:
        One row a project and payer: ``project``, ``partner``, ``lender_class`` (empty where not
        said), ``amount_musd`` (NaN where the cost is not known), ``opening_year``, ``delay_a``,
        ``withdrawn`` (the payer has gone), ``basis`` (``plan`` or ``deals``) and ``row`` (the deal).

    Raises:
        InputError: If a project is not in the region.
    """
    projects, deals = bench.frame("projects"), bench.frame("deals")
    counted = deals[
        deals["role"].isin(COUNTED_ROLES) & (deals["status"] != "cancelled") & (deals["project"] != "")
    ]
    rows: list[dict[str, Any]] = []
    for choice in plan.projects:
        if choice.project not in projects.index:
            raise InputError(f"no project is called {choice.project!r}")
        opens = last_opening(choice, bench.region)
        common = {"project": choice.project, "opening_year": opens, "delay_a": 0.0, "withdrawn": False}
        cost = float(cell(projects, choice.project, "capex_musd"))
        for part in choice.finance:
            amount = cost * part.share_pct / 100.0
            said = {"partner": part.partner, "lender_class": part.lender_class or "", "amount_musd": amount}
            rows.append({**common, **said, "basis": "plan", "row": choice.project})
        if choice.finance:
            continue
        for key, deal in counted[counted["project"] == choice.project].iterrows():
            said = {"partner": deal["partner"], "lender_class": "", "amount_musd": deal["amount_musd"]}
            rows.append({**common, **said, "basis": "deals", "row": key})
    columns = [
        "project",
        "partner",
        "lender_class",
        "amount_musd",
        "opening_year",
        "delay_a",
        "withdrawn",
        "basis",
        "row",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    frame["opening_year"] = frame["opening_year"].astype("Int64")
    return frame.astype({"amount_musd": float, "delay_a": float, "withdrawn": bool})


def plant_owners(bench: TableEditor) -> dict[str, set[str]]:
    """Outside owners of plants: those the table names, and those with a stake in the plant's project.

    A stake is an equity or direct investment deal of the project that opens the plant. A builder or a
    lender does not decide whether a plant runs; an owner does.
    """
    deals, effects, plants = bench.frame("deals"), bench.frame("project_effects"), bench.frame("plants")
    staked = deals[deals["instrument"].isin(["fdi", "equity"]) & (deals["status"] != "cancelled")]
    holders: dict[str, set[str]] = {}
    for project, partner in zip(staked["project"], staked["partner"], strict=True):
        holders.setdefault(project, set()).update(partner.split(";"))
    owners = {plant: set(cell.split(";")) for plant, cell in plants["owner"].items() if cell}
    opened = effects[(effects["table"] == "plants") & effects["project"].isin(list(holders))]
    for plant, project in zip(opened["row"], opened["project"], strict=True):
        owners.setdefault(plant, set()).update(holders[project])
    return {str(plant): codes for plant, codes in owners.items()}
