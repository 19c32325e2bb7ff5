"""Workbook of the tables of stored runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from sogdia.report.exports import Bundle, write_tables_workbook
from sogdia.report.exports.bundle import stacked_declaration

MOST_ROWS = 500


@pytest.fixture(scope="module")
def first_rows(bundle: Bundle) -> Bundle:
    """Every run with every table, cut to its first rows: openpyxl takes minutes for all of them."""
    cut = ({name: table.head(MOST_ROWS) for name, table in tables.items()} for tables in bundle.tables)
    return replace(bundle, tables=tuple(cut))


def test_workbook_has_every_table_with_units_and_sources(first_rows: Bundle, tmp_path: Path) -> None:
    bundle = first_rows
    book = openpyxl.load_workbook(write_tables_workbook(bundle, tmp_path / "runs.xlsx"))
    assert set(bundle.names) | {"runs", "sources"} == set(book.sheetnames)
    sheet, table = book["economies"], bundle.stacked("economies")
    headings = [cell.value for cell in sheet[1]]
    assert headings == [column.label for column in stacked_declaration("economies").columns]
    place = list(table.columns).index("gain_musd")
    assert sheet.cell(2, place + 1).value == "USD million"
    values = [row[place] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert values == pytest.approx(table["gain_musd"].tolist())
    assert book["sources"].max_row == len(bundle.sources()) + 1
