"""Write files and folders atomically: all of them or none, and no file of the user is replaced unasked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sogdia.errors import CannotRunError, InputError
from sogdia.files.records import (
    RECORD,
    check_own,
    digest_of,
    files_in,
    foreign_files,
    foreign_message,
    is_own,
    read_record,
    visible_files,
    write_record,
)
from sogdia.files.scratch import HIDDEN_PREFIX, is_scratch, scratch_folder
from sogdia.files.system import locked, os_errors

LEAST_FREE_BYTES = 2**20
"""Free space below which an error of a library that writes a format is reported as a full disk."""
LOCK = ".sogdia-lock"
"""File whose lock is held while files of a folder are replaced; removed afterwards."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Provide a draft file that replaces ``path`` once the block has ended without an error.

    The draft has the same name as ``path``, in a temporary folder next to it, since libraries read the
    suffix. Inside :func:`output_folder` the file is a draft itself.

    Raises:
        CannotRunError: If the folder or file cannot be written.
    """
    if path.is_dir():
        raise CannotRunError(f"{path}: is a folder; a file is needed")
    with os_errors(path, "cannot be written"):
        if is_scratch(path.parent):
            yield path
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch_folder(path.parent, HIDDEN_PREFIX) as scratch:
            draft = scratch / path.name
            with _ErrorsOfWriting(scratch, path.parent, f"{path}: cannot be written: the disk is full"):
                yield draft
                draft.replace(path)


@contextmanager
def output_folder(
    folder: Path, *, obsolete: Iterable[str] = (), replaces_any: bool = False
) -> Iterator[Path]:
    """Provide a draft folder whose files move into ``folder`` when the block has ended.

    A file of the same name is replaced if Sogdia wrote it (:mod:`sogdia.files.records`). In a folder of the
    draft, such as ``network/``, earlier files of ours that the draft lacks are removed. Others stay.

    Args:
        folder: Destination; created if it does not exist.
        obsolete: Files of an earlier output to be removed, if they exist, as paths in the folder.
        replaces_any: Replace files of the same name whoever wrote them, and record none.

    Raises:
        CannotRunError: If it cannot be written, the disk is full, or a file to be replaced is the user's;
            then nothing changes.
    """
    writable_folder(folder)
    if is_scratch(folder):
        yield folder
        return
    with (
        scratch_folder(folder, HIDDEN_PREFIX) as draft,
        os_errors(folder, "cannot be written"),
        _ErrorsOfWriting(draft, folder, f"{folder}: the disk is full; nothing was written"),
    ):
        yield draft
        with locked(folder / LOCK, remains=False):
            if replaces_any:
                for path in sorted(draft.iterdir()):
                    path.replace(folder / path.name)
            else:
                _move_files(draft, folder, list(obsolete))


@contextmanager
def output_file(path: Path) -> Iterator[Path]:
    """Provide a draft of a file that the user names; it replaces ``path`` only if Sogdia wrote that.

    The record is that of its folder (:func:`output_folder`).

    Raises:
        CannotRunError: If it cannot be written, or the file is the user's; then nothing changes.
    """
    if path.is_dir():
        raise CannotRunError(f"{path}: is a folder; a file is needed")
    with output_folder(path.parent) as draft:
        yield draft / path.name


class _ErrorsOfWriting:
    """Recognise a full disk, and name the destination in place of the draft, in errors of its block.

    Errors of input pass as they are. On a full disk any other becomes ``CannotRunError`` with the message
    ``full``: GDAL, HDF5 and XlsxWriter each report that by an error of their own.
    """

    def __init__(self, draft: Path, folder: Path, full: str) -> None:
        self._draft, self._folder, self._full = draft, folder, full

    def __enter__(self) -> None:
        """Watch the block."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, Exception) or isinstance(error, InputError):
            return
        if shutil.disk_usage(self._folder).free < LEAST_FREE_BYTES:
            raise CannotRunError(self._full) from error
        if isinstance(error, CannotRunError):
            raise CannotRunError(str(error).replace(str(self._draft), str(self._folder))) from error
        if isinstance(error, OSError):
            # A name of the draft means nothing to the user.
            raise OSError(error.errno, error.strerror or str(error)) from error


def _move_files(draft: Path, folder: Path, obsolete: list[str]) -> None:
    """Move all files of a draft into a folder, and record them.

    Raises:
        CannotRunError: If a file that would be replaced or removed is the user's; then nothing changes.
        OSError: If a file cannot be moved.
    """
    record = read_record(folder)
    new = {name: digest_of(draft / name) for name in files_in(draft)}
    parts = [path.name for path in sorted(draft.iterdir()) if path.is_dir()]
    in_parts = [
        f"{part}/{name}"
        for part in parts
        if (folder / part).is_dir()
        for name in visible_files(folder / part)
    ]
    foreign = foreign_files(folder, [*new, *obsolete, *in_parts], record, new)
    foreign += [part for part in parts if (folder / part).exists() and not (folder / part).is_dir()]
    if foreign:
        raise CannotRunError(foreign_message(folder, foreign))
    stale = [name for name in (*in_parts, *obsolete) if name not in new and is_own(folder, name, record)]
    staying = {
        name: digests for name, digests in record.items() if name not in stale and (folder / name).is_file()
    }
    # Recorded first with both digests: a process killed while files move has its files recognised later.
    both = {name: (*record.get(name, ())[-1:], digest) for name, digest in new.items()}
    scratch = draft.parent
    write_record(folder, {**record, **both}, scratch)
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    for name in new:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).replace(folder / name)
    write_record(folder, {**staying, **{name: (digest,) for name, digest in new.items()}}, scratch)


def writable_folder(folder: Path, names: Iterable[str] = ()) -> Path:
    """Create a folder if it does not exist, and check that files can be written into it.

    Args:
        folder: The folder.
        names: Files and folders to be written later; those of the user are refused now.

    Raises:
        CannotRunError: If it is a file, cannot be written, or has a file of the user with one of the names.
    """
    try:
        with os_errors(folder, "cannot be written"):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            check_own(folder, names)
    except CannotRunError as error:
        if isinstance(error.__cause__, FileExistsError | NotADirectoryError):
            raise CannotRunError(f"{folder}: is a file; give a folder") from error
        raise
    return folder


__all__ = ["RECORD", "output_folder", "replacing", "writable_folder"]
