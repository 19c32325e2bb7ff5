"""Declarations of tables, which checking, reading, describing and storing follow.

Each table is declared once, as a Frictionless Table Schema in ``schemas/<table>.json``. In addition to the
properties of the standard a field may have a ``unit``, a ``separator`` (its cells are lists), ``references``
(where a foreign key is too narrow) and ``holds`` (its cells name units).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

FieldType = Literal["string", "number", "integer", "boolean"]


class Declaration(BaseModel):
    """Base of the declarations: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, alias_generator=to_camel)


class ColumnReference(BaseModel):
    """One column of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resource: str
    field: str


class References(BaseModel):
    """Columns in which the cells of a field must occur.

    Attributes:
        resource: Table referred to.
        field: Its column.
        also: Further values allowed.
        also_from: Further columns whose values are allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    resource: str
    field: str
    also: tuple[str, ...] = ()
    also_from: ColumnReference | tuple[ColumnReference, ...] = ()

    @property
    def columns(self) -> tuple[ColumnReference, ...]:
        """Every column in which a cell may occur."""
        further = (self.also_from,) if isinstance(self.also_from, ColumnReference) else self.also_from
        return (ColumnReference(resource=self.resource, field=self.field), *further)


class Constraints(Declaration):
    """Constraints of a Table Schema on the cells of a field."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] | None = None


class FieldSchema(Declaration):
    """One column: type, unit, meaning and constraints of its cells.

    Attributes:
        name: Column name.
        type: Type of its cells.
        title: Heading for readers.
        description: Meaning.
        unit: Symbol of :data:`sogdia.units.UNITS`.
        unit_from: Column of the row that gives the unit, if rows differ.
        units: Unit of each value of this column, if other columns take their unit from it.
        separator: Character between the items of a list.
        references: Columns in which its cells must occur.
        holds: ``unit`` if cells are units, ``item`` if cells are names that end in a unit.
        true_values: Text for yes.
        false_values: Text for no.
        constraints: Constraints on its cells.
    """

    name: str
    type: FieldType
    title: str
    description: str
    unit: str | None = None
    unit_from: str | None = None
    units: Mapping[str, str] = {}
    separator: str | None = None
    references: References | None = None
    holds: Literal["unit", "item"] | None = None
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()
    constraints: Constraints = Constraints()


class KeyTarget(Declaration):
    """Table and columns that a foreign key refers to."""

    resource: str
    fields: tuple[str, ...]


class ForeignKey(Declaration):
    """Columns whose values together must be a row of another table."""

    fields: tuple[str, ...]
    reference: KeyTarget


class TableSchema(Declaration):
    """Declaration of one table.

    Attributes:
        name: Table name, also its file's stem.
        title: Title for readers.
        description: Meaning of a row, and how to read it.
        min_rows: 1 if a region needs the table; 0 if it may have a header only.
        fields: Columns in order.
        primary_key: Columns that together identify a row.
        foreign_keys: References to other tables.
        missing_values: Cells that mean "not known".
    """

    name: str
    title: str
    description: str
    min_rows: int = Field(default=1, ge=0, le=1)
    fields: tuple[FieldSchema, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)

    @property
    def field_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(field.name for field in self.fields)

    @property
    def has_provenance(self) -> bool:
        """True if each row has a basis and a source."""
        return {"basis", "source"} <= set(self.field_names)

    def field(self, name: str) -> FieldSchema:
        """Return the column called ``name``.

        Raises:
            KeyError: If the table has no such column.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@cache
def schema_descriptors() -> Mapping[str, Mapping[str, Any]]:
    """Return the Table Schema of every table as written in its file, by table name."""
    folder = files("sogdia.tables").joinpath("schemas")
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".json"):
            descriptor = json.loads(entry.read_text(encoding="utf-8"))
            found[str(descriptor["name"])] = descriptor
    return MappingProxyType(found)


@cache
def table_schemas() -> Mapping[str, TableSchema]:
    """Return the declaration of every table of a region pack, by name.

    Raises:
        pydantic.ValidationError: If a schema file is invalid: a mistake in Sogdia.
    """
    return MappingProxyType(
        {name: TableSchema.model_validate(item) for name, item in schema_descriptors().items()}
    )
