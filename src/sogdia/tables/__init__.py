"""Tables: declared once, read with line numbers, checked cell by cell, typed and described."""

from sogdia.tables.cell import Value, list_items, parse_cell, parse_number
from sogdia.tables.checking import check_cells, check_header
from sogdia.tables.reading import RawTable, read_table
from sogdia.tables.schema import FieldSchema, TableSchema, schema_descriptors, table_schemas
from sogdia.tables.table import KEY_SEPARATOR, Table, cell, typed_table

__all__ = [
    "KEY_SEPARATOR",
    "FieldSchema",
    "RawTable",
    "Table",
    "TableSchema",
    "Value",
    "cell",
    "check_cells",
    "check_header",
    "list_items",
    "parse_cell",
    "parse_number",
    "read_table",
    "schema_descriptors",
    "table_schemas",
    "typed_table",
]
