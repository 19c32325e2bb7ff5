"""The shipped pack, broken in many ways: never a traceback, never a silent pass of a planted fault.

``SOGDIA_FUZZ`` says how many ways are tried (``make fuzz``: 1,000). Each is drawn from a generator
seeded by its number, so a failure names all that is needed to see it again.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from breaking import DESCRIPTOR

from sogdia.errors import Fault, SogdiaError, render_faults
from sogdia.region import check_pack, load_region, shipped_regions
from sogdia.tables import FieldSchema, RawTable, TableSchema, check_cells, table_schemas

MUTATIONS = int(os.environ.get("SOGDIA_FUZZ") or 45)
CHUNK = 4
SEED = 20260101
SCHEMAS = table_schemas()
NASTY = (
    "",
    " ",
    "-1",
    "0",
    "1e308",
    "-1e999",
    "nan",
    "inf",
    "9" * 5000,
    "1,5",
    "१२",
    "0x1F",
    "true",
    "null",
    "x" * 140_000,
    "é",
    "\u200b",
    "\u202e",
    "\ufeff",
    "a\nb",
    '"',
    "'; drop table links; --",
    "=1+1",
    "../../etc/passwd",
    "\0",
    "\x1b[31m",
    "a;b;;c",
    "XXX",
    "2023-02-30",
    "any",
    "all",
    "yes",
    "9999-99-99",
    "/",
    "99999999999999999999-01-01",
)

Rows = list[list[str]]


@dataclass(frozen=True)
class Tried:
    """What was done to the pack.

    Attributes:
        what: In words.
        file: File that must be named, where the fault is a sure one.
        line: Line that must be named, where the fault is in one row.
    """

    what: str
    file: str | None = None
    line: int | None = None


class Ground:
    """A copy of the shipped pack made of hard links, and the dice."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder = folder
        self.dice = dice

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def put(self, name: str, data: bytes) -> None:
        """Write a file anew, never through the link to the original."""
        (self.folder / name).unlink(missing_ok=True)
        (self.folder / name).write_bytes(data)

    def table(self, *, filled: bool = True) -> TableSchema:
        """Any table; by default one with rows."""
        while True:
            schema = SCHEMAS[self.dice.choice(sorted(SCHEMAS))]
            if not filled or len(self.read(schema.name)) > 1:
                return schema

    def read(self, table: str) -> Rows:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: Rows) -> None:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        self.put(f"{table}.csv", buffer.getvalue().encode("utf-8", "surrogatepass"))

    def row(self, rows: Rows) -> int:
        return self.dice.randrange(1, len(rows))

    def edit_descriptor(self, edit: Callable[[dict[str, Any]], object]) -> None:
        content = json.loads((self.folder / DESCRIPTOR).read_text("utf-8"))
        edit(content)
        self.put(DESCRIPTOR, json.dumps(content).encode())


def line_of(rows: Rows, position: int) -> int:
    """Line on which the row at ``position`` starts, the header being row 0."""
    return 1 + position + sum(cell.count("\n") for row in rows[:position] for cell in row)


def sure_cell(ground: Ground, wanted: Callable[[FieldSchema], bool], value: str) -> Tried:
    """Put a value that is surely wrong into a cell of a field that is ``wanted``."""
    fields = [(s.name, f.name) for s in SCHEMAS.values() for f in s.fields if wanted(f)]
    while True:
        table, field = ground.dice.choice(fields)
        rows = ground.read(table)
        if len(rows) > 1:
            break
    position = ground.row(rows)
    rows[position][rows[0].index(field)] = value
    ground.write(table, rows)
    return Tried(f"{field} = {value[:20]!r}", f"{table}.csv", line_of(rows, position))


def a_word_for_a_number(ground: Ground) -> Tried:
    value = ground.dice.choice(("x7q", "1,5", "1 000", "nan", "inf", "1e999", "9" * 5000, "--1"))
    return sure_cell(ground, lambda field: field.type in ("number", "integer"), value)


def a_number_out_of_range(ground: Ground) -> Tried:
    if ground.dice.random() < 0.5:
        return sure_cell(ground, lambda field: field.constraints.minimum is not None, "-99999999")
    return sure_cell(ground, lambda field: field.constraints.maximum is not None, "999999999999")


