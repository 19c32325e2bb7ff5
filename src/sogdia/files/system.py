"""Errors of the system as messages, locks between processes, and files that are on disk for certain."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sogdia.errors import CannotRunError

NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
"""Errors of file systems without locks."""


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


@contextmanager
def locked(path: Path, *, waits: bool = True, remains: bool = True) -> Iterator[bool]:
    """Hold a lock on a file; the system frees it when the process ends, however that ends.

    On a file system without locks none is held.

    Args:
        path: The file of the lock, created if it does not exist.
        waits: Wait while another process holds the lock.
        remains: Keep the file of the lock afterwards.

    Yields:
        Whether the lock is held.

    Raises:
        OSError: If the file cannot be written.
    """
    from filelock import FileLock, Timeout

    # A lock by the mere existence of a file would outlive a killed process.
    lock = FileLock(path, timeout=-1 if waits else 0, fallback_to_soft=False, is_singleton=False)
    is_held = False
    try:
        lock.acquire()
        is_held = True
    except Timeout:
        pass
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
    try:
        yield is_held
    finally:
        if is_held and not remains:
            # Removed while it is held: a process that waits for it notices, and makes a new file.
            with suppress(OSError):
                path.unlink(missing_ok=True)
        lock.release()


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


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path, after its symbolic links, is in a folder; a link to itself is not."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except RuntimeError:  # Python before 3.13, a symbolic link to itself
        return False
