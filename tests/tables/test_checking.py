"""Every kind of constraint, with the whole message."""

from __future__ import annotations

import pytest

from sogdia.errors import InputError
from sogdia.tables import RawTable, check_cells, check_header, parse_cell, parse_number, table_schemas

LINK = {
    "id": "road_a_b",
    "from": "a",
    "to": "b",
    "mode": "road",
    "length_km": "43.6",
    "gauge_mm": "",
    "tracks": "2",
    "electrified": "no",
    "speed_kmh": "50",
    "capacity_t": "",
    "capacity_note": "",
    "status": "operating",
    "opening_year": "1999",
    "project": "",
    "corridor": "local",
    "basis": "reported",
    "source": "s",
    "note": "",
}
LINKS = table_schemas()["links"]


def raw(rows: list[dict[str, str]], file: str = "links.csv") -> RawTable:
    lines = list(range(2, 2 + len(rows)))
    return RawTable(file, tuple(rows[0]), [list(row.values()) for row in rows], lines)


def told(table: RawTable, name: str = "links") -> list[str]:
    return [str(fault) for fault in check_cells(table, table_schemas()[name])]


def test_a_clean_row() -> None:
    assert tuple(LINK) == LINKS.field_names
    assert told(raw([LINK])) == []


PLAIN = "write digits with a point for decimals and nothing between thousands"
UNKNOWN = "leave it empty where not known"


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("length_km", "-3", "length_km: -3 is below 0.1"),
        ("length_km", "30000.5", "length_km: 30000.5 is above 30000"),
        ("length_km", "", "length_km: the cell is empty; length must be given"),
        ("length_km", "far", f"length_km: 'far' is not a number; {UNKNOWN}"),
        ("length_km", "NaN", f"length_km: 'NaN' is not a number; {UNKNOWN}"),
        ("length_km", "inf", f"length_km: 'inf' is not a number; {UNKNOWN}"),
        ("length_km", "43,6", f"length_km: '43,6' is not a number; {PLAIN}"),
        ("length_km", "1 000", f"length_km: '1 000' is not a number; {PLAIN}"),
        ("length_km", "1_000", f"length_km: '1_000' is not a number; {UNKNOWN}"),
        ("length_km", "１２", f"length_km: '１２' is not a number; {PLAIN}"),
        ("length_km", "+5", f"length_km: '+5' is not a number; {UNKNOWN}"),
        ("length_km", ".5", f"length_km: '.5' is not a number; {PLAIN}"),
        ("length_km", "0x10", f"length_km: '0x10' is not a number; {UNKNOWN}"),
        ("length_km", "5 km", f"length_km: '5 km' is not a number; {UNKNOWN}"),
        ("length_km", "1e400", "length_km: '1e400' is beyond any sense"),
        ("length_km", "9" * 5000, f"length_km: '{'9' * 57}...' is beyond any sense"),
        ("tracks", "1.5", f"tracks: '1.5' is not a whole number; {PLAIN}"),
        ("tracks", "1e0", f"tracks: '1e0' is not a whole number; {UNKNOWN}"),
        ("tracks", "0", "tracks: 0 is below 1"),
        ("tracks", "9", "tracks: 9 is above 8"),
        ("opening_year", "9" * 5000, f"opening_year: '{'9' * 57}...' is beyond any sense"),
        ("electrified", "true", "electrified: 'true' is not yes or no"),
        ("electrified", "Yes", "electrified: 'Yes' is not yes or no"),
        ("mode", "raod", "mode: 'raod' is not in the vocabulary; did you mean road or rail?"),
        (
            "mode",
            "camel",
            "mode: 'camel' is not in the vocabulary; one of ferry, rail, road, sea",
        ),
        (
            "basis",
            "known",
            "basis: 'known' is not in the vocabulary; one of assumed, derived, reported",
        ),
        ("source", "", "source: the cell is empty; source must be given"),
        ("id", "Road A", "id: 'Road A' does not match [a-z0-9_]+"),
        ("corridor", "ÅÄÖ", "corridor: 'ÅÄÖ' does not match [a-z0-9_]+"),
    ],
)
def test_one_cell(field: str, cell: str, message: str) -> None:
    assert told(raw([{**LINK, "id": "first"}, {**LINK, field: cell}])) == [f"links.csv:3 {message}"]


def test_all_faults_of_a_row_and_of_all_rows() -> None:
    bad = {**LINK, "mode": "camel", "length_km": "-3", "tracks": "x"}
    assert [message.split(":")[1].split(" ")[:2] for message in told(raw([bad, {**bad, "id": "other"}]))] == [
        ["2", "tracks"],
        ["2", "mode"],
        ["2", "length_km"],
        ["3", "tracks"],
        ["3", "mode"],
        ["3", "length_km"],
    ]


