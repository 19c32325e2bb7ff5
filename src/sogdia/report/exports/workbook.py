"""Write all result tables of runs as a workbook, with the runs and the sources."""

from __future__ import annotations

from pathlib import Path

from sogdia.errors import CannotRunError
from sogdia.report.exports.bundle import RUNS, Bundle, stacked_declaration
from sogdia.tables.workbook import write_workbook

MAX_ROWS = 1_048_000
"""Rows that a sheet can have, less its header."""


def write_tables_workbook(bundle: Bundle, path: Path) -> Path:
    """Write a workbook with the runs, one sheet per result table with labels and units, and the sources.

    Raises:
        CannotRunError: If a table has more rows than a sheet can hold, or the file cannot be written.
    """
    results = {name: bundle.stacked(name) for name in bundle.names}
    tables = {"runs": bundle.runs, **results, "sources": bundle.sources()}
    for name, table in tables.items():
        if len(table) > MAX_ROWS:
            raise CannotRunError(
                f"{name} has {len(table):,} rows, and a sheet holds {MAX_ROWS:,}; export fewer runs"
            )
    write_workbook(tables, path, {"runs": RUNS, **{name: stacked_declaration(name) for name in results}})
    return path
