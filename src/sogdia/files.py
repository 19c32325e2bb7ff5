"""Read files with a clear message, and write them atomically: complete, or not at all.

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
"""Libraries that write other formats raise errors of their own; with less room the disk is the cause."""


class _Tabular(Protocol):
    def to_csv(self, path: Path, *, index: bool, lineterminator: str) -> object: ...


@contextmanager
def os_errors(place: Path | str, action: str = "") -> Iterator[None]:
    """Turn an ``OSError`` of the block into a message that names the file.

    Args:
        place: File or folder to name where the error names none.
        action: What cannot be done, such as ``"cannot be written"``; empty for the system's reason alone.

    Raises:
        CannotRunError: For any ``OSError``.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise CannotRunError(f"{error.filename or place}: no such file or folder") from error
    except OSError as error:
        what = f"{action}: " if action else ""
        raise CannotRunError(f"{error.filename or place}: {what}{error.strerror or error}") from error


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """Read a file.

    Args:
        path: The file.
        most: Largest size in bytes; no limit where not given.

    Raises:
        CannotRunError: If it cannot be read, or is larger.
    """
    with os_errors(path):
        if most is not None and (size := path.stat().st_size) > most:
            raise CannotRunError(f"{path}: {size / 2**20:,.0f} MiB; at most {most // 2**20} MiB are read")
        return path.read_bytes()


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file atomically: a reader sees the old content or all of the new; text becomes UTF-8.

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
    """Write data frames as CSV files ``NAME.csv`` of a folder, all of them or none.

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
    """Provide a draft that replaces ``path`` once the block has ended without an error.

    The draft has the same name in a folder of its own next to ``path``, for libraries that read the
    suffix.

    Raises:
        CannotRunError: If the folder or file cannot be written.
    """
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

    A file of the same name is replaced, other files stay.

    Args:
        folder: Where the files go; made where it does not exist.

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
    """Make a folder where it does not exist, and see that files can be written into it.

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
            raise CannotRunError(f"{folder}: is a file; a folder is needed") from error
        raise
    return folder


def write_durably(path: Path, data: bytes) -> None:
    """Write a new file and wait until it is on the disk.

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
    """Wait until the entries of a folder are on the disk, where the system can be asked to."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
