"""Identify the code that made a result."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import sogdia

ENGINES = ("assignment", "case", "coupling", "dependence", "freight", "numerics", "power", "runs", "trade")


@cache
def engine_version() -> str:
    """Return ``VERSION+DIGEST``; the digest is that of the code of cases, engines and their coupling."""
    return code_version(*ENGINES)


@cache
def code_version(*packages: str) -> str:
    """Return ``VERSION+DIGEST``; the digest is that of the code of some packages.

    Args:
        packages: Names of packages in ``sogdia``.
    """
    root = Path(sogdia.__file__).parent
    total = hashlib.sha256()
    for path in sorted(path for part in packages for path in (root / part).rglob("*.py")):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{sogdia.__version__}+{total.hexdigest()[:12]}"
