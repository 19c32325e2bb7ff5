"""Read workbooks as rows of text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from sogdia.errors import CannotRunError, FaultsError, InputError
from sogdia.tables.spreadsheet import read_workbook, sheet_named


def write(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_cells_are_text_with_the_row_of_the_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", None, "flow"], [1, None, 0.1], [None, None, None], ["x", None, 3e6]]
    (table,) = read_workbook(write(tmp_path / "x.xlsx", {"links": rows, "blank": []})).values()
    assert (table.file, table.header) == ("x.xlsx[links]", ("id", "flow"))
    assert (table.rows, table.lines) == ([["1", "0.1"], ["x", "3000000"]], [2, 4])


def test_sheet_is_found_by_its_name_or_as_the_only_one(tmp_path: Path) -> None:
    path = write(tmp_path / "x.xlsx", {"demand": [["a"], [1]], "notes": [["b"], [2]]})
    tables = read_workbook(path)
    assert sheet_named(tables, "demand", path).header == ("a",)
    with pytest.raises(InputError, match=r"x\.xlsx: no sheet is called 'demands'; did you mean demand\?"):
        sheet_named(tables, "demands", path)
    assert sheet_named({"any": tables["notes"]}, "demand", path).header == ("b",)


def test_file_that_is_no_workbook_or_empty_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.xlsx").write_text("a,b\n")
    with pytest.raises(CannotRunError, match=r"x\.xlsx: not readable as a workbook"):
        read_workbook(tmp_path / "x.xlsx")
    with pytest.raises(CannotRunError, match="no such file"):
        read_workbook(tmp_path / "y.xlsx")
    with pytest.raises(FaultsError, match="no sheet has cells"):
        read_workbook(write(tmp_path / "z.xlsx", {"blank": []}))
    monkeypatch.setitem(sys.modules, "pyogrio", None)
    with pytest.raises(CannotRunError, match=r"pip install 'sogdia\[geo\]'"):
        read_workbook(tmp_path / "z.xlsx")
