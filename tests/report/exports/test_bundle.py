"""Tables of stored runs and their declarations."""

from __future__ import annotations

from sogdia.report.exports import Bundle
from sogdia.report.exports.bundle import RUNS, stacked_declaration
from sogdia.runs.result_tables import RESULT_TABLES


def test_every_column_of_a_run_is_declared(bundle: Bundle) -> None:
    for name in bundle.names:
        assert tuple(bundle.stacked(name).columns) == stacked_declaration(name).column_names
    assert tuple(bundle.runs.columns) == RUNS.column_names


def test_every_column_of_numbers_has_a_unit() -> None:
    for table in RESULT_TABLES.values():
        numbers = [column for column in table.columns if column.type in ("number", "integer")]
        assert all(column.unit for column in numbers), table.name
    assert RESULT_TABLES["journeys"].column("co2_kg_per_t").unit == "kg/t"
    assert RESULT_TABLES["economies"].column("income_before").unit == "USD million"
