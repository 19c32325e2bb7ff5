"""Projects that a plan states itself, as rows of the tables of its region.

A region with the rows of a plan's new projects is read by every model as if its pack had them: each row is
planned until the plan opens it, and each is checked like a row of a pack. The pack itself does not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from sogdia.case.new_project_rows import (
    ADDED,
    CHANGED,
    LIKE,
    PLAN_DOCUMENT,
    PLAN_SOURCE,
    NewRow,
    rows_of,
)
from sogdia.case.plan import Plan, ProjectChoice
from sogdia.errors import Fault, FaultsError, did_you_mean
from sogdia.region import Region, RegionBlock, rule_faults
from sogdia.tables import KEY_SEPARATOR, RawTable, Table, check_cells, table_schemas, typed_table
from sogdia.tables.yaml_text import KeyPath

FIRST_LINE: Final = 10**9
"""Line of the first new row while rules are checked; lines of files are below it."""
Lines = Mapping[KeyPath, int]


def with_new_projects(region: Region, *plans: Plan) -> Region:
    """Return the region with the rows of the new projects of some plans; itself if there are none to add.

    Args:
        region: A region, with or without rows of plans.
        plans: Plans, after their ``extends`` are merged.

    Raises:
        FaultsError: If a row has errors, or two plans state a project differently.
    """
    texts = {
        choice.model_copy(update={"opening_year": None, "finance": (), "note": ""}).model_dump_json()
        for choice in _new(plans)
    }
    if texts <= region.added:
        return region
    return _extended(region.pack or region, region.added | texts)


@lru_cache(maxsize=8)
def _extended(region: Region, texts: frozenset[str]) -> Region:
    """Return a region with new projects given as JSON; cached, so that equal cases share its tables."""
    choices = [ProjectChoice.model_validate_json(text) for text in sorted(texts)]
    extended, faults = add_projects(region, choices, "plan", {})
    if faults:
        raise FaultsError(faults)
    return replace(extended, pack=region, added=texts)


def new_project_faults(plan: Plan, region: Region, file: str, lines: Lines) -> list[Fault]:
    """Return the errors of the new projects of a plan, with the lines of its file."""
    return add_projects(region.pack or region, list(_new([plan])), file, lines)[1]


def _new(plans: Iterable[Plan]) -> Iterator[ProjectChoice]:
    return (choice for plan in plans for choice in plan.projects if choice.new is not None)


def add_projects(
    region: Region, choices: Sequence[ProjectChoice], file: str, lines: Lines
) -> tuple[Region, list[Fault]]:
    """Add the rows of new projects to the tables of a region, checked like those of a pack.

    Args:
        region: The region as its pack has it.
        choices: Projects with ``new``.
        file: Name of the plan's file for messages.
        lines: Line of each key path of the file.

    Returns:
        The region with the rows, and the errors; with errors, the region as it was.
    """
    found = [fault for choice in choices for fault in _form_faults(choice, region)]
    count = Counter(choice.project for choice in choices)
    for project in sorted(name for name, times in count.items() if times > 1):
        at: KeyPath = ("projects", project, "project")
        found.append((at, "the project is stated differently by two plans", "give one another name"))
    if found or not choices:
        return region, [_fault(each, file, lines) for each in found]
    by_table: dict[str, list[NewRow]] = {}
    if PLAN_SOURCE not in region.tables["sources"].frame.index:
        by_table["sources"] = [NewRow("sources", PLAN_DOCUMENT, ("projects",))]
    for choice in choices:
        for row in rows_of(choice, region):
            by_table.setdefault(row.table, []).append(row)
    added = {name: _AddedTable(name, rows, region, file, lines) for name, rows in by_table.items()}
    faults = [fault for table in added.values() for fault in table.faults()]
    if faults:
        return region, faults
    tables = {**region.tables, **{name: table.joined(marked=True) for name, table in added.items()}}
    block = RegionBlock(base_year=region.base_year, years=region.years, home_group=_home_group(region))
    for fault in rule_faults(tables, block, added.keys()):
        if fault.file == region.tables["islands"].file:
            continue  # a new link joins a network that the pack declares to be apart
        own = next((table for name, table in added.items() if fault.file == region.tables[name].file), None)
        faults.append(fault if own is None else own.located(fault))
    if faults:
        return region, faults
    tables |= {name: table.joined(marked=False) for name, table in added.items()}
    return replace(region, tables=MappingProxyType(tables)), []


def _home_group(region: Region) -> str:
    economies = region.tables["economies"].frame
    return str(economies.loc[economies["iso3"].isin(region.home), "group"].iloc[0])


Found = tuple[KeyPath, str, str]
"""Key path, problem and suggested fix of an error."""


def _fault(found: Found, file: str, lines: Lines) -> Fault:
    from sogdia.case.yaml_file import line_of

    at, problem, fix = found
    field = next((part for part in reversed(at) if isinstance(part, str)), None)
    return Fault(file, line_of(at, lines), field, problem, fix, "new-project")


def _form_faults(choice: ProjectChoice, region: Region) -> Iterator[Found]:
    """Yield errors of names: of the project, tables, columns and rows."""
    new, at = choice.new, ("projects", choice.project, "new")
    if new is None:
        return
    if choice.project in region.tables["projects"].frame.index:
        problem = f"the region has a project {choice.project} already"
        yield ("projects", choice.project, "project"), problem, "delete new, or give it another name"
    for table, rows in new.adds.items():
        here: KeyPath = (*at, "adds", table)
        if table not in ADDED:
            yield here, f"no rows can be added to {table!r}", did_you_mean(table, ADDED)
            continue
        columns, keys = table_schemas()[table].field_names, region.tables[table].frame.index
        for position, row in enumerate(rows):
            for name in row.keys() - {LIKE, *columns}:
                yield (*here, position, name), "no such key", did_you_mean(name, (LIKE, *columns))
            if LIKE in row and str(row[LIKE]) not in keys:
                problem = f"{table} has no row {str(row[LIKE])!r}"
                yield (*here, position, LIKE), problem, did_you_mean(str(row[LIKE]), keys)
    for position, change in enumerate(new.changes):
        here = (*at, "changes", position)
        for name in change.keys() - set(CHANGED):
            yield (*here, name), "no such key", did_you_mean(name, CHANGED)
        missing = [name for name in CHANGED[:-1] if name not in change]
        if missing:
            yield here, f"the change has no {', '.join(missing)}", "give table, row, field and value"


class _AddedTable:
    """Rows that new projects add to one table."""

    def __init__(self, name: str, rows: Sequence[NewRow], region: Region, file: str, lines: Lines) -> None:
        self.schema, self.old = table_schemas()[name], region.tables[name]
        self.rows, self.file, self.lines = rows, file, lines
        names = self.schema.field_names
        cells = [[row.cells.get(column, "") for column in names] for row in rows]
        self.raw = RawTable(file, names, cells, list(range(FIRST_LINE, FIRST_LINE + len(rows))))

    def faults(self) -> Iterator[Fault]:
        """Yield errors of cells, and keys that exist already."""
        for fault in check_cells(self.raw, self.schema):
            yield self.located(fault)
        for row in self.rows:
            key = KEY_SEPARATOR.join(row.cells.get(name, "") for name in self.schema.primary_key)
            if key in self.old.frame.index:
                problem = f"{self.schema.name} has a row {key!r} already"
                yield _fault(
                    (row.at, problem, "give it another key, or state it under changes"), self.file, self.lines
                )

    def joined(self, *, marked: bool) -> Table:
        """Return the table with the new rows at its end, their lines marked for rules or 0."""
        new = typed_table(self.raw, self.schema)
        frame = pd.concat([self.old.frame, new.frame.astype(self.old.frame.dtypes.to_dict())])
        own = new.lines if marked else np.zeros_like(new.lines)
        return replace(self.old, frame=frame, lines=np.concatenate([self.old.lines, own]))

    def located(self, fault: Fault) -> Fault:
        """Return an error of a new row with the file and line of the plan; another one as it is."""
        if fault.line is None or fault.line < FIRST_LINE:
            return fault
        from sogdia.case.yaml_file import line_of

        at = self.rows[fault.line - FIRST_LINE].at
        field = f"{self.schema.name}.{fault.field}" if fault.field else self.schema.name
        line = line_of((*at, fault.field or ""), self.lines)
        fix = fault.suggested_fix
        if fault.kind == "constraint-required" and "adds" in at:
            fix += f"; or copy it from a row of {self.schema.name} by the key like"
        return replace(fault, file=self.file, line=line, field=field, suggested_fix=fix)