def a_word_out_of_the_vocabulary(ground: Ground) -> Tried:
    return sure_cell(ground, lambda field: field.constraints.enum is not None, "zzz_no_such")


def neither_yes_nor_no(ground: Ground) -> Tried:
    return sure_cell(ground, lambda field: field.type == "boolean", ground.dice.choice(("true", "1", "ja")))


def a_required_cell_empty(ground: Ground) -> Tried:
    return sure_cell(ground, lambda field: field.constraints.required, "")


def a_reference_to_nothing(ground: Ground) -> Tried:
    value = ground.dice.choice(("no_such_thing", "ZZQ", "x" * 3000))
    return sure_cell(ground, lambda field: field.references is not None, value)


def a_foreign_key_to_nothing(ground: Ground) -> Tried:
    keys = {(name, field) for name, s in SCHEMAS.items() for key in s.foreign_keys for field in key.fields}
    names = {field for _, field in keys}
    while True:
        schema = ground.table()
        field = ground.dice.choice(sorted(names))
        if (schema.name, field) in keys:
            break
    rows = ground.read(schema.name)
    position = ground.row(rows)
    rows[position][rows[0].index(field)] = "no_such_thing"
    ground.write(schema.name, rows)
    return Tried(f"{field} = no_such_thing", f"{schema.name}.csv", line_of(rows, position))


def an_unknown_unit(ground: Ground) -> Tried:
    return sure_cell(ground, lambda field: field.holds is not None, "furlongs")


