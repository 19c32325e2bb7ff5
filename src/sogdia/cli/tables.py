"""Tables on a terminal and as files, for several commands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sogdia.errors import CannotRunError

Columns = tuple[tuple[str, str, str], ...]
"""Column, heading and format of each column shown.

An empty format shows a word as it is; ``n`` a number with four digits or all before the point, ``+n`` the
same with its sign.
"""
WIDE = 160
NOISE = 1e-9
"""Figures below it are shown as 0."""


def wide_console() -> Any:
    """The terminal, or a page wide enough for our tables where output goes elsewhere."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, WIDE))


def rich_table(title: str, table: Any, columns: Columns) -> Any:
    """A table for a terminal; numbers stand right."""
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for _, heading, form in columns:
        shown.add_column(heading, justify="right" if form else "left", no_wrap=True)
    for row in table.to_dict("records"):
        shown.add_row(*(_cell(row[name], form) for name, _, form in columns))
    return shown


def _cell(value: Any, form: str) -> str:
    if not form:
        return str(value)
    if isinstance(value, float) and math.isnan(value):
        return "–"
    if form in ("n", "+n"):
        return _number(float(value), sign="+" if form == "+n" else "")
    return format(value, form)


def _number(value: float, *, sign: str) -> str:
    if abs(value) < NOISE:
        return "0"
    return format(value, f"{sign},.0f" if abs(value) >= 1000.0 else f"{sign}.4g")


def write_tables(tables: Mapping[str, Any], folder: Path) -> None:
    """Write tables as CSV into a folder.

    Raises:
        CannotRunError: If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
