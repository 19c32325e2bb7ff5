"""Working copies of a region's tables, and a log of every edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.codes import DERIVED
from sogdia.region import Region
from sogdia.tables import KEY_SEPARATOR, Value, table_schemas

Mask = npt.NDArray[np.bool_]
"""Rows of a table that are selected, (rows,)."""


@dataclass(frozen=True, slots=True)
class Change:
    """Edit of one field in one or more rows.

    Attributes:
        cause: What required it: ``project pj_x``, ``shock 2 closure``, ``growth``, ``variant v``.
        table: Table edited.
        field: Field edited; empty for added rows.
        action: ``set``, ``scale``, ``shift`` (a number is added) or ``add`` (rows are added).
        value: New value, or factor, as text.
        rows: Keys of the rows.
        reason: Reason, as text.
        source: Ids of ``sources``, ``;`` between them; empty for a choice of the user.
    """

    cause: str
    table: str
    field: str
    action: str
    value: str
    rows: tuple[str, ...]
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class EditReason:
    """Cause of an edit, its reason as text and the sources cited."""

    cause: str
    reason: str
    source: str = ""


class TableEditor:
    """Working copies of a region's tables; the region itself does not change.

    Every edit goes through :meth:`set`, :meth:`scale`, :meth:`shift`, :meth:`scale_each` or :meth:`add`,
    and is logged.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self.changes: list[Change] = []
        self._frames: dict[str, pd.DataFrame] = {}

    def copy(self) -> TableEditor:
        """Return an independent editor with the same edits; tables are replaced, never changed in place."""
        out = TableEditor(self.region)
        out.changes, out._frames = list(self.changes), dict(self._frames)
        return out

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table with the edits so far; for reading only."""
        if table not in self._frames:
            self._frames[table] = self.region.table(table)
        return self._frames[table]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return every table, edited or not."""
        return {name: self.frame(name) for name in self.region.tables}

    def set(self, table: str, rows: Mask, field: str, value: Value, reason: EditReason) -> int:
        """Set ``field`` to ``value`` in the selected rows that differ from it.

        Returns:
            Number of rows changed.
        """
        frame = self.frame(table)
        differs = rows & ~_equals(frame[field], value)
        return self._write(table, differs, field, "set", value, value, reason)

    def scale(self, table: str, rows: Mask, field: str, factor: float, reason: EditReason) -> int:
        """Multiply ``field`` in the selected rows that have a figure; integers are rounded to integers.

        Returns:
            Number of rows with a figure.
        """
        frame = self.frame(table)
        known = rows & frame[field].notna().to_numpy(dtype=bool)
        if factor == 1.0:
            return int(known.sum())
        return self._write(table, known, field, "scale", frame.loc[known, field] * factor, factor, reason)

    def shift(self, table: str, rows: Mask, field: str, amount: float, reason: EditReason) -> int:
        """Add ``amount`` to ``field`` in the selected rows that have a figure; the sum is at least 0.

        Returns:
            Number of rows with a figure.
        """
        frame = self.frame(table)
        known = rows & frame[field].notna().to_numpy(dtype=bool)
        values = np.maximum(0.0, frame.loc[known, field].to_numpy(dtype=np.float64) + amount)
        return self._write(table, known, field, "shift", values, amount, reason)

    def scale_each(
        self, table: str, field: str, factors: npt.NDArray[np.float64], words: str, reason: EditReason
    ) -> int:
        """Multiply ``field`` row by row by ``factors``, (rows,); a row with factor 1 is not edited.

        Returns:
            Number of rows changed.
        """
        frame = self.frame(table)
        known = frame[field].notna().to_numpy(dtype=bool) & (factors != 1.0)
        values = frame.loc[known, field].to_numpy(dtype=np.float64) * factors[known]
        return self._write(table, known, field, "scale", values, words, reason)

    def add(self, table: str, rows: Sequence[Mapping[str, Any]], reason: EditReason) -> int:
        """Add rows with new keys; a row without provenance gets that of ``reason``.

        Returns:
            Number of rows added.
        """
        if not rows:
            return 0
        schema = table_schemas()[table]
        filled = [{"basis": DERIVED, "source": reason.source, "note": reason.reason, **row} for row in rows]
        keys = [KEY_SEPARATOR.join(str(row[name]) for name in schema.primary_key) for row in filled]
        frame = self.frame(table)
        added = pd.DataFrame(filled, index=pd.Index(keys, name="row", dtype="str"))
        added = added.reindex(columns=list(schema.field_names))
        for field in schema.fields:
            if field.type == "string":
                added[field.name] = added[field.name].fillna("")
        added = added.astype(frame.dtypes.to_dict())
        self._frames[table] = pd.concat([frame, added]) if len(frame) else added
        self.log(table, "", "add", f"{len(keys)} rows", keys, reason)
        return len(keys)

    def log(
        self, table: str, field: str, action: str, value: Any, rows: Iterable[str], reason: EditReason
    ) -> None:
        """Log an edit, unless it changes no row."""
        keys = tuple(rows)
        if keys:
            words = f"{value:g}" if isinstance(value, float) else str("" if value is None else value)
            change = Change(reason.cause, table, field, action, words, keys, reason.reason, reason.source)
            self.changes.append(change)

    def _write(
        self, table: str, rows: Mask, field: str, action: str, values: Any, logged: Any, reason: EditReason
    ) -> int:
        count = int(rows.sum())
        if count == 0:
            return 0
        frame = self.frame(table).copy()
        if pd.api.types.is_integer_dtype(frame[field].dtype) and action == "scale":
            values = np.rint(np.asarray(values, dtype=np.float64)).astype(np.int64)
        elif isinstance(values, pd.Series):
            values = values.to_numpy()
        if values is None:
            values = pd.NA if str(frame[field].dtype) in ("Int64", "boolean") else np.nan
        frame.loc[rows, field] = values
        self._frames[table] = frame
        self.log(table, field, action, logged, frame.index[rows], reason)
        return count


def _equals(column: pd.Series[Any], value: Value) -> Mask:
    if value is None:
        return np.asarray(column.isna().to_numpy(dtype=bool))
    return np.asarray((column == value).fillna(False).to_numpy(dtype=bool))
