"""Write tables as an Excel workbook: numbers as numbers, and text as text whatever it begins with."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.extras import install_message
from sogdia.files import replacing
from sogdia.tables.results import ResultColumn, ResultTable

MAX_SHEET_NAME = 31
MAX_CELL = 32_767
"""Limits of Excel, in characters."""
_MAX_WIDTH, _MIN_WIDTH, _SAMPLED_ROWS = 60, 6, 200
_NUMBER_WIDTH = 13
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True, "bottom": 1},
    "unit": {"italic": True, "font_color": "#5b6673", "bottom": 1},
    "large": {"num_format": "#,##0"},
    "medium": {"num_format": "#,##0.00"},
    "small": {"num_format": "0.0000"},
}
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
_RESERVED = "history"
"""Name that Excel keeps for itself."""


def sheet_names(names: Iterable[str]) -> list[str]:
    """Return names that Excel accepts: short, without its signs, none empty, no two alike in any case.

    >>> sheet_names(["a/b", "A_B", "", "History", "x" * 40])[:4]
    ['a_b', 'A_B 2', 'sheet', 'History_']
    """
    found: list[str] = []
    for name in names:
        plain = "".join(sign for sign in name.translate(_NOT_IN_NAMES) if sign.isprintable()).strip()
        plain = plain[:MAX_SHEET_NAME] or "sheet"
        plain = f"{plain}_" if plain.lower() == _RESERVED else plain
        unique, number, used = plain, 1, {each.lower() for each in found}
        while unique.lower() in used:
            number += 1
            ending = f" {number}"
            unique = plain[: MAX_SHEET_NAME - len(ending)] + ending
        found.append(unique)
    return found


def write_workbook(
    tables: Mapping[str, pd.DataFrame],
    path: Path,
    declared: Mapping[str, ResultTable] = MappingProxyType({}),
) -> None:
    """Write tables as the sheets of a workbook, each with a frozen header and a filter, without their index.

    Text is never taken for a formula or an address. The same tables give the same file on any day. The file
    is written atomically.

    Args:
        tables: Tables by name of their sheet.
        path: The workbook.
        declared: Declarations by name of the table; a sheet of a declared table has labels as headings,
            units in the row below, and formats of numbers. Columns without declaration keep their name.

    Raises:
        CannotRunError: If it cannot be written, or XlsxWriter is not installed.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError, XlsxWriterException
    except ImportError as error:
        raise CannotRunError(install_message("a workbook", ["ledger"], ["xlsxwriter"])) from error

    with replacing(path) as draft:
        book = Workbook(str(draft), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
        formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
        for (name, table), title in zip(tables.items(), sheet_names(tables), strict=True):
            sheet = book.add_worksheet(title)
            _write_sheet(sheet, table, declared.get(name), formats)
        try:
            book.close()
        except FileCreateError as error:
            reason = getattr(error.args[0] if error.args else error, "strerror", None) or error
            raise CannotRunError(f"{path}: cannot be written: {reason}") from error
        except XlsxWriterException as error:
            raise CannotRunError(f"{path}: cannot be written as a workbook: {error}") from error


def _write_sheet(
    sheet: Any, table: pd.DataFrame, declaration: ResultTable | None, formats: Mapping[str, Any]
) -> None:
    columns = {column.name: column for column in declaration.columns} if declaration else {}
    header_rows = 1 if declaration is None else 2
    for place, name in enumerate(map(str, table.columns)):
        column = columns.get(name)
        heading = column.label if column else name
        sheet.write_string(0, place, heading, formats["heading"])
        values = table.iloc[:, place].tolist()
        number_format = None
        if declaration is not None:
            sheet.write(1, place, column.unit if column else None, formats["unit"])
            number_format = formats.get(_number_format(column, table.iloc[:, place]))
        for line, value in enumerate(values, start=header_rows):
            _write_cell(sheet, line, place, value)
        sampled = values[:_SAMPLED_ROWS] if number_format is None else [" " * _NUMBER_WIDTH]
        longest = max([len(heading), *(len(str(value)) for value in sampled)])
        sheet.set_column(place, place, min(max(longest + 1, _MIN_WIDTH), _MAX_WIDTH), number_format)
    sheet.freeze_panes(header_rows, 0)
    if len(table.columns):
        sheet.autofilter(header_rows - 1, 0, len(table) + header_rows - 1, len(table.columns) - 1)


def _number_format(column: ResultColumn | None, values: pd.Series[Any]) -> str:
    """Return the name of a format that suits the largest value of a column of numbers; else empty."""
    if column is None or column.type != "number" or not pd.api.types.is_float_dtype(values):
        return ""
    sizes = values.abs()
    largest = float(sizes[sizes < math.inf].max())
    return "large" if largest >= 1e4 else "medium" if largest >= 10.0 else "small"


def _write_cell(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, str(value)[:MAX_CELL])
