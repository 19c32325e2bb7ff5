"""Rows to add to a region pack: written to a folder of their own, judged, and put in whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, clip
from sogdia.region import Pack, check_read_pack, find_pack, read_pack
from sogdia.region.descriptor import DESCRIPTOR
from sogdia.tables import RawTable, read_table, table_schemas, typed_table

ORDER = ("sources", "projects", "deals", "policy_events")
"""Tables that a patch may add to, in the order they are put in: a row never comes before what it cites, so
that a reader who looks in between finds a pack that holds."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Patch:
    """Rows to add, as text cells.

    Attributes:
        rows: Rows by table; every row has all fields of its table.
    """

    rows: Mapping[str, tuple[Row, ...]]

    @property
    def count(self) -> int:
        """Number of rows."""
        return sum(len(rows) for rows in self.rows.values())


def patch_of(rows: Mapping[str, Sequence[Row]]) -> Patch:
    """A patch of rows that may leave fields out; those are empty cells. Tables come in :data:`ORDER`."""
    full = {}
    for table in ORDER:
        names = table_schemas()[table].field_names
        if rows.get(table):
            full[table] = tuple({name: row.get(name, "") for name in names} for row in rows[table])
    return Patch(MappingProxyType(full))


def tidy(text: str, longest: int = 400) -> str:
    """A text as a cell: one printable line, no spaces around it, not taken for a formula, not too long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    plain = " ".join(plain.split()).lstrip("=+-@ ")
    return (plain if len(plain) <= longest else plain[: longest - 3].rstrip() + "...").strip()


def missing_rows(patch: Patch, pack: Pack) -> Patch:
    """The rows of a patch that a pack does not have yet.

    Raises:
        FaultsError: If the pack has a row of the same key that says something else.
    """
    faults: list[Fault] = []
    kept: dict[str, list[Row]] = {}
    for table, rows in patch.rows.items():
        key = table_schemas()[table].primary_key[0]
        raw = pack.raw[table]
        there = {
            cells[raw.header.index(key)]: dict(zip(raw.header, cells, strict=True)) for cells in raw.rows
        }
        for row in rows:
            standing = there.get(row[key])
            if standing is None:
                kept.setdefault(table, []).append(row)
                continue
            for field in [name for name in row if standing[name] != row[name]]:
                problem = f"{row[key]} stands already with {clip(standing[field])}, not {clip(row[field])}"
                faults.append(Fault(raw.file, None, field, problem, "give the new row another id", "patch"))
    if faults:
        raise FaultsError(faults)
    return patch_of(kept)


def patched(patch: Patch, pack: Pack) -> Pack:
    """A pack with the rows of a patch after its own; nothing on disk changes."""
    raw, tables = dict(pack.raw), dict(pack.tables)
    for table, rows in patch.rows.items():
        old = raw[table]
        last = old.lines[-1] if old.lines else 1
        cells = [[row[name] for name in old.header] for row in rows]
        lines = list(range(last + 1, last + 1 + len(cells)))
        raw[table] = RawTable(old.file, old.header, [*old.rows, *cells], [*old.lines, *lines])
        tables[table] = typed_table(raw[table], table_schemas()[table])
    return replace(pack, raw=raw, tables=tables, fingerprint="")


def patch_faults(patch: Patch, pack: Pack) -> list[Fault]:
    """What ``sogdia check`` would find in a pack with a patch put in."""
    return check_read_pack(patched(patch, pack))


def write_patch(patch: Patch, folder: Path) -> list[Path]:
    """Write a patch as one CSV a table, each with its header, into a folder.

    Returns:
        The files written; tables without rows get none, and one left there by an earlier patch is deleted.

    Raises:
        InputError: If the folder is a region pack.
        CannotRunError: If it cannot be written.
    """
    if (folder / DESCRIPTOR).exists():
        raise InputError(f"{folder} is a region pack; name another folder, or put the rows in with --apply")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in ORDER:
            (folder / f"{table}.csv").unlink(missing_ok=True)
        files = []
        for table, rows in patch.rows.items():
            names = table_schemas()[table].field_names
            path = folder / f"{table}.csv"
            path.write_text(_csv([names, *(_cells(row, names) for row in rows)]), "utf-8", newline="\n")
            files.append(path)
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return files


def read_patch(folder: Path) -> Patch:
    """Read a patch back, as written or as a reader has mended it.

    Raises:
        FaultsError: If a file is no table, or a column is missing or unknown; all faults at once.
        CannotRunError: If there is no such folder, or nothing to put in.
    """
    if not folder.is_dir():
        raise CannotRunError(f"{folder}: no such folder")
    rows: dict[str, list[Row]] = {}
    faults: list[Fault] = []
    for table in ORDER:
        path = folder / f"{table}.csv"
        if not path.is_file():
            continue
        raw, _, found = read_table(path, path.name)
        faults += found
        odd = set(raw.header) ^ set(table_schemas()[table].field_names)
        faults += [
            Fault(path.name, 1, name, "a column too many or too few", "see the data dictionary", "patch")
            for name in sorted(odd)
        ]
        rows[table] = [dict(zip(raw.header, cells, strict=True)) for cells in raw.rows]
    if faults:
        raise FaultsError(faults)
    if not any(rows.values()):
        raise CannotRunError(f"{folder}: no rows of {', '.join(ORDER)} in it")
    return patch_of(rows)


def apply_patch(patch: Patch, pack: str | Path) -> Patch:
    """Put the rows of a patch into a pack on disk: all of them, or none.

    Rows that stand there already are left alone, so that applying a patch twice changes nothing. Files are
    written beside the old ones first and then put in their place one after the other, sources first; if that
    fails half way, what was replaced is put back. Bytes of standing rows stay as they are.

    Args:
        patch: The rows.
        pack: Name of a shipped region, or a folder.

    Returns:
        The rows that were added.

    Raises:
        FaultsError: If the pack with the rows would not pass the check.
        CannotRunError: If a file cannot be written, or was changed by someone else meanwhile.
    """
    read = read_pack(pack)
    if read.descriptor is None:
        raise FaultsError(read.faults)
    fresh = missing_rows(patch, read)
    if not fresh.count:
        return fresh
    faults = patch_faults(fresh, read)
    if faults:
        raise FaultsError(faults)
    paths = {table: read.folder / read.descriptor.paths[table] for table in fresh.rows}
    try:
        old = {table: path.read_bytes() for table, path in paths.items()}
        new = {table: _appended(old[table], read.raw[table], rows) for table, rows in fresh.rows.items()}
        if read_pack(read.folder).fingerprint != read.fingerprint:
            raise CannotRunError(f"{read.folder}: changed by someone else meanwhile; nothing was written")
        _replace_all(paths, old, new)
    except OSError as error:
        raise CannotRunError(
            f"{error.filename or read.folder}: {error.strerror or error}; nothing was changed"
        ) from error
    return fresh


def patched_copy(patch: Patch, pack: str | Path, folder: Path) -> Patch:
    """Make a copy of a pack with a patch in it, and leave the pack alone.

    Args:
        patch: The rows.
        pack: Name of a shipped region, or a folder.
        folder: Where the copy goes; it must not exist yet.

    Returns:
        The rows that were added.

    Raises:
        InputError: If the folder exists.
        FaultsError: As in :func:`apply_patch`; the copy is then not made.
    """
    if folder.exists():
        raise InputError(f"{folder} is there already; nothing was written")
    beside = folder.parent / f".{folder.name}.part"
    try:
        shutil.rmtree(beside, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(find_pack(pack), beside)
        try:
            added = apply_patch(patch, beside)
            beside.replace(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return added


def _replace_all(paths: Mapping[str, Path], old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    beside = {table: path.with_name(f".{path.name}.part") for table, path in paths.items()}
    done: list[str] = []
    try:
        for table, part in beside.items():
            _write_through(part, new[table])
            shutil.copymode(paths[table], part)
        for table, part in beside.items():
            part.replace(paths[table])
            done.append(table)
    except BaseException:
        for table in reversed(done):
            _write_through(beside[table], old[table])
            beside[table].replace(paths[table])
        raise
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _appended(data: bytes, raw: RawTable, rows: Sequence[Row]) -> bytes:
    gap = b"" if data.endswith(b"\n") else b"\n"
    return data + gap + _csv([_cells(row, raw.header) for row in rows]).encode("utf-8")


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    return [row[name] for name in names]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
