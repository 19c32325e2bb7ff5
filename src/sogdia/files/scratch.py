"""Temporary folders that end with their process: one that a killed process left is removed by a later one.

A folder is ours if it has the file :data:`OWNER`, and in use while a process holds the lock of that file.
Folders without the file stay, whatever their name.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sogdia.files.system import locked

OWNER = ".sogdia-owner"
"""File whose lock the process holds that uses the folder."""
CONTENT = "files"
"""Folder inside for the files."""
PREFIX = "sogdia-"
HIDDEN_PREFIX = ".sogdia-"
"""Beginning of the names of temporary folders, and of those in a user's folder."""
YOUNGEST_S = 2.0
"""Age below which a folder is not examined: its process may not hold the lock yet."""


@contextmanager
def scratch_folder(parent: Path | None = None, prefix: str = PREFIX) -> Iterator[Path]:
    """Provide a temporary folder, after removing those that killed processes left in the same place.

    Args:
        parent: Folder to make it in; that of temporary files if not given.
        prefix: Beginning of its name.

    Raises:
        OSError: If it cannot be written.
    """
    place = Path(tempfile.gettempdir()) if parent is None else parent
    remove_abandoned(place, prefix)
    with (
        tempfile.TemporaryDirectory(dir=place, prefix=prefix, ignore_cleanup_errors=True) as name,
        locked(Path(name) / OWNER),
    ):
        folder = Path(name) / CONTENT
        folder.mkdir()
        yield folder


def is_scratch(folder: Path) -> bool:
    """Return ``True`` for a folder of :func:`scratch_folder`."""
    return folder.name == CONTENT and (folder.parent / OWNER).exists()


def remove_abandoned(place: Path | None = None, prefix: str = PREFIX) -> int:
    """Remove the temporary folders of processes that have ended.

    Args:
        place: Folder to look into; that of temporary files if not given.
        prefix: Beginning of their names.

    Returns:
        Number of folders removed. Errors of the system are ignored: a later process tries again.
    """
    parent, count = Path(tempfile.gettempdir()) if place is None else place, 0
    try:
        found = [path for path in parent.iterdir() if path.name.startswith(prefix)]
    except OSError:
        return 0
    for path in found:
        try:
            if _is_abandoned(path):
                shutil.rmtree(path)
                count += 1
        except OSError:
            continue
    return count


def _is_abandoned(folder: Path) -> bool:
    """Return whether a folder is ours, and no process holds its lock."""
    owner, status = folder / OWNER, folder.lstat()
    if not owner.is_file() or owner.is_symlink() or folder.is_symlink():
        return False
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        return False
    if time.time() - owner.stat().st_mtime < YOUNGEST_S:
        return False
    with locked(owner, waits=False) as is_free:
        return is_free
