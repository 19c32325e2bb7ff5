"""A bar on standard error: stage, elapsed, remaining."""

from __future__ import annotations

from types import TracebackType
from typing import Any


class Progress:
    """Progress of a known number of steps.

    Args:
        total: How many steps.
        shown: Whether anything is shown at all; on a terminal a bar, elsewhere nothing.
    """

    def __init__(self, total: int, *, shown: bool) -> None:
        self.total = total
        self.shown = shown
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        if self.shown:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )
            from rich.progress import Progress as Bar

            self._bar = Bar(
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
            self._task = self._bar.add_task("", total=self.total)
        return self

    def stage(self, words: str) -> None:
        """Say what is being done."""
        if self._bar is not None:
            self._bar.update(self._task, description=words)

    def step(self, words: str) -> None:
        """Say that one more step is done, and which."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=words)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
