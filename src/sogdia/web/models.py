"""Typed answers that several routes share."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ColumnKind = Literal["text", "number", "boolean", "date"]


class Answer(BaseModel):
    """Base of the answers: frozen."""

    model_config = ConfigDict(frozen=True)


class FaultRow(Answer):
    """One error in a user's input."""

    file: str = ""
    row: int | None = Field(None, description="Line, counted from 1; empty if the error concerns the file.")
    field: str | None = None
    message: str
    suggestion: str = ""
    kind: str = ""


class Problem(Answer):
    """An error, with a suggested fix."""

    message: str
    hint: str = ""
    faults: tuple[FaultRow, ...] = ()


class ColumnInfo(Answer):
    """A column of a table."""

    name: str
    label: str
    unit: str = ""
    kind: ColumnKind
    is_key: bool = False
    description: str = ""


class TableInfo(Answer):
    """A table, without its rows."""

    name: str
    title: str
    description: str
    rows: int


class TablePage(Answer):
    """A page of a table: rows hold their values in the order of the columns."""

    name: str
    title: str
    description: str
    source: str = Field(description="Origin of the table: pack, run and version.")
    columns: tuple[ColumnInfo, ...]
    total: int = Field(description="Rows that pass the filters, on all pages.")
    offset: int
    limit: int
    rows: list[list[Any]]


class Figure(Answer):
    """A headline figure."""

    figure: str
    of: str = Field(description="Country or other part; empty for all.")
    value: float | None
    unit: str
