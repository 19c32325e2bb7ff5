"""Declared columns and types of the result tables."""

from __future__ import annotations

from sogdia.power import PowerResult
from sogdia.power.tables import TABLES

OPTIONAL = [
    "price_without_scarcity_usd_per_mwh", "capacity_usd_per_mwh", "long_run_usd_per_mwh", "losses_gwh",
    "final_gwh",
]  # fmt: skip
"""Columns of ``price_summary`` that are empty without an hour or a price of their kind."""


def test_tables_have_the_declared_columns_and_types(reference: PowerResult) -> None:
    tables = reference.tables()
    assert set(tables) == set(TABLES)
    for name, table in tables.items():
        declared = TABLES[name]
        assert tuple(table.columns) == declared.column_names, name
        required = table.drop(columns=OPTIONAL, errors="ignore")
        assert not required.isna().to_numpy().any(), name
        assert not table.duplicated(list(declared.key)).any() or name == "flows"
        for column in declared.columns:
            is_number = table[column.name].dtype.kind in "fi"
            assert is_number == (column.type == "number"), (name, column.name)
