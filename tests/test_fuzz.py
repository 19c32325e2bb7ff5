"""Random mutations of the shipped pack: no traceback, and no certain error passes without a message.

``SOGDIA_FUZZ`` is the number of mutations (``make fuzz``: 1,000). Each comes from a generator seeded by its
number, so a failure can be repeated.
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
from breaking import DESCRIPTOR, KnownTables

from sogdia.errors import Fault, SogdiaError, render_faults
from sogdia.region import check_pack, load_region, shipped_regions
from sogdia.tables import FieldSchema, TableSchema, table_schemas

MUTATIONS = int(os.environ.get("SOGDIA_FUZZ") or 45)
CHUNK = 4
SEED = 20260101
SCHEMAS = table_schemas()
HOSTILE = (
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
class Mutation:
    """A change of the pack.

    Attributes:
        what: Description.
        file: File that must be named, if the change is certainly an error.
        line: Line that must be named, if the error is in one row.
    """

    what: str
    file: str | None = None
    line: int | None = None


class BrokenPack:
    """A copy of the shipped pack made of hard links, and a random generator."""

    def __init__(self, folder: Path, generator: random.Random) -> None:
        self.folder = folder
        self.generator = generator

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def put(self, name: str, data: bytes) -> None:
        """Replace a file, never through the link to the original."""
        (self.folder / name).unlink(missing_ok=True)
        (self.folder / name).write_bytes(data)

    def table(self, *, filled: bool = True) -> TableSchema:
        """Return a random table; by default one with rows."""
        while True:
            schema = SCHEMAS[self.generator.choice(sorted(SCHEMAS))]
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
        return self.generator.randrange(1, len(rows))

    def edit_descriptor(self, edit: Callable[[dict[str, Any]], object]) -> None:
        content = json.loads((self.folder / DESCRIPTOR).read_text("utf-8"))
        edit(content)
        self.put(DESCRIPTOR, json.dumps(content).encode())


def line_of(rows: Rows, position: int) -> int:
    """Return the line on which the row at ``position`` starts; the header is row 0."""
    return 1 + position + sum(cell.count("\n") for row in rows[:position] for cell in row)


def invalid_cell(pack: BrokenPack, is_candidate: Callable[[FieldSchema], bool], value: str) -> Mutation:
    """Set a certainly invalid value in a cell of a field that ``is_candidate`` selects."""
    fields = [(s.name, f.name) for s in SCHEMAS.values() for f in s.fields if is_candidate(f)]
    while True:
        table, field = pack.generator.choice(fields)
        rows = pack.read(table)
        if len(rows) > 1:
            break
    position = pack.row(rows)
    rows[position][rows[0].index(field)] = value
    pack.write(table, rows)
    return Mutation(f"{field} = {value[:20]!r}", f"{table}.csv", line_of(rows, position))


def word_for_a_number(pack: BrokenPack) -> Mutation:
    value = pack.generator.choice(("x7q", "1,5", "1 000", "nan", "inf", "1e999", "9" * 5000, "--1"))
    return invalid_cell(pack, lambda field: field.type in ("number", "integer"), value)


def number_out_of_range(pack: BrokenPack) -> Mutation:
    if pack.generator.random() < 0.5:
        return invalid_cell(pack, lambda field: field.constraints.minimum is not None, "-99999999")
    return invalid_cell(pack, lambda field: field.constraints.maximum is not None, "999999999999")


def word_out_of_the_vocabulary(pack: BrokenPack) -> Mutation:
    return invalid_cell(pack, lambda field: field.constraints.enum is not None, "zzz_no_such")


def invalid_boolean(pack: BrokenPack) -> Mutation:
    return invalid_cell(
        pack, lambda field: field.type == "boolean", pack.generator.choice(("true", "1", "ja"))
    )


def empty_required_cell(pack: BrokenPack) -> Mutation:
    return invalid_cell(pack, lambda field: field.constraints.required, "")


def unknown_reference(pack: BrokenPack) -> Mutation:
    value = pack.generator.choice(("no_such_thing", "ZZQ", "x" * 3000))
    return invalid_cell(pack, lambda field: field.references is not None, value)


def unknown_foreign_key(pack: BrokenPack) -> Mutation:
    keys = {(name, field) for name, s in SCHEMAS.items() for key in s.foreign_keys for field in key.fields}
    names = {field for _, field in keys}
    while True:
        schema = pack.table()
        field = pack.generator.choice(sorted(names))
        if (schema.name, field) in keys:
            break
    rows = pack.read(schema.name)
    position = pack.row(rows)
    rows[position][rows[0].index(field)] = "no_such_thing"
    pack.write(schema.name, rows)
    return Mutation(f"{field} = no_such_thing", f"{schema.name}.csv", line_of(rows, position))


def unknown_unit(pack: BrokenPack) -> Mutation:
    return invalid_cell(pack, lambda field: field.holds is not None, "furlongs")


def repeated_row(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    position, place = pack.row(rows), pack.generator.randrange(1, len(rows) + 1)
    rows.insert(place, list(rows[position]))
    pack.write(schema.name, rows)
    second = max(place, position + (place <= position))
    return Mutation(f"row {position} again at {place}", f"{schema.name}.csv", line_of(rows, second))


def referenced_row_deleted(pack: BrokenPack) -> Mutation:
    name, key = pack.generator.choice(
        sorted(
            ((name, key) for name, s in SCHEMAS.items() for key in s.foreign_keys),
            key=lambda pair: (pair[0], pair[1].fields),
        )
    )
    (field,), (target,) = key.fields, key.reference.fields
    child, parent = pack.read(name), pack.read(key.reference.resource)
    used = sorted({row[child[0].index(field)] for row in child[1:]} - {""})
    if not used:
        return Mutation("no change: no row names another")
    deleted = pack.generator.choice(used)
    remaining = [row for row in parent if row[parent[0].index(target)] != deleted]
    pack.write(key.reference.resource, remaining)
    if len(remaining) == 1:
        return Mutation("the last row deleted", f"{key.reference.resource}.csv")
    return Mutation(f"{deleted} deleted from {key.reference.resource}", f"{name}.csv")


def ragged_row(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    position = pack.row(rows)
    place = pack.generator.randrange(len(rows[0]))
    if pack.generator.random() < 0.5 and any(rows[position][i] for i in range(len(rows[0])) if i != place):
        del rows[position][place]
    else:
        rows[position].insert(place, "more")
    pack.write(schema.name, rows)
    return Mutation(f"row {position} ragged at {place}", f"{schema.name}.csv", line_of(rows, position))


def blank_row(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    position = pack.generator.randrange(1, len(rows) + 1)
    rows.insert(position, pack.generator.choice(([""] * len(rows[0]), [" ", ""])))
    pack.write(schema.name, rows)
    return Mutation(f"blank row {position}", f"{schema.name}.csv", line_of(rows, position))


def column_deleted(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    rows = pack.read(schema.name)
    place = pack.generator.randrange(len(rows[0]))
    name = rows[0][place]
    pack.write(schema.name, [row[:place] + row[place + 1 :] for row in rows])
    return Mutation(f"column {name} deleted", f"{schema.name}.csv", 1)


def extra_column(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    rows = pack.read(schema.name)
    name = pack.generator.choice(("colour", "", rows[0][0], "Note", "a\nb"))
    pack.write(schema.name, [[*row, name if i == 0 else "x"] for i, row in enumerate(rows)])
    return Mutation(f"column {name!r} more", f"{schema.name}.csv", 1)


def misspelt_header(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    rows = pack.read(schema.name)
    place = pack.generator.randrange(len(rows[0]))
    rows[0][place] = pack.generator.choice(
        (rows[0][place].upper(), rows[0][place] + " ", "x" + rows[0][place])
    )
    pack.write(schema.name, rows)
    return Mutation(f"header {rows[0][place]!r}", f"{schema.name}.csv", 1)


def two_headers_swapped(pack: BrokenPack) -> Mutation:
    while True:
        schema = pack.table()
        if schema.has_provenance:
            break
    rows = pack.read(schema.name)
    a, b = rows[0].index("basis"), rows[0].index("source")
    rows[0][a], rows[0][b] = rows[0][b], rows[0][a]
    pack.write(schema.name, rows)
    return Mutation("basis and source swapped", f"{schema.name}.csv", line_of(rows, 1))


def header_deleted(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    pack.write(schema.name, pack.read(schema.name)[1:])
    return Mutation("header deleted", f"{schema.name}.csv", 1)


def file_deleted(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    pack.path(schema.name).unlink()
    if pack.generator.random() < 0.3:
        pack.path(schema.name).mkdir()
    return Mutation("file deleted", f"{schema.name}.csv")


def empty_file(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    pack.put(f"{schema.name}.csv", pack.generator.choice((b"", b"\n", b" \n\n", b"\xef\xbb\xbf")))
    return Mutation("file emptied", f"{schema.name}.csv")


def required_rows_deleted(pack: BrokenPack) -> Mutation:
    schema = SCHEMAS[pack.generator.choice(sorted(name for name, s in SCHEMAS.items() if s.min_rows))]
    pack.write(schema.name, pack.read(schema.name)[:1])
    return Mutation("all rows deleted", f"{schema.name}.csv")


def two_tables_swapped(pack: BrokenPack) -> Mutation:
    first, second = pack.generator.sample(sorted(SCHEMAS), 2)
    a, b = pack.path(first).read_bytes(), pack.path(second).read_bytes()
    pack.put(f"{first}.csv", b)
    pack.put(f"{second}.csv", a)
    return Mutation(f"{first} and {second} swapped", f"{first}.csv", 1)


def another_encoding(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    text = pack.path(schema.name).read_text("utf-8")
    codec = pack.generator.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"))
    pack.put(f"{schema.name}.csv", text.encode(codec))
    return Mutation(codec, f"{schema.name}.csv", 1)


def invalid_byte(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    data = pack.path(schema.name).read_bytes()
    place = pack.generator.randrange(len(data))
    wrong = pack.generator.choice((b"\xff", b"\x00", b"\xc0\x80", b"\xed\xa0\x80"))
    pack.put(f"{schema.name}.csv", data[:place] + wrong + data[place:])
    return Mutation(
        f"{wrong!r} at {place}", f"{schema.name}.csv", None if place == 0 else data[:place].count(b"\n") + 1
    )


def other_line_ends(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    data = pack.path(schema.name).read_bytes()
    end = pack.generator.choice((b"\r\n", b"\r"))
    pack.put(f"{schema.name}.csv", data.replace(b"\n", end))
    return Mutation(f"line ends {end!r}", f"{schema.name}.csv", 1)


def another_separator(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    rows = pack.read(schema.name)
    buffer = io.StringIO()
    sign = pack.generator.choice(";\t|")
    csv.writer(buffer, delimiter=sign, lineterminator="\n").writerows(rows)
    pack.put(f"{schema.name}.csv", buffer.getvalue().encode())
    return Mutation(f"separated by {sign!r}", f"{schema.name}.csv", 1)


def unclosed_quote(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    lines = pack.path(schema.name).read_text("utf-8").split("\n")
    number = pack.generator.randrange(1, len(lines) - 1)
    lines[number] = '"' + lines[number]
    pack.put(f"{schema.name}.csv", "\n".join(lines).encode())
    return Mutation(f"a quote before line {number + 1}", f"{schema.name}.csv")


def huge_cell(pack: BrokenPack) -> Mutation:
    return invalid_cell(pack, lambda field: field.name == "note", "x" * 200_000)


def impossible_length(pack: BrokenPack) -> Mutation:
    rows = pack.read("links")
    place = rows[0].index("length_km")
    long = [i for i, row in enumerate(rows) if i and float(row[place]) > 200]
    position = pack.generator.choice(long)
    # From above 200 km the great circle is above (200 - 25) / 3 = 58 km, and its slack at most 15.
    factor = pack.generator.choice((0.05, 30.0))
    rows[position][place] = f"{float(rows[position][place]) * factor:.1f}"
    pack.write("links", rows)
    return Mutation(f"length {rows[position][place]}", "links.csv", line_of(rows, position))


def shares_not_one(pack: BrokenPack) -> Mutation:
    rows = pack.read("zones")
    place = rows[0].index("share")
    position = pack.row(rows)
    share = float(rows[position][place])
    rows[position][place] = f"{share - 0.05 if share > 0.05 else share + 0.05:.6f}"
    pack.write("zones", rows)
    return Mutation(f"share {rows[position][place]}", "zones.csv")


def completion_before_start(pack: BrokenPack) -> Mutation:
    rows = pack.read("projects")
    first, second = rows[0].index("start_year"), rows[0].index("completion_year")
    position = pack.row(rows)
    rows[position][first], rows[position][second] = "2030", "2029"
    pack.write("projects", rows)
    return Mutation("completion before start", "projects.csv", line_of(rows, position))


def effect_on_unknown_row(pack: BrokenPack) -> Mutation:
    table = pack.generator.choice(("project_effects", "variant_edits"))
    rows = pack.read(table)
    position = pack.row(rows)
    field = pack.generator.choice(("row", "field", "value"))
    value = {"row": "no_such_row", "field": "no_such_field", "value": "-0x1"}[field]
    rows[position][rows[0].index(field)] = value
    if field == "value":
        rows[position][rows[0].index("action")] = "scale"
    pack.write(table, rows)
    return Mutation(f"{field} = {value}", f"{table}.csv", line_of(rows, position))


def missing_note(pack: BrokenPack) -> Mutation:
    while True:
        schema = pack.table()
        if schema.has_provenance:
            break
    rows = pack.read(schema.name)
    position = pack.row(rows)
    rows[position][rows[0].index("basis")] = pack.generator.choice(("assumed", "derived"))
    rows[position][rows[0].index("note")] = ""
    pack.write(schema.name, rows)
    return Mutation("no note", f"{schema.name}.csv", line_of(rows, position))


def unknown_country(pack: BrokenPack) -> Mutation:
    rows = pack.read("parties")
    row = list(rows[1])
    row[rows[0].index("code")], row[rows[0].index("kind")] = "BQX", "country"
    pack.write("parties", [*rows, row])
    return Mutation("country BQX", "parties.csv", line_of([*rows, row], len(rows)))


def broken_descriptor(pack: BrokenPack) -> Mutation:
    data = (pack.folder / DESCRIPTOR).read_bytes()
    place = pack.generator.randrange(len(data) - 2)
    broken = pack.generator.choice(
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
    pack.put(DESCRIPTOR, broken)
    return Mutation(f"descriptor {broken[:20]!r}, {len(broken)} bytes", DESCRIPTOR)


def path_outside_the_pack(pack: BrokenPack) -> Mutation:
    number = pack.generator.randrange(len(SCHEMAS))
    path = pack.generator.choice(
        ("../links.csv", "/etc/passwd", "http" + "://example.org/a.csv", "a\\b.csv", "", 7, None)
    )
    pack.edit_descriptor(lambda content: content["resources"][number].update(path=path))
    return Mutation(f"path {path!r}", DESCRIPTOR)


def invalid_resource(pack: BrokenPack) -> Mutation:
    number = pack.generator.randrange(len(SCHEMAS))
    edits: dict[str, Callable[[list[Any]], object]] = {
        "deleted": lambda items: items.pop(number),
        "twice": lambda items: items.append(items[number]),
        "unknown": lambda items: items[number].update(name="no_such_table"),
        "text": lambda items: items.insert(number, "links"),
        "schema deleted": lambda items: items[number].pop("schema"),
        "field deleted": lambda items: items[number]["schema"]["fields"].pop(),
        "type changed": lambda items: items[number]["schema"]["fields"][0].update(type="any"),
        "key deleted": lambda items: items[number]["schema"].pop("primaryKey"),
    }
    name = pack.generator.choice(sorted(edits))
    pack.edit_descriptor(lambda content: edits[name](content["resources"]))
    return Mutation(f"resource {number} {name}", DESCRIPTOR)


def invalid_block(pack: BrokenPack) -> Mutation:
    key, value = pack.generator.choice(
        (
            ("base_year", 2022),
            ("base_year", "soon"),
            ("years", []),
            ("years", [2030, 2023]),
            ("home_group", "no_such_group"),
            ("home_group", ""),
            ("more", 1),
        )
    )
    pack.edit_descriptor(lambda content: content["sogdia"].update({key: value}))
    return Mutation(f"sogdia.{key} = {value}", DESCRIPTOR)


def hostile_cell(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    position, place = pack.row(rows), pack.generator.randrange(len(rows[0]))
    rows[position][place] = pack.generator.choice(HOSTILE)
    pack.write(schema.name, rows)
    return Mutation(f"{schema.name}: {rows[0][place]} of row {position} = {rows[position][place][:20]!r}")


def hostile_cells(pack: BrokenPack) -> Mutation:
    names = pack.generator.sample(sorted(SCHEMAS), 8)
    for name in names:
        rows = pack.read(name)
        for _ in range(10 if len(rows) > 1 else 0):
            rows[pack.row(rows)][pack.generator.randrange(len(rows[0]))] = pack.generator.choice(HOSTILE)
        pack.write(name, rows)
    return Mutation(f"ten hostile cells in each of {', '.join(names)}")


def hostile_column(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    place, value = pack.generator.randrange(len(rows[0])), pack.generator.choice(HOSTILE)
    for row in rows[1:]:
        row[place] = value[:2000]
    pack.write(schema.name, rows)
    return Mutation(f"{schema.name}: all of {rows[0][place]} = {value[:20]!r}")


def two_cells_swapped(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    a, b = pack.row(rows), pack.row(rows)
    i, j = pack.generator.randrange(len(rows[0])), pack.generator.randrange(len(rows[0]))
    rows[a][i], rows[b][j] = rows[b][j], rows[a][i]
    pack.write(schema.name, rows)
    return Mutation(f"{schema.name}: cells {a},{i} and {b},{j} swapped")


def two_columns_swapped_under_their_headers(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    i, j = pack.generator.sample(range(len(rows[0])), 2)
    for row in rows[1:]:
        row[i], row[j] = row[j], row[i]
    pack.write(schema.name, rows)
    return Mutation(f"{schema.name}: {rows[0][i]} and {rows[0][j]} swapped")


def rows_deleted(pack: BrokenPack) -> Mutation:
    schema = pack.table()
    rows = pack.read(schema.name)
    share = pack.generator.random()
    pack.write(schema.name, [rows[0], *(row for row in rows[1:] if pack.generator.random() > share)])
    return Mutation(f"{schema.name}: {share:.0%} of rows deleted")


def random_bytes(pack: BrokenPack) -> Mutation:
    schema = pack.table(filled=False)
    name = pack.generator.choice((f"{schema.name}.csv", DESCRIPTOR))
    data = bytearray((pack.folder / name).read_bytes())
    for _ in range(pack.generator.randrange(1, 6)):
        place = pack.generator.randrange(len(data))
        size = pack.generator.randrange(20)
        data[place : place + size] = pack.generator.randbytes(pack.generator.randrange(4))
    pack.put(name, bytes(data))
    return Mutation(f"{name}: random bytes")


def hostile_descriptor_value(pack: BrokenPack) -> Mutation:
    content = json.loads((pack.folder / DESCRIPTOR).read_text("utf-8"))
    spots = list(_spots(content))
    parent, key = pack.generator.choice(spots)
    value: object = pack.generator.choice(
        (None, 0, -1, 1e300, True, [], {}, "", "x" * 5000, "\ud800", "\0", [[[[]]]], "../a")
    )
    parent[key] = value
    pack.put(DESCRIPTOR, json.dumps(content).encode())
    return Mutation(f"descriptor: {key} = {str(value)[:20]!r}")


def _spots(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], (dict, list)):
            yield from _spots(node[key])


CERTAIN = (
    word_for_a_number,
    number_out_of_range,
    word_out_of_the_vocabulary,
    invalid_boolean,
    empty_required_cell,
    unknown_reference,
    unknown_foreign_key,
    unknown_unit,
    repeated_row,
    referenced_row_deleted,
    ragged_row,
    blank_row,
    column_deleted,
    extra_column,
    misspelt_header,
    two_headers_swapped,
    header_deleted,
    file_deleted,
    empty_file,
    required_rows_deleted,
    two_tables_swapped,
    another_encoding,
    invalid_byte,
    other_line_ends,
    another_separator,
    unclosed_quote,
    huge_cell,
    impossible_length,
    shares_not_one,
    completion_before_start,
    effect_on_unknown_row,
    missing_note,
    unknown_country,
    broken_descriptor,
    path_outside_the_pack,
    invalid_resource,
    invalid_block,
)
RANDOM = (
    hostile_cell,
    hostile_cells,
    hostile_column,
    two_cells_swapped,
    two_columns_swapped_under_their_headers,
    rows_deleted,
    random_bytes,
    hostile_descriptor_value,
)
MUTATORS = (*CERTAIN, *RANDOM)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped pack, as the source of hard links."""
    folder = tmp_path_factory.mktemp("base")
    for path in shipped_regions()["central_asia"].iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="session", autouse=True)
