"""Tables of runs as Parquet, and questions to them in SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError, InputError

MISSING = "the store of runs needs pyarrow and DuckDB; install sogdia[study]"
NAME = re.compile(r"[a-z][a-z0-9_]*")


def parquet_of(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file; its index is not kept."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CannotRunError(MISSING) from error
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def frame_of(data: bytes) -> pd.DataFrame:
    """The table that the bytes of a Parquet file hold, with the types it had."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CannotRunError(MISSING) from error
    return pd.DataFrame(pq.read_table(pa.BufferReader(data)).to_pandas())


def query_of(sql: str, files: Mapping[str, Sequence[Path]], runs: pd.DataFrame) -> pd.DataFrame:
    """Answer of DuckDB to a query.

    Args:
        sql: The query.
        files: Parquet files of each view; they lie in folders ``run=ID``, which give the column ``run``.
        runs: The view ``runs``.

    Raises:
        InputError: If DuckDB does not understand the query.
    """
    try:
        import duckdb
    except ImportError as error:
        raise CannotRunError(MISSING) from error
    with duckdb.connect() as connection:
        connection.register("runs", runs)
        for name, paths in files.items():
            _view(connection, name, paths)
        try:
            return pd.DataFrame(connection.execute(sql).df())
        except duckdb.Error as error:
            views = ", ".join(sorted({"runs", *files}))
            raise InputError(f"DuckDB: {error}\nviews: {views}") from error


def _view(connection: Any, name: str, paths: Sequence[Path]) -> None:
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot be the name of a table: small letters, digits and _ are wanted")
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}], "  # noqa: S608 (name and quotes checked)
        "hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
    )
