"""A bounded cache of what never changes: tables of finished runs, and answers made of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SizedCache(Generic[Value]):
    """Values by key, the least recently used dropped when their sizes exceed a limit.

    Of several threads that miss the same key at once one computes it; the others wait for the value.

    Args:
        limit: Largest sum of sizes, bytes.
        size: Size of a value, bytes.
    """

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._limit, self._size = limit, size
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._total = 0
        self._lock = Lock()
        self._computing: dict[Hashable, Lock] = {}

    @property
    def total(self) -> int:
        """Sum of the sizes of its values, bytes."""
        return self._total

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the value of a key, computed if it is not in the cache."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
            own = self._computing.setdefault(key, Lock())
        with own:
            with self._lock:
                if key in self._values:
                    return self._values[key][0]
            try:
                value = compute()
                self._put(key, value)
            finally:
                with self._lock:
                    self._computing.pop(key, None)
        return value

    def _put(self, key: Hashable, value: Value) -> None:
        size = self._size(value)
        if size > self._limit:
            return
        with self._lock:
            if key in self._values:
                return
            self._values[key] = value, size
            self._total += size
            while self._total > self._limit:
                _, (_, dropped) = self._values.popitem(last=False)
                self._total -= dropped
