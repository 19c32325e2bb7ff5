"""References between tables: foreign keys, lists of keys, and keys or a few words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.errors import Fault, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import FieldSchema, Table


def references_hold(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Every key that a cell names is there."""
    for table in tables.values():
        for key in table.schema.foreign_keys:
            yield from _foreign_key(table, key.fields, tables[key.reference.resource], key.reference.fields)
        for field in table.schema.fields:
            if field.references is not None:
                yield from _field_reference(table, field, tables)


def _foreign_key(
    table: Table, fields: tuple[str, ...], target: Table, wanted: tuple[str, ...]
) -> Iterator[Fault]:
    there = set(zip(*(target.data[name] for name in wanted), strict=True))
    cells = list(zip(*(table.data[name] for name in fields), strict=True))
    for position, cell in enumerate(cells):
        if cell not in there and any(part != "" for part in cell):
            name = "/".join(map(str, cell))
            hint = did_you_mean(name, ["/".join(map(str, key)) for key in there])
            problem = f"{name!r} is not in {target.name}.{'/'.join(wanted)}"
            yield row_fault(table, position, "/".join(fields), problem, hint, "reference")


def _field_reference(table: Table, field: FieldSchema, tables: Tables) -> Iterator[Fault]:
    references = field.references
    if references is None:
        return
    allowed = set(references.also)
    for column in references.columns:
        allowed |= set(tables[column.resource].data[column.field])
    allowed.discard("")
    cells = table.data[field.name].to_numpy(dtype=object)
    for text in np.unique(cells.astype(str)):
        parts = text.split(field.separator) if field.separator else [text]
        if text == "" or all(part in allowed for part in parts):
            continue
        where = f"{references.resource}.{references.field}"
        for part in (part for part in parts if part not in allowed):
            problem = f"{part!r} is not in {where}" if part else "an empty part of a list"
            hint = did_you_mean(part, allowed)
            for position in np.flatnonzero(cells == text):
                yield row_fault(table, int(position), field.name, problem, hint, "reference")
