"""Progress of a computation: a bar on a terminal or in a notebook, lines in a file, or a callback."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from threading import Event, Thread
from types import TracebackType
from typing import Any

Callback = Callable[[int, int, str], None]
"""Called with the number of finished steps, that of all steps, and what is running."""
ProgressLike = bool | Callback
"""``True`` for a bar, a callback, or ``False`` for nothing."""
FIRST_S, NEXT_S = 2.0, 10.0
"""Seconds before the first line where standard error is no terminal, and before each next one."""
WAITING_S = 2.0
"""Seconds before the first line of a command that shows no progress of its own."""
LEAST_SHARE = 0.1
"""Share of the steps that is finished before the time left is estimated: the first ones wait for a baseline,
and the time of few steps says little."""


_SHOWN: list[Progress] = []
"""Bars and lines that are shown now; :class:`Waiting` is silent meanwhile."""


class Progress:
    """Progress of a known number of steps, for use in a ``with`` block.

    Args:
        total: Number of steps.
        show: ``True`` for a bar in a notebook or on a terminal (lines where standard error is a file), a
            callback, or ``False`` for nothing.
    """

    def __init__(self, total: int, show: ProgressLike = False) -> None:
        self.total = total
        self.finished = 0
        self._show = show
        self._bar: _Notebook | _Terminal | _Lines | None = None

    def __enter__(self) -> Progress:
        if self._show is True:
            kind = _Notebook if _in_notebook() else _Terminal if sys.stderr.isatty() else _Lines
            self._bar = kind(self.total)
            _SHOWN.append(self)
        return self

    def stage(self, text: str) -> None:
        """Show what is running."""
        self._update(text)

    def step(self, text: str, steps: int = 1) -> None:
        """Count finished steps, and show the last."""
        self.finished += steps
        self._update(text)

    def expect(self, total: int) -> None:
        """Set the number of all steps, where it was known at most before."""
        self.total = total

    def at(self, finished: int, total: int, text: str) -> None:
        """Set the number of finished and of all steps, for a computation that counts by itself."""
        self.finished, self.total = finished, total
        self._update(text)

    def _update(self, text: str) -> None:
        if callable(self._show):
            self._show(self.finished, self.total, text)
        elif self._bar is not None:
            self._bar.update(self.finished, self.total, text)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            _SHOWN.remove(self)
            self._bar.close()


class Waiting:
    """Lines on standard error while a command runs and shows no progress, for use in a ``with`` block.

    Args:
        text: What is running.
        show: ``False`` for no line.
    """

    def __init__(self, text: str, show: bool) -> None:
        self._text, self._show, self._ended = text, show, Event()
        self._thread = Thread(target=self._print, daemon=True)

    def __enter__(self) -> None:
        if self._show:
            self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._show:
            self._thread.join()

    def _print(self) -> None:
        begun, wait = time.perf_counter(), WAITING_S
        while not self._ended.wait(wait):
            if not _SHOWN:
                with suppress(OSError, ValueError):  # a closed stream is no reason to end the command
                    sys.stderr.write(f"{line_of(time.perf_counter() - begun, 0, 1, self._text)}\n")
                    sys.stderr.flush()
            wait = NEXT_S


def _in_notebook() -> bool:
    """Check for a Jupyter kernel without importing IPython."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"


class _Terminal:
    """A rich bar on standard error."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("elapsed"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=total)

    def update(self, finished: int, total: int, text: str) -> None:
        self._bar.update(self._task, completed=finished, total=total, description=text)

    def close(self) -> None:
        self._bar.stop()


class _Lines:
    """Lines on standard error at equal times, so that a long job is seen to run; none if it ends at once."""

    def __init__(self, total: int) -> None:
        self._state, self._begun, self._closed = (0, total, ""), time.perf_counter(), Event()
        self._thread = Thread(target=self._print, daemon=True)
        self._thread.start()

    def update(self, finished: int, total: int, text: str) -> None:
        self._state = finished, total, text

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _print(self) -> None:
        wait = FIRST_S
        while not self._closed.wait(wait):
            finished, total, text = self._state
            seconds = time.perf_counter() - self._begun
            sys.stderr.write(f"{line_of(seconds, finished, total, text)}\n")
            sys.stderr.flush()
            wait = NEXT_S


def line_of(seconds: float, finished: int, total: int, text: str) -> str:
    """Return a line of progress; with the time left once a tenth of the steps is finished.

    >>> line_of(30.0, 2, 6, "freight"), line_of(3.0, 0, 1, "freight")
    ('30 s: 2 of 6, about 60 s left, freight', '3 s: freight')
    >>> line_of(100.0, 1, 67, "freight")
    '100 s: 1 of 67, freight'
    """
    if total <= 1:
        return f"{seconds:.0f} s: {text}"
    is_known = finished >= LEAST_SHARE * total and finished < total
    left = f", about {seconds * (total - finished) / finished:.0f} s left" if is_known else ""
    return f"{seconds:.0f} s: {finished} of {total}{left}, {text}"


class _Notebook:
    """An HTML bar below the cell, replaced at each step and removed at the end."""

    def __init__(self, total: int) -> None:
        from importlib import import_module

        display: Any = import_module("IPython.display")
        self._handle = display.display({"text/html": _html(0, total, "")}, raw=True, display_id=True)

    def update(self, finished: int, total: int, text: str) -> None:
        self._handle.update({"text/html": _html(finished, total, text)}, raw=True)

    def close(self) -> None:
        self._handle.update({"text/html": ""}, raw=True)


def _html(finished: int, total: int, text: str) -> str:
    return f"<progress value={finished} max={total}></progress> {finished} of {total} {escape(text)}"
