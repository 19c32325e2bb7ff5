"""Which files of a user's folder Sogdia wrote: only these are ever replaced or removed.

The record :data:`RECORD` of a folder has the SHA-256 of each file. A file that another program wrote, or that
was edited since, has another digest: it is the user's, and stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sogdia.errors import CannotRunError

RECORD = ".sogdia-files.json"
SHOWN = 8
"""Names of files that a message lists."""
_ABOUT = (
    "SHA-256 of the files that Sogdia wrote here; it replaces these only. Delete this record at any time."
)
Digests = Mapping[str, tuple[str, ...]]
"""Digests that a file of ours may have, by path relative to the folder; two while it is being replaced."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_record(folder: Path) -> Digests:
    """Return the record of a folder; empty if there is none that can be read."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(name): tuple(map(str, digests)) for name, digests in content["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def write_record(folder: Path, digests: Digests, draft: Path) -> None:
    """Replace the record of a folder; ``draft`` is a folder on the same disk for the new one.

    Raises:
        OSError: If it cannot be written.
    """
    files = {name: list(values) for name, values in sorted(digests.items())}
    new = draft / RECORD
    new.write_text(json.dumps({"about": _ABOUT, "files": files}, indent=1) + "\n", encoding="utf-8")
    new.replace(folder / RECORD)


def files_in(folder: Path) -> list[str]:
    """Return the files of a folder and of its folders, as sorted relative paths with ``/``."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def is_own(folder: Path, name: str, record: Digests, *accepted: str) -> bool:
    """Return whether a file has a recorded digest, or one that is accepted."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return False
    return digest_of(path) in {*record.get(name, ()), *accepted}


def foreign_files(
    folder: Path, names: Iterable[str], record: Digests, new: Mapping[str, str] | None = None
) -> list[str]:
    """Return those of the named files that exist and are not as Sogdia wrote them.

    Args:
        folder: The folder.
        names: Relative paths of files.
        record: Its record.
        new: Digest that a file is about to have, by path; a file that has it already is not foreign.
    """
    return [
        name
        for name in dict.fromkeys(names)
        if ((folder / name).exists() or (folder / name).is_symlink())
        and not is_own(folder, name, record, *([new[name]] if new and name in new else []))
    ]


def check_own(folder: Path, names: Iterable[str]) -> None:
    """Check that files of these names, if they exist in a folder, may be replaced.

    Raises:
        CannotRunError: If one is not as Sogdia wrote it.
    """
    files = [file for name in names for file in _expanded(folder, name)]
    foreign = foreign_files(folder, files, read_record(folder))
    if foreign:
        raise CannotRunError(foreign_message(folder, foreign))


def visible_files(folder: Path) -> list[str]:
    """Return the files of a folder and of its folders without hidden ones, which desktops add."""
    return [name for name in files_in(folder) if not name.rpartition("/")[2].startswith(".")]


def _expanded(folder: Path, name: str) -> list[str]:
    """Return the name of a file, or those of the files of a folder."""
    if not (folder / name).is_dir():
        return [name]
    return [f"{name}/{file}" for file in visible_files(folder / name)]


def foreign_message(folder: Path, names: list[str]) -> str:
    """Return the message that files stay because they are the user's."""
    shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    written = "is not as Sogdia wrote it" if len(names) == 1 else "are not as Sogdia wrote them"
    them = "it" if len(names) == 1 else "them"
    return f"{folder}: {shown} {written}; nothing was written. Name another place, or move {them} away"
