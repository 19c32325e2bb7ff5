"""Run items in a worker process or on a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sogdia.errors import SogdiaError
from sogdia.logs import divert_messages
from sogdia.runs.executor_payload import pack, unpack
from sogdia.runs.memory import exempt_from_collection

_SHARED: list[Any] = []
"""The shared object of this process and the common ones, loaded once, when it starts."""


def initialise(path: str) -> None:
    """Load the shared object from a file; end this process when its parent ends, even if that is killed."""
    # Where a signal cannot be blocked for a new process (Windows), Ctrl-C reaches it: its parent ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    divert_messages()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with, args=(parent,), daemon=True).start()
    _SHARED[:] = unpack(Path(path).read_bytes())
    # It stays as long as the process: looking through it for garbage after each job took a fifth of a second.
    exempt_from_collection()


def _exit_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def run_item(item: bytes) -> bytes:
    """Run one item in an initialised process."""
    return _run(item, *_SHARED)


def _run(packed_item: bytes, shared: Any, common: Sequence[Any]) -> bytes:
    function, item = unpack(packed_item, common)
    try:
        return pack((function(item, shared), None))
    except SogdiaError as error:
        return pack((None, error))


class ClusterWorker:
    """Worker of a cluster: holds the shared and common objects, and runs one item after another."""

    def __init__(self, shared: bytes) -> None:
        self._shared = unpack(shared)

    def run(self, item: bytes) -> bytes:
        """Run one item."""
        return _run(item, *self._shared)
