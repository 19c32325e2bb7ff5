"""Locks and error messages of the store."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sogdia.errors import CannotRunError
from sogdia.files import os_errors

FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
"""Errors of file systems without locks."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file, waiting for it; the system frees it when the process ends.

    On a file system without locks none is held: a job may then be computed twice, with no other harm.

    Raises:
        CannotRunError: If filelock is not installed.
        OSError: If the file cannot be written.
    """
    try:
        from filelock import FileLock
    except ImportError as error:
        raise CannotRunError("the store of runs needs filelock; install sogdia[study]") from error
    # A lock by the mere existence of a file would outlive a killed process.
    lock = FileLock(path, fallback_to_soft=False)
    with suppress_no_locks():
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def suppress_no_locks() -> Iterator[None]:
    """Ignore the errors of file systems without locks."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise


@contextmanager
def store_errors(folder: Path, action: Literal["read", "written"]) -> Iterator[None]:
    """Turn an ``OSError`` of the block into a message that names the store and suggests a fix.

    Raises:
        CannotRunError: For any ``OSError``.
    """
    try:
        with os_errors(f"the store {folder}", f"cannot be {action}"):
            yield
    except CannotRunError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError):
            raise
        reason = cause.strerror or str(cause)
        if cause.errno in FULL:
            raise CannotRunError(
                f"the store {folder}: the disk is full ({reason}). Finished runs are safe: make room, or "
                "remove runs (sogdia rm), then run again"
            ) from cause
        if cause.errno in FORBIDDEN:
            raise CannotRunError(
                f"the store {folder} may not be {action} ({reason}): choose another one with --store"
            ) from cause
        raise
