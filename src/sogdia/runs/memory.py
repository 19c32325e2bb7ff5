"""Return freed memory to the system."""

from __future__ import annotations

import ctypes
import gc
import sys


def exempt_from_collection() -> None:
    """Leave the objects that live now out of later collections, which would pass over all of them each time.

    Those of an earlier call are collected again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def release_memory() -> None:
    """Return freed memory to the system: the C library keeps it, which several processes together feel."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
