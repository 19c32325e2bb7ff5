"""The brief as a workbook: every table in full, every figure, and the documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.report.figures import Figures
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import capital

WIDEST, NARROWEST = 60, 9
HEAD = 3
"""Row of the headings, from nought; the units stand under them."""
NOUGHT = 1e-9
"""What is nearer to nought is what sums leave over."""
A4 = 9
"""Its number among the papers of a workbook."""
LONGEST_NAME = 31


def write_workbook(path: Path, title: str, sections: Sequence[Section], figures: Figures) -> None:
    """Write it.

    Args:
        path: Where to.
        title: The brief's headline.
        sections: Its sections, the sources among them.
        figures: Its figures.
    """
    import xlsxwriter

    tables = [table for section in sections for table in section.tables.values()]
    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": False}) as book:
        styles = _styles(book)
        _contents(book, styles, title, tables)
        for table in tables:
            _sheet(book, styles, table)
        _figures(book, styles, figures)


def _styles(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}),
        "right": book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"}
        ),
        "unit": book.add_format({"font_color": "#5b6673", "italic": True, "align": "right"}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#5b6673"}),
        "number": book.add_format({"num_format": "#,##0.0##", "valign": "top"}),
        "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "change": book.add_format({"num_format": "+#,##0.0##;-#,##0.0##;0", "valign": "top"}),
    }


def _contents(book: Any, styles: dict[str, Any], title: str, tables: Sequence[Table]) -> None:
    sheet = book.add_worksheet("contents")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, title, styles["title"])
    for row, table in enumerate(tables, 2):
        sheet.write_url(row, 0, f"internal:'{_name(table.name)}'!A1", string=table.name)
        sheet.write(row, 1, table.title, styles["words"])
    sheet.write_url(len(tables) + 2, 0, "internal:'figures'!A1", string="figures")
    sheet.write(len(tables) + 2, 1, "Every figure of the text, unrounded, with where it comes from")


def _sheet(book: Any, styles: dict[str, Any], table: Table) -> None:
    sheet = book.add_worksheet(_name(table.name))
    sheet.write(0, 0, table.title, styles["title"])
    sheet.write(1, 0, f"{table.note} {capital(table.origin.how)}.".strip(), styles["note"])
    sheet.write(2, 0, f"Runs: {'; '.join(table.origin.runs)}" if table.origin.runs else "", styles["note"])
    for place, (column, heading) in enumerate(zip(table.columns, table.headings, strict=True)):
        words = column.kind == "words"
        sheet.write(HEAD, place, heading, styles["head" if words else "right"])
        sheet.write(HEAD + 1, place, column.unit, styles["unit"])
        values = table.frame[column.key].tolist()
        sheet.set_column(place, place, _width(column, values))
        for row, value in enumerate(values, HEAD + 2):
            _cell(sheet, row, place, value, column, styles)
    sheet.freeze_panes(HEAD + 2, 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD, HEAD + 1)


def _cell(sheet: Any, row: int, place: int, value: Any, column: Column, styles: dict[str, Any]) -> None:
    if column.kind == "words":
        sheet.write_string(row, place, "" if value is None or value != value else str(value), styles["words"])
    elif value is not None and not pd.isna(value) and math.isfinite(float(value)):
        whole = column.places is not None and column.places <= 0
        kind = "whole" if whole and column.kind == "number" else column.kind
        shown = 0.0 if abs(float(value)) < NOUGHT else float(value)
        sheet.write_number(row, place, shown, styles[kind])


def _width(column: Column, values: Sequence[Any]) -> int:
    words = max((len(str(value)) for value in values), default=0) if column.kind == "words" else 10
    return min(max(words + 2, len(column.unit) + 2, NARROWEST), WIDEST)


def _figures(book: Any, styles: dict[str, Any], figures: Figures) -> None:
    sheet = book.add_worksheet("figures")
    table = figures.table()
    for place, (name, width) in enumerate(
        (("figure", 24), ("value", 16), ("unit", 16), ("text", 40), ("how", 60), ("runs", 60), ("rows", 60))
    ):
        sheet.write(0, place, name, styles["head"])
        sheet.set_column(place, place, width)
        for row, value in enumerate(table[name].tolist(), 1):
            sheet.write(row, place, value if name != "value" or math.isfinite(value) else str(value))
    sheet.freeze_panes(1, 1)


def _name(table: str) -> str:
    return table[:LONGEST_NAME]
