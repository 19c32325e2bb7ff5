"""From tidy frames to arrays by name: every fault with its line, all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault, clip, did_you_mean, nearest
from sogdia.trade.shapes import label

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LINE = "line"
"""Name of an index that holds the line of each row in its file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the figures of a column may be; infinite ones only where said."""

    least: float = 0.0
    most: float = np.inf
    open_below: bool = False
    infinite: bool = False


@dataclass(eq=False)
class Frame:
    """A frame being read: its rows by name, and the faults found so far.

    Attributes:
        table: The frame.
        file: What it is called in messages.
        faults: Where faults are added.
    """

    table: pd.DataFrame
    file: str
    faults: list[Fault] = field(default_factory=list)

    @property
    def lines(self) -> Longs:
        """Line of each row: its index where that is called ``line``, else counted from 2."""
        if self.table.index.name == LINE:
            return np.asarray(self.table.index, dtype=np.int64)
        return np.arange(2, len(self.table) + 2)

    def has(self, columns: Sequence[str]) -> bool:
        """Whether the columns are there; of others, one that looks like ``sector`` is a fault."""
        missing = [name for name in columns if name not in self.table]
        others = [str(name) for name in self.table.columns if name not in columns]
        for name in missing:
            fix = did_you_mean(name, others)
            self.faults.append(Fault(self.file, 1, name, "the column is missing", fix, "column"))
        for name in others if "sector" not in self.table else ():
            if nearest(name, ["sector"]):
                problem = f"{clip(name)} is not read"
                self.faults.append(Fault(self.file, 1, name, problem, "did you mean sector?", "column"))
        return not missing

    def tell(self, bad: Bools, column: str | None, problem: str, kind: str, fix: str = "") -> None:
        """Add a fault for each row that is bad; ``{}`` in ``problem`` is the cell."""
        lines = self.lines
        for row in np.flatnonzero(bad):
            cell = "" if column is None else self.table[column].iloc[row]
            self.faults.append(Fault(self.file, int(lines[row]), column, problem.format(cell), fix, kind))

    def names(self, column: str) -> tuple[str, ...]:
        """The different names in a column, sorted; empty ones are faults."""
        texts = self.texts(column)
        self.tell((texts == "").to_numpy(dtype=bool), column, "a name is missing", "name")
        return tuple(sorted(set(texts) - {""}))

    def texts(self, column: str) -> pd.Series[str]:
        """A column as text, empty where there is nothing."""
        values = self.table[column]
        if values.dtype.kind in "fO":
            values = values.map(label, na_action="ignore")
        return values.astype(str).where(values.notna(), "").str.strip()

    def codes(self, column: str, known: Mapping[str, int], wildcard: str | None = None) -> Longs:
        """Number of each name in a column; -1 for the wildcard, -2 for an unknown name, which is a fault."""
        texts = self.texts(column)
        numbers = dict(known)
        if wildcard is not None:
            numbers.setdefault(wildcard, -1)
        found = np.array([numbers.get(name, -2) for name in texts], dtype=np.int64)
        lines = self.lines
        for row in np.flatnonzero(found == -2):
            name = texts.iloc[row]
            problem = f"the flows do not have {name!r}" if name else "a name is missing"
            fix = did_you_mean(name, known) if name else ""
            self.faults.append(Fault(self.file, int(lines[row]), column, problem, fix, "unknown"))
        return found

    def numbers(self, column: str, limits: Limits) -> Floats:
        """A column as numbers within limits; anything else is a fault."""
        cells = self.table[column]
        values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
        nothing = np.isnan(values)
        if not limits.infinite:
            nothing = nothing | np.isinf(values)
        self.tell(nothing, column, "{} is not a number", "number")
        low = ~nothing & ((values <= limits.least) if limits.open_below else (values < limits.least))
        word = "not above" if limits.open_below else "below"
        self.tell(low, column, f"{{}} is {word} {limits.least:g}", "low")
        self.tell(~nothing & (values > limits.most), column, f"{{}} is above {limits.most:g}", "high")
        return values

    def once(self, columns: Sequence[str]) -> None:
        """Add a fault for each row whose key stands in an earlier row already."""
        keys = pd.DataFrame({name: self.texts(name) for name in columns})
        first: dict[tuple[str, ...], int] = {}
        for line, key in zip(self.lines.tolist(), keys.itertuples(index=False, name=None), strict=True):
            if key in first:
                problem = f"{' '.join(key)} stands in line {first[key]} already"
                self.faults.append(Fault(self.file, line, columns[-1], problem, "", "duplicate"))
            else:
                first[key] = line
