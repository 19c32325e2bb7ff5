"""Threads that share numbered jobs, so that results do not depend on how many threads there are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class ThreadPool:
    """Threads, this one among them, that take the next job of a list as soon as they are free."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers - 1) if workers > 1 else None
        self._helpers = workers - 1

    def __enter__(self) -> ThreadPool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def each(self, job: Callable[[int], Result], count: int) -> list[Result]:
        """Results of jobs 0 to ``count``, in this order."""
        if self._pool is None or count < 2:
            return [job(n) for n in range(count)]
        numbers = iter(range(count))
        found: dict[int, Result] = {}

        def some() -> None:
            for n in numbers:
                found[n] = job(n)

        helpers = [self._pool.submit(some) for _ in range(min(self._helpers, count - 1))]
        some()
        for helper in helpers:
            helper.result()
        return [found[n] for n in range(count)]
