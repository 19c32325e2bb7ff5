"""Edits of tables by the plan and the year: rows not open yet, projects built and excluded, variants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case.capacities import apply_capacities
from sogdia.case.editor import EditReason, Mask, TableEditor
from sogdia.case.openings import row_opening_year
from sogdia.case.plan import Plan, ProjectChoice
from sogdia.case.scenario import Scenario
from sogdia.codes import CLOSED, OPERATING, PLANNED
from sogdia.tables import parse_cell, table_schemas

DATED = ("links", "plants", "interconnectors", "pipelines")
"""Tables whose rows have an opening year."""


def apply_time(editor: TableEditor, year: int) -> None:
    """Set rows to their state in the scenario's year.

    Rows that operate today but opened later are planned again, old plants are closed, and capacities are
    those of the year.
    """
    _close_plants(editor, year)
    for table in DATED:
        frame = editor.frame(table)
        later = (frame["status"] == OPERATING) & (frame["opening_year"] > year).fillna(False)
        mask = np.asarray(later.to_numpy(dtype=bool))
        editor.set(table, mask, "status", PLANNED, EditReason("time", f"opened after {year}"))
    apply_capacities(editor, year)


def _close_plants(editor: TableEditor, year: int) -> None:
    plants = editor.frame("plants")
    ended = (plants["status"] == OPERATING) & (plants["closing_year"] <= year).fillna(False)
    mask = np.asarray(ended.to_numpy(dtype=bool))
    editor.set("plants", mask, "status", CLOSED, EditReason("time", f"closed by {year}"))


def apply_projects(editor: TableEditor, plan: Plan, year: int) -> None:
    """Close what the plan excludes, and open what it builds by ``year``."""
    effects = editor.frame("project_effects")
    for name in plan.excludes:
        _exclude_project(editor, effects[effects["project"] == name], name)
    _open_projects(editor, plan.projects, year, f"plan {plan.name or plan.title!r} builds it")


def apply_scenario_projects(editor: TableEditor, scenario: Scenario) -> None:
    """Open the projects that a scenario opens by its year, whatever the plan."""
    _open_projects(editor, scenario.projects, scenario.year, "the scenario opens it, whatever the plan")


def _open_projects(editor: TableEditor, choices: Iterable[ProjectChoice], year: int, why: str) -> None:
    effects = editor.frame("project_effects")
    for choice in choices:
        own = effects[effects["project"] == choice.project]
        for effect in own.to_dict("records"):
            opening = row_opening_year(effect, choice, editor.region)
            if opening is not None and opening > year:
                continue
            words = f"{why}, open from {opening}" if opening else why
            reason = EditReason(f"project {choice.project}", words, str(effect["source"]))
            _apply_effect(editor, effect, opening, reason)


def _exclude_project(editor: TableEditor, effects: pd.DataFrame, project: str) -> None:
    """Set rows that a project puts into use back to planned; a row that it only improves stays in use."""
    reason = EditReason(f"project {project}", "the plan excludes it")
    built = effects[(effects["field"] == "status") & (effects["value"] == OPERATING)]
    for table, row in zip(built["table"], built["row"], strict=True):
        operating = (editor.frame(table)["status"] == OPERATING).to_numpy(dtype=bool)
        editor.set(table, _row_mask(editor, table, row) & operating, "status", PLANNED, reason)


def _apply_effect(
    editor: TableEditor, effect: dict[Any, Any], opening: int | None, reason: EditReason
) -> None:
    table, row = str(effect["table"]), str(effect["row"])
    mask = _row_mask(editor, table, row)
    if effect["action"] == "scale":
        editor.scale(table, mask, str(effect["field"]), float(effect["value"]), reason)
        return
    schema = table_schemas()[table]
    field = schema.field(str(effect["field"]))
    editor.set(table, mask, field.name, parse_cell(str(effect["value"]), field), reason)
    if effect["action"] == "open" and opening is not None and "opening_year" in schema.field_names:
        editor.set(table, mask, "opening_year", opening, reason)


def _row_mask(editor: TableEditor, table: str, row: str) -> Mask:
    return np.asarray(editor.frame(table).index == row)


def apply_variant(editor: TableEditor, name: str) -> None:
    """Replace the figures that the pack chose by those of a variant."""
    variant = editor.frame("variants").loc[name]
    edits = editor.frame("variant_edits")
    for edit in edits[edits["variant"] == name].to_dict("records"):
        reason = EditReason(f"variant {name}", str(variant["title"]), str(edit["source"]))
        _apply_effect(editor, edit, None, reason)
