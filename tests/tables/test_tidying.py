"""Tables that spreadsheets saved back, written clean without a change of any value."""

from __future__ import annotations

import codecs
import csv
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sogdia.errors import CannotRunError, FaultsError, InputError
from sogdia.region import shipped_regions
from sogdia.tables.tidying import tidy
from sogdia.tables.workbook import write_workbook

CLEAN = 'id,name,value,list\na,"Osh, Kashgar",1.5,rail;road\nb,Şymkent,-20,x\n'
CELLS = list(csv.reader(CLEAN.splitlines()))


def saved(separator: str, *, commas: bool = False, head: str = "", ends: str = "\r\n") -> str:
    """Return the clean table as a spreadsheet saves it, with a blank row at its end."""
    rows = [[cell.replace("1.5", "1,5") if commas else cell for cell in row] for row in CELLS]
    quoted = (
        separator.join(f'"{cell}"' if "," in cell or ";" in cell else cell for cell in row) for row in rows
    )
    return head + ends.join([*quoted, separator * 3, ""])


@pytest.mark.parametrize(
    "data",
    [
        CLEAN.encode(),
        codecs.BOM_UTF8 + saved(",").encode(),
        codecs.BOM_UTF8 + saved(";", commas=True).encode(),
        saved(";", commas=True, head="sep=;\r\n").encode(),
        saved(",", head='"sep=,"\n', ends="\n").encode(),
        saved("\t", commas=True).encode("utf-16"),
        saved("\t", ends="\r").encode(),
    ],
    ids=["clean", "comma", "semicolon", "sep line", "quoted sep line", "Unicode text", "old Mac"],
)
def test_table_saved_by_a_spreadsheet_becomes_the_clean_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    (result,) = tidy(path)
    assert path.read_text("utf-8") == CLEAN
    assert (result.rows, result.is_changed) == (2, data != CLEAN.encode())
    (again,) = tidy(tmp_path)
    assert not again.is_changed


def test_other_encoding_is_read_if_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("id,name\na,Türkiye\n".encode("cp1252"))
    with pytest.raises(FaultsError, match="byte 0xfc is not UTF-8"):
        tidy(path)
    with pytest.raises(InputError, match="no encoding is called 'cp12522'"):
        tidy(path, "cp12522")
    tidy(path, "cp1252")
    assert path.read_text("utf-8") == "id,name\na,Türkiye\n"
    tidy(path, "cp1252")
    assert path.read_text("utf-8") == "id,name\na,Türkiye\n", "a second time changes no letter"


def test_faulty_file_is_named_and_no_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id;name\r\na;b\r\n")
    (tmp_path / "b.csv").write_bytes(b"id,name\na,b,c\n")
    with pytest.raises(FaultsError, match=r"b\.csv:2: 3 cells where the header has 2"):
        tidy(tmp_path)
    assert (tmp_path / "a.csv").read_bytes() == b"id;name\r\na;b\r\n"
    (tmp_path / "none").mkdir()
    with pytest.raises(CannotRunError, match="no CSV file and no workbook"):
        tidy(tmp_path / "none")
    with pytest.raises(CannotRunError, match="no such file or folder"):
        tidy(tmp_path / "missing.csv")


def test_sheets_of_a_workbook_replace_older_tables_only(tmp_path: Path) -> None:
    pytest.importorskip("pyogrio")
    frame = pd.DataFrame({"id": ["a"], "value": [43.6], "day": ["2026-11-30"], "empty": [""], "last": ["x"]})
    write_workbook({"links": frame, "places": frame}, tmp_path / "book.xlsx")
    for name, age in (("links", 100), ("places", -100)):
        (tmp_path / f"{name}.csv").write_text("id\nold\n", encoding="utf-8")
        then = (tmp_path / "book.xlsx").stat().st_mtime - age
        os.utime(tmp_path / f"{name}.csv", (then, then))
    results = {result.path.name: result.source.name for result in tidy(tmp_path)}
    assert results == {"links.csv": "book.xlsx", "places.csv": "places.csv"}
    assert (tmp_path / "links.csv").read_text("utf-8").splitlines()[1].startswith("a,43.6,2026-11-30")
    assert (tmp_path / "places.csv").read_text("utf-8") == "id\nold\n"


def test_shipped_pack_is_clean(tmp_path: Path) -> None:
    for path in shipped_regions()["central_asia"].glob("*.csv"):
        if path.stat().st_size < 200_000:
            shutil.copy(path, tmp_path)
    assert [result.path.name for result in tidy(tmp_path) if result.is_changed] == []