def read_each_table_once(base: Path) -> Iterator[None]:
    """Read and type a table as the pack has it once: one of ninety changes."""
    with pytest.MonkeyPatch.context() as patch:
        KnownTables(base).use(patch)
        yield


def linked(base: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in base.iterdir():
        (folder / path.name).hardlink_to(path)
    return folder


def check_result(folder: Path) -> list[Fault] | SogdiaError:
    """Return the errors of the check, or its exception; other exceptions pass."""
    try:
        faults = check_pack(folder)
        if not faults:
            load_region(folder)
    except SogdiaError as error:
        return error
    render_faults(faults).encode()
    json.dumps([fault.as_dict() for fault in faults], ensure_ascii=False).encode()
    return faults


def silent_pass(mutation: Mutation, found: list[Fault] | SogdiaError) -> str:
    """Return why a certain error was not reported as expected; empty if it was."""
    if mutation.file is None:
        return ""
    if isinstance(found, SogdiaError):
        return f"could not run: {found}"
    of_file = [fault for fault in found if fault.file == mutation.file]
    if not of_file:
        return f"{mutation.file} is not named among {len(found)} errors"
    if mutation.line is not None and mutation.line not in {fault.line for fault in of_file}:
        lines = sorted({fault.line or 0 for fault in of_file})
        return f"{mutation.file}:{mutation.line} is not named; the lines named are {lines[:9]}"
    return ""


def problem_of(number: int, base: Path, folder: Path) -> str:
    """Try one mutation; return the problem, empty if there is none."""
    generator = random.Random(SEED + number)
    mutate = MUTATORS[number % len(MUTATORS)]
    pack = BrokenPack(linked(base, folder), generator)
    mutation = mutate(pack)
    label = f"mutation {number} (seed {SEED + number}) {mutate.__name__}: {mutation.what} in {mutation.file}"
    try:
        problem = silent_pass(mutation, check_result(folder))
    except Exception:  # noqa: BLE001
        return f"{label}: TRACEBACK\n{traceback.format_exc(limit=-6)}"
    return f"{label}: {problem}" if problem else ""


def test_unchanged_copy_is_valid_and_hard_links_keep_the_original(base: Path, tmp_path: Path) -> None:
    folder = linked(base, tmp_path / "pack")
    assert [str(fault) for fault in check_pack(folder)] == []
    before = (base / "links.csv").read_bytes()
    BrokenPack(folder, random.Random(0)).put("links.csv", b"changed")
    assert (base / "links.csv").read_bytes() == before


@pytest.mark.parametrize("chunk", range(0, MUTATIONS, CHUNK))
def test_no_traceback_and_no_silent_pass(chunk: int, base: Path, tmp_path: Path) -> None:
    numbers = range(chunk, min(chunk + CHUNK, MUTATIONS))
    problems = [problem_of(number, base, tmp_path / str(number)) for number in numbers]
    wrong = [problem for problem in problems if problem]
    assert not wrong, "\n\n".join(wrong)
