"""Threads: results in order of the jobs, errors of jobs."""

from __future__ import annotations

import threading

import pytest

from sogdia.assignment.thread_pool import ThreadPool


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 50])
def test_results_are_in_order_of_the_jobs(workers: int, count: int) -> None:
    with ThreadPool(workers) as pool:
        assert pool.map(lambda n: n * n, count) == [n * n for n in range(count)]


def test_calling_thread_takes_jobs_as_well() -> None:
    barrier = threading.Barrier(2, timeout=30)
    with ThreadPool(2) as pool:
        # Both jobs wait for each other, so they must run at the same time on two threads.
        names = pool.map(lambda _: (barrier.wait(), threading.current_thread())[1], 2)
    assert threading.main_thread() in names


def test_error_of_a_job_is_raised() -> None:
    def job(n: int) -> int:
        return 1 // (n - 3)

    for workers in (1, 2):
        with ThreadPool(workers) as pool, pytest.raises(ZeroDivisionError):
            pool.map(job, 8)
