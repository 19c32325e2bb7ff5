"""Rows to add to a region pack: written to a folder, checked, and added all together or not at all."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, clip
from sogdia.files import locked, os_errors, output_folder, read_bytes, replacing, write_csv, write_durably
from sogdia.files.drafts import LOCK
from sogdia.region import Pack, check_changeable, check_read_pack, find_pack, read_pack
from sogdia.region.descriptor import DESCRIPTOR
from sogdia.tables import RawTable, read_table, table_schemas, typed_table
from sogdia.tables.reading import faults_of_content

ORDER = ("sources", "projects", "deals", "policy_events")
"""Tables that a patch may add to, in the order of writing: a row is never written before the rows it cites,
so that the pack is valid at any time."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Patch:
    """Rows to add, as text cells.

    Attributes:
        rows: Rows by table; each row has all fields of its table.
    """

    rows: Mapping[str, tuple[Row, ...]]

    @property
    def count(self) -> int:
        """Number of rows."""
        return sum(len(rows) for rows in self.rows.values())


def patch_of(rows: Mapping[str, Sequence[Row]]) -> Patch:
    """Return a patch with tables in :data:`ORDER`; fields that a row lacks become empty cells."""
    full = {}
    for table in ORDER:
        names = table_schemas()[table].field_names
        if rows.get(table):
            full[table] = tuple({name: row.get(name, "") for name in names} for row in rows[table])
    return Patch(MappingProxyType(full))


def cell_text(text: str, max_length: int = 400) -> str:
    """Return text as a cell: one printable line, stripped, shortened, and not taken for a formula."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    plain = " ".join(plain.split()).lstrip("=+-@ ")
    return (plain if len(plain) <= max_length else plain[: max_length - 3].rstrip() + "...").strip()


def missing_rows(patch: Patch, pack: Pack) -> Patch:
    """Return the rows of a patch that a pack lacks.

    Raises:
        FaultsError: If the pack has a row of the same key with other values.
    """
    faults: list[Fault] = []
    missing: dict[str, list[Row]] = {}
    for table, rows in patch.rows.items():
        key = table_schemas()[table].primary_key[0]
        raw = pack.raw[table]
        existing = {
            cells[raw.header.index(key)]: dict(zip(raw.header, cells, strict=True)) for cells in raw.rows
        }
        for row in rows:
            known = existing.get(row[key])
            if known is None:
                missing.setdefault(table, []).append(row)
                continue
            for field in [name for name in row if known[name] != row[name]]:
                problem = f"{row[key]} already exists with {clip(known[field])}, not {clip(row[field])}"
                faults.append(Fault(raw.file, None, field, problem, "give the new row another id", "patch"))
    if faults:
        raise FaultsError(faults)
    return patch_of(missing)


def with_patch(patch: Patch, pack: Pack) -> Pack:
    """Return a pack with the rows of a patch after its own; nothing on disk changes."""
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
    """Return the errors that ``sogdia check`` would find in the pack with the patch."""
    return check_read_pack(with_patch(patch, pack))


def write_patch(patch: Patch, folder: Path) -> list[Path]:
    """Write a patch into a folder, one CSV file per table, each with its header.

    Returns:
        The files written. A table without rows has no file, and its file of an earlier patch is deleted.

    Raises:
        InputError: If the folder is a region pack.
        CannotRunError: If it cannot be written, or a file was edited since Sogdia wrote it, or is the user's.
    """
    if (folder / DESCRIPTOR).exists():
        raise InputError(f"{folder} is a region pack; name another folder, or add the rows with --apply")
    obsolete = [f"{table}.csv" for table in ORDER if table not in patch.rows]
    with output_folder(folder, obsolete=obsolete) as draft:
        for table, rows in patch.rows.items():
            names = list(table_schemas()[table].field_names)
            write_csv(draft / f"{table}.csv", pd.DataFrame(list(rows), columns=names, dtype=str))
    return [folder / f"{table}.csv" for table in patch.rows]


def read_patch(folder: Path) -> Patch:
    """Read a patch back, as written or as edited by the user.

    Raises:
        FaultsError: If a file is not a table, or a column is missing or unknown; all errors at once.
        CannotRunError: If the folder does not exist, or has no rows.
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
        faults += faults_of_content(raw, found)
        declared, header = set(table_schemas()[table].field_names), set(raw.header)
        faults += [
            Fault(path.name, 1, name, "the column is missing", "add it", "patch")
            if name in declared
            else Fault(path.name, 1, name, "the column is unknown", "see the data dictionary", "patch")
            for name in sorted(header ^ declared)
        ]
        rows[table] = [dict(zip(raw.header, map(str.strip, cells), strict=True)) for cells in raw.rows]
    if faults:
        raise FaultsError(faults)
    if not any(rows.values()):
        raise CannotRunError(f"{folder}: no rows of {', '.join(ORDER)}")
    return patch_of(rows)


