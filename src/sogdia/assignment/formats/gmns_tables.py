"""The CSV files of GMNS: cells as text and numbers, with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.errors import CannotRunError, Fault, FaultsError, clip, did_you_mean
from sogdia.tables.reading import read_table

LENGTHS_KM = {
    "km": 1.0, "kilometer": 1.0, "kilometers": 1.0, "kilometre": 1.0, "kilometres": 1.0,
    "mi": 1.609344, "mile": 1.609344, "miles": 1.609344,
    "m": 1e-3, "meter": 1e-3, "meters": 1e-3, "metre": 1e-3, "metres": 1e-3,
    "ft": 3.048e-4, "foot": 3.048e-4, "feet": 3.048e-4,
}  # fmt: skip
"""Kilometres of the units of length that ``config.csv`` may name."""
SPEEDS_KMH = {
    "kph": 1.0, "kmh": 1.0, "km/h": 1.0, "kmph": 1.0, "kilometers per hour": 1.0, "kilometers_per_hour": 1.0,
    "mph": 1.609344, "mi/h": 1.609344, "miles per hour": 1.609344, "miles_per_hour": 1.609344,
    "m/s": 3.6, "mps": 3.6, "meters per second": 3.6, "ft/s": 1.09728, "fps": 1.09728,
}  # fmt: skip
"""Kilometres an hour of the units of speed."""
ALIASES = {
    "vdf_alpha": ("vdf_alpha1", "alpha"), "vdf_beta": ("vdf_beta1", "beta"),
    "vdf_fftt": ("vdf_fftt1",), "vdf_cap": ("vdf_cap1",), "toll": ("vdf_toll1",),
    "volume": ("flow", "trips"), "class": ("mode", "user_class"),
}  # fmt: skip
"""Other names of columns in common use, DTALite's among them."""
TOLERATED = {"line-ends", "spaces", "blank-row"}
"""Untidiness that files of others have and that does no harm."""
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
        """The cells of a column; empty where it is not there."""
        return self.columns.get(column, [""] * len(self.lines))

    def numbers(self, column: str, missing: float, faults: list[Fault], *, infinite: bool = False) -> Floats:
        """A column as numbers, (R,); ``missing`` where a cell is empty; cells that are none are told."""
        found = np.full(len(self.lines), missing)
        for i, cell in enumerate(self.columns.get(column, ())):
            if not cell or cell.lower() == "nan":
                continue
            try:
                found[i] = float(cell)
            except ValueError:
                faults.append(
                    Fault(self.file, self.lines[i], column, f"{clip(cell)} is not a number", "", "number")
                )
                continue
            if np.isnan(found[i]) or (np.isinf(found[i]) and not infinite):
                problem = f"{clip(cell)} is not a finite number"
                faults.append(Fault(self.file, self.lines[i], column, problem, "", "number"))
                found[i] = missing
        return found

    def flags(self, column: str, faults: list[Fault]) -> Bools:
        """A column as yes or no, (R,); yes where a cell is empty."""
        found = np.ones(len(self.lines), dtype=np.bool_)
        for i, cell in enumerate(self.texts(column)):
            if cell.lower() in FALSE:
                found[i] = False
            elif cell and cell.lower() not in TRUE:
                problem = f"{clip(cell)} is neither true nor false"
                faults.append(Fault(self.file, self.lines[i], column, problem, "", "flag"))
        return found

    def tell(self, bad: npt.ArrayLike, column: str, problem: str, kind: str, faults: list[Fault]) -> None:
        """Put down a fault for each row that is bad; ``{}`` in the problem becomes the cell."""
        cells = self.texts(column)
        faults += [
            Fault(self.file, self.lines[i], column, problem.format(cells[i]), "", kind)
            for i in np.flatnonzero(bad)
        ]


def read_sheet(path: Path, needed: tuple[str, ...], faults: list[Fault]) -> Sheet:
    """Read a table; a column that is needed and not there is told, and stands empty.

    Raises:
        CannotRunError: If there is no such file or it may not be read.
        FaultsError: If it is no table.
    """
    try:
        raw, _, found = read_table(path, path.name)
    except FileNotFoundError as error:
        raise CannotRunError(f"{path}: no such file") from error
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror}") from error
    # A mark at the start of a file that could be read all the same was one of UTF-8.
    harmless = TOLERATED | ({"encoding"} if raw.header else set())
    found = [fault for fault in found if fault.kind not in harmless]
    if not raw.header:
        raise FaultsError(found or [Fault(path.name, None, None, "no table", "", "empty-file")])
    faults += found
    cells = list(zip(*raw.rows, strict=True)) or [()] * len(raw.header)
    columns: dict[str, list[str]] = {}
    for name, column in zip(raw.header, cells, strict=True):
        key = name.strip().lower()
        if key in columns:
            faults.append(Fault(path.name, 1, key, "a second column of this name", "", "columns"))
        columns[key] = [cell.strip() for cell in column]
    for name, others in ALIASES.items():
        other = next((other for other in others if other in columns), None)
        if name not in columns and other is not None:
            columns[name] = columns.pop(other)
    for name in needed:
        if name not in columns:
            fix = did_you_mean(name, columns)
            faults.append(Fault(path.name, 1, name, "there is no such column", fix, "columns"))
    return Sheet(path.name, columns, raw.lines)
