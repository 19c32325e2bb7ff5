"""Sources: the rows that the figures rest on, and the documents that the rows cite."""

from __future__ import annotations

import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it; to be called last, when all figures are cited."""
    rows = list(dict.fromkeys(row for origin in figures.cited for row in origin.rows))
    documents: dict[str, dict[str, str]] = {}
    listed = []
    for row in rows:
        name, _, key = row.partition("/")
        try:
            found = inputs.region.trace(name, key)
        except UnknownNameError:
            continue
        documents |= {str(name): cells for name, cells in found["sources"].items()}
        listed.append(
            {
                "row": f"{found['file']}:{found['line']}",
                "key": key,
                "place": row,
                "basis": str(found.get("basis", "")),
                "sources": "; ".join(str(cells["title"]) for cells in found["sources"].values()),
            }
        )
    columns = (
        Column("row", "File and line"),
        Column("key", "Row"),
        Column("basis", "Basis"),
        Column("sources", "Documents"),
    )
    origin = Origin("rows of the pack")
    table = Table(
        "rows", "Rows of the pack behind the figures", columns, _placed(listed, columns), origin, most=60
    )
    told = (
        Column("title", "Title"),
        Column("publisher", "Publisher"),
        Column("date", "Date"),
        Column("url", "Address"),
    )
    papers = [{part: str(cells.get(part, "")) for part in ("title", "publisher", "date", "url")}
              for cells in documents.values()]  # fmt: skip
    return Section(
        "sources", "Sources", {},
        {
            "rows": table,
            "documents": Table("documents", "Documents", told, _frame(papers, told), origin, most=80),
        },
    )  # fmt: skip


def _placed(rows: list[dict[str, str]], columns: tuple[Column, ...]) -> pd.DataFrame:
    """The rows with ``place``, as footnotes name them."""
    return pd.DataFrame(rows, columns=["place", *(column.key for column in columns)])


def _frame(rows: list[dict[str, str]], columns: tuple[Column, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[column.key for column in columns])
