"""The command ``sogdia``, and ``python -m sogdia``.

Nothing but Python itself is imported before an interruption is handled, so that Ctrl-C is one line and exit
code 130 at any moment: while libraries are imported, in compiled code, and while results are written.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

STOPPED = 130
"""Exit code after Ctrl-C, that of a shell."""
MESSAGE = "sogdia: interrupted; finished runs are in the store"

_INTERRUPTED: list[int] = []
"""Signals received. Compiled code turns an interruption into errors of its own."""


def main() -> None:
    """Run the command line, and end the process."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        from sogdia.cli.main import main as run
        from sogdia.logs import divert_messages

        divert_messages()
        run()
    except SystemExit as ended:
        if ended.code == STOPPED:
            _leave(None)
        raise
    except BaseException as error:
        if not _INTERRUPTED and not isinstance(error, KeyboardInterrupt):
            raise
        _leave(MESSAGE)


def _interrupt(number: int, _: FrameType | None) -> None:
    # Threads and destructors that are interrupted must not print their tracebacks.
    sys.unraisablehook = lambda _: None
    threading.excepthook = lambda _: None
    _INTERRUPTED.append(number)
    raise KeyboardInterrupt


def _leave(message: str | None) -> NoReturn:
    """End the process at once: threads of compiled code, which would run on for seconds, end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if message:
            print(message, file=sys.stderr)  # noqa: T201 (the command line writes)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        pass
    os._exit(STOPPED)


if __name__ == "__main__":
    main()
