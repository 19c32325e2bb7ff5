"""Messages of libraries: to a file or nowhere, never between our own on the terminal.

Only processes of our own are set up so: the command line and workers. In a program that imports Sogdia the
loggers and warnings are that program's. What compiled code prints is dropped by :func:`silent_output`.
"""

from __future__ import annotations

import ctypes
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sogdia.errors import CannotRunError
from sogdia.files import os_errors

LOG_VARIABLE = "SOGDIA_LOG"
"""File of messages, for this process and those that it starts."""
STANDARD_OUTPUT = 1
DATE_PATTERN, LENGTH_OF_DATE = re.compile(rb"\d{4}-\d{2}-\d{2} "), 11
"""Begin of a line of messages."""
LINE = "%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"


def log_to_file(path: Path) -> None:
    """Choose the file of messages for this process and those that it starts.

    Raises:
        CannotRunError: If it cannot be written, or is a file of another kind, such as a table.
    """
    with os_errors(path, "cannot be written"):
        path.open("a", encoding="utf-8").close()
        if path.is_file() and not _is_log(path):
            raise CannotRunError(f"{path}: is no file of messages; nothing was added. Name another file")
    os.environ[LOG_VARIABLE] = str(path.absolute())
    divert_messages()


def _is_log(path: Path) -> bool:
    """Return whether a file is empty or begins with the time of a message."""
    with path.open("rb") as file:
        head = file.read(LENGTH_OF_DATE)
    return not head or DATE_PATTERN.match(head) is not None


def divert_messages() -> None:
    """Send messages and warnings of all libraries to the chosen file; without one they are dropped.

    A root logger with a handler is left alone by ``logging.basicConfig``, which some libraries call.
    """
    root, chosen = logging.getLogger(), os.environ.get(LOG_VARIABLE)
    handler: logging.Handler = logging.NullHandler()
    if chosen:
        handler = logging.FileHandler(chosen, encoding="utf-8", errors="backslashreplace", delay=True)
        handler.setFormatter(logging.Formatter(LINE))
        root.setLevel(logging.INFO)
    for former in root.handlers[:]:
        root.removeHandler(former)
    root.addHandler(handler)
    logging.captureWarnings(True)
    # A destructor that fails, as that of a file on a full disk, has a traceback of its own.
    sys.unraisablehook = _log_unraisable
    # A full disk, or a file that cannot be written any more, must not show either.
    logging.raiseExceptions = False


class _Output:
    """Standard output of the system, redirected while any thread is in a block of :func:`silent_output`."""

    def __init__(self) -> None:
        self._lock, self._blocks, self._saved = threading.Lock(), 0, -1

    def drop(self) -> None:
        with self._lock:
            self._blocks += 1
            if self._blocks > 1:
                return
            flush_compiled()
            with suppress(OSError):  # a process without standard output
                self._saved = os.dup(STANDARD_OUTPUT)
                sink = os.open(os.devnull, os.O_WRONLY)
                os.dup2(sink, STANDARD_OUTPUT)
                os.close(sink)

    def restore(self) -> None:
        with self._lock:
            self._blocks -= 1
            if self._blocks or self._saved < 0:
                return
            flush_compiled()
            os.dup2(self._saved, STANDARD_OUTPUT)
            os.close(self._saved)
            self._saved = -1


_OUTPUT = _Output()


@contextmanager
def silent_output() -> Iterator[None]:
    """Drop what compiled code prints to standard output in the block.

    The HiGHS of SciPy prints a line for debugging now and then, whatever its settings (ERGO-Code/HiGHS,
    issue 2783). Standard output is that of the process: no other thread should print meanwhile.
    """
    _OUTPUT.drop()
    try:
        yield
    finally:
        _OUTPUT.restore()


def flush_compiled() -> None:
    """Write out what compiled code has printed: its buffers are not those of Python."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None).fflush(None)


def _log_unraisable(failed: sys.UnraisableHookArgs) -> None:
    logging.getLogger(__name__).info("%s in %r", failed.exc_value, failed.object)
