"""Memory of the packs that were found valid, so that a pack is checked once and not at every start.

The memory is a folder of empty files, each named by a digest of a pack's bytes and of the code that checks
them. It can be deleted at any time; if it cannot be read or written, packs are checked each time.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

from sogdia.errors import CannotRunError

CACHE_VARIABLE = "SOGDIA_CACHE"


def cache_folder() -> Path:
    """Return the folder for cached files: ``$SOGDIA_CACHE`` or the user's cache folder.

    Raises:
        CannotRunError: If the user has no home folder.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        return Path(platformdirs.user_cache_dir("sogdia", appauthor=False))
    except RuntimeError as error:
        raise CannotRunError(f"the user has no home folder; set {CACHE_VARIABLE} to a folder") from error


@cache
def _checks_digest() -> str:
    """Return a digest of the code, schemas and libraries that check packs."""
    home = Path(__file__).parents[1]
    total = hashlib.sha256(f"{version('frictionless')};{version('pycountry')}".encode())
    modules = {home / f"{name}.py" for name in ("errors", "units", "codes")}
    packages = (path for part in ("files", "tables", "region") for path in (home / part).rglob("*"))
    for path in sorted({*modules, *packages}):
        if path.suffix in {".py", ".json"}:
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _mark(fingerprint: str) -> Path:
    name = hashlib.sha256(f"{fingerprint};{_checks_digest()}".encode()).hexdigest()
    return cache_folder() / "clean" / name


def is_known_valid(fingerprint: str) -> bool:
    """Return whether these checks have found a pack with these bytes valid."""
    try:
        return bool(fingerprint) and _mark(fingerprint).exists()
    except (OSError, CannotRunError):
        return False


def remember_valid(fingerprint: str) -> None:
    """Remember that a pack with these bytes is valid; a folder that cannot be written is ignored."""
    try:
        mark = _mark(fingerprint)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except (OSError, CannotRunError):
        return
