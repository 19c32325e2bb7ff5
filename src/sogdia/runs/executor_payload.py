"""Serialise work, shared objects and results for other processes, the same for every executor."""

from __future__ import annotations

import io
import pickle  # noqa: S403 (our own workers packed it)
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from sogdia.errors import SogdiaError


class _Pickler(pickle.Pickler):
    """Pickle also read-only mappings, and objects that the other side has as their number."""

    def __init__(self, buffer: io.BytesIO, common: Sequence[Any]) -> None:
        super().__init__(buffer, protocol=pickle.HIGHEST_PROTOCOL)
        self._number = {id(each): number for number, each in enumerate(common)}

    def persistent_id(self, obj: Any) -> int | None:
        return self._number.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, MappingProxyType):
            return _read_only, (dict(obj),)
        return NotImplemented


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


class _Unpickler(pickle.Unpickler):  # noqa: S301 (our own workers packed it)
    """Read the numbers of objects that this side has."""

    def __init__(self, buffer: io.BytesIO, common: Sequence[Any]) -> None:
        super().__init__(buffer)
        self._common = common

    def persistent_load(self, pid: int) -> Any:
        return self._common[pid]


def pack(value: Any, common: Sequence[Any] = ()) -> bytes:
    """Return a value as bytes.

    Args:
        value: The value.
        common: Objects that both sides have; where the value holds one of them, only its number is written.
    """
    buffer = io.BytesIO()
    _Pickler(buffer, common).dump(value)
    return buffer.getvalue()


def unpack(data: bytes, common: Sequence[Any] = ()) -> Any:
    """Return the value of :func:`pack` with the same objects; never use it on bytes from elsewhere."""
    return _Unpickler(io.BytesIO(data), common).load()


def unwrap(result: tuple[Any, SogdiaError | None]) -> Any:
    """Return the result of an item.

    Raises:
        SogdiaError: The error, if it failed.
    """
    value, error = result
    if error is not None:
        raise error
    return value
