"""Sources: the rows that the figures rest on, and the documents that the rows cite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import capital, counted, day, listed

NAMED_BY = ("name", "title", "words", "what")
"""Fields that name a row to a reader, the best first."""
BASES = ("reported", "derived", "assumed")
NOBODY = "none"
"""Publisher of what nobody published."""
ORIGIN = Origin("rows of the pack")


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it; to be called last, when all figures are cited."""
    rows = list(dict.fromkeys(row for origin in figures.cited for row in origin.rows))
    documents: dict[str, dict[str, str]] = {}
    found = []
    for row in rows:
        name, _, key = row.partition("/")
        try:
            traced = inputs.region.trace(name, key)
        except UnknownNameError:
            continue
        documents |= {str(name): cells for name, cells in traced["sources"].items()}
        found.append(
            {
                "row": f"{traced['file']}:{traced['line']}",
                "called": _called(inputs, key, traced),
                "basis": str(traced.get("basis", "")),
                "sources": "; ".join(str(cells["title"]) for cells in traced["sources"].values()),
                "key": key,
                "note": str(traced.get("note", "")),
                "place": row,
            }
        )
    counts = pd.Series([each["basis"] for each in found]).value_counts()
    words = {
        "rows": counted(len(found), "row"),
        "bases": listed([f"{int(counts[basis])} {basis}" for basis in BASES if basis in counts]),
        "documents": counted(len(documents), "document"),
    }
    return Section("sources", "Sources", words, {"rows": _rows(found), "documents": _documents(documents)})


def _called(inputs: BriefInputs, key: str, row: Mapping[str, Any]) -> str:
    """A row as a reader would call it."""
    named = next((str(row[field]) for field in NAMED_BY if row.get(field)), "")
    return capital(named or inputs.plain(key).replace("_", " "))


def _rows(found: list[dict[str, str]]) -> Table:
    columns = (
        Column("row", "File and line"),
        Column("called", "What"),
        Column("basis", "Basis"),
        Column("sources", "Documents"),
        Column("key", "Row", page=False),
        Column("note", "Note", page=False),
    )
    frame = pd.DataFrame(found, columns=[*(column.key for column in columns), "place"])
    note = "The notes of the rows, with the reason of each judgement, are in the workbook."
    return Table("rows", "Rows of the pack behind the figures", columns, frame, ORIGIN, note, most=60)


def _documents(documents: Mapping[str, Mapping[str, str]]) -> Table:
    columns = (
        Column("title", "Title"),
        Column("publisher", "Publisher"),
        Column("when", "Date"),
        Column("url", "Address"),
    )
    papers = [
        {
            "title": str(cells.get("title", "")),
            "publisher": "" if cells.get("publisher") == NOBODY else str(cells.get("publisher", "")),
            "when": day(str(cells.get("date", ""))),
            "url": str(cells.get("url", "")),
        }
        for cells in documents.values()
    ]
    frame = pd.DataFrame(papers, columns=[column.key for column in columns])
    return Table("documents", "Documents", columns, frame, ORIGIN, most=80)
