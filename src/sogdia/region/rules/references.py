"""References between tables: foreign keys, lists of keys, and keys with additional codes."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import DESCRIPTOR, RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import FieldSchema, Table, TableSchema


def check_references(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that every key that a cell names exists."""
    for table in tables.values():
        if table.frame.empty:
            continue
        for key in table.schema.foreign_keys:
            yield from _foreign_key(table, key.fields, tables[key.reference.resource], key.reference.fields)
        for field in table.schema.fields:
            if field.references is not None:
                yield from _field_reference(table, field, tables)


def _foreign_key(
    table: Table, fields: tuple[str, ...], target: Table, columns: tuple[str, ...]
) -> Iterator[Fault]:
    # Lists are read several times faster than columns of text.
    existing = set(zip(*(target.data[name].tolist() for name in columns), strict=True))
    hints: dict[tuple[str, ...], str] = {}
    for position, cell in enumerate(zip(*(table.data[name].tolist() for name in fields), strict=True)):
        if cell not in existing and any(part != "" for part in cell):
            name = "/".join(map(str, cell))
            if cell not in hints:
                hints[cell] = did_you_mean(name, ["/".join(map(str, key)) for key in existing])
            problem = f"{clip(name)} is not in {target.name}.{'/'.join(columns)}"
            yield row_fault(table, position, "/".join(fields), problem, hints[cell], "reference")


def allowed_values(schema: TableSchema, field: FieldSchema, tables: Tables) -> set[str] | None:
    """Return the values that a cell of ``field`` may have; ``None`` if it may have any."""
    if field.references is not None:
        allowed = set(field.references.also)
        for column in field.references.columns:
            allowed |= set(tables[column.resource].data[column.field].tolist())
        return allowed - {""}
    for key in schema.foreign_keys:
        if key.fields == (field.name,):
            return set(tables[key.reference.resource].data[key.reference.fields[0]].tolist())
    return None


def _field_reference(table: Table, field: FieldSchema, tables: Tables) -> Iterator[Fault]:
    references, allowed = field.references, allowed_values(table.schema, field, tables)
    if references is None or allowed is None:
        return
    rows: dict[str, list[int]] = {}
    for position, text in enumerate(table.data[field.name].tolist()):
        rows.setdefault(text, []).append(position)
    where = f"{references.resource}.{references.field}"
    for text, positions in rows.items():
        parts = text.split(field.separator) if field.separator else [text]
        for part in parts if text else []:
            if part in allowed:
                continue
            problem = f"{clip(part)} is not in {where}" if part else "a list with an empty part"
            hint = did_you_mean(part, allowed)
            for position in positions:
                yield row_fault(table, position, field.name, problem, hint, "reference")


_SUBJECTS = {
    "territory": ("parties", "code"),
    "operator": ("parties", "code"),
    "border": ("parties", "code"),
    "place": ("places", "id"),
    "link": ("links", "id"),
}


def check_restriction_subjects(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the subject of a restriction exists in its scope; a border is two parties."""
    table = tables["restrictions"]
    for position, (scope, subject) in enumerate(zip(table.data["scope"], table.data["subject"], strict=True)):
        if scope not in _SUBJECTS or not subject:
            continue
        name, column = _SUBJECTS[scope]
        existing = set(tables[name].data[column])
        parts = subject.split("/") if scope == "border" else [subject]
        if scope == "border" and len(parts) != 2:
            problem = f"{clip(subject)} is not a border of two parties"
            yield row_fault(table, position, "subject", problem, "write A/B with two codes", "reference")
        for part in parts:
            if part not in existing:
                problem = f"{clip(part)} is not in {name}.{column}"
                yield row_fault(
                    table, position, "subject", problem, did_you_mean(part, existing), "reference"
                )


def check_home_group(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Check that the home group of the descriptor has economies."""
    groups = set(tables["economies"].data["group"])
    if block.home_group not in groups:
        problem = f"no economy is of group {clip(block.home_group)}"
        hint = did_you_mean(block.home_group, groups)
        yield Fault(DESCRIPTOR, None, "sogdia.home_group", problem, hint, "reference")
