"""Workbooks: text stays text, empty cells stay empty, a failure keeps the old file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from sogdia.errors import CannotRunError
from sogdia.tables.results import ResultTable, number, text
from sogdia.tables.workbook import MAX_SHEET_NAME, write_workbook


def test_text_that_resembles_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook({"a": pd.DataFrame({"text": ["=1+1", ""], "number": [1.5, float("nan")]})}, path)
    sheet = load_workbook(path)["a"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value) == ("=1+1", "s", 1.5)
    assert sheet["B3"].value is None


def test_infinite_number_is_written_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook({"a": pd.DataFrame({"number": [float("inf"), -float("inf")]})}, path)
    sheet = load_workbook(path)["a"]
    assert [sheet["A2"].value, sheet["A3"].value] == ["inf", "-inf"]


def test_declared_table_has_labels_and_units(tmp_path: Path) -> None:
    freight = ResultTable(
        "freight", "Freight", "A link.",
        (text("link", "Link", "Id.", key=True), number("tonnes", "t/a", "Tonnes", "Freight.")),
    )  # fmt: skip
    frame = pd.DataFrame({"link": ["a"], "tonnes": [2e6], "plan": ["base"]})
    path = tmp_path / "a.xlsx"
    write_workbook({"freight": frame, "other": frame}, path, {"freight": freight})
    book = load_workbook(path)
    assert list(book["freight"].values) == [
        ("Link", "Tonnes", "plan"),
        (None, "t/a", None),
        ("a", 2e6, "base"),
    ]
    assert list(book["other"].values) == [("link", "tonnes", "plan"), ("a", 2e6, "base")]


def test_sheet_name_is_shortened_and_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook({"deals/projects " + "x" * 40: pd.DataFrame({"a": [1]})}, path)
    (name,) = load_workbook(path).sheetnames
    assert name.startswith("deals_projects x")
    assert len(name) == MAX_SHEET_NAME


def test_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    tables = {"a": pd.DataFrame({"number": [1, 2], "flag": [True, False]})}
    for name in ("first", "second"):
        write_workbook(tables, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(CannotRunError, match="is a folder; a file is needed"):
        write_workbook({"a": pd.DataFrame({"a": [1]})}, tmp_path / "a.xlsx")


def test_any_names_of_tables_become_sheets(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    names = [
        "links",
        "Links",
        "a/b",
        "A_B",
        "",
        " ",
        "History",
        "'x'",
        "y" * 40,
        "y" * 50,
        "a\tb",
        "[z]:*?\\",
    ]
    write_workbook(dict.fromkeys(names, frame), tmp_path / "a.xlsx")
    found = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert len(found) == len(names)
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= MAX_SHEET_NAME for name in found)
    assert found[:8] == ["links", "Links 2", "a_b", "A_B 2", "sheet", "sheet 2", "History_", "_x_"]
