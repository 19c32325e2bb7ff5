"""Text of a cell as a value of its field."""

from __future__ import annotations

import pytest

from sogdia.errors import InputError
from sogdia.tables import parse_cell, parse_number, table_schemas

LINKS = table_schemas()["links"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("length_km", "43.60", 43.6),
        ("tracks", "2", 2),
        ("electrified", "yes", True),
        ("electrified", "", None),
        ("capacity_t", "", None),
        ("note", "", ""),
        ("mode", "rail", "rail"),
    ],
)
def test_parse_cell_returns_typed_values(field: str, text: str, value: object) -> None:
    parsed = parse_cell(text, LINKS.field(field))
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("length_km", "", "length_km is empty; a value is required"),
        ("length_km", "-1", "-1 is below 0.1"),
        ("length_km", "99999", "99999 is above 30000"),
        ("capacity_t", "1e999", "'1e999' is out of range"),
        ("tracks", "1.0", "'1.0' is not a whole number"),
        ("opening_year", "9" * 5000, "is out of range"),
        ("electrified", "maybe", "'maybe' is not yes or no"),
        ("mode", "raod", "did you mean road"),
        ("id", "A b", "'A b' does not match"),
    ],
)
def test_parse_cell_rejects_invalid_text(field: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_cell(text, LINKS.field(field))


@pytest.mark.parametrize("text", ["inf", "nan", "1_0", "１", " 1", "1e999", "", "0x1"])
def test_parse_number_rejects_other_notations(text: str) -> None:
    with pytest.raises(InputError):
        parse_number(text)
