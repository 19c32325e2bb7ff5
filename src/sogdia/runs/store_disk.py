"""What the store asks of a disk: bytes that stay, locks that end with their process, errors in words."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from sogdia.errors import CannotRunError

FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
"""What file systems without locks answer."""
CHUNK = 2**16


def write_durably(path: Path, data: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("xb") as file:
        for start in range(0, len(data), CHUNK):
            file.write(data[start : start + CHUNK])
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


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file, waiting for it; the system frees it when the process ends.

    On a file system that knows no locks nothing is held: work may then be done twice, with no other harm.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait_for(handle)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                return
            except OSError:
                time.sleep(0.1)
    else:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise


def storage_error(error: OSError, folder: Path, what: Literal["read", "written"]) -> CannotRunError:
    """An error of the disk in words, with what helps."""
    place = f"the store {folder}"
    told = error.strerror or str(error)
    if error.errno in FULL:
        return CannotRunError(
            f"{place}: the disk is full ({told}). What was finished is safe: make room, or remove runs "
            "(sogdia rm), then run again"
        )
    if error.errno in FORBIDDEN:
        return CannotRunError(f"{place} may not be {what} ({told}): choose another one with --store")
    return CannotRunError(f"{place} cannot be {what}: {error.filename or folder}: {told}")
