"""The state that routes share: settings, region, store, caches of what never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from typing import Annotated

import pandas as pd
from fastapi import Depends, Request

from sogdia.api import load_region
from sogdia.api.runs import RunResult, open_store
from sogdia.region import Region
from sogdia.runs.store import RunMetadata
from sogdia.runs.version import engine_version
from sogdia.web.cache import SizedCache
from sogdia.web.jobs import JobQueue
from sogdia.web.problems import RefusedError
from sogdia.web.settings import WebSettings


class Workbench:
    """Region, store and settings of a server.

    Args:
        settings: Settings.
    """

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings
        self.store = open_store(settings.store)
        half = settings.limits.cached_bytes // 2
        self._frames: SizedCache[pd.DataFrame] = SizedCache(half, _frame_bytes)
        self._answers: SizedCache[bytes] = SizedCache(half, len)
        self._heads: dict[str, RunMetadata] = {}
        self.jobs = JobQueue(settings.store, self.store.__contains__, settings.limits.waiting_jobs)

    @cached_property
    def region(self) -> Region:
        """The region, checked when it is first used."""
        return load_region(self.settings.region)

    @property
    def engines(self) -> str:
        """Version of the engines, as runs state it."""
        return engine_version()

    @cached_property
    def version(self) -> str:
        """Version of the engines and of the server, on which answers depend."""
        total = hashlib.sha256(engine_version().encode())
        for path in sorted(Path(__file__).parent.rglob("*.py")):
            total.update(path.read_bytes())
        return total.hexdigest()

    def heads(self) -> list[RunMetadata]:
        """Return the descriptions of all runs that can be read; each is read from the disk once."""
        keys = self.store.run_keys()
        if missing := set(keys) - self._heads.keys():
            self._heads |= {head.run: head for head in self.store.all_metadata() if head.run in missing}
        for removed in self._heads.keys() - set(keys):
            self._heads.pop(removed, None)
        return [self._heads[key] for key in keys if key in self._heads]

    def head(self, name: str) -> RunMetadata:
        """Return the description of a run by the start of its id, or by its label.

        Raises:
            UnknownNameError: If no run matches.
            InputError: If several do.
        """
        if name in self._heads and name in self.store:
            return self._heads[name]
        found = self.store.find(name)
        self._heads[found.run] = found
        return found

    def run(self, name: str) -> RunResult:
        """Return a run by the start of its id, or by its label.

        Raises:
            UnknownNameError: If no run matches.
            InputError: If several do.
        """
        head = self.head(name)
        return RunResult(self.store, head, self.region if head.region == self.region.name else None)

    def frame(self, run: str, table: str) -> pd.DataFrame:
        """Return a table of a run; shared, so not to be changed.

        Args:
            run: The run's full id.
            table: Name of the table.

        Raises:
            UnknownNameError: If the run has no such table.
        """
        return self._frames.get((run, table), lambda: self.store.read(run, table))

    def answer(self, key: Hashable, compute: Callable[[], bytes]) -> bytes:
        """Return the bytes of an answer made of finished runs or the region, computed once."""
        return self._answers.get(key, compute)

    def tag(self, *parts: object) -> str:
        """Return the weak entity tag of an answer that depends on the parts and the version alone."""
        text = "\n".join(map(str, (self.version, *parts)))
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _frame_bytes(frame: pd.DataFrame) -> int:
    return int(frame.memory_usage(deep=True).sum())


def workbench_of(request: Request) -> Workbench:
    """Return the state of the server that a request came to."""
    bench = request.app.state.workbench
    if not isinstance(bench, Workbench):
        raise TypeError("the application was not made by create_app")
    return bench


Bench = Annotated[Workbench, Depends(workbench_of)]
"""The state of the server, as a route takes it."""


def refuse_if_read_only(bench: Bench) -> None:
    """Refuse a request that would write.

    Raises:
        RefusedError: If the server is read-only.
    """
    if bench.settings.read_only:
        raise RefusedError("the server is read-only; start it without --read-only to change anything")


Writes = Depends(refuse_if_read_only)
"""Dependency of routes that write."""
