"""Read a CSV file as rows of text with their line numbers.

Nothing is guessed: a byte-order mark, another encoding, another separator or a ragged row is an error with
its line and a suggested fix. The other rows are read all the same, so that one run shows every error.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from sogdia.errors import Fault

LARGEST_FILE = 512 * 2**20
LARGEST_ROW = 2**20
LARGEST_CELL = 2**17
SAVE_AS = "save as UTF-8 CSV with commas"

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
    faults: list[Fault] = []
    text = _decode(data, name, faults)
    if text is None:
        return RawTable(name), data, faults
    text = _unify_line_ends(text, name, faults)
    return _parse(text, name, faults), data, faults


def _decode(data: bytes, name: str, faults: list[Fault]) -> str | None:
    for mark, label in _MARKS:
        if data.startswith(mark):
            faults.append(
                Fault(name, 1, None, f"the file starts with {label}", SAVE_AS + ", no mark", "encoding")
            )
            if mark != codecs.BOM_UTF8:
                return None
            data = data[len(mark) :]
            break
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

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.row = 0

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
    source = _Lines(text)
    reader = csv.reader(source, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            source.end_row(row)
            rows.append(row)
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(name, start, None, *_csv_problem(str(error)), "csv"))
    if not rows:
        return RawTable(name)
    names = tuple(rows.pop(0))
    del lines[0]
    if not any(cell.strip() for cell in names):
        faults.append(Fault(name, 1, None, "a blank line instead of the header", "delete it", "no-header"))
        return RawTable(name)
    _check_separator(names, name, faults)
    raw = RawTable(name, names, *_complete_rows(rows, lines, len(names), name, faults))
    faults.extend(_cells_with_invisible_characters(raw))
    return raw


def _csv_problem(error: str) -> tuple[str, str]:
    if error == _TOO_LONG or "field limit" in error:
        return _TOO_LONG, "close the quote, if one is open"
    return f"not readable as CSV from here on: {error}", "double the quotes inside a cell"


def _check_separator(header: tuple[str, ...], name: str, faults: list[Fault]) -> None:
    if len(header) == 1:
        for separator, label in ((";", "semicolons"), ("\t", "tabs")):
            if separator in header[0]:
                problem = f"columns are separated by {label}, not commas"
                faults.append(Fault(name, 1, None, problem, SAVE_AS, "separator"))


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
            else:
                continue
            faults.append(Fault(raw.file, line, column, problem, "delete them", kind))
    return faults
