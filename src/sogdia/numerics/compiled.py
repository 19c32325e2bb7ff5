"""Options with which the kernels are compiled. Compiling takes most of the time of a first small assignment.

Wrappers that are never called are left out, and a function with a single caller is inlined instead of being
compiled and optimised twice, by itself and within its caller.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def _can_cache() -> bool:
    """Return whether numba finds a folder for compiled code: next to the source, or the user's own.

    There is none in a read-only installation whose user has no home; then each start compiles again.
    """
    try:
        import numba
    except ImportError:
        return False
    if not _has_home() and "NUMBA_CACHE_DIR" not in os.environ:
        # numba would make a folder named ~ in the current one.
        return os.access(Path(__file__).parent, os.W_OK)
    try:
        numba.njit(cache=True)(_probe)
    except RuntimeError:
        return False
    return True


def _has_home() -> bool:
    try:
        return Path.home().is_absolute()
    except RuntimeError:
        return False


def _probe() -> None:
    """Have a place like that of the kernels; never called."""


CACHED = _can_cache()
"""True if compiled code is stored for the next start."""
ENTRY: dict[str, Any] = {
    "cache": CACHED, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": True
}  # fmt: skip
"""Options of functions called from Python. ``_nrt``, counting of references, is the caller's if not set."""
CALLEE: dict[str, Any] = {**ENTRY, "no_cpython_wrapper": True}
"""Options of functions called from other kernels only."""
IN_PLACE: dict[str, Any] = {**ENTRY, "_nrt": False}
"""Options of functions called from Python that make no array and return none: no references are counted."""
CALLEE_IN_PLACE: dict[str, Any] = {**CALLEE, "_nrt": False}
"""The same for functions called from other kernels only."""
INLINE: dict[str, Any] = {"inline": "always"}
"""Options of functions inlined into their callers."""


def is_compiled(kernel: Any) -> bool:
    """Return whether compiled code of a kernel is stored, newer than its source, so that it starts at once.

    Args:
        kernel: A function compiled with :data:`ENTRY` or :data:`CALLEE`.
    """
    folder = getattr(getattr(kernel, "_cache", None), "cache_path", None)
    if not CACHED or folder is None:
        return False
    source = Path(kernel.py_func.__code__.co_filename)
    stored = Path(folder).glob(f"{source.stem}.{kernel.py_func.__qualname__}-*.nbi")
    return any(path.stat().st_mtime >= source.stat().st_mtime for path in stored)
