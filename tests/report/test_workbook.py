"""Workbook of a brief."""

from __future__ import annotations

import openpyxl
import pytest

from report.conftest import WrittenBrief


def test_workbook_has_tables_with_units_and_sources(written: WrittenBrief) -> None:
    book = openpyxl.load_workbook(written.folder / "brief.xlsx")
    assert {"contents", "figures", "rows", "documents", "spending", "scenarios", "claims", "losses"} <= set(
        book.sheetnames
    )
    sheet = book["spending"]
    headings = [cell.value for cell in sheet[4]]
    units = [cell.value for cell in sheet[5]]
    gain = headings.index("Real spending")
    assert units[gain] == "USD million a year"
    values = [sheet.cell(row, gain + 1).value for row in range(6, 6 + len(written.request.homes))]
    assert values == pytest.approx(written.inputs.effect()["gain_musd"].tolist())
