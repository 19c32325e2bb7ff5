"""Reading CSV files as spreadsheets write them: every error has its line and a suggested fix."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sogdia.errors import Fault
from sogdia.tables import RawTable, check_cells, check_header, read_table, table_schemas, typed_table

UTF8 = "save as UTF-8 CSV with commas, or let sogdia tidy do it"


def read(path: Path, data: bytes) -> tuple[RawTable, list[str]]:
    path.write_bytes(data)
    raw, back, faults = read_table(path, "t.csv")
    assert back == data
    return raw, [str(fault) for fault in faults]


def test_valid_file_is_read(tmp_path: Path) -> None:
    raw, faults = read(tmp_path / "t.csv", b"id,name\na,Almond\nb,Beech\n")
    assert faults == []
    assert raw == RawTable("t.csv", ("id", "name"), [["a", "Almond"], ["b", "Beech"]], [2, 3])


def test_last_line_without_line_end_is_read(tmp_path: Path) -> None:
    raw, faults = read(tmp_path / "t.csv", b"id,name\na,Almond")
    assert (raw.rows, faults) == ([["a", "Almond"]], [])


BLANK = "a blank row; delete it"
CR = "t.csv:{}: carriage returns at line ends; end lines with LF only"


@pytest.mark.parametrize(
    ("data", "rows", "expected"),
    [
        pytest.param(
            b"\xef\xbb\xbfid,name\na,b\n",
            [["a", "b"]],
            [f"t.csv:1: the file starts with a UTF-8 byte-order mark; {UTF8}"],
            id="UTF-8 mark",
        ),
        pytest.param(
            b"\xef\xbb\xbf",
            [],
            [
                f"t.csv:1: the file starts with a UTF-8 byte-order mark; {UTF8}",
                "t.csv: the file is empty; a table needs its header row",
            ],
            id="UTF-8 mark only",
        ),
        *(
            pytest.param(
                "id,name\na,b\n".encode(codec),
                [["a", "b"]],
                [f"t.csv:1: the file starts with {codec.upper()}; {UTF8}"],
                id=codec,
            )
            for codec in ("utf-16", "utf-32")
        ),
        pytest.param(
            b"\xfe\xff" + "id\n".encode("utf-16-be"),
            [],
            [f"t.csv:1: the file starts with UTF-16; {UTF8}"],
            id="UTF-16 big end first",
        ),
        pytest.param(
            "id\n".encode("utf-16-le"),
            [],
            [f"t.csv:1: a NUL character: not a text file; {UTF8}"],
            id="UTF-16 without mark",
        ),
        pytest.param(
            b"id,name\na,b\nc," + "Ош".encode("cp1251") + b"\n",
            [],
            [f"t.csv:3: byte 0xce is not UTF-8; {UTF8}"],
            id="cp1251",
        ),
        pytest.param(b"id,name\na,caf\xe9\n", [], [f"t.csv:2: byte 0xe9 is not UTF-8; {UTF8}"], id="latin-1"),
        pytest.param(
            b"id,name\na,b\0c\n", [], [f"t.csv:2: a NUL character: not a text file; {UTF8}"], id="NUL"
        ),
        pytest.param(
            b"id;name\na;b\n",
            [["a", "b"]],
            [f"t.csv:1: columns are separated by semicolons, not commas; {UTF8}"],
            id="semicolons",
        ),
        pytest.param(
            b"id\tname\na\tb\n",
            [["a", "b"]],
            [f"t.csv:1: columns are separated by tabs, not commas; {UTF8}"],
            id="tabs",
        ),
        pytest.param(
            b"id;list;value;code\na;x;1,5;1,2\nb;y, z;-2;1.2\n",
            [["a", "x", "1.5", "1,2"], ["b", "y, z", "-2", "1.2"]],
            [f"t.csv:1: columns are separated by semicolons, not commas; {UTF8}"],
            id="decimal commas of a column of numbers",
        ),
        pytest.param(
            b"sep=;\nid;name\na;b\n",
            [["a", "b"]],
            [f't.csv:1: the line "sep=;" of Excel; {UTF8}'],
            id="sep line",
        ),
        pytest.param(
            b"sep=,\nid,name\na,b\n",
            [["a", "b"]],
            [f't.csv:1: the line "sep=," of Excel; {UTF8}'],
            id="sep line with commas",
        ),
        pytest.param(b"id,name\r\na,b\r\n", [["a", "b"]], [CR.format(1)], id="CRLF"),
        pytest.param(b"id,name\na,b\r\nc,d\n", [["a", "b"], ["c", "d"]], [CR.format(2)], id="one CRLF"),
        pytest.param(b"id,name\ra,b\rc,d\r", [["a", "b"], ["c", "d"]], [CR.format(1)], id="CR only"),
        pytest.param(
            b"id,name\na,b\n\n , \n,\nc,d\n",
            [["a", "b"], ["c", "d"]],
            [f"t.csv:3: {BLANK}", f"t.csv:4: {BLANK}", f"t.csv:5: {BLANK}"],
            id="blank rows",
        ),
        pytest.param(
            b"id,name\na\nb,c\nd,e,f\n",
            [["b", "c"]],
            [
                "t.csv:2: 1 cells where the header has 2; add the missing commas",
                "t.csv:4: 3 cells where the header has 2; quote cells that hold a comma",
            ],
            id="ragged rows",
        ),
        pytest.param(
            b'id,name\na,b\nc,"d\ne,f\n',
            [["a", "b"]],
            [
                "t.csv:3: not readable as CSV from here on: unexpected end of data"
                "; double the quotes inside a cell"
            ],
            id="unclosed quote",
        ),
        pytest.param(
            b'id,name\na,"b"c\n',
            [],
            [
                "t.csv:2: not readable as CSV from here on: ',' expected after '\"'"
                "; double the quotes inside a cell"
            ],
            id="text after a quote",
        ),
        pytest.param(b'id,name\na,"say ""b"""\n', [["a", 'say "b"']], [], id="doubled quotes"),
        pytest.param(b"", [], ["t.csv: the file is empty; a table needs its header row"], id="empty"),
        pytest.param(b" \n\t\n", [], ["t.csv: the file is empty; a table needs its header row"], id="white"),
        pytest.param(b"id,name\n", [], [], id="header only"),
        pytest.param(
            b"\nid,name\na,b\n",
            [],
            ["t.csv:1: a blank line instead of the header; delete it"],
            id="blank first line",
        ),
        pytest.param(
            b"id,name\na,b\x07\nc,d\x7f\ne,\xc2\x85f\n",
            [["a", "b\x07"], ["c", "d\x7f"], ["e", "\x85f"]],
            [
                "t.csv:2 name: 'b\\x07' holds control characters; delete them",
                "t.csv:3 name: 'd\\x7f' holds control characters; delete them",
                "t.csv:4 name: '\\x85f' has spaces around it; delete them",
            ],
            id="control characters",
        ),
        pytest.param(
            b"id,name\n a,b\nc,d \ne,\xc2\xa0f\n",
            [[" a", "b"], ["c", "d "], ["e", "\xa0f"]],
            [
                "t.csv:2 id: ' a' has spaces around it; delete them",
                "t.csv:3 name: 'd ' has spaces around it; delete them",
                "t.csv:4 name: '\\xa0f' has spaces around it; delete them",
            ],
            id="spaces",
        ),
    ],
)
def test_irregular_file_is_read_with_its_errors(
    tmp_path: Path, data: bytes, rows: list[list[str]], expected: list[str]
) -> None:
    raw, faults = read(tmp_path / "t.csv", data)
    assert sorted(faults) == sorted(expected)
    assert raw.rows == rows


