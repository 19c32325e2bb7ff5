"""Read files with a clear message, and write them atomically: complete or not at all.

An ``OSError`` becomes a :class:`sogdia.errors.CannotRunError` here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sogdia.errors import CannotRunError
from sogdia.files.csv_text import Tabular, csv_bytes
from sogdia.files.drafts import RECORD, output_file, output_folder, replacing, writable_folder
from sogdia.files.scratch import remove_abandoned, scratch_folder
from sogdia.files.system import is_inside, locked, os_errors, sync_folder, write_durably

__all__ = [
    "RECORD",
    "csv_bytes",
    "is_inside",
    "locked",
    "os_errors",
    "output_file",
    "output_folder",
    "read_bytes",
    "remove_abandoned",
    "replacing",
    "scratch_folder",
    "sync_folder",
    "writable_folder",
    "write_csv",
    "write_csv_folder",
    "write_durably",
    "write_file",
]


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """Read a file.

    Args:
        path: The file.
        limit: Largest size in bytes; ``None`` for no limit.

    Raises:
        CannotRunError: If it cannot be read, or is larger.
    """
    with os_errors(path):
        if limit is not None and (size := path.stat().st_size) > limit:
            raise CannotRunError(
                f"{path}: the file has {size / 2**20:,.1f} MiB; at most {limit / 2**20:,.1f} MiB are read"
            )
        return path.read_bytes()


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file atomically: a reader sees the old content or the complete new one. Text becomes UTF-8.

    Raises:
        CannotRunError: If it cannot be written.
    """
    with replacing(path) as draft:
        draft.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def write_csv(path: Path, table: Tabular, *, for_excel: bool = False) -> None:
    """Write a data frame as CSV atomically (:func:`csv_bytes`).

    Args:
        path: The file.
        table: The data frame.
        for_excel: Begin with a byte-order mark, without which Excel misreads letters.

    Raises:
        CannotRunError: If it cannot be written.
    """
    write_file(path, csv_bytes(table, for_excel=for_excel))


def write_csv_folder(
    folder: Path, tables: Mapping[str, Tabular], *, replaces_any: bool = False
) -> list[Path]:
    """Write data frames as CSV files ``NAME.csv`` of a folder: all of them or none.

    Args:
        folder: The folder.
        tables: Data frames by name.
        replaces_any: Replace files of these names whoever wrote them, as in a pack that is to be changed.

    Returns:
        The files.

    Raises:
        CannotRunError: If they cannot be written, or a file of the same name is the user's.
    """
    with output_folder(folder, replaces_any=replaces_any) as draft:
        for name, table in tables.items():
            write_csv(draft / f"{name}.csv", table)
    return [folder / f"{name}.csv" for name in tables]
