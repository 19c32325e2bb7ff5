"""Read a user's tables from CSV, Excel, OpenDocument, Parquet and Stata files as data frames with lines.

One file may hold one table; a workbook may hold several, each a sheet with the table's name; a folder may
hold a file for each table. Cells of text files and workbooks stay text: messages show what the user wrote.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, clip, did_you_mean, nearest
from sogdia.files import os_errors
from sogdia.names import repeated_names
from sogdia.tables import read_table
from sogdia.tables.reading import RawTable, faults_of_content
from sogdia.tables.spreadsheet import is_spreadsheet, read_workbook, sheet_named
from sogdia.trade.baseline import Elasticities
from sogdia.trade.frames import LINE, Frame, Limits

TABLES = (
    "flows",
    "costs",
    "output",
    "expenditure",
    "theta",
    "change",
    "tariffs",
    "tariffs_after",
    "productivity",
    "labour",
    "wedges",
    "capacities",
    "transfers",
    "transfers_after",
    "value_added",
    "intermediate",
    "specific",
)
"""Tables of a counterfactual: names of sheets and files."""
PARQUET = (".parquet", ".pq")
STATA = ".dta"
SUFFIXES = (".csv", ".xlsx", ".ods", *PARQUET, STATA)
SHEET = "#"
"""Separates a file from the name of a sheet."""
UNREADABLE = (
    ArithmeticError, AttributeError, LookupError, MemoryError, OSError, TypeError, ValueError, struct.error,
)  # fmt: skip
"""Errors of pandas and pyarrow on damaged files: pandas checks little of what a Stata file states."""
NEEDS_PARQUET = "reading Parquet needs the extra study: pip install 'sogdia[study]'"


@dataclass(eq=False)
class Reader:
    """Reader of a user's tables.

    Attributes:
        names: New name by the name of a column in the files.
        faults: List that faults are added to.
        workbooks: Workbooks read so far.
        seen: Columns of ``names`` that a table has.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    workbooks: dict[Path, dict[str, RawTable]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def sheets(self, path: Path) -> dict[str, RawTable]:
        """Return the sheets of a workbook, which is read once."""
        if path not in self.workbooks:
            self.workbooks[path] = read_workbook(path)
        return self.workbooks[path]

    def read(self, place: Path, name: str) -> pd.DataFrame:
        """Read a table from ``FILE`` or ``WORKBOOK#SHEET``.

        Of a workbook without ``#`` it is the sheet with the name of the table, or the only one.

        Raises:
            CannotRunError: If the file cannot be read.
            InputError: If the workbook has no such sheet.
        """
        text, separator, sheet = str(place).rpartition(SHEET)
        path = Path(text) if separator and not place.exists() else place
        if is_spreadsheet(path):
            with os_errors(path):
                path.stat()
            chosen = sheet if path != place else name
            return self.frame(sheet_named(self.sheets(path), chosen, path))
        if path.suffix.lower() in (*PARQUET, STATA):
            return self.columns(path)
        with os_errors(path):
            raw, _, found = read_table(path, path.name)
        self.faults += faults_of_content(raw, found)
        return self.frame(raw)

    def frame(self, raw: RawTable) -> pd.DataFrame:
        """Return the cells of a file or sheet as a frame of text."""
        header = self.renamed(name.strip() for name in raw.header)
        rows = [[cell.strip() for cell in row] for row in raw.rows]
        table = pd.DataFrame(rows, columns=header, index=pd.Index(raw.lines, name=LINE), dtype=str)
        self.check_header(header, raw.file)
        table.attrs["file"] = raw.file
        return table

    def columns(self, path: Path) -> pd.DataFrame:
        """Return a Parquet or Stata file as a frame whose lines are its rows, counted from 1.

        Raises:
            CannotRunError: If it cannot be read, or pyarrow is not installed.
        """
        with os_errors(path):
            path.stat()
        try:
            table = pd.read_stata(path) if path.suffix.lower() == STATA else pd.read_parquet(path)
        except ImportError as error:
            raise CannotRunError(NEEDS_PARQUET) from error
        except UNREADABLE as error:
            kind = "Stata" if path.suffix.lower() == STATA else "Parquet"
            raise CannotRunError(f"{path}: not readable as {kind}; it may be damaged: {error}") from error
        if any(name is not None for name in table.index.names):
            table = table.reset_index()
        header = self.renamed(str(name).strip() for name in table.columns)
        table = table.set_axis(header, axis=1).set_axis(pd.Index(range(1, len(table) + 1), name=LINE))
        self.check_header(header, path.name)
        table.attrs = {"file": path.name}
        return table

    def renamed(self, header: Iterable[str]) -> list[str]:
        """Return column names with those of the user replaced."""
        found = list(header)
        self.seen |= set(found) & set(self.names)
        return [self.names.get(name, name) for name in found]

    def check_header(self, header: list[str], file: str) -> None:
        """Add a fault for each repeated column."""
        repeated = repeated_names(header)
        self.faults += [Fault(file, 1, name, "the column is repeated", "", "column") for name in repeated]

    def folder_or_workbook(self, source: Path) -> dict[str, pd.DataFrame]:
        """Read all tables of a workbook or folder by name.

        Raises:
            InputError: If it is neither, or a table has several files.
        """
        if source.is_dir():
            places = self._files(source)
            return {name: self.read(path, name) for name, path in places.items()}
        if not is_spreadsheet(source):
            raise InputError(f"{source.name}: expected a folder, or a workbook with a sheet for each table")
        with os_errors(source):
            source.stat()
        sheets = self.sheets(source)
        for name in sheets:
            if name not in TABLES and nearest(name, TABLES):
                problem, fix = f"no table is called {name!r}", did_you_mean(name, TABLES)
                self.faults.append(Fault(source.name, None, None, problem, fix, "sheet"))
        return {name: self.frame(raw) for name, raw in sheets.items() if name in TABLES}

    def _files(self, folder: Path) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in SUFFIXES or path.stem not in TABLES:
                continue
            if path.stem in found:
                raise InputError(
                    f"{folder.name}: {found[path.stem].name} and {path.name} are one table; keep one"
                )
            found[path.stem] = path
        return found


def read_frames(
    paths: Mapping[str, Path | None], source: Path | None = None, names: Mapping[str, str] | None = None
) -> dict[str, pd.DataFrame]:
    """Read tables as frames by name; faults of all files are reported together.

    Args:
        paths: ``FILE`` or ``WORKBOOK#SHEET`` by name; ``None`` where there is none.
        source: Folder or workbook with the tables that no path is given for.
        names: New name by the name of a column in the files.

    Raises:
        FaultsError: If a file is not valid.
        InputError: If a sheet is missing, or no table has a column to be renamed.
        CannotRunError: If a file cannot be read.
    """
    reader = Reader(names or {})
    frames = {} if source is None else reader.folder_or_workbook(source)
    for name, path in paths.items():
        if path is not None:
            frames[name] = reader.read(path, name)
    if reader.faults:
        raise FaultsError(reader.faults)
    for name in sorted(set(reader.names) - reader.seen):
        known = {str(column) for frame in frames.values() for column in frame.columns}
        raise InputError(f"rename: no table has a column {name!r}; {did_you_mean(name, known)}".rstrip("; "))
    return frames


def read_theta(text: str) -> Elasticities:
    """Read a trade elasticity from a number, or elasticities from a file ``sector``, ``theta``.

    Raises:
        FaultsError: If the file has faults.
        CannotRunError: If the file cannot be read.
    """
    value = None
    with suppress(ValueError):
        value = float(text)
    if value is not None:
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"theta: {clip(text)} is out of range; expected a trade elasticity > 0")
        return value
    place = Path(text)
    if not place.suffix and SHEET not in text and not place.exists():
        raise InputError(f"theta: {clip(text)} is neither a number nor a file")
    reader = Reader()
    table = reader.read(place, "theta")
    if reader.faults:
        raise FaultsError(reader.faults)
    return theta_of(table)


def theta_of(table: pd.DataFrame) -> Elasticities:
    """Return the elasticities of a table ``sector``, ``theta``.

    Raises:
        FaultsError: If a column is missing, a sector is repeated or a value out of range.
    """
    frame = Frame(table, table.attrs.get("file", "theta"))
    if frame.has(("sector", "theta")):
        frame.check_unique(("sector",))
        sectors, values = frame.texts("sector"), frame.numbers("theta", Limits(is_open_below=True))
        if not frame.faults:
            return dict(zip(sectors, values.tolist(), strict=True))
    raise FaultsError(frame.faults)
