"""Read the tables of GMNS, CSV files or sheets of a workbook: cells as text and numbers, with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.errors import CannotRunError, Fault, FaultsError, clip, did_you_mean
from sogdia.files import os_errors
from sogdia.tables.reading import RawTable, faults_of_content, read_table
from sogdia.tables.spreadsheet import is_spreadsheet, read_workbook, sheet_named

LENGTHS_KM = {
    "km": 1.0, "kilometer": 1.0, "kilometers": 1.0, "kilometre": 1.0, "kilometres": 1.0,
    "mi": 1.609344, "mile": 1.609344, "miles": 1.609344,
    "m": 1e-3, "meter": 1e-3, "meters": 1e-3, "metre": 1e-3, "metres": 1e-3,
    "ft": 3.048e-4, "foot": 3.048e-4, "feet": 3.048e-4,
}  # fmt: skip
"""Kilometres per unit of length that ``config.csv`` may name."""
SPEEDS_KMH = {
    "kph": 1.0, "kmh": 1.0, "km/h": 1.0, "kmph": 1.0, "kilometers per hour": 1.0, "kilometers_per_hour": 1.0,
    "mph": 1.609344, "mi/h": 1.609344, "miles per hour": 1.609344, "miles_per_hour": 1.609344,
    "m/s": 3.6, "mps": 3.6, "meters per second": 3.6, "ft/s": 1.09728, "fps": 1.09728,
}  # fmt: skip
"""Kilometres per hour per unit of speed."""
ALIASES = {
    "vdf_alpha": ("vdf_alpha1", "alpha"), "vdf_beta": ("vdf_beta1", "beta"),
    "vdf_fftt": ("vdf_fftt1",), "vdf_cap": ("vdf_cap1",), "toll": ("vdf_toll1",),
    "volume": ("flow", "trips"), "class": ("mode", "user_class"),
}  # fmt: skip
"""Other column names in common use, among them those of DTALite."""
"""Kinds of faults that are harmless here."""
TRUE, FALSE = {"1", "true", "t", "yes", "y", "1.0"}, {"0", "false", "f", "no", "n", "0.0"}


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of text.

    Attributes:
        file: Name for messages.
        columns: Cells by column, names in lower case.
        lines: Line of each row.
    """

    file: str
    columns: dict[str, list[str]]
    lines: list[int]

    def texts(self, column: str) -> list[str]:
        """Return the cells of a column; empty text if there is no such column."""
        return self.columns.get(column, [""] * len(self.lines))

    def numbers(self, column: str, missing: float, faults: list[Fault], *, infinite: bool = False) -> Floats:
        """Return a column as numbers, (R,); ``missing`` where a cell is empty; other cells become faults."""
        values = np.full(len(self.lines), missing)
        for i, cell in enumerate(self.columns.get(column, ())):
            if not cell or cell.lower() == "nan":
                continue
            try:
                values[i] = float(cell)
            except ValueError:
                faults.append(
                    Fault(self.file, self.lines[i], column, f"{clip(cell)} is not a number", "", "number")
                )
                continue
            if np.isnan(values[i]) or (np.isinf(values[i]) and not infinite):
                problem = f"{clip(cell)} is not a finite number"
                faults.append(Fault(self.file, self.lines[i], column, problem, "", "number"))
                values[i] = missing
        return values

    def flags(self, column: str, faults: list[Fault]) -> Bools:
        """Return a column as true or false, (R,); true where a cell is empty."""
        values = np.ones(len(self.lines), dtype=np.bool_)
        for i, cell in enumerate(self.texts(column)):
            if cell.lower() in FALSE:
                values[i] = False
            elif cell and cell.lower() not in TRUE:
                problem = f"{clip(cell)} is neither true nor false"
                faults.append(Fault(self.file, self.lines[i], column, problem, "", "flag"))
        return values

    def report(
        self, invalid: npt.ArrayLike, column: str, problem: str, kind: str, faults: list[Fault], fix: str = ""
    ) -> None:
        """Add a fault for each invalid row; ``{}`` in the problem becomes the cell."""
        cells = self.texts(column)
        faults += [
            Fault(self.file, self.lines[i], column, problem.format(cells[i]), fix, kind)
            for i in np.flatnonzero(invalid)
        ]


