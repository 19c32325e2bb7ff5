"""Read a CSV file as rows of text with their line numbers.

A byte-order mark, another separator, a ragged row or another encoding is an error with its line and a
suggested fix. The rows are read all the same, so that one run shows every error. What spreadsheets write
without a change of any value is tolerated in a user's own tables (:func:`faults_of_content`), and ``sogdia
tidy`` writes it clean.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from sogdia.errors import Fault
from sogdia.names import hidden_characters

LARGEST_FILE = 512 * 2**20
LARGEST_ROW = 2**20
LARGEST_CELL = 2**17
SAVE_AS = "save as UTF-8 CSV with commas, or let sogdia tidy do it"
SPREADSHEET = frozenset({"line-ends", "spaces", "blank-row", "separator"})
"""Kinds of errors that spreadsheets introduce and that change no value."""
SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas"}
DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?", re.ASCII)

NAME_COLUMNS = frozenset(("id", "code", "name", "title"))
"""Columns whose cells are on one line."""
_TOO_LONG = f"a cell of more than {LARGEST_CELL:,} characters, or a row of more than {LARGEST_ROW:,}"
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF8, "a UTF-8 byte-order mark"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of a CSV file as text.

    Attributes:
        file: Name for messages.
        header: Column names as written.
        rows: Cells, one list per row, each as long as the header.
        lines: Line in the file on which each row starts.
    """

    file: str
    header: tuple[str, ...] = ()
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_table(path: Path, name: str) -> tuple[RawTable, bytes, list[Fault]]:
    """Read one CSV file.

    Args:
        path: The file.
        name: Name for messages.

    Returns:
        The cells, the bytes of the file, and the errors of the file as such.

    Raises:
        OSError: If the file cannot be read.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        problem = f"the file holds {size / 2**20:,.0f} MiB; at most {LARGEST_FILE // 2**20} are read"
        return RawTable(name), b"", [Fault(name, None, None, problem, "split it", "file-size")]
    data = path.read_bytes()
    raw, faults = read_text(data, name)
    return raw, data, faults


def read_text(data: bytes, name: str) -> tuple[RawTable, list[Fault]]:
    """Read the bytes of a CSV file; see :func:`read_table`."""
    faults: list[Fault] = []
    text = _decode(data, name, faults)
    if text is None:
        return RawTable(name), faults
    text = _unify_line_ends(text, name, faults)
    return _parse(text, name, faults), faults


def _decode(data: bytes, name: str, faults: list[Fault]) -> str | None:
    mark, label = next(((mark, label) for mark, label in _MARKS if data.startswith(mark)), (b"", ""))
    if mark:
        problem = f"the file starts with {label}"
        faults.append(Fault(name, 1, None, problem, SAVE_AS, "encoding"))
        data = data[len(mark) :] if mark == codecs.BOM_UTF8 else _from_utf(data, label)
    if not data.strip():
        faults.append(
            Fault(name, None, None, "the file is empty", "a table needs its header row", "empty-file")
        )
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        faults.append(Fault(name, line, None, f"byte 0x{byte:02x} is not UTF-8", SAVE_AS, "encoding"))
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        faults.append(Fault(name, line, None, "a NUL character: not a text file", SAVE_AS, "encoding"))
        return None
    return text


def _from_utf(data: bytes, label: str) -> bytes:
    """Return text of UTF-16 or UTF-32 as UTF-8; invalid bytes as they are, for an error later."""
    try:
        return data.decode(label).encode("utf-8")
    except UnicodeError:
        return data


def faults_of_content(raw: RawTable, faults: list[Fault]) -> list[Fault]:
    """Return the errors of a file without those that a spreadsheet introduces and that change no value.

    Args:
        raw: The table; if it has a header, an error of its encoding was a byte-order mark.
        faults: Errors of :func:`read_table`.
    """
    harmless = SPREADSHEET | ({"encoding"} if raw.header else set())
    return [fault for fault in faults if fault.kind not in harmless]


def _unify_line_ends(text: str, name: str, faults: list[Fault]) -> str:
    if "\r" not in text:
        return text
    line = text.count("\n", 0, text.index("\r")) + 1
    faults.append(
        Fault(name, line, None, "carriage returns at line ends", "end lines with LF only", "line-ends")
    )
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Lines:
    """Lines of a text for the CSV reader, one at a time, up to the largest length of a row."""

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.position = start
        self.row = start

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        start = self.position
        if start >= len(self.text):
            raise StopIteration
        end = self.text.find("\n", start) + 1 or len(self.text)
        if end - self.row > LARGEST_ROW:
            raise csv.Error(_TOO_LONG)
        self.position = end
        return self.text[start:end]

    def end_row(self, row: list[str]) -> None:
        """Record the end of a row. The csv module's own limit cannot be relied on: libraries raise it."""
        if self.position - self.row > LARGEST_CELL and max(map(len, row)) > LARGEST_CELL:
            raise csv.Error(_TOO_LONG)
        self.row = self.position


