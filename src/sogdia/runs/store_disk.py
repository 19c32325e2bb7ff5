"""Error messages of the store."""

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
