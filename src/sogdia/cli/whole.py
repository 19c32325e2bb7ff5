"""Files of a command come into their folder together when all are written, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sogdia.cli.options import writable_folder
from sogdia.errors import CannotRunError, InputError

LEAST_FREE_BYTES = 2**20
"""Libraries of other formats have errors of their own; with less room than this the disk is their cause."""


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A folder to write into, whose files and folders move into ``folder`` at the end.

    What stands there under the same name is replaced, other files stay.

    Args:
        folder: Where the files go; made where it is not there.

    Raises:
        CannotRunError: If it cannot be written, or the disk is full.
    """
    writable_folder(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".sogdia-", ignore_cleanup_errors=True) as scratch:
        part = Path(scratch)
        try:
            yield part
            for path in sorted(part.iterdir()):
                _put(path, folder / path.name)
        except InputError:
            raise
        except Exception as error:
            # GDAL, HDF5 and XlsxWriter each tell of a full disk by an error of their own.
            if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
                raise CannotRunError(f"{folder}: the disk is full; nothing was written") from error
            if isinstance(error, CannotRunError):
                raise CannotRunError(str(error).replace(str(part), str(folder))) from error
            if isinstance(error, OSError):
                raise CannotRunError(f"{folder}: cannot be written: {error.strerror or error}") from error
            raise


def _put(path: Path, there: Path) -> None:
    if path.is_dir() and there.is_dir():
        shutil.rmtree(there)
    path.replace(there)
