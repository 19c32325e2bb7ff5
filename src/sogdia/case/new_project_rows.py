"""Rows of the tables of a region that a new project of a plan consists of, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from sogdia.case.plan import NewProject, ProjectChoice
from sogdia.codes import OPERATING, PLANNED
from sogdia.region import Region
from sogdia.tables import FieldSchema, table_schemas
from sogdia.tables.yaml_text import KeyPath

ADDED: Final = ("places", "links", "crossings", "transfers", "plants", "interconnectors", "pipelines")
"""Tables that a new project may add rows to."""
CHANGED: Final = ("table", "row", "field", "value", "action")
"""Keys of a change of an existing row; the last may be left out."""
LIKE: Final = "like"
"""Key of a row to copy cells from."""
PLAN_SOURCE: Final = "own_plan"
PLAN_DOCUMENT: Final = {"id": PLAN_SOURCE, "title": "Plan of the user", "publisher": "the user"}
"""Row of ``sources`` that new projects cite by default."""
NOT_COPIED: Final = ("status", "project", "opening_year", "closing_year", "basis", "source", "note", "name")
"""Cells that are those of the new project, not of a row that it is like."""


@dataclass(frozen=True)
class NewRow:
    """A row that a plan states.

    Attributes:
        table: Table that it belongs to.
        cells: Its cells as text; a column that is missing is empty.
        at: Key path of the plan that states it.
    """

    table: str
    cells: Mapping[str, str]
    at: KeyPath


def rows_of(choice: ProjectChoice, region: Region) -> Iterator[NewRow]:
    """Yield the row of ``projects``, the rows that the project adds, and its effects on them and on others.

    Args:
        choice: A project with ``new``, whose tables and columns exist.
        region: The region as its pack has it.
    """
    new, at = choice.new, ("projects", choice.project, "new")
    if new is None:
        return
    common = {"basis": new.basis, "source": new.source or PLAN_SOURCE, "note": new.note}
    figures = new.model_dump(
        include={"name", "iso3", "sector", "capex_musd", "start_year", "completion_year"}
    )
    yield NewRow("projects", {"id": choice.project, "status": PLANNED, **_texts(figures), **common}, at)
    for table, rows in new.adds.items():
        for position, stated in enumerate(rows):
            suffix = f"_{position + 1}" if len(rows) > 1 else ""
            here = (*at, "adds", table, position)
            cells = _added_cells(table, stated, choice.project, new, region) | common
            if "id" in table_schemas()[table].primary_key:
                cells = {"id": f"{choice.project}{suffix}"} | cells
            cells |= _texts({name: value for name, value in stated.items() if name != LIKE})
            yield NewRow(table, cells, here)
            if "status" in table_schemas()[table].field_names:
                yield NewRow("project_effects", _effect(choice.project, table, cells) | common, here)
    for position, change in enumerate(new.changes):
        cells = {"project": choice.project, "action": "set", **_texts(change), **common}
        yield NewRow("project_effects", cells, (*at, "changes", position))


def _effect(project: str, table: str, cells: Mapping[str, str]) -> dict[str, str]:
    """Return the effect by which a project opens a row."""
    key = "/".join(cells.get(name, "") for name in table_schemas()[table].primary_key)
    return {
        "project": project, "table": table, "row": key, "action": "open", "field": "status",
        "value": OPERATING,
    }  # fmt: skip


def _added_cells(
    table: str, stated: Mapping[str, Any], project: str, new: NewProject, region: Region
) -> dict[str, str]:
    """Return the cells that a row does not state itself: those of the row it is like, and of its project."""
    schema = table_schemas()[table]
    own = {"status": PLANNED, "project": project, "name": new.name}
    if ";" not in new.iso3:
        own["iso3"] = new.iso3
    cells = {name: value for name, value in own.items() if name in schema.field_names}
    if LIKE not in stated:
        return cells
    frame = region.tables[table].frame
    copied = {
        field.name: _cell_text(frame.at[str(stated[LIKE]), field.name], field)
        for field in schema.fields
        if field.name not in (*NOT_COPIED, "id")
    }
    return {**copied, **{name: value for name, value in cells.items() if not copied.get(name)}}


def _texts(cells: Mapping[str, Any]) -> dict[str, str]:
    """Return cells of a plan as text; a missing one is empty."""
    return {
        name: "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
        for name, value in cells.items()
    }


def _cell_text(value: Any, field: FieldSchema) -> str:
    """Return a typed cell as the text that it is read from."""
    if field.type == "string":
        return str(value)
    if pd.isna(value):
        return ""
    if field.type == "boolean":
        return (field.true_values if value else field.false_values)[0]
    return f"{float(value):.15g}" if field.type == "number" else str(int(value))
