"""What a section of a brief is made of: tables with units, pictures, and words for the templates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from sogdia.report.figures import Origin
from sogdia.report.style import Picture
from sogdia.report.wording import fixed, places_for

Kind = Literal["words", "number", "change"]
SHORT = 10
"""Rows up to which a table stays on one printed page."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: Column of the data frame.
        title: Heading.
        unit: Unit, shown under the heading; empty for words.
        kind: Words, a number, or a change shown with its sign.
        places: Decimals; where not given, so that the largest value keeps two significant digits.
        page: Whether the page shows it; the workbook has all.
    """

    key: str
    title: str
    unit: str = ""
    kind: Kind = "words"
    places: int | None = None
    page: bool = True


@dataclass(frozen=True, eq=False)
class Table:
    """A table of the brief, the same in the page and in the workbook.

    Attributes:
        name: Short name; the sheet's.
        title: Caption.
        columns: Columns, in order.
        frame: The values, unrounded.
        origin: Where they come from.
        note: Line under the table.
        most: Rows shown on the page; the workbook has all.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    origin: Origin
    note: str = ""
    most: int = 40

    def cells(self) -> list[list[str]]:
        """The page's cells as text, row by row."""
        shown = self.frame.head(self.most)
        made = [_column_cells(shown[column.key].tolist(), column) for column in self.on_page]
        return [list(row) for row in zip(*made, strict=True)] if len(shown) else []

    @property
    def on_page(self) -> tuple[Column, ...]:
        """The columns that the page shows."""
        return tuple(column for column in self.columns if column.page)

    @property
    def headings(self) -> tuple[str, ...]:
        """Titles that can be read alone: one that goes on from the one before says what it is of.

        On the page “Trade, without” is followed by “with the plan”; alone that is “Trade, with the plan”.
        """
        told, head = [], ""
        for column in self.columns:
            goes_on = column.title[:1].islower() and head
            head = head if goes_on else column.title.partition(",")[0]
            told.append(f"{head}, {column.title}" if goes_on else column.title)
        return tuple(told)

    @property
    def short(self) -> bool:
        """Whether it is kept on one printed page."""
        return min(len(self.frame), self.most) <= SHORT

    @property
    def left_out(self) -> int:
        """Rows that only the workbook has."""
        return max(len(self.frame) - self.most, 0)


def _column_cells(values: Sequence[Any], column: Column) -> list[str]:
    if column.kind == "words":
        return ["" if value is None or value != value else str(value) for value in values]
    numbers = [None if value is None or pd.isna(value) else float(value) for value in values]
    finite = [value for value in numbers if value is not None and math.isfinite(value)]
    places = places_for(finite) if column.places is None else column.places
    return [fixed(value, places, sign=column.kind == "change") for value in numbers]


@dataclass(frozen=True, eq=False)
class Section:
    """A section of the brief: what its template needs.

    Attributes:
        id: Its short name; the template is ``sections/ID.html.j2``.
        title: Heading.
        words: What the template says things with: names, lists, choices. No number stands here but as text
            of a figure.
        tables: Tables by name.
        pictures: Pictures by name.
    """

    id: str
    title: str
    words: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
