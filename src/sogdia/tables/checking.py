"""Check of the cells of one table against its declaration, by frictionless.

Frictionless checks types, constraints and the primary key; this module turns its report into errors with
line, field and suggested fix. It adds what a Table Schema cannot express: errors of the header, and numbers
in plain digits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.tables.cell import LARGEST_NUMBER, PLAIN
from sogdia.tables.reading import RawTable
from sogdia.tables.schema import FieldSchema, TableSchema, schema_descriptors

_TYPE_WORDS = {"number": "a number", "integer": "a whole number", "boolean": "yes or no", "string": "text"}
_MOST_ERRORS = 1_000_000
_VALID: set[bytes] = set()
"""Digests of the cells and declarations that this process has found without error."""


def check_header(raw: RawTable, schema: TableSchema) -> list[Fault]:
    """Check for missing, extra and repeated columns.

    Args:
        raw: The table as read.
        schema: Its declaration.

    Returns:
        The errors; columns may be in any order.
    """
    declared = schema.field_names
    faults = []
    for position, column in enumerate(raw.header):
        if column in raw.header[:position]:
            faults.append(
                Fault(raw.file, 1, column, "the column is given twice", "delete one", "column-twice")
            )
        elif column not in declared:
            hint = did_you_mean(column, set(declared) - set(raw.header)) or "delete it"
            problem = "not a column of the table" if column else "a column without a name"
            faults.append(Fault(raw.file, 1, column or None, problem, hint, "extra-column"))
    faults.extend(
        Fault(raw.file, 1, column, "the column is missing", "add it", "missing-column")
        for column in declared
        if column not in raw.header
    )
    if not raw.rows and schema.min_rows:
        faults.append(
            Fault(raw.file, None, None, "the table has no rows", "at least one is needed", "no-rows")
        )
    return faults


def check_cells(raw: RawTable, schema: TableSchema) -> list[Fault]:
    """Check types, ranges, vocabularies, patterns, required cells and the primary key.

    Frictionless copies the declaration several times, whatever the number of rows. So cells that this process
    has found valid are not checked again: of an edited pack, only the changed tables are.

    Args:
        raw: The table as read; missing columns are not checked.
        schema: Its declaration.

    Returns:
        Every error of every cell, in line order.
    """
    from frictionless import Resource, Schema, validate

    positions = {name: raw.header.index(name) for name in schema.field_names if name in raw.header}
    if not positions or not raw.rows:
        return []
    cells: list[list[str]] = [list(positions)]
    cells.extend([row[i] for i in positions.values()] for row in raw.rows)
    descriptor = _present_part(schema, positions)
    digest = hashlib.sha256(repr((schema.name, descriptor, cells)).encode()).digest()
    if digest in _VALID:
        return []
    resource = Resource(name=schema.name, data=cells, schema=Schema.from_descriptor(descriptor))
    report = validate(resource, limit_errors=_MOST_ERRORS)
    faults = list(_invalid_numbers(raw, schema, positions))
    reported = {(fault.line, fault.field) for fault in faults}
    for error in report.tasks[0].errors:
        if error.type == "primary-key" and "position" not in error.note:
            continue  # an empty key, which its required cells report already
        fault = _translate(error, raw, schema)
        if (fault.line, fault.field) not in reported:
            faults.append(fault)
    if not faults:
        _VALID.add(digest)
    return sorted(faults, key=lambda fault: fault.line or 0)


def _present_part(schema: TableSchema, positions: dict[str, int]) -> dict[str, Any]:
    full = schema_descriptors()[schema.name]
    fields = {item["name"]: item for item in full["fields"]}
    part: dict[str, Any] = {"fields": [fields[name] for name in positions], "missingValues": [""]}
    if all(name in positions for name in schema.primary_key):
        part["primaryKey"] = list(schema.primary_key)
    return part


def _invalid_numbers(raw: RawTable, schema: TableSchema, positions: dict[str, int]) -> Iterator[Fault]:
    """Yield cells that Python reads as numbers and a spreadsheet does not: ``NaN``, ``1_000``, ``１２``."""
    for field in schema.fields:
        plain = PLAIN.get(field.type)
        if plain is None or field.name not in positions:
            continue
        position = positions[field.name]
        for line, row in zip(raw.lines, raw.rows, strict=True):
            cell = row[position]
            if not cell:
                continue
            if not plain.fullmatch(cell):
                yield Fault(raw.file, line, field.name, _not_of_type(cell, field), number_hint(cell), "type")
            elif abs(float(cell)) > LARGEST_NUMBER:
                problem = f"{clip(cell)} is out of range"
                fix = f"expected at most {LARGEST_NUMBER:g} in absolute value"
                yield Fault(raw.file, line, field.name, problem, fix, "type")


def number_hint(cell: str) -> str:
    """Suggest a fix of a cell that is no number."""
    if re.fullmatch(r"-?[\d\s ,.]+", cell):
        return "write digits with a decimal point and no thousands separator"
    return "leave it empty if not known"


def _not_of_type(cell: str, field: FieldSchema) -> str:
    return f"{clip(cell)} is not {_TYPE_WORDS[field.type]}"


def _translate(error: Any, raw: RawTable, schema: TableSchema) -> Fault:
    line = raw.lines[error.row_number - 2]
    if error.type == "primary-key":
        earlier = re.search(r"position (\d+)", error.note)
        where = f"on line {raw.lines[int(earlier.group(1)) - 2]}" if earlier else "above"
        key = "/".join(raw.rows[error.row_number - 2][raw.header.index(name)] for name in schema.primary_key)
        columns = "/".join(schema.primary_key)
        problem = f"{clip(key)} is given already {where}"
        return Fault(raw.file, line, columns, problem, "keys must be unique", "duplicate-key")
    if error.type in ("type-error", "constraint-error", "unique-error"):
        field = schema.field(error.field_name)
        cell = str(error.cell)
        if error.type == "type-error":
            return Fault(raw.file, line, field.name, _not_of_type(cell, field), "", "type")
        if error.type == "unique-error":
            problem = f"{clip(cell)} is given twice"
            return Fault(raw.file, line, field.name, problem, "values must be unique", "constraint-unique")
        return _constraint_fault(error, cell, Fault(raw.file, line, field.name, ""), field)
    return Fault(raw.file, line, None, str(error.note), "", str(error.type))


def _constraint_fault(error: Any, cell: str, at: Fault, field: FieldSchema) -> Fault:
    found = re.search(r'constraint "(\w+)"', error.note)
    rule = found.group(1) if found else ""
    limits = field.constraints
    problem, fix = f"{clip(cell)} violates {error.note}", ""
    if rule == "required":
        problem, fix = "the cell is empty", f"{field.title[:1].lower()}{field.title[1:]} is required"
    elif rule == "minimum":
        problem = f"{cell} is below {limits.minimum:g}"
    elif rule == "maximum":
        problem = f"{cell} is above {limits.maximum:g}"
    elif rule == "enum":
        problem, fix = f"{clip(cell)} is not in the vocabulary", did_you_mean(cell, limits.enum or ())
    elif rule == "pattern":
        problem = f"{clip(cell)} does not match {limits.pattern}"
    return Fault(at.file, at.line, at.field, problem, fix, f"constraint-{rule}")
