"""The cache of answers: bounded, and computed once however many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from sogdia.web.cache import SizedCache


def test_value_is_computed_once_however_many_ask() -> None:
    cache: SizedCache[bytes] = SizedCache(100, len)
    calls: list[int] = []
    all_ask, may_end = Barrier(5), Event()

    def compute() -> bytes:
        calls.append(1)
        may_end.wait(10)
        return b"value"

    def ask() -> bytes:
        all_ask.wait(10)
        return cache.get("key", compute)

    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(ask) for _ in range(4)]
        all_ask.wait(10)
        may_end.set()
        assert {answer.result() for answer in answers} == {b"value"}
    assert len(calls) == 1


def test_least_recently_used_values_are_dropped_beyond_the_limit() -> None:
    cache: SizedCache[bytes] = SizedCache(100, len)
    for key in "abc":
        cache.get(key, lambda: b"x" * 40)
        cache.get("a", lambda: b"never")
    assert cache.total == 80
    assert cache.get("a", lambda: b"never") == b"x" * 40
    assert cache.get("b", lambda: b"again") == b"again"


def test_value_larger_than_the_limit_is_returned_and_not_cached() -> None:
    cache: SizedCache[bytes] = SizedCache(10, len)
    assert cache.get("a", lambda: b"x" * 11) == b"x" * 11
    assert cache.total == 0


def test_error_of_a_computation_is_raised_and_not_cached() -> None:
    cache: SizedCache[bytes] = SizedCache(10, len)

    def fail() -> bytes:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("a", fail)
    assert cache.get("a", lambda: b"y") == b"y"
