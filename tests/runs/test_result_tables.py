"""Declared result tables are those that a run stores."""

from __future__ import annotations

import pandas as pd

from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import Store


def test_columns_of_a_run_are_those_declared(study_store: Store) -> None:
    tables = study_store.tables(study_store.run_keys()[0])
    assert {name: tuple(table.columns) for name, table in tables.items()} == {
        name: table.column_names for name, table in RESULT_TABLES.items()
    }


def test_types_of_a_run_are_those_declared(study_store: Store) -> None:
    for name, table in study_store.tables(study_store.run_keys()[0]).items():
        for column in RESULT_TABLES[name].columns if len(table) else ():
            is_flag = pd.api.types.is_bool_dtype(table[column.name])
            is_number = pd.api.types.is_numeric_dtype(table[column.name]) and not is_flag
            assert is_flag == (column.type == "boolean"), f"{name}.{column.name}"
            assert is_number == (column.type in ("number", "integer")), f"{name}.{column.name}"


def test_keys_identify_rows(study_store: Store) -> None:
    for name, table in study_store.tables(study_store.run_keys()[0]).items():
        if key := RESULT_TABLES[name].key:
            assert not table.duplicated(list(key)).any(), name


def test_numeric_columns_have_units() -> None:
    for table in RESULT_TABLES.values():
        numbers = [column for column in table.columns if column.type in ("number", "integer")]
        assert all(column.unit for column in numbers), table.name
    assert RESULT_TABLES["journeys"].column("co2_kg_per_t").unit == "kg/t"
    assert RESULT_TABLES["economies"].column("income_before").unit == "USD million"
