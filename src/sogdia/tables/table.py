"""A checked table: typed columns in a data frame with the row key as index."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.tables.cell import LARGEST_NUMBER
from sogdia.tables.reading import RawTable
from sogdia.tables.schema import FieldSchema, TableSchema

KEY_SEPARATOR = "/"


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a region, typed and frozen.

    Attributes:
        schema: Its declaration.
        frame: The columns; read them through :attr:`data`.
        file: File, for messages.
        lines: Line of each row in that file.
    """

    schema: TableSchema
    frame: pd.DataFrame
    file: str = ""
    lines: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.schema.name

    @property
    def data(self) -> pd.DataFrame:
        """The columns as the caller's own data frame: writing to it does not change the table.

        The index ``row`` holds each row's key, its primary-key values joined by ``/``. Numbers are
        float64 with NaN for "not known", whole numbers Int64, yes/no boolean, text ``""`` where empty.
        """
        return self.frame.copy(deep=False)

    def line_of(self, key: str) -> int:
        """Return the line of the file on which the row with ``key`` starts.

        Raises:
            UnknownNameError: If there is no such row.
        """
        position = self._positions.get(key)
        if position is None:
            raise UnknownNameError(f"row of {self.name}", key, self._positions)
        return int(self.lines[position])

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {key: i for i, key in enumerate(self.frame.index)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, independent of the order of rows and columns and of the machine.

        Numbers count by value (``43.6`` equals ``43.60``), text by its characters.
        """
        columns = sorted(self.schema.field_names)
        texts = [_canonical(self.frame[name], self.schema.field(name)) for name in columns]
        total = hashlib.sha256("\x1f".join((self.name, *columns)).encode())
        for row in sorted("\x1f".join(cells) for cells in zip(*texts, strict=True)):
            total.update(b"\x1e")
            total.update(row.encode())
        return total.hexdigest()


def cell(frame: pd.DataFrame, row: str, field: str) -> Any:
    """Return the cell of ``field`` in the row with key ``row``."""
    return frame.at[row, field]


def typed_table(raw: RawTable, schema: TableSchema) -> Table:
    """Convert text cells to typed columns; a cell that is not of its type becomes "not known".

    Args:
        raw: The table as read, checked by :func:`sogdia.tables.check_cells`.
        schema: Its declaration; columns missing from ``raw`` become empty.

    Returns:
        The table, its rows in file order.
    """
    cells = dict(zip(raw.header, zip(*raw.rows, strict=True), strict=True)) if raw.rows else {}
    empty = ("",) * len(raw.rows)
    columns: dict[str, Any] = {}
    for item in schema.fields:
        columns[item.name] = _typed(cells.get(item.name, empty), item)
    keys = [
        KEY_SEPARATOR.join(parts)
        for parts in zip(*(cells.get(k, empty) for k in schema.primary_key), strict=True)
    ]
    index = pd.Index(keys, name="row", dtype="str")
    frame = pd.DataFrame(columns, index=index)
    return Table(schema, frame, raw.file, np.asarray(raw.lines, dtype=np.int64))


def _typed(cells: Sequence[str], field: FieldSchema) -> Any:
    if field.type == "string":
        return pd.array(list(cells), dtype="str")
    if field.type == "boolean":
        truth = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)
        return pd.array([truth.get(cell) for cell in cells], dtype="boolean")
    values = np.array([_number(cell) for cell in cells], dtype=np.float64)
    values[~(np.abs(values) <= LARGEST_NUMBER)] = np.nan
    if field.type == "number":
        return values
    values[values != np.floor(values)] = np.nan
    integers: Any = values
    return pd.array(integers, dtype="Int64")


def _number(cell: str) -> float:
    if not cell:
        return np.nan
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _canonical(column: pd.Series[Any], field: FieldSchema) -> list[str]:
    if field.type == "string":
        return [str(value) for value in column.to_numpy(dtype=object)]
    if field.type == "boolean":
        return ["" if value is pd.NA else str(bool(value)) for value in column]
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return ["" if value != value else repr(value + 0.0) for value in values.tolist()]
