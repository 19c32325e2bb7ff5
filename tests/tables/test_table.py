"""Typed tables and their digests."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.errors import UnknownNameError
from sogdia.tables import RawTable, Table, TableSchema, typed_table

SCHEMA = TableSchema.model_validate(
    {
        "name": "things",
        "title": "Things",
        "description": "Made up for tests.",
        "primaryKey": ["id", "year"],
        "fields": [
            {"name": "id", "type": "string", "title": "T", "description": "d"},
            {"name": "year", "type": "integer", "title": "T", "description": "d"},
            {"name": "size", "type": "number", "title": "T", "description": "d"},
            {
                "name": "kept",
                "type": "boolean",
                "title": "T",
                "description": "d",
                "trueValues": ["yes"],
                "falseValues": ["no"],
            },
        ],
    }
)
HEADER = SCHEMA.field_names


def typed(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Table:
    return typed_table(
        RawTable("things.csv", header, [list(row) for row in rows], [7 + i for i in range(len(rows))]), SCHEMA
    )


def test_columns_have_declared_types() -> None:
    frame = typed(("a", "2021", "43.60", "yes"), ("b", "2022", "-1e3", "no"), ("c", "", "", "")).data
    assert list(frame.index) == ["a/2021", "b/2022", "c/"]
    assert frame.index.name == "row"
    assert list(map(str, frame.dtypes)) == ["str", "Int64", "float64", "boolean"]
    assert list(frame["size"])[:2] == [43.6, -1000.0]
    assert math.isnan(frame["size"].iloc[2])
    assert frame["year"].iloc[0] == 2021
    assert frame["year"].iloc[2] is pd.NA
    assert [bool(value) for value in frame["kept"].iloc[:2]] == [True, False]
    assert frame["kept"].iloc[2] is pd.NA
    assert frame["id"].iloc[2] == "c"


@pytest.mark.parametrize("cell", ["x", "nan", "inf", "-inf", "1e400", "1e16", "9" * 5000, "1.5", "-"])
def test_invalid_integer_becomes_missing(cell: str) -> None:
    assert typed(("a", cell, "1", "yes")).data["year"].iloc[0] is pd.NA


@pytest.mark.parametrize("cell", ["x", "nan", "inf", "-inf", "1e400", "1e16", "9" * 5000, "1,5"])
def test_invalid_number_becomes_missing(cell: str) -> None:
    assert math.isnan(typed(("a", "1", cell, "yes")).data["size"].iloc[0])


@pytest.mark.parametrize("cell", ["true", "1", "Yes", "ja"])
def test_invalid_boolean_becomes_missing(cell: str) -> None:
    assert typed(("a", "1", "1", cell)).data["kept"].iloc[0] is pd.NA


def test_missing_column_is_empty_and_extra_column_is_dropped() -> None:
    frame = typed(("a", "blue"), header=("id", "colour")).data
    assert tuple(frame.columns) == HEADER
    assert frame["id"].iloc[0] == "a"
    assert frame[["year", "size", "kept"]].isna().all(axis=None)


def test_table_without_rows_has_declared_columns() -> None:
    table = typed()
    assert list(map(str, table.data.dtypes)) == ["str", "Int64", "float64", "boolean"]
    assert table.digest != typed(("a", "1", "1", "yes")).digest


def test_line_of_returns_the_line_of_a_row() -> None:
    table = typed(("a", "1", "1", "yes"), ("b", "2", "1", "yes"))
    assert (table.line_of("a/1"), table.line_of("b/2")) == (7, 8)
    with pytest.raises(UnknownNameError, match=r"no row of things is called 'b/1'; did you mean"):
        table.line_of("b/1")


def test_writing_to_the_data_does_not_change_the_table() -> None:
    table = typed(("a", "2021", "43.6", "yes"), ("b", "2022", "1", "no"))
    before = table.digest
    frame = table.data
    frame.loc["a/2021", "size"] = 0.0
    frame["id"] = "z"
    frame["more"] = 1
    del frame["kept"]
    again = table.data
    with pytest.raises(ValueError, match="read-only"):
        again["size"].to_numpy()[0] = 0.0
    assert list(table.data["size"]) == [43.6, 1.0]
    assert list(table.data["id"]) == ["a", "b"]
    assert tuple(table.data.columns) == HEADER
    assert (
        typed_table(
            RawTable("", HEADER, [["b", "2022", "1", "no"], ["a", "2021", "43.6", "yes"]], [2, 3]), SCHEMA
        ).digest
        == before
    )


NUMBERS = st.decimals(-1_000_000, 1_000_000, places=3).map(lambda value: f"{value:f}") | st.just("")
ROWS = st.lists(
    st.tuples(
        st.text("abcdefgh_é", min_size=1, max_size=4),
        st.integers(1850, 2100).map(str) | st.just(""),
        NUMBERS,
        st.sampled_from(["yes", "no", ""]),
    ),
    max_size=8,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_digest_does_not_depend_on_order(rows: list[tuple[str, ...]], random: object) -> None:
    shuffled, order = list(rows), list(range(len(HEADER)))
    assert hasattr(random, "shuffle")
    random.shuffle(shuffled)
    random.shuffle(order)
    turned = [tuple(row[i] for i in order) for row in shuffled]
    assert typed(*turned, header=tuple(HEADER[i] for i in order)).digest == typed(*rows).digest


@given(ROWS, st.integers(0, 3))
def test_digest_does_not_depend_on_trailing_zeros(rows: list[tuple[str, ...]], zeros: int) -> None:
    def longer(cell: str) -> str:
        return cell and (cell if "." in cell else cell + ".") + "0" * (zeros + 1)

    assert typed(*((a, b, longer(size), d) for a, b, size, d in rows)).digest == typed(*rows).digest


def test_digest_does_not_depend_on_notation() -> None:
    one = typed(("a", "2021", "43.6", "yes"))
    assert typed(("a", "2021", "43.60", "yes")).digest == one.digest
    assert typed(("a", "2021", "4.36e1", "yes")).digest == one.digest
    assert typed(("a", "2021", "43.61", "yes")).digest != one.digest
    assert typed(("a", "1", "-0", "yes")).digest == typed(("a", "1", "0.0", "yes")).digest


@given(ROWS.filter(bool), st.data())
def test_digest_depends_on_every_cell(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, 3))
    old = rows[row][column]
    new = data.draw(
        [
            st.text("abcdefgh_é", min_size=1, max_size=4),
            st.integers(1850, 2100).map(str) | st.just(""),
            NUMBERS,
            st.sampled_from(["yes", "no", ""]),
        ][column]
    )
    cells = list(rows[row])
    cells[column] = new
    changed = [*rows[:row], tuple(cells), *rows[row + 1 :]]
    same = old == new or (column == 2 and old != "" and new != "" and Decimal(old) == Decimal(new))
    assert (typed(*changed).digest == typed(*rows).digest) == same


@given(ROWS.filter(bool))
def test_digest_depends_on_the_number_of_rows(rows: list[tuple[str, ...]]) -> None:
    assert typed(*rows[1:]).digest != typed(*rows).digest
    assert typed(*rows, rows[0]).digest != typed(*rows).digest


def test_digest_separates_neighbouring_cells() -> None:
    assert typed(("ab", "1", "", "")).digest != typed(("a", "1", "", "")).digest
    assert typed(("a", "1", "", "yes")).digest != typed(("a", "1", "1", "")).digest
    # Yes and no count as the words True and False, in the order of the columns' names: id, kept, size, year.
    assert typed(("a", "1", "", "yes")).digest != typed(("aTrue", "1", "", "")).digest


def test_digest_does_not_depend_on_order_of_declared_fields() -> None:
    turned = SCHEMA.model_copy(update={"fields": SCHEMA.fields[::-1]})
    raw = RawTable("things.csv", HEADER, [["a", "1", "1", "yes"]], [2])
    assert typed_table(raw, turned).digest == typed_table(raw, SCHEMA).digest


def test_digest_depends_on_the_name_of_the_table() -> None:
    other = SCHEMA.model_copy(update={"name": "others"})
    raw = RawTable("things.csv", HEADER, [["a", "1", "1", "yes"]], [2])
    assert typed_table(raw, other).digest != typed_table(raw, SCHEMA).digest


def test_lines_are_integers() -> None:
    assert typed(("a", "1", "1", "yes")).lines.dtype == np.int64
