"""Assemble a linear programme from kinds of variables, kinds of constraints and entries of the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from sogdia.power.arrays import Floats, Ints
from sogdia.power.kernels.linear_program import LinearProgram, ordered


@dataclass(eq=False)
class ProgramBuilder:
    """Columns, rows and entries of a programme under construction.

    Columns and rows are numbered in the order in which they are added. Costs are 0, variables run from 0
    without an upper bound, and constraints are equal to 0 until the programme is updated.
    """

    columns: dict[str, Ints] = field(default_factory=dict)
    rows: dict[str, Ints] = field(default_factory=dict)
    column_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    row_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    _upper_only: list[Ints] = field(default_factory=list)
    _column_count: int = 0
    _row_count: int = 0

    def add_columns(self, kind: str, names: Sequence[str], shape: tuple[int, ...]) -> Ints:
        """Add a kind of variables and return their columns.

        Args:
            kind: Name of the kind.
            names: Components along the last axis.
            shape: Shape, such as (T, N).
        """
        self.columns[kind] = _numbers(self._column_count, shape)
        self.column_names[kind] = tuple(map(str, names))
        self._column_count += self.columns[kind].size
        return self.columns[kind]

    def add_rows(
        self, kind: str, names: Sequence[str], shape: tuple[int, ...], *, is_upper: bool = False
    ) -> Ints:
        """Add a kind of constraints and return their rows; ``is_upper`` bounds them from above only."""
        self.rows[kind] = _numbers(self._row_count, shape)
        self.row_names[kind] = tuple(map(str, names))
        self._row_count += self.rows[kind].size
        if is_upper:
            self._upper_only.append(self.rows[kind].ravel())
        return self.rows[kind]

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Add values to entries of the matrix; the three are broadcast together."""
        row, column, value = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        self._entries.append((row.ravel(), column.ravel(), value.ravel()))

    def columns_of(self, kind: str, names: Sequence[str]) -> Ints:
        """Return the columns of components in the order of ``names``, (T, N)."""
        return ordered(self.columns[kind], self.column_names[kind], names)

    def rows_of(self, kind: str, names: Sequence[str]) -> Ints:
        """Return the rows of components in the order of ``names``, (T, N)."""
        return ordered(self.rows[kind], self.row_names[kind], names)

    def build(self) -> LinearProgram:
        """Return the programme."""
        row, column, value = (np.concatenate([entry[n] for entry in self._entries]) for n in range(3))
        # HiGHS has indices of 32 bits.
        row, column = row.astype(np.int32), column.astype(np.int32)
        shape = (self._row_count, self._column_count)
        row_lower = np.zeros(self._row_count)
        for rows in self._upper_only:
            row_lower[rows] = -np.inf
        return LinearProgram(
            matrix=sp.csr_array(sp.coo_array((value, (row, column)), shape=shape)),
            cost=np.zeros(self._column_count),
            lower=np.zeros(self._column_count),
            upper=np.full(self._column_count, np.inf),
            row_lower=row_lower,
            row_upper=np.zeros(self._row_count),
            columns=dict(self.columns),
            rows=dict(self.rows),
            column_names=dict(self.column_names),
            row_names=dict(self.row_names),
        )


def _numbers(first: int, shape: tuple[int, ...]) -> Ints:
    return first + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
