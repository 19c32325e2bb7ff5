"""Remembering which packs were found clean, so that a pack is judged once and not at every start.

The memory is a folder of empty files, each named by a digest of a pack's bytes and of all that judges
them. It can be deleted at any time; where it cannot be read or written, packs are judged each time.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "SOGDIA_CACHE"


def cache_folder() -> Path:
    """Folder for what can be made again: ``$SOGDIA_CACHE`` or the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("sogdia", appauthor=False))


@cache
def _checks_digest() -> str:
    """Digest of the code, the schemas and the libraries that decide what is clean."""
    home = Path(__file__).parents[1]
    total = hashlib.sha256(f"{version('frictionless')};{version('pycountry')}".encode())
    judges = (path for part in ("tables", "region") for path in (home / part).rglob("*"))
    for path in sorted({home / "errors.py", home / "units.py", *judges}):
        if path.suffix in {".py", ".json"}:
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _mark(fingerprint: str) -> Path:
    name = hashlib.sha256(f"{fingerprint};{_checks_digest()}".encode()).hexdigest()
    return cache_folder() / "clean" / name


def is_known_clean(fingerprint: str) -> bool:
    """Whether a pack with these bytes was found clean by these checks."""
    try:
        return bool(fingerprint) and _mark(fingerprint).exists()
    except OSError:
        return False


def remember_clean(fingerprint: str) -> None:
    """Note that a pack with these bytes is clean; a folder that cannot be written is no fault."""
    mark = _mark(fingerprint)
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return
