"""Declarations of result tables: columns, keys, frames, Table Schemas."""

from __future__ import annotations

import frictionless
import pandas as pd
import pytest

from sogdia.case import tables as case_tables
from sogdia.finance import tables as finance_tables
from sogdia.tables.results import ResultTable, declared, flag, integer, number, package_of, text
from sogdia.units import UNITS, unit_of_name

FLOWS = ResultTable(
    "flows",
    "Flows of links",
    "One row per link and year.",
    (
        text("link", "Link", "Row of `links`.", key=True),
        integer("year", "year", "Year", "Calendar year.", key=True),
        number("flow_t", "t/a", "Flow", "Tonnes in both directions."),
        number("share", "1", "Share", "Part of the total."),
        number("lat", "deg", "Latitude", "Of the midpoint.", compared=False),
        flag("open", "Open", "True if the link is open."),
    ),
)


def test_columns_and_keys_follow_the_declaration() -> None:
    assert FLOWS.column_names == ("link", "year", "flow_t", "share", "lat", "open")
    assert FLOWS.key == ("link", "year")
    assert FLOWS.compared == ("flow_t", "share")
    assert FLOWS.column("flow_t").unit == "t/a"


def test_heading_shows_the_unit_of_figures_only() -> None:
    headings = {column.name: column.heading for column in FLOWS.columns}
    assert headings["flow_t"] == "Flow, t/a"
    assert headings["share"] == "Share"
    assert headings["link"] == "Link"


def test_undeclared_column_raises() -> None:
    with pytest.raises(KeyError, match="flows declares no column flow_teu"):
        FLOWS.column("flow_teu")


def test_frame_from_rows_has_declared_columns() -> None:
    frame = FLOWS.frame([("a_b", 2030, 5.0, 0.5, 1.0, True)])
    assert tuple(frame.columns) == FLOWS.column_names
    assert frame["flow_t"].tolist() == [5.0]


def test_frame_without_rows_has_declared_columns() -> None:
    assert tuple(FLOWS.frame([]).columns) == FLOWS.column_names
    assert len(FLOWS.frame(iter(()))) == 0


def test_frame_from_a_frame_orders_its_columns() -> None:
    given = pd.DataFrame([[True, 1.0, 0.5, 5.0, 2030, "a_b"]], columns=list(FLOWS.column_names)[::-1])
    pd.testing.assert_frame_equal(FLOWS.frame(given), given[list(FLOWS.column_names)])


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["link", "year", "flow_t", "share", "lat"], "open"),
        ([*FLOWS.column_names, "colour"], "colour"),
        (["link", "year", "flow_t", "share", "lat", "is_open"], "is_open, open"),
    ],
)
def test_frame_with_other_columns_raises(columns: list[str], names: str) -> None:
    with pytest.raises(AssertionError, match=f"table flows: .* differ in {names}$"):
        FLOWS.frame(pd.DataFrame(columns=columns))


def test_row_of_another_length_raises() -> None:
    with pytest.raises(AssertionError, match="table flows: a row has 2 values, 6 are declared"):
        FLOWS.frame([("a_b", 2030)])


def test_repeated_columns_are_rejected() -> None:
    with pytest.raises(AssertionError, match="table twice declares a column twice"):
        ResultTable("twice", "T", "M.", (text("a", "A", "A."), text("a", "A", "A.")))


def test_unknown_unit_is_rejected() -> None:
    with pytest.raises(AssertionError, match="unknown unit 'furlong' of column a"):
        number("a", "furlong", "A", "A.")


def test_declared_returns_tables_by_name() -> None:
    assert dict(declared(FLOWS)) == {"flows": FLOWS}
    with pytest.raises(AssertionError, match="two result tables have one name"):
        declared(FLOWS, FLOWS)


def test_schema_is_a_valid_table_schema_and_checks_a_frame() -> None:
    schema = frictionless.Schema.from_descriptor(FLOWS.schema())
    assert schema.primary_key == ["link", "year"]
    rows = [list(FLOWS.column_names), ["a_b", 2030, 5.0, 0.5, 1.0, True], ["b_c", 2030, 6.0, 0.5, 1.0, False]]
    report = frictionless.validate(frictionless.Resource(data=rows, schema=schema))
    assert report.valid, report.flatten(["message"])


def test_package_names_one_file_per_table() -> None:
    package = package_of("run", declared(FLOWS))
    assert [item["path"] for item in package["resources"]] == ["flows.csv"]
    assert package["resources"][0]["schema"] == FLOWS.schema()


@pytest.mark.parametrize(
    "table",
    [*case_tables.TABLES.values(), *finance_tables.TABLES.values()],
    ids=lambda table: table.name,
)
def test_names_of_result_columns_agree_with_their_units(table: ResultTable) -> None:
    for column in table.columns:
        assert column.label[0].isupper()
        assert column.meaning.endswith(".")
        if column.type in ("number", "integer"):
            assert column.unit in UNITS
            assert unit_of_name(column.name) in (None, column.unit), column.name
