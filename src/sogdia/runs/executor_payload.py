"""Serialise work, shared objects and results for other processes, the same for every executor."""

from __future__ import annotations

import io
import pickle  # noqa: S403 (our own workers packed it)
from types import MappingProxyType
from typing import Any

from sogdia.errors import SogdiaError


class _Pickler(pickle.Pickler):
    """Pickle also read-only mappings."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, MappingProxyType):
            return _read_only, (dict(obj),)
        return NotImplemented


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def pack(value: Any) -> bytes:
    """Return a value as bytes."""
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def unpack(data: bytes) -> Any:
    """Return the value of :func:`pack`; never use it on bytes from elsewhere."""
    return pickle.loads(data)  # noqa: S301  (our own workers packed it)


def unwrap(result: tuple[Any, SogdiaError | None]) -> Any:
    """Return the result of an item.

    Raises:
        SogdiaError: The error, if it failed.
    """
    value, error = result
    if error is not None:
        raise error
    return value
