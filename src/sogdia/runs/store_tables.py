"""Convert tables of runs to and from Parquet, and query them with SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError, DamagedError, InputError
from sogdia.extras import install_message

MISSING = install_message("the store of runs", ["study"], ["pyarrow", "duckdb"])
NAME = re.compile(r"[a-z][a-z0-9_]*")


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file, without its index.

    Raises:
        CannotRunError: If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CannotRunError(MISSING) from error
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def from_parquet(data: bytes) -> pd.DataFrame:
    """Return the table of a Parquet file, with the types it was written with.

    Raises:
        CannotRunError: If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CannotRunError(MISSING) from error
    # pq.read_table reads on threads of its own; one that still holds the bytes when Python ends aborts it.
    with pq.ParquetFile(pa.BufferReader(data)) as file:
        return pd.DataFrame(file.read(use_threads=False).to_pandas(use_threads=False))


def query_tables(sql: str, files: Mapping[str, Sequence[Path]], runs: pd.DataFrame) -> pd.DataFrame:
    """Run a query with DuckDB.

    Args:
        sql: The query.
        files: Parquet files of each view; their folders ``run=KEY`` give the column ``run``.
        runs: The view ``runs``.

    Raises:
        InputError: If the query is invalid.
        CannotRunError: If DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise CannotRunError(MISSING) from error
    with duckdb.connect() as connection:
        connection.register("runs", runs)
        try:
            for name, paths in files.items():
                _create_view(connection, name, paths)
            return pd.DataFrame(connection.execute(sql).df())
        except duckdb.Error as error:
            if "parquet" in str(error).lower():
                problem = f"a table of the store is damaged, or was written by another program: {error}"
                raise DamagedError(problem) from error
            views = ", ".join(sorted({"runs", *files}))
            raise InputError(f"DuckDB: {error}\nviews: {views}") from error


def _create_view(connection: Any, name: str, paths: Sequence[Path]) -> None:
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} is not a valid table name; use lower-case letters, digits and _")
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}], "  # noqa: S608 (name and quotes checked)
        "hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
    )
