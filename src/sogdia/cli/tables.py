"""Tables on a terminal.

Labels and units come from the declaration of a result table; a column may be shown in another unit of the
same dimension. Text wraps, numbers do not; columns that do not fit follow in further blocks.
"""

from __future__ import annotations

import math
import os
import re
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sogdia.units import convert

WIDE = 160
"""Columns of a page where output is not a terminal."""
GAP = 2
"""Blanks between columns."""
LONGEST_HEADING = 12
"""Characters after which a heading continues on the next line."""
NARROWEST_TEXT = 12
"""Characters below which a column of text is not narrowed."""
LEAST_SHOWN = 5e-4
"""Figures below it are shown as 0."""
FORM_OF_TYPE = {
    "string": "", "date": "", "datetime": "", "boolean": "", "integer": ",d", "number": "n",
}  # fmt: skip
"""Format of a column by the type of its declaration."""
MISSING, INFINITE = "–", "∞"
ZERO = re.compile(r"[+-]0(\.0*)?")
"""A change that rounds to zero has no sign."""


@dataclass(frozen=True)
class Column:
    """A column to show.

    Attributes:
        name: Column of the data frame.
        heading: Heading with unit.
        form: Empty for text; ``n`` for a number with three digits, or all before the point; ``+n`` for the
            same with its sign; else a format specification.
        factor: Factor to the unit shown.
        colours: Colour of some values.
    """

    name: str
    heading: str
    form: str = ""
    factor: float = 1.0
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Text is aligned left and wraps."""
        return not self.form

    def cell(self, value: Any) -> str:
        """Return a value as it is shown."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.is_text:
            return str(value)
        number = float(value) * self.factor
        if math.isnan(number):
            return MISSING
        if math.isinf(number):
            return INFINITE if number > 0 else f"-{INFINITE}"
        if self.form in ("n", "+n"):
            return figure(number, sign=self.form.removesuffix("n"))
        text = format(int(number) if self.form.endswith("d") else number, self.form)
        return text.lstrip("+-") if ZERO.fullmatch(text) else text


def columns_of(
    table: Any,
    *names: str,
    units: Mapping[str, str] | None = None,
    forms: Mapping[str, str] | None = None,
    signed: Collection[str] = (),
) -> tuple[Column, ...]:
    """Return declared columns as they are shown.

    Args:
        table: Declaration of the table (:class:`sogdia.tables.results.ResultTable`).
        names: Columns to show, in order.
        units: Unit to show a column in, where it differs from the declared one.
        forms: Format of a column, where it differs from that of its type.
        signed: Columns of changes, shown with their sign.

    Raises:
        KeyError: If the table declares no such column.
        InputError: If a unit is of another dimension than the declared one.
    """
    shown = []
    for name in names:
        declared = table.column(name)
        unit = (units or {}).get(name, declared.unit)
        factor = convert(1.0, declared.unit, unit) if unit != declared.unit else 1.0
        heading = f"{declared.label}, {unit}" if unit not in ("", "1") else declared.label
        form = FORM_OF_TYPE[declared.type]
        form = f"+{form}" if name in signed else form
        shown.append(Column(name, heading, (forms or {}).get(name, form), factor))
    return tuple(shown)


def page() -> Any:
    """Return the terminal, or a wide page where output goes elsewhere and no width is set."""
    from rich.console import Console

    console = Console(highlight=False)
    wide = not console.is_terminal and "COLUMNS" not in os.environ
    return Console(highlight=False, width=WIDE) if wide else console


def print_table(console: Any, title: str, table: Any, columns: Sequence[Column]) -> None:
    """Print a table under its title.

    Args:
        console: The page.
        title: Title.
        table: Data frame with the columns to show.
        columns: Columns.
    """
    blocks = _blocks(table, columns, console.width)
    if title:
        console.print(title.lstrip(), style="bold", markup=False)
    for number, block in enumerate(blocks):
        if number:
            console.print()
        console.print(_block(table, block))


def _blocks(table: Any, columns: Sequence[Column], width: int) -> list[list[Column]]:
    """Divide columns into blocks that fit side by side; each further block repeats the first column.

    Text may be narrowed, numbers are always complete.
    """
    widths = {id(column): _width_of(table, column) for column in columns}
    first = columns[:1]
    blocks: list[list[Column]] = [list(first)]
    used = sum(widths[id(column)] for column in first)
    for column in columns[1:]:
        needed = GAP + widths[id(column)]
        if used + needed > width and len(blocks[-1]) > 1:
            blocks.append(list(first))
            used = sum(widths[id(each)] for each in first)
        blocks[-1].append(column)
        used += needed
    return blocks


def _width_of(table: Any, column: Column) -> int:
    """Return the least width of a column: that of its longest number, or of narrowed text."""
    cells = [column.cell(value) for value in table[column.name].tolist()]
    widest = max(map(len, (*_heading(column).split("\n"), *cells)), default=0)
    return min(widest, NARROWEST_TEXT) if column.is_text else widest


def _heading(column: Column) -> str:
    return textwrap.fill(column.heading, LONGEST_HEADING, break_long_words=False)


def _block(table: Any, columns: Sequence[Column]) -> Any:
    """Return the columns of one block as rich shows them."""
    from rich.table import Table
    from rich.text import Text

    headings = [_heading(column) for column in columns]
    lines = max((heading.count("\n") for heading in headings), default=0)
    shown = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), collapse_padding=True)
    for column, heading in zip(columns, headings, strict=True):
        lowered = "\n" * (lines - heading.count("\n")) + heading
        shown.add_column(
            lowered, justify="left" if column.is_text else "right", no_wrap=not column.is_text,
            overflow="fold",
        )  # fmt: skip
    for row in table.to_dict("records"):
        texts = [(column, column.cell(row[column.name])) for column in columns]
        shown.add_row(*(Text(text, column.colours.get(text, "")) for column, text in texts))
    return shown


def figure(value: float, *, sign: str = "") -> str:
    """Return a number with three digits, or all before the point.

    >>> figure(48237.2), figure(20.0), figure(1.8649), figure(-0.0123, sign="+"), figure(1e-9)
    ('48,237', '20.0', '1.86', '-0.012', '0')
    """
    size = abs(value)
    if size < LEAST_SHOWN:
        return "0"
    places = 0 if size >= 100.0 else 1 if size >= 10.0 else 2 if size >= 1.0 else 3
    return format(value, f"{sign},.{places}f")
