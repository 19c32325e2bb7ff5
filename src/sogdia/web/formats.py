"""Tables as answers: JSON of a page, or files with all rows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

import pandas as pd

from sogdia.files import csv_bytes
from sogdia.tables.results import ResultColumn, ResultTable
from sogdia.tables.schema import FieldSchema, TableSchema
from sogdia.tables.workbook import write_workbook
from sogdia.web.models import ColumnInfo, ColumnKind


class Format(StrEnum):
    """Formats of a table."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


MEDIA_TYPES: Final[Mapping[Format, str]] = MappingProxyType(
    {
        Format.JSON: "application/json",
        Format.CSV: "text/csv; charset=utf-8",
        Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format.PARQUET: "application/vnd.apache.parquet",
    }
)
_KINDS: Final[Mapping[str, ColumnKind]] = MappingProxyType(
    {
        "string": "text",
        "number": "number",
        "integer": "number",
        "boolean": "boolean",
        "date": "date",
        "datetime": "date",
    }
)
SIDE_LABELS: Final = MappingProxyType(
    {
        "first": "baseline",
        "second": "run",
        "difference": "difference",
        "low": "difference, 10 % of samples are below",
        "high": "difference, 10 % of samples are above",
    }
)


def column_info(column: ResultColumn) -> ColumnInfo:
    """Return a declared column of a result table."""
    return ColumnInfo(
        name=column.name, label=column.label, unit="" if column.unit == "1" else column.unit,
        kind=_KINDS[column.type], is_key=column.is_key, description=column.meaning,
    )  # fmt: skip


def field_info(field: FieldSchema, schema: TableSchema) -> ColumnInfo:
    """Return a declared column of an input table."""
    unit = field.unit or (f"as {field.unit_from}" if field.unit_from else "")
    return ColumnInfo(
        name=field.name, label=field.title, unit="" if unit == "1" else unit, kind=_KINDS[field.type],
        is_key=field.name in schema.primary_key, description=field.description,
    )  # fmt: skip


def infer_column(frame: pd.DataFrame, name: str) -> ColumnInfo:
    """Return a column that no declaration names."""
    kind: ColumnKind = "text"
    if pd.api.types.is_bool_dtype(frame[name]):
        kind = "boolean"
    elif pd.api.types.is_numeric_dtype(frame[name]):
        kind = "number"
    return ColumnInfo(name=name, label=name.replace("_", " "), kind=kind)


def columns_of(frame: pd.DataFrame, declared: ResultTable | None) -> tuple[ColumnInfo, ...]:
    """Return the columns of a result frame, in its order, as they are declared.

    ``NAME_first``, ``NAME_second``, ``NAME_difference``, ``NAME_low`` and ``NAME_high`` of a comparison
    follow from ``NAME``.
    """
    known = {} if declared is None else {column.name: column_info(column) for column in declared.columns}
    found = []
    for name in map(str, frame.columns):
        stem, _, side = name.rpartition("_")
        if name in known:
            found.append(known[name])
        elif side in SIDE_LABELS and stem in known:
            label = f"{known[stem].label}, {SIDE_LABELS[side]}"
            found.append(known[stem].model_copy(update={"name": name, "label": label}))
        else:
            found.append(infer_column(frame, name))
    return tuple(found)


def rows_of(frame: pd.DataFrame) -> str:
    """Return the rows of a frame as JSON, each a list; what is not known, and infinity, is null."""
    return frame.to_json(orient="values", double_precision=15, force_ascii=False, date_format="iso")


def finite(value: float) -> float | None:
    """Return a number as JSON writes it: nothing for NaN and infinity."""
    return value if math.isfinite(value) else None


def join_json(head: Mapping[str, object], rows: str) -> bytes:
    """Return a JSON object of some members and ``rows``, whose text is given."""
    return f'{json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1]}, "rows": {rows}}}'.encode()


def file_bytes(
    form: Format,
    name: str,
    frame: pd.DataFrame,
    columns: Sequence[ColumnInfo],
    notes: Mapping[str, str],
    declared: ResultTable | None = None,
) -> bytes:
    """Return all rows of a table as a file.

    A workbook has a second sheet with label, unit and meaning of each column, and the source; Parquet has
    them in the metadata of its schema; a CSV file has the bare columns, whose names end in their unit.

    Args:
        form: CSV, XLSX or Parquet.
        name: Name of the table.
        frame: Its rows.
        columns: Its columns.
        notes: Title, source and so on.
        declared: Its declaration; headings of a workbook are labels with units then.
    """
    if form is Format.CSV:
        return csv_bytes(frame, for_excel=True)
    described = pd.DataFrame(
        [(c.name, c.label, c.unit, c.description) for c in columns],
        columns=["column", "label", "unit", "meaning"],
    )
    if form is Format.PARQUET:
        return _parquet(frame, columns, notes)
    about = pd.DataFrame(list(notes.items()), columns=["item", "text"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_workbook(
            {name: frame, "columns": described, "about": about},
            path,
            {} if declared is None else {name: declared},
        )
        return path.read_bytes()


def _parquet(frame: pd.DataFrame, columns: Sequence[ColumnInfo], notes: Mapping[str, str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = {c.name: {"label": c.label, "unit": c.unit, "meaning": c.description} for c in columns}
    own = {"sogdia_columns": json.dumps(about), **{f"sogdia_{key}": text for key, text in notes.items()}}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **own})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
