"""One cell's text as a value of its field: for edits, which name a field and give its new value.

Here too is what a number looks like: plain digits, as every spreadsheet reads and writes them.
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
"""How numbers are written, by type of field."""
LARGEST_NUMBER = 1e15
"""No figure is beyond this, and up to here every whole number is exact."""


def parse_cell(text: str, field: FieldSchema) -> Value:
    """The value that ``text`` stands for in ``field``.

    Args:
        text: The cell as written; empty means "not known".
        field: The column's declaration.

    Returns:
        A string, float, int or bool, or ``None`` where the cell is empty and not a string.

    Raises:
        InputError: If the text is not of the field's type or breaks one of its constraints.
    """
    if text == "":
        if field.constraints.required:
            raise InputError(f"{field.name} must not be empty")
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
    number = parse_number(text, whole=field.type == "integer")
    limits = field.constraints
    if limits.minimum is not None and number < limits.minimum:
        raise InputError(f"{text} is below {limits.minimum:g}")
    if limits.maximum is not None and number > limits.maximum:
        raise InputError(f"{text} is above {limits.maximum:g}")
    return number


def parse_number(text: str, *, whole: bool = False) -> float | int:
    """The number that ``text`` writes in plain digits.

    Args:
        text: The number as written.
        whole: Whether a whole number is wanted.

    Raises:
        InputError: If it is no number, or one beyond any sense.
    """
    if not PLAIN["integer" if whole else "number"].fullmatch(text):
        raise InputError(f"{clip(text)} is not {'a whole number' if whole else 'a number'}")
    number = float(text)
    if abs(number) > LARGEST_NUMBER:
        raise InputError(f"{clip(text)} is beyond any sense")
    return int(text) if whole else number