def a_row_twice(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    position, place = ground.row(rows), ground.dice.randrange(1, len(rows) + 1)
    rows.insert(place, list(rows[position]))
    ground.write(schema.name, rows)
    second = max(place, position + (place <= position))
    return Tried(f"row {position} again at {place}", f"{schema.name}.csv", line_of(rows, second))


def a_row_that_others_name_gone(ground: Ground) -> Tried:
    name, key = ground.dice.choice(
        sorted(
            ((name, key) for name, s in SCHEMAS.items() for key in s.foreign_keys),
            key=lambda pair: (pair[0], pair[1].fields),
        )
    )
    (field,), (wanted,) = key.fields, key.reference.fields
    child, parent = ground.read(name), ground.read(key.reference.resource)
    used = sorted({row[child[0].index(field)] for row in child[1:]} - {""})
    if not used:
        return Tried("nothing: no row names another")
    gone = ground.dice.choice(used)
    kept = [row for row in parent if row[parent[0].index(wanted)] != gone]
    ground.write(key.reference.resource, kept)
    if len(kept) == 1:
        return Tried("the last row gone", f"{key.reference.resource}.csv")
    return Tried(f"{gone} gone from {key.reference.resource}", f"{name}.csv")


def a_cell_more_or_less(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    position = ground.row(rows)
    place = ground.dice.randrange(len(rows[0]))
    if ground.dice.random() < 0.5 and any(rows[position][i] for i in range(len(rows[0])) if i != place):
        del rows[position][place]
    else:
        rows[position].insert(place, "more")
    ground.write(schema.name, rows)
    return Tried(f"row {position} ragged at {place}", f"{schema.name}.csv", line_of(rows, position))


def a_blank_row(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    position = ground.dice.randrange(1, len(rows) + 1)
    rows.insert(position, ground.dice.choice(([""] * len(rows[0]), [" ", ""])))
    ground.write(schema.name, rows)
    return Tried(f"blank row {position}", f"{schema.name}.csv", line_of(rows, position))


def a_column_gone(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    rows = ground.read(schema.name)
    place = ground.dice.randrange(len(rows[0]))
    name = rows[0][place]
    ground.write(schema.name, [row[:place] + row[place + 1 :] for row in rows])
    return Tried(f"column {name} gone", f"{schema.name}.csv", 1)


def a_column_more(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    rows = ground.read(schema.name)
    name = ground.dice.choice(("colour", "", rows[0][0], "Note", "a\nb"))
    ground.write(schema.name, [[*row, name if i == 0 else "x"] for i, row in enumerate(rows)])
    return Tried(f"column {name!r} more", f"{schema.name}.csv", 1)


def a_header_misspelt(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    rows = ground.read(schema.name)
    place = ground.dice.randrange(len(rows[0]))
    rows[0][place] = ground.dice.choice((rows[0][place].upper(), rows[0][place] + " ", "x" + rows[0][place]))
    ground.write(schema.name, rows)
    return Tried(f"header {rows[0][place]!r}", f"{schema.name}.csv", 1)


def two_headers_swapped(ground: Ground) -> Tried:
    while True:
        schema = ground.table()
        if schema.has_provenance:
            break
    rows = ground.read(schema.name)
    a, b = rows[0].index("basis"), rows[0].index("source")
    rows[0][a], rows[0][b] = rows[0][b], rows[0][a]
    ground.write(schema.name, rows)
    return Tried("basis and source swapped", f"{schema.name}.csv", line_of(rows, 1))


def no_header(ground: Ground) -> Tried:
    schema = ground.table()
    ground.write(schema.name, ground.read(schema.name)[1:])
    return Tried("header gone", f"{schema.name}.csv", 1)


def no_file(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    ground.path(schema.name).unlink()
    if ground.dice.random() < 0.3:
        ground.path(schema.name).mkdir()
    return Tried("file gone", f"{schema.name}.csv")


def an_empty_file(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    ground.put(f"{schema.name}.csv", ground.dice.choice((b"", b"\n", b" \n\n", b"\xef\xbb\xbf")))
    return Tried("file emptied", f"{schema.name}.csv")


def rows_gone_where_some_are_needed(ground: Ground) -> Tried:
    schema = SCHEMAS[ground.dice.choice(sorted(name for name, s in SCHEMAS.items() if s.min_rows))]
    ground.write(schema.name, ground.read(schema.name)[:1])
    return Tried("all rows gone", f"{schema.name}.csv")


def two_tables_swapped(ground: Ground) -> Tried:
    first, second = ground.dice.sample(sorted(SCHEMAS), 2)
    a, b = ground.path(first).read_bytes(), ground.path(second).read_bytes()
    ground.put(f"{first}.csv", b)
    ground.put(f"{second}.csv", a)
    return Tried(f"{first} and {second} swapped", f"{first}.csv", 1)


def another_encoding(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    text = ground.path(schema.name).read_text("utf-8")
    codec = ground.dice.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"))
    ground.put(f"{schema.name}.csv", text.encode(codec))
    return Tried(codec, f"{schema.name}.csv", 1)


def a_wrong_byte(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    data = ground.path(schema.name).read_bytes()
    place = ground.dice.randrange(len(data))
    wrong = ground.dice.choice((b"\xff", b"\x00", b"\xc0\x80", b"\xed\xa0\x80"))
    ground.put(f"{schema.name}.csv", data[:place] + wrong + data[place:])
    return Tried(
        f"{wrong!r} at {place}", f"{schema.name}.csv", None if place == 0 else data[:place].count(b"\n") + 1
    )


def other_line_ends(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    data = ground.path(schema.name).read_bytes()
    end = ground.dice.choice((b"\r\n", b"\r"))
    ground.put(f"{schema.name}.csv", data.replace(b"\n", end))
    return Tried(f"line ends {end!r}", f"{schema.name}.csv", 1)


def another_separator(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    rows = ground.read(schema.name)
    buffer = io.StringIO()
    sign = ground.dice.choice(";\t|")
    csv.writer(buffer, delimiter=sign, lineterminator="\n").writerows(rows)
    ground.put(f"{schema.name}.csv", buffer.getvalue().encode())
    return Tried(f"separated by {sign!r}", f"{schema.name}.csv", 1)


def a_stray_quote(ground: Ground) -> Tried:
    schema = ground.table()
    lines = ground.path(schema.name).read_text("utf-8").split("\n")
    number = ground.dice.randrange(1, len(lines) - 1)
    lines[number] = '"' + lines[number]
    ground.put(f"{schema.name}.csv", "\n".join(lines).encode())
    return Tried(f"a quote before line {number + 1}", f"{schema.name}.csv")


def a_huge_cell(ground: Ground) -> Tried:
    return sure_cell(ground, lambda field: field.name == "note", "x" * 200_000)


def a_link_of_impossible_length(ground: Ground) -> Tried:
    rows = ground.read("links")
    place = rows[0].index("length_km")
    long = [i for i, row in enumerate(rows) if i and float(row[place]) > 200]
    position = ground.dice.choice(long)
    # From above 200 km the great circle is above (200 - 25) / 3 = 58 km, and its slack at most 15.
    factor = ground.dice.choice((0.05, 30.0))
    rows[position][place] = f"{float(rows[position][place]) * factor:.1f}"
    ground.write("links", rows)
    return Tried(f"length {rows[position][place]}", "links.csv", line_of(rows, position))


def shares_off(ground: Ground) -> Tried:
    rows = ground.read("zones")
    place = rows[0].index("share")
    position = ground.row(rows)
    share = float(rows[position][place])
    rows[position][place] = f"{share - 0.05 if share > 0.05 else share + 0.05:.6f}"
    ground.write("zones", rows)
    return Tried(f"share {rows[position][place]}", "zones.csv")


def done_before_begun(ground: Ground) -> Tried:
    rows = ground.read("projects")
    first, second = rows[0].index("start_year"), rows[0].index("completion_year")
    position = ground.row(rows)
    rows[position][first], rows[position][second] = "2030", "2029"
    ground.write("projects", rows)
    return Tried("completion before start", "projects.csv", line_of(rows, position))


def an_effect_on_nothing(ground: Ground) -> Tried:
    table = ground.dice.choice(("project_effects", "variant_edits"))
    rows = ground.read(table)
    position = ground.row(rows)
    field = ground.dice.choice(("row", "field", "value"))
    value = {"row": "no_such_row", "field": "no_such_field", "value": "-0x1"}[field]
    rows[position][rows[0].index(field)] = value
    if field == "value":
        rows[position][rows[0].index("action")] = "scale"
    ground.write(table, rows)
    return Tried(f"{field} = {value}", f"{table}.csv", line_of(rows, position))


def a_judgement_without_a_word(ground: Ground) -> Tried:
    while True:
        schema = ground.table()
        if schema.has_provenance:
            break
    rows = ground.read(schema.name)
    position = ground.row(rows)
    rows[position][rows[0].index("basis")] = ground.dice.choice(("assumed", "derived"))
    rows[position][rows[0].index("note")] = ""
    ground.write(schema.name, rows)
    return Tried("no note", f"{schema.name}.csv", line_of(rows, position))


def a_country_that_is_none(ground: Ground) -> Tried:
    rows = ground.read("parties")
    row = list(rows[1])
    row[rows[0].index("code")], row[rows[0].index("kind")] = "BQX", "country"
    ground.write("parties", [*rows, row])
    return Tried("country BQX", "parties.csv", line_of([*rows, row], len(rows)))


def a_broken_descriptor(ground: Ground) -> Tried:
    data = (ground.folder / DESCRIPTOR).read_bytes()
    place = ground.dice.randrange(len(data) - 2)
    broken = ground.dice.choice(
        (
            data[:place],
            b"[" * 50_000,
            b"[]",
            b"",
            b"\xff\xfe" + data,
            data + b"}",
            b'{"a": ' + b"1" * 5000 + b"}",
        )
    )
    ground.put(DESCRIPTOR, broken)
    return Tried(f"descriptor {broken[:20]!r}, {len(broken)} bytes", DESCRIPTOR)


def a_path_that_leads_out(ground: Ground) -> Tried:
    number = ground.dice.randrange(len(SCHEMAS))
    path = ground.dice.choice(
        ("../links.csv", "/etc/passwd", "http" + "://example.org/a.csv", "a\\b.csv", "", 7, None)
    )
    ground.edit_descriptor(lambda content: content["resources"][number].update(path=path))
    return Tried(f"path {path!r}", DESCRIPTOR)


def a_resource_wrong(ground: Ground) -> Tried:
    number = ground.dice.randrange(len(SCHEMAS))
    edits: dict[str, Callable[[list[Any]], object]] = {
        "gone": lambda items: items.pop(number),
        "twice": lambda items: items.append(items[number]),
        "unknown": lambda items: items[number].update(name="no_such_table"),
        "text": lambda items: items.insert(number, "links"),
        "schema gone": lambda items: items[number].pop("schema"),
        "field gone": lambda items: items[number]["schema"]["fields"].pop(),
        "type changed": lambda items: items[number]["schema"]["fields"][0].update(type="any"),
        "key gone": lambda items: items[number]["schema"].pop("primaryKey"),
    }
    name = ground.dice.choice(sorted(edits))
    ground.edit_descriptor(lambda content: edits[name](content["resources"]))
    return Tried(f"resource {number} {name}", DESCRIPTOR)


def a_block_wrong(ground: Ground) -> Tried:
    key, value = ground.dice.choice(
        (
            ("base_year", 2022),
            ("base_year", "soon"),
            ("years", []),
            ("years", [2030, 2023]),
            ("home_group", "nobody"),
            ("home_group", ""),
            ("more", 1),
        )
    )
    ground.edit_descriptor(lambda content: content["sogdia"].update({key: value}))
    return Tried(f"sogdia.{key} = {value}", DESCRIPTOR)


def any_cell_nasty(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    position, place = ground.row(rows), ground.dice.randrange(len(rows[0]))
    rows[position][place] = ground.dice.choice(NASTY)
    ground.write(schema.name, rows)
    return Tried(f"{schema.name}: {rows[0][place]} of row {position} = {rows[position][place][:20]!r}")


def many_cells_nasty(ground: Ground) -> Tried:
    names = ground.dice.sample(sorted(SCHEMAS), 8)
    for name in names:
        rows = ground.read(name)
        for _ in range(10 if len(rows) > 1 else 0):
            rows[ground.row(rows)][ground.dice.randrange(len(rows[0]))] = ground.dice.choice(NASTY)
        ground.write(name, rows)
    return Tried(f"ten nasty cells in each of {', '.join(names)}")


def a_column_nasty(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    place, value = ground.dice.randrange(len(rows[0])), ground.dice.choice(NASTY)
    for row in rows[1:]:
        row[place] = value[:2000]
    ground.write(schema.name, rows)
    return Tried(f"{schema.name}: all of {rows[0][place]} = {value[:20]!r}")


def two_cells_swapped(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    a, b = ground.row(rows), ground.row(rows)
    i, j = ground.dice.randrange(len(rows[0])), ground.dice.randrange(len(rows[0]))
    rows[a][i], rows[b][j] = rows[b][j], rows[a][i]
    ground.write(schema.name, rows)
    return Tried(f"{schema.name}: cells {a},{i} and {b},{j} swapped")


def two_columns_swapped_under_their_headers(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    i, j = ground.dice.sample(range(len(rows[0])), 2)
    for row in rows[1:]:
        row[i], row[j] = row[j], row[i]
    ground.write(schema.name, rows)
    return Tried(f"{schema.name}: {rows[0][i]} and {rows[0][j]} swapped")


def rows_gone(ground: Ground) -> Tried:
    schema = ground.table()
    rows = ground.read(schema.name)
    share = ground.dice.random()
    ground.write(schema.name, [rows[0], *(row for row in rows[1:] if ground.dice.random() > share)])
    return Tried(f"{schema.name}: {share:.0%} of rows gone")


def bytes_anyhow(ground: Ground) -> Tried:
    schema = ground.table(filled=False)
    name = ground.dice.choice((f"{schema.name}.csv", DESCRIPTOR))
    data = bytearray((ground.folder / name).read_bytes())
    for _ in range(ground.dice.randrange(1, 6)):
        place = ground.dice.randrange(len(data))
        size = ground.dice.randrange(20)
        data[place : place + size] = ground.dice.randbytes(ground.dice.randrange(4))
    ground.put(name, bytes(data))
    return Tried(f"{name}: random bytes")


def a_descriptor_value_nasty(ground: Ground) -> Tried:
    content = json.loads((ground.folder / DESCRIPTOR).read_text("utf-8"))
    spots = list(_spots(content))
    parent, key = ground.dice.choice(spots)
    value: object = ground.dice.choice(
        (None, 0, -1, 1e300, True, [], {}, "", "x" * 5000, "\ud800", "\0", [[[[]]]], "../a")
    )
    parent[key] = value
    ground.put(DESCRIPTOR, json.dumps(content).encode())
    return Tried(f"descriptor: {key} = {str(value)[:20]!r}")


def _spots(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], (dict, list)):
            yield from _spots(node[key])


SURE = (
    a_word_for_a_number,
    a_number_out_of_range,
    a_word_out_of_the_vocabulary,
    neither_yes_nor_no,
    a_required_cell_empty,
    a_reference_to_nothing,
    a_foreign_key_to_nothing,
    an_unknown_unit,
    a_row_twice,
    a_row_that_others_name_gone,
    a_cell_more_or_less,
    a_blank_row,
    a_column_gone,
    a_column_more,
    a_header_misspelt,
    two_headers_swapped,
    no_header,
    no_file,
    an_empty_file,
    rows_gone_where_some_are_needed,
    two_tables_swapped,
    another_encoding,
    a_wrong_byte,
    other_line_ends,
    another_separator,
    a_stray_quote,
    a_huge_cell,
    a_link_of_impossible_length,
    shares_off,
    done_before_begun,
    an_effect_on_nothing,
    a_judgement_without_a_word,
    a_country_that_is_none,
    a_broken_descriptor,
    a_path_that_leads_out,
    a_resource_wrong,
    a_block_wrong,
)
ANYHOW = (
    any_cell_nasty,
    many_cells_nasty,
    a_column_nasty,
    two_cells_swapped,
    two_columns_swapped_under_their_headers,
    rows_gone,
    bytes_anyhow,
    a_descriptor_value_nasty,
)
WAYS = (*SURE, *ANYHOW)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One true copy of the shipped pack, to take hard links from."""
    folder = tmp_path_factory.mktemp("base")
    for path in shipped_regions()["central_asia"].iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="session", autouse=True)
def each_table_judged_once() -> Iterator[None]:
    """Most tables are as they were: remember what the check of their cells said, which is all it costs."""
    memory: dict[object, list[Fault]] = {}

    def judge(raw: RawTable, schema: TableSchema) -> list[Fault]:
        key = (schema.name, raw.file, raw.header, tuple(map(tuple, raw.rows)), tuple(raw.lines))
        if hash(key) not in memory:
            memory[hash(key)] = check_cells(raw, schema)
        return memory[hash(key)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sogdia.region.check.check_cells", judge)
        yield


def linked(base: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in base.iterdir():
        (folder / path.name).hardlink_to(path)
    return folder


def outcome(folder: Path) -> list[Fault] | SogdiaError:
    """What the check says; any error but ours goes through."""
    try:
        faults = check_pack(folder)
        if not faults:
            load_region(folder)
    except SogdiaError as error:
        return error
    render_faults(faults).encode()
    json.dumps([fault.as_dict() for fault in faults], ensure_ascii=False).encode()
    return faults


def silent_pass(tried: Tried, found: list[Fault] | SogdiaError) -> str:
    """Why a sure fault was not told as it should; empty where it was."""
    if tried.file is None:
        return ""
    if isinstance(found, SogdiaError):
        return f"could not run: {found}"
    here = [fault for fault in found if fault.file == tried.file]
    if not here:
        return f"{tried.file} is not named among {len(found)} faults"
    if tried.line is not None and tried.line not in {fault.line for fault in here}:
        told = sorted({fault.line or 0 for fault in here})
        return f"{tried.file}:{tried.line} is not named; lines told are {told[:9]}"
    return ""


def one(number: int, base: Path, folder: Path) -> str:
    """Try one mutation; what went wrong with it, or nothing."""
    dice = random.Random(SEED + number)
    way = WAYS[number % len(WAYS)]
    ground = Ground(linked(base, folder), dice)
    tried = way(ground)
    label = f"mutation {number} (seed {SEED + number}) {way.__name__}: {tried.what} in {tried.file}"
    try:
        problem = silent_pass(tried, outcome(folder))
    except Exception:  # noqa: BLE001
        return f"{label}: TRACEBACK\n{traceback.format_exc(limit=-6)}"
    return f"{label}: {problem}" if problem else ""


def test_the_ground_is_clean_and_hard_links_keep_the_original(base: Path, tmp_path: Path) -> None:
    folder = linked(base, tmp_path / "pack")
    assert [str(fault) for fault in check_pack(folder)] == []
    before = (base / "links.csv").read_bytes()
    Ground(folder, random.Random(0)).put("links.csv", b"changed")
    assert (base / "links.csv").read_bytes() == before


@pytest.mark.parametrize("chunk", range(0, MUTATIONS, CHUNK))
def test_no_traceback_and_no_silent_pass(chunk: int, base: Path, tmp_path: Path) -> None:
    numbers = range(chunk, min(chunk + CHUNK, MUTATIONS))
    problems = [one(number, base, tmp_path / str(number)) for number in numbers]
    wrong = [problem for problem in problems if problem]
    assert not wrong, "\n\n".join(wrong)