def test_a_key_that_stands_twice() -> None:
    rows = [LINK, {**LINK, "id": "other"}, LINK]
    assert told(raw(rows)) == [
        "links.csv:4 id: 'road_a_b' stands already on line 2; keys are unique",
    ]


def test_a_key_of_several_fields_that_stands_twice() -> None:
    row = dict.fromkeys(table_schemas()["barriers"].field_names, "")
    row |= {"exporter": "XAA", "importer": "XAB", "commodity": "all", "prohibited": "no"}
    row |= {"basis": "reported", "source": "s"}
    table = raw([row, {**row, "commodity": "ore"}, row], "barriers.csv")
    assert told(table, "barriers") == [
        "barriers.csv:4 exporter/importer/commodity: 'XAA/XAB/all' stands already on line 2; keys are unique"
    ]


def test_a_value_that_must_be_unique() -> None:
    row = dict.fromkeys(table_schemas()["partners"].field_names, "")
    row |= {"id": "a", "name": "A", "members": "XAA", "rank": "1", "default": "yes"}
    row |= {"basis": "reported", "source": "s"}
    assert told(raw([row, {**row, "id": "b"}], "partners.csv"), "partners") == [
        "partners.csv:3 rank: '1' stands twice; values are unique"
    ]


def test_an_empty_key_is_told_once() -> None:
    assert told(raw([LINK, {**LINK, "id": ""}])) == [
        "links.csv:3 id: the cell is empty; link must be given",
    ]


def test_every_field_of_a_key_must_be_given() -> None:
    # What the check above relies on.
    for schema in table_schemas().values():
        assert all(schema.field(name).constraints.required for name in schema.primary_key), schema.name


def header(*columns: str) -> list[str]:
    table = RawTable("links.csv", columns, [[""] * len(columns)], [2])
    return [str(fault) for fault in check_header(table, LINKS)]


def test_columns_may_stand_in_any_order() -> None:
    assert header(*reversed(LINKS.field_names)) == []


def test_columns_missing_misspelt_twice_and_without_name() -> None:
    columns = [name for name in LINKS.field_names if name != "speed_kmh"]
    assert header(*columns) == ["links.csv:1 speed_kmh: the column is missing; add it"]
    assert header(*columns, "speed_kph") == [
        "links.csv:1 speed_kph: a column that the table does not have; did you mean speed_kmh?",
        "links.csv:1 speed_kmh: the column is missing; add it",
    ]
    assert header(*LINKS.field_names, "id") == ["links.csv:1 id: the column stands twice; delete one"]
    assert header(*LINKS.field_names, "") == ["links.csv:1: a column without a name; delete it"]
    assert header(*LINKS.field_names, "colour") == [
        "links.csv:1 colour: a column that the table does not have; delete it"
    ]


def test_a_table_that_needs_rows_and_one_that_does_not() -> None:
    links = check_header(RawTable("links.csv", LINKS.field_names), LINKS)
    assert [str(fault) for fault in links] == ["links.csv: the table has no rows; at least one is needed"]
    barriers = table_schemas()["barriers"]
    assert check_header(RawTable("barriers.csv", barriers.field_names), barriers) == []


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("length_km", "43.60", 43.6),
        ("tracks", "2", 2),
        ("electrified", "yes", True),
        ("electrified", "", None),
        ("capacity_t", "", None),
        ("note", "", ""),
        ("mode", "rail", "rail"),
    ],
)
def test_parse_cell(field: str, text: str, value: object) -> None:
    parsed = parse_cell(text, LINKS.field(field))
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("length_km", "", "length_km must not be empty"),
        ("length_km", "-1", "-1 is below 0.1"),
        ("length_km", "99999", "99999 is above 30000"),
        ("capacity_t", "1e999", "'1e999' is beyond any sense"),
        ("tracks", "1.0", "'1.0' is not a whole number"),
        ("opening_year", "9" * 5000, "is beyond any sense"),
        ("electrified", "maybe", "'maybe' is not yes or no"),
        ("mode", "raod", "did you mean road"),
        ("id", "A b", "'A b' does not match"),
    ],
)
def test_parse_cell_refuses_what_the_check_refuses(field: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_cell(text, LINKS.field(field))


@pytest.mark.parametrize("text", ["inf", "nan", "1_0", "１", " 1", "1e999", "", "0x1"])
def test_parse_number_takes_plain_digits_alone(text: str) -> None:
    with pytest.raises(InputError):
        parse_number(text)
