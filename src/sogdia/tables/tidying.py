"""Write tables that a spreadsheet saved back as clean CSV: UTF-8, commas, decimal points, line feeds.

No value changes: a byte-order mark, another encoding or separator, blank rows and spaces around cells go, and
decimal commas of a column of numbers become points. What is left to correct is listed, and stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sogdia.errors import CannotRunError, Fault, FaultsError, InputError
from sogdia.files import os_errors, read_bytes, write_file
from sogdia.tables.reading import LARGEST_FILE, RawTable, faults_of_content, read_text
from sogdia.tables.spreadsheet import SPREADSHEETS, is_spreadsheet, read_workbook

DAY = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)
"""A day as the reader of workbooks writes it."""


@dataclass(frozen=True)
class Tidied:
    """A file that was examined.

    Attributes:
        path: The CSV file.
        source: File that its rows are from: itself, or a workbook.
        rows: Number of its rows.
        is_changed: Whether its bytes changed.
    """

    path: Path
    source: Path
    rows: int
    is_changed: bool


def tidy(place: Path, encoding: str = "") -> list[Tidied]:
    """Write a CSV file, those of a folder, or the sheets of a workbook as clean CSV, all or none.

    A sheet becomes ``SHEET.csv`` next to its workbook; the only sheet of a workbook takes the name of the
    workbook. A sheet replaces a CSV file of its name only if that is older than the workbook.

    Args:
        place: File or folder, such as a region pack; folders inside are not entered.
        encoding: Encoding of CSV files that are not UTF-8, such as ``cp1252``.

    Returns:
        The files, in order of their names.

    Raises:
        FaultsError: If a file is not a table; all errors together, and nothing is written.
        InputError: If the encoding is unknown, or two workbooks have one table.
        CannotRunError: If a file cannot be read or written, or there is none.
    """
    faults: list[Fault] = []
    clean: dict[Path, tuple[Path, bytes, int]] = {}
    for source in _sources(place):
        for path, raw, data in _tables(source, encoding, faults):
            if path in clean and is_spreadsheet(clean[path][0]) and is_spreadsheet(source):
                raise InputError(f"{clean[path][0].name} and {source.name} both have {path.name}; remove one")
            clean[path] = source, data, len(raw.rows)
    if faults:
        raise FaultsError(faults)
    results = []
    for path, (source, data, rows) in sorted(clean.items()):
        is_changed = not path.is_file() or read_bytes(path) != data
        if is_changed:
            write_file(path, data)
        results.append(Tidied(path, source, rows, is_changed))
    return results


def _sources(place: Path) -> list[Path]:
    """Return the files to read, CSV files before the workbooks that may replace them."""
    with os_errors(place):
        if not place.is_dir():
            place.stat()
            return [place]
        paths = [path for path in sorted(place.iterdir()) if not path.name.startswith((".", "~$"))]
    tables = [path for path in paths if path.suffix.lower() == ".csv"]
    books = [path for path in paths if path.suffix.lower() in SPREADSHEETS]
    if not tables and not books:
        raise CannotRunError(f"{place}: no CSV file and no workbook (.xlsx, .ods)")
    return [*tables, *books]


def _tables(source: Path, encoding: str, faults: list[Fault]) -> Iterator[tuple[Path, RawTable, bytes]]:
    """Yield the tables of a file with their clean bytes; those of a clean file do not change."""
    if is_spreadsheet(source):
        sheets = read_workbook(source)
        for name, raw in sheets.items():
            path = source.with_name(f"{source.stem if len(sheets) == 1 else name}.csv")
            if not path.is_file() or path.stat().st_mtime <= source.stat().st_mtime:
                yield path, raw, _csv_of(_with_days(raw))
        return
    data = _decoded(read_bytes(source, LARGEST_FILE), encoding)
    raw, found = read_text(data, source.name)
    faults += faults_of_content(raw, found)
    if raw.header:
        yield source, raw, _csv_of(raw) if found else data


def _decoded(data: bytes, encoding: str) -> bytes:
    """Return data as UTF-8; as they are if they are UTF-8 already, or no encoding is given."""
    if not encoding:
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return data.decode(encoding).encode("utf-8")
        except LookupError as error:
            raise InputError(f"encoding: no encoding is called {encoding!r}; try cp1252 or cp1251") from error
        except UnicodeDecodeError as error:
            raise InputError(f"encoding: the file is not {encoding}: {error.reason}") from error
    return data


def _with_days(raw: RawTable) -> RawTable:
    rows = [[DAY.sub(r"\1-\2-\3", cell) if DAY.fullmatch(cell) else cell for cell in row] for row in raw.rows]
    return RawTable(raw.file, raw.header, rows, raw.lines)


def _csv_of(raw: RawTable) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name.strip() for name in raw.header])
    writer.writerows([cell.strip() for cell in row] for row in raw.rows)
    return buffer.getvalue().encode("utf-8")