@dataclass(frozen=True, eq=False)
class Tables:
    """Tables by name: files of a folder, or sheets of a workbook.

    Attributes:
        folder: The folder.
        files: Files of tables that are not called ``NAME.csv``.
        sheets: Sheets of the workbook; ``None`` for a folder.
    """

    folder: Path
    files: dict[str, Path]
    sheets: dict[str, RawTable] | None = None

    def has(self, name: str) -> bool:
        """Return ``True`` if there is a table of this name."""
        return name in self.sheets if self.sheets is not None else self._path(name).is_file()

    def read(self, name: str, needed: tuple[str, ...], faults: list[Fault]) -> Sheet:
        """Read a table as :func:`read_sheet`."""
        if self.sheets is None or name in self.files:
            return read_sheet(self._path(name), needed, faults, name)
        if name not in self.sheets:
            problem, fix = f"no sheet is called {name!r}", did_you_mean(name, self.sheets)
            raise FaultsError([Fault(self.folder.name, None, None, problem, fix, "sheet")])
        return _sheet(self.sheets[name], needed, faults)

    def _path(self, name: str) -> Path:
        if name in self.files:
            return self.files[name]
        workbook = self.folder / f"{name}.xlsx"
        return workbook if workbook.is_file() else self.folder / f"{name}.csv"


def open_tables(network: Path, files: dict[str, Path]) -> Tables:
    """Open the tables of a network: a folder, its table of links, or a workbook with a sheet for each.

    Raises:
        CannotRunError: If there are no links, or the workbook cannot be read.
    """
    if network.is_dir():
        tables = Tables(network, files)
        if not tables.has("link"):
            raise CannotRunError(f"{network / 'link.csv'}: no such file")
        return tables
    if not network.is_file():
        raise CannotRunError(f"{network}: no such file")
    if is_spreadsheet(network):
        sheets = read_workbook(network)
        if "link" in sheets:
            return Tables(network, files, sheets)
    return Tables(network.parent, {"link": network, **files})


def read_sheet(path: Path, needed: tuple[str, ...], faults: list[Fault], name: str = "") -> Sheet:
    """Read a table; a missing column that is needed becomes a fault, and its cells are empty.

    Args:
        path: A CSV file, or a workbook with the table as the sheet ``name`` or as its only sheet.
        needed: Columns that the table must have.
        faults: List that errors are added to.
        name: Name of the sheet.

    Raises:
        CannotRunError: If the file cannot be read.
        FaultsError: If it is not a table.
    """
    if is_spreadsheet(path):
        return _sheet(sheet_named(read_workbook(path), name, path), needed, faults)
    with os_errors(path):
        raw, _, table_faults = read_table(path, path.name)
    table_faults = faults_of_content(raw, table_faults)
    if not raw.header:
        empty = Fault(path.name, None, None, "no table", "a table needs its header row", "empty-file")
        raise FaultsError(table_faults or [empty])
    faults += table_faults
    return _sheet(raw, needed, faults)


def _sheet(raw: RawTable, needed: tuple[str, ...], faults: list[Fault]) -> Sheet:
    cells = list(zip(*raw.rows, strict=True)) or [()] * len(raw.header)
    columns: dict[str, list[str]] = {}
    for name, column in zip(raw.header, cells, strict=True):
        key = name.strip().lower()
        if key in columns:
            faults.append(Fault(raw.file, 1, key, "second column of this name", "", "columns"))
        columns[key] = [cell.strip() for cell in column]
    for name, others in ALIASES.items():
        other = next((other for other in others if other in columns), None)
        if name not in columns and other is not None:
            columns[name] = columns.pop(other)
    for name in needed:
        if name not in columns:
            fix = did_you_mean(name, columns)
            faults.append(Fault(raw.file, 1, name, "no such column", fix, "columns"))
    return Sheet(raw.file, columns, raw.lines)
