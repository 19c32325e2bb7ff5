"""Parts of a section: tables with units, pictures, and values for its template."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from sogdia.report.figures import Origin
from sogdia.report.style import Picture
from sogdia.report.wording import decimals_for, format_fixed

Kind = Literal["text", "number", "effect"]
SHORT_ROWS = 10
"""Rows up to which a table stays on one printed page."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: Column of the data frame.
        title: Heading without unit; one in lower case continues the heading before it.
        unit: Unit, shown under the heading; empty for text.
        kind: ``text``, ``number``, or ``effect`` for a difference shown with its sign.
        decimals: Decimals; ``None`` shows the largest value with two significant digits.
        on_page: If false, only the workbook has the column.
    """

    key: str
    title: str
    unit: str = ""
    kind: Kind = "text"
    decimals: int | None = None
    on_page: bool = True


@dataclass(frozen=True, eq=False)
class Table:
    """A table of the brief, for the page and the workbook.

    Attributes:
        name: Short name, also that of the sheet.
        title: Caption.
        columns: Columns, in order.
        frame: Values, unrounded.
        origin: Provenance.
        note: Text under the table.
        max_rows: Rows shown on the page; the workbook has all.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    origin: Origin
    note: str = ""
    max_rows: int = 40

    def cells(self) -> list[list[str]]:
        """Return the cells of the page as text, row by row."""
        shown = self.frame.head(self.max_rows)
        texts = [_column_texts(shown[column.key].tolist(), column) for column in self.page_columns]
        return [list(row) for row in zip(*texts, strict=True)] if len(shown) else []

    @property
    def page_columns(self) -> tuple[Column, ...]:
        """Columns that the page shows."""
        return tuple(column for column in self.columns if column.on_page)

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings that can be read alone, for the workbook.

        On the page “Trade, baseline” is followed by “plan”, which is “Trade, plan” here.
        """
        headings, subject = [], ""
        for column in self.columns:
            is_continued = column.title[:1].islower() and subject
            subject = subject if is_continued else column.title.partition(",")[0]
            headings.append(f"{subject}, {column.title}" if is_continued else column.title)
        return tuple(headings)

    @property
    def is_short(self) -> bool:
        """True if the table is kept on one printed page."""
        return min(len(self.frame), self.max_rows) <= SHORT_ROWS

    @property
    def omitted_rows(self) -> int:
        """Number of rows that only the workbook has."""
        return max(len(self.frame) - self.max_rows, 0)


def drop_empty(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Return the tables that have rows."""
    return {name: table for name, table in tables.items() if len(table.frame)}


def _column_texts(values: Sequence[Any], column: Column) -> list[str]:
    if column.kind == "text":
        if any(isinstance(value, float) and value == value for value in values):
            raise AssertionError(f"column {column.key} has figures, which are no text")
        return ["" if value is None or value != value else str(value) for value in values]
    numbers = [None if value is None or pd.isna(value) else float(value) for value in values]
    finite = [value for value in numbers if value is not None and math.isfinite(value)]
    decimals = decimals_for(finite) if column.decimals is None else column.decimals
    return [format_fixed(value, decimals, sign=column.kind == "effect") for value in numbers]


@dataclass(frozen=True, eq=False)
class Section:
    """A section of the brief, with all that its template needs.

    Attributes:
        id: Short name; its template is ``sections/ID.html.j2``.
        title: Heading.
        context: Names, lists and conditions for the template; numbers only as text of figures.
        tables: Tables by name.
        pictures: Pictures by name.
    """

    id: str
    title: str
    context: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
