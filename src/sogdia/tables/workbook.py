"""Write tables as an Excel workbook: numbers as numbers, and text as text whatever it begins with."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.files import replacing

MAX_SHEET_NAME = 31
MAX_CELL = 32_767
"""Limits of Excel, in characters."""
_MAX_WIDTH, _MIN_WIDTH, _SAMPLED_ROWS = 60, 6, 200
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables as the sheets of a workbook, each with a frozen header and a filter, without their index.

    Text is never taken for a formula or an address. The same tables give the same file on any day. The file
    is written atomically.

    Args:
        tables: Tables by name of their sheet.
        path: The workbook.

    Raises:
        CannotRunError: If it cannot be written, or XlsxWriter is not installed.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError
    except ImportError as error:
        raise CannotRunError("a workbook needs XlsxWriter; install sogdia[report]") from error

    with replacing(path) as draft:
        book = Workbook(str(draft), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 1})
        for name, table in tables.items():
            sheet = book.add_worksheet(name.translate(_NOT_IN_NAMES)[:MAX_SHEET_NAME])
            _write_sheet(sheet, table, head)
        try:
            book.close()
        except FileCreateError as error:
            raise CannotRunError(f"{path}: cannot be written: {error}") from error


def _write_sheet(sheet: Any, table: pd.DataFrame, head: Any) -> None:
    columns = list(map(str, table.columns))
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, head)
        values = table.iloc[:, place].tolist()
        for line, value in enumerate(values, start=1):
            _write_cell(sheet, line, place, value)
        longest = max([len(column), *(len(str(value)) for value in values[:_SAMPLED_ROWS])])
        sheet.set_column(place, place, min(max(longest + 1, _MIN_WIDTH), _MAX_WIDTH))
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(table), len(columns) - 1)


def _write_cell(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, str(value)[:MAX_CELL])
