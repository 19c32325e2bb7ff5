"""What a table is: the declaration that checking, reading, describing and storing all follow.

Each table is declared once, as a Frictionless Table Schema in ``schemas/<table>.json``. Beside the
standard's own properties a field may say its ``unit``, that it is a list (``separator``), what it
refers to (``references``, where a plain foreign key is too narrow) and that its cells name units
themselves (``holds``).
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
    """Base of the declarations: frozen, and no key goes unread."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, alias_generator=to_camel)


class ColumnReference(BaseModel):
    """One column of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resource: str
    field: str


class References(BaseModel):
    """What the cells of a field must be found in.

    Attributes:
        resource: Table referred to.
        field: Its column.
        also: Words allowed besides.
        also_from: Further columns whose values are allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    resource: str
    field: str
    also: tuple[str, ...] = ()
    also_from: ColumnReference | tuple[ColumnReference, ...] = ()

    @property
    def columns(self) -> tuple[ColumnReference, ...]:
        """Every column in which a cell may be found."""
        further = (self.also_from,) if isinstance(self.also_from, ColumnReference) else self.also_from
        return (ColumnReference(resource=self.resource, field=self.field), *further)


class Constraints(Declaration):
    """Table Schema constraints on a field's cells."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] | None = None


class FieldSchema(Declaration):
    """One column: its type, its unit, its meaning and what its cells must satisfy.

    ``unit_from`` names another column of the row whose cell tells the unit, where rows differ;
    ``units`` says, on that other column, which words stand for which units.
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
    """The table and columns that a foreign key points to."""

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
        title: What one row is, in a phrase.
        description: What the table says and how to read it.
        min_rows: 1 where a region cannot do without; 0 where it may hold the header only.
        fields: Columns in order.
        primary_key: Columns that together name a row.
        foreign_keys: Plain references to other tables.
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
        """Whether each row says how its figures were had."""
        return {"basis", "source"} <= set(self.field_names)

    def field(self, name: str) -> FieldSchema:
        """The column called ``name``.

        Raises:
            KeyError: If the table has no such column.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@cache
def schema_descriptors() -> Mapping[str, Mapping[str, Any]]:
    """Every table's Table Schema as it stands in its file, by table name."""
    folder = files("sogdia.tables").joinpath("schemas")
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".json"):
            descriptor = json.loads(entry.read_text(encoding="utf-8"))
            found[str(descriptor["name"])] = descriptor
    return MappingProxyType(found)


@cache
def table_schemas() -> Mapping[str, TableSchema]:
    """Every table that a region pack holds, by name.

    Raises:
        pydantic.ValidationError: If a schema file itself is wrong, which is a fault of Sogdia's.
    """
    return MappingProxyType(
        {name: TableSchema.model_validate(item) for name, item in schema_descriptors().items()}
    )