def apply_patch(patch: Patch, pack: str | Path) -> Patch:
    """Add the rows of a patch to a pack on disk: all of them, or none.

    Rows that exist already are skipped, so that applying a patch twice changes nothing. New files are written
    next to the old ones and then replace them one after the other, sources first. If a replacement fails, the
    files replaced before it are restored. The bytes of existing rows do not change. A lock in the folder of
    the pack lets one process after another do so.

    Args:
        patch: The rows.
        pack: Folder of a pack. A shipped region is not changed by its name alone: it is part of the
            installation.

    Returns:
        The rows that were added.

    Raises:
        InputError: If ``pack`` is the name of a shipped region.
        FaultsError: If the pack with the rows would not pass the check.
        CannotRunError: If a file cannot be written, or was changed by another process in the meantime.
    """
    check_changeable(pack)
    folder = find_pack(pack)
    with ExitStack() as stack:
        with os_errors(folder, "cannot be written"):
            stack.enter_context(locked(folder / LOCK, remains=False))
        return _apply(patch, read_pack(folder))


def _apply(patch: Patch, read: Pack) -> Patch:
    """Add the rows of a patch to a pack that no other process changes."""
    if read.descriptor is None:
        raise FaultsError(read.faults)
    missing = missing_rows(patch, read)
    if not missing.count:
        return missing
    faults = patch_faults(missing, read)
    if faults:
        raise FaultsError(faults)
    paths = {table: read.folder / read.descriptor.paths[table] for table in missing.rows}
    old = {path: read_bytes(path) for path in paths.values()}
    new = {
        paths[table]: _appended(old[paths[table]], read.raw[table], rows)
        for table, rows in missing.rows.items()
    }
    if read_pack(read.folder).fingerprint != read.fingerprint:
        raise CannotRunError(f"{read.folder}: changed by another process; nothing was written")
    try:
        _replace_all(old, new)
    except CannotRunError as error:
        raise CannotRunError(f"{error}; nothing was changed") from error
    return missing


def patched_copy(patch: Patch, pack: str | Path, folder: Path) -> Patch:
    """Copy a pack and add a patch to the copy; the pack itself does not change.

    Args:
        patch: The rows.
        pack: Name of a shipped region, or a folder.
        folder: Folder of the copy; it must not exist.

    Returns:
        The rows that were added.

    Raises:
        InputError: If the folder exists.
        FaultsError: As in :func:`apply_patch`; no copy is made.
        CannotRunError: If the copy cannot be written.
    """
    if folder.exists():
        raise InputError(f"{folder} exists already; name a new folder")
    with replacing(folder) as draft:
        shutil.copytree(find_pack(pack), draft)
        return apply_patch(patch, draft)


def _replace_all(old: Mapping[Path, bytes], new: Mapping[Path, bytes]) -> None:
    """Replace files in order, or none: if one cannot be replaced, those before it are restored."""
    try:
        with ExitStack() as stack:
            for path in reversed(list(new)):  # The stack replaces the last entered first.
                draft = stack.enter_context(replacing(path))
                write_durably(draft, new[path])
                shutil.copymode(path, draft)
    except BaseException:
        for path, data in old.items():
            if read_bytes(path) != data:
                with replacing(path) as draft:
                    draft.write_bytes(data)
                    shutil.copymode(path, draft)
        raise


def _appended(data: bytes, raw: RawTable, rows: Sequence[Row]) -> bytes:
    gap = b"" if data.endswith(b"\n") else b"\n"
    return data + gap + _csv([_cells(row, raw.header) for row in rows]).encode("utf-8")


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    return [row[name] for name in names]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
