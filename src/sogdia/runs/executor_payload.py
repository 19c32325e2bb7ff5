"""How work, shared objects and results travel between processes: as bytes, the same for every executor."""

from __future__ import annotations

import io
import pickle
from types import MappingProxyType
from typing import Any

from sogdia.errors import SogdiaError


class _Packer(pickle.Pickler):
    """Pickle, and besides it read-only mappings and our own errors with all they carry."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, MappingProxyType):
            return _read_only, (dict(obj),)
        if isinstance(obj, SogdiaError):
            return _error, (type(obj), obj.args, dict(obj.__dict__))
        return NotImplemented


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _error(kind: type[SogdiaError], told: tuple[Any, ...], state: dict[str, Any]) -> SogdiaError:
    """An error as it was: the constructors of ours take records, not the words that come of them."""
    error = kind.__new__(kind)
    error.args = told
    error.__dict__.update(state)
    return error


def packed(value: Any) -> bytes:
    """``value`` as bytes."""
    buffer = io.BytesIO()
    _Packer(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def unpacked(data: bytes) -> Any:
    """What :func:`packed` made into bytes; never of bytes from elsewhere."""
    return pickle.loads(data)  # noqa: S301  (our own workers made it)


def outcome_of(done: tuple[Any, SogdiaError | None]) -> Any:
    """The result of a piece of work, or its error raised."""
    result, error = done
    if error is not None:
        raise error
    return result
