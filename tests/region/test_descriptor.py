"""Faults of the descriptor: what it holds, where its paths lead, what its schemas say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from breaking import DESCRIPTOR, PackCopy

from sogdia.errors import CannotRunError, InputError, UnknownNameError
from sogdia.region import check_pack, find_pack, load_region, refresh_descriptor, shipped_regions
from sogdia.tables import table_schemas

FIX = "; `sogdia refresh` writes the schemas anew"


AT = sorted(table_schemas()).index("crossings")
"""Place of the table ``crossings`` among the resources; the tests break that one."""
DWELL = table_schemas()["crossings"].field_names.index("dwell_h")
TABLES = len(table_schemas())


def told(pack: PackCopy) -> list[str]:
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
        (b'{"version": ' + b"1" * 5000 + b"}", "datapackage.json: a number of thousands of digits"),
        (b'{"name": "\\ud800"}', "datapackage.json: half a character behind a \\u; write it out"),
        (b'{"name": "\xe9"}', "datapackage.json: not UTF-8 text; save it as UTF-8"),
        ('{"name": "a"}'.encode("utf-16"), "datapackage.json: not UTF-8 text; save it as UTF-8"),
        (b"\xef\xbb\xbf{}", "datapackage.json:1: not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig)"),
    ],
)
def test_what_is_no_descriptor(pack: PackCopy, text: bytes, message: str) -> None:
    (pack.folder / DESCRIPTOR).write_bytes(text)
    assert told(pack) == [message]


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
        ("", "the path of one CSV file is wanted"),
        (None, "the path of one CSV file is wanted"),
        (["crossings.csv"], "the path of one CSV file is wanted"),
    ],
)
def test_a_path_stays_plain_and_inside(pack: PackCopy, path: object, problem: str) -> None:
    pack.edit_descriptor(resource(AT, path=path))
    assert told(pack) == [PATH.format(problem)]


def test_a_symbolic_link_does_not_lead_out(pack: PackCopy, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    pack.path("crossings").rename(outside)
    pack.path("crossings").symlink_to(outside)
    assert told(pack) == [PATH.format("'crossings.csv' leads out of the pack")]


def test_a_folder_behind_a_symbolic_link_does_not_lead_out(pack: PackCopy, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    pack.path("crossings").rename(outside / "crossings.csv")
    (pack.folder / "data").symlink_to(outside)
    pack.edit_descriptor(resource(AT, path="data/crossings.csv"))
    assert told(pack) == [PATH.format("'data/crossings.csv' leads out of the pack")]


def test_a_symbolic_link_inside_is_followed(pack: PackCopy) -> None:
    pack.path("crossings").rename(pack.folder / "kept.csv")
    pack.path("crossings").symlink_to("kept.csv")
    assert told(pack) == []


def test_a_symbolic_link_to_itself(pack: PackCopy) -> None:
    pack.path("crossings").unlink()
    pack.path("crossings").symlink_to("crossings.csv")
    (message,) = told(pack)
    # Python 3.13 and newer take it for a file that is not there.
    assert "leads in a circle" in message or "no such file" in message


def test_a_path_in_a_folder_of_the_pack(pack: PackCopy) -> None:
    (pack.folder / "data").mkdir()
    pack.path("crossings").rename(pack.folder / "data" / "kept.csv")
    pack.edit_descriptor(resource(AT, path="data/kept.csv"))
    assert told(pack) == []
    (pack.folder / "data" / "kept.csv").write_text("", encoding="utf-8")
    assert told(pack) == ["data/kept.csv: the file is empty; a table needs its header row"]


def test_a_file_that_is_not_there_or_is_a_folder(pack: PackCopy) -> None:
    pack.path("crossings").unlink()
    assert told(pack) == ["crossings.csv: no such file; the table crossings needs it"]
    pack.path("crossings").mkdir()
    assert told(pack) == ["crossings.csv: no such file; the table crossings needs it"]


@pytest.mark.parametrize(
    ("edit", "messages"),
    [
        (
            lambda content: content.pop("resources"),
            ["datapackage.json resources: no list of resources"],
        ),
        (
            lambda content: content["resources"].pop(AT),
            ["datapackage.json resources: table crossings has no resource; add it, if only with a header"],
        ),
        (
            lambda content: content["resources"].append(content["resources"][AT]),
            [f"datapackage.json resources[{TABLES}]: crossings stands twice; delete one"],
        ),
        (
            resource(AT, name="crosings"),
            [
                f"datapackage.json resources[{AT}]: no table is called 'crosings'"
                "; did you mean crossings or variants or restrictions?",
                "datapackage.json resources: table crossings has no resource; add it, if only with a header",
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
            [f"datapackage.json resources[{AT}].schema: no Table Schema{FIX}"],
        ),
        (
            resource(AT, schema="crossings.json"),
            [f"datapackage.json resources[{AT}].schema: no Table Schema{FIX}"],
        ),
        (
            lambda content: content.pop("name"),
            ["datapackage.json name: Field required"],
        ),
        (
            lambda content: content.update(name="The Isles"),
            ["datapackage.json name: String should match pattern '^[a-z0-9][a-z0-9._-]*$'"],
        ),
        (
            lambda content: content.pop("sogdia"),
            ["datapackage.json sogdia: Field required"],
        ),
        (
            lambda content: content["sogdia"].update(colour="blue"),
            ["datapackage.json sogdia.colour: Extra inputs are not permitted"],
        ),
        (
            lambda content: content["sogdia"].update(base_year=21),
            ["datapackage.json sogdia.base_year: Input should be greater than or equal to 1950"],
        ),
        (
            lambda content: content["sogdia"].update(base_year=2022),
            ["datapackage.json sogdia.years: years do not rise from base_year 2022; the base year first"],
        ),
        (
            lambda content: content["sogdia"].update(years=[2021, 2040, 2030]),
            ["datapackage.json sogdia.years: years do not rise from base_year 2021; the base year first"],
        ),
    ],
)
def test_what_a_descriptor_holds(
    pack: PackCopy, edit: Callable[[dict[str, Any]], object], messages: list[str]
) -> None:
    pack.edit_descriptor(edit)
    assert sorted(told(pack)) == sorted(messages)


def field(edit: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    """An edit of the field ``crossings.dwell_h``."""
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
def test_a_schema_that_departs_is_told_and_can_be_refreshed(
    pack: PackCopy, edit: Callable[[dict[str, Any]], object], message: str
) -> None:
    pack.edit_descriptor(edit)
    found = told(pack)
    assert any(f"resources[{AT}].schema{'' if message[0] == ':' else '.'}{message}" in text for text in found)
    assert all(FIX in text for text in found)
    refresh_descriptor(pack.folder)
    assert told(pack) == []


def test_a_field_missing_from_a_schema(pack: PackCopy) -> None:
    pack.edit_descriptor(lambda content: content["resources"][AT]["schema"]["fields"].pop(DWELL))
    assert (
        f"datapackage.json resources[{AT}].schema.dwell_h: the field is missing from the schema{FIX}"
        in told(pack)
    )


def test_refreshing_keeps_all_else(pack: PackCopy) -> None:
    before = json.loads((pack.folder / DESCRIPTOR).read_text("utf-8"))
    pack.path("crossings").rename(pack.folder / "kept.csv")
    more = {"licenses": [{"name": "x"}], "block": 1, "title": "Öland"}
    pack.edit_descriptor(lambda content: content.update(more))
    pack.edit_descriptor(resource(AT, path="kept.csv", schema={}))
    assert refresh_descriptor(pack.folder) == pack.folder / DESCRIPTOR
    after = json.loads((pack.folder / DESCRIPTOR).read_text("utf-8"))
    assert after["resources"][AT]["path"] == "kept.csv"
    after["resources"][AT]["path"] = "crossings.csv"
    assert after == {**before, **more}
    assert list(after)[-2:] == ["sogdia", "resources"]
    assert told(pack) == []
    assert sorted(path.name for path in pack.folder.glob(f"{DESCRIPTOR}*")) == [DESCRIPTOR]


def test_refreshing_a_whole_descriptor_changes_nothing(pack: PackCopy) -> None:
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
def test_what_cannot_be_refreshed_is_left_as_it_is(
    pack: PackCopy, edit: Callable[[dict[str, Any]], object]
) -> None:
    pack.edit_descriptor(edit)
    before = (pack.folder / DESCRIPTOR).read_bytes()
    with pytest.raises(InputError):
        refresh_descriptor(pack.folder)
    assert (pack.folder / DESCRIPTOR).read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, '{"resources": 1}'])
def test_what_is_no_descriptor_is_not_refreshed(pack: PackCopy, text: str) -> None:
    (pack.folder / DESCRIPTOR).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="not a descriptor that can be refreshed"):
        refresh_descriptor(pack.folder)


def test_finding_a_pack(pack: PackCopy, tmp_path: Path) -> None:
    assert find_pack(pack.folder) == pack.folder
    assert find_pack(str(pack.folder)) == pack.folder
    assert find_pack(pack.folder / DESCRIPTOR) == pack.folder
    assert "central_asia" in shipped_regions()
    assert find_pack("central_asia") == shipped_regions()["central_asia"]
    with pytest.raises(UnknownNameError, match="did you mean central_asia"):
        check_pack("central_aisa")
    with pytest.raises(CannotRunError, match="no such folder"):
        check_pack(tmp_path / "nowhere")
    with pytest.raises(CannotRunError, match=r"no datapackage\.json in it"):
        check_pack(tmp_path)
    with pytest.raises(CannotRunError):
        check_pack("a" * 300)
    with pytest.raises(CannotRunError):
        check_pack(tmp_path / ("a" * 300))
    with pytest.raises(UnknownNameError):
        load_region("a\0b")
