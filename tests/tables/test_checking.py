"""Every kind of constraint, with its complete message."""

from __future__ import annotations

from typing import Any

import pytest
from frictionless import Resource, validate

from sogdia.tables import RawTable, check_cells, check_header, table_schemas

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


def messages_of(table: RawTable, name: str = "links") -> list[str]:
    return [str(fault) for fault in check_cells(table, table_schemas()[name])]


def test_valid_row_has_no_errors() -> None:
    assert tuple(LINK) == LINKS.field_names
    assert messages_of(raw([LINK])) == []


PLAIN = "write digits with a decimal point and no thousands separator"
UNKNOWN = "leave it empty if not known"
RANGE = "is out of range; expected at most 1e+15 in absolute value"


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("length_km", "-3", "length_km: -3 is below 0.1"),
        ("length_km", "30000.5", "length_km: 30000.5 is above 30000"),
        ("length_km", "", "length_km: the cell is empty; length is required"),
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
        ("length_km", "1e400", f"length_km: '1e400' {RANGE}"),
        ("length_km", "9" * 5000, f"length_km: '{'9' * 57}...' {RANGE}"),
        ("tracks", "1.5", f"tracks: '1.5' is not a whole number; {PLAIN}"),
        ("tracks", "1e0", f"tracks: '1e0' is not a whole number; {UNKNOWN}"),
        ("tracks", "0", "tracks: 0 is below 1"),
        ("tracks", "9", "tracks: 9 is above 8"),
        ("opening_year", "9" * 5000, f"opening_year: '{'9' * 57}...' {RANGE}"),
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
        ("source", "", "source: the cell is empty; source is required"),
        ("id", "Road A", "id: 'Road A' does not match [a-z0-9_]+"),
        ("corridor", "ÅÄÖ", "corridor: 'ÅÄÖ' does not match [a-z0-9_]+"),
    ],
)
def test_invalid_cell_is_an_error(field: str, cell: str, message: str) -> None:
    assert messages_of(raw([{**LINK, "id": "first"}, {**LINK, field: cell}])) == [f"links.csv:3 {message}"]


def test_errors_of_all_rows_are_listed() -> None:
    bad = {**LINK, "mode": "camel", "length_km": "-3", "tracks": "x"}
    assert [
        message.split(":")[1].split(" ")[:2] for message in messages_of(raw([bad, {**bad, "id": "other"}]))
    ] == [
        ["2", "tracks"],
        ["2", "mode"],
        ["2", "length_km"],
        ["3", "tracks"],
        ["3", "mode"],
        ["3", "length_km"],
    ]


def test_repeated_key_is_an_error() -> None:
    rows = [LINK, {**LINK, "id": "other"}, LINK]
    assert messages_of(raw(rows)) == [
        "links.csv:4 id: 'road_a_b' is given already on line 2; keys must be unique",
    ]


def test_repeated_key_of_several_fields_is_an_error() -> None:
    row = dict.fromkeys(table_schemas()["barriers"].field_names, "")
    row |= {"exporter": "XAA", "importer": "XAB", "commodity": "all", "prohibited": "no"}
    row |= {"basis": "reported", "source": "s"}
    table = raw([row, {**row, "commodity": "ore"}, row], "barriers.csv")
    assert messages_of(table, "barriers") == [
        "barriers.csv:4 exporter/importer/commodity: "
        "'XAA/XAB/all' is given already on line 2; keys must be unique"
    ]


def test_repeated_unique_value_is_an_error() -> None:
    row = dict.fromkeys(table_schemas()["partners"].field_names, "")
    row |= {"id": "a", "name": "A", "members": "XAA", "rank": "1", "default": "yes"}
    row |= {"basis": "reported", "source": "s"}
    assert messages_of(raw([row, {**row, "id": "b"}], "partners.csv"), "partners") == [
        "partners.csv:3 rank: '1' is given twice; values must be unique"
    ]


def test_empty_key_is_one_error() -> None:
    assert messages_of(raw([LINK, {**LINK, "id": ""}])) == [
        "links.csv:3 id: the cell is empty; link is required",
    ]


def test_key_fields_are_required() -> None:
    optional = {
        (schema.name, name)
        for schema in table_schemas().values()
        for name in schema.primary_key
        if not schema.field(name).constraints.required
    }
    assert optional == {("power_water_years", "month")}  # an empty month means all months of the year


def header(*columns: str) -> list[str]:
    table = RawTable("links.csv", columns, [[""] * len(columns)], [2])
    return [str(fault) for fault in check_header(table, LINKS)]


def test_cells_found_valid_are_checked_again_only_if_one_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    table = raw([LINK | {"id": "road_of_its_own"}])
    assert messages_of(table) == []
    checked: list[Resource] = []

    def noted(resource: Resource, **options: Any) -> Any:
        checked.append(resource)
        return validate(resource, **options)

    monkeypatch.setattr("frictionless.validate", noted)
    assert messages_of(table) == []
    assert checked == []
    wrong = raw([LINK | {"id": "road_of_its_own", "length_km": "-3"}])
    for count in (1, 2):
        assert messages_of(wrong) == ["links.csv:2 length_km: -3 is below 0.1"]
        assert len(checked) == count
    assert messages_of(raw([LINK | {"id": "road_of_its_own", "tracks": "9"}])) != []


def test_columns_in_any_order_are_accepted() -> None:
    assert header(*reversed(LINKS.field_names)) == []


def test_invalid_header_lists_its_columns() -> None:
    columns = [name for name in LINKS.field_names if name != "speed_kmh"]
    assert header(*columns) == ["links.csv:1 speed_kmh: the column is missing; add it"]
    assert header(*columns, "speed_kph") == [
        "links.csv:1 speed_kph: not a column of the table; did you mean speed_kmh?",
        "links.csv:1 speed_kmh: the column is missing; add it",
    ]
    assert header(*LINKS.field_names, "id") == ["links.csv:1 id: the column is given twice; delete one"]
    assert header(*LINKS.field_names, "") == ["links.csv:1: a column without a name; delete it"]
    assert header(*LINKS.field_names, "colour") == [
        "links.csv:1 colour: not a column of the table; delete it"
    ]


def test_required_table_without_rows_is_an_error() -> None:
    links = check_header(RawTable("links.csv", LINKS.field_names), LINKS)
    assert [str(fault) for fault in links] == ["links.csv: the table has no rows; at least one is needed"]
    barriers = table_schemas()["barriers"]
    assert check_header(RawTable("barriers.csv", barriers.field_names), barriers) == []
