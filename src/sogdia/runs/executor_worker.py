"""The other end of an executor: what runs in a worker process or on a cluster."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import sys
import threading
from pathlib import Path
from typing import Any

from sogdia.errors import SogdiaError
from sogdia.runs.executor_payload import packed, unpacked

_SHARED: list[Any] = []
"""What the work of this process shares, put here once, when it starts."""


def begin(place: str) -> None:
    """Get ready: keep what is shared, a file, and end when the parent ends, even if that is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _SHARED[:] = [unpacked(Path(place).read_bytes())]


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def work(piece: bytes) -> bytes:
    """Do one piece of work of a process that has begun."""
    done = _done(piece, _SHARED[0])
    _give_back()
    return done


def _give_back() -> None:
    """Hand freed memory back to the system: the C library keeps it, which several processes feel."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _done(piece: bytes, shared: Any) -> bytes:
    function, item = unpacked(piece)
    try:
        return packed((function(item, shared), None))
    except SogdiaError as error:
        return packed((None, error))


class Holder:
    """A worker of a cluster: holds what is shared and does one piece after another."""

    def __init__(self, shared: bytes) -> None:
        self._shared = unpacked(shared)

    def work(self, piece: bytes) -> bytes:
        """Do one piece of work."""
        return _done(piece, self._shared)
