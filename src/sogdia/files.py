"""Read files with a clear message, and write them atomically: complete or not at all.

An ``OSError`` becomes a :class:`sogdia.errors.CannotRunError` here and nowhere else.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sogdia.errors import CannotRunError, InputError

LEAST_FREE_BYTES = 2**20
"""Free space below which an error of a library that writes a format is reported as a full disk."""


class _Tabular(Protocol):
    def to_csv(self, path: Path, *, index: bool, lineterminator: str) -> object: ...


@contextmanager
def os_errors(place: Path | str, action: str = "") -> Iterator[None]:
    """Turn an ``OSError`` of the block into a message that names the file.

    Args:
        place: File or folder for the message if the error names none.
        action: Phrase such as ``"cannot be written"``; empty for the reason of the system only.

    Raises:
        CannotRunError: For any ``OSError``.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise CannotRunError(f"{error.filename or place}: no such file or folder") from error
    except OSError as error:
        phrase = f"{action}: " if action else ""
        raise CannotRunError(f"{error.filename or place}: {phrase}{error.strerror or error}") from error


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


def write_csv(path: Path, table: _Tabular) -> None:
    """Write a data frame as CSV atomically, without its index, with Unix line ends.

    Raises:
        CannotRunError: If it cannot be written.
    """
    with replacing(path) as draft:
        table.to_csv(draft, index=False, lineterminator="\n")


def write_csv_folder(folder: Path, tables: Mapping[str, _Tabular]) -> list[Path]:
    """Write data frames as CSV files ``NAME.csv`` of a folder: all of them or none.

    Returns:
        The files.

    Raises:
        CannotRunError: If they cannot be written.
    """
    with output_folder(folder) as draft:
        for name, table in tables.items():
            table.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n")
    return [folder / f"{name}.csv" for name in tables]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Provide a draft file that replaces ``path`` once the block has ended without an error.

    The draft has the same name as ``path``, in a temporary folder next to it, since libraries read the
    suffix.

    Raises:
        CannotRunError: If the folder or file cannot be written.
    """
    if path.is_dir():
        raise CannotRunError(f"{path}: is a folder; a file is needed")
    with os_errors(path, "cannot be written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=path.parent, prefix=".sogdia-", ignore_cleanup_errors=True
        ) as scratch:
            draft = Path(scratch) / path.name
            yield draft
            draft.replace(path)


@contextmanager
def output_folder(folder: Path) -> Iterator[Path]:
    """Provide a draft folder whose files and folders move into ``folder`` when the block has ended.

    A file of the same name is replaced; other files stay.

    Args:
        folder: Destination; created if it does not exist.

    Raises:
        CannotRunError: If it cannot be written, or the disk is full.
    """
    writable_folder(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".sogdia-", ignore_cleanup_errors=True) as scratch:
        draft = Path(scratch)
        try:
            yield draft
            for path in sorted(draft.iterdir()):
                _move(path, folder / path.name)
        except InputError:
            raise
        except Exception as error:
            # GDAL, HDF5 and XlsxWriter each report a full disk by an error of their own.
            if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
                raise CannotRunError(f"{folder}: the disk is full; nothing was written") from error
            if isinstance(error, CannotRunError):
                raise CannotRunError(str(error).replace(str(draft), str(folder))) from error
            if isinstance(error, OSError):
                raise CannotRunError(f"{folder}: cannot be written: {error.strerror or error}") from error
            raise


def _move(path: Path, target: Path) -> None:
    if path.is_dir() and target.is_dir():
        shutil.rmtree(target)
    path.replace(target)


def writable_folder(folder: Path) -> Path:
    """Create a folder if it does not exist, and check that files can be written into it.

    Raises:
        CannotRunError: If it is a file, or cannot be written.
    """
    try:
        with os_errors(folder, "cannot be written"):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
    except CannotRunError as error:
        if isinstance(error.__cause__, FileExistsError | NotADirectoryError):
            raise CannotRunError(f"{folder}: is a file; give a folder") from error
        raise
    return folder


def write_durably(path: Path, data: bytes) -> None:
    """Write a new file and wait until it is on disk.

    Raises:
        OSError: If it exists, or cannot be written.
    """
    chunk = 2**16
    with path.open("xb") as file:
        for start in range(0, len(data), chunk):
            file.write(data[start : start + chunk])
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the entries of a folder are on disk, on systems that support it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
