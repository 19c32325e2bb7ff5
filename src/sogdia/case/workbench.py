"""The table on which a case is made: working copies of tables, and a log of every edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.region import Region
from sogdia.tables import KEY_SEPARATOR, Value, table_schemas

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of one field in one or more rows.

    Attributes:
        cause: What asked for it: ``project pj_x``, ``shock 2 closure``, ``growth``, ``variant v``.
        table: Table edited.
        field: Field edited; empty where whole rows were added.
        action: ``set``, ``scale``, ``shift`` (a sum added) or ``add`` (rows added).
        value: New value, or factor, in words.
        rows: Keys of the rows.
        reason: Why, in words.
        source: Ids of ``sources``, ``;`` between them; empty where it is the user's own choice.
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
class Why:
    """What asked for an edit, and with which right."""

    cause: str
    reason: str
    source: str = ""


class TableEditor:
    """Working copies of a region's tables; the region itself stays as it is.

    Every edit goes through :meth:`set`, :meth:`scale`, :meth:`shift` or :meth:`add`, so that none is
    left out of the log.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self.changes: list[Change] = []
        self._frames: dict[str, pd.DataFrame] = {}

    def copy(self) -> TableEditor:
        """A bench with the same edits; edits of either are nothing to the other, for tables are replaced."""
        out = TableEditor(self.region)
        out.changes, out._frames = list(self.changes), dict(self._frames)
        return out

    def frame(self, table: str) -> pd.DataFrame:
        """The table as edited so far; for reading."""
        if table not in self._frames:
            self._frames[table] = self.region.table(table)
        return self._frames[table]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table, edited or not."""
        return {name: self.frame(name) for name in self.region.tables}

    def set(self, table: str, rows: Mask, field: str, value: Value, why: Why) -> int:
        """Put ``value`` into ``field`` of the chosen rows that differ from it; how many did."""
        frame = self.frame(table)
        differs = rows & ~_equals(frame[field], value)
        return self._write(table, differs, field, "set", value, value, why)

    def scale(self, table: str, rows: Mask, field: str, factor: float, why: Why) -> int:
        """Multiply ``field`` of the chosen rows that have a figure; how many had.

        Whole numbers are rounded to whole numbers.
        """
        frame = self.frame(table)
        known = rows & frame[field].notna().to_numpy(dtype=bool)
        if factor == 1.0:
            return int(known.sum())
        return self._write(table, known, field, "scale", frame.loc[known, field] * factor, factor, why)

    def shift(self, table: str, rows: Mask, field: str, amount: float, why: Why) -> int:
        """Add ``amount`` to ``field`` of the chosen rows that have a figure, not going below 0."""
        frame = self.frame(table)
        known = rows & frame[field].notna().to_numpy(dtype=bool)
        values = np.maximum(0.0, frame.loc[known, field].to_numpy(dtype=np.float64) + amount)
        return self._write(table, known, field, "shift", values, amount, why)

    def scale_each(
        self, table: str, field: str, factors: npt.NDArray[np.float64], words: str, why: Why
    ) -> int:
        """Multiply ``field`` row by row; rows whose factor is 1 are left alone."""
        frame = self.frame(table)
        known = frame[field].notna().to_numpy(dtype=bool) & (factors != 1.0)
        values = frame.loc[known, field].to_numpy(dtype=np.float64) * factors[known]
        return self._write(table, known, field, "scale", values, words, why)

    def add(self, table: str, rows: Sequence[Mapping[str, Any]], why: Why) -> int:
        """Add rows; their keys must be new. Provenance is filled from ``why`` where a row has none."""
        if not rows:
            return 0
        schema = table_schemas()[table]
        filled = [{"basis": "derived", "source": why.source, "note": why.reason, **row} for row in rows]
        keys = [KEY_SEPARATOR.join(str(row[name]) for name in schema.primary_key) for row in filled]
        frame = self.frame(table)
        fresh = pd.DataFrame(filled, index=pd.Index(keys, name="row", dtype="str"))
        fresh = fresh.reindex(columns=list(schema.field_names))
        for field in schema.fields:
            if field.type == "string":
                fresh[field.name] = fresh[field.name].fillna("")
        fresh = fresh.astype(frame.dtypes.to_dict())
        self._frames[table] = pd.concat([frame, fresh]) if len(frame) else fresh
        self.log(table, "", "add", f"{len(keys)} rows", keys, why)
        return len(keys)

    def log(self, table: str, field: str, action: str, told: Any, rows: Iterable[str], why: Why) -> None:
        """Note an edit; one that touches no row is none."""
        keys = tuple(rows)
        if keys:
            words = f"{told:g}" if isinstance(told, float) else str("" if told is None else told)
            self.changes.append(Change(why.cause, table, field, action, words, keys, why.reason, why.source))

    def _write(
        self, table: str, rows: Mask, field: str, action: str, values: Any, told: Any, why: Why
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
        self.log(table, field, action, told, frame.index[rows], why)
        return count


def _equals(column: pd.Series[Any], value: Value) -> Mask:
    if value is None:
        return np.asarray(column.isna().to_numpy(dtype=bool))
    return np.asarray((column == value).fillna(False).to_numpy(dtype=bool))
