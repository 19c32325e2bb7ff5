"""Read tidy data frames into arrays, collecting every fault with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sogdia.errors import Fault, clip, did_you_mean, nearest
from sogdia.tables.checking import number_hint
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.shapes import label

LINE = "line"
"""Name of an index that holds the line of each row in its file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Admissible values of a column.

    Attributes:
        minimum: Smallest value.
        maximum: Largest value.
        is_open_below: True if the minimum itself is excluded.
        allow_infinite: True if infinity is admitted.
    """

    minimum: float = 0.0
    maximum: float = np.inf
    is_open_below: bool = False
    allow_infinite: bool = False


@dataclass(eq=False)
class Frame:
    """A data frame being read.

    Attributes:
        table: The data frame.
        file: Its name in messages.
        faults: List that faults are added to.
    """

    table: pd.DataFrame
    file: str
    faults: list[Fault] = field(default_factory=list)

    @property
    def lines(self) -> Ints:
        """Line of each row: the index where its name is ``line``, else counted from 2."""
        if self.table.index.name == LINE:
            return np.asarray(self.table.index, dtype=np.int64)
        return np.arange(2, len(self.table) + 2)

    def has(self, columns: Sequence[str]) -> bool:
        """Return whether the columns exist; another column that resembles ``sector`` is a fault."""
        missing = [name for name in columns if name not in self.table]
        others = [str(name) for name in self.table.columns if name not in columns]
        for name in missing:
            fix = did_you_mean(name, others)
            self.faults.append(Fault(self.file, 1, name, "the column is missing", fix, "column"))
        for name in others if "sector" not in self.table else ():
            if nearest(name, ["sector"]):
                problem = f"{clip(name)} is not a known column"
                self.faults.append(Fault(self.file, 1, name, problem, "did you mean sector?", "column"))
        return not missing

    def add_faults(self, rows: Bools, column: str | None, problem: str, kind: str, fix: str = "") -> None:
        """Add a fault for each row of a mask; ``{}`` in ``problem`` is replaced by the cell."""
        lines = self.lines
        for row in np.flatnonzero(rows):
            cell = "" if column is None else self.table[column].iloc[row]
            self.faults.append(Fault(self.file, int(lines[row]), column, problem.format(cell), fix, kind))

    def names(self, column: str) -> tuple[str, ...]:
        """Return the distinct names of a column, sorted; empty cells are faults."""
        texts = self.texts(column)
        self.add_faults((texts == "").to_numpy(dtype=bool), column, "the name is missing", "name")
        return tuple(sorted(set(texts) - {""}))

    def texts(self, column: str) -> pd.Series[str]:
        """Return a column as text, with empty text for missing cells."""
        values = self.table[column]
        if values.dtype.kind in "fO":
            values = values.map(label, na_action="ignore")
        return values.astype(str).where(values.notna(), "").str.strip()

    def codes(self, column: str, known: Mapping[str, int], wildcard: str | None = None) -> Ints:
        """Return the number of each name: -1 for the wildcard, -2 for an unknown name, which is a fault."""
        texts = self.texts(column)
        numbers = dict(known)
        if wildcard is not None:
            numbers.setdefault(wildcard, -1)
        codes = np.array([numbers.get(name, -2) for name in texts], dtype=np.int64)
        lines = self.lines
        for row in np.flatnonzero(codes == -2):
            name = texts.iloc[row]
            problem = f"{name!r} is not in the flows" if name else "the name is missing"
            fix = did_you_mean(name, known) if name else ""
            self.faults.append(Fault(self.file, int(lines[row]), column, problem, fix, "unknown"))
        return codes

    def numbers(self, column: str, limits: Limits) -> Floats:
        """Return a column as numbers; a cell that is not a number within the limits is a fault."""
        cells = self.table[column]
        values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
        invalid = np.isnan(values)
        if not limits.allow_infinite:
            invalid = invalid | np.isinf(values)
        for row in np.flatnonzero(invalid):
            cell = str(cells.iloc[row])
            problem, fix = f"{clip(cell)} is not a number", number_hint(cell)
            self.faults.append(Fault(self.file, int(self.lines[row]), column, problem, fix, "number"))
        low, sign = values < limits.minimum, ">="
        if limits.is_open_below:
            low, sign = values <= limits.minimum, ">"
        expected = f"{{}} is out of range; expected a number {sign} {limits.minimum:g}"
        self.add_faults(~invalid & low, column, expected, "low")
        expected = f"{{}} is out of range; expected a number <= {limits.maximum:g}"
        self.add_faults(~invalid & (values > limits.maximum), column, expected, "high")
        return values

    def check_unique(self, columns: Sequence[str]) -> None:
        """Add a fault for each row whose key an earlier row has."""
        keys = pd.DataFrame({name: self.texts(name) for name in columns})
        first: dict[tuple[str, ...], int] = {}
        for line, key in zip(self.lines.tolist(), keys.itertuples(index=False, name=None), strict=True):
            if key in first:
                problem = f"{' '.join(key)} is already in line {first[key]}"
                self.faults.append(Fault(self.file, line, columns[-1], problem, "", "duplicate"))
            else:
                first[key] = line


def by_detail(sector: Ints, *economies: Ints) -> Ints:
    """Return the order of rows in which specific ones follow general ones, whatever their order in the file.

    Codes below 0 are wildcards. A named sector makes a row more specific than named economies do.
    """
    detail = 3 * (sector >= 0)
    for codes in economies:
        detail = detail + (codes >= 0)
    return np.argsort(detail, kind="stable")
