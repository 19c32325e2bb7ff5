"""A copy of a region pack to break, one cell, row, file or key at a time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sogdia.errors import Fault
from sogdia.region import check_pack
from sogdia.tables import RawTable, Table, TableSchema, read_table, table_schemas, typed_table

DESCRIPTOR = "datapackage.json"
PROVENANCE = {"basis": "assumed", "source": "tale", "note": "made up for tests"}


class PackCopy:
    """A pack in a folder of its own. Lines count from 1 with the header; no cell holds a line break."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def rows(self, table: str) -> list[list[str]]:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: list[list[str]]) -> None:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        self.path(table).write_text(buffer.getvalue(), encoding="utf-8", newline="\n")

    def set(self, table: str, line: int, field: str, value: str) -> None:
        rows = self.rows(table)
        rows[line - 1][rows[0].index(field)] = value
        self.write(table, rows)

    def drop(self, table: str, line: int) -> None:
        rows = self.rows(table)
        del rows[line - 1]
        self.write(table, rows)

    def add(self, table: str, *cells: str) -> None:
        """Add a row: its own cells in order, then basis, source and note where the table has them."""
        names = table_schemas()[table].field_names
        row = [*cells, *(PROVENANCE[name] for name in names if name in PROVENANCE)]
        assert len(row) == len(names), f"{table} has {names}"
        self.write(table, [*self.rows(table), row])

    def edit_descriptor(self, edit: Callable[[dict[str, Any]], object]) -> None:
        path = self.folder / DESCRIPTOR
        content = json.loads(path.read_text("utf-8"))
        edit(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    def faults(self) -> list[Fault]:
        return check_pack(self.folder)


class KnownTables:
    """Tables of a pack as they are, each read once; a file with other bytes is read again.

    Args:
        base: Folder of the pack whose copies tests change.
    """

    def __init__(self, base: Path) -> None:
        self._digests = {hashlib.sha256(path.read_bytes()).digest() for path in base.glob("*.csv")}
        self._read: dict[tuple[str, bytes], tuple[RawTable, bytes, list[Fault]]] = {}
        self._typed: dict[int, Table] = {}

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """Use them wherever a pack is read."""
        patch.setattr("sogdia.region.pack.read_table", self.read)
        patch.setattr("sogdia.region.pack.typed_table", self.typed)

    def read(self, path: Path, name: str) -> tuple[RawTable, bytes, list[Fault]]:
        with path.open("rb") as file:
            key = name, hashlib.file_digest(file, "sha256").digest()
        if key[1] not in self._digests:
            return read_table(path, name)
        if key not in self._read:
            self._read[key] = read_table(path, name)
        raw, data, faults = self._read[key]
        return raw, data, list(faults)

    def typed(self, raw: RawTable, schema: TableSchema) -> Table:
        if not any(raw is known for known, *_ in self._read.values()):
            return typed_table(raw, schema)
        if id(raw) not in self._typed:
            self._typed[id(raw)] = typed_table(raw, schema)
        return self._typed[id(raw)]