def test_line_numbers_count_line_breaks_in_cells(tmp_path: Path) -> None:
    raw, faults = read(tmp_path / "t.csv", b'id,note\na,"one\ntwo\nthree"\nb,c\n"d\n",e\nf,g\n')
    assert raw.lines == [2, 5, 6, 8]
    assert raw.rows[0] == ["a", "one\ntwo\nthree"]
    assert faults == ["t.csv:6 id: 'd\\n' has spaces around it; delete them"]


def test_text_in_any_script_is_read(tmp_path: Path) -> None:
    raw, faults = read(tmp_path / "t.csv", "id,name\nosh,Ош қаласы — 奥什 🚂\n".encode())
    assert faults == []
    assert raw.rows == [["osh", "Ош қаласы — 奥什 🚂"]]


def test_other_line_separators_do_not_end_lines(tmp_path: Path) -> None:
    raw, _ = read(tmp_path / "t.csv", "id,name\na,x\u2028y\nb,x\x0by\nc,d\n".encode())
    assert raw.lines == [2, 3, 4]


LONG = (
    "a cell of more than 131,072 characters, or a row of more than 1,048,576; close the quote, if one is open"
)

HUGE = """
import csv, resource, sys, time
csv.field_size_limit(sys.maxsize)  # as frictionless does when it is imported
from pathlib import Path
from sogdia.tables import check_cells, read_table, table_schemas
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
raw, data, faults = read_table(Path(sys.argv[1]), "t.csv")
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
print(len(raw.rows), *faults)
"""


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_cell_of_100_mb_takes_little_time_and_memory(tmp_path: Path, quote: bytes) -> None:
    pytest.importorskip("resource")
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.write(b"id,name\na,b\nc," + quote)
        for _ in range(100):
            file.write(b"x" * 2**20)
        file.write(quote + b"\nd,e\n")
    finished = subprocess.run(
        [sys.executable, "-c", HUGE, str(path)], capture_output=True, check=True, encoding="utf-8"
    )
    figures, messages = finished.stdout.splitlines()
    seconds, kilobytes = map(float, figures.split())
    assert messages == f"1 t.csv:3: {LONG}"
    assert seconds < 10
    assert kilobytes < 450 * 1024  # the bytes, the text and one line of it, with a margin


