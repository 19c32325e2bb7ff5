"""Settings of the engines from arguments, with one message for a value out of range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sogdia.errors import InputError
from sogdia.model_errors import problem_of

S = TypeVar("S", bound=BaseModel)


def validated(kind: type[S], values: Mapping[str, Any], arguments: Mapping[str, str] | None = None) -> S:
    """Make settings.

    Args:
        kind: Class of the settings.
        values: Values by field.
        arguments: The argument that a field comes from, for the message, where its name differs.

    Raises:
        InputError: If a value is out of range.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][-1])
        name = (arguments or {}).get(field, field)
        raise InputError(f"{name}: {problem_of(first)}") from error
