"""``sogdia tidy``: tables that a spreadsheet saved, written back clean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PlaceArgument = Annotated[
    Path, typer.Argument(help="CSV file, workbook (.xlsx, .ods), or folder with them, such as a region pack.")
]
EncodingOption = Annotated[
    str, typer.Option("--encoding", help="Of CSV files that are not UTF-8, such as cp1252 of Windows.")
]


def tidy(place: PlaceArgument, encoding: EncodingOption = "") -> None:
    """Write tables that a spreadsheet saved back as clean CSV: UTF-8, commas, decimal points.

    A sheet of a workbook becomes SHEET.csv next to it, if no newer file has that name; the only sheet takes
    the name of its workbook. Values do not change.
    Exit code 0: clean. 1: a file is not a table, and nothing was written. 2: could not run.
    """
    from sogdia.tables.tidying import tidy as write_clean

    results = write_clean(place, encoding)
    for result in results:
        if result.is_changed:
            origin = "" if result.source == result.path else f" from {result.source.name}"
            typer.echo(f"{result.path}: written{origin}, {result.rows:,} rows")
    same = sum(not result.is_changed for result in results)
    if same:
        typer.echo(f"{same} file{'' if same == 1 else 's'} clean already")