@pytest.mark.parametrize("limit", [131_072, sys.maxsize])
def test_unclosed_quote_reads_at_most_one_row(tmp_path: Path, limit: int) -> None:
    before = csv.field_size_limit(limit)
    try:
        _, faults = read(tmp_path / "t.csv", b'id,name\na,b\nc,"d\n' + b"e,f\n" * 300_000)
    finally:
        csv.field_size_limit(before)
    assert faults == [f"t.csv:3: {LONG}"]


@pytest.mark.parametrize("limit", [131_072, sys.maxsize])
def test_long_cell_is_rejected_with_any_limit_of_the_csv_module(tmp_path: Path, limit: int) -> None:
    before = csv.field_size_limit(limit)
    try:
        for size, expected in ((2**17, []), (2**17 + 1, [f"t.csv:3: {LONG}"])):
            raw, faults = read(tmp_path / "t.csv", b"id,name\na,b\nc," + b"x" * size + b"\nd,e\n")
            assert faults == expected
            assert len(raw.rows) == (1 if expected else 3)
    finally:
        csv.field_size_limit(before)


def test_file_above_the_size_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.truncate(600 * 2**20)  # sparse: takes no space
    _, data, faults = read_table(path, "t.csv")
    assert data == b""
    assert [str(fault) for fault in faults] == [
        "t.csv: the file holds 600 MiB; at most 512 are read; split it"
    ]


SIGNS = st.characters(codec="utf-8") | st.sampled_from(list(',;\t\n\r"\0\ufeff 1.-'))


@given(st.text(SIGNS, max_size=200))
@example("\ufeff")
@example("\n")
@example('"')
@example('""\n""')
def test_reading_arbitrary_text_does_not_raise(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    check_bytes(tmp_path_factory, text.encode())


@given(st.binary(max_size=200))
def test_reading_arbitrary_bytes_does_not_raise(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    check_bytes(tmp_path_factory, data)


@given(st.lists(st.lists(st.text(SIGNS, max_size=12), min_size=4, max_size=6), max_size=6))
def test_checking_arbitrary_rows_does_not_raise(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    lines = ["id,title,publisher,date,url", *(",".join(row) for row in rows)]
    check_bytes(tmp_path_factory, "\n".join(lines).encode())


def check_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.csv"
    path.write_bytes(data)
    raw, back, faults = read_table(path, "t.csv")
    assert back == data
    assert len(raw.rows) == len(raw.lines)
    assert all(len(row) == len(raw.header) for row in raw.rows)
    assert raw.lines == sorted(set(raw.lines))
    assert raw.header or faults, "a file without a header is a fault"
    schema = table_schemas()["sources"]
    further: list[Fault] = []
    if raw.header:
        further = [*check_header(raw, schema), *check_cells(raw, schema)]
    table = typed_table(raw, schema)
    assert len(table.digest) == 64
    last = data.count(b"\n") + data.count(b"\r") + 1
    assert all(fault.line is None or 1 <= fault.line <= last for fault in (*faults, *further))
