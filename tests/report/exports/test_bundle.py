"""Units of the columns of stored runs."""

from __future__ import annotations

from sogdia.report.exports import Bundle
from sogdia.report.exports.bundle import unit_of

PURE = {"group", "residual", "target", "iterations", "rows", "changes", "borders", "value"}
"""Columns of counts, and columns whose unit is in another column."""


def test_every_column_of_numbers_has_a_unit(bundle: Bundle) -> None:
    for name, table in bundle.tables[0].items():
        numbers = table.select_dtypes("number").columns
        assert not {column for column in numbers if not unit_of(column)} - PURE, name
    assert unit_of("co2_kg_per_t") == "kg/t"
    assert unit_of("income_before") == "USD million"
