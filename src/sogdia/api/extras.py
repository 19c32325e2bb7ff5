"""Optional libraries: a clear message names the extra to install."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from sogdia.errors import CannotRunError

LIBRARY_OF_EXTRA: Final = {
    "freight": "numba",
    "trade": "numba",
    "power": "highspy",
    "study": "duckdb",
    "report": "matplotlib",
    "ledger": "ahocorasick",
}
"""One library that each extra brings, as the sign that it is installed."""


def require_extra(extra: str, purpose: str) -> None:
    """Check that an optional part is installed.

    Args:
        extra: Name of the extra, as in ``pip install 'sogdia[freight]'``.
        purpose: What needs it, the subject of the message.

    Raises:
        CannotRunError: If it is not installed.
    """
    if find_spec(LIBRARY_OF_EXTRA[extra]) is None:
        raise CannotRunError(f"{purpose} needs the extra {extra}: pip install 'sogdia[{extra}]'")
