"""Tables as answers: the same filters, pages and formats for input tables, result tables and differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
from fastapi import Request, Response

from sogdia.api.stored_dependence import TABLES as DEPENDENCE_TABLES
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.tables.results import ResultTable
from sogdia.web.answers import fixed_answer
from sogdia.web.formats import MEDIA_TYPES, Format, file_bytes, join_json, rows_of
from sogdia.web.models import ColumnInfo, TablePage
from sogdia.web.selection import Selection, select_rows
from sogdia.web.workbench import Workbench

DECLARED: Final[Mapping[str, ResultTable]] = MappingProxyType({**DEPENDENCE_TABLES, **RESULT_TABLES})
"""Declared tables of runs of any kind, by name."""
TABLE_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": TablePage,
        "description": "A page of the table, or a file with all rows that pass the filters.",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for form, media_type in MEDIA_TYPES.items()
            if form is not Format.JSON
        },
    },
    304: {"description": "The client has this version."},
}
"""Answers of every route of a table, in the description of the API."""
FILTERS: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "filters",
            "in": "query",
            "description": "Any column: column=value (repeat it for several values), column__ne, and for "
            "numbers column__gt, column__gte, column__lt, column__lte.",
            "schema": {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 0},
            "style": "form",
            "explode": True,
        }
    ]
}
"""Description of the filters, which are parameters of any name."""


@dataclass(frozen=True)
class TableText:
    """Name, title, meaning and source of a table."""

    name: str
    title: str
    description: str
    source: str


@dataclass(frozen=True)
class TableSource:
    """A table as a route has it.

    Attributes:
        text: Its name and so on.
        parts: All that its content depends on, such as the id of a run.
        frame: Reads it; shared, so not to be changed.
        columns: Columns of a frame of some of its columns.
        declared: Its declaration, if it is a result table.
    """

    text: TableText
    parts: tuple[object, ...]
    frame: Callable[[], pd.DataFrame]
    columns: Callable[[pd.DataFrame], Sequence[ColumnInfo]]
    declared: ResultTable | None = None


def table_answer(
    request: Request, bench: Workbench, table: TableSource, selection: Selection, form: Format
) -> Response:
    """Return a page of a table as JSON, or all rows that pass the filters as a file."""
    parts = ("table", table.text, *table.parts, selection, form)

    def page() -> bytes:
        rows = select_rows(table.frame(), selection)
        columns = table.columns(rows)
        if form is not Format.JSON:
            text = table.text
            notes = {"title": text.title, "meaning": text.description, "source": text.source}
            return file_bytes(form, table.text.name, rows, columns, notes, table.declared)
        limit = min(selection.limit, bench.settings.limits.rows)
        part = rows.iloc[selection.offset : selection.offset + limit]
        head = {
            "name": table.text.name, "title": table.text.title, "description": table.text.description,
            "source": table.text.source, "columns": [column.model_dump() for column in columns],
            "total": len(rows), "offset": selection.offset, "limit": limit,
        }  # fmt: skip
        return join_json(head, rows_of(part))

    file_name = "" if form is Format.JSON else f"{table.text.name}.{form}"
    return fixed_answer(request, bench, parts, page, MEDIA_TYPES[form], file_name)
