"""Read the sheets of an Excel or OpenDocument workbook as rows of text with their row numbers.

Needs the extra ``geo``, whose GDAL reads these files. A formula has the value that the workbook stores
for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, did_you_mean
from sogdia.files import os_errors
from sogdia.tables.reading import RawTable

SPREADSHEETS = (".xlsx", ".ods")
NEEDS_EXTRA = "reading workbooks needs the extra geo: pip install 'sogdia[geo]'"
_AS_TEXT = {
    f"OGR_{kind}_{option}": value
    for kind in ("XLSX", "ODS")
    for option, value in (("HEADERS", "DISABLE"), ("FIELD_TYPES", "STRING"))
}
"""Options of GDAL: the first row is a row like the others, and every cell is text."""


def is_spreadsheet(path: Path) -> bool:
    """Return ``True`` for the name of a workbook."""
    return path.suffix.lower() in SPREADSHEETS


def read_workbook(path: Path) -> dict[str, RawTable]:
    """Read all sheets of a workbook that are not empty.

    The first row that is not blank is the header; blank rows and columns are left out.

    Args:
        path: The workbook, ``.xlsx`` or ``.ods``.

    Returns:
        The cells by name of the sheet, with row numbers as lines. Messages name ``FILE[SHEET]``.

    Raises:
        CannotRunError: If it cannot be read, or the extra ``geo`` is not installed.
        FaultsError: If it has no sheet with cells.
    """
    try:
        import pyogrio
        from pyogrio.errors import DataLayerError, DataSourceError
    except ImportError as error:
        raise CannotRunError(NEEDS_EXTRA) from error
    with os_errors(path):
        path.stat()
    try:
        with _options(pyogrio):
            names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
            layers = {name: pyogrio.raw.read(path, layer=name, return_fids=True) for name in names}
    except (DataSourceError, DataLayerError) as error:
        raise CannotRunError(f"{path}: not readable as a workbook; save it as .xlsx") from error
    tables = {name: _raw_table(f"{path.name}[{name}]", layer) for name, layer in layers.items()}
    tables = {name: table for name, table in tables.items() if table.header}
    if not tables:
        raise FaultsError([Fault(path.name, None, None, "no sheet has cells", "", "empty-file")])
    return tables


def sheet_named(tables: dict[str, RawTable], name: str, path: Path) -> RawTable:
    """Return the sheet of a name, or the only sheet of a workbook.

    Raises:
        InputError: If the workbook has several sheets and none of that name.
    """
    if name in tables:
        return tables[name]
    if len(tables) == 1:
        return next(iter(tables.values()))
    raise InputError(f"{path.name}: no sheet is called {name!r}; {did_you_mean(name, tables)}".rstrip("; "))


@contextmanager
def _options(pyogrio: Any) -> Iterator[None]:
    """Set the options of GDAL for the block, and restore them."""
    former = {name: pyogrio.get_gdal_config_option(name) for name in _AS_TEXT}
    pyogrio.set_gdal_config_options(_AS_TEXT)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(former)


def _raw_table(name: str, layer: Any) -> RawTable:
    _, row_numbers, _, columns = layer
    cells = [["" if cell is None else str(cell).strip() for cell in column] for column in columns]
    cells = [column for column in cells if any(column)]
    rows = [
        (int(number), list(row))
        for number, row in zip(row_numbers, zip(*cells, strict=True), strict=False)
        if any(row)
    ]
    if not rows:
        return RawTable(name)
    (_, header), *body = rows
    return RawTable(name, tuple(header), [row for _, row in body], [number for number, _ in body])