def _parse(text: str, name: str, faults: list[Fault]) -> RawTable:
    separator, begin = _separator(text)
    source = _Lines(text, begin)
    reader = csv.reader(source, strict=True, delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    skipped = 1 if begin else 0
    start = 1 + skipped
    try:
        for row in reader:
            source.end_row(row)
            rows.append(row)
            lines.append(start)
            start = reader.line_num + 1 + skipped
    except csv.Error as error:
        faults.append(Fault(name, start, None, *_csv_problem(str(error)), "csv"))
    if not rows:
        return RawTable(name)
    names = tuple(rows.pop(0))
    del lines[0]
    if not any(cell.strip() for cell in names):
        faults.append(Fault(name, 1, None, "a blank line instead of the header", "delete it", "no-header"))
        return RawTable(name)
    if separator != "," or begin:
        problem = f"columns are separated by {SEPARATORS[separator]}, not commas"
        problem = f'the line "sep={separator}" of Excel' if begin else problem
        faults.append(Fault(name, 1, None, problem, SAVE_AS, "separator"))
    raw = RawTable(name, names, *_complete_rows(rows, lines, len(names), name, faults))
    if separator != ",":
        _write_points(raw)
    faults.extend(_cells_with_invisible_characters(raw))
    return raw


def _csv_problem(error: str) -> tuple[str, str]:
    if error == _TOO_LONG or "field limit" in error:
        return _TOO_LONG, "close the quote, if one is open"
    return f"not readable as CSV from here on: {error}", "double the quotes inside a cell"


def _separator(text: str) -> tuple[str, int]:
    """Return the separator of columns, and where the table begins: after a line ``sep=;`` of Excel.

    Without that line it is a semicolon or tab if the header has one and no comma.
    """
    first, _, _ = text.partition("\n")
    hint = first.strip().strip('"').lower()
    if len(hint) == 5 and hint.startswith("sep=") and hint[4] in SEPARATORS:
        return hint[4], len(first) + 1
    if first.rstrip().lower() in ("sep=", '"sep="') and "\t" in first:
        return "\t", len(first) + 1
    if "," not in first:
        return next((sign for sign in (";", "\t") if sign in first), ","), 0
    return ",", 0


def _write_points(raw: RawTable) -> None:
    """Write decimal commas as points, in columns in which every cell is a number so."""
    for place in range(len(raw.header)):
        cells = [row[place].strip() for row in raw.rows if row[place].strip()]
        if any("," in cell for cell in cells) and all(map(DECIMAL_COMMA.fullmatch, cells)):
            for row in raw.rows:
                row[place] = row[place].replace(",", ".")


def _complete_rows(
    rows: list[list[str]], lines: list[int], width: int, name: str, faults: list[Fault]
) -> tuple[list[list[str]], list[int]]:
    complete, complete_lines = [], []
    for row, line in zip(rows, lines, strict=True):
        if not any(cell.strip() for cell in row):
            faults.append(Fault(name, line, None, "a blank row", "delete it", "blank-row"))
        elif len(row) == width:
            complete.append(row)
            complete_lines.append(line)
        else:
            problem = f"{len(row)} cells where the header has {width}"
            fix = "quote cells that hold a comma" if len(row) > width else "add the missing commas"
            faults.append(Fault(name, line, None, problem, fix, "ragged-row"))
    return complete, complete_lines


def _is_plain(cell: str) -> bool:
    """Return whether a cell is printable and has no spaces around it."""
    return cell.isprintable() and cell[0] != " " and cell[-1] != " "


def _cells_with_invisible_characters(raw: RawTable) -> list[Fault]:
    faults = []
    for column, values in zip(raw.header, zip(*raw.rows, strict=True), strict=False):
        # Cells repeat: codes, sources and notes are read once for each distinct text.
        suspects = {cell for cell in set(values) if cell and not _is_plain(cell)}
        if not suspects:
            continue
        for line, cell in zip(raw.lines, values, strict=True):
            if cell not in suspects:
                continue
            if cell != cell.strip():
                problem, kind = f"{cell[:40]!r} has spaces around it", "spaces"
            elif any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in cell):
                problem, kind = f"{cell[:40]!r} holds control characters", "control-character"
            elif any(sign in "\u2028\u2029" or unicodedata.category(sign) == "Cf" for sign in cell):
                hidden = "; ".join(hidden_characters(cell))
                problem, kind = f"{cell[:40]!r}: {hidden}", "invisible-character"
            elif "\n" in cell and column in NAME_COLUMNS:
                problem, kind = f"{cell[:40]!r} has a line break", "line-break"
            else:
                continue
            faults.append(Fault(raw.file, line, column, problem, "delete them", kind))
    return faults
