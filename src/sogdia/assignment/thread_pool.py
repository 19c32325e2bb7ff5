"""A pool of threads whose results do not depend on the number of threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class ThreadPool:
    """Threads, the calling one among them, that take numbered jobs from a common queue.

    With ``ThreadPoolExecutor.map`` the calling thread is idle and each job is a future. Here it takes jobs as
    well, and a single thread runs them without a pool.
    """

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers - 1) if workers > 1 else None
        self._helpers = workers - 1

    def __enter__(self) -> ThreadPool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def map(self, job: Callable[[int], Result], count: int) -> list[Result]:
        """Return the results of jobs 0 to ``count - 1``, in this order."""
        if self._pool is None or count < 2:
            return [job(n) for n in range(count)]
        numbers = iter(range(count))
        results: dict[int, Result] = {}

        def take_jobs() -> None:
            for n in numbers:
                results[n] = job(n)

        helpers = [self._pool.submit(take_jobs) for _ in range(min(self._helpers, count - 1))]
        take_jobs()
        for helper in helpers:
            helper.result()
        return [results[n] for n in range(count)]
