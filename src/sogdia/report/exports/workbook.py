"""All tables of runs as a formatted workbook, with units, what each run is, and the sources."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.report.exports.bundle import Bundle, unit_of

MOST_ROWS = 1_048_000
"""Rows that a sheet can have, less its head."""
LONGEST_NAME, WIDEST, NARROWEST, LOOKED_AT = 31, 48, 9, 200
HEAD_ROWS = 2


def write_tables_workbook(bundle: Bundle, path: Path) -> Path:
    """Write a workbook: runs, one sheet a table with its units under the heads, sources.

    Raises:
        CannotRunError: If a table has more rows than a sheet can hold, or the file cannot be written.
    """
    import xlsxwriter

    tables = {"runs": bundle.runs, **{name: bundle.stacked(name) for name in bundle.names}}
    tables["sources"] = bundle.sources()
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            raise CannotRunError(
                f"{name} has {len(table):,} rows, more than a sheet holds: export fewer runs"
            )
    made = io.BytesIO()
    plain = {"strings_to_urls": False, "strings_to_formulas": False, "in_memory": True}
    with xlsxwriter.Workbook(made, plain) as book:
        book.set_properties({"title": f"Sogdia: {bundle.region.title}"})
        styles = _styles(book)
        for name, table in tables.items():
            _sheet(book, styles, name, table)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.getvalue())
    except OSError as error:
        raise CannotRunError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def _styles(book: Any) -> dict[str, Any]:
    grey = {"font_color": "#5b6673", "italic": True}
    return {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "right": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "align": "right"}),
        "unit": book.add_format({**grey, "bottom": 1}),
        "unit_right": book.add_format({**grey, "bottom": 1, "align": "right"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
        "fine": book.add_format({"num_format": "0.0000"}),
        "plain": book.add_format({"num_format": "0"}),
    }


def _sheet(book: Any, styles: dict[str, Any], name: str, table: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name[:LONGEST_NAME])
    for place, column in enumerate(map(str, table.columns)):
        values = table[column]
        words = not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)
        sheet.write_string(0, place, column.replace("_", " "), styles["head" if words else "right"])
        sheet.write_string(1, place, unit_of(column), styles["unit" if words else "unit_right"])
        form = None if words else styles[_form(column, values)]
        sheet.set_column(place, place, _width(column, values, words=words), form)
        for row, value in enumerate(values.tolist(), HEAD_ROWS):
            _cell(sheet, row, place, value)
    sheet.freeze_panes(HEAD_ROWS, 1)
    if len(table):
        sheet.autofilter(1, 0, len(table) + 1, len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)


def _form(column: str, values: pd.Series[Any]) -> str:
    if column == "year" or column == "group":
        return "plain"
    largest = float(values.abs().replace(math.inf, math.nan).max()) if len(values) else 0.0
    return "whole" if largest >= 1e4 else "number" if largest >= 10.0 else "fine"


def _width(column: str, values: pd.Series[Any], *, words: bool) -> float:
    longest = max((len(str(value)) for value in values.head(LOOKED_AT)), default=0) if words else 14
    return float(min(max(longest + 1, len(column) * 0.7, NARROWEST), WIDEST))


def _cell(sheet: Any, row: int, place: int, value: Any) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        if math.isinf(value):
            sheet.write_string(row, place, "∞")
    elif isinstance(value, (bool, int, float)):
        sheet.write(row, place, value)
    elif value is not None and not pd.isna(value):
        sheet.write_string(row, place, str(value))
