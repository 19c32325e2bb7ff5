"""Build the section on sources: rows of the pack behind the figures, and documents that they cite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.region import Region
from sogdia.report.figures import Figures, Origin
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import capitalise, format_count, format_date, join_names

TITLE_FIELDS = ("name", "title", "words", "what")
"""Fields that name a row to a reader, in order of preference."""
BASES = ("reported", "derived", "assumed")
NO_PUBLISHER = "none"
"""Entry in the pack for a document without publisher."""
ORIGIN = Origin("rows of the pack")


class Named(Protocol):
    """Inputs of a page: its region, and names in place of ids."""

    @property
    def region(self) -> Region:
        """The region."""
        ...

    def with_names(self, text: str) -> str:
        """Return a text with ids replaced by names."""
        ...


def build(inputs: Named, figures: Figures) -> Section:
    """Build the section from the rows that the figures cite."""
    references = list(dict.fromkeys(row for origin in figures.cited for row in origin.rows))
    documents: dict[str, dict[str, str]] = {}
    rows = []
    for reference in references:
        table, _, key = reference.partition("/")
        try:
            traced = inputs.region.trace(table, key)
        except UnknownNameError:
            continue
        documents |= {str(name): fields for name, fields in traced["sources"].items()}
        rows.append(
            {
                "row": f"{traced['file']}:{traced['line']}",
                "title": _title(inputs, key, traced),
                "basis": str(traced.get("basis", "")),
                "documents": "; ".join(str(fields["title"]) for fields in traced["sources"].values()),
                "key": key,
                "note": str(traced.get("note", "")),
                "reference": reference,
            }
        )
    counts = pd.Series([row["basis"] for row in rows]).value_counts()
    context = {
        "rows": format_count(len(rows), "row"),
        "bases": join_names([f"{int(counts[basis])} {basis}" for basis in BASES if basis in counts]),
        "documents": format_count(len(documents), "document"),
    }
    return Section("sources", "Sources", context, {"rows": _rows(rows), "documents": _documents(documents)})


def _title(inputs: Named, key: str, row: Mapping[str, Any]) -> str:
    """Return the name of a row for readers."""
    name = next((str(row[field]) for field in TITLE_FIELDS if row.get(field)), "")
    return capitalise(name or inputs.with_names(key).replace("_", " "))


def _rows(rows: list[dict[str, str]]) -> Table:
    columns = (
        Column("row", "File and line"),
        Column("title", "Row"),
        Column("basis", "Basis"),
        Column("documents", "Documents"),
        Column("key", "Key", on_page=False),
        Column("note", "Note", on_page=False),
    )
    frame = pd.DataFrame(rows, columns=[*(column.key for column in columns), "reference"])
    note = "The workbook has the notes of the rows, with the reason of each assumption."
    return Table("rows", "Rows of the pack behind the figures", columns, frame, ORIGIN, note, max_rows=60)


def _documents(documents: Mapping[str, Mapping[str, str]]) -> Table:
    columns = (
        Column("title", "Title"),
        Column("publisher", "Publisher"),
        Column("date", "Date"),
        Column("url", "Address"),
    )
    rows = [
        {
            "title": str(fields.get("title", "")),
            "publisher": "" if fields.get("publisher") == NO_PUBLISHER else str(fields.get("publisher", "")),
            "date": format_date(str(fields.get("date", ""))),
            "url": str(fields.get("url", "")),
        }
        for fields in documents.values()
    ]
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table("documents", "Documents", columns, frame, ORIGIN, max_rows=80)
