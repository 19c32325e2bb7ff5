"""Messages of libraries: to a file or nowhere, never between our own on the terminal.

Only processes of our own are set up so: the command line and workers. In a program that imports Sogdia the
loggers and warnings are that program's.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from sogdia.files import os_errors

LOG_VARIABLE = "SOGDIA_LOG"
"""File of messages, for this process and those that it starts."""
LINE = "%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"


def log_to_file(path: Path) -> None:
    """Choose the file of messages for this process and those that it starts.

    Raises:
        CannotRunError: If it cannot be written.
    """
    with os_errors(path, "cannot be written"):
        path.open("a", encoding="utf-8").close()
    os.environ[LOG_VARIABLE] = str(path.absolute())
    divert_messages()


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


def _log_unraisable(failed: sys.UnraisableHookArgs) -> None:
    logging.getLogger(__name__).info("%s in %r", failed.exc_value, failed.object)
