"""The other end of an executor: what runs in a worker process or on a cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import Any

from sogdia.errors import SogdiaError
from sogdia.study.executor_payload import packed, unpacked

_SHARED: list[Any] = []
"""What the work of this process shares, put here once, when it starts."""


def begin(shared: bytes) -> None:
    """Get ready: keep what is shared, and end when the parent ends, even if that is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _SHARED[:] = [unpacked(shared)]


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def work(piece: bytes) -> bytes:
    """Do one piece of work of a process that has begun."""
    return _done(piece, _SHARED[0])


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
