"""Tables as CSV that a spreadsheet opens as it is: no cell of text is run as a formula.

A cell of text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return gets an apostrophe in
front, which spreadsheets take for "this is text" (OWASP, CSV injection, 2023). Numbers, also as text, stay.
"""

from __future__ import annotations

import codecs
import re
from typing import Any, Protocol

FORMULA = re.compile(r"[=+\-@\t\r]")
"""Beginning of a cell that a spreadsheet may run."""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Tabular(Protocol):
    """The parts of a data frame that are used."""

    @property
    def columns(self) -> Any:
        """Names of the columns."""
        ...

    def to_csv(self, *, index: bool, lineterminator: str) -> str:
        """Return the table as CSV."""
        ...


def text_cell(text: str) -> str:
    """Return text as a cell that no spreadsheet runs.

    >>> text_cell("=1+1"), text_cell("-12.5"), text_cell("- a list"), text_cell("plain")
    ("'=1+1", '-12.5', "'- a list", 'plain')
    """
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def csv_bytes(table: Any, *, for_excel: bool = False) -> bytes:
    """Return a data frame as CSV in UTF-8, without its index, with Unix line ends and no formula.

    Args:
        table: The data frame.
        for_excel: Begin with a byte-order mark.
    """
    text: str = _plain(table).to_csv(index=False, lineterminator="\n")
    return (codecs.BOM_UTF8 if for_excel else b"") + text.encode("utf-8", "surrogatepass")


def _plain(table: Any) -> Any:
    """Return the table with cells and headings of text made plain; the same object if all are."""
    import pandas as pd

    changed: dict[int, Any] = {}
    for place in range(table.shape[1]):
        column = table.iloc[:, place]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
            continue
        values = column.astype(object).tolist()
        # Cells repeat: each distinct text is examined once.
        texts = {value for value in values if isinstance(value, str)}
        plain = {text: cell for text in texts if (cell := text_cell(text)) != text}
        if plain:
            changed[place] = [plain.get(v, v) if isinstance(v, str) else v for v in values]
    headings = [text_cell(name) if isinstance(name, str) else name for name in table.columns]
    if not changed and headings == list(table.columns):
        return table
    copy = table.copy()
    for place, cells in changed.items():
        copy.isetitem(place, pd.Series(cells, index=copy.index, dtype=object))
    copy.columns = headings
    return copy
