"""Cells of TNTP files: numbers of nodes, finite figures, and a fault for each that is invalid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.errors import Fault, clip

LARGEST = 10_000_000
"""Largest number of a node."""
NO_NODE_NUMBER, NODE_NUMBERS = "{:.15g} is not a node", f"expected a whole number from 1 to {LARGEST:,}"


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def numbers(file: str, name: str, cells: tuple[str, ...], lines: Longs, faults: list[Fault]) -> Floats:
    """Return the numbers of a column; a fault is added for each cell that is none, which becomes NaN."""
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        pass
    values = np.full(len(cells), np.nan)
    for i, cell in enumerate(cells):
        if is_number(cell):
            values[i] = float(cell)
        else:
            faults.append(Fault(file, int(lines[i]), name, f"{clip(cell)} is not a number", "", "number"))
    return values


@dataclass(frozen=True, eq=False)
class Checks:
    """Checks of a file's columns; faults are added to ``faults``."""

    file: str
    lines: Longs
    faults: list[Fault]

    def report(
        self, invalid: npt.ArrayLike, values: pd.Series[float], problem: str, kind: str, fix: str = ""
    ) -> None:
        """Add a fault for each invalid row; ``{}`` in the problem becomes the value."""
        self.faults.extend(
            Fault(self.file, int(self.lines[i]), str(values.name), problem.format(values.iloc[i]), fix, kind)
            for i in np.flatnonzero(invalid)
        )


def is_node(values: Floats) -> Bools:
    """Return true for each value that is the number of a node."""
    return np.asarray((values >= 1.0) & (values <= LARGEST) & (values == np.floor(values)))
