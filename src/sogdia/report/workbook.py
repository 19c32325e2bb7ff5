"""Write the brief as a workbook: each table in full, the figures, and a list of contents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.report.figures import COLUMNS, Figures
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import capitalise

MAX_WIDTH, MIN_WIDTH = 60, 9
HEADING_ROW = 3
"""Row of the headings, counted from zero; the row below has the units."""
ROUNDING_ERROR = 1e-9
"""Values closer to zero are rounding errors of sums and are written as zero."""
PAPER_A4 = 9
"""Code of the paper size in the file format."""
MAX_SHEET_NAME = 31
FIGURE_WIDTHS = dict(zip(COLUMNS, (24, 16, 16, 40, 60, 60, 60), strict=True))


def write_workbook(path: Path, title: str, sections: Sequence[Section], figures: Figures) -> None:
    """Write the workbook of a brief.

    Args:
        path: File to write.
        title: Title of the brief.
        sections: All its sections, including the sources.
        figures: Its figures.
    """
    import xlsxwriter

    tables = [table for section in sections for table in section.tables.values()]
    options = {"nan_inf_to_errors": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        styles = _add_styles(book)
        _write_contents(book, styles, title, tables)
        for table in tables:
            _write_table(book, styles, table)
        _write_figures(book, styles, figures)


def _add_styles(book: Any) -> dict[str, Any]:
    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "heading": book.add_format(heading),
        "number_heading": book.add_format({**heading, "align": "right"}),
        "unit": book.add_format({"font_color": "#5b6673", "italic": True, "align": "right"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#5b6673"}),
        "number": book.add_format({"num_format": "#,##0.0##", "valign": "top"}),
        "integer": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "effect": book.add_format({"num_format": "+#,##0.0##;-#,##0.0##;0", "valign": "top"}),
    }


def _write_contents(book: Any, styles: dict[str, Any], title: str, tables: Sequence[Table]) -> None:
    sheet = book.add_worksheet("contents")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, title, styles["title"])
    for row, table in enumerate(tables, 2):
        sheet.write_url(row, 0, f"internal:'{_sheet_name(table.name)}'!A1", string=table.name)
        sheet.write(row, 1, table.title, styles["text"])
    sheet.write_url(len(tables) + 2, 0, "internal:'figures'!A1", string="figures")
    sheet.write(len(tables) + 2, 1, "Figures of the text, unrounded, with their provenance")


def _write_table(book: Any, styles: dict[str, Any], table: Table) -> None:
    sheet = book.add_worksheet(_sheet_name(table.name))
    sheet.write(0, 0, table.title, styles["title"])
    sheet.write(1, 0, f"{table.note} {capitalise(table.origin.description)}.".strip(), styles["note"])
    sheet.write(2, 0, f"Runs: {'; '.join(table.origin.runs)}" if table.origin.runs else "", styles["note"])
    for place, (column, heading) in enumerate(zip(table.columns, table.headings, strict=True)):
        style = "heading" if column.kind == "text" else "number_heading"
        sheet.write(HEADING_ROW, place, heading, styles[style])
        sheet.write(HEADING_ROW + 1, place, column.unit, styles["unit"])
        values = table.frame[column.key].tolist()
        sheet.set_column(place, place, _width(column, values))
        for row, value in enumerate(values, HEADING_ROW + 2):
            _write_cell(sheet, row, place, value, column, styles)
    sheet.freeze_panes(HEADING_ROW + 2, 1)
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW, HEADING_ROW + 1)


def _write_cell(sheet: Any, row: int, place: int, value: Any, column: Column, styles: dict[str, Any]) -> None:
    if column.kind == "text":
        sheet.write_string(row, place, "" if value is None or value != value else str(value), styles["text"])
    elif value is not None and not pd.isna(value) and math.isfinite(float(value)):
        is_integer = column.kind == "number" and column.decimals is not None and column.decimals <= 0
        rounded = 0.0 if abs(float(value)) < ROUNDING_ERROR else float(value)
        sheet.write_number(row, place, rounded, styles["integer" if is_integer else column.kind])


def _width(column: Column, values: Sequence[Any]) -> int:
    longest = max((len(str(value)) for value in values), default=0) if column.kind == "text" else 10
    return min(max(longest + 2, len(column.unit) + 2, MIN_WIDTH), MAX_WIDTH)


def _write_figures(book: Any, styles: dict[str, Any], figures: Figures) -> None:
    sheet = book.add_worksheet("figures")
    table = figures.table()
    for place, (name, width) in enumerate(FIGURE_WIDTHS.items()):
        sheet.write(0, place, name, styles["heading"])
        sheet.set_column(place, place, width)
        for row, value in enumerate(table[name].tolist(), 1):
            sheet.write(row, place, value if name != "value" or math.isfinite(value) else str(value))
    sheet.freeze_panes(1, 1)


def _sheet_name(table: str) -> str:
    return table[:MAX_SHEET_NAME]
