"""A linear programme as arrays, with the names of its variables and constraints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from sogdia.power.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """``min c·x`` subject to ``row_lower ≤ A x ≤ row_upper``, ``lower ≤ x ≤ upper``; R rows, C columns.

    Attributes:
        matrix: A, by row, (R, C).
        cost: c, (C,).
        lower: Lower bounds of columns, (C,).
        upper: Upper bounds of columns, (C,).
        row_lower: Lower bounds of rows, (R,).
        row_upper: Upper bounds of rows, (R,).
        columns: Columns of each kind of variable, by PyPSA's name: (T, N), or (N,) for capacities.
        rows: Rows of each kind of constraint, likewise; -1 where a constraint is not a row.
        column_names: Names of the components along the last axis of ``columns``, by kind.
        row_names: Names of the components along the last axis of ``rows``, by kind.
    """

    matrix: sp.csr_array
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    columns: Mapping[str, Ints]
    rows: Mapping[str, Ints]
    column_names: Mapping[str, tuple[str, ...]]
    row_names: Mapping[str, tuple[str, ...]]

    @cached_property
    def digest(self) -> bytes:
        """Digest of costs, bounds and coefficients."""
        result = hashlib.blake2b(digest_size=16)
        for values in (
            self.cost, self.lower, self.upper, self.row_lower, self.row_upper, self.matrix.data
        ):  # fmt: skip
            result.update(values.tobytes())
        return result.digest()

    def column_name(self, column: int) -> str:
        """Return kind, component and snapshot of a column."""
        return _name(self.columns, self.column_names, column)

    def row_name(self, row: int) -> str:
        """Return kind, component and snapshot of a row."""
        return _name(self.rows, self.row_names, row)

    def columns_of(self, kind: str, names: list[str]) -> Ints:
        """Return the columns of components in the order of ``names``, (T, N).

        Raises:
            KeyError: If the programme has no such variable.
        """
        return ordered(self.columns[kind], self.column_names[kind], names)

    def rows_of(self, kind: str, names: list[str]) -> Ints:
        """Return the rows of components in the order of ``names``, (T, N).

        Raises:
            KeyError: If the programme has no such constraint.
        """
        return ordered(self.rows[kind], self.row_names[kind], names)


def ordered(positions: Ints, known: Sequence[str], names: Sequence[str]) -> Ints:
    """Return the positions of components, (T, N), in the order of ``names``."""
    at = {name: number for number, name in enumerate(known)}
    return positions[:, [at[name] for name in names]]


def set_entries(matrix: sp.csr_array, rows: Ints, columns: Ints, values: Floats) -> None:
    """Set entries that a matrix has, in place; the three arrays are broadcast together.

    Raises:
        KeyError: If the matrix lacks an entry.
    """
    row, column, value = np.broadcast_arrays(rows, columns, values)
    matrix.sort_indices()
    width = matrix.shape[1]
    known = (
        np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr)) * width + matrix.indices
    )
    requested = row.astype(np.int64) * width + column
    at = np.minimum(np.searchsorted(known, requested), known.size - 1)
    if not np.array_equal(known[at], requested):
        raise KeyError("the matrix lacks an entry")
    matrix.data[at] = value


def _name(positions: Mapping[str, Ints], names: Mapping[str, tuple[str, ...]], position: int) -> str:
    for kind, numbers in positions.items():
        matches = np.argwhere(numbers == position)
        if len(matches):
            at = matches[0]
            component = names[kind][int(at[-1])] if names[kind] else ""
            snapshot = f" in snapshot {int(at[0]) + 1}" if len(at) > 1 else ""
            return f"{kind} {component}{snapshot}".strip()
    return f"number {position}"
