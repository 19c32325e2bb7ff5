"""Errors of pydantic in our own words: what was expected, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sogdia.errors import clip

_EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), "a list, such as [a, b]"),
        **dict.fromkeys(
            ("dict_type", "model_type", "model_attributes_type", "mapping_type"), "keys with values"
        ),
        "string_type": "text; put it in quotes",
        **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
        **dict.fromkeys(("float_type", "float_parsing"), "a number"),
        "finite_number": "a finite number",
        **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    }
)
"""The expectation, by pydantic's type of error."""
_LIMITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "greater_than": "above {gt}",
        "greater_than_equal": "of at least {ge}",
        "less_than": "below {lt}",
        "less_than_equal": "of at most {le}",
        "multiple_of": "that is a multiple of {multiple_of}",
    }
)
"""The expectation of a value, by type of error; the limit is in the error's context."""
_LENGTHS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "missing": lambda _: "the key is missing",
        "extra_forbidden": lambda _: "no such key",
        "too_short": lambda context: f"expected {_items(context['min_length'])} or more",
        "too_long": lambda context: f"expected {_items(context['max_length'])} at most",
        "string_too_short": lambda _: "the text is empty or too short",
        "string_too_long": lambda context: f"the text is longer than {context['max_length']:,} characters",
    }
)


def problem_of(item: Mapping[str, Any]) -> str:
    """Return one error of ``ValidationError.errors()`` as text.

    >>> problem_of({"type": "greater_than", "ctx": {"gt": 0}, "input": -3, "msg": ""})
    'expected a value above 0, not -3'
    """
    kind, context, found = str(item["type"]), item.get("ctx", {}), item.get("input")
    if kind in _LENGTHS:
        return _LENGTHS[kind](context)
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}{_but(found)}"
    if kind in _LIMITS:
        limits = {name: _plain(limit) for name, limit in context.items()}
        return f"expected a value {_LIMITS[kind].format(**limits)}{_but(found)}"
    if kind in ("literal_error", "enum"):
        return f"expected {context['expected']}{_but(found)}"
    if kind == "string_pattern_mismatch":
        return f"{clip(str(found))} does not match {context['pattern']}"
    return str(item["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _plain(limit: Any) -> Any:
    """Return a limit as it is written: 0 for 0.0."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _items(count: int) -> str:
    return "one item" if count == 1 else f"{count} items"


def _but(found: Any) -> str:
    """Return what was found, if it is a value and not a record or list."""
    if isinstance(found, str):
        return f", not {clip(found)}"
    return f", not {found!r}" if isinstance(found, int | float) else ""
