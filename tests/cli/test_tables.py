"""The renderer of tables: units, signs, width."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest
from rich.console import Console

from sogdia.cli.tables import Column, columns_of, figure, print_table
from sogdia.errors import InputError
from sogdia.tables.results import ResultTable, flag, integer, number, text

LINKS = ResultTable(
    "links",
    "Links",
    "Freight on a link.",
    (
        text("link", "Link", "Id of the link."),
        number("tonnes", "t/a", "Freight", "Freight in both directions."),
        number("change_pct", "%", "Change", "Change of freight."),
        integer("borders", "1", "Borders", "Borders crossed."),
        flag("open", "Open", "The link is open."),
    ),
)
ROWS = pd.DataFrame(
    {
        "link": ["Osh – Kashgar", "Baku – Aktau"],
        "tonnes": [5_501_000.0, math.inf],
        "change_pct": [-0.0001, 12.34],
        "borders": [1, 2],
        "open": [True, False],
    }
)


def printed(columns: tuple[Column, ...], width: int = 100, title: str = "Links") -> list[str]:
    page = io.StringIO()
    print_table(Console(file=page, width=width), title, ROWS, columns)
    return [line.rstrip() for line in page.getvalue().splitlines()]


def test_label_unit_and_form_come_from_the_declaration() -> None:
    columns = columns_of(LINKS, "link", "tonnes", "borders", "open", units={"tonnes": "Mt/a"})
    assert [column.heading for column in columns] == ["Link", "Freight, Mt/a", "Borders", "Open"]
    assert printed(columns) == [
        "Links",
        "               Freight,",
        "Link               Mt/a  Borders  Open",
        "Osh – Kashgar      5.50        1  yes",
        "Baku – Aktau          ∞        2  no",
    ]


def test_signed_column_shows_changes_and_no_sign_of_zero() -> None:
    (column,) = columns_of(LINKS, "change_pct", signed=("change_pct",))
    assert [column.cell(value) for value in ROWS["change_pct"]] == ["0", "+12.3"]
    fixed = Column("change_pct", "change", "+.2f")
    assert [fixed.cell(value) for value in (-0.0001, -1.0)] == ["0.00", "-1.00"]


def test_missing_and_infinite_values_have_signs_of_their_own() -> None:
    column = Column("x", "x", "n")
    assert [column.cell(value) for value in (math.nan, math.inf, -math.inf)] == ["–", "∞", "-∞"]


def test_unit_of_another_dimension_raises() -> None:
    with pytest.raises(InputError):
        columns_of(LINKS, "tonnes", units={"tonnes": "km"})


def test_undeclared_column_raises() -> None:
    with pytest.raises(KeyError, match="links declares no column speed"):
        columns_of(LINKS, "speed")


def test_columns_that_do_not_fit_follow_in_blocks_with_the_first_column() -> None:
    columns = columns_of(LINKS, "link", "tonnes", "change_pct", "borders", "open")
    lines = printed(columns, width=30)
    assert max(map(len, lines)) <= 30
    assert lines == [
        "Links",
        "Link           Freight, t/a",
        "Osh – Kashgar     5,501,000",
        "Baku – Aktau              ∞",
        "",
        "Link           Change, %",
        "Osh – Kashgar          0",
        "Baku – Aktau        12.3",
        "",
        "Link           Borders  Open",
        "Osh – Kashgar        1  yes",
        "Baku – Aktau         2  no",
    ]


@pytest.mark.parametrize("width", [10, 20, 40, 80, 120])
def test_every_figure_is_shown_in_any_width(width: int) -> None:
    columns = columns_of(LINKS, "link", "tonnes", "change_pct", "borders", "open")
    shown = " ".join(printed(columns, width=width)).split()
    assert {"5,501,000", "12.3", "yes", "no"} <= set(shown)


def test_brackets_in_a_cell_are_not_markup() -> None:
    page = io.StringIO()
    table = pd.DataFrame({"name": ["[red]road[/red]"]})
    print_table(Console(file=page, width=60), "[Title]", table, (Column("name", "name"),))
    assert "[red]road[/red]" in page.getvalue()
    assert "[Title]" in page.getvalue()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567.0, "1,234,567"),
        (123.4, "123"),
        (12.34, "12.3"),
        (1.234, "1.23"),
        (0.1234, "0.123"),
        (1e-9, "0"),
    ],
)
def test_figure_has_three_digits(value: float, shown: str) -> None:
    assert figure(value) == shown
