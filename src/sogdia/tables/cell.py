"""Text of one cell as a value of its field, for edits that name a field and its new value.

Numbers are written in plain digits, as every spreadsheet reads and writes them.
"""

from __future__ import annotations

import re

from sogdia.errors import InputError, clip, did_you_mean
from sogdia.tables.schema import FieldSchema

Value = str | float | int | bool | None

PLAIN = {
    "number": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII),
    "integer": re.compile(r"-?\d+", re.ASCII),
}
"""Notation of numbers, by type of field."""
LARGEST_NUMBER = 1e15
"""Largest absolute value of a figure; every integer up to here is exact as a float."""


def parse_cell(text: str, field: FieldSchema) -> Value:
    """Return the value that ``text`` has in ``field``.

    Args:
        text: Cell as written; empty means "not known".
        field: The column's declaration.

    Returns:
        A string, float, int or bool; ``None`` if the cell is empty and its field is not text.

    Raises:
        InputError: If the text is not of the field's type or violates one of its constraints.
    """
    if text == "":
        if field.constraints.required:
            raise InputError(f"{field.name} is empty; a value is required")
        return "" if field.type == "string" else None
    if field.type == "string":
        return _checked_text(text, field)
    if field.type == "boolean":
        if text in field.true_values:
            return True
        if text in field.false_values:
            return False
        raise InputError(f"{clip(text)} is not yes or no")
    return _checked_number(text, field)


def list_items(cell: object) -> list[str]:
    """Return the items of a cell that holds a list with ``;`` between; none for an empty cell.

    >>> list_items("rail;road"), list_items("")
    (['rail', 'road'], [])
    """
    return [item for item in str(cell).split(";") if item]


def _checked_text(text: str, field: FieldSchema) -> str:
    limits = field.constraints
    if limits.enum is not None and text not in limits.enum:
        raise InputError(
            f"{clip(text)} is not in the vocabulary of {field.name}; {did_you_mean(text, limits.enum)}"
        )
    if limits.pattern is not None and not re.fullmatch(limits.pattern, text):
        raise InputError(f"{clip(text)} does not match {limits.pattern}")
    return text


def _checked_number(text: str, field: FieldSchema) -> float | int:
    number = parse_number(text, integer=field.type == "integer")
    limits = field.constraints
    if limits.minimum is not None and number < limits.minimum:
        raise InputError(f"{text} is below {limits.minimum:g}")
    if limits.maximum is not None and number > limits.maximum:
        raise InputError(f"{text} is above {limits.maximum:g}")
    return number


def parse_number(text: str, *, integer: bool = False) -> float | int:
    """Return the number that ``text`` writes in plain digits.

    Args:
        text: Number as written.
        integer: Require an integer.

    Raises:
        InputError: If it is not a number, or its absolute value is above :data:`LARGEST_NUMBER`.
    """
    if not PLAIN["integer" if integer else "number"].fullmatch(text):
        raise InputError(f"{clip(text)} is not {'a whole number' if integer else 'a number'}")
    number = float(text)
    if abs(number) > LARGEST_NUMBER:
        raise InputError(
            f"{clip(text)} is out of range; expected at most {LARGEST_NUMBER:g} in absolute value"
        )
    return int(text) if integer else number
