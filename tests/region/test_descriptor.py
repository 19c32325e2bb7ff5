"""Descriptor of a pack: content, paths, schemas, refreshing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from breaking import DESCRIPTOR, PackCopy

from sogdia.errors import InputError
from sogdia.region import refresh_descriptor
from sogdia.tables import table_schemas

FIX = "; update the schemas with `sogdia refresh`"


IN_ORDER = "list the base year first, then later years in order"
AT = sorted(table_schemas()).index("crossings")
"""Position of the table ``crossings`` among the resources."""
DWELL = table_schemas()["crossings"].field_names.index("dwell_h")
TABLES = len(table_schemas())


def messages_of(pack: PackCopy) -> list[str]:
    return [str(fault) for fault in pack.faults()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "datapackage.json:1: not JSON: Expecting value"),
        (b"{", "datapackage.json:1: not JSON: Expecting property name enclosed in double quotes"),
        (b'{\n"name": "a"\n"title": "b"}', "datapackage.json:3: not JSON: Expecting ',' delimiter"),
        (b"[]", "datapackage.json: the descriptor is not a JSON object"),
        (b"null", "datapackage.json: the descriptor is not a JSON object"),
        (b"[" * 100_000 + b"]" * 100_000, "datapackage.json: nested too deeply to be a descriptor"),
        (b'{"a":' * 50_000, "datapackage.json: nested too deeply to be a descriptor"),
        (b'{"version": ' + b"1" * 5000 + b"}", "datapackage.json: a number with thousands of digits"),
        (
            b'{"name": "\\ud800"}',
            "datapackage.json: half a surrogate pair after \\u; write the character itself",
        ),
        (b'{"name": "\xe9"}', "datapackage.json: not UTF-8 text; save it as UTF-8"),
        ('{"name": "a"}'.encode("utf-16"), "datapackage.json: not UTF-8 text; save it as UTF-8"),
        (b"\xef\xbb\xbf{}", "datapackage.json:1: not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig)"),
    ],
)
def test_file_that_is_no_descriptor_is_rejected(pack: PackCopy, text: bytes, message: str) -> None:
    (pack.folder / DESCRIPTOR).write_bytes(text)
    assert messages_of(pack) == [message]


def resource(number: int, **changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda content: content["resources"][number].update(changes)


PATH = f"datapackage.json resources[{AT}].path: {{}}; use crossings.csv"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../isles/crossings.csv", "'../isles/crossings.csv' is not a plain relative path"),
        ("a/../crossings.csv", "'a/../crossings.csv' is not a plain relative path"),
        ("/crossings.csv", "'/crossings.csv' is not a plain relative path"),
        ("C:crossings.csv", "'C:crossings.csv' is not a plain relative path"),
        ("http" + "://example.org/t.csv", "'http://example.org/t.csv' is not a plain relative path"),
        ("data\\crossings.csv", "'data\\\\crossings.csv' is not a plain relative path"),
        ("crossings.csv\n", "'crossings.csv\\n' holds control characters"),
        ("crossings\0.csv", "'crossings\\x00.csv' holds control characters"),
        ("", "not the path of one CSV file"),
        (None, "not the path of one CSV file"),
        (["crossings.csv"], "not the path of one CSV file"),
    ],
)
def test_path_outside_the_pack_is_rejected(pack: PackCopy, path: object, problem: str) -> None:
    pack.edit_descriptor(resource(AT, path=path))
    assert messages_of(pack) == [PATH.format(problem)]


def test_symbolic_link_out_of_the_pack_is_rejected(pack: PackCopy, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    pack.path("crossings").rename(outside)
    pack.path("crossings").symlink_to(outside)
    assert messages_of(pack) == [PATH.format("'crossings.csv' is outside the pack")]


def test_linked_folder_out_of_the_pack_is_rejected(pack: PackCopy, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    pack.path("crossings").rename(outside / "crossings.csv")
    (pack.folder / "data").symlink_to(outside)
    pack.edit_descriptor(resource(AT, path="data/crossings.csv"))
    assert messages_of(pack) == [PATH.format("'data/crossings.csv' is outside the pack")]


def test_symbolic_link_inside_the_pack_is_accepted(pack: PackCopy) -> None:
    pack.path("crossings").rename(pack.folder / "other.csv")
    pack.path("crossings").symlink_to("other.csv")
    assert messages_of(pack) == []


def test_symbolic_link_to_itself_is_rejected(pack: PackCopy) -> None:
    pack.path("crossings").unlink()
    pack.path("crossings").symlink_to("crossings.csv")
    (message,) = messages_of(pack)
    # Python 3.13 and newer report it as a missing file.
    assert "is a link to itself" in message or "no such file" in message


def test_path_in_a_folder_of_the_pack_is_accepted(pack: PackCopy) -> None:
    (pack.folder / "data").mkdir()
    pack.path("crossings").rename(pack.folder / "data" / "other.csv")
    pack.edit_descriptor(resource(AT, path="data/other.csv"))
    assert messages_of(pack) == []
    (pack.folder / "data" / "other.csv").write_text("", encoding="utf-8")
    assert messages_of(pack) == ["data/other.csv: the file is empty; a table needs its header row"]


def test_missing_file_is_an_error(pack: PackCopy) -> None:
    pack.path("crossings").unlink()
    assert messages_of(pack) == ["crossings.csv: no such file; add the file of table crossings"]
    pack.path("crossings").mkdir()
    assert messages_of(pack) == ["crossings.csv: no such file; add the file of table crossings"]


@pytest.mark.parametrize(
    ("edit", "messages"),
    [
        (
            lambda content: content.pop("resources"),
            ["datapackage.json resources: not a list of resources"],
        ),
        (
            lambda content: content["resources"].pop(AT),
            ["datapackage.json resources: table crossings has no resource; add it; a header is enough"],
        ),
        (
            lambda content: content["resources"].append(content["resources"][AT]),
            [f"datapackage.json resources[{TABLES}]: crossings is given twice; delete one"],
        ),
        (
            resource(AT, name="crosings"),
            [
                f"datapackage.json resources[{AT}]: no table is called 'crosings'"
                "; did you mean crossings or variants or restrictions?",
                "datapackage.json resources: table crossings has no resource; add it; a header is enough",
            ],
        ),
        (
            lambda content: content["resources"].append("crossings"),
            [f"datapackage.json resources[{TABLES}]: not an object with a name"],
        ),
        (
            lambda content: content["resources"].append({"name": ["links"]}),
            [f"datapackage.json resources[{TABLES}]: not an object with a name"],
        ),
        (
            lambda content: content["resources"][AT].pop("schema"),
            [f"datapackage.json resources[{AT}].schema: not a Table Schema{FIX}"],
        ),
        (
            resource(AT, schema="crossings.json"),
            [f"datapackage.json resources[{AT}].schema: not a Table Schema{FIX}"],
        ),
        (
            lambda content: content.pop("name"),
            ["datapackage.json name: the key is missing"],
        ),
        (
            lambda content: content.update(name="The Isles"),
            ["datapackage.json name: 'The Isles' does not match ^[a-z0-9][a-z0-9._-]*$"],
        ),
        (
            lambda content: content.pop("sogdia"),
            ["datapackage.json sogdia: the key is missing"],
        ),
        (
            lambda content: content["sogdia"].update(colour="blue"),
            ["datapackage.json sogdia.colour: no such key"],
        ),
        (
            lambda content: content["sogdia"].update(base_year=21),
            ["datapackage.json sogdia.base_year: expected a value of at least 1950, not 21"],
        ),
        (
            lambda content: content["sogdia"].update(base_year=2022),
            [f"datapackage.json sogdia.years: years do not rise from base_year 2022; {IN_ORDER}"],
        ),
        (
            lambda content: content["sogdia"].update(years=[2021, 2040, 2030]),
            [f"datapackage.json sogdia.years: years do not rise from base_year 2021; {IN_ORDER}"],
        ),
    ],
)
def test_invalid_descriptor_lists_its_errors(
    pack: PackCopy, edit: Callable[[dict[str, Any]], object], messages: list[str]
) -> None:
    pack.edit_descriptor(edit)
    assert sorted(messages_of(pack)) == sorted(messages)


def field(edit: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    """Return an edit of the field ``crossings.dwell_h``."""
    return lambda content: edit(content["resources"][AT]["schema"]["fields"][DWELL])


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (field(lambda item: item.update(type="string")), "dwell_h: differs from the declared field in type"),
        (
            field(lambda item: item["constraints"].update(maximum=9999)),
            "dwell_h: differs from the declared field in constraints",
        ),
        (field(lambda item: item.pop("unit")), "dwell_h: differs from the declared field in unit"),
        (
            lambda content: content["resources"][AT]["schema"]["fields"].append({"name": "colour"}),
            "colour: the declared schema has no such field",
        ),
        (
            lambda content: content["resources"][AT]["schema"].pop("primaryKey"),
            ": differs from the declared schema in primaryKey",
        ),
        (
            lambda content: content["resources"][AT]["schema"]["fields"].reverse(),
            ": differs from the declared schema in the number or order of fields",
        ),
        (
            lambda content: content["resources"][AT]["schema"]["fields"].append("junk"),
            ": differs from the declared schema in the number or order of fields",
        ),
        (
            lambda content: content["resources"][AT]["schema"]["fields"].append(
                content["resources"][AT]["schema"]["fields"][-1]
            ),
            ": differs from the declared schema in the number or order of fields",
        ),
    ],
)
def test_outdated_schema_is_an_error_until_refreshed(
    pack: PackCopy, edit: Callable[[dict[str, Any]], object], message: str
) -> None:
    pack.edit_descriptor(edit)
    messages = messages_of(pack)
    assert any(
        f"resources[{AT}].schema{'' if message[0] == ':' else '.'}{message}" in text for text in messages
    )
    assert all(FIX in text for text in messages)
    refresh_descriptor(pack.folder)
    assert messages_of(pack) == []


def test_field_missing_from_a_schema_is_an_error(pack: PackCopy) -> None:
    pack.edit_descriptor(lambda content: content["resources"][AT]["schema"]["fields"].pop(DWELL))
    assert (
        f"datapackage.json resources[{AT}].schema.dwell_h: the field is missing from the schema{FIX}"
        in messages_of(pack)
    )


def test_refreshing_keeps_other_content(pack: PackCopy) -> None:
    before = json.loads((pack.folder / DESCRIPTOR).read_text("utf-8"))
    pack.path("crossings").rename(pack.folder / "other.csv")
    more = {"licenses": [{"name": "x"}], "block": 1, "title": "Öland"}
    pack.edit_descriptor(lambda content: content.update(more))
    pack.edit_descriptor(resource(AT, path="other.csv", schema={}))
    assert refresh_descriptor(pack.folder) == pack.folder / DESCRIPTOR
    after = json.loads((pack.folder / DESCRIPTOR).read_text("utf-8"))
    assert after["resources"][AT]["path"] == "other.csv"
    after["resources"][AT]["path"] = "crossings.csv"
    assert after == {**before, **more}
    assert list(after)[-2:] == ["sogdia", "resources"]
    assert messages_of(pack) == []
    assert sorted(path.name for path in pack.folder.glob(f"{DESCRIPTOR}*")) == [DESCRIPTOR]


def test_refreshing_an_up_to_date_descriptor_keeps_its_bytes(pack: PackCopy) -> None:
    before = (pack.folder / DESCRIPTOR).read_bytes()
    refresh_descriptor(pack.folder)
    assert (pack.folder / DESCRIPTOR).read_bytes() == before


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content.pop("name"),
        lambda content: content.pop("title"),
        lambda content: content.pop("resources"),
        lambda content: content.update(resources=[None]),
        lambda content: content.pop("sogdia"),
        lambda content: content["sogdia"].update(base_year="x"),
        lambda content: content["resources"].append({"name": "unknown", "path": "unknown.csv"}),
    ],
)
def test_failed_refresh_does_not_change_the_file(
    pack: PackCopy, edit: Callable[[dict[str, Any]], object]
) -> None:
    pack.edit_descriptor(edit)
    before = (pack.folder / DESCRIPTOR).read_bytes()
    with pytest.raises(InputError):
        refresh_descriptor(pack.folder)
    assert (pack.folder / DESCRIPTOR).read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, '{"resources": 1}'])
def test_refreshing_an_invalid_descriptor_raises(pack: PackCopy, text: str) -> None:
    (pack.folder / DESCRIPTOR).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be refreshed"):
        refresh_descriptor(pack.folder)
